"""Counts kept in a folder, so that a job that was stopped goes on from there, and what has changed is read again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from casequality.engines.asked import asked, digest
from casequality.engines.counted import Counted
from casequality.engines.counting import Request
from casequality.errors import InputError, UsageError
from casequality.records import Findings, Origin, Reading, Source
from casequality.sealed import Seal
from casequality.writing import write_whole

SEAL: Final = Seal(b"casequality kept 2\n", "kept count", "count again")
STRETCH: Final = 1 << 20
"""How many rows are counted before they are kept, unless the file ends or its next part is longer."""


@attrs.frozen
class Stretch:
    """Parts of one file that are counted and kept together; `file` is what findings call it among its fellows now."""

    origin: Origin
    stamp: tuple[int | str, ...]
    place: int
    parts: tuple[int, ...]
    file: str | None
    left_out: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of its file: of where it is, not of what it holds, so that a newer count replaces an older one."""
        return digest([str(self.origin.path), self.place, len(self.parts), any(self.left_out)])

    @property
    def rows_are(self) -> list[Any]:
        """What tells whether its rows are those that were counted."""
        return [str(self.origin.path), *self.stamp, self.place, len(self.parts), list(self.left_out)]

    def within(self, reading: Reading) -> Stretch:
        """Return the stretch without the rows that this reading leaves out because of their keys."""
        left_out = tuple(reading.parts[part].left_out() for part in self.parts)
        return attrs.evolve(self, left_out=left_out if any(left_out) else ())


def stretches(reading: Reading, source: Source) -> list[Stretch]:
    """Return the parts of a reading as stretches, in order."""
    stamps = {origin: origin.stamp() for origin in source.origins()}
    found: list[tuple[Origin, int, list[int]]] = []
    rows, place = 0, 0
    for number, part in enumerate(reading.parts):
        assert part.origin is not None
        same = bool(found) and found[-1][0] == part.origin
        place = place + 1 if same else 0
        if not same or part.rows is None or rows + part.rows > STRETCH:
            found.append((part.origin, place, []))
            rows = 0
        found[-1][2].append(number)
        rows += part.rows or 0
    return [
        Stretch(origin, stamps[origin], place, tuple(parts), reading.parts[parts[0]].piece.file)
        for origin, place, parts in found
    ]


@attrs.frozen
class Kept:
    """The folder of one job: a manifest of what it asks, and what each stretch came to.

    Nothing is believed but what is whole and was counted from the file as it is now. No key is written down: of what
    was kept, the key column is read again until all keys are known to be settled.
    """

    folder: Path
    job: str
    children: tuple[Origin, ...] = ()

    @classmethod
    def of(cls, keep: Path, request: Request, source: Source) -> Kept:
        """Return the folder of a job below `keep`; another question has another one."""
        said = asked(request, source)
        job = digest(said)
        folder = keep / job
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise UsageError(
                "The folder to keep counts in cannot be made",
                where=str(keep),
                got=fault.strerror,
                remedy="name a folder that may be written to",
            ) from None
        manifest = (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()
        if not (folder / "manifest.json").is_file() or (folder / "manifest.json").read_bytes() != manifest:
            write_whole(folder / "manifest.json", manifest)
        return cls(folder, job, tuple(origin for child in source.children.values() for origin in child.origins()))

    def save(self, stretch: Stretch, counted: Counted) -> None:
        """Keep what a stretch came to, but its keys; raise `InputError` where its file has changed meanwhile."""
        for origin in (stretch.origin, *self.children):
            origin.check()
        self._write(stretch.name, stretch.rows_are, attrs.evolve(counted, orders={}).to_bytes())

    def holds(self, stretch: Stretch) -> bool:
        """Return whether it is kept, whole, and of the file as it is now."""
        return self._read(stretch.name, stretch.rows_are) is not None

    def load(self, stretch: Stretch) -> Counted:
        """Return what a stretch came to; raise `InputError` where that is not kept."""
        content = self._read(stretch.name, stretch.rows_are)
        if content is None:
            raise InputError(
                "A count that was kept is gone or was changed while it was needed",
                where=str(self.folder),
                remedy="count again; what is missing is read again",
            )
        counted = Counted.from_bytes(content, str(self.folder / stretch.name))
        beyond = tuple(_in(stretch.file, each) for each in counted.beyond)
        return attrs.evolve(counted, findings=_in(stretch.file, counted.findings), beyond=beyond)

    def settled(self, found: Sequence[Stretch]) -> list[Stretch] | None:
        """Return the stretches without the rows to leave out because of their keys; None where that is not known."""
        content = self._read("keys", [each.rows_are for each in found])
        if content is None:
            return None
        return [attrs.evolve(each, left_out=tuple(out)) for each, out in zip(found, json.loads(content), strict=True)]

    def settle(self, found: Sequence[Stretch], settled: Sequence[Stretch]) -> None:
        """Keep which rows are left out of the stretches because of their keys."""
        left_out = json.dumps([each.left_out for each in settled]).encode()
        self._write("keys", [each.rows_are for each in found], left_out)

    def _write(self, name: str, rows_are: list[Any], content: bytes) -> None:
        sealed = SEAL.close({"job": self.job, "rows_are": rows_are}, content, level=0)
        write_whole(self.folder / name, sealed)

    def _read(self, name: str, rows_are: list[Any]) -> bytes | None:
        where = self.folder / name
        try:
            opened = SEAL.open(where.read_bytes(), str(where))
        except (OSError, InputError):
            return None
        return opened.body if opened.head == {"job": self.job, "rows_are": rows_are} else None


def _in(file: str | None, findings: Findings) -> Findings:
    """Return findings of one file under the name that it has in a source of these files."""
    return attrs.evolve(findings, items=tuple(attrs.evolve(item, file=file) for item in findings.items))
