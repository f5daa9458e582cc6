"""The telephone calls of the example, one after the other, as two telephone systems would write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import attrs

from casequality_copenhagen.example.days import days, office_closed
from casequality_copenhagen.example.draws import Draws
from casequality_copenhagen.example.material import Call, File, Row, scattered

EXTRACTED = dt.date(2010, 8, 11)
"""When the sources were extracted: after the as-of of the report, which must not look at what came later."""

HEADER = ("KaldId", "KaldStart", "KoeStart", "BesvaretTid", "KaldSlut", "BesvaretAf", "Afklaring")
MINUTE = 60
MENU = dt.timedelta(seconds=20)


@attrs.frozen
class Line:
    """How busy a telephone line is, and how well it is answered; `busier` are months with longer waits."""

    name: str
    calls_a_day: Mapping[int, tuple[int, int]]
    mean_wait: float
    busier: Mapping[int, float]
    patience: float
    recorded: float
    resolved: float
    not_written_down: float


CONTACT_CENTRE = Line(
    name="KC",
    calls_a_day={2009: (30, 38), 2010: (38, 50)},
    mean_wait=19,
    busier={1: 1.1, 2: 1.6, 3: 1.0, 4: 0.8, 5: 0.85, 6: 1.25, 7: 1.0},
    patience=140,
    recorded=0.0,
    resolved=0.475,
    not_written_down=0.004,
)
BENEFITS = Line(
    name="SL",
    calls_a_day={2010: (10, 18)},
    mean_wait=35,
    busier={},
    patience=420,
    recorded=0.03,
    resolved=0.5,
    not_written_down=0.01,
)
OUTAGE = (dt.date(2010, 5, 19), dt.date(2010, 5, 20))
"""Two days of which the telephone system of the benefits area delivered nothing."""


def contact_centre_calls() -> list[Call]:
    """Return the calls of the contact centre, 2009 to the day of extraction."""
    draws = Draws("contact centre")
    lost = {7_003, 7_811}
    calls = _calls(CONTACT_CENTRE, draws, dt.date(2009, 1, 1))
    return [attrs.evolve(call, ended=None) if int(call.key[-6:]) in lost else call for call in calls]


def benefit_calls() -> list[Call]:
    """Return the calls to the benefits area in 2010, but those of the outage."""
    draws = Draws("benefits line")
    calls = _calls(BENEFITS, draws, dt.date(2010, 1, 1))
    return [call for call in calls if call.offered.date() not in OUTAGE]


def contact_centre_files(calls: list[Call]) -> list[File]:
    """Return a file a year; each call reached the one number, and the later file holds faults."""
    draws = Draws("contact centre, written")
    found = []
    for year in (2009, 2010):
        rows = [Row(_cells(call)) for call in calls if call.offered.year == year]
        planted = _contact_centre_faults(rows, draws) if year == 2010 else []
        found.append(File(f"opkald-{year}.parquet", "calls_contact_centre", HEADER, scattered(rows, planted, draws)))
    return found


def benefit_file(calls: list[Call]) -> File:
    """Return the benefits area's calls as text."""
    draws = Draws("benefits line, written")
    rows = [Row(_cells(call)) for call in calls]
    planted = _benefit_faults(rows)
    return File("sikringslinjen-2010.csv", "calls_benefits", HEADER, scattered(rows, planted, draws))


def _calls(line: Line, draws: Draws, first: dt.date) -> Iterator[Call]:
    number = 0
    for day in days(first, EXTRACTED):
        if office_closed(day):
            continue
        opened = dt.datetime.combine(day, dt.time(8))
        starts = sorted(draws.whole(0, 8 * 60 * MINUTE - 1) for _ in range(draws.whole(*line.calls_a_day[day.year])))
        for start in starts:
            number += 1
            yield _call(f"DEMO-{line.name}-{number:06}", opened + start * dt.timedelta(seconds=1), line, draws)


def _call(key: str, offered: dt.datetime, line: Line, draws: Draws) -> Call:
    """Return what becomes of one caller: the voice menu, the queue, and then an answer or too long a wait."""
    second = dt.timedelta(seconds=1)
    menu = draws.whole(4, 25) * second
    if draws.chance(0.03):
        return Call(key, offered, None, None, offered + menu, None, None)
    queued = offered + menu
    wait = draws.wait(line.mean_wait * line.busier.get(offered.month, 1.0))
    patience = draws.whole(2, 5) if draws.chance(0.02) else 6 + draws.wait(line.patience)
    if wait > patience:
        return Call(key, offered, queued, None, queued + patience * second, None, None)
    answered = queued + wait * second
    ended = answered + (20 + draws.wait(200)) * second
    by = "recording" if draws.chance(line.recorded) else "person"
    resolved = None
    if not draws.chance(line.not_written_down):
        resolved = "by the contact centre" if draws.chance(line.resolved) else "passed on"
    return Call(key, offered, queued, answered, ended, by, resolved)


WRITTEN = {
    "person": "medarbejder",
    "recording": "maskine",
    "by the contact centre": "afklaret",
    "passed on": "viderestillet",
    None: None,
}


def _cells(call: Call) -> tuple[object, ...]:
    """Return a call as the systems write it."""
    times = (call.offered, call.queued, call.answered, call.ended)
    return (call.key, *times, WRITTEN[call.answered_by], WRITTEN[call.resolved])


def _contact_centre_faults(rows: list[Row], draws: Draws) -> list[Row]:
    repeated = [Row(row.cells, ("KaldId", "repeated row")) for row in draws.some(rows, 3)]
    at = dt.datetime.fromisoformat("2010-03-09 10:00")
    backwards = ("DEMO-KC-900001", at, None, None, at - MENU, None, None)
    return [*repeated, Row(backwards, ("KaldSlut", "ended before it began"))]


def _benefit_faults(rows: list[Row]) -> list[Row]:
    at = dt.datetime.fromisoformat("2010-04-13 09:30")
    skipped = dt.datetime.fromisoformat("2010-03-28 02:30")
    return [
        Row(rows[100].cells, ("KaldId", "repeated row")),
        *(
            Row(
                ("DEMO-SL-900005", at, at, at + wait, at + 2 * wait, "medarbejder", None), ("KaldId", "conflicting key")
            )
            for wait in (MENU, 2 * MENU)
        ),
        Row(("DEMO-SL-900001", skipped, None, None, None, None, None), ("KaldStart", "skipped by the clock")),
        Row(("DEMO-SL-900002", "kl. halv ti", None, None, at, None, None), ("KaldStart", "unreadable value")),
        Row(("DEMO-SL-900003", at, at, at, at, "robot", "afklaret"), ("BesvaretAf", "unknown code")),
        Row(("DEMO-SL-900004", at, "for", "mange", "kolonner", "", "", "her"), ("", "wrong number of columns")),
        Row((None, at, at, at, at, "medarbejder", "afklaret"), ("KaldId", "missing value")),
    ]
