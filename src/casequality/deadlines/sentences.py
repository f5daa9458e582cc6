"""Days and moments as a sentence says them, in English and Danish."""

from __future__ import annotations

import datetime as dt

from casequality.deadlines.words import Words

WEEKDAYS = tuple(
    map(
        Words,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    )
)
MONTHS = tuple(
    map(
        Words,
        (
            *("January", "February", "March", "April", "May", "June", "July"),
            *("August", "September", "October", "November", "December"),
        ),
        (
            *("januar", "februar", "marts", "april", "maj", "juni", "juli"),
            *("august", "september", "oktober", "november", "december"),
        ),
    )
)


def spoken(moment: dt.date) -> Words:
    """Return a day, or a day with its clock time, in words.

    >>> spoken(dt.date(2010, 5, 7)).da
    'fredag den 7. maj 2010'
    """
    weekday, month = WEEKDAYS[moment.weekday()], MONTHS[moment.month - 1]
    english = f"{weekday.en} {moment.day} {month.en} {moment.year}"
    danish = f"{weekday.da} den {moment.day}. {month.da} {moment.year}"
    if isinstance(moment, dt.datetime):
        english, danish = f"{english} at {moment:%H:%M}", f"{danish} kl. {moment:%H.%M}"
    return Words(english, danish)


def answer(received: dt.date, start: dt.date, due: dt.date, counted: Words, *, by_letter: bool = False) -> Words:
    """Return the sentence that a citizen gets: when it came in, from when it counts, when it is due and how counted."""
    came, runs, end = spoken(received), spoken(start), spoken(due)
    begin = Words("Dated", "Dateret") if by_letter else Words("Received", "Modtaget")
    wait = Words("counts as received", "anses for modtaget") if by_letter else Words("counted from", "regnet fra")
    english, danish = f"{begin.en} {came.en}", f"{begin.da} {came.da}"
    if start != received:
        english, danish = f"{english}; {wait.en} {runs.en}", f"{danish}; {wait.da} {runs.da}"
    return Words(
        f"{english}; due {end.en}: {counted.en}, the day of receipt not counted.",
        f"{danish}; fristen udløber {end.da}: {counted.da}, modtagelsesdagen ikke medregnet.",
    )
