"""A few sound metrics, which every mutant breaks in one place; the kit must find nothing wrong with them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import attrs
import numpy as np

import casequality as cq
from casequality.citation import Dated
from casequality.days.arrays import MISSING
from casequality.deadlines import Term
from casequality.testing import Answer, catalogue

SOURCE = cq.Citation(title="An invented council's goals", document="2010-1")
FOUR_WEEKS = cq.deadlines.Deadline(
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
    result = cq.code("granted", "refused", "withdrawn", missing="decided, and not withdrawn", known_with="decided_on")
    district = cq.code(missing="outside the city")
    reminders = cq.many(Reminder)


@attrs.frozen
class DecidedInTime(cq.Metric):
    """Share of applications decided within the deadline."""

    id = "permits.decided-in-time"
    title = {"en": "Decided in time", "da": "Afgjort til tiden"}
    unit = cq.units.SHARE
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
    unit = cq.units.SHARE
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
    unit = cq.units.DAYS
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


class Letter(cq.Records, name="letters_to_the_applicant"):
    """One letter to the citizen."""

    errand = cq.key()
    sent_at = cq.instant()
    read_at = cq.instant(missing="not read")
    pages = cq.count()


class Errand(cq.Records, name="errands"):
    """One errand of some persons at the town hall."""

    errand = cq.key()
    opened_at = cq.instant()
    closed_at = cq.instant(missing="not closed")
    persons = cq.count()
    letters = cq.many(Letter)


@attrs.frozen
class PagesSent(cq.Metric):
    """Pages sent to the citizen in an errand, in the mean of all persons."""

    id = "errands.pages"
    title = {"en": "Pages sent", "da": "Sendte sider"}
    unit = cq.units.Unit("pages", "pages", "sider")
    statistic: ClassVar[cq.statistics.Statistic] = cq.statistics.Mean()
    records = Errand
    citation = SOURCE
    outcomes = cq.outcomes(undated=cq.UNKNOWN, closed=cq.YES, open=cq.OPEN)

    def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> cq.Contribution:
        closed = ~np.isnat(errands.closed_at)
        return cq.Contribution(
            on=as_of.local_days(errands.opened_at),
            until=as_of.local_days(errands.closed_at),
            outcome=self.outcomes.pick(undated=np.isnat(errands.opened_at), closed=closed),
            amount=errands.letters.sum(errands.letters.rows.pages),
            times=errands.persons,
        )


def local_day(moment: dt.datetime | None) -> dt.date | None:
    """Return the day of a time in the zone of the tests."""
    return moment and moment.astimezone(ZoneInfo("Europe/Copenhagen")).date()


def pages_sent(errand: dict[str, Any], _: dt.date) -> Answer:
    """Return all that is contributed of one errand, by a plain walk."""
    opened, closed = local_day(errand["opened_at"]), local_day(errand["closed_at"])
    return Answer(
        "undated" if opened is None else "closed" if closed else "open",
        on=opened,
        until=closed,
        amount=sum(letter["pages"] for letter in errand["letters"]),
        times=errand["persons"],
    )


@attrs.frozen
class DaysOfLetters(PagesSent):
    """Days from the opening of an errand to its last letter, and how many were sent, in the median."""

    id = "errands.last-letter"
    title = {"en": "Days to the last letter", "da": "Dage til sidste brev"}
    unit = cq.units.DAYS
    statistic: ClassVar[cq.statistics.Statistic] = cq.statistics.Quantile(Fraction(1, 2))
    outcomes = cq.outcomes(undated=cq.UNKNOWN, told=cq.YES, not_told=cq.OPEN)

    def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> cq.Contribution:
        sent = as_of.local_days(errands.letters.rows.sent_at)
        opened, last = as_of.local_days(errands.opened_at), errands.letters.worst(sent)
        undated = np.isnat(opened) | errands.letters.any(np.isnat(sent))
        days = (last - opened).view(np.int64)
        return cq.Contribution(
            on=opened,
            outcome=self.outcomes.pick(undated=undated, told=errands.letters.any()),
            bins=np.where(undated, MISSING, days),
            amount=errands.letters.count(),
        )


def days_of_letters(errand: dict[str, Any], _: dt.date) -> Answer:
    """Return all that is contributed of one errand to its last letter, by a plain walk."""
    opened, days = local_day(errand["opened_at"]), [local_day(letter["sent_at"]) for letter in errand["letters"]]
    undated = opened is None or None in days
    outcome = "undated" if undated else "told" if days else "not_told"
    last = None if undated or not days else max(day for day in days if day)
    bins = None if last is None or opened is None else (last - opened).days
    return Answer(outcome, on=opened, bins=bins, amount=len(days))


find = catalogue(metrics=[DecidedInTime]).metric
"""Finds the metric that the goals name."""
