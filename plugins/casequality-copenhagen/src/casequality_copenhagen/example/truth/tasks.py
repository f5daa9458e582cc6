"""The truth about what is to be taken up: open cases soon due, and overdue ones of which nobody was told."""

from __future__ import annotations

import datetime as dt

import attrs

from casequality_copenhagen.example import Example
from casequality_copenhagen.example.benefits import due, months_later, working_days_later
from casequality_copenhagen.example.days import ONE_DAY, closed, days
from casequality_copenhagen.example.truth.benefits import sent_by


@attrs.frozen(order=True)
class Owed:
    """One open case on the list."""

    due: dt.date
    source: str
    row: int
    key: str
    working_days_left: int
    reason: str


def tasks(example: Example, as_of: dt.date, within: int) -> list[Owed]:
    """Return the cases that a worklist of a day holds, soonest first."""
    limit = working_days_later(as_of, within)
    found = []
    for case in example.benefit_cases:
        ended = any(day and day < as_of for day in (case.decided, case.withdrawn))
        last = due(case.kind, case.received)
        if case.received >= as_of or ended or case.lost or last > limit:
            continue
        told = any(notice.sent <= last for notice in sent_by(case.notices, as_of))
        if last >= as_of or not told:
            reason = "overdue without notice" if last < as_of else "due soon"
            found.append(_owed(example, "benefit_cases", case.key, last, as_of, reason))
    for one in example.tribunal_cases:
        if one.received is None or one.received >= as_of or (one.closed and one.closed < as_of):
            continue
        last = months_later(one.received, 4)
        if last <= limit:
            reason = "overdue" if last < as_of else "due soon"
            found.append(_owed(example, "tribunal_cases", one.key, last, as_of, reason))
    return sorted(found)


def _owed(example: Example, source: str, key: str, last: dt.date, as_of: dt.date, reason: str) -> Owed:
    file = next(file for file in example.files if file.source == source and not file.child)
    row = next(number for number, row in enumerate(file.rows, start=file.first) if row.cells[0] == key)
    return Owed(last, source, row, key, _left(as_of, last), reason)


def _left(today: dt.date, last: dt.date) -> int:
    """Return the working days from the day after the earlier of two days up to and including the later, with a sign."""
    first, end = sorted((today, last))
    count = sum(not closed(day) for day in days(first + ONE_DAY, end + ONE_DAY))
    return count if last >= today else -count
