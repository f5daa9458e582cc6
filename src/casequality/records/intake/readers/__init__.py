"""One reader for each kind of source: it offers the names of the columns, and their cells batch by batch."""

from casequality.records.intake.readers.database import Database
from casequality.records.intake.readers.frames import SparkTable, numbered
from casequality.records.intake.readers.in_memory import TypedTable
from casequality.records.intake.readers.opening import SeveralFiles, opened, origins
from casequality.records.intake.readers.spool import Partitions, Spool

__all__ = [
    "Database",
    "Partitions",
    "SeveralFiles",
    "SparkTable",
    "Spool",
    "TypedTable",
    "numbered",
    "opened",
    "origins",
]
