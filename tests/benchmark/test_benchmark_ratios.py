from __future__ import annotations

import pytest

from tests.benchmark.contest import OWN, Comparison, Run

RUNS = {
    OWN: [Run(2.0, 100), Run(4.0, 300), Run(1.0, 200)],
    "slow": [Run(60.0, 400), Run(30.0, 400), Run(30.0, 400)],
    "fast": [Run(10.0, 200), Run(40.0, 800), Run(20.0, 100)],
}


def test_each_round_is_compared_with_the_fastest_of_its_own() -> None:
    assert Comparison("speed against", ("slow", "fast")).ratios(RUNS) == [5, 7.5, 20]
    assert Comparison("time against", ("fast",)).ratios(RUNS) == [0.2, 0.1, 0.05]


def test_memory_is_compared_with_the_least() -> None:
    assert Comparison("peak memory against", ("slow", "fast")).ratios(RUNS) == [0.5, 0.75, 2]
    assert Comparison("peak memory in MB").ratios(RUNS) == [100, 300, 200]


@pytest.mark.parametrize(("measure", "goal", "reached"), [
    ("speed against", 7.5, True),
    ("speed against", 7.6, False),
    ("time against", 0.1, True),
    ("time against", 0.09, False),
])  # fmt: skip
def test_the_median_of_the_rounds_decides(measure: str, goal: float, reached: bool) -> None:
    against = ("slow", "fast") if measure == "speed against" else ("fast",)
    comparison = Comparison(measure, against, goal)  # type: ignore[arg-type]
    assert comparison.reached(comparison.ratios(RUNS)) is reached
