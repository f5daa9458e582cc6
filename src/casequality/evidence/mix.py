"""A change of a pooled figure taken apart: into rate, mix and volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import attrs

from casequality.errors import UsageError, Words
from casequality.evidence.said import DECIMALS, Finding, number, say
from casequality.evidence.wholes import Counts, in_unit, pooled_of
from casequality.metrics import SHARE, Unit


@attrs.frozen(kw_only=True)
class Effect:
    """What one part added to a change of the whole: by its own figure, and by its share of the cases.

    before, after: its figure, None where it had no case.
    """

    part: str
    before: Fraction | None
    after: Fraction | None
    rate: Fraction
    mix: Fraction

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        plain = {
            name: None if value is None else float(value)
            for name, value in attrs.asdict(self).items()
            if name != "part"
        }
        return {"part": self.part, **plain}


@attrs.frozen(kw_only=True)
class Mix(Finding):
    """A change of a pooled figure taken apart: `rate` and `mix` add up to it, with nothing left over.

    rate: because the parts' own figures changed. mix: because cases moved between parts of high and low figures.
    Both are weighed at the mean of before and after, so that neither order of the two comes first (Kitagawa 1955).
    volume: of the change in what is counted above the line, how much is because there were more or fewer cases.
    """

    before: Fraction
    after: Fraction
    rate: Fraction
    mix: Fraction
    effects: tuple[Effect, ...]
    counted: tuple[int, int]
    cases: tuple[int, int]
    unit: Unit = attrs.field(default=SHARE, repr=False)

    @property
    def change(self) -> Fraction:
        """How much greater the later figure is."""
        return self.after - self.before

    @property
    def volume(self) -> Fraction:
        """The part of the change in the count that comes from the number of cases; see `counts`."""
        return (self.cases[1] - self.cases[0]) * (self.before + self.after) / 2

    @property
    def counts(self) -> Mapping[str, Fraction]:
        """The change in what is counted above the line as volume, mix and rate, which add up to it exactly."""
        cases = Fraction(sum(self.cases), 2)
        return {"volume": self.volume, "mix": cases * self.mix, "rate": cases * self.rate}

    @property
    def reversed(self) -> bool:
        """Whether every part that has both figures moved one way, and the whole the other."""
        moves = [
            each.after - each.before for each in self.effects if each.before is not None and each.after is not None
        ]
        up = [move for move in moves if move > 0]
        down = [move for move in moves if move < 0]
        return bool(up and not down and self.change < 0) or bool(down and not up and self.change > 0)

    @property
    def sentences(self) -> tuple[Words, ...]:
        """The change and its two parts, rounded so that they add up in print too, and where the whole misleads."""
        unit = self._points
        places = _adding([self.rate * unit.scale, self.mix * unit.scale, self.change * unit.scale], least=unit.decimals)
        first = say(
            "From {before} to {after}: {change}, of which {rate} because the parts' own figures changed and {mix} "
            "because cases moved between parts.",
            "Fra {before} til {after}: {change}, heraf {rate}, fordi delenes egne tal ændrede sig, og {mix}, fordi "
            "sagerne fordelte sig anderledes på delene.",
            before=in_unit(self.before, self.unit),
            after=in_unit(self.after, self.unit),
            **{name: in_unit(getattr(self, name), unit, places) for name in ("change", "rate", "mix")},
        )
        if not self.reversed:
            return (first,)
        second = say(
            "Every part moved one way and the whole the other: it is the mix that turned it.",
            "Alle dele bevægede sig den ene vej og helheden den anden: det er fordelingen, der vendte den.",
        )
        return first, second

    @property
    def _points(self) -> Unit:
        if self.unit.en != "%":
            return self.unit
        return attrs.evolve(self.unit, name="points", en="percentage points", da="procentpoint")

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        counts = {name: float(value) for name, value in self.counts.items()}
        return {**Finding.to_dict(self), "change": float(self.change), "counts": counts, "reversed": self.reversed}


MOST: Final = 6


def _adding(parts: Sequence[Fraction], least: int) -> int:
    """Return the fewest decimals, from `least`, with which the rounded parts add up to the rounded last one."""

    def add_up(places: int) -> bool:
        *some, whole = (Fraction(number(each, "en", places).replace(",", "")) for each in parts)
        return sum(some) == whole

    return next((places for places in range(least, min(MOST, DECIMALS)) if add_up(places)), least)


def take_apart(before: Counts, after: Counts, *, unit: Unit = SHARE) -> Mix:
    """Return how a change of the pooled figure is made up of the parts' figures and of their mix.

    before, after: by part, what is counted above and below the line; a part may be in one of them only.

    >>> found = take_apart({"a": (90, 100), "b": (30, 100)}, {"a": (46, 50), "b": (64, 200)})
    >>> found.rate + found.mix == found.after - found.before, found.reversed
    (True, True)
    """
    totals = [sum(below for _, below in counts.values()) for counts in (before, after)]
    if not all(totals):
        raise UsageError("A change is taken apart between two periods with cases", got=f"{totals[0]} and {totals[1]}")
    names = list(dict.fromkeys([*before, *after]))
    pooled = [pooled_of(counts) for counts in (before, after)]
    middle = sum(pooled, Fraction(0)) / 2
    effects = [_effect(name, before.get(name, (0, 0)), after.get(name, (0, 0)), totals, middle) for name in names]
    return Mix(
        before=pooled[0],
        after=pooled[1],
        rate=sum((each.rate for each in effects), Fraction(0)),
        mix=sum((each.mix for each in effects), Fraction(0)),
        effects=tuple(effects),
        counted=(sum(above for above, _ in before.values()), sum(above for above, _ in after.values())),
        cases=(totals[0], totals[1]),
        unit=unit,
    )


def _effect(name: str, was: tuple[int, int], now: tuple[int, int], totals: Sequence[int], middle: Fraction) -> Effect:
    figures = [Fraction(above, below) if below else None for above, below in (was, now)]
    weights = [Fraction(below, total) for (_, below), total in zip((was, now), totals, strict=True)]
    # a part without a case has no figure of its own: all that it adds it adds by coming or going
    known = [figure for figure in figures if figure is not None]
    old, new = (known[0], known[-1]) if known else (middle, middle)
    return Effect(
        part=name,
        before=figures[0],
        after=figures[1],
        rate=(weights[0] + weights[1]) / 2 * (new - old),
        mix=(weights[1] - weights[0]) * ((old + new) / 2 - middle),
    )
