from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def demo(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "casequality_copenhagen.demo", *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_the_last_line_is_the_path_of_the_report(tmp_path: Path) -> None:
    done = demo(str(tmp_path / "not" / ".." / "demo"))
    assert done.returncode == 0, done.stderr
    report = Path(done.stdout.splitlines()[-1])
    assert report == (tmp_path / "demo" / "report.html").resolve()
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "Huslejenævnet" in report.read_text(encoding="utf-8")
    assert "opdigtede data" in done.stdout
    assert "Sager afsluttet inden for fire" in done.stdout


def test_without_a_folder_it_says_how_it_is_used() -> None:
    done = demo()
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage" in done.stderr
