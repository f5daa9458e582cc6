"""Facts as typed, read-only columns; intake from any table; findings."""

from casequality.records.children import Children
from casequality.records.codes import Codes
from casequality.records.doubt import Doubts, Taint
from casequality.records.fields import Field, amount, code, count, day, flag, instant, key, many, span
from casequality.records.findings import Finding, Findings
from casequality.records.intake.blocks import Block
from casequality.records.intake.dialect import Dialect
from casequality.records.intake.keys import KeyOrder
from casequality.records.intake.merge_join import OutOfOrder
from casequality.records.intake.origin import Origin
from casequality.records.intake.reading import Part, Reading
from casequality.records.intake.source import Source
from casequality.records.intake.sources import source
from casequality.records.rules import Ordered, Rule, Sum, ordered, sums
from casequality.records.schema import Records

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
