"""What earlier editions told, beside what is counted now: which records came since, and what is still possible of then.

A count that was told once and is another now says that records came in between, or went. They belong to other sums too,
so that it cannot be worked out sum by sum: each smallest group has a number of its own for what came to it after each
edition, and what an edition told is a sum of what was there by then. Where nothing that was told has changed, nothing
came. What the groups were like then is kept nowhere; any way in which it may have been will do to prove what is
possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask
from casequality.evidence.disclosure.grids import Sums, solver

CAME, WENT, NOT_SO = 1.0, 10.0, 10_000.0
"""What is taken for likely: that few records came, fewer went, and that what was told was so."""
GAP: Final = 0.1


@attrs.frozen
class PublishedSum:
    """The sum of some atoms as an edition told it."""

    edition: int
    atoms: frozenset[int]
    value: int


@attrs.frozen(eq=False, kw_only=True)
class History:
    """What came after each edition, as atoms behind those of now.

    parent: the atom of now that each atom belongs to, itself for the first of them. since: after which edition it came,
    -1 for what is there from the first. sign: 1 for what came, -1 for what went. counts: of each, in one way in which
    it may have been. lines: sums that everybody knows, (lines, atoms). play: how far each may fall and rise,
    (2, lines).
    """

    parent: Integers
    since: Integers
    sign: npt.NDArray[np.float64]
    counts: Integers = attrs.field(factory=lambda: np.zeros(0, np.int64))
    lines: Sums = attrs.field(factory=lambda: Sums.of((), 0))
    play: npt.NDArray[np.float64] = attrs.field(factory=lambda: np.zeros((2, 0)))

    @property
    def came(self) -> bool:
        """Say whether anything came or went after any edition."""
        return bool((self.since >= 0).any())

    def as_of(self, sums: Sums, editions: Integers) -> Sums:
        """Return sums of atoms of now as they were by the edition of each, as sums of all atoms."""
        if len(self.parent) == sums.width:  # nothing came, so they are as they were
            return sums
        each = np.argsort(self.parent, kind="stable")
        parts = Sums(np.bincount(self.parent, minlength=sums.width), each, self.sign[each], len(self.parent))
        at, place = parts.entries(sums.at)
        row, atom, by = sums.rows[place], parts.at[at], parts.by[at] * sums.by[place]
        there = self.since[atom] < editions[row]
        lengths = np.bincount(row[there], minlength=len(sums))
        return Sums(lengths, atom[there], by[there], len(self.parent))

    def changes(self, atoms: Integers, edition: int) -> int:
        """Return in how many ways records of some atoms may have come or gone after an edition; 0: none did."""
        return int(np.isin(self.parent[self.since >= edition], atoms).sum())


def history_of(counts: Integers, facts: Sequence[PublishedSum], editions: int, same: Sums) -> History:
    """Return it. counts: of the atoms of now. same: sums of them that are 0 at any time."""
    moved, still = _moved(counts, facts, editions)
    if not moved.any():
        blank = _from(len(counts), moved)
        lines = _once(_said(blank, facts, same, [editions])[0])
        return attrs.evolve(blank, counts=counts, lines=lines, play=np.zeros((2, len(lines))))
    touched, moved = abs(same.sparse), moved & ~still
    while True:  # what came is counted by every goal on the same records
        beside = moved | (((touched.T @ ((touched @ moved.T) > 0)).T > 0) & ~still)
        if np.array_equal(beside, moved):
            break
        moved = beside
    found = _solved(_from(len(counts), moved, 1.0), counts, facts, same, editions)
    if found is not None:
        return found
    # some went, or were moved: from and to any group of which anything was told
    told = np.zeros(len(counts), bool)
    told[[atom for fact in facts for atom in fact.atoms]] = True
    told |= touched.T @ (touched @ told) > 0
    anywhere = np.broadcast_to(told, moved.shape)
    found = _solved(_from(len(counts), anywhere, 1.0, -1.0), counts, facts, same, editions, strictly=False)
    assert found is not None
    return found


def _moved(counts: Integers, facts: Sequence[PublishedSum], editions: int) -> tuple[Mask, Mask]:
    """Return after which edition something came to which atoms, and where nothing did, (editions, atoms) each."""
    moved, still = np.zeros((2, editions, len(counts)), bool)
    later: dict[frozenset[int], tuple[int, int]] = {}
    for fact in sorted(facts, key=lambda each: -each.edition):
        atoms = list(fact.atoms)
        edition, value = later.get(fact.atoms, (editions, int(counts[atoms].sum())))
        (still if value == fact.value else moved)[fact.edition : edition, atoms] = True
        later[fact.atoms] = fact.edition, fact.value
    return moved, still


def _from(atoms: int, where: Mask, *signs: float) -> History:
    since, parent = np.nonzero(where)
    return History(
        parent=np.concatenate([np.arange(atoms), *[parent] * len(signs)]),
        since=np.concatenate([np.full(atoms, -1), *[since] * len(signs)]),
        sign=np.concatenate([np.ones(atoms), *(np.full(len(parent), sign) for sign in signs)]),
    )


def _said(blank: History, facts: Sequence[PublishedSum], same: Sums, times: Sequence[int]) -> tuple[Sums, Integers]:
    """Return all that everybody knows, as sums of atoms, and what each is: what was told, and what is 0 at any time."""
    lengths = np.array([len(fact.atoms) for fact in facts], np.int64)
    atoms = np.array([atom for fact in facts for atom in fact.atoms], np.int64)
    told = Sums(lengths, atoms, np.ones(len(atoms)), same.width)
    lines = blank.as_of(told, np.array([fact.edition for fact in facts], np.int64))
    for time in times:
        lines = lines.and_then(blank.as_of(same, np.full(len(same), time)))
    return lines, np.array([*(fact.value for fact in facts), *[0] * (len(same) * len(times))], np.int64)


def _solved(
    blank: History, counts: Integers, facts: Sequence[PublishedSum], same: Sums, editions: int, *, strictly: bool = True
) -> History | None:
    """Return a history with the least that must have come, None where that cannot be all.

    strictly: whether all that was told must be so; else what cannot be is left out.
    """
    sparse, optimize = solver().sparse, solver().optimize
    times = [*sorted({*blank.since.tolist()} - {-1}), editions]
    lines, asked = _said(blank, facts, same, times)
    every = np.arange(len(counts))
    now = blank.as_of(_each(every, len(counts)), np.full(len(counts), editions)).sparse
    many, slack = len(blank.parent), len(lines)
    # no count was ever less than none, which says something only where some went
    went = np.unique(blank.parent[blank.sign < 0])
    left = Sums.of((), many)
    for time in times:
        left = left.and_then(blank.as_of(_each(went, len(counts)), np.full(len(went), time)))
    besides = [
        optimize.LinearConstraint(sparse.hstack([rows, sparse.csr_matrix((rows.shape[0], 2 * slack))]), low, high)
        for rows, low, high in ((now, counts, counts), (left.sparse, 0, np.inf))
        if rows.shape[0]
    ]
    elastic = sparse.hstack([lines.sparse, sparse.identity(slack), -sparse.identity(slack)])
    solved = optimize.milp(
        np.append(np.where(blank.sign > 0, CAME, WENT) * (blank.since >= 0), np.full(2 * slack, NOT_SO)),
        constraints=[*besides, optimize.LinearConstraint(elastic, asked, asked)],
        integrality=np.ones(many + 2 * slack),
        options={"mip_rel_gap": GAP},
    )
    assert solved.x is not None, solved.message  # nothing came, and nothing that was told is so
    found = np.rint(solved.x[:many]).astype(np.int64)
    so = np.rint(lines @ found) == asked
    if strictly and not so.all():
        return None
    known, below = _once(lines.chosen(np.flatnonzero(so))), left @ found
    play = np.zeros((2, len(known) + len(below)))
    play[0, len(known) :], play[1, len(known) :] = below, np.inf
    return attrs.evolve(blank, counts=found, lines=known.and_then(left), play=play)


def _each(atoms: Integers, width: int) -> Sums:
    return Sums(np.ones(len(atoms), np.int64), atoms, np.ones(len(atoms)), width)


def _once(lines: Sums) -> Sums:
    """Return each line once, and none that says nothing."""
    weights = np.random.default_rng(lines.width).random(lines.width)
    sums, first = np.unique(lines @ weights, return_index=True)
    return lines.chosen(np.sort(first[sums != 0]))
