"""CONTRIBUTING says what is run when, as the scripts themselves do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/CONTRIBUTING.md").read_text(encoding="utf-8")
NOXFILE = (ROOT / "noxfile.py").read_text(encoding="utf-8")
FURTHER = ("3.12", "3.13")


def row(when: str) -> list[str]:
    """Return the sessions that the table names for an occasion."""
    [line] = [line for line in PAGE.splitlines() if line.startswith(f"| {when}")]
    return [
        name
        for part in re.findall(r"`([^`]+)`", line.split("|")[2])
        for name in part.split()
        if name not in ("nox", "-s")
    ]


def function(name: str) -> str:
    """Return the text of one function of the noxfile."""
    return NOXFILE.split(f"\ndef {name}(")[1].split("\n@nox")[0]


def sessions() -> set[str]:
    named = re.findall(r"^@nox\.session.*\n(?:@.*\n)*def (\w+)", NOXFILE, re.MULTILINE)
    return {*named, *(f"tests-{version}" for version in FURTHER)}


def test_every_session_that_is_named_is_there() -> None:
    assert f'FURTHER = "3.11", {FURTHER}'.replace("'", '"') in NOXFILE
    told = [name for when in ("every change", "every release", "when speed") for name in row(when)]
    assert len(told) > 12
    assert set(told) <= sessions()


def test_a_change_runs_what_the_page_says() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    own = " ".join(re.findall(r"^nox -s (.*?) <", script, re.MULTILINE))
    [command] = re.findall(r"^pip install .* nox -s (tests.*)$", readme, re.MULTILINE)
    assert row("every change") == [*command.split(), *own.split()]


def test_a_release_runs_what_the_page_says() -> None:
    names = function("release").split("for further in (")[1].split("):")[0]
    spelled = names.replace('*(f"tests-{each}" for each in FURTHER)', ", ".join(f'"tests-{each}"' for each in FURTHER))
    assert row("every release") == [*re.findall(r'"([^"]+)"', spelled), "release"]


@pytest.mark.parametrize(
    ("session", "programs"), [("lint", ["ruff check", "ruff format"]), ("layers", ["lint-imports"])]
)
def test_a_commit_is_checked_as_the_sessions_do(session: str, programs: list[str]) -> None:
    ran = [" ".join(re.findall(r'"([\w-]+)"', line)[:2]) for line in function(session).splitlines() if ".run(" in line]
    hooks = re.findall(r"^ +entry: (.*)$", (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert ran == programs
    assert [hook for hook in hooks if hook.startswith(tuple(programs))] == [
        f"{program} --force-exclude" if session == "lint" else program for program in programs
    ]
