"""An attacker who has read every edition that a municipality published.

The attacker knows what is published and that counts are whole and not negative. It is written without the library's own
solver, matrices or names: places are plain tuples, and what it finds possible comes from whole-number programs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

Atom = tuple[Any, ...]
Fact = tuple[Mapping[Atom, int], int, float]
"""A sum of atoms with the least and the greatest that it can be."""


@attrs.define
class Attacker:
    """What somebody knows who has read everything that was published."""

    atoms: dict[Atom, int] = attrs.field(factory=dict)
    facts: list[tuple[dict[Atom, int], float, float]] = attrs.field(factory=list)

    def learn(self, atoms: Iterable[Atom], low: float, high: float) -> None:
        """Learn between what the sum of some atoms lies."""
        self.learn_sum(dict.fromkeys(atoms, 1), low, high)

    def learn_sum(self, coefficients: Mapping[Atom, int], low: float, high: float) -> None:
        """Learn between what a sum of atoms lies, some of them taken away."""
        for atom in coefficients:
            self.atoms.setdefault(atom, len(self.atoms))
        self.facts.append((dict(coefficients), low, high))

    def possible(self, coefficients: Mapping[Atom, int]) -> tuple[float, float]:
        """Return the least and the greatest that a sum can be; infinite where nothing limits it."""
        for atom in coefficients:
            self.atoms.setdefault(atom, len(self.atoms))
        matrix = np.zeros((len(self.facts) + 1, len(self.atoms)))
        for row, (known, _, _) in enumerate(self.facts):
            for atom, coefficient in known.items():
                matrix[row, self.atoms[atom]] = coefficient
        goal = np.zeros(len(self.atoms))
        for atom, coefficient in coefficients.items():
            goal[self.atoms[atom]] = coefficient
        low = np.array([*(each[1] for each in self.facts), -np.inf])
        high = np.array([*(each[2] for each in self.facts), np.inf])
        found = []
        for sign in (1, -1):
            solved = milp(
                sign * goal,
                constraints=LinearConstraint(matrix, low, high),
                integrality=np.ones(len(goal)),
                bounds=Bounds(0, np.inf),
            )
            if solved.status in (3, 4):
                found.append(-sign * np.inf)
            else:
                assert solved.x is not None, solved.message
                found.append(round(sign * solved.fun))
        return found[0], found[1]


def possible_by_hand(sums: Sequence[tuple[Sequence[int], int]], atoms: int, most: int) -> list[tuple[int, ...]]:
    """Return every table of whole counts up to `most` with these sums, one after the other."""
    found: list[tuple[int, ...]] = [()]
    for number in range(atoms):
        grown = [(*table, value) for table in found for value in range(most + 1)]
        whole = [(parts, total) for parts, total in sums if max(parts) == number]
        found = [each for each in grown if all(sum(each[part] for part in parts) == total for parts, total in whole)]
    return found
