"""Event logs in XES, the standard's XML: read in one pass, and without any entity that a file declares."""

from __future__ import annotations

import datetime as dt
import gzip
import zlib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final, cast
from xml.parsers import expat

import attrs

import casequality as cq
from casequality_case_flow.event_tables import UNREADABLE, refuse_two_ends

ATTRIBUTES: Final = frozenset(("string", "date", "int", "float", "boolean", "id"))
TIMESTAMP: Final = "time:timestamp"
NAME: Final = "concept:name"
CHUNK: Final = 1 << 20
LONGEST: Final = 16 << 20
"""So many bytes an element and its attributes may have at most."""
DEEPEST: Final = 100
"""So many elements may lie within each other."""
RATIO: Final = 200
"""So many times its packed size may a log have that is longer than `LONGEST`; real ones reach some 30."""
MOST_ROWS: Final = 1 << 20
"""So many events and cases may there be that pack into less than a byte each."""
NO_VALUE: Final = "attribute without a value"
MIXED: Final = "times with and without a zone"


@attrs.define
class Log:
    """The cases and events of a log as rows of texts, ready for `casequality.source`.

    Each event names its case as `case`, none for one outside every case; `received_at` and `decided_at` are a case's
    first and last timestamp unless other attributes of the case were asked for. Where the timestamp of an event cannot
    be read, and it could be the first or the last, that time of the case is a text that no source can read. Times
    without an offset stay texts, which the source reads in its zone.
    """

    cases: list[dict[str, Any]] = attrs.field(factory=list)
    events: list[dict[str, Any]] = attrs.field(factory=list)


def read_xes(
    path: str | Path,
    *,
    case: Mapping[str, str] | None = None,
    event: Mapping[str, str] | None = None,
    closing: tuple[str, Collection[str]] | None = None,
) -> Log:
    """Return a log; `path` ends in .gz where it is gzipped.

    case, event: the fields wanted besides the case's name and the events' timestamp, each with its XES attribute, such
    as `event={"holder": "concept:name"}`. One that a case or event lacks is blank. Attributes within attributes are not
    read.
    closing: an attribute of events and the activities in it that close a case, such as
    `("concept:name", ["Decide", "Withdraw"])`: a case is decided when the last of them was done, and open
    while none was.
    Raises `InputError` for what is no XES, for an element of more than 16 MiB, for elements more than 100 deep,
    for a gzip that unpacks to more than 200 times its size, and for a file with a document type,
    which could declare entities.
    """
    refuse_two_ends(closing, case)
    path = Path(path)
    fields = [{attribute: field for field, attribute in (asked or {}).items()} for asked in (case, event)]
    reader = _Reader({NAME: "case", **fields[0]}, {TIMESTAMP: "at", **fields[1]}, closing)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            reader.read(cast(BinaryIO, file), path.stat().st_size)
    except cq.errors.CaseQualityError:
        raise
    # the last two are what Python's parser raises over an encoding that it does not know or cannot read
    except (expat.ExpatError, EOFError, OSError, zlib.error, LookupError, ValueError) as fault:
        raise cq.errors.InputError(
            cq.errors.Words("A log cannot be read as XES", "Loggen kan ikke læses som XES"),
            where=path.name,
            got=type(fault).__name__,
            remedy=cq.errors.Words("export it again as XES", "eksportér den igen som XES"),
        ) from fault
    return reader.log


class _Reader:
    """Takes the elements of a log as they come: attributes directly below a trace or an event, none deeper."""

    def __init__(
        self, case: Mapping[str, str], event: Mapping[str, str], closing: tuple[str, Collection[str]] | None
    ) -> None:
        self.log = Log()
        self._case, self._event, self._closing = case, event, closing
        self._closes, self._may_close, self._at = False, True, list[dt.datetime]()
        self._ends: list[dt.datetime] = []
        self._unsure: set[str] = set()
        self._trace: dict[str, Any] | None = None
        self._times: list[dt.datetime] = []
        self._first = 0
        self._row: dict[str, Any] = {}
        self._wanted: Mapping[str, str] = {}
        self._below = self._depth = 0
        self._in_event = False
        # with a separator a name comes as its namespace and itself, whatever prefix the file writes it with
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _refuse_document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def read(self, file: BinaryIO, packed: int) -> None:
        """Read a whole file of so many bytes, as it is packed."""
        given = 0
        # the parser looks at an element that is not whole anew with each piece: large pieces keep that cheap
        while piece := file.read(CHUNK):
            self.parser.Parse(piece, False)
            given += len(piece)
            if given - self.parser.CurrentByteIndex > LONGEST:
                raise cq.errors.InputError(
                    cq.errors.Words(
                        "A log has an element that is longer than any should be",
                        "Loggen har et element, der er længere, end noget bør være",
                    ),
                    got=cq.errors.Words("more than 16 MiB", "mere end 16 MiB"),
                    remedy=cq.errors.Words(
                        "export it again without attached documents", "eksportér den igen uden vedhæftede dokumenter"
                    ),
                )
            # an event or a case packs into no less than a byte; where there are more, they are there to fill the memory
            rows = len(self.log.events) + len(self.log.cases)
            if given > max(LONGEST, RATIO * packed) or rows > max(MOST_ROWS, packed):
                raise cq.errors.InputError(
                    cq.errors.Words(
                        "A log is packed tighter than any should be", "Loggen er pakket tættere, end nogen bør være"
                    ),
                    got=cq.errors.Words(
                        f"more than {given:,} bytes from {packed:,}",
                        f"mere end {given:,} bytes ud af {packed:,}".replace(",", "."),
                    ),
                    remedy=cq.errors.Words(
                        "export it again, or unpack it if you trust it",
                        "eksportér den igen, eller pak den ud, hvis du stoler på den",
                    ),
                )
        self.parser.Parse(b"", True)

    def _start(self, full: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise cq.errors.InputError(
                cq.errors.Words(
                    "A log has more elements within each other than any should have",
                    "Loggen har flere elementer inden i hinanden, end nogen bør have",
                ),
                got=cq.errors.Words(f"more than {DEEPEST}", f"mere end {DEEPEST}"),
                remedy=cq.errors.Words("export it again as XES", "eksportér den igen som XES"),
            )
        name = full.rpartition(" ")[2]
        if self._depth == 1 and name != "log":
            raise cq.errors.InputError(
                cq.errors.Words("A file is no log in XES", "Filen er ikke en log i XES"),
                got=f"<{name}>",
                allowed="<log>",
                remedy=cq.errors.Words("export it again as XES", "eksportér den igen som XES"),
            )
        if (name == "trace" and self._trace is not None) or (name in ("trace", "event") and self._in_event):
            raise cq.errors.InputError(
                cq.errors.Words(
                    "A log has a case or an event within another", "Loggen har en sag eller hændelse inde i en anden"
                ),
                got=f"<{name}>",
                remedy=cq.errors.Words("export it again as XES", "eksportér den igen som XES"),
            )
        if name == "event":
            self._in_event = True
            self._row = dict.fromkeys(self._event.values())
            # what is not said to be another activity may be one that closes the case
            self._closes, self._may_close, self._at = False, True, []
            self._wanted, self._below = self._event, self._depth + 1
        elif name == "trace":
            self._row = self._trace = dict.fromkeys(self._case.values())
            self._times, self._ends, self._unsure, self._first = [], [], set(), len(self.log.events)
            self._wanted, self._below = self._case, self._depth + 1
        elif self._depth == self._below and name in ATTRIBUTES:
            if self._closing and self._wanted is self._event and attributes.get("key") == self._closing[0]:
                self._closes = self._may_close = attributes.get("value") in self._closing[1]
            field = self._wanted.get(attributes.get("key", ""))
            if field is not None:
                value = attributes.get("value", NO_VALUE)
                # it decides when its case began, so it is read as intake will read it, whatever kind it is said to be
                is_time = name == "date" or (field == "at" and self._in_event)
                self._row[field] = self._time(value.strip(), field) if is_time else value

    def _end(self, full: str) -> None:
        self._depth -= 1
        name = full.rpartition(" ")[2]
        if name == "event":
            self._in_event = False
            self._row["case"] = None if self._trace is None else self._trace["case"]
            self._times += self._at
            self._ends += self._at if self._closes else []
            if not self._at and self._row["at"] is not None:
                self._unsure |= {"received_at", *(("decided_at",) if self._may_close or not self._closing else ())}
            self.log.events.append(self._row)
            self._row, self._below = self._trace or {}, self._depth + 1
            self._wanted = {} if self._trace is None else self._case
        elif name == "trace":
            assert self._trace is not None
            first, last = _of(min, self._times), _of(max, self._ends if self._closing else self._times)
            for field, found in (("received_at", first), ("decided_at", last)):
                self._trace.setdefault(field, UNREADABLE if field in self._unsure else found)
            self.log.cases.append(self._trace)
            for event in self.log.events[self._first :]:
                event["case"] = self._trace["case"]  # which may be named after its events
            self._trace, self._wanted = None, {}

    def _time(self, value: str, field: str) -> dt.datetime | str:
        """Return a date with its offset, or the text as it is, so that intake can say what is wrong with it."""
        try:
            said = cq.days.day_or_time(value)
        except ValueError:
            return value
        at = said if isinstance(said, dt.datetime) else dt.datetime.combine(said, dt.time())
        if field == "at" and self._in_event:
            self._at = [at]
        return value if at.tzinfo is None else at


def _of(choose: Callable[[list[dt.datetime]], dt.datetime], times: list[dt.datetime]) -> dt.datetime | str | None:
    """Return the first or the last of some times, as a text where none has an offset."""
    if not times:
        return None
    zoned = {at.tzinfo is not None for at in times}
    if len(zoned) > 1:
        return MIXED
    chosen = choose(times)
    return chosen if chosen.tzinfo is not None else chosen.isoformat(" ")


def _refuse_document_type(*_: object) -> None:
    raise cq.errors.InputError(
        cq.errors.Words(
            "A log declares a document type, which can hide entities that grow without end",
            "Loggen angiver en dokumenttype, som kan skjule enheder, der vokser uden ende",
        ),
        allowed=cq.errors.Words("XES without <!DOCTYPE>", "XES uden <!DOCTYPE>"),
        remedy=cq.errors.Words(
            "export it again as XES, or remove the declaration", "eksportér den igen som XES, eller fjern angivelsen"
        ),
    )
