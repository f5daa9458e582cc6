"""The log of a store: one entry a change, each with the digest of the one before, and what is held after them all."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any, Final, Literal, TypeAlias

import attrs

from casequality.days import Period
from casequality.days import period as parse_period
from casequality.desk.keeping.places import Place
from casequality.errors import InputError, UsageError

Kind: TypeAlias = Literal["put", "replaced", "withdrawn", "released"]
Moment: TypeAlias = dt.date | dt.datetime | int
"""When something was known: an instant, the end of a day in UTC, or when the log had so many entries."""
PACKED: Final = 1000
"""After so many entries all are written once more into one file, so that a long log is read at once."""
START: Final = "0" * 64
WHAT: Final = "store's log"
UNWRITTEN: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


def read_moment(text: str | None, where: str) -> dt.date | int | None:
    """Return when a store is asked about, from a day or the number of an entry; None for now."""
    if text is None:
        return None
    try:
        return int(text) if text.isdecimal() else dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError("A moment cannot be read", where=where, got=text, allowed="2010-06-30, or 17") from None


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal digits."""
    return sha256(content).hexdigest()


@attrs.frozen(kw_only=True)
class Entry:
    """One line of the log: what was done, when, and with what.

    number: from 1, without a gap; 0 until it is written. before: the digest of the entry before. at: an instant in
    UTC. who: whose records. period: which of them. extract: which extract they come from. source, tallies: SHA-256 of
    the file that was counted (or of the report that was released) and of the stored tallies. metrics: ids. records:
    how many rows were read. small: how many cells stand for fewer records than the store warns of. note: why.
    seal: the digest of the rest, "" in an entry that an older version wrote.
    """

    kind: Kind
    number: int = 0
    before: str = ""
    at: dt.datetime = UNWRITTEN
    who: str = ""
    period: str = ""
    extract: str = ""
    source: str = ""
    tallies: str = ""
    metrics: tuple[str, ...] = ()
    records: int = 0
    small: int = 0
    note: str = ""
    seal: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as plain data."""
        plain = {**attrs.asdict(self, recurse=False), "at": self.at.isoformat(), "metrics": list(self.metrics)}
        return plain if self.seal else {name: value for name, value in plain.items() if name != "seal"}

    def sealed(self) -> Entry:
        """Return the entry with the digest of all that it says: the last one of a log has none after it."""
        return attrs.evolve(self, seal=digest_of(attrs.evolve(self, seal="").to_bytes()))

    def to_bytes(self) -> bytes:
        """Return the line of the log."""
        return json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    def known(self, at: Moment | None) -> bool:
        """Return whether it was there then."""
        if at is None:
            return True
        if isinstance(at, dt.datetime):
            return self.at <= at
        return self.at.date() <= at if isinstance(at, dt.date) else self.number <= at

    def __str__(self) -> str:
        about = " ".join(filter(None, [self.who, self.period, self.extract and f"({self.extract})"]))
        return f"{self.number} {self.at:%Y-%m-%d %H:%M} {self.kind} {about}{self.note and f': {self.note}'}"


def _entry_of(line: bytes, where: str) -> Entry:
    try:
        plain = json.loads(line)
        made = Entry(**{**plain, "at": dt.datetime.fromisoformat(plain["at"]), "metrics": tuple(plain["metrics"])})
        # an older version sealed none; the line without its seal is what the seal is of
        sealed = line.replace(b'"seal":"%s",' % made.seal.encode(), b"")
        if made.to_bytes() == line and made.seal in ("", digest_of(sealed)) and bool(made.seal) == ("seal" in plain):
            return made
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        pass
    raise _broken(where, "a line that is no entry")


def _broken(where: str, got: str) -> InputError:
    return InputError(
        "The log of a store is not as it was written", where=where, got=got, remedy="bring the log back from a copy"
    )


@attrs.define(eq=False, repr=False)
class Held:
    """The deliveries that some entries come to, by whose they are and by source."""

    theirs: dict[str, dict[tuple[str, tuple[str, ...]], Entry]] = attrs.field(factory=dict)
    sources: dict[str, list[Entry]] = attrs.field(factory=dict)

    @classmethod
    def after(cls, entries: Iterable[Entry]) -> Held:
        """Return what is held after some entries."""
        held = cls()
        for entry in entries:
            held.add(entry)
        return held

    def add(self, entry: Entry) -> None:
        """Take in what one more entry changes."""
        if entry.kind == "released":
            return
        theirs = self.theirs.setdefault(entry.who, {})
        gone = theirs.pop((entry.period, entry.metrics), None)
        if gone is not None and gone.source:
            self.sources[gone.source].remove(gone)
        if entry.kind != "withdrawn":
            theirs[entry.period, entry.metrics] = entry
            if entry.source:
                self.sources.setdefault(entry.source, []).append(entry)

    def __iter__(self) -> Iterator[Entry]:
        return (theirs[key] for _, theirs in sorted(self.theirs.items()) for key in sorted(theirs))

    def only(self, who: str, period: str, of: str = "") -> Entry:
        """Return the one delivery that is held of somebody for a period; raise `UsageError` where there is none.

        of: a metric, or a source of goals, that it holds.
        """
        theirs = self.theirs.get(who, {})
        found = [
            entry
            for (its, names), entry in theirs.items()
            if its == period and (not of or any(each == of or each.startswith(f"{of}/") for each in names))
        ]
        if len(found) != 1:
            raise UsageError(
                "There is no such delivery" if not found else "There are several deliveries for this period",
                got=f"{who}, {period}",
                allowed=sorted({its for its, _ in theirs}) or "none of theirs",
                remedy="see what the store holds" if not found else "say of which metric, or of which source of goals",
            )
        return found[0]

    def admit(self, new: Entry) -> Entry:
        """Return a delivery that may be taken in, or the same one as it was before; raise `UsageError` for another."""
        same = self.theirs.get(new.who, {}).get((new.period, new.metrics))
        if same and (same.tallies, same.source, same.extract) == (new.tallies, new.source, new.extract):
            return same
        if new.kind == "replaced" and not same:
            raise UsageError(
                "There is no delivery to replace",
                got=f"{new.who}, {new.period}",
                remedy="put it: a delivery is replaced whole, by one for the same period and of the same metrics",
            )
        if same and new.kind == "put":
            raise UsageError(
                "Something else was delivered for this period",
                where=f"entry {same.number}",
                got=f"{new.who}, {new.period}",
                remedy="replace it and say why, or withdraw it",
            )
        period, counted = parse_period(new.period), {*new.metrics}
        for other in self.theirs.get(new.who, {}).values():
            if other is not same and counted & {*other.metrics} and _overlap(parse_period(other.period), period):
                raise UsageError(
                    "A delivery for a period that overlaps this one is there, and records would count twice",
                    where=f"entry {other.number}, {other.period}",
                    got=f"{new.who}, {new.period}",
                    remedy="withdraw that one first, or deliver its own period and replace it",
                )
        for other in self.sources.get(new.source, ()):
            if other is not same and counted & {*other.metrics}:
                raise UsageError(
                    "The same source was delivered before, and its records would count twice",
                    where=f"entry {other.number}: {other.who}, {other.period}",
                    got=f"{new.who}, {new.period}",
                    remedy="check whose records it holds, and for which period",
                )
        return new


def _overlap(first: Period, other: Period) -> bool:
    return first.first < other.end and other.first < first.end


@attrs.define(eq=False, repr=False)
class Log:
    """The entries in a folder, and what they come to. It only ever grows, so what was read is not read again."""

    place: Place
    folder: str
    entries: list[Entry] = attrs.field(factory=list)
    held: Held = attrs.field(factory=Held)
    _last: str = START

    def read(self) -> None:
        """Read what is new; raise `InputError` where an entry is missing, changed or moved."""
        newest = 0
        if not self.entries:
            names = self.place.names(self.folder)
            newest = max((int(name[:10]) for name in names if name.endswith(".json")), default=0)
            packed = max((name for name in names if name.endswith(".packed")), default=None)
            for line in self._bytes(packed).splitlines(keepends=True) if packed else ():
                self._add(line)
            further = (_name_of(number) for number in range(len(self.entries) + 1, newest + 1))
            there = list(itertools.takewhile({*names}.__contains__, further))
            for line in self.place.read_all([f"{self.folder}/{name}" for name in there], WHAT):
                self._add(line)
        while self.place.has(f"{self.folder}/{_name_of(len(self.entries) + 1)}"):
            self._add(self._bytes(_name_of(len(self.entries) + 1)))
        if len(self.entries) < newest:
            raise _broken(str(self.place), f"entry {newest}, and no entry {len(self.entries) + 1}")

    def append(self, made: Callable[[Held], Entry]) -> Entry:
        """Write the entry that follows from what is held, under the next number; where another is first, look again.

        made: returns the new entry, or one that is there already, which is not written again.
        """
        while True:
            self.read()
            entry = made(self.held)
            if entry.number:
                return entry
            now = dt.datetime.now(dt.UTC)
            # a machine's clock may go back, the log does not
            at = max(now, self.entries[-1].at) if self.entries else now
            entry = attrs.evolve(entry, number=len(self.entries) + 1, before=self._last, at=at).sealed()
            if self.place.take(f"{self.folder}/{_name_of(entry.number)}", entry.to_bytes()):
                self._add(entry.to_bytes())
                if entry.number % PACKED == 0:
                    whole = b"".join(each.to_bytes() for each in self.entries)
                    self.place.write(f"{self.folder}/{entry.number:010}.packed", whole)
                return entry

    def known(self, at: Moment | None) -> tuple[Entry, ...]:
        """Return the entries that were there then."""
        self.read()
        return tuple(itertools.takewhile(lambda entry: entry.known(at), self.entries))

    def _add(self, line: bytes) -> None:
        number = len(self.entries) + 1
        where = f"{self.place}, entry {number}"
        entry = _entry_of(line, where)
        if (entry.number, entry.before) != (number, self._last):
            raise _broken(where, "an entry that does not follow from the one before")
        self.entries.append(entry)
        self.held.add(entry)
        self._last = digest_of(line)

    def _bytes(self, name: str) -> bytes:
        return self.place.read(f"{self.folder}/{name}", WHAT)


def _name_of(number: int) -> str:
    return f"{number:010}.json"
