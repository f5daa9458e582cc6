"""What laws are tried on: invented rows, the subject of a trial, and the completions of records in doubt."""

from casequality.testing.invented.completions import Spoilt, each_reading, figured, spoilt_tables
from casequality.testing.invented.own_statistics import PARTS, Trial
from casequality.testing.invented.row_factory import (
    AROUND,
    ZONE,
    Row,
    faults,
    fresh_key,
    instants,
    known_at,
    shown,
    with_key,
)
from casequality.testing.invented.subject import (
    Broken,
    Inapplicable,
    InventedTable,
    Law,
    MetricAnswer,
    ObservedRows,
    Subject,
    broken,
    invented,
    source_of,
    try_tables,
)

__all__ = [
    "AROUND",
    "PARTS",
    "ZONE",
    "Broken",
    "Inapplicable",
    "InventedTable",
    "Law",
    "MetricAnswer",
    "ObservedRows",
    "Row",
    "Spoilt",
    "Subject",
    "Trial",
    "broken",
    "each_reading",
    "faults",
    "figured",
    "fresh_key",
    "instants",
    "invented",
    "known_at",
    "shown",
    "source_of",
    "spoilt_tables",
    "try_tables",
    "with_key",
]
