"""Worklists: the open cases that are soon due, and those overdue of which the citizen was not told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from casequality.deadlines import calendar_of
from casequality.desk.results import frame, record_keys
from casequality.errors import LANGUAGES
from casequality.metrics import AsOf, Metric, Owed, fields_owed, owed
from casequality.records import Block, Source

TOLD = "overdue, told in time"
TELLING = (TOLD, "overdue without notice", "overdue", "due soon")
"""Why a case is on the list, the more telling first, where two metrics say different things of it."""

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
    """One open case: which, when it is due, how many working days are left (negative: overdue), and why it is here.

    row: its number in the source, or in its `file` where the source has several; key: None where it has none.
    """

    source: str
    metric: str
    row: int
    file: str | None
    key: int | str | None
    due: dt.date
    working_days_left: int
    reason: str

    def why(self, lang: str = "en") -> str:
        """Return the reason as a sentence."""
        return REASONS[self.reason][lang]

    def to_dict(self) -> dict[str, Any]:
        """Return the task as plain data, with its reason as a sentence in English and Danish."""
        why = {f"why_{lang}": self.why(lang) for lang in LANGUAGES}
        return {**attrs.asdict(self), "due": self.due.isoformat(), **why}


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
        return [task.to_dict() for task in self.tasks]

    def to_frame(self, backend: str = "pandas") -> Any:
        """Return the tasks as a frame of pandas, polars or pyarrow."""
        return frame(self.to_dict(), backend)


def work_on(metrics: Sequence[Metric], source: Source, as_of: AsOf, within: int) -> Worklist:
    """Return the open cases of a source due within so many working days, and the overdue ones.

    metrics: of one record type. within: working days after the as-of's own day, 0 or more, counted like the working
    days left on the calendar of each deadline.
    A case that is overdue and of which a metric says that the citizen was told in time is left out.
    """
    key = source.records.key_field()
    reads = {*(field for metric in metrics for field in fields_owed(metric, as_of)), *([key] if key else [])}
    tasks: dict[tuple[str | None, int, dt.date], Task] = {}
    for part in source.reading(reads, keys="partitioned").parts:
        for block in part.blocks():
            for task in _tasks(metrics, source.name, block, as_of, within):
                place = (task.file, task.row, task.due)
                tasks[place] = min(task, tasks.get(place, task), key=lambda each: TELLING.index(each.reason))
    return joined([Worklist(tuple(task for task in tasks.values() if task.reason != TOLD))])


def joined(lists: list[Worklist]) -> Worklist:
    """Return several worklists as one, soonest first."""
    tasks = [task for each in lists for task in each]
    return Worklist(tuple(sorted(tasks, key=lambda task: (task.due, task.source, task.file or "", task.row))))


def _tasks(metrics: Sequence[Metric], name: str, block: Block, as_of: AsOf, within: int) -> Iterator[Task]:
    begun = block.records.begun(as_of.instant, as_of.known_before)
    records, rows = block.records[begun], np.asarray(block.rows)[begun]
    records = records.known_at(as_of.instant, as_of.known_before)
    own = [name for name in records.loaded if not records.fields[name].column_type.is_table]
    doubts = [mask for mask in (records.unknown(own), records.in_doubt(own)) if mask is not None]
    unknown = np.logical_or.reduce(doubts) if doubts else None
    for metric in metrics:
        said = owed(metric, records, as_of.for_block())
        if said is None:
            continue
        on = calendar_of(said.due.calendar or as_of.calendar or "dk-statutory")
        due = said.due.at if said.due.at.dtype == np.dtype("M8[D]") else as_of.local_days(said.due.at)
        waiting = np.isnat(said.done) & ~np.isnat(due) & (due <= on.add(as_of.day, within))
        chosen = np.flatnonzero(waiting if unknown is None else waiting & ~unknown)
        left = on.count(as_of.day, due[chosen])
        for at, days, key in zip(chosen.tolist(), left.tolist(), record_keys(records, chosen), strict=True):
            yield Task(
                source=name,
                metric=metric.id,
                row=int(rows[at]),
                file=block.file,
                key=key,
                due=due[at].item(),
                working_days_left=days,
                reason=_reason(said, at) if due[at] < as_of.day else "due soon",
            )


def _reason(said: Owed, at: int) -> str:
    if said.notified is None:
        return "overdue"
    return TOLD if said.notified[at] else "overdue without notice"
