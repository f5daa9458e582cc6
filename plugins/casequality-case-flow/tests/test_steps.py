"""Steps and stays one by one, times of logs, and logs whose closing activities are named; timelines made by hand."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import casequality as cq
import casequality_case_flow as plugin
from casequality.desk import assess_project
from casequality_case_flow import Event, LoggedCase, read_events, read_steps, read_xes

METRICS = {metric.id.removeprefix("case-flow."): metric for metric in plugin.casequality_metrics()}
DAY, HOUR = 86_400_000_000, 3_600_000_000
LOG = [
    # case, day of May 2010 and hour, activity, holder
    ("1", (1, 8), "Modtag", "Post"),
    ("1", (3, 8), "Behandl", "Team A"),
    ("1", (4, 8), "Høring", "Team A"),
    ("1", (14, 8), "Afgør", "Team B"),
    ("2", (2, 8), "Modtag", "Post"),
    ("2", (5, 20), "Behandl", "Team A"),
    ("2", (5, 21), "Afgør", "Team A"),
    ("2", (9, 8), "Journaliser", "Post"),
    ("3", (6, 8), "Modtag", "Post"),
    ("3", (7, 8), "Behandl", "Team B"),
]
CLOSING = ["Afgør", "Henlæg"]


def table(place: Path) -> Path:
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sag", "tid", "aktivitet", "hvem"])
        # in any order: a log need not be sorted
        for case, (day, hour), activity, holder in reversed(LOG):
            writer.writerow([case, f"2010-05-{day:02d}T{hour:02d}:00:00Z", activity, holder])
    return place


COLUMNS = {"case": "sag", "at": "tid", "activity": "aktivitet", "holder": "hvem"}


def measured(name: str, source: Any, **asked: Any) -> dict[Any, tuple[Any, Any]]:
    result = cq.measure(METRICS[name], source, as_of="2010-07-01", period="2010-05", **asked)
    by = asked.get("by")
    return {each.groups[by] if by else "": (each.value.exact, each.value.denominator) for each in result}


def test_how_long_each_activity_takes(tmp_path: Path) -> None:
    steps = read_steps(table(tmp_path / "log.csv"), columns=COLUMNS, closing=CLOSING)
    found = measured("step-time", steps, by="activity")
    assert found == {
        "Modtag": (Fraction(2 * DAY + 3 * DAY + 12 * HOUR + DAY, 3), 3),
        # that of case 3 goes on, and has no time yet
        "Behandl": (Fraction(DAY + HOUR, 2), 2),
        "Høring": (10 * DAY, 1),
        # case 2 was filed three days and eleven hours later, case 1 ended with its decision
        "Afgør": (Fraction(3 * DAY + 11 * HOUR, 2), 2),
        "Journaliser": (None, 0),
    }
    assert measured("steps", steps, by="activity")["Behandl"][0] == 2
    middle = measured("step-time-median", steps, by="activity")
    assert middle["Modtag"][0] == 2 * DAY
    assert middle["Behandl"][0] == HOUR
    # where no closing activity is named, the last event of each case ends it
    whole = read_steps(table(tmp_path / "log.csv"), columns=COLUMNS)
    assert measured("step-time", whole, by="activity")["Behandl"] == (Fraction(DAY + HOUR, 3), 3)


def test_how_long_cases_stay_with_each_holder(tmp_path: Path) -> None:
    stays = read_steps(table(tmp_path / "log.csv"), columns=COLUMNS, closing=CLOSING, joined=True)
    assert measured("step-time", stays, by="holder") == {
        # case 2 came back to Post, where nothing closes it, so that stay lasts
        "Post": (Fraction(2 * DAY + 3 * DAY + 12 * HOUR + DAY, 3), 3),
        "Team A": (Fraction(11 * DAY + 3 * DAY + 12 * HOUR, 2), 2),
        "Team B": (0, 1),
    }
    assert measured("steps", stays, by="holder", readings={"cohort": "received"})["Post"][0] == 3


@pytest.mark.parametrize("kind", ["table", "xes"])
def test_the_activities_that_close_a_case_are_named(tmp_path: Path, kind: str) -> None:
    assert ended(tmp_path, kind, None) == {
        "1": dt.datetime(2010, 5, 14, 8, tzinfo=dt.UTC),
        "2": dt.datetime(2010, 5, 9, 8, tzinfo=dt.UTC),
        "3": dt.datetime(2010, 5, 7, 8, tzinfo=dt.UTC),
    }
    assert ended(tmp_path, kind, CLOSING) == {
        "1": dt.datetime(2010, 5, 14, 8, tzinfo=dt.UTC),
        "2": dt.datetime(2010, 5, 5, 21, tzinfo=dt.UTC),
        "3": None,
    }


def ended(folder: Path, kind: str, closing: list[str] | None) -> dict[str, Any]:
    if kind == "xes":
        log = read_xes(as_xes(folder / "log.xes"), closing=None if closing is None else ("concept:name", closing))
        return {case["case"]: case["decided_at"] for case in log.cases}
    cases = read_events(
        table(folder / "log.csv"),
        case={"case": "sag"},
        event={"at": "tid", "holder": None, "cause": None},
        closing=None if closing is None else ("aktivitet", closing),
    )
    found: dict[str, Any] = {}
    for part in cases.reading({"case", "decided_at"}).parts:
        for block in part.blocks():
            times = block.records.decided_at.tolist()
            zoned = [at and at.replace(tzinfo=dt.UTC) for at in times]
            found |= dict(zip((str(each) for each in block.records.case.tolist()), zoned, strict=True))
    return found


def as_xes(place: Path) -> Path:
    root = ElementTree.Element("log")
    for name in ("1", "2", "3"):
        trace = ElementTree.SubElement(root, "trace")
        ElementTree.SubElement(trace, "string", key="concept:name", value=name)
        for case, (day, hour), activity, _ in reversed(LOG):
            if case == name:
                event = ElementTree.SubElement(trace, "event")
                at = f"2010-05-{day:02d}T{hour:02d}:00:00Z"
                # the time may stand before the name of the activity or after it
                both = [("string", "concept:name", activity), ("date", "time:timestamp", at)]
                for tag, key, value in both if day % 2 else both[::-1]:
                    ElementTree.SubElement(event, tag, key=key, value=value)
    ElementTree.ElementTree(root).write(place)
    return place


def test_an_end_that_is_said_twice_is_refused(tmp_path: Path) -> None:
    xes = as_xes(tmp_path / "a.xes")
    with pytest.raises(cq.errors.UsageError, match="said twice"):
        read_xes(xes, case={"decided_at": "end"}, closing=("a", ["b"]))
    with pytest.raises(cq.errors.UsageError, match="said twice"):
        read_events(table(tmp_path / "a.csv"), case={"case": "sag", "decided_at": "tid"}, closing=("a", ["b"]))


START = dt.datetime(2010, 3, 1, 9, tzinfo=dt.UTC)


def logged(*timelines: tuple[float, list[tuple[float, str | None]]], threshold: str = "14 calendar days") -> Any:
    """Return a function that measures cases which begin at the start, end after some days and have events."""
    cases, events = [], []
    for number, (lasting, log) in enumerate(timelines):
        end = START + dt.timedelta(days=lasting)
        cases.append({"case": number, "kind": "permit", "received_at": START, "decided_at": end})
        at = [(START + dt.timedelta(days=days), holder) for days, holder in log]
        events += [{"case": number, "at": each, "holder": holder, "cause": None} for each, holder in at]
    source = cq.source(cases, LoggedCase, children={"events": events or Event.empty()})

    def found(name: str) -> dict[str, Any]:
        told: Any = {"parameters": {"threshold": threshold}} if name.startswith("idle") else {}
        result = cq.measure(METRICS[name], source, **told, as_of="2011-01-01", period="2010")
        return {each.facet: each.value.exact for each in result}

    return found


def test_gross_and_net_times_and_the_longest_gap() -> None:
    found = logged(
        (40.5, [(2, "active"), (5, "citizen"), (25, "internal"), (40, "active")]),
        (10, [(1, "third_party"), (4, "statutory_step"), (6, "active")]),
        (3, []),
    )
    assert found("gross-time-median") == {"": 10 * DAY}
    assert found("net-time-median") == {"": 5 * DAY}  # of 20.5, 5 and 3 days
    assert found("longest-gap") == {"": Fraction(20 * DAY + 4 * DAY + 3 * DAY, 3)}
    assert found("longest-gap-of-all") == {"": 20 * DAY}


def test_standstill_in_hours_and_minutes_and_a_threshold_of_hours() -> None:
    timelines: Any = ((2, [(0.25, "internal"), (0.75, None), (1.25, "active")]), (1, [(0.5, "internal")]))
    for threshold, idle, unexplained in (("14 calendar days", 0, 0), ("11 hours", 24, 24), ("12 hours", 0, 0)):
        found = logged(*timelines, threshold=threshold)
        ticks = {"internal_idle": Fraction(idle * HOUR, 2), "unexplained": Fraction(unexplained * HOUR, 2)}
        assert found("idle-hours") == found("idle-minutes") == ticks
    for name, shown in (("idle-hours", 12), ("idle-minutes", 720)):
        assert METRICS[name].unit.scale * 12 * HOUR == shown


def shared(name: str) -> Path:
    return Path(pytest.importorskip("tests.shared", reason="the repository of casequality is not here").shared(name))


def test_steps_of_a_real_log_add_up_to_its_time_and_the_longest_gap_is_that_of_pm4py() -> None:
    file = shared("data/event_logs/receipt.xes.gz")
    with shared("data/event_logs/known_answers.csv").open(encoding="utf-8") as answers:
        known = {row["log"]: row for row in csv.DictReader(answers)}["receipt"]
    log = read_xes(file, event={"activity": "concept:name", "who": "org:group"})
    columns = {"case": "case", "at": "at", "activity": "activity", "holder": "who"}
    asked: dict[str, Any] = {"as_of": "2020-01-01", "period": "2000-01-01..2019-12-31"}
    steps = read_steps(log.events, columns=columns)
    [number] = cq.measure(METRICS["steps"], steps, **asked)
    [mean] = cq.measure(METRICS["step-time"], steps, **asked)
    assert number.value.exact == int(known["events"])
    days = Fraction(mean.value.numerator or 0, DAY) / int(known["cases"])
    assert round(float(days), 6) == float(known["dur_mean_d"])
    with gzip.open(file) as plain:
        root = ElementTree.parse(plain).getroot()
    events = [each for each in root.iter() if each.tag.rpartition("}")[2] == "event"]
    names = [each.get("value") for event in events for each in event if each.get("key") == "org:group"]
    by_holder = cq.measure(METRICS["steps"], steps, by="holder", **asked)
    assert {each.groups["holder"]: each.value.exact for each in by_holder} == {
        name: names.count(name) for name in set(names)
    }
    below = cq.source(log.events, Event, columns={"holder": None, "cause": None})
    cases = cq.source(log.cases, LoggedCase, columns={"kind": None}, children={"events": below})
    [gap] = cq.measure(METRICS["longest-gap-of-all"], cases, **asked)
    assert gap.value.exact == int(float(known["max_gap_d"]) * 24) * HOUR


def test_the_standard_report_on_dead_periods_has_every_class_and_every_cause(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(
        "case,kind,received_at,decided_at\n17,permit,2010-01-20 08:00,2010-03-15 08:00\n", encoding="utf-8"
    )
    (tmp_path / "events.csv").write_text(
        "case,at,holder,cause\n17,2010-01-25 08:00,internal,planning\n17,2010-03-06 08:00,active,\n", encoding="utf-8"
    )
    project = tmp_path / "casequality.toml"
    project.write_text(
        'title = "Døde perioder"\ngoals = ["dead-periods"]\n[sources.logged_cases]\nrecords = "logged_cases"\n'
        'path = "cases.csv"\nchildren = { events = { path = "events.csv" } }\n',
        encoding="utf-8",
    )
    found = assess_project(project, period="2010-Q1", as_of="2010-04-10").assessment.judgements
    figures = {each.goal.id.removeprefix("dead-periods."): each.figure.value.exact for each in found if each.figure}
    some = {name: value for name, value in figures.items() if value}
    assert len(figures) == 6 + 1 + 1 + 2 + 1 + 2 + 10 + 8
    assert some == {
        "times.active": 14 * DAY,
        "times.internal-idle": 40 * DAY,
        "dead-time": Fraction(40, 54),
        "cases": 1,
        "periods.internal-idle": 1,
        "longest": 40 * DAY,
        "gross": 54 * DAY,
        "net": 54 * DAY,
        "causes.planning": 40 * DAY,
        "causes.not-stated": 14 * DAY,
        "idle-causes.planning": 40 * DAY,
    }


@pytest.mark.parametrize("joined", [False, True], ids=["steps", "stays"])
@pytest.mark.parametrize("metric", ["steps", "step-time", "step-time-median"])
@pytest.mark.parametrize("cohort", ["received", "closed"])
def test_an_event_whose_time_nobody_can_read_may_end_any_step_of_its_case(
    metric: str, cohort: str, *, joined: bool
) -> None:
    def figures(lost: str) -> dict[tuple[Any, ...], Any]:
        events = [("1", "2010-05-01", "Modtag", "Post"), ("1", "2010-05-09", "Afgør", "Team A")]
        events += [("2", "2010-05-02", "Modtag", "Post"), ("2", "2010-05-12", "Afgør", "Team A")]
        events += [("1", lost, "Behandl", "Team B")]
        log = [{"sag": case, "tid": f"{at}T08:00Z", "aktivitet": done, "hvem": who} for case, at, done, who in events]
        steps = read_steps(log, columns=COLUMNS, joined=joined)
        periods = ["2010-04", "2010-05", "2010-06"]
        asked: Any = {"readings": {"cohort": cohort}, "by": "activity", "period": periods}
        result = cq.measure(METRICS[metric], steps, as_of="2010-07-01", **asked)
        return {(each.groups["activity"], each.period.label): each for each in result}

    doubtful = figures("?")
    for day in ("2010-04-20", "2010-05-04", "2010-06-01"):
        for place, settled in figures(day).items():
            if settled.value.exact is not None and (settled.value.exact or metric != "steps"):
                lost = doubtful[place]
                assert lost.value.possible
                assert lost.low is None or lost.low <= settled.value.exact
                assert lost.high is None or settled.value.exact <= lost.high
