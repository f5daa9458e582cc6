"""One reader for each kind of source: it offers the names of the columns, and their cells batch by batch."""

from casequality.records.intake.readers.frames import SparkTable, numbered
from casequality.records.intake.readers.in_memory import TypedTable
from casequality.records.intake.readers.opening import Delivery, SeveralFiles, delivery, opened, origins
from casequality.records.intake.readers.remote import is_url, without_secrets
from casequality.records.intake.readers.spool import Partitions, Spool

__all__ = [
    "Delivery",
    "Partitions",
    "SeveralFiles",
    "SparkTable",
    "Spool",
    "TypedTable",
    "delivery",
    "is_url",
    "numbered",
    "opened",
    "origins",
    "without_secrets",
]
