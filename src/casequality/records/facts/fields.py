"""The fields that a record type declares."""

from __future__ import annotations

from typing import Any, Generic, Protocol, TypeVar, cast, overload

import attrs
import numpy.typing as npt

from casequality.days import Days, Instants, Integers, Spans
from casequality.errors import UsageError
from casequality.records.facts.column_types import (
    Amount,
    ChildTable,
    Code,
    ColumnType,
    Count,
    Day,
    Instant,
    Key,
    Span,
)
from casequality.records.facts.columns import Children, Codes

V = TypeVar("V")


class Columns(Protocol):
    """What a field asks of records, which are built of fields: the column of a name."""

    def column(self, name: str, /) -> Any: ...


R = TypeVar("R", bound=Columns)


@attrs.define(eq=False)
class Field(Generic[V]):
    """One declared field; read on a record type it is itself, read on records it is their column.

    missing: what a blank means where it is a fact ("still open"). unknown: what it means where it is doubt ("not
    stated"): the record has a value, and nobody knows which. Neither, and a value is required.
    planned: a date that lies ahead by intention, so that an as-of does not hide it.
    known_with: the date field whose event makes this code known.
    may_precede: a date that may lie before the record's first date.
    labels: the codes allowed; empty for an open list. decimals: an amount's digits after the comma.
    """

    column_type: ColumnType
    missing: str | None = None
    unknown: str | None = None
    planned: bool = False
    known_with: str | None = None
    may_precede: bool = False
    labels: tuple[str, ...] = ()
    decimals: int = 0
    records: type[Any] | None = None
    name: str = ""

    def __attrs_post_init__(self) -> None:
        if self.missing is not None and self.unknown is not None:
            raise UsageError(
                "A field says of its blanks that they are a fact and that they are doubt",
                got=f"missing={self.missing!r}, unknown={self.unknown!r}",
                remedy="give missing= where a blank says something, such as that a case is still open, and unknown= "
                "where there is a value that nobody stated",
            )

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @property
    def kind(self) -> str:
        """The name of what it holds."""
        return self.column_type.name

    @property
    def required(self) -> bool:
        """Whether a blank is a fault; a blank date makes a record undated instead."""
        return self.missing is None and self.unknown is None

    @property
    def blank_is_doubt(self) -> bool:
        """Whether a blank is doubt: as declared, or, of a code that an event makes known, once that has come about."""
        return self.unknown is not None or (
            self.known_with is not None and self.missing == _not_before(self.known_with)
        )

    @property
    def is_event(self) -> bool:
        """Whether it dates something that happens, which an as-of hides until then."""
        return self.column_type.is_date and not self.planned

    @overload
    def __get__(self, records: None, owner: type) -> Field[V]: ...
    @overload
    def __get__(self, records: Columns, owner: type) -> V: ...
    def __get__(self, records: Columns | None, owner: type) -> Field[V] | V:
        return self if records is None else cast(V, records.column(self.name))


def key() -> Field[npt.NDArray[Any]]:
    """Declare what tells one record from another: integers or text."""
    return Field(Key())


def day(
    *, missing: str | None = None, unknown: str | None = None, planned: bool = False, may_precede: bool = False
) -> Field[Days]:
    """Declare a calendar day; its column is datetime64[D], NaT for none."""
    return Field(Day(), missing=missing, unknown=unknown, planned=planned, may_precede=may_precede)


def instant(
    *, missing: str | None = None, unknown: str | None = None, planned: bool = False, may_precede: bool = False
) -> Field[Instants]:
    """Declare a point in time; its column is datetime64[us] in UTC, NaT for none."""
    return Field(Instant(), missing=missing, unknown=unknown, planned=planned, may_precede=may_precede)


def _not_before(event: str) -> str:
    return f"not known before {event}"


def code(
    *labels: str, missing: str | None = None, unknown: str | None = None, known_with: str | None = None
) -> Field[Codes]:
    """Declare a code out of `labels`, or any label where none is named (a queue, an office)."""
    if len(set(labels)) < len(labels):
        raise UsageError("A code names a label twice", got=", ".join(labels), remedy="name each label once")
    if known_with is not None and missing is None and unknown is None:
        missing = _not_before(known_with)
    return Field(Code(), missing=missing, unknown=unknown, known_with=known_with, labels=labels)


def flag(*, missing: str | None = None, unknown: str | None = None, known_with: str | None = None) -> Field[Codes]:
    """Declare a yes or no; its column is a code with the labels "yes" and "no"."""
    return code("yes", "no", missing=missing, unknown=unknown, known_with=known_with)


def count(*, missing: str | None = None, unknown: str | None = None) -> Field[Integers]:
    """Declare a whole number, 0 or more; int64, `MISSING` for none."""
    return Field(Count(), missing=missing, unknown=unknown)


def amount(*, decimals: int = 0, missing: str | None = None, unknown: str | None = None) -> Field[Integers]:
    """Declare a number with a fixed count of decimals; its column is int64 in the smallest unit."""
    return Field(Amount(), missing=missing, unknown=unknown, decimals=decimals)


def span(*, missing: str | None = None, unknown: str | None = None) -> Field[Spans]:
    """Declare a length of time, 0 or more; timedelta64[us], NaT for none."""
    return Field(Span(), missing=missing, unknown=unknown)


def many(records: type[R]) -> Field[Children[R]]:
    """Declare a child table; its records name the parent by the parent's key field."""
    return Field(ChildTable(), missing="none", records=records)
