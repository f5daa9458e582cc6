"""Events of a day with what became of them, and a metric of each kind over them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

import attrs

from casequality.metrics import (
    CASES,
    DAYS,
    NO,
    OPEN,
    OUT,
    SECONDS,
    SETTLED,
    SHARE,
    YES,
    AsOf,
    Choice,
    Contribution,
    Metric,
    Outcomes,
    Unit,
    choose,
    cohort,
    outcomes,
    readings,
)
from casequality.metrics.declaring.statistics import Count, Flow, Mean, PendingAge, Quantile, Statistic
from casequality.records import Records, amount, code, count, day
from tests.factories.deadlines import any_deadline

Row = dict[str, Any]


class Event(Records, name="events"):
    """Something that happened on a day, with what became of it written beside it."""

    on = day()
    until = day(missing="still going on")
    became = code("good", "bad", "waiting", "withdrawn")
    kind = code("A", "B", "C", "D", "E", unknown="not stated")
    lasted = amount(missing="not measured")
    times = count()


def events(day: str, number: int, became: str = "good", **given: Any) -> list[Row]:
    """Return some events of one day."""
    row = {"on": day, "until": None, "became": became, "kind": None, "lasted": None, "times": 1, **given}
    return [dict(row) for _ in range(number)]


@attrs.frozen
class Good(Metric):
    """Share of events that were good."""

    id: ClassVar[str] = "events.good"
    title: ClassVar[Mapping[str, str]] = {"en": "Good events", "da": "Gode hændelser"}
    records: ClassVar[type[Records]] = Event
    outcomes: ClassVar[Outcomes] = outcomes(good=YES, withdrawn=NO, waiting=OPEN, bad=NO)
    higher_is_better: ClassVar[bool | None] = True
    readings: ClassVar[Mapping[str, Choice]] = readings(
        withdrawn=choose(
            literal="bad",
            bad={},
            left_out={"withdrawn": OUT},
            why="the goal says all events",
            says={"bad": "a withdrawn event was not good", "left_out": "a withdrawn event is no event"},
        ),
        cohort=cohort("received", "closed"),
    )
    limit: int = 5

    def contribute(self, events: Event, as_of: AsOf, /) -> Contribution:
        states = {name: events.became == name for name in ("good", "withdrawn", "waiting", "bad")}
        return Contribution(
            on=events.on,
            until=events.until,
            outcome=self.outcomes.pick(**states),
            amount=events.lasted,
            bins=events.lasted,
        )


@attrs.frozen
class Weighted(Good):
    """Share of events that were good, where a row stands for several."""

    id: ClassVar[str] = "events.weighted"

    def contribute(self, events: Event, as_of: AsOf, /) -> Contribution:
        return attrs.evolve(super().contribute(events, as_of), times=events.times)


@attrs.frozen
class Bad(Good):
    """Share of events that are counted as faults."""

    id: ClassVar[str] = "events.bad"
    outcomes: ClassVar[Outcomes] = outcomes(good=NO, withdrawn=OUT, waiting=OPEN, bad=YES)
    higher_is_better: ClassVar[bool | None] = False


@attrs.frozen
class HowLong(Good):
    """Mean of how long good events lasted."""

    id: ClassVar[str] = "events.mean"
    unit: ClassVar[Unit] = DAYS
    statistic: ClassVar[Statistic] = Mean()
    higher_is_better: ClassVar[bool | None] = False


@attrs.frozen
class Wait(HowLong):
    """Mean of how long good events lasted, given in microseconds and said in seconds."""

    id: ClassVar[str] = "events.wait"
    unit: ClassVar[Unit] = SECONDS


@attrs.frozen
class NineInTen(HowLong):
    """What nine of ten good events did not exceed."""

    id: ClassVar[str] = "events.p90"
    statistic: ClassVar[Statistic] = Quantile(Fraction(9, 10))


@attrs.frozen
class HowMany(Good):
    """How many events were good."""

    id: ClassVar[str] = "events.count"
    unit: ClassVar[Unit] = CASES
    statistic: ClassVar[Statistic] = Count()


@attrs.frozen
class Ended(HowMany):
    """Good events that ended for each that began."""

    id: ClassVar[str] = "events.clearance"
    unit: ClassVar[Unit] = SHARE
    statistic: ClassVar[Statistic] = Flow("clearance")


@attrs.frozen
class Began(HowMany):
    """Events that began."""

    id: ClassVar[str] = "events.inflow"
    statistic: ClassVar[Statistic] = Flow("inflow")


@attrs.frozen
class WouldLast(HowMany):
    """Days for which what is going on would last."""

    id: ClassVar[str] = "events.disposition"
    unit: ClassVar[Unit] = DAYS
    statistic: ClassVar[Statistic] = Flow("disposition time")


@attrs.frozen
class GoingOn(HowMany):
    """Events going on at the period's end."""

    id: ClassVar[str] = "events.stock"
    statistic: ClassVar[Statistic] = Flow("stock")


@attrs.frozen
class Age(HowMany):
    """How old they are."""

    id: ClassVar[str] = "events.age"
    unit: ClassVar[Unit] = DAYS
    statistic: ClassVar[Statistic] = PendingAge()

    def contribute(self, events: Event, as_of: AsOf, /) -> Contribution:
        given = super().contribute(events, as_of)
        return attrs.evolve(given, amount=None, bins=None, aged=True)


@attrs.frozen
class InTime(Metric):
    """Share of events that ended within ten working days."""

    id: ClassVar[str] = "events.in-time"
    title: ClassVar[Mapping[str, str]] = {"en": "In time", "da": "Til tiden"}
    records: ClassVar[type[Records]] = Event
    outcomes: ClassVar[Outcomes] = outcomes(**SETTLED)

    def contribute(self, events: Event, as_of: AsOf, /) -> Contribution:
        states = as_of.settle(as_of.due(any_deadline(), events.on), events.until)
        return Contribution(on=events.on, until=events.until, outcome=self.outcomes.pick(**states))


@attrs.frozen
class ByKind(Good):
    """Share of good events, and by itself that of kind A."""

    id: ClassVar[str] = "events.by-kind"

    def contribute(self, events: Event, as_of: AsOf, /) -> Mapping[str, Contribution]:  # type: ignore[override]
        everything = Good.contribute(self, events, as_of)
        bad = self.outcomes.names.index("bad")
        outcome = everything.outcome.copy()
        outcome[~(events.kind == "A")] = bad
        return {"all": everything, "A": attrs.evolve(everything, outcome=outcome)}
