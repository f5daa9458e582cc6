"""The memory that blocks are made in."""

from __future__ import annotations

from functools import cache

import numpy as np


@cache
def keep_freed_memory() -> None:
    """Let the arrays of one block be made in the memory of the one before.

    An allocator that hands every freed megabyte back to the system (glibc's, until it has seen a large array freed)
    spends more time on fetching it again than the checks take. This frees one large array that is never touched.
    """
    np.empty(31 * 2**20, np.uint8)
