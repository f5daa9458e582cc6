"""What a report says beside its verdicts, of many goals, months and offices: `python -m tests.benchmark.proportion`.

Made beforehand and not timed: a tally of each goal's cases by office, and one of how long each took in its own term.
In a fresh process these are read, and each part is timed: open cases, readings, samples, budgets, charts and mixes.
They are told of each goal, as a report does; with `--each` of its months or offices too.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from typing import Any, ClassVar

import attrs
import numpy as np

import casequality as cq
from casequality import evidence
from casequality.days import Period
from casequality.days import period as period_of
from casequality.goals import Goal, Judgement, judge, parse_goals
from casequality.metrics import SHARE, AsOf, Due, Figure, Measurement, Tally, conclude

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
_TERMS = evidence.in_terms(METRIC, AsOf.at(AS_OF, zone="Europe/Copenhagen", rules={}))

assert _TERMS is not None
TERMS = _TERMS


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
            "ending": pa.array(
                [
                    ("withdrawn" if out else "decided") if done else None
                    for out, done in zip(draw.random(many) < 0.1, ended, strict=True)
                ]
            ),
            "office": pa.array([f"office {number}" for number in draw.integers(0, OFFICES, many)]),
        }
    )


def write(folder: Path, goals: int) -> None:
    """Write the tallies of so many goals."""
    for seed in range(goals):
        asked = [METRIC, TERMS]
        cq.tally(asked, cases(seed), as_of=AS_OF, by="office", plugins=None).save(folder / f"{seed:03}.tally")


Counts = dict[str, tuple[int, int]]
"""By office, how many were in time of how many."""


@attrs.frozen
class Given:
    """One goal's tallies, its figures of two half-years by office, its counts by month, and those of the half-years.

    months: of all offices together, named "", or of each.
    """

    tally: Tally
    terms: Tally
    half: Measurement
    months: dict[str, Counts]
    halves: list[Counts]

    def offices(self) -> list[tuple[int, int]]:
        """Return each office's counts of the half-year."""
        return list(self.halves[-1].values())

    def all_offices(self) -> tuple[int, int]:
        """Return the counts of all offices together."""
        met, cases = (sum(column) for column in zip(*self.offices(), strict=True))
        return met, cases


def read(folder: Path) -> list[tuple[Tally, Tally]]:
    """Read the tallies of each goal."""
    several = [cq.load_tally(path).parts for path in sorted(folder.iterdir())]
    return [(parts[METRIC.id], parts[TERMS.id]) for parts in several]


def figures(several: list[tuple[Tally, Tally]], each: bool) -> list[Given]:
    """Conclude the figures of two half-years by office, and of the months; of each office where each is told of."""
    found = []
    for tally, terms in several:
        reading, day = METRIC.under(GOALS.readings), tally.assumed.as_of_day
        spans = [WHOLE.previous(), WHOLE]
        half = conclude(tally, reading, by=["office"], periods=spans, as_of_day=day)
        monthly = conclude(tally, reading, by=["month", *(["office"] if each else [])], as_of_day=day)
        months: dict[str, Counts] = {}
        for figure in monthly:
            months.setdefault(figure.period.label, {}).update(counts_of([figure]))
        found.append(
            Given(
                tally, terms, half, months, [counts_of(each for each in half if each.period == span) for span in spans]
            )
        )
    return found


def counts_of(measured: Iterable[Figure]) -> Counts:
    """Return the counts of figures by their office."""
    return {
        str(each.groups.get("office", "")): (each.value.numerator or 0, each.value.denominator)
        for each in measured
        if each.value.denominator
    }


GOALS: Goal = parse_goals(GOAL).goals[0]
WHOLE: Period = period_of(HALF)
YEARS = period_of("2007-01-01..2010-12-31")


def open_cases(given: list[Given], each: bool) -> Iterator[Any]:
    """1: the cohorts of each goal with Kaplan and Meier's estimate, of the half-year; or of each month."""
    spans = YEARS.parts("month") if each else (WHOLE,)
    reading = TERMS.under(GOALS.readings)
    for one in given:
        for span in spans:
            course = evidence.course_of(one.terms, reading, span)
            yield evidence.cohorts_of(one.half, span, curve=course)


def readings(given: list[Given], each: bool) -> Iterator[Judgement]:
    """2: each goal under all six readings, judged of all offices together; or by each of them too."""
    goal = GOALS if each else attrs.evolve(GOALS, each=())
    names = METRIC.readings
    for one, chosen in product(given, product(*(choice.alternatives for choice in names.values()))):
        read = attrs.evolve(goal, readings=dict(zip(names, chosen, strict=True)))
        reading = METRIC.under(read.readings)
        figures = conclude(one.tally, reading, periods=[WHOLE], as_of_day=one.tally.assumed.as_of_day)
        yield judge(read, figures, WHOLE, beside=False)


def samples(given: list[Given], each: bool) -> Iterator[Any]:
    """3: the plan of a sample of the half-year's cases; or of each office's."""
    for one in given:
        for _, cases in one.offices() if each else [one.all_offices()]:
            yield evidence.plan_sample(cases, Fraction(5, 100))


def budgets(given: list[Given], each: bool) -> Iterator[Any]:
    """4: the budget, the decisions a day and the backlog of the half-year; or of each office."""
    for one in given:
        for met, cases in one.offices() if each else [one.all_offices()]:
            yield evidence.budget(met, cases - met, cases // 10, Fraction(3, 4))
            yield evidence.pace(cases, met, 125, 125)
            yield evidence.backlog(cases, cases, 26, 4, share=Fraction(9, 10), weeks=26)


def charts(given: list[Given], each: bool) -> Iterator[Any]:
    """5: the chart of the 48 months, of three kinds by turns; or of each office; the false alarms of all together."""
    made = []
    for number, one in enumerate(given):
        kind: Any = ("xmr", "p", "p'")[number % 3]
        months = [(label, counts) for label, counts in one.months.items() if counts]
        offices = dict.fromkeys(office for _, counts in months for office in counts)
        lines = [[(label, counts[name]) for label, counts in months if name in counts] for name in offices]
        pooled = [(label, (_sum(counts, 0), _sum(counts, 1))) for label, counts in months]
        for line in lines if each else [pooled]:
            values = [Fraction(*counts) if kind == "xmr" else counts[0] for _, counts in line]
            made.append(
                evidence.chart(
                    [label for label, _ in line],
                    values,
                    None if kind == "xmr" else [cases for _, (_, cases) in line],
                    kind=kind,
                    targets=Fraction(3, 4),
                    higher_is_better=True,
                    unit=SHARE,
                )
            )
    yield from made
    yield evidence.false_alarms(made)


def mixes(given: list[Given], each: bool) -> Iterator[Any]:
    """6: the offices pooled and apart in the half-year, and its change taken apart; or in each month."""
    for one in given:
        counts = [counted for counted in one.months.values() if counted]
        for before, after in list(pairwise(counts)) if each else [one.halves]:
            yield evidence.together(after, Fraction(3, 4))
            yield evidence.take_apart(before, after)


def _sum(counts: Counts, place: int) -> int:
    return sum(each[place] for each in counts.values())


PARTS: dict[str, Callable[[list[Given], bool], Iterator[Any]]] = {
    "open cases": open_cases,
    "readings": readings,
    "samples": samples,
    "budgets": budgets,
    "charts": charts,
    "mixes": mixes,
}


def timed(folder: Path, each: bool) -> None:
    """Print the processor time of each part and the peak memory, as Markdown."""
    begin = time.process_time()
    several = read(folder)
    print(f"| tallies read | {time.process_time() - begin:.2f} s | {len(several)} |")
    begin = time.process_time()
    given = figures(several, each)
    total = time.process_time() - begin
    many = sum(len(counts) for one in given for counts in [*one.months.values(), *one.halves])
    print(f"| figures | {total:.2f} s | {many:,} |")
    for name, part in PARTS.items():
        begin = time.process_time()
        many = sum(1 for _ in part(given, each))
        spent = time.process_time() - begin
        total += spent
        print(f"| {name} | {spent:.2f} s | {many:,} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| all but the reading | {total:.2f} s | {peak:.0f} MB at the peak |")


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
    parser.add_argument("--each", action="store_true", help="answer for each month or office too, not for goals alone")
    asked = parser.parse_args(words)
    if asked.read:
        timed(asked.read, asked.each)
        return 0
    print("| part | processor time | of |\n| --- | ---: | --- |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), asked.goals)
        again = [
            sys.executable,
            "-m",
            "tests.benchmark.proportion",
            "--read",
            folder,
            *(["--each"] if asked.each else []),
        ]
        code = subprocess.run(again, check=False).returncode
    curve(asked.times)
    return code


if __name__ == "__main__":
    sys.exit(main())
