"""Facts as typed, read-only columns: what a record type declares, and what is wrong with the rows of a source."""

from casequality.records.facts.column_types import (
    COLUMN_TYPES,
    Amount,
    ColumnType,
    Count,
    DateType,
    Declared,
    Instant,
    NumberType,
    Span,
)
from casequality.records.facts.columns import Children, Codes, index_type
from casequality.records.facts.faults import KNOWN_FAULTS
from casequality.records.facts.fields import Field, amount, code, count, day, flag, instant, key, many, span
from casequality.records.facts.findings import (
    FINDING_HEADERS,
    Doubts,
    FieldNames,
    Finding,
    Findings,
    Taint,
    either,
    write_findings,
)
from casequality.records.facts.rules import Ordered, Rule, Sum, ordered, sums
from casequality.records.facts.schema import Column, Records

__all__ = [
    "COLUMN_TYPES",
    "FINDING_HEADERS",
    "KNOWN_FAULTS",
    "Amount",
    "Children",
    "Codes",
    "Column",
    "ColumnType",
    "Count",
    "DateType",
    "Declared",
    "Doubts",
    "Field",
    "FieldNames",
    "Finding",
    "Findings",
    "Instant",
    "NumberType",
    "Ordered",
    "Records",
    "Rule",
    "Span",
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
    "write_findings",
]
