"""The engine on Spark: which way a source is counted, and how what is sent back becomes one answer.

Counting by key is one of the ways: all rows of one key, and the child rows of its record, meet on one executor.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt
from pyspark.sql import DataFrame, SparkSession

from casequality.engines.counting import PartialResult, Request, summed
from casequality.engines.engine import InProcess, Progress
from casequality.engines.spark.identity import Code
from casequality.engines.spark.messages import (
    Returned,
    Sent,
    Site,
    Sizes,
    in_frame,
    partition_of,
    replaced,
    sizes_of,
)
from casequality.engines.spark.partitions import (
    SLICES,
    FileShares,
    FileSlices,
    FrameShares,
    FrameSlices,
    Slice,
    Slicing,
    can_be_read_apart,
    counted_in,
    files_of,
    partition,
    paths_of,
    slices_in,
    with_whole_paths,
)
from casequality.engines.spark.session import SparkJob, session_of
from casequality.errors import UsageError
from casequality.metrics import AsOf, Question, Tally
from casequality.records import (
    BLOCK_ROWS,
    Batch,
    Finding,
    Findings,
    Piece,
    Source,
    SourceReading,
    SourceTable,
    SparkTable,
    arrow,
)

Met = Mapping[str, Sequence[Slice]]
"""Slices by their file, which is named `table/file` by the numbers of both."""


@attrs.frozen(eq=False)
class TableRows:
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

    def _count(self, reading: SourceReading) -> PartialResult:
        numbers = {place: place for place in range(len(reading.parts))}
        # Spark adds to a job's counter what cutting the slices has counted already
        return counted_in(self.request, reading, numbers, attrs.evolve(self.site, rows=None))

    def _filled(self, slices: Met) -> Source:
        filled = [_filled(each, number, slices) for number, each in enumerate(self.tables)]
        return attrs.evolve(filled[0], children=dict(zip(self.fields, filled[1:], strict=True)))


def without_data(source: Source) -> Source:
    """Return how a source is read, without its data and its child tables."""
    return attrs.evolve(source, table=TableRows(source.table.name, source.table.columns), children={})


def _filled(source: Source, table: int, slices: Met) -> Source:
    files: dict[str, list[Batch]] = {}
    for file, found in slices.items():
        if found[0].table == table:
            ends = np.cumsum([each.batch.rows for each in found]).tolist()
            files[file] = [
                attrs.evolve(each.batch, first=end - each.batch.rows + 1, file=file)
                for each, end in zip(found, ends, strict=True)
            ]
    return attrs.evolve(source, table=TableRows(source.table.name, source.table.columns, files))


def _sizes(slices: Met) -> Sizes:
    """Return the rows of each partition among those that met; files have but one, which nobody asks for."""
    found: dict[int, dict[int, int]] = {}
    for each in (each for several in slices.values() for each in several):
        number, sizes = int(partition_of(each.numbers[:1])[0]), found.setdefault(each.table, {})
        sizes[number] = sizes.get(number, 0) + len(each.numbers)
    return found


def _numbered(numbers: Mapping[str, npt.NDArray[np.int64]], finding: Finding) -> Finding:
    return attrs.evolve(finding, rows=numbers[finding.file or ""][finding.rows - 1])


BUCKET_BYTES: Final = 1 << 20


@attrs.frozen
class Spark:
    """The engine on Apache Spark; figures and findings are those of one process, to the byte.

    session: the session to use; without one the active session, or a new one on `master` ("local[2]",
    "spark://host:7077"), or on all processors of this machine. Executors need casequality and the plugins installed,
    and see files under the same paths as the driver. Files, and Spark frames as data, are counted on the executors;
    a table in the driver's memory (a pandas frame, a list) goes to a Spark frame beside it, or is counted here.
    """

    session: SparkSession | None = None
    master: str | None = None

    def tally(
        self,
        questions: Sequence[Question],
        source: Source,
        as_of: AsOf,
        *,
        expects: str = "",
        progress: Progress | None = None,
    ) -> list[tuple[Tally, Findings]]:
        """Return one tally a question, with the findings of the read."""
        request = Request.of(questions, as_of, expects)
        children = _child_tables(source, request)
        whole = [source, *(source.children[field] for field in children if field in source.children)]
        met = not children or all(_key_column(each, source) in each.table.columns for each in whole)
        met = met and len(whole) > len(children)
        frames = [each.table.frame for each in whole if isinstance(each.table, SparkTable)]
        if frames and not met:
            _refuse_to_fetch(source, request)
        if not frames and not (met and all(can_be_read_apart(each.table) for each in whole)):
            return InProcess().tally(questions, source, as_of, expects=expects, progress=progress)
        session = self.session or (frames[0].sparkSession if frames else session_of(self.master))
        job = SparkJob.of(session, progress, source.row_count)
        spread = _Spread(job, request, [with_whole_paths(each) for each in whole], children)
        counted = None if children else spread.as_it_lies()
        if counted is None or not counted.keys_increase:
            counted = spread.by_key()
        return request.answer([counted])


def _refuse_to_fetch(source: Source, request: Request) -> None:
    """Raise what there is to say of a Spark frame whose child rows cannot find their cases by a key."""
    children = {field: without_data(each) for field, each in source.children.items()}
    attrs.evolve(without_data(source), children=children).reading(request.fields)
    raise UsageError(
        "A Spark frame and its child tables meet by a key, and one of them has no column for it",
        where=source.name,
        remedy="map the key in each; a small frame can be counted in this process: pass frame.toArrow()",
    )


@attrs.frozen(eq=False)
class _Spread:
    """One request over one source, and the jobs that it takes.

    tables: the source and the child tables named. names: what findings call the files of each, by its number.
    """

    job: SparkJob
    request: Request
    tables: Sequence[Source]
    children: Sequence[str]
    names: dict[int, list[str | None]] = attrs.field(factory=dict, init=False)
    site: Site = attrs.field(init=False)

    @site.default
    def _site(self) -> Site:
        code = Code.of(self.request, self.tables)
        return Site(self.tables[0].name, paths_of([each.table for each in self.tables]), code, self.job.done)

    def as_it_lies(self) -> PartialResult:
        """Return the count of a source whose rows need not meet: each executor reads and counts its own share."""
        reading, table = self.tables[0].reading(self.request.fields), self.tables[0].table
        if isinstance(table, SparkTable):
            frame = FrameShares.of(self.request, reading, table, self.site)
            counts = self.job.counted(table.select(frame.columns), frame.count, self.site) or [
                Returned(0, frame.nothing())
            ]
            sizes = sizes_of(counts, 0)
            return summed(replaced(each.counted, lambda found: in_frame(found, sizes)) for each in counts)
        files = FileShares.of(self.request, reading, self.job.processors, self.site)
        counts = self.job.counted(self.job.numbers(len(files.packed)), files.count, self.site) or [
            Returned(0, files.nothing())
        ]
        return summed(each.counted for each in counts)

    def by_key(self) -> PartialResult:
        """Return the count of a source whose rows are brought together by their keys, with their child rows."""
        slices: DataFrame | None = None
        for number, each in enumerate(self.tables):
            cut = self._slices(number, each)
            slices = cut if slices is None else slices.union(cut)
        assert slices is not None
        buckets = ShuffleBlocks(self.request, [without_data(each) for each in self.tables], self.children, self.site)
        counts = self.job.counted(slices.repartition("bucket"), buckets.count, self.site) or [
            Returned(0, buckets.nothing())
        ]
        sizes = [sizes_of(counts, number) for number in range(len(self.tables))]
        return summed(replaced(each.counted, lambda found: self._placed(found, sizes)) for each in counts)

    def _slices(self, number: int, source: Source) -> DataFrame:
        table, key = source.table, _key_column(source, self.tables[0])
        assert key is not None
        columns = list(dict.fromkeys([key, *source.mapping.mapped_columns(table.columns)]))
        slicing = Slicing(number, key, columns, self._buckets, self.site)
        if isinstance(table, SparkTable):
            cut = FrameSlices(slicing, attrs.evolve(table, frame=None))
            chosen: DataFrame = table.select(columns)
            return chosen.mapInArrow(Sent.of(cut.cut, self.site).work, SLICES)
        if not can_be_read_apart(table):
            return self._carried(number, table, slicing)
        self.names[number] = [name for name, _ in files_of(table)]
        pieces = [
            (file, piece)
            for file, (_, one) in enumerate(files_of(table))
            for piece in one.pieces(columns, (), BLOCK_ROWS)
        ]
        sent = Sent.of(FileSlices.of(slicing, pieces).cut, self.site)
        return self.job.numbers(len(pieces)).mapInArrow(sent.work, SLICES)

    def _carried(self, number: int, table: SourceTable, slicing: Slicing) -> DataFrame:
        """Return the slices of a table in the memory of this process, cut here: a frame beside it stays where it is."""
        names = self.names[number] = []
        slicing = attrs.evolve(slicing, site=attrs.evolve(self.site, rows=None))
        found: list[Any] = []
        for piece in table.pieces(slicing.columns, (), BLOCK_ROWS):
            if piece.file not in names:
                names.append(piece.file)
            found += slicing.of(names.index(piece.file), piece)
        cut: DataFrame = self.job.session.createDataFrame(
            arrow().Table.from_batches(found, arrow().schema([("bucket", "int64"), ("slice", "binary")])), SLICES
        )
        return cut

    def _placed(self, finding: Finding, sizes: Sequence[Mapping[int, int]]) -> Finding:
        """Return a finding of `table/file` under the name of its file, or with its rows' numbers in its frame."""
        number, file = map(int, (finding.file or "").split("/"))
        if isinstance(self.tables[number].table, SparkTable):
            return in_frame(attrs.evolve(finding, file=None), sizes[number])
        return attrs.evolve(finding, file=self.names[number][file])

    @property
    def _buckets(self) -> int:
        told = str(self.job.session.conf.get("spark.sql.shuffle.partitions"))
        most = int(told) if told.isdecimal() else 200
        # a frame's size is not known before it is read; as many buckets as Spark itself would make
        if any(isinstance(each.table, SparkTable) for each in self.tables):
            return most
        size = sum(Path(path).stat().st_size for path in self.site.files)
        return min(most, size // BUCKET_BYTES + 1)


def _child_tables(source: Source, request: Request) -> list[str]:
    fields = source.mapping.needed({name.partition(".")[0] for name in request.fields})
    return [name for name in fields if source.records.fields[name].column_type.is_table]


def _key_column(source: Source, parent: Source) -> str | None:
    """Return the column that holds the parent's key, in the parent's table or a child's."""
    key = parent.records.key_field()
    return None if key is None or key not in source.records.fields else source.mapping.column(key)
