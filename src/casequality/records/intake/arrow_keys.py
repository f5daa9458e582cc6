"""Text keys left in Arrow, where their order is seen without making them Python's."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import Mask
from casequality.records.intake.arrow import arrow, bits
from casequality.records.intake.cells import NONE
from casequality.records.intake.keys import ArrayKeys, KeyOrder, Keys


@attrs.frozen(eq=False)
class ArrowKeys:
    """Text keys left in Arrow, where whether they rise is seen without making them Python's."""

    array: Any = attrs.field(repr=False)
    missing: npt.NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, rows: Mask) -> ArrowKeys:
        chosen = arrow().compute.filter(self.array, arrow().array(rows))
        return ArrowKeys(chosen, _without_key(chosen))

    def values(self) -> npt.NDArray[Any]:
        return ArrayKeys.of(self.array.to_pylist()).array

    def order(self) -> KeyOrder:
        if not len(self.array):
            return KeyOrder()
        rising = arrow().compute.less(self.array[:-1], self.array[1:])
        return KeyOrder(self.array[0].as_py(), self.array[-1].as_py(), rising.false_count == 0)


def text_keys(array: Any) -> Keys:
    """Return the keys of an Arrow array of texts, left in Arrow where the first is no number."""
    first = array[0].as_py() if len(array) else None
    if first is None or first.removeprefix("-").isdecimal():
        return ArrayKeys.of(text or None for text in array.to_pylist())
    texts = array.cast("large_string")
    return ArrowKeys(texts, _without_key(texts))


def _without_key(array: Any) -> npt.NDArray[np.intp]:
    empty = arrow().compute.equal(array, "").fill_null(True)
    return np.flatnonzero(bits(empty, 1)) if empty.true_count else NONE
