"""How the columns of a source become fields: which column, or two, and what its codes, marks and blanks mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from casequality.errors import InputError, MissingColumn, UsageError, meant, nearest
from casequality.privacy import columns_told
from casequality.records.facts import Field, Records, Rule, Sum
from casequality.records.intake.cells import INFINITE, Clock, written

REPEATED_HOUR = ("first", "second", "unreadable")
UNKNOWN = "unknown"
NO_DATE = ("none", "open")


@attrs.frozen
class FieldMap:
    """How the columns of one source become the fields of a record type; `source` says what each argument of it means.

    by_file: what fields have in all rows of a file, by its name, "" for every file.
    """

    records: type[Records]
    columns: Mapping[str, str | Sequence[str] | None] = attrs.field(factory=dict)
    codes: Mapping[str, Mapping[Any, str | None]] = attrs.field(factory=dict)
    marks: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    checks_off: Collection[str] = frozenset()
    repeated_hour: str | None = None
    next_day: Mapping[str, str] = attrs.field(factory=dict)
    defaults: Mapping[str, str] = attrs.field(factory=dict)
    by_file: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)

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
        for argument in ("columns", "codes", "marks", "next_day", "defaults"):
            for name in getattr(self, argument):
                _known(name, fields, f"{argument}=", self.records)
        self._check_clocks()
        for name in self.defaults:
            self._check_default(fields[name])
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

    def names(self) -> set[str]:
        """Return every name that somebody gave a column: fields, and what they are mapped to. No other is shown."""
        given = (each for each in self.columns.values() if each is not None)
        return {*self.records.fields}.union(*([each] if isinstance(each, str) else each for each in given))

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
        """Return the source column of a field, that of its day where another has the clock; None for none."""
        found = None if any(field in fixed for fixed in self.by_file.values()) else self.columns.get(field, field)
        return found if found is None or isinstance(found, str) else found[0]

    def clock(self, field: str) -> Clock | None:
        """Return which columns the times of a field are in, where it has one for the day and one for the clock."""
        given, start = self.columns.get(field), self.next_day.get(field)
        if given is None or isinstance(given, str):
            return None
        return Clock(given[0], given[1], None if start is None else self.clock(start))

    def taken(self, fields: Iterable[str], available: Collection[str]) -> list[str]:
        """Return every source column that feeds these fields, once."""
        clocks = [clock for name in fields if (clock := self.clock(name)) is not None]
        day_columns = [column for name in fields if (column := self.column(name)) is not None and column in available]
        return list(dict.fromkeys([*day_columns, *(column for clock in clocks for column in clock.columns)]))

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
        return self.taken(self.mapped(available), available)

    def sources(
        self, fields: Collection[str], available: Collection[str], where: str, has_header: bool = False
    ) -> dict[str, str]:
        """Return the source column of each field that has one; raise `MissingColumn` for one not there.

        has_header: whether one may say in which row a file names its columns.
        No mappings, no columns: a source that names none has no rows either.
        """
        found = {name: column for name in fields if (column := self.column(name)) is not None}
        for column in found.values():
            if list(available).count(column) > 1:
                raise InputError(
                    "The source has two columns of one name", where=where, got=column, remedy="rename one of them"
                )
        clocks = {name: clock for name in fields if (clock := self.clock(name)) is not None}
        whole = [*found.items(), *((name, column) for name, clock in clocks.items() for column in clock.columns)]
        for name, column in whole:
            if available and column not in available:
                map_it = f"map it: columns={{{name!r}: <a source column>}}, or to None where the source has none"
                if has_header:
                    map_it = f"{map_it}, or say in which row the columns are named: header=3"
                raise MissingColumn(
                    f"The source has no column for the field {name} of {self.records.name}",
                    where=where,
                    got=column,
                    allowed=columns_told(available, self.names()),
                    remedy=meant(nearest(column, self.names() & set(available)), map_it),
                )
        return found

    def _check_clocks(self) -> None:
        for name, given in self.columns.items():
            if given is None or isinstance(given, str):
                continue
            if not isinstance(given, (list, tuple)):
                raise UsageError(
                    "A column is named by what is no text",
                    where=f"columns={{{name!r}: ...}}",
                    got=type(given).__name__,
                    remedy="give the columns of the frame names that are texts, and say which of them it is",
                )
            pair = len(given) == 2 and all(isinstance(each, str) for each in given)
            if not pair or not self.records.fields[name].column_type.is_instant:
                raise UsageError(
                    "A field is mapped to several columns that are no day and clock of an instant",
                    where=f"columns={{{name!r}: ...}}",
                    got=f"{len(given)} columns for a field of kind {self.records.fields[name].kind}",
                    allowed=[name for name, field in self.records.fields.items() if field.column_type.is_instant],
                    remedy='name one column, or for an instant that of its day and that of its clock: ["Dato", "Tid"]',
                )
        for name, start in self.next_day.items():
            if self.clock(name) is None or self.clock(start) is None or start in self.next_day:
                raise UsageError(
                    "next_day= needs two fields with a day and a clock, of which the first is after the second",
                    where=f"next_day={{{name!r}: ...}}",
                    got=start,
                    remedy='map both to two: columns={"ended_at": ["Dato", "Slut"], "began_at": ["Dato", "Start"]}',
                )

    def _check_default(self, field: Field[Any]) -> None:
        label = self.defaults[field.name]
        fits = field.column_type.is_code and field.known_with is None and bool(label)
        if fits and (not field.labels or label in field.labels):
            return
        raise UsageError(
            "A blank cannot be read as this",
            where=f"defaults={{{field.name!r}: ...}}",
            got=label,
            allowed=field.labels or "a label, for a code",
            remedy="give a label of the code; a code that is known with a date is blank until then, and has no default",
        )

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
            remedy=meant(nearest(name, allowed)) or "check the spelling",
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
