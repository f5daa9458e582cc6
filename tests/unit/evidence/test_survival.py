"""Times of which some still run: against R's answers, SciPy, plain walks and one another."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from casequality.errors import UsageError, Words
from casequality.evidence import SCALES, Finding, Waiting, aalen_johansen, kaplan_meier, number
from tests.shared import shared


def rows(name: str) -> list[dict[str, str]]:
    with shared(f"data/{name}").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def curve(times: Sequence[float], ended: Sequence[bool], scale: str = "log-log") -> Waiting:
    went = np.array(ended)
    return kaplan_meier(np.array(times), went.astype(int), (~went).astype(int), scale=scale)  # type: ignore[arg-type]


def study(name: str, group: str = "", scale: str = "log-log") -> Waiting:
    chosen = [row for row in rows(f"statistics/{name}.csv") if not group or row["x"] == group]
    event = "2" if name == "lung" else "1"
    return curve([int(row["time"]) for row in chosen], [row["status"] == event for row in chosen], scale)


@pytest.mark.parametrize("name", ["lung", "aml"])
@pytest.mark.parametrize("scale", SCALES)
def test_every_step_and_its_interval_is_where_r_has_it(name: str, scale: str) -> None:
    found = study(name, scale=scale)
    place = {time: at for at, time in enumerate(found.times.tolist())}
    low, high = found.bounds
    answers = rows(f"statistics/{name}_all_{scale}.csv")
    assert len(answers) >= 10
    for answer in answers:
        at = place[int(answer["time"])]
        assert (found.at_risk[at], found.ended[at]) == (int(answer["n.risk"]), int(answer["n.event"]))
        given = (found.left[at], low[at], high[at])
        assert given == pytest.approx([float(answer[key]) for key in ("surv", "lower", "upper")], abs=1e-12)


def test_the_medians_of_r_on_its_own_scale() -> None:
    lung: Any = study("lung", scale="log").within()
    assert (lung.time, lung.earliest, lung.latest) == (310, 285, 363)
    maintained: Any = study("aml", "Maintained", scale="log").within()
    assert (maintained.time, maintained.earliest, maintained.latest) == (31, 18, None)
    assert "between 18 and not reached" in str(maintained)
    assert "mellem 18 og ikke nået" in maintained.words.da


def test_the_permits_of_a_dutch_municipality_are_where_r_has_them() -> None:
    courses = [(float(row["t"]), row["status"] == "1") for row in rows("event_logs/receipt_case_survival.csv")]
    times, ended = zip(*[each for each in courses if each[0] >= 0], strict=True)
    found = curve(times, ended, "log")
    median = found.within().time
    assert median is not None
    assert float(median) == pytest.approx(52.512, abs=0.001)
    for answer in rows("event_logs/known_km_receipt_R.csv"):
        by = found.ended_by(int(answer["day"]))
        given = [1 - float(each) for each in (by.share, by.interval.high, by.interval.low)]
        assert given == pytest.approx([float(answer[key]) for key in ("surv", "lower", "upper")], abs=1e-12)


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")  # SciPy, where all or none are left
@pytest.mark.parametrize("seed", range(8))
def test_curve_and_interval_are_those_of_scipy(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    draw = np.random.default_rng(seed)
    times, ended = draw.integers(1, 30, 80), draw.random(80) < 0.6
    waits = stats.ecdf(stats.CensoredData(uncensored=times[ended], right=times[~ended])).sf
    for scale, method in (("plain", "linear"), ("log-log", "log-log")):
        found = curve(times.tolist(), ended.tolist(), scale)
        sides = waits.confidence_interval(method=method)
        went = found.ended > 0
        at = np.searchsorted(waits.quantiles, found.times[went])
        some = found.left[went] > 0
        assert found.left[went] == pytest.approx(waits.probabilities[at], abs=1e-12)
        for own, other in zip(found.bounds, (sides.low, sides.high), strict=True):
            assert own[went][some] == pytest.approx(other.probabilities[at][some], abs=1e-9)


def walked(courses: Sequence[tuple[int, str]], end: str, by: int) -> Fraction:
    """Return Aalen and Johansen's share as their definition says it, case by case."""
    left, share = Fraction(1), Fraction(0)
    for time in sorted({time for time, _ in courses if time <= by}):
        risk = sum(each >= time for each, _ in courses)
        came = {kind: sum((time, kind) == each for each in courses) for kind in ("decided", "withdrawn")}
        share += left * Fraction(came[end], risk)
        left *= 1 - Fraction(sum(came.values()), risk)
    return share


@pytest.mark.parametrize("seed", range(6))
def test_several_ends_are_those_of_a_plain_walk_and_make_one(seed: int) -> None:
    draw = np.random.default_rng(seed)
    kinds = ("decided", "withdrawn", "open")
    courses = [(int(draw.integers(1, 12)), str(draw.choice(kinds, p=[0.5, 0.2, 0.3]))) for _ in range(40)]
    times = np.array([time for time, _ in courses])
    ends = {kind: np.array([kind == each for _, each in courses]).astype(int) for kind in kinds}
    waiting = ends.pop("open")
    found = aalen_johansen(times, ends, waiting)
    whole = kaplan_meier(times, ends["decided"] + ends["withdrawn"], waiting)
    for by in range(1, int(times.max()) + 1):
        shares = [found.ended_by(end, by).share for end in ends]
        assert [float(each) for each in shares] == pytest.approx(
            [float(walked(courses, end, by)) for end in ends], abs=1e-12
        )
        assert float(sum(shares)) == pytest.approx(float(whole.ended_by(by).share), abs=1e-12)


def test_one_end_alone_is_the_curve_of_kaplan_and_meier_and_its_interval() -> None:
    lung = [(int(row["time"]), row["status"] == "2") for row in rows("statistics/lung.csv")]
    times, ended = np.array([time for time, _ in lung]), np.array([went for _, went in lung]).astype(int)
    one = kaplan_meier(times, ended, 1 - ended)
    other = aalen_johansen(times, {"died": ended}, 1 - ended)
    for by in (5, 100, 310, 800):
        mine, its = other.ended_by("died", by), one.ended_by(by)
        for given, wanted in ((mine.share, its.share), *zip(ends_of(mine), ends_of(its), strict=True)):
            assert float(given) == pytest.approx(float(wanted), abs=1e-10)


def ends_of(found: object) -> tuple[Fraction, Fraction]:
    between = found.interval  # type: ignore[attr-defined]
    return between.low, between.high


def test_without_open_cases_an_end_varies_as_a_binomial_share_does() -> None:
    """Of ten five are decided in the end: the variance is 1 / 40, whatever the order in which the others left."""
    found = aalen_johansen(np.array([1, 2, 3]), {"decided": np.array([4, 0, 1]), "withdrawn": np.array([0, 5, 0])})
    share, deviation = 0.5, math.sqrt(1 / 40)
    arm = 1.959963984540054 * deviation / share / abs(math.log(1 - share))
    expected = [1 - (1 - share) ** math.exp(way * arm) for way in (-1, 1)]
    low, high = ends_of(found.ended_by("decided", 3))
    assert sorted(map(float, (low, high))) == pytest.approx(sorted(expected), abs=1e-12)


def test_a_withdrawn_case_is_no_case_that_waits() -> None:
    """Ten cases: four decided on day 1, five withdrawn on day 2, one decided on day 3."""
    times, decided, withdrawn = np.array([1, 2, 3]), np.array([4, 0, 1]), np.array([0, 5, 0])
    as_end: Any = aalen_johansen(times, {"decided": decided, "withdrawn": withdrawn}).ended_by("decided", 3)
    as_waiting: Any = kaplan_meier(times, decided, withdrawn).ended_by(3)
    assert (as_end.share, as_waiting.share) == (Fraction(1, 2), 1)
    called = {"withdrawn": Words("had been withdrawn", "trukket tilbage")}
    said = aalen_johansen(times, {"withdrawn": withdrawn, "decided": decided}, called=called).ended_by("withdrawn", 3)
    assert said.words.en.startswith("Of 10 cases an estimated 50.0 % had been withdrawn within 3 days, between ")
    assert said.words.da.startswith("Af 10 sager var anslået 50,0 % trukket tilbage inden 3 dage, mellem ")


def test_nothing_ended_yet_is_not_taken_for_sure() -> None:
    """Of 20 followed for 5 days none ended: the share may still be 1 - 0.025 ** (1 / 20)."""
    none: Any = kaplan_meier(np.array([5, 9]), np.array([0, 1]), np.array([2, 19])).ended_by(6)
    assert (none.share, none.at_risk, none.interval.low) == (0, 20, 0)
    assert float(none.interval.high) == pytest.approx(1 - 0.025 ** (1 / 20), abs=1e-9)


def test_the_curve_rests_on_who_was_followed_so_long_and_had_not_ended() -> None:
    """23 began: at 5 one ended and two were last seen, at 9 one ended and nineteen were last seen."""
    found = kaplan_meier(np.array([5, 9]), np.array([1, 1]), np.array([2, 19]))
    assert [found.ended_by(time).at_risk for time in (0, 4, 5, 6, 9)] == [23, 23, 22, 20, 19]


def test_once_all_have_ended_the_interval_reaches_from_where_it_was_to_all() -> None:
    found = curve([1, 2, 3], [True, True, True])
    last, before = found.ended_by(3), found.ended_by(2)
    assert (last.share, last.interval.high) == (Fraction(1), Fraction(1))
    assert float(last.interval.low) == pytest.approx(float(before.interval.low), abs=1e-12)


def test_times_in_the_cases_own_terms_are_read_at_one() -> None:
    """Terms of 10 and 40 days: after 10 and 30 days is in time, after 12 and 44 is late."""
    days, terms = np.array([10, 30, 12, 44]), np.array([10, 40, 10, 40])
    found = kaplan_meier(days / terms, np.ones(4, int), unit=Words("terms", "frister")).ended_by(1)
    assert found.share == Fraction(1, 2)


def test_order_and_repetition_make_no_difference() -> None:
    draw = np.random.default_rng(3)
    times, ended = draw.integers(1, 9, 200), draw.integers(0, 2, 200)
    single = kaplan_meier(times, ended, 1 - ended)
    counted = kaplan_meier(
        np.arange(9), np.bincount(times, ended, 9).astype(int), np.bincount(times, 1 - ended, 9).astype(int)
    )
    assert single.to_dict() == counted.to_dict()


def test_a_million_distinct_times() -> None:
    """All ended, so that the curve is one line whose every step is known."""
    size = 1_000_000
    found = kaplan_meier(np.arange(size)[::-1], np.ones(size, int))
    assert found.left[[0, size // 2 - 1]] == pytest.approx([1 - 1 / size, 0.5], abs=1e-9)
    assert found.within().time == size // 2 - 1


@pytest.mark.parametrize(
    ("times", "ended", "by", "message"),
    [
        ([], [], 1, "Nothing is known"),
        ([3, 5], [True, False], 6, "Nothing is known"),
        ([3], [True], -1, "Nothing is known"),
    ],
)
def test_what_nobody_was_followed_for_is_refused(times: list[float], ended: list[bool], by: int, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        curve(times, np.array(ended, bool)).ended_by(by)  # type: ignore[arg-type]


def test_a_time_and_its_interval_are_told_with_the_same_decimals() -> None:
    """In halves of days: with only whole ones no decimal is shown, else one of each."""
    broken, whole = (kaplan_meier(np.arange(1, 40) / scale, np.ones(39, int)).within() for scale in (2, 1))
    ends = (broken.time, broken.earliest, broken.latest)
    assert [str(float(each)) for each in ends if each] == re.findall(r"\d+\.\d", str(broken))
    assert any(each is not None and each.denominator == 1 for each in ends)
    assert re.findall(r"\d+\.\d", str(whole)) == []
    assert f"within {whole.time} days" in str(whole)


def test_other_misuse_is_refused() -> None:
    found = curve([3, 5], [True, True])
    assert found.ended_by(9).share == 1  # all have ended, so later times are known
    with pytest.raises(UsageError, match="share above 0"):
        found.within(Fraction(0))
    with pytest.raises(UsageError, match="no such scale"):
        curve([1], [True], "logit")
    with pytest.raises(UsageError, match="do not fit"):
        kaplan_meier(np.array([1, 2]), np.array([1]))
    with pytest.raises(UsageError, match="do not fit"):
        kaplan_meier(np.array([math.nan]), np.array([1]))
    with pytest.raises(UsageError, match="no such end"):
        aalen_johansen(np.array([1]), {"decided": np.array([1])}).ended_by("closed", 1)


def numbers_of(text: str) -> list[str]:
    return re.findall(r"\d[\d.,]*\d|\d", text)


def test_every_number_of_the_sentences_is_one_of_the_finding() -> None:
    lung = study("lung")
    by, half = lung.ended_by(365), lung.within(Fraction(3, 4))
    shares = [by.share, by.interval.low, by.interval.high]
    for lang in ("en", "da"):
        said = [number(each * 100, lang, 1) for each in shares]
        assert numbers_of(by.words[lang]) == ["228", said[0], "365", *said[1:], "95", "63"]
        assert numbers_of(half.words[lang]) == [
            "228",
            "75",
            str(half.time),
            str(half.earliest),
            str(half.latest),
            "95",
            "63",
        ]
    assert by._repr_html_().count("<p ") == len(by.sentences) == 2
    plain = by.to_dict()
    assert plain["share"] == float(by.share)
    assert plain["interval"]["low"] == float(by.interval.low)
    assert plain["words"] == {"en": by.words.en, "da": by.words.da}
    assert isinstance(by, Finding)
