"""A query of a database: what SQLite's values become, what a query and an address may say, and what is kept of it."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import pytest

pytest.importorskip("pyarrow")

import pyarrow as pa

import casequality as cq
from casequality.engines import InProcess
from casequality.errors import CaseQualityError, InputError, UsageError
from casequality.records import Database, Dialect, Records, amount, code, count, day, instant, key, source, span
from casequality.records.intake.cells import Origin, library
from casequality.records.intake.readers.databases.values import as_told
from casequality.records.intake.readers.spool import QueryTable
from tests.databases.told import shown
from tests.factories.records import plain_column, read

UNREADABLE, LATE = "unreadable value", "after the horizon"


class Value(Records, name="values"):
    case = key()
    on = day(missing="none")
    at = instant(missing="none")
    label = code(missing="none")
    number = count(missing="none")
    sum = amount(decimals=2, missing="none")
    span = span(missing="none")


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """A database in memory."""
    with closing(sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_COLNAMES)) as made:
        yield made


def _column(data: Any, sql: str, field: str, **mapping: Any) -> list[Any] | str:
    """Return a column's values as the field holds them, a fault in place of each value that has one, or the error."""
    columns = {"case": "v"} if field == "case" else {"case": "k", field: "v"}
    try:
        found = read(source(data, Value, query=sql, columns=columns, **mapping), ["case", field])
    except CaseQualityError as error:
        return f"{error.what}: {error.where or ''}"
    values: dict[int, Any] = {n: row[field] for n, row in zip(found.numbers, found.rows, strict=True)}
    for (_, fault), rows in found.faults().items():
        values |= dict.fromkeys(rows, fault)
    return [values[row] for row in sorted(values)]


DANISH = {"dialect": Dialect.danish()}
SQLITE: list[tuple[str, str, dict[str, Any], Any]] = [
    ("7, 0, 9007199254740991, null", "number", {}, [7, 0, 9007199254740991, None]),
    ("9223372036854775807, 2", "case", {}, [9223372036854775807, 2]),
    ("0.1, 12.5, 3.0, null", "sum", {}, [10, 1250, 300, None]),
    ("0.1, 12.5", "sum", DANISH, [10, 1250]),
    ("1.125, '12,5', 7", "sum", DANISH, [UNREADABLE, 1250, 700]),
    ("1.5, '1.234,50', '1,5'", "sum", DANISH, [150, 123450, 150]),
    ("0.00001, 'x'", "sum", {}, [UNREADABLE, UNREADABLE]),
    ("9007199254740, 0.5", "sum", {}, [900719925474000, 50]),
    ("9e999, -9e999", "sum", {}, [UNREADABLE, UNREADABLE]),
    ("'2010-06-01', '', null", "on", {}, [dt.date(2010, 6, 1), None, None]),
    ("'01-06-2010', '2010-06-01'", "on", DANISH, [dt.date(2010, 6, 1), UNREADABLE]),
    ("'2010-06-01', 20100601, 'snart'", "on", {}, [dt.date(2010, 6, 1), UNREADABLE, UNREADABLE]),
    (
        "20100601, 20100602",
        "on",
        {},
        "A column holds another kind of value than its field: sqlite3 connection, column v",
    ),
    ("'2010-06-01 12:30:00+02:00'", "at", {}, [dt.datetime(2010, 6, 1, 10, 30)]),  # noqa: DTZ001  in UTC
    ("'a', 7, 1.5, 2.0, null, 'æ'", "label", {}, ["a", "7", "1.5", "2", None, "æ"]),
    ("'A1', 7, ' A2 '", "case", {}, ["A1", 7, "A2"]),
    ("'1:30:00', 90, 0.5", "span", {}, [dt.timedelta(minutes=90), dt.timedelta(seconds=90), dt.timedelta(seconds=0.5)]),
    (
        "x'dead', 'a'",
        "label",
        {},
        "A column of a query holds a kind of value that is not read: sqlite3 connection, column v",
    ),
    ("null, null", "label", {}, [None, None]),
]


@pytest.mark.parametrize(
    ("values", "field", "mapping", "expected"), SQLITE, ids=[f"{row[0]} as {row[1]}" for row in SQLITE]
)
def test_values_of_sqlite(
    connection: sqlite3.Connection, values: str, field: str, mapping: dict[str, Any], expected: Any
) -> None:
    rows = " union all ".join(f"select {n}, {value}" for n, value in enumerate(values.split(", "), 1))
    found = _column(connection, f"with t(k, v) as ({rows}) select k, v from t", field, **mapping)
    assert found == expected


PYTHON: list[tuple[list[Any], str, Any]] = [
    ([dt.date(2010, 6, 1), None], "on", [dt.date(2010, 6, 1), None]),
    ([dt.date(2010, 6, 1), dt.datetime(2010, 6, 2)], "on", [dt.date(2010, 6, 1), dt.date(2010, 6, 2)]),  # noqa: DTZ001
    ([dt.datetime(2010, 6, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))], "at", [dt.datetime(2010, 6, 1, 10)]),  # noqa: DTZ001
    ([dt.timedelta(hours=36), None], "span", [dt.timedelta(hours=36), None]),
    ([dt.time(12, 30)], "span", [dt.timedelta(hours=12, minutes=30)]),
    ([dt.time(12, 30, tzinfo=dt.UTC)], "span", [UNREADABLE]),
    ([Decimal("12.50"), Decimal("NaN"), None], "sum", [1250, UNREADABLE, None]),
    ([Decimal("7.00"), Decimal("7.5")], "label", ["7", "7.5"]),
    ([2**70, 1], "number", [UNREADABLE, 1]),
    ([True, False, None], "label", ["true", "false", None]),
    ([UUID(int=15)], "case", ["00000000-0000-0000-0000-00000000000f"]),
    ([{"a": 1}], "label", "A column of a query holds a kind of value that is not read: sqlite3 connection, column v"),
    ([["a"], "b"], "label", "A column of a query holds a kind of value that is not read: sqlite3 connection, column v"),
]


@pytest.mark.parametrize(("values", "field", "expected"), PYTHON, ids=[f"{row[0]} as {row[1]}" for row in PYTHON])
def test_values_of_the_db_api(
    connection: sqlite3.Connection, values: list[Any], field: str, expected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A driver gives Python's values; here SQLite's own converters make them, each of the place that is stored."""
    monkeypatch.setitem(sqlite3.converters, "PLACE", lambda place: values[int(place)])
    connection.execute("create table t(k, v)")
    connection.executemany("insert into t values (?, ?)", [(n, None if v is None else n) for n, v in enumerate(values)])
    query = 'select k, v as "v [place]" from t order by k'
    found = _column(connection, query, field)
    assert found == expected


def test_the_driver_of_adbc_for_sqlite_is_not_trusted_with_mixed_columns() -> None:
    """It takes the kind of a column from its first rows: 9007199254740993 beside 0.5 is 9007199254740992.0 to it."""
    driver = pytest.importorskip("adbc_driver_sqlite.dbapi")
    with driver.connect(":memory:") as connection:
        for values in ("9007199254740993, 0.5", "0.1, 'x'", "7, x'dead'"):
            rows = " union all ".join(f"select 1 as k, {value} as v" for value in values.split(", "))
            with pytest.raises(InputError, match="several kinds of values") as caught:
                source(connection, Value, query=rows)
            assert caught.value.got == "v"
        assert _column(connection, "select 1 as k, 'a' as v union all select 2, null", "label") == ["a", None]
        late = """with recursive g(n) as (select 1 union all select n + 1 from g where n < 3000)
            select n as k, case when n > 2000 then 'a' end as v from g"""
        assert str(_column(connection, late, "label")).startswith("A column holds other values further down")
    with closing(sqlite3.connect(":memory:")) as connection:
        assert _column(connection, late, "label") == [None] * 2000 + ["a"] * 1000


def test_the_kind_of_a_column_may_be_another_further_down(connection: sqlite3.Connection) -> None:
    late = """with recursive g(n) as (select 1 union all select n + 1 from g where n < 17000)
        select n as "case", case when n > 16500 then 'a' else n % 2 end as label from g"""
    parts = source(connection, Value, query=late).reading(["label"]).parts
    labels = [
        label for part in parts for block in part.blocks() for label in plain_column(block.records.column("label"))
    ]
    assert labels == [*["1", "0"] * 8_250, *["a"] * 500]


def test_numbers_that_odbc_gives_are_as_wide_as_they_were() -> None:
    """A driver that says float may mean a double; 0.1 of four bytes is 0.1, and eight keep their digits."""
    four, eight = pa.array([0.1, 12.5], "float32").cast("float64"), pa.array([0.1, 0.123456789])
    kinds = [pa.field("four", pa.float32()), pa.field("eight", pa.float32()), pa.field("half", pa.decimal128(9, 2))]
    batch = pa.record_batch([four, eight, pa.array(["-.50", "7.00"])], ["four", "eight", "half"])
    told = as_told(batch, kinds)
    assert str(told.column("four").to_numpy()[0]) == "0.1"
    assert told.column("eight").to_pylist() == [0.1, 0.123456789]
    assert told.column("half").to_pylist() == ["-0.50", "7"]


@pytest.mark.parametrize(
    ("query", "got"),
    [
        ("delete from t", "a statement that does not begin with SELECT or WITH"),
        ("pragma user_version = 3", "a statement that does not begin with SELECT or WITH"),
        ("", "a statement that does not begin with SELECT or WITH"),
        ("-- select\n vacuum", "a statement that does not begin with SELECT or WITH"),
        ("selected", "a statement that does not begin with SELECT or WITH"),
        ("select 1; select 2", "several statements"),
        ("select 1; drop table t", "several statements"),
        ("with x as (select 1) delete from t", "the word DELETE"),
        ("with x as (insert into t values (1) returning 1) select * from x", "the word INSERT"),
        ("select * into copy from t", "the word INTO"),
        ("select 1 /* ; */ ; -- done\n update t set a = 1", "several statements"),
    ],
)
def test_a_query_that_is_not_one_statement_that_reads(connection: sqlite3.Connection, query: str, got: str) -> None:
    with pytest.raises(UsageError, match="A query is one statement that reads") as caught:
        source(connection, Value, query=query)
    assert caught.value.got == got
    with pytest.raises(UsageError, match="A query is one statement that reads"):
        Database.of("sqlite:cases.db", query=query)


@pytest.mark.parametrize(
    "query",
    [
        "select 1 as \"case\", 'delete; from' as label",
        '/* update */ SELECT 1 AS "case" -- ; insert',
        'with t as (select 1 as "case")\nselect * from t;\n',
        'select 1 as "case" ; ',
        'select 1 as "case", 2 as "into", 3 as updated',
    ],
)
def test_a_query_that_reads(connection: sqlite3.Connection, query: str) -> None:
    assert source(connection, Value, query=query).row_count == 1


SECRET = "hemmeligt5"


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://reader:{SECRET}@host/cases",
        f"postgresql://reader:{SECRET}/1@host/cases",
        f"postgresql://reader:{SECRET}#?@host/cases",
        f"postgresql://reader:{SECRET}${{REST}}@host/cases",
        f"postgresql://reader:@{SECRET}@host/cases",
        f"postgresql://host/cases?user=reader&password={SECRET}",
        f"postgresql://host/cases?sslpassword={SECRET}",
        f"odbc:Driver={{x}};UID=reader;PWD={SECRET}",
        f"odbc:Driver={{x}};UID=reader;Pwd = {{{SECRET}}};",
        f"odbc:password={SECRET}",
        f"odbc:Driver=x;Access Token={SECRET}",
        f"mssql://reader:{SECRET}@host/cases",
    ],
)
def test_a_password_that_is_written_is_refused_and_not_shown(address: str) -> None:
    for data in (lambda: Database.of(address), lambda: source(address, Value, query="select 1 as case")):
        with pytest.raises(CaseQualityError) as caught:
            data()
        assert SECRET not in str(caught.value)
        if not address.startswith("mssql"):
            assert "A password is written" in str(caught.value)
            assert "${NAME}" in str(caught.value)


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("postgresql://reader:${SECRET}@host:5432/cases", "postgresql://reader:a%3Ab%7D%40@host:5432/cases"),
        (
            "postgresql://host/cases?user=reader&password=${SECRET}",
            "postgresql://host/cases?user=reader&password=a%3Ab%7D%40",
        ),
        ("odbc:Driver={x};UID=reader;PWD=${SECRET};Encrypt=yes", "odbc:Driver={x};UID=reader;PWD={a:b}}@};Encrypt=yes"),
        ("env:SECRET", "a:b}@"),
        (
            "postgresql://reader:${keyring:cases/reader}@host/cases",
            "postgresql://reader:from%20cases%20for%20reader@host/cases",
        ),
        ("keyring:cases/reader", "from cases for reader"),
        ("postgresql://reader@host:5432/cases", "postgresql://reader@host:5432/cases"),
        ("sqlite:cases.db", "sqlite:cases.db"),
    ],
)
def test_a_secret_is_put_in_its_place(
    written: str, whole: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The keyring is a module of the name in the place of the installed one, with the one function that is called."""
    monkeypatch.setenv("SECRET", "a:b}@")
    (tmp_path / "keyring.py").write_text("def get_password(service, user): return f'from {service} for {user}'\n")
    monkeypatch.syspath_prepend(tmp_path)
    library.cache_clear()
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    try:
        made = Database.of(written)
        assert made.address() == whole
        assert repr(made) == repr(Database.of(written))
        assert "a:b}@" not in repr(made)
    finally:
        library.cache_clear()
        sys.modules.pop("keyring", None)


def test_a_library_that_is_not_there_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without unixODBC the import of arrow-odbc fails in this way; the others are simply absent."""
    (tmp_path / "arrow_odbc.py").write_text("raise OSError('libodbc.so.2: cannot open shared object file')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "arrow_odbc", raising=False)
    for absent in ("adbc_driver_postgresql.dbapi", "keyring"):
        monkeypatch.setitem(sys.modules, absent, None)
    library.cache_clear()
    for address, remedy in {
        "odbc:Driver=x": "install it: Debian's package unixodbc",
        "postgresql://host/cases": "pip install 'casequality[database]'",
        "keyring:cases/reader": "pip install 'casequality[keyring]'",
    }.items():
        with pytest.raises(InputError) as caught:
            source(address, Value, query="select 1 as case")
        assert caught.value.remedy == remedy
    library.cache_clear()


def test_a_secret_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOT_SET", raising=False)
    for address in ("env:NOT_SET", "postgresql://reader:${NOT_SET}@host/cases"):
        with pytest.raises(UsageError, match="is not set") as caught:
            source(address, Value, query="select 1 as case")
        assert caught.value.got == "NOT_SET"


def test_faults_of_sqlite_are_told_without_what_stands_in_it(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("create table journal(name)")
        made.execute("insert into journal values (cast(x'4a656e73ff' as text))")
        made.commit()
    (tmp_path / "other.db").write_text("Jens Vejmand\n" * 100)
    for address, query, what, got in (
        (path, "select name as label from journal", "A value in a database is not what", "OperationalError"),
        (path, "select nam from journal", "A database does not understand a query", "SQLITE_ERROR: nam"),
        (path, "select 1 from jurnal", "A database does not understand a query", "SQLITE_ERROR: jurnal"),
        (path, "select from", "A database does not understand a query", "SQLITE_ERROR: from"),
        (path, "select json_extract('Jens', '$.a')", "A ", "SQLITE_ERROR"),
        (path, "select 1 as a, 2 as a", "A query gives two columns of one name", "a"),
        (tmp_path / "other.db", "select a from t", "A file is no SQLite database", "SQLITE_NOTADB"),
        (tmp_path / "none.db", "select 1 as a", "A file is not there", None),
        ("//cases.db", "select 1 as a", "An address of a database is of no known kind", None),
    ):
        with pytest.raises(CaseQualityError) as caught:
            source(f"sqlite:{address}", Value, query=query)
        assert caught.value.what.startswith(what), caught.value
        assert caught.value.got == got
        assert "Jens" not in shown(caught.value).replace(query, "")
        assert not (tmp_path / "none.db").exists()


def test_what_needs_a_query_and_what_has_none(connection: sqlite3.Connection, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="A database is read by a query"):
        source(connection, Value)
    with pytest.raises(UsageError, match="A database is read by a query"):
        source("sqlite:cases.db", Value)
    for data in (tmp_path / "cases.csv", "cases.db", [{"case": 1}]):
        with pytest.raises(UsageError, match="A query is given for data that are no database"):
            source(data, Value, query="select 1 as case")
    with pytest.raises(UsageError, match="A sheet is named for data that are no file"):
        source(connection, Value, query="select 1", sheet="a")
    connection.close()
    with pytest.raises(InputError, match="The connection to a database is closed"):
        source(connection, Value, query="select 1 as 'case'")


def test_a_frame_with_a_column_called_cursor_is_a_frame() -> None:
    pandas = pytest.importorskip("pandas")
    made = source(pandas.DataFrame({"case": [1], "cursor": [2]}), Value)
    assert made.table.name == "pandas frame"


def test_a_query_is_run_once_and_read_as_often_as_it_takes(connection: sqlite3.Connection) -> None:
    connection.execute("create table t(k, received, answered)")
    days = [("2010-01-04", "2010-01-05"), ("2010-01-04", "2010-03-05"), ("2010-01-04", None)]
    # the last key comes twice, and not in order: all are read again, by key
    connection.executemany("insert into t values (?, ?, ?)", [(n, *row) for n, row in enumerate([*days, days[0]])])
    connection.execute("update t set k = 0 where k = 3")
    ran: list[str] = []
    connection.set_trace_callback(ran.append)
    made = source(
        connection,
        Letter,
        query="select * from t",
        columns={"letter": "k", "received_on": "received", "answered_on": "answered"},
    )
    connection.close()
    [(rows, digest)] = made.delivery().queries.values()
    assert (rows, len(digest), made.delivery().files) == (4, 32, {})
    result = cq.measure(Answered, made, as_of="2010-08-01", period="2010")
    assert ran == ["select * from t\n"]
    assert result.accounts["read"] == 4
    assert result["2010"].figure.outcomes["late"] == 1
    assert result["2010"].cases("late").keys == (1,)
    assert result["2010"].cases("in_time").keys == (0,)


class Letter(Records, name="letters"):
    letter = key()
    received_on = day()
    answered_on = day(missing="not answered")


@attrs.frozen
class Answered(cq.Metric):
    """Share of letters answered within ten working days."""

    id = "test.answered-in-time"
    title = {"en": "Answered in time", "da": "Besvaret til tiden"}
    unit = cq.units.SHARE
    records = Letter
    outcomes = cq.outcomes(**cq.SETTLED)

    def contribute(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Contribution:
        states = as_of.settle(as_of.due("copenhagen/reply-guarantee", letters.received_on), letters.answered_on)
        return cq.Contribution(on=letters.received_on, outcome=self.outcomes.pick(**states))


def test_what_is_kept_has_no_name_and_no_other_reader(
    connection: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = source(connection, Value, query="select 1 as 'case'")
    file = made.table._file  # type: ignore[attr-defined]
    file.flush()
    told = os.fstat(file.fileno())
    assert told.st_size > 0
    if os.name == "posix":
        assert (stat.S_IMODE(told.st_mode) & 0o077, told.st_nlink) == (0, 0)
        assert list(tmp_path.iterdir()) == []
    del made
    assert file.closed


def _digest(batches: list[Any]) -> Any:
    table = QueryTable("query", batches[0].schema.names, Dialect())
    for batch in batches:
        table.add(batch)
    table.close(Origin(Path("query"), Dialect(), None, (0, 0, 0)))
    assert table.origin is not None
    return table.origin.stamp()


def test_a_digest_is_of_the_values_and_not_of_their_batches() -> None:
    values = {
        "number": pa.array([1, None, 3, 0, 5], "int32"),
        "text": pa.array(["ab", "c", None, "", "æ"]),
        "flag": pa.array([True, False, None, True, False]),
        "on": pa.array([dt.date(2010, 6, 1)] * 4 + [None]),
        "at": pa.array([dt.datetime(2010, 6, 1)] * 5, pa.timestamp("us", "UTC")),  # noqa: DTZ001
        "sum": pa.array(
            [Decimal("1.50"), None, Decimal("2.50"), Decimal("0.00"), Decimal("9.99")], pa.decimal128(9, 2)
        ),
        "none": pa.nulls(5),
    }
    whole = pa.record_batch(values)
    known = _digest([whole])
    for cuts in ([1], [2, 4], [1, 2, 3, 4], [0, 5]):
        edges = [0, *cuts, 5]
        parts = [whole.slice(a, b - a) for a, b in pairwise(edges) if b > a]
        assert _digest(parts) == known
    # what stands where there is no value says nothing: it may be what stood there before
    odd = pa.Array.from_buffers(
        pa.int32(), 5, [values["number"].buffers()[0], pa.array([1, 99, 3, 0, 5], "int32").buffers()[1]]
    )
    assert odd.to_pylist() == values["number"].to_pylist()
    assert _digest([pa.record_batch({**values, "number": odd})]) == known
    for name, other in {
        "number": pa.array([1, 0, 3, 0, 5], "int32"),
        "text": pa.array(["a", "bc", None, "", "æ"]),
        "flag": pa.array([True, False, False, True, False]),
        "on": pa.array([dt.date(2010, 6, 1)] * 3 + [None, dt.date(2010, 6, 1)]),
        "at": pa.array([dt.datetime(2010, 6, 1)] * 5, pa.timestamp("us")),  # noqa: DTZ001
        "sum": pa.array(
            [Decimal("1.50"), Decimal(0), Decimal("2.50"), Decimal(0), Decimal("9.99")], pa.decimal128(9, 2)
        ),
    }.items():
        assert _digest([pa.record_batch({**values, name: other})]) != known, name
    assert _digest([whole.take(pa.array([1, 0, 2, 3, 4]))]) != known
    assert _digest([whole.slice(0, 4)]) != known
    assert _digest([whole.rename_columns(["n", *list(values)[1:]])]) != known


def test_counts_of_a_query_are_kept_until_what_it_gives_is_another(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("create table t(letter, received_on, answered_on)")
        made.execute("insert into t values (1, '2010-01-04', '2010-01-05'), (2, '2010-01-04', '2010-03-05')")
        made.commit()
        keep = tmp_path / "kept"

        def late() -> int:
            engine = InProcess(keep=keep)
            data = source(f"sqlite:{path}", Letter, query="select * from t")
            found = cq.measure(Answered, data, as_of="2010-08-01", period="2010", engine=engine)
            return int(found["2010"].figure.outcomes["late"])

        def changed() -> dict[str, int]:
            return {str(file): file.stat().st_mtime_ns for file in sorted(keep.rglob("*")) if file.is_file()}

        assert late() == 1
        before = changed()
        assert late() == 1
        assert changed() == before
        made.execute("update t set answered_on = '2010-03-05'")
        made.commit()
        assert late() == 2
        assert changed() != before


@pytest.mark.parametrize("block_rows", [1_000, 131_072])
def test_rows_are_numbered_through_all_parts(block_rows: int) -> None:
    table = QueryTable("query", ["case", "label"], Dialect())
    numbers = pa.array(range(300_000), "int64")
    label = pa.array(["a"] * 300_000)
    for start in range(0, 300_000, 70_000):
        table.add(pa.record_batch({"case": numbers, "label": label}).slice(start, 70_000))
    table.close(Origin(Path("query"), Dialect(), None, (0, 0, 0)))
    pieces = table.pieces(["label", "case"], (), block_rows)
    assert [piece.rows for piece in pieces] == [262_144, 37_856]
    batches = list(pieces[1].read())
    assert (batches[0].first, sum(batch.rows for batch in batches)) == (262_145, 37_856)
    assert batches[0].cells["case"].keys().values()[0] == 262_144
    assert max(batch.rows for batch in batches) <= block_rows
