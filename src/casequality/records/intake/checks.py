"""Checks of dates against each other: nothing ends before it began, no child row comes before its parent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Integers, Mask
from casequality.days.zones import local_days
from casequality.errors import NaiveTime
from casequality.records.children import Children
from casequality.records.fields import Field
from casequality.records.intake.cells import NONE, Positions
from casequality.records.schema import Column, Records


def ended_before_begun(
    columns: Mapping[str, Column], fields: Mapping[str, Field[object]], end: str, start: str, zone: str | None
) -> Positions:
    """Return the rows whose date `end` lies before their date `start`; days and instants are compared as local days."""
    same = fields[end].kind == fields[start].kind
    if not same and zone is None:
        return _without_zone(columns, end, start)
    ended, began = (_ticks(columns, fields, name, same, zone or "UTC") for name in (end, start))
    early = ended < began
    if not early.any():
        return np.flatnonzero(early)
    return np.flatnonzero(early & (ended != MISSING))


def begun_before_parent(
    children: Children[Records], begun: npt.NDArray[np.datetime64], start: Field[Any], zone: str | None
) -> Mask:
    """Return which child rows begin before their parent, whose date `start` is the column `begun`."""
    own = type(children.rows).begins()
    assert own is not None
    child = f"{children.rows.name}.{own}"
    columns = {start.name: children.of_parent(begun), child: children.rows.column(own)}
    fields = {start.name: start, child: children.rows.fields[own]}
    early = np.zeros(len(children.rows), bool)
    early[ended_before_begun(columns, fields, child, start.name, zone)] = True
    return early


def _ticks(
    columns: Mapping[str, Column], fields: Mapping[str, Field[object]], name: str, as_is: bool, zone: str
) -> Integers:
    column = columns[name]
    assert isinstance(column, np.ndarray)
    return (column if as_is or fields[name].kind == "day" else local_days(column, zone)).view(np.int64)


def _without_zone(columns: Mapping[str, Column], end: str, start: str) -> Positions:
    """Return no rows where no row has both dates, and refuse to compare those of one that has."""
    ended, began = columns[end], columns[start]
    assert isinstance(ended, np.ndarray)
    assert isinstance(began, np.ndarray)
    if (~np.isnat(ended) & ~np.isnat(began)).any():
        raise NaiveTime(
            "A day and an instant of one record are compared without a zone",
            where=f"{end} and {start}",
            remedy='declare it: zone="Europe/Copenhagen"',
        )
    return NONE
