"""One obligation of a case: what is owed, its state, its dates, and the sentence that says so in two languages."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, TypeAlias

import attrs

from casequality.citation import Citation
from casequality.days import AsOfDay, Calendar
from casequality.deadlines.case import Message
from casequality.deadlines.counting import calendar_of, spoken
from casequality.errors import UsageError, Words

State: TypeAlias = Literal[
    "kept",
    "kept late",
    "open",
    "paused",
    "overdue",
    "overdue with notice in time",
    "missed",
    "replaced",
    "not in force",
    "does not apply",
]

SENTENCES: dict[State, Words] = {
    "kept": Words("kept on {done}; due {due}", "overholdt {done}; fristen var {due}"),
    "kept late": Words("late: done on {done}; due {due}", "for sent: opfyldt {done}; fristen var {due}"),
    "open": Words("due {due}", "fristen er {due}"),
    "paused": Words(
        "the clock stands still; due {due} if the pause ends now",
        "fristen er sat i bero; {due}, hvis pausen slutter nu",
    ),
    "overdue": Words(
        "overdue since {due}; the citizen does not know of a new date that still holds",
        "fristen udløb {due}; borgeren kender ikke en ny dato, der stadig gælder",
    ),
    "overdue with notice in time": Words(
        "overdue since {due}; the citizen was told in time", "fristen udløb {due}; borgeren er underrettet i tide"
    ),
    "missed": Words(
        "never done; due {due}, and owed no longer since {done}", "aldrig opfyldt; fristen var {due}, bortfaldt {done}"
    ),
    "replaced": Words(
        "replaced by {other}, which is due sooner than {due}", "erstattet af {other}, der udløber før {due}"
    ),
    "not in force": Words("not in force on {start}", "gjaldt ikke {start}"),
    "does not apply": Words("does not apply: {why}", "gælder ikke: {why}"),
}
OVERDUE = Words("overdue since {due}", "fristen udløb {due}")
"""Said where no notice is owed, so that nobody is blamed for sending none."""

PROMISED = Words("; promised for {new}", "; lovet til {new}")
LONGER = Words("; without the extension it was due {first}", "; uden forlængelsen var fristen {first}")
INCOMPLETE = Words("; it does not state {lacks}", "; den oplyser ikke {lacks}")
CONTENT = {
    "reason": Words("the reason", "grunden"),
    "expected date": Words("when to expect it", "hvornår det kan forventes"),
    "statutory deadline": Words("the statutory deadline", "den lovbestemte frist"),
}
CHANNELS = {
    "telephone": Words("it came by telephone", "henvendelsen var telefonisk"),
    "in person": Words("it came in person", "henvendelsen var personlig"),
}
ENDED = Words("the case had ended before it was due", "sagen var afsluttet før fristen")

PASSED = Words(
    "what was undecided on {start} passed to {other}", "det, som ikke var afgjort {start}, er overgået til {other}"
)


def say(text: Words, **days: dt.date | Words | None) -> Words:
    """Return a text with its days, and other words, filled in."""
    told = {name: spoken(day) if isinstance(day, dt.date) else day for name, day in days.items() if day is not None}
    english = text.en.format(**{name: words.en for name, words in told.items()})
    return Words(english, text.da.format(**{name: words.da for name, words in told.items()}))


def joined(*parts: Words) -> Words:
    """Return texts one after the other."""
    return Words("".join(part.en for part in parts), "".join(part.da for part in parts))


WAITING: tuple[State, ...] = ("open", "paused", "overdue", "overdue with notice in time")


@attrs.frozen(kw_only=True)
class Obligation:
    """What one rule asks of one case, seen from a moment; days are None where there is none.

    `original_due` is the due day without an extension, `communicated_due` the last day that the citizen was promised;
    neither a promise nor an extension removes what was not kept before it. `number` counts recurring obligations.
    `due_at` is the time on the due day where the deadline counts hours from a known time.
    """

    id: str
    title: Words
    kind: str
    state: State
    started_on: dt.date
    seen: AsOfDay
    calendar: Calendar | str
    breach: Words
    source: Citation | None
    sentence: Words
    number: int | None = None
    due: dt.date | None = None
    due_at: dt.datetime | None = None
    original_due: dt.date | None = None
    communicated_due: dt.date | None = None
    done_on: dt.date | None = None
    in_time: bool | None = None
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
            "due_at": _iso(self.due_at),
            "kept": self.kept(self.due, self.done_on) if self.in_time is None else self.in_time,
            "original_due": _iso(self.original_due),
            "original_kept": self.kept(self.original_due, self.done_on) if self.in_time is None else self.in_time,
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


def settled(due: dt.date, done: dt.date | None, ended: dt.date | None, seen: AsOfDay) -> State:
    """Return the state of what is due on a day, before notices and pauses are looked at."""
    if done is not None:
        return "kept" if done <= due else "kept late"
    if ended is not None:
        return "missed" if due < ended else "does not apply"
    # on the due day itself there is time until it is over
    return "overdue" if due < seen.day else "open"


def settled_by_the_hour(
    due: dt.date,
    due_at: dt.datetime | None,
    earliest: dt.date,
    done: Message | None,
    ended: dt.date | None,
    seen: AsOfDay,
) -> State:
    """Return the state of what is due at a time; refuse a day alone where the time decides.

    due: the last day on which it can be due; earliest: the first one, where the time of receipt is not known.
    """
    if done is not None:
        if done.at is not None and due_at is not None:
            return "kept" if done.at <= due_at else "kept late"
        if done.day > due:
            return "kept late"
        if done.day < (due if due_at else earliest):
            return "kept"
        raise UsageError(
            "Whether it was done within the hours depends on the time",
            where="the case",
            got="a day",
            allowed="2024-03-01T09:30:00+01:00",
            remedy="give the time of receipt, and of what keeps the deadline, with their offsets",
        )
    if ended is not None:
        return "missed" if due < ended else "does not apply"
    passed = due < seen.day if due_at is None or seen.at is None else due_at < seen.at
    return "overdue" if passed else "open"


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
