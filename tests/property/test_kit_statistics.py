"""What the kit finds of statistics: nothing of the shipped ones, and of others what they hide."""

from __future__ import annotations

from fractions import Fraction

import attrs
import numpy as np
import pytest

import casequality as cq
import casequality.testing as kit
from casequality.metrics.declaring.statistics import (
    Count,
    Flow,
    Mean,
    PendingAge,
    Quantile,
    Ratio,
    Share,
    Statistic,
    Sum,
    TimeToEnd,
)
from casequality.metrics.tallies.grid import Limits
from casequality.testing.invented.own_statistics import Trial
from casequality.testing.invented.subject import Broken
from tests.kit.original import FOUR_WEEKS, DecidedInTime

HALF, MOST = Fraction(1, 2), Fraction(9, 10)
NONE = Limits(0, None, None)
SHIPPED: list[tuple[Statistic, tuple[str, ...]]] = [
    (Share(), ()),
    (Share(), ("until", "times")),
    (Count(), ("times",)),
    (Sum(), ("amount",)),
    (Sum(), ("amount", "times")),
    (Mean(), ("amount",)),
    (Mean(), ("amount", "times")),
    (Ratio(), ("times",)),
    (Flow("inflow"), ("until",)),
    (Flow("outflow"), ("until",)),
    (Flow("stock"), ("until",)),
    (Flow("clearance"), ("until", "times")),
    (Flow("disposition time"), ("until",)),
    (Flow("against year before"), ("until",)),
    (Quantile(HALF), ("bins",)),
    (Quantile(MOST), ("bins", "times")),
    (TimeToEnd(HALF), ("bins",)),
]


@pytest.mark.parametrize(("statistic", "parts"), SHIPPED, ids=str)
def test_the_bounds_of_a_shipped_statistic_are_those_that_all_completions_reach(
    statistic: Statistic, parts: tuple[str, ...]
) -> None:
    trial = Trial.of(statistic, NONE, parts, aged=False)
    trial.refuse_wrong_bounds()
    trial.refuse_rounding()


@attrs.frozen
class HowMany(cq.statistics.Quotient):
    """How many are settled, whichever way: what is open or unknown may be one more, or an unknown one left out."""

    above = (cq.statistics.Term("placed", (cq.YES, cq.NO)),)
    below = ()
    base = 1


@attrs.frozen
class OfAll(cq.statistics.Quotient):
    """How many of all that are there are settled."""

    above = (cq.statistics.Term("placed", (cq.YES, cq.NO)),)
    below = (cq.statistics.Term("placed", (cq.YES, cq.NO, cq.OPEN, cq.UNKNOWN)),)


@pytest.mark.parametrize("statistic", [HowMany(), OfAll()], ids=["how many", "of all"])
def test_what_counts_a_yes_and_a_no_alike_is_not_sure_of_what_is_neither_yet(statistic: Statistic) -> None:
    Trial.of(statistic, NONE, (), aged=False).refuse_wrong_bounds()


@pytest.mark.parametrize("p", [None, HALF], ids=str)
def test_the_ages_of_what_is_pending_too(p: Fraction | None) -> None:
    Trial.of(PendingAge(p), NONE, ("until",), aged=True).refuse_wrong_bounds()


def test_a_scale_is_tried_within_its_ends() -> None:
    Trial.of(Mean(most=5), Limits(0, 5, None), ("amount",), aged=False).refuse_wrong_bounds()


@attrs.frozen
class Wide(Share):
    """Bounds that hold and are never reached; `loose` says whether it says so."""

    def bounds(self, counts: cq.statistics.Counts, /) -> cq.statistics.Bounds:
        """Return 0 and 1."""
        one, all_ = np.ones(counts.size, np.int64), np.ones(counts.size, bool)
        low, high = (cq.statistics.Ends(each, one, all_) for each in (0 * one, one))
        return attrs.evolve(super().bounds(counts), low=low, high=high)


@attrs.frozen
class Loose(Wide):
    """The same, declared."""

    tight = False


def test_bounds_that_nothing_reaches_hold_where_the_statistic_says_so() -> None:
    Trial.of(Loose(), NONE, (), aged=False).refuse_wrong_bounds()
    with pytest.raises(Broken, match="tight = False"):
        Trial.of(Wide(), NONE, (), aged=False).refuse_wrong_bounds()


@attrs.frozen
class Narrow(Loose):
    """Said to be loose, and too narrow: that is no excuse."""

    def bounds(self, counts: cq.statistics.Counts, /) -> cq.statistics.Bounds:
        """Return the least for both."""
        found = Share.bounds(self, counts)
        return attrs.evolve(found, high=found.low)


def test_bounds_must_hold_also_where_they_are_loose() -> None:
    with pytest.raises(Broken, match="a completion gives"):
        Trial.of(Narrow(), NONE, (), aged=False).refuse_wrong_bounds()


@attrs.frozen
class Bounded(DecidedInTime):
    """A metric with a sound statistic of its own."""

    statistic = Loose()


def test_a_sound_statistic_of_ones_own_passes_and_a_shipped_one_is_not_asked() -> None:
    laws = ["bounds", "exact"]
    own, shipped = (
        kit.check(metric, only=laws, deadlines=[FOUR_WEEKS], examples=2) for metric in (Bounded, DecidedInTime)
    )
    assert [check.state for check in own.checks] == ["passed", "passed"]
    assert [check.state for check in shipped.checks] == ["passed", "skipped"]


@attrs.frozen
class Silent(Statistic):
    """A statistic that says nothing of doubt."""

    def value(self, counts: cq.statistics.Counts, /) -> cq.statistics.Values:
        """Return nothing."""
        raise NotImplementedError


def test_a_statistic_without_bounds_cannot_be_made() -> None:
    with pytest.raises(cq.errors.UsageError, match="def bounds"):
        Silent()  # type: ignore[abstract]
