"""Late cases that would have kept their deadline if they had not stood still."""

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from casequality_case_flow.dead_periods import Logged
from casequality_case_flow.deadlines import DEADLINES
from casequality_case_flow.logs import LoggedCase
from casequality_case_flow.standstill_words import STATES, unexplained_time

KEPT = "kept_without_unexplained"


@attrs.frozen
class KeptWithoutDeadTime(Logged):
    """Share, of the cases decided late, that would have kept their deadline without their dead time.

    deadlines: the schedule of deadlines by case type, or its id in the project file.
    """

    id = "case-flow.kept-without-dead-time"
    version = 2
    title = {"en": "Late, in time without the dead time", "da": "For sent, men rettidigt uden den døde tid"}
    unit = cq.units.SHARE
    higher_is_better = None
    limits = {
        "en": "It is arithmetic: the dead time is taken from the day of the decision, as if nothing else had changed.",
        "da": "Det er ren regning: Den døde tid trækkes fra afgørelsestidspunktet, som om intet andet var ændret.",
    }
    outcomes = cq.outcomes(
        no_deadline=cq.OUT,
        undated=cq.UNKNOWN,
        kind_not_stated=cq.UNKNOWN,
        open=cq.OUT,
        in_time=cq.OUT,
        kept_without_idle=cq.YES,
        kept_without_unexplained=cq.UNKNOWN,
        late_anyway=cq.NO,
    )
    words = {
        **STATES,
        **DEADLINES,
        "in_time": {"en": "decided in time", "da": "afgjort rettidigt"},
        "kept_without_idle": {"en": "in time without the idle time", "da": "rettidig uden stilstand i forvaltningen"},
        KEPT: {"en": "in time without unexplained time too", "da": "rettidig uden også den uforklarede tid"},
        "kind_not_stated": {"en": "type not stated", "da": "sagstype ikke oplyst"},
        "late_anyway": {"en": "late even so", "da": "for sent alligevel"},
    }
    readings = cq.readings(
        cohort=cq.cohort("closed", "received"),
        unexplained=unexplained_time({"unsettled": {}, "dead": {KEPT: cq.YES}, "not_dead": {KEPT: cq.NO}}),
    )
    deadlines: str | cq.deadlines.Schedule = "case-types"

    def contribute(self, cases: LoggedCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each late case is late for its dead time alone."""
        received, decided = as_of.local_days(cases.received_at), as_of.local_days(cases.decided_at)
        due = as_of.due(self.deadlines, received, kind=cases.kind)
        states = as_of.settle(due, decided)
        late = states["late"]
        found = self.stretches(cases, as_of)
        spans = found.in_class()
        without_idle = cases.decided_at - spans["internal_idle"]
        without_any = without_idle - spans["unexplained"]
        outcome = self.outcomes.pick(
            no_deadline=due.none & ~np.isnat(received) & ~cases.kind.missing,
            undated=found.undated,
            kind_not_stated=cases.kind.missing & ~np.isnat(decided),
            open=np.isnat(decided),
            in_time=~late,
            kept_without_idle=as_of.kept(due, as_of.local_days(without_idle), late),
            kept_without_unexplained=as_of.kept(due, as_of.local_days(without_any), late),
        )
        return cq.Contribution(on=cases.received_at, until=cases.decided_at, outcome=outcome)
