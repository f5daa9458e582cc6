"""What a folder means: its files, in which order, and what their folders say of their rows; or a Delta table.

Folders named `year=2010/month=06`, as Hive, Spark and pandas write them, give each row the texts "2010" and "06".
A Delta table has files that no longer count, so that only its own log says which are read.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from glob import escape, has_magic
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import unquote

import attrs
import numpy as np

from casequality.errors import InputError
from casequality.records.intake.cells import Batch, Dialect, Piece, SourceTable, TextCells, arrow, library
from casequality.records.intake.readers.frames import numbered

NO_DATA: Final = ("_", ".")
"""With what the names of files and folders begin that hold no rows: `_SUCCESS`, `.crc`, what is still being written."""
CHECKSUM: Final = ".crc"
NOT_SAID: Final = "__HIVE_DEFAULT_PARTITION__"
"""The folder of the rows that have no value there."""
DELTA_LOG: Final = "_delta_log"
COLUMN_MAPPING: Final = "columnMapping"
TABLE_LOGS: Final = {f"{DELTA_LOG}/*": "Delta", ".hoodie/*": "Hudi", "metadata/*.metadata.json": "Iceberg"}
"""Where a table says which of its files still count."""
TABLE_FILE: Final = re.compile(r"/(_delta_log|\.hoodie)/|/metadata/[^/]*\.metadata\.json$")


@attrs.frozen
class Folder:
    """What was found below a folder or by a pattern.

    files: those that hold rows, folder by folder, each by name as texts compare. given: what each one's folders say,
    by column, None for a row without a value. left_out: the places of what holds no rows. table: the Delta table that
    it is instead.
    """

    files: Sequence[Path]
    given: Sequence[Mapping[str, str | None]]
    left_out: Sequence[str] = ()
    table: DeltaFolder | None = None

    @classmethod
    def of(
        cls,
        base: Sequence[str],
        places: Iterable[str],
        file: Callable[[str], Path],
        matches: Callable[[str], bool],
        *,
        all_of_them: bool,
    ) -> Folder:
        """Return the files at some places below a folder, given by the parts of its path.

        file: makes a file of its whole path. matches: whether there is a file of a pattern. all_of_them: they were
        named, so that none is left out for its name. Raises `InputError` where a table's log lies among them.
        """
        saying = next((count for count, part in enumerate(reversed(base)) if "=" not in part), len(base))
        # who names `letters/year=2010` has the year too
        above, named = base[: len(base) - saying], base[len(base) - saying :]
        ordered = sorted(place.split("/") for place in places)
        folders = {(*named, *parts[:depth]) for parts in ordered for depth in range(len(parts))}
        for below in sorted({(), *folders}):
            _refuse_table("/".join([*above, *below]), matches)
        chosen = [parts for parts in ordered if all_of_them or not any(map(_holds_no_rows, parts))]
        kept = {"/".join(parts) for parts in chosen}
        return cls(
            [file("/".join([*base, *parts])) for parts in chosen],
            [_said([*named, *parts[:-1]]) for parts in chosen],
            [place for place in map("/".join, ordered) if place not in kept],
        )


def _here(base: Path, places: Iterable[str], *, all_of_them: bool) -> Folder:
    """Return files of this machine at some places below a folder."""
    found = base.absolute()
    anchor = Path(found.anchor)
    return Folder.of(
        found.as_posix().split("/"),
        places,
        lambda place: base / Path(place).relative_to(found),
        lambda pattern: next(anchor.glob(str(Path(pattern).relative_to(anchor))), None) is not None,
        all_of_them=all_of_them,
    )


def in_folder(path: Path) -> Folder:
    """Return the files below a folder; raise `InputError` where there are none."""
    found = _here(path, (each.relative_to(path).as_posix() for each in _files_below(path)), all_of_them=False)
    if not found.files:
        raise InputError(
            "A folder holds no file with rows",
            where=str(path),
            got=f"{len(found.left_out)} files left out by name" if found.left_out else "nothing",
            remedy="check the path; what begins with _ or . or ends with .crc holds no rows",
        )
    return found


def by_pattern(path: Path) -> Folder:
    """Return the files that a pattern such as `letters/year=*/*.csv` means, or those below the folders it means."""
    parts = path.parts
    fixed = next(place for place, part in enumerate(parts) if has_magic(part))
    base = Path(*parts[:fixed])
    matching = sorted(base.glob("/".join(parts[fixed:])))
    if files := [one for one in matching if one.is_file()]:
        return _here(base, (one.relative_to(base).as_posix() for one in files), all_of_them=True)
    folders = [in_folder(one) for one in matching if one.is_dir()]
    if not folders:
        raise InputError("No file matches a pattern", where=str(path), remedy="check the pattern and the folder")
    places = (one.relative_to(base).as_posix() for folder in folders for one in folder.files)
    left_out = [
        f"{one.relative_to(base).as_posix()}/{place}"
        for one, folder in zip((one for one in matching if one.is_dir()), folders, strict=True)
        for place in folder.left_out
    ]
    return attrs.evolve(_here(base, places, all_of_them=True), left_out=left_out)


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder, also those that a link leads to."""
    above: dict[str, tuple[str, ...]] = {str(folder): (os.path.realpath(folder),)}
    for where, names, files in os.walk(folder, followlinks=True, onerror=_not_read):
        way = above.pop(where)
        for name in names:
            below = os.path.join(where, name)  # noqa: PTH118 - as `walk` spells it
            real = os.path.realpath(below)
            if real in way:
                raise InputError(
                    "A folder lies in itself, by a link", where=below, remedy="remove the link, or name a folder below"
                )
            above[below] = (*way, real)
        yield from (Path(where, name) for name in files)


def _not_read(fault: OSError) -> None:
    raise InputError(
        "A folder cannot be read", where=str(fault.filename), got=fault.strerror, remedy="ask for leave to read it"
    ) from None


def _holds_no_rows(part: str) -> bool:
    # a folder such as `_year=2010` says something of rows
    return (part.startswith(NO_DATA) and "=" not in part) or part.endswith(CHECKSUM)


def _refuse_table(folder: str, matches: Callable[[str], bool]) -> None:
    """Refuse files that are part of a table, of which it may have removed some."""
    kind = next((kind for log, kind in TABLE_LOGS.items() if matches(f"{escape(folder)}/{log}")), None)
    if kind is not None:
        raise InputError(
            "The files of a table are no source one by one: the table may have removed rows of them",
            where=folder,
            got=f"the log of a table of the kind {kind}",
            remedy="name the table's own folder" if kind == "Delta" else "export the table as Parquet files",
        )


def _said(parts: Iterable[str]) -> dict[str, str | None]:
    """Return what folders such as `year=2010` say, by column."""
    pairs = (part.partition("=") for part in parts if "=" in part)
    return {unquote(name): None if value == NOT_SAID else unquote(value) for name, _, value in pairs if name}


@attrs.frozen(eq=False, repr=False)
class WithFolders:
    """A file's table with a column, the same text in each row, for each of the folders in which it lies."""

    table: SourceTable
    given: Mapping[str, str | None]

    @classmethod
    def of(cls, table: SourceTable, given: Mapping[str, str | None], where: str) -> SourceTable:
        """Return the table, itself where its folders say nothing; raise `InputError` where it has such a column."""
        if both := sorted(set(given) & set(table.columns)):
            raise InputError(
                "A column is in a file and in the name of its folder",
                where=where,
                got=", ".join(both),
                remedy="rename the folder or the column, or name the files by a pattern in another folder",
            )
        return cls(table, given) if given else table

    steady = rereadable = True

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def columns(self) -> Sequence[str]:
        return [*self.table.columns, *self.given]

    @property
    def rows(self) -> int | None:
        return self.table.rows

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        # a file that is asked for no column might not say how many rows it has
        own = [name for name in columns if name not in self.given] or list(self.table.columns[:1])
        said = {name: text or "" for name, text in self.given.items() if name in columns}
        pieces = self.table.pieces(own, [name for name in coded if name not in self.given], block_rows)
        return [attrs.evolve(piece, read=partial(_with_said, piece, said)) for piece in pieces]


def _with_said(piece: Piece, said: Mapping[str, str]) -> Iterator[Batch]:
    for batch in piece.read():
        # whoever writes such folders writes ISO dates and decimal points, however the files are written
        told = {name: TextCells([text], np.zeros(batch.rows, np.intp), None, Dialect()) for name, text in said.items()}
        yield attrs.evolve(batch, cells={**batch.cells, **told})


def is_delta(path: Path) -> bool:
    """Return whether a folder is a Delta table."""
    return (path / DELTA_LOG).is_dir()


@attrs.frozen
class DeltaFolder:
    """Where a Delta table lies: its folder or URL, and what deltalake is told of the store."""

    where: str
    access: Mapping[str, str] = attrs.field(factory=dict, repr=False)

    def opened(self, dialect: Dialect, version: int | None) -> DeltaTable:
        """Return a version of the table, the newest for None; raise `InputError` where it cannot be read in full."""
        deltalake, where = library("deltalake", "delta"), self.where
        library("pyarrow.dataset", "delta")
        try:
            table = deltalake.DeltaTable(where, version=version, storage_options=dict(self.access))
            # of the newest: that of an older version misnames its commits
            commits = deltalake.DeltaTable(where, storage_options=dict(self.access)).history()
        except Exception:  # noqa: BLE001  of a damaged log it raises bare ones, too
            raise InputError(
                "A Delta table has no such version, or none that is whole",
                where=where,
                got="the newest" if version is None else version,
                remedy="leave version out, name one that the table still keeps, or mend its log",
            ) from None
        features = [*(table.protocol().reader_features or []), *_mapped(table.metadata().configuration)]
        try:
            if COLUMN_MAPPING in features:
                raise deltalake.exceptions.DeltaProtocolError
            dataset = table.to_pyarrow_dataset()
        except deltalake.exceptions.DeltaProtocolError:
            raise InputError(
                "A Delta table uses what cannot be read here",
                where=where,
                got=", ".join(sorted(set(features))) or "a newer protocol",
                remedy="rewrite it without these (deletion vectors: REORG TABLE ... APPLY (PURGE) and the table's "
                "property set to false), or export it as Parquet files",
            ) from None
        snapshot = f"version {table.version()}{_committed(commits, table.version())}"
        return DeltaTable(f"{Path(where).name}, {snapshot}", where, snapshot, dialect, dataset)


@attrs.frozen(eq=False, repr=False)
class DeltaTable:
    """One version of a Delta table: what was removed, written over or added later is not in it."""

    name: str
    where: str
    snapshot: str
    dialect: Dialect
    dataset: Any = attrs.field(repr=False)

    steady = rereadable = True
    rows = None

    @property
    def columns(self) -> Sequence[str]:
        return list(self.dataset.schema.names)

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        return [
            Piece(partial(self._batches, file, list(columns), block_rows), file=file.path) for file in self._files()
        ]

    def files(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Yield the name of each file and the file, opened."""
        for file in self._files():
            with self._told(), self.dataset.filesystem.open_input_file(file.path) as opened:
                yield file.path, opened

    def _files(self) -> list[Any]:
        return sorted(self.dataset.get_fragments(), key=lambda file: str(file.path))

    def _batches(self, file: Any, columns: Sequence[str], block_rows: int) -> Iterator[Batch]:
        for batch in numbered(self._scanned(file, columns, block_rows), columns, block_rows, self.dialect, self.name):
            yield attrs.evolve(batch, file=file.path)

    def _scanned(self, file: Any, columns: Sequence[str], block_rows: int) -> Iterator[Any]:
        with self._told():
            # by the table's schema: a file written before a column was added has none of it
            scanner = file.scanner(self.dataset.schema, columns=columns, batch_size=block_rows, use_threads=False)
            yield from scanner.to_batches()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (arrow().ArrowException, OSError):
            raise InputError(
                "A file of a Delta table cannot be read",
                where=f"{self.where}, {self.snapshot}",
                got="missing, damaged or incomplete",
                remedy="name a version of which the files are still kept: `vacuum` removes those of older ones",
            ) from None


def _committed(commits: Sequence[Mapping[str, Any]], version: int) -> str:
    """Return since when a version is there, "" where the table no longer knows."""
    times = [commit["timestamp"] for commit in commits if commit["version"] == version and "timestamp" in commit]
    return f" of {dt.datetime.fromtimestamp(times[0] / 1000, dt.UTC).isoformat()}" if times else ""


def _mapped(configuration: Mapping[str, str]) -> list[str]:
    return [] if configuration.get("delta.columnMapping.mode", "none") == "none" else [COLUMN_MAPPING]
