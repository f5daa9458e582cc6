"""Asking a metric: which fields it reads, about which records, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import attrs
import numpy as np

from casequality.days import Mask
from casequality.errors import CaseQualityError, PluginError, UsageError
from casequality.metrics.bounds import Bounds, Counts
from casequality.metrics.declaring import AsOf, Metric, Owed, Values
from casequality.metrics.in_doubt import Placing
from casequality.metrics.tallies import Contributed, Contribution
from casequality.records import Children, Codes, Column, Records

T = TypeVar("T")


def fields_read(metric: Metric, as_of: AsOf) -> frozenset[str]:
    """Return the fields that a metric reads; a child's field as `notices.sent_on`."""
    return traced(metric, as_of)[0]


def traced(metric: Metric, as_of: AsOf) -> tuple[frozenset[str], dict[str, Placing]]:
    """Return the fields that a metric reads, and by which of them each of its facets places records.

    It is asked about no records: a column that it returns as it is, is the very array that it was given.
    """
    noted: set[str] = set()
    records = _noting(metric.records, noted)
    given = contributed(metric, records, as_of)
    # of no records all columns are equal; only which array it is tells that a column was returned as it was given
    known = {id(records.column(name)): name for name in tuple(noted) if name in records.loaded}
    placings = {
        name: Placing(
            on=known.get(id(each.on)),
            until=known.get(id(each.until)),
            times=known.get(id(each.times)),
            ends=each.until is not None,
            weighted=each.times is not None,
            aged=each.aged,
        )
        for name, each in (given if isinstance(given, Mapping) else {"": given}).items()
    }
    return frozenset(noted), placings


def fields_owed(metric: Metric, as_of: AsOf) -> frozenset[str]:
    """Return the fields that a metric reads to say what is owed in each record."""
    noted: set[str] = set()
    owed(metric, _noting(metric.records, noted), as_of)
    return frozenset(noted)


def _noting(kind: type[Records], noted: set[str], prefix: str = "") -> Records:
    """Return no records, which note each field that is read of them, or of rows chosen from them."""

    def column(records: Records, name: str) -> Column:
        noted.add(prefix + name)
        return kind.column(records, name)

    empty = kind.empty()
    columns = {name: empty.column(name) for name in empty.loaded}
    for name, child in columns.items():
        if isinstance(child, Children):
            columns[name] = attrs.evolve(child, rows=_noting(type(child.rows), noted, f"{prefix}{name}."))
    noting: type[Records] = type(kind.__name__, (kind,), {"column": column})
    return noting(columns, 0)


def contributed(metric: Metric, records: Records, as_of: AsOf) -> Contributed:
    """Return what a metric contributes; a failure of its own becomes a `PluginError` that names it."""
    given = _asked(metric, lambda: metric.contribute(records, as_of), f"on {len(records)} records")
    if not all(isinstance(each, Contribution) for each in (given.values() if isinstance(given, Mapping) else [given])):
        raise _failed(metric, f"{type(given).__name__} instead of contributions")
    return given


def checked(metric: Metric, given: Contribution, records: int) -> Contribution:
    """Return a contribution to so many records; raise `PluginError` where it does not fit them."""
    if len(given) != records:
        raise PluginError(
            "A metric must contribute one entry a record",
            where=place_of(metric),
            got=f"{len(given)} entries for {records} records",
            remedy="return arrays of the length of the records",
        )
    if given.outcome.dtype != np.uint8 or int(given.outcome.max()) >= len(metric.outcomes.names):
        raise PluginError(
            "A metric contributes outcomes that it does not declare",
            where=place_of(metric),
            got=f"codes of dtype {given.outcome.dtype} up to {given.outcome.max()}",
            allowed=f"uint8, below {len(metric.outcomes.names)}",
            remedy="make them with self.outcomes.pick(...)",
        )
    return given


def other_facets(metric: Metric, known: Mapping[str, int], given: Mapping[str, Contribution]) -> PluginError:
    """Return the error that a metric gives other facets than before."""
    return PluginError(
        "A metric must contribute the same facets for every block of records",
        where=place_of(metric),
        got=", ".join(given),
        allowed=known,
        remedy="return every facet each time, also one in which no record counts",
    )


def owed(metric: Metric, records: Records, as_of: AsOf) -> Owed | None:
    """Return what a metric says is owed in each record; a failure of its own becomes a `PluginError` that names it."""
    said = _asked(metric, lambda: metric.owed(records, as_of), f"on {len(records)} records")
    if not isinstance(said, Owed | None):
        raise _failed(metric, f"{type(said).__name__} instead of what is owed")
    return said


def concluded(metric: Metric, counts: Counts) -> tuple[Values, Bounds]:
    """Return what a metric's statistic makes of counts; a failure of its own becomes a `PluginError` that names it."""
    statistic = metric.statistic
    values = _asked(metric, lambda: statistic.value(counts), "in the value of its statistic")
    bounds = _asked(metric, lambda: statistic.bounds(counts), "in the bounds of its statistic")
    given: tuple[object, object] = values, bounds
    if not isinstance(given[0], Values) or not isinstance(given[1], Bounds):
        raise _failed(metric, f"{type(values).__name__} and {type(bounds).__name__} instead of Values and Bounds")
    return values, bounds


def place_of(metric: Metric) -> str:
    """Return where a metric's fault is: its plugin if it is installed, its id, its class and its result version."""
    plugin = vars(type(metric)).get("offered_by")  # not inherited: another author's metric may build on it
    origin = f"{metric.origin.__module__}.{metric.origin.__qualname__}"
    own = f"{metric.id} ({origin}, result version {metric.version})"
    return f"{plugin}, {own}" if plugin else own


def _asked(metric: Metric, ask: Callable[[], T], where: str) -> T:
    try:
        return ask()
    except UsageError as fault:
        raise PluginError.of(fault, place_of(metric)) from fault
    except CaseQualityError:
        raise
    except Exception as fault:
        raise _failed(metric, f"{type(fault).__name__} {where}") from fault


def _failed(metric: Metric, got: str) -> PluginError:
    return PluginError(
        "A metric failed while it was calculated",
        where=place_of(metric),
        got=got,
        remedy="report it to the metric's author, with what CASEQUALITY_TRACEBACK=1 makes the command line show; "
        "the figures of other metrics are not affected",
    )


def asked_for(
    records: Records, where: tuple[tuple[str, tuple[str, ...]], ...], needs: frozenset[str] = frozenset()
) -> tuple[Mask | None, Mask | None]:
    """Return which records are asked for or may be, and which of them nobody can tell; None for all and for none.

    needs: the fields of a question for which the records are set aside.
    """
    chosen: Mask | None = None
    astray = np.zeros(len(records), bool)
    for field, wanted in where:
        told = codes_of(records, field).isin(wanted)
        for mask in (records.unstated({field}), records.blurred(field, needs) if needs else None):
            if mask is not None:
                told, astray = told | mask, astray | mask
        chosen = told if chosen is None else chosen & told
    return chosen, astray if astray.any() else None


def codes_of(records: Records, field: str, untold: Mapping[str, Mask] | None = None) -> Codes:
    """Return a column of codes; raise `UsageError` for a field of another kind.

    untold: by field, the records whose label cannot be trusted. They get none: of rows that contradict each other, the
    label would be that of whichever came first.
    """
    column = records.column(field)
    if not isinstance(column, Codes):
        raise UsageError(
            "Records are grouped or chosen by a field that is not a code",
            got=field,
            allowed=[name for name, declared in records.fields.items() if declared.column_type.is_code],
            remedy="use a code, or group by month, quarter, half-year or year",
        )
    return column.hidden(untold[field]) if untold and field in untold else column
