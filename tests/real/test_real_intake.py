"""Real deliveries taken in, against what the standard library's readers and their owners say of them."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from pathlib import Path

import pytest

from casequality.records import Dialect, Records, amount, code, count, day, flag, instant, key, source, span
from tests.factories.records import read
from tests.shared import shared

NEW_YORK = "America/New_York"
FORMAT = "%Y-%m-%d %H:%M:%S"


class Request(Records, name="requests"):
    number = key()
    opened_at = instant()
    target_at = instant(missing="no target", planned=True)
    closed_at = instant(missing="open")
    verdict = code("ONTIME", "OVERDUE", missing="none")
    kind = code()


REQUESTS = {
    "number": "CASE_ENQUIRY_ID",
    "opened_at": "OPEN_DT",
    "target_at": "TARGET_DT",
    "closed_at": "CLOSED_DT",
    "verdict": "OnTime_Status",
    "kind": "TYPE",
}


def lines(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_requests_to_the_city_of_boston() -> None:
    path = shared("data/boston_311/requests_2015H1.csv.gz")
    given = source(path, Request, columns=REQUESTS, zone=NEW_YORK)
    found = read(given, list(Request.fields))
    early = [
        number
        for number, row in enumerate(lines(path), start=1)
        if row["CLOSED_DT"] and row["CLOSED_DT"] < row["OPEN_DT"]
    ]
    assert len(early) == 84
    assert found.faults() == {("CLOSED_DT", "ended before it began"): early}
    assert found.read == 58_119
    judged = [row for row in found.rows if row["closed_at"] and row["target_at"] and row["verdict"]]
    assert (len(judged), sum(row["verdict"] == "ONTIME" for row in judged)) == (37_217, 27_255)
    assert all((row["closed_at"] <= row["target_at"]) == (row["verdict"] == "ONTIME") for row in judged)


def test_the_same_requests_with_the_check_switched_off_by_its_name() -> None:
    path = shared("data/boston_311/requests_2015H1.csv.gz")
    off = ["closed_at-before-opened_at"]
    found = read(source(path, Request, columns=REQUESTS, zone=NEW_YORK, checks_off=off), list(Request.fields))
    assert (found.read, len(found.rows), found.findings.items) == (58_119, 58_119, ())
    judged = [row for row in found.rows if row["closed_at"] and row["target_at"] and row["verdict"]]
    assert (len(judged), sum(row["verdict"] == "ONTIME" for row in judged)) == (37_257, 27_295)
    assert sum(row["target_at"] is None for row in found.rows) == 14_527
    assert sum(row["target_at"] is not None and row["closed_at"] is None for row in found.rows) == 6_272


class Access(Records, name="requests"):
    number = key()
    submitted_on = day()
    closed_on = day(missing="open")
    disposition = code()


def test_requests_for_access_written_in_american_days() -> None:
    path = shared("data/foia_log_doj_2017/requests.csv")
    columns = {
        "number": "Tracking Number",
        "submitted_on": "Submitted Date",
        "closed_on": "Closed Date",
        "disposition": "Disposition",
    }
    given = source(path, Access, columns=columns, dialect=Dialect(day="mm/dd/yyyy"))
    found = read(given, list(Access.fields))
    assert (found.read, found.findings.items) == (244, ())
    lengths = sorted((row["closed_on"] - row["submitted_on"]).days for row in found.rows)
    assert (lengths[121] + lengths[122]) / 2 == 48
    assert round(sum(lengths) / 244, 4) == 317.0984


class Call(Records, name="calls"):
    number = code()
    menu = span(missing="none")
    queued = span()
    outcome = code("AGENT", "HANG", "PHANTOM")
    no_server = flag()


def test_calls_to_a_bank() -> None:
    path = shared("data/calls_february_1999/calls.csv.gz")
    columns = {"number": "call_id", "menu": "vru_time", "queued": "q_time"}
    found = read(source(path, Call, columns=columns), list(Call.fields))
    rows = lines(path)
    negative = [number for number, row in enumerate(rows, start=1) if int(row["vru_time"]) < 0]
    assert len(negative) == 25
    assert found.faults() == {("vru_time", "below zero"): negative}
    assert found.read == len(rows) == 33_344
    answered = [row["queued"] for row in found.rows if row["outcome"] == "AGENT"]
    kept = [int(row["q_time"]) for row in rows if row["outcome"] == "AGENT" and int(row["vru_time"]) >= 0]
    assert sum(answered, dt.timedelta()) == dt.timedelta(seconds=sum(kept))


class Court(Records, name="courts"):
    county = code()
    municipality = code()
    filings = count()
    resolutions = count()
    clearance = amount()


@pytest.mark.parametrize("year", [2005, 2010, 2015])
def test_counts_with_thousands_commas(year: int) -> None:
    path = shared(f"data/municipal_courts_nj/municipal-courts-{year}-06.csv.gz")
    columns = {
        "county": "County",
        "municipality": "Municipality",
        "filings": "Filings_Current_GrandTotal",
        "resolutions": "Resolutions_Current_GrandTotal",
        "clearance": "Clearance_Current_GrandTotal",
    }
    found = read(source(path, Court, columns=columns), list(Court.fields))
    assert found.read == len(lines(path))
    assert found.rows
    assert all(row["clearance"] == row["resolutions"] - row["filings"] for row in found.rows)
    unread = [row for row in lines(path) if not row["Filings_Current_GrandTotal"].replace(",", "").isdecimal()]
    assert found.findings.set_aside == len(unread)


class Fine(Records, name="fines"):
    case = key()
    happened_at = instant()
    activity = code()
    paid = amount(decimals=2, missing="none")


def test_events_with_their_offset_from_utc() -> None:
    path = shared("data/event_logs/roadtraffic100traces.csv")
    columns = {
        "case": "case:concept:name",
        "happened_at": "time:timestamp",
        "activity": "concept:name",
        "paid": "paymentAmount",
    }
    found = read(source(path, Fine, columns=columns), list(Fine.fields))
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    moments = [dt.datetime.fromisoformat(row["time:timestamp"]).astimezone(dt.UTC) for row in rows]
    assert found.findings.items == ()
    assert [row["happened_at"].replace(tzinfo=dt.UTC) for row in found.rows] == moments
    assert (min(moments).isoformat(" "), max(moments).isoformat(" ")) == (
        "2000-03-14 23:00:00+00:00",
        "2013-04-23 22:00:00+00:00",
    )
    assert sum(row["paid"] or 0 for row in found.rows) == sum(
        round(float(row["paymentAmount"] or 0) * 100) for row in rows
    )
