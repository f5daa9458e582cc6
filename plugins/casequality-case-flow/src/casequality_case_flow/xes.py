"""Event logs in XES, the standard's XML: read in one pass, and without any entity that a file declares."""

from __future__ import annotations

import datetime as dt
import gzip
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final, cast
from xml.parsers import expat

import attrs

import casequality as cq

ATTRIBUTES: Final = frozenset(("string", "date", "int", "float", "boolean", "id"))
TIMESTAMP: Final = "time:timestamp"
NAME: Final = "concept:name"


@attrs.define
class Log:
    """The cases and events of a log as rows of texts, ready for `casequality.source`.

    Each event names its case as `case`; `received_at` and `decided_at` are a case's first and last timestamp unless
    other attributes of the case were asked for.
    """

    cases: list[dict[str, Any]] = attrs.field(factory=list)
    events: list[dict[str, Any]] = attrs.field(factory=list)


def read_xes(path: str | Path, *, case: Mapping[str, str] | None = None, event: Mapping[str, str] | None = None) -> Log:
    """Return a log; `path` ends in .gz where it is gzipped.

    case, event: the fields wanted besides the case's name and the events' timestamp, each with its XES attribute, such
    as `event={"holder": "concept:name"}`. Attributes within attributes are not read.
    Raises `InputError` for what is no XES, and for a file with a document type, which could declare entities.
    """
    path = Path(path)
    fields = [{attribute: field for field, attribute in (asked or {}).items()} for asked in (case, event)]
    reader = _Reader({**fields[0], NAME: "case"}, {**fields[1], TIMESTAMP: "at"})
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            reader.parser.ParseFile(cast(BinaryIO, file))
    except (expat.ExpatError, EOFError, gzip.BadGzipFile, zlib.error) as fault:
        raise cq.errors.InputError(
            "A log cannot be read as XES", where=path.name, got=type(fault).__name__, remedy="export it again as XES"
        ) from fault
    return reader.log


class _Reader:
    """Takes the elements of a log as they come: attributes directly below a trace or an event, none deeper."""

    def __init__(self, case: Mapping[str, str], event: Mapping[str, str]) -> None:
        self.log = Log()
        self._case, self._event = case, event
        self._trace: dict[str, Any] | None = None
        self._times: list[dt.datetime] = []
        self._row: dict[str, Any] = {}
        self._wanted: Mapping[str, str] = {}
        self._below = self._depth = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _refuse_document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if name == "event" and self._trace is not None:
            self._row = {}
            self._wanted, self._below = self._event, self._depth + 1
        elif name == "trace":
            self._row = self._trace = {}
            self._times = []
            self._wanted, self._below = self._case, self._depth + 1
        elif self._depth == self._below and name in ATTRIBUTES:
            field = self._wanted.get(attributes["key"])
            if field is not None:
                value = attributes["value"]
                self._row[field] = _instant(value) if name == "date" else value

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name == "event" and self._trace is not None:
            self.log.events.append(self._row)
            if isinstance(at := self._row.get("at"), dt.datetime):
                self._times.append(at)
            self._row["case"] = self._trace.get("case")
            self._row, self._below = self._trace, self._depth + 1
            self._wanted = self._case
        elif name == "trace":
            assert self._trace is not None
            self._trace.setdefault("received_at", min(self._times, default=None))
            self._trace.setdefault("decided_at", max(self._times, default=None))
            self.log.cases.append(self._trace)
            self._trace = None


def _instant(value: str) -> dt.datetime | str:
    """Return a date with its offset, or the text as it is, so that intake can say what is wrong with it."""
    try:
        at = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    return value if at.tzinfo is None else at


def _refuse_document_type(*_: object) -> None:
    raise cq.errors.InputError(
        "A log declares a document type, which can hide entities that grow without end",
        allowed="XES without <!DOCTYPE>",
        remedy="export it again as XES, or remove the declaration",
    )
