"""A store whose writers are killed at random points: nothing lost that was acknowledged, nothing there twice."""

from __future__ import annotations

import importlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import casequality as cq
from casequality.desk import Store, Tallies
from casequality.host import discover
from casequality.metrics import stored
from tests.factories.tallies import Told, entry

MANY = 12
LATE, GONE = (2, 7), (3, 10)
"""Which months are delivered late, in the place of a first version, and which are withdrawn again."""
SUMMED = 4
NONE = discover(only=[])
"""To look for the plugins each time takes longer than to count."""
FORKED = get_context("forkserver")
FORKED.set_forkserver_preload([__name__])


def counted(number: int, late: bool = False) -> Tallies:
    rows = [dict(entry(f"{month_of(number)}-05"))] * rows_of(number, late)
    return cq.tally([Told], rows, as_of="2022-01-01", plugins=NONE)


def month_of(number: int) -> str:
    return f"{2000 + number // 12}-{1 + number % 12:02}"


def rows_of(number: int, late: bool) -> int:
    return 1 + number % 3 + 10 * late


def job(store: Store, who: str, told: Connection | None = None) -> None:
    """Put, replace, withdraw and sum what one has; it can be run again as it is.

    told: of the number of each change once it is done.
    """
    for number in range(MANY):
        period = month_of(number)
        mine = {"who": who, "period": period}
        kinds = [each.kind for each in store.log() if (each.who, each.period) == (who, period)]
        if not kinds or number not in LATE + GONE:
            tell(told, store.put(counted(number), extract="x", **mine).number)
        if number in LATE:
            tell(told, store.replace(counted(number, late=True), extract="y", note="late", **mine).number)
        if number in GONE and "withdrawn" not in kinds:
            tell(told, store.withdraw(note="of another", **mine).number)
        if not number % SUMMED:
            store.tallies()


def tell(told: Connection | None, number: int) -> None:
    if told is not None:
        told.send(number)


def _run(url: str, who: str, told: Connection, access: dict[str, str]) -> None:
    os.environ.update(access)
    job(cq.store(url), who, told)


def expected(alone: Path) -> tuple[list[tuple[str, int]], bytes]:
    """Return what one who was never killed leaves."""
    store = cq.store(alone)
    job(store, "0")
    return held(store, "0")


def held(store: Store, who: str) -> tuple[list[tuple[str, int]], bytes]:
    mine = [(each.period, each.records) for each in store.deliveries() if each.who == who]
    return mine, stored.all_to_bytes(store.tallies(who=who).parts)


def killed(url: str, alone: Path, times: int, chance: random.Random) -> Iterator[str]:
    """Kill a writer so often, each time one of another municipality, and let it run again; yield how far it came.

    alone: a folder for a store whose writer is left in peace.
    """
    whole = expected(alone)
    _spawned(url, "first", None)  # what writers load is loaded once, before all of them
    began = time.monotonic()
    _spawned(url, "second", None)
    took = time.monotonic() - began
    lines = len([each for each in cq.store(url).log() if each.who == "first"])
    for number in range(times):
        who = f"{number:03}"
        acknowledged = _spawned(url, who, chance.uniform(0, 1.05) * took)
        store = cq.store(url)
        log = store.log()
        mine = [each for each in log if each.who == who]
        assert {*acknowledged} <= {each.number for each in mine}, "an acknowledged change was lost"
        assert len(mine) <= len({*acknowledged}) + 1, "a change is there twice"
        assert store.check() <= len(log)
        _spawned(url, who, None)
        after = [each for each in cq.store(url).log() if each.who == who]
        assert len(after) == lines, "a change is there twice, or lost"
        assert held(cq.store(url), who) == whole, "another store than one whose writer was never killed"
        yield "before its first change" if not mine else "in between" if len(mine) < lines else "after its last change"


def _spawned(url: str, who: str, after: float | None) -> list[int]:
    """Return the changes that a writer told of until it was killed, or until its end."""
    ours, theirs = FORKED.Pipe(duplex=False)
    writer = FORKED.Process(target=_run, args=(url, who, theirs, {**os.environ}))
    writer.start()
    theirs.close()
    told: list[int] = []
    ends = time.monotonic() + (after or 600)
    while after is not None or writer.is_alive() or ours.poll():
        try:
            if ours.poll(max(0.0, min(ends - time.monotonic(), 1.0))):
                told.append(ours.recv())
        except EOFError:
            break
        if time.monotonic() >= ends:
            break
    if after is not None and writer.pid is not None and writer.is_alive():
        os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    while True:  # what it had told before it was killed
        try:
            told.append(ours.recv())
        except (EOFError, OSError):
            break
    assert after is not None or writer.exitcode == 0
    return told


def kills(times: int, seed: int) -> Iterator[str]:
    """Yield what came of so many kills of writers to a folder, and to a bucket where a server of S3 can be had."""
    with TemporaryDirectory() as above:
        yield from _told(str(Path(above, "store")), Path(above, "alone"), "a folder", times, seed)
        try:
            server = importlib.import_module("tests.factories.stores").s3_server(Path(above))
        except ImportError:
            yield "a bucket: not tried, moto or s3fs is not installed"
            return
        with server as s3:
            os.environ.update(s3.environment)
            yield from _told("s3://letters/killed", Path(above, "alone too"), "a bucket", times, seed)


def _told(url: str, alone: Path, where: str, times: int, seed: int) -> Iterator[str]:
    found = Counter(killed(url, alone, times, random.Random(seed)))
    yield from (f"killed, {where}: {each}: {many:,}" for each, many in sorted(found.items()))
