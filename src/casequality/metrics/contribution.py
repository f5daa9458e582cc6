"""What a metric says of a block of records: when each counts, what became of it, and how much it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Days, Instants, Integers, Mask
from casequality.errors import UsageError

DATES: Final = (np.dtype("datetime64[D]"), np.dtype("datetime64[us]"))


def _as_integers(values: npt.NDArray[Any] | None) -> Integers | None:
    if values is None:
        return None
    if values.dtype.kind in "mM":
        return values.view(np.int64)
    if values.dtype.kind not in "iub":
        raise UsageError(
            "A metric contributes numbers that are not whole",
            got=f"dtype {values.dtype}",
            allowed="integers, timedelta64, datetime64",
            remedy="give them in a smaller unit, so that no figure rests on a rounded number",
        )
    return values.astype(np.int64, copy=False)


def _as_dates(values: npt.NDArray[Any] | None) -> npt.NDArray[np.datetime64] | None:
    if values is None or values.dtype in DATES:
        return values
    if values.dtype.kind == "M" and np.datetime_data(values.dtype)[0] in ("h", "m", "s", "ms", "ns"):
        return values.astype(DATES[1])
    raise UsageError(
        "A metric places records by something that is no date",
        got=f"dtype {values.dtype}",
        allowed="datetime64[D], or datetime64[us] in UTC",
        remedy="give days, or instants in UTC",
    )


@attrs.frozen(eq=False, kw_only=True)
class Contribution:
    """One entry a record; every array has the shape (records,).

    on: the day or instant that places the record in a period, NaT for undated.
    outcome: codes as `Outcomes.pick` gives them.
    until: the day or instant of its end, NaT while it lasts; with it, cohorts, flows and stocks can be told.
    amount: whole numbers in the source's own ticks (a span: microseconds), MISSING for none; for sums and means.
    bins: whole numbers, 0 or more, such as full seconds, MISSING for none; for exact quantiles.
    times: how many cases one row stands for, MISSING where nobody knows; 1 where it is left out.
    certain: the records whose outcome stands whatever is unknown about them, such as a faulty child row; none where
    it is left out.
    aged: whether the day on which each record began is kept, so that the age of what is pending can be told;
    it takes the place of `bins`.
    """

    on: Days | Instants = attrs.field(converter=_as_dates)
    outcome: npt.NDArray[np.uint8]
    until: Days | Instants | None = attrs.field(default=None, converter=_as_dates)
    amount: Integers | None = attrs.field(default=None, converter=_as_integers)
    bins: Integers | None = attrs.field(default=None, converter=_as_integers)
    times: Integers | None = attrs.field(default=None, converter=_as_integers)
    certain: Mask | None = None
    aged: bool = False

    def __attrs_post_init__(self) -> None:
        if self.aged and self.bins is not None:
            raise UsageError(
                "A contribution keeps either bins or the day of beginning",
                got="aged=True with bins",
                remedy="write one metric for the quantiles and another for the ages",
            )
        arrays = {
            name: getattr(self, name) for name in ("on", "outcome", "until", "amount", "bins", "times", "certain")
        }
        lengths = {name: len(array) for name, array in arrays.items() if array is not None}
        if len(set(lengths.values())) > 1:
            raise UsageError(
                "The arrays of a contribution have different lengths",
                got=", ".join(f"{name} {length}" for name, length in lengths.items()),
                remedy="give one entry a record in each",
            )
        if self.times is not None and self.times[self.times != MISSING].min(initial=0) < 0:
            raise UsageError(
                "A row cannot stand for less than no case",
                where="times",
                got="a negative number",
                remedy="give 0 where a row is known to stand for no case, MISSING where nobody knows for how many",
            )

    def __len__(self) -> int:
        return len(self.outcome)

    def weighed(self, code: int) -> Contribution:
        """Return the contribution with the outcome `code`, and no weight, where nobody knows what a row stands for."""
        if self.times is None or self.times.min(initial=0) >= 0:
            return self
        unknown = self.times == MISSING
        return attrs.evolve(
            self, times=np.where(unknown, 0, self.times), outcome=np.where(unknown, np.uint8(code), self.outcome)
        )

    def with_unknown(self, rows: Mask | None, code: int) -> Contribution:
        """Return the contribution with the outcome `code` for the records that the source says it does not know."""
        if rows is None or not rows.any():
            return self
        if self.certain is not None:
            rows = rows & ~self.certain
        return attrs.evolve(self, outcome=np.where(rows, np.uint8(code), self.outcome))


Contributed: TypeAlias = Contribution | Mapping[str, Contribution]
"""One contribution, or one for each facet by its name."""
