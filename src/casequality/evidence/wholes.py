"""Wholes and parts: a pooled figure beside those of its parts, and whether both tell the same."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import attrs

from casequality.errors import UnknownName, UsageError, Words
from casequality.evidence.budget import COMPARED, Compared
from casequality.evidence.said import Finding, decimals_apart, number, say
from casequality.metrics import SHARE, Measurement, Unit

Counts: TypeAlias = Mapping[str, tuple[int, int]]
"""By part, what is counted above and below the line: met and all, or seconds and calls."""


def in_unit(value: Fraction, unit: Unit, places: int | None = None) -> Words:
    """Return a stored number as it is said in its unit, with the unit's decimals where none are given."""
    exact, decimals = value * unit.scale, unit.decimals if places is None else places
    return Words(f"{number(exact, 'en', decimals)} {unit.en}", f"{number(exact, 'da', decimals)} {unit.da}")


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
        return in_unit(value, self.unit, places)

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
        pooled=pooled_of(some), mean=mean, parts=figures, met=met, target=target, compared=compared, unit=unit
    )


def pooled_of(parts: Counts) -> Fraction:
    """Return what all parts are together: what is above the line by what is below it."""
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
