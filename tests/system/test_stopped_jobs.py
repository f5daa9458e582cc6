"""A process that is killed, and a disk that is full, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

from casequality.engines import checkpoint as kept
from tests.factories.kept_letters import counted, kept_files, letters_counted, rows, write

ROOT = Path(__file__).resolve().parents[2]
KILLED = """
import os, signal, sys
from pathlib import Path
from casequality.engines import checkpoint as kept
from tests.factories import kept_letters

class Deadly(list):
    def append(self, rows):
        super().append(rows)
        if len(self) == 4:
            os.kill(os.getpid(), signal.SIGKILL)

kept.STRETCH = 20
kept_letters.ASKED = Deadly()
kept_letters.counted(sys.argv[1], Path(sys.argv[2]))
"""
FULL = """
import resource, sys
from pathlib import Path
from casequality.engines import checkpoint as kept
from casequality.errors import CaseQualityError
from tests.factories import kept_letters

kept.STRETCH = 20
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    kept_letters.counted(sys.argv[1], Path(sys.argv[2]))
except CaseQualityError as fault:
    sys.exit(f"{type(fault).__name__}: {fault}")
"""
REPORT = """
import resource, sys
from pathlib import Path
from casequality.desk import tally
from casequality.errors import CaseQualityError
from casequality.records import Finding, Findings
from tests.factories import kept_letters

folder = Path(sys.argv[2])
made = tally([kept_letters.Answered()], sys.argv[1], as_of="2010-06-01", by="office")
found = Findings.of([Finding.of("pages", "missing value", range(1, 2000))])
resource.setrlimit(resource.RLIMIT_FSIZE, (500, resource.RLIM_INFINITY))
for write in (lambda: made.save(folder / "letters.tally"), lambda: found.write_csv(folder / "findings.csv")):
    try:
        write()
    except CaseQualityError as fault:
        sys.stderr.write(f"{type(fault).__name__}: {fault}\\n")
"""

PROJECT = """
import resource, sys
from pathlib import Path
from casequality.cli.words import write_whole
from casequality.desk import assess_project
from casequality.errors import CaseQualityError

folder = Path(sys.argv[1])
made = assess_project(folder / "casequality.toml", period="2010-H1", as_of="2010-08-15", threads=1)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
report, findings = Path(sys.argv[2]) / "report.html", Path(sys.argv[2]) / "findings.csv"
for write in (
    lambda: made.save(report),
    lambda: made.write_findings(findings),
    lambda: write_whole({report: lambda path: path.write_text("whole"), findings: made.write_findings}),
):
    try:
        write()
    except CaseQualityError as fault:
        sys.stderr.write(f"{type(fault).__name__}: {fault}\\n")
"""
NO_ROOM = """
import resource, sys
from casequality.errors import CaseQualityError
from tests.factories import kept_letters

resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
try:
    kept_letters.counted(sys.argv[1])
except CaseQualityError as fault:
    sys.exit(f"{type(fault).__name__}: {fault}")
"""


def run(script: str, *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, words)], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One file of 100 letters in ten row groups, two of which are kept together."""
    monkeypatch.setattr(kept, "STRETCH", 20)
    write(tmp_path / "letters.parquet", rows(0, 100, faulty=False))
    return tmp_path / "letters.parquet"


def test_a_killed_job_goes_on_from_the_row_groups_that_it_had_counted(letters: Path, tmp_path: Path) -> None:
    keep = tmp_path / "keep"
    killed = run(KILLED, letters, keep)
    assert killed.returncode == -9, killed.stderr
    assert len(kept_files(keep)) == 1, "it was killed in the second stretch"
    resumed = counted(letters, keep)
    assert letters_counted() == 80, "the first two row groups are not counted again"
    assert resumed == counted(letters)


@pytest.mark.parametrize("room", [10, 3000])
def test_a_full_disk_is_one_error_and_leaves_nothing_that_is_believed(letters: Path, tmp_path: Path, room: int) -> None:
    """With room for nothing, and for the manifest alone."""
    keep = tmp_path / "keep"
    full = run(FULL, letters, keep, room)
    assert full.returncode == 1
    assert full.stderr.startswith("NotWritten: A file cannot be written")
    assert "Traceback" not in full.stderr
    assert not kept_files(keep)
    assert not list(keep.glob("**/*.partial"))
    assert counted(letters, keep) == counted(letters)


def test_a_tally_and_findings_are_never_there_in_part(letters: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letters.tally").write_text("an older one")
    full = run(REPORT, letters, tmp_path / "out")
    assert full.returncode == 0, full.stderr
    assert full.stderr.count("NotWritten: A file cannot be written") == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["letters.tally"]
    assert (tmp_path / "out" / "letters.tally").read_text() == "an older one"


def test_a_report_that_does_not_fit_is_never_there_in_part(example: Path, tmp_path: Path) -> None:
    (tmp_path / "findings.csv").write_text("an older one")
    full = run(PROJECT, example, tmp_path)
    assert full.returncode == 0, full.stderr
    assert full.stderr.count("NotWritten: A file cannot be written") == 3
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"findings.csv": "an older one"}


def test_no_room_for_temporary_files_is_one_error(tmp_path: Path) -> None:
    """Keys that do not rise are sorted in a temporary file."""
    write(tmp_path / "letters.parquet", [*rows(1000, 1000), *rows(0, 1000)])
    full = run(NO_ROOM, tmp_path / "letters.parquet")
    assert full.returncode == 1
    assert full.stderr.startswith("NotWritten: There is no room for a temporary file")
    assert "Traceback" not in full.stderr
