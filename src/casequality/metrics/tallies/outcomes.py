"""Outcomes: what can become of a record, its role in a figure, and what a metric says of a block of records."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Days, Instants, Integers, Mask
from casequality.errors import UnknownName, UsageError


class Role(enum.Enum):
    """What an outcome is to a figure: counted as yes or no, not yet knowable, left out, or unknown."""

    YES = "yes"
    NO = "no"
    OPEN = "open"
    OUT = "out"
    UNKNOWN = "unknown"


YES: Final = Role.YES
NO: Final = Role.NO
OPEN: Final = Role.OPEN
OUT: Final = Role.OUT
UNKNOWN: Final = Role.UNKNOWN

UNREADABLE: Final = "unknown"
"""The outcome of a record of which the source itself says that it does not know; the core adds it."""

SETTLED: Final[Mapping[str, Role]] = {
    "in_time": YES,
    "in_time_early": YES,
    "late": NO,
    "open_overdue": NO,
    "pending": OPEN,
    "undated": UNKNOWN,
}
"""The states of a deadline, as `AsOf.settle` gives them, with the roles they have where all cases count."""


@attrs.frozen
class Outcomes:
    """A closed list of named outcomes; declared order is precedence, the last is what remains."""

    roles: Mapping[str, Role]

    def __attrs_post_init__(self) -> None:
        if not 0 < len(self.roles) < 250:
            raise UsageError(
                "A metric declares between 1 and 249 outcomes",
                got=len(self.roles),
                remedy="merge outcomes that no reading tells apart",
            )

    def __iter__(self) -> Iterator[str]:
        return iter(self.roles)

    def __len__(self) -> int:
        return len(self.roles)

    @property
    def names(self) -> tuple[str, ...]:
        """The names by code: code 0 is what remains, the highest is the first declared, then `UNREADABLE`."""
        declared = tuple(reversed(tuple(self.roles)))
        return declared if UNREADABLE in self.roles else (*declared, UNREADABLE)

    def pick(self, **conditions: Mask) -> npt.NDArray[np.uint8]:
        """Return each record's outcome: the first declared one whose condition holds, else the last.

        Every outcome but the last needs a condition of shape (records,); a condition for the last is not looked at,
        but says how many records there are where it is the only outcome.
        """
        names = tuple(self.roles)
        self._check(conditions)
        picked = np.zeros(len(next(iter(conditions.values()))), np.uint8)
        rank = np.empty_like(picked)
        # the highest code wins, and codes rise towards the first declared; no rows are chosen, which would take longer
        for code, name in enumerate(reversed(names[:-1]), start=1):
            np.multiply(conditions[name].view(np.uint8), np.uint8(code), out=rank)
            np.maximum(picked, rank, out=picked)
        return picked

    def _check(self, conditions: Mapping[str, Mask]) -> None:
        unknown = [name for name in conditions if name not in self.roles]
        lacking = [name for name in tuple(self.roles)[:-1] if name not in conditions]
        if unknown or lacking or not conditions:
            raise UnknownName(
                "The conditions do not fit the declared outcomes",
                got=f"not declared: {', '.join(unknown) or 'none'}; no condition: {', '.join(lacking) or 'none'}",
                allowed=self.roles,
                remedy="give one condition for each outcome but the last, and at least one",
            )


def outcomes(**roles: Role) -> Outcomes:
    """Declare a metric's outcomes in order of precedence, each with its role.

    >>> outcomes(answered=YES, abandoned=NO, undated=UNKNOWN).names
    ('undated', 'abandoned', 'answered', 'unknown')
    """
    return Outcomes(roles)


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
    more: how many cases beside these it may stand for, which nobody can tell; none where it is left out.
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
    more: Integers | None = attrs.field(default=None, converter=_as_integers)
    certain: Mask | None = None
    aged: bool = False

    def __attrs_post_init__(self) -> None:
        if self.aged and self.bins is not None:
            raise UsageError(
                "A contribution keeps either bins or the day of beginning",
                got="aged=True with bins",
                remedy="write one metric for the quantiles and another for the ages",
            )
        names = ("on", "outcome", "until", "amount", "bins", "times", "more", "certain")
        arrays = {name: getattr(self, name) for name in names}
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
        # one of no weight, so that it adds to nothing until somebody says how many it stands for
        unknown = self.times == MISSING
        return attrs.evolve(
            self, times=np.where(unknown, 0, self.times), outcome=np.where(unknown, np.uint8(code), self.outcome)
        )

    def with_unknown(self, rows: Mask | None, code: int, *, weighed: bool = False) -> Contribution:
        """Return the contribution with the outcome `code` for the records that the source says it does not know.

        weighed: whether the metric worked out how many cases a row stands for: of such a record nobody knows that.
        """
        if rows is None or not rows.any():
            return self
        if self.certain is not None:
            rows = rows & ~self.certain
        times = np.where(rows, 0, self.times) if weighed and self.times is not None else self.times
        return attrs.evolve(self, times=times, outcome=np.where(rows, np.uint8(code), self.outcome))


Contributed: TypeAlias = Contribution | Mapping[str, Contribution]
"""One contribution, or one for each facet by its name."""
