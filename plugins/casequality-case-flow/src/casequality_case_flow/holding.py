"""Every second of a case in one class, by who holds the case: from receipt to decision, between its events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

import casequality as cq
from casequality_case_flow.logs import LoggedCase

Instants: TypeAlias = npt.NDArray[np.datetime64]
Spans: TypeAlias = npt.NDArray[np.timedelta64]
Numbers: TypeAlias = npt.NDArray[Any]

CLASSES: Final = ("active", "citizen", "third_party", "statutory_step", "internal_idle", "unexplained")
ACTIVE, CITIZEN, THIRD_PARTY, STATUTORY, IDLE, UNEXPLAINED = range(len(CLASSES))
CLASS_OF: Final = np.array(
    [
        [ACTIVE, ACTIVE, CITIZEN, THIRD_PARTY, STATUTORY, ACTIVE],
        [UNEXPLAINED, ACTIVE, CITIZEN, THIRD_PARTY, STATUTORY, IDLE],
    ],
    np.uint8,
)
"""The class of a stretch that is no longer than the threshold, and of one that is, by the code of its holder."""


@attrs.frozen(eq=False)
class Stretches:
    """The time of cases cut at their events; an array has the shape (stretches,), the last two (cases,).

    case: whose stretch it is, by position. span: how long it lasts, in microseconds. held: its class, a position in
    `CLASSES`. undated: the cases of which a date is missing; their time is nought.
    lasting: how long each case lasts, until its decision or else the as-of.
    """

    case: npt.NDArray[np.intp]
    span: Spans
    held: npt.NDArray[np.uint8]
    undated: npt.NDArray[np.bool_]
    lasting: Spans

    def spans(self, kinds: npt.NDArray[np.uint8], names: Sequence[str]) -> dict[str, Spans]:
        """Return how long each case spent in each of some kinds of stretch, by name; shape (cases,)."""
        tags = self.case * len(names) + kinds
        # Sums of microseconds within one case are far below 2 ** 53, so adding them as floats is exact.
        sums = np.bincount(tags, self.span.view(np.int64), minlength=len(self.lasting) * len(names))
        table = sums.astype(np.int64).reshape(-1, len(names))
        return {name: table[:, kind].view("m8[us]") for kind, name in enumerate(names)}

    def in_class(self) -> dict[str, Spans]:
        """Return how long each case was in each class; shape (cases,)."""
        return self.spans(self.held, CLASSES)

    def number(self, held: int) -> Numbers:
        """Return how many stretches of a class each case has; shape (cases,)."""
        return np.bincount(self.case[self.held == held], minlength=len(self.lasting))


def stretches(cases: LoggedCase, as_of: cq.AsOf, threshold: cq.deadlines.Term) -> Stretches:
    """Return the stretches of cases; one longer than `threshold` that nobody outside holds is a standstill.

    A threshold is counted from the day on which the stretch begins, and each of its days, worked or not, lasts 24
    hours; one of hours is counted from the instant. What the log says after the decision counts for nothing.
    """
    events, received = cases.events, cases.received_at
    undated = np.isnat(received)
    without = np.isnat(events.rows.at)
    if without.any():
        undated |= events.any(without)
    end = np.where(np.isnat(cases.decided_at), as_of.instant, cases.decided_at)
    case = np.concatenate([np.arange(len(cases)), events.parents])
    at, until = _cut(cases, end, case)
    span = until - at
    if undated.any():
        span[undated[case]] = 0
    long = span > _limit(at, as_of, threshold)
    held = CLASS_OF.take(after_events(cases, events.rows.holder.indices) + long * np.uint8(CLASS_OF.shape[1]))
    return Stretches(case, span, held, undated, np.where(undated, np.timedelta64(0, "us"), end - received))


def after_events(cases: LoggedCase, said: Numbers) -> Numbers:
    """Return for each stretch the code that its event `said`, 0 for those before the first event of a case."""
    return np.concatenate([np.zeros(len(cases), said.dtype), said])


def _cut(cases: LoggedCase, end: Instants, case: npt.NDArray[np.intp]) -> tuple[Instants, Instants]:
    """Return when each stretch begins and ends: first those from receipt on, then those from each event on."""
    events, received, first = cases.events, cases.received_at, len(cases)
    filled = np.diff(events.starts) > 0
    at = np.concatenate([received, events.rows.at])
    firsts, lasts = (first + each[filled] for each in (events.starts[:-1], events.starts[1:] - 1))
    if (at[firsts] < received[filled]).any() or (at[lasts] > end[filled]).any():
        at = np.clip(at, received[case], end[case])
    until = np.empty_like(at)
    until[first:-1] = at[first + 1 :]
    until[:first] = end
    until[:first][filled] = at[firsts]
    until[lasts] = end[filled]
    return at, until


def _limit(at: npt.NDArray[np.datetime64], as_of: cq.AsOf, threshold: cq.deadlines.Term) -> Any:
    """Return how long a stretch that begins `at` may last before it is longer than the threshold."""
    if threshold.unit == "calendar days" and threshold.roll == "none":
        return np.timedelta64(threshold.amount, "D").astype("m8[us]")
    if threshold.unit == "hours":
        return np.timedelta64(threshold.amount, "h").astype("m8[us]")
    days = as_of.local_days(at)
    return (threshold.due(days, as_of.calendar or "dk-statutory") - days).astype("m8[us]")
