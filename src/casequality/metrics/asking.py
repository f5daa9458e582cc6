"""Asking a metric: which fields it reads, about which records, and what it says."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import attrs
import numpy as np

from casequality.days import Mask
from casequality.errors import CaseQualityError, PluginError, UsageError
from casequality.metrics.bounds import Bounds, Counts
from casequality.metrics.declaring import AsOf, Metric, Owed, Values
from casequality.metrics.tallies import OPEN, UNKNOWN, Axis, Contributed, Contribution, Placing
from casequality.privacy import hashed, masked
from casequality.records import Children, Codes, Column, Records

T = TypeVar("T")


@attrs.frozen
class Question:
    """What is tallied: a metric with its fields set, by which codes, of which records, on which axis.

    reads, facets: the fields that the metric reads, and by which of them each facet places records (`trace`).
    open_too: the outcomes that another metric which is counted with it takes as not settled.
    named: by field, the labels that somebody declared; of an open list any other is counted under a digest of it. None
    for a caller who has the records and sees labels as they are. One that looks like a CPR number is never kept.
    """

    metric: Metric
    groups: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    axis: Axis = attrs.field(kw_only=True)
    reads: frozenset[str] = attrs.field(kw_only=True, default=frozenset())
    facets: Mapping[str, Placing] = attrs.field(kw_only=True, factory=dict, eq=False)
    open_too: frozenset[str] = attrs.field(kw_only=True, default=frozenset())
    calendars: tuple[str, ...] = attrs.field(kw_only=True, default=())
    named: Mapping[str, frozenset[str]] | None = attrs.field(kw_only=True, default=None)

    @property
    def needs(self) -> frozenset[str]:
        """The fields that it cannot be answered without."""
        return self.reads.union(self.groups, (field for field, _ in self.where))

    @property
    def told_by(self) -> frozenset[str]:
        """The fields that groups are told apart by and that the metric reads, but for those of `where`."""
        return self.reads.intersection(self.groups).difference(dict(self.where))

    def undated(self, records: Records) -> Mask | None:
        """Return the records with a child row without its day, which may decide, unless the metric settles them."""
        return None if self.metric.settles_undated_rows else records.with_undated_rows(self.reads)

    def label(self, field: str, label: str) -> str:
        """Return what a label of an open list is counted under."""
        return masked(label) if self.named is None or label in self.named.get(field, ()) else hashed(label)

    def labels(self, field: str, column: Codes) -> Sequence[str]:
        """Return what each label of a column is counted under."""
        return column.labels if column.closed else [self.label(field, label) for label in column.labels]

    def may_be_open(self) -> Mask:
        """Return by outcome's code whether it is kept which records have it: some reading takes it as not settled."""
        open_, outcomes = self.not_settled | self.open_too, self.metric.outcomes
        return np.array([name in open_ or name not in outcomes for name in outcomes.names])

    @property
    def not_settled(self) -> frozenset[str]:
        """The outcomes that some reading takes as not settled."""
        metric = self.metric
        changed = [option.roles for choice in metric.readings.values() for option in choice.alternatives.values()]
        open_ = [name for name in metric.outcomes if metric.outcomes.roles[name] in (OPEN, UNKNOWN)]
        for roles in changed:
            for pattern, role in roles.items():
                open_ += fnmatch.filter(metric.outcomes, pattern) if role in (OPEN, UNKNOWN) else []
        return frozenset(open_)


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
