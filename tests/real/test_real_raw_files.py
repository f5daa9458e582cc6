"""Every real table as its owner's own file, read as it lies there, against the standard library and known answers.

Not here, since others read them so: requests of Boston and to the Department of Justice, calls, courts of three years
and fines (`test_real_intake.py`), event logs (`plugins/casequality-case-flow/tests`). Tables of answers, of closing
days and of changes of the clock are no records of cases, and are compared with where they are the answer.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from casequality.records import Records, amount, code, count, day, flag, instant, source
from tests.factories.records import Read, read
from tests.shared import shared


def lines(path: Path) -> list[dict[str, str]]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(StringIO(content.decode(), newline="")))


def taken_in(
    name: str, kind: type[Records], columns: dict[str, str], **options: Any
) -> tuple[Read, list[dict[str, str]]]:
    """Return what is read, and the rows as the standard library has them."""
    path = shared(f"data/{name}")
    found, rows = read(source(path, kind, columns=columns, **options), list(kind.fields)), lines(path)
    assert found.read == len(rows)
    return found, rows


class Processed(Records, name="processed"):
    agency = code()
    start = count(missing="not said")
    received = count(missing="not said")
    processed = count(missing="not said")
    end = count(missing="not said")


def test_requests_at_the_start_and_the_end_of_a_year() -> None:
    columns = {
        "start": "ProcessingStatisticsPendingAtStartQuantity",
        "received": "ProcessingStatisticsReceivedQuantity",
        "processed": "ProcessingStatisticsProcessedQuantity",
        "end": "ProcessingStatisticsPendingAtEndQuantity",
    }
    found, rows = taken_in("foia_us/processed_2012_2017.csv.gz", Processed, columns)
    assert found.findings.items == ()
    for field, column in columns.items():
        assert [row[field] for row in found.rows] == [int(row[column]) if row[column] else None for row in rows]
    whole = [row for row in found.rows if None not in row.values()]
    assert len(whole) > 1_500
    assert sum(row["start"] + row["received"] - row["processed"] != row["end"] for row in whole) * 100 < len(whole)


class Backlog(Records, name="backlog"):
    year = code()
    requests = count(missing="not said")
    appeals = count(missing="not said")


class Increment(Records, name="increments"):
    class_ = code()
    requests = count()


class Response(Records, name="responses"):
    median = amount(decimals=2, missing="not said")
    average = amount(decimals=2, missing="not said")


class Oldest(Records, name="oldest"):
    received_on = day(missing="none")
    waited = count(missing="none")


FOIA: dict[str, tuple[type[Records], dict[str, str]]] = {
    "backlog_2012_2017": (
        Backlog,
        {"requests": "BackloggedRequestQuantity", "appeals": "BackloggedAppealQuantity"},
    ),
    "response_time_increments_2012_2017": (
        Increment,
        {"class_": "TimeIncrementCode", "requests": "TimeIncrementProcessedQuantity"},
    ),
    "response_times_2012_2017": (
        Response,
        {
            "median": "SimpleResponseTime.ResponseTimeMedianDaysValue",
            "average": "SimpleResponseTime.ResponseTimeAverageDaysValue",
        },
    ),
    "oldest_pending_usps": (
        Oldest,
        {"received_on": "OldItemReceiptDate", "waited": "OldItemPendingDaysQuantity"},
    ),
}


@pytest.mark.parametrize("name", FOIA)
def test_annual_reports_on_access(name: str) -> None:
    kind, columns = FOIA[name]
    found, rows = taken_in(f"foia_us/{name}.csv.gz", kind, columns)
    plain = dict(zip(found.numbers, found.rows, strict=True))
    set_aside = {row for numbers in found.faults().values() for row in numbers}
    assert len(plain.keys() | set_aside) == len(rows)
    for number, row in enumerate(rows, start=1):
        if number in set_aside:  # what the standard library finds no number or day in either
            required = [column for field, column in columns.items() if kind.fields[field].missing is None]
            assert any(not is_plain(row[each]) for each in columns.values()) or any(not row[each] for each in required)
            continue
        for field, column in columns.items():
            value = plain[number][field]
            assert str(value if value is not None else "") == row[column] or value == hundredths(row[column])


def is_plain(text: str) -> bool:
    """Return whether a text is blank, a day, or a number of at most two decimals."""
    return (
        text.count("-") == 2 or not text or (text.replace(".", "", 1).isdecimal() and len(text.partition(".")[2]) <= 2)
    )


def hundredths(text: str) -> int | None:
    return int(Decimal(text) * 100) if text.replace(".", "", 1).isdecimal() else None


class Attendance(Records, name="attendances"):
    month = day()
    site = code()
    kind = code()
    attendances = count()
    breaches = count()


def test_emergency_departments() -> None:
    columns = {"month": "period", "site": "org_code", "kind": "type"}
    found, rows = taken_in("nhs_emergency_departments/ae_attendances.csv", Attendance, columns)
    assert (len(rows), found.findings.items) == (12_765, ())
    for kinds, published in ((set(found.values("kind")), 0.884819), ({"1"}, 0.825184)):
        chosen = [row for row in found.rows if row["kind"] in kinds]
        share = 1 - sum(row["breaches"] for row in chosen) / sum(row["attendances"] for row in chosen)
        assert round(share, 6) == published


class Answer(Records, name="answers"):
    method = code()
    score = count(missing="no answer")


def test_a_survey_of_residents() -> None:
    found, rows = taken_in("resident_survey_kansas_city/august_2021.csv", Answer, {"score": "q17_04"})
    assert found.findings.set_aside == 0
    given = [row["score"] for row in found.rows if row["score"] not in (None, 9)]
    assert (sum(score >= 4 for score in given), len(given)) == (454, 775)
    assert len(rows) == 1_033


class Accidents(Records, name="accidents"):
    within = count()
    all_ = count()


class Operation(Records, name="operations"):
    on = day()
    age = amount(decimals=3)
    gender = code()
    stay = count(missing="not said")
    died = flag()
    again = flag(missing="not said")


class Infection(Records, name="infections"):
    hospital = code()
    month = day()
    number = count()


def test_tables_of_control_charts() -> None:
    found, _ = taken_in("control_charts/nhs_accidents.csv", Accidents, {"within": "r", "all_": "n"})
    assert round(sum(found.values("within")) / sum(found.values("all_")), 7) == 0.9528997
    columns = {"on": "date", "stay": "los", "died": "death", "again": "readmission"}
    found, rows = taken_in("control_charts/cabg.csv", Operation, columns)
    unread = [number for number, row in enumerate(rows, start=1) if "NA" in row.values()]
    assert sorted({row for numbers in found.faults().values() for row in numbers}) == unread
    assert [row["died"] for row in found.rows] == [
        {"TRUE": "yes", "FALSE": "no"}[row["death"]] for number, row in enumerate(rows, start=1) if number not in unread
    ]
    found, rows = taken_in("control_charts/hospital_infections.csv", Infection, {"number": "n"})
    assert sum(found.values("number")) == sum(int(row["n"]) for row in rows)


COUNT, AMOUNT, DAY = count(missing="none"), amount(decimals=10, missing="none"), day(missing="none")
CHARTS: dict[str, dict[str, Any]] = {
    "cdi": {"month": DAY, "n": COUNT, "days": AMOUNT},
    "complaints": {"month": COUNT, "complaints": COUNT, "sales": COUNT},
    "gtt": {"admission_dte": DAY, "discharge_dte": DAY, "month": DAY, "days": COUNT, "harms": COUNT},
    "lots": {"value": AMOUNT, "n": COUNT},
    "montgomery_NA_test": {"obs": AMOUNT},
    **{f"montgomery_tbl_06.0{number}": {"sample": COUNT, "obs": AMOUNT} for number in (3, 4)},
    "montgomery_tbl_06.07": {"weeks": COUNT, "cost": COUNT, "phase": COUNT},
    "montgomery_tbl_07.03": {"size": COUNT, "count": COUNT, "phase": COUNT},
    **{f"montgomery_tbl_07.{number}": {"size": COUNT, "count": COUNT} for number in ("04", "10")},
    "montgomery_tbl_07.08": {"count": COUNT, "phase": COUNT},
    "montgomery_tbl_07.11": {"meters": COUNT, "count": COUNT},
    "montgomery_tbl_07.14": {"failure": COUNT, "hours": COUNT},
    "montgomery_tbl_09.01": {"sample": COUNT, "x": AMOUNT},
}
"""The small tables behind charts whose limits others computed; `known_*.csv` beside them hold those answers."""


@pytest.mark.parametrize("name", CHARTS)
def test_small_tables_of_control_charts(name: str) -> None:
    fields = {f"f{place}": field for place, field in enumerate(CHARTS[name].values())}
    kind: Any = type("Chart", (Records,), fields, name="charts")
    columns = dict(zip(fields, CHARTS[name], strict=True))
    found, rows = taken_in(f"control_charts/{name}.csv", kind, columns)
    unread = {number for numbers in found.faults().values() for number in numbers}
    assert unread == {at for at, row in enumerate(rows, start=1) if "NA" in [row[each] for each in columns.values()]}
    read = [row for at, row in enumerate(rows, start=1) if at not in unread]
    for place, column in columns.items():
        if fields[place] is AMOUNT:
            assert [Decimal(value) / 10**10 for value in found.values(place)] == [Decimal(row[column]) for row in read]
        else:
            assert [str(value) for value in found.values(place)] == [row[column] for row in read]


def test_every_table_of_control_charts_is_read_here() -> None:
    there = {path.stem for path in shared("data/control_charts").glob("*.csv") if not path.stem.startswith("known_")}
    assert there == {*CHARTS, "nhs_accidents", "cabg", "hospital_infections"}


class Patient(Records, name="patients"):
    time = count()
    status = code("1", "2")
    lost = count(missing="not said")


def test_a_study_of_survival_in_which_na_is_no_number() -> None:
    found, rows = taken_in("statistics/lung.csv", Patient, {"lost": "wt.loss"})
    unread = [number for number, row in enumerate(rows, start=1) if row["wt.loss"] == "NA"]
    below = [number for number, row in enumerate(rows, start=1) if row["wt.loss"].startswith("-")]
    assert found.faults() == {("wt.loss", "unreadable value"): unread, ("wt.loss", "below zero"): below}


class Due(Records, name="due"):
    opened_at = instant()
    target_at = instant()
    days = count()


def test_due_times_of_the_city_of_boston() -> None:
    columns = {"opened_at": "OPEN_DT", "target_at": "TARGET_DT", "days": "sla_working_days"}
    name = "boston_311/working_day_due_dates.csv.gz"
    found, rows = taken_in(name, Due, columns, zone="UTC")
    assert found.values("target_at") == [dt.datetime.fromisoformat(row["TARGET_DT"]) for row in rows]


class Court(Records, name="courts"):
    municipality = code()
    filings = count()
    resolutions = count()
    clearance = amount()


@pytest.mark.parametrize("year", [2006, 2007, 2008, 2011, 2012, 2013, 2014])
def test_courts_of_the_other_years(year: int) -> None:
    columns = {
        "municipality": "Municipality",
        **{name: f"{name.title()}_Current_GrandTotal" for name in ("filings", "resolutions", "clearance")},
    }
    found, rows = taken_in(f"municipal_courts_nj/municipal-courts-{year}-06.csv.gz", Court, columns)
    assert len(found.rows) * 10 > 9 * len(rows)
    assert all(row["clearance"] == row["resolutions"] - row["filings"] for row in found.rows)
