"""How the page of a report, and its publication, grow with its goals on one source.

`python -m tests.benchmark.many_goals`
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from casequality.desk import assess_project
from casequality.evidence.disclosure import Policy
from casequality.goals import Assessment
from casequality.goals.published import publish_assessment

READINGS = (("closed", "left_out"), ("received", "left_out"), ("closed", "as_closed"), ("received", "as_closed"))
UNITS = 250
CASES = 40
"""Invented cases of each unit, spread over 2009 and the first half of 2010."""
GOAL = """
[[goal]]
id = "unit-{number}"
title = {{ en = "Unit {unit}, reading {reading}", da = "Enhed {unit}, læsning {reading}" }}
metric = "case-flow.decided-in-time"
source = "cases"
target = "at least {target} %"
each = "month"
aggregate = "pooled"
aim = "time"
owner = "Enhed {unit}"
method = {{ en = "Invented: decisions of the period within four weeks.", da = "Opdigtet: afgjort inden fire uger." }}
where = {{ administration = "unit {unit}" }}
readings = {{ cohort = "{cohort}", undecided = "{undecided}" }}
basis = {{ title = "Opdigtet", adopted = 2010-01-04 }}
report = {{ to = "Udvalget", every = "half-year" }}
"""
PROJECT = """
title = "Mange mål, opdigtede data"
goals = ["goals.toml"]

[sources.cases]
records = "flow_cases"
path = "cases.csv"

[deadlines.case-types]
title = { en = "Case types, invented", da = "Sagstyper, opdigtet" }
calendar = "dk-statutory"
kind = "decide"
source = "invented"
by_kind = { permit = "4 weeks" }
"""


def write(folder: Path, goals: int) -> Path:
    """Write a project of so many goals on one source of invented cases; return its file."""
    lines = ["case,kind,administration,received_on,closed_on,ending"]
    for unit in range(UNITS):
        for number in range(CASES):
            received = dt.date(2009, 1, 5) + dt.timedelta(days=(unit * 7 + number * 13) % 530)
            took = (unit * 31 + number * 17) % 60  # of 60 lengths, 29 are within four weeks
            closed = received + dt.timedelta(days=took)
            ended = f"{closed},decided" if closed < dt.date(2010, 8, 1) else ","
            lines.append(f"{unit}-{number},permit,unit {unit},{received},{ended}")
    folder.joinpath("cases.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = ['id = "many"', 'title = { en = "Many goals", da = "Mange mål" }']
    for number in range(goals):
        unit, reading = number % UNITS, number // UNITS
        cohort, undecided = READINGS[reading % len(READINGS)]
        told.append(
            GOAL.format(
                number=number, unit=unit, reading=reading, target=40 + unit % 30, cohort=cohort, undecided=undecided
            )
        )
    folder.joinpath("goals.toml").write_text("\n".join(told), encoding="utf-8")
    project = folder / "casequality.toml"
    project.write_text(PROJECT, encoding="utf-8")
    return project


def measured(goals: int) -> tuple[Assessment, float, float, str]:
    """Return an assessment of so many goals, the CPU seconds of it and of its page, and the page."""
    with tempfile.TemporaryDirectory() as folder:
        project = write(Path(folder), goals)
        begin = time.process_time()
        assessed = assess_project(project, period="2010-H1", as_of="2010-08-01", threads=1)
        middle = time.process_time()
        text = assessed.page()
        return assessed.assessment, middle - begin, time.process_time() - middle, text


def main(words: Sequence[str] | None = None) -> int:
    """Print a line for each number of goals."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.many_goals", description=__doc__)
    parser.add_argument("--goals", type=int, nargs="+", default=[100, 300, 1000])
    print("| goals | assessed | its page | HTML | packed | published | withheld |\n" + "| ---: " * 7 + "|")
    for goals in parser.parse_args(words).goals:
        assessed, assessing, writing, text = measured(goals)
        began = time.process_time()
        states = [each.state for each in publish_assessment(assessed, Policy()).disclosure.figures.values()]
        publishing = time.process_time() - began
        size, packed = len(text.encode()), len(gzip.compress(text.encode()))
        print(
            f"| {goals:,} | {assessing:.2f} s | {writing:.2f} s | {size / 1e6:.2f} MB | {packed / 1e6:.2f} MB "
            f"| {publishing:.2f} s | {states.count('withheld'):,} of {len(states):,} |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
