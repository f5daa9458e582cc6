"""The command line."""

from __future__ import annotations

import sys


def program() -> None:
    """Run the command line as a program: as `main` does, under a parent that a plugin cannot end."""
    if sys.argv[1:] == ["--version"] and _version_told():
        return
    from casequality.cli.hosting import hosted

    hosted(main)


def main() -> None:
    """Run the command that the words of the command line name, in this process, and leave with its exit code."""
    from casequality.cli import running

    running.main()


def _version_told() -> bool:
    """Tell the version, which needs nothing of the library; return whether it could be written."""
    from importlib.metadata import version

    try:
        print(f"casequality {version('casequality')}", flush=True)
    except OSError:
        return False
    return True


__all__ = ["main", "program"]
