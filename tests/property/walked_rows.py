"""The figures of plain rows, counted one by one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import attrs

from casequality.days import Period
from casequality.metrics.tallies.outcomes import NO, OUT, YES, Role
from tests.factories.tallies import ROLES, Row


@attrs.frozen
class Walk:
    """The figures of rows, counted one by one; `roles` says what each outcome plays."""

    rows: Sequence[Row]
    roles: Mapping[str, Role] = ROLES
    closed: bool = False
    weighted: bool = False

    def within(self, period: Period, *roles: Role) -> list[Row]:
        """Return the rows that a period holds and that play one of these roles."""
        where = "until" if self.closed else "on"
        return [row for row in self.rows if row[where] and row[where] in period and self.roles[row["what"]] in roles]

    def weight(self, rows: Iterable[Row]) -> int:
        """Return how many cases rows stand for."""
        return sum(row["times"] if self.weighted else 1 for row in rows)

    def share(self, period: Period) -> Fraction | None:
        """Return yes among yes and no."""
        yes, settled = self.weight(self.within(period, YES)), self.weight(self.within(period, YES, NO))
        return Fraction(yes, settled) if settled else None

    def mean(self, period: Period) -> Fraction | None:
        """Return the mean amount of the yes."""
        known = [row for row in self.within(period, YES) if row["amount"] is not None]
        weight = self.weight(known)
        total = sum(row["amount"] * (row["times"] if self.weighted else 1) for row in known)
        return Fraction(total, weight) if weight else None

    def quantile(self, period: Period, p: Fraction) -> int | None:
        """Return the ceil(p n)-th smallest number of the yes."""
        numbers = [
            row["bin"]
            for row in self.within(period, YES)
            if row["bin"] is not None
            for _ in range(row["times"] if self.weighted else 1)
        ]
        return ranked(numbers, p)

    def inflow(self, period: Period) -> int:
        """Return how many began in a period, but those that are out."""
        return self.weight(row for row in self._kept() if row["on"] in period)

    def outflow(self, period: Period) -> int:
        """Return how many yes ended in a period."""
        kept = [row for row in self.rows if self.roles[row["what"]] is YES]
        return self.weight(row for row in kept if row["until"] and row["until"] in period)

    def ages(self, period: Period) -> list[int]:
        """Return the age in days, on a period's last day, of each case that is pending then."""
        return [
            (period.last - row["on"]).days
            for row in self._kept()
            if row["on"] < period.end and (row["until"] is None or row["until"] >= period.end)
            for _ in range(row["times"] if self.weighted else 1)
        ]

    def _kept(self) -> list[Row]:
        return [row for row in self.rows if row["on"] and self.roles[row["what"]] is not OUT]


def ranked(numbers: Iterable[int], p: Fraction) -> int | None:
    """Return the ceil(p n)-th smallest of n numbers, or the smallest for p = 0."""
    ordered = sorted(numbers)
    return ordered[max(1, math.ceil(p * len(ordered))) - 1] if ordered else None
