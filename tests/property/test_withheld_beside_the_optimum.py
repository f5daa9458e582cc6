"""How much is withheld of small tables beside the least that could be: one whole-number program for each table.

The program knows of no heuristic. It has a table of its own for each small count and each end that must stay possible,
and chooses the fewest figures to withhold so that all of these tables show what is published.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

pytest.importorskip("scipy")

from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from casequality.days import period
from casequality.evidence.disclosure import FigurePlace, Policy, View, disclose
from casequality.metrics.declaring.statistics import Count
from tests.factories.measurements import measured
from tests.factories.tallies import Told, entry

LIMIT = 5
QUARTER = period("2010-Q1")
MONTHS = QUARTER.parts("month")
OFFICES = ("a", "b", "c", "d")
MUCH = 200
TABLES = 12


class Number(Told):
    """How many are a yes."""

    id = "test.number"
    statistic = Count()


def withheld(counts: np.ndarray) -> int:
    rows = [
        entry(month.first.isoformat(), office=office)
        for (month, office), number in zip(product(MONTHS, OFFICES), counts.ravel(), strict=True)
        for _ in range(number)
    ]
    figures = measured(Number, rows, by=("month", "office"))
    groups: list[tuple[tuple[str, str | None], ...]] = [(), *((("office", office),) for office in OFFICES)]
    places: tuple[FigurePlace, ...] = tuple(("", each, group) for each in (*MONTHS, QUARTER) for group in groups)
    view = View(name="number", tally=figures.tally, reading=figures.reading, places=places)
    told = disclose([view], Policy(threshold=LIMIT), as_of="2010-05-01")
    return sum(each.state == "withheld" for each in told.figures.values())


def least(counts: np.ndarray) -> int:
    """Return the fewest figures that must be withheld of a table with all its margins."""
    places = [*product((*range(len(counts)), None), (*range(counts.shape[1]), None))]
    sums = np.zeros((len(places), counts.size), int)
    for row, (month, office) in enumerate(places):
        mask = np.zeros_like(counts)
        mask[slice(None) if month is None else month, slice(None) if office is None else office] = 1
        sums[row] = mask.ravel()
    values = sums @ counts.ravel()
    small = [row for row, value in enumerate(values) if 1 <= value < LIMIT]
    ends = [(row, end) for row in small for end in (1, LIMIT - 1)]
    cells, figures = counts.size, len(places)
    lines = lil_array((len(ends) * (2 * figures + 1), figures + len(ends) * cells))
    low, high = np.full(lines.shape[0], -np.inf), np.full(lines.shape[0], np.inf)
    line = 0
    for number, (asked, end) in enumerate(ends):
        own = slice(figures + number * cells, figures + (number + 1) * cells)
        for row, value in enumerate(values):
            # what is withheld may be anything from 1 on, since none would be shown; what is shown is what it is
            lines[line, own], lines[line, row], high[line] = sums[row], -MUCH, value
            lines[line + 1, own], lines[line + 1, row], low[line + 1] = sums[row], max(value - 1, 0), value
            line += 2
        lines[line, own], low[line], high[line] = sums[asked], end, end
        line += 1
    floor = np.zeros(lines.shape[1])
    floor[small] = 1
    ceiling = np.full(lines.shape[1], MUCH + float(counts.sum()))
    ceiling[:figures] = values > 0
    solved = milp(
        np.concatenate([np.ones(figures), np.zeros(lines.shape[1] - figures)]),
        constraints=LinearConstraint(lines.tocsr(), low, high),
        bounds=Bounds(floor, ceiling),
        integrality=np.ones(lines.shape[1]),
    )
    assert solved.status == 0, solved.message
    return round(float(solved.fun))


def test_the_program_finds_the_least_of_a_table_that_one_can_see() -> None:
    """One small count: its row and its column need another each, and these their corner."""
    assert least(np.array([[2, 20, 20], [20, 20, 20], [20, 20, 20]])) == 4


@pytest.mark.parametrize("seed", range(TABLES))
def test_at_most_three_tenths_more_is_withheld_than_must_be(seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    counts = rng.poisson(rng.gamma(1.5, 12, size=(len(MONTHS), len(OFFICES))))
    assert withheld(counts) <= 1.3 * least(counts)
