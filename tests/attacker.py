"""An attacker who has read every edition that a municipality published.

The attacker knows what is published and that counts are whole and not negative. It is written without the library's own
solver, matrices or names: places are plain tuples, and what it finds possible comes from whole-number programs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Atom = tuple[Any, ...]


@attrs.define
class Attacker:
    """What somebody knows who has read everything that was published."""

    atoms: dict[Atom, int] = attrs.field(factory=dict)
    facts: list[tuple[list[int], float, float]] = attrs.field(factory=list)
    tables: list[Any] = attrs.field(factory=list)

    def learn(self, atoms: Iterable[Atom], low: float, high: float) -> None:
        """Learn between what the sum of some counts lies."""
        self.facts.append(([self.atoms.setdefault(atom, len(self.atoms)) for atom in atoms], low, high))

    def narrows(self, atoms: Iterable[Atom], least: int, most: int) -> tuple[float, float] | None:
        """Return between what the sum of some counts must lie where that rules out least or most, else None.

        A table that explains everything published and has the value shows that it is possible; a whole-number program
        looks for one, and for the least and the greatest value where no table found before will do.
        """
        goal = np.zeros(len(self.atoms))
        goal[[self.atoms[atom] for atom in atoms]] = 1
        ends = []
        for sign, limit in ((1, least), (-1, most)):
            reached = [sign * goal @ table for table in self.tables]
            if not any(each <= sign * limit for each in reached):
                reached.append(self._farthest(sign * goal))
            ends.append(sign * min(reached))
        return None if ends[0] <= least and ends[1] >= most else (ends[0], ends[1])

    def _farthest(self, goal: Any) -> float:
        matrix = np.zeros((len(self.facts), len(self.atoms)))
        for row, (known, _, _) in enumerate(self.facts):
            np.add.at(matrix[row], known, 1)
        low, high = (np.array([each[end] for each in self.facts], float) for end in (1, 2))
        # nothing is a million here: what could grow without end ends there
        solved = milp(
            goal,
            constraints=LinearConstraint(csr_array(matrix), low, high),
            integrality=np.ones(len(goal)),
            bounds=Bounds(0, 1_000_000),
        )
        assert solved.x is not None, solved.message
        table = np.rint(solved.x)
        assert (matrix @ table >= low).all()
        assert (matrix @ table <= high).all()
        self.tables.append(table)
        return float(goal @ table)


def possible_by_hand(sums: Sequence[tuple[Sequence[int], int]], atoms: int, most: int) -> list[tuple[int, ...]]:
    """Return every table of whole counts up to `most` with these sums, one after the other."""
    found: list[tuple[int, ...]] = [()]
    for number in range(atoms):
        grown = [(*table, value) for table in found for value in range(most + 1)]
        whole = [(parts, total) for parts, total in sums if max(parts) == number]
        found = [each for each in grown if all(sum(each[part] for part in parts) == total for parts, total in whole)]
    return found
