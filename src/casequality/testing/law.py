"""A law of the kit: what it says, how it is tried, and how a breach is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, NoReturn, TypeVar

import attrs

from casequality.testing.rows import Row, shown

S = TypeVar("S")
SHOWN = 4
"""How many invented records a message shows."""


class Broken(AssertionError):
    """A law does not hold: what differed, on which invented records, and the way out."""


class Inapplicable(Exception):
    """A law has nothing to try on this metric, and why."""


@attrs.frozen
class Law(Generic[S]):
    """One law by its name; `holds` raises `Broken` where it does not.

    conclusive: whether trying it tells for certain that it holds, so that to skip it would be needless.
    """

    name: str
    says: str
    holds: Callable[[S], None]
    conclusive: bool = False


def broken(what: str, *, way_out: str, rows: Sequence[Row] = ()) -> NoReturn:
    """Raise `Broken`; `rows` are the invented records on which the law was seen to be broken."""
    lines = [what, *(f"  record   {shown(row)}" for row in rows[:SHOWN])]
    if len(rows) > SHOWN:
        lines.append(f"  and {len(rows) - SHOWN} more")
    raise Broken("\n".join([*lines, f"  way out  {way_out}"]))
