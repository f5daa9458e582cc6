"""What can still be attained, against every outcome tried, SciPy and printed examples."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from casequality.errors import UsageError
from casequality.evidence import Budget, backlog, budget, number, pace, poisson_interval

HOLDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "at least": lambda share, target: share >= target,
    "above": lambda share, target: share > target,
    "at most": lambda share, target: share <= target,
    "below": lambda share, target: share < target,
}


def test_1080_on_time_420_late_and_200_left_end_between_63_5_and_75_3_per_cent() -> None:
    found = budget(1080, 420, 200, Fraction(3, 4))
    assert (number(found.least * 100, "en", 1), number(found.most * 100, "en", 1)) == ("63.5", "75.3")
    assert (found.state, found.may_miss) == ("possible", 5)
    assert budget(1200, 300, 300, Fraction(3, 4)).may_miss == 150
    assert found.words.en.startswith("The target of 75 % can still be met: of the 200 open cases 5 may still count")
    assert re.findall(r"\d[\d.,]*\d", found.words.da) == ["75", "200", "63,5", "75,3"]


@pytest.mark.parametrize("compared", HOLDS)
def test_every_outcome_of_the_open_cases_lies_in_the_budget(compared: Any) -> None:
    holds = HOLDS[compared]
    for yes, no, still in product(range(5), range(5), range(6)):
        if not yes + no + still:
            continue
        cases = yes + no + still
        for target in {Fraction(part, 8) for part in range(9)} | {Fraction(yes, cases)}:
            found = budget(yes, no, still, target, compared=compared)
            ends = [Fraction(yes + more, cases) for more in range(still + 1)]
            assert (found.least, found.most) == (min(ends), max(ends))
            met = [holds(end, target) for end in ends]
            assert found.state == ("met" if all(met) else "possible" if any(met) else "lost")
            # of the open ones, those that count against the target come first
            against = met[::-1] if compared in ("at least", "above") else met
            assert found.may_miss == max(sum(against) - 1, 0)


@pytest.mark.parametrize("still", range(1, 6))
def test_it_only_narrows_as_open_cases_are_settled(still: int) -> None:
    before = budget(4, 3, still, Fraction(1, 2))
    for yes in range(2):
        after = budget(4 + yes, 4 - yes, still - 1, Fraction(1, 2))
        assert before.least <= after.least <= after.most <= before.most


def test_what_is_certain_is_certain_for_any_inflow_up_to_the_bound() -> None:
    found = budget(90, 10, 5, Fraction(3, 4), inflow=10)
    assert found.state == "met"
    for more in range(11):
        for misses in range(5 + more + 1):
            assert Fraction(90 + 5 + more - misses, 105 + more) >= Fraction(3, 4)
    assert budget(90, 10, 5, Fraction(3, 4), inflow=16).state == "possible"


def test_since_when_it_is_certain() -> None:
    days = [dt.date(2010, 5, day) for day in range(1, 6)]
    earlier = list(zip(days[:4], (70, 72, 74, 75), (20, 20, 20, 20), (10, 8, 6, 5), strict=True))
    target = Fraction(72, 100)
    assert [budget(yes, no, still, target).state for _, yes, no, still in earlier] == ["possible", "met", "met", "met"]
    found = budget(76, 20, 4, target, earlier=earlier, day=days[4])
    assert found.since == days[1]
    assert "Certain since 2 May 2010." in str(found)
    assert "Sikkert siden 2. maj 2010." in found.words.da
    # further cases came in and made it uncertain again
    earlier[2] = (days[2], 74, 20, 20)
    assert budget(76, 20, 4, target, earlier=earlier, day=days[4]).since == days[3]
    lost = budget(10, 80, 10, Fraction(1, 2), day=days[0])
    assert (lost.state, lost.since) == ("lost", days[0])
    assert (
        "kan ikke længere nås, heller ikke hvis de 10 åbne sager taler for. Sikkert siden 1. maj 2010." in lost.words.da
    )
    assert budget(10, 80, 10, Fraction(1, 2)).since is None
    assert lost.to_dict()["since"] == "2010-05-01"
    assert lost.to_dict()["most"] == 0.2


def test_what_is_in_doubt_is_told_beside_what_is_open_and_reckoned_like_it() -> None:
    found, together = (budget(80, 10, 8, Fraction(3, 4), doubtful=5), budget(80, 10, 13, Fraction(3, 4)))
    assert (found.least, found.most, found.state, found.may_miss) == (
        together.least,
        together.most,
        together.state,
        together.may_miss,
    )
    assert found.words.da.startswith(
        "Måltallet på 75 % er allerede nået, også hvis de 8 åbne sager og 5 tvivlsomme registreringer tæller imod."
    )
    one = budget(8, 2, 1, Fraction(9, 12), doubtful=1).words
    assert "of the one open case and one record in doubt 1 may still count against it" in one.en
    assert "af den ene åbne sag og en tvivlsom registrering må 1 endnu tælle imod" in one.da


def test_where_nothing_is_open_nothing_is_said_of_open_cases() -> None:
    met, missed = budget(80, 20, 0, Fraction(3, 4)), budget(70, 30, 0, Fraction(3, 4))
    assert met.words.en == "The target of 75 % is met, and nothing is open any more. The figure is 80.0 %."
    assert missed.words.da == "Måltallet på 75 % er ikke nået, og intet er længere åbent. Tallet er 70,0 %."
    last = budget(2, 1, 1, Fraction(3, 4)).words
    assert last.en.startswith("The target of 75 % can still be met, but only with the one open case counting for it.")
    assert last.da.startswith("Måltallet på 75 % kan stadig nås, men kun hvis den ene åbne sag taler for.")


def test_while_cases_still_come_in_nothing_is_said_to_be_certain() -> None:
    days = [(dt.date(2010, 5, 1), 90, 5, 5)]
    found = budget(90, 5, 5, Fraction(3, 4), running=True, earlier=days, day=dt.date(2010, 5, 2))
    assert (found.state, found.since) == ("met", None)
    assert [each.en for each in found.sentences] == [
        (
            "As if no further case came in: The target of 75 % is met already, even if the 5 open cases should count "
            "against it."
        ),
        "The figure ends between 90.0 % and 95.0 %, whatever becomes of them.",
        "The period is not over: cases that come in later can change all of it.",
    ]
    assert found.words.da.startswith("Som om der ikke kom flere sager: Måltallet på 75 % er allerede nået")
    assert found.words.da.endswith("Perioden er ikke slut: sager, der kommer senere, kan ændre det hele.")


def test_two_ends_are_never_told_as_one() -> None:
    assert re.findall(r"\d+\.\d+ %", str(budget(89_010, 10_989, 1, Fraction(1, 2)))) == ["89.010 %", "89.011 %"]


@pytest.mark.parametrize("counts", [(0, 0, 0), (-1, 2, 3)])
def test_a_budget_of_no_cases_is_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(UsageError, match="made of cases"):
        budget(*counts, Fraction(1, 2))
    with pytest.raises(UsageError, match="made of cases"):
        Budget(yes=1, no=0, open=0, target=Fraction(1), compared="exactly")  # type: ignore[arg-type]


def test_decisions_a_day_make_up_what_comes_in() -> None:
    """400 came in 60 days and 350 were decided; 65 days are left: (400 + 433 1/3 - 350) / 65."""
    found = pace(400, 350, 60, 65)
    assert found.further == Fraction(1300, 3)
    assert found.a_day == (400 + Fraction(1300, 3) - 350) / 65
    assert found.so_far == Fraction(35, 6)
    assert found.low < found.a_day < found.high
    en, da = (re.findall(r"\d+(?:[.,]\d+)?", found.words[lang]) for lang in ("en", "da"))
    said = [number(each, "en", 1) for each in (found.a_day, found.low, found.high, found.so_far)]
    assert en == [said[0], "65", said[1], said[2], "95", said[3], "433"]
    assert [each.replace(",", ".") for each in da] == [said[0], "65", said[1], said[2], "95", said[3], "433"]
    assert pace(10, 100, 60, 65).a_day == 0
    with pytest.raises(UsageError, match="days past"):
        pace(10, 5, 60, 0)


@pytest.mark.parametrize(("came", "past", "left"), [(0, 5, 5), (3, 5, 10), (40, 60, 65), (40, 100, 3), (900, 60, 65)])
def test_what_may_still_come_is_what_a_binomial_share_leaves_open(came: int, past: int, left: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    found = pace(came, 0, past, left)
    low, high = (int(each * left - came) for each in (found.low, found.high))
    share = past / (past + left)
    assert stats.binom.sf(came - 1, came + low, share) >= 0.025
    assert not low or stats.binom.sf(came - 1, came + low - 1, share) < 0.025
    # one more than the greatest would be among the outer 2.5 %
    assert stats.binom.cdf(came, came + high + 1, share) < 0.025
    assert stats.binom.cdf(came, came + high, share) >= 0.025


def test_a_queue_as_the_health_service_reckons_it() -> None:
    """Its example: 30 a week and 52 weeks, a quarter as the mean wait: 390; from 1,200 in 26 weeks: 61.15 a week."""
    quarter = Fraction(1 - math.exp(-4))
    found = backlog(1200, 30 * 52, 52, 52, share=quarter, weeks=26)
    assert float(found.queue_target) == pytest.approx(390)
    assert float(found.capacity) == pytest.approx(30 + (1200 - 390) / 26)
    assert found.queue_target in found.queue_between
    assert found.capacity in found.capacity_between
    assert "98.2 %" in str(found)
    assert "omkring 390 sager" in found.words.da
    assert "decide when it is taken" in str(found)
    rounded = [
        number(each, "en", places)
        for places, several in (
            (0, (found.queue_target, found.queue_between.low, found.queue_between.high)),
            (1, (found.capacity, found.capacity_between.low, found.capacity_between.high)),
        )
        for each in several
    ]
    said = re.findall(r"\d[\d,.]*\d|\d", str(found))
    assert said == ["52", "98.2", *rounded[:3], "95", "1,200", "26", *rounded[3:], "30.0"]


def test_in_order_of_receipt_the_queue_may_be_what_comes_in_over_the_deadline() -> None:
    found = backlog(800, 520, 52, 17, share=Fraction(1), weeks=20, order="received")
    assert found.queue_target == 170
    assert found.capacity == 10 + Fraction(800 - 170, 20)
    assert "oldest case is always taken first" in str(found)
    plain = found.to_dict()
    assert (plain["queue_target"], plain["a_week"]) == (170.0, 10.0)


def test_a_queue_worked_off_in_order_at_that_capacity_keeps_the_deadline_from_then_on() -> None:
    """Walked week by week with 10 arrivals: after 20 weeks no case waits longer than 17 weeks."""
    found = backlog(800, 520, 52, 17, share=Fraction(1), weeks=20, order="received")
    waiting = [-80 + each // 10 for each in range(800)]  # received over the 80 weeks before
    done = Fraction(0)
    for week in range(20):
        waiting += [week] * 10
        done += found.capacity
        waiting, done = waiting[int(done) :], done - int(done)
    assert len(waiting) == 170
    for week in range(20, 120):
        waiting += [week] * 10
        assert week - waiting[0] <= 17
        waiting = waiting[10:]


def test_the_interval_of_a_number_of_events_is_garwoods() -> None:
    stats = pytest.importorskip("scipy.stats")
    for events in (0, 1, 3, 22, 400, 20_000):
        found = poisson_interval(events)
        low = stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0
        assert float(found.low) == pytest.approx(low, rel=1e-6)
        assert float(found.high) == pytest.approx(stats.chi2.ppf(0.975, 2 * events + 2) / 2, rel=1e-6)


@pytest.mark.parametrize("changes", [{"share": Fraction(1)}, {"weeks": 0}, {"queue": -1}, {"order": "newest"}])
def test_what_is_no_backlog_is_refused(changes: dict[str, Any]) -> None:
    given: dict[str, Any] = {"queue": 10, "received": 5, "over": 1, "deadline": 4, "share": Fraction(9, 10), "weeks": 4}
    with pytest.raises(UsageError, match="A backlog is reckoned"):
        backlog(**{**given, **changes})
