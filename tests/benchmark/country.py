"""A simulated country in a store of tallies: years of deliveries, one more night of them, and all figures.

    python -m tests.benchmark.country FOLDER --who 98 --months 240

fills a store once and prints the processor time and the peak of memory of a night's load and of all figures, each in
a process of its own. It takes some minutes, most of them to fill the store.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import numpy as np
import pyarrow as pa

import casequality as cq
from casequality.desk import Store, Tallies

METRICS = [
    f"case-flow.{name}"
    for name in (
        "received",
        "closed",
        "received-against-year-before",
        "backlog",
        "clearance-rate",
        "disposition-time",
        "pending-age",
        "pending-age-median",
        "processing-time",
        "processing-time-median",
    )
]
AS_OF = "2031-01-01"
DIFFERENT = 8
"""How many municipalities have cases of their own: counting 23,520 months of cases would take most of an hour."""


@attrs.frozen
class Country:
    """How many municipalities, months from 2010 on, and cases in each month of each."""

    who: int
    months: int
    cases: int = 30

    @property
    def labels(self) -> list[str]:
        return [f"{2010 + number // 12}-{1 + number % 12:02}" for number in range(self.months)]

    def rows(self, seed: int, month: int, extra: int = 0) -> pa.Table:
        """Return the cases that one municipality received in a month, of five types."""
        chance, many = np.random.default_rng([seed % DIFFERENT, month, extra]), self.cases + extra
        received = np.datetime64(self.labels[month], "D") + chance.integers(0, 28, many).astype("timedelta64[D]")
        closed = received + chance.integers(1, 300, many).astype("timedelta64[D]")
        done = chance.random(many) < 0.9
        return pa.table(
            {
                "case": [f"{month}-{number}" for number in range(many)],
                "kind": [f"k{number}" for number in chance.integers(0, 5, many)],
                "received_on": received,
                "closed_on": np.where(done, closed, np.datetime64("NaT", "D")),
                "ending": ["decided" if each else None for each in done],
            }
        )

    def counted(self, seed: int, month: int, extra: int = 0) -> Tallies:
        return cq.tally(METRICS, self.rows(seed, month, extra), as_of=AS_OF, by=["kind"])

    def of(self, who: int, counted: Tallies) -> Tallies:
        """Return the counts as those of a municipality: some rows elsewhere make each delivery different."""
        parts = counted.parts.items()
        return Tallies(
            {name: attrs.evolve(part, accounts=attrs.evolve(part.accounts, elsewhere=who)) for name, part in parts}
        )

    def fill(self, held: Store) -> None:
        """Put all months but the last of all municipalities."""
        for month, label in enumerate(self.labels[:-1]):
            counted = [self.counted(seed, month) for seed in range(min(DIFFERENT, self.who))]
            for who in range(self.who):
                delivery = self.of(who, counted[who % DIFFERENT])
                held.put(delivery, who=f"{who:03}", period=label, extract=label)

    def night(self, held: Store) -> None:
        """Put the last month of all: three late, one month before replaced, one delivery repeated by mistake."""
        last = self.months - 1
        for who in (*range(3, self.who), 3, 0, 1, 2):
            delivery = self.of(who, self.counted(who, last))
            held.put(delivery, who=f"{who:03}", period=self.labels[last], extract=self.labels[last])
        replaced = self.counted(4, last - 1, extra=5)
        held.replace(replaced, who="004", period=self.labels[last - 1], extract=AS_OF, note="registered late")


def figures(held: Store) -> Iterator[tuple[str, int]]:
    """Yield each metric with how many figures it has, by month, type and municipality."""
    for name, result in held.tallies(apart=True).conclude(by=["month", "kind", "who"]).items():
        yield name, len(result.measurement.figures)


def _used() -> str:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return f"{usage.ru_utime + usage.ru_stime:.1f} CPU seconds, peak {usage.ru_maxrss / 1024:,.0f} MB"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--who", type=int, default=98)
    asked.add_argument("--months", type=int, default=240)
    asked.add_argument("--step", choices=["fill", "night", "figures"])
    chosen = asked.parse_args()
    country = Country(chosen.who, chosen.months)
    if not chosen.step:
        sizes = ["--who", str(chosen.who), "--months", str(chosen.months)]
        for step in ("fill", "figures", "night", "figures", "figures"):
            command = [sys.executable, "-m", __spec__.name, str(chosen.folder), *sizes, "--step", step]
            subprocess.run(command, check=True)
        return
    held = cq.store(chosen.folder)
    if chosen.step == "figures":
        said = f"{sum(many for _, many in figures(held)):,} figures"
    else:
        {"fill": country.fill, "night": country.night}[chosen.step](held)
        said = f"{len(held.log()):,} entries"
    sys.stdout.write(f"{chosen.step}: {said}, {_used()}\n")


if __name__ == "__main__":
    main()
