"""How long a deadline lasts, in a unit that cannot be misread, and which term is in force when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any, get_args, overload

import attrs
import numpy as np

from casequality.citation import Citation, Dated, Entry
from casequality.days import DAY_UNIT, EPOCH, MONTH_NAMES, NO_DAY, WEEKDAY_NAMES, Calendar, Days, DayTable, Mask, Roll
from casequality.days import calendar as named_calendar
from casequality.deadlines.counting.units import (
    CALENDAR_DAYS,
    DAY,
    FIRST_PLAIN,
    TERM_UNITS,
    TermUnit,
    Unit,
)
from casequality.errors import OutsideCalendar, UsageError, Words

ROLLS: tuple[Roll, ...] = get_args(Roll)

MOST = 10_000
LAST_LEFT_OUT = dt.date(2299, 12, 31)
"""Up to which day a term that leaves out months is counted where it asks no calendar."""

ROLLED = {
    "none": Words("", ""),
    "forward": Words(
        " (an end on a day not worked moves forward)", " (et udløb på en dag, der ikke er arbejdsdag, flyttes frem)"
    ),
    "backward": Words(
        " (an end on a day not worked moves back)", " (et udløb på en dag, der ikke er arbejdsdag, flyttes tilbage)"
    ),
}

_WRITTEN = re.compile(r"(?P<amount>\d+) +(?P<unit>[a-z]+(?: [a-z]+)?)(?P<rest>(?:, *[^,]+)*)")
_ROLL = re.compile(r"roll +(?P<roll>\S+)")
_LEFT_OUT = re.compile(r"without +(?P<months>[A-Za-z]+(?: and [A-Za-z]+)*)")
_FROM = re.compile(r"from a +(?P<weekday>[A-Za-z]+) +(?P<amount>\d+)")
_FORMS = (
    f"{', '.join(repr(each.example) for each in TERM_UNITS.values())}, each with ', without July' where a month does "
    "not count and ', roll forward' where it moves"
)


def _pairs(given: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple((day, amount) for day, amount in given)


def _months(given: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(given)))


@attrs.frozen
class Term:
    """An amount of working days, calendar days, weeks, months, years or hours after a day that is itself not counted.

    A week ends on the same weekday, a month on the same day of the month, or on the last day of a month that has no
    such day. `roll` says where an end on a closed day moves; nothing moves unless it says so.

    excluded_months: the numbers of months whose days do not count, such as (7,) for July; the others are counted as
    if these were not there.
    by_weekday: of calendar days, how many there are instead where the term begins on a weekday, 0 for Monday.
    """

    amount: int
    unit: Unit
    roll: Roll = "none"
    excluded_months: tuple[int, ...] = attrs.field(converter=_months, default=())
    by_weekday: tuple[tuple[int, int], ...] = attrs.field(converter=_pairs, default=())

    def __attrs_post_init__(self) -> None:
        unit: str = self.unit
        if unit in ("day", "days"):
            raise _bare_days(f"{self.amount} {unit}", None)
        if unit not in TERM_UNITS:
            raise UsageError("Unknown unit of a term", got=unit, allowed=TERM_UNITS)
        check_roll(self.roll)
        for amount in (self.amount, *(amount for _, amount in self.by_weekday)):
            if type(amount) is not int or not 1 <= amount <= MOST:
                raise UsageError(
                    "A term lasts at least one whole unit, and not for ages",
                    got=amount,
                    allowed=f"1 to {MOST}",
                    remedy="leave the deadline out where there is no time to wait",
                )
        _check_parts(self)

    @classmethod
    def parse(cls, text: str, *, where: str | None = None) -> Term:
        """Return the term that a text such as "10 working days", "4 weeks, without July, roll forward" says.

        >>> Term.parse("4 weeks, roll forward").amount
        4
        >>> Term.parse("4 weeks, without July").due(dt.date(2024, 6, 20), "dk-statutory")
        datetime.date(2024, 8, 18)
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
        roll, months, weekdays = "none", [], []
        for part in filter(None, map(str.strip, found["rest"].split(","))):
            if said := _ROLL.fullmatch(part):
                roll = said["roll"]
            elif said := _LEFT_OUT.fullmatch(part):
                months += [_number(name, MONTH_NAMES, "month", where) + 1 for name in said["months"].split(" and ")]
            elif said := _FROM.fullmatch(part):
                weekdays.append((_number(said["weekday"], WEEKDAY_NAMES, "weekday", where), int(said["amount"])))
            else:
                raise UsageError("A term that cannot be read", where=where, got=text, allowed=_FORMS)
        return cls(amount, units.pop(), check_roll(roll, where), tuple(months), tuple(weekdays))

    def __str__(self) -> str:
        days = "".join(f", from a {WEEKDAY_NAMES[day].en} {amount}" for day, amount in self.by_weekday)
        left_out = f", without {' and '.join(self._left_out.en)}" if self.excluded_months else ""
        rolled = "" if self.roll == "none" else f", roll {self.roll}"
        return f"{self.amount} {self._named.en}{days}{left_out}{rolled}"

    @property
    def words(self) -> Words:
        """The term as a reader says it, in English and Danish."""
        named, rolled, english, danish = self._named, ROLLED[self.roll], "", ""
        if self.by_weekday:
            english = f" ({', '.join(f'{amount} from a {WEEKDAY_NAMES[day].en}' for day, amount in self.by_weekday)})"
            danish = f" ({', '.join(f'{amount} fra en {WEEKDAY_NAMES[day].da}' for day, amount in self.by_weekday)})"
        if self.excluded_months:
            english += f" ({' and '.join(self._left_out.en)} not counted)"
            danish += f" ({' og '.join(self._left_out.da)} regnes ikke med)"
        return Words(f"{self.amount} {named.en}{english}{rolled.en}", f"{self.amount} {named.da}{danish}{rolled.da}")

    def to_dict(self) -> dict[str, Any]:
        """Return the term as plain data; what few terms have is left out of the others."""
        plain: dict[str, Any] = {"amount": self.amount, "unit": self.unit, "roll": self.roll}
        if self.excluded_months:
            plain["excluded_months"] = list(self.excluded_months)
        if self.by_weekday:
            plain["by_weekday"] = [list(pair) for pair in self.by_weekday]
        return plain

    @property
    def _named(self) -> Words:
        return self.counted_in.one if self.amount == 1 else self.counted_in.more

    @property
    def _left_out(self) -> _Names:
        named = [MONTH_NAMES[month - 1] for month in self.excluded_months]
        return _Names([month.en for month in named], [month.da for month in named])

    @property
    def counted_in(self) -> TermUnit:
        """What is known of the unit."""
        return TERM_UNITS[self.unit]

    def end_without_stops(self, day: dt.date, on: Calendar) -> dt.date:
        """Return the end of a term from a day if every month counted and nothing moved it."""
        return self.counted_in.after(day, dict(self.by_weekday).get(day.weekday(), self.amount), on)

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
    plain = _by_weekday(term, on) if term.by_weekday else term.counted_in.table(term.amount, on)
    if term.excluded_months:
        plain = _counting_on(term, on, plain)
    return plain if term.counted_in.only_worked or term.roll == "none" else plain.then(on.roll_table(term.roll))


def _by_weekday(term: Term, on: Calendar) -> DayTable:
    table = term.counted_in.table(term.amount, on)
    days, ends = np.arange(table.first, table.end), table.values.copy()
    for weekday, amount in term.by_weekday:
        chosen = (days + EPOCH - 1) % 7 == weekday  # day 1 of the proleptic calendar is a Monday
        ends[chosen] = term.counted_in.table(amount, on).values[chosen]
    return DayTable(table.first, ends, str(term))


@lru_cache(maxsize=64)
def counted_days(term: Term, on: Calendar) -> tuple[int, Mask]:
    """Return the first day that a term can count, as a number since 1970, and from it on which days it counts."""
    worked = term.counted_in.only_worked
    first, last = (on.first, on.last) if worked else (FIRST_PLAIN, LAST_LEFT_OUT)
    days = np.arange(first.toordinal() - EPOCH, last.toordinal() - EPOCH + 1).view(DAY_UNIT)
    months = days.astype("M8[M]").astype(np.int64) % 12 + 1
    counts: Mask = ~np.isin(months, term.excluded_months)
    return int(days[0].view(np.int64)), counts & on.is_working(days) if worked else counts


def _counting_on(term: Term, on: Calendar, plain: DayTable) -> DayTable:
    """Return the table of a term that leaves out months, from that of one that leaves out none."""
    first, counts = counted_days(term, on)
    upto, listed = np.cumsum(counts), np.flatnonzero(counts) + first
    starts = np.arange(plain.first, plain.end)
    lasts = term.amount if term.counted_in.only_worked else plain.values.view(np.int64) - starts
    position = upto[starts - first] + lasts - 1
    beyond = np.flatnonzero(position >= len(listed))
    known = position[: beyond[0]] if beyond.size else position
    return DayTable(plain.first, listed[known].view(DAY_UNIT), str(term))


@attrs.frozen
class _Names:
    en: list[str]
    da: list[str]


def _number(name: str, names: tuple[Words, ...], kind: str, where: str | None) -> int:
    known = [each.en for each in names]
    if name not in known:
        raise UsageError(f"Unknown {kind} in a term", where=where, got=name, allowed=known)
    return known.index(name)


def _check_parts(term: Term) -> None:
    months, weekdays = term.excluded_months, [day for day, _ in term.by_weekday]
    if not set(months) <= set(range(1, 13)) or len(months) == 12:
        raise UsageError(
            "The months that a term leaves out are numbers from 1 to 12, and some month counts", got=list(months)
        )
    if weekdays and (term.unit != CALENDAR_DAYS.name or months or not set(weekdays) <= set(range(7))):
        raise UsageError(
            "Only a term of calendar days, in every month, depends on the weekday",
            got=str(term.unit),
            allowed="'5 calendar days, from a Wednesday 7'",
        )
    if term.counted_in.by_the_hour and (months or term.roll != "none"):
        raise UsageError(
            "A term in hours runs on through closed days and every month",
            got=f"{term.amount} hours, roll {term.roll}, without {len(months)} months",
            remedy="leave `roll` and the months out, or count in days",
        )


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
            **self.term.to_dict(),
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


def not_in_force(name: str, terms: Dated[Term], day: dt.date | None) -> OutsideCalendar:
    """Return the error for a day on which none of the terms of a deadline was in force."""
    return OutsideCalendar(
        "The deadline was not in force on that day",
        where=name,
        got=day,
        allowed=[str(held) for held in in_force(terms)],
        remedy="use the deadline that was in force; casequality.deadlines.shipped() lists them all",
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
