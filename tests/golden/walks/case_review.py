"""Cases reviewed against formal and service requirements, two of which are worded as failures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from tests.golden.walks.figures import Figure, Row, date, month, rows, shares

AS_OF = dt.date(2007, 3, 20)
PERIODS = ("2007-01", "2007-02", "2007-03")
FORMAL = {
    *("citizen_takes_part", "whole_view", "party_heard", "reasons", "consent", "representation", "complaint_guidance"),
    *("access", "confidentiality", "impartiality", "advice_and_guidance", "equal_treatment", "fully_informed"),
    *("notes_and_filing", "documentation", "in_writing_by_law", "deadlines_and_notice"),
}
FAILURES = {"no_feedback", "status_not_told"}
SERVICE = FAILURES | {
    *("quick_and_smooth", "processing_time", "conduct", "telephone_service", "letters", "forms_and_material"),
    "in_writing_otherwise",
}
ROLES = {
    "other_list": "out",
    "not_answered": "unknown",
    "not_applicable": "out",
    "fulfilled": "yes",
    "not_fulfilled": "no",
}


FOLLOWED = {"not_followed": "no", "not_answered": "unknown", "followed": "yes"}


def figures() -> Iterator[Figure]:
    """Yield every figure of the set."""
    yield from shares("case-review.procedure-followed", {}, PERIODS, supervised(), FOLLOWED)
    yield from shares("case-review.formal", {}, PERIODS, placed(FORMAL, ()), ROLES)
    yield from shares("case-review.service", {}, PERIODS, placed(SERVICE, FAILURES), ROLES)
    yield from shares("case-review.service", {"answers": "as_worded"}, PERIODS, placed(SERVICE, FAILURES), ROLES)
    yield from shares("case-review.service", {"answers": "fulfilled"}, PERIODS, placed(SERVICE, ()), ROLES)


def supervised() -> Iterator[tuple[str, str]]:
    """Yield the month and the outcome of each case supervised before the as-of, by the steps looked at in it."""
    steps = rows("case-review/supervised_cases.steps.csv")
    for row in rows("case-review/supervised_cases.csv"):
        on = date(row["supervised_on"])
        if on and on < AS_OF:
            done = [step["done"] for step in steps if step["case"] == row["case"]]
            lacking = not done or "" in done
            yield month(on), "not_followed" if "no" in done else "not_answered" if lacking else "followed"


def placed(counted: Collection[str], failures: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the month and the outcome of each requirement looked at before the as-of."""
    for row in rows("case-review/reviewed_requirements.csv"):
        reviewed = date(row["reviewed_on"])
        if reviewed and reviewed < AS_OF:
            yield month(reviewed), _outcome(row, counted, failures)


def _outcome(row: Row, counted: Collection[str], failures: Collection[str]) -> str:
    if row["requirement"] not in counted:
        return "other_list"
    if row["answer"] in ("", "not_applicable"):
        return row["answer"] or "not_answered"
    good = "no" if row["requirement"] in failures else "yes"
    return "fulfilled" if row["answer"] == good else "not_fulfilled"
