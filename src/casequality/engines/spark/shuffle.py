"""Counting by key: all rows of one key, and the child rows of its record, meet on one executor, a source of their own.

What needs them together is done there as in one process: child tables are packed, repeated rows left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import attrs
import numpy as np

from casequality.days import Integers
from casequality.engines.counting import PartialResult, Request
from casequality.engines.spark.messages import Returned, Site, Sizes, partition_of, replaced
from casequality.engines.spark.partitions import Slice, counted_in, partition, slices_in
from casequality.records import Batch, Finding, Piece, Reading, Source

Met = Mapping[str, Sequence[Slice]]
"""Slices by their file, which is named `table/file` by the numbers of both."""


@attrs.frozen(eq=False)
class Held:
    """The rows of one table that met on an executor, numbered anew in each file."""

    name: str
    columns: Sequence[str]
    files: Mapping[str, Sequence[Batch]] = attrs.field(factory=dict)

    steady = rereadable = True

    @property
    def rows(self) -> int:
        return sum(batch.rows for batches in self.files.values() for batch in batches)

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        return [
            Piece(partial(iter, batches), sum(batch.rows for batch in batches), file)
            for file, batches in self.files.items()
        ]


@attrs.frozen(eq=False)
class ShuffleBlocks:
    """Counts what met on an executor.

    tables: how the source and then its child tables, named by their `fields`, are read; they hold no data.
    """

    request: Request
    tables: Sequence[Source]
    fields: Sequence[str]
    site: Site

    def count(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Yield what the rows that met came to."""
        with self.site.faults():
            slices: dict[str, list[Slice]] = {}
            for each in slices_in(batches):
                slices.setdefault(f"{each.table}/{each.file}", []).append(each)
            told = Returned(partition(), self._counted(slices), _sizes(slices)).batch()
        yield told

    def nothing(self) -> PartialResult:
        """Return what no rows at all come to."""
        return self._counted({})

    def _counted(self, slices: Met) -> PartialResult:
        source = self._filled(slices)
        reading = source.reading(self.request.fields)
        counted = self._count(reading)
        if not counted.keys_increase:
            reading = source.reading(self.request.fields, keys="partitioned")
            counted = self._count(reading)
        reading.note(counted.met)
        counted = attrs.evolve(counted, findings=counted.findings + reading.orphans(), orders={}, met={})
        numbers = {file: np.concatenate([each.numbers for each in found]) for file, found in slices.items()}
        return replaced(counted, partial(_numbered, numbers))

    def _count(self, reading: Reading) -> PartialResult:
        numbers = {place: place for place in range(len(reading.parts))}
        # Spark adds to a job's counter what cutting the slices has counted already
        return counted_in(self.request, reading, numbers, attrs.evolve(self.site, rows=None))

    def _filled(self, slices: Met) -> Source:
        filled = [_filled(each, number, slices) for number, each in enumerate(self.tables)]
        return attrs.evolve(filled[0], children=dict(zip(self.fields, filled[1:], strict=True)))


def without_data(source: Source) -> Source:
    """Return how a source is read, without its data and its child tables."""
    return attrs.evolve(source, table=Held(source.table.name, source.table.columns), children={})


def _filled(source: Source, table: int, slices: Met) -> Source:
    files: dict[str, list[Batch]] = {}
    for file, found in slices.items():
        if found[0].table == table:
            ends = np.cumsum([each.batch.rows for each in found]).tolist()
            files[file] = [
                attrs.evolve(each.batch, first=end - each.batch.rows + 1, file=file)
                for each, end in zip(found, ends, strict=True)
            ]
    return attrs.evolve(source, table=Held(source.table.name, source.table.columns, files))


def _sizes(slices: Met) -> Sizes:
    """Return the rows of each partition among those that met; files have but one, which nobody asks for."""
    found: dict[int, dict[int, int]] = {}
    for each in (each for several in slices.values() for each in several):
        number, sizes = int(partition_of(each.numbers[:1])[0]), found.setdefault(each.table, {})
        sizes[number] = sizes.get(number, 0) + len(each.numbers)
    return found


def _numbered(numbers: Mapping[str, Integers], finding: Finding) -> Finding:
    return attrs.evolve(finding, rows=numbers[finding.file or ""][finding.rows - 1])
