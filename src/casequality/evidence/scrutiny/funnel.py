"""Units side by side without a ranking: which lie beyond what their size and the usual differences explain."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, Final

import attrs

from casequality.errors import UsageError, Words
from casequality.evidence.said import Finding, named, per_cent, rounded, say

NEAR, FAR = 1.959964, 3.090232
"""Standard deviations of the inner limits (95 %) and the outer ones (99.8 %)."""
TRIMMED: Final = Fraction(1, 10)
"""This share of the units at either end is drawn in before the usual differences are measured."""


@attrs.frozen(kw_only=True)
class FunnelUnit:
    """One unit: its share, its own limits, and whether it is "within", "near" the outer limits or "beyond" them."""

    name: str
    yes: int
    cases: int
    inner: tuple[float, float]
    outer: tuple[float, float]

    @property
    def share(self) -> Fraction:
        """Its share."""
        return Fraction(self.yes, self.cases)

    @property
    def place(self) -> str:
        """Where it lies."""
        value = float(self.share)
        if not self.outer[0] <= value <= self.outer[1]:
            return "beyond"
        return "within" if self.inner[0] <= value <= self.inner[1] else "near"


@attrs.frozen(kw_only=True)
class Funnel(Finding):
    """Units in the order in which they were given, around the share of all; they are not ranked.

    dispersion: how many times as much they vary (as a variance) as chance alone would have them; 1 for no more.
    names: by a unit's name what it is called, where it is called otherwise.
    """

    about: ClassVar[str] = "about units"
    units: tuple[FunnelUnit, ...]
    share: Fraction
    dispersion: float
    names: Mapping[str, Words] = attrs.field(factory=dict)

    def __getitem__(self, name: str) -> FunnelUnit:
        return next(each for each in self.units if each.name == name)

    @property
    def sentences(self) -> tuple[Words, ...]:
        """The share of all, how much the units vary beyond chance, and which lie beyond the outer limits."""
        beyond = [each for each in self.units if each.place == "beyond"]
        more = rounded(self.dispersion)
        first = say(
            "All together {share}; the units vary {times} chance alone.",
            "Tilsammen {share}; enhederne varierer {times} tilfældet alene.",
            share=per_cent(self.share),
            times=say(
                "{more} times as much (as a variance) as", "{more} gange så meget (målt som varians) som", more=more
            )
            if self.dispersion > 1
            else Words("no more than", "ikke mere end"),
        )
        if not beyond:
            none = say(
                "None lies beyond what its size and the usual differences explain: an order among them says nothing.",
                "Ingen ligger ud over, hvad størrelse og sædvanlige forskelle forklarer: en rækkefølge siger intet.",
            )
            return first, none
        return first, *(
            say(
                "{name}: {share}, beyond {low} to {high}, which units of its size lie between.",
                "{name}: {share}, uden for {low} til {high}, som enheder af den størrelse ligger mellem.",
                name=named(self.names, each.name),
                share=per_cent(each.share),
                low=per_cent(each.outer[0]),
                high=per_cent(each.outer[1]),
            )
            for each in beyond
        )

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        units = [{**attrs.asdict(each), "share": float(each.share), "place": each.place} for each in self.units]
        return {
            "units": units,
            "share": float(self.share),
            "dispersion": self.dispersion,
            "words": self.words.to_dict(),
        }


def funnel(units: Mapping[str, tuple[int, int]], names: Mapping[str, Words] | None = None) -> Funnel:
    """Return which units lie beyond what their size and the usual differences between units explain.

    units: by name, how many yes of how many cases. names: what units are called that are called otherwise. Limits are
    around the share of all, widened by the overdispersion of the units (Spiegelhalter, Statistics in Medicine 24, 2005:
    multiplicative, a tenth winsorised at either end).
    """
    if len(units) < 2 or any(cases < 1 or not 0 <= yes <= cases for yes, cases in units.values()):
        raise UsageError(
            Words("These are no units to set side by side", "Der er ikke enheder at sætte side om side"),
            got=f"{len(units)} units",
            allowed="at least two, each with a case and no more yes than cases",
        )
    share = Fraction(sum(yes for yes, _ in units.values()), sum(cases for _, cases in units.values()))
    centre = float(share)
    sigma = {name: math.sqrt(centre * (1 - centre) / cases) for name, (_, cases) in units.items()}
    scores = sorted((yes / cases - centre) / (sigma[name] or 1) for name, (yes, cases) in units.items())
    cut = int(len(scores) * TRIMMED)
    low, high = scores[cut], scores[-1 - cut]
    dispersion = max(1.0, sum(min(max(score, low), high) ** 2 for score in scores) / len(scores))
    made = []
    for name, (yes, cases) in units.items():
        arms = (each * math.sqrt(dispersion) * sigma[name] for each in (NEAR, FAR))
        inner, outer = ((max(centre - arm, 0.0), min(centre + arm, 1.0)) for arm in arms)
        made.append(FunnelUnit(name=name, yes=yes, cases=cases, inner=inner, outer=outer))
    return Funnel(units=tuple(made), share=share, dispersion=dispersion, names=names or {})
