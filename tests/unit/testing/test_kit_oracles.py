"""What an oracle may say, and what an author reads where it says something else, or what cannot be compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import attrs
import pytest

import casequality as cq
import casequality.testing as kit
from casequality.testing import Answer
from tests.kit.original import DaysOfLetters, Errand, PagesSent, days_of_letters, pages_sent

Oracle = Callable[[dict[str, Any], dt.date], Any]


def found(metric: type[cq.Metric], oracle: Oracle) -> kit.Check:
    [check] = kit.check(metric, only=["oracle"], oracle=oracle, examples=20).checks
    return check


def changed(**parts: Any) -> Oracle:
    """Return the right answer to the pages that were sent, but for some parts."""
    return lambda errand, day: attrs.evolve(pages_sent(errand, day), **parts)


def short(errand: dict[str, Any], day: dt.date) -> tuple[str, int | None]:
    """Return the outcome with the number of the quantile, as a pair."""
    answer = days_of_letters(errand, day)
    assert not isinstance(answer.bins, Answer)
    return answer.outcome, answer.bins  # type: ignore[return-value]


@attrs.frozen
class OnlyBins(DaysOfLetters):
    """A metric that contributes bins and no amount."""

    def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return the contribution without its amount."""
        return attrs.evolve(super().contribute(errands, as_of), amount=None)


@attrs.frozen
class InFacets(PagesSent):
    """The same in two facets, of which one says no end and no amount."""

    def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:  # type: ignore[override]
        """Return both."""
        whole = super().contribute(errands, as_of)
        return {"whole": whole, "begun": attrs.evolve(whole, until=None, amount=None)}


def in_facets(errand: dict[str, Any], day: dt.date) -> dict[str, Any]:
    """Return an answer for each facet, one of them in full."""
    answer = pages_sent(errand, day)
    return {"whole": answer, "begun": answer.outcome}


@pytest.mark.parametrize(
    ("metric", "oracle"),
    [
        (PagesSent, pages_sent),
        (PagesSent, lambda errand, day: pages_sent(errand, day).outcome),
        (PagesSent, lambda errand, day: (pages_sent(errand, day).outcome, pages_sent(errand, day).amount)),
        (PagesSent, lambda errand, day: {"": pages_sent(errand, day)}),
        (OnlyBins, short),
        (InFacets, in_facets),
    ],
    ids=["all", "a name", "a pair", "a facet", "a pair for bins", "facets"],
)
def test_an_oracle_says_as_much_as_it_likes(metric: type[cq.Metric], oracle: Oracle) -> None:
    assert found(metric, oracle).state == "passed"


@pytest.mark.parametrize(
    ("metric", "oracle", "said"),
    [
        (PagesSent, changed(on=None), "and the oracle on None"),
        (PagesSent, changed(on=dt.date(1999, 1, 1)), "and the oracle on 1999-01-01"),
        (PagesSent, changed(until=dt.date(1999, 1, 1)), "and the oracle until 1999-01-01"),
        (PagesSent, changed(amount=-1), "and the oracle amount -1"),
        (PagesSent, changed(amount=None), "and the oracle amount None"),
        (PagesSent, changed(times=None), "and the oracle times None"),
        (PagesSent, changed(bins=3), "The metric says nothing of bins"),
        (PagesSent, changed(outcome="shut"), "The oracle says 'shut'; allowed are 'open', 'closed'"),
        (PagesSent, changed(on=dt.datetime(2010, 6, 1, tzinfo=dt.UTC)), "says of on a datetime"),
        (PagesSent, changed(amount=1.5), "says of amount a float"),
        (PagesSent, changed(times=True), "says of times a bool"),
        (PagesSent, lambda *_: None, "The oracle returns NoneType"),
        (PagesSent, lambda *_: ("open", 1, 2), "The oracle returns tuple"),
        (PagesSent, lambda *_: {"north": "open"}, "answers for the facet 'north'"),
        (OnlyBins, lambda errand, day: (short(errand, day)[0], -4), "and the oracle bins -4"),
        (OnlyBins, lambda errand, day: Answer(short(errand, day)[0], amount=1), "The metric says nothing of amount"),
        (InFacets, lambda errand, day: {"begun": pages_sent(errand, day)}, "nothing of until of facet begun"),
    ],
)
def test_each_part_that_differs_or_cannot_be_compared_is_told(
    metric: type[cq.Metric], oracle: Oracle, said: str
) -> None:
    check = found(metric, oracle)
    assert (check.state, "raised" in check.reason) == ("failed", False)
    assert said in check.reason
    assert "way out  " in check.reason


def test_an_instant_is_compared_as_an_instant_in_any_zone() -> None:
    class Instants(PagesSent):
        """Placed by the instant itself."""

        def contribute(self, errands: Errand, as_of: cq.AsOf, /) -> cq.Contribution:
            return attrs.evolve(super().contribute(errands, as_of), on=errands.opened_at, until=None)

    def told(errand: dict[str, Any], day: dt.date) -> Answer:
        opened = errand["opened_at"]
        zone = dt.timezone(dt.timedelta(hours=5))
        return Answer(pages_sent(errand, day).outcome, on=opened and opened.astimezone(zone))

    assert found(Instants, told).state == "passed"
    late = found(Instants, lambda errand, day: attrs.evolve(told(errand, day), on=dt.date(2010, 6, 1)))
    assert "says of on a date" in late.reason
