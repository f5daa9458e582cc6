"""Parquet files: each row group is decoded by itself, on the thread that asks.

pyarrow decodes them. Numbers and dates of a large file polars decodes where it is installed: in two thirds of the time,
to the same arrays.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import attrs

from casequality.errors import InputError
from casequality.records.intake.cells import (
    ArrowCells,
    Batch,
    FileTable,
    Origin,
    Piece,
    ReadOptions,
    arrow,
    is_text,
    library,
)
from casequality.records.intake.readers.remote import RemoteFile

MOST_GROUPS: Final = 2**15 - 1
"""Row groups that a file has at most: so many can be told apart where they are encrypted. Each costs one opening."""
LONGEST_ROW: Final = 2**24
"""Bytes that a row may have on average in a row group of many, as much as a line of CSV."""
PAYS_LOADED: Final = 2**24
"""From how many bytes of numbers, not compressed, polars is asked where somebody has imported it already."""
PAYS: Final = 2**29
"""From how many it is imported for that: it spares 1.4 ns a byte, and its import takes what 250 MB spare."""
MOST_AT_ONCE: Final = 2**21
"""Rows that a row group may have whose numbers are held whole, as polars gives them."""


@attrs.frozen(eq=False, repr=False)
class ParquetTable(FileTable):
    """One Parquet file; `instants` are the columns of INT96, whose moments Spark and Hive write in UTC and unsaid."""

    metadata: Any
    schema: Any
    instants: frozenset[str] = frozenset()

    kind = "Parquet"
    endings = (".parquet", ".pq")
    options = frozenset({"dialect"})
    in_parts = True
    extra = "arrow"

    @classmethod
    def open(cls, path: Path, options: ReadOptions) -> ParquetTable:
        """Return the table of a file, its footer read; raise `InputError` where it has none."""
        dialect = options.dialect
        origin = Origin.of(path, dialect)
        with cls._file(path) as file:
            _check_groups(path, file.metadata)
            return cls(path, dialect, origin, file.metadata, file.schema_arrow, _int96(file.metadata))

    @staticmethod
    def _file(path: Path, **options: Any) -> Any:
        parquet = library("pyarrow.parquet", "arrow")
        try:
            # in nanoseconds, which pyarrow makes of INT96 unless told, the year 9999 would come out as another one
            options = {"coerce_int96_timestamp_unit": "us", "page_checksum_verification": True, **options}
            if isinstance(path, RemoteFile) and (ranges := path.ranges()):
                # what one row group needs is fetched in few and large ranges
                return parquet.ParquetFile(ranges, pre_buffer=True, **options)
            return parquet.ParquetFile(path, **options)
        except (arrow().ArrowException, OSError):
            raise damaged(path) from None

    @property
    def columns(self) -> Sequence[str]:
        return list(self.schema.names)

    @property
    def rows(self) -> int:
        return int(self.metadata.num_rows)

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        # labels are read once each where the file keeps them so, instead of once a row; not as differences to others
        kept = self._chunks([name for name in coded if is_text(self.schema.field(name).type)])
        texts = [name for name in kept if not any("DELTA" in way for chunk in kept[name] for way in chunk.encodings)]
        numbers = self._by_polars(columns)
        found, first = [], 1
        for group in range(self.metadata.num_row_groups):
            rows = self.metadata.row_group(group).num_rows
            read = _Group(self, group, first, list(columns), texts, block_rows, numbers)
            found.append(Piece(read.batches, rows, origin=self.origin))
            first += rows
        return found

    def _by_polars(self, columns: Collection[str]) -> list[str]:
        """Return which columns polars is to decode: none where that would take longer, or it is not installed."""
        plain = [name for name in columns if self.schema.names.count(name) == 1 and _is_plain(self.schema.field(name))]
        chunks = self._chunks([name for name in plain if name not in self.instants])
        every = [chunk for each in chunks.values() for chunk in each]
        size = sum(chunk.total_uncompressed_size for chunk in every)
        pays = size >= (PAYS_LOADED if "polars" in sys.modules else PAYS) and not isinstance(self.path, RemoteFile)
        fits = all(chunk.num_values <= MOST_AT_ONCE for chunk in every)
        return list(chunks) if pays and fits and find_spec("polars") is not None else []

    def _chunks(self, names: Collection[str]) -> dict[str, list[Any]]:
        """Return what is said of each row group of each of these columns that the file has by this name."""
        places = {self.metadata.schema.column(number).path: number for number in range(self.metadata.num_columns)}
        groups = [self.metadata.row_group(number) for number in range(self.metadata.num_row_groups)]
        return {name: [group.column(places[name]) for group in groups] for name in names if name in places}


def _is_plain(field: Any) -> bool:
    types, kind = arrow().types, field.type
    whole = types.is_int64(kind) or types.is_int32(kind) or types.is_boolean(kind) or types.is_date32(kind)
    return bool(whole or (types.is_timestamp(kind) and kind.unit != "s"))


@attrs.frozen(eq=False, repr=False)
class _Group:
    """One row group and what is wanted of it; `numbers` are the columns that polars decodes."""

    table: ParquetTable
    group: int
    first: int
    columns: list[str]
    texts: list[str]
    block_rows: int
    numbers: list[str]

    def batches(self) -> Iterator[Batch]:
        table, whole, done = self.table, self._whole(), 0
        rest = [name for name in self.columns if name not in whole]
        for rows, read in self._stretches(rest):
            arrays = {name: whole[name][done : done + rows] if name in whole else read[name] for name in self.columns}
            cells = {
                name: ArrowCells(array, table.dialect, f"{table.name}, column {name}") for name, array in arrays.items()
            }
            yield Batch(self.first + done, rows, cells)
            done += rows

    def _stretches(self, columns: list[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Yield the columns that pyarrow decodes, so many rows at a time."""
        table = self.table
        if self.columns and not columns:
            rows = table.metadata.row_group(self.group).num_rows
            yield from ((min(self.block_rows, rows - done), {}) for done in range(0, rows, self.block_rows))
            return
        with table._file(table.path, metadata=table.metadata, read_dictionary=self.texts) as file:
            try:
                for batch in file.iter_batches(
                    self.block_rows, row_groups=[self.group], columns=columns, use_threads=False
                ):
                    yield batch.num_rows, {name: self._column(batch, name) for name in columns}
            except (arrow().ArrowException, OSError):
                raise damaged(table.path) from None

    def _whole(self) -> dict[str, Any]:
        """Return the columns that polars decodes, of the whole row group; none where any is unlike pyarrow's."""
        if not self.numbers:
            return {}
        polars, table = importlib.import_module("polars"), self.table
        rows = table.metadata.row_group(self.group).num_rows
        try:
            # `none` stands for no threads of its own: as many row groups are read side by side as threads are wanted
            scan = polars.scan_parquet(table.path, parallel="none", glob=False, hive_partitioning=False)
            found = scan.select(self.numbers).slice(self.first - 1, rows).collect().rechunk()
        except (polars.exceptions.PolarsError, polars.exceptions.PanicException, OSError):
            return {}
        arrays = {name: found[name].to_arrow() for name in self.numbers}
        alike = all(len(each) == rows and each.type == table.schema.field(name).type for name, each in arrays.items())
        return arrays if alike else {}

    def _column(self, batch: Any, name: str) -> Any:
        column = batch.column(name)
        return column.cast(arrow().timestamp("us", "UTC")) if name in self.table.instants else column


def _int96(metadata: Any) -> frozenset[str]:
    columns = [metadata.schema.column(number) for number in range(metadata.num_columns)]
    return frozenset(each.path for each in columns if each.physical_type == "INT96")


def _check_groups(path: Path, metadata: Any) -> None:
    """Refuse a file whose row groups cannot be meant: too many to open one by one, or of rows longer than any is."""
    groups = metadata.num_row_groups
    if groups > MOST_GROUPS:
        raise InputError(
            "A Parquet file has more row groups than are read",
            where=str(path),
            got=f"{groups:,}",
            allowed=f"{MOST_GROUPS:,}",
            remedy="write it again with more rows in each row group",
        )
    for number in range(groups):
        group = metadata.row_group(number)
        if group.total_byte_size > LONGEST_ROW * max(16, group.num_rows):
            raise InputError(
                "A Parquet file has rows that are longer than any should be",
                where=f"{path}, row group {number + 1}",
                got=f"{group.total_byte_size:,} bytes in {group.num_rows:,} rows",
                allowed=f"{LONGEST_ROW // 2**20} MiB a row",
                remedy="write it again without attached documents",
            )


def damaged(path: Path) -> InputError:
    """Return the error for a file that is no whole Parquet file."""
    return InputError(
        "A file cannot be read as Parquet",
        where=str(path),
        got="damaged, incomplete or of another kind",
        remedy="deliver it again, or name it by its kind: .csv, .csv.gz, .xlsx, .parquet",
    )
