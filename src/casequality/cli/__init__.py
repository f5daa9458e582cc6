"""The command line."""

from __future__ import annotations

import sys

from casequality.errors import CaseQualityError, UsageError

_EXTRA = "pip install 'casequality[cli]'"


def main() -> None:
    """Run the command that the words of the command line name, and leave with its exit code."""
    try:
        from casequality.cli.app import run
    except ModuleNotFoundError as fault:
        if fault.name not in ("typer", "rich", "click"):
            raise
        lacking = UsageError("The command line needs a library that is not installed", got=fault.name, remedy=_EXTRA)
        sys.stderr.write(f"{lacking}\n")
        sys.exit(UsageError.exit_code)
    try:
        run()
    except CaseQualityError as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(fault.exit_code)


__all__ = ["main"]
