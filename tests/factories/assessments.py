"""A small contact centre and a small tribunal in 2010-H1, measured and assessed as a caller would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import attrs
import numpy as np

from casequality.days import period
from casequality.errors import Words
from casequality.goals import Assessment, SourceNote, judge, parse_goals
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.metric import Metric
from casequality.metrics.declaring.readings import choose, readings
from casequality.metrics.declaring.statistics import Count, Mean, Statistic
from casequality.metrics.declaring.units import CALLS, SECONDS
from casequality.metrics.measurement import Measurement
from casequality.metrics.tallies.outcomes import NO, OUT, SETTLED, YES, Contribution, outcomes
from casequality.records import Records, code, day, instant, key
from tests.factories.measurements import measured
from tests.factories.tallies import ZONE

HOSTILE = '=cmd()|"<script>alert(1)</script>'


class Call(Records, name="calls"):
    """One call."""

    call = key()
    queued_at = instant()
    answered_at = instant(missing="not answered")
    queue = code()


class Case(Records, name="tribunal_cases"):
    """One case."""

    case = key()
    received_on = day()
    closed_on = day(missing="still open")


@attrs.frozen
class AnsweredShare(Metric):
    """Share of calls that were answered."""

    id = "contact-centre.answered-share"
    title = {"en": "Answered calls", "da": "Besvarede opkald"}
    records = Call
    outcomes = outcomes(answered=YES, abandoned_early=NO, abandoned=NO)
    readings = readings(
        short_abandons=choose(
            literal="counted",
            why="the goal says the calls",
            says={
                "counted": "a caller who hangs up at once was not answered",
                "left_out": "a caller who hangs up at once is not counted",
            },
            counted={},
            left_out={"abandoned_early": OUT},
        )
    )
    words = {
        "main": {"en": "the main number", "da": "hovednummeret"},
        "early": {
            "en": "one call in how many is given up at once",
            "da": "hver hvor mange opkald der opgives straks",
        },
    }
    early: int = 10

    def contribute(self, calls: Any, _as_of: AsOf, /) -> Contribution:
        answered = ~np.isnat(calls.answered_at)
        early = ~answered & (calls.call % self.early == 0)
        return Contribution(on=calls.queued_at, outcome=self.outcomes.pick(answered=answered, abandoned_early=early))


@attrs.frozen
class MeanWait(Metric):
    """Mean wait of the calls that were answered."""

    id = "contact-centre.mean-wait"
    title = {"en": "Mean wait", "da": "Gennemsnitlig ventetid"}
    unit = SECONDS
    statistic: ClassVar[Statistic] = Mean()
    records = Call
    outcomes = outcomes(answered=YES, abandoned=OUT)

    def contribute(self, calls: Any, _as_of: AsOf, /) -> Contribution:
        answered = ~np.isnat(calls.answered_at)
        return Contribution(
            on=calls.queued_at,
            outcome=self.outcomes.pick(answered=answered),
            amount=calls.answered_at - calls.queued_at,
        )


@attrs.frozen
class Calls(MeanWait):
    """How many calls were answered."""

    id = "contact-centre.calls"
    title = {"en": "Answered calls, number", "da": "Antal besvarede opkald"}
    unit = CALLS
    statistic = Count()


@attrs.frozen
class ClosedInTime(Metric):
    """Share of cases closed by their due day, here 120 days after receipt."""

    id = "rent-tribunal.closed-in-time"
    title = {"en": "Closed within four months", "da": "Afsluttet inden for fire måneder"}
    records = Case
    outcomes = outcomes(**SETTLED)
    days: int = 120

    def contribute(self, cases: Any, as_of: AsOf, /) -> Contribution:
        states = as_of.settle(cases.received_on + np.timedelta64(self.days, "D"), cases.closed_on)
        return Contribution(on=cases.received_on, until=cases.closed_on, outcome=self.outcomes.pick(**states))


def calls(queue: str = "main", first: int = 0) -> list[dict[str, object]]:
    """Return 12 calls a month in 2010-H1: 9 answered, after 20 to 28 seconds, one hung up at once."""
    made: list[dict[str, object]] = []
    for month in range(1, 7):
        for number in range(12):
            queued = dt.datetime(2010, month, 2 + number, 12, tzinfo=dt.UTC)
            wait = dt.timedelta(seconds=20 + number % 9, milliseconds=500 * (month == 6))
            answered = None if number >= 9 else queued + wait
            call = first + month * 100 + number
            made.append({"call": call, "queued_at": queued, "answered_at": answered, "queue": queue})
    return made


def cases() -> list[dict[str, object]]:
    """Return 20 cases a month in 2010-H1 of which some are late, some open; and two rows with a fault."""
    made: list[dict[str, object]] = []
    for number in range(120):
        received = dt.date(2010, 1 + number // 20, 1 + number % 20)
        closed = received + dt.timedelta(days=[30, 90, 119, 130][number % 4])
        made.append({"case": number, "received_on": received, "closed_on": closed if number % 5 else None})
    made.append({"case": 998, "received_on": dt.date(2010, 3, 1), "closed_on": dt.date(2010, 2, 1)})
    made.append({"case": 999, "received_on": dt.date(1850, 3, 1), "closed_on": None})
    return made


def half_year(metric: type[Metric], rows: Sequence[Mapping[str, object]], **given: Any) -> Measurement:
    """Return the figures of a metric over 2010-H1, as of 1 August."""
    return measured(metric, rows, **{"periods": ("2010-H1",), "as_of": "2010-08-01", **given})


GOALS = """
id = "small-2010"
title = { en = "Goals for good case handling", da = "Mål for god sagsbehandling" }
basis = { title = "Mål for god sagsbehandling", document = "2010-24342", adopted = "not in the source" }

[[goal]]
id = "kontakt.ventetid"
title = { en = "Mean wait at the contact centre", da = "Gennemsnitlig ventetid i Kontaktcentret" }
metric = "contact-centre.mean-wait"
source = "calls"
target = "at most 25 s"
each = "month"
aggregate = "pooled"
aim = "time"
standing = "kept"
focus_area = "Kontaktcentret"
owner = "Københavns Borgerservice"
method = "Telefonsystemets egne tidsstempler, afrapporteret hver måned"
report = { to = "Økonomiudvalget", every = "half-year" }

[[goal]]
id = "kontakt.besvaret"
metric = "contact-centre.answered-share"
source = "calls"
target = "at least 80 %"
each = "month"
aggregate = "each"
readings = { short_abandons = "left_out" }
aim = "time"
focus_area = "Kontaktcentret"
report = { to = "Økonomiudvalget", every = "half-year" }

[[goal]]
id = "naevn.fire-maaneder"
title = { en = "Cases closed within four months", da = "Sager afsluttet inden for fire måneder" }
metric = "rent-tribunal.closed-in-time"
source = "cases"
target = "at least 75 %"
aim = "time"
focus_area = "Huslejenævnet"
basis = { title = "Mål for god sagsbehandling", certain = false, question = "hvad er en afsluttet sag?" }

[[goal]]
id = "naevn.baseline"
title = { en = "Fewer late cases", da = "Færre sene sager" }
metric = "rent-tribunal.closed-in-time"
source = "cases"
target = "at least 110 % of 2009"
aim = "errors"
focus_area = "Huslejenævnet"

[[goal]]
id = "klager.hostile"
title = { en = '=cmd()|"<script>alert(1)</script>', da = '=cmd()|"<script>alert(1)</script>' }
metric = "contact-centre.answered-share"
source = "calls"
target = "baseline"
each = "queue"
aggregate = "pooled"
readings = { short_abandons = "counted" }
aim = "complaints"
focus_area = "<b>Borgerservicecentrene</b>"

[[not_supplied]]
who = "Socialforvaltningen"
what = "målene i bilag 4"
"""


def assessment(as_of: str = "2010-08-01", goal_file: str = GOALS) -> Assessment:
    """Return the verdicts on the small goals, from records as a caller would have them."""
    goals = parse_goals(goal_file)
    metrics = {metric.id: metric for metric in (AnsweredShare, MeanWait, Calls, ClosedInTime)}
    rows = {"calls": [*calls(), *calls(HOSTILE, 10_000)], "cases": cases()}
    measurements = {
        goal.id: half_year(
            metrics[goal.metric],
            rows[goal.source],
            by=("month", *goal.groups),
            as_of=as_of,
            chosen=goal.readings,
        )
        for goal in goals.goals
    }
    half = period("2010-H1")
    judged = [judge(goal, measurements[goal.id], half) for goal in goals.goals]
    sources = {
        goal.source: SourceNote.of(goal.source, metrics[goal.metric].records.name, measurements[goal.id].tally.accounts)
        for goal in goals.goals
    }
    return Assessment(
        title="Mål for god sagsbehandling",
        period=half,
        as_of=as_of,
        zone=ZONE,
        judgements=tuple(judged),
        not_supplied=goals.not_supplied,
        measurements=measurements,
        sources=sources,
        plugins={"casequality-contact-centre": "0.1.0"},
    )


def unlike(goals: int) -> Assessment:
    """Return an assessment of so many goals that are those of `assessment` by turns, each with its own id and title."""
    made = assessment()
    judged, measured = [], {}
    for number in range(goals):
        whole = made.judgements[number % len(made.judgements)]
        goal = attrs.evolve(whole.goal, id=f"{whole.goal.id}.{number}", title=Words(f"Goal {number}", f"Mål {number}"))
        judged.append(attrs.evolve(whole, goal=goal))
        measured[goal.id] = made.measurements[whole.goal.id]
    return attrs.evolve(made, judgements=tuple(judged), measurements=measured)
