"""Service level: the share answered within some seconds, by each of the formulas in use."""

from __future__ import annotations

import attrs

import casequality as cq
from casequality_contact_centre.calls import Call
from casequality_contact_centre.waits import CallMetric


@attrs.frozen
class ServiceLevel(CallMetric):
    """Share of the calls that were answered within `within_seconds`; the limit itself is within."""

    id = "contact-centre.service-level"
    version = 1
    title = {"en": "Answered within the set seconds", "da": "Besvaret inden for det fastsatte antal sekunder"}
    unit = cq.SHARE
    higher_is_better = True
    limits = "Calls that ended in the voice menu are in no formula. Blocked and busy calls are not in the records."
    outcomes = cq.outcomes(
        never_queued=cq.OUT,
        untimed=cq.UNKNOWN,
        answered_within=cq.YES,
        answered_later=cq.NO,
        abandoned_short=cq.NO,
        abandoned_within=cq.NO,
        abandoned_later=cq.NO,
        waiting=cq.OPEN,
    )
    readings = cq.readings(
        formula=cq.choose(
            usual="of_offered",
            why="no seed sets this goal; five formulas are in use, and this one excuses no call",
            says={
                "of_offered": "answered within the limit, of all answered and abandoned",
                "of_answered": "answered within the limit, of the answered",
                "abandoned_within_met": "who gave up within the limit counts as answered within it",
                "abandoned_within_dropped": "who gave up within the limit is left out",
                "short_abandons_met": "who gave up within short_seconds counts as answered within the limit",
            },
            of_offered={},
            of_answered=dict.fromkeys(("abandoned_short", "abandoned_within", "abandoned_later"), cq.OUT),
            abandoned_within_met=dict.fromkeys(("abandoned_short", "abandoned_within"), cq.YES),
            abandoned_within_dropped=dict.fromkeys(("abandoned_short", "abandoned_within"), cq.OUT),
            short_abandons_met={"abandoned_short": cq.YES},
        ),
    )
    within_seconds: int = 20

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.short_seconds > self.within_seconds:
            raise cq.errors.UsageError(
                "A short abandon would be longer than the service level itself",
                where=self.id,
                got=f"short_seconds {self.short_seconds}, within_seconds {self.within_seconds}",
                remedy="give short_seconds that are at most within_seconds",
            )

    def contribute(self, calls: Call, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how each call ended and whether that was within the limit."""
        waits = self.waits(calls)
        within = waits.at_most(self.within_seconds)
        outcome = self.outcomes.pick(
            never_queued=waits.never_queued,
            untimed=waits.over & waits.untimed,
            answered_within=waits.answered & within,
            answered_later=waits.answered,
            abandoned_short=waits.over & waits.at_most(self.short_seconds),
            abandoned_within=waits.over & within,
            abandoned_later=waits.over,
        )
        return cq.Contribution(on=calls.offered_at, outcome=outcome)
