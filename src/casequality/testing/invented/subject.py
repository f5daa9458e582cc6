"""A metric put to the test: its invented tables, what it answers on them, and how a law says that it is broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from random import Random
from typing import Any, Final, Generic, NoReturn, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING
from casequality.deadlines import shipped
from casequality.engines import InProcess
from casequality.metrics import (
    AsOf,
    Axis,
    Contribution,
    Measurement,
    Metric,
    Question,
    Rule,
    Tally,
    as_metric,
    conclude,
    contributed,
)
from casequality.records import Block, Records, Source, source
from casequality.testing.invented.row_factory import NO_EDGES, Edges, Maker, Row, shown

PARTS = ("outcome", "on", "until", "amount", "bins", "times", "more", "certain")


@attrs.frozen
class AnswerDifference:
    """The first record of which two answers say different things; `record` is its position."""

    record: int
    part: str
    here: str
    there: str

    def __str__(self) -> str:
        return f"its {self.part} is {self.here} and {self.there}"


@attrs.frozen(eq=False)
class MetricAnswer:
    """A metric's answer by facet and part; every array has the shape (records,)."""

    parts: Mapping[tuple[str, str], npt.NDArray[Any]]
    names: tuple[str, ...]
    records: int

    def __len__(self) -> int:
        return self.records

    def __getitem__(self, rows: slice | npt.NDArray[Any]) -> MetricAnswer:
        chosen = {place: array[rows] for place, array in self.parts.items()}
        return attrs.evolve(self, parts=chosen, records=len(np.arange(self.records)[rows]))

    @property
    def facets(self) -> tuple[str, ...]:
        """The names of the facets, "" for a metric without."""
        return tuple(facet for facet, part in self.parts if part == "outcome")

    def outcomes(self, facet: str) -> list[str]:
        """Return the name of each record's outcome."""
        return [self.named(code) for code in self.parts[facet, "outcome"].tolist()]

    def named(self, code: int) -> str:
        """Return the name of an outcome by its code."""
        return self.names[code] if code < len(self.names) else f"code {code}, which no outcome has"

    def difference(self, other: MetricAnswer, parts: tuple[str, ...] = PARTS) -> AnswerDifference | None:
        """Return the first record of which the other answer says something else; None where they agree."""
        if self.parts.keys() != other.parts.keys() or len(self) != len(other):
            return AnswerDifference(0, "shape", self._shape(), other._shape())
        for place, here in self.parts.items():
            there = other.parts[place]
            if place[1] not in parts:
                continue
            if here.dtype != there.dtype:
                return AnswerDifference(0, place[1], f"of dtype {here.dtype}", f"of dtype {there.dtype}")
            if len(apart := np.flatnonzero(_bits(here) != _bits(there))):
                record = int(apart[0])
                name = " of facet ".join(filter(None, reversed(place)))
                return AnswerDifference(record, name, self._shown(place, record), other._shown(place, record))
        return None

    def _shape(self) -> str:
        return f"{len(self)} records with {', '.join(' '.join(place).strip() for place in self.parts)}"

    def _shown(self, place: tuple[str, str], record: int) -> str:
        value = self.parts[place][record]
        if place[1] == "outcome":
            return self.named(int(value))
        return "none" if value.dtype.kind == "i" and value == MISSING else str(value)


def answer_of(metric: Metric, records: Records, moment: AsOf) -> MetricAnswer:
    """Return what a metric contributes for some records."""
    given = contributed(metric, records, moment.for_block(len(records)))
    facets = given if isinstance(given, Mapping) else {"": given}
    return MetricAnswer(
        {(facet, part): array for facet, each in facets.items() for part, array in _arrays(each)},
        metric.outcomes.names,
        len(records),
    )


def _arrays(given: Contribution) -> list[tuple[str, npt.NDArray[Any]]]:
    arrays = [(part, getattr(given, part)) for part in PARTS]
    return [(part, array) for part, array in arrays if array is not None]


def _bits(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return array.view(np.int64) if array.dtype.kind in "mM" else array


S = TypeVar("S")
SHOWN = 4
"""How many invented records a message shows."""


class Broken(AssertionError):
    """A law does not hold: what differed, on which invented records, and the way out."""


class Inapplicable(Exception):
    """A law has nothing to try on this metric, and why."""


@attrs.frozen
class Law(Generic[S]):
    """One law by its name; `holds` raises `Broken` where it does not.

    conclusive: whether trying it tells for certain that it holds, so that to skip it would be needless.
    """

    name: str
    says: str
    holds: Callable[[S], None]
    conclusive: bool = False


def broken(what: str, *, way_out: str, rows: Sequence[Row] = ()) -> NoReturn:
    """Raise `Broken`; `rows` are the invented records on which the law was seen to be broken."""
    lines = [what, *(f"  record   {shown(row)}" for row in rows[:SHOWN])]
    if len(rows) > SHOWN:
        lines.append(f"  and {len(rows) - SHOWN} more")
    raise Broken("\n".join([*lines, f"  way out  {way_out}"]))


LARGEST: Final = 8
"""How many rows an invented table has at most."""
KEPT: Final = 8
"""For how many record types, moments and edges rows are kept; the metrics of one are mostly tested in a row."""


class InventedTable(list[Row]):
    """Invented rows, which are read as records once; zone: whose days count where a day and a time are compared."""

    def __init__(self, rows: Iterable[Row], kind: type[Records], zone: str) -> None:
        super().__init__(rows)
        self.kind = kind
        self.zone = zone
        self._changed: dict[str, InventedTable] = {}

    def changed(self, how: str, change: Callable[[], Iterable[Row]], *, zone: str | None = None) -> InventedTable:
        """Return the rows that `change` makes of these, made once for each name of how they are changed."""
        if how not in self._changed:
            self._changed[how] = InventedTable(change(), self.kind, zone or self.zone)
        return self._changed[how]

    @cached_property
    def block(self) -> Block | None:
        """The block that intake makes of them, all columns loaded; None for no rows."""
        below = {f"{name}.{field}" for name, kind in _children(self.kind) for field in kind.fields}
        reading = source_of(self, self.kind, self.zone).reading({*self.kind.fields, *below})
        blocks = [block for part in reading.parts for block in part.blocks()]
        assert len(blocks) < 2
        return blocks[0] if blocks else None


@attrs.frozen(slots=False)
class Invented:
    """Rows of one record type around a day; the same each time, and none of them is ever changed."""

    kind: type[Records]
    around: dt.date
    zone: str
    edges: Edges = NO_EDGES

    def corpus(self, rows: int) -> InventedTable:
        """Return so many rows as one table."""
        if rows not in self._corpora:
            self._corpora[rows] = self._table(1, rows)
        return self._corpora[rows]

    def tables(self, examples: int) -> Sequence[InventedTable]:
        """Return so many tables of one row, of two and so on, and again of one."""
        made = self._tables
        made += [self._table(seed, 1 + seed % LARGEST) for seed in range(len(made), examples)]
        return made[:examples]

    def _table(self, seed: int, rows: int) -> InventedTable:
        random = Random(seed)  # noqa: S311  nothing is secret
        return InventedTable(
            Maker(self.kind, self.around, self.zone, random, self.edges).table(rows), self.kind, self.zone
        )

    @cached_property
    def _corpora(self) -> dict[int, InventedTable]:
        return {}

    @cached_property
    def _tables(self) -> list[InventedTable]:
        return []


def invented(kind: type[Records], around: dt.date, zone: str, edges: Edges = NO_EDGES) -> Invented:
    """Return the rows of a record type; the same ones, read once, for the same day, zone and edges."""
    return _kept(Invented(kind, around, zone, edges))


@lru_cache(maxsize=KEPT)
def _kept(made: Invented) -> Invented:
    return made


def source_of(rows: Sequence[Row], kind: type[Records], zone: str | None) -> Source:
    """Return rows as a source of a record type, their child rows as its child tables."""
    children = {}
    for name, below in _children(kind):
        found = [child for row in rows for child in row.get(name, ())]
        # a list of no rows names no columns; no records of the type have all of them
        children[name] = found or below.empty()
    own = [{name: value for name, value in row.items() if name not in children} for row in rows]
    return source(own or kind.empty(), kind, children=children if own else None, zone=zone)


def _children(kind: type[Records]) -> list[tuple[str, type[Records]]]:
    return [(name, field.records) for name, field in kind.fields.items() if field.records is not None]


def try_tables(tables: Iterable[InventedTable], check: Callable[[InventedTable], None]) -> None:
    """Check each table; a failure is that of the fewest rows of one that still fail, left out one by one."""
    for rows in tables:
        if _breaks(rows, check):
            check(_fewest(rows, check))
            raise AssertionError("A law that broke once held the second time, on the same rows")


def _fewest(rows: InventedTable, check: Callable[[InventedTable], None]) -> InventedTable:
    for place in range(len(rows) - 1, -1, -1):
        fewer = InventedTable((row for at, row in enumerate(rows) if at != place), rows.kind, rows.zone)
        if fewer and _breaks(fewer, check):
            rows = fewer
    return rows


def _breaks(rows: InventedTable, check: Callable[[InventedTable], None]) -> bool:
    try:
        check(rows)
    except Broken:
        return True
    return False


Oracle = Callable[[Row, dt.date], Any]


@attrs.frozen(eq=False)
class ObservedRows:
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
        return {rule.id: rule for rule in (*shipped(), *self.deadlines)}

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

    def seen(self, rows: Sequence[Row], moment: AsOf | None = None) -> ObservedRows:
        """Return what the metric sees of the rows: no faulty ones, none that had not begun, nothing later."""
        moment = moment or self.moment()
        block = (rows if isinstance(rows, InventedTable) else InventedTable(rows, self.metric.records, self.zone)).block
        if block is None:
            return ObservedRows((), self.metric.records.empty(), moment)
        begun = block.records.begun(moment.instant, moment.known_before)
        kept = [rows[number - 1] for number in block.rows[begun].tolist()]
        return ObservedRows(kept, block.records[begun].known_at(moment.instant, moment.known_before), moment)

    def said(self, seen: ObservedRows, records: Records | None = None, metric: Metric | None = None) -> MetricAnswer:
        """Return what the metric contributes for records that it sees, or for some of them."""
        return answer_of(metric or self.metric, seen.records if records is None else records, seen.moment)

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

    def corpus(self, rows: int) -> InventedTable:
        """Return so many invented rows, the same each time."""
        return self.invented.corpus(rows)

    def try_tables(self, check: Callable[[InventedTable], None]) -> None:
        """Check as many invented tables as there are examples."""
        try_tables(self.invented.tables(self.examples), check)
