"""Figures: worked by hand, and what a figure says where there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest

from casequality.days import period
from casequality.errors import OutsideCalendar, PluginError, UnknownName, UsageError
from casequality.metrics import measurement
from casequality.metrics.declaring.metric import Metric
from casequality.metrics.declaring.statistics import (
    WHYS,
    Bounds,
    Count,
    Counts,
    Flow,
    Mean,
    PendingAge,
    Quantile,
    Quotient,
    Ratio,
    Share,
    Statistic,
    Sum,
    Value,
    Values,
    since_1900,
    whole_seconds,
)
from casequality.metrics.declaring.units import SHARE, Unit
from casequality.metrics.measurement import Foreseen, Measurement, conclude
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.outcomes import YES, Contribution, outcomes
from casequality.metrics.tallies.tally import Tally
from tests.factories.records import of_rows
from tests.factories.tallies import ZONE, Entry, Row, Told, entry, tallied

AS_OF_DAY = np.datetime64("2012-01-01")


def figured(statistic: Statistic, unit: Unit = SHARE) -> Metric:
    kind: type[Told] = type("Figured", (Told,), {"statistic": statistic, "unit": unit})
    return kind(aged=True) if isinstance(statistic, PendingAge) else kind()


def measured(
    rows: Sequence[Row], statistic: Statistic, *periods: str, by: Sequence[str] = (), **tally: Any
) -> Measurement:
    metric = figured(statistic)
    counted = tallied(metric, [of_rows(Entry, rows)], **tally)
    return conclude(counted, metric.under(), by=by, periods=list(map(period, periods)), as_of_day=AS_OF_DAY)


def value(rows: Sequence[Row], statistic: Statistic, label: str) -> Value:
    return measured(rows, statistic, label).figure(label).value


# A tribunal: two cases from before 2010, of which one from before the records begin; five brought in 2010.
TRIBUNAL = [
    entry("1987-05-01", "2010-02-01"),
    entry("2009-11-01", None, "open"),
    entry("2010-01-10", "2010-03-01"),
    entry("2010-02-10", "2011-06-01"),
    entry("2010-04-01", None, "open"),
    entry("2010-05-05", "2010-06-30", "out"),
    entry("2010-12-31", "2010-12-31", "no"),
]


@pytest.mark.parametrize(
    ("figure", "label", "expected"),
    [
        ("inflow", "2010", 4),
        ("outflow", "2010", 2),
        ("stock", "2009", 2),
        ("stock", "2010-01", 3),
        ("stock", "2010-02", 3),
        ("stock", "2010", 3),
        ("stock", "2011", 2),
        ("clearance", "2010", Fraction(2, 4)),
        ("disposition time", "2010", Fraction(3 * 365, 2)),
        ("against year before", "2010", Fraction(4, 1)),
        ("against year before", "2009", None),
        ("inflow", "2008", 0),
        ("stock", "2012", None),
    ],
)
def test_flows_by_hand(figure: Any, label: str, expected: Fraction | int | None) -> None:
    assert value(TRIBUNAL, Flow(figure), label).exact == expected


def test_outcomes_are_those_of_each_period_in_whatever_order() -> None:
    told = measured(TRIBUNAL, Share(), "2010-12", "2010", "2010-04")
    found = [{name: rows for name, rows in figure.outcomes.items() if rows} for figure in told]
    assert found == [{"no": 1}, {"yes": 2, "no": 1, "open": 1, "out": 1}, {"open": 1}]


def test_ages_of_what_is_pending_by_hand() -> None:
    ages = [
        (dt.date(2010, 12, 31) - day).days for day in (dt.date(2009, 11, 1), dt.date(2010, 2, 10), dt.date(2010, 4, 1))
    ]
    assert ages == [425, 324, 274]
    assert value(TRIBUNAL, PendingAge(), "2010").exact == Fraction(425 + 324 + 274, 3)
    assert value(TRIBUNAL, PendingAge(Fraction(1, 2)), "2010").exact == 324
    assert value(TRIBUNAL, PendingAge(Fraction(9, 10)), "2010").exact == 425
    old = (dt.date(2009, 12, 31) - dt.date(1987, 5, 1)).days
    assert value(TRIBUNAL, PendingAge(Fraction(1)), "2009").exact == old


def test_a_quantile_is_a_number_that_occurs() -> None:
    rows = [entry("2010-06-01", bin=number) for number in (10, 20, 30, 40, 50, 60, 70, 80, 90, 100)]
    found = {p: value(rows, Quantile(Fraction(p)), "2010").exact for p in ("0", "1/10", "11/100", "1/2", "9/10", "1")}
    assert found == {"0": 10, "1/10": 10, "11/100": 20, "1/2": 50, "9/10": 90, "1": 100}
    assert value(rows, Quantile(Fraction(1, 2), bin=1_000_000), "2010").exact == 50_000_000


def test_a_mean_is_exact() -> None:
    rows = [entry("2010-06-01", amount=each) for each in (1, 1, 2)] + [entry("2010-06-01", what="no", amount=99)]
    assert value(rows, Mean(), "2010").exact == Fraction(4, 3)
    great = [entry("2010-06-01", amount=2**60 + 1, office=str(at)) for at in range(40)]
    [figure] = measured(great, Mean(), "2010", groups=("office",))
    assert figure.value.exact == 2**60 + 1


def test_a_mean_on_a_scale_lies_between_what_open_and_unknown_records_can_make_of_it() -> None:
    rows = [entry("2010-06-01", amount=each) for each in (100, 50)]
    rows += [entry("2010-06-01", what="open"), entry("2010-06-02", what="out")]
    found = value(rows, Mean(most=100), "2010-06")
    assert [found.exact, found.low, found.high] == [Fraction(75), Fraction(50), Fraction(250, 3)]
    unlimited = value(rows, Mean(), "2010-06")
    assert [unlimited.exact, unlimited.low, unlimited.high] == [75, 50, None]
    waiting = value([entry("2010-06-01", what="open")], Mean(most=100), "2010-06")
    # it may be a no, which leaves nothing to divide by
    assert waiting == Value(0, 0, "nothing settled yet", Fraction(0), Fraction(100), possible=True, undefined=True)


def test_no_data_is_never_nought() -> None:
    rows = [entry("2010-06-01", what="no"), entry("2010-07-01", what="open"), entry("2010-08-01", what="out")]
    none = Value(0, 0, "no data")
    for statistic in (Share(), Count(), Mean(), Quantile(Fraction(1, 2))):
        assert value(rows, statistic, "2009") == none
        assert value([], statistic, "2010") == none
        assert value(rows, statistic, "2009").exact is None
    for figure in ("inflow", "outflow", "stock", "clearance", "disposition time", "against year before"):
        assert value([], Flow(figure), "2010") == none
    assert value([], PendingAge(), "2010") == none
    assert value(rows, Share(), "2010-06").exact == 0
    assert value(rows, Count(), "2010-06").exact == 0
    assert value(rows, Share(), "2010-07") == Value(
        0, 0, "nothing settled yet", Fraction(0), Fraction(1), possible=True
    )
    assert value(rows, Share(), "2010-08") == none
    zero = Value(0, 1, None, Fraction(0), Fraction(0), possible=True)
    assert value(rows, Count(), "2010-08") == value(rows, Sum(), "2010-06") == zero
    assert value(rows, Mean(), "2010-06").reason == "no data"
    assert value(rows, Flow("inflow"), "2010-05").exact == 0
    assert value(rows, Flow("clearance"), "2010-05").reason == "not defined: divided by none"
    assert value(rows, Flow("stock"), "2012-01").reason == "not due yet"
    assert value(rows, Flow("against year before"), "1990-05").reason == "the year before was not tallied"


def test_a_quotient_is_a_figure_or_a_reason() -> None:
    three = np.array([3, 0, 3])
    found = Values.of(three, np.array([4, 4, 0]), np.array([False, False, False]))
    assert [WHYS[why] for why in found.why] == ["", "", "not defined: divided by none"]
    assert [Value(3, 4).exact, Value(0, 4).exact, Value(3, 0).exact] == [Fraction(3, 4), 0, None]
    assert Value(3, 4, "not due yet").exact is None


def test_the_stock_of_a_period_counts_what_lies_outside_every_period_shown() -> None:
    before = [entry("1985-01-01"), entry("1989-12-31", "1990-01-01"), entry(None), entry("2061-05-01")]
    assert value(before, Flow("stock"), "2010").exact == 1
    assert value([entry("2010-01-01", "2061-05-01")], Flow("stock"), "2010").exact == 1
    assert value([entry("2010-01-01", "2011-01-01")], Flow("stock"), "2010").exact == 1
    assert value([entry("2010-01-01", "2010-12-31")], Flow("stock"), "2010").exact == 0


def test_other_groups_are_pooled() -> None:
    rows = [entry("2010-06-01", office=office, kind=kind, what=what) for office, kind, what in PLACES]
    told = measured(rows, Share(), "2010", by=["kind"], groups=("office", "kind"))
    assert [(figure.groups, figure.value.exact) for figure in told] == [
        ({"kind": None}, 1),
        ({"kind": "a"}, Fraction(1, 2)),
        ({"kind": "b"}, 0),
    ]
    [pooled] = measured(rows, Share(), "2010", groups=("office", "kind"))
    assert (pooled.groups, pooled.value.exact) == ({}, Fraction(2, 4))
    both = measured(rows, Share(), "2010", by=["office", "kind"], groups=("office", "kind"))
    assert [tuple(figure.groups.values()) for figure in both] == [
        (None, "b"),
        ("main", "a"),
        ("north", None),
        ("north", "a"),
    ]


PLACES = [("main", "a", "yes"), ("north", "a", "no"), (None, "b", "no"), ("north", None, "yes")]


def test_figures_are_told_apart_only_by_what_was_tallied() -> None:
    with pytest.raises(UnknownName, match=r"not tallied(.|\n)*got: +kind(.|\n)*month, (.|\n)*, office"):
        measured([entry("2010-06-01")], Share(), "2010", by=["kind"], groups=("office",))
    with pytest.raises(UnknownName, match="fortnight"):
        measured([entry("2010-06-01")], Share(), "2010", by=["fortnight"])
    with pytest.raises(UsageError, match=r"one grain(.|\n)*month, year"):
        measured([entry("2010-06-01")], Share(), "2010", by=["year", "month"])


def test_a_period_must_begin_and_end_at_an_edge() -> None:
    own = "2010-06-01..2010-06-15"
    with pytest.raises(OutsideCalendar, match="2010-06-16"):
        measured([entry("2010-06-01")], Share(), own)
    axis = Axis(ZONE, (dt.date(2010, 6, 16),))
    rows = [entry("2010-06-01"), entry("2010-06-15"), entry("2010-06-16", what="no")]
    assert measured(rows, Share(), own, axis=axis).figure(own).value.exact == 1
    assert measured(rows, Share(), "2010-06", axis=axis).figure("2010-06").value.exact == Fraction(2, 3)


def test_the_parts_of_each_period_are_shown_once() -> None:
    told = measured([entry("2010-02-01")], Share(), "2010-H1", "2010-Q1", by=["quarter"])
    assert [figure.period.label for figure in told] == ["2010-Q1", "2010-Q2"]
    assert len(told) == 2


def test_what_an_edge_inside_a_month_holds_is_shown_too() -> None:
    axis = Axis(ZONE, (dt.date(2010, 6, 16),))
    told = measured([entry("2010-06-02")], Share(), axis=axis)
    assert [figure.period.label for figure in told] == ["2010-06-01..2010-06-30"]


def test_a_figure_is_found_by_its_period_and_group() -> None:
    rows = [entry("2010-06-01"), entry("2010-06-01", office="north", what="no"), entry("2010-06-02", office=None)]
    told = measured(rows, Share(), "2010-06", "2010-07", by=["office"], groups=("office",))
    assert told.figure("2010-06", office="north").value.exact == 0
    assert told.figure("2010-06", office=None).value.exact == 1
    with pytest.raises(UnknownName, match=r"Several(.|\n)*period: 2010-06, 2010-07; office: 3 labels"):
        told.figure("2010-06")
    with pytest.raises(UnknownName, match=r"not one such(.|\n)*got: +period 2010-08, office main"):
        told.figure("2010-08", office="main")
    with pytest.raises(UnknownName, match=r"kind a"):
        told.figure("2010-06", kind="a")


class ByStep(Told):
    """A metric with facets."""

    id = "test.by-step"
    outcomes = outcomes(yes=YES, **{name: role for name, role in Told.outcomes.roles.items() if name != "yes"})

    def contribute(self, entries: Entry, as_of: Any) -> Any:
        """Return the control and the register."""
        control = super().contribute(entries, as_of)
        return {"control": control, "register": Contribution(on=entries.on, outcome=np.zeros(len(entries), np.uint8))}


def test_facets_stand_beside_each_other_and_each_accounts_for_every_row() -> None:
    rows = [entry("2010-06-01"), entry("2010-06-01", what="no"), entry(None)]
    tally = tallied(ByStep(), [of_rows(Entry, rows)])
    told = conclude(tally, ByStep().under(), periods=[period("2010-06")], as_of_day=AS_OF_DAY)
    assert [figure.facet for figure in told] == ["control", "register"]
    assert told.figure("2010-06", facet="control").value.exact == Fraction(1, 2)
    with pytest.raises(UnknownName, match="facet: control, register"):
        told.figure("2010-06")
    assert told.accounts["in the periods"] == 2
    assert told.accounts["undated"] == 1
    assert told.to_dict()["figures"][1]["facet"] == "register"


def test_a_ratio_counts_all_facets_together() -> None:
    class Cleared(Told):
        statistic = Ratio()

        def contribute(self, entries: Entry, as_of: Any) -> Any:
            """Return what was filed as a no, and what was dealt with as a yes."""
            no, yes = (np.full(len(entries), self.outcomes.names.index(name), np.uint8) for name in ("no", "yes"))
            return {
                "filed": Contribution(on=entries.on, outcome=no, times=entries.times),
                "dealt with": Contribution(on=entries.on, outcome=yes, times=entries.bin),
            }

    rows = [
        entry("2010-06-01", times=4, bin=3),
        entry("2010-06-30", times=2, bin=4),
        entry("2010-07-01", times=0, bin=1),
    ]
    tally = tallied(Cleared(), [of_rows(Entry, rows)])
    periods = [period("2010-06"), period("2010-07"), period("2010-08")]
    told = conclude(tally, Cleared().under(), periods=periods, as_of_day=AS_OF_DAY)
    assert [figure.value.exact for figure in told] == [Fraction(7, 6), None, None]
    assert [figure.value.reason for figure in told] == [None, "not defined: divided by none", "no data"]
    assert [figure.facet for figure in told] == ["", "", ""]


def test_a_measurement_as_plain_data() -> None:
    metric = figured(Share())
    tally = tallied(metric, [of_rows(Entry, [entry("2010-06-01"), entry("2010-06-02", what="open")])])
    plain = conclude(tally, metric.under(), periods=[period("2010-06")], as_of_day=AS_OF_DAY).to_dict()
    assert plain["figures"] == [
        {
            "period": "2010-06",
            "value": 100.0,
            "numerator": 1,
            "denominator": 1,
            "reason": None,
            "low": 50.0,
            "high": 100.0,
            "bounds": "exact",
            "doubt": {"open": 1},
            "partial": False,
            "outcomes": {"yes": 1, "no": 0, "open": 1, "out": 0, "unknown": 0},
            "convention_sensitive": 0,
        }
    ]
    assert plain["readings"] == {"cohort": "received"}
    assert plain["assumed_readings"] == ["cohort"]
    assert plain["parameters"] == {"bounded": "True", "numbered": "True", "weighted": "False", "aged": "False"}
    assert (plain["unit"], plain["zone"], plain["as_of"]) == ("share", ZONE, "2011-12-31T23:00:00.000000")
    assert plain["accounts"]["read"] == plain["accounts"]["in the periods"] == 2


def test_an_empty_tally_has_a_figure_without_a_value_for_each_period_asked_for() -> None:
    told = measured([], Share(), "2010-06", "2010-07")
    assert [(figure.value.reason, figure.rows) for figure in told] == [("no data", 0)] * 2
    assert told.accounts == dict.fromkeys(told.accounts, 0)
    assert isinstance(told.tally, Tally)
    assert len(measured([], Share())) == 0


def test_days_and_seconds_as_whole_numbers() -> None:
    days = np.array(["1900-01-01", "1899-12-31", "2010-06-01", "NaT"], "M8[D]")
    assert since_1900(days).tolist()[:3] == [0, -1, (dt.date(2010, 6, 1) - dt.date(1900, 1, 1)).days]
    missing = np.iinfo(np.int64).min
    assert since_1900(days).tolist()[3] == missing
    spans = np.array([0, 1, 999_999, 1_000_000, 1_000_001, missing]).view("m8[us]")
    assert whole_seconds(spans).tolist() == [0, 1, 1, 1, 2, missing]
    assert whole_seconds(spans[:0]).tolist() == []


@attrs.frozen
class Raising(Share):
    """A statistic that divides by nothing."""

    def value(self, counts: Counts, /) -> Values:
        raise ZeroDivisionError


@attrs.frozen
class Unbounded(Share):
    """A statistic whose bounds divide by nothing."""

    def bounds(self, counts: Counts, /) -> Bounds:
        raise ZeroDivisionError


@attrs.frozen
class Bare(Share):
    """A statistic that gives a number of its own kind."""

    def value(self, counts: Counts, /) -> Values:
        return 0.5  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("own", "got"),
    [
        (Raising(), "ZeroDivisionError in the value of its statistic"),
        (Unbounded(), "ZeroDivisionError in the bounds of its statistic"),
        (Bare(), "float and Bounds instead of Values and Bounds"),
    ],
)
def test_a_statistic_that_fails_is_the_fault_of_its_metric(own: Statistic, got: str) -> None:
    class Broken(Told):
        id = "test.broken"
        statistic = own

    counted = tallied(Broken(), [of_rows(Entry, [entry("2010-01-05")])])
    with pytest.raises(PluginError, match=f"failed while it was calculated(.|\n)*test.broken(.|\n)*{got}"):
        conclude(counted, Broken().under(), by=["month"], as_of_day=np.datetime64("2012-01-01"))


@pytest.mark.parametrize(
    ("kind", "lacking"),
    [
        (type("Bare", (Statistic,), {}), ("no bounds and no value", "def bounds", "def value", "build upon Quotient")),
        (type("Half", (Statistic,), {"value": Share.value}), ("no bounds", "def bounds")),
        (type("Above", (Quotient,), {"above": ()}), ("no below", "below = (Term(...),)")),
    ],
)
def test_a_statistic_that_leaves_something_out_cannot_be_made(kind: type[Statistic], lacking: Sequence[str]) -> None:
    with pytest.raises(UsageError, match="does not say all") as caught:
        kind()
    assert [each for each in lacking if each not in str(caught.value)] == []


FORESEEN_OR_NOT = [["2010"], ["2009", "2011"], ["2010-02", "2010-01"], ["2010-H1", "2010-06"]]


@pytest.mark.parametrize("by", [(), ("office",), ("month",), ("month", "office")])
@pytest.mark.parametrize("statistic", [Share(), Mean(), Flow("stock"), Flow("against year before"), PendingAge()])
def test_figures_worked_out_ahead_are_those_of_their_own(statistic: Statistic, by: tuple[str, ...]) -> None:
    """Whatever else was foreseen, and in whatever order it is asked for: the figure, its ends, doubt and outcomes."""
    metric, rows = figured(statistic), [entry("2009-02-10", "2010-03-03", "unknown", office=None, amount=3), *TRIBUNAL]
    counted = tallied(metric, [of_rows(Entry, rows)], groups=("office",))
    foreseen = Foreseen(tuple(map(period, ("2010-H1", "2009", "2010-06", "2010-01", "2010"))))
    kept = conclude(counted, metric.under(), periods=[period("2010")], as_of_day=AS_OF_DAY, foreseen=foreseen)
    for labels in FORESEEN_OR_NOT:
        periods = list(map(period, labels))
        alone = conclude(counted, metric.under(), by=by, periods=periods, as_of_day=AS_OF_DAY)
        found = kept.over(periods, by=by)
        assert (list(found), found.accounts, found) == (list(alone), alone.accounts, alone)


def test_what_is_foreseen_is_worked_out_once_for_each_way_of_telling_apart_and_each_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    concluded: list[int] = []
    worked_out = measurement._figures

    def counting(grid: Any, reading: Any) -> Any:
        concluded.append(grid.figures)
        return worked_out(grid, reading)

    monkeypatch.setattr(measurement, "_figures", counting)
    metric = figured(Share())
    counted = tallied(metric, [of_rows(Entry, TRIBUNAL)], groups=("office",))
    year = period("2010")
    foreseen = Foreseen((*year.parts("month"), year))
    found = conclude(counted, metric.under(), periods=[year], as_of_day=AS_OF_DAY, foreseen=foreseen)
    for asked in ([year], year.parts("month"), year.parts("month")[3:5]):
        found.over(asked)
    found.over([year], by=("month",))
    assert concluded == [13]
    found.over([year], by=("office",))
    found.over([year], by=("office",))
    assert concluded == [13, 1]
    found.over([year], limits=attrs.evolve(metric.limits_of_doubt, heaviest=7))
    found.over([period("2008")])
    assert concluded == [13, 1, 13, 14]


def test_a_period_that_a_tally_cannot_tell_of_is_refused_once_it_is_asked_for_and_not_when_it_is_foreseen() -> None:
    metric = figured(Share())
    counted = tallied(metric, [of_rows(Entry, TRIBUNAL)])
    foreseen = Foreseen((period("1989"), period("2010-01-15..2010-02-20"), period("2010")))
    found = conclude(counted, metric.under(), periods=[period("2010-H1")], as_of_day=AS_OF_DAY, foreseen=foreseen)
    assert found.over([period("2010")]).figure("2010").rows
    with pytest.raises(OutsideCalendar, match="no edge on that day"):
        found.over([period("1989")])
