"""Letters as files of several row groups, and a metric that tells how many of them it was asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from casequality.deadlines import Deadline
from casequality.desk import tally
from casequality.engines import InProcess
from casequality.metrics import (
    NO,
    OPEN,
    YES,
    AsOf,
    Contribution,
    Metric,
    outcomes,
)
from casequality.metrics.tallies import stored
from casequality.records import Findings, Records, amount, code, day, key

START = dt.date(2010, 1, 4)
ASKED: list[int] = []
"""How many letters were counted, block by block; what is read of kept files is not."""
BROKEN: list[int] = []
"""Asked about so many letters, the metric breaks."""


class Letter(Records, name="kept letters"):
    """One letter."""

    letter = key()
    received_on = day()
    answered_on = day(missing="not answered")
    office = code("north", "south", missing="not said")
    pages = amount(missing="not counted")


@attrs.frozen
class Answered(Metric):
    """Letters that were answered in so many days, or within a deadline."""

    id: ClassVar[str] = "letters.answered"
    title: ClassVar = {"en": "Answered", "da": "Besvaret"}
    records: ClassVar = Letter
    outcomes: ClassVar = outcomes(in_time=YES, late=NO, waiting=OPEN)
    days: int = 5
    deadline: str = ""

    def contribute(self, letters: Any, as_of: AsOf) -> Contribution:
        if len(letters):
            ASKED.append(len(letters))
        if len(letters) in BROKEN:
            raise ZeroDivisionError
        due = letters.received_on + np.timedelta64(self.days, "D")
        if self.deadline:
            due = as_of.due(self.deadline, letters.received_on).at
        answered = ~np.isnat(letters.answered_on)
        picked = self.outcomes.pick(in_time=answered & (letters.answered_on <= due), late=answered)
        return Contribution(on=letters.received_on, outcome=picked, amount=letters.pages)


def rows(first: int, count: int, *, faulty: bool = True) -> list[dict[str, Any]]:
    """Return letters with the keys from `first` on; every ninth was answered before it came."""
    made = []
    for number in range(first, first + count):
        received = START + dt.timedelta(days=number % 90)
        wait = -1 if faulty and number % 9 == 8 else number % 11
        made.append(
            {
                "letter": number,
                "received_on": received,
                "answered_on": received + dt.timedelta(days=wait) if number % 5 else None,
                "office": ("north", "south")[number % 2],
                "pages": number % 7,
            }
        )
    return made


def write(path: Path, made: Sequence[dict[str, Any]], group: int = 10) -> None:
    """Write letters as a Parquet file of row groups."""
    pq.write_table(pa.Table.from_pylist(list(made)), path, row_group_size=group)


def counted(data: object, keep: Path | None = None, *, threads: int = 1, **given: Any) -> tuple[bytes, Findings]:
    """Return the stored tally of the letters and what intake found; `ASKED` tells what was counted for it."""
    ASKED.clear()
    metric = Answered(given.pop("days", 5), given.pop("deadline", ""))
    made = tally([metric], data, **{"as_of": "2010-06-01", **given}, engine=InProcess(threads, keep))
    return stored.to_bytes(made.parts[metric.id]), made.findings


def kept_files(keep: Path) -> list[Path]:
    """Return what was kept of stretches, in one order."""
    return sorted(path for path in keep.glob("*/*") if path.name not in ("manifest.json", "keys"))


def letters_counted() -> int:
    """Return how many letters were counted."""
    return sum(ASKED)


def deadline(days: int) -> Iterable[Deadline]:
    """Return the deadline `own` of so many days."""
    return [
        Deadline(
            id="own",
            title={"en": "Own", "da": "Egen"},
            kind="goal",
            calendar="dk-statutory",
            terms=f"{days} calendar days",
        )
    ]
