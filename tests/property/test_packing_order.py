"""Child rows that already come in order are not sorted again, and the order is the one that sorting gives."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casequality.records.intake.joins import _sorted

rows = st.lists(st.tuples(*[st.integers(0, 2)] * 3), max_size=12)


def columns(drawn: list[tuple[int, ...]]) -> list[npt.NDArray[np.int64]]:
    """Return the sort keys of rows (parent, beginning, rest), the first one last."""
    return list(np.array(drawn, np.int64).reshape(-1, 3).T[::-1])


@given(rows, st.booleans())
def test_the_order_is_that_of_sorting_all_rows(drawn: list[tuple[int, ...]], in_order: bool) -> None:
    keys = columns(sorted(drawn, key=lambda row: row[:2]) if in_order else drawn)
    assert _sorted(keys).tolist() == np.lexsort(keys).tolist()


def test_rows_in_order_but_for_equal_ones_are_not_sorted_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    sort = np.lexsort

    def noted(keys: list[npt.NDArray[np.int64]]) -> npt.NDArray[np.intp]:
        sizes.append(len(keys[0]))
        return sort(keys)

    monkeypatch.setattr(np, "lexsort", noted)
    _sorted(columns([(0, 0, 0), (0, 1, 2), (0, 1, 1), (1, 0, 0), (2, 0, 0)]))
    _sorted(columns([(1, 0, 0), (0, 0, 0), (2, 0, 0)]))
    assert sizes == [2, 3]
