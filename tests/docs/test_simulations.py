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
    path = ROOT / "docs/simulations/open_cases.py"
    assert str(path.relative_to(ROOT)) in (ROOT / "docs/pages/explanation/open-cases.md").read_text(encoding="utf-8")
    spec = importlib.util.spec_from_file_location("open_cases", path)
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
