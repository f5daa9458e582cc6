"""Cells that are Arrow arrays, read from their buffers without copying; keys stay in Arrow as long as they can."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask
from casequality.errors import InputError
from casequality.records.intake.cells.cells import (
    INFINITE,
    NONE,
    ArrayKeys,
    KeyOrder,
    Keys,
    Numbers,
    Rows,
    Texts,
    Times,
    trimmed,
)
from casequality.records.intake.cells.dialect import DAY, LARGEST, SECOND, Dialect
from casequality.records.intake.cells.python_values import written
from casequality.records.intake.cells.shapes import ManyTexts, read_numbers, read_spans, read_times, whole_numbers
from casequality.records.intake.cells.tables import decoded, is_utf_8, library, packed, unpacked
from casequality.records.intake.cells.text_cells import TextCells


def arrow() -> ModuleType:
    """Return pyarrow, which reads Parquet and every Arrow stream."""
    return library("pyarrow", "arrow")


def validity(array: Any) -> Mask | None:
    """Return where an Arrow array has a value; None for everywhere."""
    if not array.null_count:
        return None
    if array.buffers()[0] is None:
        return np.zeros(len(array), bool)
    return bits(array, 0).view(bool)


def bits(array: Any, buffer: int) -> npt.NDArray[np.uint8]:
    """Return one of an array's bitmaps as a byte 0 or 1 a row."""
    packed = np.frombuffer(array.buffers()[buffer], np.uint8)
    first = array.offset // 8
    skipped = array.offset - first * 8
    return np.unpackbits(packed[first:], count=skipped + len(array), bitorder="little")[skipped:]


def values(array: Any, dtype: str) -> npt.NDArray[Any]:
    """Return an Arrow array's values without copying; rows without one hold anything."""
    if not len(array) or array.buffers()[1] is None:
        return np.zeros(len(array), dtype)
    return np.frombuffer(array.buffers()[1], dtype)[array.offset : array.offset + len(array)]


def is_text(kind: Any) -> bool:
    """Return whether an Arrow type is text."""
    types = arrow().types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def unwrapped(array: Any) -> Any:
    """Return an array without the wrapping of an extension type, run ends, or a dictionary of other than texts.

    UUIDs become texts, and intervals lengths of time; where one of these counts months, which have no length, texts.
    Decimals of 32 and 64 bits become those of 128, of which alone pyarrow makes dictionaries. What pyarrow cannot take
    out of its wrapping stays as it is, of a kind that is not read.
    """
    types, pa = arrow().types, arrow()
    try:
        if isinstance(array, pa.ExtensionArray):
            if array.type.extension_name in OWN:
                return OWN[array.type.extension_name](array.storage)
            found = unwrapped(array.storage)
            # a number within, such as that of a month of pandas, is not what anybody is shown
            return found if types.is_null(found.type) or is_text(_plain_type(found.type)) else array
        if types.is_run_end_encoded(array.type):
            rows = np.arange(array.offset, array.offset + len(array))
            return _taken(array.values, row_numbers(np.searchsorted(array.run_ends, rows, side="right")))
        if types.is_dictionary(array.type) and not is_text(_plain_type(array.type)):
            return _taken(array.dictionary, array.indices)
        if types.is_dictionary(array.type) and types.is_string_view(_plain_type(array.type)):
            return pa.DictionaryArray.from_arrays(array.indices, array.dictionary.cast(pa.large_string()))
        if types.is_decimal(array.type) and array.type.bit_width < 128:
            array = array.cast(pa.decimal128(38, array.type.scale))
    except pa.ArrowException:
        return array
    return _intervals(array) if types.is_interval(array.type) else array


def _plain_type(kind: Any) -> Any:
    return kind.value_type if arrow().types.is_dictionary(kind) else kind


def _taken(distinct: Any, places: Any) -> Any:
    """Return an array of values that stand for several rows each, by the place of that of each row."""
    found = unwrapped(distinct)
    # pyarrow takes no rows of views of texts
    found = found.cast(arrow().large_string()) if arrow().types.is_string_view(found.type) else found
    return found.take(places)


def _uuids(array: Any) -> Any:
    """Return the texts of UUIDs, which are 16 bytes each."""
    valid, digits = validity(array), values(array, "V16").tobytes().hex()
    starts = range(0, len(digits), 32)
    cuts = ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))
    texts = ["-".join(digits[start + begin : start + end] for begin, end in cuts) for start in starts]
    known = texts if valid is None else [text if there else None for text, there in zip(texts, valid, strict=True)]
    return arrow().array(known, "string")


OWN: dict[str, Callable[[Any], Any]] = {"arrow.uuid": _uuids, "arrow.bool8": lambda numbers: numbers.cast("bool")}
"""What becomes of what lies within an extension type that says what it is; others are read where texts lie within."""


def _intervals(array: Any) -> Any:
    valid = validity(array)
    parts = values(array, "V16").view([("months", "<i4"), ("days", "<i4"), ("nanoseconds", "<i8")])
    months = parts["months"] if valid is None else np.where(valid, parts["months"], 0)
    ticks = parts["days"].astype(np.int64) * DAY + parts["nanoseconds"] // 1_000
    if not months.any():
        return row_numbers(ticks, valid).view(arrow().duration("us"))
    known = np.ones(len(array), bool) if valid is None else valid
    rows = zip(known.tolist(), months.tolist(), ticks.tolist(), strict=True)
    return arrow().array([_interval(*row) if there else None for there, *row in rows], "string")


def _interval(months: int, ticks: int) -> str:
    seconds, below = divmod(abs(ticks), SECOND)
    clock = f"{'-' * (ticks < 0)}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{below:06}"
    return f"{months} mons {clock}" if months else clock


@attrs.frozen(eq=False, repr=False)
class ArrowKeys:
    """Text keys left in Arrow, where whether they rise is seen without making them Python's."""

    array: Any = attrs.field(repr=False)
    missing: npt.NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, rows: Mask) -> ArrowKeys:
        chosen = arrow().compute.filter(self.array, row_mask(rows))
        return ArrowKeys(chosen, np.flatnonzero(many_texts(chosen).lengths == 0))

    def values(self) -> npt.NDArray[Any]:
        return ArrayKeys.of(self.array.to_pylist()).array

    def order(self) -> KeyOrder:
        if not len(self.array):
            return KeyOrder()
        rising = arrow().compute.less(self.array[:-1], self.array[1:])
        return KeyOrder(self.array[0].as_py(), self.array[-1].as_py(), rising.false_count == 0)


def text_keys(array: Any) -> Keys:
    """Return the keys of an Arrow array of texts, left in Arrow where they are no numbers and nothing is about them."""
    texts = array.cast("large_string")
    many = many_texts(texts)
    if (numbers := whole_numbers(many)) is not None:
        return ArrayKeys(numbers, NONE)
    told, lost = decoded(texts[:1] if is_utf_8(texts) else texts)
    first = told[0] if told else None
    if lost or first is None or first.strip().removeprefix("-").isdecimal() or many.padded().any():
        told = told if lost else texts.to_pylist()
        named = (text if place not in lost else None for place, text in enumerate(told))
        return ArrayKeys.of(trimmed(text) or None if text else None for text in named)
    return ArrowKeys(texts, np.flatnonzero(many.lengths == 0))


def many_texts(array: Any) -> ManyTexts:
    """Return the texts of an Arrow array where they lie; a row without one is blank."""
    offsets = _offsets(array)
    lengths = offsets[1:] - offsets[:-1]
    valid, data = validity(array), array.buffers()[2]
    held = np.empty(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)
    return ManyTexts(held, offsets[:-1], lengths if valid is None else lengths * valid)


def _offsets(array: Any) -> npt.NDArray[np.integer]:
    kind = "int64" if arrow().types.is_large_string(array.type) else "int32"
    if not len(array) or array.buffers()[1] is None:
        return np.zeros(len(array) + 1, kind)
    return np.frombuffer(array.buffers()[1], kind)[array.offset : array.offset + len(array) + 1]


def row_mask(rows: Mask) -> Any:
    """Return a mask as an Arrow array; made of an array of NumPy's by pyarrow itself, it would import pandas."""
    return arrow().Array.from_buffers(
        arrow().bool_(), len(rows), [None, arrow().py_buffer(np.packbits(rows, bitorder="little"))]
    )


def row_numbers(rows: npt.NDArray[np.integer], valid: Mask | None = None) -> Any:
    """Return positions of rows as an Arrow array, in the same way; none where not `valid`."""
    whole = np.ascontiguousarray(rows, np.int64)
    known = None if valid is None else arrow().py_buffer(np.packbits(valid, bitorder="little"))
    return arrow().Array.from_buffers(arrow().int64(), len(whole), [known, arrow().py_buffer(whole)])


_MICROSECONDS = {"s": 1_000_000, "ms": 1_000, "us": 1}


def _widened(found: npt.NDArray[np.signedinteger], factor: int) -> Integers:
    """Return counts in a unit `factor` times as fine; the greatest of their kind, as DuckDB writes it, is infinity."""
    most = int(np.iinfo(found.dtype).max)
    low, high = (int(found.min()), int(found.max())) if len(found) else (0, 0)
    whole: Integers = found.astype(np.int64, copy=False)
    furthest = (INFINITE - 1) // factor
    if -furthest <= low and high <= furthest and max(-low, high) < most:
        return whole if factor == 1 else whole * factor
    # what would not fit is out of range already, and stays so
    near = np.clip(whole, -furthest, furthest) * factor
    return np.where(whole == most, INFINITE, np.where(whole == -most, -INFINITE, near))


def _divided(found: Integers, parts: int) -> Integers:
    """Return counts in a unit so many times as coarse, of which all fit."""
    most = np.iinfo(np.int64).max
    coarse: Integers = found // parts
    if not len(found) or (found.max() < most and found.min() > -most):
        return coarse
    return np.where(found == most, INFINITE, np.where(found == -most, -INFINITE, coarse))


@attrs.frozen(eq=False, repr=False)
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
        return ArrowCells(array.take(row_numbers(rows)), self.dialect, self.where)

    def times(self) -> Times:
        types, kind = arrow().types, self.array.type
        if types.is_timestamp(kind):
            return Times(self._ticks(kind.unit), days=False, aware=kind.tz is not None, clock=kind.tz)
        if types.is_date32(kind):
            return Times(self._filled(_widened(values(self.array, "int32"), 1)), days=True)
        if types.is_date64(kind):
            return Times(self._filled(_divided(values(self.array, "int64"), 86_400_000)), days=True)
        if self._is_plain:
            found = read_times(many_texts(self.array), self.dialect)
            aware = found.aware if found.aware.any() else False
            only_day = found.only_day if found.only_day.any() else False
            return Times(found.ticks, False, aware, only_day, np.flatnonzero(found.failed))
        return self._as_text("a date, a timestamp or text").times()

    def numbers(self, decimals: int) -> Numbers:
        types, kind = arrow().types, self.array.type
        if types.is_integer(kind):
            return _scaled(self._whole(), 10**decimals)
        if types.is_floating(kind):
            return _exactly(self._floats(), 10**decimals)
        if types.is_decimal(kind):  # whose point is a point, whatever a person's texts beside it have
            return attrs.evolve(self._encoded(), dialect=Dialect()).numbers(decimals)
        if self._is_plain:
            found, failed = read_numbers(many_texts(self.array), decimals, self.dialect.numbers)
            return Numbers(found, np.flatnonzero(failed))
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
        if self._is_plain:
            found, failed = read_spans(many_texts(self.array), self.dialect.numbers)
            return Numbers(found, np.flatnonzero(failed))
        return self._as_text("a duration, a time, a number of seconds or text").spans()

    @property
    def _is_plain(self) -> bool:
        types, kind = arrow().types, self.array.type
        return bool(types.is_string(kind) or types.is_large_string(kind))

    def texts(self) -> Texts:
        types, kind = arrow().types, self.array.type
        if types.is_boolean(kind):
            valid = validity(self.array)
            return Texts(("false", "true"), bits(self.array, 1), None if valid is None else ~valid)
        if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind) or types.is_time(kind):
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
        filled = found if found.flags.owndata else found.copy()  # what it owns was made of the buffer for this alone
        filled[np.flatnonzero(~valid)] = MISSING
        return filled

    def _ticks(self, unit: str) -> Integers:
        ticks: Integers = values(self.array, "int64")
        return self._filled(_divided(ticks, 1_000) if unit == "ns" else _widened(ticks, _MICROSECONDS[unit]))

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
        # what has no value has it of any kind: some drivers call a column that is all blank one of whole numbers
        if arrow().types.is_null(kind) or (len(self) and self.array.null_count == len(self)):
            return TextCells([], np.zeros(len(self), np.intp), np.ones(len(self), bool), self.dialect)
        if not is_text(_plain_type(kind)):
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
        half = arrow().types.is_float16(self.array.type)  # an older pyarrow encodes them only by what lies in memory
        array = self.array.view("uint16") if half else self.array
        array = array if arrow().types.is_dictionary(array.type) else array.dictionary_encode()
        found, lost = decoded(array.dictionary.view("float16") if half else array.dictionary)
        valid, positions = validity(array), values(array.indices, str(array.indices.type))
        distinct = ["" if value is None else written(value) for value in found]
        return TextCells(distinct, positions, None if valid is None else ~valid, self.dialect, lost)


def _revived(array: bytes, dialect: Dialect, where: str) -> ArrowCells:
    return ArrowCells(unpacked(array), dialect, where)


def _scaled(numbers: Integers, scale: int) -> Numbers:
    known, limit = numbers != MISSING, -(-LARGEST // scale)
    too_large = ((numbers >= limit) | (numbers <= -limit)) & known
    if scale == 1 and not too_large.any():
        return Numbers(numbers)
    return Numbers(np.where(known & ~too_large, numbers * scale, MISSING), np.flatnonzero(too_large))


def _exactly(numbers: npt.NDArray[np.floating], scale: int) -> Numbers:
    """Return floats in units of 1 / scale; one that no text with so few decimals gives is bad."""
    with np.errstate(over="ignore"):  # what overflows is too large, as infinity is
        units = np.rint(numbers.astype(np.float64) * scale)
    # held against what it was in its own width: 0.1 in four bytes is 0.1 to whoever wrote it, though not in eight
    inexact = (units / scale).astype(numbers.dtype) != numbers
    return _rounded(np.where(inexact & ~np.isnan(numbers), np.inf, units))


def _rounded(units: npt.NDArray[np.floating]) -> Numbers:
    """Return floats as whole numbers, the nearest; one too large is bad."""
    large = abs(units) >= LARGEST
    missing = np.isnan(units)
    whole = np.rint(np.where(large | missing, 0, units)).astype(np.int64)
    return Numbers(np.where(large | missing, MISSING, whole), np.flatnonzero(large))
