"""Records of plain rows, a metric that says what its rows say, and the counting of such rows one by one."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar, TypeVar

import attrs
import numpy as np

from casequality.days import Period
from casequality.days.arrays import MISSING
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.metric import Metric
from casequality.metrics.declaring.readings import cohort, readings
from casequality.metrics.declaring.statistics import Share, Statistic
from casequality.metrics.fold import Fold, Question, from_fold
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.outcomes import NO, OPEN, OUT, UNKNOWN, YES, Contribution, Role, outcomes
from casequality.metrics.tallies.tally import Accounts, Assumed, Tally, plain_parameters
from casequality.records.facts.columns import Codes
from casequality.records.facts.fields import amount, code, count, day
from casequality.records.facts.schema import Column, Records

ZONE = "Europe/Copenhagen"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
ROLES: Mapping[str, Role] = {"yes": YES, "no": NO, "open": OPEN, "out": OUT, "unknown": UNKNOWN}
R = TypeVar("R", bound=Records)
Row = Mapping[str, Any]


def of_rows(kind: type[R], rows: Sequence[Row]) -> R:
    """Return records of one type from plain rows; a field that no row has is not loaded."""
    loaded = [name for name in kind.fields if rows and name in rows[0]]
    columns = {name: _column(kind, name, [row[name] for row in rows]) for name in loaded}
    return kind(columns, len(rows)) if rows else kind.empty()


def _column(kind: type[Records], name: str, values: Sequence[Any]) -> Column:
    field = kind.fields[name]
    if field.column_type.is_code:
        return Codes.encode(values, field.labels or None)
    if field.kind == "day":
        return np.array([value or "NaT" for value in values], "datetime64[D]")
    numbers = [MISSING if value is None else _whole(value) for value in values]
    plain = np.array(numbers, np.int64)
    return plain.view("datetime64[us]") if field.kind == "instant" else plain


def _whole(value: Any) -> int:
    if isinstance(value, dt.datetime):
        return (value - EPOCH) // dt.timedelta(microseconds=1)
    return int(value)


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


def sliced(records: R, sizes: Sequence[int]) -> list[R]:
    """Return records cut into blocks of these sizes, taken in turn until there are no more."""
    blocks, start, turn = [], 0, 0
    while start < len(records):
        size = sizes[turn % len(sizes)]
        blocks.append(records[start : start + size])
        start, turn = start + size, turn + 1
    return blocks


@attrs.frozen
class Walk:
    """The figures of rows, counted one by one; `roles` says what each outcome plays."""

    rows: Sequence[Row]
    roles: Mapping[str, Role] = ROLES
    closed: bool = False
    weighted: bool = False

    def within(self, period: Period, *roles: Role) -> list[Row]:
        """Return the rows that a period holds and that play one of these roles."""
        where = "until" if self.closed else "on"
        return [row for row in self.rows if row[where] and row[where] in period and self.roles[row["what"]] in roles]

    def weight(self, rows: Iterable[Row]) -> int:
        """Return how many cases rows stand for."""
        return sum(row["times"] if self.weighted else 1 for row in rows)

    def share(self, period: Period) -> Fraction | None:
        """Return yes among yes and no."""
        yes, settled = self.weight(self.within(period, YES)), self.weight(self.within(period, YES, NO))
        return Fraction(yes, settled) if settled else None

    def mean(self, period: Period) -> Fraction | None:
        """Return the mean amount of the yes."""
        known = [row for row in self.within(period, YES) if row["amount"] is not None]
        weight = self.weight(known)
        total = sum(row["amount"] * (row["times"] if self.weighted else 1) for row in known)
        return Fraction(total, weight) if weight else None

    def quantile(self, period: Period, p: Fraction) -> int | None:
        """Return the ceil(p n)-th smallest number of the yes."""
        numbers = [
            row["bin"]
            for row in self.within(period, YES)
            if row["bin"] is not None
            for _ in range(row["times"] if self.weighted else 1)
        ]
        return ranked(numbers, p)

    def inflow(self, period: Period) -> int:
        """Return how many began in a period, but those that are out."""
        return self.weight(row for row in self._kept() if row["on"] in period)

    def outflow(self, period: Period) -> int:
        """Return how many yes ended in a period."""
        kept = [row for row in self.rows if self.roles[row["what"]] is YES]
        return self.weight(row for row in kept if row["until"] and row["until"] in period)

    def ages(self, period: Period) -> list[int]:
        """Return the age in days, on a period's last day, of each case that is pending then."""
        return [
            (period.last - row["on"]).days
            for row in self._kept()
            if row["on"] < period.end and (row["until"] is None or row["until"] >= period.end)
            for _ in range(row["times"] if self.weighted else 1)
        ]

    def _kept(self) -> list[Row]:
        return [row for row in self.rows if row["on"] and self.roles[row["what"]] is not OUT]


def ranked(numbers: Iterable[int], p: Fraction) -> int | None:
    """Return the ceil(p n)-th smallest of n numbers, or the smallest for p = 0."""
    ordered = sorted(numbers)
    return ordered[max(1, math.ceil(p * len(ordered))) - 1] if ordered else None
