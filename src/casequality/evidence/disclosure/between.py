"""What lies between two goals on the same records: whoever sees both works it out, so it is protected too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations_with_replacement, product
from typing import Final, TypeAlias

import attrs
import numpy as np

from casequality.days import Integers
from casequality.errors import InputError
from casequality.evidence.disclosure.grids import Cells
from casequality.evidence.disclosure.history import History
from casequality.evidence.disclosure.ledger import Ledger, Told
from casequality.evidence.disclosure.policy import BASES, Policy
from casequality.evidence.disclosure.tables import PARTS, Block, Place, Times

NEVER: Final = -1
BETWEEN: Final = "between nested goals"
Line: TypeAlias = dict[int, int]
"""A sum of atoms that everybody knows, as the coefficient of each."""


@attrs.frozen(eq=False)
class Common:
    """Where two tables of one source can be held beside each other: in every stretch of time, for what both tell apart.

    groups: the labels of the codes (fields) that both are told apart by. mine, theirs: the group of each label of the
    one and of the other, -1 for one that is in no group.
    """

    one: Block
    other: Block
    fields: tuple[str, ...]
    groups: tuple[tuple[str | None, ...], ...]
    mine: Integers
    theirs: Integers

    @classmethod
    def of(cls, one: Block, other: Block) -> Common | None:
        """Return it, None for tables of two sources, and where a label of the one is none of the other."""
        found = cls._beside(one, other, {})
        return found if found is not None and {*found.mine.tolist()} == {*found.theirs.tolist()} else None

    @classmethod
    def inside(cls, one: Block, other: Block, *, whole: bool = False) -> Common | None:
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
        cls, one: Block, other: Block, apart: Mapping[str, frozenset[str]], *, whole: bool = False
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


def together(blocks: Sequence[Block]) -> list[int]:
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
            same = 0
            for label in labels:
                same |= with_label[field, label]
            mine &= same | ~told_apart[field]
        found.append(mine)
    return found


def numbers_of(bits: int) -> Iterator[int]:
    """Yield the places of the bits of a number."""
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1


def apart(blocks: Sequence[Block]) -> list[Block]:
    """Return those, one after the other, that are of no record that one before them is of."""
    found, chosen = [], 0
    for number, (block, beside) in enumerate(zip(blocks, together(blocks), strict=True)):
        if not beside & chosen:
            found.append(block)
            chosen |= 1 << number
    return found


def same_sums(blocks: Sequence[Block]) -> list[Line]:
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
    blocks: Sequence[Block], near: Sequence[int], several: list[tuple[int, str]], mine: object, theirs: object
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


def _may_be_known(one: Block, mine: str, other: Block, theirs: str) -> bool:
    """Say whether anybody may know that two equal counts are the same records, and not equal by chance.

    Of one metric it is known by the outcomes which are the same. What is placed by another day is another count.
    """
    if (one.same, one.facet) == (other.same, other.facet):
        return one.outcomes[mine] == other.outcomes[theirs]
    return one.same.placed == other.same.placed


@attrs.frozen(eq=False)
class Seen:
    """One figure as it is published: its place, its counts by part, and the number that it is withheld by."""

    table: str
    place: Place
    counts: Mapping[str, int]
    unit: int

    def told(self) -> Iterator[Told]:
        """Yield what showing it tells."""
        facet, period, groups = self.place
        for part, value in self.counts.items():
            yield Told(
                table=self.table,
                facet=facet,
                first=period.first,
                end=period.end,
                groups=groups,
                part=part,
                value=value,
            )


@attrs.define(eq=False, kw_only=True)
class Between:
    """The tables of a publication, as they are gathered, and what is between them."""

    policy: Policy
    ledger: Ledger
    blocks: dict[tuple[str, str], Block] = attrs.field(factory=dict)
    times: dict[str, Times] = attrs.field(factory=dict)
    cells: Cells = attrs.field(factory=Cells)
    seen: dict[tuple[str, Place], Seen] = attrs.field(factory=dict)
    also: set[int] = attrs.field(factory=set)
    before: list[Told] = attrs.field(factory=list)
    nested: list[tuple[Common, Block]] = attrs.field(factory=list)
    size: int = 0

    def nest(self, lines: list[Line]) -> None:
        """Add what lies between two nested goals as atoms of its own, small counts of it protected too."""
        places: dict[str, list[Place]] = {}
        for table, place in self.seen:
            places.setdefault(table, []).append(place)
        blocks = [block for block in self.blocks.values() if block.table != BETWEEN]
        for common in self._pairs(blocks):
            pairs = {(inner, outer) for inner in common.one.names for outer in common.other.names}
            declared = pairs & set(self.policy.nested)
            inner, outer = common.sums("yes", "yes")
            mine, theirs = common.sums("whole", "whole")
            alike = common.one.metric == common.other.metric and np.array_equal(mine, theirs)
            if declared and (inner > outer).any():
                raise InputError(
                    "Goals that the policy calls nested are not: some records are a yes of the first alone",
                    where=" in ".join(next(iter(declared))),
                    remedy="give the narrower goal first, or take the pair out of the policy's `nested`",
                )
            if declared or (alike and (inner <= outer).all() and (inner < outer).any()):
                self._between(common, "yes", outer - inner, lines)
            for part, beside in self._wider(common):
                inner, outer = common.sums(part, beside)
                both = places.get(common.one.table, ())
                known = common.one.same == common.other.same and np.array_equal(inner, outer)
                if known or ((inner <= outer).all() and self._few_between(common, outer - inner, both)):
                    self._between(common, part, outer - inner, lines, beside=beside)

    def _pairs(self, blocks: Sequence[Block]) -> Iterator[Common]:
        """Yield tables that may be of the same records, each beside each."""
        for number, bits in enumerate(together(blocks)):
            for other in numbers_of(bits & ~(1 << number)):
                common = Common.of(blocks[number], blocks[other])
                if common is not None:
                    yield common

    def _wider(self, common: Common) -> Iterator[tuple[str, str]]:
        """Yield parts of the one of which every record is in a part of the other, and not the other way round.

        Under another reading of a metric that is so by its outcomes. Of other metrics it is known to be so of the
        numbers of records: of those received some are decided.
        """
        one, other = common.one, common.other
        if Common.inside(one, other):
            return
        if one.same == other.same:
            every = product(one.told, other.told)
            pairs = [(part, beside) for part, beside in every if one.outcomes[part] < other.outcomes[beside]]
        else:
            pairs = [(one.told[-1], other.told[-1])] if one.same.placed == other.same.placed else []
        known = BASES in self.policy.public  # then what two of them differ by is known too
        yield from (pair for pair in pairs if not (known and pair == ("whole", "whole")))

    def _few_between(self, common: Common, counts: Integers, places: Iterable[Place]) -> bool:
        """Say whether few lie between them in a figure that both have, of the places of the one."""
        one, other = common.one, common.other
        groups = np.array(common.groups, object).reshape(len(common.groups), len(common.fields))
        for facet, period, labels in places:
            if facet == one.facet and (other.table, (other.facet, period, labels)) in self.seen:
                inside = np.ones(len(groups), bool)
                for field, label in labels:
                    inside &= groups[:, common.fields.index(field)] == label
                times = self.times[one.table].within(period.first, period.end)
                if 1 <= counts[times][:, inside].sum() < self.policy.threshold:
                    return True
        return False

    def narrow(self, lines: list[Line]) -> None:
        """Add what a table of some of the records has in common with one of more: the same, or less what is beside."""
        blocks = tuple(self.blocks.values())
        for other, bits in zip(blocks, together(blocks), strict=True):
            near = [blocks[number] for number in numbers_of(bits)]
            beside = [one for one in near if (found := Common.inside(one, other)) and self._narrower(found, lines)]
            several = [Common.inside(one, other, whole=True) for one in apart(beside)]
            for part in PARTS[:-1] if len(several) > 1 and None not in several else ():
                self._rest([each for each in several if each], part, lines)

    def _narrower(self, common: Common, lines: list[Line]) -> bool:
        """Add it for two tables, and say whether there is anything beside."""
        more = False
        for part in (part for part in PARTS[:-1] if part in common.one.told and part in common.other.told):
            inner, outer = common.sums(part, part)
            if np.array_equal(inner, outer):
                lines += [common.line(part, part, time, group) for time, group in np.ndindex(inner.shape)]
            elif (inner <= outer).all():
                self._between(common, part, outer - inner, lines)
                more = True
        return more

    def _rest(self, several: Sequence[Common], part: str, lines: list[Line]) -> None:
        """Add what is left of a table beside several that share no record."""
        if not all(part in block.told for each in several for block in (each.one, each.other)):
            return
        sums = [each.sums(part, part) for each in several]
        left = sums[0][1] - np.sum([inner for inner, _ in sums], axis=0)
        if (left >= 0).all():
            self._between(several[0], part, left, lines, several[1:])

    def _between(
        self,
        common: Common,
        part: str,
        counts: Integers,
        lines: list[Line],
        others: Sequence[Common] = (),
        beside: str = "",
    ) -> None:
        """Add the counts between a part of the one and the same part of the other, or another one (beside)."""
        one = common.one
        block = attrs.evolve(
            one,
            table=BETWEEN,
            counted=BETWEEN,
            counts=counts[None],
            fields=common.fields,
            labels=common.groups,
            first=self.size,
        )
        self.blocks[f"{BETWEEN} {len(self.blocks)}", one.facet] = block
        self.nested.append((common, block))
        self.size += block.counts.size
        for time, group in np.ndindex(counts.shape):
            atom = block.atoms_of("yes", np.array([time]), np.array([group]))
            mine = [each.line(part, part, time, group) for each in others]
            more = {atom: 1 for line in mine for atom, by in line.items() if by > 0}
            lines.append({**common.line(part, beside or part, time, group), **more, int(atom[0]): 1})

    def add_between(self, history: History) -> None:
        """Add what lies between nested goals, of figures that both of them have, now or in an earlier edition."""
        if not self.nested:
            return
        there = {each.place[:-1]: (each, NEVER) for each in self.before}
        there |= {told.place[:-1]: (told, seen.unit) for seen in self.seen.values() for told in seen.told()}
        for common, block in self.nested:
            for _, unit, atoms in self._beside(common, block, there):
                value = int(block.counts.ravel()[atoms - block.first].sum())
                if 1 <= value < self.policy.threshold:
                    self.cells.add(atoms, NEVER, 0, (1, self.policy.threshold - 1))
                    self.also.update({unit} - {NEVER})
            for edition, had in enumerate(self.ledger.editions):
                places = {each.place[:-1]: (each, NEVER) for each in (*had.told, *had.withheld)}
                withheld = {each.place[:-1] for each in had.withheld}
                for each, _, atoms in self._beside(common, block, places):
                    if each.place[:-1] in withheld and history.changes(atoms, edition):
                        self.add_once({"yes": atoms}, edition)

    def _beside(
        self, common: Common, block: Block, there: Mapping[tuple[object, ...], tuple[Told, int]]
    ) -> Iterator[tuple[Told, int, Integers]]:
        """Yield the figures of a goal that another has too, with what lies between them."""
        one, other = common.one, common.other
        for place, (each, unit) in there.items():
            if (each.table, each.facet) == (one.table, one.facet) and (other.table, other.facet, *place[2:]) in there:
                times, inside = self.times[one.table].within(each.first, each.end), block.within(each.groups)
                yield each, unit, block.atoms_of("yes", times, inside)

    def add_once(self, parts: Mapping[str, Integers], edition: int) -> None:
        """Add what an edition withheld and is another now: nobody kept how many it was, so it may have been few."""
        for part, atoms in parts.items():
            least = int(part == "whole" or self.policy.zeros == "public")
            self.cells.add(atoms, NEVER, int(part == "whole"), (least, self.policy.threshold - 1), edition)
