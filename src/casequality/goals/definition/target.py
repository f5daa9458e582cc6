"""Targets: what a figure is held against, compared exactly."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs

from casequality.days import Period, period
from casequality.errors import NOT_SAID, CaseQualityError, GoalError, Words
from casequality.goals.definition.reasons import plain_number
from casequality.metrics import Unit

Comparison: TypeAlias = Literal["at least", "at most", "exactly", "above", "below"]
COMPARISONS: Final[tuple[Comparison, ...]] = get_args(Comparison)
Bound: TypeAlias = Fraction | None
"""A number, or None where there is no limit on that side."""
Bounds: TypeAlias = tuple[Bound, Bound]

NONE_YET: Final = "baseline"
UNSTATED: Final = "not in the source"
EXAMPLES: Final = (
    '"at most 25 s", "at least 80 %", "at most 90 % of 2009", "above 100 % of the year before", "baseline", '
    '"not in the source", or "not in the source, beside 2010-H1"'
)

_DANISH: Final[Mapping[Comparison, str]] = {
    "at least": "mindst",
    "at most": "højst",
    "exactly": "præcis",
    "above": "over",
    "below": "under",
}
_HOLDS: Final[Mapping[Comparison, Callable[[Any, Fraction], bool]]] = {
    "at least": operator.ge,
    "at most": operator.le,
    "exactly": operator.eq,
    "above": operator.gt,
    "below": operator.lt,
}
_EARLIER: Final[Mapping[str, tuple[str, Callable[[Period], Period]]]] = {
    "the year before": ("året før", Period.year_before),
    "the period before": ("perioden før", Period.previous),
}
_PATTERN = re.compile(
    rf"(?P<comparison>{'|'.join(COMPARISONS)})\s+(?P<number>-?\d+(?:\.\d+)?)"
    r"(?:\s*(?P<unit>(?!of\s)[^\s\d.,].*?))?(?:\s+of\s+(?P<earlier>.+))?"
)


@attrs.frozen
class Target:
    """A number in a figure's unit, and how the figure must compare with it; the number itself counts as "at least"."""

    comparison: Comparison
    number: Fraction
    unit: str = ""

    @classmethod
    def parse(cls, text: str) -> Target:
        """Return the target that a text states; raise `GoalError` where it states none.

        >>> Target.parse("at least 75 %").met_by(Fraction(7496, 100))
        False
        """
        target = parse_target(text)
        if not isinstance(target, Target):
            raise _unreadable(text)
        return target

    def met_by(self, exact: Fraction) -> bool:
        """Say whether a figure in the target's unit meets it."""
        return _HOLDS[self.comparison](exact, self.number)

    def margin(self, exact: Fraction) -> Fraction:
        """Return how much better than the target a figure is, negative for worse."""
        difference = exact - self.number
        if self.comparison == "exactly":
            return -abs(difference)
        return difference if self.comparison in ("at least", "above") else -difference

    def over(self, low: Bound, high: Bound) -> bool | None:
        """Say whether every figure from `low` to `high` meets the target, none does, or (None) some do."""
        lowest, highest = (-math.inf if low is None else low), (math.inf if high is None else high)
        if self.comparison == "exactly":
            possible = lowest <= self.number <= highest
            return None if possible and lowest < highest else possible
        at_lowest, at_highest = (_HOLDS[self.comparison](end, self.number) for end in (lowest, highest))
        return at_lowest if at_lowest == at_highest else None

    def words(self, unit: Unit | None = None) -> Words:
        """Return the target in words, with the words of a metric's unit where it is given."""
        english, danish = (unit.en, unit.da) if unit else (self.unit, self.unit)
        return Words(
            _worded(self.comparison, self.number, english, "en"), _worded(self.comparison, self.number, danish, "da")
        )

    def __str__(self) -> str:
        return self.words().en


@attrs.frozen
class Baseline:
    """A target that is a share of an earlier figure: "at most 90 % of 2009".

    share: as written, in per cent. earlier: a period's label, "the year before" or "the period before".
    """

    comparison: Comparison
    share: Fraction
    earlier: str

    def period_for(self, judged: Period) -> Period:
        """Return the period that a judged period is held against."""
        return _EARLIER[self.earlier][1](judged) if self.earlier in _EARLIER else period(self.earlier)

    def target(self, figure: Fraction, unit: str) -> Target:
        """Return the target that the earlier figure makes, in its unit."""
        return Target(self.comparison, self.factor * figure, unit)

    @property
    def factor(self) -> Fraction:
        """The share as a number: 9/10 for 90 %."""
        return self.share / 100

    def words(self) -> Words:
        """Return the target in words."""
        english, danish = (_worded(self.comparison, self.share, "%", lang) for lang in ("en", "da"))
        return Words(f"{english} of {self._title('en')}", f"{danish} af {self._title('da')}")

    def _title(self, lang: str) -> str:
        if self.earlier in _EARLIER:
            return _EARLIER[self.earlier][0] if lang == "da" else self.earlier
        return period(self.earlier).title(lang)

    def __str__(self) -> str:
        return self.words().en


@attrs.frozen
class Unstated:
    """No target: a figure that its source asks for without saying what it must be.

    beside: the label of the period of a first measurement, beside which later figures are shown; empty for none.
    """

    beside: str = ""

    def words(self) -> Words:
        """Return what stands in the place of a target."""
        if not self.beside:
            return NOT_SAID
        first = period(self.beside)
        return Words(
            f"{NOT_SAID.en}, beside {first.title('en')}", f"{NOT_SAID.da}, vises ved siden af {first.title('da')}"
        )

    def __str__(self) -> str:
        return f"{UNSTATED}, beside {self.beside}" if self.beside else UNSTATED


def parse_target(text: str) -> Target | Baseline | Unstated | None:
    """Return what a goal's target says: a target, a share of an earlier figure, none, or None for "baseline"."""
    if text.strip() == NONE_YET:
        return None
    if text.strip() == UNSTATED:
        return Unstated()
    if text.strip().startswith(f"{UNSTATED}, beside "):
        first = text.strip().removeprefix(f"{UNSTATED}, beside ")
        _check_label(first, text)
        return Unstated(first)
    found = _PATTERN.fullmatch(text.strip())
    if found is None:
        raise _unreadable(text)
    comparison = next(each for each in COMPARISONS if each == found["comparison"])
    number, unit, earlier = Fraction(found["number"]), found["unit"] or "", found["earlier"]
    if earlier is None:
        return Target(comparison, number, unit)
    if unit != "%" or number <= 0:
        raise GoalError(
            "A share of an earlier figure is above 0 and in per cent",
            got=text,
            allowed=EXAMPLES,
            remedy="write a reduction by a tenth as 'at most 90 % of 2009'",
        )
    if earlier not in _EARLIER:
        _check_label(earlier, text)
    return Baseline(comparison, number, earlier)


def _check_label(label: str, text: str) -> None:
    try:
        period(label)
    except CaseQualityError:
        raise GoalError(
            "The earlier period is not known",
            got=text,
            allowed=f"2009-06, 2009-Q2, 2009-H1, 2009, 2009-04-01..2009-12-31, {', '.join(_EARLIER)}",
            remedy="name the period of the earlier figure",
        ) from None


def _unreadable(text: str) -> GoalError:
    return GoalError(
        "The target cannot be read",
        got=text,
        allowed=EXAMPLES,
        remedy="write a comparison, a number with a decimal point and no separator of thousands, and the unit",
    )


def _worded(comparison: Comparison, number: Fraction, unit: str, lang: str) -> str:
    word = _DANISH[comparison] if lang == "da" else comparison
    return f"{word} {plain_number(number, lang)} {unit}".rstrip()
