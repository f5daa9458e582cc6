"""What a metric says of a block of records: when each counts, what became of it, and how much it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import Days, Instants, Integers, Spans
from casequality.errors import UsageError


def _as_integers(values: npt.NDArray[Any] | None) -> Integers | None:
    return None if values is None else values.view(np.int64) if values.dtype.kind in "mM" else values.astype(np.int64, copy=False)


@attrs.frozen(eq=False, kw_only=True)
class Contribution:
    """One entry a record; every array has the shape (records,).

    on: the day or instant that places the record in a period, NaT for undated.
    outcome: codes as `Outcomes.pick` gives them.
    until: the day or instant of its end, NaT while it lasts; with it, cohorts, flows and stocks can be told.
    amount: whole numbers in the source's own ticks (a span: microseconds), MISSING for none; for sums and means.
    bins: whole numbers, 0 or more, such as full seconds, MISSING for none; for exact quantiles.
    times: how many cases one row stands for; 1 where it is left out.
    """

    on: Days | Instants
    outcome: npt.NDArray[np.uint8]
    until: Days | Instants | None = None
    amount: Integers | None = attrs.field(default=None, converter=_as_integers)
    bins: Integers | None = attrs.field(default=None, converter=_as_integers)
    times: Integers | None = attrs.field(default=None, converter=_as_integers)

    def __attrs_post_init__(self) -> None:
        arrays = {name: getattr(self, name) for name in ("on", "outcome", "until", "amount", "bins", "times")}
        lengths = {name: len(array) for name, array in arrays.items() if array is not None}
        if len(set(lengths.values())) > 1:
            raise UsageError(
                "The arrays of a contribution have different lengths",
                got=", ".join(f"{name} {length}" for name, length in lengths.items()),
                remedy="give one entry a record in each",
            )

    def __len__(self) -> int:
        return len(self.outcome)


Contributed: TypeAlias = Contribution | Mapping[str, Contribution]
"""One contribution, or one for each facet by its name."""


def whole_seconds(spans: Spans) -> Integers:
    """Return the full seconds of each span, for `bins`; MISSING where there is none.

    >>> whole_seconds(np.array([1_999_999, 2_000_000], "timedelta64[us]"))
    array([1, 2])
    """
    ticks = spans.view(np.int64)
    seconds: Integers = ticks // 1_000_000
    lowest = ticks.min(initial=0)
    return seconds if lowest >= 0 else np.where(ticks == np.iinfo(np.int64).min, ticks, seconds)
