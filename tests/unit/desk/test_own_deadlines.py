"""Deadlines of the caller's own, in each of the three ways to ask for figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

import casequality as cq
from casequality.errors import InputError, UnknownName
from casequality.goals import parse_goals

OWN = """
[deadlines."own/three-days"]
title    = { en = "Three days", da = "Tre dage" }
kind     = "goal"
calendar = "dk-statutory"
source   = "local decision"
terms    = [{ term = "3 calendar days" }]
"""
GOAL = """
[[goal]]
id = "g"
metric = "letters.in-time"
source = "letters"
target = "at least 50 %"
parameters = { deadline = "own/three-days" }
"""


class Letter(cq.Records, name="letters"):
    """One letter from a citizen."""

    letter = cq.key()
    received_on = cq.day()
    answered_on = cq.day(missing="not answered")


@attrs.frozen
class InTime(cq.Metric):
    """Share of letters answered in time."""

    id: ClassVar[str] = "letters.in-time"
    title = {"en": "In time", "da": "Til tiden"}
    records = Letter
    outcomes = cq.outcomes(**cq.SETTLED)
    deadline: str = "own/three-days"

    def contribute(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Contribution:
        states = as_of.settle(as_of.due(self.deadline, letters.received_on), letters.answered_on)
        return cq.Contribution(on=letters.received_on, outcome=self.outcomes.pick(**states))


LETTERS: list[dict[str, Any]] = [
    {"letter": number, "received_on": dt.date(2010, 3, 1), "answered_on": dt.date(2010, 3, answered)}
    for number, answered in ((1, 3), (2, 4), (3, 5))
]
"""Three days from 1 March end on the 4th: two of the three letters were answered in time."""


def measured(**given: Any) -> tuple[int | None, int | None]:
    [figure] = cq.measure(InTime, LETTERS, as_of="2010-08-01", **given).measurement
    return figure.value.numerator, figure.value.denominator


def tallied(**given: Any) -> tuple[int | None, int | None]:
    part = cq.tally([InTime], LETTERS, as_of="2010-08-01", **given)
    [figure] = part.conclude(metrics=[InTime])[InTime.id].measurement
    return figure.value.numerator, figure.value.denominator


def assessed(**given: Any) -> tuple[int | None, int | None]:
    goals = parse_goals(GOAL)
    half: dict[str, Any] = {"period": "2010-H1", "as_of": "2010-08-01"}
    judged = cq.assess(goals, {"letters": LETTERS}, metrics=[InTime], **half, **given)["g"]
    return judged.numerator, judged.denominator


@pytest.mark.parametrize("ask", [measured, tallied, assessed])
def test_deadlines_of_the_caller_are_counted_from_a_file_or_as_they_are(
    ask: Callable[..., tuple[int | None, int | None]], tmp_path: Path
) -> None:
    file = tmp_path / "deadlines.toml"
    file.write_text(OWN, encoding="utf-8")
    with pytest.raises(UnknownName, match="own/three-days"):
        ask()
    assert ask(deadlines=file) == ask(deadlines=str(file)) == (2, 3)
    made = cq.deadlines.Deadline(
        id="own/three-days",
        title={"en": "Three days", "da": "Tre dage"},
        kind="goal",
        terms="3 calendar days",
        calendar="dk-statutory",
    )
    assert ask(deadlines=[made]) == (2, 3)


def test_a_file_may_name_a_shipped_deadline_as_a_project_file_may(tmp_path: Path) -> None:
    file = tmp_path / "deadlines.toml"
    passing = OWN + 'undecided_on = 2014-01-01\npasses_to = "copenhagen/reply-guarantee"\n'
    file.write_text(passing, encoding="utf-8")
    assert measured(deadlines=file) == (2, 3)
    file.write_text(passing.replace("reply-guarantee", "nowhere"), encoding="utf-8")
    with pytest.raises(UnknownName, match="copenhagen/nowhere"):
        measured(deadlines=file)


@pytest.mark.parametrize(("text", "said"), [(None, "cannot be opened"), ("[deadlines", "is not TOML")])
def test_a_file_of_deadlines_that_cannot_be_read_is_named(text: str | None, said: str, tmp_path: Path) -> None:
    file = tmp_path / "deadlines.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        measured(deadlines=file)
    assert "deadlines.toml" in str(caught.value)
