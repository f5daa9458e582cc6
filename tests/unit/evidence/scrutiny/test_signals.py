"""Signals of how cases are handled: against plain walks through small data, and SciPy's tests."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from casequality.days import months_after
from casequality.errors import UsageError
from casequality.evidence.scrutiny import (
    SIGNALS,
    Signal,
    before_the_deadline,
    closed_undecided,
    late_pauses,
    newest_first,
    registered_anew,
)

Days = npt.NDArray[np.datetime64]
ACCUSING = (
    "snyd|fusk|svind|manipul|bevidst|med vilje|hensigt|skyld|pynt|misbrug|omgå|cheat|gaming|fraud|manipul|deliberate|"
    "intent|on purpose|abuse|guilt|blame|wrongdo|dishonest"
)


def days(*numbers: int | None) -> Days:
    return np.array([None if each is None else dt.date(2010, 1, 1) + dt.timedelta(each) for each in numbers], "M8[D]")


def walked(received: Days, closed: Days) -> tuple[float, int]:
    """Return the mean share of the waiting that are older than the one that is closed, case by case."""
    shares = []
    for came, went in zip(received, closed, strict=True):
        if np.isnat(went):
            continue
        waiting = [each for each, end in zip(received, closed, strict=True) if each <= went and not end <= went]
        if waiting:
            shares.append(sum(1.0 if each < came else 0.5 if each == came else 0 for each in waiting) / len(waiting))
    return sum(shares) / len(shares), len(shares)


@pytest.mark.parametrize("seed", range(20))
def test_newest_first_is_that_of_a_plain_walk(seed: int) -> None:
    draw = np.random.default_rng(seed)
    received = days(*draw.integers(0, 60, 80).tolist())
    closed = np.where(draw.random(80) < 0.7, received + draw.integers(0, 40, 80), np.datetime64("NaT", "D"))
    found = newest_first(received, closed)
    share, cases = walked(received, closed)
    assert found.effect == pytest.approx(share)
    assert found.cases == cases


def test_the_worked_example_of_a_tribunal_that_takes_the_newest() -> None:
    """100 a month, then 115; 100 are closed a month, always the newest.

    Until the rise nobody waits. In its k-th month 15 k wait after the closings, 15 of them as old as those closed.
    """
    received, closed, waiting = list[dt.date](), list[dt.date | None](), list[int]()
    for month in range(36):
        first = months_after(dt.date(2008, 1, 1), month)
        came = 100 if month < 12 else 115
        waiting += range(len(received), len(received) + came)
        received += [first] * came
        closed += [None] * came
        for _ in range(100):
            closed[waiting.pop()] = months_after(first, 1) - dt.timedelta(days=1)
    came_in, went = np.array(received, "M8[D]"), np.array(closed, "M8[D]")
    found = newest_first(came_in, went)
    assert found.grade == "clear"
    assert found.effect == pytest.approx(sum((15 * (k - 1) + 7.5) / (15 * k) for k in range(1, 25)) / 24)
    assert found.cases == 2400
    oldest = newest_first(came_in, np.sort(went))
    assert (oldest.grade, oldest.effect < 0.5) == ("none", True)


def drawn(seed: int, cases: int = 400) -> tuple[np.random.Generator, Days, Days, Days]:
    draw = np.random.default_rng(seed)
    received = days(*draw.integers(0, 200, cases).tolist())
    took = draw.integers(1, 50, cases)
    closed = np.where(draw.random(cases) < 0.9, received + took, np.datetime64("NaT", "D"))
    return draw, received, received + np.timedelta64(30, "D"), closed


@pytest.mark.parametrize("seed", range(5))
def test_closings_before_the_deadline_by_hand(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    _, _, due, closed = drawn(seed)
    moved = np.where((closed > due) & (closed <= due + np.timedelta64(5, "D")), due, closed)
    found = before_the_deadline(due, moved)
    late = [int((end - day).astype(int)) for day, end in zip(due, moved, strict=True) if not np.isnat(end)]
    within = sum(-6 <= each <= 0 for each in late)
    beside = sum(-13 <= each <= -7 or 1 <= each <= 7 for each in late)
    assert (found.observed, found.expected, found.cases) == (within, beside / 2, len(late))
    assert found.effect == pytest.approx(2 * within / beside)
    tested = stats.binomtest(within, within + beside, 1 / 3, alternative="greater").pvalue
    assert found.chance == pytest.approx(tested, rel=1e-6)
    assert found.grade != "none"


@pytest.mark.parametrize("seed", range(5))
def test_late_pauses_by_hand(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    draw, received, due, closed = drawn(seed)
    ended = np.fmin(closed, np.datetime64("2010-12-31", "D"))
    at = received + draw.integers(0, 60, len(received))
    paused = np.where((draw.random(len(received)) < 0.4) & (at <= ended), at, np.datetime64("NaT", "D"))
    found = late_pauses(received, due, ended, paused)
    counts, spent = {"late": 0, "early": 0}, {"late": 0, "early": 0}
    for came, owed, end, pause in zip(received, due, ended, paused, strict=True):
        for day in np.arange(came, owed + np.timedelta64(1, "D")):
            when = "late" if int((owed - day).astype(int)) < 7 else "early"
            if day > end or (not np.isnat(pause) and day > pause):
                break
            spent[when] += 1
            counts[when] += bool(day == pause)
    assert found.observed == counts["late"]
    assert found.expected == pytest.approx(counts["early"] * spent["late"] / spent["early"])
    share, both = spent["late"] / sum(spent.values()), sum(counts.values())
    tested = stats.binomtest(counts["late"], both, share, alternative="greater").pvalue
    assert found.chance == pytest.approx(tested, rel=1e-6) or (found.chance == 1 and tested > 0.4)


@pytest.mark.parametrize("seed", range(5))
def test_new_cases_of_the_same_party_by_hand(seed: int) -> None:
    draw, received, _, closed = drawn(seed)
    party = draw.integers(0, 25, len(received))
    as_of = np.datetime64("2010-08-01", "D")
    found = registered_anew(party, received, closed, as_of, window=20)
    soon = later = followed = 0
    for who, end in zip(party, closed, strict=True):
        if np.isnat(end) or end + np.timedelta64(40, "D") >= as_of:
            continue
        followed += 1
        gaps = [int((came - end).astype(int)) for its, came in zip(party, received, strict=True) if its == who]
        soon += sum(0 < gap <= 20 for gap in gaps)
        later += sum(20 < gap <= 40 for gap in gaps)
    assert (found.observed, found.expected, found.cases) == (soon, later, followed)


@pytest.mark.parametrize("seed", range(5))
def test_closings_without_a_decision_by_hand(seed: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    draw, _, due, closed = drawn(seed)
    last = (closed > due - np.timedelta64(7, "D")) & (closed <= due)
    decided = draw.random(len(due)) < np.where(last, 0.6, 0.9)
    found = closed_undecided(due, closed, decided)
    table = [[0, 0], [0, 0]]
    for within, has, end in zip(last, decided, closed, strict=True):
        if not np.isnat(end):
            table[int(within)][int(has)] += 1
    (without, with_one), (late_without, late_with) = table
    assert found.observed == late_without
    assert found.expected == pytest.approx((late_without + late_with) * without / (without + with_one))
    tested = stats.fisher_exact(table, alternative="less").pvalue
    assert found.chance == pytest.approx(tested, rel=1e-6) or found.chance == 1


def signal(kind: Any, effect: float, chance: float) -> Signal:
    return Signal(kind=kind, observed=effect, expected=0.5, effect=effect, chance=chance, cases=1234)


@pytest.mark.parametrize(
    ("kind", "effect", "chance", "grade"),
    [
        ("late pauses", 1.24, 0.0, "none"), ("late pauses", 1.25, 0.01, "weak"), ("late pauses", 1.5, 0.002, "weak"),
        ("late pauses", 1.5, 0.001, "clear"), ("late pauses", 9.0, 0.02, "none"), ("newest first", 0.69, 0.0, "none"),
        ("newest first", 0.7, 0.0, "weak"), ("newest first", 0.85, 0.0, "clear"),
    ],
)  # fmt: skip
def test_a_grade_needs_both_size_and_improbability(kind: Any, effect: float, chance: float, grade: str) -> None:
    assert signal(kind, effect, chance).grade == grade


@pytest.mark.parametrize("kind", SIGNALS)
def test_nobody_is_accused(kind: Any) -> None:
    """Every sentence of every grade, in both languages; a pattern is never without what else looks like it."""
    for effect, chance in ((0.1, 1.0), (0.75 if kind == "newest first" else 1.3, 0.005), (9.0, 0.0)):
        found = signal(kind, effect, chance)
        for lang in ("en", "da"):
            assert not re.search(ACCUSING, found.words[lang], re.IGNORECASE)
        assert len(found.sentences) == (1 if found.grade == "none" else 3)
    clear = signal(kind, 9.0, 0.0)
    assert "ser ens ud" in clear.words.da
    assert "not why" in clear.words.en
    assert "{" not in clear.words.da + clear.words.en
    assert clear.to_dict()["grade"] == "clear"


def test_what_is_said_has_the_numbers_that_were_counted() -> None:
    found = before_the_deadline(days(*[10] * 6), days(9, 9, 9, 3, 12, None))
    assert found.sentences[0].da == (
        "Afsluttet i de sidste dage før fristen: 3; 1,0 efter dagene på begge sider af dem: intet mønster."
    )


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(UsageError, match="equal length"):
        newest_first(days(1, 2), days(1))
    with pytest.raises(UsageError):
        newest_first(days(), days())
