"""Which fields a metric reads, found by letting it work on no records."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from casequality.errors import CaseQualityError, PluginError
from casequality.metrics.as_of import AsOf
from casequality.metrics.contribution import Contributed
from casequality.metrics.metric import Metric
from casequality.records.children import Children
from casequality.records.schema import Column, Records


class _Noted(dict[str, Column]):
    """Columns that note which of them are read."""

    def __init__(self, columns: Mapping[str, Column], noted: set[str], prefix: str = "") -> None:
        super().__init__(columns)
        self._noted, self._prefix = noted, prefix
        for name, column in columns.items():
            if isinstance(column, Children):
                rows = type(column.rows)(_Noted(column.rows._columns, noted, f"{prefix}{name}."), 0)
                self[name] = attrs.evolve(column, rows=rows)

    def __getitem__(self, name: str) -> Column:
        column = super().__getitem__(name)
        self._noted.add(self._prefix + name)
        return column


def fields_read(metric: Metric, as_of: AsOf) -> frozenset[str]:
    """Return the fields that a metric reads; a child's field as `notices.sent_on`."""
    noted: set[str] = set()
    empty = metric.records.empty()
    contributed(metric, type(empty)(_Noted(empty._columns, noted), 0), as_of)
    return frozenset(noted)


def contributed(metric: Metric, records: Records, as_of: AsOf) -> Contributed:
    """Return what a metric contributes; a failure of its own becomes a `PluginError` that names it."""
    try:
        return metric.contribute(records, as_of)
    except CaseQualityError:
        raise
    except Exception as fault:
        raise PluginError(
            "A metric failed while it was calculated",
            where=f"{metric.id} ({type(metric).__module__}.{type(metric).__qualname__}, result version {metric.version})",
            got=f"{type(fault).__name__} on {len(records)} records",
            remedy="report it to the metric's author; the figures of other metrics are not affected",
        ) from fault
