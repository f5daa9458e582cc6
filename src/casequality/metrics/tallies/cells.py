"""Cells and what is counted in them: packed keys and exact sums."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers
from casequality.errors import InputError

# 63 bits, so that a cell is never negative; 12 hold the 852 months from 1990 to 2060 with room for further edges
BITS: Final = {"facet": 11, "entry": 12, "exit": 12, "group": 20, "outcome": 8}
COUNTS: Final = ("rows", "cases", "measured", "amount", "sensitive", "weightless", "settled")
"""What each cell holds: rows; cases (rows times what each stands for); cases with an amount; their amounts; rows whose
outcome differs on the other Danish calendar; rows that stand for no case; and rows whose outcome stands whatever a row
of a child table without a parent may have been."""
TOO_MUCH: Final = 1 << 63


def pack(**parts: Integers | int) -> Integers:
    """Return the cells of some coordinates, in the order facet, entry, exit, group, outcome."""
    cells: Integers = np.zeros((), np.int64)
    for name, bits in BITS.items():
        part = parts.get(name, 0)
        if int(np.max(part, initial=0)) >> bits:
            raise InputError(
                "A tally has more cells than it can tell apart",
                where=name,
                allowed=f"{1 << bits} different ones",
                remedy="group by fewer fields, or ask for fewer own periods",
            )
        cells = (cells << bits) | part
    return cells


def unpack(cells: Integers, part: str) -> Integers:
    """Return one coordinate of each cell."""
    for name, bits in reversed(BITS.items()):
        if name == part:
            return cells & ((1 << bits) - 1)
        cells = cells >> bits
    raise KeyError(part)


@attrs.define(eq=False, repr=False)
class Sums:
    """Sums of integers by key that grow in memory only with the number of different keys."""

    width: int
    limit: int = 1 << 19
    keys: list[Integers] = attrs.field(factory=list)
    values: list[npt.NDArray[np.int64]] = attrs.field(factory=list)
    waiting: int = 0

    def add(self, keys: Integers, values: npt.NDArray[np.int64]) -> None:
        """Add values of shape (width, keys) to their keys."""
        self.keys.append(keys)
        self.values.append(values)
        self.waiting += len(keys)
        if self.waiting > self.limit:
            self.limit = max(self.limit, 2 * len(self.total()[0]))

    def total(self) -> tuple[Integers, npt.NDArray[np.int64]]:
        """Return the different keys in order and the sum of each, shape (width, keys)."""
        if not self.keys:
            return np.zeros(0, np.int64), np.zeros((self.width, 0), np.int64)
        keys, values = sum_by_key(np.concatenate(self.keys), np.concatenate(self.values, axis=1))
        self.keys, self.values, self.waiting = [keys], [values], len(keys)
        return keys, values


def sum_by_key(keys: Integers, values: npt.NDArray[np.int64]) -> tuple[Integers, npt.NDArray[np.int64]]:
    """Return the different keys in order, and the sum of the values (width, keys) of each."""
    if not len(keys):
        return keys, values
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    values = values.take(order, axis=1)
    # a bound from one look at the values; only where it is passed are the sums themselves made, roughly, and looked at
    if greatest(values) * len(keys) >= TOO_MUCH:
        refuse_overflow(np.add.reduceat(values.astype(float), starts, axis=1))
    return keys[starts], np.add.reduceat(values, starts, axis=1)


def greatest(values: npt.NDArray[np.int64]) -> int:
    """Return the greatest absolute value, 0 for no values."""
    return max(int(values.max(initial=0)), -int(values.min(initial=0)))


def refuse_overflow(about: npt.NDArray[np.float64]) -> None:
    """Raise `InputError` where sums, given roughly, come near the greatest integer that can be counted."""
    # half of what int64 holds: the sums are rough, being floats
    if np.abs(about).max(initial=0) >= TOO_MUCH / 2:
        raise InputError(
            "The amounts of a metric add up to more than can be counted exactly",
            allowed=f"{TOO_MUCH // 2} in a cell",
            remedy="give the amounts in a coarser unit, such as days instead of microseconds",
        )


def sum_by_row(table: npt.NDArray[np.int64], keys: int) -> npt.NDArray[np.int64]:
    """Return a table, shape (columns, rows), with one row for each different content of its first columns, in order.

    The columns after the first `keys` are summed.
    """
    if not table.shape[1]:
        return table
    order = np.lexsort(table[:keys][::-1])
    ordered = table[:, order]
    new = np.append(True, (ordered[:keys, 1:] != ordered[:keys, :-1]).any(axis=0))
    starts = np.flatnonzero(new)
    values = ordered[keys:]
    if greatest(values) * values.shape[1] >= TOO_MUCH:
        refuse_overflow(np.add.reduceat(values.astype(float), starts, axis=1))
    return np.concatenate([ordered[:keys, starts], np.add.reduceat(values, starts, axis=1)])
