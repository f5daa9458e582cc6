"""Files by their kind, and several files as one table."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from glob import has_magic
from pathlib import Path

import attrs

from casequality.errors import InputError
from casequality.records.intake.csv_files import CsvTable
from casequality.records.intake.dialect import Dialect
from casequality.records.intake.excel import ExcelTable
from casequality.records.intake.origin import Origin
from casequality.records.intake.parquet import ParquetTable
from casequality.records.intake.tables import Batch, Piece, Table

FILE_KINDS = (".csv", ".tsv", ".txt", ".csv.gz", ".xlsx", ".xlsm", ".parquet")


def file_table(paths: Sequence[str | os.PathLike[str]], dialect: Dialect, sheet: str | None) -> Table:
    """Return the table of a file, or of several, named one by one or by a pattern such as `calls-*.parquet`."""
    found = [path for given in paths for path in _matching(Path(given))]
    if len(found) == 1:
        return _opened(found[0], dialect, sheet)
    return SeveralFiles.of(found, [_opened(path, dialect, sheet) for path in found])


def _matching(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if has_magic(str(path)):
        below = Path(path.anchor).glob(str(path.relative_to(path.anchor)))
        if found := sorted(one for one in below if one.is_file()):
            return found
        raise InputError("No file matches a pattern", where=str(path), remedy="check the pattern and the folder")
    raise InputError(
        "A file is not there" if not path.exists() else "A folder is no file",
        where=str(path),
        remedy="check the path; name several files by a pattern such as folder/*.parquet",
    )


def _opened(path: Path, dialect: Dialect, sheet: str | None) -> Table:
    name = path.name.lower().removesuffix(".gz")
    if name.endswith((".csv", ".tsv", ".txt")):
        return CsvTable.open(path, dialect)
    if name.endswith((".xlsx", ".xlsm")):
        return ExcelTable.open(path, dialect, sheet)
    if name.endswith((".parquet", ".pq")):
        return ParquetTable.open(path, dialect)
    raise InputError("A file is of no known kind", where=str(path), got=path.suffix or "no ending", allowed=FILE_KINDS)


def origins(table: Table) -> list[Origin]:
    """Return the files of a table, none for one that is no file's."""
    if isinstance(table, SeveralFiles):
        return [origin for _, each in table.files for origin in origins(each)]
    return [table.origin] if isinstance(table, CsvTable | ExcelTable | ParquetTable) else []


@attrs.frozen(eq=False)
class SeveralFiles:
    """Files with the same columns, read one after the other; rows are counted anew in each."""

    name: str
    files: Sequence[tuple[str, Table]]

    steady = rereadable = True

    @classmethod
    def of(cls, paths: Sequence[Path], tables: Sequence[Table]) -> SeveralFiles:
        """Return the files as one table; raise `InputError` where their columns do not agree."""
        folder = Path(os.path.commonpath([path.absolute().parent for path in paths]))
        names = [path.absolute().relative_to(folder).as_posix() for path in paths]
        for name, table in zip(names, tables, strict=True):
            if differing := set(table.columns) ^ set(tables[0].columns):
                raise InputError(
                    "Two files of one source have different columns",
                    where=f"{names[0]} and {name}",
                    got=f"only in one: {', '.join(sorted(differing))}",
                    remedy="give the files the same header, or make two sources of them",
                )
        return cls(f"{names[0]} and {len(names) - 1} more", list(zip(names, tables, strict=True)))

    @property
    def columns(self) -> Sequence[str]:
        return self.files[0][1].columns

    @property
    def rows(self) -> int | None:
        counts = [table.rows for _, table in self.files]
        return None if None in counts else sum(count or 0 for count in counts)

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        return [
            Piece(partial(_batches_of, name, piece), piece.rows, name, piece.origin)
            for name, table in self.files
            for piece in table.pieces(columns, coded, block_rows)
        ]


def _batches_of(file: str, piece: Piece) -> Iterator[Batch]:
    for batch in piece.read():
        yield attrs.evolve(batch, file=file)
