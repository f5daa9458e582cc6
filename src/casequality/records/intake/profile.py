"""What is in a table, column by column, in counts and never by a value: kinds, gaps, spread of dates, marks, keys."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, Self

import attrs
import numpy as np

from casequality.days import MISSING, Integers
from casequality.errors import InputError
from casequality.privacy import masked
from casequality.records.intake.cells import ArrayKeys, ArrowCells, Batch, Cells, Dialect, Keys, written
from casequality.records.intake.dates import FIRST, LAST, SUSPECTED
from casequality.records.intake.faults import TOTALS, looks_like_totals
from casequality.records.intake.readers import CPR, NONE_WORDS, LaidOut, RepeatedCells
from casequality.records.intake.ways import DISTINCT, MOST, Dates, Way, begun, marked, native, orders, texts_of, values

KEYS: Final = 2**22
"""Repeated keys are looked for in tables of so many rows at most."""
SAMPLE: Final = 2_000
"""By so many cells it is chosen in which ways a column may be read; all cells are then read in each of them."""
FEW: Final = 12
LAST_ROWS: Final = 5
BIRTH: Final = re.compile(r"f(ø|oe)d(t|sel)|birth|born|\bdob\b|fdato", re.IGNORECASE)
CPR_NAME: Final = re.compile(r"\bcpr|cpr\b|cprn|person(nr|nummer)|civil.?reg", re.IGNORECASE)
FLAGS: Final = (("ja", "nej"), ("j", "n"), ("yes", "no"), ("y", "n"), ("true", "false"), ("sand", "falsk"), ("1", "0"))
"""Pairs of words for yes and no, in small letters."""


@attrs.frozen(kw_only=True)
class ColumnProfile:
    """What is in one column. No part of it is a cell's value, but the days of its spread and its marks.

    place: from 1 on. name: None where it is not shown. kind: "text", "whole number", "number", "date",
    "date and time", "length of time", "flag", "blank", "other", or "registration number", of which nothing else is
    said. unreadable: cells that are not of the kind. distinct: None for more than `DISTINCT`; counts: the rows of each
    distinct value, most first, where these are few. first, last: of dates, without marks; None for dates of birth.
    marks: the rows in which a day of `SUSPECTED` or a word of `NONE_WORDS` stands, or a day that repeats out of
    proportion; heaviest: those of another value that does. repeats: the rows that repeat a key, None where the column
    would be none. flag: what means "yes" and "no" in it. labels: those asked for that occur. days, clock: how its days
    are written as text, and its times; orders: the cells that are days with the day first, and with the month first.
    decimal: the mark of its numbers, where they are text; marked: the cells that only a comma and only a point explain.
    naive: whether it has times without a zone.
    """

    place: int
    name: str | None
    kind: str
    rows: int
    blank: int = 0
    unreadable: int = 0
    distinct: int | None = 0
    counts: tuple[int, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    birth: bool = False
    marks: Mapping[str, int] = attrs.field(factory=dict)
    heaviest: int = 0
    repeats: int | None = None
    flag: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    labels: frozenset[str] = attrs.field(factory=frozenset, repr=False)
    days: str | None = None
    clock: str | None = None
    orders: tuple[int, int] = (0, 0)
    decimal: str | None = None
    marked: tuple[int, int] = (0, 0)
    naive: bool = False


@attrs.frozen(kw_only=True)
class TableProfile:
    """What is in a table: its rows, those of totals at its end apart, its columns, and how it is laid out.

    totals: how many rows of totals there are. told: what its reader says of rows, as "hidden row", and of how many.
    ragged: rows of another width than the others.
    """

    name: str
    laid_out: LaidOut = attrs.field(repr=False)
    rows: int
    columns: tuple[ColumnProfile, ...]
    totals: int
    ragged: int
    told: Mapping[str, int]


def profile(data: LaidOut, labels: Collection[str] = ()) -> TableProfile:
    """Return what is in a table, read once and a batch at a time; labels: those to look for among its values."""
    names = list(data.table.columns)
    columns = [
        _Column(at, name, data.table.dialect if hasattr(data.table, "dialect") else Dialect())
        for at, name in enumerate(data.names, start=1)
    ]
    told, rows, ragged, totals = Counter[str](), 0, 0, 0
    for whole, last in _marking_last(data.batches()):
        for (_, fault), found in whole.told.items():
            told[fault] += len(found)
        totals = _totals(whole, names) if last else 0
        batch = whole.part(0, whole.rows - totals)
        rows, ragged = rows + batch.rows, ragged + len(batch.ragged)
        for column, name in zip(columns, names, strict=True):
            column.add(batch.cells[name])
    told.pop(TOTALS, None)
    return TableProfile(
        name=masked(data.table.name if data.path is None else data.path.name),
        laid_out=data,
        rows=rows,
        columns=tuple(column.profile(labels) for column in columns),
        totals=totals,
        ragged=ragged,
        told=dict(told),
    )


def _marking_last(batches: Iterator[Batch]) -> Iterator[tuple[Batch, bool]]:
    before = next(batches, None)
    for batch in batches:
        assert before is not None
        yield before, False
        before = batch
    if before is not None:
        yield before, True


def _totals(batch: Batch, names: Sequence[str]) -> int:
    """Return how many rows at the end of a batch are totals by their first cell."""
    start = max(0, batch.rows - LAST_ROWS)
    columns = [_shown(batch.cells[name][start : batch.rows]) for name in names]
    found = 0
    for at in reversed(range(batch.rows - start)):
        if not looks_like_totals(column[at].strip() for column in columns):
            break
        found += 1
    return found


def _shown(cells: Cells) -> list[str]:
    """Return the texts of cells, to be compared and not shown; "?" for those that have none."""
    try:
        texts = cells.texts()
    except InputError:
        return ["?"] * len(cells)
    blank = np.zeros(len(cells), bool) if texts.blank is None else texts.blank
    return [
        "" if none else texts.distinct[at] for at, none in zip(texts.positions.tolist(), blank.tolist(), strict=True)
    ]


@attrs.frozen(eq=False, repr=False)
class _Hashes:
    """The keys of some rows: themselves where all are `whole` numbers, else the hashes of their texts."""

    values: Integers = attrs.field(repr=False)
    whole: bool

    @classmethod
    def of(cls, keys: Keys) -> Self:
        if isinstance(keys, ArrayKeys):
            found = np.delete(keys.array, keys.missing)
            if found.dtype != object:
                return cls(found, True)
            texts = list(map(str, found.tolist()))
        else:
            texts = list(filter(None, keys.array.to_pylist()))  # type: ignore[attr-defined]
        return cls(np.fromiter(map(hash, texts), np.int64, len(texts)), False)

    def as_texts(self) -> Integers:
        if not self.whole:
            return self.values
        return np.fromiter(map(hash, map(str, self.values.tolist())), np.int64, len(self.values))


@attrs.define(eq=False, repr=False)
class _Column:
    """A column that is being read: cells are kept until it can be chosen in which ways they may be read."""

    place: int
    name: str | None
    dialect: Dialect
    kept: list[Cells] | None = attrs.field(factory=list)
    native: str = "text"
    ways: list[Way] = attrs.field(factory=list)
    rows: int = 0
    gaps: int = 0
    lost: int = 0
    seen: Counter[str] | None = attrs.field(factory=Counter)
    keys: list[_Hashes] | None = attrs.field(factory=list)
    marked: tuple[int, int] = (0, 0)
    orders: tuple[int, int] = (0, 0)
    sample: set[str] = attrs.field(factory=set)

    def add(self, cells: Cells) -> None:
        """Count some cells."""
        self.rows += len(cells)
        if self.kept is None:
            self._read(cells)
        elif _is_blank(cells):
            self.gaps += len(cells)
        else:
            self.kept.append(cells)
            if sum(map(len, self.kept)) >= SAMPLE:
                self._begin()

    def _begin(self) -> None:
        kept, self.kept = self.kept or [], None
        self.native = native(kept[0]) if kept else "blank"
        found: list[Any] = []
        if self.native in ("text", "number"):
            found = [value for cells in kept for value, _ in values(cells[:SAMPLE])]
            if len(found) * 20 < SAMPLE:  # so few are filled
                found = [value for cells in kept for value, _ in values(cells)]
            self.sample = {written(value).strip() for value in found[:SAMPLE]} - {""}
            self.marked, self.orders = marked(found), orders(found)
        self.ways = begun(kept, self.dialect, found[:SAMPLE]) if kept else []
        if self.ways and all(way.kind != "whole number" for way in self.ways):
            self.keys = None
        for cells in kept:
            self._read(cells)

    def _read(self, cells: Cells) -> None:
        before = sum(way.read + way.bad for way in self.ways[:1])
        lost = int(np.count_nonzero(cells.lost[cells.positions])) if isinstance(cells, RepeatedCells) else 0
        self.lost += lost
        for way in self.ways:
            way.add(cells)
        keys = cells.keys() if self.native in ("text", "number") and (self.keys is not None or not self.ways) else None
        if self.ways:
            self.gaps += len(cells) - (self.ways[0].read + self.ways[0].bad - before)
        elif isinstance(cells, ArrowCells):
            self.gaps += cells.array.null_count if keys is None else len(keys.missing)
        elif keys is not None:
            self.gaps += len(keys.missing) - lost
        else:
            self.gaps += len(cells)
        if self.keys is not None:
            self._keep(keys)
        if self.seen is not None and self.native in ("text", "number", "flag"):
            for text, count in texts_of(cells):
                if (text := text.strip()) and not (self.native == "number" and text == "nan"):
                    self.seen[text] += count
        elif self.seen is not None and self.native == "length of time":
            spans = np.unique(cells.spans().values)
            self.seen.update(map(str, spans[spans != MISSING].tolist()))
        self.seen = self.seen if self.seen is not None and len(self.seen) <= DISTINCT else None

    def _keep(self, found: Keys | None) -> None:
        if found is None or self.keys is None:
            self.keys = None
            return
        hashed = _Hashes.of(found)
        self.keys.append(hashed)
        # a column in which keys repeat from the beginning is none
        begun = len(self.keys) == 1 and _distinct(hashed.values) < MOST * len(hashed.values)
        if begun or self.rows > KEYS:
            self.keys = None

    def profile(self, labels: Collection[str]) -> ColumnProfile:
        """Return what was found, once all cells were counted."""
        if self.kept is not None:
            self._begin()
        filled = self.rows - self.gaps
        plain = ColumnProfile(place=self.place, name=self.name, kind="text", rows=self.rows, blank=self.gaps)
        if not filled:
            return attrs.evolve(plain, kind="blank")
        if self._registers():
            return attrs.evolve(plain, kind="registration number", blank=0)
        seen = self.seen
        found = attrs.evolve(
            plain,
            unreadable=self.lost,
            distinct=None if seen is None else len(seen),
            repeats=self._repeats() if filled >= MOST * self.rows else None,
        )
        if self.native in ("flag", "other"):
            found = attrs.evolve(found, kind=self.native)
        fitting = [way for way in self.ways if way.read and way.read >= MOST * (filled - self.lost)]
        way = max(fitting, key=lambda each: (each.read, -_RANK[each.kind]), default=None)
        if isinstance(way, Dates):
            return self._of_dates(found, way)
        if way is not None:
            found = attrs.evolve(found, kind=way.kind, unreadable=filled - way.read)
            if way.kind in ("whole number", "number") and any(mark in text for text in self.sample for mark in ".,"):
                found = attrs.evolve(found, decimal=None if way.native else way.dialect.decimal, marked=self.marked)
        if seen is None or (way is not None and way.kind == "length of time" and way.native):
            return found if found.kind in ("text", "whole number") else attrs.evolve(found, repeats=None)
        return _of_values(found, seen, labels)

    def _registers(self) -> bool:
        """Return whether it is called, or looks like, one of civil registration numbers."""
        if self.name is not None and CPR_NAME.search(self.name):
            return True
        shapes = {text: CPR.fullmatch(text.zfill(10)) for text in self.sample if len(text) >= 9}
        met = [shape for shape in shapes.values() if shape]
        parted = any(shape["mark"] for shape in met)
        # numbers that count up also begin like days, but all alike
        apart = len({shape["date"] for shape in met}) * 2 > len(met)
        return len(met) * 2 > len(self.sample) and (parted or apart)

    def _repeats(self) -> int | None:
        if not self.keys:
            return None
        whole = all(keys.whole for keys in self.keys)
        keys = np.concatenate([keys.values if whole else keys.as_texts() for keys in self.keys])
        distinct = _distinct(keys)
        return len(keys) - distinct if distinct and distinct >= MOST * len(keys) else None

    def _of_dates(self, found: ColumnProfile, way: Dates) -> ColumnProfile:
        marks = {SUSPECTED[day]: rows for day, rows in sorted(way.days.items()) if rows and day in SUSPECTED}
        days = {day: rows for day, rows in way.days.items() if day not in SUSPECTED and FIRST <= day <= LAST}
        birth = bool(self.name and BIRTH.search(self.name)) or _lie_far_back(days)
        heaviest = _out_of_proportion(days.values(), way.read)
        if heaviest and not birth:
            day = max(days, key=lambda each: days[each])
            marks[_day(day).isoformat()] = days.pop(day)
        timed = way.clocks * 2 > way.read
        return attrs.evolve(
            found,
            kind="date and time" if timed else "date",
            unreadable=self.rows - self.gaps - way.read,
            distinct=len(way.distinct) if len(way.distinct) <= DISTINCT else None,
            repeats=None,
            first=_day(min(days)) if days and not birth else None,
            last=_day(max(days)) if days and not birth else None,
            birth=birth,
            marks={} if birth else marks,
            heaviest=heaviest if birth else 0,
            days=None if way.native or not way.by_text else way.dialect.day,
            clock=way.dialect.instant if way.by_text and timed and not way.native else None,
            orders=self.orders,
            naive=way.naive > 0,
        )


_RANK = {"whole number": 0, "number": 1, "date": 2, "length of time": 3}


def _day(number: int) -> dt.date:
    found: dt.date = np.datetime64(number, "D").item()
    return found


def _lie_far_back(days: Mapping[int, int]) -> bool:
    """Return whether half of the days lie 15 years or more before the last, as dates of birth do and cases do not."""
    before, half = 0, sum(days.values()) / 2
    for day in sorted(days):
        before += days[day]
        if before >= half:
            return max(days) - day >= 15 * 365
    return False


def _out_of_proportion(counts: Collection[int], filled: int) -> int:
    """Return the rows of the commonest of many values where they are a fiftieth, and ten times those of the next."""
    most = sorted(counts)[-2:]
    return most[1] if len(counts) > 20 and most[1] * 50 >= filled and most[1] >= 10 * most[0] else 0


def _of_values(found: ColumnProfile, seen: Counter[str], labels: Collection[str]) -> ColumnProfile:
    """Return what the distinct values add: marks, counts, whether they say yes and no, and labels that occur."""
    words = Counter[str]()
    for text, rows in seen.items():
        if text.casefold() in NONE_WORDS:
            words[text.casefold()] += rows
    spelled = {text: text.casefold() for text in seen if text.casefold() not in NONE_WORDS}
    pair = next((pair for pair in FLAGS if {*spelled.values()} == {*pair}), None)
    if pair is None and found.kind == "text":
        pair = next((pair for pair in FLAGS if spelled and {*spelled.values()} <= {*pair}), None)
    kind = "flag" if pair else found.kind
    few = len(seen) <= FEW and kind in ("text", "flag", "whole number") and found.repeats is None
    return attrs.evolve(
        found,
        kind=kind,
        counts=tuple(sorted(seen.values(), reverse=True)) if few else (),
        marks=dict(words),
        heaviest=_out_of_proportion(seen.values(), seen.total()),
        repeats=found.repeats if kind in ("text", "whole number") else None,
        flag={text: "yes" if word == pair[0] else "no" for text, word in spelled.items()} if pair else {},
        labels=frozenset(seen.keys() & set(labels)),
    )


def _distinct(numbers: Integers) -> int:
    rising = np.sort(numbers)
    return int(np.count_nonzero(rising[1:] != rising[:-1])) + (len(rising) > 0)


def _is_blank(cells: Cells) -> bool:
    kind = native(cells)
    if kind == "text":
        return not any(not isinstance(value, str) or value.strip() for value, _ in values(cells))
    return kind == "blank" or (isinstance(cells, ArrowCells) and cells.array.null_count == len(cells))
