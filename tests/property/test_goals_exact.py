"""Comparison with a target is exact, and a figure that is better never turns met into missed."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from casequality.evidence import decimals_apart, number
from casequality.goals import Target
from casequality.goals.definition.reasons import Quantity
from casequality.goals.definition.target import COMPARISONS
from casequality.metrics import SHARE

HUNDREDTHS = st.integers(0, 10_000)
COUNTS = st.integers(0, 10**12)


@given(yes=COUNTS, no=COUNTS, hundredths=HUNDREDTHS)
def test_a_share_is_compared_as_whole_numbers(yes: int, no: int, hundredths: int) -> None:
    if yes + no:
        target = Target.parse(f"at least {hundredths // 100}.{hundredths % 100:02} %")
        assert target.met_by(Fraction(100 * yes, yes + no)) is (10_000 * yes >= hundredths * (yes + no))
        most = Target.parse(f"at most {hundredths // 100}.{hundredths % 100:02} %")
        assert most.met_by(Fraction(100 * yes, yes + no)) is (10_000 * yes <= hundredths * (yes + no))


@given(yes=COUNTS, no=COUNTS, more=st.integers(1, 1000), hundredths=HUNDREDTHS)
def test_another_yes_never_turns_met_into_missed(yes: int, no: int, more: int, hundredths: int) -> None:
    if yes + no:
        target = Target("at least", Fraction(hundredths, 100))
        before, after = Fraction(100 * yes, yes + no), Fraction(100 * (yes + more), yes + more + no)
        assert target.met_by(after) or not target.met_by(before)
        assert target.margin(after) >= target.margin(before)


@given(
    comparison=st.sampled_from(COMPARISONS),
    aim=st.fractions(max_denominator=50),
    ends=st.lists(st.fractions(max_denominator=50), min_size=2, max_size=2),
    share=st.fractions(0, 1, max_denominator=20),
)
def test_a_decided_range_holds_no_figure_that_disagrees(
    comparison: str, aim: Fraction, ends: list[Fraction], share: Fraction
) -> None:
    low, high = sorted(ends)
    target = Target(comparison, aim)  # type: ignore[arg-type]
    decided = target.over(low, high)
    inside = {target.met_by(low), target.met_by(high), target.met_by(low + share * (high - low))}
    if low <= aim <= high:
        inside |= {target.met_by(aim), *(target.met_by((aim + end) / 2) for end in (low, high))}
    assert inside == ({True, False} if decided is None else {decided})


@given(exact=st.fractions(-1000, 1000), decimals=st.integers(0, 6))
def test_a_number_is_rounded_half_away_from_zero(exact: Fraction, decimals: int) -> None:
    shown = Fraction(number(exact, "en", decimals).replace(",", ""))
    unit = Fraction(1, 10**decimals)
    assert abs(shown - exact) <= unit / 2
    assert shown % unit == 0
    assert abs(shown) >= abs(exact) or abs(shown - exact) < unit / 2


@given(exact=st.fractions(0, 100, max_denominator=10_000), aim=HUNDREDTHS)
def test_a_figure_is_never_shown_as_the_target_that_it_is_not(exact: Fraction, aim: int) -> None:
    target = Fraction(aim, 100)
    shown = Quantity(exact, SHARE, target)["en"].removesuffix(" %")
    decimals = decimals_apart(exact, target, 1)
    assert (shown == number(target, "en", decimals)) is (exact == target)
