"""What a report says beside its verdicts, of many goals, months and offices: `python -m tests.benchmark.proportion`.

Made beforehand and not timed: a tally of each goal's cases by office, and one of how long each took in its own term.
In a fresh process these are read, and each part is timed: open cases, readings, samples, budgets, charts and mixes.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, ClassVar

import attrs
import numpy as np

import casequality as cq
from casequality import evidence
from casequality.days import Period
from casequality.days import period as period_of
from casequality.goals import Goal, Judgement, judge, parse_goals
from casequality.metrics import SHARE, AsOf, Due, Measurement, Tally, conclude

MONTHS, OFFICES, A_MONTH = 48, 20, 10
"""An office of a goal gets so many cases a month."""
FIRST, AS_OF, HALF = np.datetime64("2007-01-01", "D"), "2011-01-01", "2010-H2"
GOAL = """
id    = "benchmark"
title = { en = "Benchmark", da = "Måling" }

[[goal]]
id       = "in-time"
metric   = "benchmark.in-time"
source   = "cases"
target   = "at least 75 %"
each     = "office"
aggregate = "pooled"
readings = { cohort = "closed", withdrawn = "out" }
"""


class Case(cq.Records, name="cases"):
    """A made-up case."""

    received_on = cq.day()
    due_on = cq.day(planned=True)
    closed_on = cq.day(missing="open")
    ending = cq.code("decided", "withdrawn", missing="open")
    office = cq.code()


@attrs.frozen
class InTime(cq.Metric):
    """Share of cases done by their deadline."""

    id = "benchmark.in-time"
    title: ClassVar = {"en": "In time", "da": "Rettidigt"}
    records = Case
    higher_is_better = True
    outcomes = cq.outcomes(withdrawn=cq.OUT, **cq.SETTLED)
    readings: ClassVar = cq.readings(
        cohort=cq.cohort("closed", "received", "matured"),
        withdrawn=cq.choose(
            literal="out", why={"en": "no source", "da": "ingen kilde"}, out={}, no={"withdrawn": cq.NO}
        ),
    )

    def contribute(self, cases: Case, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return the state of each case's deadline."""
        states = as_of.settle(Due(cases.due_on), cases.closed_on)
        outcome = self.outcomes.pick(withdrawn=cases.ending.isin(["withdrawn"]), **states)
        return cq.Contribution(on=cases.received_on, until=cases.closed_on, outcome=outcome)

    def owed(self, cases: Case, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when each case is due."""
        return cq.Owed(due=Due(cases.due_on), done=cases.closed_on)


METRIC = InTime()
TERMS = evidence.in_terms(METRIC, AsOf.at(AS_OF, zone="Europe/Copenhagen", rules={}))


def cases(seed: int) -> Any:
    """Return one goal's cases, evenly over the months and offices; three terms, and the slow wait up to 15 of them."""
    import pyarrow as pa

    draw, many = np.random.default_rng(seed), MONTHS * OFFICES * A_MONTH
    last = np.datetime64(AS_OF, "D")
    received = FIRST + draw.integers(0, int((last - FIRST).astype(int)), many).astype("timedelta64[D]")
    terms = draw.choice([20, 25, 40], many)
    parts = np.where(draw.random(many) < 0.7, draw.uniform(0.05, 0.9, many), draw.uniform(1, 15, many))
    closed = received + ((terms * parts).astype(int) + 1).astype("timedelta64[D]")
    ended = closed < last
    return pa.table(
        {
            "received_on": pa.array(received, pa.date32()),
            "due_on": pa.array(received + terms.astype("timedelta64[D]"), pa.date32()),
            "closed_on": pa.array(np.where(ended, closed, np.datetime64("NaT", "D")), pa.date32()),
            "ending": pa.array(np.where(ended, np.where(draw.random(many) < 0.1, "withdrawn", "decided"), None)),
            "office": pa.array([f"office {number}" for number in draw.integers(0, OFFICES, many)]),
        }
    )


def write(folder: Path, goals: int) -> None:
    """Write the tallies of so many goals."""
    for seed in range(goals):
        asked = [METRIC, TERMS]
        cq.tally(asked, cases(seed), as_of=AS_OF, by="office", plugins=None).save(folder / f"{seed:03}.tally")


@attrs.frozen
class Given:
    """One goal's tallies with its figures by month and office, and of the half-year by office."""

    tally: Tally
    terms: Tally
    monthly: Measurement
    half: Measurement


def read(folder: Path) -> list[Given]:
    """Read the tallies, and conclude figures by month and office and of the half-year."""
    found = []
    for path in sorted(folder.iterdir()):
        parts = cq.load_tally(path).parts
        tally, terms = (parts[each.id] for each in (METRIC, TERMS))
        reading, day = METRIC.under(GOALS.readings), tally.assumed.as_of_day
        monthly = conclude(tally, reading, by=["month", "office"], as_of_day=day)
        half = conclude(tally, reading, by=["office"], periods=[WHOLE], as_of_day=day)
        found.append(Given(tally, terms, monthly, half))
    return found


GOALS: Goal = parse_goals(GOAL).goals[0]
WHOLE: Period = period_of(HALF)
YEARS = period_of("2007-01-01..2010-12-31")


def open_cases(given: list[Given]) -> Iterator[Any]:
    """1: the cohorts of each goal with Kaplan and Meier's estimate, of the half-year and of each month."""
    for each in given:
        terms = TERMS.under(GOALS.readings)
        for span in (WHOLE, *YEARS.parts("month")):
            yield evidence.cohorts_of(each.half, span, curve=evidence.course_of(each.terms, terms, span))


def readings(given: list[Given]) -> Iterator[Judgement]:
    """2: each goal under all six readings, judged by office and whole."""
    names = METRIC.readings
    for each, chosen in product(given, product(*(choice.alternatives for choice in names.values()))):
        goal = attrs.evolve(GOALS, readings=dict(zip(names, chosen, strict=True)))
        reading = METRIC.under(goal.readings)
        figures = conclude(each.tally, reading, periods=[WHOLE], as_of_day=each.tally.assumed.as_of_day)
        yield judge(goal, figures, WHOLE)


def samples(given: list[Given]) -> Iterator[Any]:
    """3: the plan of a sample of each office's half-year."""
    for each in given:
        for figure in each.half:
            yield evidence.plan_sample(figure.value.denominator, Fraction(5, 100))


def budgets(given: list[Given]) -> Iterator[Any]:
    """4: the budget of each month and office; decisions a day and the backlog of each office."""
    for each in given:
        for figure in each.monthly:
            value, still = figure.value, figure.outcomes.get("pending", 0)
            yes, all_cases = value.numerator or 0, value.denominator or 0
            if all_cases + still:
                yield evidence.budget(yes, all_cases - yes, still, Fraction(3, 4))
        for figure in each.half:
            cases, met = figure.value.denominator or 0, figure.value.numerator or 0
            yield evidence.pace(cases, met, 125, 125)
            yield evidence.backlog(cases, cases, 26, 4, share=Fraction(9, 10), weeks=26)


def charts(given: list[Given]) -> Iterator[Any]:
    """5: the chart of each office's months, alternately of three kinds, and the false alarms of all together."""
    made = []
    for number, each in enumerate(given):
        lines: dict[Any, list[Any]] = {}
        for figure in each.monthly:
            if figure.value.denominator:
                lines.setdefault(figure.groups["office"], []).append(figure)
        for line in lines.values():
            kind: Any = ("xmr", "p", "p'")[number % 3]
            values = [figure.value.exact if kind == "xmr" else figure.value.numerator for figure in line]
            sizes = None if kind == "xmr" else [figure.value.denominator for figure in line]
            labels = [figure.period.label for figure in line]
            told = evidence.chart(
                labels, values, sizes, kind=kind, targets=Fraction(3, 4), higher_is_better=True, unit=SHARE
            )
            made.append(told)
            yield told
    yield evidence.false_alarms(made)


def mixes(given: list[Given]) -> Iterator[Any]:
    """6: offices pooled and apart in each month, and each month's change taken apart."""
    for each in given:
        before = None
        by_month: dict[str, dict[str, tuple[int, int]]] = {}
        for figure in each.monthly:
            if figure.value.denominator:
                counts = figure.value.numerator or 0, figure.value.denominator
                by_month.setdefault(figure.period.label, {})[str(figure.groups["office"])] = counts
        for counted in by_month.values():
            yield evidence.together(counted, Fraction(3, 4))
            if before is not None:
                yield evidence.take_apart(before, counted)
            before = counted


PARTS: dict[str, Callable[[list[Given]], Iterator[Any]]] = {
    "open cases": open_cases,
    "readings": readings,
    "samples": samples,
    "budgets": budgets,
    "charts": charts,
    "mixes": mixes,
}


def timed(folder: Path) -> None:
    """Print the processor time of each part and the peak memory, as Markdown."""
    begin = time.process_time()
    given = read(folder)
    total = time.process_time() - begin
    print(f"| read and concluded | {total:.2f} s | {sum(len(each.monthly) for each in given):,} figures |")
    for name, part in PARTS.items():
        begin = time.process_time()
        many = sum(1 for _ in part(given))
        spent = time.process_time() - begin
        total += spent
        print(f"| {name} | {spent:.2f} s | {many:,} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| all | {total:.2f} s | {peak:.0f} MB at the peak |")


def curve(many: int) -> None:
    """Print the processor time of Kaplan and Meier's curve of so many distinct times, a third of them still open."""
    draw = np.random.default_rng(20101101)
    times, ended = draw.permutation(many), draw.random(many) < 2 / 3
    begin = time.process_time()
    found = evidence.kaplan_meier(times, ended.astype(int), (~ended).astype(int))
    half = found.within()
    print(f"| Kaplan-Meier | {time.process_time() - begin:.2f} s | {many:,} distinct times, half after {half.time} |")


def main(words: Sequence[str] | None = None) -> int:
    """Write the tallies, and read them in a fresh process."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.proportion", description=__doc__)
    parser.add_argument("--goals", type=int, default=100)
    parser.add_argument("--times", type=int, default=1_000_000)
    parser.add_argument("--read", type=Path, help="only read the tallies in this folder")
    asked = parser.parse_args(words)
    if asked.read:
        timed(asked.read)
        return 0
    print("| part | processor time | of |\n| --- | ---: | --- |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), asked.goals)
        again = [sys.executable, "-m", "tests.benchmark.proportion", "--read", folder]
        code = subprocess.run(again, check=False).returncode
    curve(asked.times)
    return code


if __name__ == "__main__":
    sys.exit(main())
