"""A casequality plugin: letters answered in time."""

from __future__ import annotations

import attrs

import casequality as cq


class Letter(cq.Records, name="letters"):
    """One letter from a citizen."""

    letter = cq.key()
    received_on = cq.day()
    answered_on = cq.day(missing="not answered")


@attrs.frozen
class AnsweredInTime(cq.Metric):
    """Share of letters answered before their deadline passed."""

    id = "example.answered-in-time"
    version = 1
    title = {"en": "Letters answered in time", "da": "Breve besvaret til tiden"}
    unit = cq.units.SHARE
    records = Letter
    outcomes = cq.outcomes(**cq.SETTLED)
    citation = cq.Citation(
        title={"en": "An example of casequality", "da": "Et eksempel fra casequality"},
        certain=False,
        question={
            "en": "no council decided this goal",
            "da": "ingen kommunalbestyrelse har vedtaget dette mål",
        },
    )
    higher_is_better = True
    words = {"deadline": {"en": "deadline", "da": "frist"}}
    deadline: str = "copenhagen/reply-guarantee"

    def contribute(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return what became of each letter, placed by the day it was received."""
        owed = self.owed(letters, as_of)
        states = as_of.settle(owed.due, owed.done)
        return cq.Contribution(on=letters.received_on, outcome=self.outcomes.pick(**states))

    def owed(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when each letter is due, and when it was answered, for worklists."""
        return cq.Owed(due=as_of.due(self.deadline, letters.received_on), done=letters.answered_on)


@cq.hookimpl
def casequality_metrics() -> list[type[cq.Metric]]:
    """Return the metrics of this plugin."""
    return [AnsweredInTime]
