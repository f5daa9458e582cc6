"""Doubt in what a metric works out of a record: its weight, its due day, the label that it is asked by, its child rows.

Each row of the tables is completed in several ways, each measured by itself; none may leave the bounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar

import attrs
import numpy as np
import pytest

import casequality as cq
from casequality.metrics import NO, OPEN, OUT, UNKNOWN, YES
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
from casequality.metrics.figures import Figure

AS_OF, PERIOD = "2010-08-01", "2010-Q1"
Row = Mapping[str, Any]


class Visit(cq.Records, name="visits"):
    """A visit in a case."""

    case = cq.key()
    made_on = cq.day()
    kind = cq.code("home", "office")


class Case(cq.Records, name="visited cases"):
    """A case with its visits."""

    case = cq.key()
    on = cq.day()
    known_on = cq.day(missing="not known before", may_precede=True)
    until = cq.day(missing="going on")
    ending = cq.code("good", "bad", known_with="until")
    office = cq.code("A", "B", unknown="not stated")
    visits = cq.many(Visit)


@attrs.frozen
class Told(cq.Metric):
    """How the cases ended."""

    id = "worked-out.told"
    title = {"en": "Told", "da": "Fortalt"}
    unit = cq.units.CASES
    statistic: ClassVar[Statistic] = Count()
    records = Case
    outcomes = cq.outcomes(good=YES, bad=NO, not_stated=UNKNOWN, open=OPEN)
    readings = cq.readings(cohort=cq.cohort("received", "closed"))

    def given(self, cases: Case, as_of: cq.AsOf) -> dict[str, Any]:
        """Return what is contributed beside outcomes."""
        return {}

    def contribute(self, cases: Case, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how the cases ended."""
        ways = {"good": cases.ending == "good", "bad": cases.ending == "bad", "not_stated": ~np.isnat(cases.until)}
        outcome = self.outcomes.pick(**ways)
        return cq.Contribution(**{"on": cases.on, "until": cases.until, "outcome": outcome, **self.given(cases, as_of)})


@attrs.frozen
class Due(Told):
    """How they ended, asked with a deadline whose calendar begins in 1990."""

    def given(self, cases: Case, as_of: cq.AsOf) -> dict[str, Any]:
        as_of.due("copenhagen/reply-guarantee", cases.on)
        return {"amount": cases.until - cases.on, "bins": cases.until - cases.on}


@attrs.frozen
class DueAges(Due):
    """The same with ages."""

    def given(self, cases: Case, as_of: cq.AsOf) -> dict[str, Any]:
        as_of.due("copenhagen/reply-guarantee", cases.on)
        return {"aged": True}


@attrs.frozen
class Visits(Told):
    """Visits, a case counted once for each."""

    def given(self, cases: Case, as_of: cq.AsOf) -> dict[str, Any]:
        return {"times": cases.visits.count(cases.visits.rows.kind == "home"), "until": None}


@attrs.frozen
class VisitsSince(Told):
    """Visits since a case came."""

    def given(self, cases: Case, as_of: cq.AsOf) -> dict[str, Any]:
        since = cases.visits.rows.made_on >= cases.visits.of_parent(cases.on)
        return {"times": cases.visits.count(since), "until": None}


@attrs.frozen
class Days(Told):
    """Days for which a case was known before it came."""

    def given(self, cases: Case, as_of: cq.AsOf) -> dict[str, Any]:
        days = (cases.on - cases.known_on).view(np.int64)
        return {"times": np.where(np.isnat(cases.known_on), 0, days), "until": None}


@attrs.frozen
class Visited(Told):
    """Whether a case was ever visited."""

    outcomes = cq.outcomes(good=YES, bad=NO)

    def contribute(self, cases: Case, as_of: cq.AsOf, /) -> cq.Contribution:
        visits = cases.visits
        return cq.Contribution(on=cases.on, outcome=self.outcomes.pick(good=visits.any(~np.isnat(visits.rows.made_on))))


@attrs.frozen
class OfOffice(Told):
    """Whether a case ended in the first office."""

    outcomes = cq.outcomes(good=YES, bad=NO, of_none=OUT)

    def contribute(self, cases: Case, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return in which office the cases ended, and after how many days."""
        outcome, days = self.outcomes.pick(good=cases.office == "A", bad=cases.office == "B"), cases.until - cases.on
        more = self.given(cases, as_of)
        return cq.Contribution(on=cases.on, until=cases.until, outcome=outcome, amount=days, bins=days, **more)


@attrs.frozen
class OfWeighingOffice(OfOffice):
    """The same, a case of the first office counted three times."""

    def given(self, cases: Case, as_of: cq.AsOf) -> dict[str, Any]:
        weights = np.where(cases.office == "A", 3, (cases.office == "B").astype(np.int64))
        return {"times": weights}


@attrs.frozen
class Good(Told):
    """Whether a case ended well."""

    outcomes = cq.outcomes(good=YES, not_good=NO)

    def contribute(self, cases: Case, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether the cases ended well, and not in any other way, and after how many days."""
        outcome, days = self.outcomes.pick(good=cases.ending == "good"), cases.until - cases.on
        return cq.Contribution(on=cases.on, until=cases.until, outcome=outcome, amount=days, bins=days)


def case(
    key: str, on: str = "2010-02-01", until: str = "", ending: str = "", office: str = "A", known: str = ""
) -> Row:
    return {"case": key, "on": on, "known_on": known, "until": until, "ending": ending, "office": office}


def visit(key: str, on: str = "2010-02-02", kind: str = "home") -> Row:
    return {"case": key, "made_on": on, "kind": kind}


SURE = [
    case("1", until="2010-02-11", ending="good", known="2010-01-30"),
    case("2", until="2010-03-01", ending="bad", known="2010-01-31"),
    case("3", on="2009-02-01", until="2010-03-01", ending="good"),
]


def figure(
    metric: cq.Metric, rows: Sequence[Row], visits: Sequence[Row] = (), *, of: str | None = "good", **asked: Any
) -> Figure:
    # of no visits one that began after the as-of keeps the columns
    held = [*visits, visit("1", "2010-12-01")]
    found = cq.measure(metric, rows, as_of=AS_OF, period=PERIOD, children={"visits": held}, **asked)
    group = dict.fromkeys(asked.get("by", ()), of)
    return found.measurement.figure(PERIOD, **group)


def of(kind: type[Told], statistic: Statistic) -> cq.Metric:
    made: type[Told] = type("Tried", (kind,), {"statistic": statistic})
    return made()


def holds(doubtful: Figure, ways: Sequence[Figure], *, tight: bool = True) -> None:
    values = [each.value.exact for each in ways if each.value.exact is not None]
    assert values
    assert doubtful.value.possible
    assert len({*values, doubtful.value.exact}) == 1 or doubtful.doubt
    for value in values:
        assert doubtful.low is None or doubtful.low <= value
        assert doubtful.high is None or value <= doubtful.high
    if tight:
        assert (doubtful.low, doubtful.high) == (min(values), max(values))


STATISTICS: Mapping[str, Statistic] = {
    "share": Share(),
    "count": Count(),
    "inflow": Flow("inflow"),
    "outflow": Flow("outflow"),
    "stock": Flow("stock"),
    "clearance": Flow("clearance"),
    "against the year before": Flow("against year before"),
}
OTHERS: Mapping[str, tuple[type[Told], Statistic]] = {
    "sum": (Due, Sum()),
    "mean": (Due, Mean()),
    "median": (Due, Quantile(Fraction(1, 2))),
    "time to an end": (Due, TimeToEnd(Fraction(1, 2))),
    "ratio": (Due, Ratio()),
    "age of the pending": (DueAges, PendingAge()),
    "median age": (DueAges, PendingAge(Fraction(1, 2))),
}
LATE = case("4", on="1970-01-01", until="2010-03-05", ending="bad")
MAY_BEGIN = ("2008-06-01", "2009-02-03", "2010-01-05", "2010-03-05")


@pytest.mark.parametrize("name", [*STATISTICS, *OTHERS])
def test_a_date_for_none_that_no_calendar_reaches_may_be_any_day(name: str) -> None:
    kind, statistic = (Due, STATISTICS[name]) if name in STATISTICS else OTHERS[name]
    metric, rows = of(kind, statistic), [*SURE, case("5")]
    late = {**LATE, "until": "", "ending": ""} if name in ("stock", "age of the pending", "median age") else LATE
    doubtful = figure(metric, [*rows, late])
    ways = [figure(metric, [*rows, {**late, "on": on}]) for on in MAY_BEGIN]
    holds(doubtful, ways, tight=False)
    assert doubtful.doubt["set aside"] == 1


@pytest.mark.parametrize("name", STATISTICS)
@pytest.mark.parametrize("cohort", ["received", "closed"])
def test_its_bounds_are_those_of_any_day_and_any_end(name: str, cohort: str) -> None:
    metric = of(Due, STATISTICS[name])
    if cohort == "closed" and name not in ("share", "count"):
        pytest.skip("flows have no cohort")
    doubtful = figure(metric, [*SURE, LATE], readings={"cohort": cohort})
    ways = [
        figure(
            metric, [*SURE, *([{**LATE, "on": on, "ending": ending}] if ending else [])], readings={"cohort": cohort}
        )
        for on in MAY_BEGIN
        for ending in ("good", "bad", "")  # out of all is as if it were not there
    ]
    holds(doubtful, ways)


WEIGHED: Mapping[
    str, tuple[type[Told], Sequence[Row], Sequence[Row], Sequence[tuple[Sequence[Row], Sequence[Row]]]]
] = {
    "a child row of a kind that cannot be read": (
        Visits,
        SURE,
        [visit("1"), visit("2"), visit("1", kind="?")],
        [(SURE, [visit("1"), visit("2"), visit("1", kind=kind)]) for kind in ("home", "office")],
    ),
    "a child row without its day": (
        VisitsSince,
        SURE,
        [visit("1"), visit("2"), visit("1", on="")],
        [(SURE, [visit("1"), visit("2"), visit("1", on=on)]) for on in ("2010-02-03", "2010-09-01")],
    ),
    "a date that may stand for none": (
        Days,
        [*SURE, case("4", until="2010-03-05", ending="good", known="1970-01-01")],
        [],
        [
            ([*SURE, case("4", until="2010-03-05", ending="good", known=known)], [])
            for known in ("2010-01-01", "2009-12-01", "")
        ],
    ),
}


@pytest.mark.parametrize("name", WEIGHED)
@pytest.mark.parametrize("statistic", [Count(), Share(), Ratio()], ids=["count", "share", "ratio"])
def test_a_weight_that_a_metric_works_out_is_in_doubt_with_what_it_rests_on(statistic: Statistic, name: str) -> None:
    kind, rows, visits, completed = WEIGHED[name]
    metric = of(kind, statistic)
    holds(figure(metric, rows, visits), [figure(metric, *each) for each in completed], tight=False)


def test_a_child_row_without_its_day_may_be_one_after_the_as_of() -> None:
    metric = of(Visited, Share())
    doubtful = figure(metric, SURE, [visit("1"), visit("2", on="")])
    ways = [figure(metric, SURE, [visit("1"), visit("2", on=on)]) for on in ("2010-02-03", "2010-09-01")]
    holds(doubtful, ways)
    assert doubtful.doubt == {"unknown": 1}


ENDED = case("4", until="2010-03-05")


@pytest.mark.parametrize("asked", [{"where": {"ending": "good"}}, {"by": ("ending",)}], ids=["where", "by"])
@pytest.mark.parametrize("statistic", [Count(), Flow("inflow"), Flow("outflow"), Mean()])
def test_a_label_that_an_event_makes_known_is_in_doubt_once_that_has_come(statistic: Statistic, asked: Any) -> None:
    """And not before: an open case has no ending, which is known."""
    metric = of(Due, statistic)
    doubtful = figure(metric, [*SURE, ENDED, case("5")], **asked)
    ways = [figure(metric, [*SURE, {**ENDED, "ending": each}, case("5")], **asked) for each in ("good", "bad")]
    holds(doubtful, ways, tight=False)
    assert doubtful.doubt == {"unknown": 1}
    sure = figure(metric, [*SURE, case("5")], **asked)
    assert not sure.doubt
    assert sure.low == sure.high == sure.value.exact


OFFICES = [*SURE, case("6", until="2010-03-01", office="B")]
HANGING: Mapping[str, tuple[type[Told], str, str, Sequence[Row], Row]] = {
    "an office": (OfOffice, "office", "A", OFFICES, case("4", until="2010-03-05", office="")),
    "an office with weights": (OfWeighingOffice, "office", "A", OFFICES, case("4", until="2010-03-05", office="")),
    "an office in another": (OfOffice, "office", "B", OFFICES, case("4", until="2010-03-05", office="")),
    "an ending": (Good, "ending", "good", SURE, ENDED),
}


@pytest.mark.parametrize("asked", ["by", "where"])
@pytest.mark.parametrize("name", HANGING)
@pytest.mark.parametrize(
    "statistic",
    [Count(), Share(), Sum(), Mean(), Quantile(Fraction(1, 2)), Flow("outflow"), Flow("clearance")],
)
def test_what_becomes_of_a_record_with_a_label_that_is_read_and_not_known_is_not_known_either(
    statistic: Statistic, name: str, asked: str
) -> None:
    kind, field, label, rows, doubted = HANGING[name]
    if label == "B" and isinstance(statistic, Mean | Quantile):
        pytest.skip("nobody is a yes there, whatever the label")
    metric = of(kind, statistic)
    question: Any = {"by": (field,), "of": label} if asked == "by" else {"where": {field: label}}
    ways = [
        figure(metric, [*rows, {**doubted, field: each}], **question)
        for each in ("A", "B", "good", "bad")
        if each in Case.fields[field].labels
    ]
    holds(figure(metric, [*rows, doubted], **question), ways, tight=False)


def test_among_those_without_a_label_a_record_is_what_was_read() -> None:
    metric, blank = of(OfOffice, Flow("inflow")), case("4", until="2010-03-05", office="")
    assert figure(of(OfOffice, Count()), [*OFFICES, blank], of=None, by=("office",)).doubt == {}
    several: Sequence[dict[str, Any]] = ({}, {"by": ("office",), "of": None})
    for asked in several:
        sure = figure(metric, [*OFFICES, blank], **asked)
        assert (sure.doubt, sure.low, sure.high) == ({}, sure.value.exact, sure.value.exact)


@pytest.mark.parametrize("by", [(), ("office",), ("ending",)])
def test_figures_pooled_over_a_label_that_is_read_are_those_counted_without_it(by: tuple[str, ...]) -> None:
    rows = [*OFFICES, ENDED, case("5", office=""), case("7", until="2010-03-05", office="")]
    given: Any = {"as_of": AS_OF, "children": {"visits": [visit("1")]}}
    for metric in (of(OfOffice, Share()), of(Good, Mean())):
        together = (
            cq.tally([metric], rows, by=("office", "ending"), **given)
            .conclude(metrics=[metric], by=by, period=PERIOD)[metric.id]
            .measurement
        )
        alone = (
            cq.tally([metric], rows, by=by, **given)
            .conclude(metrics=[metric], by=by, period=PERIOD)[metric.id]
            .measurement
        )
        assert [(each.place, each.value, each.doubt) for each in together.figures] == [
            (each.place, each.value, each.doubt) for each in alone.figures
        ]


@pytest.mark.parametrize("statistic", [Count(), Sum()], ids=["count", "sum"])
def test_a_record_that_adds_nothing_may_still_make_a_nought_of_no_figure(statistic: Statistic) -> None:
    metric = of(Due, statistic)
    doubtful = figure(metric, [case("1", on="", until="2010-03-01", ending="bad")])
    holds(doubtful, [figure(metric, [case("1", until="2010-03-01", ending="bad")])])
    assert (doubtful.value.reason, doubtful.doubt) == ("only records in doubt", {"undated": 1})


@pytest.mark.parametrize("statistic", [Count(), Sum()], ids=["count", "sum"])
@pytest.mark.parametrize("office", ["A", ""], ids=["with a label", "without one"])
def test_a_record_that_stands_for_no_case_may_make_a_nought_of_no_figure_too(statistic: Statistic, office: str) -> None:
    metric = of(Visits, statistic)
    lacking = case("1", on="", until="2010-03-01", ending="good", office=office)
    other = case("2", on="2009-03-01", until="2010-03-01", ending="good")
    doubtful = figure(metric, [lacking, other], [visit("2", "2009-03-02")])
    holds(doubtful, [figure(metric, [{**lacking, "on": "2010-02-01"}, other], [visit("2", "2009-03-02")])])
    assert (doubtful.value.reason, doubtful.doubt) == ("only records in doubt", {"undated": 1})
    sure = figure(metric, [{**lacking, "on": "2009-02-01"}, other], [visit("2", "2009-03-02")])
    assert (sure.value.reason, sure.doubt) == ("no data", {})


def test_tallies_told_apart_by_fewer_fields_are_those_counted_so() -> None:
    rows = [*SURE, ENDED, case("5"), case("6", office="")]
    given: Any = {"as_of": AS_OF, "children": {"visits": [visit("1")]}}
    metric = of(Due, Count())
    both = cq.tally([metric], rows, by=("ending", "office"), **given).parts[metric.id]
    for fields in (("ending",), ("office",), ()):
        alone = cq.tally([metric], rows, by=fields, **given).parts[metric.id]
        assert both.told_apart_by(fields).doubts.tolist() == alone.doubts.tolist()


def test_a_blank_that_an_event_explains_is_a_fact_where_the_field_says_so() -> None:
    fields = {
        "plain": cq.code("a", known_with="until"),
        "fact": cq.code("a", missing="in writing", known_with="until"),
        "doubt": cq.code("a", unknown="not stated", known_with="until"),
        "required": cq.code("a"),
    }
    assert {name: field.blank_is_doubt for name, field in fields.items()} == {
        "plain": True,
        "fact": False,
        "doubt": True,
        "required": False,
    }


@attrs.frozen
class LeftOut(Told):
    """How the cases ended, of which a bad one is left out altogether."""

    outcomes = cq.outcomes(good=YES, bad=OUT, not_stated=UNKNOWN, open=OPEN)

    def given(self, cases: Case, as_of: cq.AsOf) -> dict[str, Any]:
        """Return the days on which they began."""
        return {"aged": True}


LOSES: Mapping[str, Statistic] = {
    **{name: statistic for name, statistic in STATISTICS.items() if isinstance(statistic, Flow)},
    "share": Share(),
    "count": Count(),
    "age of the pending": PendingAge(),
    "median age": PendingAge(Fraction(1, 2)),
}


@pytest.mark.parametrize("name", LOSES)
@pytest.mark.parametrize("until", ["2010-03-05", "2010-06-05"], ids=["ended", "pending then"])
def test_a_case_of_which_nobody_knows_how_it_ended_may_be_one_that_is_left_out(name: str, until: str) -> None:
    metric, rows = of(LeftOut, LOSES[name]), [*SURE, case("5"), case("6", on="2009-02-01", until="2009-03-01")]
    doubtful = figure(metric, [*rows, {**ENDED, "until": until}])
    ways = [figure(metric, [*rows, {**ENDED, "until": until, "ending": each}]) for each in ("good", "bad")]
    holds(doubtful, ways, tight=False)
    if name in ("inflow", "outflow", "stock"):
        holds(doubtful, ways)


OUT_OF_IT = case("1", until="2010-03-01", ending="bad")
BEFORE = [case("2", on="2009-03-01", office="A"), case("3", on="2009-03-01", office="B")]
LACKING: Mapping[str, tuple[dict[str, str], Sequence[dict[str, str]]]] = {
    "its day": ({"on": ""}, [{"on": "2010-02-01"}]),
    "its office": ({"office": ""}, [{"office": "A"}]),
    "both": ({"on": "", "office": ""}, [{"on": "2010-02-01", "office": "A"}]),
}


@pytest.mark.parametrize("asked", [{"by": ("office",), "of": "A"}, {"where": {"office": "A"}}], ids=["by", "where"])
@pytest.mark.parametrize("lacking", LACKING)
def test_a_record_that_is_left_out_makes_a_nought_of_no_count_wherever_it_may_belong(lacking: str, asked: Any) -> None:
    """A count of records that are all left out is 0, and no figure where there are none."""
    read, settled = LACKING[lacking]
    doubtful = figure(of(LeftOut, Count()), [{**OUT_OF_IT, **read}, *BEFORE], **asked)
    holds(doubtful, [figure(of(LeftOut, Count()), [{**OUT_OF_IT, **each}, *BEFORE], **asked) for each in settled])
    assert (doubtful.value.reason, sum(doubtful.doubt.values())) == ("only records in doubt", 1)
    elsewhere = figure(of(LeftOut, Count()), [{**OUT_OF_IT, **read, "on": "2009-02-01"}, *BEFORE], **asked)
    assert (elsewhere.value.reason, elsewhere.doubt) == ("no data", {})


@pytest.mark.parametrize("name", ["sum", "share", "inflow", "clearance"])
def test_a_record_that_is_left_out_makes_no_other_figure_wherever_it_belongs(name: str) -> None:
    statistic = {**STATISTICS, "sum": Sum()}[name]
    for rows in ([{**OUT_OF_IT, "on": ""}], [OUT_OF_IT]):
        found = figure(of(LeftOut, statistic), [*rows, *BEFORE[:1]], where={"office": "A"})
        assert not found.doubt
        assert found.value.exact is None or found.low == found.high == found.value.exact
