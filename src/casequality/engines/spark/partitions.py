"""Parts of a source for executors: shares counted as they lie, and slices sent to where rows of one key meet."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt
from pyspark import TaskContext, cloudpickle
from pyspark.sql.types import BinaryType, LongType, StructField, StructType

from casequality.engines.counting import PartialResult, Request, Worker
from casequality.engines.spark.messages import Returned, Site, first_number, packed_for_executors
from casequality.records import (
    BLOCK_ROWS,
    Batch,
    BlockReader,
    FileTable,
    KeyOrder,
    Keys,
    Part,
    Piece,
    SeveralFiles,
    Source,
    SourceReading,
    SourceTable,
    SparkTable,
    WithFolders,
    arrow,
    is_url,
    numbered,
)

MANY_ROWS: Final = 4_000_000
"""How many rows one task counts at most where its parts are smaller: fewer tasks, and fewer counts to join."""


def runs(parts: Sequence[Part], processors: int) -> list[list[Part]]:
    """Return the parts as runs, one a task: none of many rows, and enough to keep the processors busy to the end."""
    limit = min(MANY_ROWS, sum(part.rows or 0 for part in parts) // (4 * processors))
    found: list[list[Part]] = []
    size: float = 0
    for part in parts:
        rows = float("inf") if part.rows is None else part.rows
        if not found or size + rows > limit:
            found.append([])
            size = 0
        found[-1].append(part)
        size += rows
    return found


@attrs.frozen(eq=False)
class Shares:
    """What is asked of each share, and how its rows are read."""

    request: Request
    reader: BlockReader
    site: Site

    def nothing(self) -> PartialResult:
        """Return what no share at all comes to."""
        return counted_in(self.request, SourceReading([], self.reader), {}, self.site)


@attrs.frozen(eq=False)
class FileShares(Shares):
    """Counts runs of file parts; a run is asked for by its number, and only its own parts are unpacked."""

    packed: Sequence[bytes]

    @classmethod
    def of(cls, request: Request, reading: SourceReading, processors: int, site: Site) -> FileShares:
        """Return the shares of a reading of files."""
        shares = runs(reading.parts, processors)
        packed = [packed_for_executors([(part.number, part.piece) for part in share]) for share in shares]
        return cls(request, reading.reader, site, packed)

    def count(self, numbers: Iterator[Any]) -> Iterator[Any]:
        """Yield what each of the runs came to."""
        for share in (number for batch in numbers for number in batch.column(0).to_pylist()):
            with self.site.faults():
                parts = [Part(number, piece, self.reader) for number, piece in cloudpickle.loads(self.packed[share])]
                told = Returned(share, self._counted(parts)).batch()
            yield told

    def _counted(self, parts: Sequence[Part]) -> PartialResult:
        names = {place: part.number for place, part in enumerate(parts)}
        return counted_in(self.request, SourceReading(parts, self.reader), names, self.site)


@attrs.frozen(eq=False)
class FrameShares(Shares):
    """Counts the partition of a Spark frame that it is given."""

    table: SparkTable

    @classmethod
    def of(cls, request: Request, reading: SourceReading, table: SparkTable, site: Site) -> FrameShares:
        """Return the shares of a reading of a frame, which itself stays where it is."""
        return cls(request, reading.reader, site, attrs.evolve(table, frame=None))

    @property
    def columns(self) -> list[str]:
        """The columns that are read."""
        return self.reader.taken

    def count(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Yield what the partition came to."""
        with self.site.faults():
            share = partition()
            piece = frame_piece(self.table, self.columns, batches, share)
            reading = SourceReading([Part(0, piece, self.reader)], self.reader)
            counted = counted_in(self.request, reading, {0: share}, self.site)
            told = Returned(share, counted, {0: {share: counted.read}}).batch()
        yield told


def partition() -> int:
    """Return the number of the partition that this executor works on."""
    context = TaskContext.get()
    assert context is not None
    return context.partitionId()


def frame_piece(table: SparkTable, columns: Sequence[str], batches: Iterable[Any], share: int) -> Piece:
    """Return a partition's Arrow batches as a piece whose rows can be told from those of other partitions."""
    whole = _gathered(batches)
    return Piece(partial(numbered, whole, columns, BLOCK_ROWS, table.dialect, table.name, first_number(share)))


def counted_in(request: Request, reading: SourceReading, names: Mapping[int, int], site: Site) -> PartialResult:
    """Return what all parts of a reading came to, with what its child tables told; `names` are the parts' numbers."""
    worker = Worker(request, reading)
    for place in range(len(reading.parts)):
        for rows in worker.count(place):
            site.counted(rows)
    counted = worker.counted()
    orders: dict[int, KeyOrder] = {names[place]: order for place, order in counted.orders.items()}
    return attrs.evolve(counted, orders=orders)


def _gathered(batches: Iterable[Any]) -> Iterator[Any]:
    """Yield the rows of Spark's small batches in fewer, larger ones."""
    waiting: list[Any] = []
    for batch in batches:
        waiting.append(batch)
        # Spark's batches hold some thousand rows, for each of which every step below would be taken anew
        if sum(each.num_rows for each in waiting) >= BLOCK_ROWS:
            yield from _joined(waiting)
            waiting = []
    if waiting:
        yield from _joined(waiting)


def _joined(batches: Sequence[Any]) -> list[Any]:
    whole: list[Any] = arrow().Table.from_batches(batches).combine_chunks().to_batches()
    return whole


SLICES: Final = StructType([StructField("bucket", LongType()), StructField("slice", BinaryType())])
# 2 ** 64 divided by the golden ratio, which spreads keys that follow each other; its upper half is the well mixed one
SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)


@attrs.frozen(eq=False)
class Slice:
    """Some rows of one file (or frame) of one table, with the numbers by which they are known there."""

    table: int
    file: int
    numbers: npt.NDArray[np.int64]
    batch: Batch


@attrs.frozen(eq=False)
class Slicing:
    """How a table is cut: by the column of the key, into so many buckets."""

    table: int
    key: str
    columns: Sequence[str]
    buckets: int
    site: Site

    def of(self, file: int, piece: Piece) -> Iterator[Any]:
        """Yield the slices of a piece, each a row for Spark."""
        pa = arrow()
        for whole in piece.read():
            # a bucket numbers its rows anew, and tells by these numbers what is found in them
            shown, batch = whole.shown, attrs.evolve(whole, numbers=None)
            place = _buckets(batch.cells[self.key].keys(), self.buckets)
            order = np.argsort(place, kind="stable")
            met, starts = np.unique(place[order], return_index=True)
            found = [
                Slice(self.table, file, shown[rows], batch.chosen(rows, 1)) for rows in np.split(order, starts[1:])
            ]
            packed = [pickle.dumps(each) for each in found]
            yield pa.record_batch([pa.array(met, "int64"), pa.array(packed, "binary")], SLICES.names)
            if not self.table:
                self.site.counted(batch.rows)


@attrs.frozen(eq=False)
class FileSlices:
    """Cuts file parts, each asked for by its number."""

    slicing: Slicing
    packed: Sequence[bytes]

    @classmethod
    def of(cls, slicing: Slicing, pieces: Iterable[tuple[int, Piece]]) -> FileSlices:
        """Return the slices of these pieces, each with the number of its file."""
        return cls(slicing, [packed_for_executors(each) for each in pieces])

    def cut(self, numbers: Iterator[Any]) -> Iterator[Any]:
        """Yield the slices of the pieces asked for."""
        with self.slicing.site.faults():
            for number in (number for batch in numbers for number in batch.column(0).to_pylist()):
                yield from self.slicing.of(*cloudpickle.loads(self.packed[number]))


@attrs.frozen(eq=False)
class FrameSlices:
    """Cuts the partition of a Spark frame that it is given."""

    slicing: Slicing
    table: SparkTable

    def cut(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Yield the slices of the partition."""
        with self.slicing.site.faults():
            yield from self.slicing.of(0, frame_piece(self.table, self.slicing.columns, batches, partition()))


def slices_in(batches: Iterator[Any]) -> list[Slice]:
    """Return the slices that met on an executor, in the order of their rows in the source."""
    found = [pickle.loads(each) for batch in batches for each in batch.column("slice").to_pylist()]  # noqa: S301
    return sorted(found, key=lambda each: (each.table, each.file, int(each.numbers[0])))


def _buckets(keys: Keys, count: int) -> npt.NDArray[np.int64]:
    """Return the bucket of each key, the same however its column writes it; rows without a key are in the first."""
    numbers = keys.values()
    if numbers.dtype == object:
        numbers = np.fromiter(map(_number, numbers.tolist()), np.int64, len(keys))
    mixed = (numbers.view(np.uint64) * SPREAD) >> np.uint64(32)
    found = (mixed % np.uint64(count)).astype(np.int64)
    found[keys.missing] = 0
    return found


def _number(key: int | str | None) -> int:
    if isinstance(key, str):
        # Python's hash of a text is another one in each process, and rows of one key must meet
        return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)
    return key or 0


def can_be_read_apart(table: SourceTable) -> bool:
    """Return whether executors can read a table; the data of any other lie in the memory of this process."""
    return isinstance(table, SparkTable) or bool(files_of(table))


def files_of(table: SourceTable) -> Sequence[tuple[str | None, SourceTable]]:
    """Return the files of a table with the names that findings give them, each by its whole path; none for other data.

    A file elsewhere is read by this process.
    """
    several = table.files if isinstance(table, SeveralFiles) else [(None, table)]
    found = [(name, _whole_path(file)) for name, file in several if _file(file) is not None]
    return found if len(found) == len(several) else []


def _file(table: SourceTable) -> FileTable | None:
    """Return the file of a table that is one, with or without columns from its folders, which executors can open."""
    file = table.table if isinstance(table, WithFolders) else table
    return file if isinstance(file, FileTable) and not is_url(str(file.path)) else None


def _whole_path(table: SourceTable) -> SourceTable:
    if isinstance(table, WithFolders):
        return attrs.evolve(table, table=_whole_path(table.table))
    assert isinstance(table, FileTable)
    return attrs.evolve(table, path=table.path.absolute())


def paths_of(tables: Sequence[SourceTable]) -> list[str]:
    """Return the paths of all files of some tables."""
    files = [_file(one) for table in tables for _, one in files_of(table)]
    return [str(file.path) for file in files if file is not None]


def with_whole_paths(source: Source) -> Source:
    """Return a source of files by their whole paths, which mean the same in another process."""
    files = files_of(source.table)
    if isinstance(source.table, SeveralFiles):
        named = [(name or "", file) for name, file in files]
        return attrs.evolve(source, table=attrs.evolve(source.table, files=named)) if files else source
    return attrs.evolve(source, table=files[0][1]) if files else source
