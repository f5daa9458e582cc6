"""Random series of published tables, each protected count attacked by whoever has read every edition.

`CASEQUALITY_SERIES=200` tries as many series as the project promises; the ordinary run tries a few.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import pytest

pytest.importorskip("scipy")

from casequality.days import Period, period
from casequality.evidence.disclosure import Disclosure, FigurePlace, Ledger, Policy, View, disclose, moves, pattern
from casequality.metrics import NO, OUT, YES, AsOf, Contribution, Metric, outcomes
from casequality.metrics.declaring.statistics import Count
from tests.attacker import Atom, Attacker
from tests.factories.measurements import measured
from tests.factories.tallies import Entry, Within, entry

SERIES = int(os.environ.get("CASEQUALITY_SERIES", "10"))
OFFICES = ("east", "north", "south")
HALF = period("2010-H1")
MONTHS = HALF.parts("month")
LIMIT = 5


@attrs.frozen
class WithinTen(Within):
    """Share of entries that took at most ten days."""

    id = "test.within-ten"
    title = {"en": "Within ten days", "da": "Inden for ti dage"}


@attrs.frozen
class WithinTwenty(WithinTen):
    """Share of entries that took at most twenty days."""

    id = "test.within-twenty"
    title = {"en": "Within twenty days", "da": "Inden for tyve dage"}
    days: int = 20


@attrs.frozen
class OfTwenty(Metric):
    """Share within ten days of the entries that took at most twenty."""

    id = "test.of-twenty"
    title = {"en": "Within ten days, of twenty", "da": "Inden for ti dage, af tyve"}
    records = Entry
    outcomes = outcomes(in_time=YES, late=NO, later=OUT)

    def contribute(self, entries: Any, _as_of: AsOf, /) -> Contribution:
        within = entries.bin <= 10
        return Contribution(
            on=entries.on, outcome=self.outcomes.pick(in_time=within, late=~within & (entries.bin <= 20))
        )


@attrs.frozen
class Every(Metric):
    """Number of entries."""

    id = "test.every"
    title = {"en": "Entries", "da": "Poster"}
    records = Entry
    outcomes = outcomes(counted=YES)
    statistic = Count()

    def contribute(self, entries: Any, _as_of: AsOf, /) -> Contribution:
        return Contribution(on=entries.on, outcome=self.outcomes.pick(counted=entries.bin >= 0))


Goals = Mapping[str, type[Metric]]
NESTED: Goals = {"ten": WithinTen, "twenty": WithinTwenty}
WIDER: Goals = {"of twenty": OfTwenty, "every": Every}
TOOK = (5, 15, 25)
"""Days that an entry takes: a yes of both nested goals, of the second alone, of neither."""
LENGTHS: Mapping[str, Mapping[str, Sequence[int]]] = {
    "ten": {"yes": (0,), "no": (1, 2), "whole": (0, 1, 2)},
    "twenty": {"yes": (0, 1), "no": (2,), "whole": (0, 1, 2)},
    "of twenty": {"yes": (0,), "no": (1,), "whole": (0, 1)},
    "every": {"yes": (0, 1, 2), "whole": (0, 1, 2)},
}
"""Which of these lengths the parts of each goal have, and `BESIDE` those that the other goal does not count."""
BESIDE: Mapping[str, Sequence[int]] = {"every": (2,)}
Late = tuple[int, int, str]
Counts = dict[tuple[int, str], list[int]]
"""How many entries took so long, by month and office."""


def drawn(rng: np.random.Generator) -> Counts:
    level = rng.gamma(1.5, 8, size=(len(MONTHS), len(OFFICES)))
    shares = (0.7, 0.2, 0.1)
    return {
        (month, office): [int(rng.poisson(level[month, place] * share)) for share in shares]
        for month in range(len(MONTHS))
        for place, office in enumerate(OFFICES)
    }


def rows_of(counts: Counts) -> list[Mapping[str, Any]]:
    return [
        entry(MONTHS[month].first.isoformat(), office=office, bin=took)
        for (month, office), by_length in counts.items()
        for took, number in zip(TOOK, by_length, strict=True)
        for _ in range(number)
    ]


def places(periods: list[Period]) -> tuple[FigurePlace, ...]:
    groups: list[tuple[tuple[str, str | None], ...]] = [(), *((("office", office),) for office in OFFICES)]
    return tuple(("", each, group) for each in periods for group in groups)


EDITIONS: tuple[list[Period], ...] = (
    [*MONTHS[:3], period("2010-Q1")],
    [*MONTHS[3:], period("2010-Q2"), HALF],
    [*MONTHS, HALF],
)


def inside(month: int, office: str, place: FigurePlace) -> bool:
    _, when, groups = place
    return MONTHS[month].first in when and dict(groups).get("office", office) == office


@attrs.frozen
class Published:
    """One edition: what was there, and what was told of it."""

    counts: Counts
    told: Disclosure
    views: tuple[View, ...]


def series(rng: np.random.Generator, policy: Policy, goals: Goals) -> Iterator[Published]:
    counts, ledger = drawn(rng), Ledger()
    for number, periods in enumerate(EDITIONS):
        if number and rng.random() < 0.5:  # some entries are registered late
            month, office = int(rng.integers(3)), OFFICES[rng.integers(len(OFFICES))]
            counts = {place: list(by_length) for place, by_length in counts.items()}
            counts[month, office][rng.integers(3)] += int(rng.integers(1, 9))
        known = {place: each for place, each in counts.items() if MONTHS[place[0]].end <= periods[-1].end}
        views = []
        for name, goal in goals.items():
            figures = measured(goal, rows_of(known), by=("month", "office"))
            views.append(View(name=name, tally=figures.tally, reading=figures.reading, places=places(periods)))
        told = disclose(views, policy, as_of=f"edition {number}", ledger=ledger)
        ledger = told.ledger
        yield Published(known, told, tuple(views))


def sums(published: Published, name: str, place: FigurePlace) -> dict[str, int]:
    """Return the true counts of a figure, by a plain walk."""
    here = np.sum([by for at, by in published.counts.items() if inside(*at, place)] or [[0] * len(TOOK)], axis=0)
    parts = {**LENGTHS[name], **({"beside": BESIDE[name]} if name in BESIDE else {})}
    return {part: int(here[list(lengths)].sum()) for part, lengths in parts.items()}


def atoms(name: str, part: str, place: FigurePlace, edition: int, revised: set[Late]) -> Iterator[Atom]:
    """Yield the counts that a figure sums: of month, office and length, and of what was registered late until then."""
    lengths = BESIDE[name] if part == "beside" else LENGTHS[name][part]
    for month in range(len(MONTHS)):
        for office in OFFICES:
            if inside(month, office, place):
                for length in lengths:
                    yield (month, office, length)
                    for when, *late in revised:
                        if when <= edition and late == [month, office]:
                            yield (month, office, length, "late", when)


def may_be_late(editions: Sequence[Published]) -> set[Late]:
    """Return where entries may have been registered late: anywhere, in an edition that changed what was there before.

    That something changed is seen in what is published; where it did, as far as that is withheld, is not.
    """
    changed = [number for number in range(1, len(editions)) if _changed(editions[number - 1], editions[number])]
    return {(number, *place) for number in changed for place in editions[number - 1].counts}


def _changed(before: Published, after: Published) -> bool:
    return any(after.counts[place] != by_length for place, by_length in before.counts.items())


def attacker_of(editions: Sequence[Published], revised: set[Late]) -> Attacker:
    """Return who knows all that was published, and where entries may have been registered late, though not how many."""
    attacker = Attacker()
    for number, published in enumerate(editions):
        for view in published.views:
            for place in view.places:
                shown = published.told.of(view.name, place)
                for part, value in shown.counts.items():
                    attacker.learn(atoms(view.name, part, place, number, revised), value, value)
                attacker.learn(atoms(view.name, "whole", place, number, revised), 0, np.inf)
                if shown.state == "no cases":
                    attacker.learn(atoms(view.name, "whole", place, number, revised), 0, 0)
    return attacker


@pytest.mark.parametrize("seed", range(SERIES))
def test_nothing_small_is_found_out_of_a_series_of_editions(seed: int) -> None:
    attacked(seed, NESTED)


# in 8 and 35 nothing can be shown but noughts, of which one would tell what lies between the goals
@pytest.mark.parametrize("seed", sorted({*range(SERIES // 4), 8, 35}))
def test_nor_of_what_one_goal_counts_and_another_does_not(seed: int) -> None:
    attacked(seed, WIDER)


@pytest.mark.parametrize("seed", range(SERIES, SERIES + SERIES // 4))
def test_nor_where_tables_are_taken_for_large(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of large tables counts are moved between the corners of a box, and programs are about a box first."""
    monkeypatch.setattr(moves, "SMALL", 0)
    monkeypatch.setattr(pattern, "FEW", 0)
    attacked(seed, NESTED)


def attacked(seed: int, goals: Goals) -> None:
    """Attack every small count of a series."""
    policy = Policy(threshold=LIMIT, nested=[("ten", "twenty")])
    editions = list(series(np.random.default_rng(seed), policy, goals))
    late = may_be_late(editions)
    attacker = attacker_of(editions, late)
    tried = 0
    for number, published in enumerate(editions):
        for view in published.views:
            for place in view.places:
                for part, value in sums(published, view.name, place).items():
                    if 1 <= value < LIMIT:
                        assert part == "beside" or published.told.of(view.name, place).state == "withheld"
                        counts = atoms(view.name, part, place, number, late)
                        assert attacker.narrows(counts, 1, LIMIT - 1) is None, (number, view.name, place, part)
                        tried += 1
    assert tried
    assert not any("Earlier editions" in note.en for published in editions for note in published.told.notes)
