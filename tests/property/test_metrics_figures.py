"""One pass gives every figure that a walk through the rows gives: cohorts, flows, stocks and ages."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from casequality.days import Period, period
from casequality.metrics.declaring.statistics import (
    NO_DATA,
    NO_YEAR_BEFORE,
    NOT_DEFINED,
    NOT_DUE,
    NOTHING_SETTLED,
    ONLY_DOUBT,
    Count,
    Flow,
    Mean,
    PendingAge,
    Quantile,
    Share,
    Statistic,
)
from casequality.metrics.figures import Figure
from casequality.metrics.measurement import Measurement, conclude
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.outcomes import NO, OPEN, UNKNOWN, YES, Role
from casequality.metrics.tallies.tally import Accounts, Tally
from tests.factories.records import of_rows, sliced
from tests.factories.tallies import ROLES, ZONE, Entry, Row, Told, tallied
from tests.property.walked_rows import Walk, ranked

AS_OF_DAY = np.datetime64("2012-01-01")
OWN = [period("2010-04-12..2010-06-17"), period("2009-12-31..2010-01-01"), period("2011-02-28..2012-02-28")]
LABELS = ["1990", "2009", "2010", "2011", "2012", "2010-H1", "2010-Q4", "2010-06", "2010-07", "2011-12", "2012-01"]
PERIODS = [*map(period, LABELS), *OWN]
EDGES = {day for each in OWN for one in (each, each.year_before()) for day in (one.first, one.end)}
QUANTILES = st.sampled_from(
    [Fraction(0), Fraction(1, 2), Fraction(9, 10), Fraction(1), Fraction(1, 3), Fraction(999, 1000)]
)


def lasting(on: dt.date | None, days: int | None) -> tuple[dt.date | None, dt.date | None]:
    began = on or dt.date(2010, 3, 1)
    return on, None if days is None else began + dt.timedelta(days=days)


STAYS = st.builds(
    lasting,
    st.none()
    | st.dates(dt.date(2009, 6, 1), dt.date(2011, 12, 31))
    | st.dates(dt.date(1970, 1, 1), dt.date(1990, 3, 1)),
    st.none() | st.integers(0, 90) | st.integers(0, 9_000),
)
ONE = st.builds(
    lambda stay, what, amount, number, times, office: {
        "on": stay[0],
        "until": stay[1],
        "what": what,
        "amount": amount,
        "bin": number,
        "times": times,
        "office": office,
    },
    STAYS,
    st.sampled_from(list(ROLES)),
    st.none() | st.integers(-1_000, 10**12),
    st.none() | st.integers(0, 9) | st.integers(0, 10**9),
    st.integers(0, 4),
    st.sampled_from(["main", "north"]),
)
ROWS = st.lists(ONE, max_size=40)


def tally_of(rows: Sequence[Row], **fields: bool) -> Tally:
    axis = Axis(ZONE, tuple(EDGES))
    return tallied(Told(**fields), sliced(of_rows(Entry, rows), [7]), axis=axis, groups=("office",))


def measured(
    tally: Tally,
    statistic: Statistic,
    cohort: str = "received",
    by: Sequence[str] = (),
    periods: Sequence[Period] = PERIODS,
) -> Measurement:
    metric = type("Figured", (Told,), {"statistic": statistic})(**fields_of(tally))
    return conclude(tally, metric.under({"cohort": cohort}), by=by, periods=periods, as_of_day=AS_OF_DAY)


def fields_of(tally: Tally) -> dict[str, bool]:
    return {name: value == "True" for name, value in tally.assumed.parameters.items()}


def exact(figures: Measurement) -> list[Fraction | None]:
    return [figure.value.exact for figure in figures]


@given(ROWS, st.sampled_from(["received", "closed"]), st.booleans(), QUANTILES)
def test_cohorts(rows: list[Row], cohort: str, weighted: bool, p: Fraction) -> None:
    tally = tally_of(rows, weighted=weighted)
    walk = Walk(rows, closed=cohort == "closed", weighted=weighted)
    assert exact(measured(tally, Share(), cohort)) == [walk.share(each) for each in PERIODS]
    assert exact(measured(tally, Mean(), cohort)) == [walk.mean(each) for each in PERIODS]
    assert exact(measured(tally, Quantile(p), cohort)) == [walk.quantile(each, p) for each in PERIODS]
    for figure, each in zip(measured(tally, Count(), cohort), PERIODS, strict=True):
        held = walk.within(each, *Role)
        assert figure.value.exact == (walk.weight(walk.within(each, YES)) if held else None)
        assert figure.outcomes == {name: sum(row["what"] == name for row in held) for name in ROLES}
        assert list(figure.outcomes) == list(ROLES)
        assert figure.rows == len(held)
        assert figure.partial == (each.end > dt.date(2012, 1, 1))


@given(ROWS, st.booleans())
def test_a_share_says_how_far_what_is_not_settled_could_move_it(drawn: list[Row], weighted: bool) -> None:
    rows = [row for row in drawn if row["on"] and row["times"]]
    walk = Walk(rows, weighted=weighted)
    for figure, each in zip(measured(tally_of(rows, weighted=weighted), Share()), PERIODS, strict=True):
        yes, no = (walk.weight(walk.within(each, role)) for role in (YES, NO))
        open_ = walk.weight(walk.within(each, OPEN, UNKNOWN))
        if not yes + no + open_:
            assert (figure.value.reason, figure.value.low, figure.value.high) == (NO_DATA, None, None)
            continue
        assert (figure.value.numerator, figure.value.denominator) == (yes, yes + no)
        assert figure.value.low == Fraction(yes, yes + no + open_)
        assert figure.value.high == Fraction(yes + open_, yes + no + open_)
        assert figure.value.reason == (None if yes + no else NOTHING_SETTLED)
        assert figure.value.certain == (not open_)


@given(ROWS, st.booleans(), st.sampled_from(["received", "closed"]))
def test_flows_and_stocks_are_the_same_under_each_cohort(rows: list[Row], weighted: bool, cohort: str) -> None:
    tally, walk = tally_of(rows, weighted=weighted), Walk(rows, weighted=weighted)

    def flow(figure: Any) -> Sequence[Figure]:
        return measured(tally, Flow(figure), cohort).figures

    nothing = not rows
    for each, inflow, outflow, stock, clearance, lasts, against in zip(
        PERIODS,
        *map(flow, ("inflow", "outflow", "stock", "clearance", "disposition time", "against year before")),
        strict=True,
    ):
        came, went = walk.inflow(each), walk.outflow(each)
        assert inflow.value.exact == (None if nothing else came)
        assert outflow.value.exact == (None if nothing else went)
        assert clearance.value.exact == (Fraction(went, came) if came else None)
        if each.label == "1990":
            assert against.value.reason == (NO_DATA if nothing else NO_YEAR_BEFORE)
        else:
            before = walk.inflow(each.year_before())
            assert against.value.exact == (Fraction(came, before) if before else None)
            assert against.value.reason == (NO_DATA if nothing else None if before else NOT_DEFINED)
        if nothing:
            assert stock.value.reason == NO_DATA
        elif each.end > dt.date(2012, 1, 1):
            assert stock.value.reason == lasts.value.reason == NOT_DUE
        else:
            pending = len(walk.ages(each))
            assert stock.value.exact == pending
            days = (each.end - each.first).days
            assert lasts.value.exact == (Fraction(pending * days, went) if went else None)


@given(ROWS, st.booleans(), QUANTILES)
def test_the_age_of_what_is_pending_at_the_end_of_a_period(rows: list[Row], weighted: bool, p: Fraction) -> None:
    tally, walk = tally_of(rows, weighted=weighted, aged=True), Walk(rows, weighted=weighted)
    means, quantiles = measured(tally, PendingAge()), measured(tally, PendingAge(p))
    for each, mean, quantile in zip(PERIODS, means, quantiles, strict=True):
        if each.end > dt.date(2012, 1, 1) and rows:
            assert mean.value.reason == quantile.value.reason == NOT_DUE
            continue
        ages = walk.ages(each)
        assert mean.value.exact == (Fraction(sum(ages), len(ages)) if ages else None)
        assert quantile.value.exact == ranked(ages, p)
        if not ages:
            assert mean.value.reason == quantile.value.reason
            assert mean.value.reason in (NO_DATA, ONLY_DOUBT)


@given(ROWS)
def test_figures_of_each_group_are_those_of_its_rows(rows: list[Row]) -> None:
    tally = tally_of(rows)
    figures = measured(tally, Share(), by=["office"])
    offices = sorted({row["office"] for row in rows})
    assert [(figure.groups["office"], figure.period) for figure in figures] == [
        (office, each) for office in offices for each in PERIODS
    ]
    for figure in figures:
        own = Walk([row for row in rows if row["office"] == figure.groups["office"]])
        assert figure.value.exact == own.share(figure.period)


@given(ROWS, st.sampled_from(["month", "quarter", "half-year", "year"]), st.sampled_from(["received", "closed"]))
def test_without_periods_all_that_hold_records_are_shown_whole(rows: list[Row], grain: Any, cohort: str) -> None:
    where = "on" if cohort == "received" else "until"
    dated = [row[where] for row in rows if row[where] and dt.date(1990, 1, 1) <= row[where]]
    tally = tally_of(rows)
    by_grain, whole = measured(tally, Share(), cohort, [grain], []), measured(tally, Share(), cohort, [], [])
    shown = [figure.period for figure in by_grain]
    if not dated and not rows:
        assert shown == [figure.period for figure in whole] == []
        return
    assert Counter(day in each for day in dated for each in shown)[True] == len(dated)
    assert all(each.kind == grain for each in shown)
    assert all(earlier.end == later.first for earlier, later in pairwise(shown))
    if dated:
        assert min(dated) in shown[0]
        assert max(dated) in shown[-1]
        [one] = [figure.period for figure in whole]
        assert (one.first.day, one.end.day) == (1, 1)
        assert (one.first, one.last.replace(day=1)) == (min(dated).replace(day=1), max(dated).replace(day=1))
    walk = Walk(rows, closed=cohort == "closed")
    assert exact(by_grain) == [walk.share(each) for each in shown]


@given(ROWS, st.integers(0, 9), st.integers(0, 9), st.sampled_from(["received", "closed"]), st.booleans())
def test_every_row_that_was_read_is_accounted_for(
    rows: list[Row], set_aside: int, later: int, cohort: str, closed_only: bool
) -> None:
    where: Mapping[str, Any] = {"where": (("office", ("main",)),)} if closed_only else {}
    tally = tallied(Told(), [of_rows(Entry, rows)], axis=Axis(ZONE, tuple(EDGES)), **where)
    accounts = Accounts(
        read=len(rows) + set_aside + later, set_aside=set_aside, later=later, elsewhere=tally.accounts.elsewhere
    )
    tally = attrs.evolve(tally, accounts=accounts)
    told = measured(tally, Share(), cohort, [], [period("2010"), period("2010-Q4"), period("2011-06")]).accounts
    kept = [row for row in rows if not closed_only or row["office"] == "main"]
    placed = [row["on" if cohort == "received" else "until"] for row in kept]
    inside = [bool(day) and (day.year == 2010 or (day.year, day.month) == (2011, 6)) for day in placed]
    undated = [row["on"] is None and not here for row, here in zip(kept, inside, strict=True)]
    assert told == {
        "read": len(rows) + set_aside + later,
        "in the periods": sum(inside),
        "outside the periods": len(kept) - sum(inside) - sum(undated),
        "undated": sum(undated),
        "not yet begun": later,
        "elsewhere": len(rows) - len(kept),
        "set aside": set_aside,
    }
    assert told["read"] == sum(told.values()) - told["read"]
