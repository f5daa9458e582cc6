"""How much work something is, counted in calls of functions: the same on every machine, however busy it is."""

from __future__ import annotations

import sys
from collections.abc import Callable


def calls_of(work: Callable[[], object]) -> int:
    """Return how many functions are called, Python's and others, while `work` is done."""
    calls = 0

    def count(_frame: object, event: str, _what: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def grows_evenly(work: Callable[[int], Callable[[], object]], few: int, more: int = 0) -> bool:
    """Return whether the calls for each one more stay as many: what grows with the square has them rise.

    work: gives the work on so many. more: by how many `few` grow at first, and then by twice as many again.
    """
    more = more or few
    work(few)()  # what is prepared at first use is no part of it
    first, second, last = (calls_of(work(few + times * more)) for times in (0, 1, 3))
    return last - second <= 2.2 * max(second - first, 50)
