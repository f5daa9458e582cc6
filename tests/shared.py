"""Where the real data lie that may be read here but not shipped; tests that need them are skipped without."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared"


def shared(name: str) -> Path:
    """Return the path of a shared file, or skip the test that asks, visibly."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"shared/{name} is not here")
    return path
