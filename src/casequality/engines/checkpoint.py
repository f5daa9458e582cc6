"""Counts kept in a folder, so that a job that was stopped goes on from there, and what has changed is read again.

What a count rests on besides the rows is written in plain words: two jobs that differ in it share nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath
from types import CodeType, FunctionType
from typing import Any, Final

import attrs
import numpy as np

from casequality.engines.counting import PartialResult, Request, assumed_by
from casequality.errors import InputError, UsageError
from casequality.files import Seal, write_whole
from casequality.metrics import Metric
from casequality.privacy import masked
from casequality.records import Findings, Origin, Source, SourceReading

LIBRARIES: Final = ("casequality", "holidays", "tzdata")
"""Whose versions a count rests on: what is counted, the closing days, the clocks where the system has none."""
TOLD_BY_TEXT: Final = (dt.date, dt.time, dt.timedelta, dt.tzinfo, Decimal, Fraction, PurePath, np.generic, re.Pattern)


def asked(request: Request, source: Source) -> dict[str, Any]:
    """Return everything but the rows that the count of any stretch of the source rests on, as plain data."""
    as_of = request.as_of
    return {
        "versions": {name: version_of(name) for name in LIBRARIES},
        "as_of": [str(as_of.instant), as_of.zone, as_of.calendar],
        "expects": request.expects,
        "questions": [
            [
                *map(plain, (assumed_by(each, as_of), each.metric.parameters(), each.reads)),
                each.may_be_open().tolist(),
                code_of(each.metric),
                plain(each.named),
            ]
            for each in request.questions
        ],
        "deadlines": digest(plain(as_of.rules)),
        "source": _read_as(source),
        "children": {
            field: [_read_as(child), [[_place(one.path), *one.stamp()] for one in child.origins()]]
            for field, child in sorted(source.children.items())
        },
    }


def digest(plain_data: object) -> str:
    """Return a digest of plain data."""
    return blake2b(json.dumps(plain_data, sort_keys=True).encode(), digest_size=16).hexdigest()


def plain(value: object) -> Any:
    """Return a value as plain data that no other value gives; raise `UsageError` for one of a kind not known."""
    # a text or number of a class of one's own may compare as it likes: it is told with its class, below
    if value is None or (isinstance(value, (bool, int, str)) and type(value).__module__ == "builtins"):
        return value
    if isinstance(value, (float, str, int, *TOLD_BY_TEXT)):
        return [_name(type(value)), str(value) if not isinstance(value, float) else repr(value)]
    if isinstance(value, np.ndarray):
        return [_name(np.ndarray), str(value.dtype), plain(value.tolist())]
    if isinstance(value, Mapping):
        return {"mapping": sorted(([plain(key), plain(each)] for key, each in value.items()), key=json.dumps)}
    if isinstance(value, (set, frozenset)):
        return {"set": sorted(map(plain, value), key=json.dumps)}
    if isinstance(value, (list, tuple)):
        return [_name(type(value)), *map(plain, value)]
    if isinstance(value, (type, FunctionType)):
        return [_name(value), code_of(value) if isinstance(value, FunctionType) else ""]
    if attrs.has(kind := type(value)):
        return [_name(kind), [[field.name, plain(getattr(value, field.name))] for field in attrs.fields(kind)]]
    raise UsageError(
        "A count cannot be kept whose question holds something that cannot be told apart from another",
        got=_name(type(value)),
        remedy="count without keep, or give the metric's fields as numbers, texts, dates or attrs classes",
    )


def code_of(asked_of: Metric | FunctionType) -> str:
    """Return a digest of the code that a metric or a function is made of, the library's own apart.

    That of its functions and, where its module has a file, of all files beside it that it may import: the modules of
    a plugin, but not those of a plugin's further folders.
    """
    kinds = type(asked_of).__mro__ if isinstance(asked_of, Metric) else (asked_of,)
    own = [kind for kind in kinds if kind.__module__.partition(".")[0] not in ("builtins", "casequality")]
    return digest([[_name(kind), _package_code(kind.__module__), _own_code(kind)] for kind in own])


@cache
def _package_code(name: str) -> str:
    module = sys.modules.get(name)
    file = Path(getattr(module, "__file__", None) or "")
    if not file.is_file():
        return ""
    files = sorted(file.parent.glob("*.py")) if getattr(module, "__package__", None) else [file]
    return digest([[each.name, blake2b(each.read_bytes()).hexdigest()] for each in files])


def _own_code(kind: type | FunctionType) -> list[Any]:
    if isinstance(kind, FunctionType):
        return _spelled(kind.__code__)
    found = {name: getattr(each, "__func__", each) for name, each in vars(kind).items()}
    found = {name: each.fget if isinstance(each, property) else each for name, each in found.items()}
    codes = {name: each.__code__ for name, each in found.items() if isinstance(each, FunctionType)}
    # what attrs makes of the fields is no code of an author, and another release of it may spell it otherwise
    made_by_attrs = "<attrs generated"
    return [[name, _spelled(code)] for name, code in codes.items() if not code.co_filename.startswith(made_by_attrs)]


def _spelled(code: CodeType) -> list[Any]:
    return [code.co_code.hex(), list(code.co_names), [_constant(each) for each in code.co_consts]]


def _constant(value: object) -> Any:
    if isinstance(value, CodeType):
        return _spelled(value)
    if isinstance(value, (tuple, frozenset)):  # a set is in another order in each process
        several = [json.dumps(_constant(each)) for each in value]
        return [_name(type(value)), *(sorted(several) if isinstance(value, frozenset) else several)]
    return repr(value)


def _read_as(source: Source) -> list[Any]:
    mapping = source.mapping
    origins = source.origins()
    return [
        plain(
            [
                mapping.records.name,
                mapping.records.fields,
                mapping.records.rules,
                mapping.columns,
                mapping.codes,
                mapping.marks,
                mapping.repeated_hour,
                mapping.next_day,
                mapping.defaults,
                mapping.by_file,
            ]
        ),
        sorted(mapping.checks_off),
        source.zone,
        plain([origins[0].dialect, origins[0].layout]) if origins else None,
    ]


@cache
def version_of(library: str) -> str:
    """Return the version of an installed distribution, "" for one that is not."""
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _name(kind: type | FunctionType) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


SEAL: Final = Seal(b"casequality kept 3\n", "kept count", "count again")
STRETCH: Final = 1 << 20
"""How many rows are counted before they are kept, unless the file ends or its next part is longer."""


@attrs.frozen
class Chunk:
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
        return [_place(self.origin.path), *self.stamp, self.place, len(self.parts), list(self.left_out)]

    def within(self, reading: SourceReading) -> Chunk:
        """Return the stretch without the rows that this reading leaves out because of their keys."""
        left_out = tuple(reading.parts[part].left_out() for part in self.parts)
        return attrs.evolve(self, left_out=left_out if any(left_out) else ())


def stretches(reading: SourceReading, source: Source) -> list[Chunk]:
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
        Chunk(origin, stamps[origin], place, tuple(parts), reading.parts[parts[0]].piece.file)
        for origin, place, parts in found
    ]


@attrs.frozen
class Checkpoint:
    """The folder of one job: a manifest of what it asks, and what each stretch came to.

    Nothing is believed but what is whole and was counted from the file as it is now. No key is written down: of what
    was kept, the key column is read again until all keys are known to be settled.
    """

    folder: Path
    job: str
    children: tuple[Origin, ...] = ()

    @classmethod
    def of(cls, keep: Path, request: Request, source: Source) -> Checkpoint:
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

    def save(self, stretch: Chunk, counted: PartialResult) -> None:
        """Keep what a stretch came to, but its keys; raise `InputError` where its file has changed meanwhile."""
        for origin in (stretch.origin, *self.children):
            origin.check()
        # keys may name citizens, and the folder outlives the job
        self._write(stretch.name, stretch.rows_are, attrs.evolve(counted, orders={}).to_bytes())

    def holds(self, stretch: Chunk) -> bool:
        """Return whether it is kept, whole, and of the file as it is now."""
        return self._read(stretch.name, stretch.rows_are) is not None

    def load(self, stretch: Chunk) -> PartialResult:
        """Return what a stretch came to; raise `InputError` where that is not kept."""
        content = self._read(stretch.name, stretch.rows_are)
        if content is None:
            raise InputError(
                "A count that was kept is gone or was changed while it was needed",
                where=str(self.folder),
                remedy="count again; what is missing is read again",
            )
        counted = PartialResult.from_bytes(content, str(self.folder / stretch.name))
        beyond = tuple(_in(stretch.file, each) for each in counted.beyond)
        return attrs.evolve(counted, findings=_in(stretch.file, counted.findings), beyond=beyond)

    def settled(self, found: Sequence[Chunk]) -> list[Chunk] | None:
        """Return the stretches without the rows to leave out because of their keys; None where that is not known."""
        content = self._read("keys", [each.rows_are for each in found])
        if content is None:
            return None
        return [attrs.evolve(each, left_out=tuple(out)) for each, out in zip(found, json.loads(content), strict=True)]

    def settle(self, found: Sequence[Chunk], settled: Sequence[Chunk]) -> None:
        """Keep which rows are left out of the stretches because of their keys."""
        left_out = json.dumps([each.left_out for each in settled]).encode()
        self._write("keys", [each.rows_are for each in found], left_out)

    def _write(self, name: str, rows_are: list[Any], content: bytes) -> None:
        # not packed: a count is packed once already
        sealed = SEAL.close({"job": self.job, "rows_are": rows_are}, content, level=0)
        write_whole(self.folder / name, sealed)

    def _read(self, name: str, rows_are: list[Any]) -> bytes | None:
        where = self.folder / name
        try:
            opened = SEAL.open(where.read_bytes(), str(where))
        except (OSError, InputError):
            return None
        return opened.body if opened.head == {"job": self.job, "rows_are": rows_are} else None


def _place(path: Path) -> str:
    """Return a path as it is written down: one that holds a citizen's number masked, and told apart by its digest."""
    text = str(path)
    return text if masked(text) == text else f"{masked(text)} {digest(text)}"


def _in(file: str | None, findings: Findings) -> Findings:
    """Return findings of one file under the name that it has in a source of these files."""
    return attrs.evolve(findings, items=tuple(attrs.evolve(item, file=file) for item in findings.items))
