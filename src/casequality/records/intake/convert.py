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
from casequality.records.intake.cells import Cells, Texts
from casequality.records.intake.dates import DateReader
from casequality.records.intake.faults import Fault
from casequality.records.intake.mapping import FieldMap
from casequality.records.intake.screening import Screen
from casequality.records.schema import DTYPES


@attrs.frozen(eq=False)
class Typed:
    """A field's column in one block, its faults by the positions of their rows, and what was marked unknown."""

    column: npt.NDArray[Any] | Codes
    faults: Collection[Fault] = ()
    unknown: Mask | None = None
    suspected: Mapping[str, int] = attrs.field(factory=dict)


@attrs.frozen(eq=False)
class Converter:
    """Reads one field out of the cells of its column, the same whichever library holds them."""

    kind: Kind
    required: bool
    decimals: int
    names: tuple[str, ...]
    dates: DateReader
    labels: Mapping[str, str | None]

    @classmethod
    def of(cls, field: Field[Any], mapping: FieldMap, zone: str | None, where: str) -> Converter:
        """Return the converter of a field by the source's mapping."""
        marks = Screen(*(mapping.marked(field.name, unknown) for unknown in (True, False)))
        dates = DateReader(where, field.kind == "day", zone, marks)
        return cls(field.kind, field.required, field.decimals, field.labels, dates, mapping.label(field))

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
        return Typed(self._column(np.full(rows, MISSING)))

    @property
    def _closed(self) -> bool:
        return bool(self.names)

    def _column(self, ticks: Integers) -> npt.NDArray[Any]:
        return read_only(ticks.view(DTYPES[self.kind]))

    def _date(self, cells: Cells) -> Typed:
        found = self.dates.read(cells.times())
        return Typed(self._column(found.ticks), found.faults, found.unknown, found.suspected)

    def _number(self, cells: Cells) -> Typed:
        found = cells.spans() if self.kind == "span" else cells.numbers(self.decimals)
        values, faults = found.values, [("unreadable value", found.bad)]
        lowest = int(values.min(initial=0))
        if lowest < 0:
            missing = values == MISSING
            if self.required and missing.any():
                missing[found.bad] = False
                faults.append(("missing value", np.flatnonzero(missing)))
            if self.kind != "amount":
                faults.append(("below zero", np.flatnonzero((values < 0) & (values != MISSING))))
        return Typed(self._column(values), faults)

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
