"""Time and yield of disclosure control on 48 months, 20 units and 5 types with all margins, beside measuring them.

`python -m tests.benchmark.withheld [ROWS]`; nothing here fails by being slow.
"""

from __future__ import annotations

import sys
from itertools import product
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

import casequality as cq
from casequality.days import Period, period
from casequality.desk import Result
from casequality.evidence.disclosure import FigurePlace, Ledger, Policy, View, disclose

MONTHS, UNITS, TYPES = 48, 20, 5
YEARS = range(2007, 2011)


class Decided(cq.Records, name="decided"):
    """One decision."""

    on = cq.day()
    unit = cq.code()
    kind = cq.code()
    late = cq.code("yes", "no")


@attrs.frozen
class InTime(cq.Metric):
    """Share of decisions in time."""

    id = "benchmark.in-time"
    title = {"en": "In time", "da": "Til tiden"}
    records = Decided
    outcomes = cq.outcomes(in_time=cq.YES, late=cq.NO)

    def contribute(self, decided: Any, _as_of: cq.AsOf, /) -> cq.Contribution:
        return cq.Contribution(on=decided.on, outcome=self.outcomes.pick(in_time=decided.late == "no"))


def table(rows: int, rng: np.random.Generator) -> pa.Table:
    """Return so many decisions, in cells of very different size of which few are late."""
    size = rng.lognormal(0, 0.7, (1, UNITS, 1)) * rng.lognormal(0, 0.7, (1, 1, TYPES))
    size = size * rng.lognormal(0, 0.2, (MONTHS, UNITS, TYPES))
    counts = rng.multinomial(rows, (size / size.sum()).ravel())
    shares = np.broadcast_to(rng.beta(2, 18, (1, UNITS, TYPES)), size.shape).ravel()
    month, unit, kind = (np.repeat(each.ravel(), counts) for each in np.indices(size.shape))
    days = np.datetime64("2007-01", "M") + month.astype("timedelta64[M]")
    late = rng.random(rows) < np.repeat(shares, counts)
    return pa.table(
        {
            "on": pa.array(days.astype("datetime64[D]")),
            "unit": pa.DictionaryArray.from_arrays(unit.astype(np.int32), [f"unit {each:02}" for each in range(UNITS)]),
            "kind": pa.DictionaryArray.from_arrays(kind.astype(np.int32), [f"kind {each}" for each in range(TYPES)]),
            "late": pa.DictionaryArray.from_arrays(late.astype(np.int32), ["no", "yes"]),
        }
    )


def places(labels: tuple[tuple[str | None, ...], ...]) -> tuple[FigurePlace, ...]:
    """Return every figure of the table with all its margins, over time too."""
    years = [period(str(year)) for year in YEARS]
    parts = [part for year in years for grain in ("half-year", "quarter", "month") for part in year.parts(grain)]
    units, kinds = (sorted({label[place] for label in labels}, key=str) for place in range(2))
    groups: list[tuple[tuple[str, str | None], ...]] = [
        (*((("unit", unit),) if unit else ()), *((("kind", kind),) if kind else ()))
        for unit, kind in product((None, *units), (None, *kinds))
    ]
    whole = Period(years[0].first, years[-1].end)
    return tuple(("", when, group) for when in (whole, *years, *parts) for group in groups)


def measured(source: object, named: str) -> Result:
    """Return the figures of a source, and print what they take."""
    began, cpu = perf_counter(), process_time()
    result = cq.measure(InTime, source, as_of="2011-06-01", by=["month", "unit", "kind"], threads=1)
    print(f"measuring {named}: {perf_counter() - began:.2f} s, {process_time() - cpu:.2f} s of CPU")
    return result


def main(rows: int) -> None:
    """Print what each step takes."""
    data = table(rows, np.random.default_rng(20))
    with TemporaryDirectory() as folder:
        parquet.write_table(data, f"{folder}/decided.parquet")
        csv.write_csv(data, f"{folder}/decided.csv")
        for kind in ("csv", "parquet"):
            measured(f"{folder}/decided.{kind}", f"{rows:,} records, {kind}")
    result = measured(data, f"{rows:,} records, in memory")
    tally, reading = result.measurement.tally, result.measurement.reading
    view = View(name="in time", tally=tally, reading=reading, places=places(tally.labels))
    for public in ((), ("bases",)):
        began, cpu = perf_counter(), process_time()
        told = disclose([view], Policy(public=public), as_of="2011-06-01", ledger=Ledger())
        took, spent = perf_counter() - began, process_time() - cpu
        how = "with" if "scipy.optimize" in sys.modules else "without"
        print(f"withholding, {', '.join(public) or 'nothing'} public: {took:.2f} s, {spent:.2f} s of CPU")
        began, cpu = perf_counter(), process_time()
        states = [each.state for each in told.figures.values()]
        print(
            f"reading every state: {perf_counter() - began:.2f} s, {process_time() - cpu:.2f} s of CPU; "
            f"{len(states):,} figures, {states.count('withheld')} withheld, proved {how} SciPy"
        )
        began, cpu = perf_counter(), process_time()
        size = len(told.ledger.to_bytes())
        print(f"its ledger: {perf_counter() - began:.2f} s, {process_time() - cpu:.2f} s of CPU; {size:,} bytes")


if __name__ == "__main__":
    main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 10_000_000)
