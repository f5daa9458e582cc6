"""The truth about the rent tribunal."""

from __future__ import annotations

import datetime as dt
import itertools
from fractions import Fraction

import attrs

from casequality_copenhagen.example import Example
from casequality_copenhagen.example.benefits import months_later
from casequality_copenhagen.example.material import TribunalCase
from casequality_copenhagen.example.truth.faults import Doubted, doubted
from casequality_copenhagen.example.truth.figures import Figure, Truth, at_least, at_most, mean, number, share

CLOSED = 75
READS = ("Modtaget", "Afsluttet", "Udfald")


@attrs.frozen
class Doubt:
    """A case of which something is not known: None for a day that may be any; `aside`: it may count nowhere.

    lasts: whether it is known not to have been closed.
    """

    received: dt.date | None
    closed: dt.date | None
    lasts: bool = False
    aside: bool = True

    def may_be_received(self, first: dt.date, end: dt.date) -> bool:
        """Return whether it may have come in a period; it came no later than it was closed."""
        if self.received is not None:
            return first <= self.received < end
        return self.closed is None or self.closed >= first

    def may_be_closed(self, first: dt.date, end: dt.date) -> bool:
        """Return whether it may have been closed in a period."""
        if self.closed is not None:
            return first <= self.closed < end
        return not self.lasts and (self.received is None or self.received < end)

    def may_be_pending(self, day: dt.date) -> bool:
        """Return whether it may have come and not been closed before a day."""
        return (self.received is None or self.received < day) and (self.closed is None or self.closed >= day)

    def flows(self, first: dt.date, end: dt.date) -> set[tuple[int, int]]:
        """Return all that it may add to the cases decided and to those received in a period."""
        came = {int(self.may_be_received(first, end))} | ({0} if self.received is None else set())
        decided = {int(self.may_be_closed(first, end))} | ({0} if self.aside else set())
        return {*itertools.product(decided, came), *([(0, 0)] if self.aside else [])}


def tribunal_truths(example: Example, first: dt.date, end: dt.date, as_of: dt.date) -> dict[str, Truth]:
    """Return what is true of the goals for the rent tribunal.

    A closing date that is a mark lies after the as-of: whatever it stands for, the case was open.
    """
    known = [_known(case, as_of) for case in example.tribunal_cases if case.received is None or case.received < as_of]
    faulty = [each for each in doubted(example, "tribunal_cases") if each.concerns(READS)]
    doubts = [_doubt(each) for each in faulty]
    doubts += [Doubt(None, case.closed, aside=False) for case in known if case.received is None]
    matured = _matured(known, doubts, first, end, as_of)
    closed = _of_closed(known, doubts, first, end)
    flow = _flow(known, doubts, first, end)
    before = first.replace(first.year - 1), end.replace(end.year - 1)
    return {
        "okf.rent-tribunal.closed-in-time": Truth(verdict=at_least(matured, CLOSED), figure=matured),
        "local.rent-tribunal.closed-in-time-of-closed": Truth(verdict=at_least(closed, CLOSED), figure=closed),
        "okf.rent-tribunal.decided-against-received": Truth(
            verdict="not due yet",
            figure=flow,
            parts={"2010-01-01..2010-06-30": Truth(verdict="not due yet", figure=flow)},
        ),
        "okf.rent-tribunal.backlog": _against(_backlog(known, doubts, before[1]), _backlog(known, doubts, end)),
        "okf.rent-tribunal.processing-time": _against(_time(known, doubts, *before), _time(known, doubts, first, end)),
        "okf.rent-tribunal.shorter-processing-time": _below(
            _time(known, doubts, *before), _time(known, doubts, first, end)
        ),
    }


def _doubt(case: Doubted) -> Doubt:
    lasts = "Afsluttet" not in case.faulty and case.day("Afsluttet") is None
    return Doubt(case.day("Modtaget"), case.day("Afsluttet"), lasts)


def _known(case: TribunalCase, as_of: dt.date) -> TribunalCase:
    closed = case.closed if case.closed and case.closed < as_of else None
    return attrs.evolve(case, closed=closed, ending=case.ending if closed else None)


def _matured(cases: list[TribunalCase], doubts: list[Doubt], first: dt.date, end: dt.date, as_of: dt.date) -> Figure:
    """Return the share closed in time of the cases received whose four months had passed."""
    received = [(case, case.received) for case in cases if case.received and first <= case.received < end]
    ripe = [(case, months_later(day, 4)) for case, day in received if months_later(day, 4) < as_of]
    kept = sum(case.closed is not None and case.closed <= limit for case, limit in ripe)
    outside = sum(each.may_be_received(first, end) for each in doubts)
    return share(kept, len(ripe) - kept, doubtful=len(received) - len(ripe) + outside)


def _of_closed(cases: list[TribunalCase], doubts: list[Doubt], first: dt.date, end: dt.date) -> Figure:
    """Return the share closed in time of the cases closed."""
    closed = _closed(cases, first, end)
    kept = sum(day <= months_later(received, 4) for received, day in closed)
    return share(kept, len(closed) - kept, doubtful=sum(each.may_be_closed(first, end) for each in doubts))


def _closed(cases: list[TribunalCase], first: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Return when each case came and was closed that was closed in a period, of those of which both are known."""
    return [
        (case.received, case.closed) for case in cases if case.received and case.closed and first <= case.closed < end
    ]


def _flow(cases: list[TribunalCase], doubts: list[Doubt], first: dt.date, end: dt.date) -> Figure:
    """Return the cases decided for each hundred received; the case without a day of receipt was decided in any case."""
    decided = [case for case in cases if case.ending == "decided" and case.closed and first <= case.closed < end]
    received = sum(case.received is not None and first <= case.received < end for case in cases)
    sure = sum(case.received is not None for case in decided)
    every = itertools.product(*(each.flows(first, end) for each in doubts))
    possible = [
        Fraction(100 * (sure + sum(out for out, _ in way)), received + sum(come for _, come in way)) for way in every
    ]
    return Figure(
        value=Fraction(100 * len(decided), received),
        numerator=len(decided),
        denominator=received,
        low=min(possible),
        high=max(possible),
    )


def _backlog(cases: list[TribunalCase], doubts: list[Doubt], day: dt.date) -> Figure:
    """Return how many cases had come and not been closed before a day."""
    pending = sum(
        case.received is not None and case.received < day and (case.closed is None or case.closed >= day)
        for case in cases
    )
    return number(pending, doubtful=sum(each.may_be_pending(day) for each in doubts))


def _time(cases: list[TribunalCase], doubts: list[Doubt], first: dt.date, end: dt.date) -> Figure:
    """Return the mean days that the cases closed in a period took."""
    lasted = [(day - received).days for received, day in _closed(cases, first, end)]
    return mean(lasted, 1, doubtful=sum(each.may_be_closed(first, end) for each in doubts))


def _against(earlier: Figure, figure: Figure) -> Truth:
    """Return what is true of a figure that may not be above that of the year before."""
    return Truth(verdict=at_most(figure, earlier.low, earlier.high), figure=figure)


def _below(earlier: Figure, figure: Figure) -> Truth:
    """Return what is true of a figure that must be below that of the year before."""
    if figure.high is not None and earlier.low is not None and figure.high < earlier.low:
        return Truth(verdict="met", figure=figure)
    missed = figure.low is not None and earlier.high is not None and figure.low >= earlier.high
    return Truth(verdict="missed" if missed else "undecided", figure=figure)
