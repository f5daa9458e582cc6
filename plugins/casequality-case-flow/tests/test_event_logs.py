"""Event logs as files: real logs against pm4py's answers, and files that are split, torn or hostile."""

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
from casequality_case_flow import Event, Log, LoggedCase, read_xes
from casequality_case_flow.dead_periods import DeadPeriods, TimeByHolder, WithDeadPeriod

TICKS = Fraction(86_400_000_000)
REAL = {
    "receipt": "receipt.xes.gz",
    "helpdesk": "helpdesk.xes.gz",
    "bpi2020_DomesticDeclarations": "DomesticDeclarations.xes.gz",
    "bpi2020_RequestForPayment": "RequestForPayment.xes.gz",
}


def shared(name: str) -> Path:
    """Return a file that may be read and not shipped; where the repository is not around, the test skips itself."""
    return Path(pytest.importorskip("tests.shared", reason="the repository of casequality is not here").shared(name))


def known(name: str) -> dict[str, str]:
    with shared("data/event_logs/known_answers.csv").open(encoding="utf-8") as file:
        return {row["log"]: row for row in csv.DictReader(file)}[name]


def measured(metric: Any, log: Log, **readings: str) -> Any:
    events = cq.source(log.events, Event, columns={"holder": None})
    cases = cq.source(log.cases, LoggedCase, children={"events": events}, zone="Europe/Amsterdam")
    return list(cq.measure(metric, cases, as_of="2020-01-01", period="2000-01-01..2019-12-31", readings=readings))


@pytest.mark.parametrize("name", REAL)
def test_durations_and_gaps_of_real_logs_are_those_of_pm4py(name: str) -> None:
    log, answers = read_xes(shared(f"data/event_logs/{REAL[name]}")), known(name)
    assert (len(log.events), len(log.cases)) == (int(answers["events"]), int(answers["cases"]))
    classes = measured(TimeByHolder, log)
    days = sum(figure.value.numerator for figure in classes) / TICKS
    assert round(float(days / len(log.cases)), 6) == float(answers["dur_mean_d"])
    for threshold in (7, 14, 30):
        [_, unexplained] = measured(DeadPeriods(threshold=f"{threshold} calendar days"), log)
        assert unexplained.value.exact == int(answers[f"gaps_gt{threshold}"])
    [cases] = measured(WithDeadPeriod(threshold="30 calendar days"), log, unexplained="dead")
    assert cases.value.numerator == int(answers["cases_gap_gt30"])
    longest = int(float(answers["max_gap_d"]))
    found = [measured(DeadPeriods(threshold=f"{days} calendar days"), log)[1] for days in (longest, longest + 1)]
    assert found[0].value.exact >= 1
    assert found[1].value.exact == 0


def test_a_log_that_is_a_table_gives_the_same_as_pm4py() -> None:
    with shared("data/event_logs/roadtraffic100traces.csv").open(encoding="utf-8") as file:
        rows = [
            {"case": row["case:concept:name"], "at": dt.datetime.fromisoformat(row["time:timestamp"])}
            for row in csv.DictReader(file)
        ]
    times: dict[str, list[dt.datetime]] = {}
    for row in rows:
        times.setdefault(str(row["case"]), []).append(row["at"])  # type: ignore[arg-type]
    cases = [{"case": name, "received_at": min(at), "decided_at": max(at)} for name, at in times.items()]
    log, answers = Log(cases, rows), known("roadtraffic100")
    days = sum(figure.value.numerator for figure in measured(TimeByHolder, log)) / TICKS
    assert round(float(days / 100), 6) == float(answers["dur_mean_d"])
    [_, unexplained] = measured(DeadPeriods(threshold="14 calendar days"), log)
    assert unexplained.value.exact == int(answers["gaps_gt14"])


LOG = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
<global scope="event"><date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/></global>
<trace>
  <string key="concept:name" value="A &amp; B"/>
  <date key="end" value="2006-05-01T00:00:00+02:00"/>
  <event><date key="time:timestamp" value="2006-03-03T00:00:00Z"/><string key="who" value="Borger"/></event>
  <event><string key="who" value="Os"><string key="who" value="deeper"/></string>
    <date key="time:timestamp" value="2006-03-02T00:00:00Z"/></event>
</trace>
<trace><string key="concept:name" value="empty"/></trace>
</log>"""


def written(folder: Path, text: str) -> Path:
    path = folder / "log.xes"
    path.write_text(text, encoding="utf-8")
    return path


def test_attributes_are_read_at_their_own_level_only(tmp_path: Path) -> None:
    log = read_xes(written(tmp_path, LOG), case={"decided_at": "end"}, event={"holder": "who"})
    first, last = (dt.datetime(2006, 3, day, tzinfo=dt.UTC) for day in (2, 3))
    assert log.cases == [
        {"case": "A & B", "received_at": first, "decided_at": dt.datetime.fromisoformat("2006-05-01T00:00:00+02:00")},
        {"case": "empty", "received_at": None, "decided_at": None},
    ]
    assert log.events == [
        {"case": "A & B", "at": last, "holder": "Borger"},
        {"case": "A & B", "at": first, "holder": "Os"},
    ]


def test_a_file_that_declares_entities_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(cq.errors.InputError, match="document type"):
        read_xes(written(tmp_path, LOG.replace("<log ", f"{bomb}<log ")))


@pytest.mark.parametrize("text", ["", "no xml", LOG[:-40]], ids=["empty", "text", "torn"])
def test_what_is_no_whole_log_is_refused_without_its_content(tmp_path: Path, text: str) -> None:
    with pytest.raises(cq.errors.InputError, match="XES") as fault:
        read_xes(written(tmp_path, text))
    assert "no xml" not in str(fault.value)


def test_a_torn_compressed_log_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    path.write_bytes(gzip.compress(LOG.encode())[:-20])
    with pytest.raises(cq.errors.InputError, match="XES"):
        read_xes(path)


def test_a_case_whose_events_lie_in_two_files_is_one_case(tmp_path: Path) -> None:
    cases = [{"case": 1, "received_at": "2006-03-01T00:00:00Z", "decided_at": "2006-05-01T00:00:00Z"}]
    events = ["1,2006-03-02T00:00:00Z,citizen", "1,2006-03-12T00:00:00Z,internal"]
    for number, event in enumerate(reversed(events)):
        (tmp_path / f"events-{number}.csv").write_text(f"case,at,holder\n{event}\n", encoding="utf-8")

    def figures(data: Any) -> dict[str, Any]:
        below = cq.source(data, Event)
        source = cq.source(cases, LoggedCase, children={"events": below})
        return {
            each.facet: each.value.exact for each in cq.measure(TimeByHolder, source, as_of="2007-01-01", period="2006")
        }

    together = figures([dict(zip(("case", "at", "holder"), event.split(","), strict=True)) for event in events])
    assert figures(str(tmp_path / "events-*.csv")) == together
    assert together["citizen"] == 10 * TICKS


def test_a_case_that_two_files_tell_differently_is_set_aside(tmp_path: Path) -> None:
    for number, day in enumerate(("2006-05-01", "2006-06-01")):
        row = f"1,2006-03-01T00:00:00Z,{day}T00:00:00Z"
        (tmp_path / f"cases-{number}.csv").write_text(f"case,received_at,decided_at\n{row}\n", encoding="utf-8")
    source = cq.source(str(tmp_path / "cases-*.csv"), LoggedCase, children={"events": Event.empty()})
    result = cq.measure(TimeByHolder, source, as_of="2007-01-01", period="2006")
    assert [finding.fault for finding in result.findings.items] == ["conflicting key"] * 2


def test_what_is_asked_for_and_absent_is_open() -> None:
    file = shared("data/event_logs/receipt.xes.gz")
    with gzip.open(file) as plain:
        traces = [each for each in ElementTree.parse(plain).getroot() if each.tag.endswith("trace")]
    dated = [any(each.get("key") == "enddate" for each in trace) for trace in traces]
    log = read_xes(file, case={"decided_at": "enddate"})
    assert [case["decided_at"] is not None for case in log.cases] == dated
    assert 0 < dated.count(False) < len(dated)


def test_a_prefix_is_no_other_element(tmp_path: Path) -> None:
    plain = '<log xmlns="http://www.xes-standard.org/"><trace><string key="concept:name" value="7"/></trace></log>'
    prefixed = plain.replace("xmlns", "xmlns:x").replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    (tmp_path / "plain.xes").write_text(plain, encoding="utf-8")
    (tmp_path / "prefixed.xes").write_text(prefixed, encoding="utf-8")
    assert read_xes(tmp_path / "prefixed.xes") == read_xes(tmp_path / "plain.xes")
    assert [case["case"] for case in read_xes(tmp_path / "plain.xes").cases] == ["7"]


@pytest.mark.parametrize("text", ["<html><body/></html>", "<trace/>", "<feed xmlns='http://www.w3.org/2005/Atom'/>"])
def test_another_kind_of_xml_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "other.xes").write_text(text, encoding="utf-8")
    with pytest.raises(cq.errors.InputError, match="no log in XES"):
        read_xes(tmp_path / "other.xes")


def test_times_without_a_zone_are_those_of_the_source(tmp_path: Path) -> None:
    events = "".join(
        f'<event><date key="time:timestamp" value="2010-{month}-01T12:00:00"/></event>' for month in ("07", "01")
    )
    (tmp_path / "naive.xes").write_text(
        f'<log><trace><string key="concept:name" value="7"/>{events}</trace></log>', encoding="utf-8"
    )
    log = read_xes(tmp_path / "naive.xes")
    assert (log.cases[0]["received_at"], log.cases[0]["decided_at"]) == ("2010-01-01 12:00:00", "2010-07-01 12:00:00")
    cases = cq.source(log.cases, LoggedCase, zone="Europe/Amsterdam")
    [block] = [
        block for part in cases.reading(frozenset(["received_at", "decided_at"])).parts for block in part.blocks()
    ]
    records: Any = block.records
    assert [str(column[0]) for column in (records.received_at, records.decided_at)] == [
        "2010-01-01T11:00:00.000000",
        "2010-07-01T10:00:00.000000",
    ]


def test_times_with_and_without_a_zone_in_one_case_are_found(tmp_path: Path) -> None:
    events = "".join(
        f'<event><date key="time:timestamp" value="2010-01-01T12:00:00{zone}"/></event>' for zone in ("", "Z")
    )
    (tmp_path / "mixed.xes").write_text(
        f'<log><trace><string key="concept:name" value="7"/>{events}</trace></log>', encoding="utf-8"
    )
    cases = cq.source(read_xes(tmp_path / "mixed.xes").cases, LoggedCase, zone="Europe/Amsterdam")
    [block] = [block for part in cases.reading(frozenset(["received_at"])).parts for block in part.blocks()]
    assert sum(finding.count for finding in block.findings.items) == 1


def test_an_event_outside_every_case_and_an_attribute_without_value_are_kept(tmp_path: Path) -> None:
    (tmp_path / "odd.xes").write_text(
        '<log><string value="no key"/><event><date key="time:timestamp" value="2010-01-01T12:00:00Z"/></event>'
        '<trace><string key="concept:name" value="7"/><string value="x"/><date key="enddate"/></trace></log>',
        encoding="utf-8",
    )
    log = read_xes(tmp_path / "odd.xes", case={"decided_at": "enddate"})
    assert [event["case"] for event in log.events] == [None]
    assert log.cases[0]["decided_at"] == "attribute without a value"
    cases = cq.source(log.cases, LoggedCase, zone="Europe/Amsterdam")
    [block] = [block for part in cases.reading(frozenset(["decided_at"])).parts for block in part.blocks()]
    assert sum(finding.count for finding in block.findings.items) == 1


def test_an_element_without_end_is_refused(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "long.xes.gz", "wb") as file:
        file.write(b'<log><trace><string key="concept:name" value="')
        for _ in range(40):
            file.write(b"x" * (1 << 20))
        file.write(b'"/></trace></log>')
    with pytest.raises(cq.errors.InputError, match="longer than any should be"):
        read_xes(tmp_path / "long.xes.gz")
    two = b'<log><trace><string key="concept:name" value="' + b"x" * (2 << 20) + b'"/></trace></log>'
    (tmp_path / "two.xes").write_bytes(two)
    assert len(read_xes(tmp_path / "two.xes").cases[0]["case"]) == 2 << 20


@pytest.mark.parametrize("kind", ["date", "string"])
@pytest.mark.parametrize("about", ["{}", " {} ", "{}\t"])
def test_a_case_begins_with_its_first_event_however_its_time_is_written(tmp_path: Path, kind: str, about: str) -> None:
    """Whatever intake reads as the time of an event is one of those that a case begins and ends with."""
    first, last = (f"2010-06-0{day}T12:00:00Z" for day in (1, 2))
    times = (f'<event><{kind} key="time:timestamp" value="{about.format(at)}"/></event>' for at in (first, last))
    (tmp_path / "a.xes").write_text(
        f'<log><trace><string key="concept:name" value="1"/>{"".join(times)}</trace></log>', encoding="utf-8"
    )
    [case] = read_xes(tmp_path / "a.xes").cases
    assert [case["received_at"], case["decided_at"]] == [dt.datetime.fromisoformat(at) for at in (first, last)]


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0" encoding="none"?><log/>',
        '<?xml version="1.0" encoding="shift_jis"?><log/>',
        '<?xml version="1.0" encoding="base64"?><log/>',
        "<log><trace><trace/></trace></log>",
        "<log><trace><event><event/></event></trace></log>",
    ],
)
def test_an_encoding_that_nobody_knows_and_cases_within_cases_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.xes").write_text(content, encoding="ascii")
    with pytest.raises(cq.errors.InputError, match=r"XES|another"):
        read_xes(tmp_path / "a.xes")


def test_an_offset_of_75_minutes_is_read_by_nobody(tmp_path: Path) -> None:
    """Python reads it as an hour and a quarter more."""
    (tmp_path / "a.xes").write_text(
        '<log><trace><event><date key="time:timestamp" value="2010-06-01T12:00:00+02:75"/></event></trace></log>',
        encoding="ascii",
    )
    assert read_xes(tmp_path / "a.xes").events[0]["at"] == "2010-06-01T12:00:00+02:75"


@pytest.mark.parametrize("time", ["soon", "2010-06-01T12:00:00+02:75", "2010-06-01T24:00:00Z"])
def test_a_case_does_not_begin_with_the_next_event_where_nobody_can_read_the_first(tmp_path: Path, time: str) -> None:
    other = '<event><date key="time:timestamp" value="2010-06-02T12:00:00Z"/><string key="done" value="{}"/></event>'
    (tmp_path / "a.xes").write_text(
        '<log><trace><string key="concept:name" value="1"/>'
        f'<event><date key="time:timestamp" value="{time}"/><string key="done" value="begin"/></event>'
        f"{other.format('end')}</trace>"
        f'<trace><string key="concept:name" value="2"/>{other.format("no")}</trace></log>',
        encoding="ascii",
    )
    log = read_xes(tmp_path / "a.xes")
    known = dt.datetime(2010, 6, 2, 12, tzinfo=dt.UTC)
    assert [case["received_at"] == known for case in log.cases] == [False, True]
    found = found_in(cq.source(log.cases, LoggedCase))
    assert found == {("received_at", "unreadable value"): (1,), ("decided_at", "unreadable value"): (1,)}
    closed = read_xes(tmp_path / "a.xes", closing=("done", ["end"]))
    assert [case["decided_at"] for case in closed.cases] == [known, None]


def found_in(source: Any) -> dict[tuple[str, str], tuple[int, ...]]:
    blocks = [block for part in source.reading(["received_at", "decided_at"]).parts for block in part.blocks()]
    return {(one.column, one.fault): tuple(one.rows) for block in blocks for one in block.findings.items}


def test_a_case_may_be_named_after_its_events(tmp_path: Path) -> None:
    (tmp_path / "a.xes").write_text(
        '<log><trace><event><date key="time:timestamp" value="2010-06-01"/></event>'
        '<string key="concept:name" value="1"/></trace></log>',
        encoding="ascii",
    )
    assert [event["case"] for event in read_xes(tmp_path / "a.xes").events] == ["1"]
