"""Wholes and parts: the worked examples, and changes that add up exactly."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest

from casequality.errors import UsageError
from casequality.evidence import number, take_apart, together
from casequality.metrics import SHARE, Unit

SECONDS = Unit("seconds", "sekunder", "seconds")
TYPES = {"a": (900, 88), "b": (300, 82), "c": (150, 74), "d": (60, 65), "e": (40, 55)}


def test_the_mean_of_calls_and_the_mean_of_days_say_different_things_of_25_seconds() -> None:
    """20 ordinary days of 900 calls at 12 s, and 2 peak days of 2,400 calls at 75 s."""
    days = {f"day {day}": (900 * 12, 900) for day in range(20)} | {f"peak {day}": (2400 * 75, 2400) for day in range(2)}
    found = together(days, Fraction(25), compared="at most", unit=SECONDS)
    assert (round(float(found.pooled), 1), round(float(found.mean), 1)) == (25.3, 17.7)
    assert (found.pooled_meets, found.mean_meets) == (False, True)
    assert "25,3 sekunder (ikke opfyldt); gennemsnittet af de 22 dele er 17,7 sekunder (opfyldt)" in found.words.da
    assert found.hides == ()


def test_five_types_pooled_meet_80_per_cent_and_two_of_five_do() -> None:
    types = {name: (cases * share // 100, cases) for name, (cases, share) in TYPES.items()}
    assert all(above * 100 == cases * TYPES[name][1] for name, (above, cases) in types.items())
    found = together(types, Fraction(80, 100))
    assert (round(float(found.pooled) * 100, 1), round(float(found.mean) * 100, 1)) == (83.4, 72.8)
    assert (found.pooled_meets, found.mean_meets, found.met, found.hides) == (True, False, ("a", "b"), ("c", "d", "e"))
    assert re.findall(r"\d+(?:\.\d+)?", str(found)) == ["83.4", "5", "72.8", "2", "5"]
    assert str(found).endswith("The pooled figure hides that these do not: c, d, e.")
    plain = found.to_dict()
    assert (plain["pooled_meets"], plain["hides"]) == (True, ["c", "d", "e"])


def test_a_figure_beside_the_target_keeps_the_decimals_that_tell_them_apart() -> None:
    assert "74.96 % (not met)" in str(together({"a": (7496, 10_000)}, Fraction(3, 4)))
    assert together({"a": (3, 4)}, Fraction(3, 4)).pooled_meets
    assert not together({"a": (3, 4)}, Fraction(3, 4), compared="above").pooled_meets
    assert together({"a": (3, 4), "none": (0, 0)}, Fraction(3, 4)).mean == Fraction(3, 4)


def test_a_single_cause_leaves_the_other_at_nothing() -> None:
    before = {"a": (80, 100), "b": (30, 60)}
    rate: Any = take_apart(before, {"a": (90, 100), "b": (36, 60)})
    assert (rate.mix, rate.volume) == (0, 0)
    mix: Any = take_apart(before, {"a": (32, 40), "b": (60, 120)})
    assert (mix.rate, mix.volume) == (0, 0)
    assert mix.mix != 0
    volume: Any = take_apart(before, {"a": (160, 200), "b": (60, 120)})
    assert (volume.rate, volume.mix, volume.counts["volume"]) == (0, 0, 110)


def test_parts_that_improve_while_the_whole_worsens_are_told() -> None:
    """90 to 92 % and 30 to 32 %, with most cases now in the second."""
    found = take_apart({"a": (90, 100), "b": (30, 100)}, {"a": (46, 50), "b": (64, 200)})
    assert found.reversed
    assert (found.before, found.after) == (Fraction(60, 100), Fraction(44, 100))
    assert found.rate == Fraction(2, 100)
    assert found.mix == Fraction(-18, 100)
    assert found.words.en.startswith(
        "From 60.0 % to 44.0 %: \N{MINUS SIGN}16.0 percentage points, of which 2.0 percentage points because"
    )
    assert "\N{MINUS SIGN}18,0 procentpoint, fordi sagerne fordelte sig" in found.words.da
    assert not take_apart({"a": (1, 2)}, {"a": (2, 2)}).reversed


def test_what_is_printed_adds_up_too() -> None:
    found = take_apart({"a": (1, 3), "b": (1, 7)}, {"a": (2, 3), "b": (3, 11)}, unit=SHARE)
    change, rate, mix = re.findall(r"-?\d+\.\d+(?= percentage)", str(found).replace("\N{MINUS SIGN}", "-"))
    assert Fraction(rate) + Fraction(mix) == Fraction(change)
    exact = [number(each * 100, "en", len(change.partition(".")[2])) for each in (found.change, found.rate, found.mix)]
    assert [change, rate, mix] == exact


def test_a_part_that_is_new_adds_by_coming_only() -> None:
    found = take_apart({"a": (1, 2)}, {"a": (1, 2), "b": (9, 10)})
    new: Any = found.effects[1]
    assert (new.before, new.after, new.rate) == (None, Fraction(9, 10), 0)
    assert found.rate == 0
    assert found.to_dict()["effects"][1] == {
        "part": "b", "before": None, "after": 0.9, "rate": 0.0, "mix": float(new.mix),
    }  # fmt: skip


def test_nothing_cannot_be_put_together_or_taken_apart() -> None:
    with pytest.raises(UsageError, match="no parts"):
        together({"a": (0, 0)}, Fraction(1, 2))
    with pytest.raises(UsageError, match="two periods with cases"):
        take_apart({"a": (0, 0)}, {"a": (1, 2)})
