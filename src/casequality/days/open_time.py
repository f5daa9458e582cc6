"""Open time as positions: how much lies between two instants, and the instant so much later, for millions at once."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import pairwise

import attrs
import numpy as np

from casequality.days.arrays import Integers, Mask, read_only
from casequality.days.zones import Segments, ZoneOffsets
from casequality.errors import OutsideCalendar

FAR = np.iinfo(np.int64).max


@attrs.frozen(slots=False, eq=False, repr=False)
class OpenTime:
    """The stretches from `starts` up to, not including, `ends`, in order; they may touch.

    They begin with an empty one at `starts[0]`, before which nothing is known; from `known_to` on nothing is either.
    An instant belongs to the last stretch that has started; `before` is the open time before each stretch.
    """

    starts: Integers = attrs.field(converter=read_only)
    ends: Integers = attrs.field(converter=read_only)
    known_to: int
    name: str

    @classmethod
    def of(cls, opens: Integers, closes: Integers, clock: ZoneOffsets, known: tuple[int, int], name: str) -> OpenTime:
        """Return the instants at which a clock shows a time from one of `opens` up to its `closes`.

        The times are those of the wall, in order. Where the clock is turned back they come twice.
        """
        changes = [-FAR, *clock.changes.tolist(), FAR]
        starts, ends = [], []
        for offset, (since, until) in zip(clock.offsets.tolist(), pairwise(changes), strict=True):
            # an interval during which the clock changes is cut in two there, each part with the offset of its side
            first = np.searchsorted(closes - offset, since, side="right")
            last = np.searchsorted(opens - offset, until, side="left")
            starts.append(np.maximum(opens[first:last] - offset, since))
            ends.append(np.minimum(closes[first:last] - offset, until))
        first, known_to = known
        return cls(np.concatenate([[first], *starts]), np.concatenate([[first], *ends]), known_to, name)

    @cached_property
    def before(self) -> Integers:
        """The open time before each stretch."""
        lengths = self.ends - self.starts
        return read_only(np.cumsum(lengths) - lengths)

    @cached_property
    def _next(self) -> Integers:
        return np.append(self.starts[1:], FAR)

    @cached_property
    def _steps(self) -> Segments:
        # without the first: what begins before the first opening is stretch 0, so that places agree with `starts`
        return Segments(self.starts[1:])

    @cached_property
    def _listed(self) -> tuple[list[int], list[int], list[int]]:
        return self.starts.tolist(), self.ends.tolist(), self.before.tolist()

    def is_open(self, moments: Integers) -> Mask:
        """Return which moments lie within a stretch."""
        found: Mask = moments < self.ends[self._find(moments)]
        return found

    def elapsed(self, moments: Integers) -> Integers:
        """Return the open time from the beginning to each moment."""
        found = self._find(moments)
        spent: Integers = np.minimum(moments, self.ends[found]) - (self.starts - self.before)[found]
        return spent

    def next_open(self, moments: Integers) -> Integers:
        """Return each moment itself where it is open, else the next start of a stretch."""
        found = self._find(moments)
        return self._inside(np.where(moments < self.ends[found], moments, self._next[found]))

    def add(self, moments: Integers, spans: Integers) -> Integers:
        """Return the first moment at which a span of open time has passed; see `add_one`."""
        goal = self.elapsed(moments) + spans
        # going forward, a goal that is reached as the office closes belongs to the stretch that ends, not to the next
        stretch = np.searchsorted(self.before, goal - (spans > 0), side="right") - 1
        found = self._moment(stretch, goal)
        return self._inside(np.where(spans == 0, moments, found))

    def _moment(self, stretch: Integers, goal: Integers) -> Integers:
        """Return when the open time reaches a goal within a stretch; `FAR` where it never does."""
        moment = self.starts[stretch] + (goal - self.before[stretch])
        return np.where((goal < 0) | (moment > self.ends[stretch]), FAR, moment)

    def is_open_at(self, moment: int) -> bool:
        """Return whether one moment lies within a stretch."""
        return moment < self._listed[1][self._find_one(moment)]

    def elapsed_at(self, moment: int) -> int:
        """Return the open time from the beginning to one moment."""
        starts, ends, before = self._listed
        found = self._find_one(moment)
        return before[found] + min(moment, ends[found]) - starts[found]

    def next_open_at(self, moment: int) -> int:
        """Return one moment itself if it is open, else the next start of a stretch."""
        starts, ends, _ = self._listed
        found = self._find_one(moment)
        if moment < ends[found]:
            return moment
        if found + 1 < len(starts):
            return starts[found + 1]
        raise self._no_more()

    def add_one(self, moment: int, span: int) -> int:
        """Return the first moment at which a span of open time has passed since one moment.

        That is a closing time rather than the next opening; a span below 0 goes back, to an opening time.
        """
        starts, ends, before = self._listed
        goal = self.elapsed_at(moment) + span
        if span == 0:
            return moment
        stretch = bisect_right(before, goal - (span > 0)) - 1
        found = starts[stretch] + goal - before[stretch]
        if goal < 0 or found > ends[stretch] or found >= self.known_to:
            raise self._no_more()
        return found

    def _find(self, moments: Integers) -> Integers:
        outside = (moments < self.starts[0]) | (moments >= self.known_to)
        if outside.any():
            raise self._outside(int(moments[outside][0]))
        return np.asarray(self._steps.find(moments))

    def _find_one(self, moment: int) -> int:
        if not self._listed[0][0] <= moment < self.known_to:
            raise self._outside(moment)
        return bisect_right(self._listed[0], moment) - 1

    def _inside(self, moments: Integers) -> Integers:
        if (moments >= self.known_to).any():
            raise self._no_more()
        return moments

    def _outside(self, moment: int) -> OutsideCalendar:
        year = np.datetime64(moment, "us").astype("datetime64[Y]")
        return OutsideCalendar(
            f"No answer for a time in {year}: {self.name}",
            allowed=self._horizon,
            remedy="check the time, or give the opening hours a calendar with a longer horizon",
        )

    def _no_more(self) -> OutsideCalendar:
        return OutsideCalendar(
            f"Not enough open time within what is known: {self.name}",
            allowed=self._horizon,
            remedy="check the opening hours and the span, or give them a calendar with a longer horizon",
        )

    @property
    def _horizon(self) -> str:
        first, end = np.array([self.starts[0], self.known_to]).astype("datetime64[us]").astype("datetime64[m]")
        return f"{first} to {end} UTC"
