"""Whatever was counted is read back as it was, and no other tally is ever read from bytes that were turned or cut."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casequality.errors import InputError
from casequality.metrics.tallies import stored
from casequality.metrics.tallies.columns import decoded, encoded
from casequality.metrics.tallies.tally import Accounts, Tally
from tests.factories.records import of_rows
from tests.factories.tallies import Entry, Row, Told, tallied
from tests.property.test_metrics_tallies import GROUPS, METRICS, ROWS
from tests.unit.metrics.tallies.test_columns import read_plainly

TEXTS = st.text(max_size=8) | st.text(st.characters(), max_size=3)
COUNTS = st.integers(0, 2**40)
ACCOUNTS = st.builds(
    Accounts,
    read=COUNTS,
    set_aside=COUNTS,
    later=COUNTS,
    elsewhere=COUNTS,
    orphans=COUNTS,
    findings=st.dictionaries(TEXTS, COUNTS, max_size=4),
    marks=st.dictionaries(TEXTS, COUNTS, max_size=4),
    expects=st.sampled_from(["", "day", "working day"]),
    covered=st.lists(st.dates().map(str), max_size=4).map(lambda days: tuple(sorted(set(days)))),
)
WHOLE = st.integers(-(2**63), 2**63 - 1)
COLUMNS = st.one_of(
    st.lists(WHOLE, max_size=40),
    st.lists(st.integers(-300, 300), max_size=40),
    st.tuples(WHOLE, st.integers(0, 5000), st.integers(-3, 3)).map(
        lambda way: [(way[0] + 2**63 + each * way[2]) % 2**64 - 2**63 for each in range(way[1])]
    ),
)


@given(COLUMNS)
def test_any_column_is_read_back_and_a_plain_reader_reads_the_same(numbers: list[int]) -> None:
    block = encoded(np.array(numbers, np.int64))
    assert decoded(block).tolist() == numbers
    if len(numbers) < 100:
        assert read_plainly(block) == numbers


@given(METRICS, ROWS, GROUPS, ACCOUNTS)
def test_any_tally_is_read_back(metric: Told, rows: list[Row], groups: tuple[str, ...], accounts: Accounts) -> None:
    tally = attrs.evolve(tallied(metric, [of_rows(Entry, rows)], groups=groups), accounts=accounts)
    content = stored.to_bytes(tally)
    assert stored.from_bytes(content) == tally
    assert stored.to_bytes(stored.from_bytes(content)) == content


@given(st.lists(st.tuples(TEXTS, METRICS, ROWS), max_size=4, unique_by=lambda each: each[0]))
def test_any_several_tallies_are_read_back(several: list[tuple[str, Told, list[Row]]]) -> None:
    parts = {name: tallied(metric, [of_rows(Entry, rows)]) for name, metric, rows in several}
    assert stored.all_from_bytes(stored.all_to_bytes(parts), "") == parts


@settings(max_examples=30)
@given(METRICS, ROWS, st.data())
def test_bytes_that_were_turned_or_cut_are_no_tally(metric: Told, rows: list[Row], data: st.DataObject) -> None:
    tally: Tally = tallied(metric, [of_rows(Entry, rows)], groups=("office",))
    content = stored.to_bytes(tally)
    turned = bytearray(content)
    at: Any = st.integers(0, len(content) - 1)
    for place, mask in data.draw(st.dictionaries(at, st.integers(1, 255), min_size=1, max_size=6)).items():
        turned[place] ^= mask
    start, end = sorted((data.draw(at), data.draw(at)))
    for damaged in (bytes(turned), content[:end], content[start:end], content[:start] + content[end + 1 :]):
        with pytest.raises(InputError, match="This is no tally that can be read"):
            stored.from_bytes(damaged)
