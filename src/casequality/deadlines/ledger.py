"""A due date with its reasons: every calendar day from receipt to the due day, counted or not, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import attrs

from casequality.citation import Citation
from casequality.deadlines.sentences import WEEKDAYS
from casequality.deadlines.term import Term
from casequality.deadlines.words import Words

Phase: TypeAlias = Literal["receipt", "arrival", "closed office", "term", "roll"]

LABELS = {
    "rule": Words("Rule", "Regel"),
    "calendar": Words("Calendar", "Kalender"),
    "opening": Words("Office days", "Kontorets dage"),
    "arrival": Words("Arrival", "Fremkomst"),
    "arrival calendar": Words("Calendar of arrival", "Kalender for fremkomst"),
}


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
        return WEEKDAYS[self.date.weekday()][lang]


@attrs.frozen(kw_only=True)
class Ledger:
    """Why a due date is what it is; `str` is the text for a reader, `to_dict` plain data that stands alone.

    `rule` is the deadline as plain data, `sources` the citations that rows point at by key.
    """

    rule: Mapping[str, Any]
    title: Words
    received: dt.date
    due: dt.date
    term: Term
    calendar: str
    rows: tuple[Row, ...]
    sources: Mapping[str, Citation]
    answer: Words
    lang: str = "en"

    def __str__(self) -> str:
        lines = [f"{self.title[self.lang]} ({self.rule['id']})", self.answer[self.lang], ""]
        width = max(len(day[self.lang]) for day in WEEKDAYS)
        for row in self.rows:
            count = str(row.count) if row.counted else "-"
            lines.append(f"{row.date}  {row.weekday(self.lang):<{width}}  {count:>3}  {row.reason}")
        cited = [f"{self._label(key)}: {citation}" for key, citation in self.sources.items()]
        return "\n".join([*lines, "", *cited])

    def to_dict(self) -> dict[str, Any]:
        """Return the whole ledger as plain data; days and instants are ISO texts."""
        return {
            "rule": dict(self.rule),
            "received": self.received.isoformat(),
            "due": self.due.isoformat(),
            "term": attrs.asdict(self.term),
            "calendar": self.calendar,
            "rows": [
                {
                    "date": row.date.isoformat(),
                    "weekday": row.weekday(self.lang),
                    "phase": row.phase,
                    "counted": row.counted,
                    "count": row.count,
                    "reason": row.reason,
                    "source": row.source,
                }
                for row in self.rows
            ],
            "sources": {key: citation.to_dict() for key, citation in self.sources.items()},
            "answer": self.answer.to_dict(),
            "lang": self.lang,
        }

    def _label(self, key: str) -> str:
        return f"{LABELS[key][self.lang]} {self.calendar}" if key == "calendar" else LABELS[key][self.lang]
