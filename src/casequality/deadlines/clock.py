"""The clock of a deadline in cases where something happened: pauses, and a notice that the term is longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np

from casequality.arrays import Days, Instants
from casequality.dated import Dated
from casequality.days import Calendar, DayTable, Roll, local_days
from casequality.days.tables import DAY_UNIT, day_numbers
from casequality.deadlines.extensions import Extended, Extension, in_time
from casequality.deadlines.in_force import in_force, rolled
from casequality.deadlines.opening import is_clock
from casequality.deadlines.pauses import Pause, PauseRule, Pauses, Stops, beyond, day_in, packed, standing_still
from casequality.deadlines.standstill import Counted, count_out
from casequality.deadlines.term import LAST_PLAIN, Term
from casequality.errors import UsageError


@attrs.frozen(kw_only=True)
class Clock:
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
    ) -> Counted:
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
        limit = np.where(counted.still, counted.earliest, counted.due)
        chosen = in_time(self._days(sent).reshape(-1), received, limit)
        longer = Dated.always(self.extension.term)
        counted.put(chosen, self._counted(longer, starts[chosen], stops.of_cases(chosen), resumes))
        return counted

    def _counted(
        self, terms: Dated[Term], starts: Days, stops: Stops, resumes: dt.date | np.datetime64 | None
    ) -> Counted:
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
        self.check_extended(extended)
        if isinstance(pauses, Pauses):
            raise _unpacked(self.name, pauses)
        day, columns = np.array([received], DAY_UNIT), packed(pauses, self.zone)
        ends = as_of and day_in(as_of, self.zone)
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

    def check_extended(self, extended: object) -> None:
        """Raise where an extension is given for a deadline that cannot be extended."""
        if extended is not None and self.extension is None:
            raise UsageError(
                "This deadline has no extension",
                where=self.name,
                remedy="leave `extended` out; casequality.deadlines() says which deadlines can be extended",
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
