"""Runs the command line in this process, in a folder of its own, with one small plugin installed."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import attrs
import pytest

from casequality.cli import main
from tests.factories.projects import LETTERS, PLUGIN, PROJECT, goal_file


@attrs.frozen
class Finished:
    """How a command ended."""

    code: int
    out: str
    err: str


class Run(Protocol):
    def __call__(self, *words: str) -> Finished: ...


class Install(Protocol):
    def __call__(self, distribution: str, code: str) -> None: ...


@pytest.fixture
def install(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return a function that installs a plugin of one module; no other plugins are seen."""
    site = tmp_path_factory.mktemp("site")
    monkeypatch.syspath_prepend(site)
    installed: list[str] = []

    def install(distribution: str, code: str) -> None:
        module = distribution.replace("-", "_")
        site.joinpath(f"{module}.py").write_text(code, encoding="utf-8")
        metadata = site / f"{module}-1.0.dist-info"
        metadata.mkdir()
        metadata.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        metadata.joinpath("entry_points.txt").write_text(f"[casequality]\nmain = {module}\n")
        importlib.invalidate_caches()
        installed.append(distribution)
        monkeypatch.setenv("CASEQUALITY_PLUGINS", ",".join(installed))

    yield install
    for distribution in installed:
        sys.modules.pop(distribution.replace("-", "_"), None)


@pytest.fixture
def folder(tmp_path: Path, install: Install) -> Path:
    """Return a folder that holds a project of six letters with the plugin that it needs."""
    install("letters-plugin", PLUGIN)
    folder = tmp_path / "project"
    folder.mkdir()
    folder.joinpath("letters.csv").write_text(LETTERS, encoding="utf-8")
    folder.joinpath("goals.toml").write_text(
        goal_file("at least 30 %", "at least 45 %", "at least 60 %"), encoding="utf-8"
    )
    folder.joinpath("casequality.toml").write_text(PROJECT, encoding="utf-8")
    return folder


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `casequality` with some words, in that folder."""

    pytest.importorskip("typer", reason="the command line needs casequality[cli]")

    def run(*words: str) -> Finished:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["casequality", *words])
        with pytest.raises(SystemExit) as left:
            main()
        printed = capsys.readouterr()
        return Finished(int(left.value.code or 0), printed.out, printed.err)

    return run
