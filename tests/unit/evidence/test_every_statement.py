"""Every statement of every finding: said in both languages with the same numbers, each of them one of its own facts."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import casequality
from casequality.days import period
from casequality.evidence import (
    Finding,
    aalen_johansen,
    audit,
    backlog,
    budget,
    chart,
    count_change,
    draw_sample,
    false_alarms,
    kaplan_meier,
    pace,
    plan_sample,
    take_apart,
    together,
)
from casequality.evidence.scrutiny import (
    Counted,
    Handled,
    before_the_deadline,
    compare_groups,
    funnel,
    restatement,
    signals_in,
)
from casequality.metrics import SHARE
from casequality.reports import scrutiny_tables
from tests.unit.evidence.scrutiny.test_groups import CAUSAL
from tests.unit.evidence.scrutiny.test_signals import ACCUSING

MONTHS = [f"2009-{month:02}" for month in range(1, 13)] + ["2010-01", "2010-02"]


def days(*numbers: int | None) -> Any:
    return np.array([None if each is None else dt.date(2010, 1, 1) + dt.timedelta(each) for each in numbers], "M8[D]")


def handled() -> Handled:
    came = days(*range(0, 60, 2))
    return Handled(received=came, closed=came + np.timedelta64(28, "D"), due=came + np.timedelta64(30, "D"))


def curve() -> Any:
    weeks, ended = np.array([9, 13, 18, 23, 28, 31, 34, 45]), np.array([1, 1, 1, 1, 0, 1, 1, 0])
    return kaplan_meier(weeks, ended, 1 - ended)


def ways(allocation: Any) -> Any:
    rows = [
        (way, kind, 5 + 7 * (place % 9) + 9 * way, ("decided", "withdrawn", "")[place % 3])
        for way in (0, 1)
        for kind in "ab"
        for place in range(40)
    ]
    rows += [(1, "c", 3, "decided")]
    way, kinds, lasted, end = zip(*rows, strict=True)
    return compare_groups(
        np.array(way) > 0, kinds, np.array(lasted), end, within=50, called=("x", "y"), allocation=allocation
    )


def restated() -> Any:
    then: dict[Hashable, Counted] = {key: Counted(int(key < 70), 1, (key,)) for key in range(100)}
    now: dict[Hashable, Counted] = {
        **{key: each for key, each in then.items() if int(str(key)) > 5},
        300: Counted(0, 1, (1,)),
        50: Counted(0, 1, (3,)),
    }
    closed = {key: each for key, each in now.items() if key != 80}
    return restatement(then, now, unit=SHARE, definition=closed)


MADE: Mapping[str, Callable[[], Finding]] = {
    "Ended": lambda: curve().ended_by(20),
    "Ended of an end": lambda: aalen_johansen(
        np.array([1, 2, 3]), {"decided": np.array([4, 0, 1]), "withdrawn": np.array([0, 5, 0])}
    ).ended_by("decided", 2),
    "Reached": lambda: curve().within(),
    "Reached never": lambda: curve().within(Fraction(95, 100)),
    "Chart": lambda: chart(
        MONTHS,
        [Fraction(each, 100) for each in (82, 85, 81, 84, 83, 80, 84, 82, 85, 83, 81, 84, 82, 70)],
        targets=Fraction(95, 100),
        higher_is_better=True,
        unit=SHARE,
    ),
    "Chart of few": lambda: chart(
        MONTHS[:6],
        [Fraction(each, 100) for each in (82, 85, 81, 84, 83, 80)],
        targets=Fraction(83, 100),
        higher_is_better=True,
        unit=SHARE,
    ),
    "FalseAlarms": lambda: false_alarms([chart(MONTHS, list(range(14)))] * 9),
    "Budget": lambda: budget(1080, 420, 200, Fraction(75, 100)),
    "Budget of few": lambda: budget(3, 1, 1, Fraction(75, 100), doubtful=7, running=True),
    "Budget settled": lambda: budget(1080, 420, 0, Fraction(75, 100)),
    "Budget lost": lambda: budget(
        1080, 420, 100, Fraction(75, 100), earlier=[(dt.date(2010, 5, 1), 1080, 400, 150)], day=dt.date(2010, 5, 3)
    ),
    "Pace": lambda: pace(received=620, decided=540, days_past=125, days_left=127),
    "Backlog": lambda: backlog(1200, received=30 * 52, over=52, deadline=52, share=Fraction(982, 1000), weeks=26),
    "Together": lambda: together({"a": (792, 900), "b": (246, 300), "c": (111, 150)}, Fraction(80, 100)),
    "Mix": lambda: take_apart({"a": (90, 100), "b": (30, 100)}, {"a": (46, 50), "b": (64, 200)}),
    "SamplePlan": lambda: plan_sample(400, Fraction(5, 100)),
    "Audited": lambda: audit(2, 60, Fraction(5, 100), population=640),
    "Draw": lambda: draw_sample(range(100), 10, "lottery of 1 May", strata=["a"] * 60 + ["b"] * 40),
    "CountChange": lambda: count_change(30, 22),
    "Signal": lambda: before_the_deadline(days(*[10] * 30), days(*[8] * 26, 3, 1, 15, None)),
    "Signals": lambda: signals_in(handled(), period("2010-H1"), np.datetime64("2010-09-01", "D")),
    "Comparison": lambda: ways("chosen"),
    "Comparison by lot": lambda: ways("random"),
    "Funnel": lambda: funnel(
        {"a": (40, 100), "b": (180, 300), **{f"o{each}": (50 + each, 100) for each in range(12)}, "z": (2, 100)}
    ),
    "Restatement": restated,
}
"""One of each kind that says what no other case of the same kind says."""
ELSEWHERE = {
    "Cohorts": "test_cohorts.py",
    "Readings": "test_readings_of_goals.py",
    "FigureChange": "test_changes_of_full_counts.py",
}
ELSEWHERE |= {"NotTold": "test_cli_scrutiny.py"}
"""These rest on a source that is read; their own tests hold their numbers."""


FURTHER: Mapping[str, list[float]] = {
    "Reached": [95],
    "Chart of few": [12],
    "Pace": [95],
    "Together": [3],
    "SamplePlan": [2, 3],
    "Audited": [2 / 60],
    "CountChange": [95],
    "Comparison": [81, 80, 5],
    "Comparison by lot": [81, 80, 5],
}
"""What a sentence says beside: its confidence, the least that it asks for, and sums of what stands in the facts."""


def kinds(base: type[Finding] = Finding) -> Iterator[type[Finding]]:
    for each in base.__subclasses__():
        yield each
        yield from kinds(each)


def test_every_kind_of_finding_is_here() -> None:
    for module in pkgutil.walk_packages(casequality.__path__, "casequality."):
        if module.name.split(".")[1] in ("evidence", "desk", "reports", "goals"):
            importlib.import_module(module.name)
    names = {each.__name__ for each in kinds() if each.__module__.startswith("casequality.")}
    assert names == {name.split()[0] for name in MADE} | set(ELSEWHERE)


def numbers(text: str, lang: str) -> list[str]:
    """Return the numbers of a text, with a point for decimals and none for thousands."""
    text = re.sub(r"\d{1,2}.? (?:[A-Za-z]+) \d{4}", "", text)  # days are days
    found = re.findall(r"-?\d[\d.,]*", text)
    plain = (each.rstrip(".,") for each in found)
    return [each.replace(".", "").replace(",", ".") if lang == "da" else each.replace(",", "") for each in plain]


def facts(plain: Any) -> Iterator[float]:
    """Yield every number of plain data, and how many there are in each list of it."""
    if isinstance(plain, Mapping):
        for name, each in plain.items():
            if name != "words":
                yield from facts(each)
    elif isinstance(plain, list | tuple):
        yield len(plain)
        for each in plain:
            yield from facts(each)
    elif isinstance(plain, bool) or plain is None:
        return
    elif isinstance(plain, int | float | Fraction):
        yield float(plain)
    elif isinstance(plain, str):
        for each in re.findall(r"-?\d+(?:/\d+)?", plain):
            yield float(Fraction(each))


@pytest.mark.parametrize("name", MADE)
def test_each_is_said_in_both_languages_with_the_same_numbers(name: str) -> None:
    for sentence in MADE[name]().sentences:
        assert sentence.en != sentence.da
        assert numbers(sentence.en, "en") == numbers(sentence.da, "da"), sentence
        assert not re.search(r"[{}]|\bnan\b|Fraction", sentence.en + sentence.da)
        assert sentence.en[-1] == sentence.da[-1] == "."


@pytest.mark.parametrize("name", MADE)
def test_each_number_is_one_of_its_facts(name: str) -> None:
    found = MADE[name]()
    known = [*facts(found.to_dict()), *FURTHER.get(name, [])]
    for sentence in found.sentences:
        for told in numbers(sentence.en, "en"):
            decimals = len(told.partition(".")[2])
            near = {round(abs(scale * each) + 1e-12, decimals) for each in known for scale in (1, 100)}
            assert abs(float(told)) in near, (sentence, told)


@pytest.mark.parametrize("name", ["Comparison", "Funnel", "Signal", "Signals"])
@pytest.mark.parametrize("lang", ["en", "da"])
def test_nothing_is_claimed_to_be_the_cause_and_nobody_is_accused(name: str, lang: str) -> None:
    """Neither in a sentence nor in a table."""
    found = MADE[name]()
    shown = found.words[lang] + "".join(table.markdown() for table in scrutiny_tables(found, lang))
    assert not re.search(CAUSAL, shown, re.IGNORECASE)
    assert not re.search(ACCUSING, shown, re.IGNORECASE)
