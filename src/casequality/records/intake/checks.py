"""Checks of fields against each other: dates in their order, child rows after their parents, declared rules."""

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
from casequality.records.rules import Ordered, Rule
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


def broken(
    rule: Rule, columns: Mapping[str, Column], fields: Mapping[str, Field[object]], zone: str | None
) -> Positions:
    """Return the rows that break a rule; those with a blank in one of its fields do not."""
    if isinstance(rule, Ordered):
        first, then = rule.dates
        return ended_before_begun(columns, fields, then, first, zone)
    finest = max(fields[name].decimals for name in rule.fields)
    numbers = {name: _ticks(columns, fields, name, True, "UTC") for name in rule.fields}
    known = np.logical_and.reduce([each != MISSING for each in numbers.values()])
    left = _scaled(numbers[rule.total], finest - fields[rule.total].decimals, known)
    right: npt.NDArray[Any] = np.zeros_like(left)
    for sign, names in ((1, rule.plus), (-1, rule.minus)):
        for name in names:
            right = right + sign * _scaled(numbers[name], finest - fields[name].decimals, known)
    wrong = left < right if rule.at_least else left != right
    return np.flatnonzero(wrong.astype(bool) & known)


def _scaled(numbers: Integers, decimals: int, known: Mask) -> npt.NDArray[Any]:
    """Return numbers in units of so many more decimals, exact; 0 where one of the rule's fields is blank."""
    whole = np.where(known, numbers, 0)
    if not decimals:
        return whole
    fits = int(abs(whole).max(initial=0)) * 10**decimals < 2**58
    scaled: npt.NDArray[Any] = (whole if fits else whole.astype(object)) * 10**decimals
    return scaled


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
