"""From a source column to the typed column of a field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Integers, Mask, read_only
from casequality.records.codes import Codes, index_type
from casequality.records.fields import Field, Kind
from casequality.records.intake.cells import Cells, Positions, Texts
from casequality.records.intake.dates import DateReader
from casequality.records.intake.faults import Fault
from casequality.records.intake.mapping import FieldMap
from casequality.records.intake.number_texts import LARGEST
from casequality.records.intake.screening import Screen
from casequality.records.schema import DTYPES


@attrs.frozen(eq=False)
class Typed:
    """A field's column in one block, its faults by the positions of their rows, and what is in doubt.

    A faulty cell holds what a blank one holds. unknown: the rows of which the source does not know the value;
    suspects: the rows whose date may be a mark for none, `suspected` how many there are by day, those too far off too.
    """

    column: npt.NDArray[Any] | Codes
    faults: Collection[Fault] = ()
    unknown: Mask | None = None
    suspects: Mask | None = None
    suspected: Mapping[str, int] = attrs.field(factory=dict)


@attrs.frozen(eq=False)
class Converter:
    """Reads one field out of the cells of its column, the same whichever library holds them."""

    kind: Kind
    required: bool
    blank_unknown: bool
    decimals: int
    names: tuple[str, ...]
    dates: DateReader
    labels: Mapping[str, str | None]

    @classmethod
    def of(cls, field: Field[Any], mapping: FieldMap, zone: str | None, where: str) -> Converter:
        """Return the converter of a field by the source's mapping."""
        marks = Screen(*(mapping.marked(field.name, unknown) for unknown in (True, False)))
        dates = DateReader(where, field.kind == "day", zone, marks)
        labels, unknown = mapping.label(field), field.unknown is not None
        return cls(field.kind, field.required, unknown, field.decimals, field.labels, dates, labels)

    def read(self, cells: Cells) -> Typed:
        """Return the typed column; raise `InputError` where the column as a whole cannot be read."""
        if self.kind in ("day", "instant"):
            return self._date(cells)
        if self.kind == "code":
            return self._codes(cells.texts())
        if self.kind == "key":
            keys = cells.keys()
            return Typed(read_only(keys.values()), [("missing value", keys.missing)])
        return self._number(cells)

    def absent(self, rows: int) -> Typed:
        """Return the column of a field that the source is said not to have."""
        if self.kind == "code":
            return Typed(Codes(np.zeros(rows, index_type(len(self.names))), self.names, self._closed))
        unknown = np.ones(rows, bool) if self.blank_unknown else None
        return Typed(self._column(np.full(rows, MISSING)), unknown=unknown)

    @property
    def _closed(self) -> bool:
        return bool(self.names)

    def _column(self, ticks: Integers) -> npt.NDArray[Any]:
        return read_only(ticks.view(DTYPES[self.kind]))

    def _date(self, cells: Cells) -> Typed:
        times = cells.times()
        found = self.dates.read(times)
        unknown = self._unknown_blanks(times.ticks, times.bad)
        if unknown is not None and found.unknown is not None:
            unknown = unknown | found.unknown
        unknown = found.unknown if unknown is None else unknown
        return Typed(self._column(found.ticks), found.faults, unknown, found.suspects, found.suspected)

    def _number(self, cells: Cells) -> Typed:
        found = cells.spans() if self.kind == "span" else cells.numbers(self.decimals)
        values, bad = found.values, found.bad
        lowest, highest = int(values.min(initial=0)), int(values.max(initial=0))
        if lowest >= 0 and highest < LARGEST:
            return Typed(self._column(values), [("unreadable value", bad)])
        known = values != MISSING
        too_large = known & ((values >= LARGEST) | (values <= -LARGEST))
        below = known & ~too_large & (values < 0) & (self.kind != "amount")
        faults: list[Fault] = [
            ("unreadable value", np.union1d(bad, np.flatnonzero(too_large))),
            ("below zero", np.flatnonzero(below)),
        ]
        if self.required:
            blank = ~known
            blank[bad] = False
            faults.append(("missing value", np.flatnonzero(blank)))
        values = np.where(too_large | below, MISSING, values) if (too_large | below).any() else values
        return Typed(self._column(values), faults, self._unknown_blanks(found.values, bad))

    def _unknown_blanks(self, ticks: Integers, bad: Positions) -> Mask | None:
        """Return the blank cells where a blank is declared as doubt, the unreadable ones apart; None for none."""
        if not self.blank_unknown:
            return None
        blank: Mask = ticks == MISSING
        blank[bad] = False
        return blank if blank.any() else None

    def _codes(self, texts: Texts) -> Typed:
        wanted = [self._label(text.strip()) for text in texts.distinct]
        names = self.names or tuple(sorted({label for label in wanted if label}))
        number = {label: index for index, label in enumerate(names, start=1)} | {None: 0}
        mark = len(names) + 1
        lookup = np.array([number.get(label, mark) for label in wanted], index_type(len(names)))
        indices = _gathered(lookup, texts)
        faults: list[Fault] = []
        if self._closed and (lookup == mark).any():
            unknown = indices == mark
            faults.append(("unknown code", np.flatnonzero(unknown)))
            indices = np.where(unknown, lookup.dtype.type(0), indices)
            missing = (indices == 0) & ~unknown
        else:
            missing = indices == 0
        if self.required and missing.any():
            faults.append(("missing value", np.flatnonzero(missing)))
        return Typed(Codes(indices, names, self._closed), faults)

    def _label(self, text: str) -> str | None:
        return self.labels.get(text, text) or None


def _gathered(lookup: npt.NDArray[Any], texts: Texts) -> npt.NDArray[Any]:
    if not len(lookup):
        return np.zeros(len(texts.positions), lookup.dtype)
    indices = np.take(lookup, texts.positions, mode="clip")
    if texts.blank is not None:
        indices *= ~texts.blank
    return indices
