"""Entries that say what they are, a metric that says what its entries say, and their tallies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import attrs

from casequality.metrics.asking import Question
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.metric import Metric
from casequality.metrics.declaring.readings import cohort, readings
from casequality.metrics.declaring.statistics import Share, Statistic
from casequality.metrics.fold import Fold, from_fold
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.outcomes import NO, OPEN, OUT, UNKNOWN, YES, Contribution, Role, outcomes
from casequality.metrics.tallies.tally import Accounts, Assumed, Tally, plain_parameters
from casequality.records.facts.fields import amount, code, count, day
from casequality.records.facts.schema import Records

ZONE = "Europe/Copenhagen"
ROLES: Mapping[str, Role] = {"yes": YES, "no": NO, "open": OPEN, "out": OUT, "unknown": UNKNOWN}
Row = Mapping[str, Any]
Day = dt.date | str | None


class Entry(Records, name="entries"):
    """What one row says of itself."""

    on = day()
    until = day(missing="lasting")
    what = code("yes", "no", "open", "out", "unknown")
    amount = amount(missing="none")
    bin = count(missing="none")
    times = count()
    office = code()
    kind = code("a", "b")


def entry(on: Day = "2010-01-01", until: Day = None, what: str = "yes", **given: Any) -> Row:
    """Return the row of one entry, a case that is a yes and goes on."""
    rest = {"amount": None, "bin": None, "times": 1, "office": "main", "kind": "a"}
    return {"on": on, "until": until, "what": what, **rest, **given}


@attrs.frozen
class Within(Metric):
    """Share of entries that took at most so many days."""

    id = "test.within"
    title = {"en": "Within", "da": "Inden for"}
    records = Entry
    outcomes = outcomes(in_time=YES, late=NO)
    days: int = 10

    def contribute(self, entries: Entry, as_of: AsOf, /) -> Contribution:
        """Return which entries took no longer."""
        return Contribution(on=entries.on, outcome=self.outcomes.pick(in_time=entries.bin <= self.days))


@attrs.frozen
class Told(Metric):
    """A metric that says what its rows say."""

    id = "test.told"
    title = {"en": "Told", "da": "Fortalt"}
    records = Entry
    statistic: ClassVar[Statistic] = Share()
    outcomes = outcomes(**ROLES)
    readings = readings(cohort=cohort("received", "closed"))
    bounded: bool = True
    numbered: bool = True
    weighted: bool = False
    aged: bool = False

    def contribute(self, entries: Entry, as_of: AsOf) -> Contribution:
        """Return what the rows say."""
        return Contribution(
            on=entries.on,
            until=entries.until if self.bounded else None,
            outcome=self.outcomes.pick(**{name: entries.what == name for name in ROLES}),
            amount=entries.amount,
            bins=entries.bin if self.numbered and not self.aged else None,
            times=entries.times if self.weighted else None,
            aged=self.aged,
        )


AS_OF = AsOf.at("2012-01-01", zone=ZONE)


def folded(metric: Metric, blocks: Iterable[Records], as_of: AsOf = AS_OF, **question: Any) -> Fold:
    """Return the fold of some blocks."""
    question.setdefault("axis", Axis(ZONE))
    fold = Fold(Question(metric, **question))
    for block in blocks:
        fold.add(block, as_of)
    return fold


def tallied(metric: Metric, blocks: Iterable[Records], as_of: AsOf = AS_OF, **question: Any) -> Tally:
    """Return the tally of some blocks."""
    parts = list(blocks)
    fold = folded(metric, parts, as_of, **question)
    return from_fold(fold, assumed(fold, as_of), Accounts(read=sum(map(len, parts)), elsewhere=fold.elsewhere))


def by_outcome(tally: Tally, counted: str = "rows", facet: str | None = None) -> dict[str, int]:
    """Return how many rows, or what else a tally counts, have each outcome that occurs, in a facet or in all."""
    found: dict[str, int] = {}
    parts = (tally.part("facet").tolist(), tally.part("outcome").tolist(), tally.counted(counted).tolist())
    for place, outcome, many in zip(*parts, strict=True):
        if facet in (None, tally.facets[place]):
            name = tally.assumed.outcomes[outcome]
            found[name] = found.get(name, 0) + many
    return found


def assumed(fold: Fold, as_of: AsOf = AS_OF) -> Assumed:
    """Return what the tally of a fold assumes."""
    metric = fold.question.metric
    return Assumed(
        metric=metric.tallied_as,
        version=metric.version,
        parameters=plain_parameters(metric.parameters()),
        outcomes=metric.outcomes.names,
        groups=fold.question.groups,
        where=fold.question.where,
        axis=fold.question.axis,
        as_of=str(as_of.instant),
        calendar="",
    )
