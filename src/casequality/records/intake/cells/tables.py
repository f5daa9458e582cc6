"""What a reader offers: the names of a table's columns, their cells batch by batch, and which file they come from."""

from __future__ import annotations

import importlib
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, ClassVar, Final, Generic, Protocol, Self, TypeVar
from weakref import WeakValueDictionary

import attrs
import numpy as np

from casequality.days import Integers
from casequality.errors import CaseQualityError, InputError
from casequality.records.facts import Doubts
from casequality.records.intake.cells.cells import NONE, Cells, Positions
from casequality.records.intake.cells.dialect import Dialect


@cache
def library(name: str, extra: str) -> ModuleType:
    """Return the library of that name, or raise the error that says how to install it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise InputError(
            f"The library {name.partition('.')[0]} is needed to read this source and is not installed",
            got=f"no module {name}",
            remedy=f"pip install 'casequality[{extra}]'",
        ) from None


@contextmanager
def own_code(where: str | None = None) -> Iterator[None]:
    """Turn what the caller's own objects raise within into `InputError`: it is its cause, and quoted nowhere.

    An interrupt passes, as does the end of the program.
    """
    try:
        yield
    except CaseQualityError as fault:
        fault.where = fault.where or where
        raise
    except Exception as fault:
        raise InputError(
            "The data raised an error of their own while they were read",
            where=where,
            got=type(fault).__name__,
            remedy="mend what makes them: its own error is the cause of this one",
        ) from fault


FOOTER_END = 8
"""The bytes after the footer of a Parquet file: its length and a mark."""


@attrs.frozen
class Origin:
    """A file as it was when it was opened, and how it is read.

    state: its size, and when its content (mtime) and anything of it (ctime) last changed, in nanoseconds. Content that
    is written over sets both; the second cannot be set back, as copying with the old times does to the first.
    """

    path: Path
    dialect: Dialect
    layout: ReadOptions | None
    state: tuple[int, int, int]

    @classmethod
    def of(cls, path: Path, dialect: Dialect, layout: ReadOptions | None = None) -> Origin:
        """Return the origin of what is opened next."""
        return cls(path.absolute(), dialect, layout, _state(path))

    def stamp(self) -> tuple[int | str, ...]:
        """Return by what a later change is noticed: the state and, of a Parquet file, a digest of its footer.

        The footer says of each column of each row group how long it is and, mostly, its least and greatest value.
        Raises `InputError` where the file has changed since it was opened.
        """
        footer = _footer(self.path)
        self.check()
        return (*self.state, blake2b(footer, digest_size=16).hexdigest())

    def check(self) -> None:
        """Raise `InputError` where the file has changed since it was opened."""
        try:
            changed = _state(self.path) != self.state
        except OSError:
            changed = True
        if changed:
            raise InputError(
                "A file changed after it was opened",
                where=str(self.path),
                remedy="count again, once nobody writes to it",
            )


def _state(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _footer(path: Path) -> bytes:
    """Return the footer of a Parquet file, nothing for another file."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - FOOTER_END))
        end = file.read()
        if end[4:] != b"PAR1":
            return b""
        file.seek(max(0, size - FOOTER_END - int.from_bytes(end[:4], "little")))
        return file.read()


T = TypeVar("T")
_KEPT: WeakValueDictionary[tuple[Any, ...], OpenedFile[Any]] = WeakValueDictionary()
_KEEPING: Final = Lock()


@attrs.define(eq=False)
class OpenedFile(Generic[T]):
    """What is known of a file that was opened, for as long as a table keeps it; it does not travel to others."""

    what: T | None = None
    lock: Lock = attrs.field(factory=Lock, repr=False)

    def __reduce__(self) -> Any:
        return OpenedFile, ()


def kept(path: Path, made: Callable[[], T]) -> tuple[T, OpenedFile[T]]:
    """Return what is known of a file, `made` unless a table keeps it, and what to keep; a changed file is another."""
    name = (path.absolute(), *_state(path))
    with _KEEPING:
        one: OpenedFile[T] = _KEPT.setdefault(name, OpenedFile())
    with one.lock:
        if one.what is None:
            one.what = made()
        return one.what, one


BLOCK_ROWS = 262_144


@attrs.frozen(eq=False)
class Batch:
    """Some rows of a table: the cells of the columns asked for, by column name.

    `first` is the number of its first row; `ragged` are the positions of rows with another number of columns
    than the header, whose cells are blank; `file` names the file where a table has several; `below` are, by field,
    the child rows that were read beside them; `doubts` are known of rows that are records already.
    `numbers` (rows,) are those by which the source's own tool knows the rows, where they are not counted from `first`
    on; `told`, by column ("" for the row) and fault, what is said of rows at some positions and puts nothing in doubt;
    `ends` is true where its last row is that of a file in which totals may stand.
    """

    first: int
    rows: int
    cells: Mapping[str, Cells]
    ragged: Positions = NONE
    file: str | None = None
    below: Mapping[str, Sequence[Batch]] = attrs.field(factory=dict)
    doubts: Doubts | None = None
    numbers: Integers | None = None
    told: Mapping[tuple[str, str], Positions] = attrs.field(factory=dict)
    ends: bool = False

    @property
    def shown(self) -> Integers:
        """The numbers by which a person knows the rows."""
        return np.arange(self.first, self.first + self.rows) if self.numbers is None else self.numbers

    def part(self, start: int, end: int) -> Batch:
        """Return the rows at the positions from `start` up to `end`."""
        if start == 0 and end == self.rows:
            return self
        cells = {name: column[start:end] for name, column in self.cells.items()}
        ragged = self.ragged[(self.ragged >= start) & (self.ragged < end)] - start
        doubts = None if self.doubts is None else self.doubts[start:end]
        numbers = None if self.numbers is None else self.numbers[start:end]
        told, ends = self._told(np.arange(start, end)), self.ends and end == self.rows
        return Batch(self.first + start, end - start, cells, ragged, self.file, {}, doubts, numbers, told, ends)

    def chosen(self, rows: Positions, first: int) -> Batch:
        """Return these rows, in rising order, as a batch whose first row has the number `first`."""
        cells = {name: column[rows] for name, column in self.cells.items()}
        ragged, doubts = np.flatnonzero(np.isin(rows, self.ragged)), None if self.doubts is None else self.doubts[rows]
        numbers = None if self.numbers is None else self.numbers[rows]
        told, ends = self._told(rows), self.ends and self.rows - 1 in rows[-1:]
        return Batch(first, len(rows), cells, ragged, self.file, {}, doubts, numbers, told, ends)

    def _told(self, rows: Positions) -> Mapping[tuple[str, str], Positions]:
        """Return what is told of the chosen rows, at their positions among them."""
        found = {what: np.flatnonzero(np.isin(rows, told)) for what, told in self.told.items()}
        return {what: told for what, told in found.items() if len(told)}


@attrs.frozen(eq=False)
class Piece:
    """A stretch of a table that can be read by itself.

    `file` names its file where there are several; `origin` is there for any file.
    """

    read: Callable[[], Iterator[Batch]] = attrs.field(repr=False)
    rows: int | None = None
    file: str | None = None
    origin: Origin | None = None


class SourceTable(Protocol):
    """A source as its library sees it."""

    @property
    def name(self) -> str:
        """What errors and reports call it."""
        ...

    @property
    def columns(self) -> Sequence[str]:
        """The names of its columns."""
        ...

    @property
    def rows(self) -> int | None:
        """How many rows it has, where that is known without reading it."""
        ...

    @property
    def rereadable(self) -> bool:
        """Whether it can be read again."""
        ...

    @property
    def steady(self) -> bool:
        """Whether its rows come in the same order each time."""
        ...

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        """Return what can be read independently, in order, with these columns; of the `coded` the labels are read."""
        ...


@attrs.frozen
class ReadOptions:
    """What `source` is told of how files are written: each field is the name of an argument of it.

    header: the number of the row that names the columns, or of several, as [2, 3] or "2-3". skip_rows: how many rows
    below it are left out. totals: how a row of totals is known: "last", or the text that it has in a column, by this
    column. version: of a table that keeps several. zone: of times that have none, which a frame of Spark must not give
    another one.
    """

    dialect: Dialect
    sheet: str | None = None
    header: int | str | Sequence[int] | None = None
    skip_rows: int | None = None
    totals: str | Mapping[str, str] | None = None
    version: int | None = None
    zone: str | None = None


@attrs.frozen(eq=False)
class FileTable(ABC):
    """One file of a kind: a class that leaves out what is to be said of its kind cannot be made.

    A new kind is a class in a module of its own and its line in `FILE_TABLES` (readers/opening.py).

    kind: what errors and the documentation call such files. endings: of file names, in small letters, by which one is
    known. options: the fields of `ReadOptions` that mean something for it. in_parts: whether one file can be read in
    parts beside each other, and by several executors. extra: that of casequality which it needs, None for none.
    """

    path: Path
    dialect: Dialect
    origin: Origin

    kind: ClassVar[str]
    endings: ClassVar[tuple[str, ...]]
    options: ClassVar[frozenset[str]]
    in_parts: ClassVar[bool]
    extra: ClassVar[str | None]
    steady = rereadable = True

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if any(getattr(each, "__isabstractmethod__", False) for each in vars(cls).values()):
            return  # what several kinds have in common
        said = ("kind", "endings", "options", "in_parts", "extra")
        if forgotten := [part for part in said if not hasattr(cls, part)]:
            raise TypeError(f"the reader {cls.__name__} does not say its {', '.join(forgotten)}")

    @classmethod
    @abstractmethod
    def open(cls, path: Path, options: ReadOptions) -> Self:
        """Return the table of a file, no more of it read than names its columns."""

    @property
    @abstractmethod
    def columns(self) -> Sequence[str]:
        """The names of its columns."""

    @property
    def rows(self) -> int | None:
        """How many rows it has, where that is known without reading it."""
        return None

    @property
    def name(self) -> str:
        """What errors and reports call it."""
        return self.path.name

    @abstractmethod
    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        """Return what can be read independently, in order, with these columns; of the `coded` the labels are read."""


def decoded(array: Any) -> tuple[list[Any], frozenset[int]]:
    """Return an Arrow array's values as Python's own, and the places of texts whose bytes are no UTF-8.

    A float is the one that its shortest text in its own width gives, and none where it is no number. A time of day of
    24 hours or more, which Python has not, is a text.
    """
    types = library("pyarrow", "arrow").types
    try:
        found = array.to_pylist()
    except UnicodeDecodeError:
        texts = [None if each is None else each.decode("utf-8", "replace") for each in array.cast("binary").to_pylist()]
        return texts, frozenset(place for place, text in enumerate(texts) if text and "\ufffd" in text)
    if types.is_floating(array.type):
        width = np.dtype(f"float{array.type.bit_width}").type
        found = [None if each is None or each != each else float(str(width(each))) for each in found]
    if types.is_time(array.type):
        hour = {"s": 3_600, "ms": 3_600_000, "us": 3_600_000_000, "ns": 3_600_000_000_000}[array.type.unit]
        hours = [tick and tick // hour for tick in array.cast(f"int{array.type.bit_width}").to_pylist()]
        found = [
            f"{count}:{each:%M:%S}" if (count or 0) > 23 else each for count, each in zip(hours, found, strict=True)
        ]
    return found, frozenset()


def is_utf_8(array: Any) -> bool:
    """Return whether all bytes of an array of texts are UTF-8, which whoever made it may not have seen to."""
    try:
        array.validate(full=True)
    except ValueError:  # as pyarrow's own of what is invalid is
        return False
    return True


def packed(array: Any) -> bytes:
    """Return an array as bytes; unlike a pickle, these hold its own rows only."""
    pa = library("pyarrow", "arrow")
    batch, sink = pa.record_batch([array], [""]), pa.BufferOutputStream()
    with library("pyarrow.ipc", "arrow").new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def unpacked(written: bytes) -> Any:
    """Return the array that was packed."""
    with library("pyarrow.ipc", "arrow").open_stream(written) as reader:
        return reader.read_next_batch().column(0)
