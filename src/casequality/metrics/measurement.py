"""Measurements: the figures of a metric with everything a reader needs to trust them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from casequality.errors import UnknownName
from casequality.metrics.axis import UNDATED
from casequality.metrics.figures import Figure, Figures
from casequality.metrics.metric import Reading
from casequality.metrics.statistics import Value
from casequality.metrics.tally import Tally
from casequality.metrics.units import Unit


@attrs.frozen(kw_only=True)
class Measurement:
    """The figures of one metric under one reading, and where every row that was read went."""

    reading: Reading
    figures: Figures
    tally: Tally = attrs.field(repr=False)
    as_of_day: np.datetime64

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self.figures)

    @property
    def unit(self) -> Unit:
        """What the figures are measured in."""
        return self.reading.metric.unit

    @property
    def facets(self) -> tuple[str, ...]:
        """What the facet of a figure can be: "" alone for a metric without, and where all are counted together."""
        return ("",) if self.reading.metric.statistic.joins_facets else self.tally.facets

    def figure(self, period: str, *, facet: str | None = None, **groups: str | None) -> Figure:
        """Return the figure of one period, facet and group; raise `UnknownName` naming those there are.

        Without a facet it is the figure that has none, where there is one.
        """
        wanted = {"period": period, **({"facet": facet} if facet else {}), **groups}
        fitting = [figure for figure in self.figures if wanted.items() <= figure.place.items()]
        found = [figure for figure in fitting if figure.place == wanted] or fitting
        if len(found) != 1:
            raise UnknownName(
                "There is not one such figure" if not found else "Several figures fit",
                got=_named(wanted),
                allowed="; ".join(_named(figure.place) for figure in self.figures),
                remedy="name the period as it is shown, a label for each group, and the facet where there are several",
            )
        return found[0]

    @property
    def accounts(self) -> dict[str, int]:
        """Where every row went: the parts add up to what was read.

        Undated are rows without a beginning that no period shows by their end.
        """
        tally = self.tally
        rows = np.where(tally.part("facet") == 0, tally.counted("rows"), 0)
        axis = tally.assumed.axis
        shown = np.zeros(axis.cells, bool)
        for part in self.figures.counts.grid.periods if len(self.figures) else ():
            shown[axis.cell_of(part.first) : axis.cell_of(part.end)] = True
        inside = shown[tally.part("exit" if self.reading.cohort == "closed" else "entry")]
        undated = ~inside & (tally.part("entry") == UNDATED)
        return {
            "read": tally.accounts.read,
            "in the periods": int(rows[inside].sum()),
            "outside the periods": int(rows[~inside & ~undated].sum()),
            "undated": int(rows[undated].sum()),
            "not yet begun": tally.accounts.later,
            "elsewhere": tally.accounts.elsewhere,
            "set aside": tally.accounts.set_aside,
        }

    def in_unit(self, exact: Fraction) -> Fraction:
        """Return a stored value in the metric's unit."""
        return exact * self.unit.scale

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data; fractions as numerator and denominator."""
        metric = self.reading.metric
        return {
            "metric": metric.id,
            "version": metric.version,
            "title": dict(metric.title),
            "unit": self.unit.name,
            "readings": dict(self.reading.chosen),
            "assumed_readings": list(self.reading.assumed),
            "parameters": dict(self.tally.assumed.parameters),
            "as_of": self.tally.assumed.as_of,
            "zone": self.tally.assumed.axis.zone,
            "calendar": self.tally.assumed.calendar,
            "figures": [self._plain(figure) for figure in self.figures],
            "accounts": self.accounts,
            "findings": dict(self.tally.accounts.findings),
        }

    def _plain(self, figure: Figure) -> dict[str, Any]:
        exact = figure.value.exact
        return {
            **figure.place,
            "value": None if exact is None else float(self.in_unit(exact)),
            "numerator": figure.value.numerator,
            "denominator": figure.value.denominator,
            "reason": figure.value.reason,
            "low": _plain_end(figure.low, self),
            "high": _plain_end(figure.high, self),
            "bounds": said_of(figure.value),
            "doubt": dict(figure.doubt),
            "partial": figure.partial,
            "outcomes": dict(figure.outcomes),
            "convention_sensitive": figure.sensitive,
        }


def _plain_end(end: Fraction | None, measured: Measurement) -> float | None:
    return None if end is None else float(measured.in_unit(end))


def said_of(value: Value) -> str:
    """Return how low and high are meant: "exact", "loose", without limit on a side, or "none" where there are none."""
    if not value.possible:
        return "none"
    lacking = " and ".join(name for name, end in (("lower", value.low), ("upper", value.high)) if end is None)
    return f"no {lacking} limit" if lacking else "loose" if value.loose else "exact"


def _named(place: Mapping[str, str | None]) -> str:
    return ", ".join(f"{name} {label}" for name, label in place.items())
