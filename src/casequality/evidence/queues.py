"""Queues: how many a day must be decided to keep up with what comes in, and how long a queue may be."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

import attrs

from casequality.errors import UsageError, Words
from casequality.evidence.intervals import OUTER, Interval, binomial_tail, poisson_interval
from casequality.evidence.said import Finding, plain_share, rounded, say

Order: TypeAlias = Literal["received", "any"]


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
                "{a_day} decisions a working day are needed until the end (days left: {days}), between {low} and "
                "{high} at 95 % confidence; so far it was {so_far}.",
                "Der skal træffes {a_day} afgørelser pr. arbejdsdag til slut (dage tilbage: {days}), mellem {low} og "
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
                "The deadline of {deadline} can be held for {share} with a queue of about {target} cases "
                "(between {low} and {high} at 95 % confidence); there are {queue}.",
                "Fristen på {deadline} kan holdes for {share} med en kø på omkring {target} sager "
                "(mellem {low} og {high} med 95 % sikkerhed); der er {queue}.",
                deadline=_weeks(self.deadline),
                share=plain_share(self.share),
                target=rounded(self.queue_target, 0),
                low=rounded(self.queue_between.low, 0),
                high=rounded(self.queue_between.high, 0),
                queue=self.queue,
            ),
            say(
                "To get there in {weeks} takes {capacity} cases a week (between {low} and {high}); {a_week} come in.",
                "At nå dertil på {weeks} kræver {capacity} sager om ugen (mellem {low} og {high}); der kommer "
                "{a_week} ind.",
                weeks=_weeks(Fraction(self.weeks)),
                capacity=rounded(self.capacity),
                low=rounded(self.capacity_between.low),
                high=rounded(self.capacity_between.high),
                a_week=rounded(self.a_week),
            ),
            ORDERS[self.order],
        )


def _weeks(many: Fraction) -> Words:
    unit = Words("week", "uge") if many == 1 else Words("weeks", "uger")
    return say("{many} {unit}", "{many} {unit}", many=rounded(many, 0 if many.denominator == 1 else 1), unit=unit)


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
