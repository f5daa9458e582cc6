"""Laws of values: numbers are taken whole, however great or small, and a code that nobody knows is set aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from casequality.days import MISSING
from casequality.metrics import contributed, fields_read
from casequality.records import LARGEST, Codes, Field, NumberType, Records, Span
from casequality.testing.invented import Inapplicable, InventedTable, MetricAnswer, Row, Subject, broken, source_of

FEW: Final = 8
"""How many invented tables are tried for each field."""
SMALL: Final = 5
WRAPPED: Final = 1 << 32
"""Numbers so far apart are one and the same to a type of four bytes, or fewer."""
HUGE: Final = LARGEST - 2
"""The greatest number but one that is read; the sum of a few such fits in eight bytes, and not in a float."""
NEARLY: Final = 1 << 20
"""A number that is off by less than such a part is off by rounding."""
PARTS: Final = ("amount", "bins", "times")
WAY_OUT: Final = "count in int64 from the first step to the last: no astype to a smaller type, no float between"


def numbers(subject: Subject) -> None:
    """Refuse an answer for which two numbers are one: because they were cut to four bytes, or rounded as floats."""
    read = fields_read(subject.metric, subject.moment())
    fields = [(path, field) for path, field in _number_fields(subject) if ".".join(filter(None, path)) in read]
    if not fields:
        raise Inapplicable("the metric reads no numbers")
    for path, field in fields:
        for rows in subject.invented.tables(min(FEW, subject.examples)):
            _check(subject, rows, path, field)


def _number_fields(subject: Subject) -> Iterator[tuple[tuple[str, str], Field[Any]]]:
    """Yield the fields that hold numbers, each with the name of its child table, "" for none, and its own."""
    for name, field in subject.metric.records.fields.items():
        if field.column_type.is_number:
            yield ("", name), field
        for below, each in field.records.fields.items() if field.records is not None else ():
            if each.column_type.is_number:
                yield (name, below), each


def _check(subject: Subject, rows: InventedTable, path: tuple[str, str], field: Field[Any]) -> None:
    def said(number: int) -> MetricAnswer | None:
        changed = rows.changed(f"{path} {number}", lambda: [_with(row, path, _value(field, number)) for row in rows])
        if changed.block is None or changed.block.records.in_doubt(changed.block.records.loaded) is not None:
            return None  # a rule across fields holds no longer
        return subject.said(subject.seen(changed))

    answers = [said(number) for number in (SMALL, SMALL + 1, SMALL + WRAPPED, HUGE, HUGE + 1)]
    own = subject.seen(rows).rows
    for facet, part in answers[0].parts if answers[0] is not None else ():
        if part not in PARTS or any(each is None or len(each) != len(own) for each in answers):
            continue
        # as Python's own numbers: a step times the greatest of them would leave int64
        small, next_, wrapped, huge, beyond = (
            each.parts[facet, part].astype(object) for each in answers if each is not None
        )
        there = np.array([MISSING not in some for some in zip(small, next_, wrapped, huge, beyond, strict=True)], bool)
        step = next_ - small
        cut = there & (step != 0) & (wrapped == small)
        straight = there & (step != 0) & (abs(huge - small - step * (HUGE - SMALL)) * NEARLY <= abs(huge))
        name = ".".join(filter(None, path))
        for mask, what in (
            (cut, f"With a {name} of {SMALL}, and with one that is greater by {WRAPPED}, there is one and the same"),
            (straight & (beyond - huge != step), f"From a {name} of {HUGE} to the next there is not the usual step in"),
        ):
            if len(found := np.flatnonzero(mask)):
                broken(f"{what} {part}", rows=[own[int(found[0])]], way_out=WAY_OUT)


def _with(row: Row, path: tuple[str, str], value: Any) -> Row:
    table, name = path
    if not table:
        return {**row, name: value}
    return {**row, table: [{**child, name: value} for child in row[table]]}


def _value(field: Field[Any], number: int) -> Any:
    held = field.column_type
    assert isinstance(held, NumberType)
    if isinstance(held, Span) and number < HUGE:  # whole seconds where they fit, since metrics may count in them
        return dt.timedelta(seconds=number)
    return held.value(number, field)


def unknown_codes(subject: Subject) -> None:
    """Refuse a label that is compared with an open list of codes, and a record counted in spite of an unknown label.

    A label that is the value of one of the metric's fields may be compared with an open list.
    """
    kind, rows = subject.metric.records, subject.corpus(200)
    compared: set[str] = set()
    seen = subject.seen(rows)
    contributed(subject.metric, _watched(seen.records, compared), seen.moment.for_block(len(seen.records)))
    if undeclared := compared - {str(value) for value in subject.metric.parameters().values()}:
        broken(
            f"An open list of codes is compared with {', '.join(sorted(undeclared))}",
            way_out="declare the labels in the field, code('...', '...'), so that a misspelt one is found",
        )
    read = fields_read(subject.metric, subject.moment())
    for name, field in kind.fields.items():
        if field.column_type.is_code and field.labels and name in read:
            _check_set_aside(subject, name, rows[:3])


def _check_set_aside(subject: Subject, name: str, rows: list[Row]) -> None:
    field = subject.metric.records.fields[name]
    wrong = [{**row, name: field.column_type.faults(field)["unknown code"]} for row in rows]
    [block] = source_of(wrong, subject.metric.records, subject.zone).reading([name]).parts[0].blocks()
    aside = block.records.in_doubt([name])
    if aside is None or not aside.all():
        broken(f"An unknown {name} is counted", rows=wrong, way_out="report it: intake must set it aside")


def _watched(records: Records, compared: set[str]) -> Records:
    """Return the same records, whose open codes note the labels that they are compared with."""

    class Watched(Codes):
        def _index(self, label: str) -> int:
            if not self.closed:
                compared.add(label)
            return super()._index(label)

    columns = {name: records.column(name) for name in records.loaded}
    for name, column in columns.items():
        if isinstance(column, Codes):
            columns[name] = Watched(column.indices, column.labels, column.closed)
    return type(records)(columns, len(records))
