"""Benefit cases from an Excel sheet, beside the reader that looks at its cells and does nothing with them."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from tests.benchmark.contest import OWN, Comparison, Given, Job, Work
from tests.benchmark.jobs import benefits

OPENPYXL = "openpyxl, cells alone"


def benefits_in_a_sheet(given: Given) -> Work:
    """Measure as a user does, with all checks: errors, formulas without a value, merges and hidden rows looked for."""
    return benefits.counting(given)


def cells_alone(given: Given) -> Work:
    """Read every cell of the sheet, in its fastest way, and count the rows."""
    import openpyxl

    def run() -> Any:
        with closing(openpyxl.load_workbook(given.path, read_only=True, data_only=True)) as book:
            return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)) - 1

    return Work(run, lambda rows: {"rows": rows})


JOB = Job(
    name="benefits-xlsx",
    title="Benefit cases from an Excel sheet of a tenth of the rows: decided in time by type and half-year",
    data="benefits-xlsx",
    contenders={OWN: benefits_in_a_sheet, OPENPYXL: cells_alone},
    comparisons=(Comparison("time against", (OPENPYXL,), 0.6), Comparison("peak memory in MB")),
)
