"""Open cases beside a time goal: which cases a figure is of, and which way the one of closed cases alone errs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from fractions import Fraction
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask, Period, months_after
from casequality.errors import Words
from casequality.evidence.said import Finding, per_cent, rounded, say
from casequality.evidence.survival import Ended, Reached, Waiting, aalen_johansen, kaplan_meier
from casequality.metrics import (
    NO,
    OPEN,
    OUT,
    UNKNOWN,
    YES,
    AsOf,
    Contributed,
    Contribution,
    Measurement,
    Metric,
    Reading,
    Role,
    Tally,
    owed,
)

Counted: TypeAlias = npt.NDArray[np.int64]
TERM: Final = 1000
"""Into so many parts a case's own term is divided, so that cases with different terms share one curve."""
TERMS: Final = Words("% of their own term", "% af sagernes egen frist")
ENDS: Final = {"in_time": Words("had been done", "behandlet"), "left_out": Words("had been left out", "holdt ude")}
BY_DEADLINE: Final = Words("by their deadline", "inden fristen")
WHOLE: Final = 100  # per cent of its own term, after which a case is late
EARLY: Final = "*early"
UNDATED: Final = 0
BEFORE: Final = 1
NAMED: Final = ("month", "quarter", "half-year", "year")


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


@attrs.frozen(kw_only=True)
class Cohorts(Finding):
    """The share that met its deadline, of several sets of cases side by side.

    closed: those closed in the period. with_overdue: these, and the open ones that are overdue. matured: the latest
    that came in over as long a time, in `matured_in`, and are all due by now; None where there are none such.
    undecided: of those that came in in the period, how many can still turn out either way.
    in_time: the share of those that came in in the period that is done by its deadline, by Kaplan and Meier; where the
    reading leaves some out, these are an end of their own, and left_out is their share by then. typical: after which
    part of its own term half of them are done. All are None where nobody knows the time of each case, and the first two
    also where no case was followed for a whole term.
    """

    period: Period
    closed: Share
    with_overdue: Share
    matured: Share | None
    matured_in: Period | None
    undecided: int
    in_time: Ended | None = None
    left_out: Ended | None = None
    typical: Reached | None = None

    @property
    def against(self) -> Fraction | None:
        """The figure that closed cases alone are held against: that of the matured cohort, else the estimated one."""
        if self.matured is not None:
            return self.matured.value
        if self.in_time is None:
            return None
        # of those that are not left out, as in the figure itself
        kept = 1 - self.left_out.share if self.left_out else Fraction(1)
        return self.in_time.share / kept if kept else None

    @property
    def error(self) -> Fraction | None:
        """By how much the closed cases alone are too high, negative for too low; None where nothing tells."""
        return None if self.closed.value is None or self.against is None else self.closed.value - self.against

    @property
    def sentences(self) -> tuple[Words, ...]:
        """Which way closed cases alone err and by how much, and then each set of cases by itself."""
        return self._erring(), *self._beside()

    def _erring(self) -> Words:
        if self.closed.value is None:
            return say("No case was closed in {when}.", "Ingen sag blev afsluttet i {when}.", when=_title(self.period))
        given: dict[str, Any] = {"closed": per_cent(self.closed.value)}
        if self.error is None or self.against is None:
            return say(
                "Of the closed cases alone {closed} were in time; whether that is too high or too low cannot be told.",
                "Af de afsluttede sager alene var {closed} rettidige; om det er for højt eller lavt, kan ikke siges.",
                **given,
            )
        given["against"] = per_cent(self.against, self.closed.value)
        given["points"] = rounded(abs(self.error) * 100)
        en, da = "of all that came in, by estimate,", "af alle modtagne, anslået,"
        if self.matured_in:
            when = _title(self.matured_in)
            en, da = f"of all that came in in {when.en}", f"af alle modtaget i {when.da}"
        if not self.error:
            return say(
                f"Of the closed cases alone {{closed}} were in time, as {en} it was {{against}}.",
                f"Af de afsluttede sager alene var {{closed}} rettidige; {da} var det {{against}}.",
                **given,
            )
        way = Words("too high", "for højt") if self.error > 0 else Words("too low", "for lavt")
        return say(
            f"Of the closed cases alone {{closed}} were in time, {en} {{against}}: to count the closed ones alone is "
            "{points} percentage points {way}.",
            f"Af de afsluttede sager alene var {{closed}} rettidige, {da} {{against}}: kun at tælle de afsluttede er "
            "{points} procentpoint {way}.",
            **given,
            way=way,
        )

    def _beside(self) -> Iterator[Words]:
        for share, text in ((self.closed, CLOSED), (self.with_overdue, WITH_OVERDUE), (self.matured, MATURED)):
            if share is not None and share.value is not None:
                when = _title(self.matured_in if text is MATURED and self.matured_in else self.period)
                given: dict[str, Any] = {"met": share.met, "cases": share.cases, "when": when}
                yield say(text.en, text.da, share=per_cent(share.value), **given)
        if self.undecided:
            yield say(
                "Still undecided of those that came in in {when}: {undecided}.",
                "Endnu uafgjorte af dem, der er modtaget i {when}: {undecided}.",
                when=_title(self.period),
                undecided=self.undecided,
            )
        for found in (self.in_time, self.left_out, self.typical):
            yield from found.sentences[:1] if found else ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        labels = {"period": self.period.label, "matured_in": self.matured_in.label if self.matured_in else None}
        return {**Finding.to_dict(self), **labels, "error": None if self.error is None else float(self.error)}


CLOSED: Final = Words(
    "Closed in {when}: {share} ({met} of {cases}).", "Afsluttet i {when}: {share} ({met} af {cases})."
)
WITH_OVERDUE: Final = Words(
    "With the open ones that are overdue: {share} ({met} of {cases}).",
    "Med de åbne, hvis frist er overskredet: {share} ({met} af {cases}).",
)
MATURED: Final = Words(
    "Received in {when}, all due by now: {share} ({met} of {cases}).",
    "Modtaget i {when}, alle forfaldne: {share} ({met} af {cases}).",
)


def _title(period: Period) -> Words:
    before = ("", "") if period.kind in NAMED else ("the period ", "perioden ")
    return Words(before[0] + period.title("en"), before[1] + period.title("da"))


def cohorts_of(measured: Measurement, period: Period, facet: str = "", curve: Course | None = None) -> Cohorts | None:
    """Return the cohorts of a time goal's cases from its tally.

    None for a metric whose figure is no share of cases, or that says nothing of when cases end.
    curve: how long each case took in its own term (`course_of`), where somebody counted that.
    """
    statistic, tally = measured.reading.metric.statistic, measured.tally
    cells = _Cells.made(tally, _roles(measured.reading), facet, tally.cells, tally.counted("cases"))
    if not (statistic.is_share and statistic.by_case) or statistic.joins_facets or not (cells.exit > UNDATED).any():
        return None
    axis = measured.tally.assumed.axis
    first, end = axis.cell_of(period.first), axis.cell_of(period.end)
    closed = cells.share((cells.exit >= first) & (cells.exit < end))
    overdue = int(cells.count[cells.open & cells.plays(NO) & (cells.entry > UNDATED) & (cells.entry < end)].sum())
    came = (cells.entry >= first) & (cells.entry < end)
    matured_in = _matured_in(measured, cells, period)
    matured = None
    if matured_in is not None:
        start, stop = axis.cell_of(matured_in.first), axis.cell_of(matured_in.end)
        matured = cells.share((cells.entry >= start) & (cells.entry < stop))
    return Cohorts(
        period=period,
        closed=closed,
        with_overdue=Share(closed.met, closed.cases + overdue),
        matured=matured,
        matured_in=matured_in,
        undecided=int(cells.count[came & cells.immature].sum()),
        **(curve.found() if curve else {}),
    )


def _roles(reading: Reading) -> Mapping[str, Role]:
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


@attrs.frozen(eq=False)
class _Cells:
    """The cells of one facet: when their cases began and ended, how many, and what they play."""

    entry: Integers
    exit: Integers
    count: Counted
    role: npt.NDArray[np.object_]
    early: Mask

    @classmethod
    def made(cls, tally: Tally, roles: Mapping[str, Role], facet: str, packed: Integers, count: Counted) -> _Cells:
        """Return packed cells of a facet with a count for each."""
        part = attrs.evolve(tally, cells=packed).part
        own = part("facet") == (tally.facets.index(facet) if facet in tally.facets else 0)
        names, outcome = tally.assumed.outcomes, part("outcome")[own]
        role = np.array([roles.get(name, UNKNOWN) for name in names], object)[outcome]
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
        found: Mask = np.logical_or.reduce([self.role == role for role in roles])
        return found

    def share(self, chosen: Mask) -> Share:
        """Return the yes among the yes and no of the chosen."""
        yes, no = (int(self.count[chosen & self.plays(role)].sum()) for role in (YES, NO))
        return Share(yes, yes + no)


def _matured_in(measured: Measurement, cells: _Cells, period: Period) -> Period | None:
    """Return the latest period of the same length, by whole months back, all of whose cases are due by now.

    It begins no earlier than the records do, and is then shorter.
    """
    axis, dated = measured.tally.assumed.axis, cells.entry > BEFORE
    if not dated.any():
        return None
    earliest = int(cells.entry[dated].min())
    begin: dt.date = axis.days[earliest - BEFORE - 1].item()
    for window in _back(period):
        first, end = axis.cell_of(window.first), axis.cell_of(window.end)
        inside = (cells.entry >= first) & (cells.entry < end)
        if end <= earliest:
            return None
        if (inside & cells.plays(YES, NO)).any() and not (inside & cells.immature & (cells.count > 0)).any():
            return window if first >= earliest else Period(begin, window.end)
    return None


def _back(period: Period) -> Iterator[Period]:
    """Yield a period, and where it is of whole months the same moved back month by month."""
    yield period
    if not period.first.day == period.end.day == 1:
        return
    months = (period.end.year - period.first.year) * 12 + period.end.month - period.first.month
    end = period.end
    while end > dt.date(1991, 1, 1):
        end = months_after(end, -1)
        first = months_after(end, -months)
        # a half-year that begins in any month but January and July is no half-year
        named = period.kind in NAMED and (first.month - period.first.month) % months == 0
        yield Period(first, end, period.kind if named else "own range")


@attrs.frozen(eq=False)
class Course:
    """How long each case took in thousandths of its own term: when it ended, was left out, or was last seen waiting."""

    times: Counted
    ended: Counted
    left_out: Counted
    waiting: Counted

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
        ends = {"in_time": self.ended, "left_out": self.left_out}
        several = aalen_johansen(WHOLE * self.times / TERM, ends, self.waiting, unit=TERMS, called=ENDS)
        by = {name: several.ended_by(name, WHOLE) for name in ends} if self.left_out.any() else {}
        alone = {"in_time": attrs.evolve(curve.ended_by(WHOLE), end=ENDS["in_time"])}
        return {**said, **{name: attrs.evolve(each, when=BY_DEADLINE) for name, each in (by or alone).items()}}


def course_of(tally: Tally, reading: Reading, period: Period, facet: str = "") -> Course:
    """Return the course of the cases that came in in a period, from a tally of numbers: bins of its metric.

    What is a yes or a no and has ended, ended; what is left out and has ended is an end of its own; what is open, or a
    no without an end, waits. In the unit of the bins: for a metric made by `in_terms`, thousandths of a case's term.
    """
    packed, numbers, counts = tally.numbers
    cells = _Cells.made(tally, _roles(reading), facet, packed, np.arange(len(packed)))
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
