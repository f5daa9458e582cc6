"""Records that a figure cannot vouch for: when they keep a goal undecided, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

import attrs
import pytest

from casequality.goals import Verdict
from casequality.metrics import AsOf, Contribution, Metric
from casequality.records import Records, key
from tests.factories.goals import codes, judged
from tests.factories.measurements import measured
from tests.factories.metrics import (
    Ended,
    Event,
    GoingOn,
    Good,
    HowLong,
    HowMany,
    NineInTen,
    Row,
    Wait,
    Weighted,
    WouldLast,
    events,
)

F = Fraction
JUNE = "2010-06-15"
UNREADABLE = events("not a day", 1)
UNDATED = events("", 1, "bad")
MAY_BE_NONE = "2049-12-31"
LATER = "2051-01-01"
"""An as-of at which an end of 2049 would have come; before it, the event is going on whatever the date means."""


@pytest.mark.parametrize(
    ("extra", "low", "high", "code", "en", "da"),
    [
        (events(JUNE, 1, "waiting"), 60, 80, "open", "Records still open: 1", "Registreringer, der stadig er åbne: 1"),
        (
            *(UNREADABLE, 60, 80, "set aside"),
            "Rows set aside because of faults: 1",
            "Rækker lagt til side på grund af fejl: 1",
        ),
        # what became of it is known, and was bad: it can only lower the share, or lie outside the year
        (UNDATED, 60, 75, "undated", "Records that lack a date: 1", "Registreringer, der mangler en dato: 1"),
    ],
)
def test_one_record_in_doubt_turns_a_close_verdict_into_undecided(
    extra: list[Row], low: int, high: int, code: str, en: str, da: str
) -> None:
    judgement = judged("at least 75 %", measured(Good, [*events(JUNE, 3), *events(JUNE, 1, "bad"), *extra]))
    assert judgement.verdict is Verdict.UNDECIDED
    assert (judgement.value, judgement.low, judgement.high) == (F(75), F(low), F(high))
    assert [(reason.code, reason.en, reason.da) for reason in judgement.could_flip] == [(code, en, da)]
    assert judgement.reasons[0].en == "Counted as they are, the records give 75.0 %: met"
    assert judgement.reasons[0].da == "Opgjort som de foreligger, giver registreringerne 75,0 %: opfyldt"
    assert judgement.doubt == {code: 1}


@pytest.mark.parametrize("extra", [events(JUNE, 1, "waiting"), UNREADABLE, UNDATED])
def test_a_record_in_doubt_that_cannot_turn_the_verdict_is_said_to_leave_it(extra: list[Row]) -> None:
    over = measured(Good, [*events(JUNE, 90), *events(JUNE, 10, "bad"), *extra])
    judgement = judged("at least 75 %", over)
    assert (judgement.verdict, judgement.could_flip) == (Verdict.MET, ())
    assert judgement.reasons[0].en == "Records in doubt: 1; whatever they turn out to be, the verdict stands"
    assert judgement.reasons[0].da == (
        "Tvivlsomme registreringer: 1; vurderingen er den samme, uanset hvordan de afklares"
    )
    assert judged("at least 95 %", over).verdict is Verdict.MISSED


def test_a_row_with_a_fault_is_in_doubt_in_the_periods_in_which_it_can_lie_alone() -> None:
    rows = [*events("2009-06-15", 3), *events(JUNE, 3), *events("2010-06-15", 1, became="no such code")]
    over = measured(Good, rows)
    assert judged("at least 100 %", over, "2009").verdict is Verdict.MET
    judgement = judged("at least 100 %", over, "2010")
    assert (judgement.verdict, judgement.low, judgement.high) == (Verdict.UNDECIDED, F(75), F(100))


def test_a_date_that_may_stand_for_none_turns_a_close_verdict() -> None:
    rows = [*events(JUNE, 2), *events(JUNE, 1, until=MAY_BE_NONE), *events(JUNE, 1, "bad")]
    judgement = judged("at least 75 %", measured(Good, rows, as_of=LATER))
    assert judgement.verdict is Verdict.UNDECIDED
    assert (judgement.value, judgement.low, judgement.high) == (F(75), F(50), F(75))
    assert [(reason.en, reason.da) for reason in judgement.could_flip] == [
        (
            "Dates that may stand for 'no date' and are not declared: 1 (until: 31 December 2049)",
            "Datoer, der kan betyde »ingen dato« og ikke er erklæret: 1 (31. december 2049)",
        )
    ]


@pytest.mark.parametrize(("as_of", "declared"), [(LATER, {MAY_BE_NONE: "still going on"}), ("2012-01-01", {})])
def test_a_declared_mark_is_no_doubt_nor_one_that_lies_after_the_as_of_anyhow(
    as_of: str, declared: dict[str, str]
) -> None:
    rows = [*events(JUNE, 2), *events(JUNE, 1, until=MAY_BE_NONE), *events(JUNE, 1, "bad")]
    judgement = judged("at least 75 %", measured(Good, rows, as_of=as_of, marks={"until": declared}))
    assert (judgement.verdict, judgement.reasons, judgement.doubt) == (Verdict.MET, (), {})


def test_a_date_that_the_source_does_not_know_is_doubt() -> None:
    rows = [*events(JUNE, 3), *events(JUNE, 1, "bad"), *events(JUNE, 1, "bad", until="2010-12-24")]
    judgement = judged("at least 75 %", measured(Good, rows, marks={"until": {"2010-12-24": "unknown"}}))
    assert judgement.verdict is Verdict.UNDECIDED
    assert judgement.could_flip[0].en == "Records that lack a date: 1"
    assert judgement.could_flip[0].da == "Registreringer, der mangler en dato: 1"


def test_a_closed_cohort_is_not_in_doubt_over_cases_that_have_not_ended() -> None:
    rows = [
        *events(JUNE, 3, until="2010-07-01"),
        *events(JUNE, 1, "bad", until="2010-07-01"),
        *events(JUNE, 50, "waiting"),
    ]
    judgement = judged("at least 75 %", measured(Good, [*rows, *UNDATED], chosen={"cohort": "closed"}))
    assert (judgement.verdict, judgement.reasons) == (Verdict.MET, ())


def test_a_closed_cohort_is_in_doubt_over_an_end_that_the_source_does_not_know() -> None:
    rows = [*events(JUNE, 3, until="2010-07-01"), *events(JUNE, 1, "bad", until="2010-07-01")]
    rows += events(JUNE, 1, until="2010-12-24")
    over = measured(Good, rows, chosen={"cohort": "closed"}, marks={"until": {"2010-12-24": "unknown"}})
    judgement = judged("at least 75 %", over)
    assert (judgement.verdict, judgement.low, judgement.high) == (Verdict.UNDECIDED, F(60), F(80))
    assert codes(judgement.could_flip) == ["undated"]


@pytest.mark.parametrize(
    ("heaviest", "verdict", "low", "high"),
    [
        (None, Verdict.UNDECIDED, F(0), F(100)),
        (500, Verdict.UNDECIDED, F(90_000, 1500), F(140_000, 1500)),
        (200, Verdict.MET, F(90_000, 1200), F(110_000, 1200)),
    ],
)
def test_a_row_that_stands_for_many_can_weigh_anything_up_to_the_heaviest(
    heaviest: int | None, verdict: Verdict, low: Fraction, high: Fraction
) -> None:
    rows = [*events(JUNE, 1, times=900), *events(JUNE, 1, "bad", times=100)]
    assert judged("at least 75 %", measured(Weighted, rows)).verdict is Verdict.MET
    judgement = judged("at least 75 %", measured(Weighted, [*rows, *UNREADABLE]), heaviest=heaviest)
    assert (judgement.verdict, judgement.low, judgement.high) == (verdict, low, high)


def mean_of(*extra: Row) -> list[Row]:
    """Return 99 events of 20 days in the mean, and some more rows."""
    return [*events(JUNE, 99, lasted=20), *extra]


@pytest.mark.parametrize("extra", [*UNREADABLE, *events("", 1), *events(JUNE, 1, "waiting"), *events(JUNE, 1)], ids=str)
def test_a_mean_says_at_which_average_it_turns_and_that_nothing_limits_it(extra: Row) -> None:
    judgement = judged("at most 25 days", measured(HowLong, mean_of(extra)))
    assert judgement.verdict is Verdict.UNDECIDED
    assert (judgement.low, judgement.high) == (F(99 * 20, 100), None)
    # 100 times 25 days less 99 times 20
    assert judgement.reasons[1].en == "The verdict changes only if the one record in doubt is above 520 days"
    assert judgement.reasons[1].da == ("Vurderingen ændres kun, hvis den ene tvivlsomme registrering er over 520 dage")
    assert judgement.could_flip[-1].en == (
        "Neither the metric nor the goal says how great the amount of a record in doubt may be"
    )
    assert judgement.could_flip[-1].da == ("Intet siger, hvor stort tallet for en tvivlsom registrering højst kan være")


@pytest.mark.parametrize(
    ("at_most", "verdict", "high"),
    [
        ("730 days", Verdict.UNDECIDED, F(99 * 20 + 730, 100)),
        ("521 days", Verdict.UNDECIDED, F(99 * 20 + 521, 100)),
        ("520 days", Verdict.MET, F(25)),
        (520, Verdict.MET, F(25)),
        ("48 hours", Verdict.MET, F(20)),
    ],
)
def test_a_limit_in_the_goal_is_the_most_that_a_record_in_doubt_can_add(
    at_most: int | str, verdict: Verdict, high: Fraction
) -> None:
    judgement = judged("at most 25 days", measured(HowLong, mean_of(*UNREADABLE)), at_most=at_most)
    assert (judgement.verdict, judgement.high) == (verdict, high)
    assert "no limit" not in codes(judgement.could_flip)


def test_a_limit_of_the_goal_comes_before_that_of_its_metric() -> None:
    class Limited(HowLong):
        at_most = "521 days"

    over = measured(Limited, mean_of(*UNREADABLE))
    assert judged("at most 25 days", over).high == F(99 * 20 + 521, 100)
    assert judged("at most 25 days", over, at_most="520 days").high == F(25)


def test_where_no_limit_can_turn_the_verdict_no_average_is_said_to() -> None:
    rows = mean_of(*UNREADABLE)
    judgement = judged("at most 25 days", measured(HowLong, rows), at_most="500 days")
    assert (judgement.verdict, codes(judgement.reasons)) == (Verdict.MET, ["stands"])
    assert codes(judged("at most 25 days", measured(HowLong, rows), at_most="521 days").reasons)[1] == "turns at one"


def test_what_keeps_a_verdict_open_is_also_the_doubt_in_the_figure_that_it_is_held_against() -> None:
    rows = [*events("2009-06-15", 10, lasted=20), *events("2009-07-15", 2, "waiting"), *events(JUNE, 10, lasted=30)]
    judgement = judged("at most 100 % of the year before", measured(HowLong, rows))
    assert (judgement.verdict, judgement.low, judgement.high) == (Verdict.UNDECIDED, F(30), F(30))
    before, limit = judgement.could_flip
    assert (before.en, before.da) == (
        "Records in doubt in 2009, with which it is compared: 2",
        "Tvivlsomme registreringer i 2009, som der sammenlignes med: 2",
    )
    assert limit.code == "no limit"
    sure = judged("at most 100 % of the year before", measured(HowLong, rows), at_most="50 days")
    # at most (10 times 20 and 2 times 50) in 12: 25 days, below the 30 of 2010
    assert (sure.verdict, codes(sure.could_flip)) == (Verdict.MISSED, [])


def test_a_mean_is_undecided_however_few_records_nobody_can_read() -> None:
    rows = [*events(JUNE, 9_999, lasted=20), *UNREADABLE]
    judgement = judged("at most 25 days", measured(HowLong, rows))
    assert judgement.verdict is Verdict.UNDECIDED
    assert judgement.reasons[1].en == "The verdict changes only if the one record in doubt is above 50,020 days"
    assert judged("at most 25 days", measured(HowLong, rows), at_most="50020 days").verdict is Verdict.MET


def test_a_mean_that_no_amount_can_turn_stands() -> None:
    judgement = judged("at most 10 days", measured(HowLong, mean_of(*UNREADABLE)))
    assert judgement.verdict is Verdict.MISSED
    assert codes(judgement.reasons) == ["stands"]


def test_a_mean_with_a_suspected_mark_says_no_average() -> None:
    rows = mean_of(*events(JUNE, 1, lasted=20, until=MAY_BE_NONE), *UNREADABLE)
    judgement = judged("at most 20 days", measured(HowLong, rows, as_of=LATER))
    assert (judgement.verdict, judgement.low) == (Verdict.UNDECIDED, F(99 * 20, 101))
    assert codes(judgement.reasons) == ["as counted"]
    assert codes(judgement.could_flip) == ["set aside", "marks", "no limit"]


def test_a_mean_in_another_unit_than_its_amounts_keeps_its_limits() -> None:
    rows = [*events(JUNE, 99, lasted=20_000_000), *UNREADABLE]
    judgement = judged("at most 20 s", measured(Wait, rows), at_most="1 minute")
    assert (judgement.verdict, judgement.low, judgement.high) == (Verdict.UNDECIDED, F(198, 10), F(204, 10))
    assert judged("at most 20.4 s", measured(Wait, rows), at_most=60_000_000).verdict is Verdict.MET


def quantile_of(*extra: Row) -> list[Row]:
    """Return events that lasted 1 to 100 days, and some more rows."""
    return [*(row for length in range(1, 101) for row in events(JUNE, 1, lasted=length)), *extra]


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 90, 90), (1, 90, 91), (5, 90, 95), (10, 89, 99), (11, 89, 100), (12, 89, None)],
)
def test_a_quantile_lies_between_the_ranks_that_records_in_doubt_can_move_it(
    count: int, low: int, high: int | None
) -> None:
    judgement = judged("at most 90 days", measured(NineInTen, quantile_of(*UNREADABLE * count)))
    assert (judgement.value, judgement.low) == (F(90), F(low))
    assert judgement.high == (None if high is None else F(high))
    assert judgement.verdict is (Verdict.UNDECIDED if count else Verdict.MET)
    assert judged("at most 89 days", measured(NineInTen, quantile_of())).verdict is Verdict.MISSED


def test_a_quantile_moves_by_a_rank_for_each_suspected_mark() -> None:
    rows = [*quantile_of()[1:], *events(JUNE, 1, lasted=1, until=MAY_BE_NONE)]
    judgement = judged("at most 90 days", measured(NineInTen, rows, as_of=LATER))
    # without it the 90th of 2 to 100 is 91, and so it is where it lasted longer than all others
    assert (judgement.value, judgement.low, judgement.high) == (F(90), F(90), F(91))


def test_a_count_can_only_grow_by_records_in_doubt() -> None:
    over = measured(HowMany, [*events(JUNE, 3), *events(JUNE, 2, "waiting"), *UNREADABLE])
    judgement = judged("at most 5 cases", over)
    assert (judgement.verdict, judgement.low, judgement.high) == (Verdict.UNDECIDED, F(3), F(6))
    assert judged("at most 6 cases", over).verdict is Verdict.MET
    assert judged("at most 2 cases", over).verdict is Verdict.MISSED


FLOW = [*events(JUNE, 8, until="2010-07-01"), *events(JUNE, 2, "waiting")]


@pytest.mark.parametrize(
    ("metric", "target", "low", "high"),
    [
        # its end is blank, which is a fact: it has not ended, whenever it began
        (Ended, "at least 75 %", F(100 * 8, 11), F(100 * 8, 10)),
        (GoingOn, "at most 2 cases", F(2), F(3)),
        (WouldLast, "at most 100 days", F(2 * 365, 8), F(3 * 365, 8)),
    ],
)
def test_a_flow_moves_by_each_record_in_doubt(metric: type[Metric], target: str, low: Fraction, high: Fraction) -> None:
    judgement = judged(target, measured(metric, [*FLOW, *UNREADABLE]))
    assert (judgement.low, judgement.high) == (low, high)
    assert judgement.verdict is Verdict.UNDECIDED
    assert codes(judgement.could_flip) == ["set aside"]


def test_a_flow_moves_by_an_end_that_may_be_none() -> None:
    over = measured(GoingOn, [*FLOW, *events(JUNE, 1, until=MAY_BE_NONE)], as_of=LATER)
    judgement = judged("at most 2 cases", over, "2049")
    assert (judgement.value, judgement.low, judgement.high) == (F(2), F(2), F(3))
    assert (judgement.verdict, codes(judgement.could_flip)) == (Verdict.UNDECIDED, ["marks"])


def test_a_figure_that_some_way_of_settling_leaves_without_one_says_so() -> None:
    judgement = judged("at least 50 %", measured(Ended, [*events("2009-06-15", 1, until="2010-07-01"), *UNREADABLE]))
    assert (judgement.verdict, judgement.value) == (Verdict.MET, None)
    found = judged("at least 150 %", measured(Ended, [*events("2009-06-15", 1, until="2010-07-01"), *UNREADABLE]))
    assert found.verdict is Verdict.MISSED


def test_all_kinds_of_doubt_are_named() -> None:
    rows = [*events(JUNE, 3), *events(JUNE, 1, "bad", until=MAY_BE_NONE), *events(JUNE, 1, "waiting")]
    judgement = judged("at least 75 %", measured(Good, [*rows, *UNREADABLE, *UNDATED], as_of=LATER))
    assert codes(judgement.could_flip) == ["open", "set aside", "undated", "marks"]
    assert judgement.doubt == {"open": 1, "set aside": 1, "undated": 1, "marks": 1}


class Keyed(Event, name="keyed events"):
    case = key()


@attrs.frozen
class KeyedGood(Good):
    records: ClassVar[type[Records]] = Keyed


def numbered(became: str, *keys: int) -> list[Row]:
    return [row for case in keys for row in events(JUNE, 1, became, case=case)]


def test_a_repeated_row_is_no_doubt_and_a_conflicting_one_is() -> None:
    rows = [*numbered("good", 1, 2, 3), *numbered("bad", 4)]
    repeated = measured(KeyedGood, [*rows, *numbered("good", 1)])
    assert repeated.accounts["set aside"] == 1
    assert (judged("at least 75 %", repeated).verdict, judged("at least 75 %", repeated).reasons) == (Verdict.MET, ())
    conflicting = judged("at least 75 %", measured(KeyedGood, [*rows, *numbered("bad", 1)]))
    assert conflicting.verdict is Verdict.UNDECIDED
    assert conflicting.could_flip[0].en == "Rows set aside because of faults: 1"


@attrs.frozen
class OfTwoKinds(Good):
    """Good events, and the same again of kind A alone."""

    def contribute(self, events: Event, as_of: AsOf, /) -> Mapping[str, Contribution]:  # type: ignore[override]
        return {"": Good.contribute(self, events, as_of), "A": Good.contribute(self, events, as_of)}


@pytest.mark.parametrize("facet", ["", "A"])
def test_what_a_figure_of_a_facet_can_become_is_counted_in_that_facet_alone(facet: str) -> None:
    counted = measured(OfTwoKinds, [*events(JUNE, 3), *events(JUNE, 1, "bad"), *events(JUNE, 1, "waiting")])
    judgement = judged("at least 75 %", counted, facet=facet)
    assert (judgement.value, judgement.low, judgement.high) == (F(75), F(60), F(80))
