"""A block of records; and which of its rows are alike, so that each different one is looked at once.

Where all that is read are days, labels and flags, few rows of a large file are different ones: a fifth of the cases of
the rent tribunal's benchmark.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import DAY_UNIT, MISSING, Integers, Mask, known_range, read_only
from casequality.records.facts import Codes, Column, Findings, Records
from casequality.records.intake.cells import ArrowCells, Cells, KeyOrder, arrow, bits, validity, values

CLEAN: Final = Findings()
MANY: Final = 1 << 12
"""From how many rows on those that are alike are told once: of fewer it takes longer to find them."""
SPREAD: Final = 3
"""And up to how many times as many as there are could differ."""
STEP: Final = 1 << 16
"""How many rows are compared with each other: what is made of them stays in the processor's cache."""
FAR: Final = 1 << 30
"""Below which, of either sign, numbers are told in digits."""

Whole: TypeAlias = "tuple[npt.NDArray[np.int32], Mask | None]"
"""A column as whole numbers, and where there is one, whatever lies elsewhere; None for everywhere."""


@attrs.frozen(eq=False, repr=False)
class _Digits:
    """Whole numbers as digits from 0 to less than `width`: what each is above `least`; a `blank` 0 stands for none."""

    digits: npt.NDArray[np.int32]
    least: int
    width: int
    blank: bool

    @classmethod
    def of(cls, numbers: npt.NDArray[np.int32], known: Mask | None) -> _Digits | None:
        """Return the digits; None for numbers that are too far apart."""
        low, high = int(numbers.min()), int(numbers.max())
        if not -FAR < low <= high < FAR:
            return None
        if known is None:
            return cls(numbers - np.int32(low), low, high - low + 1, blank=False)
        # what is not known becomes 0 by a product, and is passed over without a sign: no rows are chosen, which takes
        # many times as long where known and unknown are mixed
        digits = (numbers - np.int32(low - 1)) * known
        above = int((digits - np.int32(1)).view(np.uint32).min())
        if 0 < above < FAR:
            digits = np.maximum(digits, np.int32(above)) - np.int32(above)
            low += above
        return cls(digits, low - 1, int(digits.max()) + 1, blank=True)

    def value(self, digits: npt.NDArray[np.int32]) -> Whole:
        """Return the numbers that some digits stand for."""
        return digits + np.int32(self.least), digits != 0 if self.blank else None


@attrs.frozen(eq=False, repr=False)
class Alike:
    """Each different row once, in no order that means anything.

    columns: its values. counts: how many rows there are of it; all have the shape (kinds,). steps: for each run of rows
    the code of the kind of each row, shape (rows,), and the codes of its kinds, rising.
    """

    columns: Sequence[Whole]
    counts: Integers
    steps: Sequence[tuple[npt.NDArray[np.int32], npt.NDArray[np.intp]]]

    def __len__(self) -> int:
        return len(self.counts)

    @classmethod
    def of(cls, given: Iterable[Whole | None], rows: int) -> Alike | None:
        """Return which rows are alike in all columns; None where it does not pay to know.

        So it is where rows are few, where a column is not of whole numbers (None), and where many times as many rows
        could differ by the values that occur.
        """
        columns: list[Whole] = []
        for whole in given if rows >= MANY else ():
            if whole is None:
                return None
            columns.append(whole)
        if not columns:
            return None
        found: list[Alike] = []
        step = -(-rows // -(-rows // STEP))  # no step is much shorter than the others, in which few would be alike
        for first in range(0, rows, step):
            some = slice(first, first + step)
            digits = [_Digits.of(each[some], None if known is None else known[some]) for each, known in columns]
            one = cls._of([each for each in digits if each is not None]) if None not in digits else None
            if one is None:
                return None
            found.append(one)
        joined = [_joined(parts) for parts in zip(*(each.columns for each in found), strict=True)]
        return cls(joined, np.concatenate([each.counts for each in found]), [each.steps[0] for each in found])

    @classmethod
    def _of(cls, columns: Sequence[_Digits]) -> Alike | None:
        codes, size = columns[0].digits, math.prod(each.width for each in columns)
        if size > SPREAD * len(codes):
            return None
        for each in columns[1:]:
            codes = codes * np.int32(each.width) + each.digits
        counts = np.bincount(codes)
        met = np.flatnonzero(counts != 0)  # of a mask positions are found several times as fast as of numbers
        found, rest = list[Whole](), met.astype(np.int32)
        for each in reversed(columns):
            left = rest // np.int32(each.width)  # dividing alone is many times as fast as `divmod`
            found.append(each.value(rest - left * np.int32(each.width)))
            rest = left
        return cls(found[::-1], counts[met], [(codes, met)])

    def all_of(self, kinds: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Return the positions of all rows of some of the kinds, in order."""
        found, wanted, done = list[Mask](), np.zeros(len(self), bool), 0
        wanted[kinds] = True
        for codes, met in self.steps:
            named = np.zeros(int(met[-1]) + 1, bool)
            named[met] = wanted[done : done + len(met)]
            found.append(named[codes])
            done += len(met)
        return np.flatnonzero(np.concatenate(found))


def _joined(parts: Sequence[Whole]) -> Whole:
    """Return columns, one after the other."""
    known = [np.ones(len(numbers), bool) if mask is None else mask for numbers, mask in parts]
    every = all(mask is None for _, mask in parts)
    return np.concatenate([numbers for numbers, _ in parts]), None if every else np.concatenate(known)


@attrs.frozen(eq=False, repr=False)
class Block:
    """Some rows of a source: `read` were read, `records` are the records among them, also those with a fault.

    What is wrong with them is part of the records; a faulty cell holds what a blank one holds. Left out are rows that
    are no record of their own: repeated ones, and all but the first of several that contradict each other.
    `first` is the number of the first row read, in its `file` where a source has several;
    `kept` marks the rows that are records, None for all; `order` is that of their keys. Where records are `alike`,
    `records` has each different one once.
    """

    records: Records
    read: int
    first: int
    kept: Mask | None = None
    findings: Findings = CLEAN
    order: KeyOrder = attrs.field(factory=KeyOrder)
    file: str | None = None
    numbers: Integers | None = None
    alike: Alike | None = None

    @property
    def rows(self) -> Integers:
        """The numbers of the rows that are records, as a person counts them."""
        rows = np.arange(self.first, self.first + self.read) if self.numbers is None else self.numbers
        return rows if self.kept is None else rows[self.kept]

    def rows_of(self, positions: npt.NDArray[np.intp]) -> Integers:
        """Return the numbers of the rows for which some of `records` stand."""
        return self.rows[positions if self.alike is None else self.alike.all_of(positions)]

    def once(self) -> Block:
        """Return the block with each different record once where that pays and nothing is in doubt of any."""
        records, names = self.records, list(self.records.loaded)
        if self.alike is not None or records.doubts:
            return self
        columns = [records.column(name) for name in names]
        alike = Alike.of(map(_whole_column, columns), len(records))
        if alike is None:
            return self
        once = dict(zip(names, map(_column_of, columns, alike.columns), strict=True))
        return attrs.evolve(self, records=type(records)(once, len(alike)), alike=alike)

    @property
    def dropped(self) -> int:
        """How many of the rows read are no records."""
        return 0 if self.kept is None else self.read - int(np.count_nonzero(self.kept))


def whole_cells(cells: Cells) -> Whole | None:
    """Return days, yes and no, or places of labels that are kept once each, as whole numbers; None for other cells."""
    if not isinstance(cells, ArrowCells):
        return None
    types, array = arrow().types, cells.array
    if types.is_date32(array.type):
        return values(array, "int32"), validity(array)
    if types.is_dictionary(array.type) and len(array.dictionary) < FAR:
        return values(array.indices, str(array.indices.type)).astype(np.int32, copy=False), validity(array)
    if types.is_boolean(array.type):
        return bits(array, 1).astype(np.int32), validity(array)
    return None


def cells_of(like: Cells, whole: Whole) -> ArrowCells:
    """Return cells of the same kind as those of which there are whole numbers, with others."""
    assert isinstance(like, ArrowCells)
    kind, (numbers, known) = like.array.type, whole
    valid = None if known is None else np.packbits(known, bitorder="little")
    held = np.packbits(numbers.astype(bool), bitorder="little") if arrow().types.is_boolean(kind) else numbers
    labels = like.array.dictionary if arrow().types.is_dictionary(kind) else None
    buffers = [each if each is None else arrow().py_buffer(each) for each in (valid, held)]
    array = arrow().Array.from_buffers(kind if labels is None else arrow().int32(), len(numbers), buffers)
    array = array if labels is None else arrow().DictionaryArray.from_arrays(array, labels)
    return ArrowCells(array, like.dialect, like.where)


def _whole_column(column: Column) -> Whole | None:
    if isinstance(column, Codes):
        return column.indices.astype(np.int32), None
    if not isinstance(column, np.ndarray) or column.dtype != DAY_UNIT:
        return None
    days = column.view(np.int64)
    low, high = known_range(days)
    if low < -FAR or high >= FAR:
        return None
    return days.astype(np.int32), days != MISSING if low > high or int(days.min()) == MISSING else None


def _column_of(like: Column, whole: Whole) -> Column:
    numbers, known = whole
    if isinstance(like, Codes):
        return attrs.evolve(like, indices=numbers.astype(like.indices.dtype))
    days = numbers.astype(np.int64)
    return read_only((days if known is None else np.where(known, days, MISSING)).view(DAY_UNIT))
