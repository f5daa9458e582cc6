"""The faults of one batch while it is read: what is found, what fields say of each other, and what is put in doubt."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask
from casequality.errors import NaiveTime
from casequality.records.facts import (
    Children,
    Column,
    DateType,
    Field,
    FieldNames,
    Finding,
    Ordered,
    Records,
    Rule,
    Taint,
)
from casequality.records.intake.cells import NONE, Keys, Positions

Fault = tuple[str, Positions]
"""A fault by its stable name, and the positions of the rows that have it."""


SHOWN_TWICE: Final = "shown twice by the clock"


@attrs.frozen(eq=False, repr=False)
class Again:
    """The rows of a date field whose times the clock showed twice, and the second of the two instants of each."""

    rows: Positions
    second: Integers

    @classmethod
    def none(cls) -> Again:
        """Return that of no row."""
        return cls(NONE, np.empty(0, np.int64))

    def without(self, rows: Mask) -> Again:
        """Return that of the rows that are not marked."""
        left = ~rows[self.rows]
        return Again(self.rows[left], self.second[left])

    def latest(self, ticks: Integers) -> Integers:
        """Return the latest that each of a field's times may be; its ticks are the first of the two."""
        found = ticks.copy()
        found[self.rows] = self.second
        return found


def told_apart(
    field: str, ticks: Mapping[str, Integers], again: Mapping[str, Again], orders: Iterable[tuple[str, str]]
) -> tuple[Integers, Positions]:
    """Return the ticks of a field with the instant that is meant of two, and the rows in which nobody can tell.

    `orders` are pairs of fields of which the first does not lie after the second. Where neither instant keeps them the
    first is taken, which is then found to break them.
    """
    rows, second = again[field].rows, again[field].second
    first = ticks[field][rows]
    may_be_first, may_be_second = np.ones((2, len(rows)), bool)
    for before, then in orders:
        if field == then and before in ticks:
            earliest = ticks[before][rows]  # `MISSING` is less than all
            may_be_first &= earliest <= first
            may_be_second &= earliest <= second
        elif field == before and then in ticks:
            latest = again[then].latest(ticks[then])[rows] if then in again else ticks[then][rows]
            unknown = latest == MISSING
            may_be_first &= unknown | (first <= latest)
            may_be_second &= unknown | (second <= latest)
    undecided = rows[may_be_first & may_be_second]
    found = ticks[field].copy()
    found[rows] = np.where(may_be_first, first, np.where(may_be_second, second, first))
    found[undecided] = MISSING
    return found, undecided


TOTALS: Final = "looks like a totals row"
_TOTALS = re.compile(r"(i alt|ialt|total|totaler|hovedtotal|subtotal|sum|samlet)\b", re.IGNORECASE)


def looks_like_totals(cells: Iterable[Any]) -> bool:
    """Return whether the first cell of a row that is not blank says that it adds up others."""
    first = next((cell for cell in cells if cell is not None and cell != ""), None)
    return isinstance(first, str) and bool(_TOTALS.match(first.strip()))


def ends_with_totals(keys: Keys, begun: Column | None, ragged: Positions) -> bool:
    """Return whether the last row has the word for totals as its key, or neither a key nor a beginning."""
    last = np.zeros(len(keys), bool)
    last[-1:] = True
    if len(keys) - 1 in ragged:
        return False
    if len(keys) - 1 not in keys.missing:
        return looks_like_totals(keys[last].values().tolist())
    return isinstance(begun, np.ndarray) and bool(np.isnat(begun[last]).any())


class Faults:
    """Which rows of a batch have which fault in which column, and which fields that puts in doubt for whom.

    `ragged` rows have only that one, which puts all in doubt.
    """

    def __init__(self, rows: int, ragged: Positions) -> None:
        self._rows = rows
        self._ragged = ragged
        self._found: dict[tuple[str, str], dict[FieldNames, Positions]] = {}
        self._tainted: dict[tuple[FieldNames, FieldNames], Positions] = {}
        if len(ragged):
            self._found["", "wrong number of columns"] = {None: ragged}
            self._tainted[None, None] = ragged

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, column: str, fault: str, rows: Positions, concerned: FieldNames, blurred: FieldNames) -> None:
        """Add the rows, given by their positions, that have a fault."""
        rows = self.tell(column, fault, rows, concerned)
        self.taint(rows, concerned, blurred)

    def tell(
        self, column: str, fault: str, rows: Positions, concerned: FieldNames = None, *, ragged: bool = False
    ) -> Positions:
        """Add a fault that puts nothing in doubt, and return the rows that have it; ragged ones too where told so."""
        if len(self._ragged) and not ragged:
            rows = np.setdiff1d(rows, self._ragged)
        if len(rows):
            of_place = self._found.setdefault((column, fault), {})
            of_place[concerned] = _both(of_place.get(concerned), rows)
        return rows

    def taint(self, rows: Positions, concerned: FieldNames, blurred: FieldNames) -> None:
        """Put fields of some rows in doubt."""
        if len(rows):
            self._tainted[concerned, blurred] = _both(self._tainted.get((concerned, blurred)), rows)

    def taints(self) -> tuple[Taint, ...]:
        """Return what is in doubt."""
        return tuple(Taint(*fields, self._mask(rows)) for fields, rows in self._tainted.items())

    def findings(self, numbers: Integers, file: str | None) -> Iterator[Finding]:
        """Yield the findings, rows by their `numbers` (rows,); each row once by column and fault."""
        for (column, fault), by_fields in self._found.items():
            for fields, rows in _apart(by_fields):
                yield Finding.of(column, fault, numbers[rows], file, fields)

    def _mask(self, rows: Positions) -> Mask:
        mask = np.zeros(self._rows, bool)
        mask[rows] = True
        return mask


def _both(before: Positions | None, rows: Positions) -> Positions:
    return rows if before is None else np.union1d(before, rows)


def _apart(by_fields: dict[FieldNames, Positions]) -> Iterator[tuple[FieldNames, Positions]]:
    """Yield each row once, with all fields whose reading of one column failed in it."""
    if len(by_fields) == 1:
        yield from by_fields.items()
        return
    rows = np.unique(np.concatenate(list(by_fields.values())))
    within = np.array([np.isin(rows, some) for some in by_fields.values()])
    for pattern in np.unique(within, axis=1).T:
        met = [fields for fields, marked in zip(by_fields, pattern.tolist(), strict=True) if marked]
        known = [fields for fields in met if fields is not None]
        together = frozenset().union(*known) if len(known) == len(met) else None
        yield together, rows[(within == pattern[:, None]).all(axis=0)]


def ended_before_begun(
    columns: Mapping[str, Column], fields: Mapping[str, Field[object]], end: str, start: str, zone: str | None
) -> Positions:
    """Return the rows whose date `end` lies before their date `start`; days and instants are compared as local days."""
    same = fields[end].column_type == fields[start].column_type
    if not same and zone is None:
        return _without_zone(columns, end, start)
    ended, began = (_ticks(columns, fields, name, same, zone or "UTC") for name in (end, start))
    # `MISSING` is the least number: a record that has not ended looks as if it had ended early, hence the second look
    early = ended < began
    if not early.any():
        return np.empty(0, np.intp)
    return np.flatnonzero(early & (ended != MISSING))


def checked_with(field: str, begins: str, checked: Collection[str], rules: Iterable[Rule]) -> frozenset[str]:
    """Return the fields that are checked against one, and it.

    Where rows of one key disagree in a field, one of them may break what another keeps: the record would else be at
    fault or not by which row came first. checked: the fields that may not lie before the day on which a record begins.
    """
    together = [frozenset([begins, name]) for name in checked] + [rule.fields for rule in rules]
    return frozenset([field]).union(*(fields for fields in together if field in fields))


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
    # with that much room some thirty terms of a rule add up within int64; beyond, Python's own integers count
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
    column, date = columns[name], fields[name].column_type
    assert isinstance(column, np.ndarray)
    if as_is:
        return column.view(np.int64)
    assert isinstance(date, DateType)
    return date.days(column, zone).view(np.int64)


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
