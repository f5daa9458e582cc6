"""Outcomes: what can become of a record, and the role each plays in a figure."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import Mask
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
