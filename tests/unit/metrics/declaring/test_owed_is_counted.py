"""A metric that only owes something else than another is counted by itself: what is owed decides what is in time."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

import casequality as cq


class Letter(cq.Records, name="letters owed"):
    """A letter."""

    letter = cq.key()
    received_on = cq.day()
    answered_on = cq.day(missing="not answered")


@attrs.frozen
class InAWeek(cq.Metric):
    """Answered within a week."""

    id = "owed.in-a-week"
    title = {"en": "In a week", "da": "Inden for en uge"}
    unit = cq.units.SHARE
    records = Letter
    outcomes = cq.outcomes(in_time=cq.YES, late=cq.NO)

    def owed(self, letters: Any, as_of: cq.AsOf, /) -> Any:
        """Return when each letter is due."""
        return letters.received_on + np.timedelta64(7, "D")

    def contribute(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each was answered when it was due."""
        kept = letters.answered_on <= self.owed(letters, as_of)
        return cq.Contribution(on=letters.received_on, outcome=self.outcomes.pick(in_time=kept))


@attrs.frozen
class InAMonth(InAWeek):
    """Answered within thirty days."""

    id = "owed.in-a-month"

    def owed(self, letters: Any, as_of: cq.AsOf, /) -> Any:
        """Return when each letter is due."""
        return letters.received_on + np.timedelta64(30, "D")


def test_what_is_owed_tells_two_metrics_apart_that_are_counted_together() -> None:
    letters = [{"letter": "1", "received_on": "2010-01-04", "answered_on": "2010-01-20"}]
    tallies = cq.tally([InAWeek, InAMonth], letters, as_of="2010-08-01")
    found = tallies.conclude(period="2010-Q1", metrics=[InAWeek, InAMonth])
    assert [found[name]["2010-Q1"].figure.value.exact for name in ("owed.in-a-week", "owed.in-a-month")] == [0, 1]
