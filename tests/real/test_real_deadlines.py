"""Due dates and counts that authorities and other systems gave, counted again."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from casequality.days import Calendar, OpeningHours, calendar_from_holidays, to_instants
from casequality.deadlines import Term, deadline
from tests.factories.deadlines import any_deadline
from tests.shared import shared


def rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


RULES = {
    "TBG 10 wd": ["copenhagen/reply-guarantee"],
    "OFL 2013 s.36(2) / FVL s.16(2): 7 wd": ["access/decide", "party-access/decide"],
    "OFL s.39(1): separate complaint opens after 14 wd": ["access/delay-complaint"],
    "OFL 1985 s.16(2) / old FVL s.16(2): notice within 10 days": [
        "access/notify-or-decide",
        "party-access/notify-or-decide",
    ],
    "PDL s.31(2): answer or notice within 4 weeks": ["personal-data/notify-or-answer"],
    "Appeal period 4 weeks (klagefrist), digital post": ["appeals/appeal"],
    "Remonstration (genvurdering) 4 weeks": ["appeals/reconsideration"],
    "Appeal 4 weeks, paper post (VEJ 9533/2018)": ["appeals/appeal-by-letter"],
    "GDPR art. 12(3) (Reg. 1182/71: use roll-L column when given)": ["personal-data/answer"],
    "Rent tribunal goal: closed within 4 months": ["copenhagen/rent-tribunal-goal"],
}
CONVENTIONS = {"L": "dk-statutory", "A": "dk-administrative", "B": "dk-bank"}


def conventions(row: dict[str, str]) -> Iterator[tuple[str | None, str, dt.date]]:
    """Yield (roll, calendar, due) for everything that a worked example says."""
    due, other = day(row["due"]), row["alternatives"]
    stated = {name: day(text) for name, text in re.findall(r"(WD-[AB]|(?:roll-|rolled )[LAB]): (\S+)", other)}
    working_days = " WD-L" in row["convention"] and "weeks" not in row["convention"]
    letters = "LAB" if other.startswith("same") else {name[-1] for name in stated} | {"L"}
    if not working_days:
        yield "none", "dk-statutory", due
    for letter in sorted(letters):
        if working_days:
            yield None, CONVENTIONS[letter], stated.get(f"WD-{letter}", due)
        else:
            yield "forward", CONVENTIONS[letter], stated.get(f"roll-{letter}", stated.get(f"rolled {letter}", due))


def test_every_worked_example_under_each_convention_that_it_names() -> None:
    examples = rows(shared("deadline_examples.csv"))
    assert len(examples) == 30
    for row in examples:
        for name in RULES[row["rule"]]:
            rule, received = deadline(name), day(row["received"])
            for roll, on, due in conventions(row):
                found = rule.due(received, calendar=on, roll=roll)  # type: ignore[arg-type]
                assert (row["id"], roll, on, found) == (row["id"], roll, on, due)
                assert rule.explain(received, calendar=on, roll=roll).due == due  # type: ignore[arg-type]


def test_the_letter_of_the_worked_example_arrives_on_the_day_it_says() -> None:
    (row,) = [row for row in rows(shared("deadline_examples.csv")) if row["id"] == "E40"]
    assert row["alternatives"].startswith("deemed arrival 2018-07-10")
    assert deadline("appeals/letter-arrival").due(day(row["received"])) == dt.date(2018, 7, 10)


def test_the_request_of_hoersholm_is_late_under_every_convention() -> None:
    shared("deadline_examples.csv")
    for on in CONVENTIONS.values():
        assert deadline("access/decide").due(dt.date(2015, 12, 15), calendar=on) < dt.date(2016, 1, 26)


@cache
def massachusetts() -> Calendar:
    closed = [row["date"] for row in rows(shared("data/boston_311/ma_legal_holidays_2015_2016.csv"))]
    first, last = dt.date(2015, 1, 1), dt.date(2016, 12, 31)
    return Calendar.make("Massachusetts", closed=closed, first=first, last=last, source="legal holidays")


@pytest.mark.parametrize(
    ("kind", "n", "agree", "all_cases"),
    [("Building Inspection Request", 3, 4961, 4961), ("General Comments For a Program or Policy", 10, 4837, 4840)],
)
def test_boston_s_due_times_to_the_minute(kind: str, n: int, agree: int, all_cases: int) -> None:
    cases = [row for row in rows(shared("data/boston_311/working_day_due_dates.csv.gz")) if row["TYPE"] == kind]
    opened, target = (
        to_instants(np.array([row[name] for row in cases], "datetime64[us]"), "America/New_York")[0]
        for name in ("OPEN_DT", "TARGET_DT")
    )
    office = OpeningHours.parse("08:30-17:00", zone="America/New_York", calendar=massachusetts())
    rule = any_deadline(f"{n} working days", calendar=massachusetts(), opening=office)
    due = rule.due(opened)
    agreeing = np.abs(due - target) <= np.timedelta64(1, "m")  # the city's system cuts some times to the minute
    assert (int(agreeing.sum()), len(cases)) == (agree, all_cases)
    for instant, answer in zip(opened[::97], due[::97], strict=True):
        assert rule.explain(instant).due.astimezone(dt.UTC).replace(tzinfo=None) == answer.item()  # type: ignore[attr-defined]


@cache
def federal() -> Calendar:
    return calendar_from_holidays("US", first=dt.date(2000, 1, 1), last=dt.date(2025, 12, 31))


def test_the_postal_service_s_own_working_day_counts() -> None:
    pending = rows(shared("data/foia_us/oldest_pending_usps.csv.gz"))
    agreeing: dict[int, list[bool]] = {}
    for row in pending:
        year, received, count = int(row["year"]), day(row["OldItemReceiptDate"]), int(row["OldItemPendingDaysQuantity"])
        agrees = federal().count(received, dt.date(year, 9, 30)) == count
        agreeing.setdefault(year, []).append(agrees)
        if agrees and count:
            last = federal().roll(dt.date(year, 9, 30), "backward")
            assert Term(count, "working days").due(received, federal()) == last
    counted = {year: (sum(marks), len(marks)) for year, marks in agreeing.items()}
    assert all(right == total for year, (right, total) in counted.items() if 2011 <= year <= 2018)
    assert sum(total for year, (_, total) in counted.items() if 2011 <= year <= 2018) == 488
    assert (counted[2010], counted[2019]) == ((18, 84), (43, 61))  # in these two years the agency counted otherwise


def test_requests_closed_within_twenty_working_days() -> None:
    log = rows(shared("data/foia_log_doj_2017/requests.csv"))
    received, closed = (
        np.array([dt.datetime.strptime(row[name], "%m/%d/%Y").date() for row in log], "datetime64[D]")  # noqa: DTZ007
        for name in ("Submitted Date", "Closed Date")
    )
    in_time = closed <= any_deadline("20 working days", calendar=federal()).due(received)
    assert (int(in_time.sum()), len(log)) == (86, 244)


def test_alaveteli_s_due_dates() -> None:
    closed = shared("data/peer_deadlines/alaveteli_holidays.txt").read_text(encoding="utf-8").split()
    irish = Calendar.make(
        "alaveteli", closed=closed, first=dt.date(2007, 1, 1), last=dt.date(2010, 12, 31), source="its tests"
    )
    table = rows(shared("data/peer_deadlines/alaveteli_due_dates.csv"))
    assert len(table) == 16
    for row in table:
        roll = ", roll forward" if row["unit"] == "calendar" else ""
        rule = any_deadline(f"{row['n']} {row['unit']} days{roll}", calendar=irish)
        assert (row["start"], rule.due(day(row["start"]))) == (row["start"], day(row["due"]))


def test_glpi_s_due_time_of_seven_working_days() -> None:
    (row,) = [row for row in rows(shared("data/peer_deadlines/glpi_calendar.csv")) if row["op"] == "+7 working days"]
    week = Calendar.make("weekdays", first=dt.date(2018, 1, 1), last=dt.date(2019, 12, 31), source="its tests")
    rule = any_deadline(
        "7 working days", calendar=week, opening=OpeningHours.parse("08:00-20:00", zone="UTC", calendar=week)
    )
    received = dt.datetime.fromisoformat(row["input"]).replace(tzinfo=dt.UTC)
    assert rule.due(received) == dt.datetime.fromisoformat(row["answer"]).replace(tzinfo=dt.UTC)


def test_danish_due_dates_2023_to_2025_in_tables_and_in_ledgers() -> None:
    table = rows(shared("data/danish_calendars/due_dates_2023_2025.csv"))
    received = np.array([row["received"] for row in table], "datetime64[D]")
    amounts = np.array([int(row["working_days"]) for row in table])
    expected = np.array([row["due_if_day_of_receipt_not_counted"] for row in table], "datetime64[D]")
    for amount in np.unique(amounts):
        these = amounts == amount
        rule = any_deadline(f"{amount} working days")
        np.testing.assert_array_equal(rule.due(received[these]), expected[these])
        for start, due in zip(received[these][::17].tolist(), expected[these][::17].tolist(), strict=True):
            assert rule.explain(start).due == due
