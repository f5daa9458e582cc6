"""Control charts: limits, signals and assurance against the answers of R packages and of printed examples."""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from casequality.errors import UsageError
from casequality.evidence import RULES, Chart, chart, count_change, false_alarms, number
from casequality.evidence.charts.control_limits import ControlLimits, signals_of
from casequality.metrics import SHARE
from tests.shared import shared

VARIATION = {"none": "common_cause", "improvement": "special_cause_improvement", "concern": "special_cause_concern"}
ASSURANCE = {"pass": "consistent_pass", "fail": "consistent_fail", "inconsistent": "inconsistent"}


def rows(name: str) -> list[dict[str, str]]:
    with shared(f"data/{name}").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def months(count: int) -> list[str]:
    return [f"{2010 + month // 12}-{month % 12 + 1:02}" for month in range(count)]


def test_fifteen_hospital_sites_month_by_month() -> None:
    points = defaultdict[str, list[dict[str, str]]](list)
    for row in rows("nhs_emergency_departments/assurance_points_15_sites.csv"):
        points[row["f"]].append(row)
    answers = rows("nhs_emergency_departments/assurance_summary_15_sites.csv")
    assert len(answers) == 15
    for answer in answers:
        its = sorted(points[answer["f"]], key=lambda row: row["x"])
        values = [Fraction(row["y"]) for row in its]
        found = chart([row["x"] for row in its], values, targets=Fraction(95, 100), higher_is_better=True, unit=SHARE)
        assert VARIATION[found.change] == answer["variation_type"]
        assert ASSURANCE[str(found.assurance)] == answer["assurance_type"]
        for point, row in zip(found.points, its, strict=True):
            assert (point.low, point.high) == pytest.approx((float(row["lpl"]), float(row["upl"])), abs=1e-12)
            assert VARIATION[found.change_at(point)] == row["point_type"]


@pytest.mark.parametrize(
    ("kind", "file"),
    [("p", "known_qic_p_nhs_accidents"), ("u", "known_qic_u_complaints"), ("u'", "known_qic_uprime_complaints")],
)
def test_limits_are_those_of_another_package(kind: Any, file: str) -> None:
    answers = rows(f"control_charts/{file}.csv")
    counts, sizes = ([int(row[name]) for row in answers] for name in ("y.sum", "n"))
    found = chart([row["x"] for row in answers], counts, sizes, kind=kind)
    for point, row in zip(found.points, answers, strict=True):
        given = (point.low, point.centre, point.high)
        assert given == pytest.approx([float(row[name]) for name in ("lcl", "cl", "ucl")], abs=1e-12)
        outside = RULES[RULES.index(point.rule)] == "outside"
        assert outside == (row["sigma.signal"] == "TRUE")


@pytest.mark.parametrize(
    ("kind", "file", "answers"),
    [
        ("p", "montgomery_tbl_07.04.csv", "known_tbl_7.4_1.csv"),
        ("u", "montgomery_tbl_07.10.csv", "known_ex_7.4_1.csv"),
    ],
)
def test_montgomerys_samples_of_unequal_size(kind: Any, file: str, answers: str) -> None:
    given, expected = rows(f"control_charts/{file}"), rows(f"control_charts/{answers}")
    found = chart(
        [row["sample"] for row in given],
        [int(row["count"]) for row in given],
        [int(row["size"]) for row in given],
        kind=kind,
    )
    outside = []
    for point, row in zip(found.points, expected, strict=True):
        assert (point.low, point.high) == pytest.approx((float(row["lcl"]), float(row["ucl"])), abs=1e-12)
        outside.append((point.rule == "outside") == (row["sigma.signal"] == "TRUE"))
    assert all(outside)


def test_montgomerys_rolls_of_cloth_have_unequal_length() -> None:
    rolls, expected = rows("control_charts/montgomery_tbl_07.11.csv"), rows("control_charts/known_ex_7.5_1.csv")
    counts, meters = [int(row["count"]) for row in rolls], [int(row["meters"]) for row in rolls]
    found = chart([row["roll"] for row in rolls], counts, meters, kind="u")
    for point, row in zip(found.points, expected, strict=True):  # printed for 50 metres
        assert (50 * point.low, 50 * point.high) == pytest.approx((float(row["lcl"]), float(row["ucl"])), abs=1e-12)


def test_montgomerys_costs_by_their_first_twenty_weeks() -> None:
    """The reference divides by 1.128, the charts here multiply by 2.66 as printed."""
    known = rows("control_charts/known_ex_6.5_3.csv")
    costs = [int(row["y"]) for row in known[:20]]
    last = chart(months(20), costs).latest
    assert last.centre == float(known[0]["cl"])
    arm = (float(known[0]["ucl"]) - last.centre) * 2.66 / (3 / 1.128)
    assert last.high == pytest.approx(last.centre + arm, abs=1e-9)


def laney(counts: list[int], sizes: list[int]) -> tuple[float, list[float]]:
    """Return sigma z and the upper limits of a p' chart, point by point."""
    mean = sum(counts) / sum(sizes)
    sigmas = [math.sqrt(mean * (1 - mean) / size) for size in sizes]
    scores = [(count / size - mean) / sigma for count, size, sigma in zip(counts, sizes, sigmas, strict=True)]
    spread = sum(abs(after - before) for before, after in pairwise(scores)) / (len(scores) - 1) / 1.128
    return spread, [min(1.0, mean + 3 * sigma * spread) for sigma in sigmas]


def test_large_counts_that_vary_more_than_chance_widen_their_limits() -> None:
    accidents = rows("control_charts/nhs_accidents.csv")
    counts, sizes = ([int(row[name]) for row in accidents] for name in ("r", "n"))
    plain, wide = (chart(months(len(counts)), counts, sizes, kind=kind) for kind in ("p", "p'"))
    spread, highs = laney(counts, sizes)
    assert wide.dispersion == plain.dispersion == pytest.approx(spread)
    assert [point.high for point in wide.points] == pytest.approx(highs, abs=1e-12)
    assert sum(point.rule == "outside" for point in plain.points) > 10
    assert not any(point.rule == "outside" for point in wide.points)


def steady(*values: float) -> list[Fraction]:
    return [Fraction(value) for value in values]


WAVE = [10, 12, 9, 11, 10, 12, 9, 11, 10, 12, 9, 11]


def rules(*values: float, length: int = 7) -> list[str]:
    """Return the rule that each point breaks around a centre of 0 with limits at -3 and 3; "-" before one below."""
    found = np.array(values)
    at = np.ones(len(values))
    signals = signals_of(found, ControlLimits(0 * at, -3 * at, 3 * at, at, math.nan), length).tolist()
    return ["-" * (place < 0) + RULES[abs(place)] for place in signals]


def test_a_point_is_outside_beyond_a_limit_and_not_on_it() -> None:
    assert rules(0.5, 3, -1, 3.01, -3.01) == ["", "", "", "outside", "-outside"]


def test_six_in_a_row_are_no_run_and_seven_are() -> None:
    assert rules(-0.1, *[0.5, 0.6] * 3, -0.1) == [""] * 8
    assert rules(-0.1, *[0.5, 0.6] * 3, 0.5, -0.1) == ["", *["run"] * 7, ""]
    assert rules(0.1, *[-0.5, -0.6] * 3, -0.5, 0.1) == ["", *["-run"] * 7, ""]
    assert rules(0.5, 0.6, 0.5, 0, 0.5, 0.6, 0.5) == [""] * 7  # a point on the centre breaks a run
    assert rules(*[0.5, 0.6] * 4, length=8) == ["run"] * 8
    assert rules(*[0.5, 0.6] * 3, 0.5, length=8) == [""] * 7


def test_six_that_climb_are_no_trend_and_seven_are() -> None:
    assert rules(0, -1.5, -1, -0.5, 0.5, 1, 1.5, 1) == [""] * 8
    assert rules(0, -1.5, -1, -0.5, 0.5, 1, 1.5, 1.9, 1) == ["", *["trend"] * 7, ""]
    assert rules(0, 1.5, 1, 0.5, -0.5, -1, -1.5, -1.9, -1) == ["", *["-trend"] * 7, ""]
    assert rules(-1.5, -1, -0.5, -0.5, 0.5, 1, 1.5) == [""] * 7  # two alike break it


def test_two_of_three_near_a_limit_count_only_on_one_side() -> None:
    assert rules(-1, 2.5, 0.5, 2.1, -1) == ["", "two of three", "", "two of three", ""]
    assert rules(-1, 2.5, -0.5, 2.1, -1) == [""] * 5
    assert rules(-1, 2.5, 0.5, 0.5, 2.1, -1) == [""] * 6
    assert rules(-1, -2.5, -2.1, -0.5, 1) == ["", "-two of three", "-two of three", "", ""]
    assert rules(-1, 2.5, 0.5, 3.5, -1) == ["", "", "", "outside", ""]  # what is beyond a limit is not near it


def test_a_series_that_never_moves_breaks_no_rule() -> None:
    found = chart(months(24), [Fraction(7, 10)] * 24, targets=Fraction(7, 10), higher_is_better=True, unit=SHARE)
    assert (found.change, found.assurance) == ("none", "inconsistent")


def test_a_declared_break_has_limits_as_if_the_rest_were_not_there() -> None:
    before, after = steady(*WAVE), steady(*(value + 30 for value in WAVE))
    both = chart(months(24), [*before, *after], breaks=["2011-01"])
    alone = chart(months(24)[12:], after)
    assert [(p.low, p.high, p.rule) for p in both.points[12:]] == [(p.low, p.high, p.rule) for p in alone.points]
    assert [(p.low, p.high, p.rule) for p in both.points[:12]] == [
        (p.low, p.high, p.rule) for p in chart(months(12), before).points
    ]
    assert both.change == "none"
    assert {point.rule for point in chart(months(24), [*before, *after]).points} != {""}  # nothing is rebased unasked


def test_the_target_in_force_at_the_end_is_held_against_the_last_limits() -> None:
    """A target of 50 that stepped to 2; around 40 before a break, and 10 after it."""
    values = steady(*(value + 30 for value in WAVE), *WAVE)
    aims = [50] * 12 + [2] * 12
    found = chart(months(24), values, targets=aims, higher_is_better=True, breaks=["2011-01"])
    assert found.assurance == "pass"
    assert [point.target for point in found.points[11:13]] == [50, 2]
    lower = chart(months(24), values, targets=aims, higher_is_better=False, breaks=["2011-01"])
    assert lower.assurance == "fail"


def test_eleven_points_are_provisional_and_twelve_are_not() -> None:
    few, enough = chart(months(11), steady(*WAVE[:11])), chart(months(12), steady(*WAVE))
    assert (few.provisional, enough.provisional) == (True, False)
    assert "they rest on 11 points, fewer than 12" in str(few)
    assert "foreløbige" not in enough.words.da
    lone = chart(months(1), [10], targets=12, higher_is_better=True)
    assert (lone.provisional, lone.assurance) == (True, None)
    assert str(lone) == "January 2010: 10 cases. One point says nothing of variation."
    after_a_break = chart(months(24), steady(*WAVE, *WAVE), breaks=["2011-12"], targets=12, higher_is_better=True)
    assert after_a_break.words.da == "december 2011: 11 sager. Ét punkt siger intet om variation."
    broken = chart(months(24), steady(*WAVE, *WAVE), breaks=["2011-02"])
    assert broken.rests_on == 11


def test_what_is_said_is_what_was_found() -> None:
    values = [Fraction(value, 100) for value in (90, 92, 89, 91, 90, 92, 89, 91, 90, 92, 89, 91, 70)]
    found = chart(months(13), values, targets=Fraction(95, 100), higher_is_better=True, unit=SHARE)
    assert (found.change, found.assurance) == ("concern", "fail")
    last = found.latest
    for lang in ("en", "da"):
        shown = [number(Fraction(each) * 100, lang, 1) for each in (last.value, last.low, last.high, last.centre)]
        assert found.words[lang].startswith({"en": "January 2011: ", "da": "januar 2011: "}[lang])
        assert re.findall(r"\d+[.,]\d+", found.words[lang]) == shown
    assert "the process is changing for the worse: the point is outside its limits" in str(found)
    assert "bliver måltallet på 95 % aldrig opfyldt." in found.words.da
    plain = found.to_dict()
    assert (plain["change"], plain["assurance"], plain["points"][-1]["rule"]) == ("concern", "fail", "outside")
    assert plain["words"]["en"] == str(found)


def test_limits_end_where_no_figure_can_lie() -> None:
    """A share of 121 % and -15 complaints are no ordinary variation of anything.

    By hand: mean ranges of 10 and 7.6, means of 94.83 and 4.83, and 2.66 mean ranges each way.
    """
    shares = [Fraction(value, 100) for value in (100, 90, 99, 88, 100, 92)]
    few = [1, 9, 0, 8, 2, 9]
    assert "mellem 68,2 og 121,4 % omkring 94,8 %" in chart(months(6), shares, unit=SHARE).words.da
    found = chart(months(6), shares, unit=SHARE, most=Fraction(1))
    assert "mellem 68,2 og 100,0 % omkring 94,8 %" in found.words.da
    assert "between 0 and 25 cases around 5 cases" in str(chart(months(6), few))
    assert "between \N{MINUS SIGN}16 and 24 cases" in str(chart(months(6), [each - 1 for each in few]))
    assert max(value for each in found.plot().steps for value in each.values if value is not None) == 100


def test_false_alarms_are_stated_over_all_charts_together() -> None:
    """Against series drawn anew, none of which changes."""
    draw = np.random.default_rng(7)
    charts = [chart(months(24), [Fraction(value) for value in draw.normal(size=24)]) for _ in range(400)]
    found = false_alarms(charts)
    assert found.signalling == sum(each.change != "none" for each in charts)
    assert found.signalling == pytest.approx(float(found.expected), abs=4 * math.sqrt(found.expected))
    assert float(found.any) == pytest.approx(1 - (1 - float(found.one)) ** 400)
    few = false_alarms(charts[:20])
    assert str(number(few.expected, "da", 1)) in few.words.da
    assert false_alarms([]).any == 0


def test_22_to_30_complaints_are_no_more_than_variation() -> None:
    stats = pytest.importorskip("scipy.stats")
    for later, earlier, shown in ((30, 22, False), (60, 22, True), (5, 20, True), (3, 0, False)):
        found = count_change(later, earlier)
        assert found.shown == shown == bool(stats.binomtest(later, later + earlier, 0.5).pvalue < 0.05)
    found = count_change(30, 22)
    share = stats.binomtest(30, 52).proportion_ci(0.95, "exact")
    assert float(found.low) == pytest.approx(share.low / (1 - share.low), abs=1e-6)
    assert "From 22 to 30: no more than variation" in str(found)
    assert count_change(3, 0).high is None
    assert "ingen grænse" in count_change(3, 0).words.da
    twice, once = count_change(60, 30, times=2), count_change(60, 30)
    assert (twice.ratio, twice.low) == (Fraction(1), once.low / 2)
    assert not twice.shown


def charted(**changes: Any) -> Chart:
    given: dict[str, Any] = {"labels": ["a", "b"], "values": [1, 2], "kind": "xmr", **changes}
    return chart(given.pop("labels"), given.pop("values"), given.pop("sizes", None), **given)


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": [], "values": []},
        {"labels": ["a"]},
        {"kind": "p"},
        {"kind": "p", "sizes": [10, 0]},
        {"kind": "c"},
        {"breaks": ["a"]},
        {"breaks": ["c"]},
        {"targets": [1]},
    ],
)
def test_what_is_no_chart_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        charted(**changes)


def test_counts_that_are_none_are_refused() -> None:
    with pytest.raises(UsageError, match="cannot be compared"):
        count_change(0, 0)
