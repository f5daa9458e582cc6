"""What a caller gets back: figures that show themselves, and the way from a figure to its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from casequality.errors import InputError, UsageError
from casequality.metrics.measurement import Figure, Measurement
from casequality.records import Findings
from casequality.reports import ShownCard, card, measurement_table
from casequality.reports.tables import Table

Drill = Callable[[Figure, str], "Cases"]
ROWS_SHOWN = 50


@attrs.frozen
class Cases:
    """The records behind one outcome of a figure: their row numbers and keys, and why they are counted there."""

    outcome: str
    rows: tuple[int, ...]
    keys: tuple[int | str, ...]
    facts: Mapping[str, tuple[Any, ...]]

    def __len__(self) -> int:
        return len(self.rows)

    def to_dict(self) -> dict[str, list[Any]]:
        """Return the cases as columns: row, key and the fields that the metric read."""
        return {
            "row": list(self.rows),
            "key": list(self.keys),
            **{name: list(values) for name, values in self.facts.items()},
        }


@attrs.frozen
class Cell:
    """One figure of a result, which can name its cases."""

    figure: Figure
    drill: Drill = attrs.field(repr=False)

    def cases(self, outcome: str) -> Cases:
        """Return the records with this outcome; reads the source again."""
        if outcome not in self.figure.outcomes:
            raise UsageError(
                "The figure has no such outcome", got=outcome, allowed=self.figure.outcomes, remedy="name one of these"
            )
        return self.drill(self.figure, outcome)


@attrs.frozen(repr=False)
class Result:
    """The figures of one metric, as a table in a notebook and on a terminal."""

    measurement: Measurement
    findings: Findings
    drill: Drill | None = None

    def __getitem__(self, period: str | tuple[str, ...]) -> Cell:
        """Return the figure of a period, or of a period and a label for each group in order."""
        label, *groups = (period,) if isinstance(period, str) else period
        names = list(self.measurement.figures[0].groups) if self.measurement.figures else []
        figure = self.measurement.figure(label, **dict(zip(names, groups, strict=False)))
        return Cell(figure, self.drill or _no_source)

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.measurement)

    def __len__(self) -> int:
        return len(self.measurement)

    @property
    def accounts(self) -> dict[str, int]:
        """Where every row went; the parts add up to what was read."""
        return self.measurement.accounts

    def table(self, lang: str = "en") -> Table:
        """Return the figures as a table, with everything that they rest on."""
        return measurement_table(self.measurement, lang=lang)

    def card(self, lang: str = "en") -> ShownCard:
        """Return what the metric means: definition, fields read, outcomes, readings, source and limits."""
        return card(self.measurement.reading.metric, lang)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        found = self.findings.to_dict()
        return {**self.measurement.to_dict(), "rows_set_aside": found["findings"], "suspected": found["suspected"]}

    def to_frame(self, backend: str = "pandas") -> Any:
        """Return the figures as a frame of pandas, polars or pyarrow."""
        return frame([_flat(plain) for plain in self.measurement.to_dict()["figures"]], backend)

    def plot(self, lang: str = "en") -> Any:
        """Return a chart of the figures over time as SVG, which a notebook shows."""
        from casequality.reports.chart import figures_chart

        return figures_chart(self.measurement, lang=lang)

    def __repr__(self) -> str:
        return self.table().text()

    def _repr_mimebundle_(
        self, include: Sequence[str] | None = None, exclude: Sequence[str] | None = None
    ) -> dict[str, str]:
        table = self.table()
        return {
            "text/plain": table.text(),
            "text/markdown": table.markdown(),
            "text/html": table.first(ROWS_SHOWN).html(),
        }


def frame(rows: Sequence[Mapping[str, Any]], backend: str) -> Any:
    """Return rows as a frame of a library that is imported only here."""
    columns = {name: [row.get(name) for row in rows] for name in (rows[0] if rows else {})}
    try:
        if backend == "polars":
            import polars

            return polars.DataFrame(columns)
        if backend == "pyarrow":
            import pyarrow

            return pyarrow.table(columns)
        if backend == "pandas":
            import pandas

            return pandas.DataFrame(columns)
    except ImportError:
        raise InputError(
            "The library for this frame is not installed", got=backend, remedy=f"install it: pip install {backend}"
        ) from None
    raise UsageError("There is no such frame", got=backend, allowed=("pandas", "polars", "pyarrow"))


def _flat(plain: Mapping[str, Any]) -> dict[str, Any]:
    flat = {name: value for name, value in plain.items() if name != "outcomes"}
    return {**flat, **{f"outcome_{name}": rows for name, rows in plain["outcomes"].items()}}


def _no_source(figure: Figure, outcome: str) -> Cases:
    raise InputError(
        "These figures come from a saved tally, which knows no single case",
        where=figure.period.label,
        got=outcome,
        remedy="measure the source itself to see its cases",
    )
