"""Every call of one month at a bank's call centre, against the answers in shared/data/README.md.

The waits there come from the file's own column of queue times, which is not read here: only clock times are.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import casequality as cq
from tests.shared import shared

pytest.importorskip("casequality_contact_centre")

UNSET = "0:00:00"
MAPPING: Mapping[str, Any] = {
    "zone": "Asia/Jerusalem",
    "columns": {"offered_at": "reached", "queued_at": "queued", "answered_at": "answered", "queue": "outcome"},
    "where": {"queue": ["AGENT", "HANG"]},
    "as_of": "1999-04-01",
    "period": "1999-02",
}
EARLY = "queued_at-before-offered_at"
CUT_SHORT = "ended_at-before-answered_at"
OFF = [EARLY, CUT_SHORT]
"""The known answers count calls whose clock times contradict each other: only with the checks off are they the same."""


def prepared(folder: Path, *, midnight_is_a_time: bool = True) -> Path:
    """Write the calls with whole times, in a file of their own.

    The source has a day and clock times, also past midnight, and 0:00:00 for no time; one call was queued at
    0:00:00 exactly, which shows only in when it left the queue.
    """
    source, target = shared("data/calls_february_1999/calls.csv.gz"), folder / "calls.csv"
    with gzip.open(source, "rt", encoding="ascii", newline="") as read, target.open("w", encoding="ascii") as write:
        writer = csv.writer(write)
        writer.writerow(["call", "reached", "queued", "answered", "ended_at", "outcome"])
        for row in csv.DictReader(read):
            reached = dt.datetime.strptime(f"19{row['date']} {row['vru_entry']}", "%Y%m%d %H:%M:%S")  # noqa: DTZ007
            queued = row["q_start"] != UNSET or (midnight_is_a_time and row["q_exit"] != UNSET)
            connected = _after(reached, row["q_exit"] if queued else row["vru_exit"])
            answered = row["outcome"] == "AGENT"
            finished = answered and row["ser_exit"] != UNSET
            writer.writerow(
                [
                    f"{row['vru+line']}-{row['call_id']}",
                    reached,
                    _after(reached, row["q_start"]) if queued else None,
                    connected if answered else None,
                    _after(reached, row["ser_exit"]) if finished else connected,
                    row["outcome"],
                ]
            )
    return target


def _after(reached: dt.datetime, clock: str) -> dt.datetime:
    """Return the clock time nearest to when a call reached the number: perhaps on the next day."""
    hours, minutes, seconds = map(int, clock.split(":"))
    moment = reached.replace(hour=hours, minute=minutes, second=seconds)
    return moment + dt.timedelta(days=1) if reached - moment > dt.timedelta(hours=12) else moment


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory.mktemp("calls"))


def measured(metric: str, data: Path, **arguments: Any) -> Any:
    return cq.measure(f"contact-centre.{metric}", data, **({**MAPPING, "checks_off": OFF} | arguments))


def figure(metric: str, data: Path, **arguments: Any) -> Fraction:
    return value_of(measured(metric, data, **arguments))


def value_of(result: Any) -> Fraction:
    """Return the one figure of a result in its unit."""
    [one] = result
    assert one.value.exact is not None
    exact: Fraction = result.measurement.in_unit(one.value.exact)
    return exact


def test_every_call_is_accounted_for(calls: Path) -> None:
    result = measured("answered-share", calls)
    [month] = result
    outcomes = month.outcomes
    assert outcomes["answered"] + outcomes["answered_at_once"] == 27_162
    assert outcomes["abandoned_short"] + outcomes["abandoned"] == 3_963
    assert outcomes["never_queued"] == 1_941
    assert (outcomes["waiting"], outcomes["abandoned_untimed"]) == (0, 0)
    assert (result.accounts["elsewhere"], result.accounts["set aside"], result.accounts["read"]) == (278, 0, 33_344)


def test_calls_whose_times_contradict_each_other_are_set_aside_unless_the_check_is_off(calls: Path) -> None:
    with calls.open(encoding="ascii") as read:
        rows = list(csv.DictReader(read))
    early = [row["queued"] != "" and row["queued"] < row["reached"] for row in rows]
    cut_short = [row["answered"] != "" and row["ended_at"] < row["answered"] for row in rows]
    assert (sum(early), sum(cut_short)) == (25, 33)
    for off, wrong in (([], [*map(max, early, cut_short)]), ([EARLY], cut_short), ([CUT_SHORT], early)):
        result = measured("answered-share", calls, checks_off=off)
        [month] = result
        # what `where` leaves out by an outcome that can be read is nobody's doubt, whatever its times are
        asked = [row["outcome"] != "PHANTOM" for row in rows]
        assert result.accounts["set aside"] == sum(map(all, zip(wrong, asked, strict=True)))
        answered = sum(row["answered"] != "" and not marked for row, marked in zip(rows, wrong, strict=True))
        assert month.outcomes["answered"] + month.outcomes["answered_at_once"] == answered


def test_the_answered_share(calls: Path) -> None:
    share = figure("answered-share", calls)
    assert share == Fraction(100 * 27_162, 31_125)
    assert round(float(100 - share), 4) == 12.7325


@pytest.mark.parametrize(
    ("seconds", "of_answered", "of_offered"),
    [(20, 0.596753, 0.520771), (60, 0.770746, 0.672610), (120, 0.887674, 0.774651)],
)
def test_the_service_level(calls: Path, seconds: int, of_answered: float, of_offered: float) -> None:
    for formula, expected in (("of_answered", of_answered), ("of_offered", of_offered)):
        share = figure("service-level", calls, readings={"formula": formula}, parameters={"within_seconds": seconds})
        assert round(float(share) / 100, 6) == expected


def test_the_waits_of_the_answered_from_one_read(calls: Path) -> None:
    names = [f"contact-centre.{name}-wait" for name in ("mean", "median", "p90", "p95")]
    arguments = {name: value for name, value in MAPPING.items() if name != "period"}
    results = cq.tally(names, calls, checks_off=OFF, **arguments).conclude(period="1999-02")
    mean, *quantiles = (value_of(results[name]) for name in names)
    assert round(float(mean), 4) == 40.7743
    assert quantiles == [6, 131, 189]


def test_the_wait_of_the_answered_who_queued(tmp_path: Path) -> None:
    """The known answer takes 0:00:00 for "never queued" in the one call too that was queued at midnight."""
    queued = {"callers": "answered_from_queue"}
    data = prepared(tmp_path, midnight_is_a_time=False)
    assert round(float(figure("mean-wait", data, readings=queued)), 4) == 78.5729
    assert figure("median-wait", data, readings=queued) == 52
    [month] = measured("mean-wait", data, readings=queued)
    assert month.outcomes["answered"] + month.outcomes["abandoned_short"] + month.outcomes["abandoned"] == 18_058


def test_other_readings_of_the_same_calls(calls: Path) -> None:
    with gzip.open(shared("data/calls_february_1999/calls.csv.gz"), "rt", encoding="ascii") as read:
        rows = [(row["outcome"], int(row["q_time"]), row["q_start"] != UNSET) for row in csv.DictReader(read)]
    answered = [wait for outcome, wait, _ in rows if outcome == "AGENT"]
    abandoned = [wait for outcome, wait, queued in rows if outcome == "HANG" and queued]
    late = sum(wait > 5 for wait in abandoned)
    dropped = figure("answered-share", calls, readings={"short_abandons": "dropped"})
    assert dropped == Fraction(100 * len(answered), len(answered) + late)
    menu = figure("answered-share", calls, readings={"voice_menu": "counted"})
    assert menu == Fraction(100 * 27_162, 27_162 + 3_963 + 1_941)
    everybody = figure("mean-wait", calls, readings={"callers": "answered_and_abandoned"})
    assert everybody == Fraction(sum(answered) + sum(abandoned), len(answered) + len(abandoned))
    assert figure("calls", calls) == 33_066
