"""What was done in time, when any of several events keeps a deadline."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

import casequality as cq

Days = npt.NDArray[np.datetime64]
Mask = npt.NDArray[np.bool_]


def only(rows: Mask, days: Days) -> Days:
    """Return the days of some records, NaT for the others; shape (records,)."""
    return np.where(rows, days, np.datetime64("NaT", "D"))


def kept_by(as_of: cq.AsOf, due: Any, **events: Days) -> dict[str, Mask]:
    """Return which records had each event in time, and as `<name>_early` those that are not yet due.

    due: as `as_of.due` gives it. events: by outcome, the first day of each, NaT for none, the best event first.
    `pending` are those that are not yet due, `undated` those without a due date; every mask has the shape (records,).
    """
    states: dict[str, Mask] = {}
    for name, days in events.items():
        settled = as_of.settle(due, days)
        states |= {name: settled["in_time"], f"{name}_early": settled["in_time_early"]}
        states |= {state: settled[state] for state in ("pending", "undated")}
    return states
