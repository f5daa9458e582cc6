"""Discover fifty installed plugins, each with a metric of its own, in an interpreter of its own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmark.contest import OWN, Answer, Comparison, Contender, Given, Job, Work

PLUGINS = 50
LIBRARY, BARE = "import numpy and all of casequality", "import numpy and casequality"
BARELY = "import numpy\nimport casequality as cq"
WHOLLY = f"{BARELY}\nfor name in cq.__all__:\n    getattr(cq, name)"
DISCOVERING = f"{WHOLLY}\nfrom casequality.host import discover\nready = discover(only={{names}}).metrics"
CLOCKED = """
import time
begun = time.perf_counter()
{statement}
seconds = time.perf_counter() - begun
import json
print(json.dumps([seconds, len(globals().get("ready", ()))]))
"""


def casequality(_: Given) -> Work:
    """Discover plugins as `casequality new-plugin` writes them, beside all else that is installed."""
    site = Path(tempfile.mkdtemp(prefix="casequality-fifty-"))
    atexit.register(shutil.rmtree, site)
    names = [_installed(site, number) for number in range(PLUGINS)]
    run = _clocked(DISCOVERING.format(names=names), site)
    run()  # so that their modules are compiled, as an installer leaves them
    return Work(run, lambda found: {"metrics": found[1]}, clocked=lambda found: float(found[0]))


def _installed(site: Path, number: int) -> str:
    from casequality.cli.authoring import write_plugin

    written = write_plugin(f"unit-{number}", site / "projects")
    module = f"casequality_unit_{number}"
    (written / "src" / module).rename(site / module)
    metadata = site / f"{module}-0.1.0.dist-info"
    metadata.mkdir()
    metadata.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {written.name}\nVersion: 0.1.0\n")
    metadata.joinpath("entry_points.txt").write_text(f"[casequality]\nunit-{number} = {module}\n")
    return written.name


def _importing(statement: str) -> Contender:
    return lambda _: Work(_clocked(statement), _nothing, clocked=lambda found: float(found[0]))


def _clocked(statement: str, site: Path | None = None) -> Any:
    command = [sys.executable, "-c", CLOCKED.format(statement=statement)]
    environ = {**os.environ, "PYTHONPATH": str(site)} if site else None
    return lambda: json.loads(subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE).stdout)


def _nothing(_: object) -> Answer:
    return {}


JOB = Job(
    name="discovery",
    title=f"Discover {PLUGINS} installed plugins in a fresh interpreter, the library's import included",
    contenders={OWN: casequality, LIBRARY: _importing(WHOLLY), BARE: _importing(BARELY)},
    comparisons=(Comparison("time against", (LIBRARY,), 1.5), Comparison("time against", (BARE,))),
)
