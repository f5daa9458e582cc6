"""The simulations that pages speak of, at a smaller size: their truth is known by construction."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def open_cases() -> ModuleType:
    """The simulation of open cases, as its page names it."""
    return named("open_cases", "open-cases")


@pytest.fixture(scope="module")
def signals() -> ModuleType:
    """The simulation of signals."""
    return named("signals", "signals")


@pytest.fixture(scope="module")
def groups() -> ModuleType:
    """The simulation of two ways of handling."""
    return named("groups", "side-by-side")


@pytest.fixture(scope="module")
def intervals() -> ModuleType:
    """The simulation of exact intervals."""
    return named("intervals", "how-sure")


def named(name: str, page: str) -> ModuleType:
    """Return a simulation that a page of explanation names."""
    path = ROOT / f"docs/simulations/{name}.py"
    assert str(path.relative_to(ROOT)) in (ROOT / f"docs/pages/explanation/{page}.md").read_text(encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", range(10))
def test_the_matured_cohort_and_the_estimate_are_within_two_points_and_the_closed_cases_far_off(
    open_cases: ModuleType, seed: int
) -> None:
    closed, matured, estimated = open_cases.errors(seed, 10_000)
    assert closed > 0.15
    assert abs(matured) < 0.02
    assert abs(estimated) < 0.02


def test_every_planted_pattern_is_seen_and_quiet_offices_are_left_alone(signals: ModuleType) -> None:
    for name, (make, strength) in signals.PLANTED.items():
        assert signals.graded(make, strength, 10)["any"] >= 9, name
    quiet = {name: signals.graded(make, 0.0, 20) for name, make in signals.QUIET.items()}
    assert max(each["any"] for each in quiet.values()) <= 2
    assert all(each["clear"] == 0 for each in quiet.values())


def test_ways_that_make_no_difference_are_covered_though_one_has_the_easy_cases(groups: ModuleType) -> None:
    found = [groups.compared(seed, 2000) for seed in range(1000)]
    assert sum(each.days.crude for each in found) < -0.3 * sum(each.days.second for each in found)
    for apart in ([each.days for each in found], *([each.ends[name] for each in found] for name in found[0].ends)):
        assert sum(each.low <= 0 <= each.high for each in apart) >= 930


def test_exact_intervals_hold_the_truth_at_least_as_often_as_they_say(intervals: ModuleType) -> None:
    assert {kind: intervals.covered(kind, 1000) >= 950 for kind in intervals.KINDS} == dict.fromkeys(
        intervals.KINDS, True
    )
