"""Row numbers that executors give, and what they are once it is known how many rows lie before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs
import numpy as np

from casequality.arrays import Integers
from casequality.engines.counted import Counted
from casequality.records import Finding

SHIFT: Final = 40
ROWS: Final = (1 << SHIFT) - 1


def first_number(partition: int) -> int:
    """Return the number of a partition's first row: it holds the partition, and rises from one to the next."""
    return (partition << SHIFT) + 1


def partition_of(numbers: Integers) -> Integers:
    """Return the partition that each number holds."""
    found: Integers = numbers >> SHIFT
    return found


def in_frame(finding: Finding, sizes: Mapping[int, int]) -> Finding:
    """Return a finding with its rows' numbers in the whole frame, given the rows that each partition has."""
    before = np.cumsum([0, *(sizes.get(number, 0) for number in range(max(sizes, default=0)))])
    return attrs.evolve(finding, rows=(finding.rows & ROWS) + before[partition_of(finding.rows)])


def replaced(counted: Counted, place: Callable[[Finding], Finding]) -> Counted:
    """Return a count whose findings lie where `place` says."""
    return attrs.evolve(
        counted,
        findings=counted.findings.replaced(place),
        beyond=tuple(each.replaced(place) for each in counted.beyond),
    )
