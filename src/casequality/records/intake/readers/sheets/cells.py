"""What the cells of workbooks hold: values that repeat, and numbers that are shown as something else."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Mask
from casequality.records.intake.cells import ArrayKeys, Dialect, Numbers, ObjectCells, Positions, Rows, Texts, Times


class Mark(Enum):
    """What stands for a value that nobody can tell, such as that of a formula which was never computed."""

    UNREADABLE = "unreadable"


@attrs.frozen(eq=False, repr=False)
class Percent:
    """So many per cent, as a workbook shows a number that has their format: a text, which the dialect says how to read.

    shown: the number before the sign, with a point.
    """

    shown: str

    @classmethod
    def of(cls, number: float, times: int) -> Percent:
        """Return so many times a number as per cent."""
        return cls(f"{(Decimal(str(number)) * times).normalize():f}")

    def __str__(self) -> str:
        return f"{self.shown}%"

    def written(self, mark: str) -> str:
        """Return the text that somebody would write who has this decimal mark."""
        return str(self).replace(".", mark)


@attrs.frozen(eq=False, repr=False)
class Labelled:
    """A whole number that a workbook shows with more than its digits: as a code or a key it is what it looks like."""

    number: int
    text: str

    @classmethod
    def of(cls, number: float, pattern: str) -> Labelled | float:
        """Return a number with each 0 of a pattern as one of its digits, the number itself where there is no more.

        >>> str(Labelled.of(101, "0000")), str(Labelled.of(10203, "00-00-00")), Labelled.of(-1, "00")
        ('0101', '01-02-03', -1)
        """
        if number < 0 or number != int(number) or "0" not in pattern:
            return number
        digits = str(int(number)).rjust(pattern.count("0"), "0")
        rest, more, text = iter(digits), len(digits) - pattern.count("0"), ""
        for sign in pattern:
            text += sign if sign != "0" else "".join(islice(rest, 1 + more))
            more = 0 if sign == "0" else more
        return number if text == str(number) else cls(int(number), text)

    def __str__(self) -> str:
        return self.text


@attrs.frozen(eq=False, repr=False)
class RepeatedCells:
    """A column in which values repeat: each is read once. `lost` marks those of them that nobody can tell.

    labels: what they are as codes and keys, where that is something else.
    """

    distinct: ObjectCells
    positions: npt.NDArray[np.intp]
    lost: Mask
    labels: ObjectCells | None = None

    @classmethod
    def of(cls, values: Sequence[Any], dialect: Dialect) -> RepeatedCells:
        """Return the cells of these values; equal ones are one where they are one object."""
        # by identity, since 1, 1.0 and True are equal and not the same
        once = {id(value): value for value in values}
        place = {identity: position for position, identity in enumerate(once)}
        positions = np.fromiter((place[id(value)] for value in values), np.intp, len(values))
        lost = np.array([value is Mark.UNREADABLE for value in once.values()], bool)
        found = [
            None if value is Mark.UNREADABLE else value.written(dialect.decimal) if type(value) is Percent else value
            for value in once.values()
        ]
        if Labelled not in set(map(type, found)):
            return cls(ObjectCells(found, dialect), positions, lost)
        # with colons between its digits it is a clock, and no number
        numbers = [
            value if type(value) is not Labelled else value.text if ":" in value.text else value.number
            for value in found
        ]
        labels = [value.text if type(value) is Labelled else value for value in found]
        return cls(ObjectCells(numbers, dialect), positions, lost, ObjectCells(labels, dialect))

    def __len__(self) -> int:
        return len(self.positions)

    def __getitem__(self, rows: Rows) -> RepeatedCells:
        met, positions = np.unique(self.positions[rows], return_inverse=True)
        labels = None if self.labels is None else self.labels[met]
        return RepeatedCells(self.distinct[met], positions, self.lost[met], labels)

    def times(self) -> Times:
        found = (self.labels or self.distinct).times()
        aware, only_day = (
            np.broadcast_to(marks, len(self.distinct))[self.positions] for marks in (found.aware, found.only_day)
        )
        return Times(found.ticks[self.positions], found.days, aware, only_day, self._bad(found.bad))

    def numbers(self, decimals: int) -> Numbers:
        return self._spread(self.distinct.numbers(decimals))

    def spans(self) -> Numbers:
        return self._spread(self.distinct.spans())

    def texts(self) -> Texts:
        found = (self.labels or self.distinct).texts()
        return Texts(found.distinct, found.positions[self.positions], bad=self._bad(found.bad))

    def keys(self) -> ArrayKeys:
        found = (self.labels or self.distinct).keys()
        missing = np.zeros(len(found), bool)
        missing[found.missing] = True
        return ArrayKeys(found.array[self.positions], np.flatnonzero(missing[self.positions]))

    def _spread(self, found: Numbers) -> Numbers:
        return Numbers(found.values[self.positions], self._bad(found.bad))

    def _bad(self, among: Positions) -> Positions:
        lost = self.lost.copy()
        lost[among] = True
        return np.flatnonzero(lost[self.positions])
