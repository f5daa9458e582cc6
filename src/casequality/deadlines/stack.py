"""The due days of several deadlines side by side, so that cases of every type are looked up in one gather."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Days, Integers, Mask
from casequality.days import DayTable
from casequality.days.tables import DAY_UNIT, NO_DAY

Codes: TypeAlias = npt.NDArray[np.integer[Any]]


@attrs.frozen(eq=False)
class Stack:
    """One row of due days for each type of case, all from the same first day; a type without deadline has NaT."""

    span: DayTable
    due: Days
    has_rule: Mask

    @classmethod
    def of(cls, tables: Sequence[DayTable | None], name: str) -> Stack:
        """Return a stack of tables, over the days that every one of them answers."""
        given = [table for table in tables if table is not None]
        first = max((table.first for table in given), default=0)
        end = min((table.end for table in given), default=1)
        due = np.full((len(tables), end - first), NO_DAY, DAY_UNIT)
        for row, table in zip(due, tables, strict=True):
            if table is not None:
                row[:] = table.values[first - table.first : end - table.first]
        return cls(DayTable(first, due[0], name), due.reshape(-1), np.array([table is not None for table in tables]))

    def take(self, days: Integers, types: Codes) -> Days:
        """Return the due day for each day number and type; raise `OutsideCalendar` for a day that has no answer."""
        first, width = self.span.first, len(self.span.values)
        index = (np.arange(len(self.has_rule)) * width - first).take(types)
        index += days
        found: Days = self.due.take(index, mode="clip")
        if days.size and not first <= days.min() <= days.max() < first + width:
            inside = (days >= first) & (days < first + width)
            outside = days[~inside & (days != MISSING) & self.has_rule[types]]
            if outside.size:
                self.span.at(outside[0].astype(DAY_UNIT).item())
            found[~inside] = NO_DAY
        return found
