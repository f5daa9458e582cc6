"""The fields that a record type declares, and the rules that must hold between the fields of one record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, cast, overload

import attrs
import numpy.typing as npt

from casequality.days import Days, Instants, Integers, Spans
from casequality.errors import UsageError, Words, words
from casequality.records.facts.column_types import (
    Amount,
    ChildTable,
    Code,
    ColumnType,
    Count,
    Day,
    Instant,
    Key,
    NumberType,
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


def code(
    *labels: str, missing: str | None = None, unknown: str | None = None, known_with: str | None = None
) -> Field[Codes]:
    """Declare a code out of `labels`, or any label where none is named (a queue, an office)."""
    if len(set(labels)) < len(labels):
        raise UsageError("A code names a label twice", got=", ".join(labels), remedy="name each label once")
    if known_with is not None and missing is None and unknown is None:
        missing = f"not known before {known_with}"
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


@attrs.frozen
class Ordered:
    """Dates of which none lies before the one named before it; made by `ordered`."""

    dates: tuple[str, ...]
    says: Words

    @property
    def fields(self) -> frozenset[str]:
        """The fields between which it holds."""
        return frozenset(self.dates)

    @property
    def name(self) -> str:
        """What it is switched off by."""
        return "-before-".join(reversed(self.dates))

    @property
    def blamed(self) -> str:
        """The field whose column a finding names."""
        return self.dates[-1]


@attrs.frozen
class Sum:
    """A number that is the sum of others, or with `at_least` no less than it; made by `sums`."""

    total: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    at_least: bool
    says: Words

    @property
    def fields(self) -> frozenset[str]:
        """The fields between which it holds."""
        return frozenset({self.total, *self.plus, *self.minus})

    @property
    def name(self) -> str:
        """What it is switched off by."""
        return "-".join((self.total, "at-least" if self.at_least else "is", *self.plus, *self.minus))

    @property
    def blamed(self) -> str:
        """The field whose column a finding names."""
        return self.total


Rule: TypeAlias = Ordered | Sum


def ordered(*dates: str, says: Mapping[str, str] | Words | None = None) -> tuple[Rule, ...]:
    """Declare the order of two or more date fields of one record: none lies before the one named before it.

    A day and an instant are compared by local day; blanks are skipped. Each neighbour is compared with the next, and a
    breach concerns the questions that read either. says: the sentence of a breach, `en` and `da`.

    >>> [rule.name for rule in ordered("offered_at", "queued_at", "answered_at")]
    ['queued_at-before-offered_at', 'answered_at-before-queued_at']
    """
    if len(dates) < 2 or len(set(dates)) < len(dates):
        raise UsageError(
            "A rule orders fewer than two different dates", got=", ".join(dates), remedy='ordered("sent_on", "read_on")'
        )
    return tuple(
        Ordered((first, then), _said(says, f"{then} before {first}", f"{then} ligger før {first}"))
        for first, then in pairwise(dates)
    )


def sums(
    total: str,
    *,
    plus: Sequence[str],
    minus: Sequence[str] = (),
    at_least: bool = False,
    says: Mapping[str, str] | Words | None = None,
) -> tuple[Rule, ...]:
    """Declare that a number of each record is the sum of others, or with `at_least` no less than it.

    The fields are counts and amounts, or spans; a record with a blank in one of them is skipped.
    says: the sentence of a breach, `en` and `da`.

    >>> [rule.says.en for rule in sums("clearance", plus=["resolutions"], minus=["filings"])]
    ['clearance is not resolutions - filings']
    """
    named = (total, *plus, *minus)
    if not plus or isinstance(plus, str) or isinstance(minus, str) or len(set(named)) < len(named):
        raise UsageError(
            "A rule adds up no fields, or one of them twice",
            got=", ".join(named),
            remedy='sums("clearance", plus=["resolutions"], minus=["filings"])',
        )
    terms = " + ".join(plus) + "".join(f" - {each}" for each in minus)
    en, da = ("is less than", "er mindre end") if at_least else ("is not", "er ikke")
    made = _said(says, f"{total} {en} {terms}", f"{total} {da} {terms}")
    return (Sum(total, tuple(plus), tuple(minus), at_least, made),)


def each_rule(declared: Any, fields: Mapping[str, Field[Any]], where: str) -> Iterator[Rule]:
    """Yield the rules that a record type declares; raise `UsageError` for one that its fields cannot keep."""
    for rule in declared if isinstance(declared, (tuple, list)) else (declared,):
        if isinstance(rule, (tuple, list)):
            yield from each_rule(rule, fields, where)
            continue
        if not isinstance(rule, (Ordered, Sum)):
            raise UsageError(
                "A record type declares a rule that is none",
                where=f"{where}.rules",
                got=type(rule).__name__,
                remedy="rules = cq.ordered(...) + cq.sums(...)",
            )
        _check_fields(rule, fields, where)
        yield rule


def _check_fields(rule: Rule, fields: Mapping[str, Field[Any]], where: str) -> None:
    held = {name: field.column_type for name, field in fields.items()}
    if isinstance(rule, Ordered):
        fitting = [name for name, each in held.items() if each.is_date]
        compared = rule.fields <= set(fitting)
    else:
        numbers = {name: each for name, each in held.items() if isinstance(each, NumberType)}
        fitting, total = [*numbers], numbers.get(rule.total)
        compared = total is not None and all(
            name in numbers and numbers[name].adds_up_with(total) for name in rule.fields
        )
    if compared:
        return
    raise UsageError(
        "A rule holds between fields that cannot be compared",
        where=f"{where}.rules",
        got=", ".join(sorted(rule.fields)),
        allowed=fitting,
        remedy="name days and instants in one rule, counts and amounts in one, spans in one",
    )


def _said(says: Mapping[str, str] | Words | None, en: str, da: str) -> Words:
    found = Words(en, da) if says is None else words(says, "says=")
    if ": " in f"{found.en} {found.da}":
        raise UsageError("The sentence of a rule holds a colon", got=found.en, remedy="write it without one")
    return found
