"""What is put to the test: a metric with everything that it is measured under."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs

from casequality.deadlines import deadlines
from casequality.engines import InProcess
from casequality.metrics import AsOf, Metric, as_metric
from casequality.metrics.due import Rule
from casequality.metrics.fold import Question
from casequality.metrics.measurement import Measurement, conclude
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.tally import Tally
from casequality.records import Records, Source
from casequality.testing.invented import Invented, Table, invented, source_of, try_tables
from casequality.testing.law import Said, said_of
from casequality.testing.row_factory import Edges, Row

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

    @cached_property
    def invented(self) -> Invented:
        """The rows on which it is tried."""
        return invented(self.metric.records, self.day, self.zone, self.edges)

    def source(self, rows: Sequence[Row]) -> Source:
        """Return the rows as a source, their child rows as its child tables."""
        return source_of(rows, self.metric.records, self.zone)

    def seen(self, rows: Sequence[Row], moment: AsOf | None = None) -> Seen:
        """Return what the metric sees of the rows: no faulty ones, none that had not begun, nothing later."""
        moment = moment or self.moment()
        block = (rows if isinstance(rows, Table) else Table(rows, self.metric.records, self.zone)).block
        if block is None:
            return Seen((), self.metric.records.empty(), moment)
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
        [(counted, _)] = InProcess().tally([question], self.source(rows), moment)
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

    def corpus(self, rows: int) -> Table:
        """Return so many invented rows, the same each time."""
        return self.invented.corpus(rows)

    def try_tables(self, check: Callable[[Table], None]) -> None:
        """Check as many invented tables as there are examples."""
        try_tables(self.invented.tables(self.examples), check)
