"""A metric whose clock stands still on the pauses of a child table, and the same worked out by a walk day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from typing import Any

import attrs
import numpy as np
from dateutil.relativedelta import relativedelta

import casequality as cq
from casequality.deadlines import PauseRule, Schedule, Term
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.due import Due, Rule
from tests.danish_days import working_days
from tests.factories.deadlines import TITLE, any_deadline

ONE = dt.timedelta(days=1)
WAITS, HEARS, BUSY = "information", "hearing", "busy"
REASONS = (WAITS, HEARS, BUSY)
ALLOWED = (PauseRule(WAITS, TITLE), PauseRule(HEARS, TITLE))
ONLY_HEARING = (PauseRule(HEARS, TITLE),)
DANISH = ("dk-statutory", "dk-administrative")

Wait = tuple[dt.date | None, dt.date | None, str | None]


class Pause(cq.Records, name="pauses"):
    """One wait of a case."""

    case = cq.key()
    asked_on = cq.day()
    answered_on = cq.day(missing="not answered")
    reason = cq.code(*REASONS, missing="no reason")


class Case(cq.Records, name="paused_cases"):
    """One case."""

    case = cq.key()
    received_on = cq.day()
    decided_on = cq.day(missing="not decided")
    kind = cq.code("a", "b", "c", "d", missing="no type")
    pauses = cq.many(Pause)


@attrs.frozen
class Decided(cq.Metric):
    """Cases decided within the term, the clock standing still while they wait."""

    id = "test.paused"
    title = {"en": "Decided in time", "da": "Afgjort rettidigt"}
    records = Case
    citation = cq.Citation(title="invented for these tests")
    outcomes = cq.outcomes(no_deadline=cq.OUT, **cq.SETTLED)
    deadline: str = "by-kind"

    def contribute(self, cases: Case, as_of: AsOf, /) -> cq.Contribution:
        due = paused_due(self.deadline, cases, as_of)
        states = as_of.settle(due, cases.decided_on)
        none = due.none & ~np.isnat(cases.received_on)
        return cq.Contribution(on=cases.received_on, outcome=self.outcomes.pick(no_deadline=none, **states))


def paused_due(deadline: Rule | str, cases: Case, as_of: AsOf) -> Due:
    waits = cases.pauses.rows
    pauses = as_of.pauses(cases.pauses, since=waits.asked_on, until=waits.answered_on, reason=waits.reason)
    return as_of.due(deadline, cases.received_on, cases.kind, pauses=pauses)


made = partial(any_deadline, id="mine", pauses=ALLOWED)


BY_KIND = Schedule(
    id="by-kind",
    title=TITLE,
    calendar="dk-statutory",
    by_kind={"a": "10 working days", "b": "4 weeks, roll forward", "c": "2 months"},
    pauses=ALLOWED,
    pauses_by_kind={"b": ONLY_HEARING, "c": ()},
)
ALLOWED_BY_KIND = {
    "a": ("10 working days", ALLOWED),
    "b": ("4 weeks, roll forward", ONLY_HEARING),
    "c": ("2 months", ()),
}


@lru_cache
def worked(on: str) -> frozenset[dt.date]:
    return frozenset(working_days(on))


def walked(term: Term, start: dt.date, waits: Sequence[Wait], on: str, open_ends: dt.date | None) -> tuple[Any, int]:
    """Return the due day and how many days were paused; "still" where a wait that has not ended is met."""
    asks, day, paused = term.unit == "working days", start, 0
    months = relativedelta(months=term.amount)
    whole = start + (months if term.unit == "months" else (7 if term.unit == "weeks" else 1) * term.amount * ONE)
    left = term.amount if asks else (whole - start).days
    while left:
        day += ONE
        if asks and day not in worked(on):
            continue
        covering = [(since, until or open_ends) for since, until, _ in waits if since is not None and since < day]
        if any(until is None for _, until in covering):
            return "still", 0
        stands = any(until is not None and day < until for _, until in covering)
        paused += stands
        left -= not stands
    while term.roll != "none" and not asks and day not in worked(on):
        day += ONE if term.roll == "forward" else -ONE
    return day, paused


@attrs.frozen
class Plain:
    """One case as plain values, and what is expected of it."""

    received: dt.date | None
    decided: dt.date | None
    kind: str | None
    waits: tuple[Wait, ...]

    def known(self, day: dt.date) -> Plain:
        """As known at the start of a day."""

        def hidden(date: dt.date | None) -> dt.date | None:
            return date if date is not None and date < day else None

        waits = tuple((a, hidden(b), why) for a, b, why in self.waits if a is None or a < day)
        return Plain(hidden(self.received), hidden(self.decided), self.kind, waits)

    def counted(self, term: Term, rules: Iterable[PauseRule], on: str, day: dt.date) -> tuple[Any, Any, int]:
        """Return the due day (or a word), the earliest one where the clock stands still, the paused days."""
        if self.received is None:
            return None, None, 0
        allowed = [wait for wait in self.waits if wait[2] in {rule.reason for rule in rules}]
        if any((a is None and b is not None) or (a and b and b < a) for a, b, _ in allowed):
            return "unknown", None, 0
        due, paused = walked(term, self.received, allowed, on, None)
        earliest = walked(term, self.received, [(a, b or max(a or day, day), r) for a, b, r in allowed], on, None)[0]
        return due, earliest if due == "still" else None, paused

    def state(self, term: Term, rules: Iterable[PauseRule], on: str, day: dt.date) -> str:
        due, earliest, _ = self.counted(term, rules, on, day)
        if due in (None, "unknown"):
            return "undated"
        if due == "still":
            if self.decided is None:
                return "pending"
            return "in_time_early" if self.decided <= earliest else "undated"
        if self.decided is not None and self.decided > due:
            return "late"
        if self.decided is not None:
            return "in_time" if due < day else "in_time_early"
        return "open_overdue" if due < day else "pending"
