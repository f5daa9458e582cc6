"""Checks of a row against itself: nothing ends before it began."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from casequality.arrays import MISSING, Integers
from casequality.days.zones import local_days
from casequality.errors import NaiveTime
from casequality.records.fields import Field
from casequality.records.intake.cells import Positions
from casequality.records.schema import Column


def ended_before_begun(
    columns: Mapping[str, Column], fields: Mapping[str, Field[object]], end: str, start: str, zone: str | None
) -> Positions:
    """Return the rows whose date `end` lies before their date `start`; days and instants are compared as local days."""
    same = fields[end].kind == fields[start].kind
    ended, began = (_ticks(columns, fields, name, same, zone) for name in (end, start))
    early = ended < began
    if not early.any():
        return np.flatnonzero(early)
    return np.flatnonzero(early & (ended != MISSING))


def _ticks(
    columns: Mapping[str, Column], fields: Mapping[str, Field[object]], name: str, as_is: bool, zone: str | None
) -> Integers:
    column = columns[name]
    assert isinstance(column, np.ndarray)
    if as_is or fields[name].kind == "day":
        return column.view(np.int64)
    if zone is None:
        raise NaiveTime(
            "A day and an instant of one record are compared without a zone",
            where=name,
            remedy='declare it: zone="Europe/Copenhagen"',
        )
    return local_days(column, zone).view(np.int64)
