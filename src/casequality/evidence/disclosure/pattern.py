"""Which figures to withhold: a stated heuristic whose result carries its own proof.

Figures that are small are withheld. Then, for each of them, those of most parts first, the cheapest further figures are
withheld so that it can be as low, and as high, as it must be able to be. Each answer is a witness: another table of
whole counts that shows the same published figures. One witness mostly serves several cells, and so does its opposite.
Small tables are tried in several fixed orders, and what need not be withheld is shown again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs
import numpy as np

from casequality.days import Integers, Mask
from casequality.evidence.disclosure.moves import cheapest
from casequality.evidence.disclosure.problem import Pattern, Problem, Witness

FEW: Final = 400
"""Up to so many figures a table is small."""
ORDERS: Final = 4


def protect(problem: Problem) -> Pattern:
    """Return which figures are withheld, with the proof."""
    if len(problem.cost) > FEW or len(problem.protected) > FEW // 8:
        return _Search.of(problem).through(problem.protected)
    orders = np.random.default_rng(20)  # the same orders each time: two patterns of one table tell more than one
    found = [_pruned(problem, _Search.of(problem).through(problem.protected))]
    for _ in range(ORDERS - 1 if found[0].hidden.any() else 0):
        shuffled = orders.permutation(problem.protected)
        found.append(_pruned(problem, _Search.of(problem).through(shuffled)))
    return min(found, key=lambda each: (len(each.given_away), each.hidden.sum(), problem.cost[each.hidden].sum()))


@attrs.define(eq=False)
class _Search:
    """A pattern that grows until every protected cell can be as low and as high as it must."""

    problem: Problem
    hidden: Mask
    low: Integers
    high: Integers
    witnesses: list[Witness] = attrs.field(factory=list)
    given_away: list[int] = attrs.field(factory=list)
    not_small: list[int] = attrs.field(factory=list)

    @classmethod
    def of(cls, problem: Problem) -> _Search:
        return cls(problem, problem.primary.copy(), problem.values.copy(), problem.values.copy())

    def through(self, cells: Integers) -> Pattern:
        """Return the pattern once each of the cells is safe, in this order."""
        for cell in cells.tolist():
            if self.problem.once[cell]:
                both = [cheapest(self.problem, self.hidden, cell, by) for by in list(self.lacking(cell))]
                if None in both:
                    self.not_small.append(cell)
                    continue
                for each in filter(None, both):
                    self.take(each)
                continue
            for by in self.lacking(cell):
                found = cheapest(self.problem, self.hidden, cell, by)
                if found is None:
                    self.given_away.append(cell)
                else:
                    self.take(found)
        given_away, not_small = (tuple(dict.fromkeys(each)) for each in (self.given_away, self.not_small))
        return Pattern(self.hidden, tuple(self.witnesses), given_away, not_small)

    def lacking(self, cell: int) -> Iterator[int]:
        """Yield by how much a cell must still be able to rise, and then to fall."""
        value = int(self.problem.values[cell])
        if self.high[cell] < self.problem.most[cell]:
            yield int(self.problem.most[cell]) - value
        if self.low[cell] > self.problem.least[cell]:
            yield int(self.problem.least[cell]) - value

    def take(self, witness: Witness) -> None:
        """Withhold what a witness moves, and note how low and high it, and its opposite, let each cell be."""
        self.hidden[witness.figures(self.problem)] = True
        self._note(witness)
        mirrored = witness.mirrored()
        if mirrored.stands(self.problem, self.hidden):
            self._note(mirrored)

    def _note(self, witness: Witness) -> None:
        self.witnesses.append(witness)
        witness.reaches(self.problem, self.low, self.high)


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
    search = _Search.of(problem)
    search.hidden = hidden.copy()
    for each in standing:
        search._note(each)
    for cell in np.setdiff1d(problem.protected, not_small).tolist():
        for by in search.lacking(cell):
            found = cheapest(problem, hidden, cell, by, further=False)
            if found is None:
                return None
            search.take(found)
    return search.witnesses
