"""Codes against lists of labels."""

from __future__ import annotations

import numpy as np
import pytest

from casequality.errors import UnknownName
from casequality.records import Codes

WRITTEN = ["tax", None, "main", "tax", "benefits", None]


@pytest.mark.parametrize("labels", [None, ("main", "tax", "benefits", "other")])
def test_what_was_encoded_is_decoded(labels: tuple[str, ...] | None) -> None:
    codes = Codes.encode(WRITTEN, labels)
    assert codes.decode() == WRITTEN
    assert codes.missing.tolist() == [label is None for label in WRITTEN]
    assert codes.labels == (labels or ("benefits", "main", "tax"))


def test_comparing_with_a_label_is_comparing_each_row() -> None:
    codes = Codes.encode(WRITTEN)
    assert (codes == "tax").tolist() == [label == "tax" for label in WRITTEN]
    assert (codes != "tax").tolist() == [label != "tax" for label in WRITTEN]
    assert codes.isin(["tax", "main"]).tolist() == [label in ("tax", "main") for label in WRITTEN]
    assert codes[2:4].decode() == WRITTEN[2:4]
    assert codes.hidden(codes == "tax").decode() == [None if label == "tax" else label for label in WRITTEN]


def test_an_open_list_knows_no_wrong_label_and_a_closed_one_refuses_it() -> None:
    assert not (Codes.encode(WRITTEN) == "taks").any()
    with pytest.raises(UnknownName) as caught:
        Codes.encode(WRITTEN, ("main", "tax", "benefits")) == "taks"  # noqa: B015 - the comparison is what is tried
    assert "main, tax, benefits" in str(caught.value)


def test_joined_columns_read_like_one_list() -> None:
    first, second = Codes.encode(["b", None, "a"]), Codes.encode(["c", "a"])
    assert Codes.joined([first, second]).decode() == ["b", None, "a", "c", "a"]
    assert Codes.joined([first, second]).labels == ("a", "b", "c")
    closed = Codes.encode(["b"], ("b", "a"))
    assert Codes.joined([closed, closed]).labels == ("b", "a")
    assert Codes.joined([closed, closed]).closed


@pytest.mark.parametrize(("labels", "kind"), [(253, np.uint8), (254, np.int32), (300, np.int32)])
def test_many_labels_need_wider_numbers(labels: int, kind: type[np.generic]) -> None:
    names = [f"{number:03}" for number in range(labels)]
    codes = Codes.encode(names)
    assert codes.indices.dtype == kind
    assert codes.decode() == names
    assert (codes == names[-1]).tolist() == [False] * (labels - 1) + [True]
    assert not codes.isin(["not there"]).any()
