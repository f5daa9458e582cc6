"""The memo's eight causes of long processing time, over all time and over idle time alone."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

import casequality as cq
from casequality_case_flow.dead_periods import TimeByHolder
from casequality_case_flow.holding import IDLE, Spans, Stretches, after_events
from casequality_case_flow.logs import CAUSES, LoggedCase
from casequality_case_flow.standstill_words import STATED_CAUSES, STATES

STATED: Final = (*CAUSES, "contradicted", "not_stated")
CAUSE_OF: Final = np.array([STATED.index("not_stated"), *range(len(CAUSES))], np.uint8)
"""The position in `STATED` of what an event states, by its code."""
OUTSIDE: Final = ("citizen", "third_party")
"""The causes that lie outside the administration."""


@attrs.frozen
class TimeByCause(TimeByHolder):
    """Mean time of a case by what is stated to make it long; the causes add up to decision minus receipt.

    A stated cause outside the administration contradicts the log where the case stands still with the administration.
    """

    id = "case-flow.time-by-cause"
    version = 1
    title = {"en": "Time by stated cause", "da": "Tid efter angivet årsag"}
    words = {**STATES, **STATED_CAUSES}
    limits = {
        "en": "A cause is what somebody stated for the time after an event; it is not measured.",
        "da": "En årsag er det, nogen har angivet for tiden efter en hændelse; den er ikke målt.",
    }

    def contribute(self, cases: LoggedCase, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:
        """Return each case's microseconds by cause, a facet each."""
        found = self.stretches(cases, as_of)
        return self.facets(cases, found, self.by_cause(cases, found))

    def by_cause(self, cases: LoggedCase, found: Stretches) -> dict[str, Spans]:
        """Return how long each case spent under each stated cause; shape (cases,)."""
        cause = CAUSE_OF[after_events(cases, cases.events.rows.cause.indices)]
        outside = np.isin(cause, [STATED.index(name) for name in OUTSIDE])
        cause[(found.held == IDLE) & outside] = STATED.index("contradicted")
        return found.spans(cause, STATED)


@attrs.frozen
class IdleTimeByCause(TimeByCause):
    """Mean time that a case stands still with the administration, by what is stated to be the cause.

    The citizen and third parties are none of its causes.
    """

    id = "case-flow.idle-time-by-cause"
    version = 1
    title = {"en": "Idle time by stated cause", "da": "Stilstand i forvaltningen efter angivet årsag"}

    def contribute(self, cases: LoggedCase, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:
        """Return each case's idle microseconds by cause, a facet each."""
        found = self.stretches(cases, as_of)
        idle = attrs.evolve(found, span=np.where(found.held == IDLE, found.span, np.timedelta64(0, "us")))
        spans = {name: span for name, span in self.by_cause(cases, idle).items() if name not in OUTSIDE}
        return self.facets(cases, found, spans)
