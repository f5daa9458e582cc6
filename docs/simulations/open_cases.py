"""How near the figures of a time goal come to a known truth: `python docs/simulations/open_cases.py [seeds] [cases]`.

An office gets cases evenly over half a year. By construction 51 % are done within their own term of 20, 25 or 40 days,
and the others take two to fifteen terms. On 1 July somebody asks how many were in time. Every figure is of the library;
only the cases are made up here.
"""

from __future__ import annotations

import sys
from typing import ClassVar

import attrs
import numpy as np
import pyarrow as pa

import casequality as cq
from casequality.metrics import Due

TRUTH = 0.51
FIRST, AS_OF = np.datetime64("2010-01-01", "D"), np.datetime64("2010-07-01", "D")
GOAL = """
id    = "simulated"
title = { en = "Simulated", da = "Simuleret" }

[[goal]]
id       = "in-time"
metric   = "simulated.in-time"
source   = "cases"
target   = "at least 75 %"
readings = { cohort = "closed" }
"""


class Case(cq.Records, name="cases"):
    """A made-up case."""

    received_on = cq.day()
    due_on = cq.day(planned=True)
    closed_on = cq.day(missing="open")


@attrs.frozen
class InTime(cq.Metric):
    """Share of cases done by their deadline."""

    id = "simulated.in-time"
    title: ClassVar = {"en": "In time", "da": "Rettidigt"}
    records = Case
    outcomes = cq.outcomes(**cq.SETTLED)
    readings: ClassVar = cq.readings(cohort=cq.cohort("closed", "received"))

    def contribute(self, cases: Case, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return the state of each case's deadline."""
        states = as_of.settle(Due(cases.due_on), cases.closed_on)
        return cq.Contribution(on=cases.received_on, until=cases.closed_on, outcome=self.outcomes.pick(**states))

    def owed(self, cases: Case, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when each case is due."""
        return cq.Owed(due=Due(cases.due_on), done=cases.closed_on)


def drawn(seed: int, cases: int) -> pa.Table:
    """Return cases of which a share `TRUTH` is done in time once all are done, as they stand on the day of asking."""
    draw = np.random.default_rng(seed)
    received = FIRST + draw.integers(0, 181, cases).astype("timedelta64[D]")
    terms = draw.choice([20, 25, 40], cases)
    quick = draw.random(cases) < TRUTH
    parts = np.where(quick, draw.uniform(0.05, 0.9, cases), draw.uniform(2, 15, cases))
    closed = received + ((terms * parts).astype(int) + 1).astype("timedelta64[D]")
    closed = np.where(closed < AS_OF, closed, np.datetime64("NaT", "D"))
    columns = {"received_on": received, "due_on": received + terms.astype("timedelta64[D]"), "closed_on": closed}
    return pa.table({name: pa.array(column, pa.date32()) for name, column in columns.items()})


def errors(seed: int, cases: int) -> tuple[float, float, float]:
    """Return by how much the closed cases, the matured cohort and Kaplan and Meier's estimate miss the truth."""
    assessed = cq.assess(GOAL, {"cases": drawn(seed, cases)}, period="2010-H1", as_of="2010-07-01", metrics=[InTime])
    found = assessed["in-time"].cohorts
    figures = found.closed.value, found.matured.value, found.in_time.share
    closed, matured, estimated = (float(figure) - TRUTH for figure in figures)
    return closed, matured, estimated


def main(seeds: int, cases: int) -> None:
    """Print how often each figure was within two points of the truth, and how far off the closed cases were."""
    found = np.array([errors(seed, cases) for seed in range(seeds)])
    near = (np.abs(found) < 0.02).sum(axis=0)
    print(f"{seeds} seeds of {cases:,} cases; the truth is {TRUTH:.0%}")
    for name, within, each in zip(("closed cases alone", "matured cohort", "Kaplan-Meier"), near, found.T, strict=True):
        print(f"{name:20} within 2 points: {within:3} of {seeds}; off by {each.min():+.1%} to {each.max():+.1%}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3] or ("100", "10000")))
