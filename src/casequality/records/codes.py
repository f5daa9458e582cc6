"""A column of codes: small integers and the labels they stand for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import Indices, Mask, read_only
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
            return len(self.labels) + 1
        raise UnknownName(
            "A code is compared with a label that its field does not declare",
            got=label,
            allowed=self.labels,
            remedy="use a declared label, or declare this one in the field",
        )


def index_type(labels: int) -> type[np.uint8] | type[np.int32]:
    """Return the smallest integer type used for that many labels and two marks."""
    return np.uint8 if labels < 254 else np.int32
