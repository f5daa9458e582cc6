"""The law of intake, with few rows: `nox -s fuzz` draws as many as one has time for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

for needed in ("duckdb", "openpyxl", "pandas", "polars", "pyarrow"):
    pytest.importorskip(needed)

import numpy as np

from tests.fuzz.carriers import CARRIERS
from tests.fuzz.drawn import Drawn, drawn
from tests.fuzz.rounds import Way, counted, one_round

SIZES = (1, 2, 5, 17, 60, 60, 400)


@pytest.mark.parametrize("number", range(len(SIZES)))
def test_every_reader_in_any_order_and_blocks_gives_the_same_tallies(number: int) -> None:
    one_round(2010, number, SIZES[number])


def test_what_is_drawn_is_drawn_again_and_has_both_kinds() -> None:
    def round_(number: int) -> str:
        return str(drawn(np.random.default_rng([2010, number]), 20))

    assert round_(3) == round_(3) != round_(4)
    kinds = {drawn(np.random.default_rng([2010, number]), 5).typed for number in range(len(SIZES))}
    assert kinds == {True, False}
    assert len(CARRIERS) >= 20


PLAIN = {
    "noted_on": None,
    "seen_at": None,
    "ending": "decided",
    "unit": "north",
    "informed": "true",
    "pages": "1",
    "paid": "1",
    "waited": "1",
    "received_on": "2010-01-19",
    "closed_on": None,
}
CONTRADICTIONS = {
    "labels": ({"unit": "south"}, {"unit": "north"}),
    "labels of which one is not known yet": ({"closed_on": "2010-02-01"}, {"closed_on": "2010-11-01"}),
    "days of which one breaks an order": ({"closed_on": "2009-02-01"}, {"closed_on": "2010-02-01"}),
    "beginnings of which one is after the end": (
        {"received_on": "2010-03-01", "closed_on": "2010-02-01"},
        {"closed_on": "2010-02-01"},
    ),
    "times of which one breaks a rule": (
        {"seen_at": "2010-03-01 12:00", "closed_on": "2010-02-01"},
        {"seen_at": "2010-01-01 12:00", "closed_on": "2010-02-01"},
    ),
}


@pytest.mark.parametrize("rows", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_which_of_two_rows_that_contradict_each_other_comes_first_changes_nothing(rows: Any, tmp_path: Path) -> None:
    letters: Any = {"case": ["A1"], "sent_on": ["2010-02-01"], "kind": ["delay"]}
    told = []
    for ordered in (rows, rows[::-1]):
        named = [{"case": "A1", **PLAIN, **row} for row in ordered]
        cases = {name: [row[name] for row in named] for name in named[0]}
        told.append(counted(Drawn(cases, letters, typed=False), Way("csv", "csv", 1, True, 9, 1), tmp_path))
    assert isinstance(told[0], list)
    assert told[0] == told[1]
