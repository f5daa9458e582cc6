"""Worklists: every open case to take up, by what its metrics say is owed and its goals count as a breach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from casequality.days import Calendar, Days, Mask
from casequality.deadlines import calendar_of
from casequality.desk.jobs import ReadyGoal, alike
from casequality.desk.results import record_keys
from casequality.desk.worklist.tasks import LABELS, REASONS, Task, Worklist
from casequality.engines import Progress
from casequality.errors import UnknownName
from casequality.metrics import AsOf, Owed, Role, asked_for, contributed, fields_owed, fields_read, owed
from casequality.records import Block, Codes, Records, Source, either

__all__ = ["LABELS", "Task", "Worklist", "joined", "work_on"]


def work_on(
    asked: Sequence[ReadyGoal],
    source: Source,
    as_of: AsOf,
    within: int,
    codes: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Worklist:
    """Return the open cases of a source that some goals ask for and that are to be taken up.

    Those that are due within so many working days or overdue, told of or not; those in which a day was promised that is
    as near or has passed; those of which the citizen was told without a day; and whatever a goal counts as a breach.

    asked: goals on one record type. within: working days after the as-of's own day, 0 or more, counted like the working
    days left on the calendar of each deadline. codes: the fields that say the unit, the team and the kind of a case.
    progress: is told the rows read, and how many there are where that is known.
    """
    codes = _checked(codes or {}, source)
    key = source.records.key_field()
    reads = {*codes.values(), *([key] if key else [])}
    for each in asked:
        metric = each.reading.metric
        reads |= {*fields_owed(metric, as_of), *each.goal.where}
        reads |= fields_read(metric, as_of) if fields_owed(metric, as_of) else set()
    tasks: dict[tuple[str | None, int, dt.date], Task] = {}
    labels = {name: set[str]() for name in codes}
    doubtful = done = 0
    for part in source.reading(reads, keys="partitioned").parts:
        for block in part.blocks():
            seen = _RecordsAsKnown.of(block, as_of, codes)
            for name, column in seen.labels.items():
                labels[name].update(column.labels)
            unread = np.zeros(len(seen.records), bool)
            for goals in alike(asked):
                for task in _tasks(goals, source.name, seen, as_of, within, unread):
                    place = (task.file, task.row, task.due)
                    tasks[place] = _joined(tasks[place], task) if place in tasks else task
            doubtful += int(unread.sum())
            done += len(block.records)
            if progress is not None:
                progress(done, source.row_count)
    found = {name: frozenset(several) for name, several in labels.items()}
    return joined([Worklist(tuple(tasks.values()), _moment(as_of), found, {source.name: doubtful})], as_of)


def joined(lists: list[Worklist], as_of: AsOf) -> Worklist:
    """Return several worklists as one, soonest first."""
    tasks = sorted(
        (task for each in lists for task in each), key=lambda task: (task.due, task.source, task.file or "", task.row)
    )
    labels: dict[str, frozenset[str]] = {}
    for name in LABELS:
        given = [each.labels[name] for each in lists if name in each.labels]
        if given:
            labels[name] = frozenset().union(*given)
    doubtful = {name: rows for each in lists for name, rows in each.doubtful.items() if rows}
    return Worklist(tuple(tasks), _moment(as_of), labels, doubtful)


@attrs.frozen
class _RecordsAsKnown:
    """The records of a block that had begun, as they were known: with their rows, and their units, teams and kinds."""

    records: Records
    rows: Any
    file: str | None
    labels: Mapping[str, Codes]

    @classmethod
    def of(cls, block: Block, as_of: AsOf, codes: Mapping[str, str]) -> _RecordsAsKnown:
        begun = block.records.begun(as_of.instant, as_of.known_before)
        records = block.records[begun].known_at(as_of.instant, as_of.known_before)
        columns = {name: records.column(field) for name, field in codes.items()}
        labels = {name: column for name, column in columns.items() if isinstance(column, Codes)}
        return cls(records, np.asarray(block.rows)[begun], block.file, labels)

    def doubted(self, fields: Collection[str]) -> Mask:
        """Return which records cannot be trusted in some fields of their own or in their key; shape (records,)."""
        key = self.records.key_field()
        own = [name for name in {*fields, *([key] if key else [])} if name in self.records.loaded]
        own = [name for name in own if not self.records.fields[name].column_type.is_table]
        found = either([self.records.unknown(own), self.records.in_doubt(own)])
        return np.zeros(len(self.records), bool) if found is None else found


def _tasks(
    goals: Sequence[ReadyGoal], name: str, seen: _RecordsAsKnown, as_of: AsOf, within: int, unread: Mask
) -> Iterator[Task]:
    """Yield the tasks of goals that say the same of every record; what they cannot read is noted in `unread`."""
    metric, records = goals[0].reading.metric, seen.records
    as_of = as_of.for_block(len(records))
    said = owed(metric, records, as_of)
    if said is None:
        return
    hidden = either([as_of.remarks.unknown, as_of.remarks.beyond])
    on = calendar_of(said.due.calendar or as_of.calendar or "dk-statutory")
    days = said.due.at.dtype == np.dtype("M8[D]")
    due = said.due.at if days else as_of.local_days(said.due.at)
    late = said.due.at < (as_of.day if days else as_of.instant)
    limit = on.add(as_of.day, within)
    promised = np.full(len(due), np.datetime64("NaT", "D")) if said.promised is None else said.promised
    told = np.zeros(len(due), bool) if said.notified is None else said.notified
    dateless = told & np.isnat(promised) & (said.promised is not None)
    asked, breaches = _asked(goals, seen, as_of)
    doubted = seen.doubted(fields_owed(metric, as_of))
    doubted = doubted if hidden is None else doubted | hidden
    some = np.logical_or.reduce(asked)
    unread |= doubted & some & np.isnat(said.done)
    chosen = np.isnat(said.done) & ~np.isnat(due) & some & ~doubted
    chosen &= (due <= limit) | dateless | (promised <= limit) | np.logical_or.reduce(breaches)
    at = np.flatnonzero(chosen)
    left, keys = _left(on, as_of.day, due[at]), record_keys(records, at)
    labels = {each: column[at].decode() for each, column in seen.labels.items()}
    for number, place in enumerate(at.tolist()):
        one = _One(said, due[place], promised[place], bool(late[place]), bool(told[place]), bool(dateless[place]))
        step, act_by = one.step(as_of.day)
        yield Task(
            source=name,
            metric=metric.id,
            row=int(seen.rows[place]),
            file=seen.file,
            key=keys[number],
            due=due[place].astype(dt.date),
            working_days_left=left[number],
            reason=one.reason(as_of.day, limit),
            overdue=one.late,
            promised=promised[place].astype(dt.date),
            step=step,
            act_by=act_by.astype(dt.date),
            goals=tuple(each.goal.id for each, mask in zip(goals, asked, strict=True) if mask[place]),
            breaches=tuple(each.goal.id for each, mask in zip(goals, breaches, strict=True) if mask[place]),
            **{each: column[number] for each, column in labels.items()},
        )


def _left(on: Calendar, today: np.datetime64, due: Days) -> list[int | None]:
    """Return the working days left to each due day, None where the calendar does not reach it."""
    reached = (due >= np.datetime64(on.first, "D")) & (due <= np.datetime64(on.last, "D"))
    days = on.count(today, np.where(reached, due, today)).tolist()
    return [each if known else None for each, known in zip(days, reached.tolist(), strict=True)]


def _asked(goals: Sequence[ReadyGoal], seen: _RecordsAsKnown, as_of: AsOf) -> tuple[list[Mask], list[Mask]]:
    """Return by goal which records it asks for, or may, and which of them it counts as a breach; (records,) each."""
    metric, records = goals[0].reading.metric, seen.records
    given = contributed(metric, records, as_of.for_block(len(records)))
    sure = ~seen.doubted(fields_read(metric, as_of))
    asked, breaches = [], []
    for each in goals:
        chosen, _ = asked_for(records, tuple(each.goal.where.items()))
        counted = given[each.goal.facet] if isinstance(given, Mapping) else given
        played = [each.reading.roles.get(name) is Role.NO for name in metric.outcomes.names]
        asked.append(np.ones(len(records), bool) if chosen is None else chosen)
        breaches.append(np.array(played)[counted.outcome] & sure & asked[-1])
    return asked, breaches


@attrs.frozen
class _One:
    """What is known of one case that is taken up."""

    said: Owed
    due: np.datetime64
    promised: np.datetime64
    late: bool
    told: bool
    dateless: bool

    def reason(self, today: np.datetime64, limit: np.datetime64) -> str:
        if self.promised < today:
            return "promise broken"
        if self.late and self.said.notified is not None and not self.told:
            return "overdue without notice"
        if self.dateless:
            return "told without a date"
        if self.promised <= limit:
            return "promise near"
        if self.late:
            return "overdue" if self.said.notified is None else "overdue, told in time"
        return "due soon" if self.due <= limit else "breach"

    def step(self, today: np.datetime64) -> tuple[str, np.datetime64]:
        """Return the next step, and the last day on which it is in time."""
        if self.promised < today:
            return "new date at once", today
        if not np.isnat(self.promised) and (self.late or self.promised <= self.due):
            return "keep the promise", self.promised
        if self.said.notified is None or (self.told and not self.dateless):
            return ("decide at once", today) if self.late else ("decide", self.due)
        if self.late:
            return "notify at once", today
        return "give a date" if self.dateless else "notify", self.due


def _joined(one: Task, other: Task) -> Task:
    """Return what two metrics say of one case that is due on one day: of what is to be done, the more pressing."""
    order = list(REASONS)
    # of two with one reason, that of the metric which knows of notices says more of what the law asks
    first = min(one, other, key=lambda task: (order.index(task.reason), task.step in ("decide", "decide at once")))
    return attrs.evolve(
        first,
        promised=one.promised or other.promised,
        overdue=one.overdue or other.overdue,
        goals=(*one.goals, *other.goals),
        breaches=(*one.breaches, *other.breaches),
    )


def _checked(codes: Mapping[str, str], source: Source) -> Mapping[str, str]:
    known = [name for name, field in source.records.fields.items() if field.column_type.is_code]
    if unknown := [field for field in codes.values() if field not in known]:
        raise UnknownName(
            "A worklist is told apart by a code that the records do not have",
            where=f"sources.{source.name}.worklist",
            got=", ".join(unknown),
            allowed=known or "none",
            remedy="use one of these",
        )
    return codes


def _moment(as_of: AsOf) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{as_of.instant.astype('M8[s]')}+00:00")
