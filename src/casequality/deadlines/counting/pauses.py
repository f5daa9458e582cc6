"""What stops a clock: the reasons that a deadline allows, and the pauses of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np

from casequality.citation import Citation
from casequality.days import (
    DAY_UNIT,
    MISSING,
    Days,
    Instants,
    Integers,
    Mask,
    Tags,
    day_numbers,
    is_clock,
    local_day,
    local_days,
    read_only,
)
from casequality.errors import OutsideCalendar, UsageError, Words, words

ANY_ZONE = "UTC"


@attrs.frozen
class PauseRule:
    """A reason for which a deadline lets the clock stand still, with the source that says so."""

    reason: str
    title: Words = attrs.field(converter=words)
    source: Citation | None = None

    @property
    def key(self) -> str:
        """Where a ledger keeps the source: its own, or that of the deadline where it has none."""
        return f"pause: {self.reason}" if self.source else "rule"

    def to_dict(self) -> dict[str, Any]:
        """Return the rule as plain data."""
        return {
            "reason": self.reason,
            "title": self.title.to_dict(),
            "source": self.source and self.source.to_dict(),
        }


def several(rules: Iterable[PauseRule]) -> tuple[PauseRule, ...]:
    """Return the reasons that a deadline allows, in the order given."""
    return tuple(rules)


@attrs.frozen
class Pause:
    """A wait of one case, from the day or aware instant that something was asked until it was answered.

    `until` is None while it is open. A clock in days stands still on a day only when the pause covers all of it:
    on the days strictly between the two.
    """

    since: dt.date
    until: dt.date | None
    reason: str

    def __attrs_post_init__(self) -> None:
        if self.until is None:
            return
        if isinstance(self.since, dt.datetime) != isinstance(self.until, dt.datetime):
            raise UsageError(
                "A pause lasts from day to day or from instant to instant",
                got=f"{type(self.since).__name__} to {type(self.until).__name__}",
                remedy="give both as dates, or both as aware datetimes",
            )
        for moment in (self.since, self.until):
            if isinstance(moment, dt.datetime):
                local_day(moment, ANY_ZONE)
        if self.until < self.since:
            raise UsageError(
                "A pause ends before it begins",
                got=f"{self.since} to {self.until}",
                remedy="swap the two if they were mixed up, leave `until` None for one that is still open",
            )

    def on_days(self, zone: str) -> Pause:
        """Return the same pause from local day to local day."""
        return Pause(day_in(self.since, zone), self.until and day_in(self.until, zone), self.reason)

    def covers(self, day: dt.date) -> bool:
        """Return whether the pause, in days, covers all of a day."""
        return self.since < day and (self.until is None or day < self.until)


@attrs.frozen(kw_only=True)
class ShownPause:
    """A pause as a ledger shows it, from day to day; `source` is the key of what allows it, None where nothing does."""

    since: dt.date
    until: dt.date | None
    reason: str
    allowed: bool
    source: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the pause as plain data."""
        return {
            "since": self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "reason": self.reason,
            "allowed": self.allowed,
            "source": self.source,
        }


def day_in(moment: dt.date, zone: str) -> dt.date:
    """Return the local day of an aware instant, or the day itself."""
    return local_day(moment, zone) if isinstance(moment, dt.datetime) else moment


BITS_OF_DAYS = 22
"""More than any number of a day takes, on either side of 1970."""

OPEN = 1 << 62
"""The last day of a pause that has not ended."""


@attrs.frozen(eq=False, repr=False)
class PausedIntervals:
    """Days on which the clocks of cases stand still: after `after`, up to and including `last`, as day numbers.

    `last` is `OPEN` for a pause that has not ended; `unknown` are the cases of a faulty pause.
    """

    of: Integers
    after: Integers
    last: Integers
    unknown: Integers

    def of_cases(self, chosen: Mask) -> PausedIntervals:
        """Return those of the chosen cases, numbered as these are when the others are left out."""
        # the new number of a case is how many are kept up to it; one left out shares that, and is not looked up
        number, kept = np.cumsum(chosen) - 1, chosen[self.of]
        unknown = self.unknown[chosen[self.unknown]]
        return PausedIntervals(number[self.of[kept]], self.after[kept], self.last[kept], number[unknown])

    def resumed(self, on: dt.date | np.datetime64) -> PausedIntervals:
        """Return the same stops, those that have not ended taken to end on a day, no earlier than they began."""
        ended = np.where(self.last == OPEN, np.maximum(self.after, day_numbers(np.array(on, DAY_UNIT))) - 1, self.last)
        return attrs.evolve(self, last=ended)


def _names(reasons: str | Iterable[str]) -> tuple[str, ...]:
    return (reasons,) if isinstance(reasons, str) else tuple(reasons)


@attrs.frozen(eq=False)
class Pauses:
    """The pauses of many cases, a row each, in any order; all columns have one length.

    of: the position of the case among those whose due days are asked; integers.
    since, until: days, or instants in UTC, both of one kind; `until` is NaT while the pause is open.
    codes: 0 for a missing reason, i for `reasons[i - 1]`; left out where all have the one reason.

    A pause without any day stops nothing: a case may say that it waits and not when. It is `undated`. One that ends
    before it begins, or only ends, is `faulty`: if its reason is allowed, the due day of its case is not known.
    """

    of: Tags = attrs.field(converter=read_only)
    since: Days | Instants = attrs.field(converter=read_only)
    until: Days | Instants = attrs.field(converter=read_only)
    reasons: tuple[str, ...] = attrs.field(converter=_names)
    codes: Tags | None = attrs.field(converter=attrs.converters.optional(read_only), default=None)

    def __attrs_post_init__(self) -> None:
        kinds = {"of": self.of.dtype, "since": self.since.dtype, "until": self.until.dtype}
        if self.of.dtype.kind not in "iu" or {self.since.dtype.kind, self.until.dtype.kind} != {"M"}:
            raise _unfit(", ".join(f"{name} {kind}" for name, kind in kinds.items()))
        if is_clock(self.since.dtype) != is_clock(self.until.dtype):
            raise _unfit(f"since {self.since.dtype}, until {self.until.dtype}")
        columns = [column for column in (self.of, self.since, self.until, self.codes) if column is not None]
        if any(column.shape != (len(self.of),) for column in columns):
            raise _unfit(f"shapes {', '.join(str(column.shape) for column in columns)}")
        if self.codes is None and len(self.reasons) != 1:
            raise _unfit(f"{len(self.reasons)} reasons and no codes")
        codes = self.of[:0] if self.codes is None else self.codes
        if codes.dtype.kind not in "iu" or (codes.size and not 0 <= codes.min() <= codes.max() <= len(self.reasons)):
            raise _unfit(f"codes that are not integers from 0 to {len(self.reasons)}")

    def __len__(self) -> int:
        return len(self.of)

    @property
    def faulty(self) -> Mask:
        """Which end before they begin, or end and never begin; shape (pauses,)."""
        kind = np.promote_types(self.since.dtype, self.until.dtype)
        # as numbers, of which `MISSING` is the least: what asks each for NaT takes four times as long
        since, until = (column.astype(kind, copy=False).view(np.int64) for column in (self.since, self.until))
        faulty: Mask = ((since == MISSING) | (until < since)) & (until != MISSING)
        return faulty

    @property
    def undated(self) -> Mask:
        """Which have neither a begin nor an end; shape (pauses,)."""
        undated: Mask = (self.since.view(np.int64) == MISSING) & (self.until.view(np.int64) == MISSING)
        return undated

    def allowed(self, rules: Iterable[PauseRule]) -> Mask:
        """Return which have a reason that one of the rules gives; shape (pauses,)."""
        known = {rule.reason for rule in rules}
        if self.codes is None:
            return np.full(len(self), self.reasons[0] in known)
        return np.array([False, *(reason in known for reason in self.reasons)])[self.codes]

    def check_cases(self, cases: int) -> None:
        """Raise where a pause is of none of so many cases."""
        if self.of.size and not 0 <= self.of.min() <= self.of.max() < cases:
            raise UsageError(
                "A pause belongs to no case",
                got=f"positions {self.of.min()} to {self.of.max()}",
                allowed=f"0 to {cases - 1}, the positions in `received`",
                remedy="count the cases from 0, in the order in which they are given",
            )

    def of_cases(self, chosen: Mask) -> Pauses:
        """Return those of the chosen cases, numbered as these are when the others are left out."""
        number, kept = np.cumsum(chosen) - 1, chosen[self.of]
        codes = None if self.codes is None else self.codes[kept]
        return Pauses(number[self.of[kept]], self.since[kept], self.until[kept], self.reasons, codes)

    def days_within(self, begun: Days, ended: Days) -> Integers:
        """Return how many days of each case, after the one it began on and up to its end, the pauses cover; (cases,).

        Days that two pauses cover count once, and one that has not ended lasts to the end. `MISSING` where a pause of
        the case is faulty, or the case has no begin or end.
        """
        self.check_cases(len(begun))
        since, until = (_numbers(column, ANY_ZONE) for column in (self.since, self.until))
        first, last = day_numbers(begun), day_numbers(ended)
        of = self.of.astype(np.int64, copy=False)
        dateless = (first == MISSING) | (last == MISSING)
        kept = ~(self.faulty | self.undated | dateless[of])
        of_kept = of[kept]
        after = np.maximum(since[kept], first[of_kept])
        upto = np.where(until[kept] == MISSING, last[of_kept], np.minimum(until[kept] - 1, last[of_kept]))
        order = np.lexsort((upto, after, of_kept))
        of_kept, after, upto = (column[order] for column in (of_kept, after, upto))
        # one running maximum for all cases: each lies above every day of the case before it
        lift = of_kept << BITS_OF_DAYS
        reached = (
            np.maximum.accumulate(np.concatenate([[np.iinfo(np.int64).min], (upto + lift)[:-1]])) if len(lift) else lift
        )
        covered = np.maximum(upto + lift - np.maximum(after + lift, reached), 0)
        found = np.bincount(of_kept, covered, len(begun)).astype(np.int64)
        found[of[self.faulty]] = MISSING
        found[dateless] = MISSING
        return found

    def stops(self, rules: Iterable[PauseRule], zone: str, cases: int, as_of: Any = None) -> PausedIntervals:
        """Return the days on which the clocks of so many cases stand still under these rules.

        as_of: the day, or one for each case, on which a pause that is still open is taken to have ended; NaT for none.
        """
        self.check_cases(cases)
        since, until = (_numbers(column, zone) for column in (self.since, self.until))
        kept = self.allowed(rules)
        unknown = kept & self.faulty
        kept &= ~(unknown | self.undated)
        of = self.of.astype(np.int64, copy=False)
        unknown_cases = of[unknown]
        if not kept.all():
            of, since, until = of[kept], since[kept], until[kept]
        # `until` is the day of the answer, on which the clock runs again: it counts itself, and the day before it is
        # the last that does not; of an open pause NaT less one is no day, and is replaced below
        last, is_open = until - 1, until == MISSING
        looked = np.asarray("NaT" if as_of is None else as_of, DAY_UNIT).reshape(-1).view(np.int64)
        ends = np.broadcast_to(looked, cases)[of[is_open]]
        # a pause that begins after the as-of stops nothing yet: it ends before its first day
        last[is_open] = np.where(ends == MISSING, OPEN, np.maximum(ends, since[is_open]) - 1)
        return PausedIntervals(of, since, last, unknown_cases)


def packed(pauses: Iterable[Pause], zone: str) -> Pauses:
    """Return the pauses of one case, the first of all, as columns."""
    on_days = [pause.on_days(zone) for pause in pauses]
    return Pauses(
        np.zeros(len(on_days), np.int64),
        np.array([pause.since for pause in on_days], DAY_UNIT),
        np.array([pause.until for pause in on_days], DAY_UNIT),
        [pause.reason for pause in on_days],
        # one code a pause, also where two have the same reason: codes count from 1, since 0 says that there is none
        np.arange(1, len(on_days) + 1),
    )


def _numbers(column: Days | Instants, zone: str) -> Integers:
    return day_numbers(local_days(column, zone) if is_clock(column.dtype) else column)


def _unfit(got: str) -> UsageError:
    return UsageError(
        "The columns of pauses do not fit",
        got=got,
        allowed="columns of one length: integer positions, two of days or two of instants, integer codes of reasons",
        remedy="give each pause one row; leave the codes out only where all pauses have one reason",
    )


def standing_still(where: str | None = None) -> UsageError:
    """Return the error for one case whose clock has stopped and not started again."""
    return UsageError(
        "There is no due day while the clock stands still",
        where=where,
        got="a pause that has not ended",
        remedy="give `as_of`, the day on which it is then taken to have ended, or the end of the pause",
    )


def beyond(last: dt.date) -> OutsideCalendar:
    """Return the error for a clock that stands still until after the last day that can be answered."""
    return OutsideCalendar(
        f"A clock stands still until after {last.year}",
        allowed=f"due days up to {last}",
        remedy="leave the end of a pause out (NaT, None) while it is open, or make a calendar with a longer horizon",
    )
