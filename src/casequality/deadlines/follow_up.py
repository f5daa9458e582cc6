"""What a case owes after its first answer: a follow-up every so many months, a reaction, a clock that starts anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import count, pairwise
from typing import Any, Literal, TypeAlias, get_args

import attrs
import numpy as np

from casequality.citation import Citation
from casequality.days import DAY_UNIT, NO_DAY, Calendar, Days, Integers, Tags, day_numbers, read_only
from casequality.deadlines.counting import Pause, PauseRule, Pauses, Term, calendar_of
from casequality.deadlines.deadline import Deadline
from casequality.errors import NOT_SAID, UsageError, Words, words


def _term(given: Any) -> Term:
    return given if isinstance(given, Term) else Term.parse(given)


@attrs.frozen(kw_only=True)
class FollowUp:
    """A follow-up that is owed every so often until the case is closed, such as every 6 months.

    Every date is counted from the start, so that a short month does not shorten the ones after it. A follow-up held
    after one date and no later than the next keeps the next.

    >>> review = FollowUp(id="local/review", title={"en": "Review", "da": "Opfølgning"}, every="1 month",
    ...                   calendar="dk-statutory")
    >>> dates = review.dates(dt.date(2010, 1, 31))
    >>> [str(next(dates)) for _ in range(3)]
    ['2010-02-28', '2010-03-31', '2010-04-30']
    """

    id: str
    title: Words = attrs.field(converter=words)
    every: Term = attrs.field(converter=_term)
    calendar: Calendar | str
    breach: Words = attrs.field(converter=words, default=NOT_SAID)
    source: Citation | None = None

    def __attrs_post_init__(self) -> None:
        unit = self.every.counted_in
        if unit.only_worked or unit.by_the_hour or self.every.excluded_months or self.every.by_weekday:
            raise UsageError(
                "A follow-up recurs by the calendar, not by working days or hours, and in every month",
                where=self.id,
                got=self.every,
                allowed="'6 months', '4 weeks', '90 calendar days', each with ', roll forward' where it moves",
            )

    def dates(self, start: dt.date) -> Iterator[dt.date]:
        """Yield the dates without end; `OutsideCalendar` where one must roll beyond the calendar."""
        on, roll = calendar_of(self.calendar), self.every.roll
        for times in count(1):
            date = self.every.counted_in.after(start, self.every.amount * times, on)
            yield date if roll == "none" else on.roll(date, roll)


@attrs.frozen
class Reaction:
    """A deadline that is counted anew from everything that the citizen sends while the case is undecided."""

    rule: Deadline


Policy: TypeAlias = Literal["continue", "restart", "new case"]
POLICIES: tuple[Policy, ...] = get_args(Policy)
Spell: TypeAlias = tuple[dt.date, dt.date | None]

CLOSED = PauseRule("closed", Words("the case was closed", "sagen var lukket"))
"""The pause rule of a deadline whose clock goes on when a case is reopened, having stood still in between."""


@attrs.frozen(kw_only=True)
class Clocked:
    """One clock of a case, as `Deadline.due` is to be asked, and when the case was closed while it ran.

    `first_closed` is for what is to be closed within a term, `last_closed` for the processing time; None while open.
    """

    start: dt.date
    pauses: tuple[Pause, ...]
    first_closed: dt.date | None
    last_closed: dt.date | None


@attrs.frozen(eq=False, repr=False, kw_only=True)
class ClockedEach:
    """The clocks of many cases, a row each: `of` is the case, `pauses` name the clock; the days as in `Clocked`."""

    of: Integers = attrs.field(converter=read_only)
    start: Days = attrs.field(converter=read_only)
    pauses: Pauses
    first_closed: Days = attrs.field(converter=read_only)
    last_closed: Days = attrs.field(converter=read_only)


def clocks(rule: Deadline, spells: Iterable[Spell], policy: Policy) -> tuple[Clocked, ...]:
    """Return the clocks of one case from the days on which it was opened and closed, in order, None while it is open.

    "continue": one clock from the first opening; it stands still while the case is closed, which `rule` allows when it
    has `CLOSED` among its pauses. "restart": one clock, from the last opening. "new case": one for each opening.
    Nothing else starts a clock: a letter that comes after the decision opens nothing unless it is registered so.

    >>> from casequality.deadlines import deadline
    >>> answer, day = deadline("copenhagen/reply-guarantee"), dt.date
    >>> [again] = clocks(answer, [(day(2010, 5, 3), day(2010, 5, 10)), (day(2010, 5, 20), None)], "restart")
    >>> again.start, answer.due(again.start, pauses=again.pauses)
    (datetime.date(2010, 5, 20), datetime.date(2010, 6, 4))
    """
    given = tuple(spells)
    _check(rule, policy)
    _check_order(rule, given)
    if policy == "continue":
        stops = tuple(Pause(shut, opened, CLOSED.reason) for (_, shut), (opened, _) in pairwise(given) if shut)
        first, last = given[0], given[-1]
        return (Clocked(start=first[0], pauses=stops, first_closed=first[1], last_closed=last[1]),)
    kept = given[-1:] if policy == "restart" else given
    return tuple(Clocked(start=opened, pauses=(), first_closed=shut, last_closed=shut) for opened, shut in kept)


def clocks_each(rule: Deadline, of: Tags, opened: Days, closed: Days, policy: Policy) -> ClockedEach:
    """Return the clocks of many cases from a row for each time that one was open, in any order; see `clocks`.

    of: the case of each row, integers; opened, closed: days, `closed` NaT while it is open; shape (rows,).
    A clock of a case whose rows contradict each other starts on NaT: it is not known.
    """
    _check(rule, policy)
    begin, end = day_numbers(opened), day_numbers(closed)
    order = np.lexsort((end, np.isnat(closed), begin, of))  # what is still open comes last
    case, begin, end = (column[order] for column in (np.asarray(of, np.int64), begin, end))
    starts, ends = begin.view(DAY_UNIT), end.view(DAY_UNIT)
    first = np.diff(case, prepend=case[:1] - 1) != 0
    last = np.roll(first, -1)
    number = np.cumsum(first) - 1
    # the row after the last of a case is another case's, and is looked at nowhere
    again = np.roll(starts, -1)
    # not "again < ends": of a case opened again and never closed `ends` is NaT, with which every comparison is false
    faulty = np.isnat(starts) | (ends < starts) | (~last & ~(again >= ends))
    gap = np.flatnonzero(~last) if policy == "continue" else np.empty(0, np.intp)
    rows = {"continue": first, "restart": last, "new case": np.ones(len(case), bool)}[policy]
    unknown = np.bincount(number, faulty, len(case))[number] > 0
    return ClockedEach(
        of=case[rows],
        start=np.where(unknown, NO_DAY, starts)[rows],
        pauses=Pauses(number[gap], ends[gap], again[gap], CLOSED.reason),
        first_closed=ends[rows],
        last_closed=ends[last if policy == "continue" else rows],
    )


def _check(rule: Deadline, policy: Policy) -> None:
    if policy not in POLICIES:
        raise UsageError("Unknown policy for reopened cases", where=rule.id, got=policy, allowed=POLICIES)
    if policy == "continue" and CLOSED.reason not in {allowed.reason for allowed in rule.pauses}:
        raise UsageError(
            "The clock of this deadline does not stand still while a case is closed",
            where=rule.id,
            got=policy,
            allowed=("restart", "new case"),
            remedy="add the rule CLOSED to the pauses of the deadline where its source says so",
        )


def _check_order(rule: Deadline, spells: tuple[Spell, ...]) -> None:
    orderly = all(shut is None or opened <= shut for opened, shut in spells)
    if not spells or not orderly or any(shut is None or again < shut for (_, shut), (again, _) in pairwise(spells)):
        raise UsageError(
            "A case is opened, closed and opened again in that order",
            where=rule.id,
            allowed="(opened, closed) in order, `closed` None in the last at most",
            remedy="sort the openings and mend a close that lies before its opening",
        )
