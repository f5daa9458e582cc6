"""Rows at random, typed or all in text, with each kind of fault that both can have, and what is asked of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

import attrs
import numpy as np

from casequality.metrics import NO, OPEN, OUT, YES, AsOf, Contribution, Metric, Outcomes, Question, choose, outcomes
from casequality.metrics.declaring.readings import Choice, cohort, readings
from casequality.metrics.tallies.axis import Axis
from casequality.records import Records, amount, code, count, day, flag, instant, key, many, ordered, span

ZONE = "Europe/Copenhagen"
AS_OF = AsOf.at("2010-10-01", zone=ZONE)


class Letter(Records, name="letters"):
    """A letter in a case."""

    case = key()
    sent_on = day()
    kind = code("delay", "answer", missing="not said")


class Case(Records, name="cases"):
    """A case with a field of each type."""

    case = key()
    received_on = day()
    closed_on = day(missing="still open")
    noted_on = day(missing="not noted", may_precede=True)
    seen_at = instant(missing="never", may_precede=True)
    ending = code("decided", "withdrawn", known_with="closed_on")
    unit = code(missing="none")
    informed = flag(missing="not said")
    pages = count(missing="not counted")
    paid = amount(decimals=2, missing="nothing")
    waited = span(missing="not measured")
    letters = many(Letter)
    rules = ordered("seen_at", "closed_on")


class Settled(Metric):
    """Share of cases that were decided, with what was paid in them."""

    id: ClassVar[str] = "fuzz.settled"
    title: ClassVar[Mapping[str, str]] = {"en": "Decided", "da": "Afgjort"}
    records: ClassVar[type[Records]] = Case
    outcomes: ClassVar[Outcomes] = outcomes(decided=YES, withdrawn=NO, waiting=OPEN)
    readings: ClassVar[Mapping[str, Choice]] = readings(
        withdrawn=choose(
            literal="bad",
            bad={},
            left_out={"withdrawn": OUT},
            why="all cases",
            says={"bad": "not decided", "left_out": "no case"},
        ),
        cohort=cohort("received", "closed"),
    )

    def contribute(self, cases: Any, as_of: AsOf, /) -> Contribution:
        """Return when a case began and ended, how, and what was paid."""
        states = {name: cases.ending == name for name in ("decided", "withdrawn")}
        picked = self.outcomes.pick(**states, waiting=~(states["decided"] | states["withdrawn"]))
        return Contribution(on=cases.received_on, until=cases.closed_on, outcome=picked, amount=cases.paid)


class Waited(Metric):
    """Share of cases in which somebody was informed, with how long they waited."""

    id: ClassVar[str] = "fuzz.waited"
    title: ClassVar[Mapping[str, str]] = {"en": "Informed", "da": "Orienteret"}
    records: ClassVar[type[Records]] = Case
    outcomes: ClassVar[Outcomes] = outcomes(told=YES, untold=NO)

    def contribute(self, cases: Any, as_of: AsOf, /) -> Contribution:
        """Return what was said, counted by the day on which it was seen, with the pages and the wait."""
        noted = np.isnat(cases.noted_on)
        picked = self.outcomes.pick(told=(cases.informed == "yes") & ~noted, untold=(cases.informed != "yes") | noted)
        on = as_of.local_days(cases.seen_at)
        return Contribution(on=on, outcome=picked, amount=cases.waited, bins=np.minimum(cases.pages, 99))


class Written(Metric):
    """Share of cases with a letter of delay."""

    id: ClassVar[str] = "fuzz.written"
    title: ClassVar[Mapping[str, str]] = {"en": "Written", "da": "Skrevet"}
    records: ClassVar[type[Records]] = Case
    outcomes: ClassVar[Outcomes] = outcomes(delayed=YES, prompt=NO)

    def contribute(self, cases: Any, as_of: AsOf, /) -> Contribution:
        """Return whether a letter of delay was written."""
        delayed = cases.letters.any(cases.letters.rows.kind == "delay")
        return Contribution(on=cases.received_on, outcome=self.outcomes.pick(delayed=delayed, prompt=~delayed))


AXIS = Axis(ZONE)
QUESTIONS = (
    Question(Settled(), ("unit",), axis=AXIS),
    Question(Waited(), ("informed", "unit"), axis=AXIS),
    Question(Written(), (), (("ending", ("decided",)),), axis=AXIS),
)
MAPPING: dict[str, Any] = {
    "zone": ZONE,
    "codes": {"ending": {"AFG": "decided"}},
    "marks": {"closed_on": {"9999-12-31": "still open"}},
}
FIELDS = [name for name in Case.fields if name != "letters"]
TYPED: dict[str, list[Any]] = {
    "noted_on": ["2010-06-01", "01-06-2010", "soon", " 2010-06-02 ", None, "1970-01-01"],
    "ending": ["decided", "decided", "withdrawn", "withdrawn ", "AFG", "lost", None],
    "unit": ["north", "south", "\u00e6\u00f8\u00e5", "a;b", 'say "no"', "two words", " south", None],
    "informed": [True, False, None],
    "pages": [0, 1, 2, 7, -1, 10**12, None],
    "paid": [1.5, -0.25, 12.0, 0.125, 1e6, 499.99, None],
    "waited": [0.0, 20.5, -1.0, 3600.0, 1e8, None],
}
ODD_DAYS = ["1970-01-01", "2049-12-31", "2061-01-01", "9999-12-31"]
ODD_TIMES = ["2010-03-28 02:30:00", "2010-10-31 02:30:00", "2010-10-31 03:00:00"]
TEXTS: dict[str, list[str | None]] = {
    "received_on": [
        "2010-06-01",
        " 2010-06-02\u00a0",
        "2010-13-01",
        "01-06-2010",
        "20100601",
        "2010-06-01 12:30",
        "soon",
    ],
    "seen_at": ["2010-06-01 12:30", "2010-06-01T12:30:59Z", "2010-06-01T12:30+02:00", "2010-06-01", "25:00", "9" * 400],
    "ending": ["decided", "withdrawn", " decided\t", "AFG", "afg", "Decided", "lost", ""],
    "unit": ["north", " north", "south", "a,b", 'say "no"', "\u00e6\u00f8\u00e5", "x" * 90, "I alt", "-", ""],
    "informed": ["true", "false", "True", "yes", "no", "ja", "1", "0", ""],
    "pages": ["1", " 2", "-4", "+5", "1.0", "1e5", "0,114", "1,234", "9" * 25, "9007199254740993", "inf", ""],
    "paid": ["1.5", "1.50", "0.125", "1,234.50", "0,114,149", "1.00.000", "-0.5", "nan", "12 %", "1e400", "x", ""],
    "waited": ["90", "0:05:00", "1:75:00", "2 days 3:00:00", "-1", "1e5", "inf", "90.5", "9" * 30, ""],
}
TEXTS["closed_on"] = TEXTS["noted_on"] = [*TEXTS["received_on"], *ODD_DAYS, "", " "]
Columns = dict[str, list[Any]]


@attrs.frozen
class Drawn:
    """A delivery: cases and their letters by column; typed says whether they are more than texts."""

    cases: Columns
    letters: Columns
    typed: bool

    def taken(self, rows: list[int], below: list[int]) -> Drawn:
        """Return some rows of it, in this order."""
        return Drawn(take(self.cases, rows), take(self.letters, below), self.typed)


def take(columns: Columns, rows: list[int]) -> Columns:
    """Return some rows of some columns, in this order."""
    return {name: [values[row] for row in rows] for name, values in columns.items()}


def drawn(random: np.random.Generator, rows: int) -> Drawn:
    """Return so many rows; some repeat others, wholly or in their key only, and a column may be all blank."""
    typed, named = bool(random.integers(2)), bool(random.integers(2))
    own = np.arange(rows) + 1
    again = random.random(rows) < random.choice([0.0, 0.01, 0.2])
    own[again] = random.integers(1, rows + 1, int(again.sum()))
    columns: Columns = {"case": _keys(random, own, typed=typed, named=named)}
    columns |= {name: _column(random, name, rows, typed=typed) for name in FIELDS if name != "case"}
    # blanks are no rows to CSV and Excel, and rows to all others: a column that is not read tells them apart
    columns["line"] = list(range(1, rows + 1)) if typed else [str(row) for row in range(1, rows + 1)]
    for row in np.flatnonzero(again & (random.random(rows) < 0.5)).tolist():
        first = int(own[row]) - 1
        for name in FIELDS:
            columns[name][row] = columns[name][first]
    if random.random() < 0.2:
        columns[str(random.choice(FIELDS[1:]))] = [None] * rows
    below = int(rows * random.choice([0.0, 0.1, 1.5]))
    whose = random.integers(1, rows + 2 + rows // 50, below)
    letters = {
        "case": _keys(random, whose, typed=typed, named=named),
        "sent_on": _column(random, "received_on", below, typed=typed),
        "kind": [("delay", "answer", "answer ", None)[at] for at in random.integers(0, 4, below).tolist()],
        "line": list(range(1, below + 1)) if typed else [str(row) for row in range(1, below + 1)],
    }
    return Drawn(columns, letters, typed)


def _keys(random: np.random.Generator, numbers: Any, *, typed: bool, named: bool) -> list[Any]:
    if typed and not named:
        return list(numbers.tolist())
    head = "A" if named else ""
    written = [f"{head}{number}" for number in numbers.tolist()]
    if not typed:
        for row in np.flatnonzero(random.random(len(written)) < 0.1).tolist():
            written[row] = str(random.choice([f" {written[row]}", f"{written[row]}\u00a0", "", f"0{written[row]}"]))
    return written


def _column(random: np.random.Generator, name: str, rows: int, *, typed: bool) -> list[Any]:
    if name in ("received_on", "closed_on", "seen_at"):
        return _times(random, name, rows, typed=typed)
    pool: list[Any] = TYPED[name] if typed else TEXTS[name]
    values = [pool[at] for at in random.integers(0, len(pool), rows).tolist()]
    if name == "paid" and typed:
        cents = random.integers(-50_000, 50_000, rows).tolist()
        values = [cent / 100 if cent % 2 else value for cent, value in zip(cents, values, strict=True)]
    return values


def _times(random: np.random.Generator, name: str, rows: int, *, typed: bool) -> list[Any]:
    """Return days of 2010 or times of them, some odd or blank, or written in some other way."""
    first, odd = (14_560, ODD_TIMES) if name == "seen_at" else (14_600 + 280 * (name == "closed_on"), ODD_DAYS)
    found: list[Any] = []
    seconds = random.integers(0, 86_400, rows).tolist()
    for day_, second, share in zip(
        random.integers(first, first + 300, rows).tolist(), seconds, random.random(rows).tolist(), strict=True
    ):
        at = dt.datetime(1970, 1, 1) + dt.timedelta(days=day_, seconds=second)  # noqa: DTZ001  as clocks show it
        text = str(at) if name == "seen_at" else str(at.date())
        if share < 0.08:
            text = odd[second % len(odd)] if typed or second % 2 else str(TEXTS[name][day_ % len(TEXTS[name])])
        if share > 0.9:
            found.append(None)
        elif typed:
            found.append(dt.datetime.fromisoformat(text) if name == "seen_at" else dt.date.fromisoformat(text))
        else:
            found.append(text)
    return found
