"""Laws of intervals, and their coverage by trying every sample that can be drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casequality.evidence import Interval, detectable_change, difference, interval, take_apart, wilson
from casequality.metrics.figures import Sample

PROMISED = Fraction(95, 100)
ONE_SIDE = Fraction(1, 40)


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    size = draw(st.integers(1, 400))
    rest = draw(st.none() | st.integers(0, 2000))
    yes = Fraction(draw(st.integers(0, size * 4)), 4)  # quarters, as the points of a scale
    return Sample(yes, size, None if rest is None else size + rest)


def other_way(sample: Sample) -> Sample:
    return Sample(sample.size - sample.yes, sample.size, sample.population)


@pytest.mark.parametrize("method", [interval, wilson])
@given(sample=samples())
def test_an_interval_holds_its_figure_lies_in_0_to_1_and_has_a_mirror(
    method: Callable[[Sample], Interval], sample: Sample
) -> None:
    found, mirrored = method(sample), method(other_way(sample))
    assert 0 <= found.low <= sample.share <= found.high <= 1
    assert float(found.low) == pytest.approx(1 - float(mirrored.high), abs=1e-12)


@given(yes=st.integers(0, 40), no=st.integers(0, 40), times=st.integers(2, 5), rest=st.none() | st.integers(0, 500))
def test_more_cases_of_the_same_share_make_it_narrower(yes: int, no: int, times: int, rest: int | None) -> None:
    if not yes + no:
        return
    few = Sample(Fraction(yes), yes + no)
    many = Sample(Fraction(yes * times), (yes + no) * times)
    for method in (interval, wilson):
        one, other = method(few), method(many)
        assert other.high - other.low < one.high - one.low
    if rest is not None:
        known = interval(Sample(few.yes, few.size, few.size + rest))
        assert known.high - known.low <= interval(few).high - interval(few).low + Fraction(1, few.size + rest)


@given(later=samples(), earlier=samples())
def test_a_difference_turns_with_its_samples(later: Sample, earlier: Sample) -> None:
    there, back = difference(later, earlier), difference(earlier, later)
    assert there.interval.low <= there.value <= there.interval.high
    assert there.value == -back.value
    assert float(there.interval.low) == pytest.approx(-float(back.interval.high), abs=1e-12)
    assert there.shown == back.shown


@given(sample=samples())
def test_a_detectable_change_lies_beyond_the_figure_and_has_a_mirror(sample: Sample) -> None:
    found, mirrored = detectable_change(sample), detectable_change(other_way(sample))
    assert found.fall is None or 0 <= found.fall <= sample.share + Fraction(1, 10**9)
    assert found.rise is None or sample.share - Fraction(1, 10**9) <= found.rise <= 1
    assert (found.fall is None) == (mirrored.rise is None)
    if found.fall is not None and mirrored.rise is not None:
        assert float(found.fall) == pytest.approx(1 - float(mirrored.rise), abs=1e-9)


def binomial(yes: int, size: int, share: Fraction) -> Fraction:
    return math.comb(size, yes) * share**yes * (1 - share) ** (size - yes)


def hypergeometric(yes: int, size: int, marked: int, population: int) -> Fraction:
    return Fraction(math.comb(marked, yes) * math.comb(population - marked, size - yes), math.comb(population, size))


@pytest.mark.parametrize("size", [1, 2, 5, 9, 14])
def test_the_exact_interval_covers_every_share_95_times_in_a_hundred(size: int) -> None:
    found = [interval(Sample(Fraction(yes), size)) for yes in range(size + 1)]
    ends = [end for each in found for end in (each.low, each.high)]
    for share in [Fraction(part, 60) for part in range(61)] + ends:
        covered = sum(binomial(yes, size, share) for yes in range(size + 1) if share in found[yes])
        assert covered >= PROMISED


@pytest.mark.parametrize(("size", "population"), [(1, 4), (3, 9), (8, 12), (12, 12), (10, 40)])
def test_in_a_known_population_it_covers_every_number_of_yes_95_times_in_a_hundred(size: int, population: int) -> None:
    found = [interval(Sample(Fraction(yes), size, population)) for yes in range(size + 1)]
    for marked in range(population + 1):
        share = Fraction(marked, population)
        covered = sum(hypergeometric(yes, size, marked, population) for yes in range(size + 1) if share in found[yes])
        assert covered >= PROMISED


@pytest.mark.parametrize(
    "weights",
    [(1, 1, 1, 1, 1), (0, 0, 1, 3, 6), (10, 0, 0, 0, 10), (1, 0, 0, 0, 30), (0, 2, 20, 2, 0), (9, 1, 0, 0, 1)],
)
def test_the_interval_of_an_index_covers_every_mix_of_five_answers(weights: tuple[int, ...]) -> None:
    size, total = 7, sum(weights)
    mean = sum(Fraction(weight, total) * Fraction(point, 4) for point, weight in enumerate(weights))
    covered = Fraction(0)
    for counts in product(range(size + 1), repeat=5):
        if sum(counts) == size:
            ways = math.factorial(size) // math.prod(map(math.factorial, counts))
            chance = ways * math.prod(Fraction(w, total) ** c for w, c in zip(weights, counts, strict=True))
            points = Fraction(sum(point * count for point, count in enumerate(counts)), 4)
            covered += chance if mean in interval(Sample(points, size)) else 0
    assert covered >= PROMISED


@given(yes=st.integers(0, 60), no=st.integers(0, 60), percent=st.integers(1, 99))
def test_a_share_is_outside_the_interval_exactly_where_its_tail_is_below_one_in_forty(
    yes: int, no: int, percent: int
) -> None:
    size = yes + no
    if not size:
        return
    share = Fraction(percent, 100)
    upper = sum((binomial(each, size, share) for each in range(yes, size + 1)), Fraction(0))
    lower = sum((binomial(each, size, share) for each in range(yes + 1)), Fraction(0))
    inside = share in interval(Sample(Fraction(yes), size))
    assert inside == (min(upper, lower) > ONE_SIDE)


parts = st.dictionaries(
    st.sampled_from("abcdef"),
    st.integers(0, 60).flatmap(lambda below: st.tuples(st.integers(0, below), st.just(below))),
    min_size=1,
).filter(lambda counts: any(below for _, below in counts.values()))


@given(before=parts, after=parts)
def test_rate_and_mix_and_volume_add_up_exactly(before: Any, after: Any) -> None:
    found = take_apart(before, after)
    totals = [tuple(map(sum, zip(*counts.values(), strict=True))) for counts in (before, after)]
    pooled = [Fraction(*total) for total in totals]
    assert found.rate + found.mix == found.change == pooled[1] - pooled[0]
    assert sum(each.rate + each.mix for each in found.effects) == found.change
    assert sum(found.counts.values()) == totals[1][0] - totals[0][0]
    back = take_apart(after, before)
    assert (back.rate, back.mix) == (-found.rate, -found.mix)
