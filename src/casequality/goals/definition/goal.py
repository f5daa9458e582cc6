"""Goals: what is measured, how its words are read, what it must be, and who decided so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs

from casequality.citation import Citation
from casequality.days import Part, Period, period
from casequality.errors import GoalError, Words
from casequality.goals.definition.reasons import Reason, say
from casequality.goals.definition.target import Baseline, Target, Unstated
from casequality.goals.definition.verdict import Verdict
from casequality.metrics import GRAINS
from casequality.showing import Showable, TextTable

Aim: TypeAlias = Literal["complaints", "errors", "time"]
Aggregate: TypeAlias = Literal["pooled", "each", "mean"]
Standing: TypeAlias = Literal["kept", "new"]
Rhythm: TypeAlias = Literal["month", "quarter", "half-year", "year", "continuous"]
AIMS: Final[tuple[Aim, ...]] = get_args(Aim)
AGGREGATES: Final[tuple[Aggregate, ...]] = get_args(Aggregate)
RHYTHMS: Final[tuple[Rhythm, ...]] = get_args(Rhythm)
STANDINGS: Final[Mapping[str, Words]] = {
    "kept": Words("existed before, kept", "fandtes før, videreført"),
    "new": Words("new", "nyt"),
    "dropped": Words("existed before, not kept", "fandtes før, ikke videreført"),
}
"""What became of a goal when a set was decided; one that was dropped is no goal of the set."""
GOAL_HEADERS: Final = {"en": ("Id", "Goal", "Target", "Metric"), "da": ("Id", "Mål", "Måltal", "Metrik")}
HowOften: TypeAlias = Rhythm | Literal["not in the source"]


@attrs.frozen
class ReportTo:
    """Who gets the figure, and how often."""

    to: str
    every: Rhythm


@attrs.frozen(kw_only=True)
class Due:
    """A report that somebody gets: what it is about, and how often ("not in the source" where nobody says it).

    months: those of the year in which it is due; first: the first day of the first of them; empty and None where the
    source does not say. covers: by the first day of a month, the period that the report of that month is on, for
    reports that are not on the last whole period of their rhythm; a month that is not in it has none that the source
    says. goals: the goals, or sets of them, that it is about, beside those that are reported to the recipient. own: the
    field of the records that names the recipient, where each of several gets its own figures.
    """

    to: str
    every: HowOften
    what: Words | None = None
    months: tuple[int, ...] = ()
    first: dt.date | None = None
    covers: Mapping[dt.date, Period] = attrs.field(factory=dict, hash=False)
    goals: tuple[str, ...] = ()
    own: str = ""


@attrs.frozen
class SeriesBreak:
    """A day from which figures are not comparable with earlier ones, and why.

    where: the labels whose figures it breaks, by field of the records; every figure where it is empty.
    """

    on: dt.date
    note: Words
    where: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)

    def touches(self, groups: Mapping[str, str | None]) -> bool:
        """Return whether it breaks the series of some groups; one that they do not tell apart may be in it."""
        return all(groups.get(field) in (None, *labels) for field, labels in self.where.items())


@attrs.frozen(kw_only=True)
class Goal:
    """A goal that says enough to be judged once its metric's readings are all chosen (see `check_goal`).

    target: None for a first measurement, which becomes the baseline; unstated where no target is ever held against it.
    each: what it is judged for: a grain of time (month, quarter, half-year, year), fields of the records, or both.
    aggregate: how the parts make a verdict over a longer period: the "pooled" records are judged and the parts shown,
    "each" part must meet the target, or the "mean" of the parts' figures is judged.
    facet: which facet, for a metric that returns several. at_most, heaviest: the greatest amount that a record can have
    ("730 days", or a number in the metric's own ticks), and the most cases that a row can stand for, where the metric
    gives no limit or another one: what nobody can read is no more. aim: the common foundation's three.
    standing: "kept" where it was a goal before the decision that it stands in, "new" where it was none; None: not said.
    """

    id: str
    metric: str
    source: str
    target: Target | Baseline | Unstated | None
    title: Words | None = None
    each: tuple[str, ...] = ()
    aggregate: Aggregate = "pooled"
    readings: Mapping[str, str] = attrs.field(factory=dict)
    parameters: Mapping[str, Any] = attrs.field(factory=dict)
    where: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    facet: str = ""
    at_most: int | str | None = None
    heaviest: int | None = None
    aim: Aim | None = None
    standing: Standing | None = None
    focus_area: str | None = None
    owner: str | None = None
    basis: Citation | None = None
    report: ReportTo | None = None
    method: Words | None = None
    series_breaks: tuple[SeriesBreak, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.aggregate != "pooled" and not self.each:
            raise GoalError(
                "A goal says how parts make a verdict, and not which parts",
                where=f"goal {self.id}",
                got=f"aggregate = {self.aggregate!r} without each",
                allowed=f"{', '.join(GRAINS)}, or a field of the records",
                remedy='add each = "month", say',
            )
        if len([name for name in self.each if name in GRAINS]) > 1:
            raise GoalError(
                "A goal is judged for one grain of time",
                where=f"goal {self.id}",
                got=", ".join(self.each),
                allowed=GRAINS,
                remedy="keep one of them",
            )

    @property
    def grain(self) -> Part | None:
        """The grain of time that it is judged for, None where it is judged over the whole period."""
        return next((grain for grain in GRAINS if grain in self.each), None)

    @property
    def groups(self) -> tuple[str, ...]:
        """The fields of the records by which a tally must tell them apart."""
        return tuple(name for name in self.each if name not in GRAINS)

    def periods(self, judged: Period) -> tuple[Period, ...]:
        """Return the periods whose first and last day a tally must know to judge it: its parts and their baselines."""
        whole = self.whole_of(judged)
        spans = (judged, *([whole, so_far(whole, judged)] if whole else []))
        parts = tuple(part for each in spans for part in (each, *(each.parts(self.grain) if self.grain else ())))
        earlier = () if isinstance(self.target, Target) else tuple(map(self.period_before, parts))
        return tuple(dict.fromkeys((*parts, *earlier)))

    def whole_of(self, judged: Period) -> Period | None:
        """Return the whole year, say, that it is judged for and of which a period is a part; None for any other."""
        parts = judged.parts(self.grain) if self.grain else ()
        if self.grain is None or len(parts) != 1 or parts[0].kind == self.grain:
            return None
        first = parts[0].first.replace(month=1, day=1)
        year = Period(first, first.replace(first.year + 1))
        return next(each for each in year.parts(self.grain) if parts[0].last in each)

    def period_before(self, judged: Period) -> Period:
        """Return the period whose figure a judged one is held against, or shown beside: else the year before."""
        if isinstance(self.target, Unstated) and self.target.beside:
            return period(self.target.beside)
        return self.target.period_for(judged) if isinstance(self.target, Baseline) else judged.year_before()


def so_far(whole: Period, asked: Period) -> Period:
    """Return the beginning of a whole year, say, up to the end of a part of it."""
    return asked if asked.first == whole.first else Period(whole.first, asked.end)


@attrs.frozen(kw_only=True)
class NotSupplied:
    """Goals that a source names and nobody can judge: it leaves them out, or states them and no metric measures them.

    They are reported as "not in the source" or, where they are `stated`, as "no data"; neither is ever filled in.
    """

    who: str
    what: str
    basis: Citation | None = None
    stated: bool = False

    @property
    def verdict(self) -> Verdict:
        """What can be said of them."""
        return Verdict.NO_DATA if self.stated else Verdict.NOT_IN_THE_SOURCE

    @property
    def reason(self) -> Reason:
        """Why there is no other verdict."""
        return say("not measured") if self.stated else say("not supplied", what=self.what)

    def to_dict(self) -> dict[str, Any]:
        """Return what is known as plain data."""
        return {
            "who": self.who,
            "what": self.what,
            "verdict": str(self.verdict),
            "reasons": [self.reason.to_dict()],
            "basis": self.basis.to_dict() if self.basis else None,
        }


@attrs.frozen(kw_only=True)
class Dropped:
    """A goal that was one before, and that those who decided the set did not keep: it is listed, and not judged."""

    who: str
    what: str
    basis: Citation | None = None


@attrs.frozen(kw_only=True, repr=False)
class GoalSet(Showable):
    """Goals that were decided together, and those that the decision names without stating them.

    dropped: the goals that it ends. due: the calendar of reports that it goes by, those about other goals too.
    """

    id: str
    goals: tuple[Goal, ...]
    title: Words | None = None
    basis: Citation | None = None
    not_supplied: tuple[NotSupplied, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    due: tuple[Due, ...] = ()

    def text_table(self, lang: str) -> TextTable:
        """Return a row a goal: its id, title, target, and the metric that measures it."""
        rows = [
            (
                goal.id,
                goal.title[lang] if goal.title else "",
                (goal.target.words() if goal.target else Verdict.BASELINE.words)[lang],
                goal.metric,
            )
            for goal in self.goals
        ]
        rows += [(each.who, each.what, each.verdict.words[lang], "") for each in self.not_supplied]
        rows += [(each.who, each.what, STANDINGS["dropped"][lang], "") for each in self.dropped]
        return TextTable(
            caption=f"{self.title[lang]} ({self.id})" if self.title else self.id,
            headers=GOAL_HEADERS[lang],
            rows=tuple(rows),
            notes=(self.basis.in_language(lang),) if self.basis else (),
            lang=lang,
        )
