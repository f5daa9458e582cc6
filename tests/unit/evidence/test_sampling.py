"""Planned samples against counting and SciPy, and draws that anyone can repeat."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from fractions import Fraction
from math import comb
from typing import Any

import pytest

from casequality.errors import UsageError
from casequality.evidence import audit, draw_sample, interval, plan_sample
from casequality.metrics import Sample

LIMIT = Fraction(5, 100)


def at_most(errors: int, size: int, faulty: int, population: int) -> Fraction:
    """Return how probable so few errors are, by counting samples."""
    ways = sum(comb(faulty, found) * comb(population - faulty, size - found) for found in range(errors + 1))
    return Fraction(ways, comb(population, size))


def test_the_sizes_are_47_52_56_and_59() -> None:
    assert [plan_sample(population, LIMIT).size for population in (200, 400, 1000, None)] == [47, 52, 56, 59]
    assert plan_sample(10**9, LIMIT).size == 59
    assert Fraction(95, 100) ** 59 < LIMIT < Fraction(95, 100) ** 58  # 58 cases still leave 5.03 %


@pytest.mark.parametrize("population", [1, 7, 20, 41, 60])
@pytest.mark.parametrize("limit", [Fraction(0), Fraction(1, 20), Fraction(1, 7), Fraction(3, 10)])
def test_each_size_is_the_least_that_shows_it_by_counting(population: int, limit: Fraction) -> None:
    found = plan_sample(population, limit)
    faulty = int(limit * population) + 1
    for errors, size in enumerate(found.sizes):
        shows = [
            many for many in range(errors + 1, population + 1) if at_most(errors, many, faulty, population) < LIMIT
        ]
        assert size == (shows[0] if shows else None)


def test_a_plan_says_its_sizes() -> None:
    found = plan_sample(None, LIMIT)
    assert found.sizes == (59, 93, 124, 153)  # as tables of attribute sampling print them
    assert re.findall(r"\d+(?:\.\d+)?", str(found)) == ["59", "95", "5.0", "1", "93", "2", "124", "3", "153"]
    assert "En stikprøve på 47 af 200 uden fejl viser med 95 % sikkerhed, at højst 5,0 % har fejl." in (
        plan_sample(200, LIMIT).words.da
    )
    assert plan_sample(4, Fraction(1, 2)).to_dict()["sizes"] == [2, 3, 4, None]
    assert plan_sample(1, Fraction(1, 2)).size == 1


def test_2_of_60_leave_10_1_per_cent_open() -> None:
    found = audit(2, 60, LIMIT)
    assert (round(float(found.high) * 100, 1), found.verdict) == (10.1, "not shown")
    assert audit(0, 58, LIMIT).verdict == "not shown"
    assert audit(0, 59, LIMIT).verdict == "shown"
    assert round(float(audit(0, 58, LIMIT).high) * 100, 2) == 5.03
    assert audit(12, 60, LIMIT).verdict == "refuted"
    assert "højst 10,1 %" in found.words.da
    assert str(found).endswith("That at most 5.0 % are faulty is not shown, and not refuted either.")
    assert found.to_dict()["verdict"] == "not shown"


@pytest.mark.parametrize("errors", [0, 1, 2, 9, 30, 60])
def test_a_bound_is_that_of_an_interval_with_twice_as_much_outside(errors: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    found = audit(errors, 60, LIMIT)
    expected = stats.binomtest(errors, 60).proportion_ci(0.90, "exact")
    assert (float(found.low), float(found.high)) == pytest.approx((expected.low, expected.high), abs=1e-8)
    stricter = audit(errors, 60, LIMIT, confidence=Fraction(975, 1000))
    both = interval(Sample(Fraction(errors), 60))
    assert (float(stricter.low), float(stricter.high)) == pytest.approx((float(both.low), float(both.high)), abs=1e-8)


@pytest.mark.parametrize(
    ("errors", "size", "population"), [(0, 5, 12), (2, 8, 20), (5, 5, 9), (3, 12, 12), (1, 30, 60)]
)
def test_bounds_in_a_known_population_are_by_counting(errors: int, size: int, population: int) -> None:
    found: Any = audit(errors, size, LIMIT, population=population)
    possible = range(errors, population - size + errors + 1)
    few = [faulty for faulty in possible if at_most(errors, size, faulty, population) >= LIMIT]
    many = [
        faulty for faulty in possible if 1 - (at_most(errors - 1, size, faulty, population) if errors else 0) >= LIMIT
    ]
    assert (found.low * population, found.high * population) == (many[0], few[-1])


@pytest.mark.parametrize("population", [10, 25])
def test_bounds_hold_for_every_population_as_often_as_promised(population: int) -> None:
    size = 8
    found = [audit(errors, size, LIMIT, population=population) for errors in range(size + 1)]
    for faulty in range(population + 1):
        for end in ("low", "high"):
            kept = Fraction(0)
            for errors, each in enumerate(found):
                if errors <= faulty and size - errors <= population - faulty:
                    ways = comb(faulty, errors) * comb(population - faulty, size - errors)
                    share = Fraction(faulty, population)
                    kept += ways if (share >= each.low if end == "low" else share <= each.high) else 0
            assert kept / comb(population, size) >= Fraction(95, 100)


KEYS = [f"2010-{number:04}" for number in range(400)]


def test_whoever_has_the_cases_and_the_seed_draws_the_same() -> None:
    seed = "lottery of 2 June 2010: 07 11 23"
    found, again = draw_sample(KEYS, 52, seed), draw_sample(KEYS[::-1], 52, seed)
    assert found.keys == again.keys
    ranked = sorted(KEYS, key=lambda key: hashlib.sha256(f"{seed}\n{key}".encode()).hexdigest())
    assert list(found.keys) == ranked[:52]
    assert draw_sample(KEYS, 60, found.seed).keys[:52] == found.keys
    assert set(draw_sample(KEYS, 52, "another").keys) != set(found.keys)
    assert "52 of 400 cases were drawn with the seed" in str(found)
    assert not any(key in found.words.da for key in KEYS)


def test_every_case_is_drawn_equally_often() -> None:
    drawn = Counter(key for seed in range(600) for key in draw_sample(range(20), 5, str(seed)).keys)
    assert set(drawn) == set(range(20))
    chi = sum((count - 150) ** 2 / 150 for count in drawn.values())
    assert chi < 43.8  # 0.1 % of chance with 19 degrees of freedom


def test_each_group_gets_its_share_and_at_least_one() -> None:
    groups = ["a"] * 300 + ["b"] * 97 + ["c"] * 3
    found = draw_sample(KEYS, 52, "seed", strata=groups)
    assert found.strata == {"a": (39, 300), "b": (12, 97), "c": (1, 3)}
    of = dict(zip(KEYS, groups, strict=True))
    assert Counter(of[key] for key in found.keys) == {"a": 39, "b": 12, "c": 1}
    assert "a: 39 of 300, b: 12 of 97, c: 1 of 3" in str(found)
    few = draw_sample(KEYS, 3, "seed", strata=groups)
    assert {name: drawn for name, (drawn, _) in few.strata.items()} == {"a": 1, "b": 1, "c": 1}
    every = draw_sample(KEYS, 400, "seed", strata=groups)
    assert sorted(every.keys) == KEYS


@pytest.mark.parametrize(
    "given",
    [
        {"keys": ["a", "a"], "size": 1},
        {"keys": ["a"], "size": 2},
        {"keys": ["a"], "size": 0},
        {"keys": ["a", "b"], "size": 1, "strata": ["x", "y"]},
        {"keys": ["a", "b"], "size": 1, "strata": ["x"]},
    ],
)
def test_cases_that_cannot_be_drawn_are_refused_without_naming_one(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="can be told apart"):
        draw_sample(given.pop("keys"), given.pop("size"), "seed", **given)


def test_other_misuse_is_refused() -> None:
    for population, limit in ((0, LIMIT), (10, Fraction(1)), (10, Fraction(-1, 10))):
        with pytest.raises(UsageError, match="planned"):
            plan_sample(population, limit)
    for errors, size, there in ((3, 2, None), (0, 0, None), (1, 5, 4)):
        with pytest.raises(UsageError, match="at least one case"):
            audit(errors, size, LIMIT, population=there)
