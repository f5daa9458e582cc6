"""Intervals and changes against published tables, R's answers and SciPy."""

from __future__ import annotations

import csv
import math
from fractions import Fraction

import numpy as np
import pytest

from casequality.errors import UsageError
from casequality.evidence import (
    binomial_tail,
    detectable_change,
    difference,
    hypergeometric_tail,
    interval,
    size_that_shows,
    wilson,
)
from casequality.metrics.figures import Sample
from tests.shared import shared


def sample(yes: int, size: int, population: int | None = None) -> Sample:
    return Sample(Fraction(yes), size, population)


@pytest.mark.parametrize(
    ("yes", "size", "exact", "score"),
    [
        (81, 263, (0.2527, 0.3676), (0.2553, 0.3662)),
        (15, 148, (0.0578, 0.1617), (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1684), (0.0, 0.1611)),
        (1, 29, (0.0009, 0.1776), (0.0061, 0.1718)),
    ],
)
def test_the_intervals_are_those_that_newcombe_printed_in_1998(
    yes: int, size: int, exact: tuple[float, float], score: tuple[float, float]
) -> None:
    for found, printed in ((interval(sample(yes, size)), exact), (wilson(sample(yes, size)), score)):
        assert (float(found.low), float(found.high)) == pytest.approx(printed, abs=0.00005)


@pytest.mark.parametrize(
    ("file", "exact", "score"),
    [
        ("R_base_prop_tests.csv", "clopper-pearson(binom.test)", "wilson(prop.test,no cc)"),
        ("R_binom_confint_via_statsmodels.csv", "exact", "wilson"),
    ],
)
def test_the_intervals_are_those_of_r(file: str, exact: str, score: str) -> None:
    with shared(f"data/statistics/{file}").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["method"] in (exact, score)]
    assert len(rows) >= 10
    for row in rows:
        drawn = sample(int(row["x"]), int(row["n"]))
        found = interval(drawn) if row["method"] == exact else wilson(drawn)
        assert float(found.low) == pytest.approx(float(row["low"]), abs=6e-8)  # some are given with 7 decimals
        assert float(found.high) == pytest.approx(float(row["high"]), abs=6e-8)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_differences_are_those_of_newcombes_method_10(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    found = difference(sample(*one), sample(*other))
    assert (float(found.interval.low), float(found.interval.high)) == pytest.approx((low, high), abs=0.00005)
    assert found.value == Fraction(*one) - Fraction(*other)
    assert found.shown == (low > 0)


def test_a_share_of_an_earlier_figure_moves_the_interval_and_its_arm() -> None:
    later, earlier = sample(30, 200), sample(50, 200)
    found = difference(later, earlier, Fraction(9, 10))
    one, other = wilson(later), wilson(earlier)
    down = math.sqrt((0.15 - float(one.low)) ** 2 + 0.81 * (float(other.high) - 0.25) ** 2)
    assert float(found.interval.low) == pytest.approx(0.15 - 0.225 - down)


@pytest.mark.parametrize(("yes", "size"), [(2, 40), (7, 100), (45, 90), (190, 200), (3000, 9000)])
def test_a_clopper_pearson_bound_is_a_quantile_of_the_beta_distribution(yes: int, size: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    found = interval(sample(yes, size))
    assert float(found.low) == pytest.approx(stats.beta.ppf(0.025, yes, size - yes + 1), abs=1e-10)
    assert float(found.high) == pytest.approx(stats.beta.ppf(0.975, yes + 1, size - yes), abs=1e-10)


@pytest.mark.parametrize(("yes", "size", "population"), [(5, 100, 640), (0, 30, 45), (59, 60, 400), (12, 24, 10_000)])
def test_a_bound_in_a_known_population_is_where_the_hypergeometric_tail_passes_one_in_forty(
    yes: int, size: int, population: int
) -> None:
    stats = pytest.importorskip("scipy.stats")
    found = interval(sample(yes, size, population))
    marked = np.arange(yes, population - (size - yes) + 1)
    upper = stats.hypergeom.sf(yes - 1, population, marked, size)
    lower = stats.hypergeom.cdf(yes, population, marked, size)
    possible = marked[(upper > 0.025) & (lower > 0.025)]
    assert (found.low * population, found.high * population) == (possible[0], possible[-1])


def test_a_tail_of_exactly_one_in_forty_shows_nothing() -> None:
    """One drawn of 40 and bad: with one bad case among the 40 that happens one time in 40."""
    assert interval(sample(1, 1, 40)).low == Fraction(1, 40)
    assert interval(sample(1, 1, 41)).low == Fraction(2, 41)


def test_tails_are_those_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    for yes, size, share in ((3, 20, 0.05), (60, 100, 0.5), (501_000, 1_000_000, 0.5), (1, 1, 0.2), (5, 5, 0.999)):
        assert binomial_tail(yes, size, share) == pytest.approx(stats.binom.sf(yes - 1, size, share), rel=1e-7)
    for yes, size, marked, population in ((3, 20, 30, 600), (10, 10, 50, 100), (0, 5, 1, 9), (900, 1500, 5000, 10_000)):
        expected = stats.hypergeom.sf(yes - 1, population, marked, size)
        assert hypergeometric_tail(yes, size, marked, population) == pytest.approx(expected, rel=1e-7)
    assert binomial_tail(0, 3, 0.0) == binomial_tail(2, 3, 1.0) == 1
    assert binomial_tail(1, 3, 0.0) == hypergeometric_tail(2, 5, 1, 9) == 0


def test_a_census_leaves_nothing_to_chance() -> None:
    whole = sample(5, 100, 100)
    for found in (interval(whole), wilson(whole)):
        assert (found.low, found.high) == (Fraction(1, 20), Fraction(1, 20))
    assert difference(whole, sample(7, 100, 100)).interval.low == Fraction(-1, 50)
    assert detectable_change(whole).rise == pytest.approx(Fraction(1, 20))


def test_the_size_that_shows_none_in_72_below_five_per_cent() -> None:
    """0.95 ** 72 is the first power of 0.95 below 0.025."""
    assert 0.95**71 > 0.025 > 0.95**72
    assert size_that_shows(sample(0, 60), Fraction(1, 20)) == 72
    assert size_that_shows(sample(60, 60), Fraction(19, 20)) == 72
    assert size_that_shows(sample(5, 100), Fraction(1, 20)) is None
    assert size_that_shows(sample(499, 10_000), Fraction(1, 20)) is None  # no million would
    known = size_that_shows(sample(3, 100, 640), Fraction(1, 20))
    unknown = size_that_shows(sample(3, 100), Fraction(1, 20))
    assert known is not None
    assert unknown is not None
    assert 100 < known < unknown


def power(before: float, after: float, size: int) -> float:
    """Return the power of the test of two shares as R's power.prop.test has it."""
    stats = pytest.importorskip("scipy.stats")
    mean = (before + after) / 2
    change = math.sqrt(size) * abs(after - before) - stats.norm.ppf(0.975) * math.sqrt(2 * mean * (1 - mean))
    return float(stats.norm.cdf(change / math.sqrt(before * (1 - before) + after * (1 - after))))


@pytest.mark.parametrize(("yes", "size"), [(25, 50), (5, 100), (24, 200), (900, 1000)])
def test_a_detectable_change_is_the_one_with_a_power_of_80_per_cent(yes: int, size: int) -> None:
    assert power(0.50, 0.75, 50) == pytest.approx(0.7401659, abs=1e-6)  # R: power.prop.test(n = 50, p1 = .5, p2 = .75)
    found = detectable_change(sample(yes, size))
    reached = [power(yes / size, float(each), size) for each in (found.fall, found.rise) if each is not None]
    assert reached
    assert reached == pytest.approx([0.8] * len(reached), abs=1e-9)
    assert (found.fall is None) == (yes / size == 0.05)  # from 5 of 100 not even none at all is far enough


def test_a_larger_next_sample_shows_a_smaller_change_up_to_a_census() -> None:
    now = sample(60, 500, 4000)
    rises = [detectable_change(now, size).rise for size in (100, 500, 2000, 4000)]
    assert all(rise is not None for rise in rises)
    assert sorted(rises, reverse=True) == rises  # type: ignore[type-var]
    assert len(set(rises)) == 4


@pytest.mark.parametrize(("yes", "size", "population"), [(6, 5, None), (-1, 5, None), (0, 0, None), (2, 60, 59)])
def test_counts_that_are_no_sample_are_refused(yes: int, size: int, population: int | None) -> None:
    with pytest.raises(UsageError, match="at least one case"):
        sample(yes, size, population)


def test_every_bound_in_a_small_population_is_what_counting_all_ways_to_draw_says() -> None:
    """Near a census too: 1 of 399 drawn from 400 leaves one case not drawn, and it hardly is the only other yes."""
    for population in range(1, 21):
        for size in range(1, population + 1):
            for yes in range(size + 1):
                found = interval(sample(yes, size, population))
                bounds = (int(found.low * population), int(found.high * population))
                assert bounds == _possible(yes, size, population)
    assert _possible(1, 399, 400) == (1, 1)
    near = interval(sample(1, 399, 400))
    assert (near.low, near.high) == (Fraction(1, 400), Fraction(1, 400))


def _possible(yes: int, size: int, population: int) -> tuple[int, int]:
    """Return the least and the most yes of a population that a sample leaves possible at 2.5 % on a side."""
    ways = math.comb(population, size)
    kept = []
    for marked in range(yes, population - (size - yes) + 1):
        drawn = [math.comb(marked, each) * math.comb(population - marked, size - each) for each in range(size + 1)]
        if 40 * sum(drawn[yes:]) >= ways and 40 * sum(drawn[: yes + 1]) >= ways:
            kept.append(marked)
    return kept[0], kept[-1]
