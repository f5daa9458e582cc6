"""Which of several deadlines decides a case, by its type and by the rule in force, for millions of cases at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import (
    BLOCK,
    DAY_UNIT,
    MISSING,
    NO_DAY,
    Calendar,
    Dated,
    Days,
    DayTable,
    Instants,
    Integers,
    Mask,
    day_numbers,
    is_clock,
    local_days,
    one_day,
    ready,
)
from casequality.deadlines.counting import (
    NOTHING_SAID,
    Duty,
    PausedCounts,
    PauseRule,
    Pauses,
    Term,
    beyond,
    calendar_of,
    check_terms,
    in_force,
    several,
    within,
)
from casequality.deadlines.deadline import Deadline, Kind
from casequality.errors import NOT_SAID, OutsideCalendar, UnknownName, UsageError, Words, words

Codes: TypeAlias = npt.NDArray[np.integer[Any]]


@attrs.frozen(eq=False, repr=False)
class DueMatrix:
    """One row of due days for each type of case, all from the same first day; a type without deadline has NaT."""

    span: DayTable
    due: Days
    has_rule: Mask

    @classmethod
    def of(cls, tables: Sequence[DayTable | None], name: str) -> DueMatrix:
        """Return a stack of tables, over the days that every one of them answers."""
        given = [table for table in tables if table is not None]
        first = max((table.first for table in given), default=0)
        end = min((table.end for table in given), default=1)
        due = np.full((len(tables), end - first), NO_DAY, DAY_UNIT)
        for row, table in zip(due, tables, strict=True):
            if table is not None:
                row[:] = table.values[first - table.first : end - table.first]
        return cls(DayTable(first, due[0], name), due.reshape(-1), np.array([table is not None for table in tables]))

    def take(self, days: Integers, types: Codes) -> Days:
        """Return the due day for each day number and type; raise `OutsideCalendar` for a day that has no answer."""
        first, width = self.span.first, len(self.span.values)
        index = (np.arange(len(self.has_rule)) * width - first).take(types)
        index += days
        # looked up first and checked after: nearly all days are inside, and clipping keeps the others harmless
        found: Days = self.due.take(index, mode="clip")
        if days.size and not first <= days.min() <= days.max() < first + width:
            inside = (days >= first) & (days < first + width)
            outside = days[~inside & (days != MISSING) & self.has_rule[types]]
            if outside.size:
                # asked for its error, which names the year
                self.span.at(outside[0].astype(DAY_UNIT).item())
            found[~inside] = NO_DAY
        return found


@attrs.frozen(eq=False, repr=False)
class UnlikeDays:
    """On which days of receipt two calendars give a type of case different due days; shape (types, days from first)."""

    first: int
    unlike: Mask
    any_type: Mask

    @classmethod
    def between(cls, one: DueMatrix, two: DueMatrix) -> UnlikeDays:
        """Return where two stacks of the same types differ, over the days that both answer."""
        first = max(one.span.first, two.span.first)
        end = max(first, min(one.span.end, two.span.end))
        rows = (
            each.due.view(np.int64).reshape(len(each.has_rule), -1)[:, first - each.span.first : end - each.span.first]
            for each in (one, two)
        )
        unlike = np.not_equal(*rows)
        return cls(first, unlike, np.logical_or.reduce(unlike, axis=0))

    def rows(self, days: Integers, types: Codes | int) -> npt.NDArray[np.intp]:
        """Return the positions of the cases that may have another due day; those among which one calendar ends."""
        if not len(days):
            return np.empty(0, np.intp)
        width, low, high = len(self.any_type), int(days.min()) - self.first, int(days.max()) - self.first
        if not width:
            return np.arange(len(days))
        if low >= 0 and high < width:
            if not self.any_type[low : high + 1].any():
                return np.empty(0, np.intp)
            outside = None
        else:
            outside = ((days < self.first) | (days >= self.first + width)) & (days != MISSING)
        index = (np.arange(len(self.unlike)) * width - self.first).take(types)
        found: Mask = self.unlike.take(index + days, mode="clip")
        return np.flatnonzero(found if outside is None else found | outside)


def _by_kind(pauses: Mapping[str, Iterable[PauseRule]]) -> dict[str, tuple[PauseRule, ...]]:
    return {kind: several(rules) for kind, rules in pauses.items()}


def _dated_terms(by_kind: Mapping[str, Dated[Term] | Term | str]) -> dict[str, Dated[Term]]:
    return {kind: check_terms(terms) for kind, terms in by_kind.items()}


@attrs.frozen(slots=False, kw_only=True)
class Schedule:
    """The deadlines of one area, a term for each type of case and time, all counted on one calendar.

    A term in hours is due here on the last day on which the hours can run out; `deadline` counts them from an instant.
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
    ) -> PausedCounts:
        """Return the due day of each case, shape (cases,), with what `due` keeps to itself; see `Deadline.counted`."""
        pauses.check_cases(len(received))
        counted = PausedCounts.without_pauses(self.due(received, kinds, codes, calendar=calendar))
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

    def unlike(
        self,
        received: Days,
        kinds: Sequence[str],
        codes: Codes,
        *,
        calendar: Calendar | str | None = None,
        other: Calendar | str,
    ) -> npt.NDArray[np.intp]:
        """Return the positions of the cases, shape (cases,), to which two calendars may give different due days."""
        key = tuple(kinds), calendar, other
        if key not in self._unlike:
            self._unlike[key] = UnlikeDays.between(*(self._stack(key[0], each) for each in (calendar, other)))
        return self._unlike[key].rows(day_numbers(received), _check_codes(codes, len(kinds)))

    @staticmethod
    def unlike_by_tables(received: Days, one: DayTable, two: DayTable) -> npt.NDArray[np.intp]:
        """Return the same of one deadline, shape (cases,), from its tables by the two calendars."""
        return _unlike_days(one, two).rows(day_numbers(received), 0)

    @cached_property
    def _unlike(self) -> dict[tuple[tuple[str, ...], Calendar | str | None, Calendar | str], UnlikeDays]:
        return {}

    @cached_property
    def _stacks(self) -> dict[tuple[tuple[str, ...], Calendar | str | None], DueMatrix]:
        return {}

    def _stack(self, kinds: tuple[str, ...], calendar: Calendar | str | None) -> DueMatrix:
        stack = self._stacks.get((kinds, calendar))
        if stack is None:
            tables = [self._deadlines[kind].table(calendar) if kind in self.by_kind else None for kind in kinds]
            stack = self._stacks[kinds, calendar] = DueMatrix.of([None, *tables], self.id)
        return stack


@lru_cache(maxsize=32)
def _unlike_days(one: DayTable, two: DayTable) -> UnlikeDays:
    return UnlikeDays.between(*(DueMatrix.of([table], table.name) for table in (one, two)))


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


def rule_for(
    rules: Sequence[Deadline],
    received: dt.date | np.datetime64,
    decided: dt.date | np.datetime64 | None = None,
    *,
    as_of: dt.date | None = None,
) -> Deadline:
    """Return the rule that decides a case; see `rules_for`. Raise `OutsideCalendar` where none was in force.

    Section 42(2) of the Act of 2013 on access to documents:

    >>> from casequality.deadlines import deadline
    >>> acts = [deadline("access/notify-or-decide"), deadline("access/decide")]
    >>> december = dt.date(2013, 12, 20)
    >>> rule_for(acts, december, dt.date(2013, 12, 31)).id, rule_for(acts, december, dt.date(2014, 1, 2)).id
    ('access/notify-or-decide', 'access/decide-transitional')
    """
    decided_on = np.datetime64("NaT", "D") if decided is None else np.datetime64(one_day(decided), "D")
    day = np.datetime64(one_day(received), "D")
    found, codes = rules_for(rules, np.array([day]), np.array([decided_on]), as_of=as_of)
    if not codes[0]:
        raise OutsideCalendar(
            "None of these deadlines was in force on that day",
            where=", ".join(rule.id for rule in rules),
            got=one_day(received),
            allowed=[f"{rule.id} {held}" for rule in rules for held in in_force(rule.terms)],
            remedy="add the deadline that was in force; casequality.deadlines.shipped() lists them all",
        )
    return found[int(codes[0]) - 1]


def rules_for(
    rules: Sequence[Deadline], received: Days, decided: Days, *, as_of: dt.date | None = None
) -> tuple[tuple[Deadline, ...], Codes]:
    """Return the rules that may decide cases, and for each case 0 for none or i for the i-th of them.

    A case belongs to the first of `rules` that was in force on the day of receipt. Where that rule ended with a
    passage and the case was still undecided on its day (`decided` later or NaT), it belongs to the rule `passes_to`.
    `decided` is the day of the decision or, where the case ended without one, such as by withdrawal, that of its end.
    `as_of` is the day from which one looks: before the passage no case has passed.
    """
    successors = [rule.passes_to for rule in rules if rule.passes_to]
    by_id = {rule.id: rule for rule in (*rules, *successors)}
    places = {name: place for place, name in enumerate(by_id, 1)}
    days, decisions = (day_numbers(given).view(DAY_UNIT) for given in (received, decided))
    codes = np.zeros(np.broadcast_shapes(days.shape, decisions.shape), np.intp)
    for rule in rules:
        mine = (codes == 0) & _covers(rule, days)
        codes[mine] = places[rule.id]
        passage = rule.undecided_on
        if rule.passes_to and passage and (as_of is None or as_of >= passage):
            start = np.datetime64(passage)
            passed = mine & (days < start) & (np.isnat(decisions) | (decisions >= start))
            codes[passed] = places[rule.passes_to.id]
    return tuple(by_id.values()), codes


def _covers(rule: Deadline, days: Days) -> Mask:
    covered: Mask = np.logical_or.reduce([held.covers_each(days) for held in in_force(rule.terms)])
    return covered
