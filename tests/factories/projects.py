"""A plugin, a project and its data, small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

PLUGIN = '''
import attrs
import casequality as cq


class Letter(cq.Records, name="letters"):
    """One letter from a citizen."""

    letter = cq.key()
    received_on = cq.day()
    answered_on = cq.day(missing="not answered")
    office = cq.code(missing="no office")


@attrs.frozen
class AnsweredInTime(cq.Metric):
    """Share of letters answered within ten working days."""

    id = "letters.answered-in-time"
    title = {"en": "Letters answered in time", "da": "Breve besvaret til tiden"}
    unit = cq.units.SHARE
    records = Letter
    outcomes = cq.outcomes(**cq.SETTLED)
    readings = cq.readings(cohort=cq.cohort("received", "closed"))
    deadline: str = "copenhagen/reply-guarantee"

    def contribute(self, letters, as_of):
        due = as_of.due(self.deadline, letters.received_on)
        states = as_of.settle(due, letters.answered_on)
        return cq.Contribution(
            on=letters.received_on, until=letters.answered_on, outcome=self.outcomes.pick(**states)
        )

    def owed(self, letters, as_of):
        return cq.Owed(due=as_of.due(self.deadline, letters.received_on), done=letters.answered_on)


@attrs.frozen
class Failing(AnsweredInTime):
    """A metric with a defect of its own."""

    id = "letters.failing"

    def contribute(self, letters, as_of):
        raise ZeroDivisionError

    def owed(self, letters, as_of):
        raise ZeroDivisionError


@cq.hookimpl
def casequality_metrics():
    return [AnsweredInTime, Failing]
'''

BROKEN = "raise RuntimeError('this plugin is broken')\n"

LETTERS = """\
letter,received_on,answered_on,office
1,2010-03-01,2010-03-15,north
2,2010-03-01,2010-03-16,south
3,2010-03-01,2010-03-02,north
4,2010-06-01,,north
5,2010-05-03,,south
6,2010-03-40,,south
"""
"""Ten working days from 1 March end on 15 March, from 3 May on 18 May (the 13th was Ascension Day), from 1 June on the
15th. So by 1 August two letters were answered in time, one late, two are overdue; the sixth is no letter at all."""

GOAL = """
[[goal]]
id       = "{name}"
title    = {{ en = "Letters in time", da = "Breve til tiden" }}
metric   = "{metric}"
source   = "letters"
target   = "{target}"
readings = {{ cohort = "received" }}
"""

PROJECT = """
title = "Breve"
goals = ["goals.toml"]
zone  = "Europe/Copenhagen"

[sources.letters]
records = "letters"
path    = "letters.csv"
"""


def goal_file(*targets: str, metric: str = "letters.answered-in-time") -> str:
    """Return the text of a goal file with a goal for each target."""
    return "".join(GOAL.format(name=f"g{at}", metric=metric, target=target) for at, target in enumerate(targets, 1))


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the example project of casequality-copenhagen."""
    made = pytest.importorskip("casequality_copenhagen.example", reason="the plugin casequality-copenhagen is needed")
    folder = tmp_path_factory.mktemp("example")
    made.write(folder)
    return folder
