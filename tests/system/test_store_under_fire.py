"""A store whose writers are killed and run beside each other: nothing lost that was acknowledged, nothing twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import casequality as cq

WRITER = """
import sys
import casequality as cq
from casequality.desk import Tallies
from tests.factories.tallies import Told, entry

folder, who, many = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = cq.store(folder)
print("ready", flush=True)
for number in range(many):
    month = f"{2000 + number // 12}-{1 + number % 12:02}"
    found = cq.tally([Told], [dict(entry(month + "-05"))] * (1 + number % 3), as_of="2022-01-01")
    store.put(found, who=who, period=month, extract="2022-01-01")
    print(month, flush=True)
"""
MANY = 30


def started(folder: Path | str, who: str, many: int = MANY) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), who, str(many)], stdout=subprocess.PIPE, text=True
    )


def test_a_writer_that_is_killed_loses_nothing_and_counts_nothing_twice(tmp_path: Path) -> None:
    chance, acknowledged = random.Random(1), set[str]()
    for _ in range(12):
        with started(tmp_path, "101") as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            time.sleep(chance.random() / 4)
            writer.send_signal(signal.SIGKILL)
            acknowledged |= {*writer.stdout.read().split()}
        held = cq.store(tmp_path)
        periods = [entry.period for entry in held.deliveries()]
        assert len(periods) == len({*periods})
        assert {*periods} >= acknowledged
        assert held.check() <= len(periods)
        if periods:  # each month has one, two or three rows
            [tally] = held.tallies().parts.values()
            assert tally.accounts.read == sum(1 + number % 3 for number in range(len(periods)))
    last = started(tmp_path, "101")
    last.communicate()
    assert len(cq.store(tmp_path).deliveries()) == MANY
    assert len(cq.store(tmp_path).log()) == MANY


def test_writers_beside_each_other_each_have_all_their_deliveries(tmp_path: Path) -> None:
    names = ("101", "147", "151")
    writers = [started(tmp_path, name, 10) for name in names]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    log = cq.store(tmp_path).log()
    assert [entry.number for entry in log] == list(range(1, 31))
    for name in names:
        assert [entry.period for entry in log if entry.who == name] == [f"2000-{1 + month:02}" for month in range(10)]
