"""Tallies: what must agree before they merge, where every row went, and their form on disk."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import numpy as np
import pytest

import casequality as cq
from casequality.errors import MergeError
from casequality.metrics.tallies import stored
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.tally import Accounts, Tally, merge, merge_each
from tests.factories.records import of_rows
from tests.factories.tallies import ZONE, Entry, Told, entry, tallied

ROWS = [
    entry(on, until, what, amount=5, bin=7, times=2, office=office)
    for on, until, what, office in [
        ("2010-01-04", "2010-03-01", "yes", "øst"),
        ("2010-02-05", None, "open", None),
        ("1989-02-05", "2010-02-01", "no", "vest"),
        (None, None, "unknown", "vest"),
    ]
]
TALLY = tallied(
    Told(),
    [of_rows(Entry, ROWS)],
    groups=("office", "kind"),
    where=(("kind", ("a", "b")),),
    axis=Axis(ZONE, (dt.date(2010, 6, 15),)),
)
ACCOUNTS = Accounts(
    read=9,
    set_aside=2,
    later=2,
    elsewhere=1,
    findings={"received_on: unreadable value": 2},
    marks={"closed_on: 2050-12-31": 4},
    expects="day",
    covered=("2010-01-04", "2010-02-05"),
)


@pytest.mark.parametrize(
    ("name", "other", "shown"),
    [
        ("metric", "other.Metric", "other.Metric"),
        ("version", 2, "2"),
        ("parameters", {"bounded": "False"}, "'bounded': 'False'"),
        ("outcomes", ("no", "yes"), "outcomes: "),
        ("groups", ("kind", "office"), "('kind', 'office')"),
        ("where", (), "where: "),
        ("axis", Axis("UTC", (dt.date(2010, 6, 15),)), "UTC"),
        ("axis", Axis(ZONE), "2010, 6, 15"),
        ("as_of", "2012-02-01T00:00:00.000000", "2012-02-01"),
        ("calendar", "dk-bank", "dk-bank"),
        ("doubts_kept", False, "True"),
    ],
)
def test_what_a_tally_assumes_must_agree_and_what_does_not_is_named(name: str, other: Any, shown: str) -> None:
    changed = attrs.evolve(TALLY, assumed=attrs.evolve(TALLY.assumed, **{name: other}))
    for first, second in ((TALLY, changed), (changed, TALLY)):
        with pytest.raises(MergeError) as caught:
            first + second
        text = str(caught.value)
        assert f"{name}: " in text
        assert shown in text
        assert ("did not keep which records were in doubt" if name == "doubts_kept" else "tally both with") in text


def test_several_differences_are_named_together() -> None:
    changed = attrs.evolve(TALLY, assumed=attrs.evolve(TALLY.assumed, version=2, calendar="dk-bank"))
    with pytest.raises(MergeError, match=r"version: 1 and 2; calendar:  and dk-bank"):
        merge([TALLY, TALLY, changed])


def test_there_must_be_a_tally_to_merge() -> None:
    with pytest.raises(MergeError, match="no tally"):
        merge([])


def apart(tally: Tally) -> Tally:
    """Return an equal tally in memory of its own."""
    arrays = {name: getattr(tally, name).copy() for name in ("cells", "values", "numbers", "doubts")}
    return attrs.evolve(tally, **arrays)


def test_metrics_are_summed_each_by_itself_and_those_that_share_their_columns_once() -> None:
    fewer = tallied(
        Told(),
        [of_rows(Entry, ROWS[:2])],
        groups=("office", "kind"),
        where=(("kind", ("a", "b")),),
        axis=Axis(ZONE, (dt.date(2010, 6, 15),)),
    )
    named = attrs.evolve(TALLY, assumed=attrs.evolve(TALLY.assumed, metric="b"), accounts=ACCOUNTS)
    first = {"a": TALLY, "b": named, "c": apart(TALLY), "d": TALLY, "e": TALLY}
    # "d" has other columns in the second, and "e" other labels to the same memory
    labels = tuple(("nord" if office == "øst" else office, kind) for office, kind in fewer.labels)
    second = {
        "a": fewer,
        "b": attrs.evolve(fewer, assumed=named.assumed),
        "c": apart(fewer),
        "d": TALLY,
        "e": attrs.evolve(fewer, labels=labels),
    }
    found = merge_each([first, second])
    assert found == {name: merge([first[name], second[name]]) for name in first}
    assert found["a"] != found["d"] != found["e"] != found["a"]
    assert np.shares_memory(found["a"].cells, found["b"].cells)
    assert not np.shares_memory(found["a"].cells, found["c"].cells)


def test_what_a_metric_assumes_is_asked_of_those_too_that_share_their_columns() -> None:
    other = attrs.evolve(TALLY, assumed=attrs.evolve(TALLY.assumed, version=2))
    with pytest.raises(MergeError, match="version: 1 and 2"):
        merge_each([{"a": TALLY, "b": TALLY}, {"a": TALLY, "b": other}])


def test_accounts_add_up_in_any_order() -> None:
    other = Accounts(read=3, later=1, findings={"a: b": 1}, marks={"closed_on: 2050-12-31": 1}, covered=("2010-01-01",))
    summed = attrs.evolve(
        ACCOUNTS,
        read=12,
        later=3,
        findings={"a: b": 1, "received_on: unreadable value": 2},
        marks={"closed_on: 2050-12-31": 5},
        covered=("2010-01-01", "2010-01-04", "2010-02-05"),
    )
    assert ACCOUNTS + other == other + ACCOUNTS == summed
    assert ACCOUNTS + Accounts() == Accounts() + ACCOUNTS == ACCOUNTS


def test_sources_that_promise_different_rhythms_do_not_merge() -> None:
    other = attrs.evolve(ACCOUNTS, expects="working day")
    for first, second in ((ACCOUNTS, other), (other, ACCOUNTS)):
        with pytest.raises(MergeError, match="rhythms"):
            first + second


def test_facets_of_both_sides_are_kept_apart() -> None:
    names = ("register", "control", "payment", "archive", "hearing", "decision")
    parts = [attrs.evolve(TALLY, facets=(name,)) for name in names]
    whole = merge(parts)
    assert whole == merge(reversed(parts))
    assert whole.facets == tuple(sorted(names))
    for place in range(len(names)):
        rows = whole.counted("rows")[whole.part("facet") == place]
        assert rows.tolist() == TALLY.counted("rows").tolist()


def test_fewer_fields_tell_the_same_counts_apart() -> None:
    assert TALLY.labels == ((None, "a"), ("vest", "a"), ("øst", "a"))
    for fields, rows in (
        (("office",), {(None,): 1, ("vest",): 2, ("øst",): 1}),
        (("kind", "office"), {("a", None): 1, ("a", "vest"): 2, ("a", "øst"): 1}),
        ((), {(): 4}),
    ):
        told = TALLY.told_apart_by(fields)
        assert told.assumed.groups == fields
        found = dict.fromkeys(told.labels, 0)
        for group, many in zip(told.part("group").tolist(), told.counted("rows").tolist(), strict=True):
            found[told.labels[group]] += many
        assert found == rows
        assert told.numbers[2].sum() == 4


def test_arrays_of_a_tally_cannot_be_changed() -> None:
    for array in (TALLY.cells, TALLY.values, TALLY.numbers):
        with pytest.raises(ValueError, match="read-only"):
            array[..., 0] = 0


def test_equal_tallies_are_equal_whatever_the_order_of_their_findings() -> None:
    forward = Accounts(findings={"a: x": 1, "b: y": 2})
    backward = Accounts(findings={"b: y": 2, "a: x": 1})
    assert stored.to_bytes(attrs.evolve(TALLY, accounts=forward)) == stored.to_bytes(
        attrs.evolve(TALLY, accounts=backward)
    )


def test_a_tally_says_what_it_holds() -> None:
    assert isinstance(TALLY, Tally)
    assert TALLY.part("entry").min() == 0
    assert sorted(TALLY.counted("rows").tolist()) == [1, 1, 1, 1]
    with pytest.raises(KeyError):
        TALLY.part("office")


def doubtful(by: list[str]) -> Tally:
    """Return the tally of four rows: two are faulty, each of an office of its own, one of them without a kind."""
    given = [
        entry(),
        entry(what="no", kind="b"),
        {**entry(), "what": "?", "office": "other"},
        {**entry(), "what": "?", "kind": "?", "office": "third"},
    ]
    [tally] = cq.tally([Told], [dict(each) for each in given], as_of="2012-01-01", by=by).parts.values()
    return tally


@pytest.mark.parametrize("kept", [["kind"], ["office"], ["kind", "office"], ["office", "kind"], []])
def test_told_apart_by_fewer_fields_is_as_if_counted_by_them(kept: list[str]) -> None:
    for by in (["kind", "office"], ["office", "kind"]):
        # but for the findings: who asks for a field hears of its faults
        found, plain = doubtful(by).told_apart_by(kept), doubtful(kept)
        assert attrs.evolve(found, accounts=plain.accounts) == plain


def test_a_label_that_only_a_faulty_row_bears_is_kept_when_tallies_are_merged() -> None:
    tally = doubtful(["office"])
    assert tally.labels == (("main",), ("other",), ("third",))
    assert merge([tally]) == tally
    assert merge([tally, tally]).labels == tally.labels
