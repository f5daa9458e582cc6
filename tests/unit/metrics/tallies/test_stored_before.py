"""Tallies as the version before stored them: read as what they say, and never as more than that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest

from casequality.days import MISSING, period
from casequality.errors import InputError, MergeError
from casequality.metrics.measurement import conclude
from casequality.metrics.tallies import doubts, stored
from casequality.metrics.tallies.tally import merge
from tests.factories.records import of_rows
from tests.factories.tallies import Entry, Told, entry, tallied
from tests.unit.metrics.tallies.test_stored import refused

BEFORE = Path(__file__).with_name("before.tally")
"""Written by the version before from five rows: `Told` and a metric that inherits it, by office, as of 2010-08-01.

on, until, what, office: (2010-01-04, 2010-03-01, yes, north), (2010-01-05, 2010-03-02, yes, south),
(2010-01-06, 2010-03-03, no, north), (2010-02-07, -, open, -), (2010-13-45, 2010-03-03, yes, north); their amounts are
5, 6, 9, 4, 9. The last two were set aside then, for an office that is missing and a day that is none."""


def test_the_form_before_is_read_and_its_tallies_are_named_by_their_metrics() -> None:
    """On paper: in January north has one yes of two, south one of one; the two rows set aside are in no cell."""
    read = stored.all_from_bytes(BEFORE.read_bytes(), str(BEFORE))
    assert sorted(read) == ["test.other", "test.told"]
    for name, tally in read.items():
        assert tally.assumed.metric == name
        assert not tally.assumed.doubts_kept
        assert tally.labels == (("north",), ("south",))
        assert tally.accounts.findings == {"office: missing value": 1, "on: unreadable value": 1}
        assert (tally.accounts.read, tally.accounts.set_aside, tally.accounts.orphans) == (5, 2, 0)
        assert [tally.counted(each).tolist() for each in ("rows", "amount", "weightless", "settled")] == [
            [1, 1, 1],
            [9, 5, 6],
            [0, 0, 0],
            [0, 0, 0],
        ]
        assert tally.doubts.shape == (7, 0)
    told = conclude(
        read["test.told"],
        Told().under(),
        by=["office"],
        periods=[period("2010-01")],
        as_of_day=read["test.told"].assumed.as_of_day,
    )
    found = [(each.groups["office"], each.value.numerator, each.value.denominator) for each in told]
    assert found == [("north", 1, 2), ("south", 1, 1)]


def test_of_the_form_before_nobody_knows_the_bounds() -> None:
    tally = stored.all_from_bytes(BEFORE.read_bytes(), "")["test.told"]
    day = tally.assumed.as_of_day
    for asked in (["2010-01"], ["2010-01", "2010-02"]):
        measured = conclude(tally, Told().under(), periods=[period(each) for each in asked], as_of_day=day)
        for figure in measured:
            assert (figure.low, figure.high) == (None, None)
            assert figure.value.possible
            assert figure.value.loose
            assert not figure.value.certain
        assert {each["bounds"] for each in measured.to_dict()["figures"]} == {"no lower and upper limit"}


def test_the_form_before_is_stored_again_as_it_is_known_and_merges_with_its_like_only() -> None:
    tally = stored.all_from_bytes(BEFORE.read_bytes(), "")["test.told"]
    assert stored.from_bytes(stored.to_bytes(tally)) == tally
    twice = merge([tally, tally])
    assert twice.counted("rows").tolist() == [2, 2, 2]
    assert not twice.assumed.doubts_kept
    known = attrs.evolve(tally, assumed=attrs.evolve(tally.assumed, doubts_kept=True))
    for pair in ([tally, known], [known, tally]):
        with pytest.raises(MergeError, match=r"doubts_kept(.|\n)*tally again what an older version tallied"):
            merge(pair)


LABELS = Path(__file__).with_name("before_labels.tally")
"""Written in the second form from three rows of a metric that asks whether they are of the kind "a": "by kind" and "by
office". on, kind, office: (2010-01-04, a, north), (2010-01-05, -, north), (2010-01-06, b, south). Which kind the second
is nobody knows: told apart by kind it may be an "a", and a yes."""


def test_the_second_form_knows_its_doubts_where_every_label_is_known() -> None:
    read = stored.all_from_bytes(LABELS.read_bytes(), str(LABELS))
    assert {name: tally.assumed.doubts_kept for name, tally in read.items()} == {"by kind": False, "by office": True}
    assert read["by kind"].labels == ((None,), ("a",), ("b",))
    assert [tally.counted("rows").sum() for tally in read.values()] == [3, 3]


@pytest.mark.parametrize("name", ["by kind", "by office"])
def test_of_the_second_form_only_what_is_sound_merges_with_what_is_counted_now(name: str) -> None:
    tally = stored.all_from_bytes(LABELS.read_bytes(), str(LABELS))[name]
    assert stored.from_bytes(stored.to_bytes(tally)) == tally
    now = attrs.evolve(tally, assumed=attrs.evolve(tally.assumed, doubts_kept=True))
    if name == "by office":
        assert merge([tally, now]).counted("rows").sum() == 6
        return
    with pytest.raises(MergeError, match=r"doubts_kept(.|\n)*tally again what an older version tallied"):
        merge([now, tally])


@pytest.mark.parametrize("flag", [doubts.ASTRAY, 1 << doubts.LABELS, 1 << (doubts.LABELS + 1)])
def test_a_record_of_which_nobody_knows_a_label_makes_the_second_form_unsure(flag: int) -> None:
    """One that may not be asked for does so too; there is no second field."""
    asked: Any = {"groups": ("office",), "where": (("kind", ("a",)),)}
    tally = tallied(Told(), [of_rows(Entry, [entry()])], **asked)
    row = np.array([[tally.cells[0]], [doubts.UNLABELLED | flag], [MISSING], [MISSING], [1], [1], [0]])
    doubted = stored.to_bytes(attrs.evolve(tally, doubts=row))
    for content, kept in ((stored.to_bytes(tally), True), (doubted, flag == 1 << (doubts.LABELS + 1))):
        again = stored.SEAL.open(content, "")
        before = stored.BEFORE.close({name: again.head[name] for name in ("tallies", "blocks")}, again.body)
        assert stored.from_bytes(before).assumed.doubts_kept is kept
        assert stored.from_bytes(content).assumed.doubts_kept


def test_whatever_becomes_of_the_form_before_there_is_a_tally_or_one_error() -> None:
    """It had no digest: another figure cannot be told from it, but nothing else comes of a turned bit."""
    content = BEFORE.read_bytes()
    turned = bytearray(content)
    refusals = 0
    for bit in range(0, 8 * len(content), 7):
        turned[bit // 8] ^= 1 << bit % 8
        try:
            for tally in stored.all_from_bytes(bytes(turned), "june.tally").values():
                assert stored.from_bytes(stored.to_bytes(tally)) == tally
        except InputError:
            refusals += 1
        turned[bit // 8] ^= 1 << bit % 8
    assert refusals > 700
    for length in range(len(content)):
        refused(content[:length])
    refused(content + b"\0")
