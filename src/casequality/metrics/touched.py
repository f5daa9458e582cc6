"""Certain records that a row of a child table may belong to, of which nobody knows whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.metrics.axis import UNDATED
from casequality.metrics.counts import Cells, Counts
from casequality.metrics.extremes import Lots, Numbers
from casequality.metrics.grid import ROLES, SETTLED
from casequality.metrics.outcomes import NO, YES, Role
from casequality.metrics.states import Term
from casequality.metrics.uncertain import Number


@attrs.frozen(eq=False)
class Touched:
    """The certain records of each figure that a child row of nobody knows whom may belong to.

    Each line is a way in which such a record can turn: what it adds now and what it may add; shape (lines,).
    """

    figure: npt.NDArray[np.intp]
    count: npt.NDArray[np.int64]
    now: npt.NDArray[np.int64]
    then: npt.NDArray[np.int64]
    each: npt.NDArray[np.int64]
    count_by_figure: npt.NDArray[np.int64]
    limits: tuple[int | None, int | None]

    @classmethod
    def of(cls, sound: Cells, above: Sequence[Term], below: Sequence[Term], number: Number) -> Touched:
        """Return them; a record that turns becomes a yes or a no, with any amount."""
        grid = sound.grid
        rows, cases, *_, settled = sound.values
        open_ = np.where(rows == cases, rows - settled, np.where(rows > settled, cases, 0))
        chosen = (open_ > 0) & np.isin(sound.role, [ROLES.index(role) for role in SETTLED])
        chosen &= sound.times["entry"] > UNDATED
        cells = sound.chosen(chosen)
        packed = attrs.evolve(cells, values=np.stack([open_[chosen]] * 7), numbers=cells.numbers[:, :0])
        lines: list[tuple[Any, ...]] = []
        total = np.zeros(grid.figures, np.int64)
        counts = Counts(packed)
        for role, other in ((YES, NO), (NO, YES)):
            now, then = (tuple(_adds(terms, each) for terms in (above, below)) for each in (role, other))
            moved = _moved(counts, role, (*above, *below))
            lines.append((np.arange(grid.figures), moved, now, then))
            total = total + moved
        return cls(
            figure=np.concatenate([line[0] for line in lines]).astype(np.intp),
            count=np.concatenate([line[1] for line in lines]),
            now=np.concatenate([np.tile(line[2], (grid.figures, 1)) for line in lines]),
            then=np.concatenate([np.tile(line[3], (grid.figures, 1)) for line in lines]),
            each=np.full(2 * grid.figures, number != "none"),
            count_by_figure=total,
            limits=(grid.limits.least, grid.limits.most),
        )

    def lots(self, end: int, upper: Numbers, most: int | None) -> Lots:
        """Return the turns as lots that swap; amounts that are left are the least, or the most, that they can be."""
        above = np.stack([0 * self.count, self.then[:, 0] - self.now[:, 0]], axis=1)
        below = np.stack([0 * self.count, self.then[:, 1] - self.now[:, 1]], axis=1)
        if self.each.any():
            least = self.limits[0] or 0
            greatest = upper[self.figure] if most is None else np.full(len(self.figure), most)
            gone, come = (least, greatest) if end > 0 else (greatest, least)
            top = self.then[:, 0] * come - self.now[:, 0] * gone
            stays = self.now[:, 0] * (np.asarray(come) - np.asarray(gone))
            zero = 0 * self.count
            above = np.stack([zero, top, stays], axis=1)
            below = np.stack([zero, below[:, 1], zero], axis=1)
        return Lots(self.figure, self.count, above, below, np.ones(len(self.count), bool))


def _adds(terms: Sequence[Term], role: Role) -> int:
    return sum(role in term.roles for term in terms)


def _moved(counts: Counts, role: Role, terms: Sequence[Term]) -> npt.NDArray[np.int64]:
    """Return how many records with a role do anything in the period that the terms look at."""
    found = np.zeros(counts.size, np.int64)
    for when in dict.fromkeys(term.when for term in terms):
        found = np.maximum(found, sum_of(counts, Term(when), (role,)).astype(np.int64))
    return found


def sum_of(counts: Counts, term: Term, roles: Sequence[Role], number: Number = "none") -> Numbers:
    """Return the sum of one term by figure; of a mean, only the cases with an amount are divided by."""
    if not roles:
        return np.zeros(counts.size, np.int64)
    if term.of == "amount":
        return counts.amount(*roles)
    if term.of == "age":
        return counts.cells.age_sums(roles)[0]
    if number == "amount" and term.when == "placed":
        return counts.measured(*roles)
    count = {
        "placed": counts.cases,
        "began": counts.began,
        "began a year before": counts.began_a_year_before,
        "ended": counts.ended,
        "pending": counts.pending,
    }[term.when]
    return count(*roles)
