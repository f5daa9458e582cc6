"""From the cells of a source to the typed column of a field: values, faults, and what is in doubt."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask, read_only
from casequality.errors import UsageError
from casequality.records.facts import Codes, DateType, Declared, Field, NumberType, index_type
from casequality.records.intake.cells import (
    DAY,
    LARGEST,
    Cells,
    Clock,
    Dialect,
    Numbers,
    ObjectCells,
    Positions,
    Texts,
    Times,
    trimmed,
)
from casequality.records.intake.columns import FieldMap
from casequality.records.intake.dates import DateReader, SentinelDates
from casequality.records.intake.faults import SHOWN_TWICE, Again, Fault

BY_DEFAULT = "blank read by default"


@attrs.frozen(eq=False, repr=False)
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

    def settled(self, ticks: Integers, undecided: Positions) -> Typed:
        """Return the column with the instants that are meant, and those of which nobody can tell at fault."""
        column, faults = read_only(ticks.view("datetime64[us]")), [*self.faults, (SHOWN_TWICE, undecided)]
        return attrs.evolve(self, column=column, faults=faults, again=None)


@attrs.frozen(eq=False, repr=False)
class Converter:
    """Reads one field out of the cells of its column, the same whichever library holds them."""

    field: Declared
    date_reader: DateReader
    labels: Mapping[str, str | None]
    dialect: Dialect = attrs.field(factory=Dialect)
    default: str | None = None
    clock: Clock | None = None
    by_file: Mapping[str, Any] = attrs.field(factory=dict)

    @classmethod
    def of(cls, field: Field[Any], mapping: FieldMap, zone: str | None, dialect: Dialect, where: str) -> Converter:
        """Return the converter of a field by the source's mapping."""
        marks = SentinelDates(*(mapping.marked(field.name, unknown) for unknown in (True, False)))
        dates = DateReader(where, field.column_type.whole_days, zone, marks, mapping.repeated_hour)
        default, fixed = mapping.defaults.get(field.name), mapping.by_file
        by_file = {file: values[field.name] for file, values in fixed.items() if field.name in values}
        return cls(field, dates, mapping.label(field), dialect, default, mapping.clock(field.name), by_file)

    def read(self, cells: Cells) -> Typed:
        """Return the typed column; raise `InputError` where the column as a whole cannot be read."""
        return self.field.column_type.read(self, cells)

    def read_together(self, cells: Mapping[str, Cells]) -> Typed:
        """Return the typed column of a field that has a column for its day and one for its clock."""
        assert self.clock is not None
        times = self.clock.cells(cells, self.dialect).times()
        if not self.field.required:
            # a day shared with other fields, and no clock: it has not happened, unless the day is a mark
            marks = self.date_reader.marks
            marked = np.isin(times.ticks // DAY, list(marks.unknown | marks.none))
            ticks = np.where(times.only_day & ~marked, MISSING, times.ticks)
            times = attrs.evolve(times, ticks=ticks, only_day=times.only_day & marked)
        return self._dates(times)

    def absent(self, rows: int, file: str | None = None) -> Typed:
        """Return the column of a field of which the source has no column: the same in all rows of a file, or blank."""
        name = file if file in self.by_file else (file or "").rpartition(", ")[0]
        if (value := self.by_file.get(name or "", self.by_file.get(""))) is not None:
            one = ObjectCells([value], self.dialect)
            return self.read(one[np.zeros(rows, np.intp)])
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
        return self._dates(cells.times())

    def _dates(self, times: Times) -> Typed:
        column_type = self.field.column_type
        assert isinstance(column_type, DateType)
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
        wanted = [self._label(trimmed(text)) for text in texts.distinct]
        names = self.field.labels or tuple(sorted({label for label in [*wanted, self.default] if label}))
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
        if self.default is not None and missing.any():
            indices = np.where(missing, indices.dtype.type(number[self.default]), indices)
            return Typed(Codes(indices, names, closed), faults, told=[(BY_DEFAULT, np.flatnonzero(missing))])
        if self.field.required and missing.any():
            faults.append(("missing value", np.flatnonzero(missing)))
        return Typed(Codes(indices, names, closed), faults)

    def _label(self, text: str) -> str | None:
        return self.labels.get(text, text) or None


FEW: Final = 6
"""Up to how many distinct texts every row is compared with each, which takes half the time of looking it up."""


def _few(lookup: npt.NDArray[Any], positions: npt.NDArray[np.integer]) -> npt.NDArray[Any]:
    """Return the number of each row's text; a row without a text may have any position, and gets any number."""
    narrow = positions.astype(np.uint8, copy=False)
    found = np.zeros(len(positions), lookup.dtype)
    for place, number in enumerate(lookup):
        found |= np.multiply(narrow == place, number, dtype=lookup.dtype)
    return found


def _gathered(lookup: npt.NDArray[Any], texts: Texts) -> npt.NDArray[Any]:
    if not len(lookup):
        return np.zeros(len(texts.positions), lookup.dtype)
    indices = _few(lookup, texts.positions) if len(lookup) <= FEW else np.take(lookup, texts.positions, mode="clip")
    if texts.blank is not None:
        indices *= ~texts.blank
    return indices


def with_constants(
    mapping: FieldMap, by_file: Mapping[str, Mapping[str, Any]], dialect: Dialect, zone: str | None
) -> FieldMap:
    """Return the mapping with what fields have in all rows of each file, "" for every file; each is tried once."""
    if not any(by_file.values()):
        return mapping
    for field, value in {(field, value) for fixed in by_file.values() for field, value in fixed.items()}:
        known = mapping.records.fields.get(field)
        if known is None or known.column_type.is_table or field in mapping.columns or known.column_type.is_key:
            raise UsageError(
                "A constant is given for no field, or for one that has a column",
                where="constants= or file_name=",
                got=field,
                allowed=[name for name in mapping.records.fields if name not in mapping.columns],
            )
        fixed = attrs.evolve(mapping, by_file={"": {field: value}})
        if any(len(rows) for _, rows in Converter.of(known, fixed, zone, dialect, field).absent(1).faults):
            raise UsageError(
                "A constant is no value of its field",
                where=f"constants= or file_name=, {field}",
                allowed=known.labels or f"what a column of kind {known.kind} holds",
                remedy="write it as the source would: by its dialect and codes",
            )
    return attrs.evolve(mapping, by_file=by_file)
