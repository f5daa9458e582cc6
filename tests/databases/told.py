"""What an error and all that hangs on it would show in a message, a log or a traceback with its variables."""

from __future__ import annotations

import traceback


def shown(error: BaseException) -> str:
    """Return the text of an error in every form, with the variables of its frames and the errors that it hides."""
    found = [str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)]
    found += [shown(below) for below in (error.__cause__, error.__context__) if below is not None]
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if "casequality" in frame.f_globals.get("__name__", ""):
            found += map(repr, frame.f_locals.values())
    return "\n".join(found)
