"""Open cases beside a time goal: which cases a figure is of, and which way the one of closed cases alone errs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import attrs

from casequality.days import Period, months_after
from casequality.errors import Words
from casequality.evidence.courses import UNDATED, CaseCells, Course, Share, roles_of
from casequality.evidence.said import Finding, per_cent, rounded, say
from casequality.evidence.survival import Ended, Reached
from casequality.metrics import NO, YES, Measurement

BEFORE: Final = 1
NAMED: Final = ("month", "quarter", "half-year", "year")


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
                "Endnu ikke afgjorte af dem, der er modtaget i {when}: {undecided}.",
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
    "Modtaget i {when}, alles frist udløbet: {share} ({met} af {cases}).",
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
    cells = CaseCells.made(tally, roles_of(measured.reading), facet, tally.cells, tally.counted("cases"))
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


def _matured_in(measured: Measurement, cells: CaseCells, period: Period) -> Period | None:
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
