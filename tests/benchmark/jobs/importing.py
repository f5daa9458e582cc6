"""Import the library in an interpreter of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.benchmark.contest import OWN, Answer, Comparison, Contender, Given, Job, Work

NUMPY, FIRST_USE = "import numpy", "import casequality and make a calendar"
HEAVY = ("duckdb", "holidays", "jinja2", "matplotlib", "pandas", "polars", "pyarrow")
CLOCKED = """
import time
begun = time.perf_counter()
{statement}
seconds = time.perf_counter() - begun
import json, sys
print(json.dumps([seconds, sorted(set(sys.modules) & set({heavy}))]))
"""


def _importing(statement: str) -> Contender:
    code = CLOCKED.format(statement=statement, heavy=HEAVY)

    def run() -> Any:
        return json.loads(subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE).stdout)

    def contender(_: Given) -> Work:
        return Work(run, _answer, clocked=lambda found: float(found[0]))

    return contender


def _answer(found: list[Any]) -> Answer:
    return {"heavy libraries imported": found[1]}


JOB = Job(
    name="import",
    title="Import in a fresh interpreter",
    contenders={
        OWN: _importing("import casequality"),
        NUMPY: _importing("import numpy"),
        FIRST_USE: _importing("import casequality; casequality.days.calendar('dk-statutory')"),
    },
    comparisons=(Comparison("time against", (NUMPY,), 1.3),),
)
