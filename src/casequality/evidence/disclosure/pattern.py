"""Which figures to withhold: a stated heuristic whose result carries its own proof.

Figures that are small are withheld. Then, for each of them, those of most parts first, the cheapest further figures are
withheld so that it can be as low, and as high, as it must be able to be. Each answer is a witness: another table of
whole counts that shows the same published figures. One witness mostly serves several cells, and so does its opposite.
Small tables are tried in several fixed orders, and what need not be withheld is shown again.
"""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

from casequality.days import Integers, Mask
from casequality.evidence.disclosure.moves import Work, cheapest
from casequality.evidence.disclosure.problem import Pattern, PossibleRange, Problem, Witness
from casequality.evidence.disclosure.swaps import Swaps

FEW: Final = 400
"""Up to so many figures a table is small."""
ORDERS: Final = 4
SWAPPED: Final = 4000
"""Up to so many atoms it is looked whether two of them can change places."""
MOST: Final = 50
"""How many steps of one witness are tried: few thresholds are more."""


def protect(problem: Problem) -> Pattern:
    """Return which figures are withheld, with the proof: of each part that has nothing in common with the rest."""
    small = len(problem.cost) <= FEW and len(problem.protected) <= FEW // 8
    if len(problem.grids) < 2 and not len(problem.known):
        return _protected(problem, small)
    hidden = problem.primary.copy()
    witnesses: list[Witness] = []
    given_away: list[int] = []
    not_small: list[int] = []
    blank: list[int] = []
    for island in problem.islands():
        found = _protected(island.problem, small) if len(island.problem.protected) else Pattern(island.problem.primary)
        if found.given_away and island.problem.may_be_blank(~island.problem.fixed):
            # what is withheld already stays so: a nought too, where it would tell what lies between two goals
            hidden_too = found.hidden | ~island.problem.fixed
            found = attrs.evolve(found, hidden=hidden_too, given_away=(), blank=found.given_away)
        hidden[island.units] = found.hidden
        witnesses += [attrs.evolve(each, atoms=island.atoms[each.atoms]) for each in found.witnesses]
        given_away += island.cells[[*found.given_away]].tolist() if found.given_away else []
        not_small += island.cells[[*found.not_small]].tolist() if found.not_small else []
        blank += island.cells[[*found.blank]].tolist() if found.blank else []
    return Pattern(hidden, tuple(witnesses), tuple(given_away), tuple(not_small), tuple(blank))


def _protected(problem: Problem, small: bool) -> Pattern:
    """Return which figures are withheld. small: whether there is time for several orders."""
    if not small:
        return _Search.of(problem, problem.primary).through(problem.protected)
    orders = np.random.default_rng(20)  # the same orders each time: two patterns of one table tell more than one
    found = [_pruned(problem, _Search.of(problem, problem.primary).through(problem.protected))]
    for _ in range(ORDERS - 1 if found[0].hidden.any() else 0):
        shuffled = orders.permutation(problem.protected)
        found.append(_pruned(problem, _Search.of(problem, problem.primary).through(shuffled)))
    return min(found, key=lambda each: (len(each.given_away), each.hidden.sum(), problem.cost[each.hidden].sum()))


@attrs.define(eq=False)
class _Search:
    """A pattern that grows until every protected cell can be as low and as high as it must."""

    problem: Problem
    hidden: Mask
    reached: PossibleRange
    swaps: Swaps | None
    witnesses: list[Witness] = attrs.field(factory=list)
    given_away: list[int] = attrs.field(factory=list)
    not_small: list[int] = attrs.field(factory=list)
    work: Work = attrs.field(factory=Work)

    @classmethod
    def of(cls, problem: Problem, hidden: Mask) -> _Search:
        swaps = Swaps.of(problem, hidden) if len(problem.counts) <= SWAPPED else None
        return cls(problem, hidden.copy(), PossibleRange.of(problem), swaps)

    def through(self, cells: Integers) -> Pattern:
        """Return the pattern once each of the cells is safe, in this order."""
        for cell in cells.tolist():
            if self.problem.once[cell]:
                both = [self.found(cell, by) for by in list(self.reached.lacking(cell))]
                if None in both:
                    self.not_small.append(cell)
                    continue
                for each in filter(None, both):
                    self.take(each)
                continue
            for by in self.reached.lacking(cell):
                if self.work.left < 0 and self.problem.may_be_blank(~self.problem.fixed):
                    self.given_away.append(cell)  # so much is small that nothing of it is shown
                    break
                found = self.found(cell, by)
                if found is None:
                    self.given_away.append(cell)
                else:
                    self.take(found)
        given_away, not_small = (tuple(dict.fromkeys(each)) for each in (self.given_away, self.not_small))
        return Pattern(self.hidden, tuple(self.witnesses), given_away, not_small)

    def found(self, cell: int, by: int, *, further: bool = True) -> Witness | None:
        """Return what moves a cell by so much. further: whether more figures may be withheld for it."""
        for swap in self.swaps.found(cell, by) if self.swaps else ():
            if swap.stands(self.problem, self.hidden):
                return swap
        return cheapest(self.problem, self.hidden, cell, by, further=further, work=self.work)

    def take(self, witness: Witness) -> None:
        """Withhold what a witness moves, and note how low and high its steps, there and back, let each cell be."""
        more = witness.figures(self.problem)
        more = np.unique(more[~self.hidden[more]])
        self.hidden[more] = True
        if self.swaps and len(more):
            self.swaps.hide(more)
        for sign in (1, -1):
            self.note(witness.farthest(self.problem, self.hidden, sign, MOST))

    def note(self, witness: Witness | None) -> None:
        """Note what a witness lets each cell be."""
        if witness is not None:
            self.witnesses.append(witness)
            cells = witness.moved[witness.moved < len(self.problem.unit)]
            self.reached.note(cells, witness.by[: len(cells)], np.full(len(cells), witness.steps))


def _pruned(problem: Problem, pattern: Pattern) -> Pattern:
    """Return the pattern without those figures of which the attack shows that they may be shown again."""
    if pattern.given_away:
        return pattern
    hidden, witnesses = pattern.hidden.copy(), list(pattern.witnesses)
    for unit in pattern.secondary(problem):
        fewer = hidden.copy()
        fewer[unit] = False
        standing = _still_proved(problem, fewer, witnesses, pattern.not_small)
        if standing is not None:
            hidden, witnesses = fewer, standing
    return Pattern(hidden, tuple(witnesses), not_small=pattern.not_small)


def _still_proved(
    problem: Problem, hidden: Mask, witnesses: list[Witness], not_small: tuple[int, ...]
) -> list[Witness] | None:
    """Return witnesses that prove a pattern, those that still stand and new ones; None where it leaves a cell open."""
    standing = [each for each in witnesses if each.stands(problem, hidden)]
    search = _Search.of(problem, hidden)
    for each in standing:
        search.note(each)
    for cell in np.setdiff1d(problem.protected, not_small).tolist():
        for by in search.reached.lacking(cell):
            found = search.found(cell, by, further=False)
            if found is None:
                return None
            search.take(found)
    return search.witnesses
