"""The command line, a report and a store: whole processes, and work for which no peer answers the same question."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs

from tests.benchmark.contest import OWN, Answer, Comparison, Contender, Given, Job, Work

NUMPY, HELP, VERSION = "import numpy", "casequality --help", "casequality --version"
DEADLINE = ("-m", "casequality", "deadline", "copenhagen/reply-guarantee", "2010-04-22")


def _process(words: Sequence[str], expects: str = "") -> Contender:
    """Return a whole Python process; its user and system time are taken, and it must print what is expected."""

    def run() -> tuple[float, str]:
        before = _used()
        done = subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True)
        return _used() - before, done.stdout

    def contender(_: Given) -> Work:
        return Work(run, lambda found: {expects: expects in found[1]} if expects else {}, lambda found: float(found[0]))

    return contender


def _used() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


COMMAND_LINE = Job(
    name="command-line",
    title="One deadline on the command line, a process of its own; processor time, and no peer counts these deadlines",
    contenders={
        OWN: _process(DEADLINE, "2010-05-07"),
        HELP: _process(("-m", "casequality", "--help")),
        VERSION: _process(("-m", "casequality", "--version")),
        NUMPY: _process(("-c", "import numpy")),
    },
    comparisons=(Comparison("time against", (NUMPY,), 3),),
    repeats=3,
)


def reporting(given: Given) -> Work:
    """Write the report on the example project, in a process of its own, as `casequality report` does."""
    from casequality_copenhagen.demo import AS_OF, PERIOD
    from casequality_copenhagen.example import write

    held = tempfile.TemporaryDirectory(prefix="casequality-report-")
    folder = Path(held.name)
    write(folder)
    out = folder / "report.html"
    asked = ("report", str(folder / "casequality.toml"), "--period", PERIOD, "--as-of", AS_OF, "--out", str(out))
    work = _process(("-m", "casequality", *asked))(given)

    def answer(_: Any) -> Answer:
        held.cleanup()
        return {}

    return attrs.evolve(work, answer=answer)


REPORT = Job(
    name="report",
    title="The report on the example project, a process of its own; processor time, and no peer judges goals",
    contenders={OWN: reporting, NUMPY: _process(("-c", "import numpy"))},
    comparisons=(Comparison("time against", (NUMPY,)),),
)


def keeping(given: Given) -> Work:
    """Put a night's deliveries into a copy of the store and conclude ten metrics of all by month, type and sender."""
    import pyarrow  # noqa: F401

    import casequality as cq
    from tests.benchmark.country import figures
    from tests.benchmark.data import country_of

    folder = Path(tempfile.mkdtemp(prefix="casequality-store-"), "store")
    shutil.copytree(given.path, folder)
    country = country_of(given.path)

    def run() -> Any:
        held = cq.store(folder)
        country.night(held)
        found = dict(figures(held))
        shutil.rmtree(folder.parent)
        return found

    return Work(run, lambda found: {"figures": found})


STORE = Job(
    name="store",
    title="A night of a store of tallies: deliveries, one replaced, one given twice; all figures; no peer keeps counts",
    data="store",
    contenders={OWN: keeping},
    comparisons=(Comparison("peak memory in MB"),),
)
