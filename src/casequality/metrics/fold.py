"""Folding blocks of records into a tally."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Integers, Mask
from casequality.errors import InputError, UsageError
from casequality.metrics.as_of import AsOf
from casequality.metrics.axis import Axis
from casequality.metrics.bins import Histogram
from casequality.metrics.cells import BITS, COUNTED, Sums, pack
from casequality.metrics.contribution import Contribution
from casequality.metrics.metric import Metric
from casequality.metrics.outcomes import UNREADABLE
from casequality.metrics.trace import contributed
from casequality.records.codes import Codes
from casequality.records.schema import Records

EXACT = 1 << 53
NOWHERE = np.zeros(0, np.intp)
Tags = npt.NDArray[np.integer[Any]]


@attrs.frozen
class Question:
    """What is tallied: a metric with its fields set, by which codes, of which records, on which axis."""

    metric: Metric
    groups: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    axis: Axis = attrs.field(kw_only=True)
    reads: frozenset[str] = attrs.field(kw_only=True, default=frozenset())


@attrs.define(eq=False)
class Fold:
    """One question's counts so far; blocks may come in any order, and folds of one question add up."""

    question: Question
    labels: dict[tuple[str | None, ...], int] = attrs.field(factory=dict)
    facets: dict[str, int] = attrs.field(factory=dict)
    counts: Sums = attrs.field(factory=lambda: Sums(len(COUNTED)))
    bins: Histogram = attrs.field(factory=Histogram)
    elsewhere: int = 0
    later: int = 0
    beyond: int = 0

    def add(self, records: Records, as_of: AsOf) -> npt.NDArray[np.intp]:
        """Fold one block as it was known at `as_of`; return the positions that the deadline's calendar does not reach."""
        question, positions = self.question, None
        for field, wanted in question.where:
            column = records.column(field)
            assert isinstance(column, Codes)
            chosen = column.isin(wanted)
            self.elsewhere += len(chosen) - int(chosen.sum())
            positions = np.flatnonzero(chosen) if positions is None else positions[chosen]
            records = records[chosen]
        if not len(records):
            return NOWHERE
        as_of = as_of.for_block()
        given = contributed(question.metric, records, as_of)
        groups, count = self._groups(records)
        unknown, beyond = records.unknown(question.reads), as_of.remarks.beyond
        facets = given if isinstance(given, Mapping) else {"": given}
        for name, contribution in facets.items():
            if len(contribution) != len(records):
                raise _wrong_length(question.metric, len(records), len(contribution))
            if unknown is not None and unknown.any():
                code = np.uint8(question.metric.outcomes.names.index(UNREADABLE))
                contribution = attrs.evolve(contribution, outcome=np.where(unknown, code, contribution.outcome))
            facet = self.facets.setdefault(name, len(self.facets))
            self._count(facet, contribution, groups, count, as_of.remarks.sensitive, beyond)
        if beyond is None:
            return NOWHERE
        self.beyond += int(beyond.sum())
        return np.flatnonzero(beyond) if positions is None else positions[beyond]

    def _groups(self, records: Records) -> tuple[Tags | int, int]:
        """Return each record's group among those met so far (or the one group of all), and how many there are."""
        if not self.question.groups:
            return self.labels.setdefault((), 0), 1
        columns = []
        for field in self.question.groups:
            column = records.column(field)
            if not isinstance(column, Codes):
                raise UsageError(
                    "Records are grouped by a field that is not a code",
                    got=field,
                    allowed=[name for name, declared in records.fields.items() if declared.kind == "code"],
                    remedy="group by month, quarter, half-year or year, or by a code",
                )
            columns.append(column)
        joint: Integers = columns[0].indices.astype(np.int64)
        for column in columns[1:]:
            joint = joint * (len(column.labels) + 1) + column.indices
        met, position = _distinct(joint, math.prod(len(column.labels) + 1 for column in columns))
        numbers = np.array([self._number(columns, code) for code in met.tolist()], np.int64)
        if len(self.labels) >= 1 << BITS["group"]:
            raise InputError("There are too many groups to tell apart", allowed=str(1 << BITS["group"]), remedy="group by fewer fields")
        return numbers[position], len(self.labels)

    def _number(self, columns: Sequence[Codes], code: int) -> int:
        labels: list[str | None] = []
        for column in reversed(columns):
            code, index = divmod(code, len(column.labels) + 1)
            labels.append(column.labels[index - 1] if index else None)
        return self.labels.setdefault(tuple(reversed(labels)), len(self.labels))

    def _count(
        self, facet: int, given: Contribution, groups: Tags | int, group_count: int, sensitive: Mask | None, beyond: Mask | None
    ) -> None:
        if beyond is not None:
            keep = ~beyond
            given = _kept(given, keep)
            groups = groups if isinstance(groups, int) else groups[keep]
            sensitive = None if sensitive is None else sensitive[keep]
        axis, outcomes = self.question.axis, len(self.question.metric.outcomes.names)
        entry, first, last = axis.place(given.on)
        exit_, opens, closes = (0, 0, 0) if given.until is None else axis.place(given.until)
        space = (last - first + 1, closes - opens + 1, group_count, outcomes)
        tags = _joint(((entry, first), (exit_, opens), (groups, 0)), given.outcome, space)
        rows = np.bincount(tags, minlength=math.prod(space))
        met = np.flatnonzero(rows)
        rest, outcome = np.divmod(met, outcomes)
        rest, group = np.divmod(rest, group_count)
        entry_, exits = np.divmod(rest, space[1])
        cells = pack(facet=facet, entry=entry_ + first, exit=exits + opens, group=group, outcome=outcome)
        self.counts.add(cells, _sums(tags, rows, met, given, sensitive))
        if given.bins is not None:
            position = np.zeros(math.prod(space), np.intp)
            position[met] = np.arange(len(met))
            self.bins.add(cells, position[tags], given.bins, given.times)


def _joint(parts: Sequence[tuple[Tags | int, int]], outcome: npt.NDArray[np.uint8], space: Sequence[int]) -> Tags:
    """Return one number a record for its entry, exit, group and outcome, in the narrowest type that holds it."""
    size = math.prod(space)
    dtype = np.uint8 if size <= 1 << 8 else np.uint16 if size <= 1 << 16 else np.int64
    tags: Tags | None = None
    for (part, first), width in zip(parts, space[1:], strict=True):
        if not isinstance(part, int):
            moved = (part - first if first else part).astype(dtype, copy=False)
            tags = moved if tags is None else tags + moved
        if tags is not None:
            tags = tags * dtype(width)
    return outcome if tags is None else tags + outcome


def _sums(tags: Tags, rows: Integers, met: Integers, given: Contribution, sensitive: Mask | None) -> npt.NDArray[np.int64]:
    counted = rows[met]
    cases = counted if given.times is None else _weighted(tags, given.times, len(rows))[met]
    measured, amount, doubtful = counted * 0, counted * 0, counted * 0
    if given.amount is not None:
        present = given.amount != MISSING
        times = given.times if given.times is not None else None
        weight = present.astype(np.int64) if times is None else np.where(present, times, 0)
        if present.all() and times is None:
            measured, amount = counted, _weighted(tags, given.amount, len(rows))[met]
        else:
            measured = _weighted(tags, weight, len(rows))[met]
            amount = _weighted(tags, np.where(present, given.amount, 0) * weight, len(rows))[met]
    if sensitive is not None:
        doubtful = np.bincount(tags[sensitive], minlength=len(rows))[met]
    return np.stack([counted, cases, measured, amount, doubtful]).astype(np.int64)


def _weighted(tags: Tags, values: Integers, size: int) -> Integers:
    """Return the exact sum of `values` by tag."""
    if len(values) and max(int(values.max()), -int(values.min())) * len(values) < EXACT:
        return np.bincount(tags, values, minlength=size).astype(np.int64)
    sums = np.zeros(size, np.int64)
    np.add.at(sums, tags, values)
    return sums


def _distinct(codes: Integers, size: int) -> tuple[Integers, npt.NDArray[np.intp]]:
    """Return the different codes, and each record's position among them."""
    if size > 1 << 20:
        return np.unique(codes, return_inverse=True)
    met = np.flatnonzero(np.bincount(codes, minlength=size))
    position = np.zeros(size, np.intp)
    position[met] = np.arange(len(met))
    return met, position[codes]


def _kept(given: Contribution, keep: Mask) -> Contribution:
    arrays = {name: value[keep] for name, value in attrs.asdict(given, recurse=False).items() if value is not None}
    return Contribution(**arrays)


def _wrong_length(metric: Metric, records: int, entries: int) -> UsageError:
    return UsageError(
        "A metric must contribute one entry a record",
        where=metric.id,
        got=f"{entries} entries for {records} records",
        remedy="return arrays of the length of the records",
    )
