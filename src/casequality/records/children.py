"""Child tables: the notices, pauses or events of each case, packed by their parent."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Integers, Mask, read_only

R_co = TypeVar("R_co", covariant=True)
_Values = TypeVar("_Values", bound=npt.NDArray[Any])


@attrs.frozen(eq=False)
class Children(Generic[R_co]):
    """The child rows of a block of parents, each parent's rows beside each other, oldest first.

    `rows` are the child records, with what may be wrong with them; `starts` (parents + 1,) says where each parent's
    begin; `unknown` (parents,) marks the parents of which nobody knows whether these rows are all, None for no parent.
    """

    rows: R_co
    starts: npt.NDArray[np.intp] = attrs.field(converter=read_only)
    unknown: Mask | None = attrs.field(default=None, converter=attrs.converters.optional(read_only))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, parents: slice | Mask | npt.NDArray[np.intp]) -> Children[R_co]:
        """Return the child rows of the chosen parents."""
        lengths = np.diff(self.starts)[parents]
        starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.intp)
        rows: Any = self.rows
        unknown = None if self.unknown is None else self.unknown[parents]
        return Children(rows[self._beside(parents)], starts, unknown)

    def count(self, where: Mask | None = None) -> Integers:
        """Return how many child rows each parent has (that meet `where`); shape (parents,)."""
        if where is None:
            return np.diff(self.starts).astype(np.int64)
        return self._running(where.astype(np.int64))

    def any(self, where: Mask | None = None) -> Mask:
        """Return whether each parent has a child row (that meets `where`); shape (parents,)."""
        found: Mask = self.count(where) > 0
        return found

    def sum(self, values: Integers, where: Mask | None = None) -> Integers:
        """Return each parent's sum of `values`, 0 for no rows; shape (parents,).

        What is missing adds nothing: a number that nobody can read makes its parent unknown, whatever the others make.
        """
        if values.dtype == np.int64 and int(values.min(initial=0)) == MISSING:
            values = np.where(values == MISSING, 0, values)
        return self._running(values if where is None else np.where(where, values, 0))

    def first(self, values: _Values, where: Mask | None = None) -> _Values:
        """Return `values` at each parent's first child row (that meets `where`), NaT or missing for none."""
        rows = np.arange(self._total)
        candidates = rows if where is None else np.where(where, rows, self._total)
        following = np.minimum.accumulate(candidates[::-1])[::-1]
        positions = np.append(following, self._total)[self.starts[:-1]]
        return _pick(values, positions, positions < self.starts[1:])

    def last(self, values: _Values, where: Mask | None = None) -> _Values:
        """Return `values` at each parent's last child row (that meets `where`), NaT or missing for none."""
        rows = np.arange(self._total)
        candidates = rows if where is None else np.where(where, rows, -1)
        previous = np.maximum.accumulate(candidates)
        positions = np.append(previous, -1)[self.starts[1:] - 1]
        return _pick(values, positions, positions >= self.starts[:-1])

    def worst(self, values: _Values, where: Mask | None = None) -> _Values:
        """Return each parent's greatest of `values`, NaT or missing for none."""
        order = np.lexsort((values.view(np.int64), self.parents))
        ordered = where[order] if where is not None else None
        return self.last(values[order], ordered)  # type: ignore[return-value]

    @property
    def parents(self) -> npt.NDArray[np.intp]:
        """The parent's position for each child row; shape (child rows,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def of_parent(self, values: _Values) -> _Values:
        """Return `values` (parents,) repeated for each child row; shape (child rows,)."""
        return np.repeat(values, np.diff(self.starts))  # type: ignore[return-value]

    def child_rows(self, parents: slice | Mask | npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Return the positions of the child rows of the chosen parents, in order."""
        starts, stops = self.starts[:-1][parents], self.starts[1:][parents]
        lengths = stops - starts
        return np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())

    def _beside(self, parents: slice | Mask | npt.NDArray[np.intp]) -> slice | npt.NDArray[np.intp]:
        """Return the child rows of the chosen parents, as a slice where they lie beside each other."""
        starts, stops = self.starts[:-1][parents], self.starts[1:][parents]
        some = stops > starts
        starts, stops = starts[some], stops[some]
        if not len(starts) or (starts[1:] != stops[:-1]).any():
            return self.child_rows(parents)
        return slice(int(starts[0]), int(stops[-1]))

    @property
    def _total(self) -> int:
        return int(self.starts[-1])

    def _running(self, values: Integers) -> Integers:
        total = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
        return total[self.starts[1:]] - total[self.starts[:-1]]


def _pick(values: _Values, positions: npt.NDArray[np.intp], found: Mask) -> _Values:
    picked = np.full(len(positions), np.iinfo(np.int64).min, np.int64).view(values.dtype)
    picked[found] = values[positions[found]]
    return picked  # type: ignore[return-value]
