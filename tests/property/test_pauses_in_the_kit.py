"""The laws of the kit, kept by metrics whose clock stands still on the pauses of a child table."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import attrs

import casequality as cq
from casequality.deadlines import Deadline, PauseRule, Term
from casequality.testing import MetricConformance
from tests.factories.deadlines import TITLE
from tests.unit.metrics.declaring.paused import ALLOWED_BY_KIND, BY_KIND, WAITS, Decided, Plain, Wait, walked


class TestPausedDays(MetricConformance):
    """A schedule, and pauses in days of several kinds."""

    metric = Decided
    deadlines = (BY_KIND,)

    def oracle(self, case: Any, as_of: dt.date) -> str:
        """Walk day by day; the kit hands over the case as it was known."""
        waits: list[Wait] = [(each["asked_on"], each["answered_on"], each["reason"]) for each in case["pauses"]]
        plain = Plain(case["received_on"], case["decided_on"], case["kind"], tuple(waits))
        if plain.received is not None and plain.kind not in ALLOWED_BY_KIND:
            return "no_deadline"
        terms, rules = ALLOWED_BY_KIND.get(plain.kind or "", ("1 week", ()))
        return plain.state(Term.parse(terms), rules, "dk-statutory", as_of)


class Hearing(cq.Records, name="hearings"):
    """A wait that begins and ends at instants."""

    case = cq.key()
    heard_at = cq.instant()
    answered_at = cq.instant(missing="not answered")


class HeardCase(cq.Records, name="heard_cases"):
    """A case with hearings."""

    case = cq.key()
    received_on = cq.day()
    decided_on = cq.day(missing="not decided")
    hearings = cq.many(Hearing)


HEARD = Deadline(
    id="heard",
    title=TITLE,
    kind="decide",
    terms="10 working days",
    calendar="dk-statutory",
    pauses=[PauseRule(WAITS, TITLE)],
)


@attrs.frozen
class HeardInTime(cq.Metric):
    """Cases decided in time, hearings not counted."""

    id = "test.heard"
    title = {"en": "Decided in time", "da": "Afgjort rettidigt"}
    records = HeardCase
    citation = cq.Citation(title="invented for this test")
    outcomes = cq.outcomes(**cq.SETTLED)
    higher_is_better = True

    def contribute(self, cases: HeardCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return the state of each case's deadline."""
        hearings = cases.hearings.rows
        pauses = as_of.pauses(cases.hearings, since=hearings.heard_at, until=hearings.answered_at, reason=WAITS)
        states = as_of.settle(as_of.due(HEARD, cases.received_on, pauses=pauses), cases.decided_on)
        return cq.Contribution(on=cases.received_on, outcome=self.outcomes.pick(**states))


class TestPausedInstants(MetricConformance):
    """Pauses in instants, all of one kind."""

    metric = HeardInTime

    def oracle(self, case: Any, as_of: dt.date) -> str:
        """Walk from local day to local day."""

        def local(moment: dt.datetime | None) -> dt.date | None:
            return moment and moment.astimezone(ZoneInfo("Europe/Copenhagen")).date()

        waits = tuple((local(each["heard_at"]), local(each["answered_at"]), WAITS) for each in case["hearings"])
        plain = Plain(case["received_on"], case["decided_on"], None, waits)
        return plain.state(Term.parse("10 working days"), HEARD.pauses, "dk-statutory", as_of)


def test_the_walk_knows_a_pause() -> None:
    wait: Wait = (dt.date(2010, 6, 2), dt.date(2010, 6, 8), WAITS)
    day, paused = walked(Term.parse("10 working days"), dt.date(2010, 6, 1), [wait], "dk-statutory", None)
    assert (day, paused) == (dt.date(2010, 6, 18), 3)
