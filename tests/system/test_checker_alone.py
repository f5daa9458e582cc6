"""The plain checker as a program of its own, without the library."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path

from casequality.deadlines import checker
from tests.factories.ledgers import BY_HAND, Plain, sealed, with_leaf

FILE = Path(checker.__file__)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", str(FILE), *words], capture_output=True, text=True, check=False)


def test_it_runs_by_itself(tmp_path: Path) -> None:
    good, bad, none = (tmp_path / name for name in ("good.json", "bad.json", "none.json"))
    plain: Plain = sealed(BY_HAND)
    good.write_text(json.dumps(plain), encoding="utf-8")
    bad.write_text(json.dumps(with_leaf(plain, ("due",), "2015-05-15")), encoding="utf-8")
    none.write_text("no JSON", encoding="utf-8")
    assert (run(str(good)).returncode, run(str(good)).stdout) == (0, "accepted\n")
    rejected = run(str(bad))
    assert rejected.returncode == 1
    assert rejected.stdout.splitlines() == ["the digest is not that of the rest", "it is due 2015-05-18"]
    assert (run(str(none)).returncode, run().returncode, run(str(tmp_path / "gone")).returncode) == (1, 1, 1)
    assert "check" in runpy.run_path(str(FILE))
