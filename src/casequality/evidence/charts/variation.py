"""Control charts: is a process changing, and will it hit its target again and again; two questions, two answers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, Literal, TypeAlias, get_args
from zlib import crc32

import attrs
import numpy as np

from casequality.errors import UsageError, Words
from casequality.evidence.charts.control_limits import EVEN, LENGTH, ControlLimits, Kind, limits_of, signals_of
from casequality.evidence.charts.drawing import Drawing
from casequality.evidence.charts.panel import Line, Steps, period_or_text, titled
from casequality.evidence.said import Finding, decimals_apart, number, per_cent, plain, rounded, say
from casequality.metrics import CASES, Unit
from casequality.showing import session_language

Rule: TypeAlias = Literal["", "outside", "trend", "two of three", "run"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
RULES: Final[tuple[Rule, ...]] = get_args(Rule)
FEW: Final = 12
"""Limits from fewer points are provisional."""


@attrs.frozen
class Point:
    """One point of a chart: its figure, between what it lies while nothing changes, and the rule that it breaks.

    value, target: in the unit of the chart. way: 1 above, -1 below, 0 where no rule is broken. stretch: which of the
    stretches between declared breaks it is in.
    """

    label: str
    value: Fraction
    centre: float
    low: float
    high: float
    target: Fraction | None
    rule: Rule
    way: int
    stretch: int


BROKEN: Final[dict[Rule, Words]] = {
    "outside": Words("the point is outside its limits", "punktet ligger uden for sine grænser"),
    "trend": Words("{length} points in a row go one way", "{length} punkter i træk går samme vej"),
    "two of three": Words("two of three points in a row are near a limit", "to af tre punkter i træk er nær en grænse"),
    "run": Words(
        "{length} points in a row are on one side of the centre", "{length} punkter i træk er på samme side af midten"
    ),
}
CHANGES: Final = {
    "improvement": Words("the process is changing for the better", "processen er ved at blive bedre"),
    "concern": Words("the process is changing for the worse", "processen er ved at blive dårligere"),
    "higher": Words("the process has moved upwards", "processen har bevæget sig opad"),
    "lower": Words("the process has moved downwards", "processen har bevæget sig nedad"),
}
CONTROL_CHART: Final = Words("Control chart", "Kontroldiagram")
TONES: Final = {"none": "", "improvement": "good", "concern": "bad", "higher": "open", "lower": "open"}
"""What each point's shape says: ordinary variation is a plain point."""
STEPS: Final[tuple[tuple[Literal["centre", "limit", "target"], str, Words], ...]] = (
    ("limit", "high", Words("Upper", "Øvre")),
    ("centre", "centre", Words("Centre", "Midte")),
    ("limit", "low", Words("Lower", "Nedre")),
    ("target", "target", Words("Target", "Måltal")),
)
ASSURED: Final = {
    "pass": Words(
        "As long as nothing changes, the target of {target} is met every time.",
        "Så længe intet ændrer sig, bliver måltallet på {target} opfyldt hver gang.",
    ),
    "fail": Words(
        "As long as nothing changes, the target of {target} is missed every time.",
        "Så længe intet ændrer sig, bliver måltallet på {target} aldrig opfyldt.",
    ),
    "inconsistent": Words(
        "As long as nothing changes, chance decides from time to time whether the target of {target} is met.",
        "Så længe intet ændrer sig, afgør tilfældet fra gang til gang, om måltallet på {target} bliver opfyldt.",
    ),
}


@attrs.frozen
class Chart(Finding):
    """A goal's figure over time with its limits; what is said is of the latest point.

    higher_is_better: None where neither is. length: that of a run and of a trend. dispersion: how many times as much
    the points of the last stretch vary as chance alone would have them; NaN for kind "xmr". most: the greatest that a
    figure can be, such as 1 for a share; what is said and drawn of the limits ends there, and at 0 where no figure is
    below.
    """

    points: tuple[Point, ...]
    kind: Kind
    unit: Unit
    higher_is_better: bool | None
    length: int = LENGTH
    dispersion: float = math.nan
    most: Fraction | None = None

    @property
    def latest(self) -> Point:
        """The point that is spoken of."""
        return self.points[-1]

    @property
    def rests_on(self) -> int:
        """How many points the latest limits rest on."""
        return sum(point.stretch == self.latest.stretch for point in self.points)

    @property
    def provisional(self) -> bool:
        """Whether those are fewer than twelve."""
        return self.rests_on < FEW

    @property
    def change(self) -> str:
        """Whether the process is changing: "none", "improvement" or "concern", else "higher" or "lower"."""
        return self.change_at(self.latest)

    def change_at(self, point: Point) -> str:
        """Return the same of any point."""
        if not point.way:
            return "none"
        if self.higher_is_better is None:
            return "higher" if point.way > 0 else "lower"
        return "improvement" if (point.way > 0) == self.higher_is_better else "concern"

    @property
    def assurance(self) -> str | None:
        """Whether the target will be hit while nothing changes: "pass", "fail", "inconsistent"; None without a target.

        It is the target in force at the latest point that is held against the limits there; one point has none.
        """
        last = self.latest
        if last.target is None or self.higher_is_better is None or self.rests_on == 1:
            return None
        if float(last.target) > last.high + EVEN:
            return "fail" if self.higher_is_better else "pass"
        if float(last.target) < last.low - EVEN:
            return "pass" if self.higher_is_better else "fail"
        return "inconsistent"

    @property
    def sentences(self) -> tuple[Words, ...]:
        """Is it changing, by which rule; will it hit the target, between which limits; and how provisional that is."""
        last = self.latest
        label, value = titled(last.label), self._said(last.value)
        if self.rests_on == 1:
            lone = say("One point says nothing of variation.", "Ét punkt siger intet om variation.")
            return say("{label}: {value}.", "{label}: {value}.", label=label, value=value), lone
        what = Words("no more than ordinary variation", "ikke mere end sædvanlig variation")
        if last.rule:
            moved, broken = CHANGES[self.change], BROKEN[last.rule]
            what = say(f"{moved.en}: {broken.en}", f"{moved.da}: {broken.da}", length=self.length)
        text = "{label}: {value}; {what}."
        first = say(text, text, label=label, value=value, what=what)
        between = say(
            "Ordinary variation lies between {low} and {high} around {centre}.",
            "Sædvanlig variation ligger mellem {low} og {high} omkring {centre}.",
            low=self._said(self._within(last.low), bare=True),
            high=self._said(self._within(last.high)),
            centre=self._said(Fraction(last.centre)),
        )
        return (first, between, *self._further())

    def _further(self) -> Iterator[Words]:
        if self.assurance:
            assert self.latest.target is not None
            text = ASSURED[self.assurance]
            yield say(text.en, text.da, target=self._said(self.latest.target, itself=True))
        if self.provisional:
            yield say(
                "The limits are provisional: they rest on {count} points, fewer than {few}.",
                "Grænserne er foreløbige: de hviler på {count} punkter, færre end {few}.",
                count=self.rests_on,
                few=FEW,
            )

    def plot(self, lang: str = "en", title: str = "") -> Drawing:
        """Return the chart as a drawing: centre, limits, targets, breaks, and each point that signals in its shape.

        A point for the better is a filled circle, for the worse a cross, of neither way a diamond. The drawing's text
        says what the chart says, and names every point that signals.
        """
        return Drawing(
            title=title or CONTROL_CHART[lang],
            description=" ".join([*(each[lang] for each in self.sentences), self._signalling()[lang]]),
            periods=tuple(period_or_text(point.label) for point in self.points),
            lines=(
                Line(
                    "",
                    tuple(point.value * self.unit.scale for point in self.points),
                    tuple(TONES[self.change_at(point)] for point in self.points),
                ),
            ),
            unit=self.unit,
            steps=tuple(self._steps(lang)),
            breaks=tuple(place for place, (a, b) in enumerate(pairwise(self.points), 1) if a.stretch != b.stretch),
            lang=lang,
        )

    def _steps(self, lang: str) -> Iterator[Steps]:
        for kind, part, name in STEPS:
            given = [None if (end := getattr(each, part)) is None else self._within(end) for each in self.points]
            values = tuple(None if each is None else each * self.unit.scale for each in given)
            if any(each is not None for each in values):
                bare = self.unit.en != "%"
                said = "" if given[-1] is None else self._said(given[-1], itself=kind == "target", bare=bare)[lang]
                yield Steps(kind, f"{name[lang]} {said}".strip(), values)

    def _signalling(self) -> Words:
        """Say which points signal, and by which rule."""
        told = [(point, BROKEN[point.rule]) for point in self.points if point.rule]
        if not told:
            return say("No point signals.", "Intet punkt giver udslag.")
        rules = dict.fromkeys(rule for _, rule in told)
        parts = []
        for lang in ("en", "da"):
            each = (
                f"{rule[lang].format(length=self.length)} "
                f"({', '.join(titled(point.label)[lang] for point, its in told if its is rule)})"
                for rule in rules
            )
            parts.append("; ".join(each))
        return say("Points that signal: {points}.", "Punkter, der giver udslag: {points}.", points=Words(*parts))

    def _repr_html_(self) -> str:
        lang = session_language()
        drawn = self.plot(lang)
        prefix = f"c{crc32(drawn.svg().encode()):08x}-"
        said = Finding._repr_html_(self)
        return f'<figure lang="{lang}">{drawn.apart(prefix)}<figcaption>{said}</figcaption></figure>'

    def _within(self, end: float | Fraction) -> Fraction:
        """Return a limit no lower than nought where no figure is lower, and no higher than a figure can be."""
        above_nought = all(point.value >= 0 for point in self.points)
        held = max(Fraction(end), Fraction(0)) if above_nought else Fraction(end)
        return held if self.most is None else min(held, self.most)

    def _said(self, value: Fraction, *, itself: bool = False, bare: bool = False) -> Words:
        """Return a number, with its unit unless bare; itself: it is the target, with no more decimals than it needs."""
        unit, exact = self.unit, value * self.unit.scale
        if itself:
            places = next((few for few in range(unit.decimals) if (exact * 10**few).denominator == 1), unit.decimals)
        else:
            apart = None if self.latest.target is None else self.latest.target * unit.scale
            places = decimals_apart(exact, apart, unit.decimals)
        told = {lang: number(exact, lang, places) for lang in ("en", "da")}
        return Words(*(shown if bare else unit.counted(shown, lang) for lang, shown in told.items()))

    def to_dict(self) -> dict[str, Any]:
        """Return the chart as plain data, its two answers among them."""
        return {
            "kind": self.kind,
            "unit": self.unit.name,
            "points": [{**plain(attrs.asdict(point)), "change": self.change_at(point)} for point in self.points],
            "change": self.change,
            "assurance": self.assurance,
            "provisional": self.provisional,
            "dispersion": None if math.isnan(self.dispersion) else self.dispersion,
            "words": self.words.to_dict(),
        }


def chart(
    labels: Sequence[str],
    values: Sequence[Fraction | int],
    sizes: Sequence[int] | None = None,
    *,
    kind: Kind = "xmr",
    targets: Fraction | int | Sequence[Fraction | int | None] | None = None,
    higher_is_better: bool | None = None,
    breaks: Sequence[str] = (),
    unit: Unit = CASES,
    length: int = LENGTH,
    most: Fraction | None = None,
) -> Chart:
    """Return the control chart of figures over time.

    labels: the period of each point, in order. values: their figures, for kind p a count of `sizes` cases and for u
    one for each unit of `sizes`: then these counts, which the chart divides. targets: one, or one a point where it
    steps over time. breaks: the first point after each declared break of the series; limits start anew there and
    nowhere else, as if the others were not there. most: the greatest that a figure can be, None for no limit.
    """
    _check(labels, values, sizes, kind, breaks)
    exact = [Fraction(each) for each in values]
    if sizes is not None and kind != "xmr":
        exact = [value / size for value, size in zip(exact, sizes, strict=True)]
    given = targets if isinstance(targets, Sequence) else [targets] * len(labels)
    aims = [None if each is None else Fraction(each) for each in given]
    if len(aims) != len(labels):
        raise UsageError("There is not one target a point", got=len(aims), allowed=str(len(labels)))
    starts = [0, *sorted(labels.index(each) for each in breaks), len(labels)]
    points: list[Point] = []
    dispersion = math.nan
    for stretch, (first, end) in enumerate(pairwise(starts)):
        numbers = np.array([float(each) for each in exact[first:end]])
        limits = limits_of(kind, numbers, None if sizes is None else np.array(sizes[first:end], float))
        dispersion = limits.dispersion
        signals = signals_of(numbers, limits, length).tolist()
        ends = limits.centre.tolist(), limits.low.tolist(), limits.high.tolist()
        columns = zip(labels[first:end], exact[first:end], *ends, aims[first:end], signals, strict=True)
        for label, value, centre, low, high, aim, place in columns:
            way = int(np.sign(place))
            points.append(Point(label, value, centre, low, high, aim, RULES[abs(place)], way, stretch))
    return Chart(tuple(points), kind, unit, higher_is_better, length, dispersion, most)


def _check(
    labels: Sequence[str], values: Sequence[Any], sizes: Sequence[int] | None, kind: Kind, breaks: Sequence[str]
) -> None:
    lengths = {len(labels), len(values), *([] if sizes is None else [len(sizes)])}
    if kind not in KINDS or not labels or len(lengths) > 1 or (kind != "xmr" and min(sizes or [0]) < 1):
        raise UsageError(
            "These are no points of a control chart",
            got=f"kind {kind}, labels, values and sizes: {len(labels)}, {len(values)}, {len(sizes or ())}",
            allowed=f"one of {', '.join(KINDS)}; at least one point; a value for each, and but for xmr a size above 0",
            remedy="leave periods without cases out",
        )
    unknown = [each for each in breaks if each not in labels[1:]]
    if unknown:
        raise UsageError(
            "A series breaks at a point that is not there, or before the first",
            got=", ".join(unknown),
            allowed=labels[1:],
            remedy="name the first point after the break",
        )


@attrs.frozen(kw_only=True)
class FalseAlarms(Finding):
    """How many of a report's charts would say "changing" of their latest point although nothing has changed.

    charts: how many are shown together. signalling: how many say so. one: the chance of one chart; any: of any of them.
    """

    charts: int
    signalling: int
    one: Fraction
    expected: Fraction
    any: Fraction

    @property
    def sentences(self) -> tuple[Words, ...]:
        """How many say so, and how many would by chance."""
        return (
            say(
                "{signalling} of {charts} charts say that their process is changing; if none were, about {expected} "
                "would say so by chance alone, and the chance of at least one is {any}.",
                "{signalling} af {charts} diagrammer siger, at processen ændrer sig; hvis ingen gjorde det, ville "
                "omkring {expected} sige det ved et tilfælde, og chancen for mindst ét er {any}.",
                signalling=self.signalling,
                charts=self.charts,
                expected=rounded(self.expected),
                any=per_cent(self.any, decimals=0),
            ),
        )


def false_alarms(charts: Sequence[Chart]) -> FalseAlarms:
    """Return how many of these charts would signal at their latest point by chance, were no process changing.

    Reckoned for processes whose points are independent and normal and whose limits come from themselves, each of the
    length of its last stretch.
    """
    chances = [_chance(each.rests_on, each.length) for each in charts]
    quiet = math.prod((1 - chance for chance in chances), start=Fraction(1))
    expected = sum(chances, Fraction(0))
    return FalseAlarms(
        charts=len(charts),
        signalling=sum(each.change != "none" for each in charts),
        one=expected / len(chances) if chances else Fraction(0),
        expected=expected,
        any=1 - quiet,
    )


DRAWN: Final = 20_000
"""Quiet processes drawn for the chance of a false alarm: it is right to about a third of a percentage point."""


@lru_cache(maxsize=256)
def _chance(points: int, length: int) -> Fraction:
    values = np.random.default_rng(20100801).normal(size=(DRAWN, points))
    limits = limits_of("xmr", values, None)
    # no rule looks further back from the latest point than this
    latest = slice(-max(length, 3), None)
    centre, low, high, sigma = (each[:, latest] for each in (limits.centre, limits.low, limits.high, limits.sigma))
    signals = signals_of(values[:, latest], ControlLimits(centre, low, high, sigma, limits.dispersion), length)
    return Fraction(int((signals[:, -1] != 0).sum()), DRAWN)
