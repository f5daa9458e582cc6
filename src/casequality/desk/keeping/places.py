"""Where a store's files lie: a folder, or a bucket of an object store. A file is there whole or not at all.

A store asks for one thing beyond that: that of two who write the same name at once, one is told that it came second.
A disk does this with links, S3 with `If-None-Match`. Where neither is to be had, the place is refused.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol, TypeVar

import attrs

from casequality.errors import InputError, NotWritten, UsageError
from casequality.files import read_bytes, write_whole
from casequality.records import RemoteStore, is_url, without_secrets

T = TypeVar("T")

CONDITIONAL: Final = ("s3",)
"""The kinds of URL where a file is written only if its name is free."""
PROBE: Final = "conditional"
"""A file that stands for nothing: a bucket that lets it be written twice would let an entry be lost."""
REMEDY: Final = "keep the store in a folder of a disk that links files, and copy it there when nobody writes"


class Place(Protocol):
    """Files by name, a folder and a name each, as in "log/0000000001.json"."""

    def __str__(self) -> str: ...

    def make(self, *folders: str) -> None:
        """Make the folders; raise `UsageError` where they cannot be, or where two writers would not be told apart."""

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder, none where it is not there."""

    def has(self, name: str) -> bool:
        """Return whether there is such a file."""

    def read(self, name: str, what: str) -> bytes:
        """Return a file's bytes; raise `InputError` for one that is not there. what: what it is."""

    def read_all(self, names: Sequence[str], what: str) -> list[bytes]:
        """Return the bytes of several files, which are fetched side by side where each takes a journey."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file, or replace it; raise `UsageError` where it cannot be."""

    def take(self, name: str, content: bytes) -> bool:
        """Write a file if nobody has yet; return whether it is this one that is there."""


def place_of(folder: Path | str) -> Place:
    """Return the place of a folder or of a URL; raise `UsageError` for a kind where a store is not kept."""
    if not is_url(folder):
        return Disk(Path(folder))
    url = str(folder).rstrip("/")
    kind = url.partition("://")[0].lower()
    if kind not in CONDITIONAL:
        raise UsageError(
            "A store of tallies is not kept at such a place: of two who write at once, none would be told",
            where=without_secrets(url),
            got=f"{kind}://",
            allowed=["a folder", *(f"{each}://" for each in CONDITIONAL)],
            remedy=REMEDY,
        )
    return Bucket(RemoteStore.of(url))


@attrs.frozen
class Disk:
    """A folder of this machine, or one that is mounted here."""

    folder: Path

    def __str__(self) -> str:
        return str(self.folder)

    def make(self, *folders: str) -> None:
        try:
            for name in folders:
                (self.folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            remedy = "name a folder of your own"
            raise UsageError(
                "A store cannot be made here", where=str(self), got=fault.strerror, remedy=remedy
            ) from None

    def names(self, folder: str) -> list[str]:
        there = self.folder / folder
        return [path.name for path in there.iterdir()] if there.is_dir() else []

    def has(self, name: str) -> bool:
        return (self.folder / name).exists()

    def read(self, name: str, what: str) -> bytes:
        return read_bytes(self.folder / name, what)

    def read_all(self, names: Sequence[str], what: str) -> list[bytes]:
        return [self.read(name, what) for name in names]

    def write(self, name: str, content: bytes) -> None:
        write_whole(self.folder / name, content)

    def take(self, name: str, content: bytes) -> bool:
        path = self.folder / name
        own = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.own")
        write_whole(own, content)
        try:
            # unlike a rename, a link never takes the place of a file that is there
            os.link(own, path)
        except FileExistsError:
            return False
        finally:
            own.unlink(missing_ok=True)
        return True


@attrs.frozen(slots=False)
class Bucket:
    """A folder of an object store that writes on condition."""

    store: RemoteStore

    def __str__(self) -> str:
        return without_secrets(self.store.url)

    def make(self, *folders: str) -> None:
        pass  # a bucket has no folders, and whether it can be written to is seen by the first entry

    def names(self, folder: str) -> list[str]:
        place = f"{self.store.place}/{folder}"
        return [str(name).rpartition("/")[2] for name in self._asked(lambda: self.store.files.ls(place, detail=False))]

    def has(self, name: str) -> bool:
        return bool(self._asked(lambda: [self.store.files.info(self._at(name))]))

    def read(self, name: str, what: str) -> bytes:
        found = self._asked(lambda: [self.store.files.cat_file(self._at(name))])
        if not found:
            raise InputError(
                f"A {what} cannot be opened", where=f"{self}/{name}", got="no such file", remedy="check the URL"
            )
        return bytes(found[0])

    def read_all(self, names: Sequence[str], what: str) -> list[bytes]:
        places = [self._at(name) for name in names]
        found = self._asked(lambda: [self.store.files.cat(places)]) if places else []
        # one that is missing is named by asking for each
        return [bytes(found[0][place]) for place in places] if found else [self.read(name, what) for name in names]

    def write(self, name: str, content: bytes) -> None:
        self._put(name, content, "overwrite")

    def take(self, name: str, content: bytes) -> bool:
        if not self.told_apart:
            raise UsageError(
                "This object store lets a file be written twice that may be written once: an entry could be lost",
                where=str(self),
                remedy=REMEDY,
            )
        # an answer that was lost on the way has been asked for again: then it is our own that was there
        return self._put(name, content, "create") or self.read(name, "store's log") == content

    @cached_property
    def told_apart(self) -> bool:
        """Whether the second of two who write one file is told so, which some stores that speak S3 do not do."""
        return not (self._put(PROBE, b"", "create") and self._put(PROBE, b"", "create"))

    def _at(self, name: str) -> str:
        return f"{self.store.place}/{name}"

    def _asked(self, work: Callable[[], list[T]]) -> list[T]:
        """Return what is found, nothing where the store has no such file."""

        def found() -> list[T]:
            try:
                return work()
            except FileNotFoundError:
                return []

        return self.store.attempt(found)

    def _put(self, name: str, content: bytes, mode: str) -> bool:
        def put() -> bool:
            try:
                self.store.files.pipe_file(self._at(name), content, mode=mode)
            except FileExistsError:
                return False
            return True

        try:
            return self.store.attempt(put)
        except InputError as fault:
            raise NotWritten(
                "A file of a store cannot be written",
                where=f"{self}/{name}",
                got=fault.got,
                remedy="check that the bucket is there and that you may write to it; nothing was replaced",
            ) from None
