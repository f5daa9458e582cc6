"""Facts as typed, read-only columns: what a record type declares, and what is wrong with the rows of a source."""

from casequality.records.facts.columns import Children, Codes, index_type
from casequality.records.facts.fields import (
    Field,
    Kind,
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
from casequality.records.facts.findings import Doubts, FieldNames, Finding, Findings, Taint, either
from casequality.records.facts.schema import DTYPES, Column, Records

__all__ = [
    "DTYPES",
    "Children",
    "Codes",
    "Column",
    "Doubts",
    "Field",
    "FieldNames",
    "Finding",
    "Findings",
    "Kind",
    "Ordered",
    "Records",
    "Rule",
    "Sum",
    "Taint",
    "amount",
    "code",
    "count",
    "day",
    "either",
    "flag",
    "index_type",
    "instant",
    "key",
    "many",
    "ordered",
    "span",
    "sums",
]
