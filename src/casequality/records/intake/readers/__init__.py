"""One reader for each kind of source: it offers the names of the columns, and their cells batch by batch."""

from casequality.records.intake.readers.excel import looks_like_totals
from casequality.records.intake.readers.frames import SparkTable, numbered
from casequality.records.intake.readers.in_memory import RepeatedCells, TypedTable
from casequality.records.intake.readers.opening import SeveralFiles, opened, origins
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
from casequality.records.intake.readers.workbook import Row

__all__ = [
    "CPR",
    "DATE",
    "NONE_WORDS",
    "NUMBER",
    "FileLayout",
    "Head",
    "LaidOut",
    "Partitions",
    "RepeatedCells",
    "Row",
    "SeveralFiles",
    "SparkTable",
    "Spool",
    "TypedTable",
    "laid_out",
    "looks_like_totals",
    "numbered",
    "opened",
    "origins",
]
