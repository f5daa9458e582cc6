"""What lies between two goals on the same records: whoever sees both works it out, so it is protected too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations, product
from typing import Final, TypeAlias

import attrs
import numpy as np

from casequality.days import Integers
from casequality.errors import InputError
from casequality.evidence.disclosure.grids import Cells
from casequality.evidence.disclosure.history import History
from casequality.evidence.disclosure.ledger import Ledger, Told
from casequality.evidence.disclosure.policy import BASES, Policy
from casequality.evidence.disclosure.tables import PARTS, Block, Common, Place, Times, apart

NEVER: Final = -1
BETWEEN: Final = "between nested goals"
Line: TypeAlias = dict[int, int]
"""A sum of atoms that everybody knows, as the coefficient of each."""


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
        for common in filter(None, (Common.of(one, other) for one, other in permutations(self.blocks.values(), 2))):
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
                if (inner <= outer).all() and self._few_between(common, outer - inner, both):
                    self._between(common, part, outer - inner, lines, beside=beside)

    def _wider(self, common: Common) -> Iterator[tuple[str, str]]:
        """Yield parts of the one of which every record is in a part of the other, and not the other way round.

        Under another reading of a metric that is so by its outcomes. Of other metrics it is known to be so of the
        numbers of records: of those received some are decided.
        """
        one, other = common.one, common.other
        if BETWEEN in (one.table, other.table) or Common.inside(one, other):
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
        for other in blocks:
            beside = [one for one in blocks if (found := Common.inside(one, other)) and self._narrower(found, lines)]
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
