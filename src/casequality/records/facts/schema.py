"""Records: typed, read-only columns of one declared type."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Generic, Self, TypeAlias, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import DAY_UNIT, MISSING, Integers, Mask, known_range, read_only
from casequality.errors import MissingColumn, UsageError
from casequality.records.facts.column_types import DateType
from casequality.records.facts.columns import Children, Codes
from casequality.records.facts.fields import Field
from casequality.records.facts.findings import Doubts, either
from casequality.records.facts.rules import each_rule

Column: TypeAlias = "npt.NDArray[Any] | Codes | Children[Records]"
Rows: TypeAlias = "slice | Mask | npt.NDArray[np.intp]"
NO_DOUBTS = Doubts()
Prepare = TypeVar("Prepare", bound=Callable[..., Any])
_PREPARED: dict[type, Callable[..., Any]] = {}
"""What prepares the rows of a record type. It stands here and not in the type, which is part of a metric's own code."""


class Records:
    """A block of records of one type; each declared field reads as a column.

    Subclass it with fields and a name: `class Call(Records, name="calls"): queued_at = instant()`.
    The first required date is the record's beginning: other events may not lie before it.
    What else must hold between fields is declared in the class as `rules = ordered(...) + sums(...)`.
    """

    name: ClassVar[str] = ""
    fields: ClassVar[Mapping[str, Field[Any]]] = {}
    rules: ClassVar[Sequence[Any]] = ()

    def __init_subclass__(cls, *, name: str = "", **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = name or cls.name
        own = {key: value for key, value in vars(cls).items() if isinstance(value, Field)}
        cls.fields = {**cls.fields, **own}
        if own and not cls.name:
            raise UsageError(
                "A record type has no name", where=cls.__qualname__, remedy='write class ...(Records, name="cases")'
            )
        for field in own.values():
            if field.known_with is not None and field.known_with not in cls.fields:
                raise UsageError(
                    "A code is known with a date that its record type does not declare",
                    where=f"{cls.__qualname__}.{field.name}",
                    got=field.known_with,
                    allowed=cls.fields,
                )

        inherited = [rule for base in cls.__mro__[1:2] for rule in getattr(base, "rules", ())]
        declared = each_rule(vars(cls).get("rules", ()), cls.fields, cls.__qualname__)
        cls.rules = tuple(dict.fromkeys([*inherited, *declared]))

    def __init__(self, columns: Mapping[str, Column], length: int, doubts: Doubts | None = None) -> None:
        self._columns = columns
        self._length = length
        self._doubts = doubts or NO_DOUBTS

    def __len__(self) -> int:
        return self._length

    @property
    def loaded(self) -> Collection[str]:
        """The fields whose columns were read."""
        return self._columns.keys()

    def column(self, name: str) -> Column:
        """Return the column of one field, or raise `MissingColumn` where the source has none."""
        try:
            return self._columns[name]
        except KeyError:
            raise MissingColumn(
                "A metric reads a field that the source was not read for",
                where=f"{self.name}.{name}",
                allowed=self._columns,
                remedy=f"map it: columns={{{name!r}: <the source's column>}}",
            ) from None

    def __getitem__(self, rows: Rows) -> Self:
        """Return the chosen rows: a slice without copying, a mask or positions with."""
        chosen = {name: _chosen(column, rows) for name, column in self._columns.items()}
        length = (
            len(range(*rows.indices(len(self)))) if isinstance(rows, slice) else len(np.empty(len(self), "?")[rows])
        )
        return type(self)(chosen, length, self._doubts[rows])

    @property
    def doubts(self) -> Doubts:
        """What may be wrong with these records, apart from their child rows."""
        return self._doubts

    def with_doubts(self, doubts: Doubts) -> Self:
        """Return the same records, with other doubts."""
        return type(self)(self._columns, self._length, doubts)

    def in_doubt(self, fields: Collection[str]) -> Mask | None:
        """Return the rows that a question which reads `fields` sets aside, for a fault in one of them; None for none.

        A fault in a field that it does not read is no fault to it.
        """
        return self._doubts.of(fields)

    def blurred(self, name: str, fields: Collection[str]) -> Mask | None:
        """Return the rows whose field `name` a question which reads `fields` cannot trust; None for no row."""
        return self._doubts.of(fields, name)

    def suspected(self, name: str) -> Mask | None:
        """Return the rows whose date in a field may be an undeclared mark for "no date"; None for no row."""
        return either([self._doubts.suspected.get(name)])

    def unknown_in(self, name: str) -> Mask | None:
        """Return the rows whose date or number in a field is not known to the source itself; None for no row.

        It was marked as unknown, or is blank where a blank is declared as doubt. Codes have `unstated`.
        """
        return either([self._doubts.unknown.get(name)])

    def known(self, *fields: str) -> Mask:
        """Return of which records the dates and numbers in these fields (all, where none is named) are known.

        A blank that is a fact is known; one that a mark declares as unknown is blank as well, and is not. Shape
        (records,).
        """
        unknown = either([self.unknown_in(name) for name in fields or self._doubts.unknown])
        return np.ones(len(self), bool) if unknown is None else ~unknown

    def unknown(self, fields: Collection[str]) -> Mask | None:
        """Return the rows where one of `fields` is unknown, in the record or in one of its child rows; None for no row.

        A field of a child table is named `notices.sent_on`; a record is unknown for a faulty child row only where the
        faulty field is among `fields`.
        """
        masks = [self.unknown_in(name) for name in fields]
        for children, names in self._children(fields):
            masks.append(children.unknown)
            below = either([children.rows.in_doubt(names), children.rows.unknown(names)])
            masks += [] if below is None else [children.any(below)]
        return either(masks)

    def with_undated_rows(self, fields: Collection[str]) -> Mask | None:
        """Return the records with a child row that lacks the day on which it began, if `fields` has it; None for none.

        It may have been any day, also one after an as-of.
        """
        masks = []
        for children, names in self._children(fields):
            begins = children.rows.begins()
            dates = children.rows._columns.get(begins) if begins in names else None
            undated = np.isnat(dates) if isinstance(dates, np.ndarray) else None
            masks += [children.any(undated)] if undated is not None and undated.any() else []
        return either(masks)

    def unstated(self, fields: Collection[str]) -> Mask | None:
        """Return the rows with a blank in a code of `fields` where a blank is declared as doubt; None for no row.

        A code that is known with an event is unstated only where that event has come about; a faulty code is no blank.
        """
        masks = [self._unstated(name) for name in fields if name in self._columns]
        for children, names in self._children(fields):
            below = children.rows.unstated(names)
            masks += [] if below is None else [children.any(below)]
        return either(masks)

    def _unstated(self, name: str) -> Mask | None:
        column, field = self._columns[name], self.fields[name]
        if not field.blank_is_doubt or not isinstance(column, Codes):
            return None
        blank = column.missing
        if field.known_with is not None:
            event, unknown = self._columns.get(field.known_with), self.unknown_in(field.known_with)
            come = ~np.isnat(event) if isinstance(event, np.ndarray) else np.zeros(len(self), bool)
            blank = blank & (come if unknown is None else come | unknown)
        faulty = self._doubts.blurring(name)
        return either([blank if faulty is None else blank & ~faulty])

    def _children(self, fields: Collection[str]) -> list[tuple[Children[Records], set[str]]]:
        """Return the child tables among `fields`, each with those of its own fields that are."""
        return [
            (column, {field.partition(".")[2] for field in fields if field.startswith(f"{name}.")})
            for name, column in self._columns.items()
            if isinstance(column, Children) and name in fields
        ]

    @classmethod
    def prepare_by(cls, function: Prepare) -> Prepare:
        """Declare what makes records of rows that are none yet, where a source is told to `prepare` them; a decorator.

        function: takes the data, what is asked as a mapping, and how they are mapped, and returns a `Source`.
        """
        _PREPARED[cls] = function
        return function

    @classmethod
    def prepared(cls, data: Any, prepare: Mapping[str, Any], **mapping: Any) -> Any:
        """Return the source of data that are to be prepared first; raise `UsageError` where nothing is declared."""
        made = next((_PREPARED[kind] for kind in cls.__mro__ if kind in _PREPARED), None)
        if made is None:
            raise UsageError(
                "Records of this type are taken as they come",
                where=cls.name,
                got=f"prepare = {', '.join(prepare)}",
                remedy="leave prepare out",
            )
        return made(data, prepare, **mapping)

    @classmethod
    def begins(cls) -> str | None:
        """Return the field that dates a record's beginning, or None where no date is required."""
        return next((name for name, field in cls.fields.items() if field.is_event and field.required), None)

    @classmethod
    def key_field(cls) -> str | None:
        """Return the field that is the record's key, or None."""
        return next((name for name, field in cls.fields.items() if field.column_type.is_key), None)

    @classmethod
    def empty(cls) -> Self:
        """Return no records, with every column."""
        return cls({name: field.column_type.blank(0, field) for name, field in cls.fields.items()}, 0)

    def begun(self, instant: np.datetime64, day: np.datetime64) -> Mask:
        """Return which records had begun before an as-of; shape (records,)."""
        later = self.later(instant, day)
        return np.ones(len(self), bool) if later is None else ~later

    def later(self, instant: np.datetime64, day: np.datetime64, fields: Collection[str] | None = None) -> Mask | None:
        """Return which records had not begun before an as-of, shape (records,); None for no record.

        fields: those that a question reads; a record whose beginning it cannot trust is not later to it.
        """
        start = self.begins()
        if start is None or start not in self._columns:
            return None
        later = self._future(start, instant, day)
        blurred = None if later is None or fields is None else self.blurred(start, fields)
        return later if later is None or blurred is None else either([later & ~blurred])

    def known_at(self, instant: np.datetime64, day: np.datetime64) -> Self:
        """Return the records as they were known at an as-of.

        Events at or after `instant` (for days: on or after `day`) are hidden, and the codes known only with them;
        planned dates stay.
        """
        columns, doubts = dict(self._columns), self._doubts
        for name, column in self._columns.items():
            field = self.fields[name]
            if field.is_event:
                future = self._future(name, instant, day)
                if future is not None:
                    _hide(columns, self.fields, name, future)
                    if name != self.begins():  # hidden or a mark for none: there is no date either way
                        doubts = doubts.without_suspects(name, future)
            elif isinstance(column, Children):
                columns[name] = _children_known_at(column, instant, day)
        return type(self)(columns, len(self), doubts)

    def distinct(self, room: int) -> Distinct[Self] | None:
        """Return each different record once, with how many there are of it; None where that does not pay.

        So it is where a column holds neither days nor codes, where more than `room` records could differ by the days
        and labels that occur, and where anything is in doubt, which is said of each record.
        """
        scales: list[_Scale] = []
        for column in () if self._doubts else self._columns.values():
            scale = _Scale.of(column)
            if scale is None or math.prod(each.width for each in (*scales, scale)) > room:
                return None
            scales.append(scale)
        if not scales or not len(self):
            return None
        codes = _numbered(self._columns.values(), scales, len(self))
        counts = np.bincount(codes, minlength=math.prod(each.width for each in scales))
        met = rest = np.flatnonzero(counts != 0)
        columns: dict[str, Column] = {}
        for (name, column), scale in zip(reversed([*self._columns.items()]), reversed(scales), strict=True):
            rest, digits = scale.parted(rest)
            columns[name] = scale.column(digits, column)
        in_order = {name: columns[name] for name in self._columns}
        return Distinct(type(self)(in_order, len(met)), counts[met], codes, met)

    def _future(self, name: str, instant: np.datetime64, day: np.datetime64) -> Mask | None:
        column, date = self._columns[name], self.fields[name].column_type
        assert isinstance(column, np.ndarray)
        assert isinstance(date, DateType)
        return date.from_limit(column, instant, day)


_R = TypeVar("_R", bound=Records)


@attrs.frozen(eq=False, repr=False)
class Distinct(Generic[_R]):
    """Each different record of a block once, in no order that means anything.

    alike: how many rows of the block each of them stands for, shape (records,). codes: which record each row is, by
    its code, shape (rows,). met: the codes of the records, rising, shape (records,).
    """

    records: _R
    alike: Integers
    codes: Integers
    met: npt.NDArray[np.intp]

    def rows(self, positions: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Return the positions of the rows that some of the records stand for, in order."""
        wanted = np.zeros(int(self.met[-1]) + 1, bool)
        wanted[self.met[positions]] = True
        return np.flatnonzero(wanted[self.codes])


@attrs.frozen
class _Scale:
    """How a column of days or codes becomes one digit of a number: `nothing` is 0, and `width` digits there are.

    some_missing: whether some record has nothing.
    """

    nothing: int
    width: int
    some_missing: bool = True

    @classmethod
    def of(cls, column: Column) -> _Scale | None:
        """Return the scale of a column; None for one of another kind."""
        if isinstance(column, Codes):
            return cls(0, len(column.labels) + 1)
        if not isinstance(column, np.ndarray) or column.dtype != DAY_UNIT:
            return None
        days = column.view(np.int64)
        low, high = known_range(days)
        return cls(low - 1, high - low + 2, bool(len(days)) and int(days.min()) == MISSING)

    def parted(self, codes: Integers) -> tuple[Integers, Integers]:
        """Return numbers without their last digit, and that digit; dividing alone is many times as fast as `divmod`."""
        if self.width == 1:
            return codes, np.zeros(len(codes), np.int64)
        rest: Integers = codes // self.width
        return rest, codes - rest * self.width

    def column(self, digits: Integers, like: Column) -> Column:
        """Return a column of the same kind as another, of other records."""
        if isinstance(like, Codes):
            return attrs.evolve(like, indices=digits.astype(like.indices.dtype))
        days = digits + self.nothing
        if self.some_missing:
            days[digits == 0] = MISSING
        return read_only(days.view(DAY_UNIT))


def _numbered(columns: Iterable[Column], scales: Iterable[_Scale], rows: int) -> Integers:
    """Return one number a record, of a digit a column; what the digits begin with is taken off all at once."""
    codes, nothing = np.zeros(rows, np.int64), 0
    for column, scale in zip(columns, scales, strict=True):
        if scale.width == 1:
            continue
        codes *= scale.width
        if isinstance(column, Codes):
            codes += column.indices
        else:
            days = np.asarray(column).view(np.int64)
            codes += np.maximum(days, scale.nothing) if scale.some_missing else days
        nothing = nothing * scale.width + scale.nothing
    codes -= nothing
    return codes


def _chosen(column: Column, rows: Rows) -> Column:
    chosen = column[rows]
    return read_only(chosen) if isinstance(chosen, np.ndarray) else chosen


def _hide(columns: dict[str, Column], fields: Mapping[str, Field[Any]], name: str, future: Mask) -> None:
    dates = columns[name]
    assert isinstance(dates, np.ndarray)
    columns[name] = read_only(np.where(future, np.array("NaT", dates.dtype), dates))
    for other, column in columns.items():
        if isinstance(column, Codes) and fields[other].known_with == name:
            columns[other] = column.hidden(future)


def _children_known_at(children: Children[Records], instant: np.datetime64, day: np.datetime64) -> Children[Records]:
    """Return the child rows that had begun; whether one had of which nobody knows when it began, nobody knows."""
    rows, later = children.rows, children.rows.later(instant, day)
    blurred = rows.doubts.blurring(rows.begins() or "")
    left_out = either([later, blurred])
    if left_out is None:
        return attrs.evolve(children, rows=rows.known_at(instant, day))
    starts = np.concatenate(([0], np.cumsum(children.count(~left_out)))).astype(np.intp)
    unknown = either([children.unknown, None if blurred is None else children.any(blurred)])
    return Children(rows[~left_out].known_at(instant, day), starts, unknown)
