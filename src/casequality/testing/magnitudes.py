"""The law of numbers: they are taken whole, up to what the type holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import numpy as np

from casequality.arrays import MISSING
from casequality.metrics.trace import fields_read
from casequality.records import Field
from casequality.records.intake.number_texts import LARGEST
from casequality.testing.invented import Table
from casequality.testing.law import Inapplicable, broken
from casequality.testing.rows import Row
from casequality.testing.said import Said
from casequality.testing.subject import Subject

FEW: Final = 8
"""How many invented tables are tried for each field."""
SMALL: Final = 5
WRAPPED: Final = 1 << 32
"""Numbers so far apart are one and the same to a type of four bytes, or fewer."""
HUGE: Final = LARGEST - 2
"""The greatest number but one that is read; the sum of a few such fits in eight bytes, and not in a float."""
NEARLY: Final = 1 << 20
"""A number that is off by less than such a part is off by rounding."""
NUMBERS: Final = ("count", "amount", "span")
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
        if field.kind in NUMBERS:
            yield ("", name), field
        for below, each in field.records.fields.items() if field.records is not None else ():
            if each.kind in NUMBERS:
                yield (name, below), each


def _check(subject: Subject, rows: Table, path: tuple[str, str], field: Field[Any]) -> None:
    def said(number: int) -> Said | None:
        changed = rows.changed(f"{path} {number}", lambda: [_with(row, path, _value(field, number)) for row in rows])
        if changed.block is None or changed.block.records.in_doubt(changed.block.records.loaded) is not None:
            return None  # a rule across fields holds no longer
        return subject.said(subject.seen(changed))

    answers = [said(number) for number in (SMALL, SMALL + 1, SMALL + WRAPPED, HUGE, HUGE + 1)]
    own = subject.seen(rows).rows
    for facet, part in answers[0].parts if answers[0] is not None else ():
        if part not in PARTS or any(each is None or len(each) != len(own) for each in answers):
            continue
        small, next_, wrapped, huge, beyond = (
            each.parts[facet, part].astype(object) for each in answers if each is not None
        )
        there = np.array([MISSING not in some for some in zip(small, next_, wrapped, huge, beyond, strict=True)])
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
    if field.kind == "span":  # whole seconds where they fit, since metrics may count in them
        return dt.timedelta(seconds=number) if number < HUGE else dt.timedelta(microseconds=number)
    return number if field.kind == "count" else Decimal(number).scaleb(-field.decimals)
