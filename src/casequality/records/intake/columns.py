"""From a source column to the typed column of a field: which column, what its codes and marks mean, and its values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask, read_only
from casequality.errors import InputError, MissingColumn, UsageError
from casequality.records.facts import Codes, DateType, Declared, Field, NumberType, Records, Rule, Sum, index_type
from casequality.records.intake.cells import INFINITE, LARGEST, Cells, Numbers, Positions, Texts, written
from casequality.records.intake.dates import DateReader, SentinelDates
from casequality.records.intake.faults import Again, Fault

REPEATED_HOUR = ("first", "second", "unreadable")
UNKNOWN = "unknown"
NO_DATE = ("none", "open")


@attrs.frozen
class FieldMap:
    """How the columns of one source become the fields of a record type."""

    records: type[Records]
    columns: Mapping[str, str | None] = attrs.field(factory=dict)
    codes: Mapping[str, Mapping[Any, str | None]] = attrs.field(factory=dict)
    marks: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    checks_off: Collection[str] = frozenset()
    repeated_hour: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.repeated_hour not in (None, *REPEATED_HOUR):
            raise UsageError(
                "Times of an hour that the clock shows twice are read in no known way",
                where="repeated_hour=",
                got=self.repeated_hour,
                allowed=REPEATED_HOUR,
                remedy="leave it out, and the order of dates decides where it can",
            )
        fields = self.records.fields
        for argument, named in (("columns", self.columns), ("codes", self.codes), ("marks", self.marks)):
            for name in named:
                _known(name, fields, f"{argument}=", self.records)
        for name in self.codes:
            self._check_codes(fields[name])
        for name in self.marks:
            self._check_marks(fields[name])
        for name in self.checks_off:
            _known(name, [*self.checks, *(rule.name for rule in self.records.rules)], "checks_off=", self.records)

    @property
    def checks(self) -> Mapping[str, str]:
        """The order checks by name, each with the date or child table that it checks against the record's beginning.

        A rule of the record type that says the same takes the place of one.
        """
        start = self.records.begins()
        if start is None:
            return {}
        dates = {name: (name, field) for name, field in self.records.fields.items() if field.is_event and name != start}
        for name, field in self.records.fields.items():
            if field.records is not None and (own := field.records.begins()) is not None:
                dates[f"{name}.{own}"] = name, field.records.fields[own]
        checks = {f"{date}-before-{start}": name for date, (name, field) in dates.items() if not field.may_precede}
        declared = {rule.name for rule in self.records.rules}
        return {check: name for check, name in checks.items() if check not in declared}

    @property
    def checked(self) -> frozenset[str]:
        """The date fields, and the child tables, that may not lie before the record's beginning."""
        return frozenset(field for check, field in self.checks.items() if check not in self.checks_off)

    def rules_of(self, fields: Collection[str], available: Collection[str]) -> tuple[Rule, ...]:
        """Return the rules that concern a question which reads `fields`, of which the source has all fields."""
        return tuple(
            rule
            for rule in self.records.rules
            if rule.name not in self.checks_off
            and not rule.fields.isdisjoint(fields)
            and all(self.column(name) in available for name in rule.fields)
            # two fields that one column feeds say the same: an order between them is never broken
            and (isinstance(rule, Sum) or len({self.column(name) for name in rule.fields}) > 1)
        )

    def column(self, field: str) -> str | None:
        """Return the source column of a field; None where this source is said to have none."""
        return self.columns.get(field, field)

    def needed(self, fields: Collection[str], available: Collection[str] = ()) -> tuple[str, ...]:
        """Return `fields` with those that they cannot be understood or checked without, in declared order.

        available: the columns of the source; the other fields of a rule are read where it has them.
        """
        for name in fields:
            _known(name, self.records.fields, "fields", self.records)
        # whatever is asked, a record counts only once it has begun
        wanted = {*fields, self.records.begins()}
        wanted |= {self.records.fields[name].known_with for name in fields}
        wanted |= {name for rule in self.rules_of(fields, available) for name in rule.fields}
        return tuple(name for name in self.records.fields if name in wanted)

    def mapped(self, available: Collection[str]) -> tuple[str, ...]:
        """Return every field that the source has a column for, child tables apart."""
        return tuple(
            name
            for name, field in self.records.fields.items()
            if not field.column_type.is_table and self.column(name) in available
        )

    def mapped_columns(self, available: Collection[str]) -> list[str]:
        """Return every source column that feeds a field, once."""
        return list(dict.fromkeys(str(self.column(name)) for name in self.mapped(available)))

    def sources(
        self, fields: Collection[str], available: Collection[str], where: str, elsewhere: str = ""
    ) -> dict[str, str]:
        """Return the source column of each field that has one; raise `MissingColumn` for one not there.

        No mappings, no columns: a source that names none has no rows either.
        """
        found = {name: column for name in fields if (column := self.column(name)) is not None}
        for column in found.values():
            if list(available).count(column) > 1:
                raise InputError(
                    "The source has two columns of one name", where=where, got=column, remedy="rename one of them"
                )
        for name, column in found.items():
            if available and column not in available:
                raise MissingColumn(
                    f"The source has no column for the field {name} of {self.records.name}",
                    where=where,
                    got=column,
                    allowed=sorted(available),
                    remedy=f"map it: columns={{{name!r}: <a source column>}}, or to None where the source has none"
                    + elsewhere,
                )
        return found

    def _check_codes(self, field: Field[Any]) -> None:
        where = f"codes={{{field.name!r}: ...}}"
        if not field.column_type.is_code:
            raise UsageError("Codes are mapped for a field that holds none", where=where, got=field.kind)
        for label in self.codes[field.name].values():
            if field.labels and label is not None and label not in field.labels:
                raise UsageError(
                    "A code is mapped to a label that its field does not declare",
                    where=where,
                    got=label,
                    allowed=field.labels,
                    remedy="map it to a declared label, or to None where it means that there is none",
                )

    def _check_marks(self, field: Field[Any]) -> None:
        where = f"marks={{{field.name!r}: ...}}"
        if not field.column_type.is_date:
            raise UsageError("Marks for no date are declared for a field that is no date", where=where, got=field.kind)
        meanings = (UNKNOWN, *NO_DATE, *(word for word in (field.missing, field.unknown) if word))
        for day, meaning in self.marks[field.name].items():
            _day_number(day, where)
            if meaning not in meanings:
                raise UsageError(
                    "A mark for no date has a meaning that its field does not know",
                    where=where,
                    got=meaning,
                    allowed=meanings,
                )

    def label(self, field: Field[Any]) -> Mapping[str, str | None]:
        """Return the label for each text that the source may hold; None where it means that there is none."""
        known: dict[str, str | None] = {label: label for label in field.labels}
        if field.labels == ("yes", "no"):
            known |= dict.fromkeys(("true", "True", "TRUE", "1"), "yes") | dict.fromkeys(
                ("false", "False", "FALSE", "0"), "no"
            )
        return known | {written(value): label for value, label in self.codes.get(field.name, {}).items()}

    def marked(self, field: str, unknown: bool) -> frozenset[int]:
        """Return the days, as numbers, that mark a date as unknown, or else as none."""
        marks, doubtful = self.marks.get(field, {}), (UNKNOWN, self.records.fields[field].unknown)
        return frozenset(_day_number(day, field) for day, meaning in marks.items() if (meaning in doubtful) == unknown)


def _known(name: str, allowed: Collection[str], argument: str, records: type[Records]) -> None:
    if name not in allowed:
        raise UsageError(
            f"{argument} names something that {records.name} does not have",
            where=records.__qualname__,
            got=name,
            allowed=allowed,
            remedy="check the spelling",
        )


INFINITY = {"infinity": INFINITE, "-infinity": -INFINITE}


def _day_number(day: str, where: str) -> int:
    if str(day) in INFINITY:
        return INFINITY[str(day)]
    try:
        return int(np.datetime64(dt.date.fromisoformat(str(day)), "D").astype(np.int64))
    except ValueError:
        raise UsageError(
            "A mark for no date is no day", where=where, got=day, allowed="days as 9999-12-31; infinity, -infinity"
        ) from None


@attrs.frozen(eq=False)
class Typed:
    """A field's column in one block, its faults by the positions of their rows, and what is in doubt.

    A faulty cell holds what a blank one holds. unknown: the rows of which the source does not know the value; suspects:
    the rows whose date may be a mark for none, `suspected` how many there are by day, those too far off too. told:
    findings that put nothing in doubt. again: the times that the clock showed twice, as long as nobody knows which is
    meant; the column holds the first of the two.
    """

    column: npt.NDArray[Any] | Codes
    faults: Collection[Fault] = ()
    unknown: Mask | None = None
    suspects: Mask | None = None
    suspected: Mapping[str, int] = attrs.field(factory=dict)
    told: Collection[Fault] = ()
    again: Again | None = None


@attrs.frozen(eq=False)
class Converter:
    """Reads one field out of the cells of its column, the same whichever library holds them."""

    field: Declared
    date_reader: DateReader
    labels: Mapping[str, str | None]

    @classmethod
    def of(cls, field: Field[Any], mapping: FieldMap, zone: str | None, where: str) -> Converter:
        """Return the converter of a field by the source's mapping."""
        marks = SentinelDates(*(mapping.marked(field.name, unknown) for unknown in (True, False)))
        dates = DateReader(where, field.column_type.whole_days, zone, marks, mapping.repeated_hour)
        return cls(field, dates, mapping.label(field))

    def read(self, cells: Cells) -> Typed:
        """Return the typed column; raise `InputError` where the column as a whole cannot be read."""
        return self.field.column_type.read(self, cells)

    def absent(self, rows: int) -> Typed:
        """Return the column of a field that the source is said not to have."""
        column_type = self.field.column_type
        # A blank code says so itself, in its column: `Records.unstated` asks it there.
        doubtful = self.field.unknown is not None and not column_type.is_code
        return Typed(column_type.blank(rows, self.field), unknown=np.ones(rows, bool) if doubtful else None)

    def keys(self, cells: Cells) -> Typed:
        """Return keys."""
        keys = cells.keys()
        return Typed(read_only(keys.values()), [("missing value", keys.missing)])

    def dates(self, cells: Cells) -> Typed:
        """Return days or instants, whichever the field holds."""
        column_type = self.field.column_type
        assert isinstance(column_type, DateType)
        times = cells.times()
        found = self.date_reader.read(times)
        unknown = self._unknown_blanks(times.ticks, times.bad)
        if unknown is not None and found.unknown is not None:
            unknown = unknown | found.unknown
        unknown = found.unknown if unknown is None else unknown
        column = column_type.column(found.ticks)
        return Typed(column, found.faults, unknown, found.suspects, found.suspected, found.told, found.again)

    def numbers(self, cells: Cells) -> Typed:
        """Return numbers in the smallest unit of the field."""
        return self._numbers(cells.numbers(self.field.decimals))

    def spans(self, cells: Cells) -> Typed:
        """Return lengths of time."""
        return self._numbers(cells.spans())

    def _numbers(self, found: Numbers) -> Typed:
        number = self.field.column_type
        assert isinstance(number, NumberType)
        values, bad = found.values, found.bad
        lowest, highest = int(values.min(initial=0)), int(values.max(initial=0))
        # `MISSING` is negative too, so this look at the ends also says that no value lacks
        if lowest >= 0 and highest < LARGEST:
            return Typed(number.column(values), [("unreadable value", bad)])
        known = values != MISSING
        too_large = known & ((values >= LARGEST) | (values <= -LARGEST))
        below = known & ~too_large & (values < 0) & (not number.below_zero)
        faults: list[Fault] = [
            ("unreadable value", np.union1d(bad, np.flatnonzero(too_large))),
            ("below zero", np.flatnonzero(below)),
        ]
        if self.field.required:
            blank = ~known
            blank[bad] = False
            faults.append(("missing value", np.flatnonzero(blank)))
        values = np.where(too_large | below, MISSING, values) if (too_large | below).any() else values
        return Typed(number.column(values), faults, self._unknown_blanks(found.values, bad))

    def _unknown_blanks(self, ticks: Integers, bad: Positions) -> Mask | None:
        """Return the blank cells where a blank is declared as doubt, the unreadable ones apart; None for none."""
        if self.field.unknown is None:
            return None
        blank: Mask = ticks == MISSING
        blank[bad] = False
        return blank if blank.any() else None

    def codes(self, cells: Cells) -> Typed:
        """Return labels by their number."""
        texts, closed = cells.texts(), bool(self.field.labels)
        wanted = [self._label(text.strip()) for text in texts.distinct]
        names = self.field.labels or tuple(sorted({label for label in wanted if label}))
        number = {label: index for index, label in enumerate(names, start=1)} | {None: 0}
        # one number past all labels, so that what is not declared is found with one comparison
        mark = len(names) + 1
        lookup = np.array([number.get(label, mark) for label in wanted], index_type(len(names)))
        indices = _gathered(lookup, texts)
        faults: list[Fault] = [("unreadable value", texts.bad)]
        if closed and (lookup == mark).any():
            unknown = indices == mark
            faults.append(("unknown code", np.flatnonzero(unknown)))
            indices = np.where(unknown, lookup.dtype.type(0), indices)
            missing = (indices == 0) & ~unknown
        else:
            missing = indices == 0
        if len(texts.bad):
            missing[texts.bad] = False
        if self.field.required and missing.any():
            faults.append(("missing value", np.flatnonzero(missing)))
        return Typed(Codes(indices, names, closed), faults)

    def _label(self, text: str) -> str | None:
        return self.labels.get(text, text) or None


def _gathered(lookup: npt.NDArray[Any], texts: Texts) -> npt.NDArray[Any]:
    if not len(lookup):
        return np.zeros(len(texts.positions), lookup.dtype)
    indices = np.take(lookup, texts.positions, mode="clip")
    if texts.blank is not None:
        indices *= ~texts.blank
    return indices
