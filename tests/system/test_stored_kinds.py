"""A sample of what `nox -s fuzz -- --flips 10_000` does at length: every stored kind, damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

for needed in ("pyarrow", "openpyxl", "pypdf"):
    pytest.importorskip(needed)

from tests.fuzz.flips import flipped, stored_files

KINDS = 24


def test_what_was_damaged_is_never_read_as_something_else(tmp_path: Path) -> None:
    random, seen = np.random.default_rng(18), []
    for kind in stored_files(tmp_path):
        found = flipped(kind, 40, random)
        assert found["refused"] + found["the same"] == 40, kind
        assert found["refused"] > 30, f"{kind.kind} is read though it was damaged"
        seen.append(kind.kind)
    assert len(set(seen)) == KINDS
