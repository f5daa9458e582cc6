"""Applications decided within their deadline, and applicants told that it is not kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from tests.golden.walks.figures import (
    STATES,
    Figure,
    Row,
    date,
    month,
    months_later,
    rows,
    shares,
    state,
    working_days_later,
)

AS_OF = dt.date(2010, 4, 20)
PERIODS = ("2010-02", "2010-03", "2010-04")
CLOSED = {dt.date(2010, *day) for day in ((4, 1), (4, 2), (4, 5), (4, 30), (5, 13), (5, 24))}
DECIDED = {**STATES, "no_deadline": "out", "withdrawn_late": "out", "withdrawn": "out"}
NOTIFIED = {
    **dict.fromkeys(("no_deadline", "decided_in_time", "withdrawn_in_time", "pending"), "out"),
    **dict.fromkeys(("undated", "notice_undated"), "unknown"),
    "in_time_with_date": "yes",
    **dict.fromkeys(
        (
            *("in_time_date_later", "in_time_without_date", "late_with_date", "late_without_date"),
            *("not_in_writing", "no_notice"),
        ),
        "no",
    ),
}
IN_TIME = ("in_time_with_date", "in_time_date_later", "in_time_without_date")
WITH_DATE = ("in_time_with_date", "in_time_date_later", "late_with_date")
COUNTING = {
    "in_time_with_date": (),
    "in_time": IN_TIME,
    "with_date": WITH_DATE,
    "sent": (*IN_TIME, *WITH_DATE, "late_without_date"),
}


Letter = tuple[dt.date | None, bool, bool]
"""A notice as (sent, has a date, in writing)."""


class Case(NamedTuple):
    """An application as it was known at the as-of; letters are (sent, has a date, in writing)."""

    received: dt.date
    due: dt.date | None
    decided: dt.date | None
    withdrawn: dt.date | None
    letters: list[Letter]


def figures() -> Iterator[Figure]:
    """Yield every figure of the set."""
    known = list(cases())
    yield from decided_in_time(known)
    yield from notified(known)


def cases() -> Iterator[Case]:
    """Yield the applications received before the as-of, without what happened later."""
    letters = rows("housing-benefit/benefit_cases.notices.csv")
    for row in rows("housing-benefit/benefit_cases.csv"):
        received = date(row["received_on"])
        assert received is not None
        if received < AS_OF:
            sent = [letter for letter in letters if letter["case"] == row["case"]]
            yield Case(
                received,
                due(row["kind"], received),
                _before(row["decided_on"]),
                _before(row["withdrawn_on"]),
                [letter(each) for each in sent if each["sent_on"] == "" or _before(each["sent_on"])],
            )


def due(kind: str, received: dt.date) -> dt.date | None:
    """Return when an application is due: four weeks, ten working days or one month; none for a loan for a deposit."""
    if kind == "housing_benefit":
        return received + dt.timedelta(weeks=4)
    if kind == "child_allowance":
        return working_days_later(received, 10, CLOSED)
    return months_later(received, 1) if kind == "adoption_allowance" else None


def decided_in_time(known: list[Case]) -> Iterator[Figure]:
    metric = "housing-benefit.decided-in-time"
    by_decision = [(month(case.decided), _decision(case)) for case in known if case.decided]
    by_receipt = [(month(case.received), _decision(case)) for case in known]
    late_counted = {**DECIDED, "withdrawn_late": "no"}
    yield from shares(metric, {}, PERIODS, by_decision, DECIDED)
    yield from shares(metric, {"cohort": "closed"}, PERIODS, by_decision, DECIDED)
    yield from shares(metric, {"cohort": "received"}, PERIODS, by_receipt, DECIDED)
    yield from shares(metric, {"cohort": "matured"}, PERIODS, by_receipt, {**DECIDED, "in_time_early": "open"})
    yield from shares(metric, {"withdrawn": "left_out"}, PERIODS, by_decision, DECIDED)
    yield from shares(metric, {"withdrawn": "late_counted"}, PERIODS, by_decision, late_counted)
    received_late = {"cohort": "received", "withdrawn": "late_counted"}
    yield from shares(metric, received_late, PERIODS, by_receipt, late_counted)


def notified(known: list[Case]) -> Iterator[Figure]:
    metric = "housing-benefit.notified"
    by_due = [(month(case.due or case.received), _notice(case)) for case in known]
    by_receipt = [(month(case.received), _notice(case)) for case in known]
    yield from shares(metric, {}, PERIODS, by_due, NOTIFIED)
    for name, counting in COUNTING.items():
        yield from shares(metric, {"notice": name}, PERIODS, by_due, {**NOTIFIED, **dict.fromkeys(counting, "yes")})
    yield from shares(metric, {"cohort": "due"}, PERIODS, by_due, NOTIFIED)
    yield from shares(metric, {"cohort": "received"}, PERIODS, by_receipt, {**NOTIFIED, "pending": "open"})


def _decision(case: Case) -> str:
    if case.due is None:
        return "no_deadline"
    if case.decided is None and case.withdrawn is not None:
        return "withdrawn_late" if case.withdrawn > case.due else "withdrawn"
    return state(case.due, case.decided, AS_OF)


def _notice(case: Case) -> str:
    ended = case.decided or case.withdrawn
    if case.due is None:
        return "no_deadline"
    if ended is not None and ended <= case.due:
        return "decided_in_time" if case.decided else "withdrawn_in_time"
    if ended is None and case.due >= AS_OF:
        return "pending"
    return best(case.letters, case.due)


def best(letters: list[Letter], due: dt.date) -> str:
    """Return the best that the letters of an overdue case show together."""
    written = [(sent, dated) for sent, dated, in_writing in letters if in_writing]
    days = [sent for sent, _ in written if sent]
    with_date = [sent for sent, dated in written if sent and dated]
    if with_date and min(with_date) <= due:
        return "in_time_with_date"
    if any(sent is None for sent, _ in written):
        return "notice_undated"
    if not days:
        return "not_in_writing" if letters else "no_notice"
    if min(days) <= due:
        return "in_time_date_later" if with_date else "in_time_without_date"
    return "late_with_date" if with_date else "late_without_date"


def _before(text: str) -> dt.date | None:
    day = date(text)
    return day if day and day < AS_OF else None


def letter(row: Row) -> tuple[dt.date | None, bool, bool]:
    return date(row["sent_on"]), bool(row["promised_on"]), row["written"] != "no"
