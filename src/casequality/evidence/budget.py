"""What can still be attained: how many may still be missed, how many a day must be decided, how long a queue may be."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs

from casequality.errors import UsageError, Words
from casequality.evidence.intervals import OUTER, Interval, binomial_tail, poisson_interval
from casequality.evidence.said import Finding, per_cent, rounded, say

Compared: TypeAlias = Literal["at least", "above", "at most", "below"]
COMPARED: Final[tuple[Compared, ...]] = get_args(Compared)
State: TypeAlias = Literal["met", "possible", "lost"]
Order: TypeAlias = Literal["received", "any"]


@attrs.frozen(kw_only=True)
class Budget(Finding):
    """Between what a share can end, whatever becomes of the cases that are still open; certain, and no forecast.

    yes, no: settled. open: whose outcome can still be either. target: a share, and `compared` how it is held against
    it. since: the day from which it has been certain, None where nobody looked earlier, or nothing is certain.
    """

    yes: int
    no: int
    open: int
    target: Fraction
    compared: Compared = "at least"
    since: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        if min(self.yes, self.no, self.open) < 0 or not self.cases or self.compared not in COMPARED:
            raise UsageError(
                "A budget is made of cases",
                got=f"{self.yes} yes, {self.no} no, {self.open} open; {self.compared}",
                allowed=f"numbers from 0, not all 0; {', '.join(COMPARED)}",
                remedy="give the counts of one period",
            )

    @property
    def cases(self) -> int:
        """How many there are when all are settled."""
        return self.yes + self.no + self.open

    @property
    def least(self) -> Fraction:
        """The least that the share can end at."""
        return Fraction(self.yes, self.cases)

    @property
    def most(self) -> Fraction:
        """The greatest that the share can end at."""
        return Fraction(self.yes + self.open, self.cases)

    @property
    def _slack(self) -> int:
        """How many of the open ones may count against the target; negative where not even none would do."""
        exact = self.target * self.cases
        if self.compared in ("at least", "above"):
            needed = math.ceil(exact) if self.compared == "at least" else math.floor(exact) + 1
            return self.yes + self.open - needed
        allowed = math.floor(exact) if self.compared == "at most" else math.ceil(exact) - 1
        return allowed - self.yes

    @property
    def state(self) -> State:
        """Whether the target is met already, still possible, or lost."""
        return "lost" if self._slack < 0 else "met" if self._slack >= self.open else "possible"

    @property
    def may_miss(self) -> int:
        """How many of the open cases may still count against the target."""
        return max(0, min(self._slack, self.open))

    @property
    def sentences(self) -> tuple[Words, ...]:
        """The state, since when, and between what the share ends."""
        given: dict[str, Any] = {"open": self.open, "k": self.may_miss, "target": _plain_share(self.target)}
        if self.state == "possible":
            first = say(
                "The target of {target} can still be met: of the {open} open cases {k} may still count against it.",
                "Måltallet på {target} kan stadig nås: af de {open} åbne sager må {k} endnu tælle imod.",
                **given,
            )
        else:
            en, da = STATES[self.state]
            since = Words("", "")
            if self.since:
                since = say(" since {day}", " siden {day}", day=self.since)
            first = say(en, da, **given, since=since)
        low, high = per_cent(self.least, self.target), per_cent(self.most, self.target)
        between = say(
            "The figure ends between {low} and {high}, whatever becomes of them.",
            "Tallet ender mellem {low} og {high}, uanset hvordan det går dem.",
            low=low,
            high=high,
        )
        return first, between

    def to_dict(self) -> dict[str, Any]:
        """Return the budget as plain data."""
        worked = {"least": float(self.least), "most": float(self.most), "may_miss": self.may_miss, "state": self.state}
        return {**Finding.to_dict(self), **worked}


STATES: Final[dict[str, tuple[str, str]]] = {
    "met": (
        "The target of {target} is met already{since}: all {open} open cases may count against it.",
        "Måltallet på {target} er allerede nået{since}: alle {open} åbne sager må tælle imod.",
    ),
    "lost": (
        "The target of {target} is lost{since}: it would not be met if all {open} open cases counted for it.",
        "Måltallet på {target} kan ikke længere nås{since}: heller ikke, hvis alle {open} åbne sager taler for.",
    ),
}


def budget(
    yes: int,
    no: int,
    open: int,
    target: Fraction,
    *,
    compared: Compared = "at least",
    inflow: int = 0,
    earlier: Sequence[tuple[dt.date, int, int, int]] = (),
    day: dt.date | None = None,
) -> Budget:
    """Return what can still be attained.

    open: cases that can still turn out either way; one that is overdue already is a no. inflow: at most so many further
    cases may come into the figure; they are open too, so what is certain is certain for any number up to that.
    earlier: days before, in order, with the yes, no and open of each; day: the day of today's counts. With them the
    budget says since when it has been certain, without a gap up to today.

    >>> found = budget(1080, 420, 200, Fraction(3, 4))
    >>> round(float(found.least), 3), round(float(found.most), 3), found.may_miss
    (0.635, 0.753, 5)
    """
    now = Budget(yes=yes, no=no, open=open + inflow, target=target, compared=compared)
    if now.state == "possible" or day is None:
        return now
    since = day
    for on, *counts in reversed(earlier):
        before = Budget(yes=counts[0], no=counts[1], open=counts[2] + inflow, target=target, compared=compared)
        if before.state != now.state:
            break
        since = on
    return attrs.evolve(now, since=since)


def _plain_share(share: Fraction) -> Words:
    return per_cent(share, decimals=0 if (share * 100).denominator == 1 else 1)


@attrs.frozen(kw_only=True)
class Pace(Finding):
    """How many decisions a working day are needed until a period ends, so that as many are decided as came in.

    An assumption and no promise: that cases come in as they did so far. low, high: between what the number a day lies,
    at 95 % confidence, from chance in how many come. so_far: decided a day up to now.
    """

    received: int
    decided: int
    days_left: int
    further: Fraction
    a_day: Fraction
    low: Fraction
    high: Fraction
    so_far: Fraction

    @property
    def sentences(self) -> tuple[Words, ...]:
        """How many a day are needed, between what, against how many so far, and what is assumed."""
        return (
            say(
                "{a_day} decisions a working day are needed for the {days} days that are left, between {low} and "
                "{high} at 95 % confidence; so far it was {so_far}.",
                "Der skal træffes {a_day} afgørelser pr. arbejdsdag i de {days} dage, der er tilbage, mellem {low} og "
                "{high} med 95 % sikkerhed; hidtil var det {so_far}.",
                days=self.days_left,
                **{name: rounded(getattr(self, name)) for name in ("a_day", "low", "high", "so_far")},
            ),
            say(
                "Assumed: cases go on coming in as they did, about {further} more.",
                "Forudsat: sagerne kommer ind som hidtil, omkring {further} flere.",
                further=rounded(self.further, 0),
            ),
        )


def pace(received: int, decided: int, days_past: int, days_left: int, *, share: Fraction = Fraction(1)) -> Pace:
    """Return how many decisions a day are needed, so that `share` of what comes in over the period is decided in it.

    days_past, days_left: working days, as `calendar.count` has them.
    """
    if min(received, decided, days_past - 1, days_left - 1) < 0:
        raise UsageError(
            "A pace is reckoned from days past to days left",
            got=f"{received} received, {decided} decided, {days_past} days past, {days_left} left",
            allowed="counts from 0, and at least one day on each side",
        )
    ahead = Fraction(days_left, days_past)
    few, many = _further(received, ahead)
    needed = [
        max(share * (received + each) - decided, Fraction(0)) / days_left for each in (received * ahead, few, many)
    ]
    return Pace(
        received=received,
        decided=decided,
        days_left=days_left,
        further=received * ahead,
        a_day=needed[0],
        low=needed[1],
        high=needed[2],
        so_far=Fraction(decided, days_past),
    )


def _further(came: int, ahead: Fraction) -> tuple[int, int]:
    """Return between what the number that still comes lies, at 95 % confidence, over a time `ahead` times as long.

    Of all that come, those that came already are a binomial share: exact for events that happen by themselves.
    """
    part = float(1 / (1 + ahead))
    expected = float(came * ahead)
    step = math.ceil(10 * math.sqrt(expected * (1 + float(ahead)) + 1) + 10 * float(ahead) + 10)
    low, high = math.floor(expected), math.ceil(expected)
    low = _least(lambda more: binomial_tail(came, came + more, part) >= OUTER, 0, low)
    high = _least(lambda more: binomial_tail(more + 1, came + more + 1, 1 - part) < OUTER, high, high + step)
    return low, high


def _least(holds: Any, low: int, high: int) -> int:
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


@attrs.frozen(kw_only=True)
class Backlog(Finding):
    """How long a queue may be for a deadline to be held, and the weekly capacity that gets there by then.

    Numbers of cases. queue_target: the queue at which `share` of the cases is done within the deadline; capacity: a
    week. Both are assumptions of waiting-list theory, with an interval from chance in how many come: never a promise.
    order: "received", where the oldest is taken first; "any", where how long one has waited does not matter.
    """

    queue: int
    a_week: Fraction
    deadline: Fraction
    share: Fraction
    order: Order
    weeks: int
    queue_target: Fraction
    queue_between: Interval
    capacity: Fraction
    capacity_between: Interval

    @property
    def sentences(self) -> tuple[Words, ...]:
        """How long the queue may be, what it takes to get there, and what is assumed."""
        return (
            say(
                "The deadline of {deadline} weeks can be held for {share} with a queue of about {target} cases "
                "(between {low} and {high} at 95 % confidence); there are {queue}.",
                "Fristen på {deadline} uger kan holdes for {share} med en kø på omkring {target} sager "
                "(mellem {low} og {high} med 95 % sikkerhed); der er {queue}.",
                deadline=rounded(self.deadline, 0 if self.deadline.denominator == 1 else 1),
                share=_plain_share(self.share),
                target=rounded(self.queue_target, 0),
                low=rounded(self.queue_between.low, 0),
                high=rounded(self.queue_between.high, 0),
                queue=self.queue,
            ),
            say(
                "To get there in {weeks} weeks takes {capacity} cases a week (between {low} and {high}); {a_week} "
                "come in.",
                "At nå dertil på {weeks} uger kræver {capacity} sager om ugen (mellem {low} og {high}); der kommer "
                "{a_week} ind.",
                weeks=self.weeks,
                capacity=rounded(self.capacity),
                low=rounded(self.capacity_between.low),
                high=rounded(self.capacity_between.high),
                a_week=rounded(self.a_week),
            ),
            ORDERS[self.order],
        )


ORDERS: Final[dict[Order, Words]] = {
    "received": Words(
        "Assumed: the oldest case is always taken first, and cases go on coming in as they did.",
        "Forudsat: den ældste sag tages altid først, og sagerne kommer ind som hidtil.",
    ),
    "any": Words(
        "Assumed: how long a case has waited does not decide when it is taken, and cases go on coming in as they did.",
        "Forudsat: hvor længe en sag har ventet, afgør ikke, hvornår den tages, og sagerne kommer ind som hidtil.",
    ),
}


def backlog(
    queue: int,
    received: int,
    over: int,
    deadline: Fraction | int,
    *,
    share: Fraction,
    weeks: int,
    order: Order = "any",
) -> Backlog:
    """Return how long a queue may be, and the capacity that gets there.

    received: how many came in over `over` weeks. deadline: in weeks. share: of the cases that are to be done within
    it, below 1 unless the oldest is taken first. weeks: by when. In order of receipt the queue may be what comes in
    over the deadline (Little 1961). In any order waits are exponential, so that the mean wait may be the deadline
    divided by -ln(1 - share); the health service plans with a quarter of it, which is 98.2 % (Fong and others 2022).
    """
    possible = 0 < share < 1 or (share == 1 and order == "received")
    if min(queue, received) < 0 or min(over, weeks) < 1 or deadline <= 0 or not possible or order not in ORDERS:
        raise UsageError(
            "A backlog is reckoned from a queue, what comes in, a deadline and the share that is to keep it",
            got=f"queue {queue}, {received} in {over} weeks, deadline {deadline}, share {share}, {weeks}, {order}",
            allowed="counts from 0, weeks from 1, a share above 0 and below 1; 1 where the order is that of receipt",
        )
    waits = Fraction(deadline) if order == "received" else Fraction(deadline) / Fraction(-math.log1p(-float(share)))
    between = poisson_interval(received)
    rates = [Fraction(received, over), between.low / over, between.high / over]
    queues = [rate * waits for rate in rates]
    capacities = [max(rate + (queue - may) / weeks, Fraction(0)) for rate, may in zip(rates, queues, strict=True)]
    low, high = sorted(capacities[1:])
    return Backlog(
        queue=queue,
        a_week=rates[0],
        deadline=Fraction(deadline),
        share=share,
        order=order,
        weeks=weeks,
        queue_target=queues[0],
        queue_between=Interval(queues[1], queues[2], between.method),
        capacity=capacities[0],
        capacity_between=Interval(low, high, between.method),
    )
