"""The engine on Spark answers as this process does, to the byte."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest

import casequality as cq
from casequality.engines import Engine, InProcess
from casequality.engines.counting import Request
from casequality.errors import CaseQualityError, EngineError, InputError, PluginError, UsageError
from casequality.host import discover
from casequality.metrics import Axis, Question
from casequality.records import Records
from tests.factories.stored_tallies import KINDS, stored_tallies, write_files
from tests.shared import shared
from tests.spark.answers import IN_PROCESS, counted, reported
from tests.spark.notified import Case, Crashing, Decided, Failing, Notified, cases, notices

pa = pytest.importorskip("pyarrow")
pytest.importorskip("pyspark")
import pyarrow.parquet as pq
from pyspark.cloudpickle import register_pickle_by_value, unregister_pickle_by_value

from casequality.engines.spark import Spark
from casequality.engines.spark.identity import Code
from casequality.engines.spark.messages import Sent, Site, fault_of
from casequality.engines.spark.session import session_of

NONE = discover(only=[])
WORDS: dict[str, Any] = {"as_of": "2010-10-01", "by": "office", "plugins": NONE}


@pytest.fixture
def spark(local: Any) -> Engine:
    return Spark(local)


def written(rows: list[dict[str, Any]], path: Path, group: int) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=group)
    return path


def test_the_example_project(spark: Engine, tmp_path: Path) -> None:
    example = pytest.importorskip("casequality_copenhagen.example")
    example.write(tmp_path)
    expected, on_spark = (reported(tmp_path / "casequality.toml", each, tmp_path) for each in (IN_PROCESS[1], spark))
    assert expected == on_spark


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_every_metric_on_invented_records(kind: type[Records], spark: Engine, tmp_path: Path) -> None:
    source = write_files(tmp_path, kind, group=10)
    assert stored_tallies(kind, source, spark) == stored_tallies(kind, source, IN_PROCESS[0])


def test_real_calls(spark: Engine, tmp_path: Path) -> None:
    pytest.importorskip("casequality_contact_centre")
    shared("data/calls_february_1999/calls.csv.gz")
    pytest.importorskip("tests.real", reason="tests on real data are not here")
    from tests.real.test_real_calls import EARLY, MAPPING, prepared

    words = {name: value for name, value in MAPPING.items() if name != "where"}
    words = {**words, "by": "queue", "checks_off": [EARLY]}
    metrics = ["contact-centre.mean-wait", "contact-centre.p90-wait"]
    data = prepared(tmp_path)
    one, two, on_spark = (counted(metrics, data, each, tmp_path, **words) for each in (*IN_PROCESS, spark))
    assert one == two == on_spark


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_rows_and_child_rows_meet_by_their_key(kind: str, spark: Engine, tmp_path: Path) -> None:
    own = cases(900, 1)
    below = notices(own, 2)
    for number in range(3):
        written(own[number * 300 : number * 300 + 300], tmp_path / f"cases-{number}.parquet", 70)
    parts = [pa.Table.from_pylist(part) for part in (below[:200], below[200:])]
    for number, part in enumerate(parts):
        if kind == "parquet":
            pq.write_table(part, tmp_path / f"notices-{number}.parquet", row_group_size=90)
        else:
            pytest.importorskip("pyarrow.csv").write_csv(part, tmp_path / f"notices-{number}.csv")
    words = {**WORDS, "children": {"notices": str(tmp_path / f"notices-*.{kind}")}}
    asked = [Notified, Decided], str(tmp_path / "cases-*.parquet")
    one, two, on_spark = (counted(*asked, each, tmp_path, **words) for each in (*IN_PROCESS, spark))
    faults = {item.fault for item in one[1].items}
    assert {"conflicting key", "repeated row", "child without a parent", "began before its parent"} <= faults
    assert one == two == on_spark


def test_frames_are_counted_where_they_lie(local: Any, spark: Engine, tmp_path: Path) -> None:
    own = cases(600, 3)
    below = notices(own, 4)
    frame, under = (local.createDataFrame(pa.Table.from_pylist(rows)).repartition(3).cache() for rows in (own, below))
    words, fetched = {**WORDS, "children": {"notices": under}}, {**WORDS, "children": {"notices": under.toArrow()}}
    expected = counted([Notified], frame.toArrow(), IN_PROCESS[0], tmp_path, **fetched)
    assert counted([Notified], frame, spark, tmp_path, **words) == expected
    expected = counted([Decided], frame.toArrow(), IN_PROCESS[0], tmp_path, **WORDS)
    assert counted([Decided], frame, spark, tmp_path, **WORDS) == expected
    assert counted([Decided], frame, IN_PROCESS[1], tmp_path, **WORDS) == expected
    nothing = frame.filter("received_on < date '2000-01-01'")
    expected = counted([Decided], nothing.toArrow(), IN_PROCESS[0], tmp_path, **WORDS)
    assert counted([Decided], nothing, spark, tmp_path, **WORDS) == expected


def test_rows_of_a_frame_are_numbered_through_its_partitions(local: Any, spark: Engine) -> None:
    rows = [{"case": number, "received_on": f"2010-01-{1 + number % 28:02}"} for number in range(1, 91)]
    for number in (3, 40, 88):
        rows[number - 1]["received_on"] = "?"
    frame = local.createDataFrame(pa.Table.from_pylist(rows)).coalesce(1).repartitionByRange(4, "case")
    columns = {"decided_on": None, "office": None}
    found = cq.measure(Decided, frame, as_of="2010-10-01", columns=columns, engine=spark).findings
    assert [(item.fault, item.rows.tolist()) for item in found.items] == [("unreadable value", [3, 40, 88])]


@pytest.mark.parametrize("kind", ["pandas", "rows", "stream", "parquet"])
def test_a_small_child_table_travels_to_a_frame(kind: str, local: Any, spark: Engine, tmp_path: Path) -> None:
    own = cases(600, 3)
    below = pa.Table.from_pylist(notices(own, 4))
    given = {
        "pandas": below.to_pandas,
        "rows": below.to_pylist,
        "stream": lambda: pa.RecordBatchReader.from_batches(below.schema, below.to_batches()),
        "parquet": lambda: [written(below.slice(0, 300).to_pylist(), tmp_path / "notices.parquet", 50)],
    }[kind]
    frame = local.createDataFrame(pa.Table.from_pylist(own)).repartition(3).cache()
    expected = counted([Notified], frame.toArrow(), IN_PROCESS[0], tmp_path, **WORDS, children={"notices": given()})
    with not_fetched(frame):
        assert counted([Notified], frame, spark, tmp_path, **WORDS, children={"notices": given()}) == expected


@contextmanager
def not_fetched(frame: Any) -> Iterator[None]:
    """Let no more of a frame come here than counts."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("toArrow", "toPandas", "toLocalIterator"):
            patch.setattr(type(frame), name, lambda *_: pytest.fail("the frame was fetched"))
        yield


def test_small_cases_travel_to_a_frame_of_child_rows(local: Any, spark: Engine, tmp_path: Path) -> None:
    own = cases(100, 3)
    under = local.createDataFrame(pa.Table.from_pylist(notices(own, 4))).repartition(3).cache()
    expected = counted([Notified], own, IN_PROCESS[0], tmp_path, **WORDS, children={"notices": under.toArrow()})
    with not_fetched(under):
        assert counted([Notified], own, spark, tmp_path, **WORDS, children={"notices": under}) == expected


@pytest.mark.parametrize(
    ("children", "columns", "told"),
    [
        ({}, {}, "has no child table for the field notices"),
        ({"notices": [{"sent_on": "2010-01-01", "kind": "a"}]}, {}, "has no column for the field case of notices"),
        ({"notices": [{"case": 1, "sent_on": "2010-01-01", "kind": "a"}]}, {"case": None}, "meet by a key"),
    ],
)
def test_a_frame_is_not_fetched_where_child_rows_cannot_meet_it(
    children: dict[str, Any], columns: dict[str, None], told: str, local: Any, spark: Engine, tmp_path: Path
) -> None:
    frame = local.createDataFrame(pa.Table.from_pylist(cases(30, 3)))
    with not_fetched(frame), pytest.raises(CaseQualityError) as raised:
        counted([Notified], frame, spark, tmp_path, **WORDS, children=children, columns=columns)
    assert told in str(raised.value)


def test_folders_say_what_their_rows_have(spark: Engine, tmp_path: Path) -> None:
    own = cases(300, 3)
    for office in ("north", "south"):
        (tmp_path / "cases" / f"office={office}").mkdir(parents=True)
        rows = [{name: each[name] for name in each if name != "office"} for each in own if each["office"] == office]
        written(rows, tmp_path / "cases" / f"office={office}" / "part.parquet", 40)
    told: list[int] = []
    expected = counted([Decided], tmp_path / "cases", IN_PROCESS[0], tmp_path, **WORDS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(InProcess, "tally", lambda *_, **__: pytest.fail("it was counted on the driver"))
        words = {**WORDS, "progress": lambda done, _: told.append(done)}
        on_spark = counted([Decided], tmp_path / "cases", spark, tmp_path, **words)
    assert on_spark == expected
    assert told[-1] == sum(each["office"] in ("north", "south") for each in own)


class Call(cq.Records, name="calls"):
    call = cq.key()
    came_at = cq.instant()


@attrs.frozen
class Taken(cq.Metric):
    """Calls taken, by the local day on which they came."""

    id = "test.taken"
    title = {"en": "Taken"}
    records = Call
    outcomes = cq.outcomes(taken=cq.YES, lost=cq.NO)

    def contribute(self, records: Any, as_of: cq.AsOf) -> cq.Contribution:
        return cq.Contribution(on=records.came_at, outcome=self.outcomes.pick(taken=records.call < 9))


def month(data: Any, engine: Engine | None = None, zone: str | None = "Europe/Copenhagen") -> list[str]:
    """Return the months of ten calls at 23:30 on 30 June."""
    made = cq.measure(Taken, data, as_of="2010-10-01", by="month", zone=zone, plugins=NONE, engine=engine)
    return [str(figure.period.first)[:7] for figure in made]


@pytest.fixture
def in_zone(local: Any) -> Iterator[Callable[[str], None]]:
    before = local.conf.get("spark.sql.session.timeZone")
    yield lambda zone: local.conf.set("spark.sql.session.timeZone", zone)
    local.conf.set("spark.sql.session.timeZone", before)


@pytest.mark.parametrize("by", ["pyarrow", "spark"])
def test_int96_is_an_instant_however_it_is_read(
    by: str, local: Any, spark: Engine, in_zone: Callable[[str], None], tmp_path: Path
) -> None:
    """23:30 UTC on 30 June is 01:30 on 1 July in Copenhagen."""
    calls = pa.table({"call": range(10), "came_at": [dt.datetime(2010, 6, 30, 23, 30, tzinfo=dt.UTC)] * 10})
    in_zone("Europe/Copenhagen")
    if by == "pyarrow":
        pq.write_table(calls, tmp_path / "calls.parquet", use_deprecated_int96_timestamps=True)
    else:
        local.conf.set("spark.sql.parquet.outputTimestampType", "INT96")
        local.createDataFrame(calls).coalesce(1).write.parquet(str(tmp_path / "written"))
        next((tmp_path / "written").glob("*.parquet")).rename(tmp_path / "calls.parquet")
    path = tmp_path / "calls.parquet"
    assert [pq.ParquetFile(path).schema.column(place).physical_type for place in (0, 1)] == ["INT64", "INT96"]
    assert month(path) == month(path, spark) == month(local.read.parquet(str(path)), spark) == ["2010-07"]
    in_zone("UTC")
    assert month(local.read.parquet(str(path)), spark, zone=None) == ["2010-07"]


def test_local_times_in_a_frame_are_of_the_zone_declared_or_refused(
    local: Any, spark: Engine, in_zone: Callable[[str], None], tmp_path: Path
) -> None:
    (tmp_path / "calls.csv").write_text("call,came_at\n" + "".join(f"{n},2010-06-30 23:30:00\n" for n in range(10)))
    assert month(tmp_path / "calls.csv") == ["2010-06"]

    def frame() -> Any:
        return local.read.csv(str(tmp_path / "calls.csv"), header=True, schema="call long, came_at timestamp")

    in_zone("UTC")
    for engine in (spark, InProcess()):
        with pytest.raises(InputError, match="by another clock") as raised:
            month(frame(), engine)
        assert raised.value.where == "Spark frame, column came_at"
        assert 'spark.conf.set("spark.sql.session.timeZone", "Europe/Copenhagen")' in str(raised.value)
    unzoned = frame().selectExpr("call", "cast(came_at as timestamp_ntz) as came_at")
    assert month(unzoned, spark) == ["2010-06"]
    in_zone("Europe/Copenhagen")
    assert month(frame(), spark) == ["2010-06"]


def test_data_in_the_driver_are_counted_there(spark: Engine, tmp_path: Path) -> None:
    own = cases(50, 5)
    expected = counted([Decided], own, IN_PROCESS[0], tmp_path, **WORDS)
    assert counted([Decided], own, spark, tmp_path, **WORDS) == expected


def test_event_logs_are_read_on_the_executors_too(local: Any, spark: Engine, tmp_path: Path) -> None:
    """As the page on machines tells: each task reads a log and writes its tables, which are counted where they lie."""
    flow = pytest.importorskip("casequality_case_flow")
    holding = pytest.importorskip("casequality_case_flow.dead_periods").TimeByHolder()
    logs, lake = [tmp_path / f"{name}.xes" for name in ("north", "south")], tmp_path / "lake"
    for number, path in enumerate(logs):
        traces = (
            f'<trace><string key="concept:name" value="{number}-{case}"/>'
            + "".join(
                f'<event><date key="time:timestamp" value="2010-0{month}-0{1 + case}T10:00:00Z"/>'
                f'<string key="holder" value="{holder}"/></event>'
                for month, holder in enumerate(("citizen", "active", "internal")[: 1 + case], 1)
            )
            + "</trace>"
            for case in range(3)
        )
        path.write_text(f"<log>{''.join(traces)}</log>", encoding="utf-8")
    asked: Any = {"event": {"holder": "holder"}}

    def unpacked(path: str) -> None:
        log = flow.read_xes(path, **asked)
        for name, rows in {"cases": log.cases, "events": log.events}.items():
            (lake / name).mkdir(parents=True, exist_ok=True)
            pq.write_table(pa.Table.from_pylist(rows), lake / name / f"{Path(path).stem}.parquet")

    local.sparkContext.parallelize([str(path) for path in logs], len(logs)).foreach(unpacked)
    kind: Any = {"columns": {"kind": None}}
    cause: Any = {"columns": {"cause": None}}
    there = cq.source(
        lake / "cases",
        flow.LoggedCase,
        children={"events": cq.source(lake / "events", flow.Event, **cause)},
        **kind,
    )
    rows = [flow.read_xes(path, **asked) for path in logs]
    here = cq.source(
        [case for each in rows for case in each.cases],
        flow.LoggedCase,
        children={"events": cq.source([event for each in rows for event in each.events], flow.Event, **cause)},
        **kind,
    )
    words: Any = {"as_of": "2010-10-01"}
    assert counted([holding], there, spark, tmp_path, **words) == counted(
        [holding], here, IN_PROCESS[0], tmp_path, **words
    )


def test_a_metric_and_a_record_type_of_a_notebook(spark: Engine, tmp_path: Path) -> None:
    body: dict[str, Any] = {"__name__": "__main__", "cq": cq, "attrs": attrs}
    exec(  # a cell of a notebook: its classes can be imported by nobody
        "class Case(cq.Records, name='cases'):\n"
        "    case = cq.key()\n"
        "    received_on = cq.day()\n"
        "@attrs.frozen\n"
        "class Early(cq.Metric):\n"
        "    id, title, records = 'here.early', {'en': 'Early'}, Case\n"
        "    outcomes = cq.outcomes(early=cq.YES, late=cq.NO)\n"
        "    def contribute(self, records, as_of):\n"
        "        early = records.case < 40\n"
        "        return cq.Contribution(on=records.received_on, outcome=self.outcomes.pick(early=early))\n",
        body,
    )
    own = [{"case": number, "received_on": case["received_on"]} for number, case in enumerate(cases(90, 6))]
    data = written(own, tmp_path / "cases.parquet", 30)
    words = {"as_of": "2010-10-01", "plugins": NONE}
    expected = counted([body["Early"]], data, IN_PROCESS[0], tmp_path, **words)
    assert counted([body["Early"]], data, spark, tmp_path, **words) == expected


def test_a_module_that_goes_along_by_value_is_not_asked_of_executors() -> None:
    as_of = cq.AsOf.at("2010-10-01", zone="Europe/Copenhagen")
    request, source = Request.of([Question(Decided(), axis=Axis(as_of.zone))], as_of), cq.source([], Case)
    assert "tests.spark" in Code.of(request, [source]).packages
    module = sys.modules[Decided.__module__]
    register_pickle_by_value(module)  # type: ignore[no-untyped-call]
    try:
        assert set(Code.of(request, [source]).packages) == {"casequality"}
    finally:
        unregister_pickle_by_value(module)  # type: ignore[no-untyped-call]


def test_progress_ends_at_the_last_row(spark: Engine, tmp_path: Path) -> None:
    own = [{**case, "case": number} for number, case in enumerate(cases(300, 7))]
    data, told = written(own, tmp_path / "cases.parquet", 50), []
    cq.measure(Decided, data, as_of="2010-10-01", engine=spark, progress=lambda done, rows: told.append((done, rows)))
    assert told[-1] == (len(own), len(own))
    assert told == sorted(told)


def test_a_truncated_file_is_one_clear_error(spark: Engine, tmp_path: Path) -> None:
    data = written(cases(300, 8), tmp_path / "cases.parquet", 50)
    source = cq.source(data, Case)
    data.write_bytes(data.read_bytes()[:600])
    with pytest.raises(InputError, match="A file cannot be read as Parquet") as raised:
        cq.measure(Decided, source, as_of="2010-10-01", engine=spark)
    assert raised.value.where == str(data)
    assert "java" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_file_that_executors_do_not_see(spark: Engine, tmp_path: Path) -> None:
    data = written(cases(300, 8), tmp_path / "cases.parquet", 50)
    source = cq.source(data, Case)
    data.unlink()
    with pytest.raises(InputError, match="does not see a file") as raised:
        cq.measure(Decided, source, as_of="2010-10-01", engine=spark)
    assert raised.value.where == str(data)


def test_a_failing_metric_is_named_and_no_record_shown(spark: Engine, tmp_path: Path) -> None:
    data = written(cases(900, 8), tmp_path / "cases.parquet", 50)
    with pytest.raises(PluginError, match="A metric failed") as raised:
        cq.measure(Failing, data, as_of="2010-10-01", engine=spark)
    assert "Anna" not in str(raised.value)
    assert "test.failing" in str(raised.value)


def test_a_lost_worker_is_one_clear_error(spark: Engine, tmp_path: Path) -> None:
    data = written(cases(900, 8), tmp_path / "cases.parquet", 50)
    with pytest.raises(EngineError, match="A Spark job broke off") as raised:
        cq.measure(Crashing, data, as_of="2010-10-01", engine=spark)
    assert len(str(raised.value).splitlines()) <= 4


@pytest.mark.parametrize(
    ("there", "named"),
    [
        (Code({"casequality": ("casequality", "0.0.0 (code 0123456789ab)")}), "0.0.0 (code 0123456789ab)"),
        (Code({}, {"Europe/Copenhagen": "0123456789ab"}), "tzdata, the clock of Europe/Copenhagen"),
        (Code({}, {}, {"holidays": "0.0"}), "holidays"),
    ],
)
def test_other_code_on_an_executor_is_refused_and_nothing_unpacked(there: Code, named: str) -> None:
    sent = Sent(Site("cases", [], there), b"what only the other version reads")
    with pytest.raises(Exception, match="casequality-fault") as raised:
        list(sent.work(iter(())))
    assert "different versions" in str(fault_of(raised.value))
    assert named in str(fault_of(raised.value))


@pytest.mark.usefixtures("local")
def test_another_master_than_that_of_the_active_session() -> None:
    assert session_of("local[2]") is not None
    with pytest.raises(UsageError, match="another master"):
        session_of("local[7]")
