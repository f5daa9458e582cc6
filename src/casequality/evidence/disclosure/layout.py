"""All that is published of some tables, and was before, as one problem: who sees it must not find out what is small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask, Period
from casequality.errors import UsageError
from casequality.evidence.disclosure.beside import same_sums
from casequality.evidence.disclosure.between import FiguresByPlace, PublishedTables
from casequality.evidence.disclosure.grids import NOW, Sums, TableGrid, places_of_atoms
from casequality.evidence.disclosure.history import History, PublishedSum, history_of
from casequality.evidence.disclosure.ledger import Ledger, PublishedCount
from casequality.evidence.disclosure.policy import BASES, NEVER, Policy
from casequality.evidence.disclosure.problem import Problem
from casequality.evidence.disclosure.tables import (
    FigurePlace,
    TimeStretches,
    View,
    block_of,
    fields_of,
    refuse_identifying,
    tally_of,
)


@attrs.frozen(eq=False)
class ProblemLayout:
    """The problem, and each figure by table and place; those of views that are not understood are in neither."""

    problem: Problem
    seen: FiguresByPlace


def lay_out(views: Sequence[View], policy: Policy, ledger: Ledger) -> ProblemLayout:
    """Return the problem of some views that are published together, after the editions of a ledger."""
    refuse_identifying(views, policy.identifying)
    builder = _Builder(policy=policy, ledger=ledger, latest=ledger.latest())
    understood = [view for view in views if view.kind]
    for source in dict.fromkeys(view.source for view in understood):
        builder.add_blocks([view for view in understood if view.source == source])
    for view in understood:
        builder.add_figures(view)
    return builder.layout()


@attrs.define(eq=False, kw_only=True)
class _Builder(PublishedTables):
    latest: Mapping[tuple[object, ...], int]
    grids: list[TableGrid] = attrs.field(factory=list)
    cost: list[npt.NDArray[np.float64]] = attrs.field(factory=list)
    fixed: list[Mask] = attrs.field(factory=list)

    def add_blocks(self, views: Sequence[View]) -> None:
        """Add the atoms of the views of one source."""
        tables: dict[str, list[View]] = {}
        for view in views:
            tables.setdefault(view.table, []).append(view)
        editions = self.ledger.editions
        told = [each for edition in editions for each in (*edition.told, *edition.withheld) if each.table in tables]
        spans = [(each.first, each.end) for each in told]
        periods = dict.fromkeys(period for view in views for _, period, _ in view.places)
        spans += [(period.first, period.end) for period in periods]
        for table, several in tables.items():
            mine = [each for each in told if each.table == table]
            places = [place for view in several for place in view.places]
            fields = sorted({*fields_of(places), *(field for each in mine for field, _ in each.groups)})
            times, stretch = TimeStretches.of(tally_of(several, fields), tuple(dict.fromkeys(spans)))
            self.times[table] = times
            for facet in dict.fromkeys([*dict.fromkeys(facet for facet, *_ in places), *(each.facet for each in mine)]):
                block = block_of(several, facet, fields, stretch, times.holds.shape[1], self.size)
                self.blocks[table, facet] = block
                self.size += block.counts.size

    def add_figures(self, view: View) -> None:
        """Add what the figures of a view say."""
        places: Sequence[FigurePlace] = view.places
        if view.table in self.seen.tables:
            places = [place for place in places if (view.table, place) not in self.seen]
        for facet in dict.fromkeys(facet for facet, *_ in places):
            self._add_figures(view, [place for place in places if place[0] == facet])

    def _add_figures(self, view: View, places: Sequence[FigurePlace]) -> None:
        block, policy = self.blocks[view.table, places[0][0]], self.policy
        grid, places = TableGrid.of(block, self.times[view.table], places)
        counts, whole, several = grid.sums, grid.sums[:, -1], len(block.told) > 1
        least, most = policy.between(counts, self._before(view.table, places, block.told))
        public = np.array([period.kind in policy.public for period in grid.periods])
        known = public[grid.period] & np.array([not each for each in grid.groups])[grid.group]
        for number in np.flatnonzero(known & (least <= most).any(axis=1))[:1].tolist():
            self._refuse_public(view, places[number][1].label)
        shown = (whole == 0) & (view.kind != "count" or policy.zeros == "public")
        based = (whole >= policy.threshold) & (several and BASES in policy.public)
        units = self._units(known | shown, grid.leaves * (4 if several else 1), based)
        last = np.arange(counts.shape[1]) == counts.shape[1] - 1
        kept = last | (whole > 0)[:, None]
        # that there are no cases is always shown, and that none is a yes where zeros are public
        floor = np.zeros_like(counts) + last * (several or view.kind == "numbers" or policy.zeros == "public")
        shown_with = units[:, None] + last * based[:, None]
        atoms, lengths = grid.atoms(kept)
        columns = lengths, shown_with, floor, least, most, np.full_like(counts, NOW)
        self.cells.add_all(atoms, np.stack([column[kept] for column in columns]))
        self.grids.append(grid.shown_with(units, units + based))
        self.seen.add(view.table, places, block.told, counts, units)

    def _units(self, fixed: Mask, leaves: Integers, based: Mask) -> Integers:
        """Return the number of each new figure; those that are based have a base that is never withheld behind them."""
        places = np.arange(len(fixed)) + np.cumsum(based) - based
        cost, never = np.ones(len(fixed) + based.sum()), np.ones(len(fixed) + based.sum(), bool)
        cost[places], never[places] = 1 + np.log2(np.maximum(leaves, 1)), fixed
        found: Integers = sum(map(len, self.cost)) + places
        self.cost.append(cost)
        self.fixed.append(never)
        return found

    def add_before(self, history: History) -> None:
        """Add what earlier editions had: what is small of it, or may have been, must not be told now either."""
        if not self.ledger.editions:
            return
        done = {(next(each.told()).place[:-1], 0) for each in self.seen.values()}
        for edition, had in enumerate(self.ledger.editions):
            told = {each.place[:-1] for each in had.told}
            for each in (*had.told, *had.withheld):
                place, block = each.place[:-1], self.blocks.get((each.table, each.facet))
                if block is None:
                    continue
                counts, parts = self._counts(each)
                if (place, 0) not in done:
                    done.add((place, 0))
                    self.before.append(attrs.evolve(each, part=""))
                    self._add_still(each, counts, parts, place not in told)
                changes = history.changes(np.concatenate([*parts.values()]), edition)
                if place not in told and (place, changes) not in done:
                    done.add((place, changes))
                    self.add_once(parts, edition)

    def _add_still(
        self, given: PublishedCount, counts: Mapping[str, int], parts: Mapping[str, Integers], withheld: bool
    ) -> None:
        told = np.array([list(counts.values())])
        place = given.facet, Period(given.first, given.end), given.groups
        least, most = self.policy.between(told, self._before(given.table, [place], tuple(counts)))
        for (part, atoms), low, high in zip(parts.items(), least[0].tolist(), most[0].tolist(), strict=True):
            floor = int(withheld and part == "whole" and told[0, -1] > 0)
            if floor or low <= high:
                self.cells.add(atoms, NEVER, floor, (low, high))

    def _counts(self, given: PublishedCount) -> tuple[dict[str, int], dict[str, Integers]]:
        """Return the counts of a figure by part, and the atoms of each."""
        block = self.blocks[given.table, given.facet]
        times, labels = self.times[given.table].within(given.first, given.end), block.within(given.groups)
        parts = block.atoms(times, labels)
        yes, *no = block.counts[:, times][:, :, labels].sum(axis=(1, 2)).tolist()
        return ({"yes": yes, "no": no[0], "whole": yes + no[0]} if no else {"yes": yes}), parts

    def _before(self, table: str, places: Iterable[FigurePlace], told: Sequence[str]) -> Integers | None:
        """Return what was told last of each part of some figures, -1 where it was not, None where nothing ever was."""
        if not self.latest:
            return None
        named = [(table, facet, each.first, each.end, frozenset(groups)) for facet, each, groups in places]
        return np.array([[self.latest.get((*name, part), NEVER) for part in told] for name in named], np.int64)

    def _refuse_public(self, view: View, label: str) -> None:
        raise UsageError(
            "A total that the policy calls public is small itself",
            where=f"{view.name}, {label}",
            allowed=f"counts of 0, or from {self.policy.threshold} on",
            remedy="take it out of the policy's `public`, or publish longer periods only",
        )

    def facts(self) -> Iterator[PublishedSum]:
        """Yield the sums that the editions of the ledger told."""
        for number, edition in enumerate(self.ledger.editions):
            for each in edition.told:
                block = self.blocks.get((each.table, each.facet))
                if block is not None and each.part in block.told:
                    times, labels = self.times[each.table].within(each.first, each.end), block.within(each.groups)
                    atoms = block.atoms_of(each.part, times, labels)
                    if len(atoms):
                        yield PublishedSum(number, frozenset(atoms.tolist()), each.value)

    def layout(self) -> ProblemLayout:
        """Return the whole."""
        lines = same_sums(list(self.blocks.values()))
        self.narrow(lines)
        self.nest(lines)
        same = Sums.of(lines, self.size)
        blocks, cells, editions = tuple(self.blocks.values()), self.cells, len(self.ledger.editions)
        counts = np.concatenate([*(block.counts.ravel() for block in blocks), np.zeros(0, np.int64)])
        history = history_of(counts, list(self.facts()), editions, same)
        self.add_before(history)
        self.add_between(history)
        _, unit, floor, least, most, edition = cells.columns()
        time, labels, near = places_of_atoms(blocks, self.times)
        problem = Problem(
            counts=history.counts,
            cells=history.as_of(cells.sums(self.size), np.where(edition == NOW, editions, edition)),
            unit=unit,
            floor=floor,
            least=least,
            most=most,
            once=edition != NOW,
            cost=np.concatenate([*self.cost, np.zeros(0)]),
            fixed=np.concatenate([*self.fixed, np.zeros(0, bool)]),
            also=np.array(sorted(self.also), np.int64),
            grids=tuple(self.grids),
            known=history.lines,
            play=history.play,
            time=time[history.parent],
            labels=labels[:, history.parent],
            near=near,
        )
        return ProblemLayout(problem=problem, seen=self.seen)
