"""How far a cell can move while everything published stays: whole-number programs, solved by SciPy's HiGHS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask
from casequality.evidence.disclosure.boxes import centres_of, cornered
from casequality.evidence.disclosure.grids import solver
from casequality.evidence.disclosure.problem import Problem, Witness

SMALL: Final = 400
"""Up to so many atoms a program is about all of them; of more, about a box around the cell first."""
BOXES: Final = ((2, 2), (4, 4), (8, 10), None)
"""How many stretches of time and labels a field a box has; None for everything."""
NEVER: Final = -1
GAP: Final = 0.05
NODES: Final = 500
WORK: Final = 300_000
"""So many atoms the programs of one part have together, then what is left of it is withheld, if that will do."""
NEARLY: Final = 1e-6
LITTLE: Final = 1e-3
"""What it costs that an atom changes by one: of changes that withhold the same, the fewest are of most use."""


@attrs.define
class Work:
    """What is left for programs about one part of a publication, in atoms of all programs together."""

    left: int = attrs.field(factory=lambda: WORK)


def cheapest(
    problem: Problem, hidden: Mask, cell: int, by: int, *, further: bool = True, work: Work | None = None
) -> Witness | None:
    """Return whole changes that move a cell by so much while all that is published stays, None where there are none.

    further: whether more figures may be withheld for it, at the least cost; those that it moves are to be withheld.
    """
    if further and len(problem.counts) > SMALL:
        found = cornered(problem, hidden, cell, by)
        if found is not None:
            return found
    for atoms in _boxes(problem, hidden, cell, by):
        if work is not None:
            work.left -= len(atoms)
        change = _Program.of(problem, hidden, cell, atoms, further=further).changes(by)
        if change is not None:
            some = np.flatnonzero(change)
            return Witness.of(problem, atoms[some], change[some])
    return None


def reach(problem: Problem, hidden: Mask, cell: int) -> tuple[int, int | None]:
    """Return the least and the greatest that an attacker finds possible for a cell, None for no limit: exactly."""
    program = _Program.of(problem, hidden, cell, np.arange(len(problem.counts)), further=False)
    low, high = (program.farthest(sign) for sign in (1, -1))
    value = int(problem.values[cell])
    assert low is not None  # the table itself is a solution, and counts are not negative
    return value + low, None if high is None else value + high


@attrs.frozen(eq=False, repr=False)
class _Program:
    """How much each atom gains, and loses, and by how much each figure that might be withheld rises and falls.

    lines: what must hold of them, that of the cell in question last; the first `kept` must not change at all.
    """

    counts: Integers
    lines: Any
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    price: npt.NDArray[np.float64]
    top: npt.NDArray[np.float64]
    kept: int
    whole: bool

    @classmethod
    def of(cls, problem: Problem, hidden: Mask, cell: int, atoms: Integers, *, further: bool) -> _Program:
        cells = len(problem.unit)
        row, place, value = problem.said_of(atoms)
        rows, at = np.unique(row, return_inverse=True)
        unit = np.append(problem.unit, NEVER)[np.minimum(rows, cells)]
        said = unit != NEVER
        gone = said & hidden[unit]
        play = np.concatenate([problem.room, problem.play], axis=1)[:, rows]
        stays = (said & ~gone & (problem.fixed[unit] | (not further))) | ~play.any(axis=0)
        may = said & ~gone & ~stays
        # figures that differ only in atoms that may not change move together: they are one line
        weights = np.random.default_rng(len(atoms)).integers(1, 1 << 32, len(atoms)).astype(float)
        _, first, line = np.unique(np.bincount(at, value * weights[place]), return_index=True, return_inverse=True)
        kept, priced, left = np.zeros(len(first), bool), np.zeros(len(first)), np.full((2, len(first)), np.inf)
        kept[line[stays]] = True
        np.add.at(priced, line[may], problem.cost[unit[may]])
        np.minimum.at(left.T, line, play.T)
        asked, free = ~kept & (priced > 0), ~kept & (priced == 0) & np.isfinite(left).any(axis=0)
        order = np.concatenate([np.flatnonzero(kept), np.flatnonzero(free), np.flatnonzero(asked)])
        number = np.full(len(first), -1)
        number[order] = np.arange(len(order))
        # one row stands for its line, and the cell in question has a line of its own
        mine, own = (at == first[line[at]]) & (number[line[at]] >= 0), row == cell
        slack, begin = len(order) - asked.sum() + np.arange(asked.sum()), 2 * len(atoms)
        by = np.concatenate([value[mine], value[own]])
        lines = np.concatenate([number[line[at[mine]]], np.full(own.sum(), len(order))])
        columns = np.concatenate([place[mine], place[own]])
        rises = begin + np.arange(2 * len(slack))
        matrix = solver().sparse.csc_matrix(
            (
                np.concatenate([by, -by, -np.ones(len(slack)), np.ones(len(slack))]),
                (
                    np.concatenate([lines, lines, slack, slack]),
                    np.concatenate([columns, columns + len(atoms), rises]),
                ),
            ),
            shape=(len(order) + 1, begin + 2 * len(slack)),
        )
        zeros = np.zeros(len(slack))
        return cls(
            counts=problem.counts[atoms],
            lines=matrix,
            low=np.concatenate([np.zeros(kept.sum()), -left[0, free], zeros]),
            high=np.concatenate([np.zeros(kept.sum()), left[1, free], zeros]),
            price=np.concatenate([np.full(begin, LITTLE), priced[asked], priced[asked]]),
            top=np.concatenate([np.full(len(atoms), np.inf), problem.counts[atoms], left[1, asked], left[0, asked]]),
            kept=int(kept.sum()),
            whole=len(atoms) == len(problem.counts),
        )

    def changes(self, by: int) -> Integers | None:
        """Return whole changes of the atoms that move the cell by so much, at the least cost; None: there are none."""
        for whole in (False, True):
            change = self.cheapest(by, whole=whole)
            if change is None:
                return None
            # what the linear program gives is mostly whole; where it is not, it is solved again as whole numbers
            rounded = np.rint(change).astype(np.int64)
            if np.abs(change - rounded).max(initial=0) < NEARLY and self.fits(rounded):
                return rounded
        return None

    def cheapest(self, by: int, *, whole: bool) -> npt.NDArray[np.float64] | None:
        """Return the change of each atom that moves the cell by so much, at the least cost."""
        # near the cell an answer that is good enough will do; where all atoms may change there is no further box
        limits = {"mip_rel_gap": GAP, "node_limit": NODES} if whole and not self.whole else {}
        found = self._solve(self.price, (by, by), whole, limits)
        many = len(self.counts)
        return None if found.x is None else found.x[:many] - found.x[many : 2 * many]

    def farthest(self, sign: int) -> int | None:
        """Return how far the cell can fall (1) or rise (-1), in whole numbers; None for no limit."""
        goal = np.asarray(self.lines[[-1]].todense()).ravel() * sign
        found = self._solve(goal, (-np.inf, np.inf), True, {})
        return None if found.x is None else round(sign * found.fun)

    def _solve(self, goal: npt.NDArray[np.float64], moved: tuple[float, float], whole: bool, limits: Any) -> Any:
        optimize = solver().optimize
        numbers = np.zeros(len(self.price))
        numbers[: 2 * len(self.counts)] = whole
        low, high = (np.append(ends, end) for ends, end in zip((self.low, self.high), moved, strict=True))
        lines = optimize.LinearConstraint(self.lines, low, high)
        bounds = optimize.Bounds(0, self.top)
        return optimize.milp(goal, constraints=lines, bounds=bounds, integrality=numbers, options=limits)

    def fits(self, change: Integers) -> bool:
        """Say whether whole changes leave what must stay, exactly."""
        moved = self.lines[:, : len(change)] @ change
        return bool((self.counts + change >= 0).all()) and not moved[: self.kept].any()


def _boxes(problem: Problem, hidden: Mask, cell: int, by: int) -> Iterator[Integers]:
    """Yield the atoms that may change: those near the cell in time and labels, then more, then all."""
    every = np.arange(len(problem.counts))
    if len(every) <= SMALL:
        yield every
        return
    centres = centres_of(problem, cell, by)
    masked = (problem.alone >= 0) & hidden[np.maximum(problem.alone, 0)]
    for size in BOXES:
        if size is None:
            yield every
            continue
        chosen = np.zeros(len(every), bool)
        for centre in centres.tolist():
            chosen |= _around(problem, masked, centre, abs(by), *size)
        yield np.flatnonzero(chosen)


def _around(problem: Problem, masked: Mask, centre: int, by: int, times: int, labels: int) -> Mask:
    """Return the atoms that share a stretch of time and a label of each field with the nearest ones of an atom."""
    time, own = problem.time[centre], problem.labels[:, centre]
    # what is withheld already costs nothing more; what can give so much away is next; small figures tell least
    worth = 2.0 * masked + (problem.counts >= by) - problem.counts / (1 + problem.counts.max())
    unlike = problem.labels != own[:, None]
    same = ~unlike.any(axis=0)
    when = np.full(len(problem.near), -np.inf)
    np.maximum.at(when, problem.time[same], worth[same])
    when += 4 * problem.near[time]
    when[time] = np.inf
    nearest = np.argsort(-when, kind="stable")[:times]
    chosen: Mask = np.isin(problem.time, nearest[when[nearest] > -np.inf])
    now = problem.time == time
    for field in range(len(own)):
        # a field of which an atom is told apart by nothing else, such as the district of an office, moves along
        apart = unlike.sum(axis=0) <= 1 + (labels > BOXES[0][1])
        others = np.flatnonzero(now & unlike[field] & apart)
        order = others[np.argsort(-worth[others], kind="stable")]
        names = list(dict.fromkeys(problem.labels[field, order].tolist()))[:labels]
        chosen &= np.isin(problem.labels[field], [own[field], -1, *names])
    return chosen
