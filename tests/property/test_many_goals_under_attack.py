"""Many goals on the same records, published together: each small count attacked, and the few between two goals.

Limits of days, of which each lets in more than the one before, and goals of one office alone beside those of all.
`CASEQUALITY_SERIES=200` tries 40.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import combinations, product

import attrs
import numpy as np
import pytest

pytest.importorskip("scipy")

from casequality.days import Period, period
from casequality.evidence.disclosure import Disclosure, Policy, View, disclose
from tests.attacker import Atom, Attacker
from tests.factories.measurements import measured
from tests.factories.tallies import Within, entry

SERIES = int(os.environ.get("CASEQUALITY_SERIES", "20")) // 5
OFFICES = ("east", "north")
QUARTER = period("2010-Q1")
MONTHS = QUARTER.parts("month")
TOOK = (5, 15, 25, 35)
"""Days that an entry takes, between the limits of the goals."""
LIMIT = 5


@attrs.frozen
class WithinTwenty(Within):
    """In twenty."""

    days: int = 20


@attrs.frozen
class WithinThirty(Within):
    """In thirty."""

    days: int = 30


LIMITS: Sequence[type[Within]] = (Within, WithinTwenty, WithinThirty)
Counts = dict[tuple[int, str, int], int]


def drawn(rng: np.random.Generator) -> Counts:
    levels = rng.gamma(1.5, 8, (len(MONTHS), len(OFFICES)))[:, :, None] * np.array([0.6, 0.15, 0.1, 0.15])
    return {
        (month, office, length): int(rng.poisson(levels[month, place, length]))
        for month, (place, office), length in product(range(len(MONTHS)), enumerate(OFFICES), range(len(TOOK)))
    }


def asked(apart: bool) -> list[tuple[str, Period, str | None]]:
    """Return name, period and office of every figure: of all goals, and of those of one office alone."""
    return [
        (name, when, office)
        for when in (*MONTHS, QUARTER)
        for office in (None, *OFFICES)
        for name in ((str(number) for number in range(len(LIMITS))) if office is None or not apart else (office,))
    ]


def published(counts: Counts, apart: bool) -> Disclosure:
    """Return what is told. apart: each office has a goal of its own, and is no group of the others."""
    rows = [
        entry(MONTHS[month].first.isoformat(), office=office, bin=TOOK[length])
        for (month, office, length), number in counts.items()
        for _ in range(number)
    ]
    views = []
    for name in dict.fromkeys(name for name, *_ in asked(apart)):
        alone = name in OFFICES
        metric = LIMITS[1] if alone else LIMITS[int(name)]
        given = [row for row in rows if row["office"] == name] if alone else rows
        found = measured(metric, given, by=("month", "office"), where={"office": (name,)} if alone else {})
        places = tuple(
            ("", when, (("office", office),) if office and not apart else ())
            for each, when, office in asked(apart)
            if each == name
        )
        views.append(View(name=name, tally=found.tally, reading=found.reading, places=places))
    return disclose(views, Policy(threshold=LIMIT), as_of="2010-05-01")


def atoms(when: Period, office: str | None, lengths: range) -> Iterator[Atom]:
    for (number, month), each, length in product(enumerate(MONTHS), OFFICES, lengths):
        if month.first in when and office in (None, each):
            yield number, each, length


@pytest.mark.parametrize(("seed", "apart"), [*product(range(SERIES), (False, True))])
def test_no_goal_tells_what_another_withholds(seed: int, apart: bool) -> None:
    counts = drawn(np.random.default_rng(1000 + seed))
    told = published(counts, apart)
    attacker, small = Attacker(), []
    every = range(len(TOOK))
    for name, when, office in asked(apart):
        limit = 1 if name in OFFICES else int(name)
        shown = told.of(name, ("", when, (("office", office),) if office and not apart else ()))
        parts = {"yes": every[: limit + 1], "no": every[limit + 1 :], "whole": every}
        attacker.learn(atoms(when, office, every), 0, 0 if shown.state == "no cases" else np.inf)
        for part, lengths in parts.items():
            if part in shown.counts:
                attacker.learn(atoms(when, office, lengths), shown.counts[part], shown.counts[part])
            small.append((when, office, lengths, shown.state))
    for when, office in {(when, office) for _, when, office in asked(apart) if not (apart and office)}:
        for one, other in combinations(range(len(LIMITS)), 2):
            small.append((when, office, every[one + 1 : other + 1], "withheld"))
    tried = 0
    for when, office, lengths, state in small:
        value = sum(counts[atom] for atom in atoms(when, office, lengths))
        if 1 <= value < LIMIT:
            assert state == "withheld"
            assert attacker.narrows(atoms(when, office, lengths), 1, LIMIT - 1) is None, (when, office, lengths)
            tried += 1
    assert tried
