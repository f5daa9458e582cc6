"""Facts as typed, read-only columns; intake from any table; findings."""

from casequality.records.facts.columns import Children, Codes
from casequality.records.facts.fields import (
    Field,
    Ordered,
    Rule,
    Sum,
    amount,
    code,
    count,
    day,
    flag,
    instant,
    key,
    many,
    ordered,
    span,
    sums,
)
from casequality.records.facts.findings import Doubts, Finding, Findings, Taint
from casequality.records.facts.schema import Records
from casequality.records.intake.blocks import Block
from casequality.records.intake.cells.cells import KeyOrder
from casequality.records.intake.cells.dialect import Dialect
from casequality.records.intake.cells.tables import Origin
from casequality.records.intake.joins import OutOfOrder
from casequality.records.intake.reading import Part, Reading
from casequality.records.intake.source import Source, source

__all__ = [
    "Block",
    "Children",
    "Codes",
    "Dialect",
    "Doubts",
    "Field",
    "Finding",
    "Findings",
    "KeyOrder",
    "Ordered",
    "Origin",
    "OutOfOrder",
    "Part",
    "Reading",
    "Records",
    "Rule",
    "Source",
    "Sum",
    "Taint",
    "amount",
    "code",
    "count",
    "day",
    "flag",
    "instant",
    "key",
    "many",
    "ordered",
    "source",
    "span",
    "sums",
]
