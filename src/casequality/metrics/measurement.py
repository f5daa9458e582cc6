"""Measurements: the figures of a metric with everything a reader needs to trust them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from casequality.days import Period
from casequality.errors import UnknownName
from casequality.metrics.metric import Reading
from casequality.metrics.statistics import Value
from casequality.metrics.tally import Tally
from casequality.metrics.units import Unit


@attrs.frozen(kw_only=True)
class Figure:
    """One figure: a period, its groups and facet, the exact value, and what it was counted from.

    outcomes: rows by outcome; they add up to every row of the period. sensitive: rows whose outcome differs on the
    other Danish calendar. partial: whether the period had not ended at the as-of.
    """

    period: Period
    groups: Mapping[str, str | None]
    facet: str
    value: Value
    outcomes: Mapping[str, int]
    sensitive: int
    partial: bool

    @property
    def rows(self) -> int:
        """How many rows the figure was counted from."""
        return sum(self.outcomes.values())


@attrs.frozen(kw_only=True)
class Measurement:
    """The figures of one metric under one reading, and where every row that was read went."""

    reading: Reading
    figures: tuple[Figure, ...]
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

    def figure(self, period: str, **groups: str) -> Figure:
        """Return the figure of one period and group; raise `UnknownName` naming those there are."""
        found = [
            figure
            for figure in self.figures
            if figure.period.label == period and all(figure.groups.get(name) == label for name, label in groups.items())
        ]
        if len(found) != 1:
            raise UnknownName(
                "There is not one such figure" if not found else "Several figures fit",
                got=", ".join([period, *(f"{name}={label}" for name, label in groups.items())]),
                allowed=[", ".join([each.period.label, *(f"{k}={v}" for k, v in each.groups.items())]) for each in self.figures],
                remedy="name the period as it is shown, and a label for each group",
            )
        return found[0]

    @property
    def accounts(self) -> dict[str, int]:
        """Where every row went: the parts add up to what was read."""
        tally = self.tally
        facet = tally.part("facet") == 0
        axis = "exit" if self.reading.cohort == "closed" else "entry"
        cells, rows = tally.part(axis)[facet], tally.counted("rows")[facet]
        undated = int(tally.counted("rows")[facet & (tally.part("entry") == 0)].sum())
        inside = np.zeros(tally.assumed.axis.cells, bool)
        for period in {figure.period for figure in self.figures}:
            inside[tally.assumed.axis.cell_of(period.first) : tally.assumed.axis.cell_of(period.end)] = True
        dated = tally.part("entry")[facet] > 0
        within = int(rows[inside[cells] & dated].sum())
        return {
            "read": tally.accounts.read,
            "in the periods": within,
            "outside the periods": int(rows.sum()) - within - undated,
            "undated": undated,
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
            "period": figure.period.label,
            **{name: label for name, label in figure.groups.items()},
            **({"facet": figure.facet} if figure.facet else {}),
            "value": None if exact is None else float(self.in_unit(exact)),
            "numerator": figure.value.numerator,
            "denominator": figure.value.denominator,
            "reason": figure.value.reason,
            "partial": figure.partial,
            "outcomes": dict(figure.outcomes),
            "convention_sensitive": figure.sensitive,
        }
