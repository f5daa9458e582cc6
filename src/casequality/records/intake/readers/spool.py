"""What is kept in temporary files without a name: data that do not come twice, rows spread so that equal ones meet.

Such a file is its owner's alone and is gone when its process is, however that ends: where the system allows, it never
has a name or loses it at once; elsewhere the system deletes it as soon as it is no longer open.
"""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import blake2b
from threading import Lock
from typing import IO, Any

import attrs
import numpy as np

from casequality.days import Integers
from casequality.errors import NO_ROOM, InputError, NotWritten, UsageError
from casequality.records.intake.cells import (
    BLOCK_ROWS,
    ArrowCells,
    Batch,
    Dialect,
    Origin,
    Piece,
    SourceTable,
    arrow,
    bits,
    is_text,
    library,
    many_texts,
    own_code,
    validity,
    values,
)


def scratch_file(owner: object) -> IO[bytes]:
    """Return an empty file to write and read again, which is gone when its owner is."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed below, when it can no longer be read
    weakref.finalize(owner, _close, file)
    return file


def _close(file: IO[bytes]) -> None:
    with suppress(OSError):  # there may be no room for what was still in memory, which nobody needs any more
        file.close()


@contextmanager
def room_needed() -> Iterator[None]:
    """Raise `UsageError` where there is no room for what is written to a temporary file within."""
    try:
        yield
    except OSError as fault:
        raise (NotWritten if fault.errno in NO_ROOM else UsageError)(
            "There is no room for a temporary file that is needed to read a source",
            where=tempfile.gettempdir(),
            got=fault.strerror,
            remedy="make room there, or set TMPDIR to a folder on a disk with room",
        ) from None


@attrs.define(eq=False, repr=False)
class Spool:
    """A table read at most once; where columns are to be `remembered`, what was read is given again when asked for."""

    table: SourceTable
    remembered: Collection[str] | None = None
    _file: IO[bytes] | None = None
    _batches: int | None = None
    steady = True

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def columns(self) -> Sequence[str]:
        return self.table.columns

    @property
    def rows(self) -> int | None:
        return self.table.rows

    @property
    def rereadable(self) -> bool:
        return self.table.rereadable

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        if self._batches is not None:
            return [Piece(self._again, self.rows)]
        if self._file is not None:
            raise InputError(
                "A stream that can be read only once was read before",
                where=self.name,
                remedy="pass a table, a file or a query instead, which can be read again",
            )
        self._file = scratch_file(self)
        # all that may ever be asked for: a stream does not come again for what was left out the first time
        wanted = columns if self.remembered is None else self.remembered
        return [Piece(lambda: self._first_time(wanted, coded, block_rows), self.rows)]

    def remember(self) -> None:
        """Read to the end what was not read before."""
        if self._file is None:
            for piece in self.pieces((), (), BLOCK_ROWS):
                for _ in piece.read():
                    pass

    def _first_time(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Iterator[Batch]:
        file, count = self._file, 0
        assert file is not None
        for piece in self.table.pieces(columns, coded, block_rows):
            for batch in piece.read():
                if self.remembered is not None:
                    with own_code(self.name), room_needed():
                        pickle.dump(batch, file)
                    count += 1
                yield batch
        if self.remembered is not None:
            self._batches = count

    def _again(self) -> Iterator[Batch]:
        assert self._file is not None
        with room_needed():  # seeking writes what is still in memory
            self._file.seek(0)
        for _ in range(self._batches or 0):
            with own_code(self.name):
                batch = pickle.load(self._file)  # noqa: S301 - written by this object, in a file without a name
            yield batch


FRAME_BYTES = 8 << 20
"""So much of a query is held before it is written."""
PLAIN = {b"casequality": b"plain"}
"""What is said of a field whose texts are the database's own way of writing numbers and dates, not a person's."""


def buffers(array: Any) -> tuple[bytes, bytes, bytes]:
    """Return where an array of texts or of plain values has one, the values or lengths, and the texts, as bytes.

    Equal values give equal bytes, whatever stands where there is none; those of two arrays joined are theirs joined.
    """
    types, valid = arrow().types, validity(array)
    there = np.ones(len(array), bool) if valid is None else valid
    if types.is_null(array.type):
        return bytes(len(array)), b"", b""
    if types.is_boolean(array.type):
        return there.tobytes(), (bits(array, 1) * there).tobytes(), b""
    if is_text(array.type):
        texts = (array if valid is None else array.fill_null("")).cast("large_string")
        many = many_texts(texts)
        end = int(many.starts[-1] + many.lengths[-1]) if len(array) else 0
        first = int(many.starts[0]) if len(array) else 0
        return there.tobytes(), many.lengths.astype(np.int64).tobytes(), many.data[first:end].tobytes()
    found = values(array, f"V{array.type.bit_width // 8}").copy()
    found.view(np.uint8).reshape(len(array), -1)[~there] = 0
    return there.tobytes(), found.tobytes(), b""


class ColumnDigest:
    """A digest of the values of one column, the same in whichever batches they come."""

    def __init__(self) -> None:
        self._hashes = [blake2b(digest_size=16) for _ in range(4)]
        self._kind = ""

    def add(self, array: Any, row: int) -> None:
        """Add the values of the rows from `row` on."""
        kinds, *hashes = self._hashes
        if str(array.type) != self._kind:
            self._kind = str(array.type)
            kinds.update(f"{row} {self._kind};".encode())
        for known, content in zip(hashes, buffers(array), strict=True):
            known.update(content)

    def digest(self) -> bytes:
        """Return the digest of what was added."""
        return b"".join(each.digest() for each in self._hashes)


@attrs.frozen
class Queried(Origin):
    """A query and what it gave: by its rows and a digest of their values a later change is noticed."""

    digest: str

    def stamp(self) -> tuple[int, str]:
        """Return how many rows it gave and a digest of all values, in their order."""
        return self.state[0], self.digest

    def check(self) -> None:
        """Return: what was read is kept, and changes no more."""


class QueryTable:
    """What a query gave, batch by batch, packed in a file without a name; its parts are read by themselves.

    Parts have `BLOCK_ROWS` rows, whatever the batches of the database had. `refused` are the columns that hold what is
    not read, each with the kind of it.
    """

    steady = rereadable = True

    def __init__(self, name: str, columns: Sequence[str], dialect: Dialect) -> None:
        self.name, self.columns, self.dialect = name, columns, dialect
        self.refused: dict[str, str] = {}
        self.rows = 0
        self.origin: Queried | None = None
        self._file, self._lock = scratch_file(self), Lock()
        self._frames: list[tuple[int, int, int]] = []
        self._held: list[Any] = []
        self._digests = [ColumnDigest() for _ in columns]

    def add(self, batch: Any) -> None:
        """Add a record batch of all columns."""
        if self._held and not self._held[0].schema.equals(batch.schema, check_metadata=True):
            self._write()
        for digest, array in zip(self._digests, batch.columns, strict=True):
            digest.add(array, self.rows)
        start = 0
        while start < batch.num_rows:
            part = batch.slice(start, BLOCK_ROWS - self.rows % BLOCK_ROWS)
            start += part.num_rows
            self.rows += part.num_rows
            self._held.append(part)
            if self.rows % BLOCK_ROWS == 0 or sum(each.nbytes for each in self._held) >= FRAME_BYTES:
                self._write()

    def close(self, identity: Origin) -> None:
        """Say that all batches are added; `identity` names the query."""
        self._write()
        whole = blake2b(digest_size=16)
        for column, digest in zip(self.columns, self._digests, strict=True):
            whole.update(repr(column).encode() + digest.digest())
        self.origin = Queried(
            identity.path, identity.dialect, identity.layout, (self.rows, 0, 0), digest=whole.hexdigest()
        )

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        for column in columns:
            if column in self.refused:
                raise InputError(
                    "A column of a query holds a kind of value that is not read",
                    where=f"{self.name}, column {column}",
                    got=self.refused[column],
                    remedy="say in the query what is meant, such as CAST(column AS text) or CAST(column AS numeric)",
                )
        parts: list[list[tuple[int, int, int]]] = []
        row = 0
        for frame in self._frames:
            if row % BLOCK_ROWS == 0:
                parts.append([])
            parts[-1].append(frame)
            row += frame[2]
        return [
            Piece(
                partial(self._batches, frames, list(columns), block_rows, 1 + number * BLOCK_ROWS),
                sum(rows for _, _, rows in frames),
                origin=self.origin,
            )
            for number, frames in enumerate(parts)
        ]

    def _write(self) -> None:
        if not self._held:
            return
        pa, ipc = arrow(), library("pyarrow.ipc", "arrow")
        [batch] = pa.Table.from_batches(self._held).combine_chunks().to_batches()
        self._held = []
        sink = pa.BufferOutputStream()
        packing = "lz4" if pa.Codec.is_available("lz4") else None
        with ipc.new_stream(sink, batch.schema, options=ipc.IpcWriteOptions(compression=packing)) as writer:
            writer.write_batch(batch)
        with room_needed(), self._lock:
            start = self._file.seek(0, 2)
            length = self._file.write(sink.getvalue())
        self._frames.append((start, length, batch.num_rows))

    def _batches(
        self, frames: Sequence[tuple[int, int, int]], columns: Sequence[str], block_rows: int, first: int
    ) -> Iterator[Batch]:
        ipc = library("pyarrow.ipc", "arrow")
        options = ipc.IpcReadOptions(included_fields=sorted(self.columns.index(name) for name in columns))
        for start, length, _ in frames:
            with room_needed(), self._lock:  # seeking writes what is still in memory
                self._file.seek(start)
                packed = self._file.read(length)
            with ipc.open_stream(packed, options=options) as reader:
                whole = reader.read_next_batch()
            for begin in range(0, whole.num_rows, block_rows):
                batch = whole.slice(begin, block_rows)
                yield Batch(first, batch.num_rows, {name: self._cells(batch, name) for name in columns})
                first += batch.num_rows

    def _cells(self, batch: Any, name: str) -> ArrowCells:
        plain = batch.schema.field(name).metadata == PLAIN
        return ArrowCells(batch.column(name), Dialect() if plain else self.dialect, f"{self.name}, column {name}")


_BITS = 6


class Partitions:
    """Rows of `width` int64 columns; those with the same first column meet in one partition."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._file = scratch_file(self)
        self._stretches: list[list[tuple[int, int]]] = [[] for _ in range(2**_BITS)]

    def append(self, rows: Integers) -> None:
        """Add `rows`, shape (rows, width)."""
        # 2 ** 64 over the golden ratio: keys that follow each other come to lie far apart, and the upper bits decide
        place = (rows[:, 0].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _BITS)
        order = np.argsort(place, kind="stable")
        edges = np.searchsorted(place[order], np.arange(len(self._stretches) + 1))
        row_bytes = 8 * self._width
        with room_needed():
            start = self._file.seek(0, 2)
            self._file.write(rows[order].tobytes())
        for stretches, first, end in zip(self._stretches, edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if first < end:
                stretches.append((start + first * row_bytes, (end - first) * row_bytes))

    def each(self) -> Iterator[Integers]:
        """Yield the rows of one partition after the other."""
        for stretches in self._stretches:
            found = bytearray()
            for start, length in stretches:
                with room_needed():  # seeking writes what is still in memory
                    self._file.seek(start)
                found += self._file.read(length)
            yield np.frombuffer(found, np.int64).reshape(-1, self._width)
