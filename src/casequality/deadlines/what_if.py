"""Deadlines asked otherwise: backwards from a due day, and under another calendar, rule or table of closing days."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal, TypeAlias, overload

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import (
    DAY_UNIT,
    NO_DAY,
    AsOfDay,
    Calendar,
    Days,
    DayTable,
    Integers,
    Roll,
    as_of_day,
    day_numbers,
    read_only,
)
from casequality.deadlines.counting import Pauses, calendar_of
from casequality.deadlines.deadline import Deadline
from casequality.errors import OutsideCalendar, UsageError

NEVER = np.iinfo(np.int64).max


@overload
def latest_receipt(
    rule: Deadline, due: dt.date, *, calendar: Calendar | str | None = None, roll: Roll | None = None
) -> dt.date: ...
@overload
def latest_receipt(
    rule: Deadline, due: np.datetime64, *, calendar: Calendar | str | None = None, roll: Roll | None = None
) -> np.datetime64: ...
@overload
def latest_receipt(
    rule: Deadline, due: Days, *, calendar: Calendar | str | None = None, roll: Roll | None = None
) -> Days: ...
def latest_receipt(
    rule: Deadline, due: Any, *, calendar: Calendar | str | None = None, roll: Roll | None = None
) -> Any:
    """Return the last day of receipt whose due day is not after a given day, pauses apart; a date for a date.

    It is looked up among the due days themselves, since no counting back would undo a month's end or a roll.
    An array has NaT where no receipt is due so early because the deadline was not yet in force; for one such day,
    and for days near the ends of the calendar that it cannot answer, `OutsideCalendar` is raised.

    >>> from casequality.deadlines import deadline
    >>> latest_receipt(deadline("copenhagen/reply-guarantee"), dt.date(2010, 5, 7))
    datetime.date(2010, 4, 22)
    """
    if rule.opening:
        raise _needs_days(rule)
    found = _receipts(rule, calendar, roll).look_up(due)
    if found is None or (isinstance(found, np.datetime64) and np.isnat(found) and not np.isnat(due)):
        raise OutsideCalendar(
            "No receipt is due as early as that: the deadline was not in force",
            where=rule.id,
            got=due,
            remedy="ask for a later day, or use the deadline that was in force",
        )
    return found


@overload
def working_days_left(
    rule: Deadline,
    due: dt.date | np.datetime64,
    *,
    as_of: dt.date | str,
    calendar: Calendar | str | None = None,
) -> int: ...
@overload
def working_days_left(
    rule: Deadline, due: Days, *, as_of: dt.date | str, calendar: Calendar | str | None = None
) -> Integers: ...
def working_days_left(rule: Deadline, due: Any, *, as_of: dt.date | str, calendar: Calendar | str | None = None) -> Any:
    """Return the working days after the as-of's day up to and including a due day, on the deadline's own calendar.

    Negative: overdue by so many working days. 0 on the due day itself, and while only closed days lie between.
    `MISSING` where an array has NaT.

    >>> from casequality.deadlines import deadline
    >>> working_days_left(deadline("copenhagen/reply-guarantee"), dt.date(2010, 5, 7), as_of="2010-04-29")
    5
    """
    on = calendar_of(rule.calendar if calendar is None else calendar)
    return on.count(as_of_day(as_of, rule.zone).day, due)


@lru_cache(maxsize=64)
def _receipts(rule: Deadline, calendar: Calendar | str | None, roll: Roll | None) -> DayTable:
    """Return the table from a due day to the latest receipt: the last whose due day, or a later one's, is by then."""
    forward = rule.table(calendar, roll=roll)
    due = day_numbers(forward.values)
    in_force = ~np.isnat(forward.values)
    # a month's end or a roll can make a later receipt due earlier: what counts is the soonest of it and all later ones
    soonest = np.minimum.accumulate(np.where(in_force, due, NEVER)[::-1])[::-1]
    first = int(soonest[0]) if in_force[0] else forward.first
    end = int(due[-1]) if in_force[-1] else forward.end
    position = np.searchsorted(soonest, np.arange(first, end), side="right") - 1
    receipts = np.where(position < 0, NO_DAY, (forward.first + position).astype(DAY_UNIT))
    return DayTable(first, receipts, f"{rule.id}, latest receipt")


def _needs_days(rule: Deadline) -> UsageError:
    return UsageError(
        "A deadline with opening hours is due at an instant, and its receipts are instants too",
        where=rule.id,
        remedy="ask the same deadline without opening hours: attrs.evolve(rule, opening=None)",
    )


Recompute: TypeAlias = Literal["open", "all"]
VERDICTS = ("no deadline", "kept", "kept late", "open", "overdue")
SHOWN = 20


@attrs.frozen
class ChangedCase:
    """One case whose due day or verdict differs; `position` is its place in the arrays, `due` None for none."""

    position: int
    due_before: dt.date | None
    due_after: dt.date | None
    verdict_before: str
    verdict_after: str

    def __str__(self) -> str:
        due = f"due {self.due_before or 'never'} -> {self.due_after or 'never'}"
        if self.verdict_before == self.verdict_after:
            return f"case {self.position}: {due}, still {self.verdict_after}"
        return f"case {self.position}: {due}, {self.verdict_before} -> {self.verdict_after}"


@attrs.frozen(kw_only=True, eq=False)
class Comparison:
    """The cases that a change touches, each array of shape (changes,); iterating gives each as a `ChangedCase`.

    `positions` are places in the arrays compared, `verdict_before` and `verdict_after` indices of `VERDICTS`.
    `left` closed cases kept what they had. `str` is a readable diff.
    """

    before: str
    after: str
    as_of: dt.date
    compared: int
    left: int
    positions: Integers = attrs.field(converter=read_only, repr=False)
    due_before: Days = attrs.field(converter=read_only, repr=False)
    due_after: Days = attrs.field(converter=read_only, repr=False)
    verdict_before: npt.NDArray[np.uint8] = attrs.field(converter=read_only, repr=False)
    verdict_after: npt.NDArray[np.uint8] = attrs.field(converter=read_only, repr=False)

    def __len__(self) -> int:
        return len(self.positions)

    def __iter__(self) -> Iterator[ChangedCase]:
        columns = (self.positions, self.due_before, self.due_after, self.verdict_before, self.verdict_after)
        for position, before, after, was, now in zip(*(column.tolist() for column in columns), strict=True):
            yield ChangedCase(position, before, after, VERDICTS[was], VERDICTS[now])

    @property
    def counts(self) -> dict[str, int]:
        """How many cases were compared, were left as they were, and changed; `was -> now` for each turned verdict."""
        turned = Counter(
            f"{VERDICTS[was]} -> {VERDICTS[now]}"
            for was, now in zip(self.verdict_before.tolist(), self.verdict_after.tolist(), strict=True)
            if was != now
        )
        moved = self.due_before.view(np.int64) != self.due_after.view(np.int64)
        return {
            "compared": self.compared,
            "closed, left as they were": self.left,
            "due day changed": int(moved.sum()),
            "verdict changed": turned.total(),
            **dict(sorted(turned.items())),
        }

    def __str__(self) -> str:
        counts = ", ".join(f"{name}: {count}" for name, count in self.counts.items())
        shown = [f"  {change}" for change, _ in zip(self, range(SHOWN), strict=False)]
        more = [f"  and {len(self) - SHOWN} more"] if len(self) > SHOWN else []
        return "\n".join([f"- {self.before}", f"+ {self.after}", f"as of {self.as_of}; {counts}", *shown, *more])

    def to_dict(self) -> dict[str, Any]:
        """Return the whole comparison as plain data; days are ISO texts."""
        head = {"before": self.before, "after": self.after, "as_of": self.as_of.isoformat(), "counts": self.counts}
        return {**head, "changes": [_plain(change) for change in self]}


def compare(
    before: Deadline,
    after: Deadline | Calendar,
    received: Days,
    done: Days | None = None,
    *,
    as_of: dt.date | str,
    pauses: Pauses | None = None,
    extended: Days | None = None,
    recompute: Recompute = "open",
) -> Comparison:
    """Return which cases are due on another day, or judged otherwise, under another rule or on another calendar.

    after: another version of the deadline, or a calendar to count the same one on, such as one made from another
    release of the closing days. received, done, extended: shape (cases,), and pauses, as `Deadline.due` takes them;
    `done` is NaT while a case is open, and a pause that is still open ends with the case or at `as_of`.
    A case that was done by `as_of` keeps its due day, unless `recompute` is "all".
    """
    if recompute not in ("open", "all"):
        raise UsageError("Unknown policy for closed cases", got=recompute, allowed=("open", "all"))
    other = attrs.evolve(before, calendar=after) if isinstance(after, Calendar) else after
    if before.opening or other.opening:
        raise UsageError(
            "Deadlines with opening hours are not compared: they are due at instants",
            where=before.id,
            remedy="compare the same deadlines without opening hours: attrs.evolve(rule, opening=None)",
        )
    seen = as_of_day(as_of, before.zone)
    ended = np.full(received.shape, NO_DAY, "M8[D]") if done is None else done
    known = np.where(ended < np.datetime64(seen.known_before), ended, NO_DAY)
    # unlike minimum, fmin passes over NaT: a case that is not done is looked at from the as-of
    now = np.fmin(known, np.datetime64(seen.day))
    due_before, due_after = (
        rule.due(received, pauses=pauses, extended=extended, as_of=now) for rule in (before, other)
    )
    left = ~np.isnat(known) & (recompute == "open")
    due_after = np.where(left, due_before, due_after)
    was, now = (_verdicts(due, known, seen) for due in (due_before, due_after))
    changed = np.flatnonzero((due_before.view(np.int64) != due_after.view(np.int64)) | (was != now))
    return Comparison(
        before=_named(before),
        after=_named(other),
        as_of=seen.day,
        compared=due_before.size,
        left=int(left.sum()),
        positions=changed,
        due_before=due_before[changed],
        due_after=due_after[changed],
        verdict_before=was[changed],
        verdict_after=now[changed],
    )


def _verdicts(due: Days, done: Days, seen: AsOfDay) -> npt.NDArray[np.uint8]:
    ended = ~np.isnat(done)
    passed = due < np.datetime64(seen.day)
    found = np.where(ended, np.where(done <= due, 1, 2), np.where(passed, 4, 3))
    return np.where(np.isnat(due), 0, found).astype(np.uint8)


def _named(rule: Deadline) -> str:
    terms = "; ".join(f"{held['amount']} {held['unit']}" for held in rule.to_dict()["terms"])
    on = calendar_of(rule.calendar)
    return f"{rule.id}: {terms}, on {on.name} ({on.source.title})"


def _plain(change: ChangedCase) -> dict[str, Any]:
    days = {name: value and value.isoformat() for name, value in attrs.asdict(change).items() if "due" in name}
    return {**attrs.asdict(change), **days}
