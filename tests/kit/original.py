"""Two sound metrics, which every mutant breaks in one place; the kit must find nothing wrong with them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import numpy as np

import casequality as cq
from casequality.dated import Dated
from casequality.deadlines import Term
from casequality.testing import catalogue

SOURCE = cq.Citation(title="An invented council's goals", document="2010-1")
FOUR_WEEKS = cq.Deadline(
    id="permits", title={"en": "Permits", "da": "Tilladelser"}, kind="decide", terms="4 weeks", calendar="dk-statutory"
)
CITED = attrs.evolve(FOUR_WEEKS, id="cited", terms=Dated.always(Term.parse("4 weeks"), SOURCE))
GOALS = """
[basis]
title = "An invented council's goals"

[[goal]]
id       = "permits"
metric   = "permits.decided-in-time"
source   = "permits"
target   = "at least 80 %"
readings = { withdrawn = "left_out" }
"""


class Reminder(cq.Records, name="reminders"):
    """One reminder from the applicant."""

    permit = cq.key()
    sent_on = cq.day()


class Permit(cq.Records, name="permits"):
    """One application for a permit."""

    permit = cq.key()
    applied_on = cq.day()
    decided_on = cq.day(missing="not decided")
    inspected_on = cq.day(missing="no inspection planned", planned=True)
    result = cq.code("granted", "refused", "withdrawn", known_with="decided_on")
    district = cq.code(missing="outside the city")
    reminders = cq.many(Reminder)


@attrs.frozen
class DecidedInTime(cq.Metric):
    """Share of applications decided within the deadline."""

    id = "permits.decided-in-time"
    title = {"en": "Decided in time", "da": "Afgjort til tiden"}
    unit = cq.SHARE
    records = Permit
    citation = SOURCE
    higher_is_better = True
    outcomes = cq.outcomes(withdrawn=cq.OUT, **cq.SETTLED)
    readings = cq.readings(
        withdrawn=cq.choose(
            usual="left_out",
            why={"en": "the goal does not say", "da": "målet siger det ikke"},
            left_out={},
            counted={"withdrawn": cq.NO},
        )
    )
    deadline: str = "permits"

    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        states = as_of.settle(as_of.due(self.deadline, permits.applied_on), permits.decided_on)
        return cq.Contribution(
            on=permits.applied_on,
            until=permits.decided_on,
            outcome=self.outcomes.pick(withdrawn=permits.result == "withdrawn", **states),
            amount=permits.decided_on - permits.applied_on,
        )


def decided_in_time(permit: dict[str, Any], as_of: dt.date) -> tuple[str, int | None]:
    """Return the outcome of one application and the days that it took, by a plain walk."""
    applied, decided = permit["applied_on"], permit["decided_on"]
    took = (decided - applied).days if applied and decided else None
    if permit["result"] == "withdrawn":
        return "withdrawn", took
    if applied is None:
        return "undated", took
    due = applied + dt.timedelta(days=28)
    if decided is None:
        return ("open_overdue" if due < as_of else "pending"), took
    if decided > due:
        return "late", took
    return ("in_time" if due < as_of else "in_time_early"), took


class Visit(cq.Records, name="visits"):
    """One visit to the town hall."""

    visit = cq.key()
    came_at = cq.instant()
    served_at = cq.instant(missing="not served")


@attrs.frozen
class ServedSoon(cq.Metric):
    """Share of visitors served within some minutes."""

    id = "visits.served-soon"
    title = {"en": "Served soon", "da": "Ekspederet straks"}
    unit = cq.SHARE
    records = Visit
    citation = SOURCE
    higher_is_better = True
    outcomes = cq.outcomes(soon=cq.YES, later=cq.NO, undated=cq.UNKNOWN, waiting=cq.OPEN)
    minutes: int = 10

    def contribute(self, visits: Visit, as_of: cq.AsOf, /) -> cq.Contribution:
        waited, served = visits.served_at - visits.came_at, ~np.isnat(visits.served_at)
        dated = ~np.isnat(visits.came_at)
        outcome = self.outcomes.pick(
            soon=dated & served & (waited <= np.timedelta64(self.minutes, "m")), later=dated & served, undated=~dated
        )
        return cq.Contribution(on=as_of.local_days(visits.came_at), outcome=outcome, amount=waited)


@attrs.frozen
class MeanDays(DecidedInTime):
    """Mean days from application to decision."""

    id = "permits.mean-days"
    title = {"en": "Mean days", "da": "Dage i gennemsnit"}
    unit = cq.DAYS
    statistic = cq.statistics.Mean()
    higher_is_better = False
    outcomes = cq.outcomes(
        withdrawn=cq.OUT,
        in_time=cq.YES,
        in_time_early=cq.YES,
        late=cq.YES,
        open_overdue=cq.OPEN,
        pending=cq.OPEN,
        undated=cq.UNKNOWN,
    )
    readings = cq.readings(
        withdrawn=cq.choose(
            usual="left_out",
            why={"en": "the goal does not say", "da": "målet siger det ikke"},
            left_out={},
            counted={"withdrawn": cq.YES},
        )
    )


find = catalogue(metrics=[DecidedInTime]).metric
"""Finds the metric that the goals name."""
