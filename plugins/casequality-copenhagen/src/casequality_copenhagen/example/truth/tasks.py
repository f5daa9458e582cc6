"""The truth about what is to be taken up: open cases soon due or overdue, told of or not, and by which goals late."""

from __future__ import annotations

import datetime as dt

import attrs

from casequality_copenhagen.example import Example
from casequality_copenhagen.example.benefits import due, months_later, working_days_later
from casequality_copenhagen.example.days import ONE_DAY, closed, days
from casequality_copenhagen.example.truth.benefits import sent_by

CLOSED_IN_TIME = ["okf.rent-tribunal.closed-in-time", "local.rent-tribunal.closed-in-time-of-closed"]
"""The goals that a tribunal case over four months counts against, from now on or from when it closes."""


@attrs.frozen(order=True)
class Owed:
    """One open case on the list."""

    due: dt.date
    source: str
    row: int
    key: str
    working_days_left: int
    reason: str
    promised: dt.date | None
    breaches: tuple[str, ...]


def tasks(example: Example, as_of: dt.date, within: int) -> list[Owed]:
    """Return the cases that a worklist of a day holds, soonest first."""
    limit = working_days_later(as_of, within)
    found = []
    for case in example.benefit_cases:
        ended = any(day and day < as_of for day in (case.decided, case.withdrawn))
        last = due(case.kind, case.received)
        if case.received >= as_of or ended or case.lost:
            continue
        sent = sent_by(case.notices, as_of)
        promises = [notice.promised for notice in sorted(sent, key=lambda notice: notice.sent) if notice.promised]
        promised = promises[-1] if promises else None
        reason = _reason(last, any(notice.sent <= last for notice in sent), promised, as_of, limit)
        breaches = ["okf.benefits.decided-in-time"] if last < as_of else []
        dated = any(notice.promised and notice.sent <= last for notice in sent)
        if last < as_of and not dated and all(notice.readable for notice in case.notices):
            breaches.append("okf.benefits.notified")
        if reason:
            found.append(_owed(example, "benefit_cases", case.key, last, as_of, reason, promised, breaches))
    for one in example.tribunal_cases:
        if one.received is None or one.received >= as_of or (one.closed and one.closed < as_of):
            continue
        last = months_later(one.received, 4)
        if last <= limit:
            reason, breaches = ("overdue", CLOSED_IN_TIME) if last < as_of else ("due soon", [])
            found.append(_owed(example, "tribunal_cases", one.key, last, as_of, reason, None, breaches))
    return sorted(found)


def _reason(last: dt.date, told: bool, promised: dt.date | None, as_of: dt.date, limit: dt.date) -> str:
    """Return why a benefit case is on the list, "" where it is not; told: in writing by the due day."""
    if promised and promised < as_of:
        return "promise broken"
    if last < as_of and not told:
        return "overdue without notice"
    if told and not promised:
        return "told without a date"
    if promised and promised <= limit:
        return "promise near"
    return "overdue, told in time" if last < as_of else "due soon" if last <= limit else ""


def _owed(
    example: Example,
    source: str,
    key: str,
    last: dt.date,
    as_of: dt.date,
    reason: str,
    promised: dt.date | None,
    breaches: list[str],
) -> Owed:
    file = next(file for file in example.files if file.source == source and not file.child)
    row = next(number for number, row in enumerate(file.rows, start=file.first) if row.cells[0] == key)
    return Owed(last, source, row, key, _left(as_of, last), reason, promised, tuple(breaches))


def _left(today: dt.date, last: dt.date) -> int:
    """Return the working days from the day after the earlier of two days up to and including the later, with a sign."""
    first, end = sorted((today, last))
    count = sum(not closed(day) for day in days(first + ONE_DAY, end + ONE_DAY))
    return count if last >= today else -count
