"""How the clock of a deadline counts where something happened: pauses, and a notice that the term is longer.

Arrays are counted in rounds over all cases, one for each pause that a case can have.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Protocol

import attrs
import numpy as np

from casequality.days import (
    BLOCK,
    DAY_UNIT,
    EPOCH,
    NO_DAY,
    Calendar,
    Dated,
    Days,
    DayTable,
    Instants,
    Integers,
    Mask,
    Roll,
    day_numbers,
    is_clock,
    local_days,
    read_only,
)
from casequality.deadlines.counting.duty import Extended, Extension, in_time
from casequality.deadlines.counting.pauses import (
    OPEN,
    Pause,
    PausedIntervals,
    PauseRule,
    Pauses,
    beyond,
    day_in,
    packed,
    standing_still,
)
from casequality.deadlines.counting.terms import Term, counted_days, in_force, rolled
from casequality.deadlines.counting.units import LAST_PLAIN
from casequality.errors import UsageError

# a stop is sorted as one integer: the case, after which count it begins, up to which it lasts. 21 bits hold every count
# from a start, for 2 ** 20 days are more than 2,800 years; `NEVER` comes after all of them
BITS = 21
LOW = (1 << BITS) - 1
NEVER, FAR = LOW, 1 << (BITS - 1)
"""Counted days from a start: to the end of a pause that has not ended, and beyond any day that has an answer."""

CASES = 1 << (63 - 2 * BITS)
"""How many cases' pauses are sorted at once: a case and two such counts fit into 63 bits."""


def count_out(
    terms: Dated[Term], starts: Days, on: Calendar, roll: Roll | None, stops: PausedIntervals
) -> PausedCounts:
    """Return when each clock has counted out the term in force on the day it starts, and what stood in its way."""
    if len(starts) > CASES:
        counted, block = PausedCounts.nothing(len(starts)), np.arange(len(starts)) // CASES
        for part in (block == number for number in range(block[-1] + 1)):
            counted.put(part, count_out(terms, starts[part], on, roll, stops.of_cases(part)))
        return counted
    whole: PausedCounts | None = None
    for held in in_force(terms):
        chosen, term = held.covers_each(starts), rolled(held.term, roll)
        if chosen.all():
            whole = _counted_out(term, starts, on, stops)
        elif chosen.any():
            whole = PausedCounts.nothing(len(starts)) if whole is None else whole
            whole.put(chosen, _counted_out(term, starts[chosen], on, stops.of_cases(chosen)))
    whole = PausedCounts.nothing(len(starts)) if whole is None else whole
    whole.forget(stops.unknown)
    return whole


def _counted_out(term: Term, starts: Days, on: Calendar, stops: PausedIntervals) -> PausedCounts:
    every_day = not term.counted_in.only_worked and not term.excluded_months
    counted: _NumberedDays = _EveryDay() if every_day else _counted_days(attrs.evolve(term, roll="none"), on)
    # the end without any pause; it rolls off a closed day only once the pauses have moved it
    plain = attrs.evolve(term, roll="none").table(on).take(starts)
    begin, end = counted.upto(starts.view(np.int64)), counted.upto(plain.view(np.int64))
    steps = _held_up(end - begin, _in_order(stops, begin, counted))
    dated = ~np.isnat(plain)
    still = (steps >= NEVER) & dated
    known = dated & ~still
    numbers = np.where(known, begin + steps, end)
    # an end that lies as far without a pause is not the pauses' doing
    beyond = (numbers > counted.last) & (numbers > end)
    due = counted.day(np.where(beyond, end, numbers))
    if term.roll != "none" and not term.counted_in.only_worked:
        table = on.roll_table(term.roll)
        ends = due.view(np.int64)
        beyond |= known & (end < numbers) & ((ends < table.first) | (ends >= table.end))
        due = table.take(np.where(known & ~beyond, due, NO_DAY))
    np.putmask(due, ~known | beyond, NO_DAY)
    paused = np.where(np.isnat(due), 0, numbers - end)
    return PausedCounts(due, paused, still, beyond, np.zeros(len(due), bool))


def _in_order(stops: PausedIntervals, begin: Integers, counted: _NumberedDays) -> Integers:
    """Return the pauses in order, each as its case and the steps from the case's begin to its first and last day."""
    found = np.empty(len(stops.of), np.int64)
    for start in range(0, len(found), BLOCK):  # so many that what is made of them stays in the processor's cache
        rows = slice(start, start + BLOCK)
        base = begin.take(stops.of[rows])
        after, last = (np.clip(counted.upto(days[rows]) - base, 0, FAR) for days in (stops.after, stops.last))
        # only now, so that a pause that lasts for ages is not taken for one that has not ended
        last[stops.last[rows] == OPEN] = NEVER
        found[rows] = (((stops.of[rows] << BITS) | after) << BITS) | last
    found.sort()
    return found


def _held_up(steps: Integers, pauses: Integers) -> Integers:
    """Return how many days each case has to count with its pauses, which are packed and in order."""
    steps, pauses_of = steps.copy(), np.bincount(pauses >> 2 * BITS, minlength=len(steps))
    end, cases = np.cumsum(pauses_of), np.flatnonzero(pauses_of)
    row, reached = (end - pauses_of)[cases], np.zeros(len(cases), np.int64)
    while cases.size:
        packed, due = pauses[row], steps[cases]
        # overlapping pauses merge: each stops the clock only for what lies after those before it
        after = (packed >> BITS) & LOW
        np.maximum(after, reached, out=after)
        last = np.maximum(packed & LOW, after)
        # once one begins no earlier than the due day the case is done: pauses come in order, and none after it matters
        within = after < due
        steps[cases] = due + within * (last - after)
        row += 1
        more = np.flatnonzero(within & (row < end[cases]))
        cases, row, reached = cases[more], row[more], last[more]
    return steps


@attrs.frozen(eq=False)
class PausedCounts:
    """What the clocks of cases with pauses came to; every array has the shape (cases,).

    due: the due day; NaT also where one of the masks holds.
    paused: how many days that would have counted the clock stood still before the due day: working days where the
    term counts these; 0 where there is no due day.
    still: where a pause within the clock has not ended. beyond: where it stands still for longer than the calendar
    reaches. unknown: where a pause is faulty.
    earliest: where the clock stands still, the due day if it went on at once; NaT where that was not asked.
    """

    due: Days
    paused: Integers
    still: Mask
    beyond: Mask
    unknown: Mask
    earliest: Days = attrs.field()

    @earliest.default
    def _not_asked(self) -> Days:
        return np.full(len(self.due), NO_DAY)

    @classmethod
    def without_pauses(cls, due: Days) -> PausedCounts:
        """Return the due days of clocks that never stood still."""
        still, beyond, unknown = (np.zeros(len(due), bool) for _ in range(3))
        return cls(due, np.zeros(len(due), np.int64), still, beyond, unknown)

    @classmethod
    def nothing(cls, cases: int) -> PausedCounts:
        """Return so many cases without a due day, to put those in that have one."""
        return cls.without_pauses(np.full(cases, NO_DAY))

    def put(self, chosen: Mask, part: PausedCounts) -> None:
        """Write what was counted of the chosen cases into that of all."""
        for name in attrs.fields_dict(PausedCounts):
            getattr(self, name)[chosen] = getattr(part, name)

    def forget(self, cases: Integers) -> None:
        """Mark cases as unknown, by position: those that would have a due day, or would still get one."""
        self.unknown[cases] = self.still[cases] | self.beyond[cases] | ~np.isnat(self.due[cases])
        self.due[cases], self.paused[cases] = NO_DAY, 0
        self.still[cases] = self.beyond[cases] = False

    def put_earliest(self, resumed: PausedCounts) -> None:
        """Write the earliest due days of the clocks that stand still, counted as if each went on at once."""
        self.earliest[self.still] = resumed.due
        self.beyond[self.still] = resumed.beyond
        self.still[self.beyond] = False


class _NumberedDays(Protocol):
    """The days that a clock can count, numbered in order."""

    @property
    def last(self) -> int:
        """The last number that has a day."""

    def upto(self, days: Integers) -> Integers:
        """Return the number of the last one up to each day."""

    def day(self, numbers: Integers) -> Days:
        """Return the day of each number."""


class _EveryDay:
    last = LAST_PLAIN.toordinal() - EPOCH

    def upto(self, days: Integers) -> Integers:
        return days

    def day(self, numbers: Integers) -> Days:
        return numbers.view(DAY_UNIT)


@attrs.frozen(eq=False)
class _WorkingDays:
    before: int
    counts: Integers
    listed: Days

    @property
    def last(self) -> int:
        return len(self.listed)

    def upto(self, days: Integers) -> Integers:
        return self.counts.take(days - self.before, mode="clip")

    def day(self, numbers: Integers) -> Days:
        return self.listed.take(numbers - 1, mode="clip")


@lru_cache(maxsize=64)
def _counted_days(term: Term, on: Calendar) -> _WorkingDays:
    first, worked = counted_days(term, on)
    days = np.arange(first, first + len(worked)).view(DAY_UNIT)
    counts = np.concatenate([[0], np.cumsum(worked, dtype=np.int64)])
    return _WorkingDays(first - 1, read_only(counts), read_only(days[worked]))


@attrs.frozen(kw_only=True)
class CountingRules:
    """What a deadline counts by, once the calendar and the roll rule are chosen; `name` is for errors.

    `after` is the table from the day of receipt to the day from which the term runs, None where these are one.
    """

    name: str
    terms: Dated[Term]
    extension: Extension | None
    rules: tuple[PauseRule, ...]
    after: DayTable | None
    on: Calendar
    roll: Roll | None
    zone: str

    def due_each(
        self, received: Days, pauses: Pauses | None, sent: Days | Instants | None = None, as_of: Any = None
    ) -> Days:
        """Return the due day of each case; raise `OutsideCalendar` for a pause that outlasts the calendar."""
        counted = self.count_each(received, pauses, sent, as_of)
        if counted.beyond.any():
            asks = any(rolled(held.term, self.roll).asks_calendar for held in in_force(self.terms))
            raise beyond(min(LAST_PLAIN, self.on.last) if asks else LAST_PLAIN)
        return counted.due

    def count_each(
        self,
        received: Days,
        pauses: Pauses | None,
        sent: Days | Instants | None = None,
        as_of: Any = None,
        resumes: dt.date | np.datetime64 | None = None,
    ) -> PausedCounts:
        """Return what the clock of each case comes to; a notice that was not sent in time changes nothing.

        as_of: the day, or one each, on which an open pause is taken to have ended; NaT for none.
        resumes: the first day on which an open pause can end, for the earliest due days of clocks that stand still.
        """
        self.check_extended(sent)
        if not isinstance(pauses, Pauses | None):
            raise _unpacked(self.name, pauses)
        starts = received if self.after is None else self.after.take(received)
        stops = (pauses or packed((), self.zone)).stops(self.rules, self.zone, len(received), as_of)
        counted = self._counted(self.terms, starts, stops, resumes)
        if sent is None or self.extension is None or self.extension.term is None:
            return counted
        # of a clock that stands still a notice is in time up to the first day on which it can run out
        limit = np.where(counted.still, counted.earliest, counted.due)
        chosen = in_time(self._days(sent).reshape(-1), received, limit)
        longer = Dated.always(self.extension.term)
        counted.put(chosen, self._counted(longer, starts[chosen], stops.of_cases(chosen), resumes))
        return counted

    def _counted(
        self, terms: Dated[Term], starts: Days, stops: PausedIntervals, resumes: dt.date | np.datetime64 | None
    ) -> PausedCounts:
        counted = count_out(terms, starts, self.on, self.roll, stops)
        if resumes is not None and counted.still.any():
            chosen = counted.still
            ended = stops.of_cases(chosen).resumed(resumes)
            counted.put_earliest(count_out(terms, starts[chosen], self.on, self.roll, ended))
        return counted

    def due_one(
        self, received: dt.date, pauses: Iterable[Pause], extended: Extended | None, as_of: dt.date | None
    ) -> dt.date:
        """Return the due day of one case that was received while a term was in force."""
        stopped = self.of_one_case(pauses, extended)
        day, columns = np.array([received], DAY_UNIT), packed(stopped, self.zone)
        ends = as_of and day_in(as_of, self.zone)
        # counted without the notice first: whether it was in time is asked of the due day that it would move
        due = self.due_each(day, columns, as_of=ends)
        if np.isnat(due[0]):
            raise standing_still(self.name)
        if extended is not None:
            sent = np.array([day_in(extended.sent_on, self.zone)], DAY_UNIT)
            if not in_time(sent, day, due)[0]:
                raise _too_late(self.name, sent[0], received, due[0])
            due = self.due_each(day, columns, sent, ends)
        found: dt.date = due[0].item()
        return found

    def of_one_case(self, pauses: object, extended: object) -> tuple[Pause, ...]:
        """Return the pauses of one case; raise where these, or the notice of an extension, are of another form."""
        self.check_extended(extended)
        found = tuple(pauses) if isinstance(pauses, Iterable) and not isinstance(pauses, Pauses) else (pauses,)
        if not all(isinstance(pause, Pause) for pause in found):
            raise _unpacked(self.name, pauses)
        if not isinstance(extended, Extended | None):
            raise UsageError(
                "A notice of an extension comes in the form of the cases",
                where=self.name,
                got=type(extended).__name__,
                allowed="Extended for one case, days or instants for an array of cases",
                remedy="write Extended(sent_on)",
            )
        return found

    def check_extended(self, extended: object) -> None:
        """Raise where an extension is given for a deadline that cannot be extended."""
        if extended is not None and self.extension is None:
            raise UsageError(
                "This deadline has no extension",
                where=self.name,
                remedy="leave `extended` out; casequality.deadlines.shipped() says which deadlines can be extended",
            )

    def _days(self, moments: Days | Instants) -> Days:
        return day_numbers(local_days(moments, self.zone) if is_clock(moments.dtype) else moments).view(DAY_UNIT)


def _too_late(name: str, sent: object, received: object, due: object) -> UsageError:
    return UsageError(
        "An extension that is not sent before the deadline has expired changes nothing",
        where=name,
        got=sent,
        allowed=f"sent from {received} to {due}",
        remedy=f"leave it out, the due day stays {due}; explain() shows the notice and that it is not valid",
    )


def _unpacked(name: str, pauses: object) -> UsageError:
    return UsageError(
        "Pauses come in the form of the cases",
        where=name,
        got=type(pauses).__name__,
        allowed="an iterable of Pause for one case, Pauses for an array of cases",
        remedy="pack the pauses of many cases in Pauses(of, since, until, reasons)",
    )
