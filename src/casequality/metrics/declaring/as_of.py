"""The moment from which records are looked at, and what deadlines mean from there."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import (
    FIRST_YEAR,
    LAST_YEAR,
    MISSING,
    Days,
    Instants,
    Mask,
    day_of,
    day_or_time,
    from_frame,
    local_days,
    start_of_days,
    zone_info,
)
from casequality.deadlines import Deadline, Pauses, rules_for
from casequality.errors import NaiveTime, OutsideCalendar, UnknownName, UsageError
from casequality.metrics.declaring.due import Due, DueQuestion, Rule, Settled
from casequality.records import Children, Codes

OTHER_CALENDAR = {"dk-statutory": "dk-administrative", "dk-administrative": "dk-statutory"}
MOMENTS = "2010-08-01 or 2010-08-01T12:00:00+02:00"


@attrs.define(eq=False, repr=False)
class Remarks:
    """What the core learns about the records of a block while a metric works on it."""

    records: int = 0
    sensitive: Mask | None = None
    beyond: Mask | None = None
    unknown: Mask | None = None
    calendars: set[str] = attrs.field(factory=set)

    def add(self, name: str, rows: Mask) -> None:
        """Add rows to one remark; those of a child table, of which there is another number, are left out."""
        if rows.any() and len(rows) == self.records:
            known = getattr(self, name)
            setattr(self, name, rows if known is None else known | rows)


@attrs.frozen(kw_only=True)
class AsOf:
    """An instant with the zone whose days count and the deadlines that a metric may name.

    A bare date is its start: what happens on that day is not yet known.
    """

    instant: np.datetime64
    zone: str
    rules: Mapping[str, Rule] = attrs.field(factory=dict, repr=False)
    calendar: str | None = None
    remarks: Remarks = attrs.field(factory=Remarks, eq=False, repr=False)

    @classmethod
    def at(
        cls, moment: dt.date | str, *, zone: str, rules: Mapping[str, Rule] | None = None, calendar: str | None = None
    ) -> AsOf:
        """Return the as-of at a date's start, or at an instant that carries its own offset."""
        return cls(instant=instant_of(moment, zone), zone=zone, rules={} if rules is None else rules, calendar=calendar)

    @property
    def day(self) -> np.datetime64:
        """The local day of the as-of: a deadline before this day has passed."""
        return day_of(self.instant, self.zone)

    @property
    def known_before(self) -> np.datetime64:
        """The first day whose events are not known: the as-of's own day at its start, later the next."""
        # midnight knows nothing of its day; at any later time what is dated that day may have happened
        at_start = self.instant == _start_of(self.day, self.zone)
        return self.day if at_start else self.day + np.timedelta64(1, "D")

    def lasted(
        self, begun: npt.NDArray[Any], ended: npt.NDArray[Any], *, pauses: Pauses | None = None
    ) -> npt.NDArray[np.timedelta64]:
        """Return how long each record has lasted, to its end or to the as-of; NaT without a beginning.

        pauses: those of a child table, as `pauses` makes them, of days: the days that they cover are not counted, so
        that a mean of it is net of waiting, such as for an applicant's answer; NaT where one of them is faulty.

        begun, ended: days or instants, both of one kind, shape (records,). As the amount of a case that is open it says
        how much it is at least.
        """
        now = self.known_before if ended.dtype == np.dtype("M8[D]") else self.instant
        cut, end = int(now.astype(ended.dtype).astype(np.int64)), ended.view(np.int64)
        # the bits in which MISSING and the cut differ turn one into the other; a choice between the two for each row
        # takes three times as long where open and closed records are mixed
        last = (end ^ (end == MISSING) * np.int64(MISSING ^ cut)).view(ended.dtype)
        found: npt.NDArray[np.timedelta64] = last - begun
        if pauses is None:
            return found
        if begun.dtype != np.dtype("M8[D]"):
            raise UsageError(
                "What pauses stop is counted in days",
                got=f"dtype {begun.dtype}",
                allowed="datetime64[D]",
                remedy="ask with as_of.local_days(instants)",
            )
        waited = pauses.days_within(begun, last)
        return np.where(waited == MISSING, np.timedelta64("NaT", "D"), found - waited.astype("m8[D]"))

    def rule(self, deadline: str | Rule) -> Rule:
        """Return a deadline by its id, or the one that is given."""
        if not isinstance(deadline, str):
            return deadline
        if deadline not in self.rules:
            raise UnknownName(
                "A metric counts a deadline that nobody offers",
                got=deadline,
                allowed=sorted(self.rules),
                remedy="use one of these, or declare it: under [deadlines] in the project file, in a file given as "
                "--deadlines FILE, or as deadlines= in Python",
            )
        return self.rules[deadline]

    def due(
        self,
        deadline: str | Rule,
        received: Days | Instants,
        kind: Codes | None = None,
        *,
        extended: Days | None = None,
        pauses: Pauses | None = None,
    ) -> Due:
        """Return when each record is due; NaT where it was not received or its kind has no deadline.

        received: days, or instants for a deadline that counts from opening hours; shape (records,).
        kind: the case type, for a schedule that has a deadline for each.
        extended: when notice of a longer term was sent, NaT for none, for a deadline that can be extended; one that
        was sent after the due day changes nothing.
        pauses: those of a child table, as `pauses` makes them; the deadline says which of them it counts. Where one has
        not ended the clock stands still: there is no due day yet, and `settle` knows that it has not passed.
        A record that the deadline's calendar does not reach is set aside as a finding.
        """
        rule = self.rule(deadline)
        asked = DueQuestion(rule, received, kind, extended, pauses, self.day)
        counted = self.calendar or rule.calendar
        name = counted if isinstance(counted, str) else counted.name
        other = None
        if asked.counts_working_days:
            self.remarks.calendars.add(name)
            other = OTHER_CALENDAR.get(name)
        try:
            # counted once for all, as that seldom fails; only then is each record asked whether a calendar reaches it
            due, beyond = asked.due(self.calendar, other)
        except OutsideCalendar:
            reached = asked.reached(self.calendar, other)
            self.remarks.add("beyond", ~reached)
            due, beyond = asked.only(reached).due(self.calendar, other)
        if beyond is not None:
            self.remarks.add("beyond", beyond)
        if due.unknown is not None:
            self.remarks.add("unknown", due.unknown)
        return due

    def pauses(
        self,
        children: Children[Any],
        *,
        since: Days | Instants,
        until: Days | Instants,
        reason: Codes | str,
    ) -> Pauses:
        """Return the rows of a child table as the pauses of their records, for `due`.

        since, until: columns of the rows, days or instants; the clock stands still on the days strictly between the
        two, and on all days after `since` where `until` is NaT.
        reason: a code of the rows, or the one reason of all of them; each deadline says which it allows.
        """
        reasons, codes = (reason, None) if isinstance(reason, str) else (reason.labels, reason.indices)
        return Pauses(children.parents, self._days(since), self._days(until), reasons, codes)

    def decided_by(self, deadlines: Iterable[str | Rule], received: Days, decided: Days) -> Mapping[str, Mask]:
        """Return, by id, which records each deadline decides; every mask has the shape (records,).

        A record belongs to the first deadline that was in force on the day of receipt; where it was still undecided
        when that one ended with a passage (`Deadline.passes_to`), and the as-of is no earlier, to the one it passed to.
        """
        named = [rule for rule in map(self.rule, deadlines) if isinstance(rule, Deadline)]
        rules, codes = rules_for(named, received, decided, as_of=self.day.astype(dt.date))
        return {rule.id: codes == place for place, rule in enumerate(rules, 1)}

    def settle(self, due: Due | Days | Instants, done: Days | Instants) -> Settled:
        """Return the state of each record's deadline, as masks named as in `SETTLED`.

        done: when the record was done, NaT while it is open; days where due dates are days.
        """
        due = due if isinstance(due, Due) else Due(due)
        if np.datetime_data(due.at.dtype)[0] != np.datetime_data(done.dtype)[0]:
            raise UsageError(
                "A due date and what is compared with it are not of one kind",
                got=f"due {due.at.dtype}, done {done.dtype}",
                remedy="compare days with days and instants with instants; as_of.local_days(instants) gives the days",
            )
        moment = self.day if due.at.dtype == np.dtype("M8[D]") else self.instant
        cut = int(moment.astype(due.at.dtype).astype(np.int64))
        settled = Settled(due.limit, done, cut, due.still)
        other = due.on_other_calendar()
        if other is not None:
            self._remark_sensitive(settled, due, other, done, cut)
        return settled

    def kept(self, due: Due, done: Days | Instants, where: Mask) -> Mask:
        """Return which of the records in `where` had something done no later than it was due; shape (records,).

        done: when it was done, NaT for never, such as the day of a notice; of the same kind as the due dates.
        """
        kept: Mask = where & (done <= due.limit)
        other = due.on_other_calendar()
        if other is not None:
            self.remarks.add("sensitive", kept ^ (where & (done <= other.limit)))
        return kept

    def local_days(self, instants: Instants) -> Days:
        """Return the day of each instant in the as-of's zone; NaT for none."""
        return local_days(instants, self.zone)

    def for_block(self, records: int = 0) -> AsOf:
        """Return the same as-of, ready to remark on that many records."""
        return attrs.evolve(self, remarks=Remarks(records))

    def _days(self, moments: Days | Instants) -> Days:
        return moments if moments.dtype == np.dtype("M8[D]") else self.local_days(moments)

    def _remark_sensitive(self, settled: Settled, due: Due, other: Due, done: Days | Instants, cut: int) -> None:
        limit, still = other.limit, other.still
        if limit is due.limit and still is None:
            return
        differs = due.limit.view(np.int64) != limit.view(np.int64)
        if still is not None:
            differs |= still ^ np.asarray(due.still)
        # only where the two calendars give different days can the outcome differ, and those are few
        rows = np.flatnonzero(differs)
        others = Settled(limit[rows], done[rows], cut, None if still is None else still[rows])
        sensitive = np.zeros(len(done), bool)
        sensitive[rows] = np.logical_or.reduce([mask[rows] != others[state] for state, mask in settled.items()])
        self.remarks.add("sensitive", sensitive)


def instant_of(moment: dt.date | str, zone: str) -> np.datetime64:
    """Return an instant in UTC: a date's start in `zone`, or a time that carries its offset."""
    moment = _written(moment) if isinstance(moment, str) else from_frame(moment)
    if not isinstance(moment, dt.datetime):
        return _start_of(np.datetime64(moment, "D"), zone)
    if moment.tzinfo is None:
        raise NaiveTime(
            "An as-of with a clock time has no offset",
            got=moment,
            allowed=MOMENTS,
            remedy="write the offset, or give a bare date",
        )
    return np.datetime64(moment.astimezone(dt.UTC).replace(tzinfo=None), "us")


@functools.lru_cache(maxsize=64)
def _start_of(day: np.datetime64, zone: str) -> np.datetime64:
    on: Any = day.item()
    midnight = dt.datetime.combine(on, dt.time(), zone_info(zone))
    start = midnight.astimezone(dt.UTC)
    if FIRST_YEAR <= midnight.year <= LAST_YEAR and start.astimezone(midnight.tzinfo) == midnight:
        return np.datetime64(start.replace(tzinfo=None), "us")
    found: np.datetime64 = start_of_days(np.array([day]), zone)[0]
    return found


def _written(moment: str) -> dt.date:
    try:
        return day_or_time(moment)
    except ValueError:
        raise UsageError(
            "An as-of cannot be read", got=moment, allowed=MOMENTS, remedy="write it as one of these"
        ) from None


class AnyDeadline(AsOf):
    """An as-of at which every deadline exists, whatever its name, so that a metric can be asked without a project."""

    def due(
        self,
        deadline: str | Rule,
        received: Days | Instants,
        kind: Codes | None = None,
        *,
        extended: Days | None = None,
        pauses: Pauses | None = None,
    ) -> Due:
        return Due(received) if pauses is None else Due(received, paused=np.zeros(len(received), np.int64))

    def settle(self, due: Due | Days | Instants, done: Days | Instants) -> Settled:
        return Settled(done, done, 0)

    def kept(self, due: Due, done: Days | Instants, where: Any) -> Any:
        return np.zeros(len(done), bool)
