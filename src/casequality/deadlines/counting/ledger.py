"""A due date with its reasons: every day from receipt to the due day, counted or not, and why, in sentences."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Literal, TypeAlias

import attrs
import numpy as np

from casequality.citation import Citation, Dated
from casequality.days import MONTH_NAMES, WEEKDAY_NAMES, Calendar
from casequality.deadlines.counting.duty import TEXTS, ShownExtension
from casequality.deadlines.counting.pauses import ShownPause
from casequality.deadlines.counting.terms import Term, in_force
from casequality.errors import NOT_SAID, Words
from casequality.showing import Showable, TextTable

NOT_COUNTED = Words("the day of receipt not counted", "modtagelsesdagen ikke medregnet")
FROM_THE_TIME = Words("counted from the time of receipt", "regnet fra modtagelsestidspunktet")
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
    weekday, month = WEEKDAY_NAMES[moment.weekday()], MONTH_NAMES[moment.month - 1]
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
    by_the_hour: bool = False,
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
    how = [counted, FROM_THE_TIME if by_the_hour else NOT_COUNTED, *more]
    return Words(
        f"{english}; due {end.en}: {', '.join(part.en for part in how)}.",
        f"{danish}; fristen udløber {end.da}: {', '.join(part.da for part in how)}.",
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


SCHEMA = "casequality/ledger/1"
"""The form of `Ledger.to_dict`, described by the JSON Schema `ledger.schema.json` beside this module."""

Phase: TypeAlias = Literal["receipt", "arrival", "closed office", "term", "pause", "roll"]

LABELS = {
    "rule": Words("Rule", "Regel"),
    "calendar": Words("Calendar", "Kalender"),
    "opening": Words("Office days", "Kontorets dage"),
    "arrival": Words("Arrival", "Fremkomst"),
    "arrival calendar": Words("Calendar of arrival", "Kalender for fremkomst"),
    "pause: ": Words("Pause, ", "Pause, "),
}
HEADINGS = (Words("Date", "Dato"), Words("Weekday", "Ugedag"), Words("Day", "Dag"), Words("Reason", "Begrundelse"))
SOURCES = Words("Sources", "Kilder")
STYLE = (
    "body{font-family:sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}"
    "td,th{text-align:left;padding:.1rem .8rem .1rem 0}td:nth-child(3){text-align:right}.counted{font-weight:bold}"
)


@attrs.frozen
class Row:
    """One calendar day: whether it counts, how many count so far, why, and which source of the ledger says so."""

    date: dt.date
    phase: Phase
    counted: bool
    count: int
    reason: str
    source: str

    def weekday(self, lang: str = "en") -> str:
        """Return the name of the weekday."""
        return WEEKDAY_NAMES[self.date.weekday()][lang]

    def to_dict(self, lang: str) -> dict[str, Any]:
        """Return the row as plain data."""
        return {
            "date": self.date.isoformat(),
            "weekday": self.weekday(lang),
            "phase": self.phase,
            "counted": self.counted,
            "count": self.count,
            "reason": self.reason,
            "source": self.source,
        }


@attrs.frozen
class CountedOn:
    """What a ledger used of a calendar: its week, Monday first, and the days closed otherwise within the ledger."""

    name: str
    week: str
    closed: tuple[tuple[dt.date, str], ...]
    source: str | None

    @classmethod
    def within(cls, on: Calendar, rows: Sequence[Row], source: str | None, lang: str) -> CountedOn:
        """Return what the rows of a ledger used of a calendar; nothing where it is no `source` of them."""
        first, last = (np.datetime64(pick(row.date for row in rows)) for pick in (min, max))
        inside = slice(np.searchsorted(on.closed, first), np.searchsorted(on.closed, last, "right"))
        # one that falls on a weekday not worked anyway says nothing that the week does not
        closed = (day for day in on.closed[inside].tolist() if source and on.week[day.weekday()])
        week = "".join("1" if worked else "0" for worked in on.week)
        return cls(on.name, week, tuple((day, str(on.reason(day, lang=lang))) for day in closed), source)

    def to_dict(self) -> dict[str, Any]:
        """Return the calendar as plain data."""
        closed = [{"date": day.isoformat(), "reason": reason} for day, reason in self.closed]
        return {"name": self.name, "week": self.week, "closed": closed, "source": self.source}


TERM_HEADERS = {"en": ("Term", "Received from", "to", "Source"), "da": ("Frist", "Modtaget fra", "til", "Kilde")}


def terms_table(caption: str, terms: Dated[Term], texts: Iterable[Words], lang: str) -> TextTable:
    """Return a row a term: the days of receipt that it holds for, and its source.

    texts: those of a deadline, in the order of `TEXTS`.
    """
    said = zip(TEXTS, texts, strict=True)
    notes = [f"{called[lang]}: {text[lang]}" for called, text in said if text != NOT_SAID]
    rows = (
        (
            held.term.words[lang],
            str(held.since or ""),
            str(held.until or ""),
            held.citation.in_language(lang) if held.citation else "",
        )
        for held in in_force(terms)
    )
    return TextTable(caption=caption, headers=TERM_HEADERS[lang], rows=tuple(rows), notes=tuple(notes), lang=lang)


@attrs.frozen(kw_only=True, repr=False)
class Ledger(Showable):
    """Why a due date is what it is; `str` is the text for a reader, `to_dict` plain data that stands alone.

    `rule` is the deadline as plain data, `sources` the citations that rows point at by key. `calendars` has the one
    that the term is counted on and, for a letter, the one of its arrival; `office` the opening hours of each day on
    which receipt waited for the office to open. `answer` is the whole in one sentence.
    """

    rule: Mapping[str, Any]
    title: Words
    received: dt.date
    due: dt.date
    term: Term
    calendars: tuple[CountedOn, ...]
    rows: tuple[Row, ...]
    sources: Mapping[str, Citation]
    answer: Words
    lang: str = "en"
    pauses: tuple[ShownPause, ...] = ()
    extension: ShownExtension | None = None
    office: tuple[tuple[dt.date, str], ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.title[self.lang]} ({self.rule['id']})", self.answer[self.lang], ""]
        width = max(len(day[self.lang]) for day in WEEKDAY_NAMES)
        for row in self.rows:
            count = str(row.count) if row.counted else "-"
            lines.append(f"{row.date}  {row.weekday(self.lang):<{width}}  {count:>3}  {row.reason}")
        return "\n".join([*lines, "", *(f"{label}: {cited}" for label, cited in self._cited())])

    def text_table(self, lang: str = "") -> TextTable:
        """Return every day with its count and reason, in the language in which the ledger was made."""
        return TextTable(
            caption=f"{self.title[self.lang]} ({self.rule['id']}): {self.answer[self.lang]}",
            headers=tuple(heading[self.lang] for heading in HEADINGS),
            rows=tuple(
                (str(row.date), row.weekday(self.lang), str(row.count) if row.counted else "-", row.reason)
                for row in self.rows
            ),
            numeric=(False, False, True, False),
            notes=tuple(f"{label}: {cited}" for label, cited in self._cited()),
            lang=self.lang,
        )

    def __repr__(self) -> str:
        return f"<Ledger {self.rule['id']}: {self.answer.en}>"

    def to_dict(self) -> dict[str, Any]:
        """Return the whole ledger as plain data in the form of `SCHEMA`; days and instants are ISO texts.

        `digest` is the SHA-256 of everything else as JSON in UTF-8, keys sorted and no spaces.
        """
        on, *others = (calendar.to_dict() for calendar in self.calendars)
        plain = {
            "schema": SCHEMA,
            "rule": dict(self.rule),
            "received": self.received.isoformat(),
            "due": self.due.isoformat(),
            "term": self.term.to_dict(),
            "calendar": on,
            "arrival_calendar": next((other for other in others if other["source"] == "arrival calendar"), None),
            "office": [{"date": day.isoformat(), "hours": hours} for day, hours in self.office],
            "pauses": [pause.to_dict() for pause in self.pauses],
            "extension": self.extension and self.extension.to_dict(),
            "rows": [row.to_dict(self.lang) for row in self.rows],
            "sources": {key: citation.to_dict() for key, citation in self.sources.items()},
            "answer": self.answer.to_dict(),
            "lang": self.lang,
        }
        canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return {**plain, "digest": hashlib.sha256(canonical.encode()).hexdigest()}

    def to_json(self) -> str:
        """Return `to_dict` as indented JSON, which `casequality.deadlines.checker` accepts."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"

    def to_html(self) -> str:
        """Return a small page for a reader, in the ledger's language, that needs nothing beside it."""
        title = escape(f"{self.title[self.lang]} ({self.rule['id']})")
        heads = "".join(f"<th>{heading[self.lang]}</th>" for heading in HEADINGS)
        sources = "\n".join(f"<li>{escape(label)}: {escape(cited)}</li>" for label, cited in self._cited())
        return "\n".join(
            [
                f'<!doctype html>\n<html lang="{self.lang}">\n<head>\n<meta charset="utf-8">',
                f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>",
                f"<h1>{title}</h1>\n<p>{escape(self.answer[self.lang])}</p>",
                f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>",
                *map(self._html_row, self.rows),
                f"</tbody>\n</table>\n<h2>{SOURCES[self.lang]}</h2>\n<ul>\n{sources}\n</ul>\n</body>\n</html>\n",
            ]
        )

    def _html_row(self, row: Row) -> str:
        counted, count = (' class="counted"', row.count) if row.counted else ("", "-")
        cells = (row.date, row.weekday(self.lang), count, escape(row.reason))
        return f"<tr{counted}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"

    def _cited(self) -> Iterator[tuple[str, str]]:
        """Yield what each source is for, and the source, with the open question of an uncertain one."""
        for key, citation in self.sources.items():
            yield self._label(key), citation.in_language(self.lang)

    def _label(self, key: str) -> str:
        kind, colon, reason = key.partition(": ")
        label = LABELS[kind + colon][self.lang] + reason
        return f"{label} {self.calendars[0].name}" if key == "calendar" else label
