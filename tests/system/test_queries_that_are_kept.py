"""What a query gave lies in a file without a name: nothing of it outlives its process, and memory does not hold it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

ROOT = Path(__file__).resolve().parents[2]
BEGINNING = """
import os, resource, signal, sqlite3, sys, tempfile
from casequality.records import Records, code, key, source

class Case(Records, name="cases"):
    case = key()
    label = code(missing="none")

QUERY = '''with recursive g(n) as (select 1 union all select n + 1 from g where n < {rows})
    select n as "case", hex(randomblob({bytes})) as text, n % 3 as label from g'''
"""
KILLED = """
made = source(sqlite3.connect(":memory:"), Case, query=QUERY.format(rows=50_000, bytes=100))
file = made.table._file
file.flush()
assert os.fstat(file.fileno()).st_size > 4_000_000
assert tempfile.gettempdir() == os.environ["TMPDIR"]
os.kill(os.getpid(), signal.SIGKILL)
"""
FULL = """
from casequality.errors import UsageError
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    source(sqlite3.connect(":memory:"), Case, query=QUERY.format(rows=50_000, bytes=100))
except UsageError as fault:
    sys.exit(str(fault))
"""
BOUNDED = """
def peak():
    with open("/proc/self/status") as told:
        return next(int(line.split()[1]) for line in told if line.startswith("VmHWM")) // 1024

source(sqlite3.connect(":memory:"), Case, query=QUERY.format(rows=20_000, bytes=200))
before = peak()
made = source(sqlite3.connect(":memory:"), Case, query=QUERY.format(rows=400_000, bytes=200))
parts = made.reading(["case", "label"]).parts
assert sum(block.read for part in parts for block in part.blocks()) == 400_000
print(peak() - before)
"""


def _run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BEGINNING + code],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
        cwd=ROOT,
    )


@pytest.mark.skipif(os.name != "posix", reason="a process is killed, and looked into, as POSIX has it")
def test_nothing_is_left_by_a_process_that_is_killed(tmp_path: Path) -> None:
    done = _run(KILLED, tmp_path)
    assert done.returncode == -9, done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="a limit for files is set as POSIX has it")
def test_a_disk_that_is_full_is_told(tmp_path: Path) -> None:
    done = _run(FULL, tmp_path)
    assert "There is no room for a temporary file" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_memory_does_not_grow_with_what_a_query_gives(tmp_path: Path) -> None:
    """The rows come to 160 MB of text, which a person's machine holds at most in part."""
    done = _run(BOUNDED, tmp_path)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 100
