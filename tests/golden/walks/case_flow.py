"""Cases of four types through the first seven months of 2006, and their caseworkers, seen from the first of August."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from tests.golden.walks import housing_benefit, standstill
from tests.golden.walks.case_types import due_on
from tests.golden.walks.figures import (
    STATES,
    Figure,
    Quotient,
    Row,
    date,
    early_open,
    months_later,
    rows,
    shares,
    state,
)

AS_OF = dt.date(2006, 8, 1)
PERIODS = ("2006-Q1", "2006-Q2", "2006-Q3")
STARTS = {"2006-Q1": dt.date(2006, 1, 1), "2006-Q2": dt.date(2006, 4, 1), "2006-Q3": dt.date(2006, 7, 1)}
UNDECIDED = ("settled", "withdrawn", "dismissed")
AGAINST_DEADLINE = {
    **STATES,
    **dict.fromkeys(("no_deadline", "undecided_late", "undecided_early", "undecided"), "out"),
    **dict.fromkeys(("ending_not_stated_late", "ending_not_stated_early", "ending_not_stated"), "unknown"),
}
AS_CLOSED = {
    **{f"{named}_late": "no" for named in ("undecided", "ending_not_stated")},
    **{f"{named}{when}": "yes" for named in ("undecided", "ending_not_stated") for when in ("_early", "")},
}
TOLD = {"unchanged": "out", "not_told": "no", "not_recorded": "unknown", "told": "yes"}


class Case(NamedTuple):
    """A case as it was known at the as-of; workers: who took it over, each with whether the citizen was told.

    letters: the notices that its deadline would not be kept, as (sent, has a date, in writing).
    """

    kind: str
    received: dt.date
    closed: dt.date | None
    ending: str
    notified: bool
    workers: list[Row]
    letters: list[housing_benefit.Letter]
    waits: list[tuple[dt.date, dt.date | None]]
    stays: list[tuple[dt.date, dt.date | None, str]]


def figures() -> Iterator[Figure]:
    """Yield every figure of the set."""
    known = list(cases())
    for reading in ({}, {"dealt_with": "closed"}, {"dealt_with": "decided"}):
        yield from flows(known, reading)
        yield from times(known, reading, "closed")
    yield from times(known, {"cohort": "closed"}, "closed")
    yield from times(known, {"cohort": "received"}, "received")
    yield from changes(known)
    yield from deadlines(known)
    yield from notices(known)
    yield from hands(known)
    yield from standstill.figures()


def cases() -> Iterator[Case]:
    taken_over, letters = rows("case-flow/flow_cases.caseworkers.csv"), rows("case-flow/flow_cases.notices.csv")
    waits, stays = rows("case-flow/flow_cases.waits.csv"), rows("case-flow/flow_cases.stays.csv")
    for row in rows("case-flow/flow_cases.csv"):
        received = _known(row["received_on"])
        if received:
            closed = _known(row["closed_on"])
            ending = (row["ending"] or "ending_not_stated") if closed else "pending"
            mine = [each for each in taken_over if each["case"] == row["case"] and _known(each["from_on"])]
            notified = _known(row["notified_on"]) is not None
            sent = [each for each in letters if each["case"] == row["case"]]
            known = [housing_benefit.letter(each) for each in sent if each["sent_on"] == "" or _known(each["sent_on"])]
            workers = sorted(mine, key=lambda each: each["from_on"])
            pauses = [each for each in waits if each["case"] == row["case"]]
            waited = [(since, _known(each["until"])) for each in pauses if (since := _known(each["since"]))]
            there = [each for each in stays if each["case"] == row["case"]]
            held = [(day, _known(each["until"]), each["holder"]) for each in there if (day := _known(each["from_on"]))]
            yield Case(
                row["kind"], received, closed, ending, notified, workers, known, waited, sorted(held, key=itemgetter(0))
            )


def flows(known: list[Case], reading: Mapping[str, str]) -> Iterator[Figure]:
    """Yield inflow, outflow, what remains, how old it is, and the figures made of them."""
    decided = reading == {"dealt_with": "decided"}
    mine = [each for each in known if not (decided and each.ending in UNDECIDED)]
    # whether one whose ending is not stated was decided is not known: it came, and nobody knows that it was dealt with
    dealt_with = [each for each in mine if not (decided and each.ending == "ending_not_stated")]
    for period in PERIODS:
        outcomes = dict(sorted(Counter(each.ending for each in known if _quarter(each.received) == period).items()))
        first, end = STARTS[period], months_later(STARTS[period], 3)
        received = sum(first <= each.received < end for each in mine)
        closed = sum(each.closed is not None and first <= each.closed < end for each in dealt_with)
        a_year_before = [months_later(day, -12) for day in (first, end)]
        before = sum(a_year_before[0] <= each.received < a_year_before[1] for each in mine)
        pending = [each for each in mine if each.received < end and (each.closed is None or each.closed >= end)]
        ages = sorted((end - dt.timedelta(days=1) - each.received).days for each in pending)
        ended = end <= AS_OF
        due: Quotient = (None, None, "not due yet")
        values: dict[str, Quotient] = {
            "backlog": (len(pending), 1, None) if ended else due,
            "clearance-rate": _divided(closed, received),
            "closed": (closed, 1, None),
            "disposition-time": _divided(len(pending) * (end - first).days, closed) if ended else due,
            "pending-age": (sum(ages), len(ages), None if ages else "no data") if ended else due,
            "pending-age-median": (_middle(ages) if ages else (0, 0, "no data")) if ended else due,
            "received": (received, 1, None),
            "received-against-year-before": _divided(received, before),
        }
        for name, value in values.items():
            yield Figure(f"case-flow.{name}", reading, period, *value, outcomes)


def times(known: list[Case], reading: Mapping[str, str], cohort: str) -> Iterator[Figure]:
    """Yield the mean and the median of the days from receipt to the end."""
    only = {"decided"} if reading == {"dealt_with": "decided"} else {"decided", *UNDECIDED, "ending_not_stated"}
    for period in PERIODS:
        mine = [each for each in known if _placed(each, cohort) == period]
        outcomes = dict(sorted(Counter(each.ending for each in mine).items()))
        days = sorted((each.closed - each.received).days for each in mine if each.closed and each.ending in only)
        waiting = any(each.ending in (*only, "ending_not_stated", "pending") for each in mine)
        none = "nothing settled yet" if waiting else "no data"
        mean: Quotient = (sum(days), len(days), None if days else none)
        yield Figure("case-flow.processing-time", reading, period, *mean, outcomes)
        middle: Quotient = (days[(len(days) - 1) // 2], 1, None) if days else (0, 0, none)
        yield Figure("case-flow.processing-time-median", reading, period, *middle, outcomes)
        net = sorted(_net(each) for each in mine if each.closed and each.ending in only)
        net_mean: Quotient = (sum(net), len(net), None if net else none)
        yield Figure("case-flow.net-processing-time", reading, period, *net_mean, outcomes)
        net_middle: Quotient = (net[(len(net) - 1) // 2], 1, None) if net else (0, 0, none)
        yield Figure("case-flow.net-processing-time-median", reading, period, *net_middle, outcomes)


def _middle(numbers: list[int]) -> Quotient:
    return numbers[(len(numbers) - 1) // 2], 1, None


def _net(each: Case) -> int:
    """Return on how many of the days after receipt, to the last, a closed case did not wait."""
    assert each.closed
    waiting = {
        since + dt.timedelta(days=day)
        for since, until in each.waits
        for day in range(1, ((until or each.closed) - since).days + 1)
    }
    days = {each.received + dt.timedelta(days=day) for day in range(1, (each.closed - each.received).days + 1)}
    return len(days - waiting)


def changes(known: list[Case]) -> Iterator[Figure]:
    """Yield how often cases changed caseworker, and in how many the citizen was told of every change."""
    for reading in (
        *({}, {"cohort": "closed"}, {"cohort": "received"}),
        *({"open_cases": "left_out"}, {"open_cases": "so_far"}),
    ):
        counted = {"closed", "open"} if reading == {"open_cases": "so_far"} else {"closed"}
        cohort = "received" if reading == {"cohort": "received"} else "closed"
        for period in PERIODS:
            mine = [each for each in known if _placed(each, cohort) == period]
            outcomes = Counter(_recorded(each) for each in mine)
            numbers = [len(_changed(each)) for each in mine if _recorded(each) in counted]
            value: Quotient = (sum(numbers), len(numbers), None if numbers else "no data")
            named = dict(sorted(outcomes.items()))
            yield Figure("case-flow.caseworker-changes", reading, period, *value, named)
    placed = [(_quarter(each.received), _told(each)) for each in known]
    yield from shares("case-flow.told-of-caseworker-changes", {}, PERIODS, placed, TOLD)


def hands(known: list[Case]) -> Iterator[Figure]:
    """Yield how often cases were handed over, how long they lay between hands, and which had several holders."""
    roles = {"no_stay": "unknown", "open": "out", "several": "yes", "one": "no"}
    for reading in ({}, {"cohort": "closed"}, {"cohort": "received"}):
        cohort = reading.get("cohort", "closed")
        placed = [(_placed(each, cohort), _several(each)) for each in known]
        yield from shares("case-flow.several-holders", reading, PERIODS, placed, roles)
        for period in PERIODS:
            mine = [each for each in known if _placed(each, cohort) == period]
            outcomes = Counter("no_stay" if not each.stays else "closed" if each.closed else "open" for each in mine)
            ended = [each for each in mine if each.stays and each.closed]
            named, none = dict(sorted(outcomes.items())), None if ended else "no data"
            if not ended and outcomes["no_stay"]:
                none = "nothing settled yet"
            for metric, number in (("hand-overs", _handed), ("time-between-hands", _lost)):
                total = sum(number(each) for each in ended)
                yield Figure(f"case-flow.{metric}", reading, period, total, len(ended), none, named)


def _several(each: Case) -> str:
    if not each.stays:
        return "no_stay"
    return "open" if not each.closed else "several" if _handed(each) else "one"


def _handed(each: Case) -> int:
    return sum(before[2] != after[2] for before, after in pairwise(each.stays))


def _lost(each: Case) -> int:
    """Return the days on which nobody had the case, between its first arrival and its last."""
    lost, latest = 0, each.stays[0][0]
    for (_, until, _), (begun, _, _) in pairwise(each.stays):
        latest = max(latest, until or begun)
        lost += max((begun - latest).days, 0)
    return lost


def deadlines(known: list[Case]) -> Iterator[Figure]:
    """Yield the cases against the deadline of their type, and those late of which nobody was told."""
    for metric in ("case-flow.decided-in-time", "case-flow.decided-in-time-net"):
        # none of the golden types lets its clock stand still, so that both have the same figures
        yield from _in_time(metric, known)
    for period in PERIODS:
        counts = Counter(_notice(each) for each in known if _quarter(each.received) == period)
        value: Quotient = (counts["not_notified"], 1, None) if counts else (0, 0, "no data")
        yield Figure("case-flow.not-notified", {}, period, *value, dict(sorted((+counts).items())))


def _in_time(metric: str, known: list[Case]) -> Iterator[Figure]:
    by_receipt = [(_quarter(each.received), _against_deadline(each)) for each in known]
    by_end = [(_quarter(each.closed), _against_deadline(each)) for each in known if each.closed]
    for reading in ({}, {"cohort": "closed"}):
        yield from shares(metric, reading, PERIODS, by_end, AGAINST_DEADLINE)
    yield from shares(metric, {"cohort": "received"}, PERIODS, by_receipt, AGAINST_DEADLINE)
    yield from shares(metric, {"cohort": "matured"}, PERIODS, by_receipt, early_open(AGAINST_DEADLINE))
    yield from shares(metric, {"undecided": "left_out"}, PERIODS, by_end, AGAINST_DEADLINE)
    as_closed = {**AGAINST_DEADLINE, **AS_CLOSED}
    yield from shares(metric, {"undecided": "as_closed"}, PERIODS, by_end, as_closed)


def notices(known: list[Case]) -> Iterator[Figure]:
    """Yield the cases over their deadline of which the citizen was notified, by what counts as a notice."""
    metric, roles = "case-flow.notified", {**housing_benefit.NOTIFIED, "closed_in_time": "out"}
    dated = {**roles, **dict.fromkeys(housing_benefit.WITH_DATE, "yes")}
    by_due = [(_quarter(due_on(each.kind, each.received) or each.received), _best(each)) for each in known]
    by_receipt = [(_quarter(each.received), _best(each)) for each in known]
    yield from shares(metric, {}, PERIODS, by_due, dated)
    for name, counting in housing_benefit.COUNTING.items():
        yield from shares(metric, {"notice": name}, PERIODS, by_due, {**roles, **dict.fromkeys(counting, "yes")})
    yield from shares(metric, {"cohort": "due"}, PERIODS, by_due, dated)
    yield from shares(metric, {"cohort": "received"}, PERIODS, by_receipt, {**dated, "pending": "open"})


def _best(each: Case) -> str:
    due = due_on(each.kind, each.received)
    if due is None:
        return "no_deadline"
    if each.closed and each.closed <= due:
        return "closed_in_time"
    if not each.closed and due >= AS_OF:
        return "pending"
    return housing_benefit.best(each.letters, due)


def _against_deadline(each: Case) -> str:
    due = due_on(each.kind, each.received)
    if due is None:
        return "no_deadline"
    if each.ending in (*UNDECIDED, "ending_not_stated"):
        assert each.closed
        named = "undecided" if each.ending in UNDECIDED else "ending_not_stated"
        return f"{named}_late" if each.closed > due else f"{named}_early" if due >= AS_OF else named
    return state(due, each.closed, AS_OF)


def _notice(each: Case) -> str:
    due = due_on(each.kind, each.received)
    if due is None:
        return "no_deadline"
    if (each.closed or AS_OF) <= due:
        return "in_time" if each.closed else "pending"
    return "notified" if each.notified else "not_notified"


def _recorded(each: Case) -> str:
    return "no_caseworker" if not each.workers else "closed" if each.closed else "open"


def _changed(each: Case) -> list[Row]:
    """Return the rows in which another caseworker takes over."""
    return [
        now for before, now in zip(each.workers, each.workers[1:], strict=False) if before["worker"] != now["worker"]
    ]


def _told(each: Case) -> str:
    told = {row["told"] for row in _changed(each)}
    if not told:
        return "unchanged"
    return "not_told" if "no" in told else "not_recorded" if "" in told else "told"


def _placed(each: Case, cohort: str) -> str:
    day = each.received if cohort == "received" else each.closed
    return _quarter(day) if day else ""


def _quarter(day: dt.date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _divided(part: int, whole: int) -> Quotient:
    return part, whole, None if whole else "not defined: divided by none"


def _known(text: str) -> dt.date | None:
    day = date(text)
    return day if day and day < AS_OF else None
