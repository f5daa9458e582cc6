"""Courses: how long each case took in parts of its own term, and the cells of a tally that this is read from."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatch
from fractions import Fraction
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask, Period
from casequality.errors import Words
from casequality.evidence.survival import Waiting, aalen_johansen, kaplan_meier
from casequality.metrics import (
    NO,
    OPEN,
    OUT,
    UNKNOWN,
    YES,
    AsOf,
    Contributed,
    Contribution,
    Metric,
    Reading,
    Role,
    Tally,
    owed,
)

CaseCounts: TypeAlias = npt.NDArray[np.int64]
TERM: Final = 1000
"""Into so many parts a case's own term is divided, so that cases with different terms share one curve."""
TERMS: Final = Words("% of their own term", "% af sagernes egen frist")
ENDS: Final = {"in_time": Words("had been done", "behandlet"), "left_out": Words("had been left out", "holdt ude")}
BY_DEADLINE: Final = Words("by their deadline", "inden fristen")
WHOLE: Final = 100  # per cent of its own term, after which a case is late
EARLY: Final = "*early"
UNDATED: Final = 0
ROLES: Final = tuple(Role)


@attrs.frozen
class Share:
    """How many of some cases met their deadline."""

    met: int
    cases: int

    @property
    def value(self) -> Fraction | None:
        """The share; None of no case."""
        return Fraction(self.met, self.cases) if self.cases else None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**attrs.asdict(self), "share": None if self.value is None else float(self.value)}


def roles_of(reading: Reading) -> Mapping[str, Role]:
    """Return what each outcome plays where what was done before it was due is done, unlike in a matured cohort."""
    chosen = dict(reading.chosen)
    for name, choice in reading.metric.readings.items():
        if EARLY in choice.alternatives[chosen[name]].roles:
            plain = [other for other, each in choice.alternatives.items() if each.cohort and EARLY not in each.roles]
            if not plain:
                own = reading.metric.outcomes.roles
                return {name: own[name] if fnmatch(name, EARLY) else role for name, role in reading.roles.items()}
            chosen[name] = plain[0]
    return reading.metric.under(chosen).roles


@attrs.frozen(eq=False, repr=False)
class CaseCells:
    """The cells of one facet: when their cases began and ended, how many, and what they play."""

    entry: Integers
    exit: Integers
    count: CaseCounts
    role: npt.NDArray[np.int8]
    early: Mask

    @classmethod
    def made(
        cls, tally: Tally, roles: Mapping[str, Role], facet: str, packed: Integers, count: CaseCounts
    ) -> CaseCells:
        """Return packed cells of a facet with a count for each."""
        part = attrs.evolve(tally, cells=packed).part
        own = part("facet") == (tally.facets.index(facet) if facet in tally.facets else 0)
        names, outcome = tally.assumed.outcomes, part("outcome")[own]
        role = np.array([ROLES.index(roles.get(name, UNKNOWN)) for name in names], np.int8)[outcome]
        early = np.array([fnmatch(name, EARLY) for name in names])[outcome]
        return cls(part("entry")[own], part("exit")[own], count[own], role, early)

    @property
    def open(self) -> Mask:
        """Which are of cases that have not ended."""
        found: Mask = self.exit == UNDATED
        return found

    @property
    def immature(self) -> Mask:
        """Which are of cases that can still turn out either way, or were done before they were due."""
        found: Mask = self.plays(OPEN) | (self.early & self.plays(YES, NO))
        return found

    def plays(self, *roles: Role) -> Mask:
        """Return which play one of these roles."""
        found: Mask = np.logical_or.reduce([self.role == ROLES.index(role) for role in roles])
        return found

    def share(self, chosen: Mask) -> Share:
        """Return the yes among the yes and no of the chosen."""
        yes, no = (int(self.count[chosen & self.plays(role)].sum()) for role in (YES, NO))
        return Share(yes, yes + no)


@attrs.frozen(eq=False)
class Course:
    """How long each case took in thousandths of its own term: when it ended, was left out, or was last seen waiting."""

    times: CaseCounts
    ended: CaseCounts
    left_out: CaseCounts
    waiting: CaseCounts

    def curve(self) -> Waiting:
        """Return who still waits, what is left out taken as one that waits no longer: as if nobody ever was."""
        return kaplan_meier(WHOLE * self.times / TERM, self.ended, self.left_out + self.waiting, unit=TERMS)

    def found(self) -> dict[str, Any]:
        """Return what `Cohorts` says of it: done by the deadline, left out by then, and when half are done."""
        curve = self.curve()
        if not len(curve.times):
            return {}
        said = {"typical": curve.within()}
        if curve.times[-1] < WHOLE and curve.waiting:
            return said
        if self.left_out.any():
            ends = {"in_time": self.ended, "left_out": self.left_out}
            several = aalen_johansen(WHOLE * self.times / TERM, ends, self.waiting, unit=TERMS, called=ENDS)
            by = {name: several.ended_by(name, WHOLE) for name in ends}
        else:
            by = {"in_time": attrs.evolve(curve.ended_by(WHOLE), end=ENDS["in_time"])}
        return {**said, **{name: attrs.evolve(each, when=BY_DEADLINE) for name, each in by.items()}}


def course_of(tally: Tally, reading: Reading, period: Period, facet: str = "") -> Course:
    """Return the course of the cases that came in in a period, from a tally of numbers: bins of its metric.

    What is a yes or a no and has ended, ended; what is left out and has ended is an end of its own; what is open, or a
    no without an end, waits. In the unit of the bins: for a metric made by `in_terms`, thousandths of a case's term.
    """
    packed, numbers, counts = tally.numbers
    cells = CaseCells.made(tally, roles_of(reading), facet, packed, np.arange(len(packed)))
    at, axis = cells.count, tally.assumed.axis
    came = (cells.entry >= axis.cell_of(period.first)) & (cells.entry < axis.cell_of(period.end))
    known = came & ~cells.plays(UNKNOWN)
    numbers, counts = numbers[at], counts[at]
    still = cells.plays(OPEN) | (cells.open & cells.plays(NO))
    away = cells.plays(OUT)
    groups = (known & ~still & ~away, known & away & ~cells.open, known & still)
    ended, left_out, waiting = (np.where(group, counts, 0) for group in groups)
    some = ended + left_out + waiting > 0
    return Course(numbers[some], ended[some], left_out[some], waiting[some])


class _InTerms(Metric):
    """A metric's own cases, each with the part of its term that it took or has lasted so far."""

    def contribute(self, records: Any, as_of: AsOf, /) -> Contributed:
        given, said = super().contribute(records, as_of), self.owed(records, as_of)
        assert said is not None

        def timed(one: Contribution) -> Contribution:
            bins = parts_of_term(one.on, said.due.at, said.done, as_of)
            return attrs.evolve(one, until=said.done, bins=bins, amount=None, aged=False)

        return {name: timed(one) for name, one in given.items()} if isinstance(given, Mapping) else timed(given)


def in_terms(metric: Metric, as_of: AsOf) -> Metric | None:
    """Return a metric that counts the same cases by the part of its term that each took; None without deadlines."""
    if owed(metric, metric.records.empty(), as_of) is None:
        return None
    # built upon the metric's own class: whatever tells its counts from those of other code and fields tells these too
    own = {"id": f"{metric.id}.in-terms", "offered_by": vars(type(metric)).get("offered_by", "")}
    made: type[Metric] = type("InTerms", (_InTerms, type(metric)), own)
    return made(**{field.alias or field.name: getattr(metric, field.name) for field in attrs.fields(type(metric))})


def parts_of_term(on: Any, due: Any, done: Any, as_of: AsOf) -> Integers:
    """Return how many thousandths of its term each case took, or has lasted; MISSING without a term. Shape as given.

    on, due, done: days or instants, shape (records,). Rounded so that no more than a whole term is what was done in
    time: upwards for what is done, downwards for what lasts. What was done before it began has none.
    """
    begun, ended = on.astype(due.dtype), done.astype(due.dtype)
    lasted = as_of.lasted(begun, ended).view(np.int64)
    still, none = np.isnat(ended), np.isnat(begun) | np.isnat(due)
    if due.dtype == np.dtype("M8[D]"):
        # of a day that is not over nobody knows whether the case ends on it
        lasted = lasted - still
    term = np.where(none, 1, (due - begun).view(np.int64))
    none |= (term <= 0) | (lasted < 0)
    exact = np.where(none, 0, lasted), np.where(none, 1, term)
    # divided first, so that microseconds times a thousand never leave the integers
    whole, rest = np.divmod(*exact)
    parts = whole * TERM + np.where(still, rest * TERM // exact[1], -(-rest * TERM // exact[1]))
    return np.where(none, MISSING, parts)
