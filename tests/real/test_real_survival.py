"""Medians of times that are partly still running, against R's answers on published data and on a Dutch municipality."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest

import casequality as cq
from casequality.evidence import kaplan_meier
from tests.shared import shared


class Course(cq.Records, name="courses"):
    """Something that began, and either ended after a time or lasts so long."""

    course = cq.key()
    began_on = cq.day()
    lasted = cq.count()
    ended = cq.flag()


@attrs.frozen
class Half(cq.Metric):
    """The time after which half had ended."""

    id = "test.half"
    title = {"en": "Half", "da": "Halvdelen"}
    statistic = cq.statistics.TimeToEnd(Fraction(1, 2))
    records = Course
    outcomes = cq.outcomes(ended=cq.YES, lasts=cq.OPEN)

    def contribute(self, courses: Course, as_of: cq.AsOf) -> cq.Contribution:
        picked = self.outcomes.pick(ended=courses.ended == "yes")
        return cq.Contribution(on=courses.began_on, outcome=picked, bins=courses.lasted)


def value(times: Sequence[tuple[int, bool]], p: Fraction | None = None) -> Any:
    rows = [
        {"course": number, "began_on": "2010-01-01", "lasted": time, "ended": "yes" if ended else "no"}
        for number, (time, ended) in enumerate(times)
    ]
    metric = Half if p is None else type("Other", (Half,), {"statistic": cq.statistics.TimeToEnd(p)})
    (figure,) = cq.measure(metric, rows, as_of="2012-01-01")
    return figure.value


def published(name: str) -> list[dict[str, str]]:
    with shared(f"data/{name}").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_the_median_of_the_lung_study_is_310_days() -> None:
    rows = published("statistics/lung.csv")
    assert value([(int(row["time"]), row["status"] == "2") for row in rows]).exact == 310


def test_the_median_of_the_maintained_group_is_31_weeks() -> None:
    rows = [row for row in published("statistics/aml.csv") if row["x"] == "Maintained"]
    assert value([(int(row["time"]), row["status"] == "1") for row in rows]).exact == 31
    ended_only = sorted(int(row["time"]) for row in rows if row["status"] == "1")
    assert np.median(ended_only) != 31  # what leaving out the ones that last would say


def test_half_of_the_permits_had_ended_after_52_and_a_half_days_by_r() -> None:
    rows = published("event_logs/receipt_case_survival.csv")
    seconds = [(int(Fraction(row["t"]) * 86_400), row["status"] == "1") for row in rows if not row["t"].startswith("-")]
    assert float(value(seconds).exact / 86_400) == pytest.approx(52.512, abs=0.001)


def test_a_share_that_is_never_reached_has_no_figure() -> None:
    rows = [row for row in published("statistics/aml.csv") if row["x"] == "Maintained"]
    found = value([(int(row["time"]), row["status"] == "1") for row in rows], Fraction(9, 10))
    assert (found.exact, found.reason) == (None, "not reached: too few have ended")


def test_every_step_of_the_lung_study_is_where_r_has_it() -> None:
    times = [(int(row["time"]), row["status"] == "2") for row in published("statistics/lung.csv")]
    steps = published("statistics/lung_all_plain.csv")
    for step in steps[:: len(steps) // 12]:
        p = 1 - Fraction(float(step["surv"])).limit_denominator(10**6) - Fraction(1, 10**5)
        assert value(times, p).exact == int(step["time"])


@pytest.mark.parametrize(
    ("times", "expected"),
    [([(5, True)], 5), ([(5, False)], None), ([(3, True), (3, False)], 3), ([(1, False), (2, True)], 2), ([], None)],
)
def test_small_ones_by_hand(times: list[tuple[int, bool]], expected: int | None) -> None:
    if times:
        assert value(times).exact == expected
    else:
        assert cq.measure(Half, Course.empty(), as_of="2012-01-01").measurement.figures == ()


@pytest.mark.parametrize("seed", range(12))
def test_medians_and_other_shares_are_those_of_scipys_censored_distribution(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    draw = np.random.default_rng(seed)
    times, ended = draw.integers(1, 40, 60), draw.random(60) < 0.7
    waiting = stats.ecdf(stats.CensoredData(uncensored=times[ended], right=times[~ended])).sf
    for p in (Fraction(1, 4), Fraction(1, 2), Fraction(9, 10)):
        reached = waiting.quantiles[waiting.probabilities <= float(1 - p) + 1e-12]
        expected = None if not len(reached) else reached[0]
        assert value(list(zip(times.tolist(), ended.tolist(), strict=True)), p).exact == expected


def test_boston_with_its_open_requests_is_where_scipy_has_it() -> None:
    """Requests, some of them still open after half a year: the median, its interval, the share within thirty days."""
    stats = pytest.importorskip("scipy.stats")
    with gzip.open(shared("data/boston_311/requests_2015H1.csv.gz"), "rt", encoding="utf-8", newline="") as lines:
        rows = [(row["OPEN_DT"], row["CLOSED_DT"]) for row in csv.DictReader(lines)]
    columns = zip(*rows, strict=True)
    opened, closed = (np.array([each or "NaT" for each in column], "datetime64[s]") for column in columns)
    ended = ~np.isnat(closed)
    seconds = (np.where(ended, closed, np.datetime64("2016-01-13", "s")) - opened).astype(np.int64)
    assert (len(rows), int((seconds < 0).sum())) == (58_119, 84)  # some close before they open
    ended, seconds = ended[seconds >= 0], seconds[seconds >= 0]
    waiting = stats.ecdf(stats.CensoredData(uncensored=seconds[ended], right=seconds[~ended])).sf
    sides = waiting.confidence_interval(method="log-log")
    found = kaplan_meier(seconds, ended.astype(int), (~ended).astype(int))
    half = found.within()
    for time, curve in ((half.time, waiting), (half.earliest, sides.low), (half.latest, sides.high)):
        assert time == curve.quantiles[curve.probabilities <= 0.5][0]
    month = found.ended_by(30 * 86_400)
    assert float(month.share) == pytest.approx(1 - waiting.evaluate(30 * 86_400), abs=1e-12)
    # of the closed requests alone the median is shorter
    assert half.time is not None
    assert np.median(seconds[ended]) < half.time
