"""Cells that are text: parsed once a distinct text, by a declared dialect."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Mask
from casequality.records.intake.cells import Numbers, Positions, Texts, Times, scatter
from casequality.records.intake.dialect import Dialect
from casequality.records.intake.keys import ArrayKeys

EPOCH = dt.date(1970, 1, 1).toordinal()
SECOND = 1_000_000
DAY = 86_400 * SECOND
LARGEST = 2**62

_SPAN = re.compile(r"(-?)(?:(\d+) days? )?(\d+):([0-5]\d):([0-5]\d)(?:[.,](\d{1,9}))?", re.ASCII)
_V = TypeVar("_V")


@attrs.frozen(eq=False)
class TextCells:
    """A column of texts, kept as the distinct ones and each row's position among them."""

    distinct: Sequence[str]
    positions: npt.NDArray[np.integer]
    blank: Mask | None
    dialect: Dialect

    @classmethod
    def of(cls, texts: Sequence[str], dialect: Dialect) -> TextCells:
        """Return the cells of these texts."""
        position = {text: index for index, text in enumerate(dict.fromkeys(texts))}
        return cls(list(position), np.fromiter(map(position.__getitem__, texts), np.intp, len(texts)), None, dialect)

    def __len__(self) -> int:
        return len(self.positions)

    def texts(self) -> Texts:
        return Texts(self.distinct, self.positions, self.blank)

    def keys(self) -> ArrayKeys:
        names = [text or None for text in self.distinct]
        found = [names[position] for position in self.positions.tolist()]
        if self.blank is not None:
            found = [None if blank else key for key, blank in zip(found, self.blank.tolist(), strict=True)]
        return ArrayKeys.of(found)

    def times(self) -> Times:
        read, bad = self._read(lambda text: read_time(text, self.dialect))
        found = [(MISSING, False, False) if one is None else one for one in read]
        ticks, aware, only_day = zip(*found, strict=True) if found else ((), (), ())
        return Times(
            scatter(np.array(ticks, np.int64), self.positions, self.blank),
            days=False,
            aware=self._spread(aware),
            only_day=self._spread(only_day),
            bad=bad,
        )

    def numbers(self, decimals: int) -> Numbers:
        return self._numbers(lambda text: read_number(text, decimals, self.dialect.decimal))

    def spans(self) -> Numbers:
        return self._numbers(lambda text: read_span(text, self.dialect.decimal))

    def _numbers(self, reader: Callable[[str], int | None]) -> Numbers:
        read, bad = self._read(reader)
        values = np.array([MISSING if one is None else one for one in read], np.int64)
        return Numbers(scatter(values, self.positions, self.blank), bad)

    def _read(self, reader: Callable[[str], _V | None]) -> tuple[list[_V | None], Positions]:
        texts = [text.strip() for text in self.distinct]
        read = [reader(text) if text else None for text in texts]
        failed = np.array([one is None and text != "" for one, text in zip(read, texts, strict=True)], bool)
        return read, np.flatnonzero(self._spread(failed))

    def _spread(self, marked: Sequence[bool] | Mask) -> bool | Mask:
        """Return which rows are marked, given the distinct texts that are; one bool where all agree."""
        marks = np.asarray(marked, bool)
        if not marks.any():
            return False
        found: Mask = marks[self.positions]
        return found if self.blank is None else found & ~self.blank


def read_time(text: str, dialect: Dialect) -> tuple[int, bool, bool] | None:
    """Return a text's microseconds, whether they are UTC (else on the wall) and whether it is a day alone."""
    only_day = dialect.day_expression.fullmatch(text)
    found = only_day or dialect.instant_expression.fullmatch(text)
    if found is None:
        return None
    part = found.groupdict()
    try:
        day = dt.date(int(part["year"]), int(part["month"]), int(part["day"])).toordinal() - EPOCH
    except ValueError:
        return None
    if only_day:
        return day * DAY, False, True
    hour, minute, second = int(part["hour"]), int(part["minute"]), int(part.get("second") or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    ticks = ((hour * 60 + minute) * 60 + second) * SECOND + _microseconds(part.get("fraction"))
    return day * DAY + ticks - _offset(part["offset"]), part["offset"] is not None, False


def read_number(text: str, decimals: int, mark: str) -> int | None:
    """Return a number in units of the last of so many decimals; None for another text or more decimals."""
    found = _number(mark).fullmatch(text)
    if found is None:
        return None
    fraction = (found["fraction"] or "").rstrip("0")
    if len(fraction) > decimals:
        return None
    value = int(_digits(found["whole"]) + fraction.ljust(decimals, "0"))
    return None if value >= LARGEST else -value if found["sign"] == "-" else value


def read_span(text: str, mark: str) -> int | None:
    """Return the microseconds of h:mm:ss or of a number of seconds."""
    found = _SPAN.fullmatch(text)
    if found is None:
        return _seconds(text, mark)
    sign, days, hours, minutes, seconds, fraction = found.groups()
    whole = ((int(days or 0) * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(seconds)
    ticks = whole * SECOND + _microseconds(fraction)
    return None if ticks >= LARGEST else -ticks if sign else ticks


def _seconds(text: str, mark: str) -> int | None:
    found = _number(mark).fullmatch(text)
    if found is None:
        return None
    return as_microseconds(float(found["sign"] + _digits(found["whole"]) + "." + (found["fraction"] or "0")))


def as_microseconds(seconds: float) -> int | None:
    """Return a number of seconds in whole microseconds, the nearest; None for too many."""
    ticks = seconds * SECOND
    return round(ticks) if abs(ticks) < LARGEST else None


def _digits(whole: str) -> str:
    return whole.replace(".", "").replace(",", "")


def _microseconds(fraction: str | None) -> int:
    return int(fraction[:6].ljust(6, "0")) if fraction else 0


@lru_cache
def _offset(text: str | None) -> int:
    if text is None or text == "Z":
        return 0
    minutes = int(text[1:3]) * 60 + int(text[3:].lstrip(":") or 0)
    return (-minutes if text[0] == "-" else minutes) * 60 * SECOND


@lru_cache
def _number(mark: str) -> re.Pattern[str]:
    thousands = r"\." if mark == "," else ","
    return re.compile(
        rf"(?P<sign>[+-]?)(?P<whole>\d{{1,3}}(?:{thousands}\d{{3}})+|\d+)(?:{re.escape(mark)}(?P<fraction>\d+))?",
        re.ASCII,
    )
