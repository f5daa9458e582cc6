"""What a running case owes again and again: a follow-up every so many months, a reaction to what arrives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import count
from typing import Any

import attrs

from casequality.citation import Citation
from casequality.days import Calendar, months_after
from casequality.deadlines.deadline import Deadline
from casequality.deadlines.term import Term, calendar_of
from casequality.errors import UsageError
from casequality.words import NOT_SAID, Words, words

DAYS = {"weeks": 7, "calendar days": 1}


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
        if self.every.unit == "working days":
            raise UsageError(
                "A follow-up recurs by the calendar, not by working days",
                where=self.id,
                got=self.every,
                allowed="'6 months', '4 weeks', '90 calendar days', each with ', roll forward' where it moves",
            )

    def dates(self, start: dt.date) -> Iterator[dt.date]:
        """Yield the dates without end; `OutsideCalendar` where one must roll beyond the calendar."""
        on, roll = calendar_of(self.calendar), self.every.roll
        for times in count(1):
            date = self._plain(start, self.every.amount * times)
            yield date if roll == "none" else on.roll(date, roll)

    def _plain(self, start: dt.date, amount: int) -> dt.date:
        if self.every.unit == "months":
            return months_after(start, amount)
        return start + dt.timedelta(days=amount * DAYS[self.every.unit])


@attrs.frozen
class Reaction:
    """A deadline that is counted anew from everything that the citizen sends while the case is undecided."""

    rule: Deadline
