"""Asking a metric: which fields it reads, about which records, what it says, and what of that is in doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Mask, Tags
from casequality.errors import CaseQualityError, PluginError, UsageError
from casequality.metrics.bounds import Bounds, Counts
from casequality.metrics.declaring import AsOf, Metric, Owed, Values
from casequality.metrics.tallies import (
    ANY_END,
    ASTRAY,
    BEFORE,
    CERTAIN,
    ENTRY_BIT,
    EXIT_BIT,
    LABELS,
    OTHER_BIT,
    SET_ASIDE,
    STRAY,
    UNDATED,
    UNLABELLED,
    WEIGHTLESS,
    WITH_MARKS,
    Axis,
    Contributed,
    Contribution,
    Tally,
    joined,
    pack,
)
from casequality.metrics.tallies import COUNTED as COUNTED_TOO
from casequality.records import Children, Codes, Column, Records

T = TypeVar("T")


@attrs.frozen
class Placing:
    """By which fields a facet places records in time.

    on, until: the fields whose columns it returned as they are, None for what it worked out. ends: whether it says
    when records end. weighted: whether it says how many cases a row stands for. aged: whether it keeps the days on
    which they began.
    """

    on: str | None = None
    until: str | None = None
    ends: bool = False
    weighted: bool = False
    aged: bool = False


ANYHOW: Final = Placing()
"""The placing of a facet of which nothing is known."""


def fields_read(metric: Metric, as_of: AsOf) -> frozenset[str]:
    """Return the fields that a metric reads; a child's field as `notices.sent_on`."""
    return traced(metric, as_of)[0]


def traced(metric: Metric, as_of: AsOf) -> tuple[frozenset[str], dict[str, Placing]]:
    """Return the fields that a metric reads, and by which of them each of its facets places records.

    It is asked about no records: a date that it returns as it is, is the very array that it was given.
    """
    noted: set[str] = set()
    records = _noting(metric.records, noted)
    given = contributed(metric, records, as_of)
    # of no records all columns are equal; only which array it is tells that a date was returned as it was given
    dates = {id(records.column(name)): name for name in tuple(noted) if name in records.loaded}
    placings = {
        name: Placing(
            on=dates.get(id(each.on)),
            until=dates.get(id(each.until)),
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


@attrs.define(eq=False)
class Kinds:
    """The kind of doubt of each record of a block with its flags, -1 for none; made only where there is any."""

    records: int
    found: npt.NDArray[np.int64] | None = None

    def put(self, kind: int, rows: Mask | npt.NDArray[np.intp] | None) -> None:
        """Say that some records (a mask or positions) are of a kind, whatever was said before."""
        if rows is not None and (rows.any() if rows.dtype == bool else len(rows)):
            self._made()[rows] = kind

    def mark(self, rows: Mask, *, entry: bool, exit_: bool) -> None:
        """Say that a date of some records may stand for none, beside what was said before."""
        kinds = self._made()
        bits = (ENTRY_BIT if entry else 0) | (EXIT_BIT if exit_ else 0) or OTHER_BIT
        known = np.where(kinds < 0, -1, kinds & COUNTED_TOO - 1)
        kinds[rows] = WITH_MARKS[known[rows], bits] | COUNTED_TOO

    def stray(self, rows: Mask) -> None:
        """Say that some records may not be among those asked for, and are not counted."""
        kinds = self._made()
        # nobody can tell whether such a record is asked for: it is not counted, and may belong here
        kinds[rows] = np.where(kinds[rows] < 0, UNLABELLED, kinds[rows] & ~COUNTED_TOO) | ASTRAY

    def weightless(self, rows: Mask | None) -> None:
        """Say of which of them nobody knows how many cases they stand for."""
        if self.found is not None and rows is not None:
            self.found[rows & (self.found >= 0)] |= WEIGHTLESS

    def _made(self) -> npt.NDArray[np.int64]:
        if self.found is None:
            self.found = np.full(self.records, -1, np.int64)
        return self.found


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


def in_doubt_of(
    facet: int, given: Contribution, groups: Tags | int, kinds: npt.NDArray[np.int64], axis: Axis, placing: Placing
) -> npt.NDArray[np.int64]:
    """Return contributions in doubt as a table of `doubts.COLUMNS`.

    A day that the metric worked out for a record that is set aside rests on what is not known: any day will do.
    """
    entry = np.broadcast_to(axis.place(given.on)[0], len(given)).astype(np.int64)
    end = 0 * entry if given.until is None else np.broadcast_to(axis.place(given.until)[0], len(given))
    ones, none = np.ones(len(given), np.int64), np.full(len(given), MISSING)
    amount = none if given.amount is None else given.amount
    bins = axis.days_into(given.on, entry) if given.aged else none if given.bins is None else given.bins
    cases = ones if given.times is None else given.times
    # the bits below the first flag are the kind; - binds tighter than &, and & tighter than ==
    aside = kinds & COUNTED_TOO - 1 == SET_ASIDE
    entry = np.where(aside, UNDATED, entry) if placing.on is None else entry
    end = np.where(aside, ANY_END, end) if placing.ends and placing.until is None else end
    total = np.where(amount == MISSING, 0, amount) * cases
    kinds = kinds if given.certain is None else np.where(given.certain, kinds | CERTAIN, kinds)
    cells = pack(
        facet=facet, entry=entry, exit=end, group=np.asarray(groups, np.int64), outcome=given.outcome.astype(np.int64)
    )
    return np.stack([cells + 0 * ones, kinds, amount, np.maximum(bins, MISSING), ones, cases, total])


def kept_of(given: Contribution, keep: Mask | npt.NDArray[np.intp]) -> Contribution:
    """Return the entries of some records."""
    parts = attrs.asdict(given, recurse=False).items()
    kept: dict[str, Any] = {name: value[keep] if isinstance(value, np.ndarray) else value for name, value in parts}
    return Contribution(**kept)


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


def among(outcome: npt.NDArray[np.uint8], codes: Sequence[int]) -> Mask:
    """Return which outcomes are among a few codes; looking each up in a table would take ten times as long."""
    found = np.zeros(len(outcome), bool)
    for code in codes:
        found |= outcome == code
    return found


def moved_by_strays(tally: Tally, facets: Mapping[str, Placing], strays: int) -> Tally:
    """Return a tally that says of which facets a child row of nobody may move the records in time.

    Only where a metric works out from other columns when a record begins or ends: a decision in a child table ends its
    case. Who has it ends there, and whoever that is, it is in doubt in every period.
    """
    moved = {name: each for name, each in facets.items() if each.on is None or (each.ends and each.until is None)}
    if not strays or not moved or not tally.labels:
        return tally
    labels = ((1 << len(tally.assumed.groups)) - 1) << LABELS
    tables = [tally.doubts]
    for name, each in moved.items():
        # where only the end can be another, that it begins before every period keeps it out of those of their beginning
        entry, end = UNDATED if each.on is None else BEFORE, ANY_END if each.ends and each.until is None else 0
        cell = pack(facet=tally.facets.index(name), entry=entry, exit=end, group=0)
        kind, cases = (STRAY | labels | WEIGHTLESS, 0) if each.weighted else (STRAY | labels, strays)
        tables.append(np.array([[cell], [kind], [MISSING], [MISSING], [strays], [cases], [0]], np.int64))
    return attrs.evolve(tally, doubts=joined(tables))
