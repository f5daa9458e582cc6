"""Many texts read at once: those of one shape, with digits at the same places and all else alike, are read together.

Whether a text is a number, a day or a time depends on its shape, but for the values of its parts; these are checked for
every text. What does not fit is read by itself, by the expressions of `dialect`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask
from casequality.records.intake.cells.cells import trimmed
from casequality.records.intake.cells.dialect import (
    DAY,
    SECOND,
    SPAN,
    Dialect,
    NumberStyle,
    in_hundred,
    month_named,
    number_expression,
    read_number,
    read_span,
    time_texts,
)

FEW = 64
"""So few texts are sooner read one by one."""
LONGEST_SHAPE = 40
SHAPES = 8
"""How many shapes of one length are read together, the commonest being met soon; others are read by themselves."""
DIGITS = 15
"""Numbers of so many digits are below `LARGEST`, and exact as 64 bits, also as a float."""

Bytes = npt.NDArray[np.uint8]
Parsed = tuple[npt.NDArray[Any], Mask]
"""A number for each text of a shape, and which of them are meant; the others are read by themselves."""


@attrs.frozen(eq=False, repr=False)
class ManyTexts:
    """Texts as bytes of UTF-8, each from its place in `starts` on; those without bytes are blank."""

    data: Bytes = attrs.field(repr=False)
    starts: npt.NDArray[np.integer]
    lengths: npt.NDArray[np.integer]

    @classmethod
    def of(cls, texts: Sequence[str]) -> ManyTexts:
        """Return the texts as bytes."""
        joined = "".join(texts)
        data = joined.encode("utf-8", "replace")
        if len(data) == len(joined):
            lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        else:
            lengths = np.array([len(text.encode("utf-8", "replace")) for text in texts], np.int64)
        return cls(np.frombuffer(data, np.uint8), np.cumsum(lengths) - lengths, lengths)

    def __len__(self) -> int:
        return len(self.lengths)

    def text(self, row: int) -> str:
        """Return one text; bytes that are no UTF-8 are marked in it."""
        start = int(self.starts[row])
        return self.data[start : start + int(self.lengths[row])].tobytes().decode("utf-8", "replace")

    def padded(self) -> Mask:
        """Return which texts may begin or end with a blank of any script."""
        filled = np.flatnonzero(self.lengths)
        first = self.data[self.starts[filled]]
        last = self.data[self.starts[filled] + self.lengths[filled] - 1]
        found = np.zeros(len(self), bool)
        found[filled] = (first - 33 > 93) | (last - 33 > 93)
        return found

    def shapes(self) -> Iterator[tuple[npt.NDArray[np.intp], str, Bytes]]:
        """Yield the rows of a shape, it with a 1 for each digit and a character a byte, its bytes (places, rows)."""
        counts = np.bincount(np.minimum(self.lengths, LONGEST_SHAPE + 1), minlength=LONGEST_SHAPE + 2)
        for length in range(1, LONGEST_SHAPE + 1):
            if counts[length]:
                rows = np.arange(len(self)) if counts[length] == len(self) else np.flatnonzero(self.lengths == length)
                yield from _shapes_of(rows, self._places(rows, length))

    def _places(self, rows: npt.NDArray[np.intp], length: int) -> Bytes:
        starts = self.starts[rows]
        first, last = int(starts[0]), int(starts[-1])
        if last - first == (len(rows) - 1) * length:
            return np.ascontiguousarray(self.data[first : last + length].reshape(-1, length).T)
        return np.stack([self.data[starts + place] for place in range(length)])


def _shapes_of(rows: npt.NDArray[np.intp], places: Bytes) -> Iterator[tuple[npt.NDArray[np.intp], str, Bytes]]:
    for _ in range(SHAPES):
        shape, alike = places[:, 0].tolist(), None
        for place, byte in enumerate(shape):
            same = places[place] - 48 <= 9 if 48 <= byte <= 57 else places[place] == byte
            if not same.all():
                alike = same if alike is None else alike & same
        written = re.sub("[0-9]", "1", bytes(shape).decode("ascii", "replace"))
        if alike is None:
            yield rows, written, places
            return
        chosen, others = np.flatnonzero(alike), np.flatnonzero(~alike)
        yield rows[chosen], written, places[:, chosen]
        rows, places = rows[others], places[:, others]


def _value(places: Bytes, begin: int, end: int) -> npt.NDArray[Any]:
    """Return the number that the digits at some places make, in the least room that holds it."""
    width = end - begin
    kind = np.uint8 if width <= 2 else np.uint16 if width <= 4 else np.int32 if width <= 9 else np.int64
    found: npt.NDArray[Any] = (places[begin] - 48).astype(kind)
    for place in range(begin + 1, end):
        found *= kind(10)
        found += places[place] - 48
    return found


@attrs.frozen(eq=False, repr=False)
class TimesRead:
    """What texts say of times, each (texts,): microseconds, whether they are UTC, a day alone, or no time at all."""

    ticks: Integers
    aware: Mask
    only_day: Mask
    failed: Mask


def read_times(texts: Sequence[str] | ManyTexts, dialect: Dialect) -> TimesRead:
    """Read each text as a day or a time; a blank is neither and not failed."""
    rows = len(texts)
    ticks, marks = np.full(rows, MISSING), np.zeros((3, rows), bool)
    aware, only_day, failed = marks
    left = np.arange(rows)
    if rows >= FEW:
        many = texts if isinstance(texts, ManyTexts) else ManyTexts.of(texts)
        done = many.lengths == 0
        for at, shape, places in many.shapes():
            parts = time_texts(dialect).parts(shape.strip())
            if parts is not None:
                ahead = len(shape) - len(shape.lstrip())
                ticks[at], done[at] = _ticks(parts, ahead, shape, places, dialect.pivot)
                aware[at], only_day[at] = "offset" in parts, "minute" not in parts
        left = np.flatnonzero(~done)
        aware[left] = only_day[left] = False
    reader = time_texts(dialect).read
    for row, text in _texts(texts, left):
        if text:
            found = reader(text)
            failed[row] = found is None
            ticks[row], aware[row], only_day[row] = found or (MISSING, False, False)
        else:
            ticks[row] = MISSING
    return TimesRead(ticks, aware, only_day, failed)


def read_numbers(texts: Sequence[str] | ManyTexts, decimals: int, style: NumberStyle) -> tuple[Integers, Mask]:
    """Read each text as a number in units of the last of so many decimals, and say which are none; blanks are not."""
    expression = number_expression(style)

    def parts(shape: str, places: Bytes) -> Parsed | None:
        found = expression.fullmatch(shape.strip())
        if found is None or (found["percent"] and style.percent == "share"):
            return None
        return _number(found, len(shape) - len(shape.lstrip()), places, decimals)

    return _read(texts, parts, lambda text: read_number(text, decimals, style))


def read_spans(texts: Sequence[str] | ManyTexts, style: NumberStyle) -> tuple[Integers, Mask]:
    """Read each text as microseconds, and say which are no length of time; blanks are not."""
    expression = number_expression(style)

    def parts(shape: str, places: Bytes) -> Parsed | None:
        ahead, shape = len(shape) - len(shape.lstrip()), shape.strip()
        if (found := SPAN.fullmatch(shape)) is not None:
            return _span(found, ahead, places)
        found = expression.fullmatch(shape)
        return None if found is None or found["percent"] else _number(found, ahead, places, 6)

    return _read(texts, parts, lambda text: read_span(text, style))


def whole_numbers(texts: ManyTexts) -> Integers | None:
    """Return the texts as numbers where each is the plain way of writing one that is not below zero; None where not."""
    found = np.empty(len(texts), np.int64)
    if not texts.lengths.all() or texts.lengths.max(initial=0) > 18:
        return None
    for rows, shape, places in texts.shapes():
        if shape.strip("1") or (len(shape) > 1 and (places[0] == 48).any()):
            return None
        found[rows] = _value(places, 0, len(shape))
    return found


def _read(
    texts: Sequence[str] | ManyTexts, parts: Callable[[str, Bytes], Parsed | None], reader: Callable[[str], int | None]
) -> tuple[Integers, Mask]:
    rows = len(texts)
    values, failed, left = np.full(rows, MISSING), np.zeros(rows, bool), np.arange(rows)
    if rows >= FEW:
        many = texts if isinstance(texts, ManyTexts) else ManyTexts.of(texts)
        done = many.lengths == 0
        for at, shape, places in many.shapes():
            if (found := parts(shape, places)) is not None:
                values[at], done[at] = found
        left = np.flatnonzero(~done)
    known: dict[str, int | None] = {"": MISSING}
    for row, text in _texts(texts, left):
        if text not in known:
            known[text] = reader(text)
        found_one = known[text]
        failed[row] = found_one is None
        values[row] = MISSING if found_one is None else found_one
    return values, failed


def _texts(texts: Sequence[str] | ManyTexts, rows: npt.NDArray[np.intp]) -> Iterator[tuple[int, str]]:
    text = texts.text if isinstance(texts, ManyTexts) else texts.__getitem__
    return ((row, trimmed(text(row))) for row in rows.tolist())


@cache
def _months() -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return the first day of each month of the years 0 to 9999, and how many it has; no day lies in year 0."""
    firsts = np.arange("0000-01", "10000-02", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int32)
    lengths = np.diff(firsts)
    lengths[:12] = 0
    return firsts[:-1], lengths


def _ticks(parts: dict[str, tuple[int, int]], ahead: int, shape: str, places: Bytes, pivot: int | None) -> Parsed:
    parts = {name: (ahead + begin, ahead + end) for name, (begin, end) in parts.items()}
    words = {name: shape[begin:end] for name, (begin, end) in parts.items()}
    found = {name: _value(places, *at) for name, at in parts.items() if name not in ("offset", "name", "half")}
    year = in_hundred(found["years"].astype(np.int32), pivot) if "years" in found else found["year"]
    month = np.full(places.shape[1], month_named(words["name"]), np.uint8) if "name" in words else found["month"]
    day = found["day"]
    index = year.astype(np.int32) * 12 + month - 1
    firsts, lengths = _months()
    fits = (month - np.uint8(1) < 12) & (day > 0)
    fits &= day <= np.take(lengths, index, mode="clip")
    ticks = (np.take(firsts, index, mode="clip") + day - 1).astype(np.int64)
    ticks *= DAY
    if "minute" not in found:
        return ticks, fits
    hour, minute = found.get("hour"), found["minute"]
    if hour is None:
        fits &= found["hours"] - np.uint8(1) < 12
        hour = found["hours"] % np.uint8(12) + np.uint8(12 if words["half"] in "Pp" else 0)
    fits &= (hour < 24) & (minute < 60)
    # widened first: below 2.0 NumPy lets a scalar that fits the narrower type take that, which overflows
    clock = hour.astype(np.int64) * 3600 + minute.astype(np.int64) * 60
    if "second" in found:
        fits &= found["second"] < 60
        clock += found["second"]
    if "offset" in parts:
        ahead_of_utc, known = _offset(*parts["offset"], shape, places)
        clock -= ahead_of_utc
        fits &= known
    ticks += clock * SECOND
    if "fraction" in found:
        begin, end = parts["fraction"]
        digits = min(end - begin, 6)
        ticks += _value(places, begin, begin + digits).astype(np.int64) * 10 ** (6 - digits)
    return ticks, fits


def _offset(begin: int, end: int, shape: str, places: Bytes) -> Parsed:
    """Return the seconds of an offset, Z or a sign with two digits for hours and perhaps two for minutes."""
    if end - begin < 3:
        return np.zeros(places.shape[1], np.int32), np.ones(places.shape[1], bool)
    hours = _value(places, begin + 1, begin + 3).astype(np.int32)
    minutes = _value(places, end - 2, end).astype(np.int32) if end - begin > 3 else np.zeros_like(hours)
    seconds = hours * 3600 + minutes * 60
    return -seconds if shape[begin] == "-" else seconds, (hours < 24) & (minutes < 60)


def _number(found: re.Match[str], ahead: int, places: Bytes, decimals: int) -> Parsed | None:
    """Return numbers of one shape; None for a shape with too many digits or decimals."""
    whole, fraction = found["whole"], found["fraction"] or ""
    if len(fraction) > decimals or len(whole) + decimals > DIGITS:
        return None
    begin = ahead + found.start("whole")
    at = [begin + place for place, mark in enumerate(whole) if mark == "1"]
    grouped = len(at) < len(whole)
    fits = places[begin] != 48 if grouped else np.ones(places.shape[1], bool)
    at += range(ahead + found.start("fraction"), ahead + found.end("fraction")) if fraction else ()
    digits = places[at] if grouped or fraction else places[at[0] : at[-1] + 1]
    values = _value(digits, 0, len(at)).astype(np.int64) * 10 ** (decimals - len(fraction))
    return -values if found["sign"] == "-" else values, fits


def _span(found: re.Match[str], ahead: int, places: Bytes) -> Parsed | None:
    """Return the microseconds of h:mm:ss of one shape; None for a shape with very many days or hours."""
    sign, days, hours, *_, fraction = found.groups()
    if len(days or "") > 3 or len(hours) > 6:
        return None

    def part(group: int) -> npt.NDArray[Any]:
        return _value(places, ahead + found.start(group), ahead + found.end(group)).astype(np.int64)

    minutes, seconds = part(4), part(5)
    ticks = ((part(2) * 24 if days else 0) + part(3)) * 3600 + minutes * 60 + seconds
    ticks = ticks * SECOND
    if fraction:
        begin, digits = ahead + found.start(6), min(len(fraction), 6)
        ticks += _value(places, begin, begin + digits).astype(np.int64) * 10 ** (6 - digits)
    return -ticks if sign else ticks, (minutes < 60) & (seconds < 60)
