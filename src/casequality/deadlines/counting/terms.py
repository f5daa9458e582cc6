"""How long a deadline lasts, in a unit that cannot be misread, and which term is in force when."""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, Literal, TypeAlias, get_args, overload

import attrs
import numpy as np

from casequality.citation import Citation, Dated, Entry
from casequality.days import (
    DAY_UNIT,
    EPOCH,
    NO_DAY,
    Calendar,
    Days,
    DayTable,
    Mask,
    Roll,
    months_after,
    months_after_each,
)
from casequality.days import calendar as named_calendar
from casequality.errors import UsageError, Words

Unit: TypeAlias = Literal["working days", "calendar days", "weeks", "months"]
ROLLS: tuple[Roll, ...] = get_args(Roll)

FIRST_PLAIN, LAST_PLAIN = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""The receipt days of a term that asks no calendar."""

MOST = 10_000
DAY = dt.timedelta(days=1)


@attrs.frozen
class TermUnit(ABC):
    """What the length of a term is counted in; a class that leaves out a part cannot be made.

    A new one is a class here, its line in `TERM_UNITS` and its name in `Unit`. The checker of ledgers, which takes
    nothing from the library, has its own count of each.
    """

    only_worked = False
    """Whether only the working days of a calendar are counted."""

    @property
    @abstractmethod
    def name(self) -> Unit:
        """How terms and ledgers write it, in the plural."""

    @property
    @abstractmethod
    def one(self) -> Words: ...

    @property
    @abstractmethod
    def more(self) -> Words: ...

    @property
    @abstractmethod
    def example(self) -> str:
        """A term in it, as errors show it."""

    @property
    @abstractmethod
    def last(self) -> Words:
        """What a ledger says of the day on which a term in it ends."""

    @abstractmethod
    def after(self, day: dt.date, amount: int, on: Calendar) -> dt.date:
        """Return the day that lies so much later on a calendar, before an end on a closed day moves."""

    @abstractmethod
    def table(self, amount: int, on: Calendar) -> DayTable:
        """Return `after` for every receipt day that has an answer."""

    def said_of_end(self, start: dt.date, end: dt.date) -> Words:
        """Return what a ledger says of the day on which a term from `start` ends, where nothing stopped it."""
        return self.last


class WorkingDays(TermUnit):
    """Days on which the calendar of the deadline works."""

    name: Unit = "working days"
    one, more = Words("working day", "arbejdsdag"), Words("working days", "arbejdsdage")
    example = "10 working days"
    last = Words("working day: the term ends", "arbejdsdag: fristen udløber")
    only_worked = True

    def after(self, day: dt.date, amount: int, on: Calendar) -> dt.date:
        return on.add(day, amount)

    def table(self, amount: int, on: Calendar) -> DayTable:
        return on.add_table(amount)


class _EachDay(TermUnit):
    """A unit in which every day counts, whatever the calendar."""

    @abstractmethod
    def after_each(self, days: Days, amount: int) -> Days:
        """Return `after` for an array of days."""

    def table(self, amount: int, on: Calendar) -> DayTable:
        return _plain_table(self, amount)


class CalendarDays(_EachDay):
    """All days."""

    name: Unit = "calendar days"
    one, more = Words("calendar day", "kalenderdag"), Words("calendar days", "kalenderdage")
    example = "10 calendar days"
    last = Words("calendar day: the term ends", "kalenderdag: fristen udløber")

    def after(self, day: dt.date, amount: int, on: Calendar) -> dt.date:
        return day + amount * DAY

    def after_each(self, days: Days, amount: int) -> Days:
        return days + np.timedelta64(amount, "D")


class Weeks(_EachDay):
    """Weeks, which end on the same weekday."""

    name: Unit = "weeks"
    one, more = Words("week", "uge"), Words("weeks", "uger")
    example = "4 weeks"
    last = Words("same weekday: the term ends", "samme ugedag: fristen udløber")

    def after(self, day: dt.date, amount: int, on: Calendar) -> dt.date:
        return day + 7 * amount * DAY

    def after_each(self, days: Days, amount: int) -> Days:
        return days + np.timedelta64(7 * amount, "D")


class Months(_EachDay):
    """Months, which end on the same day of the month, or on the last day of one that has no such day."""

    name: Unit = "months"
    one, more = Words("month", "måned"), Words("months", "måneder")
    example = "1 month"
    last = Words("same day of the month: the term ends", "samme dag i måneden: fristen udløber")
    shortened = Words("last day of a shorter month: the term ends", "sidste dag i en kortere måned: fristen udløber")

    def after(self, day: dt.date, amount: int, on: Calendar) -> dt.date:
        return months_after(day, amount)

    def after_each(self, days: Days, amount: int) -> Days:
        return months_after_each(days, amount)

    def said_of_end(self, start: dt.date, end: dt.date) -> Words:
        return self.last if end.day == start.day else self.shortened


WORKING_DAYS, CALENDAR_DAYS = WorkingDays(), CalendarDays()
TERM_UNITS: Final[Mapping[str, TermUnit]] = {
    each.name: each for each in (WORKING_DAYS, CALENDAR_DAYS, Weeks(), Months())
}
"""Every unit of a term, by its name."""


ROLLED = {
    "none": Words("", ""),
    "forward": Words(
        " (an end on a day not worked moves forward)", " (et udløb på en dag, der ikke er arbejdsdag, flyttes frem)"
    ),
    "backward": Words(
        " (an end on a day not worked moves back)", " (et udløb på en dag, der ikke er arbejdsdag, flyttes tilbage)"
    ),
}

_WRITTEN = re.compile(r"(?P<amount>\d+) +(?P<unit>[a-z]+(?: [a-z]+)?)(?:, *roll +(?P<roll>\S+))?")
_FORMS = f"{', '.join(repr(each.example) for each in TERM_UNITS.values())}, each with ', roll forward' where it moves"


@attrs.frozen
class Term:
    """An amount of working days, calendar days, weeks or months after a day that is itself not counted.

    A week ends on the same weekday and a month on the same day of the month, or on the last day of a month that
    has no such day. `roll` says where an end on a closed day moves; nothing moves unless it says so.
    """

    amount: int
    unit: Unit
    roll: Roll = "none"

    def __attrs_post_init__(self) -> None:
        unit: str = self.unit
        if unit in ("day", "days"):
            raise _bare_days(f"{self.amount} {unit}", None)
        if unit not in TERM_UNITS:
            raise UsageError("Unknown unit of a term", got=unit, allowed=TERM_UNITS)
        check_roll(self.roll)
        if type(self.amount) is not int or not 1 <= self.amount <= MOST:
            raise UsageError(
                "A term lasts at least one whole unit, and not for ages",
                got=self.amount,
                allowed=f"1 to {MOST}",
                remedy="leave the deadline out where there is no time to wait",
            )

    @classmethod
    def parse(cls, text: str, *, where: str | None = None) -> Term:
        """Return the term that a text such as "10 working days" or "1 month, roll forward" says.

        >>> Term.parse("4 weeks, roll forward")
        Term(amount=4, unit='weeks', roll='forward')
        """
        found = _WRITTEN.fullmatch(str(text).strip())
        if found is None:
            raise UsageError("A term that cannot be read", where=where, got=text, allowed=_FORMS)
        amount, unit = int(found["amount"]), found["unit"]
        units = [each.name for each in TERM_UNITS.values() if unit in (each.one.en, each.more.en)]
        if unit in ("day", "days"):
            raise _bare_days(text, where)
        if not units:
            raise UsageError("Unknown unit of a term", where=where, got=text, allowed=_FORMS)
        return cls(amount, units.pop(), check_roll(found["roll"] or "none", where))

    def __str__(self) -> str:
        rolled = "" if self.roll == "none" else f", roll {self.roll}"
        return f"{self.amount} {self._named.en}{rolled}"

    @property
    def words(self) -> Words:
        """The term as a reader says it, in English and Danish."""
        named, rolled = self._named, ROLLED[self.roll]
        return Words(f"{self.amount} {named.en}{rolled.en}", f"{self.amount} {named.da}{rolled.da}")

    @property
    def _named(self) -> Words:
        return self.counted_in.one if self.amount == 1 else self.counted_in.more

    @property
    def counted_in(self) -> TermUnit:
        """What is known of the unit."""
        return TERM_UNITS[self.unit]

    @property
    def asks_calendar(self) -> bool:
        """Whether the last day depends on which days are worked."""
        return self.counted_in.only_worked or self.roll != "none"

    @overload
    def due(self, day: dt.date, on: Calendar | str, *, out: None = None) -> dt.date: ...
    @overload
    def due(self, day: np.datetime64, on: Calendar | str, *, out: None = None) -> np.datetime64: ...
    @overload
    def due(self, day: Days, on: Calendar | str, *, out: Days | None = None) -> Days: ...
    def due(self, day: Any, on: Calendar | str, *, out: Days | None = None) -> Any:
        """Return the last day of the term for a receipt day or an array of them, counted on a calendar.

        NaT stays NaT. Raises `OutsideCalendar` for a day that the calendar cannot answer.

        >>> Term.parse("10 working days").due(dt.date(2010, 4, 22), "dk-statutory")
        datetime.date(2010, 5, 7)
        """
        return self.table(on).look_up(day, out)

    def table(self, on: Calendar | str) -> DayTable:
        """Return the table behind `due`: from each receipt day that has an answer to the last day of the term."""
        return _table(self, calendar_of(on))


def calendar_of(on: Calendar | str) -> Calendar:
    """Return a calendar given as itself or by the name of a shipped one."""
    return named_calendar(on) if isinstance(on, str) else on


def check_roll(roll: str, where: str | None = None) -> Roll:
    """Return a roll rule that exists."""
    for known in ROLLS:
        if roll == known:
            return known
    raise UsageError(
        "Unknown roll rule",
        where=where,
        got=roll,
        allowed=ROLLS,
        remedy="say where an end on a closed day moves, or 'none'",
    )


@lru_cache(maxsize=256)
def _table(term: Term, on: Calendar) -> DayTable:
    plain = term.counted_in.table(term.amount, on)
    return plain if term.counted_in.only_worked or term.roll == "none" else plain.then(on.roll_table(term.roll))


@lru_cache(maxsize=64)
def _plain_table(unit: _EachDay, amount: int) -> DayTable:
    first = FIRST_PLAIN.toordinal() - EPOCH
    days = np.arange(first, LAST_PLAIN.toordinal() - EPOCH + 1).astype(DAY_UNIT)
    return DayTable(first, unit.after_each(days, amount), f"{amount} {unit.name}")


def _bare_days(got: str, where: str | None) -> UsageError:
    return UsageError(
        "A term in bare days does not say which days count",
        where=where,
        got=got,
        allowed="'10 working days' or '10 calendar days'",
        remedy="write 'working days' where weekends and holidays do not count, else 'calendar days'",
    )


@attrs.frozen
class InForce:
    """A term with its first and last receipt day, None where the source states no limit."""

    term: Term
    since: dt.date | None
    until: dt.date | None
    citation: Citation | None

    def __str__(self) -> str:
        since = f"from {self.since}" if self.since else ""
        until = f"to {self.until}" if self.until else ""
        return " ".join(filter(None, [since, until])) or "any day"

    def covers(self, day: dt.date) -> bool:
        """Return whether the term holds for what is received on a day."""
        return (self.since or day) <= day <= (self.until or day)

    def covers_each(self, days: Days) -> Mask:
        """Return for which of several days the term holds; never for NaT."""
        covered: Mask = ~np.isnat(days) if self.since is None else days >= np.datetime64(self.since)
        return covered if self.until is None else covered & (days <= np.datetime64(self.until))

    def to_dict(self) -> dict[str, Any]:
        """Return the term with its limits and its source as plain data."""
        return {
            **attrs.asdict(self.term),
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "source": self.citation and self.citation.to_dict(),
        }


def check_terms(terms: Dated[Term] | Term | str) -> Dated[Term]:
    """Return terms by receipt day; a single term has been in force since before any record."""
    if isinstance(terms, Dated):
        return terms
    return Dated.always(Term.parse(terms) if isinstance(terms, str) else terms)


def in_force(terms: Dated[Term]) -> tuple[InForce, ...]:
    """Return each term with the receipt days that it holds for, in order."""
    # an entry that never comes into force, so that the last one too has a following one
    forever: Entry[Term] = Entry(dt.date.max, None)
    return tuple(
        InForce(
            entry.value,
            None if entry.since == dt.date.min else entry.since,
            None if following is forever else following.since - DAY,
            entry.citation,
        )
        for entry, following in pairwise([*terms, forever])
        if entry.value is not None
    )


def rolled(term: Term, roll: Roll | None) -> Term:
    """Return the term under another roll rule, None for its own."""
    return term if roll is None else attrs.evolve(term, roll=check_roll(roll))


def due_table(terms: Dated[Term], on: Calendar | str, roll: Roll | None, name: str) -> DayTable:
    """Return the due day of each receipt day by the term then in force, NaT where none was.

    The table covers the days that every term can answer.
    """
    stretches = [(held, rolled(held.term, roll).table(on)) for held in in_force(terms)]
    first = max(table.first for _, table in stretches)
    end = min(table.end for _, table in stretches)
    values = np.full(end - first, NO_DAY, DAY_UNIT)
    for held, table in stretches:
        start = max(first, held.since.toordinal() - EPOCH) if held.since else first
        stop = min(end, held.until.toordinal() + 1 - EPOCH) if held.until else end
        if start < stop:
            values[start - first : stop - first] = table.values[start - table.first : stop - table.first]
    return DayTable(first, values, name)
