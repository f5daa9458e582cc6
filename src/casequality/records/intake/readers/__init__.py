"""One reader for each kind of source: it offers the names of the columns, and their cells batch by batch."""

from casequality.records.intake.readers.databases import Database
from casequality.records.intake.readers.folders import WithFolders
from casequality.records.intake.readers.frames import SparkTable, numbered
from casequality.records.intake.readers.in_memory import TypedTable
from casequality.records.intake.readers.opening import Delivery, SeveralFiles, by_file_name, delivery, opened, origins
from casequality.records.intake.readers.remote import RemoteStore, is_url, without_secrets
from casequality.records.intake.readers.sheets.cells import RepeatedCells
from casequality.records.intake.readers.sniffing import (
    CPR,
    DATE,
    NONE_WORDS,
    NUMBER,
    FileLayout,
    Head,
    LaidOut,
    laid_out,
)
from casequality.records.intake.readers.spool import Partitions, Spool

__all__ = [
    "CPR",
    "DATE",
    "NONE_WORDS",
    "NUMBER",
    "Database",
    "Delivery",
    "FileLayout",
    "Head",
    "LaidOut",
    "Partitions",
    "RemoteStore",
    "RepeatedCells",
    "SeveralFiles",
    "SparkTable",
    "Spool",
    "TypedTable",
    "WithFolders",
    "by_file_name",
    "delivery",
    "is_url",
    "laid_out",
    "numbered",
    "opened",
    "origins",
    "without_secrets",
]
