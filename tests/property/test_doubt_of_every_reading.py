"""Every shipped metric under every combination of its readings, each blank that is doubt filled in every way.

The completions are measured with the metric itself and compared with the interval of the file with the blanks. Where a
metric or a reading says what the blank itself is ("one that was not assessed counts as one without", "time whose cause
is not stated"), the field declares it as a fact, by `missing`, and it is no doubt.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import Any

import attrs
import numpy as np
import pytest

pytest.importorskip("casequality_case_flow")
pytest.importorskip("pyarrow")

from casequality.days import period
from casequality.deadlines import load_deadlines
from casequality.desk.offered import find_metric
from casequality.metrics import UNKNOWN, AsOf, Metric, Reading, Tally, conclude, contributed, fields_read
from casequality.records import Records
from casequality.testing.invented import InventedTable, Row, Subject, figured, known_at, with_key
from casequality.testing.invented.row_factory import OPEN_LIST, Maker
from tests.factories.stored_tallies import DEADLINES, FOUND

MOST = 48
"""How many combinations of readings are tried of one metric."""
TABLES = 4
ROWS, DOUBTED, SURE = 24, 2, 8


@attrs.frozen
class Blanks:
    """A table with blanks that are doubt, and the rows that each of those with one may be."""

    field: str
    given: InventedTable
    sure: Sequence[Row]
    may_be: Sequence[Sequence[Row]]


def blanks_of(kind: type[Records], maker: Maker) -> Iterator[Blanks]:
    """Yield a table for each code of a record type, or of its child rows, whose blank is doubt."""
    for name, field in kind.fields.items():
        if field.blank_is_doubt and field.column_type.is_code:
            labels = (field.labels or OPEN_LIST)[:6]

            def filled(row: Row, label: str | None, name: str = name) -> Row:
                return {**row, name: label}

            yield from _table(kind, maker, name, labels, filled, str(field.known_with or ""))
        if field.records is not None:
            for below, each in field.records.fields.items():
                if each.blank_is_doubt and each.column_type.is_code:

                    def first(row: Row, label: str | None, name: str = name, below: str = below) -> Row:
                        one, *others = row[name] or [None]
                        return row if one is None else {**row, name: [{**one, below: label}, *others]}

                    labels = (each.labels or OPEN_LIST)[:4]
                    yield from _table(kind, maker, f"{name}.{below}", labels, first, "", child=name)


def _table(
    kind: type[Records], maker: Maker, field: str, labels: Sequence[str], filled: Any, event: str, child: str = ""
) -> Iterator[Blanks]:
    moment, begins = AsOf.at(maker.around, zone=ZONE), kind.begins()
    rows = [row for row in maker.table(ROWS) if begins is None or row[begins] is not None]
    fit = [row for row in rows if not child or row[child]]
    fit = [row for row in fit if not event or (known_at(row, kind, moment) or {}).get(event) is not None]
    doubted = fit[:DOUBTED]
    if doubted:
        sure = [row for row in rows if row not in doubted][:SURE]
        given = [filled(row, None) for row in doubted]
        may_be = [[filled(row, label) for label in labels] for row in doubted]
        yield Blanks(field, InventedTable([*given, *sure], kind, ZONE), sure, may_be)


def combinations(metric: Metric) -> list[Reading]:
    """Return a metric under its readings in every combination, or in some of very many."""
    names = list(metric.readings)
    every = list(itertools.product(*(metric.readings[name].alternatives for name in names)))
    some = every if len(every) <= MOST else Random(1).sample(every, MOST)
    return [metric.under(dict(zip(names, each, strict=True))) for each in some]


ZONE = "Europe/Copenhagen"
METRICS = sorted(FOUND.metrics)
RULES = tuple(load_deadlines(DEADLINES))


def settled(subject: Subject, reading: Reading, table: Blanks) -> Mapping[tuple[str, Any], set[Fraction]]:
    """Return the figures of all completions by facet and period."""
    moment, kind = subject.moment(), subject.metric.records
    rows = [*table.sure, *itertools.chain.from_iterable(table.may_be)]
    block = InventedTable((with_key(kind, row, key) for key, row in enumerate(rows, 1)), kind, ZONE).block
    assert block is not None
    assert len(block.records) == len(rows)
    known = block.records.known_at(moment.instant, moment.known_before)
    given: Any = contributed(subject.metric, known, moment.for_block(len(known)))
    unsettled = np.array([reading.roles.get(name) is UNKNOWN for name in subject.metric.outcomes.names])
    # what the metric does not know of a completed row either completes nothing
    lost = np.zeros(len(rows), bool)
    for each in given.values() if isinstance(given, Mapping) else [given]:
        lost |= unsettled[each.outcome]
    ends = np.cumsum([len(table.sure), *map(len, table.may_be)])
    sure, *others = np.split(np.arange(ends[-1]), ends[:-1])
    chosen = list(itertools.product(*(each[~lost[each]] for each in others)))
    if not chosen:
        return {}
    places = [np.concatenate([sure, np.array(each, np.intp)]) for each in chosen]
    completion = np.repeat(np.arange(len(chosen)), [len(each) for each in places])
    records = block.records[np.concatenate(places)]
    found = figured(reading, records, completion, len(chosen), moment=moment, periods=periods(subject))
    return {place: {Fraction(*pair) for pair in pairs} for place, pairs in found.exact().items()}


def periods(subject: Subject) -> list[Any]:
    return [period(f"{subject.day.year}{part}") for part in ("", "-H1", "-Q3", "-10")]


@pytest.mark.parametrize("name", [name for name in METRICS if find_metric(name, FOUND).readings])
def test_no_blank_is_more_certain_under_a_reading_than_what_it_may_be(name: str) -> None:
    metric = find_metric(name, FOUND)
    as_of = "2017-12-20" if name.startswith("citizens-adviser") else "2010-12-20"
    subject = Subject(metric, deadlines=RULES, as_of=as_of)
    for seed in range(TABLES):
        maker = Maker(metric.records, subject.day, ZONE, Random(seed), subject.edges)
        tables = list(blanks_of(metric.records, maker))
        counted: dict[Any, Tally] = {}
        for reading in combinations(metric):
            asked = attrs.evolve(subject, metric=reading.metric)
            read = fields_read(reading.metric, asked.moment())
            for table in (each for each in tables if each.field in read):
                place = (reading.metric, table.field)
                counted[place] = counted[place] if place in counted else asked.tally(table.given)
                measured = conclude(counted[place], reading, periods=periods(asked), as_of_day=asked.moment().day)
                exact = settled(asked, reading, table)
                for figure in measured:
                    values = exact.get((figure.facet, figure.period), set())
                    # a number of cases is 0 of records that do not count, and none of no records
                    lost = {each for each in values if each or not metric.statistic.is_count}
                    assert figure.value.possible or not lost, (reading.chosen, table.field)
                    for value in values if figure.value.possible else ():
                        assert figure.low is None or figure.low <= value, (reading.chosen, table.field)
                        assert figure.high is None or value <= figure.high, (reading.chosen, table.field)
