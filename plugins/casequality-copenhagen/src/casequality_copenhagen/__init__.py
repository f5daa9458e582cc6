"""The City of Copenhagen's goals for good case handling of 2010, for casequality."""

from __future__ import annotations

from pathlib import Path

import casequality as cq

__all__ = ["casequality_goals"]


@cq.hookimpl
def casequality_goals() -> list[Path]:
    """Return the goal set `copenhagen-2010`."""
    return [Path(__file__).with_name("copenhagen-2010.toml")]
