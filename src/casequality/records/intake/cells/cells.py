"""The cells of one source column, whichever library holds them, as the few forms that fields and keys are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, Protocol

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask
from casequality.records.intake.cells.dialect import DAY, Dialect, time_texts

LARGEST_KEY = 2**63 - 1


@attrs.frozen
class KeyOrder:
    """Whether the keys of some rows rise strictly, and their first and last; None and None for no rows.

    A key may name a citizen, so none is shown.
    """

    first: int | str | None = attrs.field(default=None, repr=False)
    last: int | str | None = attrs.field(default=None, repr=False)
    increasing: bool = True

    def __add__(self, following: KeyOrder) -> KeyOrder:
        """Return the order of these rows and the following ones."""
        if self.first is None or self.last is None:
            return following
        if following.first is None:
            return self
        rising = type(self.last) is type(following.first) and self.last < following.first  # type: ignore[operator]
        return KeyOrder(self.first, following.last, self.increasing and following.increasing and rising)

    @staticmethod
    def joined(orders: Iterable[KeyOrder]) -> bool:
        """Return whether keys rise through all blocks, given in the order of parts and blocks."""
        return sum(orders, KeyOrder()).increasing


def key_value(text: str) -> int | str:
    """Return a key written as text: the whole number that it is the plain way of writing, else the text.

    >>> key_value("12"), key_value("-3"), key_value("012"), key_value("A-12")
    (12, -3, '012', 'A-12')
    """
    # int64 has no number of more characters but its least, which is `MISSING`
    if len(text) <= 19 and text.removeprefix("-").isdecimal():
        number = int(text)
        if number <= LARGEST_KEY and str(number) == text:
            return number
    return text


class Keys(Protocol):
    """The keys of a block's rows: each a whole number or a text."""

    def __len__(self) -> int: ...

    @property
    def missing(self) -> npt.NDArray[np.intp]:
        """The positions of rows without a key."""
        ...

    def order(self) -> KeyOrder:
        """Return whether they rise; asked of rows that all have a key."""
        ...

    def values(self) -> npt.NDArray[Any]:
        """Return the keys as int64 where all are numbers, else as objects."""
        ...

    def __getitem__(self, rows: Mask) -> Keys:
        """Return the keys of the chosen rows."""
        ...


@attrs.frozen(eq=False, repr=False)
class ArrayKeys:
    """Keys held in an array: int64, or objects where some are texts."""

    array: npt.NDArray[Any] = attrs.field(repr=False)
    missing: npt.NDArray[np.intp]

    @classmethod
    def of(cls, keys: Iterable[int | str | None]) -> ArrayKeys:
        """Return keys of which some may be written as text."""
        found = [key_value(key) if isinstance(key, str) else key for key in keys]
        missing = np.array([row for row, key in enumerate(found) if key is None], np.intp)
        if not any(isinstance(key, str) for key in found):
            return cls(np.array([MISSING if key is None else key for key in found], np.int64), missing)
        array = np.empty(len(found), object)
        array[:] = found
        return cls(array, missing)

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, rows: Mask) -> ArrayKeys:
        return ArrayKeys(self.array[rows], np.flatnonzero(np.isin(np.flatnonzero(rows), self.missing)))

    def values(self) -> npt.NDArray[Any]:
        return self.array

    def order(self) -> KeyOrder:
        if not len(self.array):
            return KeyOrder()
        first, last = self.array[[0, -1]].tolist()
        try:
            return KeyOrder(first, last, bool((self.array[1:] > self.array[:-1]).all()))
        except TypeError:
            return KeyOrder(first, last, increasing=False)


@attrs.frozen(eq=False, repr=False, slots=False)
class KeyIndex:
    """Distinct keys in rising order, and where in it another array's keys are."""

    keys: npt.NDArray[Any] = attrs.field(repr=False)

    @classmethod
    def of(cls, columns: Sequence[npt.NDArray[Any]]) -> KeyIndex:
        """Return the index of all these keys, by their texts where one column holds texts."""
        if all(column.dtype != object for column in columns):
            joined = np.concatenate([np.empty(0, np.int64), *columns])
            # children mostly come in runs of one parent; what is left without these is often in order already
            met = joined[np.append(joined[:-1] != joined[1:], True)[: len(joined)]]
            return cls(met if (met[:-1] < met[1:]).all() else np.unique(met))
        return cls(np.array(sorted({str(key) for column in columns for key in column.tolist()}), object))

    def find(self, keys: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
        """Return the place of each key, -1 where it has none."""
        if self.keys.dtype == object or keys.dtype == object:
            return np.array([-1 if key is None else self._places.get(str(key), -1) for key in keys.tolist()], np.intp)
        if not len(self.keys):
            return np.full(len(keys), -1, np.intp)
        first = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
        once = keys[first]
        places: npt.NDArray[np.intp] = np.minimum(np.searchsorted(self.keys, once), len(self.keys) - 1)
        places[self.keys[places] != once] = -1
        return places if len(once) == len(keys) else places[np.cumsum(first) - 1]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {str(key): place for place, key in enumerate(self.keys.tolist())}


Positions = npt.NDArray[np.intp]
Rows = Positions | slice
"""Some rows, in rising order; a slice of them costs nothing."""

NONE: Positions = np.empty(0, np.intp)

INFINITE = 2**62
"""The day or microsecond that stands for infinity, as databases write it for a date that never comes."""


def bounded(ticks: int) -> int:
    """Return days or microseconds since 1970, or what is as far off as can be told where they are more."""
    return min(max(ticks, 1 - INFINITE), INFINITE - 1)


AROUND: Final = "".join(
    map(
        chr,
        (
            *(*range(33), *range(0x7F, 0xA1), 0xAD, 0x61C, 0x1680, *range(0x2000, 0x2010), *range(0x2028, 0x2030)),
            *(*range(0x205F, 0x2070), 0x3000, 0xFEFF),
        ),
    )
)
"""Blanks of every script, and signs that no tool shows: marks of direction, joining and byte order, controls."""


def trimmed(text: str) -> str:
    """Return a text without the blanks, and the signs that nobody sees, about it.

    >>> trimmed("\u200e A1 \ufeff")
    'A1'
    """
    found = text.strip()
    return found if found.isprintable() else found.strip(AROUND)


@attrs.frozen(eq=False, repr=False)
class Times:
    """Days, or times in microseconds: on the wall where `aware` is false, in UTC where it is true.

    `ticks` (rows,) holds `MISSING` for none; `only_day` marks the times of which the source gave the day alone;
    `bad` are the positions of cells that are no time at all (their ticks are `MISSING`), `unknown` marks those
    that the source knows to be unknown. `clock` is the zone that a whole column declares beside its times in UTC.
    Infinity is `INFINITE` in either unit, or less than nothing; no tick lies beyond it.
    """

    ticks: Integers
    days: bool
    aware: bool | Mask = False
    only_day: bool | Mask = False
    bad: Positions = NONE
    unknown: Mask | None = None
    clock: str | None = None


@attrs.frozen(eq=False, repr=False)
class Numbers:
    """Whole numbers (rows,), `MISSING` for none, and the positions of cells that are no such number."""

    values: Integers
    bad: Positions = NONE


@attrs.frozen(eq=False, repr=False)
class Texts:
    """Texts by their position among the `distinct` ones; `blank` marks the rows without, None for no row.

    `bad` are the positions of the rows whose text nobody can tell; they hold a blank one.
    """

    distinct: Sequence[str] = attrs.field(repr=False)
    positions: npt.NDArray[np.integer]
    blank: Mask | None = None
    bad: Positions = NONE


class Cells(Protocol):
    """A source column: read in the form that a field asks for, or refused as a whole with `InputError`."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: Rows) -> Cells:
        """Return the cells of the chosen rows."""
        ...

    def times(self) -> Times:
        """Return days or times."""
        ...

    def numbers(self, decimals: int) -> Numbers:
        """Return numbers in units of the last of so many decimals."""
        ...

    def spans(self) -> Numbers:
        """Return lengths of time in microseconds; bare numbers are seconds."""
        ...

    def texts(self) -> Texts:
        """Return labels."""
        ...

    def keys(self) -> Keys:
        """Return keys."""
        ...


def scatter(values: Integers, positions: npt.NDArray[np.integer], blank: Mask | None) -> Integers:
    """Return `values` at each of `positions`, `MISSING` where blank."""
    if not len(values):
        return np.full(len(positions), MISSING)
    found = np.take(values, positions, mode="clip")
    if blank is not None:
        found[blank] = MISSING
    return found


@attrs.frozen(eq=False, repr=False)
class DayAndClock:
    """Times of which one column has the day and another the time of day, as the dialect writes it or as h:mm:ss.

    after: times before which these cannot lie, so that a clock which is earlier on their day is that of the next one.
    """

    day: Cells
    clock: Cells
    dialect: Dialect
    after: DayAndClock | None = None

    def times(self) -> Times:
        """Return times on the wall; a clock without a day is none, and neither is a day that has a time of its own."""
        days = self.day.times()
        midnight = _midnights(days)
        dated, near = midnight != MISSING, abs(midnight // DAY) < INFINITE // (2 * DAY)
        clock, aware, unread, blank = self._clocks()
        bad = unread | (~dated & ~blank) | (dated & near & (midnight % DAY != 0))
        bad[days.bad] = True
        timed = dated & near & ~blank & ~bad
        ticks = np.where(timed, midnight + clock, np.where(bad, MISSING, midnight))
        if self.after is not None:
            before = self.after.times().ticks
            late = timed & (before != MISSING) & (ticks < before) & (ticks + DAY >= before)
            ticks = np.where(late, ticks + DAY, ticks)
        return Times(ticks, days=False, aware=aware & timed, only_day=dated & blank, bad=np.flatnonzero(bad))

    def _clocks(self) -> tuple[Integers, Mask, Mask, Mask]:
        """Return microseconds since midnight, whether they are UTC, and which are no clock or blank."""
        texts, read = self.clock.texts(), time_texts(self.dialect).clock
        found = [read(trimmed(text)) for text in texts.distinct]
        blank = self._spread([not trimmed(text) for text in texts.distinct], texts)
        blank |= False if texts.blank is None else texts.blank
        unread = self._spread([one is None for one in found], texts) & ~blank
        aware = self._spread([one is not None and one[1] for one in found], texts)
        ticks = scatter(np.array([one[0] if one else 0 for one in found], np.int64), texts.positions, None)
        unread[texts.bad] = True
        return ticks, aware, unread, blank & ~unread

    def _spread(self, marks: list[bool], texts: Texts) -> Mask:
        return np.take(np.array(marks or [True], bool), texts.positions, mode="clip")


def _midnights(days: Times) -> Integers:
    """Return days as microseconds; infinity stays as it is, and what would not fit is as far off as can be told."""
    if not days.days:
        return days.ticks
    furthest = INFINITE // DAY - 1
    near = np.clip(days.ticks, -furthest, furthest) * DAY
    return np.where((abs(days.ticks) == INFINITE) | (days.ticks == MISSING), days.ticks, near)


@attrs.frozen
class Clock:
    """The columns of a field's day and clock, and of the field that it follows."""

    day: str
    clock: str
    after: Clock | None = None

    @property
    def columns(self) -> list[str]:
        """All of them."""
        return [self.day, self.clock, *(self.after.columns if self.after else ())]

    def cells(self, cells: Mapping[str, Cells], dialect: Dialect) -> DayAndClock:
        """Return the times that they make together."""
        after = None if self.after is None else self.after.cells(cells, dialect)
        return DayAndClock(cells[self.day], cells[self.clock], dialect, after)
