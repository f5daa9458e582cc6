"""A store whose writers are killed and run beside each other: nothing lost that was acknowledged, nothing twice."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import casequality as cq
from tests.fuzz.kills import killed

WRITER = """
import sys
import casequality as cq
from casequality.desk import Tallies
from casequality.host import discover
from tests.factories.tallies import Told, entry

none = discover(only=[])  # to look for the plugins each time takes longer than to count
folder, who, many = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = cq.store(folder)
print("ready", flush=True)
for number in range(many):
    month = f"{2000 + number // 12}-{1 + number % 12:02}"
    rows = [dict(entry(month + "-05"))] * (1 + number % 3)
    found = cq.tally([Told], rows, as_of="2022-01-01", plugins=none)
    store.put(found, who=who, period=month, extract="2022-01-01")
    print(month, flush=True)
"""
MANY = 30


def started(folder: Path | str, who: str, many: int = MANY) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), who, str(many)], stdout=subprocess.PIPE, text=True
    )


def test_a_writer_that_is_killed_loses_nothing_and_counts_nothing_twice(tmp_path: Path) -> None:
    """A few times; a hundred are `python -m tests.fuzz --kills 100`, as the page on faults says."""
    came = list(killed(str(tmp_path / "store"), tmp_path / "alone", 6, random.Random(1)))
    assert len(came) == 6


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
