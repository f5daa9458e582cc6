"""PostgreSQL by ADBC and by ODBC, against a server of the tests' own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

pytest.importorskip("pyarrow")

from casequality.errors import CaseQualityError
from casequality.records import Dialect, Records, amount, code, count, day, instant, key, source, span
from tests.databases.conftest import OTHER, Server
from tests.databases.told import shown
from tests.factories.records import read


class Value(Records, name="values"):
    case = key()
    on = day(missing="none")
    at = instant(missing="none")
    label = code(missing="none")
    number = count(missing="none")
    sum = amount(decimals=2, missing="none")
    span = span(missing="none")


UNREADABLE, EARLY, LATE = "unreadable value", "before 1900", "after the horizon"
REFUSED = "a kind of value that is not read"
OTHER_KIND = "another kind of value than its field"
NAMELESS = "Times without a zone"


# What PostgreSQL's own tool shows of each value, as the field holds it: a fault of a finding, or the beginning of an
# error, in capitals. The second is by ADBC, the third by ODBC where that differs.
TYPES: list[tuple[str, str, Any, Any]] = [
    ("7::int2", "number", 7, ...),
    ("7::int4", "number", 7, ...),
    ("9007199254740991::int8", "number", 9007199254740991, ...),
    ("9223372036854775807::int8", "case", 9223372036854775807, ...),
    ("12.50::numeric(8, 2)", "sum", 1250, ...),
    ("'0.5'::numeric", "sum", 50, ...),
    ("1234.5::numeric", "sum", 123450, ...),
    ("12.505::numeric", "sum", UNREADABLE, ...),
    ("12.00::numeric", "label", "12", ...),
    ("'NaN'::numeric", "sum", UNREADABLE, ...),
    ("'infinity'::numeric", "sum", UNREADABLE, ...),
    ("1e30::numeric", "sum", UNREADABLE, ...),
    ("0.1::float4", "sum", 10, ...),
    ("0.1::float8", "sum", 10, ...),
    ("123456.78::float8", "sum", 12345678, ...),
    ("'infinity'::float8", "sum", UNREADABLE, ...),
    ("'æbler'::text", "label", "æbler", ...),
    ("'a'::varchar(9)", "label", "a", ...),
    ("'A1'::char(9)", "case", "A1", ...),
    ("''::text", "label", None, ...),
    ("null::text", "label", None, ...),
    ("null", "label", None, ...),
    ("null::date", "on", None, ...),
    ("true", "label", "true", "1"),
    ("'sad'::mood", "label", "sad", ...),
    ("'2010-06-01'::date", "on", dt.date(2010, 6, 1), ...),
    ("'2010-06-01'::holiday", "on", dt.date(2010, 6, 1), ...),
    ("'01-06-2010'::text", "on", UNREADABLE, ...),
    ("'infinity'::date", "on", LATE, UNREADABLE),
    ("'-infinity'::date", "on", EARLY, UNREADABLE),
    ("'0044-03-15 BC'::date", "on", EARLY, ...),
    ("'9999-12-31'::date", "on", LATE, ...),
    ("'2010-06-01'::date", "at", "A COLUMN OF DAYS", ...),
    ("'2010-06-01 12:30:00.123456+02'::timestamptz", "at", dt.datetime(2010, 6, 1, 10, 30, 0, 123456), NAMELESS),  # noqa: DTZ001  in UTC
    ("'2010-06-01 12:30'::timestamp", "at", NAMELESS, ...),
    ("'2010-06-01 00:00'::timestamp", "on", dt.date(2010, 6, 1), ...),
    ("'infinity'::timestamp", "on", LATE, ...),
    ("'-infinity'::timestamptz", "at", EARLY, UNREADABLE),
    ("'infinity'::timestamptz", "at", LATE, ...),
    ("'1 day 02:00'::interval", "span", dt.timedelta(hours=26), ...),
    ("'36:00:00.5'::interval", "span", dt.timedelta(hours=36, milliseconds=500), ...),
    ("'1 day'::interval", "span", dt.timedelta(days=1), UNREADABLE),
    ("'1 month'::interval", "span", UNREADABLE, ...),
    ("'-90 min'::interval", "span", "below zero", ...),
    ("'12:30'::time", "span", dt.timedelta(hours=12, minutes=30), ...),
    ("'12:30+02'::timetz", "span", REFUSED, UNREADABLE),
    ("'0a0b0c0d-0000-4000-8000-00000000000f'::uuid", "case", "0a0b0c0d-0000-4000-8000-00000000000f", "upper"),
    (r"'\xdead'::bytea", "label", REFUSED, ...),
    ("array[1, 2]", "label", REFUSED, "{1,2}"),
    ("array['a']", "label", REFUSED, "{a}"),
    ("""'{"a":1}'::json""", "label", '{"a":1}', ...),
    ("""'{"a":1}'::jsonb""", "label", '{"a": 1}', ...),
    ("'12.50'::money", "sum", REFUSED, 1250),
    ("'12.50'::money::numeric", "sum", 1250, ...),
    ("3000000000::oid", "number", REFUSED, "below zero"),
    ("'10.0.0.1'::inet", "label", REFUSED, "10.0.0.1"),
    ("int4range(1, 5)", "label", REFUSED, "[1,5)"),
    ("point(1, 2)", "label", REFUSED, "(1,2)"),
    ("'<a/>'::xml", "label", REFUSED, "<a/>"),
    ("row(1, 'a')::pair", "label", REFUSED, "(1,a)"),
]


@pytest.fixture(scope="module", autouse=True)
def _types(server: Server) -> None:
    server.execute(
        "create type mood as enum ('sad', 'ok')",
        "create domain holiday as date",
        "create type pair as (one int, two text)",
    )


def _seen(address: str, sql: str, field: str) -> Any:
    """Return a value as the field holds it, the fault of its finding, or the first line of the error."""
    key = {"case": "v"} if field == "case" else {"case": "k", field: "v"}
    try:
        made = source(address, Value, query=f"select 1 as k, {sql} as v", columns=key)
        found = read(made, ["case", field])
    except CaseQualityError as error:
        return error.what if "column v" in (error.where or "") else "nobody knows where"
    faults = [fault for _, fault in found.faults()]
    return faults[0] if faults else found.rows[0][field]


def _agrees(found: Any, expected: Any) -> bool:
    if isinstance(expected, str) and isinstance(found, str):
        return (
            expected.lower() in found.lower()
            if expected in (REFUSED, NAMELESS) or expected.isupper()
            else found == expected
        )
    return bool(found == expected) and type(found) is type(expected)


@pytest.mark.parametrize(("sql", "field", "expected", "_"), TYPES, ids=[f"{row[0]} as {row[1]}" for row in TYPES])
def test_a_type_by_adbc(server: Server, sql: str, field: str, expected: Any, _: Any) -> None:
    assert _agrees(_seen(server.uri, sql, field), expected)


@pytest.mark.parametrize(("sql", "field", "adbc", "expected"), TYPES, ids=[f"{row[0]} as {row[1]}" for row in TYPES])
def test_a_type_by_odbc(by_odbc: str, sql: str, field: str, adbc: Any, expected: Any) -> None:
    found = _seen(by_odbc, sql, field)
    assert _agrees(found, adbc.upper() if expected == "upper" else adbc if expected is ... else expected), found


@pytest.mark.parametrize("way", ["adbc", "odbc"])
def test_numbers_and_dates_are_not_read_by_the_dialect_of_texts(
    server: Server, way: str, request: pytest.FixtureRequest
) -> None:
    """Beside an infinite date ODBC's are texts: they are the database's own, a text column's are a person's."""
    address = server.uri if way == "adbc" else request.getfixturevalue("by_odbc")
    query = """select * from (values
        (1, 1.12::numeric, '2010-06-01'::date, '02-06-2010'),
        (2, 1234.50, 'infinity', '03-06-2010')) v(k, sum, on_day, written) order by k"""
    known: dict[str, Any] = {"query": query, "dialect": Dialect.danish()}
    numbers = read(source(address, Value, columns={"case": "k"}, **known), ["case", "sum"])
    assert numbers.values("sum") == [112, 123450]
    days = read(source(address, Value, columns={"case": "k", "on": "on_day"}, **known), ["case", "on"])
    assert (days.values("on"), list(days.faults().values())) == ([dt.date(2010, 6, 1)], [[2]])
    texts = read(source(address, Value, columns={"case": "k", "on": "written"}, **known), ["case", "on"])
    assert texts.values("on") == [dt.date(2010, 6, 2), dt.date(2010, 6, 3)]


CITIZEN = "Jens Vejmand"
BIRTH = "050610-0001"


@pytest.fixture(scope="module")
def cases(server: Server) -> str:
    """A table with a text that somebody wrote where a day belongs, and what else may stand in a message."""
    server.execute(
        "create table journal (case_id int, name text, received date, closed text)",
        f"insert into journal values (1, '{CITIZEN}', '2010-04-22', '2010-05-07')",
        f"insert into journal values (2, '{CITIZEN}', '2010-04-22', '{BIRTH}')",
        f"create role {OTHER} login password '{server.password}'",
        f"""create function warned() returns int language plpgsql as $$
            begin raise warning '{CITIZEN}'; return 1; end $$""",
        """create function failing() returns int language plpgsql as $$
            begin raise exception 'no "Vejmand" here' using errcode = '42P01'; end $$""",
    )
    return server.uri


def _fault(address: Any, query: str) -> CaseQualityError:
    with pytest.raises(CaseQualityError) as caught:
        source(address, Value, query=query)
    return caught.value


FAULTS = [
    ("select closed::date as on from journal", "A value in a database is not what a query takes it for", ""),
    (f"select '{BIRTH}'::date as on", "A value in a database is not what a query takes it for", "22007"),
    ("select 1 / (case_id - 2) from journal", "A value in a database is not what a query takes it for", ""),
    ("select nam from journal", "A database does not understand a query", "42703: nam"),
    ("select 1 from jurnal", "A database does not understand a query", "42P01: jurnal"),
    ("select from where", "A database does not understand a query", "42601"),
    ("select failing()", "A database", ""),
    ("select 1 / (g - 400000) from generate_series(1, 500000) g", "A value in a database is not what", ""),
]


@pytest.mark.parametrize("way", ["adbc", "odbc"])
@pytest.mark.parametrize(("query", "what", "state"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_fault_is_told_without_what_a_driver_says(
    cases: str,
    way: str,
    query: str,
    what: str,
    state: str,
    request: pytest.FixtureRequest,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    address = cases if way == "adbc" else request.getfixturevalue("by_odbc")
    error = _fault(address, query)
    assert error.what.startswith(what)
    assert state in str(error.got)
    everything = shown(error).replace(query, "") + "".join(capfd.readouterr()) + caplog.text
    assert CITIZEN not in everything
    assert "Vejmand" not in everything
    assert BIRTH not in everything
    assert error.__context__ is None


def test_what_a_server_remarks_is_not_passed_on(cases: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert source(cases, Value, query="select warned() as case").row_count == 1
    assert "".join(capfd.readouterr()) == ""


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize("way", ["adbc", "odbc"])
def test_a_secret_opens_and_is_never_shown(
    server: Server,
    way: str,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    place = f"postgresql://{OTHER}:${{CASES_PASSWORD}}@127.0.0.1:{server.port}/postgres"
    if way == "odbc":
        request.getfixturevalue("by_odbc")
        place = (
            f"odbc:Driver={{PostgreSQL Unicode}};Server=127.0.0.1;Port={server.port};"
            f"Database=postgres;UID={OTHER};PWD=${{CASES_PASSWORD}}"
        )
    monkeypatch.setenv("CASES_PASSWORD", server.password)
    made = source(place, Value, query="select 1 as case")
    assert made.row_count == 1
    told = [repr(made), repr(made.table), made.name, *map(repr, made.origins())]
    error = _fault(place, "select name from journal")
    assert error.what == "The user of a database may not read what a query asks for"
    told.append(shown(error))
    wrong = server.password + "wrong"
    monkeypatch.setenv("CASES_PASSWORD", wrong)
    error = _fault(place, "select 1 as case")
    assert error.what == "A database refused the user or the password"
    told += [shown(error), *capfd.readouterr(), caplog.text]
    assert not [text for text in told if server.password in text or server.password[:16] in text]


def test_a_whole_address_comes_from_the_environment(
    server: Server, cases: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "hemmelig" + server.password[:8]
    monkeypatch.setenv("CASES_AT", cases)
    assert source("env:CASES_AT", Value, query="select 1 as case").row_count == 1
    for address, what in {
        f"postgresql://{OTHER}:{secret}@127.0.0.1:{server.port}/postgres": "refused the user or the password",
        f"postgresql://{OTHER}:{secret}@127.0.0.1:1/postgres": "cannot be reached",
        f"postgresql://{OTHER}:{secret}@/postgres?host=/{secret}": "cannot be reached",
        f"postgresql://{OTHER}:{secret}@[bad": "",
        f"{cases}&dbname={secret}": "no database of that name",
        f"{cases}&{secret}=1": "",
        secret: "of no known kind",
    }.items():
        monkeypatch.setenv("CASES_AT", address)
        error = _fault("env:CASES_AT", "select 1 as case")
        assert what in error.what
        assert secret not in shown(error)


@pytest.mark.parametrize("word", ["delete", "create table"])
def test_nothing_can_be_written(server: Server, cases: str, word: str) -> None:
    """Also by a query that begins with SELECT and says none of the words for it."""
    server.execute(
        "create or replace function removed() returns int language sql as $$ delete from journal returning 1 $$",
        """create or replace function made() returns int language plpgsql as $$
            begin execute 'create table x()'; return 1; end $$""",
    )
    error = _fault(cases, f"select {'removed' if word == 'delete' else 'made'}()")
    assert error.what == "A query writes, which is not allowed here"
    assert source(cases, Value, query="select case_id as case from journal").row_count == 2


@pytest.mark.usefixtures("cases")
def test_a_connection_of_ones_own(server: Server) -> None:
    import adbc_driver_postgresql.dbapi as driver

    with driver.connect(server.uri) as connection:
        made = source(connection, Value, query="select case_id as case, received as on from journal order by 1")
        assert [row["on"] for row in read(made, ["case", "on"]).rows] == [dt.date(2010, 4, 22)] * 2
        again = source(connection, Value, query="select 1 as case where false")
        assert (again.row_count, read(again, ["case"]).rows) == (0, [])
    assert _fault(connection, "select 1 as case").what == "The connection to a database is closed"
    assert read(made, ["case"]).read == 2


def test_columns_of_one_name(cases: str) -> None:
    error = _fault(cases, "select case_id, name as case_id from journal")
    assert (error.what, error.got) == ("A query gives two columns of one name", "case_id")


@pytest.mark.usefixtures("by_odbc")
def test_an_odbc_driver_that_is_not_there() -> None:
    error = _fault("odbc:Driver={None Such};Server=x;", "select 1 as case")
    assert error.what == "The ODBC driver that is named is not installed"


def test_a_text_too_long_for_odbc(by_odbc: str) -> None:
    query = "select 1 as case, repeat('æ', {}) as label"
    assert source(by_odbc, Value, query=query.format(2000)).row_count == 1
    assert _fault(by_odbc, query.format(3000)).what == "A query gives a text of more than 4,096 bytes"


@pytest.mark.parametrize("way", ["adbc", "odbc"])
def test_millions_of_rows_come_in_parts_and_their_digest_does_not(
    server: Server, way: str, request: pytest.FixtureRequest
) -> None:
    address = server.uri if way == "adbc" else request.getfixturevalue("by_odbc")
    query = """select g as case, date '2010-01-01' + g % 365 as on, repeat('x', g % 7) as label
        from generate_series(1, 300000) g"""
    made = source(address, Value, query=query)
    parts = made.reading(["on", "label"]).parts
    assert [part.rows for part in parts] == [262_144, 37_856]
    assert made.origins()[0].stamp() == source(address, Value, query=query).origins()[0].stamp()
    assert made.origins()[0].stamp() != source(address, Value, query=query.replace("% 7", "% 8")).origins()[0].stamp()
    assert read(made, ["case"]).rows[-1] == {"case": 300_000}
