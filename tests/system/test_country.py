"""A small simulated country against its own rows: a night of deliveries late, replaced and repeated, and all figures.

The size that was asked for, 98 municipalities over 240 months, is run by hand: `python -m tests.benchmark.country`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

import casequality as cq
from casequality.metrics import stored
from tests.benchmark.country import METRICS, Country


def test_what_is_counted_in_one_go_and_taken_apart_is_what_each_counts() -> None:
    country = Country(who=3, months=2)
    assert [stored.all_to_bytes(each.parts) for each in country.each(1)] == [
        stored.all_to_bytes(country.counted(who, 1).parts) for who in range(3)
    ]


def test_a_night_of_a_country_gives_the_figures_of_its_rows(tmp_path: Path) -> None:
    country = Country(who=6, months=14, cases=12)
    held = cq.store(tmp_path)
    country.fill(held)
    before = held.tallies(apart=True)
    country.night(held)
    # 6 municipalities x 13 months, 6 of the night, one repeated that is not taken twice, and one replaced
    assert len(held.log()) == 6 * 13 + 6 + 1
    assert len(held.deliveries()) == 6 * 14
    rows = Counter(
        (f"{who:03}", country.labels[month], kind)
        for who in range(6)
        for month in range(14)
        for kind in country.rows(who, month, 5 if (who, month) == (4, 12) else 0)["kind"].to_pylist()
    )
    after = held.tallies(apart=True)
    found = after.conclude(by=["month", "kind", "who"])
    assert sorted(found) == sorted(METRICS)
    received = {
        (each.groups["who"], each.period.label, each.groups["kind"]): each.value.numerator
        for each in found["case-flow.received"].measurement
        if each.value.numerator
    }
    assert received == dict(rows)
    # what was known the night before stays known, and a store that keeps no sums comes to the same
    again = cq.store(tmp_path)
    for path in (tmp_path / "joined").iterdir():
        path.unlink()
    assert stored.all_to_bytes(again.tallies(apart=True, at=6 * 13).parts) == stored.all_to_bytes(before.parts)
    assert stored.all_to_bytes(again.tallies(apart=True).parts) == stored.all_to_bytes(after.parts)
