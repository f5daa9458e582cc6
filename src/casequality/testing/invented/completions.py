"""Small tables with records in doubt, and all that these may be, each way a group of one tally."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from random import Random
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Period
from casequality.engines import assumed_by
from casequality.metrics import (
    NO_DATA,
    WHYS,
    Accounts,
    AsOf,
    Axis,
    CellTable,
    Counts,
    Fold,
    Grid,
    Limits,
    Metric,
    Question,
    Reading,
    Values,
    from_fold,
    traced,
)
from casequality.records import Codes, Field, Records, code
from casequality.testing.invented.row_factory import OPEN_LIST, Maker, Row, faults, fresh_key, known_at, with_key
from casequality.testing.invented.subject import KEPT, Invented, InventedTable

GROUP: Final = "completion_"
Exact: TypeAlias = "tuple[int, int]"
"""A figure as numerator and denominator."""


@attrs.frozen(eq=False, repr=False)
class Figured:
    """The figures of completions, by facet, completion and period in this order."""

    facets: tuple[str, ...]
    completions: int
    periods: tuple[Period, ...]
    values: Values

    def exact(self, *, without_data: bool = False) -> Mapping[tuple[str, Period], dict[Exact, int]]:
        """Return by facet and period each different figure, with the number of a completion that gives it.

        without_data: the quotients instead of those that are called no figure, such as the 0 of no records.
        """
        shape = len(self.facets), self.completions, len(self.periods)
        top, under, why = (
            np.asarray(each).reshape(shape)
            for each in (self.values.numerator, self.values.denominator, self.values.why)
        )
        found: dict[tuple[str, Period], dict[Exact, int]] = {}
        for facet, name in enumerate(self.facets):
            for place, period in enumerate(self.periods):
                met = ((why[facet, :, place] != 0) == without_data) & (under[facet, :, place] != 0)
                there = np.flatnonzero(met)[::-1]
                pairs = zip(*(each[facet, there, place].tolist() for each in (top, under)), strict=True)
                found[name, period] = dict(zip(pairs, there.tolist(), strict=True))
        return found


def each_reading(metric: Metric) -> Iterator[Reading]:
    """Yield a metric as it is read where nothing is chosen, and then with each choice made otherwise."""
    yield metric.under()
    for name, choice in metric.readings.items():
        for chosen in choice.alternatives:
            if chosen != choice.default:
                yield metric.under({name: chosen})


def figured(
    reading: Reading,
    records: Records,
    completion: npt.NDArray[np.intp],
    completions: int,
    *,
    moment: AsOf,
    periods: Sequence[Period],
    limits: Limits | None = None,
) -> Figured:
    """Return the figures of a reading for each of some completions, in periods of whole months.

    completion: by record, the number of the completion that it belongs to, shape (records,).
    """
    metric = reading.metric
    begun = records.begun(moment.instant, moment.known_before)
    known = records[begun].known_at(moment.instant, moment.known_before)
    labels = tuple((f"{number:06}",) for number in range(completions))
    of_block = moment.for_block()
    reads, facets = traced(metric, of_block)
    # all completions are groups of one tally: one pass of the metric instead of thousands
    question = Question(metric, (GROUP,), axis=Axis(moment.zone), reads=reads, facets=facets)
    fold = Fold(question)
    fold.add(_grouped(known, completion[begun], labels), moment)
    tally = from_fold(fold, assumed_by(question, moment), Accounts(read=len(records)))
    grid = Grid(
        tally=tally,
        played=reading.roles,
        closed=reading.cohort == "closed",
        periods=tuple(periods),
        shown=(0,),
        labels=labels,
        part=np.array([int(label or 0) for (label,) in tally.labels], np.int64),
        apart=not metric.statistic.joins_facets,
        doubted=(),
        as_of_day=moment.day,
        limits=limits or metric.limits_of_doubt,
    )
    counts = Counts(CellTable.whole(grid))
    values = metric.statistic.value(counts)
    met = np.zeros(grid.strata, bool)
    met[counts.cells.stratum] = True
    none = np.repeat(~met, len(periods))  # no record at all is no figure, whatever a statistic makes of nothing
    values = attrs.evolve(values, why=np.where(none, WHYS.index(NO_DATA), values.why))
    return Figured(tally.facets if grid.apart and tally.facets else ("",), completions, tuple(periods), values)


def _grouped(records: Records, completion: npt.NDArray[np.intp], labels: Sequence[tuple[str]]) -> Records:
    """Return records with a code that says which completion each belongs to."""
    codes = Codes((completion + 1).astype(np.int32), tuple(label for (label,) in labels), closed=False)
    columns: dict[str, Any] = {name: records.column(name) for name in records.loaded}
    kind: Any = type(records)
    return _with_group(kind)({**columns, GROUP: codes}, len(records), records.doubts)


@lru_cache(maxsize=64)
def _with_group(kind: Any) -> type[Records]:
    return type(kind.__name__, (kind,), {GROUP: code(missing="none"), "__module__": kind.__module__}, name=kind.name)


SIZES: Final = (3, 4, 5)
"""How many records a table has in which two are put in doubt."""
VALUES: Final = 6
"""How many values are tried that a field in doubt may turn out to have."""
LATER: Final = 700
"""How many days after the as-of those are looked at again that were open then."""


@attrs.frozen(eq=False, repr=False, slots=False)
class Spoilt:
    """Rows as they are delivered, some of them in doubt, and all that these may be.

    sure: the rows of which nothing is in doubt. may_be: for each of the others, the rows that it may be. left_out:
    whether it may be one that the metric leaves out. field: a question that does not read it is not concerned.
    blank: whether a code is blank in a way that is doubt. later: whether what they may be is what happens to them after
    the as-of. all_or_none: whether a table is not tried
    of which a metric cannot be asked about all that the rows may be.
    """

    given: InventedTable
    sure: tuple[Row, ...]
    may_be: tuple[tuple[Row, ...], ...]
    left_out: bool
    field: str
    why: str
    blank: bool = False
    later: bool = False
    all_or_none: bool = False

    @cached_property
    def completed(self) -> InventedTable:
        """Every row that is part of a completion, each once, under a key of its own."""
        rows = [*self.sure, *itertools.chain.from_iterable(self.may_be)]
        kind = self.given.kind
        return InventedTable((with_key(kind, row, key) for key, row in enumerate(rows, start=1)), kind, self.given.zone)

    @property
    def positions(self) -> Sequence[npt.NDArray[np.intp]]:
        """The places in `completed` of the sure rows, and of what each other row may be."""
        ends = np.cumsum([len(self.sure), *map(len, self.may_be)])
        return np.split(np.arange(ends[-1]), ends[:-1])

    def settled_at(self, as_of: str) -> str:
        """Return the moment at which the completions are looked at."""
        if not self.later:
            return as_of
        return f"{dt.date.fromisoformat(as_of[:10]) + dt.timedelta(days=LATER)}{as_of[10:]}"


@lru_cache(maxsize=KEPT)
def spoilt_tables(invented: Invented) -> tuple[Spoilt, ...]:
    """Return tables of a record type with each thing in doubt that there can be; made once for all its metrics."""
    maker = Maker(invented.kind, invented.around, invented.zone, Random(7), invented.edges)  # noqa: S311  nothing is secret
    return tuple(_Spoiler(maker).all())


@attrs.frozen
class _Spoiler:
    maker: Maker

    @property
    def kind(self) -> type[Records]:
        return self.maker.kind

    def all(self) -> Iterator[Spoilt]:
        """Yield every table."""
        key = self.kind.key_field()
        if key is None:
            return
        wrong = {field: value for (field, _), value in faults(self.kind).items() if field != key}
        for name, value in wrong.items():
            yield from self._in_field(name, value, f"a faulty {name}", left_out=True)
        for name, field in self.kind.fields.items():
            undated = field.column_type.is_date and field.required
            if field.known_with is None and (field.blank_is_doubt or undated):
                yield from self._in_field(name, None, f"a {name} that nobody knows", left_out=False)
            elif field.blank_is_doubt:
                yield from self._not_stated(name, str(field.known_with))
            if field.records is not None:
                yield from self._in_children(name, field.records, key)
        yield from self._open()

    def _table(self, rows: int) -> list[Row]:
        return self.maker.table(rows)

    def _in_field(self, name: str, value: object, why: str, *, left_out: bool) -> Iterator[Spoilt]:
        rows = self._table(self.maker.random.choice(SIZES))
        field = self.kind.fields[name]
        may_be = [self._with_values(row, name, field, blank=left_out) for row in rows[:2]]
        given = [{**row, name: value} for row in rows[:2]] + rows[2:]
        blank = value is None and field.column_type.is_code
        yield self._spoilt(given, rows[2:], may_be, name, why, left_out=left_out, blank=blank)

    def _not_stated(self, name: str, event: str) -> Iterator[Spoilt]:
        """Yield a table with a code that nobody stated although the event has come with which it is known."""
        moment, begins = AsOf.at(self.maker.around, zone=self.maker.zone), self.kind.begins()
        rows = [row for row in self._table(4 * len(SIZES)) if begins is None or row[begins] is not None]
        known = [row for row in rows if (known_at(row, self.kind, moment) or {}).get(event) is not None]
        may_be = [[{**row, name: label} for label in self._labels(self.kind.fields[name])] for row in known[:2]]
        if may_be:
            sure = [row for row in rows if row not in known[:2]][: self.maker.random.choice(SIZES)]
            given = [{**row, name: None} for row in known[:2]]
            why = f"a {name} that nobody stated"
            yield self._spoilt([*given, *sure], sure, may_be, name, why, left_out=False, blank=True)

    @staticmethod
    def _labels(field: Field[Any]) -> Sequence[str]:
        return (field.labels or OPEN_LIST)[:VALUES]

    def _spoilt(
        self,
        given: Sequence[Row],
        sure: Sequence[Row],
        may_be: Sequence[Sequence[Row]],
        field: str,
        why: str,
        **more: Any,
    ) -> Spoilt:
        table = InventedTable(given, self.kind, self.maker.zone)
        return Spoilt(table, tuple(sure), tuple(map(tuple, may_be)), field=field, why=why, **more)

    def _with_values(self, row: Row, name: str, field: Field[Any], *, blank: bool) -> list[Row]:
        """Return a row with each value that one of its fields may have, its own first."""
        values = self._values(row[name], field, row.get(self.kind.begins() or ""), begins=name == self.kind.begins())
        if not blank or (not field.column_type.is_date and field.missing is None):
            values = [value for value in values if value is not None]
        made = ({**row, name: value} for value in values)
        return [each for each in made if _codes_follow(self.kind, each)]

    def _values(self, own: Any, field: Field[Any], began: dt.date | None, *, begins: bool = False) -> list[Any]:
        if field.column_type.is_code:
            drawn: list[Any] = [*(field.labels or OPEN_LIST), None]
        else:
            drawn = [self.maker.drawn(field, began, begins=begins) for _ in range(2 * VALUES)] + [None]
        different = list(dict.fromkeys([own, *drawn]))
        return different if len(different) <= VALUES else [*different[: VALUES - 1], None]

    def _in_children(self, name: str, kind: type[Records], key: str) -> Iterator[Spoilt]:
        below = attrs.evolve(self.maker, kind=kind)
        for (field, _), value in faults(kind).items():
            if field == key:
                continue
            rows = [self._with_child(row, name, below, key) for row in self._table(self.maker.random.choice(SIZES))]
            given = [_first_child(row, name, {field: value}) for row in rows[:2]] + rows[2:]
            spoiler = _Spoiler(below)
            may_be = [
                [
                    _first_child(row, name, changed)
                    for changed in spoiler._with_values(row[name][0], field, kind.fields[field], blank=True)
                ]
                for row in rows[:2]
            ]
            yield self._spoilt(given, rows[2:], may_be, f"{name}.{field}", f"a faulty {name}.{field}", left_out=False)
        rows = self._table(self.maker.random.choice(SIZES))
        stray = {**below.row(0, self._begun(rows[0])), key: 99 + fresh_key(self.kind, rows)}
        given = [{**rows[0], name: [*rows[0][name], stray]}, *rows[1:]]
        its = {**rows[0], name: [*rows[0][name], {**stray, key: rows[0][key]}]}
        why = f"a row of {name} of nobody"
        yield self._spoilt(given, rows[1:], [[rows[0], its]], name, why, left_out=False, all_or_none=True)

    def _with_child(self, row: Row, name: str, below: Maker, key: str) -> Row:
        if row[name]:
            return row
        return {**row, name: [{**below.row(0, self._begun(row)), key: row[key]}]}

    def _begun(self, row: Row) -> dt.date:
        return row.get(self.kind.begins() or "") or self.maker.around - dt.timedelta(days=90)

    def _open(self) -> Iterator[Spoilt]:
        """Yield tables of what was known at the as-of, in which what was open then ends later."""
        moment = AsOf.at(self.maker.around, zone=self.maker.zone)
        begins = self.kind.begins()
        events = [name for name, field in self.kind.fields.items() if field.is_event and name != begins]
        for _ in range(2 if events else 0):
            known = [known_at(row, self.kind, moment) for row in self._table(3 * len(SIZES))]
            rows = [row for row in known if row is not None]
            open_ = [row for row in rows if None in [row[name] for name in events]][:2]
            if not open_:
                return
            sure = [row for row in rows if row not in open_][:3]
            may_be = [[self._ended(row, events) for _ in range(VALUES)] for row in open_]
            yield self._spoilt([*open_, *sure], sure, may_be, begins or "", "open cases", left_out=False, later=True)

    def _ended(self, row: Row, events: Sequence[str]) -> Row:
        """Return a row to which some of what had not happened at the as-of happens later, one thing after the other."""
        ended, random = dict(row), self.maker.random
        day = self.maker.around + dt.timedelta(days=random.randrange(3))
        for name in events:
            if row[name] is None and random.randrange(3):
                day += dt.timedelta(days=random.choice((0, 1, 20, 90)))
                ended[name] = self.maker.date_on(self.kind.fields[name], day)
        for name, field in self.kind.fields.items():
            if field.known_with in events and row[str(field.known_with)] is None and ended[str(field.known_with)]:
                ended[name] = random.choice(field.labels or ("north", "south"))
        return ended


def _first_child(row: Row, name: str, changed: Mapping[str, Any]) -> Row:
    first, *others = row[name]
    return {**row, name: [{**first, **changed}, *others]}


def _codes_follow(kind: type[Records], row: Row) -> bool:
    """Return whether no code is there without the date that it is known with."""
    return all(
        field.known_with is None or row[field.known_with] is not None or row[name] is None
        for name, field in kind.fields.items()
    )
