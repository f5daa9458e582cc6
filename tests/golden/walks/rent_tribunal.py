"""Cases of a rent tribunal: closed within four months, received, closed, pending and how long they took."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from tests.golden.walks.figures import STATES, Figure, Quotient, date, months_later, rows, shares, state

AS_OF = dt.date(2010, 6, 10)
QUARTERS = {
    "2009-Q4": (dt.date(2009, 10, 1), dt.date(2010, 1, 1)),
    "2010-Q1": (dt.date(2010, 1, 1), dt.date(2010, 4, 1)),
    "2010-Q2": (dt.date(2010, 4, 1), dt.date(2010, 7, 1)),
}
OTHERS = ("settled", "withdrawn", "dismissed")
TOLD_APART = (*OTHERS, "ending_not_stated")
IN_TIME = {**STATES, **{f"{end}_{when}": "yes" for end in TOLD_APART for when in ("in_time", "early")}}
IN_TIME.update({f"{end}_late": "no" for end in TOLD_APART})
CLOSED = ("decided", "settled", "withdrawn", "dismissed", "ending_not_stated")
COUNTED_AS_DECIDED = {
    "decided": ("decided",),
    "decided_or_settled": ("decided", "settled"),
    "closed": CLOSED,
    "without_withdrawn": ("decided",),
}
NOT_DUE: Quotient = (None, None, "not due yet")


class Case(NamedTuple):
    """A case as it was known at the as-of; its state is that of the four months' deadline."""

    received: dt.date | None
    closed: dt.date | None
    ending: str
    state: str


def figures() -> Iterator[Figure]:
    """Yield every figure of the set."""
    known = list(cases())
    yield from closed_in_time(known)
    for quarter, (first, end) in QUARTERS.items():
        for metric, reading, quotient in flows(known, first, end):
            yield Figure(metric, reading, quarter, *quotient, _outcomes(known, first, end, by="received"))
        for reading, by in (({}, "closed"), ({"cohort": "closed"}, "closed"), ({"cohort": "received"}, "received")):
            ended = [(case.received, case.closed) for case in _placed(known, first, end, by)]
            took = [(closed - received).days for received, closed in ended if received and closed]
            mean: Quotient = (sum(took), len(took), None if took else "no data")
            outcomes = _outcomes(known, first, end, by=by)
            yield Figure("rent-tribunal.processing-time", reading, quarter, *mean, outcomes)


def cases() -> Iterator[Case]:
    """Yield the cases received before the as-of, without what happened later."""
    for row in rows("rent-tribunal/tribunal_cases.csv"):
        received, closed = date(row["received_on"]), date(row["closed_on"])
        if received is None or received < AS_OF:
            closed = closed if closed and closed < AS_OF else None
            ending = (row["ending"] or "ending_not_stated") if closed else "pending"
            due = months_later(received, 4) if received else None
            yield Case(received, closed, ending, state(due, closed, AS_OF))


def closed_in_time(known: list[Case]) -> Iterator[Figure]:
    metric = "rent-tribunal.closed-in-time"
    by_receipt = [(_quarter(case.received), _ended(case)) for case in known]
    by_closing = [(_quarter(case.closed), _ended(case)) for case in known]
    yield from shares(metric, {}, QUARTERS, by_receipt, IN_TIME)
    for end in OTHERS:
        left_out = {**IN_TIME, **{f"{end}_{when}": "out" for when in ("in_time", "early", "late")}}
        left_out.update({f"ending_not_stated_{when}": "unknown" for when in ("in_time", "early", "late")})
        yield from shares(metric, {end: "closed"}, QUARTERS, by_receipt, IN_TIME)
        yield from shares(metric, {end: "left_out"}, QUARTERS, by_receipt, left_out)
    early = {name: "open" if name.endswith("early") else role for name, role in IN_TIME.items()}
    yield from shares(metric, {"cohort": "received"}, QUARTERS, by_receipt, IN_TIME)
    yield from shares(metric, {"cohort": "closed"}, QUARTERS, by_closing, IN_TIME)
    yield from shares(metric, {"cohort": "matured"}, QUARTERS, by_receipt, early)


def flows(known: list[Case], first: dt.date, end: dt.date) -> Iterator[tuple[str, Mapping[str, str], Quotient]]:
    """Yield the figures of what came in, what was closed and what remained of one quarter."""
    received, closed = len(_placed(known, first, end, "received")), _closed(known, first, end, CLOSED)
    ended = end <= AS_OF
    pending = [case.received for case in known if case.received and _pending(case, end)]
    ages = sorted((end - dt.timedelta(days=1) - day).days for day in pending)
    before = len(_placed(known, first.replace(first.year - 1), end.replace(end.year - 1), "received"))
    lasting = (len(pending) * (end - first).days, closed, None if closed else "not defined: divided by none")
    yield "rent-tribunal.received", {}, (received, 1, None)
    yield "rent-tribunal.closed", {}, (closed, 1, None)
    yield "rent-tribunal.received-against-year-before", {}, _divided(received, before)
    yield "rent-tribunal.clearance-rate", {}, _divided(closed, received)
    yield "rent-tribunal.backlog", {}, (len(pending), 1, None) if ended else NOT_DUE
    yield "rent-tribunal.disposition-time", {}, lasting if ended else NOT_DUE
    yield "rent-tribunal.pending-age", {}, (sum(ages), len(ages), None) if ended else NOT_DUE
    median = ages[-(-len(ages) // 2) - 1] if ages else 0
    yield "rent-tribunal.pending-age-median", {}, (median, 1, None) if ended else NOT_DUE
    for reading in (None, *COUNTED_AS_DECIDED):
        decided = _closed(known, first, end, COUNTED_AS_DECIDED[reading or "decided"])
        came_in = [case for case in _placed(known, first, end, "received") if case.ending != "withdrawn"]
        of = len(came_in) if reading == "without_withdrawn" else received
        yield "rent-tribunal.decided-against-received", {"decided": reading} if reading else {}, _divided(decided, of)


def _divided(numerator: int, denominator: int) -> Quotient:
    return numerator, denominator, None if denominator else "not defined: divided by none"


def _closed(known: list[Case], first: dt.date, end: dt.date, endings: Collection[str]) -> int:
    return sum(case.ending in endings for case in _placed(known, first, end, "closed"))


def _placed(known: list[Case], first: dt.date, end: dt.date, by: str) -> list[Case]:
    placed = [(case, case.closed if by == "closed" else case.received) for case in known]
    return [case for case, day in placed if day and first <= day < end]


def _outcomes(known: list[Case], first: dt.date, end: dt.date, by: str) -> dict[str, int]:
    return dict(sorted(Counter(case.ending for case in _placed(known, first, end, by)).items()))


def _pending(case: Case, day: dt.date) -> bool:
    return bool(case.received and case.received < day and (case.closed is None or case.closed >= day))


def _quarter(day: dt.date | None) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}" if day else ""


def _ended(case: Case) -> str:
    """Return a case's state, told apart by an ending other than a decision."""
    when = {"in_time": "in_time", "in_time_early": "early", "late": "late"}.get(case.state)
    return f"{case.ending}_{when}" if case.ending in TOLD_APART and when else case.state
