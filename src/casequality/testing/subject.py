"""What is put to the test: a metric with everything that it is measured under."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from random import Random
from typing import Any

import attrs

from casequality.deadlines import deadlines
from casequality.engines.in_process import tally
from casequality.metrics import AsOf, Metric, as_metric
from casequality.metrics.as_of import Rule
from casequality.metrics.axis import Axis
from casequality.metrics.conclude import conclude
from casequality.metrics.fold import Question
from casequality.metrics.measurement import Measurement
from casequality.metrics.tally import Tally
from casequality.records import Records, Source, source
from casequality.testing.edges import Edges
from casequality.testing.rows import Maker, Row
from casequality.testing.said import Said, said_of
from casequality.testing.strategies import tables
from casequality.testing.trying import try_tables

Oracle = Callable[[Row, dt.date], Any]


@attrs.frozen(eq=False)
class Seen:
    """Rows as a metric sees them: those that had begun at the as-of, as they were known then, as records."""

    rows: Sequence[Row]
    records: Records
    moment: AsOf


@attrs.frozen(eq=False, slots=False)
class Subject:
    """A metric, and under what it is tested; all of it invented but the metric.

    deadlines: further deadlines and schedules that the metric names, beside those of the catalogue.
    as_of: a date or an instant with its offset. examples: how many invented tables each law tries.
    others: another value of a field of the metric that has an effect, where none can be found.
    """

    metric: Metric = attrs.field(converter=as_metric)
    deadlines: Sequence[Rule] = ()
    as_of: str = "2010-08-01"
    zone: str = "Europe/Copenhagen"
    examples: int = 50
    oracle: Oracle | None = None
    others: Mapping[str, Any] = attrs.field(factory=dict)

    @property
    def day(self) -> dt.date:
        """The day of the as-of."""
        return dt.date.fromisoformat(self.as_of[:10])

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The shipped deadlines and the metric's own, by id."""
        return {rule.id: rule for rule in (*deadlines(), *self.deadlines)}

    @cached_property
    def edges(self) -> Edges:
        """Where the metric's answer may turn."""
        return Edges.of(self.metric, self.moment())

    def moment(self, as_of: str | None = None, *, zone: str | None = None) -> AsOf:
        """Return the as-of, or another one."""
        return AsOf.at(as_of or self.as_of, zone=zone or self.zone, rules=self.rules)

    def source(self, rows: Sequence[Row], zone: str | None = None) -> Source:
        """Return the rows as a source, their child rows as its child tables."""
        return source_of(rows, self.metric.records, zone or self.zone)

    def seen(self, rows: Sequence[Row], moment: AsOf | None = None) -> Seen:
        """Return what the metric sees of the rows: no faulty ones, none that had not begun, nothing later."""
        moment = moment or self.moment()
        fields = {f"{name}.{below}" for name, kind in _children(self.metric.records) for below in kind.fields}
        reading = self.source(rows, moment.zone).reading({*self.metric.records.fields, *fields})
        blocks = [block for part in reading.parts for block in part.blocks()]
        if not blocks:
            return Seen((), self.metric.records.empty(), moment)
        [block] = blocks
        begun = block.records.begun(moment.instant, moment.known_before)
        kept = [rows[number - 1] for number in block.rows[begun].tolist()]
        return Seen(kept, block.records[begun].known_at(moment.instant, moment.known_before), moment)

    def said(self, seen: Seen, records: Records | None = None, metric: Metric | None = None) -> Said:
        """Return what the metric contributes for records that it sees, or for some of them."""
        return said_of(metric or self.metric, seen.records if records is None else records, seen.moment)

    def tally(self, rows: Sequence[Row], metric: Metric | None = None) -> Tally:
        """Return the tally of the rows."""
        moment = self.moment()
        question = Question(metric or self.metric, axis=Axis(moment.zone))
        [(counted, _)] = tally([question], self.source(rows), moment)
        return counted

    def kept_tally(self, rows: int, metric: Metric) -> Tally:
        """Return the tally of so many invented rows, counted once for each setting of the metric."""
        if (rows, metric) not in self._kept:
            self._kept[rows, metric] = self.tally(self.corpus(rows), metric)
        return self._kept[rows, metric]

    @cached_property
    def _kept(self) -> dict[tuple[int, Metric], Tally]:
        return {}

    def figures(
        self, counted: Tally, chosen: Mapping[str, str] | None = None, *, by: Sequence[str] = ("month",)
    ) -> Measurement:
        """Return the figures of a tally under some readings, by month unless told."""
        return conclude(counted, self.metric.under(chosen), by=by, as_of_day=self.moment().day)

    def corpus(self, rows: int) -> list[Row]:
        """Return so many invented rows, the same each time."""
        random = Random(1)  # noqa: S311  nothing is secret
        return Maker(self.metric.records, self.day, self.zone, random, self.edges).table(rows)

    def try_tables(self, check: Callable[[Sequence[Row]], None], *, min_size: int = 2, max_size: int = 8) -> None:
        """Check invented tables of some rows; see `trying.try_tables`."""
        drawn = tables(
            self.metric.records,
            min_size=min_size,
            max_size=max_size,
            around=self.day,
            zone=self.zone,
            edges=self.edges,
        )
        try_tables(drawn, check, self.examples)


def source_of(rows: Sequence[Row], kind: type[Records], zone: str | None) -> Source:
    """Return rows as a source of a record type, their child rows as its child tables."""
    children = {}
    for name, below in _children(kind):
        found = [child for row in rows for child in row.get(name, ())]
        children[name] = found or below.empty()
    own = [{name: value for name, value in row.items() if name not in children} for row in rows]
    return source(own or kind.empty(), kind, children=children if own else None, zone=zone)


def _children(kind: type[Records]) -> list[tuple[str, type[Records]]]:
    return [(name, field.records) for name, field in kind.fields.items() if field.records is not None]
