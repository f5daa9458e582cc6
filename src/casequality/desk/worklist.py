"""Worklists: the open cases that are soon due, and those overdue of which the citizen was not told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import numpy as np

from casequality.days import Calendar, calendar
from casequality.desk.drill import record_keys
from casequality.desk.results import frame
from casequality.metrics.as_of import AsOf
from casequality.metrics.metric import Metric, Owed
from casequality.metrics.trace import fields_read
from casequality.records import Block, Source

REASONS: Mapping[str, Mapping[str, str]] = {
    "overdue without notice": {
        "en": "the deadline has passed and the citizen has not been told in time",
        "da": "fristen er overskredet, og borgeren er ikke underrettet i tide",
    },
    "overdue": {"en": "the deadline has passed", "da": "fristen er overskredet"},
    "due soon": {"en": "the deadline is near", "da": "fristen nærmer sig"},
}


@attrs.frozen(kw_only=True)
class Task:
    """One open case: which, when it is due, how many working days are left (negative: overdue), and why it is here."""

    source: str
    metric: str
    row: int
    key: int | str | None
    due: dt.date
    working_days_left: int
    reason: str

    def why(self, lang: str = "en") -> str:
        """Return the reason as a sentence."""
        return REASONS[self.reason][lang]


@attrs.frozen
class Worklist:
    """Open cases in the order in which they are due."""

    tasks: tuple[Task, ...]

    def __iter__(self) -> Iterator[Task]:
        return iter(self.tasks)

    def __len__(self) -> int:
        return len(self.tasks)

    def to_dict(self) -> list[dict[str, Any]]:
        """Return the tasks as plain data."""
        return [{**attrs.asdict(task), "due": task.due.isoformat()} for task in self.tasks]

    def to_frame(self, backend: str = "pandas") -> Any:
        """Return the tasks as a frame of pandas, polars or pyarrow."""
        return frame(self.to_dict(), backend)


def work_on(metric: Metric, source: Source, as_of: AsOf, within: int, counted_on: str | None = None) -> Worklist:
    """Return the open cases of a source due within so many working days, and the overdue ones.

    within: working days after the as-of's own day, 0 or more.
    """
    on = calendar(counted_on or "dk-statutory")
    limit = on.add(as_of.day, within)
    key = metric.records.key_field()
    reads = {*fields_read(metric, as_of), *([key] if key else [])}
    tasks = []
    for part in source.reading(reads).parts:
        for block in part.blocks():
            tasks += _tasks(metric, source.name, block, as_of, limit, on)
    return Worklist(tuple(sorted(tasks, key=lambda task: (task.due, task.source, task.row))))


def joined(lists: list[Worklist]) -> Worklist:
    """Return several worklists as one, soonest first; a case owed twice is listed for each."""
    tasks = [task for each in lists for task in each]
    return Worklist(tuple(sorted(tasks, key=lambda task: (task.due, task.source, task.metric, task.row))))


def _tasks(
    metric: Metric, name: str, block: Block, as_of: AsOf, limit: np.datetime64, on: Calendar
) -> list[Task]:
    begun = block.records.begun(as_of.instant, as_of.known_before)
    records, rows = block.records[begun], np.asarray(block.rows)[begun]
    records = records.known_at(as_of.instant, as_of.known_before)
    owed = metric.owed(records, as_of.for_block())
    if owed is None:
        return []
    due = owed.due.at if owed.due.at.dtype == np.dtype("M8[D]") else as_of.local_days(owed.due.at)
    told = (due < as_of.day) & owed.notified if owed.notified is not None else np.zeros(len(due), bool)
    chosen = np.flatnonzero(np.isnat(owed.done) & ~np.isnat(due) & (due <= limit) & ~told)
    left = on.count(as_of.day, due[chosen])
    keys = record_keys(records, chosen)
    return [
        Task(
            source=name,
            metric=metric.id,
            row=int(rows[at]),
            key=key,
            due=due[at].item(),
            working_days_left=days,
            reason=_reason(owed, bool(due[at] < as_of.day)),
        )
        for at, days, key in zip(chosen.tolist(), left.tolist(), keys, strict=True)
    ]


def _reason(owed: Owed, overdue: bool) -> str:
    if not overdue:
        return "due soon"
    return "overdue" if owed.notified is None else "overdue without notice"
