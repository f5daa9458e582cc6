"""What a record may be, seen from one period: where it began and ended, and whether it is a yes or a no."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.metrics.tallies import (
    ANY_END,
    DECIDED,
    KEPT,
    KINDS,
    NO,
    OPEN,
    OUT,
    ROLES,
    SET_ASIDE,
    SOME_END,
    UNKNOWN,
    YES,
    Grid,
    Kind,
    Role,
)

When: TypeAlias = Literal["placed", "began", "began a year before", "ended", "pending"]
Of: TypeAlias = Literal["case", "amount", "age"]
Amount: TypeAlias = Literal["known", "free", "at least"]

CLASSES: Final = 5
"""How many stretches of time the edges of a period, and of the same period one year earlier, make."""
LASTS, SOME, EITHER = CLASSES, CLASSES + 1, CLASSES + 2
ANY: Final = CLASSES
TOUCHED, BESIDE, MOVED_END, MOVED_START = 1, 2, 4, 8
"""What a row of a child table that nobody can place may do to a record: change it, beside what it is counted as, when
it ended, when it began."""


@attrs.frozen
class Term:
    """What each record with one of some roles adds to a sum, where it did in the period what `when` says.

    of: 1 a case, its amount, or its age in days at the period's end.
    """

    when: When
    roles: tuple[Role, ...] = (YES,)
    of: Of = "case"


@attrs.frozen
class PeriodMasks:
    """Which of the stretches of time, in order, lie in the period, in the one a year before, and before its end."""

    inside: tuple[bool, ...]
    year_before: tuple[bool, ...]
    before_end: tuple[bool, ...]


APART: Final = PeriodMasks(
    (False, False, False, True, False), (False, True, False, False, False), (True, True, True, True, False)
)
OVERLAPPING: Final = PeriodMasks(
    (False, False, True, True, False), (False, True, True, False, False), (True, True, True, True, False)
)
"""The stretches of a period longer than a year, which begins before the one a year earlier has ended."""


@attrs.frozen
class State:
    """One thing that a record may be: stretches of time (an exit may be `LASTS`), a settled role, an amount.

    dated: whether the day on which it began is the one that was read.
    """

    entry: int
    exit: int
    role: Role
    amount: Amount = "known"
    dated: bool = True

    def did(self, when: When, times: PeriodMasks, closed: bool) -> bool:
        """Return whether it did that in the period; closed: whether records are placed by their end."""
        ended = self.exit < CLASSES and times.inside[self.exit]
        if when == "placed":
            return ended if closed else times.inside[self.entry]
        if when == "began":
            return times.inside[self.entry]
        if when == "began a year before":
            return times.year_before[self.entry]
        if when == "ended":
            return ended
        return times.before_end[self.entry] and (self.exit == LASTS or not times.before_end[self.exit])


@attrs.frozen
class DoubtKey:
    """What a record was read as, and how it is in doubt: all that decides what it may be, seen from one period.

    kind: its place in `doubts.KINDS`, -1 for none. astray: whether it may belong to no such figure. touched: whether a
    row of a child table without a parent may be its own, `BESIDE` where it is counted beside that.
    """

    entry: int
    exit: int
    kind: int
    role: int
    astray: bool
    touched: int = 0

    @property
    def how(self) -> Kind | None:
        """The kind of doubt, None where the role or an unknown day is all."""
        return None if self.kind < 0 else KINDS[self.kind]

    def why(self) -> str:
        """Return the reason for its doubt."""
        if self.kind == SET_ASIDE or (self.how and self.how.why in ("marks", "unlabelled", "orphans")):
            return KINDS[self.kind].why
        if self.entry == ANY or (self.how and self.how.why == "undated"):
            return "undated"
        if ROLES[self.role] is OPEN:
            return "open"
        return "unlabelled" if self.astray and ROLES[self.role] in (YES, NO, OUT) else "unknown"

    def states(self, may_lose: bool) -> Iterator[State | None]:
        """Yield all that it may be; None for what is no record of the figure.

        may_lose: whether an unknown one may be what the reading leaves out.
        """
        how, read = self.how, ROLES[self.role]
        either = (YES, NO, OUT) if may_lose and read is UNKNOWN else (YES, NO)
        if self.astray:
            yield None
        if how is None or how.stays:
            yield from self._made(self.entry, self.exit, self._roles(read, either), self._amount(read))
        if how is not None and how.other:
            roles = self._roles(read, either) if how.keeps else (YES, NO, OUT) if how.out else either
            amount = self._amount(read) if how.keeps else "free"
            entry = ANY if how.entry else self.entry
            end = (EITHER if how.lasts else SOME) if how.exit else LASTS if how.lasts else self.exit
            yield from self._made(entry, end, roles, amount)
            if how.ends:
                yield from self._made(entry, self.exit, roles, amount)

    def turned(self, brought_in: bool) -> Iterator[State]:
        """Yield what it may be only where a row of a child table that nobody can place is its own.

        brought_in: whether such a row may make a record count that is left out, or the other way round.
        """
        if self.touched and (brought_in or ROLES[self.role] is not OUT):
            entry = ANY if self.touched & MOVED_START else self.entry
            roles = (YES, NO, OUT) if brought_in else (YES, NO)
            yield from self._made(entry, EITHER if self.touched & MOVED_END else self.exit, roles, "free")

    @staticmethod
    def _roles(read: Role, either: tuple[Role, ...]) -> tuple[Role, ...]:
        return either if read in (OPEN, UNKNOWN) else (read,)

    @staticmethod
    def _amount(read: Role) -> Amount:
        # what is open has lasted so long already; of what is unknown nothing is
        return "at least" if read is OPEN else "free" if read is UNKNOWN else "known"

    @staticmethod
    def _made(entry: int, end: int, roles: Sequence[Role], amount: Amount) -> Iterator[State]:
        begun = range(CLASSES) if entry == ANY else (entry,)
        ends = range(CLASSES) if end in (SOME, EITHER) else (end,)
        for each, until, role in itertools.product(begun, (*ends, LASTS) if end == EITHER else ends, roles):
            if each <= until:  # nothing ends before it began
                yield State(each, until, role, amount, entry != ANY)


@attrs.frozen(eq=False)
class Points:
    """What a record adds above and below, in each thing that it may be, by key; shape (keys, options).

    above, below: plain numbers. each: how often its amount (or age) is added above. mode: 0 for an amount as it was
    read, 1 for any, 2 for at least as much. own: how often the amount that it was read with is taken away. turned:
    whether only a stray row makes it so. Whether it never adds anything and whether it can vary: shape (keys,).
    """

    above: npt.NDArray[np.int64]
    each: npt.NDArray[np.int64]
    below: npt.NDArray[np.int64]
    mode: npt.NDArray[np.int64]
    own: npt.NDArray[np.int64]
    turned: npt.NDArray[np.bool_]
    idle: npt.NDArray[np.bool_]
    varies: npt.NDArray[np.bool_]


Point: TypeAlias = tuple[int, int, int, int]
MODES: Final[Sequence[Amount]] = ("known", "free", "at least")


def points_of(
    keys: Sequence[tuple[DoubtKey, PeriodMasks]], above: Sequence[Term], below: Sequence[Term], grid: Grid
) -> Points:
    """Return what records add by key, in the terms of a quotient."""
    tops, under = tuple(above), tuple(below)
    how = grid.closed, grid.leaves_out and _loses(tops, under), grid.brought_in
    return _padded([_options(key, times, tops, under, *how) for key, times in keys])


def _loses(above: tuple[Term, ...], below: tuple[Term, ...]) -> bool:
    """Return whether a record that is left out may move a quotient further than a yes or a no does.

    Nowhere where a no adds nothing, nor in a share or a ratio of cases, which a yes raises and a no lowers.
    """
    terms = (*above, *below)
    only_yes, only_decided = ({*roles} for roles in ((YES,), DECIDED))
    raised = all(term.of == "case" and {*term.roles} <= only_yes for term in above)
    lowered = all(term.of == "case" and {*term.roles} <= only_decided for term in below)
    return any(NO in term.roles for term in terms) and not (raised and lowered)


@lru_cache(maxsize=8192)
def _options(
    key: DoubtKey,
    times: PeriodMasks,
    above: tuple[Term, ...],
    below: tuple[Term, ...],
    closed: bool,
    may_lose: bool,
    brought_in: bool,
) -> tuple[list[Point], list[Point], bool]:
    """Return what one key adds: goals, parts and periods of a report ask for few different ones, again and again."""

    def point(state: State | None) -> Point:
        if state is None:
            return 0, 0, 0, 0
        tops = [term for term in above if state.role in term.roles and state.did(term.when, times, closed)]
        under = [term for term in below if state.role in term.roles and state.did(term.when, times, closed)]
        each = sum(term.of != "case" for term in tops)
        aged = any(term.of == "age" for term in tops)
        mode = 1 - state.dated if aged else MODES.index(state.amount)
        return len(tops) - each, each, len(under), mode if each else 0

    plain = list(dict.fromkeys(map(point, key.states(may_lose))))
    turned = dict.fromkeys(map(point, key.turned(brought_in)))
    return plain, [each for each in turned if each not in plain], key.touched & BESIDE > 0


def _padded(options: Sequence[tuple[list[Point], list[Point], bool]]) -> Points:
    lines = [_line(*each) for each in options]
    widest = max((len(each) for each in lines), default=1)
    # options that a key lacks repeat its first, which changes neither the least nor the greatest
    table = np.array([[*each, *[each[0]] * (widest - len(each))] for each in lines], np.int64).reshape(-1, widest, 6)
    above, each, below, mode, own, turned = np.moveaxis(table, 2, 0)
    idle = ~np.any([part.any(axis=1) for part in (above, each, below, own)], axis=0)
    varies = np.array([len(some) > 1 or any(p[3] for p in some) for some, _, beside in options], bool)
    return Points(above, each, below, mode, own, turned > 0, idle, varies)


def _line(plain: list[Point], turned: list[Point], beside: bool) -> list[tuple[int, ...]]:
    """Return the options of a key; of a record that is counted beside, by how much each changes what it adds."""
    if not beside:
        return [*((*each, 0, 0) for each in plain), *((*each, 0, 1) for each in turned)]
    above, each, below, _ = plain[0]
    changes = [(p[0] - above, p[1], p[2] - below, p[3], each, 1) for p in turned]
    return [(0, 0, 0, 0, 0, 0), *changes]


@attrs.frozen(eq=False)
class Presence:
    """Whether a record's number is among those that are ranked, by key; every array has the shape (keys,).

    absent: it may not be there. known, free, later: it may be there with its number as read, any number, or at least
    its own.
    """

    absent: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_]
    free: npt.NDArray[np.bool_]
    later: npt.NDArray[np.bool_]

    @property
    def idle(self) -> npt.NDArray[np.bool_]:
        """Which are never there."""
        found: npt.NDArray[np.bool_] = ~(self.known | self.free | self.later)
        return found

    @property
    def varies(self) -> npt.NDArray[np.bool_]:
        """Which may be one or another."""
        found: npt.NDArray[np.bool_] = ~self.idle & (self.absent | self.free | self.later)
        return found


def presence_of(
    keys: Sequence[tuple[DoubtKey, PeriodMasks]], when: When, roles: Sequence[Role], grid: Grid, lasting: bool
) -> Presence:
    """Return whether numbers are ranked, by key, of records with some roles that did what `when` says.

    lasting: whether what is open is ranked as well, as lasting at least as long as it has so far, and for ever where
    it comes to nothing.
    """
    found, may_lose = np.zeros((4, len(keys)), bool), grid.leaves_out and NO in roles
    for place, (key, times) in enumerate(keys):
        for state in key.states(may_lose):
            # what is open waits, whatever comes of it, unless a date that stands for none has made it so
            ranked = state is not None and (state.role in roles or (lasting and state.amount == "at least"))
            if state is None or not ranked or not state.did(when, times, grid.closed):
                found[0, place] = True
            else:
                mode = 1 - state.dated if when == "pending" else MODES.index(state.amount)
                found[1 + mode, place] = True
    return Presence(*found)


@attrs.frozen(eq=False)
class PeriodEdges:
    """The edges between the stretches of time around each period, shape (4, periods), and where two overlap."""

    cuts: npt.NDArray[np.int64]
    overlapping: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, grid: Grid) -> PeriodEdges:
        """Return those of the periods that are asked for."""
        first, end = grid.edges
        (before, before_end), known = grid.edges_before
        lowest = np.minimum(first, 1)
        # a year before that was not tallied takes up no time
        before, before_end = np.where(known, before, lowest), np.where(known, before_end, lowest)
        overlapping = before_end > first
        middle = np.where(overlapping, first, before_end), np.where(overlapping, before_end, first)
        return cls(np.stack([before, *middle, end]), overlapping)

    def of_entry(self, entry: npt.NDArray[np.int64], period: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
        """Return the stretch in which each cell of entry lies, seen from a period; `ANY` for undated ones."""
        return np.where(entry == 0, ANY, self._placed(entry, period))

    def of_exit(self, end: npt.NDArray[np.int64], period: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
        """Return the stretch in which each cell of exit lies, or `LASTS`, `SOME` and `EITHER`."""
        found = np.where(end == 0, LASTS, self._placed(end, period))
        return np.where(end == ANY_END, EITHER, np.where(end == SOME_END, SOME, found))

    def _placed(self, time: npt.NDArray[np.int64], period: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
        found = np.zeros(len(time), np.int64)
        for cut in self.cuts:
            found += time >= cut[period]
        return found


__all__ = [
    "ANY",
    "BESIDE",
    "KEPT",
    "TOUCHED",
    "DoubtKey",
    "PeriodEdges",
    "PeriodMasks",
    "Points",
    "Presence",
    "State",
    "Term",
]
