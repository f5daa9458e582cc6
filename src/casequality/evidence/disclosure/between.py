"""What lies between two goals on the same records: whoever sees both works it out, so it is protected too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final, TypeAlias

import attrs
import numpy as np

from casequality.days import Integers
from casequality.errors import InputError
from casequality.evidence.disclosure.beside import Common, Ladder, Line, apart, numbers_of, together
from casequality.evidence.disclosure.grids import GatheredCells
from casequality.evidence.disclosure.history import History
from casequality.evidence.disclosure.ledger import Ledger, PublishedCount
from casequality.evidence.disclosure.policy import BASES, NEVER, Policy
from casequality.evidence.disclosure.tables import PARTS, AtomBlock, FigurePlace, TimeStretches

BETWEEN: Final = "between nested goals"


@attrs.frozen(eq=False)
class PublishedFigure:
    """One figure as it is published: its place, its counts by part, and the number that it is withheld by."""

    table: str
    place: FigurePlace
    counts: Mapping[str, int]
    unit: int

    def told(self) -> Iterator[PublishedCount]:
        """Yield what showing it tells."""
        facet, period, groups = self.place
        for part, value in self.counts.items():
            yield PublishedCount(
                table=self.table,
                facet=facet,
                first=period.first,
                end=period.end,
                groups=groups,
                part=part,
                value=value,
            )


@attrs.define(eq=False)
class FiguresByPlace(Mapping[tuple[str, FigurePlace], PublishedFigure]):
    """Figures by table and place. Most are asked for once, or never, so that none is made before."""

    tables: set[str] = attrs.field(factory=set)
    added: list[tuple[str, Sequence[FigurePlace], Sequence[str], Integers, Integers]] = attrs.field(factory=list)
    numbers: dict[tuple[str, FigurePlace], tuple[int, int]] = attrs.field(factory=dict)
    listed: int = 0

    def add(
        self, table: str, places: Sequence[FigurePlace], parts: Sequence[str], counts: Integers, units: Integers
    ) -> None:
        """Add the figures of a table at some places: their counts, (figures, parts), and what each is withheld by."""
        self.tables.add(table)
        self.added.append((table, places, parts, counts, units))

    def _list(self) -> dict[tuple[str, FigurePlace], tuple[int, int]]:
        while self.listed < len(self.added):
            table, places, *_ = self.added[self.listed]
            self.numbers.update(((table, place), (self.listed, row)) for row, place in enumerate(places))
            self.listed += 1
        return self.numbers

    def __getitem__(self, key: tuple[str, FigurePlace]) -> PublishedFigure:
        number, row = self._list()[key]
        table, _, parts, counts, units = self.added[number]
        return PublishedFigure(table, key[1], dict(zip(parts, counts[row].tolist(), strict=True)), int(units[row]))

    def __contains__(self, key: object) -> bool:
        return key in self._list()

    def __iter__(self) -> Iterator[tuple[str, FigurePlace]]:
        return iter(self._list())

    def __len__(self) -> int:
        return len(self._list())


There: TypeAlias = dict[tuple[str, str], dict[tuple[object, ...], tuple[PublishedCount, int]]]
"""Figures by table and facet, and by place: each with the number that it is withheld by."""


def _alike(one: AtomBlock, other: AtomBlock) -> bool:
    """Say whether two tables of one metric count the same records, and the one a yes less often."""
    parts = [(block.totals["yes"], block.totals["whole"]) for block in (one, other)]
    return one.metric == other.metric and parts[0][1] == parts[1][1] and parts[0][0] < parts[1][0]


@attrs.define(eq=False, kw_only=True)
class PublishedTables:
    """The tables of a publication, as they are gathered, and what is between them."""

    policy: Policy
    ledger: Ledger
    blocks: dict[tuple[str, str], AtomBlock] = attrs.field(factory=dict)
    times: dict[str, TimeStretches] = attrs.field(factory=dict)
    cells: GatheredCells = attrs.field(factory=GatheredCells)
    seen: FiguresByPlace = attrs.field(factory=FiguresByPlace)
    also: set[int] = attrs.field(factory=set)
    before: list[PublishedCount] = attrs.field(factory=list)
    nested: list[tuple[Common, AtomBlock]] = attrs.field(factory=list)
    ladders: list[Ladder] = attrs.field(factory=list)
    size: int = 0

    def nest(self, lines: list[Line]) -> None:
        """Add what lies between two nested goals as atoms of its own, small counts of it protected too."""
        places: dict[str, list[FigurePlace]] = {}
        for table, some, *_ in self.seen.added:
            places.setdefault(table, []).extend(some)
        blocks = [block for block in self.blocks.values() if block.table != BETWEEN]
        wider = [0] * len(blocks)
        for number, beside, common in self._pairs(blocks):
            one, other = common.one, common.other
            inner, outer = common.sums("yes", "yes")
            declared = self._declared(one, other)
            if declared:
                if (inner > outer).any():
                    raise InputError(
                        "Goals that the policy calls nested are not: some records are a yes of the first alone",
                        where=" in ".join(declared),
                        remedy="give the narrower goal first, or take the pair out of the policy's `nested`",
                    )
                self.nested.append(self._between(common, "yes", outer - inner, lines))
            elif _alike(one, other) and (inner <= outer).all() and np.array_equal(*common.sums("whole", "whole")):
                if (one.shape, one.where) == (other.shape, other.where):
                    wider[number] |= 1 << beside
                else:
                    self.nested.append(self._between(common, "yes", outer - inner, lines))
            for part, whole in self._wider(one, other):
                inner, outer = common.sums(part, whole)
                known = one.same == other.same and np.array_equal(inner, outer)
                if known or ((inner <= outer).all() and self._few_between(common, outer - inner, places)):
                    self.nested.append(self._between(common, part, outer - inner, lines, beside=whole))
        self._climb(blocks, wider, lines)

    def _climb(self, blocks: Sequence[AtomBlock], wider: Sequence[int], lines: list[Line]) -> None:
        """Add what lies between each goal and the next wider ones. wider: all that are wider, as bits."""
        firsts: dict[object, int] = {}
        first = [
            firsts.setdefault((block.shape, *block.same[3:], block.metric, block.facet, block.counts.tobytes()), number)
            for number, block in enumerate(blocks)
        ]
        kept = sum(1 << number for number in set(first))
        ladder = Ladder(blocks, wider, first)
        for number in sorted(set(first), key=lambda each: int(blocks[each].counts[0].sum())):
            reached = 0
            above = numbers_of(wider[number] & kept)
            for other in sorted(above, key=lambda each: int(blocks[each].counts[0].sum())):
                if not reached >> other & 1:
                    common = Common.of(blocks[number], blocks[other])
                    assert common is not None
                    inner, outer = common.sums("yes", "yes")
                    ladder.rungs[number, other] = self._between(common, "yes", outer - inner, lines)[1]
                    reached |= wider[other] | 1 << other
        if ladder.rungs:
            self.ladders.append(ladder)

    def _pairs(self, blocks: Sequence[AtomBlock]) -> Iterator[tuple[int, int, Common]]:
        """Yield tables that may be of the same records, each beside each, where something may lie between them."""
        for number, bits in enumerate(together(blocks)):
            for beside in numbers_of(bits & ~(1 << number)):
                one, other = blocks[number], blocks[beside]
                if self._declared(one, other) or _alike(one, other) or any(self._wider(one, other)):
                    common = Common.of(one, other)
                    if common is not None:
                        yield number, beside, common

    def _declared(self, one: AtomBlock, other: AtomBlock) -> tuple[str, str] | None:
        """Return the names of the two goals where the policy says that the one is nested in the other."""
        return next((pair for pair in self.policy.nested if pair[0] in one.names and pair[1] in other.names), None)

    def _wider(self, one: AtomBlock, other: AtomBlock) -> Iterator[tuple[str, str]]:
        """Yield parts of the one of which every record is in a part of the other, and not the other way round.

        Under another reading of a metric that is so by its outcomes. Of other metrics it is known to be so of the
        numbers of records: of those received some are decided.
        """
        if one.totals[one.told[-1]] > other.totals[other.told[-1]] or Common.inside(one, other):
            return
        if one.same == other.same:
            every = product(one.told, other.told)
            pairs = [(part, beside) for part, beside in every if one.outcomes[part] < other.outcomes[beside]]
        else:
            # where both count as many they are counted alike
            more = one.totals[one.told[-1]] < other.totals[other.told[-1]]
            pairs = [(one.told[-1], other.told[-1])] if more and one.same.placed == other.same.placed else []
        known = BASES in self.policy.public  # then what two of them differ by is known too
        yield from (pair for pair in pairs if not (known and pair == ("whole", "whole")))

    def _few_between(self, common: Common, counts: Integers, places: Mapping[str, Sequence[FigurePlace]]) -> bool:
        """Say whether few lie between them in a figure that both have. places: of the figures, by table."""
        one, other = common.one, common.other
        groups = np.array(common.groups, object).reshape(len(common.groups), len(common.fields))
        for facet, period, labels in places.get(one.table, ()):
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
                self.nested.append(self._between(common, part, outer - inner, lines))
                more = True
        return more

    def _rest(self, several: Sequence[Common], part: str, lines: list[Line]) -> None:
        """Add what is left of a table beside several that share no record."""
        if not all(part in block.told for each in several for block in (each.one, each.other)):
            return
        sums = [each.sums(part, part) for each in several]
        left = sums[0][1] - np.sum([inner for inner, _ in sums], axis=0)
        if (left >= 0).all():
            self.nested.append(self._between(several[0], part, left, lines, several[1:]))

    def _between(
        self,
        common: Common,
        part: str,
        counts: Integers,
        lines: list[Line],
        others: Sequence[Common] = (),
        beside: str = "",
    ) -> tuple[Common, AtomBlock]:
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
        self.size += block.counts.size
        for time, group in np.ndindex(counts.shape):
            atom = block.atoms_of("yes", np.array([time]), np.array([group]))
            mine = [each.line(part, part, time, group) for each in others]
            more = {atom: 1 for line in mine for atom, by in line.items() if by > 0}
            lines.append({**common.line(part, beside or part, time, group), **more, int(atom[0]): 1})
        return common, block

    def add_between(self, history: History) -> None:
        """Add what lies between nested goals, of figures that both of them have, now or in an earlier edition."""
        if not self.nested and not self.ladders:
            return
        here: There = {}
        for each in self.before:
            here.setdefault((each.table, each.facet), {})[each.place[2:-1]] = each, NEVER
        for seen in self.seen.values():
            told = next(seen.told())
            here.setdefault((told.table, told.facet), {})[told.place[2:-1]] = told, seen.unit
        for _, unit, atoms, value in self._gaps(here, self.policy.threshold):
            if 1 <= value < self.policy.threshold:
                self.cells.add(atoms, NEVER, 0, (1, self.policy.threshold - 1))
                self.also.update({unit} - {NEVER})
        for edition, had in enumerate(self.ledger.editions if history.came else ()):
            there: There = {}
            withheld = {each.place[:-1] for each in had.withheld}
            for each in (*had.told, *had.withheld):
                there.setdefault((each.table, each.facet), {})[each.place[2:-1]] = each, NEVER
            for told, _, atoms, _ in self._gaps(there):
                if told.place[:-1] in withheld and history.changes(atoms, edition):
                    self.add_once({"yes": atoms}, edition)

    def _gaps(self, there: There, few: int | None = None) -> Iterator[tuple[PublishedCount, int, Integers, int]]:
        """Yield the figures of a goal that another has too, with the atoms between them, and how many these are.

        few: of ladders those alone of which there are fewer.
        """
        for common, block in self.nested:
            one, other = common.one, common.other
            theirs = there.get((other.table, other.facet), {})
            for place, (told, unit) in there.get((one.table, one.facet), {}).items():
                if place in theirs:
                    yield told, unit, *self._between_of([block], told)
        for ladder in self.ladders:
            figures = [there.get((block.table, block.facet), {}) for block in ladder.blocks]
            sums = [
                {place: self._sum_of(block, told) for place, (told, _) in mine.items()} if few is not None else {}
                for block, mine in zip(ladder.blocks, figures, strict=True)
            ]
            for number, wider in ladder.pairs():
                for place, (told, unit) in figures[number].items():
                    if place in figures[wider] and (few is None or 1 <= sums[wider][place] - sums[number][place] < few):
                        yield told, unit, *self._between_of(ladder.between(number, wider), told)

    def _sum_of(self, block: AtomBlock, told: PublishedCount) -> int:
        times, labels = self.times[told.table].within(told.first, told.end), block.within(told.groups)
        return int(block.counts[0][times][:, labels].sum())

    def _between_of(self, blocks: Sequence[AtomBlock], told: PublishedCount) -> tuple[Integers, int]:
        """Return the atoms of some blocks in the place of a figure, and how many records they have."""
        times = self.times[told.table].within(told.first, told.end)
        atoms = [block.atoms_of("yes", times, block.within(told.groups)) for block in blocks]
        return np.concatenate(atoms), sum(self._sum_of(block, told) for block in blocks)

    def add_once(self, parts: Mapping[str, Integers], edition: int) -> None:
        """Add what an edition withheld and is another now: nobody kept how many it was, so it may have been few."""
        for part, atoms in parts.items():
            least = int(part == "whole" or self.policy.zeros == "public")
            self.cells.add(atoms, NEVER, int(part == "whole"), (least, self.policy.threshold - 1), edition)
