"""No way of settling the records in doubt leads outside a figure's bounds, and some way leads to each of them."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

import attrs
import numpy as np
import pytest
from hypothesis import settings

from casequality.days import period
from casequality.metrics.asking import traced
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.statistics import NO_DATA, Mean, Ratio
from casequality.metrics.figures import Figure
from casequality.metrics.measurement import conclude
from casequality.metrics.tallies import doubts
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.outcomes import Contribution
from casequality.metrics.tallies.stored import to_bytes
from tests.factories.tallies import AS_OF, ROLES, ZONE, tallied
from tests.property.doubtful_notes import (
    EDGES,
    PERIODS,
    REASONS,
    STATISTICS,
    Case,
    Note,
    Noted,
    doubtful,
    drawn,
    made,
    sound,
)
from tests.property.enumerated import HEAVY, HUGE, Asked, Line, Truth, settle

NEAR: Final = Fraction(1, 10_000)


def limited(end: Fraction) -> Fraction | None:
    """Return an end, None for one without limit: what has none is enumerated as something huge."""
    return None if abs(end) > HEAVY // 1_000 else end


def beyond(told: Fraction | None, end: Fraction | None, side: int) -> Fraction | None:
    """Return how far a bound lies outside the least (-1) or greatest (1) value; None where only one has no limit."""
    if told is None or end is None:
        return Fraction(0) if told is end else None
    return side * (told - end)


def end_fault(figure: Figure, truth: Truth, side: int) -> str:
    """Return what is wrong with one end: "" for nothing. What has no limit is only approached."""
    told, end = (figure.low, truth.values[0]) if side < 0 else (figure.high, truth.values[-1])
    out = beyond(told, limited(end), side)
    if (out is None and told is not None) or (out is not None and out < 0):
        return "unsound low" if side < 0 else "unsound high"
    if not figure.value.loose and (out is None or out > NEAR):
        return "not tight low" if side < 0 else "not tight high"
    exact = figure.value.exact
    return "value outside" if None not in (told, exact) and side * (told - exact) < 0 else ""  # type: ignore[operator]


def fault(figure: Figure, truth: Truth, asked: Asked) -> str:
    """Return what is wrong with the bounds of a figure: "" for nothing."""
    value = figure.value
    if value.reason == NO_DATA:  # nothing is there, whatever the records turn out to be
        return "" if not value.possible and not any(truth.values) else "possible"
    if value.possible != truth.possible:
        return "possible"
    if not truth.possible:
        return ""
    if not figure.doubt and (len(truth.values) > 1 or truth.undefined):
        return "no doubt told of"
    wrong = end_fault(figure, truth, -1) or end_fault(figure, truth, 1)
    # of a sum only what has a number is known: where each has at least some, it lies below
    if wrong and not (wrong == "value outside" and asked.statistic == "sum" and asked.least):
        return wrong
    lacking = value.undefined < truth.undefined if value.loose else value.undefined != truth.undefined
    return "undefined" if lacking else ""


def may_be_loose(case: Case) -> bool:
    """Return whether a bounded tally cannot keep the bounds of a case tight."""
    asked = case.asked
    summed, weights = asked.statistic in ("sum", "mean"), {line.times for line in case.lines}
    strayed = bool(asked.orphans) and (summed or asked.ranks or asked.statistic in ("ratio", "disposition time"))
    unlabelled = summed and "office" in case.groups and any(line.office is None for line in case.lines)
    return strayed or unlabelled or (asked.weighted and weights != {1})


def checked(case: Case) -> Counter[str]:
    """Return how many figures of a case are right, loose or wrong, and how."""
    found: Counter[str] = Counter()
    for figure in case.measured().figures:
        if figure.groups.get("office", "") is None and "office" in case.asked.where:
            continue  # nobody asked for those without an office
        truth = settle(case.lines, attrs.evolve(case.asked, group=figure.groups))
        if truth is not None:
            wrong = fault(figure, truth, case.asked)
            if figure.value.loose and not may_be_loose(case):
                wrong = "loose without need"
            found[wrong or ("loose" if figure.value.loose else "right")] += 1
    return found


def cases(statistic: str, reasons: Sequence[str] = REASONS, *, share: int = 5) -> Iterator[tuple[str, Case]]:
    """Yield some cases of each reason, each with what makes it again; more of them where properties are run long."""
    for reason in reasons:
        for number in range(settings().max_examples // share):
            name = f"{statistic}/{reason}/{number}"
            yield name, drawn(random.Random(name), statistic, reason)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_bounds_are_what_some_way_of_settling_the_records_gives_and_none_goes_beyond(statistic: str) -> None:
    met: Counter[str] = Counter()
    for name, case in cases(statistic):
        found = checked(case)
        assert not found.keys() - {"right", "loose"}, f"{name}: {dict(found)}"
        met += found
    assert met["right"] > met["loose"]


@pytest.mark.parametrize("statistic", STATISTICS)
def test_two_halves_merged_have_the_bytes_of_the_whole(statistic: str) -> None:
    for name, case in cases(statistic, ("mixed", "marks", "weight"), share=10):
        whole = case.tally(case.lines)
        for cut in range(1, len(case.lines)):
            halves = case.tally(case.lines[:cut]) + case.tally(case.lines[cut:])
            assert to_bytes(halves) == to_bytes(whole), name


@pytest.mark.parametrize("statistic", STATISTICS)
def test_periods_concluded_together_are_those_concluded_one_by_one(statistic: str) -> None:
    for name, case in cases(statistic, ("mixed", "set aside, nothing known"), share=25):
        tally = case.tally()
        together = case.measured(tally, PERIODS)
        alone = [case.measured(tally, [each]) for each in PERIODS]
        for figure in together:
            one = alone[PERIODS.index(figure.period)].figure(figure.period.label, **figure.groups)
            assert (one.value, one.doubt) == (figure.value, figure.doubt), name


@pytest.mark.parametrize("statistic", ["sum", "mean", "quantile", "time to end", "share"])
def test_amounts_that_keep_their_first_digits_only_are_never_outside(
    statistic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubts, "FEW", 3)
    loose = 0
    for name, case in cases(statistic, ("open", "undated", "marks", "mixed"), share=10):
        great = tuple(attrs.evolve(each, number=each.number and each.number * 98_765) for each in case.lines)
        more = tuple(attrs.evolve(great[-1], number=great[-1].number and great[-1].number + by) for by in (1, 2, 3))
        asked = attrs.evolve(case.asked, most=None if case.asked.most is None else 1_000_000)
        metric = case.metric
        if statistic == "mean":
            metric = type("Asked", (Noted,), {"statistic": Mean()})(**attrs.asdict(metric, recurse=False))
        coarse = attrs.evolve(case, lines=great + more, asked=asked, metric=metric)
        found = checked(coarse)
        assert not found.keys() - {"right", "loose", "loose without need"}, f"{name}: {dict(found)}"
        loose += found["loose"] + found["loose without need"]
    assert (loose > 0) == (statistic != "share")


@pytest.mark.parametrize("statistic", ["sum", "mean"])
def test_sums_that_leave_the_range_of_machine_integers_stay_exact(statistic: str) -> None:
    great = 2**55
    for name, case in cases(statistic, ("open", "set aside", "undated", "marks"), share=10):
        most = None if case.asked.most is None else 2 * great + 7
        asked = attrs.evolve(case.asked, least=0, most=most, weighted=False, reads=case.asked.reads - {"times"})
        metric = attrs.evolve(case.metric, weighted=False, numbered=False)
        lines = tuple(attrs.evolve(each, number=great + 3 * place) for place, each in enumerate(case.lines))
        sure = tuple(attrs.evolve(sound(random.Random(name), asked), number=great + by) for by in range(20))
        for figure in attrs.evolve(case, lines=lines + sure, asked=asked, metric=metric).measured().figures:
            truth = settle(lines + sure, attrs.evolve(asked, group=figure.groups))
            if truth is not None and figure.value.possible and not figure.value.loose and "office" not in asked.where:
                ends = [None if abs(end) >= HUGE // HEAVY else end for end in (truth.values[0], truth.values[-1])]
                assert [figure.low, figure.high] == ends, name


@pytest.mark.parametrize("p", ["1/2", "999/1000", "0", "1"])
def test_a_row_of_any_weight_outweighs_any_number_of_cases(p: str) -> None:
    asked = Asked(
        statistic="quantile",
        period=period("2010-03"),
        p=Fraction(p),
        reads=frozenset({"on", "seen", "what", "number", "times"}),
        where={},
        group={},
        weighted=True,
        bounded=False,
    )
    day = dt.date(2010, 3, 2)
    lines = (Line(on=day, number=3, times=2**55), Line(on=day, number=2, times=None), Line(on=day, number=1, times=2))
    metric = type("Asked", (Noted,), {"statistic": made("quantile", asked)})
    case = Case(lines, metric(bounded=False, weighted=True, numbered=True), asked, (), ())
    (figure,) = case.measured().figures
    # the row of unknown weight may outweigh the others with any number, or be none: then the known weights decide
    known = {"1/2": 3, "999/1000": 3, "0": 1, "1": 3}[p]
    assert figure.low == (known if p == "1" else 0)
    assert figure.high == (known if p == "0" else None)


class Paired(Noted):
    """A ratio of two counts of each row."""

    statistic = Ratio()

    def contribute(self, notes: Note, as_of: AsOf) -> Mapping[str, Contribution]:  # type: ignore[override]
        """Return what the rows say."""
        yes, no = (
            self.outcomes.pick(**{name: np.full(len(notes), name == one) for name in ROLES}) for one in ("yes", "no")
        )
        return {
            "above": Contribution(on=notes.on, outcome=yes, times=notes.times),
            "below": Contribution(on=notes.on, outcome=no, times=notes.number),
        }


def test_a_record_of_several_facets_is_in_doubt_in_each_and_that_is_said_to_be_loose() -> None:
    lines = [Line(on=dt.date(2010, 3, 2), times=10, number=10), Line(on=None, times=3, number=2)]
    metric = attrs.frozen(Paired)()
    reads, facets = traced(metric, AS_OF)
    tally = tallied(metric, [doubtful(lines)], axis=Axis(ZONE, EDGES), reads=reads, facets=facets)
    day = np.datetime64("2012-01-01")
    (figure,) = conclude(tally, metric.under(), periods=[period("2010-03")], as_of_day=day).figures
    assert figure.low is not None
    assert figure.high is not None
    # the row belongs to the period with both of its counts, or with neither
    assert figure.low <= Fraction(10, 10) < Fraction(13, 12) <= figure.high
    assert figure.value.loose
