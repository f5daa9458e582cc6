"""Days and moments as a sentence says them, in English and Danish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from casequality.deadlines.extensions import ShownExtension
from casequality.deadlines.pauses import ShownPause
from casequality.words import Words

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

NOT_COUNTED = Words("the day of receipt not counted", "modtagelsesdagen ikke medregnet")
LONGER = Words("extended by the notice sent {}", "forlænget ved underretning afsendt {}")
NO_LONGER_TERM = Words(
    "the source states no longer term for the notice sent {}",
    "kilden angiver ingen længere frist for underretning afsendt {}",
)
NO_EFFECT = Words("not extended by the notice sent {}", "ikke forlænget ved underretning afsendt {}")


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


def answer(
    received: dt.date,
    start: dt.date,
    due: dt.date,
    counted: Words,
    *,
    by_letter: bool = False,
    on: str | None = None,
    pauses: Sequence[ShownPause] = (),
    paused: int = 0,
    notice: ShownExtension | None = None,
) -> Words:
    """Return the sentence that a citizen gets: when it came in, from when it counts, when it is due and how counted.

    `on` names a calendar other than the deadline's own; `paused` is how many days the clock stood still in `pauses`.
    """
    came, runs, end = spoken(received), spoken(start), spoken(due)
    begin = Words("Dated", "Dateret") if by_letter else Words("Received", "Modtaget")
    wait = Words("counts as received", "anses for modtaget") if by_letter else Words("counted from", "regnet fra")
    english, danish = f"{begin.en} {came.en}", f"{begin.da} {came.da}"
    if start != received:
        english, danish = f"{english}; {wait.en} {runs.en}", f"{danish}; {wait.da} {runs.da}"
    more = [*_by_calendar(on), *_paused(pauses, paused), *_noticed(notice)]
    return Words(
        f"{english}; due {end.en}: {', '.join([counted.en, NOT_COUNTED.en, *(part.en for part in more)])}.",
        f"{danish}; fristen udløber {end.da}: {', '.join([counted.da, NOT_COUNTED.da, *(part.da for part in more)])}.",
    )


def _by_calendar(on: str | None) -> list[Words]:
    return [Words(f"by the calendar {on}", f"efter kalenderen {on}")] if on else []


def _paused(pauses: Sequence[ShownPause], days: int) -> list[Words]:
    stops, waits = ([_span(pause) for pause in pauses if pause.allowed is allowed] for allowed in (True, False))
    said = [Words(f"not paused {span.en}", f"ikke sat i bero {span.da}") for span in waits]
    if stops:
        english, danish = " and ".join(span.en for span in stops), " og ".join(span.da for span in stops)
        many = days != 1
        paused = Words(f"paused for {days} day{'s' * many} {english}", f"sat i bero i {days} dag{'e' * many} {danish}")
        said.insert(0, paused)
    return said


def _span(pause: ShownPause) -> Words:
    since = spoken(pause.since)
    if pause.until is None:
        return Words(f"since {since.en}", f"siden {since.da}")
    until = spoken(pause.until)
    return Words(f"between {since.en} and {until.en}", f"mellem {since.da} og {until.da}")


def _noticed(notice: ShownExtension | None) -> list[Words]:
    if notice is None:
        return []
    sent = spoken(notice.sent_on)
    said = LONGER if notice.term else NO_LONGER_TERM if notice.valid else NO_EFFECT
    return [Words(said.en.format(sent.en), said.da.format(sent.da))]
