"""How the parts of a goal make a verdict, on worked examples whose answers were reckoned by hand."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from casequality.days import period
from casequality.deadlines import Words
from casequality.errors import GoalError
from casequality.goals import Judgement, SeriesBreak, Verdict, judge
from casequality.goals.preconditions import Promised
from casequality.metrics.measurement import Measurement
from tests.factories.goals import codes, goal, judged
from tests.factories.measurements import measured
from tests.factories.metrics import Good, HowMany, Row, Wait, events

F = Fraction
FIVE_TYPES = {"A": (900, 88), "B": (300, 82), "C": (150, 74), "D": (60, 65), "E": (40, 55)}
FIVE = [
    row
    for kind, (number, percent) in FIVE_TYPES.items()
    for row in (
        *events("2010-06-15", number * percent // 100, kind=kind),
        *events("2010-06-15", number - number * percent // 100, "bad", kind=kind),
    )
]


def five(target: str = "at least 80 %", rows: list[Row] = FIVE, **given: Any) -> Judgement:
    return judged(target, measured(Good, rows, groups=("kind",)), each=("kind",), **given)


def test_five_types_pooled_are_met_though_only_two_types_meet_it() -> None:
    judgement = five(aggregate="pooled")
    assert judgement.verdict is Verdict.MET
    assert (judgement.numerator, judgement.denominator) == (792 + 246 + 111 + 39 + 22, 1450)
    assert round(judgement.value or 0, 1) == F("83.4")
    assert [(part.groups["kind"], part.value, part.verdict.value) for part in judgement.parts] == [
        ("A", F(88), "met"),
        ("B", F(82), "met"),
        ("C", F(74), "missed"),
        ("D", F(65), "missed"),
        ("E", F(55), "missed"),
    ]


def test_five_types_each_are_missed_and_the_types_below_named() -> None:
    judgement = five(aggregate="each")
    assert (judgement.verdict, judgement.value, judgement.margin) == (Verdict.MISSED, F(55), F(-25))
    assert [reason.en for reason in judgement.reasons] == [
        "2 of 5 parts meet the target",
        "Not met in: C, D, E",
        "The figure shown is that of E, the part with the least margin",
    ]
    assert [reason.da for reason in judgement.reasons] == [
        "2 af 5 dele opfylder målet",
        "Ikke opfyldt i: C, D, E",
        "Det viste tal er det for E, den del med den mindste margen",
    ]


def test_the_mean_of_five_types_is_another_figure() -> None:
    judgement = five(aggregate="mean")
    assert (judgement.verdict, judgement.value, judgement.margin) == (Verdict.MISSED, F(728, 10), F(-72, 10))
    assert (judgement.numerator, judgement.denominator) == (None, None)
    assert five("at least 72.8 %", aggregate="mean").verdict is Verdict.MET
    assert five("at least 72.81 %", aggregate="mean").verdict is Verdict.MISSED


def test_all_five_types_meet_a_lower_target() -> None:
    judgement = five("at least 55 %", aggregate="each")
    assert (judgement.verdict, judgement.value, judgement.margin) == (Verdict.MET, F(55), F(0))
    assert codes(judgement.reasons) == ["parts met", "worst part"]


def test_calls_pooled_and_the_mean_of_the_parts_are_two_readings() -> None:
    """Twenty ordinary parts wait 12 s and two busy ones 75 s: 25.3 s over all calls, 17.7 s over the parts.

    The parts are days of 900 and 2,400 calls in features.md 1; here months of 9 and 24, which gives the same figures.
    """
    months = [f"{year}-{month:02}-15" for year in (2009, 2010) for month in range(1, 13)][:22]
    ordinary = [row for day in months[:20] for row in events(day, 9, lasted=12_000_000)]
    busy = [row for day in months[20:] for row in events(day, 24, lasted=75_000_000)]
    over, period = measured(Wait, [*ordinary, *busy]), "2009-01-01..2010-10-31"
    pooled = judged("at most 25 s", over, period, each=("month",), aggregate="pooled")
    assert (pooled.verdict, pooled.value) == (Verdict.MISSED, F(576_000, 22_800))
    assert round(float(F(576_000, 22_800)), 1) == 25.3
    mean = judged("at most 25 s", over, period, each=("month",), aggregate="mean")
    assert (mean.verdict, mean.value) == (Verdict.MET, F(390, 22))
    assert round(float(F(390, 22)), 1) == 17.7
    each = judged("at most 25 s", over, period, each=("month",), aggregate="each")
    assert each.reasons[1].en == "Not met in: September 2010, October 2010"


def monthly(**good: int) -> Measurement:
    """Return ten events a month of 2010-H1, of which some were good."""
    rows = []
    for month, number in good.items():
        rows += [*events(f"2010-{month[1:]}-15", number), *events(f"2010-{month[1:]}-15", 10 - number, "bad")]
    return measured(Good, rows)


HALF = {"m01": 9, "m02": 9, "m03": 5, "m04": 9, "m05": 9, "m06": 9}


def test_months_are_judged_and_the_half_year_pooled() -> None:
    judgement = judged("at least 80 %", monthly(**HALF), "2010-H1", each=("month",), aggregate="pooled")
    assert (judgement.verdict, judgement.value) == (Verdict.MET, F(500, 6))
    assert [part.period.label for part in judgement.parts] == [f"2010-0{month}" for month in range(1, 7)]
    assert [part.verdict.value for part in judgement.parts] == ["met", "met", "missed", "met", "met", "met"]


def test_every_month_must_meet_it_where_the_goal_says_so() -> None:
    judgement = judged("at least 80 %", monthly(**HALF), "2010-H1", each=("month",), aggregate="each")
    assert judgement.verdict is Verdict.MISSED
    assert judgement.reasons[1].en == "Not met in: March 2010"
    assert judgement.reasons[1].da == "Ikke opfyldt i: marts 2010"


def test_one_month_is_its_own_part() -> None:
    judgement = judged("at least 80 %", monthly(**HALF), "2010-03", each=("month",), aggregate="each")
    assert (judgement.verdict, judgement.value, len(judgement.parts)) == (Verdict.MISSED, F(50), 1)


def test_a_month_without_records_leaves_each_and_mean_without_a_verdict_and_pooled_with_one() -> None:
    over = monthly(m01=9, m02=9, m04=9, m05=9, m06=9)
    pooled, each, mean = (
        judged("at least 80 %", over, "2010-H1", each=("month",), aggregate=name) for name in ("pooled", "each", "mean")
    )
    assert pooled.verdict is Verdict.MET
    assert each.verdict is mean.verdict is Verdict.NO_DATA
    assert each.reasons[1].en == "Neither met nor missed: March 2010"
    assert each.reasons[1].da == "Hverken opfyldt eller ikke opfyldt: marts 2010"
    assert mean.reasons[1].en == "There are no records in March 2010"
    assert (each.value, mean.value) == (None, None)


def test_a_missed_month_is_missed_whatever_another_month_lacks() -> None:
    over = monthly(m01=9, m02=1, m04=9, m05=9, m06=9)
    assert judged("at least 80 %", over, "2010-H1", each=("month",), aggregate="each").verdict is Verdict.MISSED


def test_an_undecided_month_leaves_each_undecided_and_says_what_could_flip_it() -> None:
    rows = [row for month in range(1, 7) for row in events(f"2010-0{month}-15", 4)]
    over = measured(Good, [*rows, *events("2010-02-20", 1, "waiting")])
    each, mean = (
        judged("at least 95 %", over, "2010-H1", each=("month",), aggregate=name) for name in ("each", "mean")
    )
    assert each.verdict is Verdict.UNDECIDED
    assert each.reasons[1].en == "Neither met nor missed: February 2010"
    assert codes(each.could_flip) == ["open"]
    assert (mean.verdict, mean.low, mean.high) == (Verdict.MET, F(580, 6), F(100))


def test_a_mean_of_months_is_undecided_where_records_in_doubt_could_turn_it() -> None:
    rows = [row for month in range(1, 7) for row in events(f"2010-0{month}-15", 4)]
    over = measured(Good, [*rows, *events("2010-02-20", 4, "waiting")])
    mean = judged("at least 95 %", over, "2010-H1", each=("month",), aggregate="mean")
    assert (mean.verdict, mean.low) == (Verdict.UNDECIDED, F(550, 6))
    assert codes(mean.could_flip) == ["open"]


def test_a_half_year_that_is_not_over_is_not_due_and_its_past_months_are_judged() -> None:
    over = measured(Good, [*events("2010-01-15", 1), *events("2010-02-15", 1, "bad")], as_of="2010-03-10")
    judgement = judged("at least 80 %", over, "2010-H1", each=("month",), aggregate="each")
    assert judgement.verdict is Verdict.NOT_DUE_YET
    assert [part.verdict.value for part in judgement.parts] == ["met", "missed", *["not due yet"] * 4]


NOT_WHOLE = Words(
    "The goal is judged by whole years, and 1st half of 2010 is not made of whole years",
    "Målet bedømmes for hele år, og 1. halvår 2010 består ikke af hele år",
)
SO_FAR = Words(
    "The goal is judged by whole years; the figure is that so far, of 1st half of 2010",
    "Målet bedømmes for hele år; tallet er foreløbigt og dækker 1. halvår 2010",
)
WITHIN = [("2010-08-01", Verdict.NOT_DUE_YET, SO_FAR), ("2011-01-01", Verdict.NOT_COMPARABLE, NOT_WHOLE)]


@pytest.mark.parametrize(("as_of", "verdict", "why"), WITHIN)
@pytest.mark.parametrize("aggregate", ["pooled", "each", "mean"])
def test_a_yearly_goal_has_no_verdict_on_its_first_half_and_shows_the_figure_so_far(
    aggregate: str, as_of: str, verdict: Verdict, why: Words
) -> None:
    over = measured(Good, [*events("2010-03-15", 9), *events("2010-03-15", 9, "waiting")], as_of=as_of)
    judgement = judged("at least 80 %", over, "2010-H1", each=("year",), aggregate=aggregate)
    [part] = judgement.parts
    assert (judgement.verdict, part.verdict) == (verdict, verdict)
    assert [(reason.en, reason.da) for reason in judgement.reasons] == [(why.en, why.da)]
    assert codes(part.reasons) == codes(judgement.reasons)
    assert (judgement.value, part.value, part.could_flip) == (F(100), F(100), ())


@pytest.mark.parametrize("aggregate", ["pooled", "each", "mean"])
def test_a_yearly_goal_is_judged_for_the_year_in_the_report_on_the_half_year_that_ends_it(aggregate: str) -> None:
    """The year has 9 of 12 good, its second half 3 of 6: below the target alone, and above it with the first."""
    rows = [*events("2010-03-15", 6), *events("2010-09-15", 3), *events("2010-09-15", 3, "bad")]
    over = measured(Good, rows, as_of="2011-02-01")
    judgement = judged("at least 75 %", over, "2010-H2", each=("year",), aggregate=aggregate)
    assert (judgement.verdict, judgement.value, judgement.period.label) == (Verdict.MET, F(75), "2010")
    assert [part.period.label for part in judgement.parts] == ["2010"]
    assert judgement.reasons[0].da == "Målet bedømmes for hele 2010, som 2. halvår 2010 afslutter"
    early = measured(Good, rows, as_of="2010-12-01")
    judgement = judged("at least 75 %", early, "2010-H2", each=("year",), aggregate=aggregate)
    assert (judgement.verdict, codes(judgement.reasons)) == (Verdict.NOT_DUE_YET, ["not over"])


def test_within_a_year_the_figure_so_far_is_of_all_its_days_and_not_of_the_last_quarter() -> None:
    rows = [*events("2010-03-15", 6), *events("2010-05-15", 3, "bad")]
    over = measured(Good, rows, as_of="2010-08-01")
    judgement = judged("at least 75 %", over, "2010-Q2", each=("year",), aggregate="pooled")
    assert (judgement.value, judgement.period.label) == (F(600, 9), "2010-01-01..2010-06-30")
    assert (judgement.verdict, codes(judgement.reasons)) == (Verdict.NOT_DUE_YET, ["so far"])


def test_beside_cases_not_due_yet_stands_the_latest_half_year_whose_cases_have_all_fallen_due() -> None:
    """2009-H2 has one case that waits, 2009-H1 none: 3 of 4."""
    rows = [*events("2009-03-15", 3), *events("2009-03-15", 1, "bad"), *events("2009-09-15", 5)]
    rows += [*events("2009-09-15", 1, "waiting"), *events("2010-03-15", 2), *events("2010-03-15", 7, "waiting")]
    over = measured(Good, rows, as_of="2010-08-01")
    said = "det seneste halvår, hvor alle sagers frist er udløbet, er 1. halvår 2009: 75,0 %"
    for each in ((), ("year",)):
        judgement = judged("at least 75 %", over, "2010-H1", each=each, aggregate="pooled")
        assert judgement.reasons[-1].da == f"Nogle sagers frist er ikke udløbet endnu; {said}"
    quarter = judged("at least 75 %", over, "2010-Q1")
    assert "all due" not in codes(quarter.reasons)
    broken = SeriesBreak(dt.date(2010, 1, 1), Words("moved", "flyttet"))
    assert "all due" not in codes(judged("at least 75 %", over, "2010-H1", series_breaks=(broken,)).reasons)
    settled = judged("at least 75 %", measured(Good, rows[:9], as_of="2010-08-01"), "2009-H2")
    assert "all due" not in codes(settled.reasons)


def test_only_the_part_that_the_period_cuts_goes_without_a_verdict() -> None:
    over = measured(Good, [*events("2009-03-15", 9), *events("2010-03-15", 9, "bad")], as_of="2010-08-01")
    judgement = judged("at least 80 %", over, "2009-01-01..2010-06-30", each=("year",), aggregate="pooled")
    assert [part.verdict for part in judgement.parts] == [Verdict.MET, Verdict.NOT_DUE_YET]
    assert judgement.verdict is Verdict.NOT_DUE_YET


def test_without_any_record_each_part_says_so() -> None:
    judgement = judged("at least 80 %", measured(Good, []), "2010-Q1", each=("month",), aggregate="each")
    assert judgement.verdict is Verdict.NO_DATA
    assert [part.period.label for part in judgement.parts] == ["2010-01", "2010-02", "2010-03"]


@pytest.mark.parametrize(("aggregate", "value"), [("pooled", F(250, 3)), ("each", None), ("mean", F(250, 3))])
def test_a_first_measurement_by_months_is_a_baseline(aggregate: str, value: Fraction | None) -> None:
    judgement = judged("baseline", monthly(**HALF), "2010-H1", each=("month",), aggregate=aggregate)
    assert judgement.verdict is Verdict.BASELINE
    assert value is None or judgement.value == value


def test_each_month_against_the_same_month_of_the_year_before() -> None:
    rows = [row for month in range(1, 4) for row in events(f"2009-0{month}-15", 10)]
    rows += [row for month, number in ((1, 9), (2, 8), (3, 9)) for row in events(f"2010-0{month}-15", number)]
    over = measured(HowMany, rows)
    each = judged("at most 90 % of the year before", over, "2010-Q1", each=("month",), aggregate="each")
    assert (each.verdict, each.value, each.target and each.target.number) == (Verdict.MET, F(9), F(9))
    one = judged("at most 90 % of the year before", over, "2010-01", each=("month",), aggregate="mean")
    assert (one.verdict, one.value, one.target and one.target.number) == (Verdict.MET, F(9), F(9))
    mean = judged("at most 80 % of the year before", over, "2010-Q1", each=("month",), aggregate="mean")
    assert (mean.verdict, mean.value, mean.target and mean.target.number) == (Verdict.MISSED, F(26, 3), F(8))


def test_a_type_that_the_goal_names_and_no_record_has_is_no_data() -> None:
    rows = [row for row in FIVE if row["kind"] != "D"]
    where = {"kind": ("A", "B", "C", "D", "E")}
    judgement = judged(
        "at least 50 %",
        measured(Good, rows, groups=("kind",), where=where),
        each=("kind",),
        aggregate="each",
        where=where,
    )
    assert judgement.verdict is Verdict.NO_DATA
    absent = next(part for part in judgement.parts if part.groups == {"kind": "D"})
    assert absent.reasons[0].en == "There are no records with kind D in 2010"
    assert absent.reasons[0].da == "Der er ingen registreringer med kind D i 2010"


def promised(rows: list[Row], *kinds: str) -> Promised:
    return Promised({"kind": kinds}, measured(Good, rows, groups=("kind",)).tally)


def test_a_promised_unit_without_records_leaves_the_whole_incomplete_however_parts_are_combined() -> None:
    rows = [*events("2010-06-15", 3, kind="A"), *events("2010-06-15", 1, kind="B")]
    over = measured(Good, rows, groups=("kind",))
    for aggregate in ("pooled", "each", "mean"):
        said = goal("at least 75 %", each=("kind",), aggregate=aggregate)
        assert judge(said, over, period("2010")).verdict is Verdict.MET
        judgement = judge(said, over, period("2010"), promised(rows, "A", "B", "C"))
        assert (judgement.verdict, codes(judgement.reasons)) == (Verdict.INCOMPLETE, ["missing units"])
        assert judgement.reasons[0].en.endswith("2010: C")
        assert [part.verdict for part in judgement.parts] == [Verdict.MET, Verdict.MET]
    whole = judge(goal("at least 75 %"), over, period("2010"), promised(rows, "A", "B", "C"))
    assert whole.verdict is Verdict.INCOMPLETE
    some = goal("at least 75 %", where={"kind": ("A", "B")})
    assert judge(some, over, period("2010"), promised(rows, "A", "B", "C")).verdict is Verdict.MET


def test_a_month_that_lacks_a_unit_is_incomplete_and_the_others_are_judged() -> None:
    rows = [*events("2010-05-15", 1, kind="A"), *events("2010-06-15", 1, kind="A"), *events("2010-06-15", 1, kind="B")]
    said = goal("at least 75 %", each=("month",), aggregate="each")
    judgement = judge(said, measured(Good, rows, groups=("kind",)), period("2010-Q2"), promised(rows, "A", "B"))
    assert [part.verdict for part in judgement.parts][1:] == [Verdict.INCOMPLETE, Verdict.MET]
    assert judgement.verdict is Verdict.INCOMPLETE
    missed = [*rows, *events("2010-06-15", 9, "bad", kind="B")]
    over = measured(Good, missed, groups=("kind",))
    assert judge(said, over, period("2010-Q2"), promised(rows, "A", "B")).verdict is Verdict.MISSED
    unfinished = measured(Good, rows, groups=("kind",), as_of="2010-06-20")
    assert judge(said, unfinished, period("2010-Q2"), promised(rows, "C")).verdict is Verdict.NOT_DUE_YET


def test_records_of_no_type_could_belong_to_any() -> None:
    rows = [*events("2010-06-15", 8, kind="A"), *events("2010-06-15", 2, "bad", kind="A")]
    rows += [*events("2010-06-15", 4, kind="B"), *events("2010-06-15", 1, "bad", kind="B")]
    rows += events("2010-06-15", 1, "bad")
    judgement = five("at least 80 %", rows, aggregate="each")
    assert judgement.verdict is Verdict.UNDECIDED
    assert [(part.groups["kind"], part.low, part.high) for part in judgement.parts] == [
        ("A", F(800, 11), F(80)),
        ("B", F(400, 6), F(80)),
    ]
    assert judgement.could_flip[0].en == "Records that do not state kind: 1"
    assert judgement.could_flip[0].da == "Registreringer uden den oplysning, der spørges om: 1"
    assert five("at least 75 %", rows, aggregate="pooled").verdict is Verdict.MET


def test_records_of_no_type_whose_every_place_leaves_the_verdict_are_said_to_do_so() -> None:
    rows = [*events("2010-06-15", 8, kind="A"), *events("2010-06-15", 2, "bad", kind="A"), *events("2010-06-15", 1)]
    judgement = five("at least 80 %", rows, aggregate="each")
    assert (judgement.verdict, judgement.low, judgement.high) == (Verdict.MET, F(80), F(900, 11))
    assert codes(judgement.parts[0].reasons) == ["stands"]


@pytest.mark.parametrize("aggregate", ["each", "mean"])
def test_records_that_all_name_no_type_give_no_verdict_by_type(aggregate: str) -> None:
    judgement = five("at least 50 %", events("2010-06-15", 9), aggregate=aggregate)
    assert (judgement.verdict, judgement.value, judgement.parts) == (Verdict.NO_DATA, None, ())
    assert judgement.reasons[0].en == "Records that do not state kind: 9"
    empty = five("at least 50 %", [], aggregate=aggregate)
    assert (empty.verdict, empty.reasons[0].en) == (Verdict.NO_DATA, "There are no records in 2010")


@pytest.mark.parametrize("aggregate", ["pooled", "each", "mean"])
def test_a_break_between_two_months_is_noted_of_the_half_year(aggregate: str) -> None:
    broken = (SeriesBreak(period("2010-06").first, Words("18 units merged", "18 enheder fusioneres")),)
    given: dict[str, Any] = {"each": ("month",), "aggregate": aggregate, "series_breaks": broken}
    judgement = judged("at least 50 %", monthly(**HALF), "2010-H1", **given)
    assert judgement.verdict is Verdict.MET
    assert judgement.reasons[-1].en == "The series breaks on 1 June 2010, inside 1st half of 2010: 18 units merged"


def test_each_type_against_its_own_earlier_figure() -> None:
    rows = [*events("2009-06-15", 10, kind="A"), *events("2009-06-15", 4, kind="B")]
    rows += [*events("2010-06-15", 9, kind="A"), *events("2010-06-15", 4, kind="B")]
    over = measured(HowMany, rows, groups=("kind",))
    judgement = judged("at most 90 % of 2009", over, each=("kind",), aggregate="each")
    assert [(part.verdict.value, part.target and part.target.number) for part in judgement.parts] == [
        ("met", F(9)),
        ("missed", F(36, 10)),
    ]


def test_records_that_name_neither_group_are_added_up() -> None:
    rows = [*events("2010-06-15", 8, kind="A"), *events("2010-06-15", 2, "bad"), *events("2010-06-15", 1, "waiting")]
    judgement = judged("at least 90 %", measured(Good, rows, groups=("kind",)), each=("kind",), aggregate="each")
    # 8 of 8, or of 11 where all three are of kind A
    assert (judgement.verdict, judgement.low, judgement.high) == (Verdict.UNDECIDED, F(800, 11), F(100))
    assert [reason.en for reason in judgement.could_flip] == [
        "Records still open: 1",
        "Records that do not state kind: 2",
    ]


def test_types_by_months_are_all_parts() -> None:
    rows = [*events("2010-01-15", 9, kind="A"), *events("2010-02-15", 9, kind="A"), *events("2010-01-15", 9, kind="B")]
    over = measured(Good, [*rows, *events("2010-02-15", 9, "bad", kind="B")], groups=("kind",))
    judgement = judged("at least 80 %", over, "2010-01-01..2010-02-28", each=("month", "kind"), aggregate="each")
    assert judgement.reasons[1].en == "Not met in: February 2010 B"


def test_a_goal_knows_which_periods_and_groups_its_tally_needs() -> None:
    made = goal("at most 90 % of the year before", each=("quarter", "kind"), aggregate="each")
    assert made.groups == ("kind",)
    assert made.grain == "quarter"
    labels = [each.label for each in made.periods(period("2010-H1"))]
    assert labels == ["2010-H1", "2010-Q1", "2010-Q2", "2009-H1", "2009-Q1", "2009-Q2"]
    assert goal("at least 80 %").periods(period("2010")) == (period("2010"),)


def test_a_goal_in_code_is_held_to_the_same_rules_as_one_in_a_file() -> None:
    with pytest.raises(GoalError, match="how parts make a verdict, and not which parts") as caught:
        goal("at least 80 %", aggregate="each")
    assert caught.value.remedy == 'add each = "month", say'
    with pytest.raises(GoalError, match="one grain of time") as caught:
        goal("at least 80 %", each=("month", "year"), aggregate="each")
    assert caught.value.got == "month, year"
