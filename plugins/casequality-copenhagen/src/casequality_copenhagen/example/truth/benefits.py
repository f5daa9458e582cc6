"""The truth about benefits: decided in time, and notified where not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from casequality_copenhagen.example.benefits import KINDS, due
from casequality_copenhagen.example.material import BenefitCase, Notice
from casequality_copenhagen.example.truth.figures import Figure, Truth, at_least, share

DECIDED, NOTIFIED = 80, 100


def benefit_truths(
    cases: list[BenefitCase], outside: int, first: dt.date, end: dt.date, as_of: dt.date
) -> dict[str, Truth]:
    """Return what is true of the goals for benefits; cases received at the as-of or later are not known."""
    known = [case for case in cases if case.received < as_of]
    parts = {}
    for kind in KINDS:
        figure = _decided([case for case in known if case.kind == kind], outside, first, end, as_of)
        parts[kind] = Truth(verdict=at_least(figure, DECIDED), figure=figure)
    decided = _decided(known, outside, first, end, as_of)
    notified = _notified(known, outside, first, end, as_of)
    return {
        "okf.benefits.decided-in-time": Truth(verdict=at_least(decided, DECIDED), figure=decided, parts=parts),
        "okf.benefits.notified": Truth(verdict=at_least(notified, NOTIFIED), figure=notified),
    }


def sent_by(notices: Iterable[Notice], as_of: dt.date) -> list[Notice]:
    """Return the notices that can be read and had been sent before a day."""
    return [notice for notice in notices if notice.readable and notice.sent < as_of]


def _decided(cases: list[BenefitCase], outside: int, first: dt.date, end: dt.date, as_of: dt.date) -> Figure:
    """Return the share of a period's decisions that came in time; a lost decision may be one of them."""
    decided = [(case, case.decided) for case in cases if case.decided and first <= case.decided < min(end, as_of)]
    kept = sum(day <= due(case.kind, case.received) for case, day in decided)
    return share(kept, len(decided) - kept, outside=outside + sum(case.lost for case in cases))


def _notified(cases: list[BenefitCase], outside: int, first: dt.date, end: dt.date, as_of: dt.date) -> Figure:
    """Return the share of the cases whose deadline passed undecided in the period, in which the applicant was told."""
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
    return share(told, untold, unsettled=unknown, outside=outside)
