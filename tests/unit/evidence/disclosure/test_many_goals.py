"""Many goals on one source: how what must be solved grows with them, counted in programs and sums, not in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import pytest

pytest.importorskip("scipy")

from casequality.days import period
from casequality.evidence.disclosure import Ledger, Policy, View, disclose, grids, moves, pattern
from casequality.evidence.disclosure.layout import lay_out
from casequality.evidence.disclosure.pattern import protect
from casequality.evidence.disclosure.problem import PossibleRange, Problem
from casequality.evidence.disclosure.swaps import Swaps
from casequality.metrics import Metric
from tests.factories.measurements import measured
from tests.factories.tallies import Told, Within, entry

HALF = period("2010-H1")
MONTHS = HALF.parts("month")
PLACES = tuple(("", each, ()) for each in (*MONTHS, HALF))


def view(name: str, metric: type[Metric], rows: Sequence[Mapping[str, Any]], where: Any = None) -> View:
    found = measured(metric, rows, by=("month",), where=where or {})
    return View(name=name, tally=found.tally, reading=found.reading, places=PLACES)


def of_offices(many: int) -> list[View]:
    """Return a goal for each of so many offices, with few entries a month, of which many are small."""
    rng, views = np.random.default_rng(3), []
    for number in range(many):
        office = f"office {number}"
        rows = [
            entry(month.first.isoformat(), office=office, bin=int(rng.integers(20)))
            for month in MONTHS
            for _ in range(rng.integers(1, 9))
        ]
        views.append(view(office, Within, rows, {"office": (office,)}))
    return views


def by_limits(many: int) -> list[View]:
    """Return goals on the same records, each with a longer limit than the one before."""
    rng = np.random.default_rng(4)
    rows = [
        entry(month.first.isoformat(), bin=int(rng.integers(many + 1)))
        for month in MONTHS
        for _ in range(rng.integers(20, 30) * many)
    ]
    classes = [
        attrs.frozen(type("Limit", (Within,), {"__annotations__": {"days": int}, "days": days, "__doc__": "One."}))
        for days in range(many)
    ]
    return [view(f"limit {days}", each, rows) for days, each in enumerate(classes)]


def problem_of(views: Sequence[View]) -> Problem:
    return lay_out(views, Policy(), Ledger()).problem


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many atoms each program has, as they are solved."""
    found: list[int] = []
    solve = moves._Program._solve

    def counted(self: Any, *given: Any) -> Any:
        found.append(len(self.counts))
        return solve(self, *given)

    monkeypatch.setattr(moves._Program, "_solve", counted)
    return found


def test_goals_of_offices_are_each_protected_apart(programs: list[int]) -> None:
    """Equal counts of two offices are not the same records, and no program is about more than one of them."""
    for many in (20, 40):
        problem = problem_of(of_offices(many))
        assert len(problem.known) == 0
        parts = problem.islands()
        assert len(parts) == many
        assert {len(part.atoms) for part in parts} == {12}
        assert protect(problem).proves(problem)
        assert max(programs, default=0) <= 12
        assert len(programs) <= many / 2
        programs.clear()


def test_what_lies_between_limits_grows_with_their_number_and_not_with_its_square() -> None:
    sizes = []
    for many in (8, 16, 32):
        problem = problem_of(by_limits(many))
        sizes.append((len(problem.counts) / many, len(problem.known) / many))
    assert max(sizes) <= tuple(1.15 * each for each in min(sizes))


def test_what_lies_between_two_limits_is_protected_however_many_lie_between_them() -> None:
    """Of 60 some took two days, one or none, and one of each may be told by no two goals."""
    took = {0: 50, 1: 2, 2: 2, 3: 30}
    rows = [entry("2010-01-04", bin=days) for days, many in took.items() for _ in range(many)]
    classes = [
        attrs.frozen(type("Limit", (Within,), {"__annotations__": {"days": int}, "days": days, "__doc__": "One."}))
        for days in range(3)
    ]
    told = disclose([view(str(days), each, rows) for days, each in enumerate(classes)], Policy(), as_of="x")
    shown = [days for days in range(3) if told.of(str(days), PLACES[0]).state == "shown"]
    assert len(shown) < 2


def test_a_part_whose_programs_would_take_too_long_is_withheld_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "WORK", -1)
    monkeypatch.setattr(pattern, "SWAPPED", 0)
    rows = [entry(month.first.isoformat(), bin=each) for month in MONTHS for each in (1, 2, 3, 30, 40, 50)]
    told = disclose([view("ten", Within, rows), *of_offices(1)], Policy(), as_of="x")
    assert {told.of("ten", place).state for place in PLACES} == {"withheld"}
    problem = problem_of([view("ten", Within, rows), *of_offices(1)])
    found = protect(problem)
    assert found.blank
    assert found.proves(problem)
    found.hidden[problem.unit[found.blank[0]]] = False
    assert not found.proves(problem)


def test_a_count_that_can_only_move_by_two_is_not_every_small_number() -> None:
    problem = problem_of([view("ten", Within, [entry("2010-01-04") for _ in range(2)])])
    cell = int(problem.protected[0])
    reached = PossibleRange.of(problem)
    value = int(problem.values[cell])
    assert list(reached.lacking(cell)) == [-1, 1, 2]
    reached.note(np.array([cell]), np.array([2]), np.array([1]))
    assert value + 2 in reached.further[cell]
    assert list(reached.lacking(cell)) == [-1, 1]
    reached.note(np.array([cell]), np.array([2]), np.array([2]))
    assert list(reached.lacking(cell)) == [-1]


@pytest.mark.parametrize("many", [1, 3])
def test_a_swap_leaves_all_that_is_published_as_it_is(many: int) -> None:
    """Added up by hand, for every small count and every swap that is offered."""
    problem = problem_of([view(str(each), Within, rows_of(each)) for each in range(many)])
    hidden, tried = problem.primary.copy(), 0
    swaps = Swaps.of(problem, hidden)
    for cell in problem.protected.tolist():
        for by in PossibleRange.of(problem).lacking(cell):
            for swap in swaps.found(cell, by):
                counts = problem.counts.copy()
                counts[swap.atoms] += swap.change
                after = [sum(counts[atom] for atom in problem.parts_of(each)) for each in range(len(problem.unit))]
                assert after[cell] == problem.values[cell] + by
                for each, unit in enumerate(problem.unit.tolist()):
                    assert unit < 0 or hidden[unit] or after[each] == problem.values[each]
                tried += 1
    assert tried


def rows_of(number: int) -> list[Mapping[str, Any]]:
    return [
        entry(month.first.isoformat(), bin=1 if each < place + 1 + number else 20)
        for place, month in enumerate(MONTHS)
        for each in range(30)
    ]


def test_half_of_each_month_by_chance_withholds_the_goals_and_refuses_nothing() -> None:
    """Yes and no are equal in each month, so that nobody can say which of another goal's counts are the same."""
    rows = [entry(month.first.isoformat(), bin=took) for month in MONTHS for took in (1, 20)]
    other = [entry(month.first.isoformat(), what=what) for month in MONTHS for what in ("yes", "no")]
    views = [view("ten", Within, rows), view("told", Told, other)]
    told = disclose(views, Policy(), as_of="x")
    assert {each.state for each in told.figures.values()} == {"withheld"}


def test_a_large_table_needs_no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Boxes and several of them together will do, and loading SciPy takes longer than all of it."""

    def none() -> Any:
        raise AssertionError

    monkeypatch.setattr(grids, "solver", none)
    monkeypatch.setattr(moves, "solver", none)
    rng = np.random.default_rng(5)
    offices = [f"office {each}" for each in range(30)]
    rows = [
        entry(month.first.isoformat(), office=office, what="no" if rng.random() < 0.04 else "yes")
        for month in MONTHS
        for office in offices
        for _ in range(rng.integers(20, 90))
    ]
    found = measured(Told, rows, by=("month", "office"))
    groups: list[tuple[tuple[str, str | None], ...]] = [(), *((("office", office),) for office in offices)]
    places = tuple(("", when, group) for when in (*MONTHS, HALF) for group in groups)
    large = View(name="large", tally=found.tally, reading=found.reading, places=places)
    problem = problem_of([large])
    monkeypatch.setattr(moves, "SMALL", 0)
    monkeypatch.setattr(pattern, "SWAPPED", 0)
    told = protect(problem)
    assert told.proves(problem)
    assert len(problem.protected) > 100
