"""The rent tribunal of the example: cases come in day by day, wait their turn, and are closed."""

from __future__ import annotations

import datetime as dt

from casequality_copenhagen.example.days import days, office_closed
from casequality_copenhagen.example.draws import Draws
from casequality_copenhagen.example.material import FORGOTTEN, File, Row, TribunalCase, scattered
from casequality_copenhagen.example.phones import EXTRACTED

HEADER = ("Sagsnummer", "Modtaget", "Afsluttet", "Udfald")
BEGUN = dt.date(2007, 7, 1)
COMING_IN = {2007: 1.75, 2008: 1.75, 2009: 2.0, 2010: 2.0}
CLOSED = {2007: 1.15, 2008: 1.75, 2009: 1.65, 2010: 2.6}
"""Cases received and closed a working day: a backlog grows in 2009 and is worked off in 2010."""

ENDINGS = {"decided": 0.74, "settled": 0.11, "withdrawn": 0.09, "dismissed": 0.06}
WRITTEN = {"decided": "afgjort", "settled": "forlig", "withdrawn": "hævet", "dismissed": "afvist", None: None}


def tribunal_cases() -> list[TribunalCase]:
    """Return every case since the example began; a few closing dates are marks, one receipt date is lost."""
    draws = Draws("rent tribunal")
    received: list[tuple[str, dt.date]] = []
    ended: dict[str, tuple[dt.date, str]] = {}
    for day in days(BEGUN, EXTRACTED):
        if office_closed(day):
            continue
        for _ in range(_drawn(COMING_IN[day.year], draws)):
            received.append((f"DEMO-HN-{len(received) + 1:05}", day))
        for _ in range(_drawn(CLOSED[day.year], draws)):
            waiting = [key for key, on in received if key not in ended and (day - on).days > 20]
            if waiting:
                key = waiting[0 if draws.chance(0.35) else draws.whole(0, len(waiting) - 1)]
                ended[key] = day, draws.one_of(ENDINGS)
    cases = [TribunalCase(key, on, *ended.get(key, (None, None))) for key, on in received]
    return [*cases, *_odd_cases()]


def tribunal_file(cases: list[TribunalCase]) -> File:
    """Return the tribunal's workbook."""
    draws = Draws("rent tribunal, written")
    rows = [Row((c.key, c.received, FORGOTTEN if c.forgotten else c.closed, WRITTEN[c.ending])) for c in cases]
    return File("huslejenaevnet.xlsx", "tribunal_cases", HEADER, scattered(rows, _faults(rows), draws))


def _drawn(mean: float, draws: Draws) -> int:
    return int(mean) + draws.chance(mean - int(mean))


def _odd_cases() -> list[TribunalCase]:
    spring = dt.date(2010, 2, 18)
    return [
        TribunalCase("DEMO-HN-80001", None, dt.date(2010, 3, 4), "decided"),
        TribunalCase("DEMO-HN-80002", spring, None, None, forgotten=True),
        TribunalCase("DEMO-HN-80003", spring, None, None, forgotten=True),
    ]


def _faults(rows: list[Row]) -> list[Row]:
    day, later = dt.date(2010, 3, 2), dt.date(2010, 5, 3)
    return [
        Row(rows[700].cells, ("Sagsnummer", "repeated row")),
        Row(("DEMO-HN-90001", day, later, "afgjort"), ("Sagsnummer", "conflicting key")),
        Row(("DEMO-HN-90001", day, later, "forlig"), ("Sagsnummer", "conflicting key")),
        Row(("DEMO-HN-90002", later, day, "afgjort"), ("Afsluttet", "ended before it began")),
        Row(("DEMO-HN-90003", day, dt.date(3010, 5, 3), "afgjort"), ("Afsluttet", "after the horizon")),
        Row(("DEMO-HN-90004", "02-03-1810", None, None), ("Modtaget", "before 1900")),
    ]
