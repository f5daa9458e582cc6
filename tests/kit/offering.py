"""A plugin that offers one thing of each kind: a metric, a goal set, a deadline, and a record type without a metric."""

from __future__ import annotations

from pathlib import Path

import casequality as cq
from tests.kit.original import GOALS, DecidedInTime

DEADLINES = """
[deadlines."permits/reply"]
title    = { en = "Reply", da = "Svar" }
calendar = "dk-statutory"
kind     = "reply"
terms    = "10 working days"
source   = "invented for this test"
"""


class Visit(cq.Records, name="visits"):
    """One visit, which no metric reads yet."""

    visit = cq.key()
    on = cq.day()


class Offering:
    """The plugin, with its files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.visit = Visit
        self.goals, self.deadlines = folder / "permits-2010.toml", folder / "deadlines.toml"
        self.goals.write_text(GOALS, encoding="utf-8")
        self.deadlines.write_text(DEADLINES, encoding="utf-8")

    @cq.hookimpl
    def casequality_metrics(self) -> list[type[cq.Metric]]:
        return [DecidedInTime]

    @cq.hookimpl
    def casequality_goals(self) -> list[Path]:
        return [self.goals]

    @cq.hookimpl
    def casequality_deadlines(self) -> list[Path]:
        return [self.deadlines]
