"""Event logs in tables: the figures of the same logs in XES, and what a table can say that XES cannot."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import casequality as cq
from casequality_case_flow import Event, LoggedCase, read_events, read_xes
from casequality_case_flow.dead_periods import DeadPeriods, TimeByHolder, WithDeadPeriod

REAL = [("receipt", ".csv"), ("receipt", ".parquet"), ("receipt", "frame"), ("helpdesk", ".csv")]


def shared(name: str) -> Path:
    """Return a file that may be read and not shipped; where the repository is not around, the test skips itself."""
    return Path(pytest.importorskip("tests.shared", reason="the repository of casequality is not here").shared(name))


def as_table(file: Path) -> list[dict[str, str]]:
    """Return a log in XES as pm4py writes it in a table: what is said of a case in each of its rows."""
    with gzip.open(file) as plain:
        root = ElementTree.parse(plain).getroot()
    rows = []
    for trace in (each for each in root if each.tag.endswith("trace")):
        case = {f"case:{each.get('key')}": each.get("value", "") for each in trace if each.get("key")}
        for event in (each for each in trace if each.tag.endswith("event")):
            found = {each.get("key", ""): each.get("value", "") for each in event}
            rows += [{**case, **found}]
    return rows


def written(rows: list[dict[str, str]], place: Path) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    if place.suffix == ".csv":
        with place.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, restval="")
            writer.writeheader()
            writer.writerows(rows)
    else:
        pa = pytest.importorskip("pyarrow")
        import pyarrow.parquet as pq

        columns = {name: [row.get(name) for row in rows] for name in names}
        columns["time:timestamp"] = [dt.datetime.fromisoformat(row["time:timestamp"]) for row in rows]  # type: ignore[misc]
        pq.write_table(pa.table(columns), place, row_group_size=1000)
    return place


def figures(cases: Any) -> list[Any]:
    found: list[Any] = []
    asked: list[tuple[cq.Metric, dict[str, str]]] = [
        (TimeByHolder(), {}),
        (DeadPeriods(threshold="14 calendar days"), {}),
        (WithDeadPeriod(threshold="30 calendar days"), {"unexplained": "dead", "cohort": "received"}),
    ]
    for metric, reading in asked:
        result = cq.measure(metric, cases, as_of="2020-01-01", period="2000-01-01..2019-12-31", readings=reading)
        found += [(each.facet, each.value.numerator, each.value.denominator) for each in result]
        found.append(result.accounts)
    return found


def from_xes(file: Path, **case: str) -> Any:
    log = read_xes(file, case=case)
    events = cq.source(log.events, Event, columns={"holder": None, "cause": None})
    return cq.source(log.cases, LoggedCase, children={"events": events}, zone="Europe/Amsterdam")


@pytest.mark.parametrize(("name", "kind"), REAL)
def test_a_table_gives_the_figures_of_the_same_log_in_xes(name: str, kind: str, tmp_path: Path) -> None:
    file = shared(f"data/event_logs/{name}.xes.gz")
    rows = as_table(file)
    data: Any = written(rows, tmp_path / f"log{kind}") if kind != "frame" else None
    if data is None:
        data = pytest.importorskip("pandas").DataFrame(rows)[["case:concept:name", "time:timestamp"]]
    cases = read_events(data, event={"holder": None, "cause": None}, zone="Europe/Amsterdam")
    assert figures(cases) == figures(from_xes(file))


@pytest.mark.parametrize("kind", [".csv", ".parquet"])
def test_open_cases_stay_open(kind: str, tmp_path: Path) -> None:
    """Of 1,430 cases 844 stood still for more than 30 days, as of a day by which nothing more was written."""
    file = shared("data/event_logs/receipt.xes.gz")
    asked = {"received_at": "case:startdate", "decided_at": "case:enddate"}
    table = written(as_table(file), tmp_path / f"log{kind}")
    cases = read_events(table, case=asked, event={"holder": None, "cause": None}, zone="Europe/Amsterdam")
    result = cq.measure(
        WithDeadPeriod(threshold="30 calendar days"),
        cases,
        as_of="2020-01-01",
        period="2000-01-01..2019-12-31",
        readings={"unexplained": "dead", "cohort": "received"},
    )
    assert [(each.value.numerator, each.value.denominator) for each in result] == [(844, 1430)]
    in_xes = from_xes(file, received_at="startdate", decided_at="enddate")
    assert figures(cases) == figures(in_xes)


def test_the_log_that_is_a_table_gives_the_same_as_pm4py() -> None:
    file = shared("data/event_logs/roadtraffic100traces.csv")
    with shared("data/event_logs/known_answers.csv").open(encoding="utf-8") as answers:
        [known] = [row for row in csv.DictReader(answers) if row["log"] == "roadtraffic100"]
    cases = read_events(file, event={"holder": None, "cause": None})
    times = cq.measure(TimeByHolder(), cases, as_of="2020-01-01", period="2000-01-01..2019-12-31")
    days = sum(each.value.numerator or 0 for each in times) / 86_400_000_000
    assert round(float(days) / 100, 6) == float(known["dur_mean_d"])
    [_, gaps] = cq.measure(
        DeadPeriods(threshold="14 calendar days"), cases, as_of="2020-01-01", period="2000-01-01..2019-12-31"
    )
    assert gaps.value.exact == int(known["gaps_gt14"])


def row(case: object, at: object, holder: object = "Borger", **more: object) -> dict[str, object]:
    return {"Sagsnr": case, "Tidspunkt": at, "Hos": holder, "Afsluttet": None, **more}


def logged(rows: Any, **case: str) -> Any:
    return read_events(
        rows,
        case={"case": "Sagsnr", **case},
        event={"at": "Tidspunkt", "holder": "Hos", "cause": None},
        codes={"holder": {"Borger": "citizen", "Os": "internal"}},
        zone="Europe/Copenhagen",
    )


def dates(cases: Any) -> list[tuple[str | None, str | None]]:
    blocks = [block.records for part in cases.reading({"received_at", "decided_at"}).parts for block in part.blocks()]
    return [
        (None if str(first) == "NaT" else str(first)[:16], None if str(last) == "NaT" else str(last)[:16])
        for block in blocks
        for first, last in zip(block.received_at, block.decided_at, strict=True)
    ]


def test_first_and_last_time_are_those_of_the_case_wherever_its_rows_lie() -> None:
    rows = [row(1, "2010-07-01 12:00"), row("2", "2010-01-01 12:00"), row("1 ", "2010-01-01 12:00"), row(2, None)]
    assert dates(logged(rows)) == [("2010-01-01T11:00", "2010-07-01T10:00"), ("2010-01-01T11:00", "2010-01-01T11:00")]


def log_of(lost: str) -> str:
    events = [("1", "Modtag", "2010-02-01"), ("1", "Afgør", lost), ("1", "Journaliser", "2010-04-10")]
    events += [("2", "Modtag", "2010-03-01"), ("2", "Afgør", "2010-04-20")]
    return "sag,aktivitet,tid\n" + "".join(f"{case},{what},{at}T12:00:00Z\n" for case, what, at in events)


def xes_of(table: str) -> str:
    traces: dict[str, str] = {}
    for line in table.splitlines()[1:]:
        case, what, at = line.split(",")
        event = f'<string key="concept:name" value="{what}"/><date key="time:timestamp" value="{at}"/>'
        traces[case] = traces.get(case, "") + f"<event>{event}</event>"
    cases = (f'<trace><string key="concept:name" value="{case}"/>{each}</trace>' for case, each in traces.items())
    return f"<log>{''.join(cases)}</log>"


AS_TABLE: Any = {"case": {"case": "sag"}, "event": {"at": "tid", "holder": None, "cause": None}}


def from_xes_events(path: Path, closing: Any = None) -> Any:
    log = read_xes(path, closing=None if closing is None else ("concept:name", closing))
    below = {"events": cq.source(log.events, Event, columns={"holder": None, "cause": None})}
    return cq.source(log.cases, LoggedCase, columns={"kind": None}, children=below)


def from_table_of_events(path: Path, closing: Any = None) -> Any:
    return read_events(path, **AS_TABLE, closing=None if closing is None else ("aktivitet", closing))


BY_ITS_EVENTS = {"a table": from_table_of_events, "a log in XES": from_xes_events}


@pytest.mark.parametrize("closing", [None, ["Afgør"], ["Journaliser"]], ids=["last event", "it may close", "another"])
@pytest.mark.parametrize("kind", BY_ITS_EVENTS)
@pytest.mark.parametrize("cohort", ["received", "closed"])
def test_a_time_that_nobody_can_read_may_begin_or_end_its_case(
    kind: str, closing: Any, cohort: str, tmp_path: Path
) -> None:
    """It may be the first, one between, or the last; the share of cases of a month with a dead period is asked."""

    def figure(lost: str) -> Any:
        text = log_of(lost)
        path = tmp_path / "log.csv"
        path.write_text(text if kind == "a table" else xes_of(text), encoding="utf-8")
        cases = BY_ITS_EVENTS[kind](path, closing)
        metric = WithDeadPeriod(threshold="40 calendar days")
        asked: Any = {"as_of": "2010-07-01", "period": ["2010-01", "2010-02", "2010-04", "2010-05"]}
        return list(cq.measure(metric, cases, readings={"cohort": cohort}, **asked))

    doubtful = figure("2010-13-45")
    for day in ("2010-01-05", "2010-02-10", "2010-04-25", "2010-05-05"):
        for lost, settled in zip(doubtful, figure(day), strict=True):
            if settled.value.exact is not None:
                assert lost.value.possible
                assert lost.low <= settled.value.exact <= lost.high


def test_whether_it_may_be_the_end_is_told_by_what_was_done(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(log_of("?"), encoding="utf-8")

    def doubted(**asked: Any) -> dict[str, int]:
        cases = read_events(path, **AS_TABLE, **asked)
        blocks = [each for part in cases.reading({"received_at", "decided_at"}).parts for each in part.blocks()]
        found = [(name, each.records.in_doubt({name})) for each in blocks for name in ("received_at", "decided_at")]
        return {name: 0 if mask is None else int(mask.sum()) for name, mask in found}

    assert doubted() == {"received_at": 1, "decided_at": 1}
    assert doubted(closing=("aktivitet", ["Afgør"])) == {"received_at": 1, "decided_at": 1}
    assert doubted(closing=("aktivitet", ["Journaliser"])) == {"received_at": 1, "decided_at": 0}
    path.write_text(log_of("?").replace("Afgør", ""), encoding="utf-8")
    assert doubted(closing=("aktivitet", ["Journaliser"])) == {"received_at": 1, "decided_at": 1}


def test_what_is_said_in_one_row_of_a_case_is_said_of_the_case() -> None:
    rows = [
        row(1, "2010-01-01 00:00"),
        row(1, "2010-02-01 00:00", Afsluttet="2010-03-01 00:00"),
        row(2, "2010-01-01 00:00"),
    ]
    found = dates(logged(rows, decided_at="Afsluttet"))
    assert found == [("2009-12-31T23:00", "2010-02-28T23:00"), ("2009-12-31T23:00", None)]


def test_two_rows_that_contradict_each_other_are_found() -> None:
    rows = [row(1, "2010-01-01 00:00", Afsluttet=f"2010-0{month}-01 00:00") for month in (3, 4)]
    rows.append(row(2, "2010-01-01 00:00", Afsluttet="2010-03-01 00:00"))
    result = cq.measure(TimeByHolder(), logged(rows, decided_at="Afsluttet"), as_of="2011-01-01", period="2010")
    assert [(item.column, item.fault) for item in result.findings.items] == [("case", "conflicting key")]
    assert (result.accounts["read"], result.accounts["set aside"]) == (3, 2)


def test_an_end_that_cannot_be_read_is_no_open_case() -> None:
    rows = [row(1, "2010-01-01 00:00", Afsluttet="engang i maj")]
    result = cq.measure(TimeByHolder(), logged(rows, decided_at="Afsluttet"), as_of="2011-01-01", period="2010")
    assert [(item.column, item.fault) for item in result.findings.items] == [("decided_at", "unreadable value")]


def test_rows_at_fault_are_found_by_their_numbers_in_the_table(tmp_path: Path) -> None:
    lines = ["1,2010-01-01 00:00,Os", "1,snart,Os", ",2010-01-02 00:00,Os", "1,2010-02-01 00:00"]
    (tmp_path / "log.csv").write_text("\n".join(["Sagsnr,Tidspunkt,Hos", *lines, ""]), encoding="utf-8")
    result = cq.measure(TimeByHolder(), logged(tmp_path / "log.csv"), as_of="2011-01-01", period="2010")
    found = {(item.column, item.fault): item.rows.tolist() for item in result.findings.items}
    assert found["events.Tidspunkt", "unreadable value"] == [2]
    assert [4] in found.values()
    assert [3] in found.values()


def test_what_can_be_read_only_once_is_refused() -> None:
    with pytest.raises(cq.errors.UsageError, match="read twice"):
        logged(iter([row(1, "2010-01-01 00:00")]))


@pytest.mark.parametrize("argument", ["case", "event", "codes"])
def test_a_field_that_is_not_there_is_named(argument: str) -> None:
    with pytest.raises(cq.errors.UnknownName, match=argument):
        read_events([row(1, "2010-01-01 00:00")], **{argument: {"holdr": {}}})  # type: ignore[arg-type]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(cq.errors.InputError, match=r"(?s)concept:name"):
        read_events([row(1, "2010-01-01 00:00")]).reading({"received_at"})


@pytest.mark.parametrize("closing", [None, ("done", ["end"])])
def test_a_case_does_not_begin_with_the_next_event_where_nobody_can_read_the_first(closing: Any) -> None:
    rows = [
        {"case": case, "at": at, "done": done}
        for case, at, done in (
            ("1", "soon", "begin"),
            ("1", "2010-06-02 12:00Z", "end"),
            ("2", "2010-06-02 12:00Z", "begin"),
            ("2", "2010-06-03 24:00Z", "end"),
            ("3", "2010-06-02 12:00Z", "end"),
            ("3", "", "begin"),
        )
    ]
    told: dict[str, Any] = {"case": {"case": "case"}, "event": {"at": "at", "holder": None}, "zone": "UTC"}
    cases = read_events(rows, closing=closing, **told)
    found = {name: [type(row[name]) for row in cases.table.mappings] for name in ("received_at", "decided_at")}
    assert found["received_at"] == [str, str, dt.datetime]
    assert found["decided_at"] == [dt.datetime if closing else str, str, dt.datetime]
