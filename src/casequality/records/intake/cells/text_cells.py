"""Cells that are text, parsed once a distinct text, and cells that are Python values, as in mappings and workbooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cached_property, wraps
from itertools import repeat
from operator import is_
from typing import Any, Concatenate, ParamSpec, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask
from casequality.records.intake.cells.cells import (
    NONE,
    ArrayKeys,
    Numbers,
    Positions,
    Rows,
    Texts,
    Times,
    scatter,
    trimmed,
)
from casequality.records.intake.cells.dialect import (
    DAY,
    EPOCH,
    LARGEST,
    LONGEST,
    SECOND,
    Dialect,
    NumberStyle,
    TimeRead,
    as_microseconds,
    read_number,
    read_span,
    time_texts,
)
from casequality.records.intake.cells.python_values import (
    MICROSECOND,
    PLAIN,
    TEXT,
    Far,
    all_plain,
    has_no_text,
    kept,
    written,
)
from casequality.records.intake.cells.shapes import FEW, ManyTexts, read_numbers, read_spans, read_times, whole_numbers
from casequality.records.intake.cells.tables import own_code

SAMPLE = 256
P = ParamSpec("P")
T = TypeVar("T")


@attrs.frozen(eq=False, repr=False)
class TextCells:
    """A column of texts: those to read, and the position of each row's text among them.

    Where few texts are distinct each is there once; otherwise they are simply those of the rows. `lost` are the places
    of texts that hold bytes which are none in their encoding.
    """

    distinct: Sequence[str] = attrs.field(repr=False)
    positions: npt.NDArray[np.integer]
    blank: Mask | None
    dialect: Dialect
    lost: Collection[int] = ()

    @classmethod
    def of(cls, texts: Sequence[str], dialect: Dialect) -> TextCells:
        """Return the cells of these texts."""
        sample = texts[:SAMPLE]
        # a column whose first rows hardly repeat is not worth a dictionary
        if len(set(sample)) * 2 > len(sample):
            return cls(texts, np.arange(len(texts)), None, dialect)
        position = {text: index for index, text in enumerate(dict.fromkeys(texts))}
        return cls(list(position), np.fromiter(map(position.__getitem__, texts), np.intp, len(texts)), None, dialect)

    def __len__(self) -> int:
        return len(self.positions)

    def __getitem__(self, rows: Rows) -> TextCells:
        met, positions = np.unique(self.positions[rows], return_inverse=True)
        distinct = [self.distinct[place] for place in met.tolist()] if len(self.distinct) else self.distinct
        lost = np.flatnonzero(np.isin(met, list(self.lost))).tolist() if self.lost else ()
        return TextCells(distinct, positions, None if self.blank is None else self.blank[rows], self.dialect, lost)

    def texts(self) -> Texts:
        if not self.lost:
            return Texts(self.distinct, self.positions, self.blank)
        told = ["" if place in self.lost else text for place, text in enumerate(self.distinct)]
        return Texts(told, self.positions, self.blank, np.flatnonzero(np.isin(self.positions, list(self.lost))))

    def keys(self) -> ArrayKeys:
        names = [None if place in self.lost else trimmed(text) or None for place, text in enumerate(self.distinct)]
        names = names or [None]  # where all are blank there need be no text
        found = [names[position] for position in self.positions.tolist()]
        if self.blank is not None:
            found = [None if blank else key for key, blank in zip(found, self.blank.tolist(), strict=True)]
        return ArrayKeys.of(found)

    def times(self) -> Times:
        found = read_times(self.distinct, self.dialect)
        return Times(
            scatter(found.ticks, self.positions, self.blank),
            days=False,
            aware=self._spread(found.aware),
            only_day=self._spread(found.only_day),
            bad=np.flatnonzero(self._spread(found.failed)),
        )

    def numbers(self, decimals: int) -> Numbers:
        return self._numbers(*read_numbers(self.distinct, decimals, self.dialect.numbers))

    def spans(self) -> Numbers:
        return self._numbers(*read_spans(self.distinct, self.dialect.numbers))

    def _numbers(self, values: Integers, failed: Mask) -> Numbers:
        return Numbers(scatter(values, self.positions, self.blank), np.flatnonzero(self._spread(failed)))

    def _spread(self, marks: Mask) -> bool | Mask:
        """Return which rows have one of the marked texts; False for none."""
        if not marks.any():
            return False
        found: Mask = marks[self.positions]
        return found if self.blank is None else found & ~self.blank


def _own_code(reader: Callable[Concatenate[ObjectCells, P], T]) -> Callable[Concatenate[ObjectCells, P], T]:
    """Return a reader of values, which may run code of their own: a text, a comparison, the offset of a zone."""

    @wraps(reader)
    def guarded(self: ObjectCells, /, *given: P.args, **named: P.kwargs) -> T:
        with own_code(self.where):
            return reader(self, *given, **named)

    return guarded


def _all_plain(values: Iterable[object]) -> list[object]:
    with own_code():
        return all_plain(values)


@attrs.frozen(eq=False, repr=False, slots=False)
class ObjectCells:
    """A column of Python values; texts among them are read by the dialect, many values of one kind together.

    where: the source and the column, for what values raise themselves.
    """

    values: list[object] = attrs.field(converter=_all_plain, repr=False)
    dialect: Dialect
    where: str | None = None

    def __len__(self) -> int:
        return len(self.values)

    def __reduce__(self) -> tuple[Any, ...]:
        with own_code(self.where):
            return ObjectCells, (kept(self.values), self.dialect, self.where)

    def __getitem__(self, rows: Rows) -> ObjectCells:
        chosen = self.values[rows] if isinstance(rows, slice) else [self.values[row] for row in rows.tolist()]
        return ObjectCells(chosen, self.dialect, self.where)

    @cached_property
    def _kind(self) -> type | None:
        """The one kind that many values have, those that are None apart; None where they are few or of several."""
        kinds = self._kinds - {type(None)}
        return next(iter(kinds)) if len(kinds) == 1 and len(self) >= FEW else None

    @cached_property
    def _kinds(self) -> set[type]:
        return set(map(type, self.values))

    @property
    def _each(self) -> list[Any]:
        return self.values

    @cached_property
    def _blank(self) -> Mask:
        if type(None) not in self._kinds:
            return np.zeros(len(self), bool)
        return np.fromiter(map(is_, self.values, repeat(None)), bool, len(self))

    @cached_property
    def _known(self) -> list[Any]:
        return [value for value in self.values if value is not None] if self._blank.any() else self.values

    @cached_property
    def _untold(self) -> Positions:
        """The rows with a value that has no text."""
        # one look at all texts takes a tenth of a look at each
        if self._kinds <= PLAIN or (self._kinds <= TEXT and not has_no_text("".join(filter(None, self._each)))):
            return NONE
        return np.flatnonzero(np.fromiter(map(has_no_text, self.values), bool, len(self)))

    def _told(self) -> ObjectCells:
        """Return the same with a blank where a value has no text."""
        untold = set(self._untold.tolist())
        told = [None if row in untold else value for row, value in enumerate(self.values)]
        return ObjectCells(told, self.dialect, self.where)

    @_own_code
    def texts(self) -> Texts:
        if len(self._untold):
            return attrs.evolve(self._told().texts(), bad=self._untold)
        if self._kind in (int, bool):
            label = {None: ""} | {value: written(value) for value in set(self._known)}
            return TextCells.of([label[value] for value in self.values], self.dialect).texts()
        return self._written().texts()

    @_own_code
    def keys(self) -> ArrayKeys:
        if len(self._untold):
            return self._told().keys()
        if self._kind is int and not self._blank.any() and (numbers := _whole(self._known)) is not None:
            return ArrayKeys(numbers, NONE)
        if self._kind is str and not self._blank.any():
            numbers = whole_numbers(ManyTexts.of(self._known))
            if numbers is not None:
                return ArrayKeys(numbers, NONE)
        return ArrayKeys.of(None if value is None else trimmed(written(value)) or None for value in self.values)

    @_own_code
    def times(self) -> Times:
        if self._kind is str:
            return self._written().times()
        if self._kind is dt.date:
            days = np.fromiter(map(dt.date.toordinal, self._known), np.int64, len(self._known))
            return Times(self._spread((days - EPOCH) * DAY), days=False, only_day=~self._blank)
        if self._kind is dt.datetime and len({moment.tzinfo is None for moment in self._known}) == 1:
            aware = self._known[0].tzinfo is not None
            start = dt.datetime(1970, 1, 1, tzinfo=dt.UTC if aware else None)
            with suppress(TypeError):  # a zone may say of a time that it has no offset
                ticks = [(moment - start) // MICROSECOND for moment in self._known]
                return Times(self._spread(np.array(ticks, np.int64)), days=False, aware=aware)
        return self._each_time()

    def _each_time(self) -> Times:
        blank: TimeRead = (MISSING, False, False)
        read = [blank if value is None else self._time(value) for value in self.values]
        ticks, aware, only_day = zip(*(one or blank for one in read), strict=True) if read else ((), (), ())
        return Times(
            np.array(ticks, np.int64),
            days=False,
            aware=np.array(aware, bool),
            only_day=np.array(only_day, bool),
            bad=_failed(read),
        )

    @_own_code
    def numbers(self, decimals: int) -> Numbers:
        if self._kind is str:
            return self._written().numbers(decimals)
        if self._kind is int and (whole := _whole(self._known)) is not None:
            return self._checked(whole, 10**decimals)
        if self._kind is float:
            floats = np.array(self._known)
            with np.errstate(over="ignore"):  # what overflows is not below it
                units = np.rint(floats * 10**decimals)
            if (abs(units) < EXACT).all() and (units / 10**decimals == floats).all():
                return Numbers(self._spread(units.astype(np.int64)))
        if self._kind is Decimal:
            texts = list(map(str, self._known))
            if not any("E" in text for text in texts):
                values, failed = read_numbers(texts, decimals, NumberStyle())
                return Numbers(self._spread(values), np.flatnonzero(~self._blank)[failed])
        return self._numbers(lambda value: _number(value, decimals, self.dialect))

    @_own_code
    def spans(self) -> Numbers:
        if self._kind is str:
            return self._written().spans()
        if self._kind is int and (whole := _whole(self._known)) is not None:
            return self._checked(whole, SECOND)
        return self._numbers(lambda value: _span(value, self.dialect))

    def _written(self) -> TextCells:
        if self._kind is str:
            texts = [value or "" for value in self._each] if self._blank.any() else self._each
            return TextCells.of(texts, self.dialect)
        return TextCells.of(["" if value is None else written(value) for value in self.values], self.dialect)

    def _spread(self, known: Integers) -> Integers:
        """Return a number for each row, `MISSING` for those that are None."""
        if len(known) == len(self):
            return known
        found = np.full(len(self), MISSING)
        found[~self._blank] = known
        return found

    def _checked(self, whole: Integers, scale: int) -> Numbers:
        limit = -(-LARGEST // scale)
        bad = (whole >= limit) | (whole <= -limit)
        return Numbers(self._spread(np.where(bad, MISSING, whole * scale)), np.flatnonzero(~self._blank)[bad])

    def _numbers(self, reader: Callable[[object], int | None]) -> Numbers:
        read = [MISSING if value is None else reader(value) for value in self.values]
        return Numbers(np.array([MISSING if one is None else one for one in read], np.int64), _failed(read))

    def _time(self, value: object) -> TimeRead | None:
        if isinstance(value, dt.datetime):
            offset = value.utcoffset()
            clock = ((value.hour * 60 + value.minute) * 60 + value.second) * SECOND + value.microsecond
            ticks = (value.toordinal() - EPOCH) * DAY + clock
            return (ticks, False, False) if offset is None else (ticks - offset // MICROSECOND, True, False)
        if isinstance(value, dt.date):
            return (value.toordinal() - EPOCH) * DAY, False, True
        if isinstance(value, str):
            text = trimmed(value)
            return time_texts(self.dialect).read(text) if text else (MISSING, False, False)
        return (int(value), False, False) if isinstance(value, Far) else None


EXACT = 10**15
"""Below it a number of decimals is told by its float, which no other of so few digits has."""


def _whole(values: list[int]) -> Integers | None:
    """Return whole numbers as an array; None where one is too large for it, or is what stands for none."""
    try:
        found = np.array(values, np.int64)
    except OverflowError:
        return None
    return None if len(found) and found.min() == MISSING else found


def _number(value: object, decimals: int, dialect: Dialect) -> int | None:
    if isinstance(value, str):
        return read_number(text, decimals, dialect.numbers) if (text := trimmed(value)) else MISSING
    # true is an int to Python, and no number to anyone who wrote a column of numbers
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or has_no_text(value):
        return None
    if not value:
        return 0
    # digits beyond any field's are not written out: some exponents of a decimal would fill a memory
    if isinstance(value, Decimal) and abs(value.adjusted()) > LONGEST:
        return None
    if abs(value) * 10**decimals >= LARGEST:
        return None
    # by way of the shortest text that gives this float, so that 0.1 is a tenth and not what its bits come to
    return read_number(format(Decimal(str(value)), "f"), decimals, NumberStyle())


def _span(value: object, dialect: Dialect) -> int | None:
    if isinstance(value, str):
        return read_span(text, dialect.numbers) if (text := trimmed(value)) else MISSING
    if isinstance(value, dt.timedelta):
        try:
            ticks = value // MICROSECOND
        except (ValueError, OverflowError):  # of pandas, which hold more than can be divided
            return None
        return ticks if abs(ticks) < LARGEST else None
    if isinstance(value, dt.time):
        return ((value.hour * 60 + value.minute) * 60 + value.second) * SECOND + value.microsecond
    if isinstance(value, float):
        return as_microseconds(value)
    return _number(value, 6, dialect)


def _failed(read: Iterable[Any]) -> np.ndarray[Any, np.dtype[np.intp]]:
    return np.array([row for row, one in enumerate(read) if one is None], np.intp)
