"""A store of tallies: deliveries put, replaced and withdrawn, and the figures as they were known on any day.

Nothing in it is ever changed. What it holds now, or held on an earlier day, is what the entries of its log come to.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

import attrs

from casequality.days import Period
from casequality.days import period as parse_period
from casequality.desk.keeping.deliveries import Entry, Held, Kind, Log, Moment, digest_of
from casequality.desk.keeping.places import Place, place_of
from casequality.desk.measuring import Tallies, merge
from casequality.errors import InputError, MergeError, UsageError, refuse_personal
from casequality.files import read_bytes
from casequality.metrics import stored
from casequality.records import Source, is_url, without_secrets

LOG, TALLIES, JOINED = "log", "tallies", "joined"
"""The folders of a store: its entries, the tallies by their digest, and sums of them that can be made again."""
FEW: Final = 5
WHAT: Final = "delivery's tally"


def store(folder: Path | str, *, warn_below: int = FEW) -> Store:
    """Return the store in a folder, which is made where there is none; raise `UsageError` where it cannot be.

    folder: a path, or the URL of a folder of an object store that writes on condition: `s3://bucket/folder`.
    warn_below: cells of fewer records than this are counted in each entry's `small`: a tally is kept where records may
    not be, and so few may be known again in it.
    """
    place = place_of(folder)
    place.make(LOG, TALLIES, JOINED)
    return Store(place, warn_below, Log(place, LOG))


def is_store(folder: Path | str) -> bool:
    """Return whether a folder or a URL holds a store."""
    return Path(folder, LOG).is_dir() if not is_url(folder) else bool(place_of(folder).names(LOG))


def open_store(folder: Path | str) -> Store:
    """Return a store that is there; raise `UsageError` where none is: a folder mistyped is no empty store."""
    if not is_store(folder):
        raise UsageError(
            "There is no store here",
            where=without_secrets(str(folder)),
            remedy="name its folder, or put the first delivery into it",
        )
    return store(folder)


@attrs.frozen(eq=False)
class Store:
    """Tallies by delivery. Several processes may write at once: the first to take the next number has it."""

    place: Place
    warn_below: int
    _log: Log = attrs.field(repr=False)

    @property
    def folder(self) -> str:
        """The path or the URL where it is."""
        return str(self.place)

    def log(self, at: Moment | None = None) -> tuple[Entry, ...]:
        """Return all changes, or those up to then; raise `InputError` where the log is not as it was written."""
        return self._log.known(at)

    def deliveries(self, at: Moment | None = None) -> tuple[Entry, ...]:
        """Return what is held now, or was held then: an entry a delivery, by whose it is and in order of time."""
        return tuple(Held.after(self.log(at)))

    def put(
        self, tallies: Tallies, *, who: str, period: str, extract: str, source: Path | str | Source | None = None
    ) -> Entry:
        """Take in one delivery. The same one given again is not taken twice: its entry is returned.

        who: whose records it holds. period: which of them. extract: which extract they come from, such as its date.
        source: what was counted, a file or a `Source` of files or a query, of which the digest is kept.
        Raises `UsageError` where something else was delivered for this period, for a period that overlaps one that is
        held, and for a source that is held.
        """
        return self._write("put", tallies, who, period, extract, source, "")

    def replace(
        self,
        tallies: Tallies,
        *,
        who: str,
        period: str,
        extract: str,
        note: str,
        source: Path | str | Source | None = None,
    ) -> Entry:
        """Put a delivery in the place of the one for the same period, whole. note: why."""
        return self._write("replaced", tallies, who, period, extract, source, _line("note", note))

    def withdraw(self, *, who: str, period: str, note: str, of: str = "") -> Entry:
        """Take a delivery out. What was known before stays known. note: why.

        of: a metric or a source of goals, where there are several for the period.
        """
        label, why = parse_period(period).label, _line("note", note)
        return self._log.append(
            lambda held: attrs.evolve(held.only(who, label, of), kind="withdrawn", number=0, note=why)
        )

    def release(self, note: str, content: bytes = b"") -> Entry:
        """Note that something was published of what is held now. content: its bytes, of which the digest is kept."""
        entry = Entry(kind="released", note=_line("note", note), source=digest_of(content) if content else "")
        return self._log.append(lambda _: entry)

    def tallies(
        self,
        *,
        who: str | Sequence[str] = (),
        period: str | Period | None = None,
        at: Moment | None = None,
        apart: bool = False,
    ) -> Tallies:
        """Return the sum of the deliveries, from which figures are concluded.

        who: only theirs. period: only the deliveries that lie within it. at: as it was known then.
        apart: the figures of each can be told apart, with `by="who"`.

        Raises `InputError` where there is no such delivery, and `MergeError` where they do not assume the same.
        """
        found = self._asked(who, parse_period(period) if isinstance(period, str) else period, at)
        return self.sum(found, apart=apart)

    def sum(self, found: Sequence[Entry], *, apart: bool = False) -> Tallies:
        """Return the sum of deliveries of the same metrics, by whose they are and in order of time."""
        if len({each.metrics for each in found}) > 1:
            raise MergeError(
                "These deliveries are of different metrics",
                where=self.folder,
                got="; ".join(sorted({", ".join(each.metrics) for each in found})),
                remedy="keep a store for each record type, and tally the same metrics in each delivery",
            )
        return merge(self._sums(found, apart))

    def check(self) -> int:
        """Read the log and all it names; return how many tallies. Raises `InputError` for what is not as it was."""
        digests = sorted({each.tallies for each in self.log() if each.tallies})
        for digest in digests:
            _refuse_changed(self.place, _tally_of(digest), self.place.read(_tally_of(digest), WHAT))
        return len(digests)

    def _asked(self, who: str | Sequence[str], period: Period | None, at: Moment | None) -> list[Entry]:
        asked = (who,) if isinstance(who, str) else tuple(who)
        held = self.deliveries(at)
        found = [
            each
            for each in held
            if (not asked or each.who in asked) and (period is None or _within(parse_period(each.period), period))
        ]
        lacking = [name for name in asked if name not in {each.who for each in found}]
        if lacking or not found:
            raise InputError(
                "The store holds no such delivery",
                where=self.folder,
                got=", ".join([*lacking, *([period.label] if period else [])]) or "an empty store",
                allowed=sorted({each.who for each in held}),
                remedy="put one, or ask for another",
            )
        return found

    def _write(
        self,
        kind: Kind,
        tallies: Tallies,
        who: str,
        period: str,
        extract: str,
        source: Path | str | Source | None,
        note: str,
    ) -> Entry:
        content = stored.all_to_bytes(tallies.parts)
        delivery = Entry(
            kind=kind,
            who=_line("who", who),
            period=parse_period(period).label,
            extract=_line("extract", extract),
            source="" if source is None else _digest(source),
            tallies=digest_of(content),
            metrics=tuple(sorted(tallies.parts)),
            records=max((each.accounts.read for each in tallies.parts.values()), default=0),
            small=_small(tallies, self.warn_below),
            note=note,
        )
        # the tallies first: an entry never names what is not there
        if not self.place.has(_tally_of(delivery.tallies)):
            self.place.write(_tally_of(delivery.tallies), content)
        return self._log.append(lambda held: held.admit(delivery))

    def _sums(self, found: Sequence[Entry], apart: bool) -> Iterator[Tallies]:
        """Yield what each one's deliveries come to: of the years before the last one, and of the last."""
        for name, theirs in itertools.groupby(found, lambda each: each.who):
            by_year = itertools.groupby(theirs, lambda each: each.period[:4])
            years = [self._joined([_tally_of(each.tallies) for each in year]) for _, year in by_year]
            # a new month leaves the sum of the years before as it is, which is the large one
            for summed in [self._joined(years[:-1]), years[-1]] if years[1:] else years:
                yield _told_apart(self._load(summed), name) if apart else self._load(summed)

    def _load(self, name: str) -> Tallies:
        content = self.place.read(name, WHAT)
        if name.startswith(TALLIES):  # tallies of an older version have a digest in their file's name alone
            _refuse_changed(self.place, name, content)
        return Tallies(stored.all_from_bytes(content, f"{self.place}/{name}"))

    def _joined(self, parts: Sequence[str]) -> str:
        """Return the file of the sum of some files in their order, which is made once."""
        name = _sum_of(parts)
        if not self.place.has(name):
            # what came before may be there as a sum from the night before: a new month costs two files, not twelve
            before = _sum_of(parts[:-1])
            several = [before, parts[-1]] if self.place.has(before) else parts
            self.place.write(name, stored.all_to_bytes(merge(map(self._load, several)).parts))
        return name


def _tally_of(digest: str) -> str:
    return f"{TALLIES}/{digest}.tally"


def _sum_of(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    named = digest_of("\n".join(PurePosixPath(each).stem for each in parts).encode())
    return f"{JOINED}/{named}.tally"


def _digest(source: Path | str | Source) -> str:
    """Return a digest of a file, or of all that a source was read from; "" for data that are neither file nor query."""
    if not isinstance(source, Source):
        return digest_of(read_bytes(source, "source"))
    try:
        given = [each.delivery() for each in (source, *source.children.values())]
    except UsageError:
        return ""
    contents = sorted(content for each in given for _, content in (*each.files.values(), *each.queries.values()))
    return contents[0] if len(contents) == 1 else digest_of("\n".join(contents).encode())


def _line(what: str, text: str) -> str:
    refuse_personal(text, what)
    if not text.strip() or not text.isprintable():
        raise UsageError(
            "A change of a store says whose records it is about, of which extract, and why it replaces or withdraws",
            where=what,
            got="nothing" if not text.strip() else "a text with a line break or a control character",
            allowed="a text on one line",
        )
    return text.strip()


def _refuse_changed(place: Place, name: str, content: bytes) -> None:
    if digest_of(content) != PurePosixPath(name).stem:
        raise InputError(
            "A delivery's tally is not as it was put", where=f"{place}/{name}", remedy="bring the file back from a copy"
        )


def _within(period: Period, outer: Period) -> bool:
    return outer.first <= period.first and period.end <= outer.end


def _small(tallies: Tallies, least: int) -> int:
    return max((int((each.counted("rows") < least).sum()) for each in tallies.parts.values()), default=0)


def _told_apart(tallies: Tallies, who: str) -> Tallies:
    """Return tallies whose records are all of one more group, `who`."""
    parts = {}
    for name, tally in tallies.parts.items():
        if "who" in tally.assumed.groups:
            raise UsageError("The figures are told apart by a field called who already", where=name)
        assumed = attrs.evolve(tally.assumed, groups=(*tally.assumed.groups, "who"))
        parts[name] = attrs.evolve(tally, assumed=assumed, labels=tuple((*label, who) for label in tally.labels))
    return Tallies(parts)
