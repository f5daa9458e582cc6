"""Cells that are text, parsed once a distinct text, and cells that are Python values, as in mappings and workbooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask
from casequality.records.intake.cells.cells import ArrayKeys, Numbers, Rows, Texts, Times, scatter
from casequality.records.intake.cells.dialect import (
    DAY,
    EPOCH,
    LARGEST,
    SECOND,
    Dialect,
    TimeRead,
    as_microseconds,
    read_number,
    read_span,
    time_texts,
)
from casequality.records.intake.cells.shapes import read_numbers, read_spans, read_times

SAMPLE = 256


@attrs.frozen(eq=False)
class TextCells:
    """A column of texts: those to read, and the position of each row's text among them.

    Where few texts are distinct each is there once; otherwise they are simply those of the rows.
    """

    distinct: Sequence[str] = attrs.field(repr=False)
    positions: npt.NDArray[np.integer]
    blank: Mask | None
    dialect: Dialect

    @classmethod
    def of(cls, texts: Sequence[str], dialect: Dialect) -> TextCells:
        """Return the cells of these texts."""
        sample = texts[:SAMPLE]
        if len(set(sample)) * 2 > len(sample):
            return cls(texts, np.arange(len(texts)), None, dialect)
        position = {text: index for index, text in enumerate(dict.fromkeys(texts))}
        return cls(list(position), np.fromiter(map(position.__getitem__, texts), np.intp, len(texts)), None, dialect)

    def __len__(self) -> int:
        return len(self.positions)

    def __getitem__(self, rows: Rows) -> TextCells:
        met, positions = np.unique(self.positions[rows], return_inverse=True)
        distinct = [self.distinct[place] for place in met.tolist()] if len(self.distinct) else self.distinct
        return TextCells(distinct, positions, None if self.blank is None else self.blank[rows], self.dialect)

    def texts(self) -> Texts:
        return Texts(self.distinct, self.positions, self.blank)

    def keys(self) -> ArrayKeys:
        names = [text.strip() or None for text in self.distinct]
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
        return self._numbers(*read_numbers(self.distinct, decimals, self.dialect.decimal))

    def spans(self) -> Numbers:
        return self._numbers(*read_spans(self.distinct, self.dialect.decimal))

    def _numbers(self, values: Integers, failed: Mask) -> Numbers:
        return Numbers(scatter(values, self.positions, self.blank), np.flatnonzero(self._spread(failed)))

    def _spread(self, marks: Mask) -> bool | Mask:
        """Return which rows have one of the marked texts; False for none."""
        if not marks.any():
            return False
        found: Mask = marks[self.positions]
        return found if self.blank is None else found & ~self.blank


def plain(value: object) -> object:
    """Return a value as Python's own, None for every way of saying that there is none."""
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[us]").item() if np.datetime_data(value)[0] != "D" else value.item()
    elif isinstance(value, np.generic):
        value = value.item()
    if value is None or value == "" or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return None if isinstance(value, (float, Decimal)) and value != value else value


def written(value: object) -> str:
    """Return the text by which a code or key is known: 1 and 1.0 are "1", True is "true"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (float, Decimal)) and value == int(value):
        return str(int(value))
    return str(value)


def _all_plain(values: Iterable[object]) -> list[object]:
    return [plain(value) for value in values]


@attrs.frozen(eq=False)
class ObjectCells:
    """A column of Python values; texts among them are read by the dialect."""

    values: list[object] = attrs.field(converter=_all_plain, repr=False)
    dialect: Dialect

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, rows: Rows) -> ObjectCells:
        chosen = self.values[rows] if isinstance(rows, slice) else [self.values[row] for row in rows.tolist()]
        return ObjectCells(chosen, self.dialect)

    def texts(self) -> Texts:
        return self._written().texts()

    def keys(self) -> ArrayKeys:
        return ArrayKeys.of(None if value is None else written(value) for value in self.values)

    def times(self) -> Times:
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

    def numbers(self, decimals: int) -> Numbers:
        return self._numbers(lambda value: _number(value, decimals, self.dialect))

    def spans(self) -> Numbers:
        return self._numbers(lambda value: _span(value, self.dialect))

    def _written(self) -> TextCells:
        return TextCells.of(["" if value is None else written(value) for value in self.values], self.dialect)

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
            text = value.strip()
            return time_texts(self.dialect).read(text) if text else (MISSING, False, False)
        return None


MICROSECOND = dt.timedelta(microseconds=1)


def _number(value: object, decimals: int, dialect: Dialect) -> int | None:
    if isinstance(value, str):
        return read_number(value.strip(), decimals, dialect.decimal) if value.strip() else MISSING
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    if abs(value) * 10**decimals >= LARGEST:
        return None
    return read_number(format(Decimal(str(value)), "f"), decimals, ".")


def _span(value: object, dialect: Dialect) -> int | None:
    if isinstance(value, str):
        return read_span(value.strip(), dialect.decimal) if value.strip() else MISSING
    if isinstance(value, dt.timedelta):
        ticks = value // MICROSECOND
        return ticks if abs(ticks) < LARGEST else None
    if isinstance(value, dt.time):
        return ((value.hour * 60 + value.minute) * 60 + value.second) * SECOND + value.microsecond
    if isinstance(value, float):
        return as_microseconds(value)
    return _number(value, 6, dialect)


def _failed(read: Iterable[Any]) -> np.ndarray[Any, np.dtype[np.intp]]:
    return np.array([row for row, one in enumerate(read) if one is None], np.intp)
