"""A sample of what `nox -s fuzz -- --flips 10_000` does at length: every stored kind, a bit turned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyarrow")

from tests.fuzz.flips import flipped, stored_files


def test_a_turned_bit_is_never_read_as_something_else(tmp_path: Path) -> None:
    kinds = {kind.kind for kind in stored_files(tmp_path)}
    assert len(kinds) == 10
    random = np.random.default_rng(18)
    for kind in stored_files(tmp_path / "again" if (tmp_path / "again").mkdir() is None else tmp_path):
        found = flipped(kind, 12, random)
        assert found["refused"] + found["the same"] == 12, kind
