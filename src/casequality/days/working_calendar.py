"""A working calendar: which days are worked, why others are not, and adding, counting and rolling over them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property
from operator import attrgetter
from typing import Any, Literal, TypeAlias, overload

import attrs
import numpy as np

from casequality.citation import Citation
from casequality.days.arrays import (
    DAY_UNIT,
    EPOCH,
    MISSING,
    NO_DAY,
    SCALAR,
    Days,
    DayTable,
    Integers,
    Mask,
    WorkDays,
    one_day,
    read_only,
)
from casequality.days.periods import WEEKDAY_NAMES
from casequality.errors import OutsideCalendar, UsageError, check_language
from casequality.showing import Showable, TextTable


@attrs.frozen(order=True)
class ClosingDay:
    """A day that is not worked, why in English and Danish, and the calendars that close for it."""

    day: dt.date
    en: str
    da: str
    calendars: tuple[str, ...] = ()


Roll: TypeAlias = Literal["forward", "backward", "none"]
Day: TypeAlias = dt.date | np.datetime64 | str
Whole: TypeAlias = int | np.integer[Any]
MONDAY_TO_FRIDAY = "1111100"
SATURDAY = 5
INTEGER = (int, np.integer)


def _in_order(days: Iterable[ClosingDay]) -> tuple[ClosingDay, ...]:
    return tuple(sorted(dict.fromkeys(days), key=attrgetter("day", "en", "da", "calendars")))


@attrs.frozen(slots=False, kw_only=True, cache_hash=True)
class Calendar(Showable):
    """Days that are worked from `first` to `last`: the weekdays of `week` (Monday first) less the closing days.

    A day outside that horizon raises `OutsideCalendar`; nothing is guessed beyond it.
    """

    name: str
    title: Mapping[str, str] = attrs.field(hash=False)
    source: Citation
    week: tuple[bool, ...]
    closing_days: tuple[ClosingDay, ...] = attrs.field(converter=_in_order, repr=False, hash=False)
    first: dt.date
    last: dt.date

    @classmethod
    def make(
        cls,
        name: str,
        *,
        closed: Iterable[object] = (),
        week: str = MONDAY_TO_FRIDAY,
        first: dt.date,
        last: dt.date,
        source: Citation | str,
        title: Mapping[str, str] | None = None,
    ) -> Calendar:
        """Return a calendar of one's own.

        `closed` holds days (dates, ISO texts, numpy days) or `ClosingDay`s; `week` has a 1 for each weekday
        that is worked, Monday first. Raises `OutsideCalendar` for a closing day outside `first` to `last`.

        >>> import datetime as dt
        >>> shop = Calendar.make("shop", week="1111110", closed=["2010-06-05"], source="our own",
        ...                      first=dt.date(2010, 1, 1), last=dt.date(2010, 12, 31))
        >>> shop.add(dt.date(2010, 6, 4), 1)
        datetime.date(2010, 6, 7)
        """
        if len(week) != 7 or set(week) - {"0", "1"} or "1" not in week:
            raise UsageError(
                "A week is seven marks, Monday first, with at least one working weekday",
                got=week,
                allowed="0 and 1, as in 1111100",
            )
        return cls(
            name=name,
            title=title or {"en": name, "da": name},
            source=Citation(title=source) if isinstance(source, str) else source,
            week=tuple(mark == "1" for mark in week),
            closing_days=tuple(_closing_day(day, name) for day in closed),
            first=first,
            last=last,
        )

    def __attrs_post_init__(self) -> None:
        if self.first > self.last:
            raise UsageError(
                "A calendar ends before it begins", where=f"calendar {self.name}", got=f"{self.first} to {self.last}"
            )
        for closing in self.closing_days:
            if not self.first <= closing.day <= self.last:
                raise OutsideCalendar(
                    f"A closing day in {closing.day.year} lies outside calendar {self.name}",
                    got=closing.day,
                    allowed=f"{self.first} to {self.last}",
                    remedy="leave the day out, or give the calendar a longer horizon",
                )

    def without(self, days: Day | Iterable[object], *, name: str, source: Citation | str) -> Calendar:
        """Return a new calendar that closes on these days too, or on this one; this calendar is unchanged."""
        more = tuple(_closing_day(day, name) for day in ([days] if isinstance(days, SCALAR) else days))
        return attrs.evolve(
            self,
            name=name,
            title={"en": name, "da": name},
            source=Citation(title=source) if isinstance(source, str) else source,
            closing_days=self.closing_days + more,
        )

    @overload
    def add(self, day: dt.date | str, n: Whole, *, out: None = None) -> dt.date: ...
    @overload
    def add(self, day: np.datetime64, n: Whole, *, out: None = None) -> np.datetime64: ...
    @overload
    def add(self, day: Days, n: Whole | Integers, *, out: Days | None = None) -> Days: ...
    @overload
    def add(self, day: Day, n: Integers, *, out: Days | None = None) -> Days: ...
    def add(self, day: Any, n: Any, *, out: Days | None = None) -> Any:
        """Return the n-th working day after `day`, which itself is never counted.

        n = 0 is the day itself, worked or not; n < 0 is the n-th working day before it. NaT stays NaT.
        Arrays give datetime64[D] of the same shape, into `out` if given. Raises `OutsideCalendar` when a day
        or its answer lies outside the horizon.
        """
        if isinstance(n, np.ndarray):
            return self._work.add_each(_as_row(day), n, out)
        if isinstance(n, bool) or not isinstance(n, INTEGER):
            raise UsageError("Working days are added in whole numbers", got=type(n).__name__, allowed="int")
        if n == 0 or not isinstance(day, SCALAR):
            return self.add_table(int(n)).look_up(day, out)
        found = one_day(day)
        if found is None:
            return NO_DAY
        work = self._work
        position = work.position(found, int(n))
        return work.listed[position] if isinstance(day, np.datetime64) else work.listed.item(position)

    @overload
    def count(self, a: Day, b: Day, *, out: None = None) -> int: ...
    @overload
    def count(self, a: Days, b: Days | Day, *, out: Integers | None = None) -> Integers: ...
    @overload
    def count(self, a: Day, b: Days, *, out: Integers | None = None) -> Integers: ...
    def count(self, a: Any, b: Any, *, out: Integers | None = None) -> Any:
        """Return the working days after `a` up to and including `b`; where b is before a, minus those from b to a.

        So count(a, b) + count(b, c) = count(a, c). `MISSING` where a side is NaT.
        """
        if not (isinstance(a, SCALAR) and isinstance(b, SCALAR)):
            return self._work.count_each(_as_row(a), _as_row(b), out)
        start, end = one_day(a), one_day(b)
        if start is None or end is None:
            return MISSING
        return self._work.upto.at(end) - self._work.upto.at(start)

    @overload
    def roll(self, day: dt.date | str, rule: Roll, *, out: None = None) -> dt.date: ...
    @overload
    def roll(self, day: np.datetime64, rule: Roll, *, out: None = None) -> np.datetime64: ...
    @overload
    def roll(self, day: Days, rule: Roll, *, out: Days | None = None) -> Days: ...
    def roll(self, day: Any, rule: Roll, *, out: Days | None = None) -> Any:
        """Return the day itself if it is worked or the rule is "none", else the next or the last working day."""
        return self.roll_table(rule).look_up(day, out)

    @overload
    def is_working(self, day: Day) -> bool: ...
    @overload
    def is_working(self, day: Days) -> Mask: ...
    def is_working(self, day: Any) -> Any:
        """Return whether a day is worked; NaT is not."""
        return self._work.is_worked.look_up(day)

    def reason(self, day: Day, *, lang: str = "en") -> str | None:
        """Return why a day is not worked, in English or Danish; None for a working day and for NaT."""
        found = one_day(day)
        if found is None or self.is_working(found):
            return None
        closings = self._closings.get(found)
        danish = check_language(lang) == "da"
        if closings:
            return "; ".join(closing.da if danish else closing.en for closing in closings)
        if found.weekday() >= SATURDAY:
            # one word, in Danish and in English
            return "weekend"
        return "ikke en arbejdsdag" if danish else "not a working weekday"

    def add_table(self, n: int) -> DayTable:
        """Return the table behind `add`: from each day that has an answer to the n-th working day after it."""
        return self._work.add_table(n)

    def roll_table(self, rule: Roll) -> DayTable:
        """Return the table behind `roll`: from each day that has an answer to the day it moves to."""
        if rule == "forward":
            return self._work.forward
        if rule == "backward":
            return self._work.backward
        if rule == "none":
            return self._work.add_table(0)
        raise UsageError("Unknown roll rule", got=rule, allowed=("forward", "backward", "none"))

    def text_table(self, lang: str) -> TextTable:
        """Return what the calendar is: its days, how far it goes, and its source."""
        weekdays = ", ".join(day[lang] for day, worked in zip(WEEKDAY_NAMES, self.week, strict=True) if worked)
        danish = lang == "da"
        facts = {
            "navn" if danish else "name": self.name,
            "arbejdsdage" if danish else "working days": weekdays,
            "lukkedage" if danish else "closing days": len(self.closed),
            "fra" if danish else "from": self.first,
            "til" if danish else "to": self.last,
            "kilde" if danish else "source": self.source.in_language(lang),
        }
        return TextTable.of_facts(self.title[lang], facts, lang)

    @cached_property
    def closed(self) -> Days:
        """The closing days, on weekdays and weekends, each once and in order."""
        return read_only(np.array(list(self._closings), DAY_UNIT))

    @cached_property
    def _work(self) -> WorkDays:
        first = self.first.toordinal() - EPOCH
        monday = 4  # 1970-01-05, the first Monday on or after day 0
        days = np.arange(first, self.last.toordinal() - EPOCH + 1)
        worked = np.array(self.week)[(days - monday) % 7]
        worked[self.closed.view(np.int64) - first] = False
        return WorkDays(self.name, first, worked)

    @cached_property
    def _closings(self) -> dict[dt.date, list[ClosingDay]]:
        found: dict[dt.date, list[ClosingDay]] = {}
        for closing in self.closing_days:  # one day can have several
            found.setdefault(closing.day, []).append(closing)
        return found


def _as_row(day: object) -> Any:
    return np.datetime64(one_day(day), "D") if isinstance(day, SCALAR) else day


def _closing_day(day: object, name: str) -> ClosingDay:
    if isinstance(day, ClosingDay):
        return day
    try:
        found = one_day(day)
    except UsageError:
        found = None
    if found is None:
        raise UsageError("A closing day is not a day", where=f"calendar {name}", got=day, allowed="as 2010-12-24")
    return ClosingDay(found, f"closed: {name}", f"lukket: {name}")
