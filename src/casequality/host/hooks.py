"""The hooks that a plugin may implement; each returns values and has no effect."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pluggy

PROJECT = "casequality"
"""The name of the entry-point group, and of the pluggy project."""

API = 1
"""The plugin interface that this core speaks; a plugin may say the one it was written for as `casequality_api`."""

hookimpl: pluggy.HookimplMarker = pluggy.HookimplMarker(PROJECT)
"""Marks a plugin's function as the implementation of the hook of the same name."""

_hookspec = pluggy.HookspecMarker(PROJECT)


@_hookspec
def casequality_metrics() -> Sequence[type]:  # type: ignore[empty-body]
    """Return metric classes (not instances), each with an `id` of its own.

    Called once at discovery. The ids must not be offered by any other installed plugin.
    """


@_hookspec
def casequality_goals() -> Sequence[Path]:  # type: ignore[empty-body]
    """Return the paths of goal sets in TOML; the file's name without `.toml` is the name they are loaded by.

    Called once at discovery; a file is read when a user asks for its goals.
    """


@_hookspec
def casequality_deadlines() -> Sequence[Path]:  # type: ignore[empty-body]
    """Return the paths of deadline files in TOML; their deadlines join the catalogue.

    Called once at discovery, where the files are read too. The ids must be neither those of shipped deadlines nor
    offered by any other installed plugin.
    """
