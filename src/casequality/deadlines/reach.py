"""Which receipts a calendar can answer at all, asked before an array is counted that may hold any date."""

from __future__ import annotations

import numpy as np

from casequality.arrays import Days, Instants, Mask
from casequality.days import DayTable, local_days
from casequality.days.clocks import END, START
from casequality.days.tables import day_numbers
from casequality.deadlines.opening import MICROSECOND, is_clock

FIRST_INSTANT, END_OF_INSTANTS = np.array([START, END]).view(MICROSECOND)


def within(table: DayTable, received: Days | Instants, zone: str) -> Mask:
    """Return which days, or local days of instants in UTC, a table has an entry for; NaT counts as one that has."""
    known = np.isnat(received)
    if is_clock(received.dtype):
        known |= (received >= FIRST_INSTANT) & (received < END_OF_INSTANTS)
        received = local_days(np.where(known, received, np.datetime64("NaT", "us")).astype(MICROSECOND), zone)
    numbers = day_numbers(received)
    inside: Mask = (numbers >= table.first) & (numbers < table.end)
    return np.where(np.isnat(received), known, inside)
