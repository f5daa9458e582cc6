"""How long callers wait: the one reading of a call's times that every metric here rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs
import numpy as np
import numpy.typing as npt

import casequality as cq
from casequality_contact_centre.calls import Call
from casequality_contact_centre.words import ENDINGS, SETTINGS

NONE = np.iinfo(np.int64).min
"""No time, in a column of instants that is read as whole microseconds."""

Mask = npt.NDArray[np.bool_]


@attrs.frozen(eq=False)
class Waits:
    """The callers' waits; every array has the shape (calls,).

    length: microseconds until the caller was answered or had gone; none while that is open and where the times
    contradict each other. answered, queued: whether the caller ever was. over: whether the caller was answered or gone.
    """

    length: npt.NDArray[np.timedelta64]
    answered: Mask
    queued: Mask
    over: Mask
    untimed: Mask

    @property
    def never_queued(self) -> Mask:
        """Where the caller had gone, or had been served by the voice menu, without ever being in the queue."""
        return self.over & ~(self.answered | self.queued)

    def at_most(self, seconds: int) -> Mask:
        """Return where the caller is known to have waited no longer; the limit itself is within."""
        within: Mask = self.length.view(np.int64) <= seconds * 1_000_000
        return within & ~self.untimed


@attrs.frozen
class OfCalls(cq.Metric):
    """A metric of calls, one row each; of counted rows it has an outcome more."""

    records = Call

    def before_others(self, calls: Any) -> Mapping[str, Mask]:
        """Return where an outcome holds that has precedence over the metric's own; one row a call has none."""
        return {}


@attrs.frozen
class CallMetric(OfCalls):
    """What all metrics of calls have in common.

    short_seconds: up to how long a wait a caller who gives up counts as a short abandon.
    wait_from: "queue", where a caller who was never queued waited 0 seconds, or "arrival" at the number.
    ends_recorded: False for a telephone system that records no end of calls: a call that was not answered is then
    over, after a wait that nobody knows.
    """

    words = {**ENDINGS, **SETTINGS}
    short_seconds: int = 5
    wait_from: Literal["queue", "arrival"] = "queue"
    ends_recorded: bool = True

    def __attrs_post_init__(self) -> None:
        if self.wait_from not in ("queue", "arrival"):
            raise cq.errors.UsageError(
                cq.errors.Words(
                    "A wait begins in the queue or on arrival at the number",
                    "En ventetid begynder i køen eller ved opkaldet til nummeret",
                ),
                where=f"{self.id}, wait_from",
                got=self.wait_from,
                allowed=("queue", "arrival"),
                remedy=cq.errors.Words("choose one of these", "vælg en af disse"),
            )

    def waits(self, calls: Call) -> Waits:
        """Return how long each caller waited."""
        answered_at, queued_at = calls.answered_at.view(np.int64), calls.queued_at.view(np.int64)
        ended_at = calls.ended_at.view(np.int64) if self.ends_recorded else answered_at
        answered, queued = answered_at != NONE, queued_at != NONE
        if self.wait_from == "arrival":
            since, timed = calls.offered_at.view(np.int64), answered
        else:
            since, timed = queued_at, answered & queued
        over, length = np.ones_like(answered), answered_at - since
        rest = np.flatnonzero(~timed)  # few calls: only they need more than one subtraction
        until, began = np.where(answered[rest], answered_at[rest], ended_at[rest]), since[rest]
        length[rest] = np.where(until == NONE, NONE, until - np.where(began == NONE, until, began))
        if self.ends_recorded:
            over[rest] = until != NONE
        untimed = length < 0
        backwards = untimed & (length != NONE)
        if backwards.any():
            length[backwards] = NONE
        return Waits(length.view("timedelta64[us]"), answered, queued, over, untimed)
