"""Ledgers of every kind that there is, and their leaves, for the tests of the proof of a due date."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from casequality.days import Calendar, OpeningHours
from casequality.deadlines import Extension, Ledger, Term, deadline
from casequality.deadlines.counting.duty import Extended
from casequality.deadlines.counting.pauses import Pause, PauseRule
from tests.factories.deadlines import any_deadline

Plain: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[str | int, ...]

TITLE = {"en": "Any <deadline>", "da": "Enhver <frist>"}
WAITS = PauseRule("citizen", {"en": "awaiting the citizen", "da": "afventer borgeren"})
TOWN = Calendar.make(
    "town",
    week="1111110",
    closed=["2010-05-01", "2010-05-05", "2010-05-14"],
    first=dt.date(2009, 1, 1),
    last=dt.date(2012, 12, 31),
    source="our own",
)
DESK = OpeningHours.parse(
    {"mon-thu": "08:30-12:00, 12:30-17:00", "fri": "08:30-14:00"},
    zone="Europe/Copenhagen",
    calendar="dk-statutory",
    special={"2010-05-03": "10:00-12:00"},
)
NIGHT = OpeningHours.parse("00:00-24:00", zone="Europe/Copenhagen", calendar=None)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


made = partial(any_deadline, id="any/one", title=TITLE)
STOPPED = made("10 working days", pauses=[WAITS], extension=Extension(TITLE, Term(20, "working days")))
PAUSES = (Pause(day("2010-04-26"), day("2010-05-04"), "citizen"), Pause(day("2010-05-04"), None, "illness"))

KINDS: dict[str, Callable[[], Ledger]] = {
    "working days": lambda: deadline("copenhagen/reply-guarantee").explain(day("2010-04-22")),
    "in Danish": lambda: deadline("copenhagen/reply-guarantee").explain(day("2010-12-17"), lang="da"),
    "another calendar": lambda: deadline("copenhagen/reply-guarantee").explain(day("2010-12-17"), calendar="dk-bank"),
    "months that roll": lambda: deadline("personal-data/answer").explain(day("2024-02-29")),
    "rolled back": lambda: deadline("personal-data/answer").explain(day("2024-02-29"), roll="backward"),
    "clamped": lambda: made("1 month").explain(day("2010-01-31")),
    "letter": lambda: deadline("appeals/appeal-by-letter").explain(day("2018-07-02")),
    "one day": lambda: made("1 calendar day").explain(day("2010-04-22")),
    "own calendar": lambda: made("9 working days", calendar=TOWN).explain(day("2010-04-29")),
    "in office hours": lambda: made("2 working days", opening=DESK).explain(moment("2010-04-29T09:15")),
    "lunch": lambda: made("2 working days", opening=DESK).explain(moment("2010-04-29T12:15"), lang="da"),
    "evening": lambda: made("2 working days", opening=DESK).explain(moment("2010-04-29T17:21:30.5")),
    "repeated hour": lambda: made("1 working day", opening=NIGHT).explain(moment("2010-10-31T02:30").replace(fold=1)),
    "skipped hour": lambda: made("1 calendar day", opening=NIGHT).explain(moment("2010-03-27T02:30")),
    "paused": lambda: STOPPED.explain(day("2010-04-22"), pauses=PAUSES, lang="da"),
    "months paused": lambda: made("1 month, roll forward", pauses=[WAITS]).explain(day("2010-04-22"), pauses=PAUSES),
    "extended": lambda: STOPPED.explain(
        day("2010-04-22"), pauses=PAUSES, extended=Extended(day("2010-05-12"), "a large case")
    ),
    "too late": lambda: STOPPED.explain(day("2010-04-22"), extended=Extended(day("2010-05-12"), "forgotten")),
    "no longer term": lambda: deadline("access/decide").explain(
        day("2020-04-22"), extended=Extended(day("2020-04-23"))
    ),
}


# Counted by hand: Wednesday 13 May 2015 + 2 working days, over Ascension Day.
BY_HAND = {
    "schema": "casequality/ledger/1",
    "rule": {
        "id": "by/hand",
        "terms": [
            {
                "amount": 2,
                "unit": "working days",
                "roll": "none",
                "since": None,
                "until": None,
                "source": {"title": "us"},
            }
        ],
        "calendar": "dk-statutory",
        "pauses": [],
        "extension": None,
        "after": None,
        "opening": None,
        "zone": "Europe/Copenhagen",
    },
    "received": "2015-05-13",
    "due": "2015-05-18",
    "term": {"amount": 2, "unit": "working days", "roll": "none"},
    "calendar": {
        "name": "dk-statutory",
        "week": "1111100",
        "closed": [{"date": "2015-05-14", "reason": "Ascension Day"}],
        "source": "calendar",
    },
    "arrival_calendar": None,
    "office": [],
    "pauses": [],
    "extension": None,
    "rows": [
        {
            "date": date,
            "weekday": weekday,
            "phase": phase,
            "counted": counted,
            "count": count,
            "reason": "",
            "source": key,
        }
        for date, weekday, phase, counted, count, key in [
            ("2015-05-13", "Wednesday", "receipt", False, 0, "rule"),
            ("2015-05-14", "Thursday", "term", False, 0, "calendar"),
            ("2015-05-15", "Friday", "term", True, 1, "rule"),
            ("2015-05-16", "Saturday", "term", False, 1, "calendar"),
            ("2015-05-17", "Sunday", "term", False, 1, "calendar"),
            ("2015-05-18", "Monday", "term", True, 2, "rule"),
        ]
    ],
    "sources": {"rule": {"title": "us"}, "calendar": {"title": "the church"}},
    "answer": {
        "en": "Received Wednesday 13 May 2015; due Monday 18 May 2015: 2 working days, the day of receipt not counted.",
        "da": "Modtaget onsdag den 13. maj 2015; fristen udløber mandag den 18. maj 2015: 2 arbejdsdage,"
        " modtagelsesdagen ikke medregnet.",
    },
    "lang": "en",
}


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Copenhagen"))


def sealed(plain: Plain) -> Plain:
    """Return the ledger with the digest of what it says now."""
    rest = {key: value for key, value in plain.items() if key != "digest"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**rest, "digest": hashlib.sha256(canonical.encode("utf-8")).hexdigest()}


def leaves(plain: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield where every text, number, truth value and null stands, and what it is."""
    if isinstance(plain, dict | list):
        for key, value in plain.items() if isinstance(plain, dict) else enumerate(plain):
            yield from leaves(value, (*path, key))
    else:
        yield path, plain


def with_leaf(plain: Any, path: Path, value: Any) -> Any:
    """Return a copy in which one leaf has another value."""
    if not path:
        return value
    changed = copy.copy(plain)
    changed[path[0]] = with_leaf(plain[path[0]], path[1:], value)
    return changed


def decides(path: Path) -> bool:
    """Return whether a leaf says what was counted, rather than what it is called, whose words it is, or the law."""
    if path[0] in ("rule", "digest") or path[-1] in ("reason", "hours"):
        return False
    return path[0] != "sources" or path[1] in ("rule", "arrival") or str(path[1]).startswith("pause: ")


def other_values(value: Any) -> list[Any]:
    """Return values that one leaf could be forged to: near it, of its own kind, and of none."""
    if isinstance(value, bool):
        return [not value, int(value), None]
    if isinstance(value, int):
        return [value + 1, value - 1, value + 7, float(value), str(value)]
    if value is None:
        return ["x", "2010-05-04", 1]
    others = [value + "x", value[1:], "", None]
    try:
        near = [dt.date.fromisoformat(value[:10]) + dt.timedelta(days=step) for step in (-7, -1, 1, 7)]
    except ValueError:
        alike = [
            *(("none", "forward", "backward"), ("working days", "calendar days", "weeks", "months"), ("en", "da")),
            ("receipt", "arrival", "closed office", "term", "pause", "roll"),
            ("rule", "calendar", "opening", "arrival"),
            ("Monday", "Tuesday", "mandag", "tirsdag"),
            ("dk-statutory", "dk-administrative", "dk-bank"),
        ]
        return others + [other for names in alike if value in names for other in names if other != value]
    return others + [day.isoformat() + value[10:] for day in near]
