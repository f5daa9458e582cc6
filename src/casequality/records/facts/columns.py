"""Columns that are more than an array: codes with their labels, and child tables packed by their parent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, ClassVar, Generic, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Indices, Integers, Mask, read_only
from casequality.errors import UnknownName


@attrs.frozen(eq=False)
class Codes:
    """One label a row, or none.

    `indices` holds 0 where there is no label and i where the label is `labels[i - 1]`.
    A `closed` list was declared: comparing with a label outside it is a mistake, and is refused.
    """

    indices: Indices = attrs.field(converter=read_only)
    labels: tuple[str, ...]
    closed: bool = True

    @classmethod
    def encode(cls, values: Sequence[str | None], labels: Collection[str] | None = None) -> Codes:
        """Return the codes of `values`; without `labels`, of the labels found, in order of the alphabet."""
        known = tuple(labels) if labels is not None else tuple(sorted({value for value in values if value is not None}))
        position: dict[str | None, int] = {label: index for index, label in enumerate(known, start=1)}
        position[None] = 0
        indices = np.fromiter((position[value] for value in values), dtype=index_type(len(known)), count=len(values))
        return cls(indices, known, closed=labels is not None)

    @classmethod
    def joined(cls, columns: Sequence[Codes]) -> Codes:
        """Return one column after the other; an open list gets the labels of all, in order of the alphabet."""
        closed = all(column.closed for column in columns) and len({column.labels for column in columns}) == 1
        labels = (
            columns[0].labels if closed else tuple(sorted({label for column in columns for label in column.labels}))
        )
        kind = index_type(len(labels))
        position = {label: index for index, label in enumerate(labels, start=1)}
        indices = [
            np.array([0, *(position[label] for label in column.labels)], kind)[column.indices] for column in columns
        ]
        return cls(np.concatenate(indices), labels, closed)

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, rows: slice | Mask | npt.NDArray[np.intp]) -> Codes:
        return attrs.evolve(self, indices=self.indices[rows])

    def __eq__(self, label: object) -> Mask:  # type: ignore[override]
        found: Mask = self.indices == self._index(str(label))
        return found

    def __ne__(self, label: object) -> Mask:  # type: ignore[override]
        return ~(self == label)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def isin(self, labels: Collection[str]) -> Mask:
        """Return where the label is one of `labels`; shape (rows,)."""
        wanted = np.zeros(len(self.labels) + 2, bool)
        wanted[[self._index(label) for label in labels]] = True
        return wanted[self.indices]

    @property
    def missing(self) -> Mask:
        """Where there is no label; shape (rows,)."""
        found: Mask = self.indices == 0
        return found

    def decode(self) -> list[str | None]:
        """Return the labels themselves, None where there is none."""
        names = (None, *self.labels)
        return [names[index] for index in self.indices.tolist()]

    def hidden(self, rows: Mask) -> Codes:
        """Return the codes with no label in `rows`."""
        return attrs.evolve(self, indices=np.where(rows, self.indices.dtype.type(0), self.indices))

    def _index(self, label: str) -> int:
        if label in self.labels:
            return self.labels.index(label) + 1
        if not self.closed:
            # the place after all labels, which no row has: in an open list a label that nobody bears is no mistake
            return len(self.labels) + 1
        raise UnknownName(
            "A code is compared with a label that its field does not declare",
            got=label,
            allowed=self.labels,
            remedy="use a declared label, or declare this one in the field",
        )


def index_type(labels: int) -> type[np.uint8] | type[np.int32]:
    """Return the smallest integer type used for that many labels and two marks."""
    # two numbers stay free: 0 for no label, and one past the labels, for what is not declared
    return np.uint8 if labels < 254 else np.int32


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
        # a running sum has no gaps for parents without rows, which `reduceat` would give their neighbour's
        total = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
        return total[self.starts[1:]] - total[self.starts[:-1]]


def _pick(values: _Values, positions: npt.NDArray[np.intp], found: Mask) -> _Values:
    picked = np.full(len(positions), np.iinfo(np.int64).min, np.int64).view(values.dtype)
    picked[found] = values[positions[found]]
    return picked  # type: ignore[return-value]
