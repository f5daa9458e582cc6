"""Which records of a block are in doubt, and how: what a fold puts beside its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Mask, Tags
from casequality.errors import UsageError
from casequality.metrics.tallies import (
    ANY_END,
    ASTRAY,
    BEFORE,
    CERTAIN,
    ENTRY_BIT,
    EXIT_BIT,
    LABELS,
    OTHER_BIT,
    SET_ASIDE,
    STRAY,
    UNDATED,
    UNLABELLED,
    WEIGHTLESS,
    WITH_MARKS,
    Axis,
    Contribution,
    Tally,
    joined,
    pack,
)
from casequality.metrics.tallies import COUNTED as COUNTED_TOO
from casequality.metrics.trace import Placing
from casequality.records import Codes, Records


@attrs.define(eq=False)
class Kinds:
    """The kind of doubt of each record of a block with its flags, -1 for none; made only where there is any."""

    records: int
    found: npt.NDArray[np.int64] | None = None

    def put(self, kind: int, rows: Mask | npt.NDArray[np.intp] | None) -> None:
        """Say that some records (a mask or positions) are of a kind, whatever was said before."""
        if rows is not None and (rows.any() if rows.dtype == bool else len(rows)):
            self._made()[rows] = kind

    def mark(self, rows: Mask, *, entry: bool, exit_: bool) -> None:
        """Say that a date of some records may stand for none, beside what was said before."""
        kinds = self._made()
        bits = (ENTRY_BIT if entry else 0) | (EXIT_BIT if exit_ else 0) or OTHER_BIT
        known = np.where(kinds < 0, -1, kinds & COUNTED_TOO - 1)
        kinds[rows] = WITH_MARKS[known[rows], bits] | COUNTED_TOO

    def stray(self, rows: Mask) -> None:
        """Say that some records may not be among those asked for, and are not counted."""
        kinds = self._made()
        # nobody can tell whether such a record is asked for: it is not counted, and may belong here
        kinds[rows] = np.where(kinds[rows] < 0, UNLABELLED, kinds[rows] & ~COUNTED_TOO) | ASTRAY

    def weightless(self, rows: Mask | None) -> None:
        """Say of which of them nobody knows how many cases they stand for."""
        if self.found is not None and rows is not None:
            self.found[rows & (self.found >= 0)] |= WEIGHTLESS

    def _made(self) -> npt.NDArray[np.int64]:
        if self.found is None:
            self.found = np.full(self.records, -1, np.int64)
        return self.found


def asked_for(
    records: Records, where: tuple[tuple[str, tuple[str, ...]], ...], needs: frozenset[str] = frozenset()
) -> tuple[Mask | None, Mask | None]:
    """Return which records are asked for or may be, and which of them nobody can tell; None for all and for none.

    needs: the fields of a question for which the records are set aside.
    """
    chosen: Mask | None = None
    astray = np.zeros(len(records), bool)
    for field, wanted in where:
        told = codes_of(records, field).isin(wanted)
        for mask in (records.unstated({field}), records.blurred(field, needs) if needs else None):
            if mask is not None:
                told, astray = told | mask, astray | mask
        chosen = told if chosen is None else chosen & told
    return chosen, astray if astray.any() else None


def in_doubt_of(
    facet: int, given: Contribution, groups: Tags | int, kinds: npt.NDArray[np.int64], axis: Axis, placing: Placing
) -> npt.NDArray[np.int64]:
    """Return contributions in doubt as a table of `doubts.COLUMNS`.

    A day that the metric worked out for a record that is set aside rests on what is not known: any day will do.
    """
    entry = np.broadcast_to(axis.place(given.on)[0], len(given)).astype(np.int64)
    end = 0 * entry if given.until is None else np.broadcast_to(axis.place(given.until)[0], len(given))
    ones, none = np.ones(len(given), np.int64), np.full(len(given), MISSING)
    amount = none if given.amount is None else given.amount
    bins = axis.days_into(given.on, entry) if given.aged else none if given.bins is None else given.bins
    cases = ones if given.times is None else given.times
    # the bits below the first flag are the kind; - binds tighter than &, and & tighter than ==
    aside = kinds & COUNTED_TOO - 1 == SET_ASIDE
    entry = np.where(aside, UNDATED, entry) if placing.on is None else entry
    end = np.where(aside, ANY_END, end) if placing.ends and placing.until is None else end
    total = np.where(amount == MISSING, 0, amount) * cases
    kinds = kinds if given.certain is None else np.where(given.certain, kinds | CERTAIN, kinds)
    cells = pack(
        facet=facet, entry=entry, exit=end, group=np.asarray(groups, np.int64), outcome=given.outcome.astype(np.int64)
    )
    return np.stack([cells + 0 * ones, kinds, amount, np.maximum(bins, MISSING), ones, cases, total])


def kept_of(given: Contribution, keep: Mask | npt.NDArray[np.intp]) -> Contribution:
    """Return the entries of some records."""
    parts = attrs.asdict(given, recurse=False).items()
    kept: dict[str, Any] = {name: value[keep] if isinstance(value, np.ndarray) else value for name, value in parts}
    return Contribution(**kept)


def codes_of(records: Records, field: str) -> Codes:
    """Return a column of codes; raise `UsageError` for a field of another kind."""
    column = records.column(field)
    if not isinstance(column, Codes):
        raise UsageError(
            "Records are grouped or chosen by a field that is not a code",
            got=field,
            allowed=[name for name, declared in records.fields.items() if declared.column_type.is_code],
            remedy="use a code, or group by month, quarter, half-year or year",
        )
    return column


def among(outcome: npt.NDArray[np.uint8], codes: Sequence[int]) -> Mask:
    """Return which outcomes are among a few codes; looking each up in a table would take ten times as long."""
    found = np.zeros(len(outcome), bool)
    for code in codes:
        found |= outcome == code
    return found


def moved_by_strays(tally: Tally, facets: Mapping[str, Placing], strays: int) -> Tally:
    """Return a tally that says of which facets a child row of nobody may move the records in time.

    Only where a metric works out from other columns when a record begins or ends: a decision in a child table ends its
    case. Who has it ends there, and whoever that is, it is in doubt in every period.
    """
    moved = {name: each for name, each in facets.items() if each.on is None or (each.ends and each.until is None)}
    if not strays or not moved or not tally.labels:
        return tally
    labels = ((1 << len(tally.assumed.groups)) - 1) << LABELS
    tables = [tally.doubts]
    for name, each in moved.items():
        # where only the end can be another, that it begins before every period keeps it out of those of their beginning
        entry, end = UNDATED if each.on is None else BEFORE, ANY_END if each.ends and each.until is None else 0
        cell = pack(facet=tally.facets.index(name), entry=entry, exit=end, group=0)
        kind, cases = (STRAY | labels | WEIGHTLESS, 0) if each.weighted else (STRAY | labels, strays)
        tables.append(np.array([[cell], [kind], [MISSING], [MISSING], [strays], [cases], [0]], np.int64))
    return attrs.evolve(tally, doubts=joined(tables))
