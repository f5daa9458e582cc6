"""Tables of the same records beside each other: what both count, and what is known to be equal or between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import combinations_with_replacement
from operator import or_
from typing import TypeAlias

import attrs
import numpy as np

from casequality.days import Integers
from casequality.evidence.disclosure.tables import AtomBlock

Line: TypeAlias = dict[int, int]
"""A sum of atoms that everybody knows, as the coefficient of each."""


@attrs.frozen(eq=False)
class Common:
    """Where two tables of one source can be held beside each other: in every stretch of time, for what both tell apart.

    groups: the labels of the codes (fields) that both are told apart by. mine, theirs: the group of each label of the
    one and of the other, -1 for one that is in no group.
    """

    one: AtomBlock
    other: AtomBlock
    fields: tuple[str, ...]
    groups: tuple[tuple[str | None, ...], ...]
    mine: Integers
    theirs: Integers

    @classmethod
    def of(cls, one: AtomBlock, other: AtomBlock) -> Common | None:
        """Return it, None for tables of two sources, and where a label of the one is none of the other."""
        found = cls._beside(one, other, {})
        return found if found is not None and {*found.mine.tolist()} == {*found.theirs.tolist()} else None

    @classmethod
    def inside(cls, one: AtomBlock, other: AtomBlock, *, whole: bool = False) -> Common | None:
        """Return it for a table that is of some records of those that the other is of, None for any other two.

        Beside it are those labels alone of the other that are of the same records, as far as it tells them apart.
        whole: all labels together, of either.
        """
        narrower = all(one.where.get(field, frozenset()) <= labels for field, labels in other.where.items())
        narrower = narrower and all(field in one.where for field in other.where)
        apart = {field: labels for field, labels in one.where.items() if other.where.get(field) != labels}
        alike = (one.counted, one.facet) == (other.counted, other.facet)
        return cls._beside(one, other, apart, whole=whole) if alike and narrower and apart else None

    @classmethod
    def _beside(
        cls, one: AtomBlock, other: AtomBlock, apart: Mapping[str, frozenset[str]], *, whole: bool = False
    ) -> Common | None:
        if one.source != other.source or one.counts.shape[1] != other.counts.shape[1]:
            return None
        fields = tuple(field for field in one.fields if field in other.fields and not whole)
        mine, theirs = (
            [tuple(label[each.fields.index(field)] for field in fields) for label in each.labels]
            for each in (one, other)
        )
        told = [
            (other.fields.index(field), labels)
            for field, labels in apart.items()
            if field in other.fields and not whole
        ]
        kept = [all(label[place] in labels for place, labels in told) for label in other.labels]
        theirs_kept = [label for label, keep in zip(theirs, kept, strict=True) if keep]
        groups = tuple(dict.fromkeys([*mine, *theirs_kept]))
        number = {label: index for index, label in enumerate(groups)}
        numbers = [number[label] if keep else -1 for label, keep in zip(theirs, kept, strict=True)]
        return cls(one, other, fields, groups, np.array([number[each] for each in mine]), np.array(numbers))

    def sums(self, mine: str, theirs: str) -> tuple[Integers, Integers]:
        """Return a part of the one and a part of the other in every stretch and group, (times, groups) each."""
        found = []
        for block, groups, part in ((self.one, self.mine, mine), (self.other, self.theirs, theirs)):
            summed = np.zeros((block.counts.shape[1], len(self.groups)), np.int64)
            np.add.at(summed.T, groups[groups >= 0], block.parts()[part].T[groups >= 0])
            found.append(summed)
        return found[0], found[1]

    def line(self, mine: str, theirs: str, time: int, group: int) -> dict[int, int]:
        """Return the part of the one less the part of the other, as the coefficient of each atom."""
        at = np.array([time])
        plus = self.one.atoms_of(mine, at, np.flatnonzero(self.mine == group))
        minus = self.other.atoms_of(theirs, at, np.flatnonzero(self.theirs == group))
        return {**dict.fromkeys(plus.tolist(), 1), **dict.fromkeys(minus.tolist(), -1)}


def together(blocks: Sequence[AtomBlock]) -> list[int]:
    """Return, for each table, those that may be of a record that it is of, as the bits of a number.

    They are of one source, and of no other labels of a code: what two offices decided has no case in common, and where
    two counts of it are equal, that tells nothing.
    """
    sources: dict[str, int] = {}
    with_label: dict[tuple[str, str], int] = {}
    told_apart: dict[str, int] = {}
    for number, block in enumerate(blocks):
        sources[block.source] = sources.get(block.source, 0) | 1 << number
        for field, labels in block.where.items():
            told_apart[field] = told_apart.get(field, 0) | 1 << number
            for label in labels:
                with_label[field, label] = with_label.get((field, label), 0) | 1 << number
    found = []
    for block in blocks:
        mine = sources[block.source]
        for field, labels in block.where.items():
            mine &= ~told_apart[field] | reduce(or_, (with_label[field, label] for label in labels), 0)
        found.append(mine)
    return found


def numbers_of(bits: int) -> Iterator[int]:
    """Yield the places of the bits of a number."""
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1


def apart(blocks: Sequence[AtomBlock]) -> list[AtomBlock]:
    """Return those, one after the other, that are of no record that one before them is of."""
    chosen = 0
    for number, beside in enumerate(together(blocks)):
        chosen |= 0 if beside & chosen else 1 << number
    return [blocks[number] for number in numbers_of(chosen)]


def same_sums(blocks: Sequence[AtomBlock]) -> list[Line]:
    """Return the sums, 0 for everybody, that goals on the same records share, as the coefficient of each atom.

    What is equal in every stretch of time and group is taken as known to be equal: the same records counted again. What
    follows from others is left out.
    """
    found: list[Line] = []
    near = together(blocks)
    alike: dict[tuple[str, ...], list[int]] = {}
    for number, block in enumerate(blocks):
        alike.setdefault(block.fields, []).append(number)
    for mine, theirs in combinations_with_replacement(alike, 2):
        fields = tuple(field for field in mine if field in theirs)
        equal: dict[object, list[tuple[int, str]]] = {}
        for number in dict.fromkeys([*alike[mine], *alike[theirs]]):
            for part, key in blocks[number].by_fields(fields):
                equal.setdefault(key, []).append((number, part))
        for several in equal.values():
            found += _tied(blocks, near, several, mine, theirs)
    return found


def _tied(
    blocks: Sequence[AtomBlock], near: Sequence[int], several: list[tuple[int, str]], mine: object, theirs: object
) -> Iterator[Line]:
    """Yield as many sums as say that these parts of tables are equal. mine, theirs: by what the two are told apart."""
    sets = {each: {each} for each in several}
    left = len(several) - 1
    for at, one in enumerate(several):
        for other in several[at + 1 :] if left else ():
            first, second = blocks[one[0]], blocks[other[0]]
            if sets[one] is sets[other] or first is second or not near[one[0]] >> other[0] & 1:
                continue
            if {first.fields, second.fields} != {mine, theirs} or not _may_be_known(first, one[1], second, other[1]):
                continue
            common = Common.of(first, second)
            if common is not None:
                sums, _ = common.sums(one[1], other[1])
                yield from (common.line(one[1], other[1], *place) for place in np.ndindex(sums.shape))
                joined = sets[one] | sets[other]
                sets.update(dict.fromkeys(joined, joined))
                left -= 1


def _may_be_known(one: AtomBlock, mine: str, other: AtomBlock, theirs: str) -> bool:
    """Say whether anybody may know that two equal counts are the same records, and not equal by chance.

    Of one metric it is known by the outcomes which are the same. What is placed by another day is another count.
    """
    if (one.same, one.facet) == (other.same, other.facet):
        return one.outcomes[mine] == other.outcomes[theirs]
    return one.same.placed == other.same.placed


@attrs.frozen(eq=False, slots=False)
class Ladder:
    """Goals of one metric of which one counts more than another, and what is between each and the next.

    wider: of each those that are wider, as bits. first: of each the first that counts the same. rungs: the counts
    between two of the first, of which no other is between.
    """

    blocks: Sequence[AtomBlock]
    wider: Sequence[int]
    first: Sequence[int]
    rungs: dict[tuple[int, int], AtomBlock] = attrs.field(factory=dict)

    @cached_property
    def _above(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for lower, upper in self.rungs:
            found.setdefault(lower, []).append(upper)
        return found

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield each goal with each that is wider."""
        for number, bits in enumerate(self.wider):
            yield from ((number, other) for other in numbers_of(bits))

    def between(self, number: int, other: int) -> list[AtomBlock]:
        """Return the counts that lie between two goals, from rung to rung."""
        at, end, found = self.first[number], self.first[other], []
        while at != end:
            upper = next(each for each in self._above[at] if each == end or self.wider[each] >> end & 1)
            found.append(self.rungs[at, upper])
            at = upper
        return found
