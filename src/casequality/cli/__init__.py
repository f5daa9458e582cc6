"""The command line."""

from __future__ import annotations

import os
import sys
import traceback

from casequality.errors import LANGUAGES, CaseQualityError, PluginError, UsageError

DEFECT = 70
"""The exit code of a defect in casequality itself; Python's own is 1, which says here that a goal was missed."""

_EXTRA = "pip install 'casequality[cli]'"


def main() -> None:
    """Run the command that the words of the command line name, and leave with its exit code.

    0 done; 1 a goal was missed and `--fail-on missed` was given; 2 usage; 3 bad input; 4 a plugin failed.
    """
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
        sys.stderr.write(f"{fault.told(_asked_for(sys.argv))}\n")
        if isinstance(fault, PluginError) and fault.__cause__ and os.environ.get("CASEQUALITY_TRACEBACK") == "1":
            traceback.print_exception(fault.__cause__)
        sys.exit(fault.exit_code)
    except Exception:  # noqa: BLE001  whatever it is, its exit code must not be that of a missed goal
        traceback.print_exc()
        sys.exit(DEFECT)


def _asked_for(words: list[str]) -> str:
    """Return the language that `--lang` asks for; English unless told, whatever the language of the result is."""
    said = [after for word, after in zip(words, [*words[1:], ""], strict=True) if word == "--lang"]
    said += [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    return said[-1] if said and said[-1] in LANGUAGES else "en"


__all__ = ["main"]
