"""What a statistic is: the two things that each has to say of counts."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, ClassVar, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.errors import UsageError
from casequality.metrics.bounds import (
    NOT_DUE,
    Bounds,
    CellTable,
    Counts,
    Numbers,
    Term,
    Values,
    quotient_bounds,
    sum_of,
)
from casequality.metrics.tallies import NO, OPEN, UNKNOWN, YES, Role

ROLES_OF_RECORDS: Final = (YES, NO, OPEN, UNKNOWN)
WHAT_TO_ADD: Final = {
    "value": "def value(self, counts): its exact figures as Values",
    "bounds": "def bounds(self, counts): the least and the greatest that they can become once the records in doubt are "
    "settled, as Bounds; or build upon Quotient, which makes both of the terms above and below",
    "above": "above = (Term(...),): what each record adds to the numerator",
    "below": "below = (Term(...),): what each record adds to the denominator",
}


class Statistic(abc.ABC):
    """How counts make figures: two things that each statistic has to say.

    Subclass it, or `Quotient`, with `attrs.frozen`. A class that leaves one of the two out cannot be made.
    tight: whether its bounds are reached, or come as near as one likes, by some way of settling the records.
    joins_facets: whether the facets of a metric make one figure together, not one each.
    is_count: whether it counts cases, so that a longer period has more of them. counts_nothing: whether it is a figure,
    0, where records began in no period shown. is_share: whether it lies between 0 and 1. is_mean: whether it is a sum
    of amounts divided by the cases that have one. by_case: whether each case moves its numerator by one or not at all.
    placed: whether it is of the records placed in the period, which its outcomes count, and of no others.
    """

    tight: ClassVar[bool] = True
    joins_facets: ClassVar[bool] = False
    is_count: bool = False
    counts_nothing: bool = False
    is_share: bool = False
    is_mean: bool = False
    by_case: bool = False
    placed: bool = True

    def __new__(cls, *_: Any, **__: Any) -> Statistic:
        """Refuse a class that leaves something out, and say what to add."""
        lacking = sorted(getattr(cls, "__abstractmethods__", ()))
        if lacking:
            raise UsageError(
                "A statistic does not say all that a figure needs",
                where=cls.__qualname__,
                got=f"no {' and no '.join(lacking)}",
                remedy="; ".join(f"add {WHAT_TO_ADD.get(name, name)}" for name in lacking),
            )
        return super().__new__(cls)

    @abc.abstractmethod
    def value(self, counts: Counts, /) -> Values:
        """Return the exact figures."""

    @abc.abstractmethod
    def bounds(self, counts: Counts, /) -> Bounds:
        """Return the least and the greatest that they can become once the records in doubt are settled."""

    def drawn(self, counts: Counts, /) -> tuple[Numbers, Numbers, int] | None:
        """Return, where the records are a sample, its yes and its size by figure, and the figure if all were a yes.

        None for a statistic of which the chance in a sample is not computed.
        """
        return None

    @property
    def named(self) -> tuple[str, Fraction | None]:
        """What it is called where figures are explained, and the share that a quantile is asked at."""
        return _spaced(type(self).__name__), None


class Quotient(Statistic):
    """A quotient of sums: value and bounds follow from what each record adds above and below.

    base: what is below in any case; 1 for a sum that is divided by nothing. there: the roles of the records that make a
    figure, if only of 0, where they are.
    """

    base: ClassVar[int] = 0
    there: ClassVar[Sequence[Role]] = ROLES_OF_RECORDS

    @property
    @abc.abstractmethod
    def above(self) -> Sequence[Term]:
        """What each record adds to the numerator."""

    @property
    @abc.abstractmethod
    def below(self) -> Sequence[Term]:
        """What each record adds to the denominator."""

    def factor(self, counts: Counts) -> Numbers | None:
        """Return by what each figure's numerator is multiplied; None for nothing."""
        return None

    def value(self, counts: Counts, /) -> Values:
        """Return the exact quotients; pending cases and their ages are known only of a period that is over."""
        number: Any = "amount" if any(term.of == "amount" for term in self.above) else "none"
        upper, lower = (
            sum((sum_of(counts, term, term.roles, number) for term in terms), np.zeros(counts.size, np.int64))
            for terms in (self.above, self.below)
        )
        times = self.factor(counts)
        upper, lower = upper if times is None else upper * times, lower + self.base
        found = Values.of(upper, lower, self.nothing(counts, upper))
        return found.unless(~counts.over, NOT_DUE) if self.waits else found

    def nothing(self, counts: Counts, numerator: Numbers) -> npt.NDArray[np.bool_]:
        """Return where there is nothing to make a figure of."""
        return np.asarray(counts.rows(*self.there) == 0, bool)

    @property
    def waits(self) -> bool:
        """Whether there is no figure before a period is over."""
        return any(term.when == "pending" for term in (*self.above, *self.below))

    def bounds(self, counts: Counts, /) -> Bounds:
        """Return the least and the greatest quotients."""
        found = quotient_bounds(counts, self.above, self.below, self.base, factor=self.factor(counts))
        nought = np.zeros(counts.size, np.int64)
        none = self.nothing(counts, nought) & (sum(found.doubt.values(), nought) == 0)
        if not self.base or not none.any():
            return found
        # a record in doubt that adds nothing whatever it is makes, where it belongs there, a nought of no figure; one
        # that stands for no case does so too
        grid = counts.grid
        if grid.tally.counted("weightless").any():
            counts = Counts(CellTable.whole(attrs.evolve(grid, tally=grid.tally.each_once())))
        there = quotient_bounds(counts, (Term("placed", tuple(self.there)),), (), 1).doubt
        more = {reason: found.doubt.get(reason, 0) + np.where(none, rows, 0) for reason, rows in there.items()}
        return attrs.evolve(found, doubt={**found.doubt, **more})


class Rank(Statistic):
    """A quantile of numbers; `value` and `bounds` rank them."""

    p: Fraction

    @property
    def _p(self) -> tuple[int, int]:
        return self.p.numerator, self.p.denominator


def _spaced(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
