"""When a sample shows that a goal is met or missed, and what is said in English and Danish where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

import attrs
import pytest

from casequality.errors import UsageError
from casequality.evidence import interval
from casequality.goals import Judgement, Verdict
from casequality.metrics import (
    DAYS,
    NO,
    OPEN,
    OUT,
    UNKNOWN,
    YES,
    AsOf,
    Choice,
    Contribution,
    Outcomes,
    Unit,
    as_metric,
    choose,
    outcomes,
    readings,
)
from casequality.metrics.declaring.statistics import Count, Mean, Statistic
from casequality.metrics.figures import Sample
from tests.factories.goals import codes, judged
from tests.factories.measurements import measured
from tests.factories.metrics import Event, Good, Row, events

DAY = "2010-06-15"


@attrs.frozen
class Faulty(Good):
    """Share of the checked events that were bad; "withdrawn" are those that nobody checked."""

    id: ClassVar[str] = "events.faulty"
    outcomes: ClassVar[Outcomes] = outcomes(good=NO, withdrawn=OUT, waiting=OPEN, bad=YES)
    higher_is_better: ClassVar[bool | None] = False
    readings: ClassVar[Mapping[str, Choice]] = readings(
        basis=choose(
            usual="sample",
            samples={"sample": ("withdrawn",), "unknown": ()},
            sample={},
            unknown={},
            census={"withdrawn": UNKNOWN},
            why="the goal does not say",
        )
    )


@attrs.frozen
class FaultyTimes(Faulty):
    """The same, where a row stands for several events."""

    id: ClassVar[str] = "events.faulty-times"

    def contribute(self, events: Event, as_of: AsOf, /) -> Contribution:
        return attrs.evolve(super().contribute(events, as_of), times=events.times)


@attrs.frozen
class Index(Good):
    """Mean points of good events on a scale of 10."""

    id: ClassVar[str] = "events.index"
    unit: ClassVar[Unit] = DAYS
    statistic: ClassVar[Statistic] = Mean(most=10)
    outcomes: ClassVar[Outcomes] = outcomes(good=YES, withdrawn=OUT, waiting=OPEN, bad=OUT)
    readings: ClassVar[Mapping[str, Choice]] = readings(
        basis=choose(usual="sample", samples={"sample": ()}, sample={}, why="the goal does not say")
    )


def rows(bad: int, checked: int, rest: int = 0, day: str = DAY, **given: Any) -> list[Row]:
    return [
        *events(day, bad, "bad", **given),
        *events(day, checked - bad, **given),
        *events(day, rest, "withdrawn", **given),
    ]


def verdict(target: str, data: list[Row], basis: str = "unknown", **given: Any) -> Judgement:
    return judged(target, measured(Faulty, data, chosen={"basis": basis}), **given)


@pytest.mark.parametrize(
    ("bad", "checked", "expected"),
    [
        (0, 71, "not shown"),  # 0.95 ** 71 = 0.0262: one time in forty, a population with 5 % gives such a sample
        (0, 72, "met"),  # 0.95 ** 72 = 0.0249
        (5, 100, "not shown"),  # on the target itself
        (10, 100, "not shown"),  # from 4.9 % (Clopper and Pearson's chart)
        (11, 100, "missed"),  # from 5.6 %
    ],
)
def test_at_most_five_per_cent_of_a_population_of_unknown_size(bad: int, checked: int, expected: str) -> None:
    found = verdict("at most 5 %", rows(bad, checked))
    assert str(found.verdict) == expected
    mirrored = judged("at least 95 %", measured(Faulty, rows(checked - bad, checked), chosen={"basis": "unknown"}))
    assert str(mirrored.verdict) == expected


@pytest.mark.parametrize(
    ("bad", "checked", "rest", "expected"),
    [
        (5, 100, 0, "met"),  # every case was drawn: nothing is left to chance, and the target counts as met
        (6, 100, 0, "missed"),
        (5, 100, 1, "not shown"),  # the last case may be bad: 6 of 101
        (4, 100, 1, "met"),  # 5 of 101 at most
        (0, 60, 40, "met"),  # 6 bad among 100 are all among the 40 unchecked only one time in 310
        (0, 60, 4000, "not shown"),
    ],
)
def test_a_known_population_tells_more(bad: int, checked: int, rest: int, expected: str) -> None:
    assert str(verdict("at most 5 %", rows(bad, checked, rest), "sample").verdict) == expected


def test_a_census_is_compared_exactly_and_has_no_interval() -> None:
    found = verdict("at most 5 %", rows(5, 100), "census")
    assert (found.verdict, found.interval, found.reasons) == (Verdict.MET, None, ())
    assert found.to_dict()["sample"] is None


def test_what_is_said_where_a_sample_does_not_show_it() -> None:
    found = verdict("at most 5 %", rows(2, 60, 240), "sample")
    assert {reason.code: (reason.en, reason.da) for reason in found.reasons} == {
        "not shown": (
            "The sample itself gives 3.3 %: met. The population may lie on either side of the target",
            "Stikprøven selv giver 3,3 %: opfyldt. Populationen kan ligge på begge sider af måltallet",
        ),
        "would show": (
            # SciPy: hypergeom.cdf(ceil(n / 30), 300, 16, n) is at most 0.025 from n = 209 on
            "With the same figure, a sample of about 209 would show it",
            "Med samme tal ville en stikprøve på omkring 209 vise det",
        ),
        "sample of population": (
            (
                "A sample of 60 out of 300: the figure of all of them lies between 0.7 % and 10.7 %, at 95 % "
                "confidence (Clopper and Pearson, for a population of that size)"
            ),
            (
                "Stikprøve på 60 ud af 300: tallet for dem alle ligger mellem 0,7 % og 10,7 % med 95 % sikkerhed "
                "(Clopper og Pearson, for en population af den størrelse)"
            ),
        ),
    }
    assert found.to_dict()["sample"] == {
        "size": 60,
        "population": 300,
        "low": pytest.approx(100 * 2 / 300),
        "high": pytest.approx(100 * 32 / 300),
        "confidence": 0.95,
        "method": "Clopper-Pearson, finite population",
    }
    assert Verdict.NOT_SHOWN.words.da == "ikke påvist"


def test_a_figure_on_the_target_says_that_hardly_any_sample_shows_it() -> None:
    found = verdict("at most 5 %", rows(5, 100))
    assert codes(found.reasons) == ["not shown", "would not show", "sample"]


def test_records_in_doubt_come_first_and_make_the_interval_wider() -> None:
    waiting = [*rows(0, 72), *events(DAY, 1, "waiting")]
    found = verdict("at most 5 %", waiting)
    assert found.verdict is Verdict.NOT_SHOWN
    assert found.interval is not None
    assert found.interval.high == 100 * interval(Sample(Fraction(1), 73)).high
    assert verdict("at most 5 %", [*waiting, *events(DAY, 5, "waiting")]).verdict is Verdict.UNDECIDED


def test_weighted_rows_show_nothing_and_say_so() -> None:
    over = measured(FaultyTimes, rows(0, 500, times=2), chosen={"basis": "unknown"})
    found = judged("at most 5 %", over)
    assert (found.verdict, found.interval) == (Verdict.NOT_SHOWN, None)
    assert codes(found.reasons) == ["not shown", "weighted sample"]


def test_rows_that_are_left_out_are_named_beside_the_interval() -> None:
    [said] = [reason for reason in verdict("at most 5 %", rows(0, 72, 9)).reasons if reason.code == "left out"]
    assert said.en == "Rows that are not in the figure, and of which the interval says nothing: 9 (withdrawn 9)"
    assert said.da.endswith("og som intervallet intet siger om: 9 (withdrawn 9)")
    [said] = [reason for reason in verdict("at most 5 %", rows(0, 72, 1200)).reasons if reason.code == "left out"]
    assert said.da.endswith("1.200 (withdrawn 1.200)")
    assert said.en.endswith("1,200 (withdrawn 1,200)")


@pytest.mark.parametrize(("aggregate", "expected"), [("each", "not shown"), ("mean", "met"), ("pooled", "met")])
def test_parts_that_a_sample_does_not_show(aggregate: str, expected: str) -> None:
    quarters = ("2010-02-15", "2010-05-15", "2010-08-15", "2010-11-15")
    data = [row for number, day in enumerate(quarters) for row in rows(0, 500 if number else 60, day=day)]
    found = verdict("at most 5 %", data, each=("quarter",), aggregate=aggregate)
    assert str(found.verdict) == expected
    assert [str(part.verdict) for part in found.parts] == ["not shown", "met", "met", "met"]


def test_a_mean_of_parts_can_be_not_shown() -> None:
    data = [row for month in range(1, 13) for row in rows(2, 60, day=f"2010-{month:02}-15")]
    found = verdict("at most 5 %", data, each=("month",), aggregate="mean")
    assert (found.verdict, found.value) == (Verdict.NOT_SHOWN, Fraction(10, 3))
    assert codes(found.reasons) == ["parts met", "not shown"]


@pytest.mark.parametrize(("now", "expected"), [(30, "met"), (70, "not shown"), (120, "missed")])
def test_a_reduction_is_held_against_both_samples(now: int, expected: str) -> None:
    data = [*rows(100, 500, day="2009-06-15"), *rows(now, 500)]
    assert str(verdict("at most 90 % of 2009", data).verdict) == expected


@pytest.mark.parametrize(("points", "expected"), [(10, "met"), (9, "not shown"), (5, "missed")])
def test_an_index_is_held_against_its_target_as_if_its_points_were_whole_cases(points: int, expected: str) -> None:
    found = judged("at least 9 days", measured(Index, events(DAY, 40, lasted=points)))
    assert str(found.verdict) == expected


def first(earlier: int, later: int, size: int = 400) -> Judgement:
    return verdict("baseline", [*rows(earlier, size, day="2009-06-15"), *rows(later, size)])


def test_a_first_figure_has_an_interval_its_drift_and_what_the_next_could_show() -> None:
    found = first(60, 24)
    assert found.verdict is Verdict.BASELINE
    assert codes(found.reasons) == ["first measurement", "sample", "change shown", "next fall", "next rise"]
    said = {reason.code: reason for reason in found.reasons}
    assert said["change shown"].en == (
        "Since 2009, when it was 15.0 %, the figure has changed by -9.0 percentage points, between -13.3 and -4.8 at "
        "95 % confidence (Newcombe): more than chance explains"
    )
    assert said["next rise"].da == (
        "En næste stikprøve på 400 ville sandsynligvis vise en stigning til 11,6 % eller derover (styrke 80 %)"
    )


def test_a_drift_that_chance_can_explain_is_said_to_be_so() -> None:
    assert "change not shown" in codes(first(24, 30).reasons)
    assert codes(first(0, 0, 20).reasons)[-1] == "next rise"
    assert "next no fall" in codes(first(1, 1, 20).reasons)


def test_a_share_of_all_cannot_rise_and_one_of_none_cannot_fall() -> None:
    assert codes(verdict("baseline", rows(20, 20)).reasons)[2:] == ["next fall"]
    assert codes(verdict("baseline", rows(0, 20)).reasons)[2:] == ["next rise"]


def test_without_an_earlier_sample_there_is_no_drift() -> None:
    assert codes(verdict("baseline", rows(24, 400)).reasons) == [
        "first measurement",
        "sample",
        "next fall",
        "next rise",
    ]


def test_cases_that_were_not_drawn_are_left_out_and_only_shares_and_scales_are_sampled() -> None:
    basis = choose(usual="sample", samples={"sample": ("bad",)}, sample={}, why="")
    counted = type("Counted", (Faulty,), {"readings": readings(basis=basis)})
    with pytest.raises(UsageError, match="leaves out"):
        as_metric(counted)
    with pytest.raises(UsageError, match="not computed"):
        as_metric(type("HowMany", (Faulty,), {"statistic": Count()}))
    with pytest.raises(LookupError, match="no such alternative"):
        choose(usual="all", samples={"sample": ()}, all={}, why="")
