"""A plugin that `new-plugin` wrote, tested as its author would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("typer", reason="the command line needs casequality[cli]")

from casequality.cli.authoring import write_plugin


@pytest.mark.parametrize("records", ["letters", "enrolments"])
def test_what_was_written_is_green_once_it_is_installed(tmp_path: Path, records: str) -> None:
    pytest.importorskip("hypothesis", reason="the kit needs casequality[testing]")
    written = write_plugin("casequality-housing-allocation", tmp_path, records)
    metadata = written / "src" / "casequality_housing_allocation-0.1.0.dist-info"
    metadata.mkdir()
    metadata.joinpath("METADATA").write_text(
        "Metadata-Version: 2.1\nName: casequality-housing-allocation\nVersion: 0.1.0\n"
    )
    entry_point = "housing-allocation = casequality_housing_allocation"
    metadata.joinpath("entry_points.txt").write_text(f"[casequality]\n{entry_point}\n")
    path = os.pathsep.join([str(written / "src"), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(written)],
        env={**os.environ, "PYTHONPATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
