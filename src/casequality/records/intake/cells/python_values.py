"""What a single value of Python and its libraries is: one of Python's own, a text, or something that has none."""

from __future__ import annotations

import datetime as dt
import math
import pickle
import re
from collections.abc import Callable, Iterable, Sequence, Sized
from decimal import Decimal
from typing import Any

import attrs
import numpy as np

from casequality.records.intake.cells.cells import bounded
from casequality.records.intake.cells.dialect import DAY, SECOND

MICROSECOND = dt.timedelta(microseconds=1)
_UNITS = {"W": 7 * DAY, "D": DAY, "h": 3_600 * SECOND, "m": 60 * SECOND, "s": SECOND, "ms": 1_000, "us": 1}
_FINER = ("ns", "ps", "fs", "as")
MOST_DIGITS = 400
"""A decimal of more digits before its point is written by its exponent: the digits alone could fill a memory."""


def plain(value: object) -> object:
    """Return a value as Python's own, None for every way of saying that there is none."""
    if isinstance(value, np.datetime64):
        value = _moment(value)
    elif isinstance(value, np.timedelta64):
        value = _length(value)
    elif isinstance(value, (np.float16, np.float32)):
        value = float(str(value))  # the shortest that gives it in its own width: 0.1 in four bytes is 0.1
    elif isinstance(value, np.generic):
        value = value.item()
    elif isinstance(value, dt.datetime) and not dt.MINYEAR <= value.year <= dt.MAXYEAR:
        further_than_pythons: Any = value  # as those of pandas may lie
        value = _moment(further_than_pythons.to_datetime64())
    if value is None or (isinstance(value, str) and not value) or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return None if isinstance(value, (float, Decimal)) and _is_nan(value) else value


class Far(int):
    """Microseconds since 1970 of a time in a year that Python's own times do not reach."""


def _moment(value: np.datetime64) -> object:
    """Return a time as Python's own, or as what is further off; no unit makes another time of it."""
    if np.isnat(value):
        return None
    if np.datetime_data(value.dtype)[0] in ("Y", "M"):
        return value  # of which nobody knows the day
    if np.datetime_data(value.dtype)[0] in ("W", "D"):
        found = value.astype("datetime64[D]").item()
        return found if isinstance(found, dt.date) else Far(bounded(int(found) * DAY))
    ticks = _microseconds(value)
    try:
        return dt.datetime(1970, 1, 1) + ticks * MICROSECOND  # noqa: DTZ001 - it has no zone
    except OverflowError:
        return Far(bounded(ticks))


def _length(value: np.timedelta64) -> object:
    """Return a length of time as Python's own; one of months, of no unit or beyond Python's stays as it is."""
    if np.isnat(value):
        return None
    if np.datetime_data(value.dtype)[0] in ("Y", "M", "generic"):
        return value
    try:
        return _microseconds(value) * MICROSECOND
    except OverflowError:
        return value


def _microseconds(value: np.datetime64 | np.timedelta64) -> int:
    unit, step = np.datetime_data(value.dtype)
    count = int(value.astype(np.int64)) * step
    return count * _UNITS[unit] if unit in _UNITS else count // 1_000 ** (_FINER.index(unit) + 1)


def _is_nan(value: float | Decimal) -> bool:
    # a signalling NaN refuses to be compared, even with itself; it says that something is wrong, not that it is blank
    return value.is_qnan() if isinstance(value, Decimal) else value != value


def written(value: object) -> str:
    """Return the text by which a code or key is known: 1 and 1.0 are "1", True is "true"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() > MOST_DIGITS:
        return str(value)
    if isinstance(value, (float, Decimal)) and math.isfinite(value) and value == int(value):
        value = int(value)
    # Python refuses to write thousands of decimal digits; hexadecimal ones tell such numbers apart as well
    return f"{value:#x}" if isinstance(value, int) and abs(value) >= 10**4000 else str(value)


def has_no_text(value: object) -> bool:
    """Return whether nobody can tell the text of a value: several values, bytes, half a character."""
    if isinstance(value, str):
        return not value.isascii() and SURROGATE.search(value) is not None
    return value.is_snan() if isinstance(value, Decimal) else isinstance(value, (complex, Sized))


SURE = frozenset({str, int, bool, float, Decimal, dt.date, dt.datetime, dt.timedelta, dt.time, type(None)})
"""Kinds of value that are Python's own already, subclasses apart."""
TEXT = frozenset({str, type(None)})
SURROGATE = re.compile("[\ud800-\udfff]")
PLAIN = SURE - {str, Decimal}
"""Those of them whose text anybody can tell."""


def all_plain(values: Iterable[object]) -> list[object]:
    """Return values as Python's own; where all are already, one look at their kinds is enough."""
    found = values if isinstance(values, list) else list(values)
    kinds = set(map(type, found))
    if not kinds <= SURE:
        return [plain(value) for value in found]
    if kinds & {float, Decimal}:
        found = [None if isinstance(value, (float, Decimal)) and _is_nan(value) else value for value in found]
    if str in kinds and "" in found:
        found = [None if value == "" else value for value in found]
    return found


@attrs.frozen
class TextOfObject:
    """Stands for an object that cannot be kept: it has a text, and is neither a number nor a time."""

    text: str

    def __str__(self) -> str:
        return self.text


EXACT: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (str, str.__str__),
    (int, int),
    (float, float.__float__),
    (dt.datetime, lambda moment: dt.datetime.combine(moment.date(), moment.timetz())),
    (dt.date, lambda day: dt.date(day.year, day.month, day.day)),
    (dt.timedelta, lambda length: dt.timedelta(length.days, length.seconds, length.microseconds)),
)


def kept(values: Sequence[object]) -> list[object]:
    """Return values that can be written and read again: an object that cannot is what it would be read as."""
    # whether one can be is asked of the first of each kind
    strange = {kind for kind in set(map(type, values)) - SURE if not _can_be_kept(values, kind)}
    return [_instead(value) if type(value) in strange else value for value in values]


def _can_be_kept(values: Sequence[object], kind: type) -> bool:
    try:
        pickle.dumps(next(value for value in values if type(value) is kind))
    except Exception:  # noqa: BLE001  whatever an object says of itself
        return False
    return True


def _instead(value: object) -> object:
    if has_no_text(value):
        return b""  # nor has this one
    exact = next((made for kind, made in EXACT if isinstance(value, kind)), None)
    return TextOfObject(str(value)) if exact is None else exact(value)
