from __future__ import annotations

from fractions import Fraction

import pytest

from casequality.days import period
from casequality.errors import GoalError, Words
from casequality.goals import Baseline, Target, parse_target
from casequality.metrics import SECONDS, SHARE

F = Fraction


@pytest.mark.parametrize(
    ("text", "comparison", "number", "unit"),
    [
        ("at most 25 s", "at most", F(25), "s"),
        ("at least 80 %", "at least", F(80), "%"),
        ("at least 80%", "at least", F(80), "%"),
        ("  at least   99.5 %  ", "at least", F(199, 2), "%"),
        ("exactly 100 %", "exactly", F(100), "%"),
        ("above 0 cases", "above", F(0), "cases"),
        ("below 10 days", "below", F(10), "days"),
        ("at most 3 per 1,000", "at most", F(3), "per 1,000"),
        ("at least 1.15", "at least", F(23, 20), ""),
        ("at least -5 days", "at least", F(-5), "days"),
    ],
)
def test_a_target_is_read_exactly(text: str, comparison: str, number: Fraction, unit: str) -> None:
    target = Target.parse(text)
    assert (target.comparison, target.number, target.unit) == (comparison, number, unit)


@pytest.mark.parametrize("text", ["baseline", " baseline "])
def test_a_first_measurement_has_no_target(text: str) -> None:
    assert parse_target(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "80 %", ">= 80 %", "minimum 80 %", "At least 80 %", "at least", "at least %", "at least eighty %"),
        *("at least 99,5 %", "at least 80. %", "at most 1,000 s", "at most 1 000 s"),
    ],
)
def test_what_is_no_target_is_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(GoalError) as caught:
        parse_target(text)
    assert caught.value.what == "The target cannot be read"
    assert caught.value.got == text
    assert '"at most 25 s"' in str(caught.value)
    assert '"baseline"' in str(caught.value)
    assert "a number with a decimal point and no separator of thousands" in str(caught.value)


@pytest.mark.parametrize("text", ["baseline", "at most 90 % of 2009"])
def test_only_a_number_is_a_target_in_a_unit(text: str) -> None:
    with pytest.raises(GoalError, match="The target cannot be read"):
        Target.parse(text)


@pytest.mark.parametrize(
    ("text", "met", "missed"),
    [
        ("at least 75 %", [F(75), F(7500001, 100000)], [F(7496, 100), F(749999, 10000), F(0)]),
        ("at most 25 s", [F(25), F(0)], [F(2500001, 100000), F(26)]),
        ("exactly 100 %", [F(100)], [F(9999999, 100000), F(101)]),
        ("above 100 %", [F(10000001, 100000)], [F(100), F(99)]),
        ("below 10 days", [F(999999, 100000)], [F(10), F(11)]),
    ],
)
def test_the_number_itself_meets_at_least_and_at_most_and_nothing_is_rounded(
    text: str, met: list[Fraction], missed: list[Fraction]
) -> None:
    target = Target.parse(text)
    assert all(target.met_by(figure) for figure in met)
    assert not any(target.met_by(figure) for figure in missed)


@pytest.mark.parametrize(
    ("text", "figure", "margin"),
    [
        ("at least 75 %", F(80), F(5)),
        ("at least 75 %", F(7496, 100), F(-1, 25)),
        ("at most 25 s", F(20), F(5)),
        ("at most 25 s", F(30), F(-5)),
        ("above 10 days", F(10), F(0)),
        ("above 10 days", F(12), F(2)),
        ("below 10 days", F(12), F(-2)),
        ("exactly 100 %", F(98), F(-2)),
        ("exactly 100 %", F(102), F(-2)),
    ],
)
def test_a_margin_is_positive_for_better_than_the_target(text: str, figure: Fraction, margin: Fraction) -> None:
    assert Target.parse(text).margin(figure) == margin


@pytest.mark.parametrize(
    ("text", "low", "high", "expected"),
    [
        ("at least 75 %", F(75), F(90), True),
        ("at least 75 %", F(70), F(74), False),
        ("at least 75 %", F(74), F(75), None),
        ("at least 75 %", None, F(74), False),
        ("at least 75 %", F(75), None, True),
        ("at least 75 %", None, None, None),
        ("above 75 %", F(70), F(75), False),
        ("at most 25 s", F(20), None, None),
        ("at most 25 s", F(26), None, False),
        ("at most 25 s", None, F(25), True),
        ("below 25 s", F(20), F(25), None),
        ("exactly 5 cases", F(5), F(5), True),
        ("exactly 5 cases", F(4), F(6), None),
        ("exactly 5 cases", F(5), F(6), None),
        ("exactly 5 cases", F(6), F(9), False),
        ("exactly 5 cases", None, F(4), False),
        ("exactly 5 cases", F(5), None, None),
    ],
)
def test_a_range_of_figures_is_decided_only_where_all_of_it_agrees(
    text: str, low: Fraction | None, high: Fraction | None, expected: bool | None
) -> None:
    assert Target.parse(text).over(low, high) is expected


@pytest.mark.parametrize(
    ("text", "en", "da"),
    [
        ("at least 99.5 %", "at least 99.5 %", "mindst 99,5 %"),
        ("at most 1500 s", "at most 1,500 s", "højst 1.500 s"),
        ("exactly 100 %", "exactly 100 %", "præcis 100 %"),
        ("above 0 cases", "above 0 cases", "over 0 cases"),
        ("below 2 days", "below 2 days", "under 2 days"),
        ("at most 90 % of 2009", "at most 90 % of 2009", "højst 90 % af 2009"),
        ("at most 90 % of 2009-Q2", "at most 90 % of 2nd quarter of 2009", "højst 90 % af 2. kvartal 2009"),
        ("above 100 % of the year before", "above 100 % of the year before", "over 100 % af året før"),
        ("at least 100 % of the period before", "at least 100 % of the period before", "mindst 100 % af perioden før"),
    ],
)
def test_a_target_says_itself_in_both_languages(text: str, en: str, da: str) -> None:
    target = parse_target(text)
    assert target is not None
    assert (target.words().en, target.words().da, str(target)) == (en, da, en)


def test_a_target_takes_the_words_of_the_metrics_unit() -> None:
    assert Target.parse("at most 25 s").words(SECONDS).da == "højst 25 sekunder"
    assert Target.parse("at least 80 %").words(SHARE).en == "at least 80 %"


def test_a_baseline_is_a_share_of_an_earlier_figure() -> None:
    baseline = parse_target("at most 90 % of 2009")
    assert baseline == Baseline("at most", F(90), "2009")
    assert isinstance(baseline, Baseline)
    assert baseline.target(F(20), "days") == Target("at most", F(18), "days")
    assert baseline.period_for(period("2010-H1")) == period("2009")


@pytest.mark.parametrize(
    ("earlier", "judged", "expected"),
    [
        ("the year before", "2010-H1", "2009-H1"),
        ("the year before", "2010", "2009"),
        ("the period before", "2010-Q1", "2009-Q4"),
        ("2009-06", "2010", "2009-06"),
    ],
)
def test_a_baseline_may_move_with_the_period(earlier: str, judged: str, expected: str) -> None:
    baseline = parse_target(f"at most 100 % of {earlier}")
    assert isinstance(baseline, Baseline)
    assert baseline.period_for(period(judged)) == period(expected)


@pytest.mark.parametrize(
    "text", ["at most 90 s of 2009", "at most 90 of 2009", "at most 0 % of 2009", "below -5 % of 2009"]
)
def test_a_share_of_an_earlier_figure_is_in_per_cent(text: str) -> None:
    with pytest.raises(GoalError, match="above 0 and in per cent") as caught:
        parse_target(text)
    assert caught.value.remedy == "write a reduction by a tenth as 'at most 90 % of 2009'"


@pytest.mark.parametrize(
    "text", ["at most 90 % of last year", "at most 90 % of 2009-13", "at most 90 % of 2010-05-01..2010-04-01"]
)
def test_an_unknown_earlier_period_names_those_there_are(text: str) -> None:
    with pytest.raises(GoalError, match="The earlier period is not known") as caught:
        parse_target(text)
    assert "2009-H1" in str(caught.value)
    assert "the year before, the period before" in str(caught.value)


TWO = "between 40 and 60 days"


@pytest.mark.parametrize(
    ("figure", "met", "margin", "nearest"),
    [
        (39, False, -1, 40),
        (40, True, 0, 40),
        (45, True, 5, 40),
        (55, True, 5, 60),
        (60, True, 0, 60),
        (61, False, -1, 60),
    ],
)
def test_both_ends_of_a_target_between_meet_it(figure: int, met: bool, margin: int, nearest: int) -> None:
    target = Target.parse(TWO)
    assert (target.met_by(Fraction(figure)), int(target.margin(Fraction(figure)))) == (met, margin)
    assert target.nearest(Fraction(figure)) == nearest
    assert target.over(Fraction(figure), Fraction(figure)) is met


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (40, 60, True),
        (39, 60, None),
        (40, 61, None),
        (30, 70, None),
        (None, 50, None),
        (50, None, None),
        (None, 39, False),
        (61, None, False),
        (61, 70, False),
        (None, None, None),
    ],
)
def test_a_range_of_figures_is_decided_between_two_numbers_too(
    low: int | None, high: int | None, verdict: bool | None
) -> None:
    ends = [None if each is None else Fraction(each) for each in (low, high)]
    assert Target.parse(TWO).over(*ends) is verdict


def test_a_target_between_says_itself_in_both_languages_and_its_ends_in_order() -> None:
    assert Target.parse(TWO).words() == Words("between 40 and 60 days", "mellem 40 og 60 days")
    assert Target.parse("between 1.5 and 2.5 %").words().da == "mellem 1,5 og 2,5 %"
    for wrong in ("between 60 and 40 days", "between 40 and 40 days", "between 40 and days", "between 40 days"):
        with pytest.raises(GoalError):
            Target.parse(wrong)
