"""The truth about benefits: decided in time, and notified where not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from casequality_copenhagen.example import Example
from casequality_copenhagen.example.benefits import KINDS, due
from casequality_copenhagen.example.material import BenefitCase, Notice
from casequality_copenhagen.example.truth.faults import Doubted, adrift, doubted
from casequality_copenhagen.example.truth.figures import Figure, Truth, share

SO_FAR = "not due yet"
"""Both goals are judged for whole years, and the year is not over."""
READS = ("Sagstype", "Modtaget", "Afgjort", "Trukket")
"""The columns that both goals rest on."""


def benefit_truths(example: Example, first: dt.date, end: dt.date, as_of: dt.date) -> dict[str, Truth]:
    """Return what is true of the goals for benefits; cases received at the as-of or later are not known."""
    known = [case for case in example.benefit_cases if case.received < as_of]
    doubts = [each for each in doubted(example, "benefit_cases") if each.concerns(READS)]
    parts = {}
    for kind, how in KINDS.items():
        own = [each for each in doubts if each.cells.get("Sagstype", how.written) == how.written]
        figure = _decided([case for case in known if case.kind == kind], own, first, end, as_of)
        parts[kind] = Truth(verdict=SO_FAR, figure=figure)
    decided = _decided(known, doubts, first, end, as_of)
    span = f"{first}..{end - dt.timedelta(days=1)}"
    notified = _notified(known, doubts, adrift(example, "benefit_cases"), first, end, as_of)
    return {
        "okf.benefits.decided-in-time": Truth(verdict=SO_FAR, figure=decided, parts=parts),
        "okf.benefits.notified": Truth(
            verdict=SO_FAR, figure=notified, parts={span: Truth(verdict=SO_FAR, figure=notified)}
        ),
    }


def sent_by(notices: Iterable[Notice], as_of: dt.date) -> list[Notice]:
    """Return the notices that can be read and had been sent before a day."""
    return [notice for notice in notices if notice.readable and notice.sent < as_of]


def _decided(cases: list[BenefitCase], doubts: list[Doubted], first: dt.date, end: dt.date, as_of: dt.date) -> Figure:
    """Return the share of a period's decisions that came in time; a lost decision may be one of them."""
    decided = [(case, case.decided) for case in cases if case.decided and first <= case.decided < min(end, as_of)]
    kept = sum(day <= due(case.kind, case.received) for case, day in decided)
    lost = sum(case.lost and case.received < end for case in cases)
    return share(kept, len(decided) - kept, doubtful=lost + sum(_may_be_decided(each, first, end) for each in doubts))


def _may_be_decided(case: Doubted, first: dt.date, end: dt.date) -> bool:
    """Return whether a case with a fault may have been decided in a period."""
    received, decided = case.day("Modtaget"), case.day("Afgjort")
    if decided is not None:
        return first <= decided < end
    return received is None or received < end


def _notified(
    cases: list[BenefitCase], doubts: list[Doubted], adrift: int, first: dt.date, end: dt.date, as_of: dt.date
) -> Figure:
    """Return the share of the cases whose deadline passed undecided in the period, in which the applicant was told.

    adrift: letters of nobody knows which case, each of which may be one that was counted without it.
    """
    told = untold = unknown = 0
    for case in cases:
        limit = due(case.kind, case.received)
        ended = min((day for day in (case.decided, case.withdrawn) if day and day < as_of), default=None)
        if not first <= limit < min(end, as_of) or (ended and ended <= limit):
            continue
        if case.lost or not all(notice.readable for notice in case.notices):
            unknown += 1
        elif any(notice.promised and notice.sent <= limit for notice in sent_by(case.notices, as_of)):
            told += 1
        else:
            untold += 1
    outside = sum(_may_be_due(each, first, end) for each in doubts)
    return share(told, untold, doubtful=unknown + outside, swaps=adrift)


def _may_be_due(case: Doubted, first: dt.date, end: dt.date) -> bool:
    """Return whether the deadline of a case with a fault may have passed in a period."""
    received, kind = case.day("Modtaget"), case.cells.get("Sagstype")
    known = {how.written: name for name, how in KINDS.items()}
    return received is None or kind is None or first <= due(known[kind], received) < end
