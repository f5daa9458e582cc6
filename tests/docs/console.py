"""Runs the `console` blocks of a page and compares what each command prints with what the page says it prints."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sybil import Example

from tests.docs.installing import install_editable

_PROMPT = "$ "
_PROGRAMS = {"casequality": ["-m", "casequality"], "python": []}
_INSTALLS = ("python", "-m", "pip", "install", "-e")
_SITE = Path("site-packages")
_TOLD = {"COLUMNS": "240", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
_CHECKER = doctest.OutputChecker()
_FLAGS = doctest.ELLIPSIS | doctest.REPORT_NDIFF


def run_console(example: Example) -> None:
    """Run the commands of one block in turn; `...` in the shown output stands for anything.

    A command may fail only where the next one is `echo $?`, which shows its exit code to the reader too.
    """
    code = 0
    for command, shown in _commands(example.parsed):
        if command == "echo $?":
            printed, code = f"{code}\n", 0
        else:
            assert code == 0, f"the command before `{command}` ended with {code}"
            printed, code = _run(command)
        if not _CHECKER.check_output(shown, printed, _FLAGS):
            raise AssertionError(_CHECKER.output_difference(doctest.Example(command, shown), printed, _FLAGS))
    assert code == 0, f"the last command ended with {code}"


def _commands(block: str) -> Iterator[tuple[str, str]]:
    lines = block.rstrip().splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith(_PROMPT)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        shown = [re.sub(r"\s+$", "", line) for line in lines[start + 1 : end]]
        yield lines[start].removeprefix(_PROMPT), "".join(f"{line}\n" for line in shown)


def _run(command: str) -> tuple[str, int]:
    program, *arguments = shlex.split(command)
    if (program, *arguments[:4]) == _INSTALLS:
        return install_editable(Path(arguments[4].partition("[")[0]), _SITE), 0
    if program not in _PROGRAMS:
        raise AssertionError(f"`{command}` cannot be run here; show it in a `sh` block, which is not run")
    done = subprocess.run(
        [sys.executable, *_PROGRAMS[program], *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=os.environ | _TOLD | ({"PYTHONPATH": _path()} if _SITE.exists() else {}),
        timeout=300,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines()), done.returncode


def _path() -> str:
    """Return where Python looks first: where the page installs, then wherever it looked before."""
    return os.pathsep.join(filter(None, [str(_SITE.resolve()), os.environ.get("PYTHONPATH")]))
