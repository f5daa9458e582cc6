"""Findings merge: in any order, in any grouping, with a zero."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from casequality.records import Finding, Findings

places = st.tuples(
    st.sampled_from(["a", "b"]),
    st.sampled_from(["missing value", "unknown code"]),
    st.lists(st.integers(1, 99), min_size=1, max_size=4),
    st.sampled_from([None, "one.csv", "two.csv"]),
)
suspected = st.dictionaries(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["1900-01-01", "9999-12-31"])), st.integers(1, 5)
)
findings = st.builds(
    lambda items, aside, marks: Findings.of([Finding.of(*item) for item in items], aside, marks),
    st.lists(places, max_size=5),
    st.integers(0, 9),
    suspected,
)


@given(findings, findings, findings)
def test_merging(first: Findings, second: Findings, third: Findings) -> None:
    assert first + second == second + first
    assert (first + second) + third == first + (second + third)
    assert first + Findings() == Findings() + first == first
    assert len(first + second) == len(first) + len(second)


@given(st.lists(findings, min_size=1, max_size=6))
def test_what_is_counted_is_what_each_block_counted(blocks: list[Findings]) -> None:
    joined = sum(blocks, Findings())
    for item in joined.items:
        rows = [
            one.rows
            for block in blocks
            for one in block.items
            if (one.file, one.column, one.fault) == (item.file, item.column, item.fault)
        ]
        assert item.rows.tolist() == sorted(np.concatenate(rows).tolist())
        assert item.count == len(item.rows)
    assert joined.set_aside == sum(block.set_aside for block in blocks)
    assert sum(joined.suspected.values()) == sum(sum(block.suspected.values()) for block in blocks)
