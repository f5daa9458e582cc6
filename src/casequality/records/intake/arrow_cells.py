"""Cells that are Arrow arrays."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Integers
from casequality.errors import InputError
from casequality.records.intake.arrow import arrow, bits, is_text, packed, unpacked, unwrapped, validity, values
from casequality.records.intake.arrow_keys import text_keys
from casequality.records.intake.cells import NONE, Numbers, Rows, Texts, Times
from casequality.records.intake.dialect import Dialect
from casequality.records.intake.keys import ArrayKeys, Keys
from casequality.records.intake.number_texts import LARGEST
from casequality.records.intake.objects import written
from casequality.records.intake.text import TextCells

FURTHEST = 2**62
"""Ticks beyond it would not fit once they are microseconds; those before it are out of range already."""
_MICROSECONDS = {"s": 1_000_000, "ms": 1_000}


@attrs.frozen(eq=False)
class ArrowCells:
    """A chunk of an Arrow column; `where` names the source and the column for errors."""

    array: Any = attrs.field(converter=unwrapped, repr=False)
    dialect: Dialect
    where: str

    def __len__(self) -> int:
        return len(self.array)

    def __reduce__(self) -> tuple[Any, ...]:
        return _revived, (packed(self.array), self.dialect, self.where)

    def __getitem__(self, rows: Rows) -> ArrowCells:
        if isinstance(rows, slice):
            return ArrowCells(self.array[rows], self.dialect, self.where)
        pa = arrow()  # which takes no rows of views of texts
        array = self.array.cast(pa.large_string()) if pa.types.is_string_view(self.array.type) else self.array
        return ArrowCells(array.take(pa.array(rows)), self.dialect, self.where)

    def times(self) -> Times:
        types, kind = arrow().types, self.array.type
        if types.is_timestamp(kind):
            return Times(self._ticks(kind.unit), days=False, aware=kind.tz is not None)
        if types.is_date32(kind):
            return Times(self._filled(values(self.array, "int32").astype(np.int64)), days=True)
        if types.is_date64(kind):
            return Times(self._filled(values(self.array, "int64") // 86_400_000), days=True)
        return self._as_text("a date, a timestamp or text").times()

    def numbers(self, decimals: int) -> Numbers:
        types, kind = arrow().types, self.array.type
        if types.is_integer(kind):
            return _scaled(self._whole(), 10**decimals)
        if types.is_floating(kind):
            return _exactly(self._floats(), 10**decimals)
        if types.is_decimal(kind):
            return self._encoded().numbers(decimals)
        return self._as_text("a whole number, a decimal, a float or text").numbers(decimals)

    def spans(self) -> Numbers:
        types, kind = arrow().types, self.array.type
        if types.is_duration(kind) or types.is_time64(kind):
            return Numbers(self._ticks(kind.unit))
        if types.is_time32(kind):
            return ArrowCells(self.array.cast("time64[us]"), self.dialect, self.where).spans()
        if types.is_floating(kind):
            with np.errstate(over="ignore"):  # what overflows is too large, as infinity is
                return _rounded(self._floats().astype(np.float64, copy=False) * 1e6)
        if types.is_integer(kind) or types.is_decimal(kind):
            return self.numbers(6)
        return self._as_text("a duration, a time, a number of seconds or text").spans()

    def texts(self) -> Texts:
        types, kind = arrow().types, self.array.type
        if types.is_boolean(kind):
            valid = validity(self.array)
            return Texts(("false", "true"), bits(self.array, 1), None if valid is None else ~valid)
        if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
            return self._encoded().texts()
        return self._as_text("text, a whole number or a boolean").texts()

    def keys(self) -> Keys:
        types, kind = arrow().types, self.array.type
        if types.is_integer(kind) and not (kind == "uint64" and values(self.array, "uint64").max(initial=0) > LARGEST):
            valid = validity(self.array)
            return ArrayKeys(self._whole(), NONE if valid is None else np.flatnonzero(~valid))
        if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
            return self._encoded().keys()
        if is_text(kind):
            return text_keys(self.array)
        return self._as_text("a whole number or text").keys()

    def _filled(self, found: Integers) -> Integers:
        valid = validity(self.array)
        if valid is None:
            return found
        filled = found.copy()
        filled[np.flatnonzero(~valid)] = MISSING
        return filled

    def _ticks(self, unit: str) -> Integers:
        ticks: Integers = values(self.array, "int64")
        if unit == "ns":
            ticks = ticks // 1_000
        elif unit != "us":
            factor = _MICROSECONDS[unit]
            ticks = np.clip(ticks, -FURTHEST // factor, FURTHEST // factor) * factor
        return self._filled(ticks)

    def _whole(self) -> Integers:
        if str(self.array.type) == "uint64":
            return self._filled(np.minimum(values(self.array, "uint64"), LARGEST).astype(np.int64))
        return self._filled(values(self.array, str(self.array.type)).astype(np.int64, copy=False))

    def _floats(self) -> npt.NDArray[np.floating]:
        found = values(self.array, f"float{self.array.type.bit_width}")
        valid = validity(self.array)
        return found if valid is None else np.where(valid, found, found.dtype.type(np.nan))

    def _as_text(self, allowed: str) -> TextCells:
        kind = self.array.type
        if arrow().types.is_null(kind):
            return TextCells([], np.zeros(len(self), np.intp), np.ones(len(self), bool), self.dialect)
        if not (is_text(kind) or arrow().types.is_dictionary(kind)):
            raise InputError(
                "A column holds another kind of value than its field",
                where=self.where,
                got=kind,
                allowed=allowed,
                remedy="map the field to another column, or convert this one before it is passed in",
            )
        return self._encoded()

    def _encoded(self) -> TextCells:
        """Return the column as texts, each distinct value written once."""
        array = self.array if arrow().types.is_dictionary(self.array.type) else self.array.dictionary_encode()
        distinct = ["" if value is None else written(value) for value in array.dictionary.to_pylist()]
        valid = validity(array)
        positions = values(array.indices, str(array.indices.type))
        return TextCells(distinct, positions, None if valid is None else ~valid, self.dialect)


def _revived(array: bytes, dialect: Dialect, where: str) -> ArrowCells:
    return ArrowCells(unpacked(array), dialect, where)


def _scaled(numbers: Integers, scale: int) -> Numbers:
    known, limit = numbers != MISSING, LARGEST // scale
    too_large = ((numbers >= limit) | (numbers <= -limit)) & known
    if scale == 1 and not too_large.any():
        return Numbers(numbers)
    return Numbers(np.where(known & ~too_large, numbers * scale, MISSING), np.flatnonzero(too_large))


def _exactly(numbers: npt.NDArray[np.floating], scale: int) -> Numbers:
    """Return floats in units of 1 / scale; one that no text with so few decimals gives is bad."""
    with np.errstate(over="ignore"):  # what overflows is too large, as infinity is
        units = np.rint(numbers.astype(np.float64) * scale)
    inexact = (units / scale).astype(numbers.dtype) != numbers
    return _rounded(np.where(inexact & ~np.isnan(numbers), np.inf, units))


def _rounded(units: npt.NDArray[np.floating]) -> Numbers:
    """Return floats as whole numbers, the nearest; one too large is bad."""
    large = abs(units) >= LARGEST
    missing = np.isnan(units)
    whole = np.rint(np.where(large | missing, 0, units)).astype(np.int64)
    return Numbers(np.where(large | missing, MISSING, whole), np.flatnonzero(large))
