"""The states of an obligation, and the sentence that says each in English and Danish."""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeAlias

from casequality.deadlines.sentences import spoken
from casequality.words import Words

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
