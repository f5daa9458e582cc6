"""What a job is: contenders that give the same answer, and how fast casequality is to be beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any, Literal

import attrs

OWN = "casequality"

Answer = Mapping[str, Any]
"""Plain data by name; contenders that give an answer of one name must agree on it."""

Measure = Literal["speed against", "time against", "peak memory against", "peak memory in MB"]


@attrs.frozen
class Work:
    """What one contender does in its process once everything is imported: `run` is timed, `answer` is not.

    clocked: for work that is timed elsewhere, the seconds it took, from what `run` returned.
    """

    run: Callable[[], Any]
    answer: Callable[[Any], Answer]
    clocked: Callable[[Any], float] | None = None


@attrs.frozen
class Given:
    """What a contender is given: the file of the job's data, and how many threads it may use."""

    path: Path
    threads: int


Contender = Callable[[Given], Work]
"""Imports its libraries, prepares what no user waits for, and returns its work."""


@attrs.frozen
class Run:
    """One run of a contender in a fresh process."""

    seconds: float
    peak_mb: float
    cpu: float = 0.0


@attrs.frozen
class Comparison:
    """How casequality compares with others, the best of them in each round.

    Speed says how many times as fast casequality is, time and memory what part of the other's it takes; `goal` is
    the least speed or the most of the others that is wanted. from_rows: for how many rows it is asked at all.
    threads: with how many it is asked, any unless said. of_processor: of processor time, whatever the clock of the run.
    """

    measure: Measure
    against: tuple[str, ...] = ()
    goal: float | None = None
    from_rows: int = 0
    threads: tuple[int, ...] = ()
    of_processor: bool = False

    @property
    def words(self) -> str:
        """What is compared, in words."""
        plain = f"{self.measure} {' or '.join(self.against)}".strip()
        return f"{plain}, processor time" if self.of_processor else plain

    def ratios(self, runs: Mapping[str, list[Run]]) -> list[float]:
        """Return the figure of each round."""
        return [self._ratio(own, [runs[name][number] for name in self.against]) for number, own in enumerate(runs[OWN])]

    def reached(self, ratios: list[float]) -> bool:
        """Return whether the median reaches the goal."""
        assert self.goal is not None
        middle = median(ratios)
        return middle >= self.goal if self.measure == "speed against" else middle <= self.goal

    def _ratio(self, own: Run, others: list[Run]) -> float:
        if self.measure == "peak memory in MB":
            return own.peak_mb
        if self.measure == "peak memory against":
            return own.peak_mb / min(other.peak_mb for other in others)
        mine, *theirs = (run.cpu if self.of_processor else run.seconds for run in (own, *others))
        return min(theirs) / mine if self.measure == "speed against" else mine / min(theirs)


@attrs.frozen(kw_only=True)
class Job:
    """One job that every contender does on the same file.

    data: which file, see `data`; None for a job without. threads: the numbers of threads it is run with.
    repeats: how often the work is done in each process after a first time that is not counted; its median counts.
    times: how often one run does the same, for what is too short to be timed once.
    needs: a package that is no dependency of the project; the job is left out where it is not installed.
    """

    name: str
    title: str
    contenders: Mapping[str, Contender]
    comparisons: tuple[Comparison, ...]
    data: str | None = None
    threads: tuple[int, ...] = (1,)
    repeats: int = 0
    times: int = 1
    needs: str = ""

    @property
    def can_run(self) -> bool:
        """Whether all that it needs is installed."""
        return not self.needs or find_spec(self.needs) is not None


def fingerprint(values: Any) -> str:
    """Return a text that is the same for equal whole numbers or days in the same order."""
    import numpy as np

    array = np.asarray(values)
    whole = array.astype("datetime64[D]") if array.dtype.kind == "M" else array
    return hashlib.sha256(np.ascontiguousarray(whole.astype(np.int64)).tobytes()).hexdigest()
