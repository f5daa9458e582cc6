"""A command as a program of its own: what a plugin, a full disk, a closed pipe or an old terminal can do to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.factories.command_line import Install
from tests.factories.projects import PLUGIN

pytest.importorskip("typer", reason="the command line needs casequality[cli]")
if os.name != "posix":
    pytest.skip("a command has a parent where a system can fork", allow_module_level=True)

MEASURE = ("measure", "letters.answered-in-time", "letters.csv", "--as-of", "2010-08-01", "--format", "json")
REPORT = ("report", "casequality.toml", "--period", "2010-H1", "--as-of", "2010-08-01")
SECRET = "320199-0000"


def run(words: tuple[str, ...], folder: Path, **given: Any) -> subprocess.CompletedProcess[bytes]:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **given.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "casequality", *words],
        cwd=folder,
        env=environ,
        check=False,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **given},
    )


IMPORTED, COUNTING = "at import", "while it counts"
PRINTS = [
    (f"print({SECRET!r})", IMPORTED),
    (f"import os; os.system('echo {SECRET}')", IMPORTED),
    (f"import atexit; atexit.register(print, {SECRET!r})", IMPORTED),
    (f"import os; os.write(1, b{SECRET!r})", COUNTING),
    (f"import logging; logging.warning({SECRET!r})", COUNTING),
    (f"import warnings; warnings.warn({SECRET!r})", COUNTING),
    (f"import sys; sys.__stdout__.write({SECRET!r}); sys.__stdout__.flush()", COUNTING),
]


@pytest.mark.parametrize(("prints", "when"), PRINTS)
def test_what_a_plugin_prints_is_in_no_output(prints: str, when: str, install: Install, folder: Path) -> None:
    place = "        due = as_of.due(self.deadline, letters.received_on)\n        states"
    code = PLUGIN.replace('"letters.', '"printing.')
    counting = code.replace(place, f"        {prints}\n{place}", 1)
    install("printing", f"{prints}\n{code}" if when == IMPORTED else counting)
    words = ("measure", "printing.answered-in-time", *MEASURE[2:])
    done = run(words, folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["figures"]
    assert SECRET.encode() not in done.stdout + done.stderr
    assert (b"CASEQUALITY_TRACEBACK=1 shows them" in done.stderr) == ("atexit" not in prints)


def test_what_a_plugin_prints_is_shown_on_request(install: Install, folder: Path) -> None:
    install("printing", f"print({SECRET!r})\n" + PLUGIN.replace('"letters.', '"printing.'))
    shown = run(("measure", "printing.answered-in-time", *MEASURE[2:]), folder, env={"CASEQUALITY_TRACEBACK": "1"})
    assert SECRET.encode() in shown.stderr
    assert json.loads(shown.stdout)["figures"]


LEFT_OPEN = """
import atexit, gc, pathlib
left_open = open("left.txt", "w")
left_open.write("written")
atexit.register(lambda: pathlib.Path("looked_at.txt").write_text(str(gc.get_freeze_count() > len(gc.get_objects()))))
"""


def test_what_is_loaded_is_not_looked_at_on_the_way_out_and_what_a_plugin_left_open_is_written(
    install: Install, folder: Path
) -> None:
    install("leaving", LEFT_OPEN + PLUGIN.replace('"letters.', '"leaving.'))
    done = run(("measure", "leaving.answered-in-time", *MEASURE[2:]), folder)
    assert done.returncode == 0, done.stderr
    assert folder.joinpath("left.txt").read_text() == "written"
    assert folder.joinpath("looked_at.txt").read_text() == "True"


@pytest.mark.parametrize("ends", ["os._exit(0)", "os._exit(7)", "os.abort()", "os.kill(os.getpid(), 9)"])
def test_a_plugin_that_ends_the_command_is_told(ends: str, install: Install, folder: Path) -> None:
    install("ending", f"import os\n{ends}\n{PLUGIN}")
    done = run(MEASURE, folder)
    assert done.stdout == b""
    if "exit" in ends:
        assert done.returncode == 4
        assert b"ended the command before it was done" in done.stderr
        assert b"CASEQUALITY_PLUGINS" in done.stderr
    else:
        assert done.returncode == 128 + (9 if "kill" in ends else 6)
        assert b"was ended by signal" in done.stderr


def test_a_plugin_that_leaves_a_process_behind_does_not_keep_the_command(install: Install, folder: Path) -> None:
    install("leaving", f"import os, time\nif os.fork() == 0:\n    time.sleep(60)\n    os._exit(0)\n{PLUGIN}")
    done = run(("plugins",), folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=50)
    assert done.returncode == 0


def test_the_exit_code_is_that_of_the_command(folder: Path) -> None:
    assert run((*REPORT, "--fail-on", "missed"), folder).returncode == 1
    assert run(("measure", "no.such", "letters.csv", "--as-of", "2010-08-01"), folder).returncode == 3
    assert run(("measure", "letters.failing", "letters.csv", "--as-of", "2010-08-01"), folder).returncode == 4
    assert run(("measure", "--wrong"), folder).returncode == 2


@pytest.mark.parametrize("words", [REPORT, ("--help",), ("measure", "--help"), ("--version",)])
@pytest.mark.parametrize("lost", ["full", "gone", "closed"])
def test_what_cannot_be_printed_has_an_exit_code_of_its_own(words: tuple[str, ...], lost: str, folder: Path) -> None:
    if lost == "closed" and {*words} & {"--help", "--version"}:
        pytest.skip("what prints the help says nothing where there is no output")
    if lost == "full":
        with Path("/dev/full").open("wb") as end:
            done = run(words, folder, stdout=end)
    elif lost == "gone":
        reader, writer = os.pipe()
        os.close(reader)
        done = run(words, folder, stdout=writer)
        os.close(writer)
    else:
        done = run(words, folder, stdout=None, preexec_fn=lambda: os.close(1))
    assert done.returncode == 6
    said = {"What was to be printed cannot be written", "Det, der skulle udskrives, kan ikke skrives"}
    assert any(each in done.stderr.decode() for each in said)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_a_message_that_cannot_be_printed_leaves_the_exit_code(folder: Path) -> None:
    with Path("/dev/full").open("wb") as end:
        assert run(MEASURE, folder, stderr=end).returncode == 0
        assert run(("measure", "--wrong"), folder, stderr=end).returncode == 2
        assert run(("measure", "no.such", "letters.csv", "--as-of", "2010-08-01"), folder, stderr=end).returncode == 3


def test_a_file_for_which_there_is_no_room_is_not_written(folder: Path) -> None:
    import resource

    folder.joinpath("report.html").write_text("last half-year's", encoding="utf-8")

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = run((*REPORT, "--out", "report.html"), folder, preexec_fn=small)
    assert done.returncode == 6
    assert b"Filen kan ikke skrives" in done.stderr
    assert folder.joinpath("report.html").read_text(encoding="utf-8") == "last half-year's"
    assert not list(folder.glob("*.partial"))
    assert run((*REPORT, "--out", "no/such/folder.html"), folder).returncode == 2


OLD = [
    {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""},
]


@pytest.fixture(scope="module")
def in_utf8() -> dict[str, str]:
    """The report by its form, as an output that knows all letters has it: written once, and held against each other."""
    return {}


@pytest.mark.parametrize("env", OLD)
def test_an_output_that_knows_few_letters_is_readable(
    env: dict[str, str], folder: Path, in_utf8: dict[str, str]
) -> None:
    for form in ("text", "json"):
        done = run((*REPORT, "--format", form, "--lang", "da"), folder, env=env)
        assert done.returncode == 0, done.stderr
        shown = done.stdout.decode("cp1252")
        if form not in in_utf8:
            utf8 = run((*REPORT, "--format", form, "--lang", "da"), folder, env={"PYTHONUTF8": "1"})
            in_utf8[form] = utf8.stdout.decode("utf-8")
        if form == "json":
            assert json.loads(shown) == json.loads(in_utf8[form])
        else:
            assert "opfyldt" in shown
            assert shown.count("?") == in_utf8[form].count("?")  # no letter became one
    wrong = run(("report", "nø.toml", *REPORT[2:], "--lang", "da"), folder, env=env)
    assert wrong.returncode == 3
    assert b"sted" in wrong.stderr
