"""Wholes and parts: a pooled figure beside those of its parts, and a change taken apart into rate, mix and volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, TypeAlias

import attrs

from casequality.errors import LANGUAGES, UnknownName, UsageError, Words
from casequality.evidence.budget import COMPARED, Compared
from casequality.evidence.said import DECIMALS, Finding, decimals_apart, number, say
from casequality.metrics import SHARE, Measurement, Unit

Counts: TypeAlias = Mapping[str, tuple[int, int]]
"""By part, what is counted above and below the line: met and all, or seconds and calls."""


def _said(value: Fraction, unit: Unit, places: int | None = None) -> Words:
    exact, decimals = value * unit.scale, unit.decimals if places is None else places
    return Words(*(unit.counted(number(exact, lang, decimals), lang) for lang in LANGUAGES))


@attrs.frozen(kw_only=True)
class Together(Finding):
    """A pooled figure beside the figures of its parts and their mean, each held against the target.

    pooled: all cases together. mean: that of the parts' figures, each counted once however many cases it has.
    parts: the figure of each. met: which of them meet the target. Numbers in the stored unit.
    """

    pooled: Fraction
    mean: Fraction
    parts: Mapping[str, Fraction]
    met: tuple[str, ...]
    target: Fraction
    compared: Compared
    unit: Unit = attrs.field(default=SHARE, repr=False)

    @property
    def pooled_meets(self) -> bool:
        """Whether all cases together meet the target."""
        return _meets(self.pooled, self.target, self.compared)

    @property
    def mean_meets(self) -> bool:
        """Whether the mean of the parts does."""
        return _meets(self.mean, self.target, self.compared)

    @property
    def hides(self) -> tuple[str, ...]:
        """The parts that miss a target which all cases together meet."""
        return tuple(name for name in self.parts if name not in self.met) if self.pooled_meets else ()

    @property
    def sentences(self) -> tuple[Words, ...]:
        """The two figures with what each says of the target, and how many parts meet it."""
        verdicts = {True: Words("met", "opfyldt"), False: Words("not met", "ikke opfyldt")}
        first = say(
            "All cases together give {pooled} ({one}); the mean of the {count} parts is {mean} ({other}).",
            "Alle sager under ét giver {pooled} ({one}); gennemsnittet af de {count} dele er {mean} ({other}).",
            pooled=self._shown(self.pooled),
            mean=self._shown(self.mean),
            count=len(self.parts),
            one=verdicts[self.pooled_meets],
            other=verdicts[self.mean_meets],
        )
        second = say(
            "{met} of {count} parts meet the target by themselves.",
            "{met} af {count} dele opfylder måltallet hver for sig.",
            met=len(self.met),
            count=len(self.parts),
        )
        if not self.hides:
            return first, second
        third = say(
            "The pooled figure hides that these do not: {names}.",
            "Det samlede tal skjuler, at disse ikke gør: {names}.",
            names=", ".join(self.hides),
        )
        return first, second, third

    def _shown(self, value: Fraction) -> Words:
        places = decimals_apart(value * self.unit.scale, self.target * self.unit.scale, self.unit.decimals)
        return _said(value, self.unit, places)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        worked = {"pooled_meets": self.pooled_meets, "mean_meets": self.mean_meets, "hides": list(self.hides)}
        return {**Finding.to_dict(self), **worked}


def _meets(value: Fraction, target: Fraction, compared: Compared) -> bool:
    if value == target:
        return compared.startswith("at ")
    return (value > target) == (compared in ("at least", "above"))


def together(parts: Counts, target: Fraction, *, compared: Compared = "at least", unit: Unit = SHARE) -> Together:
    """Return the pooled figure of some parts beside their own; a part of no case is left out.

    >>> days = {f"day {n}": (900 * 12, 900) for n in range(20)} | {f"peak {n}": (2400 * 75, 2400) for n in range(2)}
    >>> seconds = Unit("seconds", "sekunder", "seconds")
    >>> print(together(days, Fraction(25), compared="at most", unit=seconds).sentences[0])
    All cases together give 25.3 seconds (not met); the mean of the 22 parts is 17.7 seconds (met).
    """
    some = {name: (above, below) for name, (above, below) in parts.items() if below}
    if not some or compared not in COMPARED:
        raise UsageError(
            "There are no parts to put together",
            got=f"{len(some)} with cases; {compared}",
            allowed=f"at least one part with cases; {', '.join(COMPARED)}",
        )
    figures = {name: Fraction(above, below) for name, (above, below) in some.items()}
    met = tuple(name for name, figure in figures.items() if _meets(figure, target, compared))
    mean = sum(figures.values(), Fraction(0)) / len(figures)
    return Together(
        pooled=_pooled(some), mean=mean, parts=figures, met=met, target=target, compared=compared, unit=unit
    )


def _pooled(parts: Counts) -> Fraction:
    return Fraction(sum(above for above, _ in parts.values()), sum(below for _, below in parts.values()))


def parts_of(measured: Measurement, period: str) -> Counts:
    """Return what is counted above and below the line in each group of a period, by its labels.

    For figures that are quotients of counts, such as shares; raises `UnknownName` for a period that is not shown.
    """
    found = {}
    for figure in measured:
        value, named = figure.value, [*([figure.facet] if figure.facet else []), *map(_label, figure.groups.values())]
        if figure.period.label == period and value.numerator is not None and value.denominator is not None:
            found[", ".join(named)] = (value.numerator, value.denominator)
    if not found:
        raise UnknownName(
            "No figure of that period is shown",
            got=period,
            allowed=dict.fromkeys(figure.period.label for figure in measured),
            remedy="name one of these, as it is shown",
        )
    return found


def _label(label: str | None) -> str:
    return "-" if label is None else label


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
            before=_said(self.before, self.unit),
            after=_said(self.after, self.unit),
            **{name: _said(getattr(self, name), unit, places) for name in ("change", "rate", "mix")},
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
        raise UsageError("A change is taken apart between two periods with cases", got=f"{totals[0]}, {totals[1]}")
    names = list(dict.fromkeys([*before, *after]))
    pooled = [_pooled(counts) for counts in (before, after)]
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
    # a part without a case has no figure of its own: all that it adds it adds by coming or going
    known = [figure for figure in figures if figure is not None]
    old, new = (known[0], known[-1]) if known else (middle, middle)
    # its shares of all cases then and now, of one denominator: whole numbers are added faster than fractions
    shares, both = (was[1] * totals[1], now[1] * totals[0]), totals[0] * totals[1]
    return Effect(
        part=name,
        before=figures[0],
        after=figures[1],
        rate=Fraction(shares[0] + shares[1], 2 * both) * (new - old),
        mix=Fraction(shares[1] - shares[0], 2 * both) * (old + new - 2 * middle),
    )
