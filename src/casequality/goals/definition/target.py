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
from casequality.evidence import plain_number
from casequality.metrics import Unit
from casequality.showing import counted

Comparison: TypeAlias = Literal["at least", "at most", "exactly", "above", "below", "between"]
COMPARISONS: Final[tuple[Comparison, ...]] = get_args(Comparison)
BETWEEN: Final = "between"
Bound: TypeAlias = Fraction | None
"""A number, or None where there is no limit on that side."""
Bounds: TypeAlias = tuple[Bound, Bound]

NONE_YET: Final = "baseline"
UNSTATED: Final = "not in the source"
EXAMPLES: Final = (
    '"at most 25 s", "at least 80 %", "at most 90 % of 2009", "above 100 % of the year before", '
    '"between 40 and 60 days", "baseline", "not in the source", or "not in the source, beside 2010-H1"'
)

_DANISH: Final[Mapping[Comparison, str]] = {
    "at least": "mindst",
    "at most": "højst",
    "exactly": "præcis",
    "above": "over",
    "below": "under",
    "between": "mellem",
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
_BETWEEN = re.compile(
    r"between\s+(?P<low>-?\d+(?:\.\d+)?)\s+and\s+(?P<high>-?\d+(?:\.\d+)?)(?:\s*(?P<unit>(?!of\s)[^\s\d.,].*?))?"
)
_PATTERN = re.compile(
    rf"(?P<comparison>{'|'.join(each for each in COMPARISONS if each != BETWEEN)})\s+(?P<number>-?\d+(?:\.\d+)?)"
    r"(?:\s*(?P<unit>(?!of\s)[^\s\d.,].*?))?(?:\s+of\s+(?P<earlier>.+))?"
)


@attrs.frozen
class Target:
    """A number in a figure's unit, and how the figure must compare with it; the number itself counts as "at least".

    width: how much above the number the figure may be of a target "between", both ends in it; 0 of the others.
    """

    comparison: Comparison
    number: Fraction
    unit: str = ""
    width: Fraction = Fraction(0)

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
        if self.comparison == BETWEEN:
            return self.number <= exact <= self.number + self.width
        return _HOLDS[self.comparison](exact, self.number)

    def margin(self, exact: Fraction) -> Fraction:
        """Return how much better than the target a figure is, negative for worse."""
        difference = exact - self.number
        if self.comparison == BETWEEN:
            return min(difference, self.width - difference)
        if self.comparison == "exactly":
            return -abs(difference)
        return difference if self.comparison in ("at least", "above") else -difference

    def nearest(self, exact: Fraction) -> Fraction:
        """Return the number at which a figure would turn: the end that it is nearer to where there are two."""
        return self.number + self.width if 2 * (exact - self.number) > self.width else self.number

    def over(self, low: Bound, high: Bound) -> bool | None:
        """Say whether every figure from `low` to `high` meets the target, none does, or (None) some do."""
        lowest, highest = (-math.inf if low is None else low), (math.inf if high is None else high)
        if self.comparison == BETWEEN:
            upper = self.number + self.width
            inside = self.number <= lowest and highest <= upper
            return True if inside else None if lowest <= upper and self.number <= highest else False
        if self.comparison == "exactly":
            possible = lowest <= self.number <= highest
            return None if possible and lowest < highest else possible
        at_lowest, at_highest = (_HOLDS[self.comparison](end, self.number) for end in (lowest, highest))
        return at_lowest if at_lowest == at_highest else None

    def words(self, unit: Unit | None = None) -> Words:
        """Return the target in words, with the words of a metric's unit where it is given."""
        english, danish = (unit.en, unit.da) if unit else (self.unit, self.unit)
        upper = self.number + self.width if self.comparison == BETWEEN else None
        return Words(
            _worded(self.comparison, self.number, english, "en", upper),
            _worded(self.comparison, self.number, danish, "da", upper),
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
    if found := _BETWEEN.fullmatch(text.strip()):
        low, high = Fraction(found["low"]), Fraction(found["high"])
        if high <= low:
            raise GoalError(
                "A target between two numbers names the lesser first",
                got=text,
                allowed=EXAMPLES,
                remedy="swap the two, or write 'exactly' for one number",
            )
        return Target(BETWEEN, low, found["unit"] or "", high - low)
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


def _worded(comparison: Comparison, number: Fraction, unit: str, lang: str, upper: Fraction | None = None) -> str:
    word, joined = (_DANISH[comparison], "og") if lang == "da" else (comparison, "and")
    shown = plain_number(number if upper is None else upper, lang)
    least = "" if upper is None else f"{plain_number(number, lang)} {joined} "
    return f"{word} {least}{counted(shown, unit)}".rstrip()
