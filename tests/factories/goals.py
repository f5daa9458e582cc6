"""Goals, and the judgements on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from casequality.days import period
from casequality.goals import Goal, Judgement, Reason, judge, parse_target
from casequality.metrics.measurement import Measurement


def goal(target: str, **given: Any) -> Goal:
    """Return a goal with a target."""
    fields = {"id": "g", "metric": "events.good", "source": "events", **given}
    return Goal(target=parse_target(target), **fields)


def judged(target: str, over: Measurement, label: str = "2010", **given: Any) -> Judgement:
    """Return the judgement on a goal over a period."""
    return judge(goal(target, **given), over, period(label))


def codes(reasons: Sequence[Reason]) -> list[str]:
    """Return the codes of reasons."""
    return [reason.code for reason in reasons]
