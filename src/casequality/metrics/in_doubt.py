"""What is in doubt of an answer: which rows may be something else than they are counted as, and what they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask, Tags
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
    UNKNOWN,
    UNLABELLED,
    UNREADABLE,
    WEIGHTLESS,
    WITH_MARKS,
    Axis,
    Contribution,
    Outcomes,
    Tally,
    joined,
    pack,
)
from casequality.metrics.tallies import COUNTED as COUNTED_TOO


@attrs.frozen
class Placing:
    """By which fields a facet places records in time.

    on, until, times: the fields whose columns it returned as they are, None for what it worked out. ends: whether it
    says when records end. weighted: whether it says how many cases a row stands for. aged: whether it keeps the days on
    which they began.
    """

    on: str | None = None
    until: str | None = None
    times: str | None = None
    ends: bool = False
    weighted: bool = False
    aged: bool = False

    @property
    def weighs(self) -> bool:
        """Whether it works out for how many cases a row stands, so that what is in doubt of a record makes that so."""
        return self.weighted and self.times is None


ANYHOW: Final = Placing()
"""The placing of a facet of which nothing is known."""


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

    def unlabelled(self, rows: Mask, place: int) -> None:
        """Say of some records that nobody knows their label in a grouping field, by its place."""
        kinds = self._made()
        kinds[rows] = np.where(kinds[rows] < 0, UNLABELLED | COUNTED_TOO, kinds[rows]) | 1 << (LABELS + place)

    def weightless(self, rows: Mask | None) -> None:
        """Say of which of them nobody knows how many cases they stand for."""
        if self.found is not None and rows is not None:
            self.found[rows & (self.found >= 0)] |= WEIGHTLESS

    def _made(self) -> npt.NDArray[np.int64]:
        if self.found is None:
            self.found = np.full(self.records, -1, np.int64)
        return self.found


def in_doubt_of(
    facet: int,
    given: Contribution,
    groups: Tags | int,
    kinds: npt.NDArray[np.int64],
    axis: Axis,
    trusted: tuple[Integers, Integers] | None,
    alike: Integers | None = None,
) -> npt.NDArray[np.int64]:
    """Return those of the contributions that are in doubt as a table of `doubts.COLUMNS`.

    kinds: as `Kinds.found`, -1 for no doubt. trusted: where those that are set aside began and ended, as far as their
    days can be trusted. alike: how many records each is of.
    """
    chosen = np.flatnonzero(kinds >= 0)
    given, kinds, groups = kept_of(given, chosen), kinds[chosen], groups if isinstance(groups, int) else groups[chosen]
    trusted = None if trusted is None else (trusted[0][chosen], trusted[1][chosen])
    alike = None if alike is None else alike[chosen]
    entry = np.broadcast_to(axis.place(given.on)[0], len(given)).astype(np.int64)
    end = 0 * entry if given.until is None else np.broadcast_to(axis.place(given.until)[0], len(given))
    rows, none = np.ones(len(given), np.int64) if alike is None else alike, np.full(len(given), MISSING)
    amount = none if given.amount is None else given.amount
    bins = axis.days_into(given.on, entry) if given.aged else none if given.bins is None else given.bins
    cases = rows if given.times is None else given.times * rows
    # the bits below the first flag are the kind; - binds tighter than &, and & tighter than ==
    aside = kinds & COUNTED_TOO - 1 == SET_ASIDE
    if trusted is not None:
        entry, end = np.where(aside, trusted[0], entry), np.where(aside, trusted[1], end)
        bins = np.where(aside & (entry == UNDATED), MISSING, bins) if given.aged else bins
    total = np.where(amount == MISSING, 0, amount) * cases
    kinds = kinds if given.certain is None else np.where(given.certain, kinds | CERTAIN, kinds)
    cells = pack(
        facet=facet, entry=entry, exit=end, group=np.asarray(groups, np.int64), outcome=given.outcome.astype(np.int64)
    )
    return np.stack([cells + 0 * rows, kinds, amount, np.maximum(bins, MISSING), rows, cases, total])


def as_known(
    given: Contribution, outcomes: Outcomes, unknown: Mask | None, undated: Mask | None, *, weighed: bool = False
) -> Contribution:
    """Return a contribution that says of no record more than is known of it.

    unknown: the records that the source says it does not know. undated: those with a child row without its day, of
    which a metric may say by an outcome of its own that they are unknown. weighed: whether it works out weights.
    """
    if undated is not None:
        own = [code for code, name in enumerate(outcomes.names) if outcomes.roles.get(name) is UNKNOWN]
        undated = undated & ~among(given.outcome, own)
        unknown = undated if unknown is None else unknown | undated
    return given.with_unknown(unknown, outcomes.names.index(UNREADABLE), weighed=weighed)


def kept_of(given: Contribution, keep: Mask | npt.NDArray[np.intp]) -> Contribution:
    """Return the entries of some records."""
    parts = attrs.asdict(given, recurse=False).items()
    kept: dict[str, Any] = {name: value[keep] if isinstance(value, np.ndarray) else value for name, value in parts}
    return Contribution(**kept)


def among(outcome: npt.NDArray[np.uint8], codes: Sequence[int]) -> Mask:
    """Return which outcomes are among a few codes; looking each up in a table would take ten times as long."""
    found = np.zeros(len(outcome), bool)
    for code in codes:
        found |= outcome == code
    return found


def moved_by_strays(tally: Tally, facets: Mapping[str, Placing], strays: int) -> Tally:
    """Return a tally that says of which facets a child row of nobody may move the records in time.

    Only where a metric works out from other columns when a record begins or ends: a decision in a child table ends its
    case. Who has it ends there, and whoever that is, it is in doubt in every period. Where it works out for how many
    cases a record stands, whoever has the row stands for more.
    """
    moved = {name: each for name, each in facets.items() if each.on is None or (each.ends and each.until is None)}
    heavier = {name: each for name, each in facets.items() if each.weighted and each.times is None}
    if not strays or not (moved or heavier) or not tally.labels:
        return tally
    labels = ((1 << len(tally.assumed.groups)) - 1) << LABELS
    found = [tally.doubts]

    def add(name: str, kind: int, entry: int, end: int, cases: int) -> None:
        cell = pack(facet=tally.facets.index(name), entry=entry, exit=end, group=0)
        found.append(np.array([[cell], [kind | labels], [MISSING], [MISSING], [strays], [cases], [0]], np.int64))

    for name, each in moved.items():
        # where only the end can be another, that it begins before every period keeps it out of those of their beginning
        end = ANY_END if each.ends and each.until is None else 0
        kind, cases = (STRAY | WEIGHTLESS, 0) if each.weighted else (STRAY, strays)
        add(name, kind, UNDATED if each.on is None else BEFORE, end, cases)
    for name, each in heavier.items():
        add(name, STRAY | ASTRAY | WEIGHTLESS, UNDATED, ANY_END if each.ends else 0, 0)
    return attrs.evolve(tally, doubts=joined(found))
