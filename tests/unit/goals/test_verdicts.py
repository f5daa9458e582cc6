"""Every verdict, reached by a small real tally."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

import numpy as np
import pytest

from casequality.days import period
from casequality.deadlines import Words
from casequality.errors import GoalError, UsageError
from casequality.goals import SeriesBreak, Verdict
from casequality.goals.definition.verdict import VerdictRow
from casequality.metrics import NO, YES, AsOf, Choice, Contribution, Metric, Outcomes, outcomes
from casequality.metrics.declaring.statistics import Ratio, Statistic
from tests.factories.goals import codes, judged
from tests.factories.measurements import measured
from tests.factories.metrics import (
    Age,
    Bad,
    Began,
    ByKind,
    Ended,
    Event,
    GoingOn,
    Good,
    HowLong,
    HowMany,
    InTime,
    NineInTen,
    events,
)

F = Fraction
JUNE = "2010-06-15"


def test_a_target_is_met_at_its_own_number() -> None:
    judgement = judged("at least 75 %", measured(Good, [*events(JUNE, 3), *events(JUNE, 1, "bad")]))
    assert judgement.verdict is Verdict.MET
    assert (judgement.value, judgement.numerator, judgement.denominator, judgement.margin) == (F(75), 3, 4, F(0))
    assert (judgement.low, judgement.high, judgement.reasons, judgement.could_flip) == (F(75), F(75), (), ())


def test_what_is_rounded_to_the_target_is_missed_and_says_so() -> None:
    judgement = judged("at least 75 %", measured(Good, [*events(JUNE, 1874), *events(JUNE, 626, "bad")]))
    assert judgement.value == F(7496, 100)
    assert judgement.verdict is Verdict.MISSED
    assert judgement.margin == F(-1, 25)
    assert judgement.reasons[0].en == "The exact figure is 74.96 %; rounded it looks like the target"
    assert judgement.reasons[0].da == "Det nøjagtige tal er 74,96 %; afrundet ligner det måltallet"


def test_a_mean_is_judged_exactly_in_its_unit() -> None:
    over = measured(HowLong, [*events(JUNE, 1, lasted=25), *events(JUNE, 2, lasted=26)])
    assert judged("at most 25 days", over).verdict is Verdict.MISSED
    assert judged("at most 26 days", over).verdict is Verdict.MET
    assert judged("at most 26 days", over).value == F(77, 3)


def test_a_ratio_of_several_counts_is_judged_as_one_figure() -> None:
    class OfAll(Good):
        statistic: ClassVar[Statistic] = Ratio()
        outcomes: ClassVar[Outcomes] = outcomes(good=YES, bad=NO)
        readings: ClassVar[Mapping[str, Choice]] = {}

        def contribute(self, records: Event, as_of: AsOf, /) -> Mapping[str, Contribution]:  # type: ignore[override]
            one = np.ones(len(records), bool)
            return {
                name: Contribution(on=records.on, outcome=self.outcomes.pick(good=one & good, bad=one), times=times)
                for name, good, times in (("some", True, records.times), ("all", False, 4 * records.times))
            }

    over = measured(OfAll, events(JUNE, 3, times=2))
    judgement = judged("at least 25 %", over)
    assert (judgement.verdict, judgement.numerator, judgement.denominator) == (Verdict.MET, 6, 24)
    assert (judgement.low, judgement.high) == (F(25), F(25))


def test_a_quantile_a_count_and_a_flow_are_judged() -> None:
    rows = [row for length in range(1, 11) for row in events(JUNE, 1, lasted=length, until="2010-06-20")]
    assert judged("at most 9 days", measured(NineInTen, rows)).verdict is Verdict.MET
    assert judged("at most 8 days", measured(NineInTen, rows)).verdict is Verdict.MISSED
    assert judged("at most 10 cases", measured(HowMany, rows)).verdict is Verdict.MET
    assert judged("at least 100 %", measured(Ended, rows)).verdict is Verdict.MET
    assert judged("exactly 0 cases", measured(GoingOn, rows)).verdict is Verdict.MET


def test_a_period_that_was_not_over_is_not_due_and_shows_its_figure() -> None:
    judgement = judged("at least 75 %", measured(Good, events(JUNE, 3), as_of="2010-12-31"))
    assert judgement.verdict is Verdict.NOT_DUE_YET
    assert judgement.value == F(100)
    assert judgement.reasons[0].en == (
        "The period ends on 31 December 2010 and was not over when the records were looked at"
    )
    assert judgement.reasons[0].da == "Perioden slutter 31. december 2010 og var ikke slut på opgørelsestidspunktet"


def test_a_period_is_over_at_the_start_of_the_day_after_it() -> None:
    over = measured(Good, events(JUNE, 3), as_of="2011-01-01")
    assert judged("at least 75 %", over).verdict is Verdict.MET


def test_a_period_that_is_not_over_is_not_missed_however_certain() -> None:
    over = measured(HowMany, events(JUNE, 9), as_of="2010-07-01")
    assert judged("at most 3 cases", over).verdict is Verdict.NOT_DUE_YET


@pytest.mark.parametrize("rows", [[], events("2009-06-15", 4)])
def test_a_period_without_records_has_no_data(rows: list[dict[str, object]]) -> None:
    for target in ("at least 75 %", "baseline"):
        judgement = judged(target, measured(Good, rows))
        assert judgement.verdict is Verdict.NO_DATA
        assert judgement.value is None
        assert judgement.reasons[0].en == "There are no records in 2010"
        assert judgement.reasons[0].da == "Der er ingen registreringer i 2010"


def test_no_records_is_not_a_count_of_none() -> None:
    assert judged("at most 3 cases", measured(HowMany, events("2009-06-15", 4))).verdict is Verdict.NO_DATA


def test_a_stock_needs_no_record_that_began_in_the_period() -> None:
    judgement = judged("at most 3 cases", measured(GoingOn, events("2009-06-15", 4)))
    assert (judgement.verdict, judgement.value) == (Verdict.MISSED, F(4))


def test_records_that_all_count_nowhere_are_no_data() -> None:
    over = measured(Good, events(JUNE, 3, "withdrawn"), chosen={"withdrawn": "left_out"})
    judgement = judged("at least 75 %", over)
    assert judgement.verdict is Verdict.NO_DATA
    assert judgement.reasons[0].en == "Records in 2010: 3, none of which enters the figure"
    assert judgement.reasons[0].da == "Registreringer i 2010: 3, hvoraf ingen indgår i tallet"


def test_a_figure_divided_by_none_is_no_data() -> None:
    judgement = judged("at least 100 %", measured(Ended, events("2009-12-15", 3, until="2010-01-02")))
    assert judgement.verdict is Verdict.NO_DATA
    assert judgement.reasons[0].en == "The figure is not defined in 2010: it would be divided by 0"
    assert judgement.reasons[0].da == "Tallet er ikke defineret i 2010: der skulle divideres med 0"


def test_records_that_are_all_open_leave_it_undecided() -> None:
    judgement = judged("at least 75 %", measured(Good, events(JUNE, 3, "waiting")))
    assert judgement.verdict is Verdict.UNDECIDED
    assert judgement.reasons[0].en == "Records in 2010: 3, none of which is settled yet"
    assert judgement.reasons[0].da == "Registreringer i 2010: 3, hvoraf ingen er afklaret endnu"
    assert codes(judgement.could_flip) == ["open"]


def test_without_a_figure_what_is_said_of_the_records_is_so() -> None:
    unreadable = events("not a day", 2)
    left_out = {"withdrawn": "left_out"}
    for rows, en, da in (
        (
            [],
            "No record is known to belong to 2010; records in doubt that may: 2",
            "Ingen registrering hører med sikkerhed til 2010; tvivlsomme registreringer, der kan høre til: 2",
        ),
        (
            events(JUNE, 3, "withdrawn"),
            "Records in 2010: 3, none of which enters the figure for certain; in doubt: 2",
            "Registreringer i 2010: 3, hvoraf ingen med sikkerhed indgår i tallet; tvivlsomme: 2",
        ),
        (
            events(JUNE, 3, "waiting"),
            "Records in 2010: 3, none of which is settled yet",
            "Registreringer i 2010: 3, hvoraf ingen er afklaret endnu",
        ),
    ):
        judgement = judged("at least 75 %", measured(Good, [*rows, *unreadable], chosen=left_out))
        assert (judgement.verdict, judgement.value) == (Verdict.UNDECIDED, None)
        assert (judgement.reasons[0].en, judgement.reasons[0].da) == (en, da)


def test_a_promised_day_without_records_is_incomplete_whatever_the_figure() -> None:
    rows = [row for day in range(1, 31) if day not in (3, 17) for row in events(f"2010-06-{day:02}", 9)]
    judgement = judged("at least 75 %", measured(Good, rows, expects="day"), "2010-06")
    assert judgement.verdict is Verdict.INCOMPLETE
    assert judgement.value == F(100)
    assert judgement.reasons[0].en == (
        "Days without the records that the source promises: 2 (3 June 2010, 17 June 2010)"
    )
    assert judgement.reasons[0].da == (
        "Dage uden de registreringer, som kilden skal levere: 2 (3. juni 2010, 17. juni 2010)"
    )


def test_many_missing_days_are_counted_and_the_first_named() -> None:
    judgement = judged("at least 75 %", measured(Good, events("2010-06-01", 1), expects="day"), "2010-06")
    assert judgement.reasons[0].en.endswith(
        ": 29 (2 June 2010, 3 June 2010, 4 June 2010, 5 June 2010, 6 June 2010, ...)"
    )


@pytest.mark.parametrize(
    ("calendar", "missing"),
    [(None, None), ("dk-administrative", None), ("dk-statutory", "31 December 2010")],
)
def test_promised_working_days_are_those_of_an_office(calendar: str | None, missing: str | None) -> None:
    worked = [1, 2, 3, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17, 20, 21, 22, 23, 27, 28, 29, 30]
    rows = [row for day in worked for row in events(f"2010-12-{day:02}", 2)]
    judgement = judged("at least 75 %", measured(Good, rows, expects="working day", calendar=calendar), "2010-12")
    if missing is None:
        assert judgement.verdict is Verdict.MET
    else:
        assert judgement.verdict is Verdict.INCOMPLETE
        assert missing in judgement.reasons[0].en


def test_a_first_measurement_is_a_baseline() -> None:
    judgement = judged("baseline", measured(Good, [*events(JUNE, 3), *events(JUNE, 1, "bad")]))
    assert (judgement.verdict, judgement.value, judgement.target) == (Verdict.BASELINE, F(75), None)
    assert (
        judgement.reasons[0].da == "Målet har endnu intet måltal: dette er den første måling, som senere holdes op imod"
    )


REDUCED = [*events("2009-05-01", 10, "bad"), *events("2009-05-01", 90)]


@pytest.mark.parametrize(("bad", "verdict"), [(9, Verdict.MET), (10, Verdict.MISSED)])
def test_a_reduction_is_judged_against_the_earlier_figure(bad: int, verdict: Verdict) -> None:
    rows = [*REDUCED, *events(JUNE, bad, "bad"), *events(JUNE, 100 - bad)]
    judgement = judged("at most 90 % of 2009", measured(Bad, rows))
    assert judgement.verdict is verdict
    assert judgement.target is not None
    assert judgement.target.number == F(9)
    assert judgement.margin == 9 - bad


def test_a_reduction_without_an_earlier_figure_is_not_comparable() -> None:
    judgement = judged("at most 90 % of 2009", measured(Bad, events(JUNE, 3)))
    assert judgement.verdict is Verdict.NOT_COMPARABLE
    assert judgement.value == F(0)
    assert judgement.reasons[0].en == "The figure of 2009 cannot be compared with: There are no records in 2009"
    assert judgement.reasons[0].da == "Tallet for 2009 kan ikke bruges: Der er ingen registreringer i 2009"


def test_an_earlier_figure_with_missing_days_cannot_be_compared_with() -> None:
    over = measured(
        Bad, [*REDUCED, *[row for day in range(1, 31) for row in events(f"2010-06-{day:02}", 1)]], expects="day"
    )
    judgement = judged("at most 90 % of 2009", over, "2010-06")
    assert judgement.verdict is Verdict.NOT_COMPARABLE
    assert "Days without the records that the source promises: 364" in judgement.reasons[0].en


BREAK = Words("a new system for statistics", "nyt statistiksystem")


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        ("2009-01-01", Verdict.MET),
        ("2009-04-01", Verdict.NOT_COMPARABLE),
        ("2010-01-01", Verdict.NOT_COMPARABLE),
        ("2010-12-31", Verdict.NOT_COMPARABLE),
        ("2011-01-01", Verdict.MET),
    ],
)
def test_a_break_between_two_figures_makes_them_not_comparable(day: str, verdict: Verdict) -> None:
    broken = (SeriesBreak(period(f"{day}..{day}").first, BREAK),)
    over = measured(Bad, [*REDUCED, *events(JUNE, 100)])
    judgement = judged("at most 90 % of 2009", over, series_breaks=broken)
    assert judgement.verdict is verdict
    if day == "2009-04-01":
        assert judgement.reasons[0].en == (
            "The series breaks on 1 April 2009, between 2009 and the end of 2010: a new system for statistics"
        )
        assert judgement.reasons[0].da == "Databrud 1. april 2009, mellem 2009 og udgangen af 2010: nyt statistiksystem"


def test_a_break_of_some_labels_leaves_the_figures_of_others_comparable() -> None:
    broken = (SeriesBreak(period("2010-06").first, BREAK, {"kind": ("A",)}),)
    rows = [*events("2009-07-15", 10, kind="A"), *events("2009-07-15", 10, kind="B")]
    rows += [*events("2010-07-15", 8, kind="A"), *events("2010-07-15", 8, kind="B")]
    over = measured(HowMany, rows, groups=("kind",))
    by_kind = judged("at most 90 % of 2009-H2", over, "2010-H2", series_breaks=broken, each=("kind",), aggregate="each")
    assert [part.verdict for part in by_kind.parts] == [Verdict.NOT_COMPARABLE, Verdict.MET]
    assert judged("at most 90 % of 2009-H2", over, "2010-H2", series_breaks=broken).verdict is Verdict.NOT_COMPARABLE


def test_the_period_that_later_ones_are_held_against_is_itself_a_first_measurement() -> None:
    over = measured(HowMany, [*events("2010-03-15", 10), *events("2010-09-15", 9)])
    first = judged("below 100 % of 2010-H1", over, "2010-H1")
    assert (first.verdict, first.reasons[0].code) == (Verdict.BASELINE, "first measurement")
    assert first.value == 10
    assert judged("below 100 % of 2010-H1", over, "2010-H2").verdict is Verdict.MET


def test_a_break_inside_a_period_is_noted_and_the_figure_judged() -> None:
    broken = (SeriesBreak(period("2010-06").first, BREAK),)
    judgement = judged("at least 75 %", measured(Good, events(JUNE, 3)), "2010-H1", series_breaks=broken)
    assert judgement.verdict is Verdict.MET
    assert judgement.reasons[0].en == (
        "The series breaks on 1 June 2010, inside 1st half of 2010: a new system for statistics"
    )
    assert judgement.reasons[0].da == "Databrud 1. juni 2010, i løbet af 1. halvår 2010: nyt statistiksystem"


def test_a_break_on_the_first_day_of_a_period_is_none_inside_it() -> None:
    broken = (SeriesBreak(period("2010").first, BREAK),)
    assert judged("at least 75 %", measured(Good, events(JUNE, 3)), series_breaks=broken).reasons == ()


@pytest.mark.parametrize("metric", [HowMany, Began])
def test_numbers_of_cases_compare_only_over_periods_of_one_length(metric: type[Metric]) -> None:
    over = measured(metric, [*events("2009-03-01", 10), *events("2009-09-01", 10), *events("2010-03-01", 9)])
    half = judged("at most 90 % of 2009", over, "2010-H1")
    assert half.verdict is Verdict.NOT_COMPARABLE
    assert half.reasons[0].en == (
        "A number of records in 1st half of 2010 cannot be held against that in 2009, which is of another length"
    )
    assert half.reasons[0].da == (
        "Et antal i 1. halvår 2010 kan ikke holdes op mod antallet i 2009, som har en anden længde"
    )
    assert judged("at most 90 % of the year before", over, "2010-H1").verdict is Verdict.MET
    assert judged("at most 80 % of the year before", over, "2010-H1").verdict is Verdict.MISSED


def test_a_share_compares_over_periods_of_any_length() -> None:
    over = measured(Bad, [*REDUCED, *events(JUNE, 20)])
    assert judged("at most 90 % of 2009", over, "2010-06").verdict is Verdict.MET


def test_doubt_in_the_earlier_figure_is_doubt_in_the_verdict() -> None:
    rows = [*REDUCED, *events("2009-06-01", 2, "waiting"), *events(JUNE, 9, "bad"), *events(JUNE, 91)]
    judgement = judged("at most 90 % of 2009", measured(Bad, rows))
    assert judgement.value == F(9)
    assert judgement.verdict is Verdict.UNDECIDED


def test_two_working_calendars_that_could_turn_it_are_said_and_the_named_one_judged() -> None:
    late_by_one = events("2010-12-17", 3, until="2011-01-03")
    judgement = judged("at least 75 %", measured(InTime, [*late_by_one, *events("2010-12-01", 1, until="2010-12-02")]))
    assert judgement.sensitive == 3
    assert judgement.verdict is Verdict.MISSED
    assert judgement.reasons[0].en == (
        "Records with another outcome on the other Danish calendar: 3; together they could turn the verdict"
    )
    assert judgement.reasons[0].da.startswith("Registreringer med andet udfald efter den anden danske kalender: 3;")


def test_two_working_calendars_that_cannot_turn_it_are_only_counted() -> None:
    late_by_one = events("2010-12-17", 1, until="2011-01-03")
    judgement = judged("at least 75 %", measured(InTime, [*late_by_one, *events("2010-12-01", 99, until="2010-12-02")]))
    assert (judgement.sensitive, judgement.verdict, judgement.reasons) == (1, Verdict.MET, ())


def test_a_goal_names_one_figure_of_a_metric_with_several() -> None:
    over = measured(ByKind, [*events(JUNE, 3, kind="A"), *events(JUNE, 1, kind="B")])
    assert judged("at least 100 %", over, facet="all").verdict is Verdict.MET
    assert judged("at least 100 %", over, facet="A").value == F(75)
    with pytest.raises(GoalError, match="does not name one of them") as caught:
        judged("at least 100 %", over)
    assert (caught.value.got, caught.value.allowed) == ("no facet", ("A", "all"))
    assert caught.value.where == "goal g"
    assert caught.value.remedy == 'add facet = "..." with one of these'


def test_a_figure_of_a_facet_that_no_record_has_is_no_data() -> None:
    over = measured(ByKind, [])
    assert judged("at least 100 %", over, "2010-Q1", facet="A").verdict is Verdict.NO_DATA
    months = judged("at least 100 %", over, "2010-Q1", facet="A", each=("month",), aggregate="each")
    assert [part.verdict for part in (months, *months.parts)] == [Verdict.NO_DATA] * 4


def test_a_judgement_as_plain_data_has_the_target_as_the_goal_says_it() -> None:
    first = judged("baseline", measured(Good, events(JUNE, 3))).to_dict()
    assert (first["target"], first["aggregate"]) == ("baseline", "pooled")
    over = measured(Bad, [*REDUCED, *events(JUNE, 20)])
    assert judged("at most 90 % of 2009", over, "2010-06").to_dict()["target"] == "at most 90 % of 2009"


def test_a_tally_that_does_not_tell_the_groups_apart_is_refused() -> None:
    with pytest.raises(UsageError, match="does not tell apart") as caught:
        judged("at least 75 %", measured(Good, events(JUNE, 1)), each=("kind",))
    assert (caught.value.got, caught.value.allowed, caught.value.remedy) == ("kind", "none", "tally by goal.groups")


def test_the_age_of_what_is_going_on_is_judged() -> None:
    judgement = judged("at most 9 days", measured(Age, events("2010-12-22", 2)))
    assert (judgement.value, judgement.verdict) == (F(9), Verdict.MET)


def test_what_each_verdict_does_to_the_whole_of_its_parts() -> None:
    decides = [str(verdict) for verdict in sorted(Verdict, key=lambda verdict: verdict.binds)]
    assert decides == [
        "missed",
        "incomplete",
        "no data",
        "not comparable",
        "not due yet",
        "undecided",
        "not shown",
        "baseline",
        "not in the source",
        "met",
    ]
    assert len({verdict.binds for verdict in Verdict}) == len(Verdict)
    unjudged = {str(verdict) for verdict in Verdict if not verdict.judges}
    assert unjudged == {"incomplete", "no data", "not comparable", "not due yet"}
    assert {str(verdict) for verdict in Verdict if not verdict.compares} == {"incomplete", "not comparable"}
    assert {str(verdict) for verdict in Verdict if verdict.settles} == {"met", "missed"}


SAID = {name: getattr(Verdict.MET, name) for name in ("meaning", "tone", "binds", "judges", "compares", "settles")}


@pytest.mark.parametrize("forgotten", [*SAID, "da"])
def test_a_verdict_of_which_something_is_not_said_is_told(forgotten: str) -> None:
    said = {name: value for name, value in (SAID | {"da": "opfyldt"}).items() if name != forgotten}
    with pytest.raises(TypeError, match=forgotten):
        VerdictRow(**said)


def test_a_verdict_is_found_by_its_name() -> None:
    for verdict in Verdict:
        assert Verdict(str(verdict)) is verdict is pickle.loads(pickle.dumps(verdict))  # type: ignore[call-arg]
