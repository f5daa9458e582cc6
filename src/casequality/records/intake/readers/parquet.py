"""Parquet files: each row group is decoded by itself, on the thread that asks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
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


@attrs.frozen(eq=False)
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
            options = {"coerce_int96_timestamp_unit": "us", **options}
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
        # labels are read once each where the file keeps them so, instead of once a row
        texts = [name for name in coded if is_text(self.schema.field(name).type)]
        found, first = [], 1
        for group in range(self.metadata.num_row_groups):
            rows = self.metadata.row_group(group).num_rows
            read = _Group(self, group, first, list(columns), texts, block_rows)
            found.append(Piece(read.batches, rows, origin=self.origin))
            first += rows
        return found


@attrs.frozen(eq=False)
class _Group:
    """One row group and what is wanted of it."""

    table: ParquetTable
    group: int
    first: int
    columns: list[str]
    texts: list[str]
    block_rows: int

    def batches(self) -> Iterator[Batch]:
        table, first = self.table, self.first
        with table._file(table.path, metadata=table.metadata, read_dictionary=self.texts) as file:
            try:
                for batch in file.iter_batches(
                    self.block_rows, row_groups=[self.group], columns=self.columns, use_threads=False
                ):
                    cells = {
                        name: ArrowCells(self._column(batch, name), table.dialect, f"{table.name}, column {name}")
                        for name in self.columns
                    }
                    yield Batch(first, batch.num_rows, cells)
                    first += batch.num_rows
            except (arrow().ArrowException, OSError):
                raise damaged(table.path) from None

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
