"""What a field can hold: each type of column, and all that the library knows of it.

A new one is a class here and a line in `COLUMN_TYPES`. A class that leaves out a part cannot be made; what the kit
invents for it stands with the kit, in `casequality.testing.invented`, which says which type it does not know.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Protocol, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Days, Integers, Mask, local_days, read_only
from casequality.errors import Words
from casequality.records.facts.columns import Children, Codes, index_type

C_contra = TypeVar("C_contra", contravariant=True)
C = TypeVar("C")
T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class Declared(Protocol):
    """What a field says that was declared, which is all that reading its cells asks of it."""

    @property
    def column_type(self) -> ColumnType: ...
    @property
    def unknown(self) -> str | None: ...
    @property
    def labels(self) -> tuple[str, ...]: ...
    @property
    def decimals(self) -> int: ...
    @property
    def required(self) -> bool: ...
    @property
    def records(self) -> type[Any] | None: ...


class Forms(Protocol[C_contra, T_co]):
    """The few forms in which intake reads the cells of a column."""

    def keys(self, cells: C_contra, /) -> T_co: ...
    def dates(self, cells: C_contra, /) -> T_co: ...
    def codes(self, cells: C_contra, /) -> T_co: ...
    def numbers(self, cells: C_contra, /) -> T_co: ...
    def spans(self, cells: C_contra, /) -> T_co: ...


@attrs.frozen
class ColumnType(ABC):
    """One type of column; two of one class are the same."""

    is_key = is_date = is_instant = is_code = is_number = is_table = False
    whole_days = False

    @property
    @abstractmethod
    def name(self) -> str:
        """What `Field.kind`, errors and the plain form of a metric card call it."""

    @property
    @abstractmethod
    def words(self) -> Words:
        """What a metric card says that the field holds."""

    @property
    @abstractmethod
    def looks_like(self) -> tuple[str, ...]:
        """The kinds of columns of an unknown file that could be of it, as `ColumnProfile.kind` says them."""

    @abstractmethod
    def read(self, forms: Forms[C, T], cells: C) -> T:
        """Return what intake makes of cells, in the form that this type is read in."""

    @abstractmethod
    def blank(self, rows: int, field: Declared) -> Any:
        """Return a column of a field in which each row is blank."""

    @abstractmethod
    def plain(self, column: Any) -> list[Any]:
        """Return one plain Python value a row, as lists of cases and JSON hold it; None for none."""

    @abstractmethod
    def faults(self, field: Declared) -> Mapping[str, object]:
        """Return what intake finds wrong with one cell, by the stable name of the fault, each with a cell that has it.

        Dates that cannot be meant are apart: they depend on the source's marks.
        """


class _Ticks(ColumnType):
    """A type whose column is one array of eight-byte numbers, `MISSING` or NaT for none."""

    @property
    @abstractmethod
    def dtype(self) -> str:
        """The type of the column's array."""

    def column(self, ticks: Integers) -> npt.NDArray[Any]:
        """Return the column of which these are the numbers, without copying."""
        return read_only(ticks.view(self.dtype))

    def blank(self, rows: int, field: Declared) -> npt.NDArray[Any]:
        return self.column(np.full(rows, MISSING))

    def plain(self, column: Any) -> list[Any]:
        return list(column.tolist())


class Key(_Ticks):
    """What tells one record from another; objects where some keys are texts."""

    name = "key"
    words = Words("key", "nøgle")
    looks_like = ("text", "whole number")
    dtype = "int64"
    is_key = True

    def read(self, forms: Forms[C, T], cells: C) -> T:
        return forms.keys(cells)

    def faults(self, field: Declared) -> Mapping[str, object]:
        return _missing(field)


class DateType(_Ticks):
    """A date: a required one that is blank makes its record undated, which is no fault."""

    is_date = True

    def read(self, forms: Forms[C, T], cells: C) -> T:
        return forms.dates(cells)

    def faults(self, field: Declared) -> Mapping[str, object]:
        return {"unreadable value": "?"}

    @abstractmethod
    def days(self, column: npt.NDArray[Any], zone: str) -> Days:
        """Return the day on which each date of a column falls in a zone."""

    @abstractmethod
    def limit(self, instant: np.datetime64, day: np.datetime64) -> np.datetime64:
        """Return which of the two forms of an as-of a column is compared with."""

    def from_limit(self, column: npt.NDArray[Any], instant: np.datetime64, day: np.datetime64) -> Mask | None:
        """Return which dates an as-of hides, those at its limit or after, shape (rows,); None for no row."""
        ticks = column.view(np.int64)
        limit = int(self.limit(instant, day).astype(column.dtype).astype(np.int64))
        return ticks >= limit if int(ticks.max(initial=limit - 1)) >= limit else None


class Day(DateType):
    """A calendar day."""

    name = "day"
    words = Words("day", "dag")
    looks_like = ("date", "date and time")
    dtype = "datetime64[D]"
    whole_days = True

    def days(self, column: npt.NDArray[Any], zone: str) -> Days:
        return column

    def limit(self, instant: np.datetime64, day: np.datetime64) -> np.datetime64:
        return day


class Instant(DateType):
    """A point in time, in UTC."""

    name = "instant"
    words = Words("point in time", "tidspunkt")
    looks_like = ("date and time",)
    dtype = "datetime64[us]"
    is_instant = True

    def days(self, column: npt.NDArray[Any], zone: str) -> Days:
        return local_days(column, zone)

    def limit(self, instant: np.datetime64, day: np.datetime64) -> np.datetime64:
        return instant


class Code(ColumnType):
    """A label, of a declared list or an open one."""

    name = "code"
    words = Words("code", "kode")
    looks_like = ("text", "flag", "whole number")
    is_code = True

    def read(self, forms: Forms[C, T], cells: C) -> T:
        return forms.codes(cells)

    def blank(self, rows: int, field: Declared) -> Codes:
        return Codes(np.zeros(rows, index_type(len(field.labels))), field.labels, closed=bool(field.labels))

    def plain(self, column: Any) -> list[Any]:
        return list(column.decode())

    def faults(self, field: Declared) -> Mapping[str, object]:
        unknown: dict[str, object] = {"unknown code": "a label that nobody declares"} if field.labels else {}
        return unknown | _missing(field)


class NumberType(_Ticks):
    """A number that is whole in the smallest unit of its field."""

    is_number = True
    below_zero = False

    def read(self, forms: Forms[C, T], cells: C) -> T:
        return forms.numbers(cells)

    def faults(self, field: Declared) -> Mapping[str, object]:
        below: dict[str, object] = {} if self.below_zero else {"below zero": -1}
        return {"unreadable value": "?"} | below | _missing(field)

    def adds_up_with(self, other: NumberType) -> bool:
        """Return whether the sum of the two is a number again: lengths of time are added to such alone."""
        return self.dtype == other.dtype

    @abstractmethod
    def value(self, ticks: int, field: Declared) -> int | Decimal | dt.timedelta:
        """Return the number as a source may hold it, of which the column holds `ticks`."""


class Count(NumberType):
    """A whole number, 0 or more."""

    name = "count"
    words = Words("whole number", "helt tal")
    looks_like = ("whole number",)
    dtype = "int64"

    def value(self, ticks: int, field: Declared) -> int:
        return ticks


class Amount(NumberType):
    """A number with a fixed count of decimals, below 0 too."""

    name = "amount"
    words = Words("number", "tal")
    looks_like = ("whole number", "number")
    dtype = "int64"
    below_zero = True

    def value(self, ticks: int, field: Declared) -> Decimal:
        return Decimal(ticks).scaleb(-field.decimals)


class Span(NumberType):
    """A length of time, 0 or more, in microseconds."""

    name = "span"
    words = Words("length of time", "varighed")
    looks_like = ("length of time", "whole number", "number")
    dtype = "timedelta64[us]"

    def read(self, forms: Forms[C, T], cells: C) -> T:
        return forms.spans(cells)

    def value(self, ticks: int, field: Declared) -> dt.timedelta:
        return dt.timedelta(microseconds=ticks)


class ChildTable(ColumnType):
    """The rows of another record type that name this record; intake joins them and reads no cell of their own."""

    name = "many"
    words = Words("child table", "underordnet tabel")
    looks_like = ()
    is_table = True

    def read(self, forms: Forms[C, T], cells: C) -> T:
        raise TypeError("a child table is joined, not read from the cells of a column")

    def blank(self, rows: int, field: Declared) -> Children[Any]:
        assert field.records is not None
        return Children(field.records.empty(), np.zeros(rows + 1, np.intp))

    def plain(self, column: Any) -> list[Any]:
        return list(column.count().tolist())

    def faults(self, field: Declared) -> Mapping[str, object]:
        return {}


def _missing(field: Declared) -> dict[str, object]:
    return {"missing value": None} if field.required else {}


COLUMN_TYPES: Final[Mapping[str, ColumnType]] = {
    each.name: each for each in (Key(), Day(), Instant(), Code(), Count(), Amount(), Span(), ChildTable())
}
"""Every type of column, by its name."""
