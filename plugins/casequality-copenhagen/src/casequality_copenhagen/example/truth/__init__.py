"""What is true of the example: every figure and verdict, counted fact by fact in plain Python, without the library.

The rules that it counts by are written down here a second time, on purpose: the tests compare both.
"""

from __future__ import annotations

import datetime as dt

from casequality_copenhagen.example import Example
from casequality_copenhagen.example.truth.benefits import benefit_truths
from casequality_copenhagen.example.truth.calls import call_truths
from casequality_copenhagen.example.truth.citizen_service import service_truths
from casequality_copenhagen.example.truth.figures import Truth
from casequality_copenhagen.example.truth.rent_tribunal import tribunal_truths
from casequality_copenhagen.example.truth.tasks import Owed, tasks

FIRST, END, AS_OF = dt.date(2010, 1, 1), dt.date(2010, 7, 1), dt.date(2010, 8, 1)
"""The first half of 2010, and the day at whose start nothing later is known."""

__all__ = ["Owed", "Truth", "findings", "tasks", "truths"]


def truths(example: Example) -> dict[str, Truth]:
    """Return what is true of each goal of the example in the first half of 2010, by its id."""
    return {
        **call_truths(example, FIRST, END, AS_OF),
        **benefit_truths(example, FIRST, END, AS_OF),
        **service_truths(example.answers, example.passport_cases, example.licence_cases, FIRST, END, AS_OF),
        **tribunal_truths(example, FIRST, END, AS_OF),
    }


def findings(example: Example) -> list[tuple[str, str, int, str, str]]:
    """Return source, file, row, column and fault of every planted fault; the file where a source has several."""
    several = [(file.source, file.child) for file in example.files]
    return sorted(
        (file.source, file.name if several.count((file.source, file.child)) > 1 else "", row, column, fault)
        for file in example.files
        for row, column, fault in file.planted()
    )
