"""What may be wrong with records: which fields of which rows cannot be trusted, and which questions that concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import Mask, read_only

FieldNames: TypeAlias = "frozenset[str] | None"
"""Some fields of a record type; None for all of them."""


@attrs.frozen(eq=False)
class Taint:
    """One kind of fault, and the rows (records,) that have it.

    concerned: a question that reads one of these fields sets the rows aside; others count them as if nothing were.
    blurred: the fields that such a question cannot trust.
    """

    concerned: FieldNames
    blurred: FieldNames
    rows: Mask = attrs.field(converter=read_only)

    def concerns(self, fields: Collection[str]) -> bool:
        """Return whether a question that reads `fields` sets the rows aside."""
        return self.concerned is None or not self.concerned.isdisjoint(fields)

    def blurs(self, name: str) -> bool:
        """Return whether a field of the rows cannot be trusted."""
        return self.blurred is None or name in self.blurred


@attrs.frozen(eq=False)
class Doubts:
    """What may be wrong with a block of records; every mask has the shape (records,).

    unknown: by field, the rows of which the source itself says that it does not know. suspected: by field, the rows
    whose date may be an undeclared mark for "no date".
    """

    taints: tuple[Taint, ...] = ()
    unknown: Mapping[str, Mask] = attrs.field(factory=dict)
    suspected: Mapping[str, Mask] = attrs.field(factory=dict)

    def __bool__(self) -> bool:
        return bool(self.taints or self.unknown or self.suspected)

    def __getitem__(self, rows: slice | Mask | npt.NDArray[np.intp]) -> Doubts:
        """Return the doubts of the chosen rows."""
        if not self:
            return self
        chosen = (attrs.evolve(taint, rows=taint.rows[rows]) for taint in self.taints)
        return Doubts(
            tuple(taint for taint in chosen if taint.rows.any()),
            *({name: mask[rows] for name, mask in masks.items()} for masks in (self.unknown, self.suspected)),
        )

    def of(self, fields: Collection[str], blurring: str | None = None) -> Mask | None:
        """Return the rows that a question which reads `fields` sets aside, or of which it cannot trust one field."""
        return either(
            taint.rows
            for taint in self.taints
            if taint.concerns(fields) and (blurring is None or taint.blurs(blurring))
        )

    def blurring(self, name: str) -> Mask | None:
        """Return the rows of which a field cannot be trusted, whoever asks."""
        return either(taint.rows for taint in self.taints if taint.blurs(name))

    def with_taints(self, taints: Iterable[Taint]) -> Doubts:
        """Return the doubts with some more."""
        return attrs.evolve(self, taints=(*self.taints, *taints))

    def without_suspects(self, name: str, rows: Mask) -> Doubts:
        """Return the doubts, none of them for how the dates of a field in `rows` are read."""
        if name not in self.suspected:
            return self
        return attrs.evolve(self, suspected={**self.suspected, name: self.suspected[name] & ~rows})

    @classmethod
    def joined(cls, several: Sequence[Doubts], lengths: Sequence[int]) -> Doubts:
        """Return those of one block of records after the other."""
        if not any(several):
            return cls()
        kinds = dict.fromkeys((taint.concerned, taint.blurred) for each in several for taint in each.taints)
        by_kind = [{kind: each._of_kind(kind) for kind in kinds if each._of_kind(kind) is not None} for each in several]
        taints = _end_to_end(by_kind, lengths)
        return cls(
            tuple(Taint(concerned, blurred, rows) for (concerned, blurred), rows in taints.items()),
            _end_to_end([each.unknown for each in several], lengths),
            _end_to_end([each.suspected for each in several], lengths),
        )

    def _of_kind(self, kind: tuple[FieldNames, FieldNames]) -> Mask | None:
        return either(taint.rows for taint in self.taints if (taint.concerned, taint.blurred) == kind)


def either(masks: Iterable[Mask | None]) -> Mask | None:
    """Return the rows that any of the masks marks; None for no row."""
    some = [mask for mask in masks if mask is not None]
    if not some:
        return None
    found: Mask = some[0] if len(some) == 1 else np.logical_or.reduce(some)
    return found if found.any() else None


def _end_to_end(several: Sequence[Mapping[Any, Mask | None]], lengths: Sequence[int]) -> dict[Any, Mask]:
    found: dict[Any, Mask] = {}
    for name in dict.fromkeys(name for each in several for name in each):
        masks = [each.get(name) for each in several]
        found[name] = np.concatenate(
            [np.zeros(length, bool) if mask is None else mask for mask, length in zip(masks, lengths, strict=True)]
        )
    return found
