"""The City of Copenhagen's goals for good case handling, from its documents of 2006 to 2018, for casequality."""

from __future__ import annotations

from pathlib import Path

import casequality as cq

__all__ = ["casequality_goals"]

GOAL_SETS = (
    "copenhagen-2010",
    "copenhagen-2010-procedures",
    "copenhagen-common",
    "copenhagen-common-every-deadline",
    "copenhagen-social-2006",
    "copenhagen-adviser",
)


@cq.hookimpl
def casequality_goals() -> list[Path]:
    """Return the goal sets of 2010, 2009 and 2006, and the figures of the citizens' adviser, who has no goals."""
    return [Path(__file__).with_name(f"{name}.toml") for name in GOAL_SETS]
