"""The command that the words of the command line name is run, and its errors are told."""

from __future__ import annotations

import os
import sys
import traceback
from typing import NoReturn

from casequality.cli import hosting
from casequality.errors import NO_ROOM, CaseQualityError, PluginError, UsageError

DEFECT = 70
"""The exit code of a defect in casequality itself; Python's own is 1, which says here that a goal was missed."""

_EXTRA = "pip install 'casequality[cli]'"


def main() -> None:
    """Run the command that the words of the command line name, in this process, and leave with its exit code.

    0 done; 1 a goal was missed and `--fail-on missed` was given; 2 usage; 3 bad input; 4 a plugin failed;
    5 a published figure is another; 6 something could not be written.
    """
    try:
        from casequality.cli.app import run
    except ModuleNotFoundError as fault:
        if fault.name not in ("typer", "rich", "click"):
            raise
        lacking = UsageError("The command line needs a library that is not installed", got=fault.name, remedy=_EXTRA)
        hosting.say(f"{lacking}\n")
        sys.exit(UsageError.exit_code)
    try:
        run()
    except CaseQualityError as fault:
        hosting.say(f"{fault.told(hosting.asked_for(sys.argv))}\n")
        if isinstance(fault, PluginError) and fault.__cause__ and os.environ.get(hosting.TOLD) == "1":
            hosting.say(_places(fault.__cause__))
        sys.exit(fault.exit_code)
    except OSError as fault:
        if fault.errno not in NO_ROOM:
            _defect(fault)
        raise SystemExit(1) from fault  # from what prints the help, as it leaves where a pipe is closed
    except Exception as fault:  # noqa: BLE001  whatever it is, its exit code must not be that of a missed goal
        _defect(fault)


def _defect(fault: Exception) -> NoReturn:
    hosting.say(f"{_places(fault)}This is a defect in casequality, or in a library; report these lines\n")
    sys.exit(DEFECT)


def _places(fault: BaseException) -> str:
    """Return where a fault was raised, through which lines of code, and its kind; its own text may hold data."""
    kind = f"{type(fault).__module__}.{type(fault).__qualname__}".removeprefix("builtins.")
    lines = ["Traceback (most recent call last):\n", *traceback.format_tb(fault.__traceback__)]
    return "".join([*lines, f"{kind}: what it says is not shown, since it may hold data\n"])
