"""How the command line behaves as a program of its own: what goes where, on a terminal and off it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.command_line import Run

pty = pytest.importorskip("pty", reason="terminals are imitated where Python knows them")
pytest.importorskip("typer", reason="the command line needs casequality[cli]")

REPORT = ("report", "casequality.toml", "--period", "2010-H1", "--as-of", "2010-08-01")
ESCAPE = "\x1b["


def start(words: tuple[str, ...], folder: Path, *, terminal: str, **variables: str) -> tuple[int, str, str]:
    """Run the program with standard output or standard error on a terminal; return its code and what each got."""
    controller, end = pty.openpty()
    ends = {"out": subprocess.PIPE, "err": subprocess.PIPE, terminal: end}
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TERM": "xterm", **variables}
    with subprocess.Popen(
        [sys.executable, "-m", "casequality", *words],
        cwd=folder,
        env=environ,
        stdout=ends["out"],
        stderr=ends["err"],
        encoding="utf-8",
    ) as program:
        os.close(end)
        shown = bytearray()
        while True:
            try:
                read = os.read(controller, 4096)
            except OSError:
                break
            if not read:
                break
            shown += read
        piped = program.communicate()
    os.close(controller)
    text = shown.decode()
    return program.returncode, *((text, piped[1] or "") if terminal == "out" else (piped[0] or "", text))


def test_verdicts_are_coloured_on_a_terminal_and_plain_in_a_pipe(run: Run, folder: Path) -> None:
    code, out, err = start(REPORT, folder, terminal="out", NO_COLOR="")
    assert (code, ESCAPE in err) == (0, False)
    assert ESCAPE in out
    assert ESCAPE not in run(*REPORT).out


def test_no_color_is_kept(folder: Path) -> None:
    _, out, _ = start(REPORT, folder, terminal="out", NO_COLOR="1")
    assert "opfyldt" in out
    assert ESCAPE not in out


def test_progress_is_shown_on_standard_error_and_the_result_stays_clean(folder: Path) -> None:
    code, out, err = start((*REPORT, "--format", "json"), folder, terminal="err", NO_COLOR="")
    assert code == 0
    assert json.loads(out)["period"] == "2010-H1"
    assert "rows" in err
    _, _, quiet = start((*REPORT, "--format", "json", "--quiet"), folder, terminal="err", NO_COLOR="")
    assert quiet.startswith("letters: 1 af 6 rækker er lagt til side.")
    assert "rows" not in quiet


def test_no_command_and_an_unknown_one_are_usage(run: Run) -> None:
    done = run()
    assert done.code == 2
    assert "worklist" in done.out + done.err
    done = run("assess")
    assert (done.code, done.out) == (2, "")
    assert "assess" in done.err


@pytest.mark.parametrize("command", ["measure", "report", "worklist", "deadline", "plugins"])
def test_every_command_explains_itself(command: str, run: Run) -> None:
    done = run(command, "--help")
    assert (done.code, done.err) == (0, "")
    assert "--lang" in done.out
