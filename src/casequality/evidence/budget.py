"""What can still be attained: how many of the open cases may still be missed before a target is out of reach."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs

from casequality.errors import UsageError, Words
from casequality.evidence.said import Finding, per_cent, plain_share, say

Compared: TypeAlias = Literal["at least", "above", "at most", "below"]
COMPARED: Final[tuple[Compared, ...]] = get_args(Compared)
State: TypeAlias = Literal["met", "possible", "lost"]


@attrs.frozen(kw_only=True)
class Budget(Finding):
    """Between what a share can end, whatever becomes of the cases that are still open; certain, and no forecast.

    yes, no: settled. open: whose outcome can still be either. target: a share, and `compared` how it is held against
    it. since: the day from which it has been certain, None where nobody looked earlier, or nothing is certain.
    """

    yes: int
    no: int
    open: int
    target: Fraction
    compared: Compared = "at least"
    since: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        if min(self.yes, self.no, self.open) < 0 or not self.cases or self.compared not in COMPARED:
            raise UsageError(
                "A budget is made of cases",
                got=f"{self.yes} yes, {self.no} no, {self.open} open; {self.compared}",
                allowed=f"numbers from 0, not all 0; {', '.join(COMPARED)}",
                remedy="give the counts of one period",
            )

    @property
    def cases(self) -> int:
        """How many there are when all are settled."""
        return self.yes + self.no + self.open

    @property
    def least(self) -> Fraction:
        """The least that the share can end at."""
        return Fraction(self.yes, self.cases)

    @property
    def most(self) -> Fraction:
        """The greatest that the share can end at."""
        return Fraction(self.yes + self.open, self.cases)

    @property
    def _slack(self) -> int:
        """How many of the open ones may count against the target; negative where not even none would do."""
        exact = self.target * self.cases
        if self.compared in ("at least", "above"):
            needed = math.ceil(exact) if self.compared == "at least" else math.floor(exact) + 1
            return self.yes + self.open - needed
        allowed = math.floor(exact) if self.compared == "at most" else math.ceil(exact) - 1
        return allowed - self.yes

    @property
    def state(self) -> State:
        """Whether the target is met already, still possible, or lost."""
        return "lost" if self._slack < 0 else "met" if self._slack >= self.open else "possible"

    @property
    def may_miss(self) -> int:
        """How many of the open cases may still count against the target."""
        return max(0, min(self._slack, self.open))

    @property
    def sentences(self) -> tuple[Words, ...]:
        """The state, since when, and between what the share ends."""
        given: dict[str, Any] = {"open": self.open, "k": self.may_miss, "target": plain_share(self.target)}
        if self.state == "possible":
            first = say(
                "The target of {target} can still be met: of the {open} open cases {k} may still count against it.",
                "Måltallet på {target} kan stadig nås: af de {open} åbne sager må {k} endnu tælle imod.",
                **given,
            )
        else:
            en, da = STATES[self.state]
            since = Words("", "")
            if self.since:
                since = say(" since {day}", " siden {day}", day=self.since)
            first = say(en, da, **given, since=since)
        low, high = per_cent(self.least, self.target), per_cent(self.most, self.target)
        between = say(
            "The figure ends between {low} and {high}, whatever becomes of them.",
            "Tallet ender mellem {low} og {high}, uanset hvordan det går dem.",
            low=low,
            high=high,
        )
        return first, between

    def to_dict(self) -> dict[str, Any]:
        """Return the budget as plain data."""
        worked = {"least": float(self.least), "most": float(self.most), "may_miss": self.may_miss, "state": self.state}
        return {**Finding.to_dict(self), **worked}


STATES: Final[dict[str, tuple[str, str]]] = {
    "met": (
        "The target of {target} is met already{since}: all {open} open cases may count against it.",
        "Måltallet på {target} er allerede nået{since}: alle {open} åbne sager må tælle imod.",
    ),
    "lost": (
        "The target of {target} is lost{since}: it would not be met if all {open} open cases counted for it.",
        "Måltallet på {target} kan ikke længere nås{since}: heller ikke, hvis alle {open} åbne sager taler for.",
    ),
}


def budget(
    yes: int,
    no: int,
    open: int,
    target: Fraction,
    *,
    compared: Compared = "at least",
    inflow: int = 0,
    earlier: Sequence[tuple[dt.date, int, int, int]] = (),
    day: dt.date | None = None,
) -> Budget:
    """Return what can still be attained.

    open: cases that can still turn out either way; one that is overdue already is a no. inflow: at most so many further
    cases may come into the figure; they are open too, so what is certain is certain for any number up to that.
    earlier: days before, in order, with the yes, no and open of each; day: the day of today's counts. With them the
    budget says since when it has been certain, without a gap up to today.

    >>> found = budget(1080, 420, 200, Fraction(3, 4))
    >>> round(float(found.least), 3), round(float(found.most), 3), found.may_miss
    (0.635, 0.753, 5)
    """
    now = Budget(yes=yes, no=no, open=open + inflow, target=target, compared=compared)
    if now.state == "possible" or day is None:
        return now
    since = day
    for on, *counts in reversed(earlier):
        before = Budget(yes=counts[0], no=counts[1], open=counts[2] + inflow, target=target, compared=compared)
        if before.state != now.state:
            break
        since = on
    return attrs.evolve(now, since=since)
