"""How long callers wait: the one reading of a call's times that every metric here rests on."""

from __future__ import annotations

from typing import Literal

import attrs
import casequality as cq
import numpy as np
import numpy.typing as npt
from casequality_contact_centre.calls import Call


@attrs.frozen(eq=False)
class Waits:
    """The callers' waits; every array has the shape (calls,).

    length: until the caller was answered or had gone, NaT while that is open and where the times contradict each other.
    over: whether the caller was answered or had gone. queued: whether the caller ever was in the queue.
    """

    length: npt.NDArray[np.timedelta64]
    answered: npt.NDArray[np.bool_]
    queued: npt.NDArray[np.bool_]
    over: npt.NDArray[np.bool_]

    @property
    def untimed(self) -> npt.NDArray[np.bool_]:
        """Where it is not known how long the caller waited."""
        return np.isnat(self.length)

    @property
    def never_queued(self) -> npt.NDArray[np.bool_]:
        """Where the caller had gone, or been served by the voice menu, before being put in the queue."""
        never: npt.NDArray[np.bool_] = self.over & ~(self.answered | self.queued)
        return never

    def at_most(self, seconds: int) -> npt.NDArray[np.bool_]:
        """Return where the caller is known to have waited no longer; the limit itself is within."""
        within: npt.NDArray[np.bool_] = self.length <= np.timedelta64(seconds * 1_000_000, "us")
        return within


@attrs.frozen
class CallMetric(cq.Metric):
    """What all metrics of calls have in common.

    short_seconds: up to how long a wait a caller who gives up counts as a short abandon.
    wait_from: "queue", where a caller who was never queued waited 0 seconds, or "arrival" at the number.
    ends_recorded: False for a telephone system that records no end of calls: a call that was not answered is then
    over, after a wait that nobody knows.
    """

    records = Call
    short_seconds: int = 5
    wait_from: Literal["queue", "arrival"] = "queue"
    ends_recorded: bool = True

    def __attrs_post_init__(self) -> None:
        if self.wait_from not in ("queue", "arrival"):
            raise cq.errors.UsageError(
                "A wait begins in the queue or on arrival at the number",
                where=f"{self.id}, wait_from",
                got=self.wait_from,
                allowed=("queue", "arrival"),
                remedy="choose one of these",
            )

    def waits(self, calls: Call) -> Waits:
        """Return how long each caller waited."""
        answered, queued = ~np.isnat(calls.answered_at), ~np.isnat(calls.queued_at)
        if self.ends_recorded:
            until = np.where(answered, calls.answered_at, calls.ended_at)
            over = ~np.isnat(until)
        else:
            until, over = calls.answered_at, np.ones_like(answered)
        since = calls.offered_at if self.wait_from == "arrival" else np.where(queued, calls.queued_at, until)
        length = until - since
        backwards = length < np.timedelta64(0, "us")
        if backwards.any():
            length[backwards] = np.timedelta64("NaT")
        return Waits(length, answered, queued, over)
