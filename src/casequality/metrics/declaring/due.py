"""Due dates of a block of records: how a deadline is asked for them, and the states that they leave records in."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, NO_DAY, Calendar, Days, Instants, Integers, Mask
from casequality.deadlines import Deadline, PausedCounts, Pauses, Schedule
from casequality.errors import UsageError
from casequality.records import Codes

Rule: TypeAlias = "Deadline | Schedule"


@attrs.frozen(eq=False)
class Due:
    """When each record is due, and when it would be on the other Danish calendar; NaT for no deadline.

    `calendar` is the one that the deadline counts on. Without pauses the rest is None; with them, of shape (records,):
    earliest: where the clock stands still as of then, `at` is NaT and this is the first day on which it can run out;
    NaT elsewhere. earliest_otherwise: the same on the other calendar.
    paused: how many days the clock stood still that would else have counted: working days where the term counts these.
    unknown: where a faulty pause hides the due date.
    """

    at: Days | Instants
    otherwise: Days | Instants | None = None
    calendar: Calendar | str | None = None
    earliest: Days | None = attrs.field(default=None, kw_only=True)
    earliest_otherwise: Days | None = attrs.field(default=None, kw_only=True)
    paused: Integers | None = attrs.field(default=None, kw_only=True)
    unknown: Mask | None = attrs.field(default=None, kw_only=True)

    @property
    def none(self) -> Mask:
        """Where there is no deadline; not where there is one and its day is not known yet. Shape (records,)."""
        none: Mask = np.isnat(self.at)
        if self.earliest is not None:
            none &= np.isnat(self.earliest)
        return none if self.unknown is None else none & ~self.unknown

    @property
    def still(self) -> Mask | None:
        """Where the clock stands still as of then; None where it never does."""
        return None if self.earliest is None else ~np.isnat(self.earliest)

    @property
    def limit(self) -> npt.NDArray[Any]:
        """The due date, or the first day that it can be where the clock stands still; shape (records,)."""
        return self.at if self.earliest is None else np.where(np.isnat(self.earliest), self.at, self.earliest)

    def on_other_calendar(self) -> Due | None:
        """Return the due dates on the other Danish calendar, None where the deadline does not ask for one."""
        return None if self.otherwise is None else Due(self.otherwise, earliest=self.earliest_otherwise)

    def or_else(self, other: Due) -> Due:
        """Return these due dates, and the other's where there is no deadline here."""
        none, joined = self.none, dict[str, Any]()
        for name in ("otherwise", "earliest", "earliest_otherwise", "paused", "unknown"):
            if getattr(self, name) is not None or getattr(other, name) is not None:
                joined[name] = np.where(none, other._given(name), self._given(name))
        return Due(np.where(none, other.at, self.at), calendar=self.calendar, **joined)

    def _given(self, name: str) -> npt.NDArray[Any]:
        """Return a column, or what it would hold where it was left out."""
        given: npt.NDArray[Any] | None = getattr(self, name)
        if given is not None:
            return given
        if name == "otherwise":
            return self.at
        if name == "earliest_otherwise":
            return self._given("earliest")
        nothing = {"earliest": NO_DAY, "paused": np.int64(0), "unknown": np.False_}[name]
        return np.full(len(self.at), nothing)


class Settled(Mapping[str, Mask]):
    """The states of a deadline as masks of shape (records,), each record in exactly one.

    still: where the clock stands still, and `due` is only the first day that can be the due day. It has not passed;
    what was done by then was in time, what was done later may have been.
    """

    def __init__(self, due: npt.NDArray[Any], done: npt.NDArray[Any], cut: int, still: Mask | None = None) -> None:
        limit, end = due.view(np.int64), done.view(np.int64)
        dated = limit != MISSING
        ended = end != MISSING
        # NaT, the least number, counts as passed here; every state below asks whether there is a day at all
        passed = limit < cut
        if still is not None:
            dated &= ~(still & ended & (end > limit))
            passed &= ~still
        if not dated.all():
            ended &= dated
        late = ended & (end > limit)
        kept = ended & ~late
        waiting = dated & ~ended
        self._masks: dict[str, Mask] = {
            "in_time": kept & passed,
            "in_time_early": kept & ~passed,
            "late": late,
            "open_overdue": waiting & passed,
            "pending": waiting & ~passed,
            "undated": ~dated,
        }

    def __getitem__(self, state: str) -> Mask:
        return self._masks[state]

    def __iter__(self) -> Iterator[str]:
        return iter(self._masks)

    def __len__(self) -> int:
        return len(self._masks)


@attrs.frozen(eq=False)
class Owed:
    """What is still owed in each record; every array has the shape (records,).

    due: the due date, NaT for none. done: when it was done, NaT while it is open.
    notified: whether the citizen was told in time that the deadline would not be kept; None where none is owed.
    promised: the last day that the citizen was promised, NaT for none; None where the records do not hold any.
    """

    due: Due
    done: Days
    notified: Mask | None = None
    promised: Days | None = None


@attrs.frozen(eq=False, repr=False)
class DueQuestion:
    """What a deadline or schedule is asked about records; `resumes` is the first day on which an open pause can end."""

    rule: Rule
    received: Days | Instants
    kind: Codes | None
    extended: Days | None
    pauses: Pauses | None
    resumes: np.datetime64

    def __attrs_post_init__(self) -> None:
        if isinstance(self.rule, Deadline):
            return
        if self.kind is None:
            raise UsageError(
                "A schedule needs the case type of each record",
                where=self.rule.id,
                remedy="pass kind=, the records' code of case types",
            )
        if self.extended is not None:
            raise UsageError(
                "A schedule has no extension",
                where=self.rule.id,
                remedy="leave `extended` out, or declare a deadline with an extension for that type of case",
            )

    @property
    def counts_working_days(self) -> bool:
        """Whether any term that may be counted counts working days, or rolls to one."""
        longer = None
        if isinstance(self.rule, Deadline):
            dated = [self.rule.terms]
            longer = self.rule.extension.term if self.rule.extension and self.extended is not None else None
        else:
            dated = list(self.rule.by_kind.values())
        terms = [longer, *(entry.value for values in dated for entry in values)]
        return any(term.asks_calendar for term in terms if term is not None)

    def due(self, calendar: str | None, other: str | None) -> tuple[Due, Mask | None]:
        """Return the due dates on both calendars, and where a pause lasts for longer than these reach."""
        on = calendar or self.rule.calendar
        if self.pauses is None:
            plain = self._plain(calendar)
            return Due(plain, None if other is None else self._otherwise(plain, calendar, other), on), None
        one = self._counted(calendar, self.pauses)
        two = None if other is None else self._counted(other, self.pauses)
        due = Due(
            one.due,
            None if two is None else two.due,
            on,
            earliest=one.earliest,
            earliest_otherwise=None if two is None else two.earliest,
            paused=one.paused,
            unknown=one.unknown,
        )
        return due, one.beyond if two is None else one.beyond | two.beyond

    def reached(self, calendar: str | None, other: str | None) -> Mask:
        """Return which records both calendars reach; shape (records,)."""
        reaches: Any = self.rule.reaches
        reached: Mask = reaches(*self._by, calendar=calendar) & reaches(*self._by, calendar=other or calendar)
        return reached

    def only(self, rows: Mask) -> DueQuestion:
        """Return the same question with the other records never received."""
        return attrs.evolve(self, received=np.where(rows, self.received, np.array("NaT", self.received.dtype)))

    @property
    def _by(self) -> tuple[Any, ...]:
        if self.kind is None or isinstance(self.rule, Deadline):
            return (self.received,)
        return self.received, self.kind.labels, self.kind.indices

    def _plain(self, calendar: str | None) -> Any:
        due: Any = self.rule.due
        if self.extended is not None:
            due = functools.partial(due, extended=self.extended)
        return due(*self._by, calendar=calendar)

    def _otherwise(self, plain: Days, calendar: str | None, other: str) -> Any:
        """Return the due dates on the other calendar; the very same array where no date is another one.

        The two agree for most days of receipt, so only those are asked again for which they may not.
        """
        if self.extended is not None or self.received.dtype != np.dtype("M8[D]"):
            return self._plain(other)
        rule: Any = self.rule
        if not isinstance(rule, Deadline):
            rows = rule.unlike(*self._by, calendar=calendar, other=other)
        elif rule.opening is None:
            rows = Schedule.unlike_by_tables(self.received, rule.table(calendar), rule.table(other))
        else:
            return self._plain(other)
        if not len(rows):
            return plain
        otherwise = plain.copy()
        chosen = attrs.evolve(self, received=self.received[rows], kind=None if self.kind is None else self.kind[rows])
        otherwise[rows] = chosen._plain(other)
        return otherwise

    def _counted(self, calendar: str | None, pauses: Pauses) -> PausedCounts:
        counted: Any = functools.partial(self.rule.counted, pauses=pauses, resumes=self.resumes, calendar=calendar)
        if self.extended is not None:
            counted = functools.partial(counted, extended=self.extended)
        found: PausedCounts = counted(*self._by)
        return found
