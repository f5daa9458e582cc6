"""One obligation of a case: what is owed, its state, its dates, and the sentence that says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs

from casequality.citation import Citation
from casequality.days import Calendar
from casequality.deadlines.moment import Moment
from casequality.deadlines.states import State, joined
from casequality.deadlines.term import calendar_of
from casequality.words import Words

WAITING: tuple[State, ...] = ("open", "paused", "overdue", "overdue with notice in time")


@attrs.frozen(kw_only=True)
class Obligation:
    """What one rule asks of one case, seen from a moment; days are None where there is none.

    `original_due` is the due day without an extension, `communicated_due` the last day that the citizen was promised;
    neither a promise nor an extension removes what was not kept before it. `number` counts recurring obligations.
    """

    id: str
    title: Words
    kind: str
    state: State
    started_on: dt.date
    seen: Moment
    calendar: Calendar | str
    breach: Words
    source: Citation | None
    sentence: Words
    number: int | None = None
    due: dt.date | None = None
    original_due: dt.date | None = None
    communicated_due: dt.date | None = None
    done_on: dt.date | None = None
    decided_on: dt.date | None = None
    notice_sent_on: dt.date | None = None
    lacks: tuple[str, ...] = ()
    gives_way: bool = False
    replaced_by: str | None = None

    @property
    def next_date(self) -> dt.date | None:
        """The day by which something must happen: the as-of's own day where it should have happened already."""
        if self.state == "open":
            return self.due
        promised = self.communicated_due
        if self.state.startswith("overdue") or (self.state == "kept" and promised and not self.decided_on):
            return max(promised or self.seen.day, self.seen.day)
        return None

    def kept(self, due: dt.date | None, done: dt.date | None) -> bool | None:
        """Return whether a day was kept; None while that is not known, or where there is no such day."""
        if due is None or self.state in ("replaced", "does not apply"):
            return None
        if done is None:
            return False if due < self.seen.day else None
        return done <= due

    def to_dict(self) -> dict[str, Any]:
        """Return the obligation as plain data: texts, numbers, ISO days, None, and lists and dicts of these."""
        waiting = self.state in WAITING and self.due is not None
        on = calendar_of(self.calendar)
        return {
            "id": self.id,
            "number": self.number,
            "title": self.title.to_dict(),
            "kind": self.kind,
            "state": self.state,
            "started_on": _iso(self.started_on),
            "due": _iso(self.due),
            "kept": self.kept(self.due, self.done_on),
            "original_due": _iso(self.original_due),
            "original_kept": self.kept(self.original_due, self.done_on),
            "communicated_due": _iso(self.communicated_due),
            "communicated_kept": self.kept(self.communicated_due, self.decided_on),
            "done_on": _iso(self.done_on),
            "notice_sent_on": _iso(self.notice_sent_on),
            "lacks": list(self.lacks),
            "next_date": _iso(self.next_date),
            "working_days_left": on.count(self.seen.day, self.due) if waiting and self.due else None,
            "replaced_by": self.replaced_by,
            "calendar": on.name,
            "breach": self.breach.to_dict(),
            "source": self.source and self.source.to_dict(),
            "sentence": joined(self.title, Words(": ", ": "), self.sentence, Words(".", ".")).to_dict(),
        }


def settled(due: dt.date, done: dt.date | None, ended: dt.date | None, seen: Moment) -> State:
    """Return the state of what is due on a day, before notices and pauses are looked at."""
    if done is not None:
        return "kept" if done <= due else "kept late"
    if ended is not None:
        return "missed" if due < ended else "does not apply"
    return "overdue" if due < seen.day else "open"


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
