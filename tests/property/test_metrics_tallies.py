"""A tally is what counting row by row gives, to the byte, however its rows were cut, ordered, split and merged."""

from __future__ import annotations

import bisect
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casequality.metrics.asking import Question
from casequality.metrics.fold import Fold, from_fold
from casequality.metrics.tallies import stored
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.cells import unpack
from casequality.metrics.tallies.histogram import DENSE, Histogram
from casequality.metrics.tallies.tally import Accounts, Tally, merge
from tests.factories.records import of_rows, sliced
from tests.factories.tallies import AS_OF, ROLES, ZONE, Entry, Row, Told, assumed, entry, folded, tallied

MONTHS = [dt.date(year, month, 1) for year in range(1990, 2061) for month in range(1, 13)] + [dt.date(2061, 1, 1)]
GROUPS = st.sampled_from([(), ("office",), ("kind",), ("office", "kind"), ("kind", "office")])
DAYS = st.one_of(
    st.none(),
    st.dates(dt.date(2010, 1, 1), dt.date(2010, 12, 31)),
    st.dates(dt.date(1980, 1, 1), dt.date(2065, 1, 1)),
)
NEAR = st.dates(dt.date(2010, 5, 20), dt.date(2010, 7, 10))


def rows_of(days: st.SearchStrategy[Any], bins: st.SearchStrategy[Any], size: int = 30) -> st.SearchStrategy[list[Row]]:
    one = st.fixed_dictionaries(
        {
            "on": days,
            "until": days,
            "what": st.sampled_from(list(ROLES)),
            "amount": st.none() | st.integers(-(10**6), 10**6) | st.integers(-(2**57), 2**57),
            "bin": st.none() | bins,
            "times": st.integers(0, 5),
            "office": st.sampled_from(["main", "north", "west", None]),
            "kind": st.sampled_from(["a", "b", None]),
        }
    )
    return st.lists(one, max_size=size)


ROWS = st.one_of(
    rows_of(DAYS, st.integers(0, 60) | st.integers(0, 2**31 - 1)),
    rows_of(NEAR, st.integers(0, 5)),
)
METRICS = st.builds(Told, bounded=st.booleans(), numbered=st.booleans(), weighted=st.booleans(), aged=st.booleans())


def cell(day: dt.date | None) -> int:
    return 0 if day is None else 1 + bisect.bisect_right(MONTHS, day)


def counted(metric: Told, rows: Sequence[Row], groups: Sequence[str]) -> tuple[dict[Any, list[int]], Counter[Any]]:
    """Return what each cell holds and the numbers in it, row by row."""
    cells: dict[Any, list[int]] = {}
    numbers: Counter[Any] = Counter()
    for row in rows:
        times = row["times"] if metric.weighted else 1
        until = cell(row["until"]) if metric.bounded else 0
        key = (tuple(row[name] for name in groups), cell(row["on"]), until, row["what"])
        has = row["amount"] is not None
        found = cells.setdefault(key, [0, 0, 0, 0])
        for index, value in enumerate((1, times, times * has, times * (row["amount"] or 0))):
            found[index] += value
        if metric.aged:
            began = max([day for day in MONTHS if row["on"] and day <= row["on"]], default=dt.date(1900, 1, 1))
            number = (row["on"] - began).days if row["on"] else None
        else:
            number = row["bin"] if metric.numbered else None
        if number is not None:
            numbers[key, number] += times
    return cells, +numbers


def told(tally: Tally) -> tuple[dict[Any, list[int]], Counter[Any]]:
    """Return what a tally says, in the same words."""

    def keys(packed: Any) -> list[Any]:
        parts = [unpack(packed, name).tolist() for name in ("group", "entry", "exit", "outcome")]
        return [
            (tally.labels[group], entry, exit_, tally.assumed.outcomes[outcome])
            for group, entry, exit_, outcome in zip(*parts, strict=True)
        ]

    values = [tally.counted(name).tolist() for name in ("rows", "cases", "measured", "amount")]
    cells = {key: list(each) for key, each in zip(keys(tally.cells), zip(*values, strict=True), strict=True)}
    pairs, numbers, counts = tally.numbers
    found = {
        (key, number): count for key, number, count in zip(keys(pairs), numbers.tolist(), counts.tolist(), strict=True)
    }
    return cells, Counter(found)


@given(METRICS, ROWS, GROUPS)
def test_a_tally_is_what_counting_row_by_row_gives(metric: Told, rows: list[Row], groups: tuple[str, ...]) -> None:
    tally = tallied(metric, [of_rows(Entry, rows)], groups=groups)
    assert told(tally) == counted(metric, rows, groups)
    assert set(tally.labels) == {tuple(row[name] for name in groups) for row in rows}
    assert list(tally.labels) == sorted(
        tally.labels, key=lambda label: [(part is not None, part or "") for part in label]
    )


@given(METRICS, ROWS, GROUPS, st.data())
def test_the_same_bytes_however_rows_are_cut_and_ordered(
    metric: Told, rows: list[Row], groups: tuple[str, ...], data: st.DataObject
) -> None:
    whole = stored.to_bytes(tallied(metric, [of_rows(Entry, rows)], groups=groups))
    shuffled = data.draw(st.permutations(rows))
    blocks = sliced(of_rows(Entry, shuffled), data.draw(st.lists(st.integers(1, 7), min_size=1, max_size=4)))
    assert stored.to_bytes(tallied(metric, blocks, groups=groups)) == whole
    by_row = [of_rows(Entry, [row]) for row in shuffled]  # each block knows only the labels that it holds
    assert stored.to_bytes(tallied(metric, by_row, groups=groups)) == whole


@given(METRICS, ROWS, GROUPS, st.data())
def test_the_same_bytes_however_folds_are_split_and_merged(
    metric: Told, rows: list[Row], groups: tuple[str, ...], data: st.DataObject
) -> None:
    whole = tallied(metric, [of_rows(Entry, rows)], groups=groups)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=4)))
    bounds = list(zip([0, *cuts], [*cuts, len(rows)], strict=True))
    parts = [tallied(metric, [of_rows(Entry, rows[start:stop])], groups=groups) for start, stop in bounds]
    parts = data.draw(st.permutations(parts))
    assert stored.to_bytes(merge(parts)) == stored.to_bytes(whole)
    middle = data.draw(st.integers(0, len(parts)))
    halves = [merge(half) for half in (parts[:middle], parts[middle:]) if half]
    assert stored.to_bytes(merge(halves)) == stored.to_bytes(whole)
    assert merge(halves) == whole
    zero = from_fold(folded(metric, [], groups=groups), whole.assumed, Accounts())
    assert stored.to_bytes(whole + zero) == stored.to_bytes(zero + whole) == stored.to_bytes(whole)
    assert stored.from_bytes(stored.to_bytes(whole)) == whole


@settings(max_examples=8)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
def test_many_rows_all_over_time(seed: int, weighted: bool, in_order: bool) -> None:
    """Enough different cells that they are not counted side by side, and enough rows that numbers are."""
    random = np.random.default_rng(seed)
    days = [dt.date(1989, 1, 1) + dt.timedelta(days=int(each)) for each in random.integers(0, 26_500, 4_000)]
    rows: list[Row] = [
        {
            "on": on,
            "until": on + dt.timedelta(days=int(lasts)) if lasts < 2_500 else None,
            "what": list(ROLES)[what],
            "amount": int(amount),
            "bin": int(number) if far else int(number) * 1_000_003,
            "times": int(times),
            "office": "main",
            "kind": ["a", "b"][times % 2],
        }
        for on, lasts, what, amount, number, far, times in zip(
            sorted(days) if in_order else days,
            random.integers(0, 3_000, 4_000),
            random.integers(0, 5, 4_000),
            random.integers(-(10**13), 10**13, 4_000),
            random.integers(0, 40, 4_000),
            random.random(4_000) < 0.95,
            random.integers(0, 4, 4_000),
            strict=True,
        )
    ]
    metric = Told(weighted=weighted)
    tally = tallied(metric, sliced(of_rows(Entry, rows), [1_500, 400]), groups=("kind",))
    assert told(tally) == counted(metric, rows, ("kind",))


NUMBERS = st.lists(
    st.tuples(
        st.sampled_from(["add", "add one cell", "flush", "total"]),
        st.integers(1, 3),
        st.sampled_from([3, 60, 70_000, 3_000_000, 2**31 - 2]),
        st.integers(0, 2**32 - 1),
        st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=60)
@given(NUMBERS)
@example([("add one cell", 1, 3_000_000, 1, False), ("flush", 1, 3, 0, False), ("add", 3, 60, 2, False)])
@example([("add", 3, 60, 2, False), ("add one cell", 1, 2**31 - 2, 1, False), ("add", 3, 60, 3, True)])
def test_numbers_are_counted_side_by_side_or_apart_with_one_result(
    steps: list[tuple[str, int, int, int, bool]],
) -> None:
    histogram, expected = Histogram(), Counter[tuple[int, int]]()
    for what, spread, greatest, seed, weighted in steps:
        if what == "flush":
            histogram.flush()
        elif what == "total":
            histogram.total()
        else:
            random = np.random.default_rng(seed)
            met = np.array([4]) if what == "add one cell" else np.arange(spread * 40)
            tags = met[random.integers(0, len(met), 2_000)]
            numbers = random.integers(-1, min(greatest, 200), 2_000)
            numbers[0], times = greatest, random.integers(0, 3, 2_000) if weighted else None
            numbers[numbers < 0] = np.iinfo(np.int64).min
            histogram.add(met + 1_000, met, tags, numbers, times)
            weights = [1] * 2_000 if times is None else times.tolist()
            for tag, number, weight in zip(tags.tolist(), numbers.tolist(), weights, strict=True):
                if number >= 0:
                    expected[tag + 1_000, number] += weight
            assert histogram.dense.size <= DENSE
    cells, found, counts = (part.tolist() for part in histogram.total())
    assert dict(zip(zip(cells, found, strict=True), counts, strict=True)) == +expected


@given(ROWS, st.sampled_from([("main",), ("main", "west"), ("north",)]), st.sampled_from([("a",), ("a", "b")]))
def test_where_leaves_out_and_says_how_many(rows: list[Row], offices: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    where = (("office", offices), ("kind", kinds))
    fold = Fold(Question(Told(), where=where, axis=Axis(ZONE)))
    for block in sliced(of_rows(Entry, rows), [3]):
        fold.add(block, AS_OF)
    kept = [row for row in rows if row["office"] in offices and row["kind"] in kinds]
    assert told(from_fold(fold, assumed(fold), Accounts())) == counted(Told(), kept, ())
    assert fold.elsewhere == len(rows) - len(kept)


def test_an_open_list_of_labels_may_be_asked_for_one_that_does_not_occur() -> None:
    rows = [entry(amount=1, bin=1, office="x")]
    fold = folded(Told(), [of_rows(Entry, rows)], where=(("office", ("y",)),))
    assert fold.elsewhere == 1
    with pytest.raises(LookupError):
        folded(Told(), [of_rows(Entry, [{**rows[0], "kind": "a"}])], where=(("kind", ("c",)),))
