from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import attrs
import pytest

from casequality.errors import CaseQualityError, GoalError, SeveralErrors, UnknownName, UsageError, Words
from casequality.goals import GoalSet, check_goal, check_goals
from casequality.goals.gaps import Gap
from casequality.metrics import OUT, AsOf, Choice, Contribution, Metric, as_metric, choose, readings
from casequality.metrics.declaring.statistics import Ratio, Statistic
from tests.factories.goals import goal
from tests.factories.metrics import Bad, Ended, Event, Good, HowLong, HowMany, Wait

CHOSEN = {"withdrawn": "bad", "cohort": "received"}


def faults(target: str = "at least 75 %", metric: type[Metric] | Metric = Good, **given: Any) -> list[GoalError]:
    return list(check_goal(goal(target, **{"readings": CHOSEN, **given}), metric))


def only(target: str = "at least 75 %", metric: type[Metric] | Metric = Good, **given: Any) -> GoalError:
    [fault] = faults(target, metric, **given)
    return fault


def test_a_goal_that_chooses_every_reading_can_be_judged() -> None:
    assert faults() == []
    assert faults(metric=Good()) == []


def test_each_reading_that_is_not_chosen_is_listed_with_what_each_alternative_changes() -> None:
    withdrawn, cohort = faults(readings={})
    assert withdrawn.what == "The goal does not choose the reading withdrawn"
    assert withdrawn.where == "goal g, readings"
    assert withdrawn.got == "no choice"
    assert withdrawn.allowed == "bad: a withdrawn event was not good; left_out: a withdrawn event is no event"
    assert withdrawn.remedy == 'add withdrawn = "..." with one of these; it is open because the goal says all events'
    assert "received: each case counts in the period in which it began, open cases too" in str(cohort)
    assert "closed: each case counts in the period in which it ended" in str(cohort)


def test_a_reading_with_one_alternative_leaves_nothing_to_choose() -> None:
    class Plain(Good):
        readings: ClassVar[Mapping[str, Choice]] = readings(only=choose(literal="so", so={}, why="there is one"))

    assert faults(metric=Plain, readings={}) == []
    assert faults(metric=Plain, readings={"only": "so"}) == []


def test_an_unknown_alternative_names_those_there_are_and_the_close_one() -> None:
    fault = only(readings={**CHOSEN, "withdrawn": "leftout"})
    assert fault.what == "The reading withdrawn has no such alternative"
    assert (fault.got, fault.remedy) == ("leftout", "did you mean left_out?")
    assert "left_out: a withdrawn event is no event" in str(fault)


def test_an_unknown_reading_names_those_of_the_metric() -> None:
    fault = only(readings={**CHOSEN, "callers": "answered"})
    assert (fault.what, fault.got) == ("The metric has no such reading", "callers")
    assert (fault.allowed, fault.remedy) == (("withdrawn", "cohort"), "use one of these")


def test_an_unknown_parameter_names_those_of_the_metric() -> None:
    fault = only(parameters={"limits": 5})
    assert (fault.what, fault.where) == ("The metric has no such parameter", "goal g, parameters")
    assert (fault.got, fault.allowed, fault.remedy) == ("limits", ("limit",), "did you mean limit?")


@pytest.mark.parametrize(("value", "kind"), [("5", "a text"), (5.0, "a number with decimals"), (True, "true or false")])
def test_a_parameter_of_another_kind_is_refused(value: object, kind: str) -> None:
    fault = only(parameters={"limit": value})
    assert (fault.what, fault.got) == ("The parameter limit is of another kind", kind)
    assert (fault.allowed, fault.remedy) == ("a whole number", "write it like 5")
    assert faults(parameters={"limit": 7}) == []


def test_a_parameter_that_a_reading_sets_is_refused() -> None:
    @attrs.frozen
    class Limited(Good):
        readings: ClassVar[Mapping[str, Choice]] = readings(
            within=choose(usual="five", five={"limit": 5}, ten={"limit": 10}, why="the goal does not say")
        )

    fault = only(metric=Limited, readings={"within": "ten"}, parameters={"limit": 7})
    assert fault.what == "The reading within and a parameter both set limit"
    assert fault.remedy == "leave the parameter out: the reading makes it 10"


@pytest.mark.parametrize(
    ("target", "metric"),
    [
        *[("at most 25 " + unit, Wait) for unit in ("s", "seconds", "sekunder", "second")],
        *[("at most 25 " + unit, HowLong) for unit in ("days", "dage", "day")],
        ("at least 110 %", Ended),
        ("at most 90 % of 2009", HowMany),
        ("baseline", HowLong),
    ],
)
def test_a_target_may_write_the_metrics_unit_as_people_do(target: str, metric: type[Metric]) -> None:
    class Undirected(metric):  # type: ignore[misc, valid-type]
        higher_is_better: ClassVar[bool | None] = None

    assert faults(target, Undirected) == []


@pytest.mark.parametrize("unit", ["cases", "sager", "sag"])
def test_a_number_of_records_holds_for_a_window_that_the_goal_states(unit: str) -> None:
    class Undirected(HowMany):
        higher_is_better: ClassVar[bool | None] = None

    for each, aggregate in (((), "pooled"), (("kind",), "each"), (("month",), "pooled")):
        fault = only(f"at most 25 {unit}", Undirected, each=each, aggregate=aggregate)
        assert fault.what == "The goal sets a number of records and does not say over how long"
        assert "month: the number holds for a month; quarter:" in str(fault.allowed)
    for aggregate in ("each", "mean"):
        assert faults(f"at most 25 {unit}", Undirected, each=("month",), aggregate=aggregate) == []
    assert faults(f"at most 0 {unit}", Undirected) == []


def test_a_metric_of_several_figures_is_asked_for_one_of_them() -> None:
    class Kinds(Good):
        words: ClassVar[Mapping[str, Mapping[str, str]]] = {"A": {"en": "kind A", "da": "slags A"}}

        def contribute(self, events: Event, as_of: AsOf, /) -> Mapping[str, Contribution]:  # type: ignore[override]
            return {kind: Good.contribute(self, events, as_of) for kind in ("A", "B")}

    class Whole(Kinds):
        def contribute(self, events: Event, as_of: AsOf, /) -> Mapping[str, Contribution]:  # type: ignore[override]
            return {"": Good.contribute(self, events, as_of), **Kinds.contribute(self, events, as_of)}

    class Divided(Kinds):
        statistic: ClassVar[Statistic] = Ratio()

    fault = only(metric=Kinds)
    assert fault.what == "The metric gives several figures, and the goal does not name one of them"
    assert (fault.where, fault.allowed) == ("goal g, facet", "A: kind A; B: B")
    assert "each is a figure by itself" in str(fault.remedy)
    assert only(metric=Kinds, facet="C").what == "The metric has no such figure"
    assert only(facet="A").allowed == "none"
    assert faults(metric=Kinds, facet="B") == faults(metric=Whole) == faults(metric=Divided) == []
    assert only(metric=Divided, facet="A").what == "The metric has no such figure"


def test_a_gap_is_said_in_danish_with_the_danish_words_of_the_metric() -> None:
    class Plain(Good):
        readings: ClassVar[Mapping[str, Choice]] = readings(
            only=choose(
                literal="so",
                so={},
                other={"withdrawn": OUT},
                why={"en": "it is not said", "da": "det ikke er sagt"},
                says={"so": {"en": "like this", "da": "sådan"}, "other": "like that"},
            )
        )

    [gap] = check_goal(goal("at least 75 %", readings={}), Plain)
    assert isinstance(gap, Gap)
    assert gap.told("da").split("\n") == [
        "Målet vælger ikke læsningen only",
        "  sted:    mål g, readings",
        "  givet:   intet valg",
        "  muligt:  so: sådan; other: like that",
        '  udvej:   tilføj only = "..." med en af dem; den står åben, fordi det ikke er sagt',
    ]
    assert gap.told("en") == str(gap)
    other = UnknownName("No plugin offers the metric", got="x")
    both = SeveralErrors(Words("Two", "To"), [gap, other])
    assert both.told("da") == f"To\n\n{gap.told('da')}\n\nNo plugin offers the metric\n  givet:   x"
    assert both.told("en") == str(both)


@pytest.mark.parametrize("target", ["at most 25 days", "at most 25", "at most 25 %", "at most 25 minutes"])
def test_a_target_in_another_unit_is_refused(target: str) -> None:
    fault = only(target, Wait)
    assert (fault.what, fault.where) == ("The target is not in the metric's unit", "goal g, target")
    assert fault.remedy == "write the number in seconds"
    assert "seconds, sekunder, s" in str(fault)


@pytest.mark.parametrize("target", ["at least 100.01 %", "at least -1 %", "above 120 %"])
def test_a_share_that_cannot_be_is_refused(target: str) -> None:
    fault = only(target)
    assert (fault.what, fault.allowed) == ("A share lies between nothing and the whole", "0 to 100 %")
    assert fault.remedy == "correct the number"


@pytest.mark.parametrize(
    ("target", "metric", "remedy"),
    [
        ("at most 75 %", Good, "turn the comparison: more is better here"),
        ("below 75 %", Good, "turn the comparison: more is better here"),
        ("at least 5 %", Bad, "turn the comparison: less is better here"),
        ("above 5 %", Bad, "turn the comparison: less is better here"),
        ("at least 110 % of 2009", Bad, "turn the comparison: less is better here"),
    ],
)
def test_a_target_that_asks_for_worse_is_refused(target: str, metric: type[Metric], remedy: str) -> None:
    fault = only(target, metric)
    assert (fault.what, fault.remedy) == ("The target points the wrong way", remedy)


@pytest.mark.parametrize(("target", "metric"), [("exactly 100 %", Good), ("exactly 0 %", Bad)])
def test_an_exact_target_points_no_way(target: str, metric: type[Metric]) -> None:
    assert faults(target, metric) == []


@pytest.mark.parametrize(
    ("metric", "limit"),
    [
        (HowLong, -1),
        (HowLong, 2.5),
        (HowLong, True),
        (HowLong, "730"),
        (HowLong, "-730 days"),
        (HowLong, "two years"),
        (HowLong, "730 kroner"),
        (HowMany, "730 days"),
        (HowLong, ("730 days",)),
    ],
)
def test_a_greatest_amount_that_is_none_is_refused(metric: type[Metric], limit: Any) -> None:
    target = "at most 25 days" if metric is HowLong else "at least 0 cases"
    fault = only(target, metric, at_most=limit)
    assert (fault.what, fault.where) == ("The limit at_most is no amount of this metric", "goal g, at_most")
    assert isinstance(fault, Gap)
    assert "Grænsen at_most er ikke et tal for denne måling" in fault.told("da")


@pytest.mark.parametrize("limit", [0, -500, 1.5, "500", True])
def test_a_heaviest_row_of_no_case_is_refused(limit: Any) -> None:
    fault = only(heaviest=limit)
    assert (fault.what, fault.where) == ("The limit heaviest is no number of cases", "goal g, heaviest")
    assert isinstance(fault, Gap)
    assert "Grænsen heaviest er ikke et antal sager" in fault.told("da")


@pytest.mark.parametrize("limit", [0, 730, "730 days", "12 hours", "1 day"])
def test_a_greatest_amount_is_a_whole_number_or_a_length_of_time(limit: int | str) -> None:
    assert faults("at most 25 days", HowLong, at_most=limit, heaviest=1) == []


@pytest.mark.parametrize(
    "wrong", [{"at_most": -1}, {"at_most": "730"}, {"heaviest": 0}, {"at_least": "2 days", "at_most": "1 day"}]
)
def test_limits_of_a_metric_are_refused_as_early(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="limit of what nobody can read"):
        as_metric(type("Limited", (HowLong,), wrong))


def test_groups_and_choices_of_records_are_codes_that_they_have() -> None:
    fault = only(each=("kinds",), aggregate="each")
    assert (fault.what, fault.where) == ("The goal is judged for something unknown", "goal g, each")
    assert (fault.got, fault.remedy) == ("kinds", "did you mean kind?")
    assert fault.allowed == ("month", "quarter", "half-year", "year", "became", "kind")
    fault = only(where={"queue": ("main",)})
    assert (fault.what, fault.got, fault.allowed) == ("The records have no such code", "queue", ("became", "kind"))
    fault = only(where={"kind": ("A", "F")})
    assert (fault.what, fault.got) == ("The code kind has no such label", "F")
    assert fault.allowed == ("A", "B", "C", "D", "E")
    assert faults(where={"kind": ("A", "B")}, each=("month", "kind"), aggregate="each") == []


def test_all_faults_of_all_goals_are_found_together() -> None:
    def find(name: str) -> type[Metric]:
        if name == "events.good":
            return Good
        raise UnknownName("No plugin offers the metric", got=name, allowed=["events.good"], remedy="install it")

    sets = [
        GoalSet(id="one", goals=(goal("at least 75 %"), goal("at least 75 s", id="h", readings=CHOSEN))),
        GoalSet(id="two", goals=(goal("at least 75 %", readings=CHOSEN), goal("baseline", id="i", metric="none"))),
    ]
    found: tuple[CaseQualityError, ...] = check_goals(sets, find)
    assert [(fault.what, fault.where) for fault in found] == [
        ("Two goals have the same id", "goal g"),
        ("The goal does not choose the reading withdrawn", "goal g, readings"),
        ("The goal does not choose the reading cohort", "goal g, readings"),
        ("The target is not in the metric's unit", "goal h, target"),
        ("No plugin offers the metric", "goal i"),
    ]
    assert found[0].remedy == "name each once, or leave one of the sets out"
