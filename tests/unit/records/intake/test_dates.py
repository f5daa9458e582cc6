"""Dates at intake: zones, marks for no date, the range of years, the order of dates."""

# ruff: noqa: DTZ001 - naive times are among what is tried

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from casequality.errors import InputError, NaiveTime, UnknownName, UsageError
from casequality.records import Dialect, Records, day, instant, key, source
from tests.factories.records import Case, read

COPENHAGEN = "Europe/Copenhagen"
AWARE = dt.datetime(2010, 6, 30, 22, 30, tzinfo=dt.UTC)


class Visit(Records, name="visits"):
    visit = key()
    came_at = instant()
    left_at = instant(missing="not yet")
    booked_on = day(missing="not booked", may_precede=True)
    billed_on = day(missing="not billed")


def cases(*rows: dict[str, Any], **options: Any) -> Any:
    absent = {name: None for name in Case.fields if name not in rows[0] and name not in ("case", "notices")}
    numbered = [{"case": number, **row} for number, row in enumerate(rows, start=1)]
    return source(numbered, Case, columns={**absent, **options.pop("columns", {})}, **options)


def test_an_instant_is_kept_in_utc_whatever_wrote_it() -> None:
    local = dt.datetime(2010, 7, 1, 0, 30)
    given = [AWARE, local, local.isoformat(), AWARE.isoformat(), AWARE.astimezone(dt.timezone(dt.timedelta(hours=-3)))]
    found = read(cases(*({"seen_at": one} for one in given), zone=COPENHAGEN), ["seen_at"])
    assert found.values("seen_at") == [AWARE.replace(tzinfo=None)] * 5


@pytest.mark.parametrize("value", [dt.datetime(2010, 7, 1, 0, 30), "2010-07-01 00:30"])
def test_a_time_without_a_zone_needs_one(value: object) -> None:
    with pytest.raises(NaiveTime) as caught:
        read(cases({"seen_at": AWARE}, {"seen_at": value}, columns={"seen_at": "seen_at"}), ["seen_at"])
    assert "rows, column seen_at" in str(caught.value)
    assert 'zone="Europe/Copenhagen"' in str(caught.value)


def test_an_unknown_zone_is_told_before_anything_is_read() -> None:
    with pytest.raises(UnknownName, match="Unknown time zone"):
        cases({"seen_at": AWARE}, zone="Europe/Kobenhavn")


def test_a_time_that_the_clock_skipped_or_showed_twice_is_a_finding() -> None:
    found = read(cases({"seen_at": "2010-03-28 02:30"}, {"seen_at": "2010-10-31 02:30"}, zone=COPENHAGEN), ["seen_at"])
    assert found.faults() == {("seen_at", "skipped by the clock"): [1], ("seen_at", "shown twice by the clock"): [2]}


def test_the_day_of_an_instant_is_the_local_one() -> None:
    found = read(cases({"received_on": AWARE}, {"received_on": "2010-06-30 23:30"}, zone=COPENHAGEN), ["received_on"])
    assert found.values("received_on") == [dt.date(2010, 7, 1), dt.date(2010, 6, 30)]
    for value in (AWARE, dt.datetime(2010, 7, 1, 0, 30)):
        with pytest.raises(NaiveTime):
            read(cases({"received_on": value}), ["received_on"])
    midnight = read(cases({"received_on": dt.datetime(2010, 7, 1)}), ["received_on"])
    assert midnight.values("received_on") == [dt.date(2010, 7, 1)]


def test_a_day_is_no_instant() -> None:
    found = read(cases({"seen_at": dt.date(2010, 7, 1)}, {"seen_at": "2010-07-01"}, zone=COPENHAGEN), ["seen_at"])
    assert found.faults() == {("seen_at", "unreadable value"): [1, 2]}


def test_a_blank_required_date_stays_and_a_blank_key_does_not() -> None:
    found = read(
        source([{"case": 1, "received_on": None}, {"case": None, "received_on": "2010-01-01"}], Case), ["case"]
    )
    assert found.values("received_on") == [None]
    assert found.faults() == {("case", "missing value"): [2]}


RANGE = ["1899-12-31", "1900-01-02", "2060-12-30", "2061-01-01"]


def test_the_range_of_days() -> None:
    found = read(cases(*({"received_on": one} for one in RANGE)), ["received_on"])
    assert found.faults() == {("received_on", "before 1900"): [1], ("received_on", "after the horizon"): [4]}
    assert found.numbers == [2, 3]


@pytest.mark.parametrize("zone", ["Europe/Copenhagen", "America/New_York", "Pacific/Auckland"])
def test_the_range_of_instants_is_that_of_local_days(zone: str) -> None:
    edges = ["1899-12-31T23:59:59", "1900-01-02T00:00:00", "2060-12-31T23:59:59", "2061-01-01T00:00:00"]
    found = read(cases(*({"seen_at": one} for one in edges), zone=zone), ["seen_at"])
    assert found.numbers == [2, 3]
    in_utc = [value.replace(tzinfo=dt.UTC) for value in found.values("seen_at")]
    again = read(cases(*({"received_on": one} for one in in_utc), zone=zone), ["received_on"])
    assert again.values("received_on") == [dt.date(1900, 1, 2), dt.date(2060, 12, 31)]


def test_the_hours_of_1900_that_were_1899_in_utc_are_left_to_no_calendar() -> None:
    found = read(cases({"seen_at": "1900-01-01 00:30"}, {"seen_at": "1900-01-01 01:30"}, zone=COPENHAGEN), ["seen_at"])
    assert found.faults() == {("seen_at", "before 1900"): [1]}
    aware = [dt.datetime(1899, 12, 31, 23, 40, tzinfo=dt.UTC), dt.datetime(1900, 1, 1, 0, 40, tzinfo=dt.UTC)]
    days = read(cases(*({"received_on": one} for one in aware), zone=COPENHAGEN), ["received_on"])
    assert days.faults() == {("received_on", "before 1900"): [1]}
    assert days.values("received_on") == [dt.date(1900, 1, 1)]


def test_years_that_no_zone_knows_are_set_aside_not_fatal() -> None:
    given = [dt.datetime(1, 1, 1, tzinfo=dt.UTC), dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.UTC), AWARE]
    for field in ("seen_at", "received_on"):
        found = read(cases(*({field: one} for one in given), zone=COPENHAGEN), [field])
        assert found.numbers == [3]


MARKS = {"9999-12-31": "still open", "1900-01-01": "unknown"}


@pytest.mark.parametrize("write", [lambda day: day, str, lambda day: dt.datetime.combine(day, dt.time())])
def test_declared_marks(write: Callable[[dt.date], object]) -> None:
    written = [write(day) for day in (dt.date(9999, 12, 31), dt.date(1900, 1, 1), dt.date(2010, 2, 1))]
    rows = [{"received_on": "2010-01-01", "closed_on": day} for day in written]
    given = cases(*rows, marks={"closed_on": MARKS}, zone=COPENHAGEN)
    ((part,),) = [given.reading(["closed_on"]).parts]
    (block,) = part.blocks()
    assert read(given, ["closed_on"]).values("closed_on") == [None, None, dt.date(2010, 2, 1)]
    unknown = block.records.unknown(["closed_on"])
    assert unknown is not None
    assert unknown.tolist() == [False, True, False]
    assert block.findings.suspected == {}


@pytest.mark.parametrize("hour", [0, 23])
def test_a_mark_covers_its_whole_day_by_the_local_clock_and_by_the_one_it_was_written_by(hour: int) -> None:
    mark = dt.datetime(9999, 12, 31, hour)
    for value in (mark, mark - dt.timedelta(hours=1)):
        aware = value.replace(tzinfo=dt.UTC)
        naive = read(
            cases({"seen_at": value}, zone=COPENHAGEN, marks={"seen_at": {"9999-12-31": "never"}}), ["seen_at"]
        )
        expected = [] if value.date() == mark.date() else [1]
        assert naive.findings.set_aside == len(expected)
        # an hour later in Copenhagen, where the last hour of 9999 is in a year that Python does not know
        local = (value + dt.timedelta(hours=1)).date() if value.hour != 23 or value.date() != mark.date() else None
        found = read(
            cases({"seen_at": aware}, zone=COPENHAGEN, marks={"seen_at": {"9999-12-31": "never"}}), ["seen_at"]
        )
        assert found.findings.set_aside == (0 if mark.date() in (local, value.date()) else 1)


def test_a_mark_may_be_an_ordinary_day_and_alone_in_its_column() -> None:
    marks = {"seen_at": {"2010-07-01": "unknown"}, "promised": {"2010-07-01": "none"}}
    rows = [{"seen_at": AWARE, "promised": "2010-07-01"}]
    assert read(cases(*rows, zone=COPENHAGEN, marks=marks), ["seen_at", "promised"]).rows == [
        {"received_on": None, "promised": None, "seen_at": None}
    ]


def test_undeclared_marks_are_counted_whether_set_aside_or_not() -> None:
    days = [
        "1900-01-01",
        "1970-01-01",
        "2049-12-31",
        "2059-12-31",
        "9999-12-31",
        "9999-12-31",
        "2999-12-31",
        "2010-01-01",
    ]
    found = read(cases(*({"promised": one} for one in days)), ["promised"])
    assert found.findings.suspected == {
        ("promised", "1900-01-01"): 1,
        ("promised", "1970-01-01"): 1,
        ("promised", "2049-12-31"): 1,
        ("promised", "2059-12-31"): 1,
        ("promised", "9999-12-31"): 2,
        ("promised", "2999-12-31"): 1,
    }
    assert found.faults() == {("promised", "after the horizon"): [5, 6, 7]}


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ({"closed": {"9999-12-31": "open"}}, ["marks=", "closed_on"]),
        ({"letters": {"9999-12-31": "open"}}, ["no date"]),
        ({"closed_on": {"31-12-9999": "open"}}, ["31-12-9999", "9999-12-31"]),
        ({"closed_on": {"9999-12-31": "gone"}}, ["gone", "unknown", "still open"]),
    ],
)
def test_marks_that_cannot_be(marks: dict[str, dict[str, str]], words: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        cases({"received_on": "2010-01-01"}, marks=marks)
    assert all(word in str(caught.value) for word in words)


ORDER: list[dict[str, Any]] = [
    {"received_on": "2010-06-02", "closed_on": "2010-06-01"},
    {"received_on": "2010-06-02", "closed_on": "2010-06-02"},
    {"received_on": None, "closed_on": "2010-06-01"},
    {"received_on": "2010-06-02", "closed_on": None},
]


def test_nothing_ends_before_it_began() -> None:
    found = read(cases(*ORDER), ["closed_on"])
    assert found.faults() == {("closed_on", "ended before it began"): [1]}
    assert found.read == len(found.rows) + found.findings.set_aside == 4


def test_a_check_is_switched_off_by_its_name() -> None:
    assert read(cases(*ORDER, checks_off=["closed_on-before-received_on"]), ["closed_on"]).numbers == [1, 2, 3, 4]
    with pytest.raises(UsageError) as caught:
        cases(*ORDER, checks_off=["closed_on"])
    assert "closed_on-before-received_on" in str(caught.value)


def test_planned_dates_and_dates_that_may_precede_are_not_checked() -> None:
    found = read(
        cases({"received_on": "2010-06-02", "promised": "2010-01-01", "born_on": "1970-01-02"}), ["promised", "born_on"]
    )
    assert found.numbers == [1]


def test_a_day_is_checked_against_the_local_day_of_an_instant() -> None:
    rows = [
        {"visit": 1, "came_at": AWARE, "billed_on": "2010-06-30"},
        {"visit": 2, "came_at": AWARE, "billed_on": "2010-07-01"},
        {"visit": 3, "came_at": AWARE, "billed_on": None},
    ]
    columns = {"left_at": None, "booked_on": None}
    found = read(source(rows, Visit, columns=columns, zone=COPENHAGEN), ["billed_on"])
    assert found.faults() == {("billed_on", "ended before it began"): [1]}
    with pytest.raises(NaiveTime, match="A day and an instant"):
        read(source(rows, Visit, columns=columns), ["billed_on"])


def test_a_column_of_days_is_no_column_of_instants() -> None:
    pa = pytest.importorskip("pyarrow")

    table = pa.table({"visit": [1], "came_at": [dt.date(2010, 6, 1)]})
    with pytest.raises(InputError) as caught:
        read(source(table, Visit, zone=COPENHAGEN), ["came_at"])
    assert "column came_at" in str(caught.value)


def test_text_columns_of_a_frame_are_read_by_the_dialect() -> None:
    pa = pytest.importorskip("pyarrow")

    table = pa.table({"case": [1, 2], "received_on": ["01-06-2010", "2010-06-01"]})
    found = read(source(table, Case, dialect=Dialect.danish()), ["received_on"])
    assert found.values("received_on") == [dt.date(2010, 6, 1)]
    assert found.faults() == {("received_on", "unreadable value"): [2]}


@pytest.mark.parametrize("many", [1, 100])
def test_an_offset_has_less_than_24_hours_and_60_minutes(many: int) -> None:
    """Read one by one and many of one shape at a time; RFC 3339 has hours to 23 and minutes to 59."""
    noon = dt.datetime(2010, 6, 1, 12)
    most = dt.timedelta(hours=23, minutes=59)
    read_as = {"+23:59": noon - most, "-23:59": noon + most, "+2359": noon - most, "+00": noon, "Z": noon}
    texts = [*read_as, "+24:00", "-24:00", "+02:60", "+0260", "+99"]
    rows = [{"id": n, "at": f"2010-06-01T12:00:00{texts[n % 10]}"} for n in range(10 * many)]
    found = read(source(rows, At), ["id", "at"])
    assert [row["at"] for row in found.rows] == [*read_as.values()] * many
    assert len(found.faults()["at", "unreadable value"]) == 5 * many


class At(Records, name="at"):
    id = key()
    at = instant(missing="none")
