"""The truth about the rent tribunal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction

import attrs

from casequality_copenhagen.example.benefits import months_later
from casequality_copenhagen.example.material import TribunalCase
from casequality_copenhagen.example.truth.figures import Figure, Truth, at_least, at_most, mean, number, share

CLOSED = 75


@attrs.frozen
class Doubt:
    """Cases that may belong to any figure: rows set aside, cases that nobody knows the beginning of, wrong dates."""

    outside: int
    undated: int
    marks: int


def tribunal_truths(
    cases: list[TribunalCase], outside: int, first: dt.date, end: dt.date, as_of: dt.date
) -> dict[str, Truth]:
    """Return what is true of the goals for the rent tribunal."""
    known = [_known(case, as_of) for case in cases if case.received is None or case.received < as_of]
    doubt = Doubt(outside, sum(case.received is None for case in known), sum(case.forgotten for case in known))
    matured = _matured(known, doubt, first, end, as_of)
    closed = _of_closed(known, doubt, first, end)
    flow = _flow(known, doubt, first, end)
    before = first.replace(first.year - 1), end.replace(end.year - 1)
    return {
        "okf.rent-tribunal.closed-in-time": Truth(verdict=at_least(matured, CLOSED), figure=matured),
        "local.rent-tribunal.closed-in-time-of-closed": Truth(verdict=at_least(closed, CLOSED), figure=closed),
        "okf.rent-tribunal.decided-against-received": Truth(
            verdict="not due yet",
            figure=flow,
            parts={"2010-01-01..2010-06-30": Truth(verdict="not due yet", figure=flow)},
        ),
        "okf.rent-tribunal.backlog": _against(
            lambda _, day, __: number(_pending(known, day), outside=outside + doubt.undated, marks=doubt.marks),
            before,
            (first, end),
        ),
        "okf.rent-tribunal.processing-time": _against(
            lambda start, after, usual: _time(known, doubt, start, after, usual), before, (first, end)
        ),
    }


def _known(case: TribunalCase, as_of: dt.date) -> TribunalCase:
    closed = case.closed if case.closed and case.closed < as_of else None
    return attrs.evolve(case, closed=closed, ending=case.ending if closed else None)


def _matured(cases: list[TribunalCase], doubt: Doubt, first: dt.date, end: dt.date, as_of: dt.date) -> Figure:
    """Return the share closed in time of the cases received whose four months had passed."""
    received = [(case, case.received) for case in cases if case.received and first <= case.received < end]
    ripe = [(case, months_later(day, 4)) for case, day in received if months_later(day, 4) < as_of]
    kept = sum(case.closed is not None and case.closed <= limit for case, limit in ripe)
    return share(
        kept,
        len(ripe) - kept,
        unsettled=len(received) - len(ripe),
        outside=doubt.outside + doubt.undated,
        marks=doubt.marks,
    )


def _of_closed(cases: list[TribunalCase], doubt: Doubt, first: dt.date, end: dt.date) -> Figure:
    """Return the share closed in time of the cases closed."""
    closed = [(case, case.closed) for case in cases if case.closed and first <= case.closed < end]
    dated = [(day, months_later(case.received, 4)) for case, day in closed if case.received]
    kept = sum(day <= limit for day, limit in dated)
    return share(kept, len(dated) - kept, unsettled=len(closed) - len(dated), outside=doubt.outside, marks=doubt.marks)


def _flow(cases: list[TribunalCase], doubt: Doubt, first: dt.date, end: dt.date) -> Figure:
    """Return the cases decided for each hundred received."""
    decided = sum(case.ending == "decided" and case.closed is not None and first <= case.closed < end for case in cases)
    received = sum(case.received is not None and first <= case.received < end for case in cases)
    moved = doubt.outside + doubt.undated + doubt.marks
    return Figure(
        value=Fraction(100 * decided, received),
        numerator=decided,
        denominator=received,
        low=Fraction(100 * (decided - doubt.marks), received + moved),
        high=Fraction(100 * (decided + moved), received - doubt.marks),
    )


def _pending(cases: list[TribunalCase], day: dt.date) -> int:
    """Return how many cases had come and not been closed before a day."""
    return sum(
        case.received is not None and case.received < day and (case.closed is None or case.closed >= day)
        for case in cases
    )


def _time(cases: list[TribunalCase], doubt: Doubt, first: dt.date, end: dt.date, usual: Fraction | None) -> Figure:
    """Return the mean days that the cases closed in a period took."""
    closed = [(case, case.closed) for case in cases if case.closed and first <= case.closed < end]
    lasted = [(day - case.received).days for case, day in closed if case.received]
    highest = 100 * (usual if usual is not None else Fraction(sum(lasted), len(lasted)))
    return mean(lasted, 1, highest, added=len(closed) - len(lasted) + doubt.outside, marks=doubt.marks)


def _against(
    count: Callable[[dt.date, dt.date, Fraction | None], Figure],
    before: tuple[dt.date, dt.date],
    now: tuple[dt.date, dt.date],
) -> Truth:
    """Return what is true of a figure that may not be above that of the year before."""
    earlier = count(*before, None)
    assert earlier.low is not None
    assert earlier.high is not None
    figure = count(*now, earlier.value)
    return Truth(verdict=at_most(figure, earlier.low, earlier.high), figure=figure)
