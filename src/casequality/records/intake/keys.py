"""The keys of a block, and whether keys rise from row to row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import Mask


@attrs.frozen
class KeyOrder:
    """Whether the keys of some rows rise strictly, and their first and last; None and None for no rows."""

    first: int | str | None = None
    last: int | str | None = None
    increasing: bool = True

    def __add__(self, following: KeyOrder) -> KeyOrder:
        """Return the order of these rows and the following ones."""
        if self.first is None or self.last is None:
            return following
        if following.first is None:
            return self
        rising = type(self.last) is type(following.first) and self.last < following.first  # type: ignore[operator]
        return KeyOrder(self.first, following.last, self.increasing and following.increasing and rising)

    @staticmethod
    def joined(orders: Iterable[KeyOrder]) -> bool:
        """Return whether keys rise through all blocks, given in the order of parts and blocks."""
        return sum(orders, KeyOrder()).increasing


class Keys(Protocol):
    """The keys of a block's rows: whole numbers where every one is, else texts."""

    def __len__(self) -> int: ...

    @property
    def missing(self) -> npt.NDArray[np.intp]:
        """The positions of rows without a key."""
        ...

    def order(self) -> KeyOrder:
        """Return whether they rise; asked of rows that all have a key."""
        ...

    def values(self) -> npt.NDArray[Any]:
        """Return the keys as int64, or as an object array of texts."""
        ...

    def __getitem__(self, rows: Mask) -> Keys:
        """Return the keys of the chosen rows."""
        ...


@attrs.frozen(eq=False)
class ArrayKeys:
    """Keys held in an array: int64, or objects that are texts or None."""

    array: npt.NDArray[Any]
    missing: npt.NDArray[np.intp]

    @classmethod
    def of_texts(cls, texts: Iterable[str | None]) -> ArrayKeys:
        """Return the keys that these texts are: whole numbers if each is written as Python would write it."""
        found = list(texts)
        missing = np.array([row for row, text in enumerate(found) if text is None], np.intp)
        try:
            numbers = [0 if text is None else int(text) for text in found]
            if all(text is None or str(number) == text for number, text in zip(numbers, found, strict=True)):
                return cls(np.array(numbers, np.int64), missing)
        except (ValueError, OverflowError):
            pass
        array = np.empty(len(found), object)
        array[:] = found
        return cls(array, missing)

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, rows: Mask) -> ArrayKeys:
        blank = np.zeros(len(self.array), bool)
        blank[self.missing] = True
        return ArrayKeys(self.array[rows], np.flatnonzero(blank[rows]))

    def values(self) -> npt.NDArray[Any]:
        return self.array

    def order(self) -> KeyOrder:
        if not len(self.array):
            return KeyOrder()
        first, last = self.array[[0, -1]].tolist()
        return KeyOrder(first, last, bool((self.array[1:] > self.array[:-1]).all()))
