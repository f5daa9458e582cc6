"""How a figure of a full count changed from one period to another, and what records in doubt leave open."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

import casequality as cq
from casequality.errors import UsageError
from casequality.evidence import FigureChange
from tests.unit.desk.test_findings_of_figures import Kept, letters


def changed(*months: tuple[str, str, int, int, int]) -> FigureChange:
    found = cq.measure(Kept(), letters(*months), as_of="2011-01-01", by="month").difference("2010-02", "2010-01")
    assert isinstance(found, FigureChange)
    return found


def test_a_settled_change_is_exact() -> None:
    found = changed(("2010-01", "A", 6, 4, 0), ("2010-02", "A", 9, 3, 0))
    assert [found.earlier, found.later, found.value] == [Fraction(60), Fraction(75), Fraction(15)]
    assert [found.low, found.high] == [Fraction(15), Fraction(15)]
    assert found.shown
    assert found.words.en == "From 60.0 to 75.0 %: 15.0 percentage points."
    assert found.words.da == "Fra 60,0 til 75,0 %: 15,0 procentpoint."


def test_open_records_leave_a_change_open() -> None:
    # of ten in January one is open: 6 to 7 of 10; of twelve in February two: 8 to 10 of 12
    found = changed(("2010-01", "A", 6, 3, 1), ("2010-02", "A", 8, 2, 2))
    assert (found.low, found.high) == (Fraction(800, 12) - 70, Fraction(1000, 12) - 60)
    assert not found.shown
    assert "between \N{MINUS SIGN}3.3 and 23.3 percentage points" in found.words.en
    shown = {Fraction(text) for text in re.findall(r"-?\d+\.\d+", found.words.en.replace("\N{MINUS SIGN}", "-"))}
    assert {round(end, 1) for end in (found.value, found.low, found.high) if end is not None} <= shown


def test_a_period_without_a_figure_is_refused() -> None:
    rows = letters(("2010-01", "A", 6, 4, 0), ("2010-03", "A", 1, 0, 0))
    result = cq.measure(Kept(), rows, as_of="2011-01-01", by="month", period=["2010-01", "2010-02"])
    with pytest.raises(UsageError, match="a figure in both periods"):
        result.difference("2010-02", "2010-01")


def test_it_is_plain_data_and_shows_itself() -> None:
    found = changed(("2010-01", "A", 6, 4, 0), ("2010-02", "A", 9, 3, 0))
    assert (found.to_dict()["later"], found.to_dict()["low"]) == (75.0, 15.0)
    assert "15.0 percentage points" in found._repr_html_()


def test_figures_that_differ_never_look_equal_nor_a_share_whole() -> None:
    found = changed(("2010-01", "A", 9996, 4, 0), ("2010-02", "A", 9997, 3, 0))
    assert found.words.en == "From 99.96 to 99.97 %: 0.01 percentage points."
