"""Letters in files, and the folder in which their counts are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from casequality.engines import checkpoint as kept


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Three files of 60 letters, six row groups each, two of which are kept together."""
    pytest.importorskip("pyarrow")
    from tests.factories.kept_letters import rows, write

    monkeypatch.setattr(kept, "STRETCH", 20)
    for number in range(3):
        write(tmp_path / f"letters-{number}.parquet", rows(number * 60, 60))
    return str(tmp_path / "letters-*.parquet")


@pytest.fixture
def keep(tmp_path: Path) -> Path:
    return tmp_path / "keep"
