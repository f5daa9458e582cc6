"""A simulated country in a store of tallies: years of deliveries, one more night of them, and all figures.

    python -m tests.benchmark.country FOLDER --who 98 --months 240

fills a store once, every month of each municipality with cases of its own, and prints the processor time and the peak
of memory of a night's load and of all figures, each in a process of its own. It takes some minutes, most of them to
fill the store.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import attrs
import numpy as np
import pyarrow as pa

import casequality as cq
from casequality.desk import Store, Tallies
from casequality.metrics import Tally, merge
from casequality.metrics.tallies import unpack

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


@attrs.frozen
class Country:
    """How many municipalities, months from 2010 on, and cases in each month of each."""

    who: int
    months: int
    cases: int = 30

    @property
    def labels(self) -> list[str]:
        return [f"{2010 + number // 12}-{1 + number % 12:02}" for number in range(self.months)]

    def rows(self, who: int, month: int, extra: int = 0) -> pa.Table:
        """Return the cases that one municipality received in a month, of five types."""
        chance, many = np.random.default_rng([who, month, extra]), self.cases + extra
        received = np.datetime64(self.labels[month], "D") + chance.integers(0, 28, many).astype("timedelta64[D]")
        closed = received + chance.integers(1, 300, many).astype("timedelta64[D]")
        done = chance.random(many) < 0.9
        return pa.table(
            {
                "case": [f"{who:03}-{month:03}-{number:03}" for number in range(many)],
                "kind": [f"k{number}" for number in chance.integers(0, 5, many)],
                "administration": [f"{who:03}"] * many,
                "received_on": received,
                "closed_on": np.where(done, closed, np.datetime64("NaT", "D")),
                "ending": ["decided" if each else None for each in done],
            }
        )

    def counted(self, who: int, month: int, extra: int = 0) -> Tallies:
        return cq.tally(METRICS, self.rows(who, month, extra), as_of=AS_OF, by=["kind"])

    def each(self, month: int) -> list[Tallies]:
        """Return the counts of a month of each municipality: counted in one go, and then taken apart."""
        rows = pa.concat_tables([self.rows(who, month) for who in range(self.who)]).combine_chunks()
        together = cq.tally(METRICS, rows, as_of=AS_OF, by=["kind", "administration"])
        return [_of(f"{who:03}", self.cases, together) for who in range(self.who)]

    def fill(self, held: Store, first: int = 0, step: int = 1) -> None:
        """Put all months but the last of all municipalities, or every so-manieth of them; what is there is left."""
        there = Counter(each.period for each in held.deliveries())
        for month in range(first, self.months - 1, step):
            if there[self.labels[month]] == self.who:
                continue
            for who, delivery in enumerate(self.each(month)):
                held.put(delivery, who=f"{who:03}", period=self.labels[month], extract=self.labels[month])

    def night(self, held: Store) -> None:
        """Put the last month of all: three late, one month before replaced, one delivery repeated by mistake."""
        last = self.months - 1
        for who in (*range(3, self.who), 3, 0, 1, 2):
            delivery = self.counted(who, last)
            held.put(delivery, who=f"{who:03}", period=self.labels[last], extract=self.labels[last])
        replaced = self.counted(4, last - 1, extra=5)
        held.replace(replaced, who="004", period=self.labels[last - 1], extract=AS_OF, note="registered late")


def _of(who: str, read: int, together: Tallies) -> Tallies:
    """Return of what was counted in one go what one municipality would have counted itself."""
    parts: dict[str, Tally] = {}
    known: dict[object, Tally] = {}
    for name, part in together.parts.items():
        shared = tuple(each.__array_interface__["data"][0] for each in (part.cells, part.numbers, part.doubts))
        assumed = attrs.evolve(part.assumed, groups=("kind",))
        if shared not in known:
            mine = np.array([label[1] == who for label in part.labels])
            kept = attrs.evolve(
                part,
                assumed=assumed,
                accounts=attrs.evolve(part.accounts, read=read),
                labels=tuple(label[:1] for label in part.labels),
                cells=part.cells[mine[part.part("group")]],
                values=part.values[:, mine[part.part("group")]],
                numbers=part.numbers[:, mine[unpack(part.numbers[0], "group")]],
                doubts=part.doubts[:, mine[unpack(part.doubts[0], "group")]],
            )
            known[shared] = merge([kept])
        parts[name] = attrs.evolve(known[shared], assumed=assumed)
    return Tallies(parts)


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
    asked.add_argument("--jobs", type=int, default=1, help="processes that fill the store side by side")
    asked.add_argument("--step", choices=["fill", "night", "figures"])
    asked.add_argument("--first", type=int, default=0)
    chosen = asked.parse_args()
    country = Country(chosen.who, chosen.months)
    if not chosen.step:
        command = [sys.executable, "-m", __spec__.name, str(chosen.folder)]
        command += ["--who", str(chosen.who), "--months", str(chosen.months), "--jobs", str(chosen.jobs)]
        filling = [[*command, "--step", "fill", "--first", str(first)] for first in range(chosen.jobs)]
        for each in [subprocess.Popen(each) for each in filling]:
            each.wait()
        for step in ("figures", "night", "figures", "figures"):
            subprocess.run([*command, "--step", step], check=True)
        return
    held = cq.store(chosen.folder)
    if chosen.step == "figures":
        said = f"{sum(many for _, many in figures(held)):,} figures"
    else:
        if chosen.step == "fill":
            with patch("os.fsync"):  # a night waits for the disk, the twenty years before it need not
                country.fill(held, chosen.first, chosen.jobs)
        else:
            country.night(held)
        said = f"{len(held.log()):,} entries"
    sys.stdout.write(f"{chosen.step}: {said}, {_used()}\n")


if __name__ == "__main__":
    main()
