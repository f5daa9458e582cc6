"""One reader for each kind of source: it offers the names of the columns, and their cells batch by batch."""

from casequality.records.intake.readers.csv_files import CsvTable
from casequality.records.intake.readers.excel import ExcelTable
from casequality.records.intake.readers.frames import SparkTable, numbered
from casequality.records.intake.readers.in_memory import TypedTable
from casequality.records.intake.readers.opening import SeveralFiles, opened, origins
from casequality.records.intake.readers.parquet import ParquetTable
from casequality.records.intake.readers.spool import Once, Partitions

__all__ = [
    "CsvTable",
    "ExcelTable",
    "Once",
    "ParquetTable",
    "Partitions",
    "SeveralFiles",
    "SparkTable",
    "TypedTable",
    "numbered",
    "opened",
    "origins",
]
