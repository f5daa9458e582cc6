"""Rounding by chance: every count of which figures are sums becomes a multiple of a base, so that all still add up."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers
from casequality.evidence.disclosure.policy import Policy
from casequality.evidence.disclosure.tables import Block, Place, View, block_of, tally_of


def rounded(count: int, base: int, chance: float) -> int:
    """Return the multiple of a base below or above a count, the nearer one more often; chance: from 0 up to 1.

    >>> rounded(3, 5, 0.59), rounded(3, 5, 0.61), rounded(10, 5, 0.99)
    (5, 0, 10)
    """
    below, rest = divmod(count, base)
    return (below + (chance * base < rest)) * base


def chance_of(key: str, *what: object) -> float:
    """Return what chance draws for one count, from 0 up to 1: the same in every edition, and known to nobody else."""
    drawn = hmac.digest(key.encode(), json.dumps(what).encode(), "sha256")
    return int.from_bytes(drawn[:6], "big") / (1 << 48)


def rounded_figures(views: Sequence[View], policy: Policy) -> dict[tuple[str, Place], Mapping[str, int]]:
    """Return the rounded counts by part of each figure, by table and place.

    What is rounded are the counts of each month, label of every code that was tallied, and outcome: margins are their
    sums and tell nothing more, and no choice of what is shown changes them.
    """
    found: dict[tuple[str, Place], Mapping[str, int]] = {}
    blocks: dict[tuple[str, str], Block] = {}
    for view in views:
        several = [each for each in views if each.table == view.table]
        tally = tally_of(several, ())
        axis = tally.assumed.axis
        for place in view.places:
            facet, period, groups = place
            if (view.table, facet) not in blocks:
                cells = np.arange(axis.cells)
                block = block_of(several, facet, tally.assumed.groups, cells, axis.cells, 0)
                blocks[view.table, facet] = _rounded(block, axis.days, policy)
            block = blocks[view.table, facet]
            times, labels = slice(axis.cell_of(period.first), axis.cell_of(period.end)), block.within(groups)
            sums = block.counts[:, times][:, :, labels].sum(axis=(1, 2)).tolist()
            named = zip(("yes", "no"), sums, strict=False)
            found[view.table, place] = {**dict(named), **({"whole": sum(sums)} if len(sums) > 1 else {})}
    return found


def _rounded(block: Block, days: npt.NDArray[np.datetime64], policy: Policy) -> Block:
    counts: Integers = block.counts.copy()
    assert policy.key is not None
    for outcome, time, label in np.argwhere(counts).tolist():
        begun = str(days[time - 2]) if time >= 2 else str(time)
        named = sorted(zip(block.fields, block.labels[label], strict=True))
        chance = chance_of(policy.key, block.table, block.facet, outcome, begun, named)
        counts[outcome, time, label] = rounded(int(counts[outcome, time, label]), policy.rounds_to, chance)
    return attrs.evolve(block, counts=counts)
