"""Files that are written whole or not at all, and files that are as they were written or are refused.

A sealed file has a line that says what it is, a digest, a head and a body.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NoReturn, TextIO

import attrs

from casequality.errors import NO_ROOM, InputError, NotWritten, UsageError

NO_DISK: Final = (errno.EINVAL, errno.ENOTSUP)
"""What a device or a pipe says, which has no disk to be written to."""


def write_whole(path: Path | str, content: bytes) -> None:
    """Write a file: an older one of that name is replaced once the new one is whole and on the disk, or not at all.

    Raises `UsageError` where it cannot be written.
    """
    with _partial(Path(path)) as partial, partial.open("wb") as file:
        file.write(content)
        _to_disk(file.fileno())


@contextmanager
def whole_text(path: Path | str) -> Iterator[TextIO]:
    """Give a text file to write, which gets its name once it is whole and on the disk, or never.

    Raises `UsageError` where it cannot be written.
    """
    with _partial(Path(path)) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        yield file
        file.flush()
        _to_disk(file.fileno())


@contextmanager
def _partial(path: Path) -> Iterator[Path]:
    """Give the name under which a file is written until it is whole; a device or a pipe is written as it is."""
    # a link goes on pointing where it did: what it points at is replaced
    path = path.resolve() if path.is_file() else path
    # a name of this thread alone, so that two who write one file do not write into each other's half
    own = f"{path.name}.{os.getpid()}-{threading.get_ident()}.partial"
    partial = path if path.exists() and not path.is_file() else path.with_name(own)
    try:
        yield partial
        if partial is not path:
            partial.replace(path)
    except OSError as fault:
        raise (NotWritten if fault.errno in NO_ROOM else UsageError)(
            "A file cannot be written",
            where=str(path),
            got=fault.strerror or type(fault).__name__,
            remedy="name one in a folder that exists and may be written to, on a disk with room; nothing was replaced",
        ) from None
    finally:
        if partial is not path:
            partial.unlink(missing_ok=True)


def _to_disk(file: int) -> None:
    try:
        os.fsync(file)
    except OSError as fault:
        if fault.errno not in NO_DISK:
            raise


DIGEST: Final = 64
"""How many characters the digest has."""
LEVEL: Final = 6
"""How hard zlib tries; with its other settings left alone, equal contents give equal bytes under one zlib."""
GROWTH: Final = 1024
SMALL: Final = 1 << 28
"""A file may ask for `GROWTH` times its own size of memory, or for `SMALL` bytes: whoever wrote it, it can ask no more.
What would grow more is written as it is, so that whatever is sealed can be opened."""


@attrs.frozen
class Sealed:
    """What was in a file. room: how many bytes of memory its content may take."""

    head: dict[str, Any]
    body: bytes
    room: int


@attrs.frozen
class Seal:
    """One kind of sealed file: its first line, what a message calls it, and the remedy where it cannot be read."""

    line: bytes
    what: str
    remedy: str

    def close(self, head: dict[str, Any], body: bytes, *, holds: int = 0, level: int = LEVEL) -> bytes:
        """Return a head of plain data and a body as the bytes of one file.

        holds: how many bytes of memory the body's content takes.
        """
        packed = zlib.compress(body, level)
        if max(holds, len(body)) > _room(len(packed)):
            packed = zlib.compress(body, 0)
        line = json.dumps({**head, "size": len(body)}, sort_keys=True, separators=(",", ":")).encode()
        content = b"".join([line, b"\n", packed])
        return b"".join([self.line, _digest(self.line, content), content])

    def open(self, whole: bytes, where: str) -> Sealed:
        """Return what was closed; raise `InputError` where a byte is missing or another, and for any other file."""
        if not whole.startswith(self.line):
            self.refuse(where, "another kind or version of file")
        start = len(self.line) + DIGEST + 1
        content = whole[start:]
        if whole[len(self.line) : start] != _digest(self.line, content):
            self.refuse(where, "bytes that were changed, or of which some are missing")
        try:
            return _opened(content, _room(len(whole)))
        except (ValueError, LookupError, TypeError, RecursionError, zlib.error) as fault:
            self.refuse(where, type(fault).__name__)

    def refuse(self, where: str, got: str) -> NoReturn:
        """Raise the error of a file that cannot be read."""
        raise InputError(
            f"This is no {self.what} that can be read",
            where=where,
            got=got,
            allowed=self.line.decode().strip(),
            remedy=self.remedy,
        ) from None


def with_digest(plain: dict[str, Any]) -> dict[str, Any]:
    """Return plain data that is published as JSON, with a digest of all the rest of it."""
    return {**plain, "digest": _digest_of(plain)}


def check_digest(plain: dict[str, Any]) -> dict[str, Any]:
    """Return plain data; raise `ValueError` for such as are not as they were written. Older ones have no digest."""
    rest = {name: value for name, value in plain.items() if name != "digest"}
    if "digest" in plain and plain["digest"] != _digest_of(rest):
        raise ValueError
    return plain


def _digest_of(plain: dict[str, Any]) -> str:
    return sha256(json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


MOST_STORED: Final = 1 << 32
"""How many bytes a stored file may have; a tally of all units of a country over ten years has some millions."""


def read_bytes(path: Path | str, what: str) -> bytes:
    """Return a file's bytes; raise `InputError` where it cannot be opened."""
    try:
        with Path(path).open("rb") as file:
            if os.fstat(file.fileno()).st_size > MOST_STORED:
                raise InputError(
                    f"A {what} is larger than any that is read",
                    where=str(path),
                    allowed=f"{MOST_STORED:,} bytes",
                    remedy="check that it is the file you mean; merge fewer tallies into one",
                )
            return file.read()
    except InputError:
        raise
    except (OSError, ValueError) as fault:  # a path may hold a zero byte
        got = fault.strerror if isinstance(fault, OSError) else "a path that cannot be one"
        raise InputError(f"A {what} cannot be opened", where=str(path), got=got, remedy="check the path") from None


@contextmanager
def logged_nowhere(library: str) -> Iterator[None]:
    """Keep from the log what a library tells of a damaged file, since it is told as one error."""
    log = logging.getLogger(library)
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(level)


def _opened(content: bytes, room: int) -> Sealed:
    end = content.index(b"\n")
    head = json.loads(content[:end])
    size = head.pop("size") if isinstance(head, dict) else None
    if type(size) is not int or not 0 <= size <= room:
        raise ValueError
    unpacking = zlib.decompressobj()
    # one byte more than it says it has: what would unpack to more is refused before it does
    body = unpacking.decompress(content[end + 1 :], size + 1)
    if len(body) != size or not unpacking.eof or unpacking.unused_data:
        raise ValueError
    return Sealed(head, body, room)


def _room(size: int) -> int:
    return max(SMALL, GROWTH * size)


def _digest(line: bytes, content: bytes) -> bytes:
    # with the line, so that a file of one kind cannot pass for one of another
    found = sha256(line)
    found.update(content)
    return found.hexdigest().encode() + b"\n"
