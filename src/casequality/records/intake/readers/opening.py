"""Which reader is for which data: files by their kind, frames and streams, and several files as one table."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from glob import has_magic
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import IO, Any, Final

import attrs

from casequality.errors import InputError, UsageError
from casequality.records.facts import Records
from casequality.records.intake.cells import (
    SURROGATE,
    Batch,
    Dialect,
    FileTable,
    Origin,
    Piece,
    ReadOptions,
    SourceTable,
    arrow,
    own_code,
)
from casequality.records.intake.readers.csv_files import CsvTable
from casequality.records.intake.readers.databases import is_database, queried
from casequality.records.intake.readers.excel import ExcelTable, OtherSheetTable
from casequality.records.intake.readers.folders import (
    DeltaFolder,
    DeltaTable,
    Folder,
    WithFolders,
    by_pattern,
    in_folder,
    is_delta,
)
from casequality.records.intake.readers.frames import ArrowTable, PandasTable, SparkTable, StreamTable, carried_out
from casequality.records.intake.readers.in_memory import RowTable, TypedTable
from casequality.records.intake.readers.layout import differing
from casequality.records.intake.readers.parquet import ParquetTable
from casequality.records.intake.readers.remote import elsewhere, is_url
from casequality.records.intake.readers.spool import QueryTable


def frame(data: Any, dialect: Dialect, zone: str | None = None) -> SourceTable | None:
    """Return the table of a frame, query or Arrow object; None for anything else."""
    library = type(data).__module__.partition(".")[0].lstrip("_")
    kind = type(data).__name__
    if library == "pandas" and kind == "DataFrame":
        return PandasTable(data, dialect)
    if library == "polars" and kind == "LazyFrame":
        with carried_out("polars query"):
            names = data.collect_schema().names()
        return StreamTable("polars query", names, lambda columns: _collected(data, columns), True, dialect)
    if library == "polars" and kind == "DataFrame":
        return ArrowTable(
            "polars frame", data.columns, data.height, lambda columns: _as_arrow(_narrow(data.select(columns))), dialect
        )
    if library == "duckdb" and kind == "DuckDBPyRelation":
        with carried_out("DuckDB query"):
            return StreamTable("DuckDB query", data.columns, lambda columns: _queried(data, columns), True, dialect)
    if library == "pyspark" and kind == "DataFrame":
        return SparkTable(data, dialect, zone=zone)
    if hasattr(data, "__arrow_c_stream__"):
        with suppress(arrow().ArrowInvalid):  # a stream of something else than the rows of a table, as of one column
            return _streamed(data, dialect)
    return None


def _streamed(data: Any, dialect: Dialect) -> SourceTable:
    pa = arrow()
    if hasattr(data, "num_rows") or hasattr(data, "__len__"):
        table = data if isinstance(data, pa.Table) else _as_arrow(data)
        return ArrowTable("Arrow table", table.column_names, table.num_rows, table.select, dialect)
    reader = pa.RecordBatchReader.from_stream(data)
    return StreamTable("Arrow stream", reader.schema.names, lambda _: _own_batches(reader), False, dialect)


def _own_batches(reader: Any) -> Iterator[Any]:
    with own_code("Arrow stream"):
        yield from reader


def _collected(query: Any, columns: Sequence[str]) -> Iterator[Any]:
    chosen = _narrow(query.select(columns))
    frames: Iterable[Any]
    frames = chosen.collect_batches(maintain_order=True) if hasattr(chosen, "collect_batches") else [chosen.collect()]
    for part in frames:
        yield from _as_arrow(part).to_batches()


def _narrow(frame: Any) -> Any:
    """Return a frame of polars with whole numbers of 128 bits, which Arrow does not have, as texts."""
    wide = [name for name, kind in frame.collect_schema().items() if str(kind) in ("Int128", "UInt128")]
    return frame.cast(dict.fromkeys(wide, str)) if wide else frame


def _as_arrow(frame: Any) -> Any:
    """Return a frame as an Arrow table; `pyarrow.table` would import pandas to ask whether it is one of its own."""
    return arrow().RecordBatchReader.from_stream(frame).read_all()


def _queried(relation: Any, columns: Sequence[str]) -> Any:
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    if zoned := [column for column in columns if kinds[column] == "TIME WITH TIME ZONE"]:
        raise InputError(  # of which Arrow would get the clock alone
            "A column holds a kind of value that is not read",
            where=f"DuckDB query, column {zoned[0]}",
            got=kinds[zoned[0]],
            remedy="convert the column before it is passed in",
        )
    quoted = ('"' + column.replace('"', '""') + '"' for column in columns)
    return arrow().RecordBatchReader.from_stream(relation.project(", ".join(quoted)))


FILE_TABLES: Final[tuple[type[FileTable], ...]] = (CsvTable, ExcelTable, OtherSheetTable, ParquetTable)
"""The kinds of files that are read."""


def file_table(paths: Sequence[str | os.PathLike[str]], options: ReadOptions) -> SourceTable:
    """Return the table of a file, or of several: named one by one, by a folder, by a pattern as `calls-*.parquet`."""
    folders = [_found(path) for path in paths]
    if any(folder.table is not None for folder in folders):
        return _delta(folders, options)
    found = [path for folder in folders for path in folder.files]
    given = [said for folder in folders for said in folder.given]
    kinds = [_kind(path) for path in found]
    for name, value in _told_beside(options):
        if not any(name in kind.options for kind in kinds):
            raise UsageError(
                "A sheet is named for a file that has none"
                if name == "sheet"
                else f"{name}= is given for a file in which it says nothing",
                where=str(found[0]),
                got=value,
                remedy=f"leave {name}= out",
            )
    tables = [
        WithFolders.of(kind.open(path, options), said, str(path))
        for kind, path, said in zip(kinds, found, given, strict=True)
    ]
    left_out = [place for folder in folders for place in folder.left_out]
    return tables[0] if len(tables) == 1 and not left_out else SeveralFiles.of(found, tables, left_out)


def file_kinds(data: Any) -> list[tuple[Path, type[FileTable]]]:
    """Return the files that data name, however they are named, and of which kind each is; none for other data."""
    return [(path, _kind(path)) for given in _paths(data) for path in _found(given).files]


def _told_beside(options: ReadOptions) -> list[tuple[str, Any]]:
    """Return what is told of the layout, by its name."""
    told = [(field.name, getattr(options, field.name)) for field in attrs.fields(ReadOptions)]
    return [(name, given) for name, given in told if name not in ("dialect", "zone") and given is not None]


def _delta(folders: Sequence[Folder], options: ReadOptions) -> SourceTable:
    [table, *_] = [folder.table for folder in folders if folder.table is not None]
    others = [name for name, _ in _told_beside(options) if name != "version"]
    if others or len(folders) > 1:
        raise UsageError(
            "A Delta table is a source by itself, and says its own columns",
            where=table.where,
            got=", ".join(others) or f"{len(folders)} paths",
            remedy="name its folder alone, and leave out what is said of sheets",
        )
    return table.opened(options.dialect, options.version)


def _found(given: str | os.PathLike[str]) -> Folder:
    if is_url(given):
        return elsewhere(str(given))
    path = Path(given)
    with suppress(OSError):  # of names that no system would give to a file, and of folders that are shut
        if path.is_file():
            return Folder([path], [{}])
        if path.is_dir():
            return Folder([], [], table=DeltaFolder(str(path))) if is_delta(path) else in_folder(path)
        if has_magic(str(path)):
            return by_pattern(path)
    raise InputError(
        "A file is not there",
        where=str(path),
        remedy="check the path; name several files by a pattern such as folder/*.parquet",
    )


def _kind(path: Path) -> type[FileTable]:
    if SURROGATE.search(str(path)):  # which stands for a byte that is none in UTF-8; many libraries open no such file
        raise InputError(
            "The name of a file is no text",
            where=str(path.parent).encode(errors="replace").decode(),
            remedy="rename it",
        )
    for kind in FILE_TABLES:
        if path.name.lower().endswith(kind.endings):
            return kind
    endings = [ending for kind in FILE_TABLES for ending in kind.endings]
    raise InputError("A file is of no known kind", where=str(path), got=path.suffix or "no ending", allowed=endings)


def origins(table: SourceTable) -> list[Origin]:
    """Return the files of a table, or the query that gave it; none for data of another kind."""
    if isinstance(table, QueryTable):
        return [table.origin] if table.origin else []
    if isinstance(table, SeveralFiles):
        return [origin for _, each in table.files for origin in origins(each)]
    if isinstance(table, WithFolders):
        return origins(table.table)
    return [table.origin] if isinstance(table, FileTable) else []


@attrs.frozen
class Delivery:
    """What a source was read from: by the name of each file its size in bytes and the SHA-256 of its content.

    left_out: the places of files that lie beside these and hold no rows. snapshot: the version of a table that
    keeps several, "" for a source that has only one. queries: by the name of each query how many rows it gave, and a
    digest of all their values in their order (BLAKE2b), which is another where one row changes or moves.
    """

    files: Mapping[str, tuple[int, str]] = attrs.field(factory=dict)
    left_out: tuple[str, ...] = ()
    snapshot: str = ""
    queries: Mapping[str, tuple[int, str]] = attrs.field(factory=dict)


def delivery(table: SourceTable) -> Delivery:
    """Return what a table is read from; its files are read to their ends, and it is an error if one has changed."""
    if isinstance(table, DeltaTable):
        return Delivery({name: _digested(file) for name, file in table.files()}, snapshot=table.snapshot)
    if isinstance(table, QueryTable) and table.origin:
        return Delivery(queries={table.name: table.origin.stamp()})
    names = [name for name, _ in table.files] if isinstance(table, SeveralFiles) else [table.name]
    files, found = {}, origins(table)
    if not found:
        raise UsageError(
            "Only files are delivered, and can be told by a digest",
            where=table.name,
            got=f"data that are no file ({type(table).__name__.removesuffix('Table').lower()})",
            remedy="write the data to a file and read that",
        )
    for name, origin in zip(names, found, strict=True):
        with origin.path.open("rb") as file:
            files[name] = _digested(file)
        origin.check()
    return Delivery(files, tuple(table.left_out) if isinstance(table, SeveralFiles) else ())


def _digested(file: IO[bytes]) -> tuple[int, str]:
    found, size = sha256(), 0
    while part := file.read(1 << 20):
        found.update(part)
        size += len(part)
    return size, found.hexdigest()


@attrs.frozen(eq=False, repr=False)
class SeveralFiles:
    """Files with the same columns, read one after the other; rows are counted anew in each.

    left_out: the places of what lies beside them and holds no rows.
    """

    name: str
    files: Sequence[tuple[str, SourceTable]]
    left_out: Sequence[str] = ()

    steady = rereadable = True

    @classmethod
    def of(cls, paths: Sequence[Path], tables: Sequence[SourceTable], left_out: Sequence[str] = ()) -> SeveralFiles:
        """Return the files as one table; raise `InputError` where their columns do not agree."""
        parts = [Path(str(path.absolute())).as_posix().split("/") for path in paths]
        alike = zip(*(each[:-1] for each in parts), strict=False)
        above = len(list(takewhile(lambda folder: len(set(folder)) == 1, alike)))
        names = ["/".join(each[above:]) for each in parts]
        for name, table in zip(names, tables, strict=True):
            if set(table.columns) != set(tables[0].columns):
                raise InputError(
                    "Two files of one source have different columns",
                    where=f"{names[0]} and {name}",
                    got=differing(tables[0].columns, table.columns),
                    remedy="give the files the same header, or make two sources of them",
                )
        name = f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else names[0]
        return cls(name, list(zip(names, tables, strict=True)), left_out)

    @property
    def columns(self) -> Sequence[str]:
        return self.files[0][1].columns

    @property
    def rows(self) -> int | None:
        counts = [table.rows for _, table in self.files]
        return None if None in counts else sum(count or 0 for count in counts)

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        return [
            Piece(partial(_batches_of, whole, piece), piece.rows, whole, piece.origin)
            for name, table in self.files
            for piece in table.pieces(columns, coded, block_rows)
            for whole in [name if piece.file is None else f"{name}, {piece.file}"]
        ]


def _batches_of(file: str, piece: Piece) -> Iterator[Batch]:
    for batch in piece.read():
        yield attrs.evolve(batch, file=file)


def by_file_name(pattern: str, table: SourceTable, constants: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what the name of each file says, by what its rows call it; "" for a single one."""
    files = table.files if isinstance(table, SeveralFiles) else [("", table)]
    try:
        expression = re.compile(pattern)
    except re.error:
        expression = re.compile("")
    if not expression.groupindex:
        raise UsageError(
            "A pattern of file names has no named group, or is none",
            where="file_name=",
            got=pattern,
            remedy=r"name a group for each field: calls-(?P<queue>.+)\.csv",
        )
    found = {}
    for name, file in files:
        met = expression.fullmatch(file.path.name) if isinstance(file, FileTable) else None
        if met is None:
            raise UsageError(
                "The name of a file does not match its pattern, or there is no file",
                where=name or file.name,
                got=pattern,
                remedy="mend the pattern, which the whole name matches, or leave file_name= out",
            )
        found[name] = {**constants, **met.groupdict()}
    return found


DATA_KINDS = (
    f"a path, URL, folder or pattern ({', '.join(each.kind for each in FILE_TABLES)}), a list of paths, a pandas or "
    "polars frame, a pyarrow table, a DuckDB relation, a Spark frame, an object with __arrow_c_stream__, a connection "
    "to a database with query=, mappings, Records"
)


def opened(data: Any, options: ReadOptions, query: str | None = None) -> SourceTable:
    """Return the table that `data` is, or a query of it gives; raise `InputError` for data of no known kind."""
    dialect, kind = options.dialect, type(data).__name__
    with own_code():
        asked = query is not None or is_database(data)
        paths = [] if asked else _paths(data)
    if paths:
        return file_table(paths, options)
    for name, given in _told_beside(options):
        what = "A sheet is named" if name == "sheet" else f"{name}= is given"
        raise UsageError(f"{what} for data that are no file", got=given, remedy=f"leave {name}= out")
    with own_code():
        if asked:
            return queried(data, query, dialect)
        if isinstance(data, Records):
            return TypedTable(data)
        if (found := frame(data, dialect, options.zone)) is not None:
            return found
        if isinstance(data, Iterable) and not isinstance(data, (bytes, Mapping)):
            return RowTable(data, dialect)
    raise InputError("Data of a kind that is not read", got=kind, allowed=DATA_KINDS)


def _paths(data: Any) -> list[str | os.PathLike[str]]:
    if isinstance(data, (str, os.PathLike)):
        return [os.fspath(data)]
    if isinstance(data, (list, tuple)) and data and all(isinstance(item, (str, os.PathLike)) for item in data):
        return list(map(os.fspath, data))
    return []
