"""Deadlines by type of case, looked up for millions of cases at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from casequality.arrays import Days, Instants, Mask
from casequality.dated import Dated
from casequality.days import Calendar, local_days
from casequality.days.tables import BLOCK, DAY_UNIT, day_numbers, ready
from casequality.deadlines.deadline import Deadline, Kind
from casequality.deadlines.duty import NOTHING_SAID, Duty
from casequality.deadlines.in_force import check_terms
from casequality.deadlines.opening import is_clock
from casequality.deadlines.pauses import PauseRule, Pauses, beyond, several
from casequality.deadlines.reach import within
from casequality.deadlines.stack import Codes, Stack
from casequality.deadlines.standstill import Counted
from casequality.deadlines.term import Term, calendar_of
from casequality.errors import UnknownName, UsageError
from casequality.words import NOT_SAID, Words, words


def _by_kind(pauses: Mapping[str, Iterable[PauseRule]]) -> dict[str, tuple[PauseRule, ...]]:
    return {kind: several(rules) for kind, rules in pauses.items()}


def _dated_terms(by_kind: Mapping[str, Dated[Term] | Term | str]) -> dict[str, Dated[Term]]:
    return {kind: check_terms(terms) for kind, terms in by_kind.items()}


@attrs.frozen(slots=False, kw_only=True)
class Schedule:
    """The deadlines of one area, a term for each type of case and time, all counted on one calendar.

    `pauses` are the reasons for which the clock of each type stands still; a type in `pauses_by_kind` has its own
    instead.

    >>> benefits = Schedule(id="benefits", title={"en": "Benefits", "da": "Ydelser"}, calendar="dk-statutory",
    ...                     by_kind={"child_allowance": "4 weeks", "housing_benefit": "30 working days"})
    >>> received = np.array(["2010-03-01", "2010-03-01", "2010-03-01"], "datetime64[D]")
    >>> print(benefits.due(received, ["child_allowance", "other"], np.array([1, 2, 0])))
    ['2010-03-29'        'NaT'        'NaT']
    """

    id: str
    title: Words = attrs.field(converter=words)
    by_kind: Mapping[str, Dated[Term]] = attrs.field(converter=_dated_terms, hash=False)
    calendar: Calendar | str
    kind: Kind = "decide"
    starts: Words = attrs.field(converter=words, default=NOT_SAID)
    satisfied_by: Words = attrs.field(converter=words, default=NOT_SAID)
    excluded: Words = attrs.field(converter=words, default=NOT_SAID)
    breach: Words = attrs.field(converter=words, default=NOT_SAID)
    duty: Duty = NOTHING_SAID
    pauses: tuple[PauseRule, ...] = attrs.field(converter=several, default=())
    pauses_by_kind: Mapping[str, tuple[PauseRule, ...]] = attrs.field(converter=_by_kind, hash=False, factory=dict)
    zone: str = "Europe/Copenhagen"

    def __attrs_post_init__(self) -> None:
        unknown = sorted(self.pauses_by_kind.keys() - self.by_kind.keys())
        if unknown:
            raise UnknownName(
                "Pauses of a type of case that the schedule does not have",
                where=self.id,
                got=", ".join(unknown),
                allowed=self.by_kind,
                remedy="name types that have a term",
            )

    def deadline(self, kind: str) -> Deadline:
        """Return the deadline for one type of case; raise `UnknownName` where the schedule has none for it."""
        if kind not in self.by_kind:
            raise UnknownName(
                "No deadline for that type of case",
                where=self.id,
                got=kind,
                allowed=self.by_kind,
                remedy="add the type with its term and source to the schedule",
            )
        return self._deadlines[kind]

    def has_rule(self, kinds: Sequence[str], codes: Codes) -> Mask:
        """Return, for each code, whether the schedule has a deadline for its type; see `due`."""
        known = np.array([False, *(kind in self.by_kind for kind in kinds)])
        return known[_check_codes(codes, len(kinds))]

    def reaches(
        self, received: Days | Instants, kinds: Sequence[str], codes: Codes, *, calendar: Calendar | str | None = None
    ) -> Mask:
        """Return which cases `due` can answer: those within the calendar's horizon or without a deadline."""
        answered = within(self._stack(tuple(kinds), calendar).span, received, self.zone)
        return answered | ~self.has_rule(kinds, codes)

    def due(
        self,
        received: Days,
        kinds: Sequence[str],
        codes: Codes,
        *,
        pauses: Pauses | None = None,
        calendar: Calendar | str | None = None,
        out: Days | None = None,
    ) -> Days:
        """Return the due day of each case, datetime64[D]; NaT where nothing is known to be due.

        `codes` says the type of each case: 0 for a missing one, i for `kinds[i - 1]`. NaT is the answer for a
        missing day or type, a type without a deadline, and a day on which none was in force. `received` holds
        days, or instants in UTC that count from their local day in `zone`. `pauses` count as in `Deadline.due`, those
        that the type of case allows; with them `received` and `codes` have the shape (cases,).
        """
        if pauses is not None:
            counted = self.counted(received, kinds, codes, pauses=pauses, calendar=calendar)
            if counted.beyond.any():
                raise beyond(calendar_of(self.calendar if calendar is None else calendar).last)
            due = ready(out, counted.due.shape, DAY_UNIT)
            due[...] = counted.due
            return due
        days = local_days(received, self.zone) if is_clock(received.dtype) else received
        numbers, codes = np.broadcast_arrays(day_numbers(days), _check_codes(codes, len(kinds)))
        found = ready(out, numbers.shape, DAY_UNIT)
        rows, types, target = numbers.reshape(-1), codes.reshape(-1), found.reshape(-1)
        stack = self._stack(tuple(kinds), calendar)
        for first in range(0, rows.size, BLOCK):
            block = slice(first, first + BLOCK)
            target[block] = stack.take(rows[block], types[block])
        return found

    def counted(
        self,
        received: Days | Instants,
        kinds: Sequence[str],
        codes: Codes,
        *,
        pauses: Pauses,
        resumes: dt.date | np.datetime64 | None = None,
        calendar: Calendar | str | None = None,
    ) -> Counted:
        """Return the due day of each case, shape (cases,), with what `due` keeps to itself; see `Deadline.counted`."""
        pauses.check_cases(len(received))
        counted = Counted.without_pauses(self.due(received, kinds, codes, calendar=calendar))
        paused = np.zeros(len(received), bool)
        paused[pauses.of] = True
        for code in np.unique(codes[paused & self.has_rule(kinds, codes)]).tolist():
            chosen = paused & (codes == code)
            own: dict[str, Any] = {"pauses": pauses.of_cases(chosen), "resumes": resumes, "calendar": calendar}
            counted.put(chosen, self._deadlines[kinds[code - 1]].counted(received[chosen], **own))
        return counted

    @cached_property
    def _deadlines(self) -> dict[str, Deadline]:
        return {
            kind: Deadline(
                id=f"{self.id}/{kind}",
                title=self.title,
                kind=self.kind,
                terms=terms,
                calendar=self.calendar,
                starts=self.starts,
                satisfied_by=self.satisfied_by,
                excluded=self.excluded,
                breach=self.breach,
                duty=self.duty,
                pauses=self.pauses_by_kind.get(kind, self.pauses),
                zone=self.zone,
            )
            for kind, terms in self.by_kind.items()
        }

    @cached_property
    def _stacks(self) -> dict[tuple[tuple[str, ...], Calendar | str | None], Stack]:
        return {}

    def _stack(self, kinds: tuple[str, ...], calendar: Calendar | str | None) -> Stack:
        stack = self._stacks.get((kinds, calendar))
        if stack is None:
            tables = [self._deadlines[kind].table(calendar) if kind in self.by_kind else None for kind in kinds]
            stack = self._stacks[kinds, calendar] = Stack.of([None, *tables], self.id)
        return stack


def _check_codes(codes: Codes, kinds: int) -> Codes:
    if codes.dtype.kind not in "iu":
        raise UsageError("Types of case are given as integer codes", got=f"dtype {codes.dtype}", allowed="integers")
    if codes.size and not 0 <= codes.min() <= codes.max() <= kinds:
        raise UsageError(
            "A code has no label",
            got=f"{codes.min()} to {codes.max()}",
            allowed=f"0 for a missing type, 1 to {kinds} for the labels",
        )
    return codes
