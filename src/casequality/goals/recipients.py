"""Who gets which figures, how often and when: the goals' own words, and the calendar of reports that they go by."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Sequence
from typing import Any, Final

import attrs

from casequality.days import Period, months_after, period
from casequality.errors import GoalError, UnknownName
from casequality.goals.goal import RHYTHMS, Due, GoalSet
from casequality.goals.tables import Table, one_of, text, words
from casequality.words import Words

MONTHS: Final = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
ONE_DAY: Final = dt.timedelta(days=1)


@attrs.frozen
class Recipient:
    """One who gets figures, with every report that it gets."""

    name: str
    due: tuple[Due, ...]

    def fits(self, judged: Period) -> bool:
        """Say whether figures of so long a period are those that it gets."""
        return any(each.every in ("continuous", judged.kind) for each in self.due)

    def subject(self, judged: Period) -> Words | None:
        """Return what the report on a period is called, None where the calendar does not say."""
        return next((each.what for each in self.due if each.every == judged.kind and each.what), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the name and the rhythms as plain data."""
        return {"to": self.name, "every": [each.every for each in self.due]}


def recipients(goal_sets: Sequence[GoalSet]) -> tuple[Recipient, ...]:
    """Return everybody whom a goal names, with the reports of the calendar, or else as often as their goals say."""
    named = [goal.report for each in goal_sets for goal in each.goals if goal.report]
    calendar = dict.fromkeys(due for each in goal_sets for due in each.due)
    found = []
    for name in dict.fromkeys(report.to for report in named):
        due = [each for each in calendar if each.to == name]
        listed = {each.every for each in due}
        own = [report.every for report in named if report.to == name and report.every not in listed]
        found.append(Recipient(name, (*due, *(Due(to=name, every=every) for every in dict.fromkeys(own)))))
    return tuple(found)


def goals_for(goal_sets: Sequence[GoalSet], name: str | None) -> tuple[Recipient | None, tuple[GoalSet, ...]]:
    """Return a recipient and the goals that it gets; sets of which it gets none are left out, whatever they lack.

    name: None for no recipient and all goals. Raises `UnknownName` for one whom no goal names.
    """
    if name is None:
        return None, tuple(goal_sets)
    known = {each.name: each for each in recipients(goal_sets)}
    if name not in known:
        close = difflib.get_close_matches(name, known, 1)
        raise UnknownName(
            "No goal is reported to this recipient",
            got=name,
            allowed=tuple(known) or "none",
            remedy=f"did you mean {close[0]}?" if close else 'say it in a goal: report = { to = "..." }',
        )
    kept = [
        attrs.evolve(each, goals=tuple(goal for goal in each.goals if goal.report and goal.report.to == name))
        for each in goal_sets
    ]
    return known[name], tuple(each for each in kept if each.goals)


def next_due(due: Due, day: dt.date) -> tuple[dt.date | None, Period | None]:
    """Return the first day of the month in which a report is next due, and the period that it is on.

    The month is None where nobody says one; the period, the last of its kind that has then ended, where the figures
    are followed all the time.
    """
    if due.every == "continuous":
        return None, None
    size = MONTHS[due.every]
    first = due.first.month % size if due.first else 0
    months = due.months or [month for month in range(1, 13) if due.first and month % size == first]
    start = max(day, due.first or day).replace(day=1)
    ahead = [months_after(start, count) for count in range(12)]
    month = next((each for each in ahead if each.month in months), None)
    ends_before = month or day
    passed = Period(months_after(ends_before.replace(day=1), -2 * size), ends_before).parts(due.every)
    return month, [each for each in passed if each.kind == due.every][-1]


def read_due(table: Table) -> Due | None:
    """Read one report of a calendar; what else its file says of it is not asked here."""
    to = table.needed("to", text, 'name the committee: to = "Økonomiudvalget"')
    every = table.needed("every", one_of(*RHYTHMS), f"write one of {', '.join(RHYTHMS)}")
    what, first = table.optional("what", words), table.optional("from", _first_of_month)
    months = table.optional("months", _months) or ()
    return Due(to=to, every=every, what=what, months=months, first=first) if to and every else None


def _first_of_month(value: Any) -> dt.date:
    return period(text(value)).first


def _months(value: Any) -> tuple[int, ...]:
    if isinstance(value, list | tuple) and value and all(month in range(1, 13) for month in value):
        return tuple(value)
    raise GoalError("Months of the year are needed", got=value, remedy="write months = [1, 8] for January and August")
