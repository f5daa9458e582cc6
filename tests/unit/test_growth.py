"""What took time that grew with the square: calls are counted for so much, twice and four times so much, not seconds.

How a page of many goals grows is in `reports/test_report_of_many_goals.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from casequality.metrics.bounds import time_to_end
from casequality.showing import TextTable
from tests.factories.growth import grows_evenly
from tests.factories.measurements import measured
from tests.factories.tallies import Told, entry


def table(rows: int) -> TextTable:
    return TextTable(
        caption="Figures",
        headers=("period", "figure", "goal"),
        rows=tuple((f"week {number}", f"{number}.5 %", "met") for number in range(rows)),
        numeric=(False, True, False),
    )


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_a_table_takes_as_long_for_each_row(form: str) -> None:
    def shown(rows: int) -> Callable[[], object]:
        made = table(rows)
        return getattr(made, form)  # type: ignore[no-any-return]

    assert grows_evenly(shown, 50)


def test_what_is_not_shown_of_a_long_table_is_not_written_either() -> None:
    short, long = (table(rows).first().html() for rows in (2_000, 4_000))
    assert len(short) == len(long)


def test_a_time_to_an_end_takes_as_long_for_each_distinct_time() -> None:
    def asked(times: int) -> Callable[[], object]:
        ended = np.zeros(times, np.int64), np.arange(times), np.ones(times, np.int64)
        waited = np.zeros(times, np.int64), np.arange(times) + times // 3, np.ones(times, np.int64)
        return lambda: time_to_end(1, ended, waited, Fraction(1, 2))

    assert grows_evenly(asked, 5_000)


def test_a_figure_takes_as_long_however_many_there_are() -> None:
    def concluded(offices: int) -> Callable[[], object]:
        rows = [entry(f"2010-0{1 + number % 6}-05", office=f"office {number}") for number in range(offices)]
        return lambda: measured(Told, rows, by=("office", "month"), periods=("2010",))

    assert grows_evenly(concluded, 80)
