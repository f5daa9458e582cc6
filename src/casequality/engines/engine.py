"""The engine of this process.

Parts are read by threads, blocks are of bounded size, and all questions are answered in one read. An engine is whoever
carries questions through a source.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Generic, Protocol, TypeAlias, TypeVar

import attrs

from casequality.engines.checkpoint import Checkpoint, Chunk, stretches
from casequality.engines.counting import PartialResult, Request, Worker, summed
from casequality.metrics import AsOf, Question, Tally
from casequality.records import Findings, KeyOrder, OutOfOrder, Source, SourceReading

Progress: TypeAlias = Callable[[int, int | None], None]
"""Called with the rows read so far and their number, None where it is not known."""


class Engine(Protocol):
    """Who carries questions through a source; the answer is the same, to the byte, from every engine."""

    def tally(
        self,
        questions: Sequence[Question],
        source: Source,
        as_of: AsOf,
        *,
        expects: str = "",
        progress: Progress | None = None,
    ) -> list[tuple[Tally, Findings]]:
        """Return one tally a question, with the findings of the read.

        expects: the rhythm in which the source promises records ("day", "working day"), "" for none.
        """
        ...


T = TypeVar("T")
R = TypeVar("R")


class TaskQueue(Generic[T]):
    """Tasks that several threads take one by one; none is left for anyone once one has failed."""

    def __init__(self, tasks: Iterable[T]) -> None:
        self._waiting: queue.SimpleQueue[T] = queue.SimpleQueue()
        for task in tasks:
            self._waiting.put(task)
        self._stop = threading.Event()

    @property
    def stopped(self) -> bool:
        """Whether what is not done need not be: the whole has failed."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Tell every thread that the whole has failed."""
        self._stop.set()

    def __iter__(self) -> Iterator[T]:
        while not self.stopped:
            try:
                task = self._waiting.get_nowait()
            except queue.Empty:
                return
            yield task


def in_parallel(work: Callable[[TaskQueue[T]], R], tasks: Sequence[T], threads: int | None) -> list[R]:
    """Return what each thread makes of its share of the tasks: so many threads, or one a processor.

    Where one fails, its error is raised once all have stopped.
    """
    shared = TaskQueue(tasks)

    def share() -> R:
        try:
            return work(shared)
        # also what is no Exception, such as an interrupt: the other threads would go on to the end else
        except BaseException:
            shared.stop()
            raise

    count = max(1, min(len(tasks), threads or os.cpu_count() or 1))
    if count == 1:
        return [share()]
    with ThreadPoolExecutor(count) as pool:
        outcomes = [pool.submit(share) for _ in range(count)]
        try:
            return [outcome.result() for outcome in outcomes]
        except BaseException:
            shared.stop()
            raise


@attrs.frozen
class InProcess:
    """The engine of this process.

    threads: how many parts are read side by side, as many as there are processors unless told; the answer is the same
    for any number.
    keep: a folder in which the counts of what was read are kept, so that a job that was stopped goes on from there
    and a file that has not changed is not read again; for files only.

    >>> InProcess(threads=2)
    InProcess(threads=2, keep=None)
    """

    threads: int | None = None
    keep: Path | None = attrs.field(default=None, converter=attrs.converters.optional(Path))

    def tally(
        self,
        questions: Sequence[Question],
        source: Source,
        as_of: AsOf,
        *,
        expects: str = "",
        progress: Progress | None = None,
    ) -> list[tuple[Tally, Findings]]:
        """Return one tally a question from one read of the source, with the findings of the read."""
        request = Request.of(questions, as_of, expects)
        told = _ProgressCounter(progress, source.row_count)
        if self.keep is not None:
            return self._kept(Checkpoint.of(self.keep, request, source), request, source, told)
        # read as if keys rose, as most exports come; where they do not, all is read again with the keys settled first
        reading = source.reading(request.fields, keys="side by side")
        counted = self._count_in_order(request, reading, told)
        if counted is None:
            reading = source.reading(request.fields, keys="partitioned")
            counted = self._count(request, reading, told)
        return request.answer([counted], reading)

    def _count_in_order(self, request: Request, reading: SourceReading, told: _ProgressCounter) -> PartialResult | None:
        """Return what the reading came to; None where records turn out not to be in the order of their keys."""
        try:
            counted = self._count(request, reading, told)
        except OutOfOrder:
            return None
        return counted if counted.keys_increase else None

    def _count(self, request: Request, reading: SourceReading, told: _ProgressCounter) -> PartialResult:
        def work(parts: TaskQueue[int]) -> PartialResult:
            worker = Worker(request, reading)
            for part in parts:
                _count(worker, part, parts, told)
            return worker.counted()

        told.begin()
        return summed(in_parallel(work, range(len(reading.parts)), self.threads))

    def _kept(
        self, kept: Checkpoint, request: Request, source: Source, told: _ProgressCounter
    ) -> list[tuple[Tally, Findings]]:
        reading = source.reading(request.fields)
        found = stretches(reading, source)
        settled = kept.settled(found)
        if settled is None:
            orders = self._keep(kept, found, request, reading, told)
            orders |= source.key_orders([part for part in range(len(reading.parts)) if part not in orders])
            settled = found
            if not KeyOrder.joined(orders[part] for part in sorted(orders)):
                reading = source.reading(request.fields, keys="partitioned")
                settled = [stretch.within(reading) for stretch in found]
            kept.settle(found, settled)
        elif not all(map(kept.holds, settled)) and any(stretch.left_out for stretch in settled):
            reading = source.reading(request.fields, keys="partitioned")
        self._keep(kept, settled, request, reading, told)
        return request.answer(map(kept.load, settled) if settled else [Worker(request, reading).counted()], reading)

    def _keep(
        self,
        kept: Checkpoint,
        wanted: Sequence[Chunk],
        request: Request,
        reading: SourceReading,
        told: _ProgressCounter,
    ) -> dict[int, KeyOrder]:
        """Count and keep what is not kept of the stretches; return how the keys are ordered in what was counted."""

        def work(missing: TaskQueue[Chunk]) -> dict[int, KeyOrder]:
            orders: dict[int, KeyOrder] = {}
            for stretch in missing:
                worker = Worker(request, reading)
                for part in stretch.parts:
                    _count(worker, part, missing, told)
                if not missing.stopped:
                    counted = worker.counted()
                    kept.save(stretch, counted)
                    orders |= counted.orders
            return orders

        held = [kept.holds(stretch) for stretch in wanted]
        told.begin()
        known = (stretch.parts for stretch, is_held in zip(wanted, held, strict=True) if is_held)
        told.add(sum(reading.parts[part].rows or 0 for parts in known for part in parts))
        missing = [stretch for stretch, is_held in zip(wanted, held, strict=True) if not is_held]
        return {part: order for orders in in_parallel(work, missing, self.threads) for part, order in orders.items()}


def _count(worker: Worker, part: int, shared: TaskQueue[int] | TaskQueue[Chunk], told: _ProgressCounter) -> None:
    for rows in worker.count(part):
        told.add(rows)
        if shared.stopped:
            return


@attrs.define(eq=False)
class _ProgressCounter:
    """Progress from any thread, told one at a time."""

    tell: Progress | None
    rows: int | None
    done: int = 0
    lock: threading.Lock = attrs.field(factory=threading.Lock)

    def begin(self) -> None:
        self.done = 0

    def add(self, rows: int) -> None:
        if self.tell is not None:
            with self.lock:
                self.done += rows
                self.tell(self.done, self.rows)
