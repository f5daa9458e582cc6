"""Cells that are text: parsed once a distinct text, by a declared dialect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Mask
from casequality.records.intake.cells import Numbers, Positions, Texts, Times, scatter
from casequality.records.intake.dialect import Dialect
from casequality.records.intake.keys import ArrayKeys
from casequality.records.intake.number_texts import read_number, read_span
from casequality.records.intake.time_texts import time_texts

_V = TypeVar("_V")


@attrs.frozen(eq=False)
class TextCells:
    """A column of texts, kept as the distinct ones and each row's position among them."""

    distinct: Sequence[str]
    positions: npt.NDArray[np.integer]
    blank: Mask | None
    dialect: Dialect

    @classmethod
    def of(cls, texts: Sequence[str], dialect: Dialect) -> TextCells:
        """Return the cells of these texts."""
        position = {text: index for index, text in enumerate(dict.fromkeys(texts))}
        return cls(list(position), np.fromiter(map(position.__getitem__, texts), np.intp, len(texts)), None, dialect)

    def __len__(self) -> int:
        return len(self.positions)

    def texts(self) -> Texts:
        return Texts(self.distinct, self.positions, self.blank)

    def keys(self) -> ArrayKeys:
        names = [text or None for text in self.distinct]
        found = [names[position] for position in self.positions.tolist()]
        if self.blank is not None:
            found = [None if blank else key for key, blank in zip(found, self.blank.tolist(), strict=True)]
        return ArrayKeys.of(found)

    def times(self) -> Times:
        read, bad = self._read(time_texts(self.dialect).read)
        found = [(MISSING, False, False) if one is None else one for one in read]
        ticks, aware, only_day = zip(*found, strict=True) if found else ((), (), ())
        return Times(
            scatter(np.array(ticks, np.int64), self.positions, self.blank),
            days=False,
            aware=self._spread(aware),
            only_day=self._spread(only_day),
            bad=bad,
        )

    def numbers(self, decimals: int) -> Numbers:
        return self._numbers(lambda text: read_number(text, decimals, self.dialect.decimal))

    def spans(self) -> Numbers:
        return self._numbers(lambda text: read_span(text, self.dialect.decimal))

    def _numbers(self, reader: Callable[[str], int | None]) -> Numbers:
        read, bad = self._read(reader)
        values = np.array([MISSING if one is None else one for one in read], np.int64)
        return Numbers(scatter(values, self.positions, self.blank), bad)

    def _read(self, reader: Callable[[str], _V | None]) -> tuple[list[_V | None], Positions]:
        texts = [text.strip() for text in self.distinct]
        read = [reader(text) if text else None for text in texts]
        failed = np.array([one is None and text != "" for one, text in zip(read, texts, strict=True)], bool)
        return read, np.flatnonzero(self._spread(failed))

    def _spread(self, marked: Sequence[bool] | Mask) -> bool | Mask:
        """Return which rows are marked, given the distinct texts that are; one bool where all agree."""
        marks = np.asarray(marked, bool)
        if not marks.any():
            return False
        found: Mask = marks[self.positions]
        return found if self.blank is None else found & ~self.blank
