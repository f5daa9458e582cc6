from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from casequality_copenhagen.demo import committee_commands
from casequality_copenhagen.example import write

HALF = ("--period", "2010-H1", "--as-of", "2010-08-01", "--quiet")


def demo(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "casequality_copenhagen.demo", *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def english_of_the_goals() -> Iterator[str]:
    """Yield the English of every text that the example's goals and deadlines say in both languages."""
    home = files("casequality_copenhagen")
    for name in ("copenhagen-2010.toml", "example/local-goals.toml", "example/casequality.toml"):
        yield from english(tomllib.loads(home.joinpath(name).read_text(encoding="utf-8")))


def english(plain: Any) -> Iterator[str]:
    if isinstance(plain, dict) and set(plain) == {"en", "da"}:
        yield plain["en"]
    elif isinstance(plain, dict | list):
        for value in plain.values() if isinstance(plain, dict) else plain:
            yield from english(value)


def test_the_last_line_is_the_path_of_the_report(tmp_path: Path) -> None:
    done = demo(str(tmp_path / "not" / ".." / "demo"))
    assert done.returncode == 0, done.stderr
    report = Path(done.stdout.splitlines()[-1])
    assert report == (tmp_path / "demo" / "report.html").resolve()
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "Huslejenævnet" in report.read_text(encoding="utf-8")
    shown = re.sub(r"<script.*?</script>", "", report.read_text(encoding="utf-8"), flags=re.DOTALL)  # its manifest
    page = unescape(shown)
    said = set(english_of_the_goals())
    assert len(said) > 20
    assert not [text for text in said if text in page]
    assert "opdigtede data" in done.stdout
    assert done.stdout.count("\n  casequality report ") == 3
    assert "Sager afsluttet inden for fire" in done.stdout


def test_each_committee_has_its_report_from_one_command(tmp_path: Path) -> None:
    """The three are made in `test_copenhagen_committees`, from the same words; here one of them is run as printed."""
    write(tmp_path)
    _, words, _ = committee_commands(tmp_path)
    command = [sys.executable, "-m", "casequality", *words, "--quiet"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "opdigtede data" in Path(words[-1]).read_text(encoding="utf-8")


def test_without_a_folder_it_says_how_it_is_used() -> None:
    done = demo()
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage" in done.stderr


ENGLISH = frozenset(
    (
        *("the", "of", "and", "or", "with", "was", "were", "is", "are", "been", "not", "no", "if", "as", "on", "from"),
        *("by", "which", "that", "than", "this", "each", "every", "row", "rows", "case", "cases", "goal", "goals"),
        *("file", "written", "entries", "added", "due", "overdue", "deadline", "notice", "reading", "readings"),
        *("report", "period", "source", "missing", "unknown", "above", "below", "value"),
    )
)
"""Words of English sentences that are no words of Danish."""
COMMANDS = (
    ("due", "casequality.toml", "--on", "2010-06-15"),
    ("due", "socialudvalget.toml", "--on", "2010-06-15"),
    ("due", "borgerraadgiveren.toml", "--on", "2017-12-15"),
    ("goals", "readings", "casequality.toml", "okf.contact-centre.wait", *HALF),
    ("goals", "readings", "casequality.toml", "okf.rent-tribunal.closed-in-time", *HALF),
    ("goals", "readings", "casequality.toml", "okf.citizen-service.passport-errors", *HALF),
    ("goals", "list", "copenhagen-2010"),
    ("comments", "casequality.toml", *HALF),
    ("comments", "socialudvalget.toml", "--period", "2007-Q2", "--as-of", "2007-08-01", "--quiet"),
    ("worklist", "casequality.toml", "--as-of", "2010-06-15", "--out", "liste.csv"),
    ("report", "socialudvalget.toml", "--period", "2007-Q2", "--as-of", "2007-08-01", "--quiet", "--out", "r.html"),
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("danish")
    write(folder)
    return folder


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_what_a_command_says_in_danish_has_no_word_of_english(words: tuple[str, ...], project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "casequality", *words, *([] if "--lang" in words else ["--lang", "da"])],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "10000"},  # a command that is printed stands on one line
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout + done.stderr
    assert said
    # what the user typed or named is no sentence: commands, options, names of files and sources, ids, name = option
    for names in (r"casequality report .*", r"report --findings", r"\w+ = \w+", r"\S*[./_-]\S*\w", r"--\w+"):
        said = re.sub(names, " ", said)
    told = set(re.findall(r"[a-zæøå]+", said.casefold()))
    assert sorted(told & ENGLISH) == []
