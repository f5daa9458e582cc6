"""Who carries a measurement through the data, and how."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Final

from casequality.engines.counting import asked_as, assumed_by
from casequality.engines.engine import Engine, InProcess, Progress
from casequality.errors import InputError, UnknownName, UsageError

__all__ = ["Engine", "InProcess", "Progress", "asked_as", "assumed_by", "find_engine", "known_engine"]

NAMES: Final = ("in-process", "spark")


def find_engine(
    engine: Engine | str | None = None,
    threads: int | None = None,
    keep: Path | str | None = None,
    master: str | None = None,
) -> Engine:
    """Return an engine by its name, or itself; this process's where none is named.

    threads, keep: of the engine in this process. master: where Spark is to run. Raises `UnknownName` for a name that
    none has.
    """
    known_engine(engine)
    if master is not None and engine != "spark":
        raise UsageError("A master belongs to Spark", got=engine, remedy='leave it out, or write engine = "spark"')
    if engine is None or engine == "in-process":
        return InProcess(threads, None if keep is None else Path(keep))
    if threads is not None or keep is not None:
        raise UsageError(
            "Threads and a folder to keep counts in belong to the engine of this process",
            got=engine if isinstance(engine, str) else type(engine).__name__,
            remedy="leave them out, or say them to the engine itself: InProcess(threads=2)",
        )
    if not isinstance(engine, str):
        return engine
    return _spark(master)


def known_engine(engine: object) -> None:
    """Raise `UnknownName` for the name of no engine."""
    if isinstance(engine, str) and engine not in NAMES:
        close = difflib.get_close_matches(engine, NAMES, 1)
        remedy = f"did you mean {close[0]}?" if close else "name one of these, or leave it out"
        raise UnknownName("There is no such engine", got=engine, allowed=NAMES, remedy=remedy)


def _spark(master: str | None) -> Engine:
    try:
        from casequality.engines.spark import Spark
    except ImportError:
        raise InputError(
            "Spark is not installed", where='engine="spark"', remedy="install it: pip install 'casequality[spark]'"
        ) from None
    return Spark(master=master)
