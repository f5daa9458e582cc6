"""Rounds: in each, every contender runs once in a fresh process, one after the other; the first is not counted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import attrs

from tests.benchmark.contest import Answer, Job, Run

ROOT = Path(__file__).resolve().parents[2]
Clock = Literal["wall", "cpu"]


@attrs.define
class Answers:
    """The answers to one job so far, and where contenders disagree."""

    known: dict[str, tuple[str, Any]] = attrs.field(factory=dict)
    faults: list[str] = attrs.field(factory=list)

    def add(self, contender: str, answer: Answer) -> None:
        """Compare an answer with the first of its name."""
        for name, value in answer.items():
            first, expected = self.known.setdefault(name, (contender, value))
            if value != expected:
                self.faults.append(f"{name}: {first} and {contender} disagree, {_difference(expected, value)}")


def run_rounds(
    job: Job, path: Path, threads: int, rounds: int, clock: Clock, answers: Answers, tell: Callable[[str], None]
) -> dict[str, list[Run]]:
    """Return the counted runs of each contender, one a round."""
    runs: dict[str, list[Run]] = {name: [] for name in job.contenders}
    for number in range(rounds + 1):
        tell(f"{job.name}, {threads} thread{'s' if threads > 1 else ''}, round {number} of {rounds}")
        for name in job.contenders:
            printed = in_fresh_process(
                "tests.benchmark.child", job.name, name, str(path), str(threads), threads=threads
            )
            took = json.loads(printed)
            answers.add(name, took["answer"])
            if number:
                runs[name].append(Run(took[clock], took["peak_mb"], took["cpu"]))
    return runs


def in_fresh_process(module: str, *arguments: str, threads: int = 1) -> str:
    """Return what a module of this package prints when it is run."""
    limits = {name: str(threads) for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS")}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | limits, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def _difference(expected: Any, value: Any) -> str:
    """Return the first place where two answers differ."""
    if isinstance(expected, dict) and isinstance(value, dict):
        names = sorted(name for name in {*expected, *value} if expected.get(name) != value.get(name))
        return f"first at {names[0]}: {expected.get(names[0])} and {value.get(names[0])} ({len(names)} differ)"
    return f"{expected!s:.80} and {value!s:.80}"
