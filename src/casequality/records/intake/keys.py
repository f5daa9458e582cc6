"""The keys of a block, and whether keys rise from row to row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Protocol

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Mask


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


def key_number(key: int | str | None) -> int:
    """Return a number for a key: the same for 12 and "12", and seldom the same for two different keys."""
    if isinstance(key, str) and key.isdecimal() and len(key) < 19 and str(int(key)) == key:
        return int(key)
    return key if isinstance(key, int) else hash(key)


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
            numbers = [MISSING if text is None else int(text) for text in found]
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
        return ArrayKeys(self.array[rows], np.flatnonzero(np.isin(np.flatnonzero(rows), self.missing)))

    def values(self) -> npt.NDArray[Any]:
        return self.array

    def order(self) -> KeyOrder:
        if not len(self.array):
            return KeyOrder()
        first, last = self.array[[0, -1]].tolist()
        return KeyOrder(first, last, bool((self.array[1:] > self.array[:-1]).all()))


@attrs.frozen(eq=False, slots=False)
class KeyIndex:
    """Distinct keys in rising order, and where in it another array's keys are."""

    keys: npt.NDArray[Any]

    @classmethod
    def of(cls, columns: Sequence[npt.NDArray[Any]]) -> KeyIndex:
        """Return the index of all these keys: of their texts where one column holds texts."""
        if all(column.dtype != object for column in columns):
            return cls(np.unique(np.concatenate([np.empty(0, np.int64), *columns])))
        return cls(np.array(sorted({str(key) for column in columns for key in column.tolist()}), object))

    def find(self, keys: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
        """Return the place of each key, -1 where it has none."""
        if self.keys.dtype == object or keys.dtype == object:
            return np.array([-1 if key is None else self._places.get(str(key), -1) for key in keys.tolist()], np.intp)
        if not len(self.keys):
            return np.full(len(keys), -1, np.intp)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[places] == keys, places, -1)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {str(key): place for place, key in enumerate(self.keys.tolist())}
