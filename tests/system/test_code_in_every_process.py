"""The code of a metric is told apart in every process alike."""

from __future__ import annotations

import os
import subprocess
import sys


def test_code_is_the_same_in_every_process() -> None:
    """The order of a set of texts is another one for each seed of their hashes."""
    script = "from casequality.engines.checkpoint import code_of; f = lambda x: x in {'a', 'b', 'c', 'd', 'e'}; "
    script += "print(code_of(f))"
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
