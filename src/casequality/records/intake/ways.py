"""In which ways the cells of a column may be read, and how many of them each way explains."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import attrs
import numpy as np

from casequality.days import MISSING
from casequality.records.intake.cells import (
    DAY,
    ArrowCells,
    Cells,
    Dialect,
    ObjectCells,
    TextCells,
    arrow,
    is_text,
)
from casequality.records.intake.dates import FIRST, LAST, SUSPECTED
from casequality.records.intake.readers import DATE, NUMBER, RepeatedCells

DISTINCT: Final = 10_000
"""Distinct values are counted up to so many."""
MOST: Final = 0.9
"""Of the cells that are not blank, such a share must be readable in a way for it to be the column's kind."""

BY_MARK: Final = {
    mark: re.compile(rf"[+-]?([1-9]\d{{0,2}}({re.escape(other)}\d{{3}})+|\d+)({re.escape(mark)}\d+)?", re.ASCII)
    for mark, other in ((",", "."), (".", ","))
}
"""What numbers look like by their decimal mark; the other one may set thousands apart."""


def native(cells: Cells) -> str:
    """Return what the cells of a column are by their type: "text" for those that are told only by what they say."""
    if not isinstance(cells, ArrowCells):
        return "text"
    types, kind = arrow().types, cells.array.type
    if types.is_boolean(kind):
        return "flag"
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return "number"
    if types.is_date(kind) or types.is_timestamp(kind):
        return "date"
    if types.is_duration(kind) or types.is_time(kind):
        return "length of time"
    if types.is_null(kind):
        return "blank"
    return "text" if is_text(kind) or types.is_dictionary(kind) else "other"


def read_by(cells: Cells, dialect: Dialect) -> Cells:
    """Return the same cells, read by another dialect."""
    if isinstance(cells, RepeatedCells):
        return attrs.evolve(cells, distinct=attrs.evolve(cells.distinct, dialect=dialect))
    return attrs.evolve(cells, dialect=dialect) if isinstance(cells, (ArrowCells, ObjectCells, TextCells)) else cells


@attrs.define(eq=False, repr=False)
class Way:
    """A way to read the cells of a column; `read` and `bad` count those that are so and those that are not."""

    kind: str
    dialect: Dialect
    native: bool
    read: int = 0
    bad: int = 0

    def anew(self) -> Way:
        """Return the same way with nothing counted."""
        return Way(self.kind, self.dialect, self.native)

    def add(self, cells: Cells) -> None:
        """Count some cells."""
        read, bad = self.counted(read_by(cells, self.dialect))
        self.read, self.bad = self.read + read, self.bad + bad

    def counted(self, cells: Cells) -> tuple[int, int]:
        """Return how many cells are so, and how many are neither so nor blank."""
        if self.kind == "whole number" or (self.kind == "number" and self.native):
            found = cells.numbers(0)
        else:
            found = cells.spans()
        read, bad = int(np.count_nonzero(found.values != MISSING)), len(found.bad)
        if self.kind == "number" and bad:
            # one that is not whole, or is too long to be a number of seconds, is a number all the same
            more = bad if self.native else _like_numbers(cells[found.bad], self.dialect.decimal)
            return read + more, bad - more
        return read, bad


@attrs.define(eq=False)
class Dates(Way):
    """Days and times: how many of each day there are, in the source's own clock, and of how many the time is told."""

    by_text: bool = True
    days: Counter[int] = attrs.field(factory=Counter)
    distinct: set[int] = attrs.field(factory=set)
    clocks: int = 0
    naive: int = 0

    def anew(self) -> Dates:
        return Dates(self.kind, self.dialect, self.native, by_text=self.by_text)

    def counted(self, cells: Cells) -> tuple[int, int]:
        times = cells.times()
        known = times.ticks != MISSING
        ticks = times.ticks[known]
        days = ticks if times.days else ticks // DAY
        within = days[(days >= FIRST) & (days <= LAST)] - FIRST
        counts = np.bincount(within)
        for day in np.flatnonzero(counts).tolist():
            self.days[day + FIRST] += int(counts[day])
        if len(within) < len(days):
            for day in SUSPECTED.keys() - range(FIRST, LAST + 1):
                self.days[day] += int(np.count_nonzero(days == day))
        if len(self.distinct) <= DISTINCT:
            self.distinct.update(set(ticks.tolist()))
        if not times.days:
            clock = ticks % DAY != 0 if self.native else ~np.broadcast_to(times.only_day, known.shape)[known]
            self.clocks += int(np.count_nonzero(clock))
            self.naive += int(np.count_nonzero(clock & ~np.broadcast_to(times.aware, known.shape)[known]))
        return len(ticks), len(times.bad)


def _like_numbers(cells: Cells, mark: str) -> int:
    shape, found = BY_MARK[mark], 0
    for value, rows in values(cells):
        if isinstance(value, str):
            found += rows if shape.fullmatch(value.strip()) else 0
        elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            found += rows
    return found


def values(cells: Cells) -> Iterator[tuple[Any, int]]:
    """Yield the values of cells that are told by what they say, those that are none apart, each with its rows."""
    if isinstance(cells, RepeatedCells):
        counts = np.bincount(cells.positions, minlength=len(cells.distinct)).tolist()
        yield from (
            ("?!" if lost else value, count)
            for value, count, lost in zip(cells.distinct.values, counts, cells.lost.tolist(), strict=True)
            if value is not None or lost
        )
    elif isinstance(cells, ObjectCells):
        yield from ((value, 1) for value in cells.values if value is not None)
    else:
        yield from texts_of(cells)


def texts_of(cells: Cells) -> Iterator[tuple[str, int]]:
    """Yield the texts of cells, those that are none apart, each with its rows; one may come several times."""
    texts = cells.texts()
    positions = texts.positions if texts.blank is None else texts.positions[~texts.blank]
    counts = np.bincount(positions, minlength=len(texts.distinct)).tolist()
    yield from ((text, count) for text, count in zip(texts.distinct, counts, strict=False) if count)


def begun(kept: Sequence[Cells], dialect: Dialect, sample: Sequence[Any]) -> list[Way]:
    """Return the ways that explain the first cells of a column nearly as well as the best does."""
    kind = native(kept[0])
    if kind == "text":
        tried = [(way, _read_in(way, sample)) for way in _by_shape(sample, dialect)]
        best = max((read for _, read in tried), default=0)
        return [way for way, read in tried if read and read >= MOST * best]
    if kind == "date":
        return [Dates("date", dialect, native=True)]
    if kind == "number":
        return [Way(each, dialect, native=True) for each in ("whole number", "number")]
    return [Way(kind, dialect, native=True)] if kind == "length of time" else []


def _read_in(way: Way, sample: Sequence[Any]) -> int:
    tried = way.anew()
    tried.add(ObjectCells(list(sample), way.dialect))
    return tried.read


def _by_shape(sample: Sequence[Any], dialect: Dialect) -> list[Way]:
    """Return the ways in which half of some cells might be read, by their shapes alone."""
    texts = [value.strip() for value in sample if isinstance(value, str) and value.strip()]
    filled = len(texts) + sum(not isinstance(value, str) for value in sample)
    numbers = sum(isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) for value in sample)
    days = sum(isinstance(value, dt.date) for value in sample)
    spans = sum(isinstance(value, (dt.timedelta, dt.time)) for value in sample)
    like_numbers = [text for text in texts if NUMBER.fullmatch(text) and not text.endswith("%")]
    found: list[Way] = []
    dialects = list(_date_dialects(texts, dialect, filled))
    solid = any(each.day == SOLID for each in dialects)
    if filled and not solid and (numbers + len(like_numbers)) * 2 >= filled:
        marks = ".," if any("." in text or "," in text for text in like_numbers) else dialect.decimal
        found += [
            Way(kind, attrs.evolve(dialect, decimal=mark), native=False)
            for mark in marks
            for kind in ("whole number", "number")
        ]
    if days and not dialects:
        dialects = [dialect]
    found += [Dates("date", each, native=False, by_text=bool(texts)) for each in dialects]
    if filled and (spans + sum(bool(_LONG_CLOCK.fullmatch(text)) for text in texts)) * 2 >= filled:
        found.append(Way("length of time", dialect, native=False))
    return found


_LONG_CLOCK = re.compile(r"-?(\d+ days? )?\d+:[0-5]\d:[0-5]\d([.,]\d+)?", re.ASCII)
SOLID: Final = "yyyymmdd"
_SOLID = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", re.ASCII)


def _date_dialects(texts: Sequence[str], dialect: Dialect, filled: int) -> Iterator[Dialect]:
    """Yield how the days and times of some texts may be written: with the year first, or the day, or the month."""
    if texts and sum(bool(_SOLID.fullmatch(text)) for text in texts) * 100 >= 95 * filled:
        yield attrs.evolve(dialect, day=SOLID, instant=f"{SOLID} HH:MM:SS")
    shapes = [shape for text in texts if (shape := DATE.fullmatch(text))]
    groups: dict[tuple[str, bool], list[re.Match[str]]] = {}
    for shape in shapes:
        if len(shape["a"]) == 4 or len(shape["c"]) == 4:
            groups.setdefault((shape["mark"], len(shape["a"]) == 4), []).append(shape)
    for (mark, year_first), met in groups.items():
        if len(met) * 4 < filled:
            continue
        short = any(len(shape[part]) == 1 for shape in met for part in ("b", "c" if year_first else "a"))
        d, m = ("d", "m") if short else ("dd", "mm")
        clocks = [shape for shape in met if shape["hour"]]
        hour = "H" if any(len(shape["hour"]) == 1 for shape in clocks) else "HH"
        colon = clocks[0]["colon"] if clocks else ":"
        for parts in [("yyyy", m, d)] if year_first else [(d, m, "yyyy"), (m, d, "yyyy")]:
            day = mark.join(parts)
            yield attrs.evolve(dialect, day=day, instant=f"{day} {hour}{colon}MM{colon}SS")


def marked(sample: Sequence[Any]) -> tuple[int, int]:
    """Return how many texts are numbers with a decimal comma alone, and with a decimal point alone."""
    comma, point = 0, 0
    for text in (value.strip() for value in sample if isinstance(value, str)):
        by_comma, by_point = (bool(BY_MARK[mark].fullmatch(text)) for mark in ",.")
        comma, point = comma + (by_comma and not by_point), point + (by_point and not by_comma)
    return comma, point


def orders(sample: Sequence[Any]) -> tuple[int, int]:
    """Return how many texts are days whose first part, and whose second, is above 12 and so no month."""
    shapes = [shape for value in sample if isinstance(value, str) and (shape := DATE.fullmatch(value.strip()))]
    met = [(int(shape["a"]), int(shape["b"])) for shape in shapes if len(shape["c"]) == 4]
    return sum(first > 12 for first, _ in met), sum(second > 12 for _, second in met)
