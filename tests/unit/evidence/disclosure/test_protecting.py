"""What is withheld cannot be found out: totals, complements, bases, periods, groups, goals, earlier editions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import attrs
import numpy as np
import pytest

pytest.importorskip("scipy")

from casequality.days import period
from casequality.errors import InputError, UsageError
from casequality.evidence.disclosure import Disclosure, Ledger, Policy, View, disclose
from casequality.evidence.disclosure.layout import lay_out
from casequality.evidence.disclosure.moves import reach
from casequality.evidence.disclosure.pattern import protect
from casequality.metrics.declaring.readings import choose, cohort, readings
from casequality.metrics.declaring.statistics import Count, Mean, Quantile
from casequality.metrics.tallies.outcomes import NO
from tests.attacker import Attacker, possible_by_hand
from tests.factories.measurements import measured
from tests.factories.tallies import Told, entry

JANUARY = period("2010-01")
Counts = Mapping[str, tuple[int, int]]


class Number(Told):
    """How many are a yes."""

    id = "test.number"
    statistic = Count()


class Average(Told):
    """The mean amount of what is a yes."""

    id = "test.average"
    statistic = Mean()


def rows(counts: Counts, on: str = "2010-01-10", **more: Any) -> list[Mapping[str, Any]]:
    return [
        entry(on, office=office, what=what, **more)
        for office, (yes, no) in counts.items()
        for what, number in (("yes", yes), ("no", no))
        for _ in range(number)
    ]


def view(counts: Counts, metric: type[Told] = Told, *, total: bool = True, name: str = "share") -> View:
    found = measured(metric, rows(counts), by=("office",), periods=("2010-01",))
    places = [("", JANUARY, (("office", office),)) for office in counts]
    return View(
        name=name,
        tally=found.tally,
        reading=found.reading,
        places=(*places, *([("", JANUARY, ())] if total else ())),
    )


def states(told: Disclosure, offices: Sequence[str], name: str = "share") -> list[str]:
    return [told.of(name, ("", JANUARY, (("office", office),))).state for office in offices]


def published(counts: Counts, policy: Policy | None = None, metric: type[Told] = Told, **given: Any) -> Disclosure:
    return disclose([view(counts, metric)], policy or Policy(), as_of="2010-02-01", **given)


def test_the_row_of_3_4_and_1_beside_its_total_hides_more_than_what_is_small() -> None:
    """The seed's own example: with a threshold of 3 the 1 alone is small, and 8 - 3 - 4 gives it away."""
    told = published({"a": (3, 0), "b": (4, 0), "c": (1, 0)}, Policy(threshold=3), Number)
    hidden = [state == "withheld" for state in states(told, "abc")]
    assert hidden[2]
    assert sum(hidden) == 2
    assert told.of("share", ("", JANUARY, ())).counts == {"yes": 8}


def test_nothing_is_withheld_where_nothing_is_small() -> None:
    told = published({"a": (30, 20), "b": (40, 50)})
    assert states(told, "ab") == ["shown", "shown"]
    assert told.of("share", ("", JANUARY, (("office", "a"),))).counts == {"yes": 30, "no": 20, "whole": 50}


def test_a_small_complement_is_small_too() -> None:
    """98 of 100 says that two are late."""
    assert states(published({"a": (98, 2), "b": (50, 50), "c": (60, 40)}), "a") == ["withheld"]


def test_none_and_no_cases_are_no_secrets_unless_zeros_are_protected() -> None:
    counts = {"a": (30, 0), "b": (40, 50), "c": (60, 60)}
    assert states(published(counts), "abc") == ["shown"] * 3
    protected = published(counts, Policy(zeros="protected"))
    assert states(protected, "a") == ["withheld"]
    assert states(protected, "abc").count("withheld") == 2


def test_what_is_left_possible_is_every_small_number_by_trying_every_table() -> None:
    """Brute force over all tables of three counts, with what the publication says of them."""
    for counts in product((2, 7), (1, 6), (3, 9)):
        told = published(dict(zip("abc", ((each, 0) for each in counts), strict=True)), None, Number)
        shown = [told.of("share", ("", JANUARY, (("office", office),))).counts for office in "abc"]
        sums: list[tuple[tuple[int, ...], int]] = [((place,), each["yes"]) for place, each in enumerate(shown) if each]
        whole = told.of("share", ("", JANUARY, ())).counts
        sums += [((0, 1, 2), whole["yes"])] if whole else []
        # a count that is withheld is not none, since that would be shown
        tables = [each for each in possible_by_hand(sums, 3, 20) if all(each)]
        for place, count in enumerate(counts):
            if count < 5:
                assert {1, 2, 3, 4} <= {table[place] for table in tables}


def test_primary_and_secondary_are_one_state() -> None:
    told = published({"a": (98, 2), "b": (50, 50), "c": (60, 40)})
    withheld = [each for each in told.figures.values() if each.state == "withheld"]
    assert len(withheld) >= 2
    assert len({(each.state, tuple(each.counts), each.exact) for each in withheld}) == 1
    plain = told.ledger.editions[0].withheld
    assert {(row.part, row.value) for row in plain} == {("", 0)}


def test_a_code_that_points_out_persons_is_refused() -> None:
    with pytest.raises(UsageError, match="points out persons"):
        published({"a": (98, 2)}, Policy(identifying="office"))


def test_a_public_total_that_is_small_is_refused() -> None:
    with pytest.raises(UsageError, match="small itself"):
        published({"a": (2, 9), "b": (1, 9)}, Policy(public="month"))


def test_bases_that_everybody_knows_are_no_place_to_hide_in() -> None:
    counts = {"a": (98, 2), "b": (50, 50), "c": (60, 40)}
    found = view(counts)
    layout = lay_out([found], Policy(public="bases"), Ledger())
    pattern = protect(layout.problem)
    assert pattern.proves(layout.problem)
    for cell in layout.problem.protected.tolist():
        low, high = reach(layout.problem, pattern.hidden, cell)
        assert low <= 1
        assert high is None or high >= 4


def test_public_bases_that_give_a_small_base_away_are_an_error_and_no_publication() -> None:
    with pytest.raises(InputError, match="whatever is withheld"):
        published({"a": (2, 1), "b": (50, 50), "c": (60, 40)}, Policy(public="bases"))


def test_a_proof_does_not_stand_where_a_figure_is_shown_after_all() -> None:
    layout = lay_out([view({"a": (98, 2), "b": (50, 50), "c": (60, 40)})], Policy(), Ledger())
    pattern = protect(layout.problem)
    assert pattern.proves(layout.problem)
    for unit in np.flatnonzero(pattern.hidden):
        pattern.hidden[unit] = False
        assert not pattern.proves(layout.problem)
        pattern.hidden[unit] = True


def test_what_was_published_before_is_no_place_to_hide_in() -> None:
    counts = {"a": (98, 2), "b": (50, 50), "c": (60, 40), "d": (70, 70)}
    first = published(counts)
    hidden = [office for office, state in zip("abcd", states(first, "abcd"), strict=True) if state == "withheld"]
    again = published(counts, ledger=first.ledger)
    assert again.ledger == first.ledger
    assert [
        office for office, state in zip("abcd", states(again, "abcd"), strict=True) if state == "withheld"
    ] == hidden


def test_a_count_that_grew_by_two_is_not_told_beside_the_old_one() -> None:
    first = published({"a": (98, 20), "b": (50, 50), "c": (60, 40)})
    grown = {"a": (100, 20), "b": (50, 50), "c": (60, 40)}
    assert states(published(grown, ledger=first.ledger), "a") == ["withheld"]
    assert states(published(grown, Policy(revisions="public"), ledger=first.ledger), "a") == ["shown"]
    assert states(published({**grown, "a": (105, 20)}, ledger=first.ledger), "a") == ["shown"]


def test_what_the_ledger_tells_more_finely_must_be_counted_again() -> None:
    first = published({"a": (98, 20), "b": (50, 50)})
    found = measured(Told, rows({"a": (98, 20), "b": (50, 50)}), periods=("2010-01",))
    coarse = View(name="share", tally=found.tally, reading=found.reading, places=(("", JANUARY, ()),))
    with pytest.raises(UsageError, match="were, told apart by codes"):
        disclose([coarse], Policy(), as_of="2010-03-01", ledger=first.ledger)


def test_a_mean_goes_with_the_number_of_its_cases_and_a_middle_needs_the_threshold_on_either_side() -> None:
    told = published({"a": (3, 0), "b": (40, 0), "c": (50, 0)}, None, Average)
    assert states(told, "a") == ["withheld"]

    for p, few, state in (
        ("1/2", 8, "withheld"),
        ("1/2", 11, "shown"),
        ("0/1", 40, "withheld"),
        ("1/1", 40, "withheld"),
    ):

        class Middle(Told):
            id = "test.middle"
            statistic = Quantile(Fraction(p))

        counts = {"a": (few, 0), "b": (60, 0)}
        assert states(published(counts, None, Middle), "a") == [state], (p, few)


class Satisfied(Told):
    """The mean of 100 points for what is satisfied, and 0 for what is not."""

    id = "test.satisfied"
    statistic = Mean(most=100)


@pytest.mark.parametrize(("points", "state"), [(98, "withheld"), (90, "shown"), (3, "withheld"), (100, "shown")])
def test_a_mean_of_all_points_or_none_says_as_much_as_a_share(points: int, state: str) -> None:
    """A mean of 98 points of 100 answers says that two were not satisfied."""
    given = [
        entry("2010-01-10", office=office, amount=100 if number < full else 0)
        for office, full in {"a": points, "b": 50, "c": 60}.items()
        for number in range(100)
    ]
    found = measured(Satisfied, given, by=("office",), periods=("2010-01",))
    whole = tuple(("", JANUARY, (("office", office),)) for office in "abc")
    told = disclose([View(name="share", tally=found.tally, reading=found.reading, places=whole)], Policy(), as_of="x")
    assert states(told, "a") == [state]
    [plain, *_] = told.plain(View(name="share", tally=found.tally, reading=found.reading, places=whole), found)
    shown = state == "shown"
    told_of = (100.0 * points if shown else None, None, 100 if shown else None)  # this metric's unit is per cent
    assert (plain["value"], plain["numerator"], plain["denominator"]) == told_of


def test_rounded_counts_add_up_and_leave_every_small_number_possible() -> None:
    policy = Policy(method="round", key="0123456789abcdef")
    counts = {office: (yes, no) for office, yes, no in zip("abcdefgh", range(8), range(10, 18), strict=True)}
    told = published(counts, policy)
    parts = [told.of("share", ("", JANUARY, (("office", office),))).counts for office in counts]
    for (yes, no), part in zip(counts.values(), parts, strict=True):
        assert {value % 5 for value in part.values()} == {0}
        assert abs(part["yes"] - yes) < 5
        assert abs(part["no"] - no) < 5
        assert part["whole"] == part["yes"] + part["no"]
    whole = told.of("share", ("", JANUARY, ())).counts
    assert whole == {name: sum(part[name] for part in parts) for name in ("yes", "no", "whole")}
    assert published(counts, policy).figures == told.figures
    other = published(counts, Policy(method="round", key="fedcba9876543210"))
    assert other.figures != told.figures


def test_nested_goals_do_not_tell_by_their_difference() -> None:
    """96 in ten days and 98 in twenty: that two took from 11 to 20 days is told by neither alone."""
    offices = {"a": (96, 54), "b": (50, 50), "c": (60, 40)}
    inner = view(offices, name="ten")
    outer = view({**offices, "a": (98, 52)}, Wider, name="twenty")
    alone = [disclose([each], Policy(), as_of="x") for each in (inner, outer)]
    assert states(alone[0], "a", "ten") == states(alone[1], "a", "twenty") == ["shown"]
    both = disclose([inner, outer], Policy(nested=[("ten", "twenty")]), as_of="x")
    assert "withheld" in (*states(both, "a", "ten"), *states(both, "a", "twenty"))
    with pytest.raises(InputError, match="that the policy calls nested are not"):
        disclose([inner, outer], Policy(nested=[("twenty", "ten")]), as_of="x")


class Wider(Told):
    """A goal on the same entries."""

    id = "test.wider"


def test_goals_on_the_same_records_have_one_base_and_who_sees_the_one_knows_the_other() -> None:
    """Neither is nested in the other. Of 52 the first goal is shown, so that 52 is known of the second too."""
    first = view({"a": (26, 26), "b": (30, 30), "c": (40, 40)}, name="first")
    second = view({"a": (50, 2), "b": (20, 40), "c": (10, 70)}, Wider, name="second")
    layout = lay_out([first, second], Policy(), Ledger())
    pattern = protect(layout.problem)
    seen = next(
        each for (table, place), each in layout.seen.items() if table == second.table and place[2] == (("office", "a"),)
    )
    assert pattern.hidden[seen.unit]
    [whole] = [
        cell for cell in np.flatnonzero(layout.problem.unit == seen.unit).tolist() if layout.problem.values[cell] == 52
    ]
    assert reach(layout.problem, pattern.hidden, whole) == (52, 52)


class Every(Told):
    """How many entries there are, decided or not."""

    id = "test.every"
    statistic = Count()


class OrOpen(Told):
    """The share with the open ones under what is not a yes, where its reading says so."""

    id = "test.or-open"
    readings = readings(
        cohort=cohort("received", "closed"),
        pending=choose(
            literal="left_out",
            why="a test",
            says={"left_out": "an open one is not counted", "counted": "an open one is a no"},
            left_out={},
            counted={"open": NO},
        ),
    )


def open_ones(many: int, wide: str) -> tuple[Disclosure, list[View]]:
    """Return what is told of offices a, b and c, of which a has so many open entries, by two goals on them."""
    counts = {"a": (40, 8, many), "b": (50, 50, 20), "c": (60, 40, 30)}
    given = [
        entry("2010-01-10", office=office, what=what)
        for office, numbers in counts.items()
        for what, number in zip(("yes", "no", "open"), numbers, strict=True)
        for _ in range(number)
    ]
    every: Sequence[Mapping[str, Any]] = [{**row, "what": "yes"} for row in given]
    asked: list[tuple[type[Told], Sequence[Mapping[str, Any]], dict[str, Any]]]
    asked = [(OrOpen, given, {"chosen": {"pending": each}}) for each in ("left_out", "counted")]
    if wide == "another metric":
        asked = [(Told, given, {}), (Every, every, {})]
    groups: list[tuple[tuple[str, str | None], ...]] = [(), *((("office", office),) for office in counts)]
    views = []
    for number, (metric, entries, more) in enumerate(asked):
        found = measured(metric, entries, by=("office",), periods=("2010-01",), **more)
        places = tuple(("", JANUARY, group) for group in groups)
        views.append(View(name=f"goal {number}", tally=found.tally, reading=found.reading, places=places))
    return disclose(views, Policy(), as_of="x"), views


@pytest.mark.parametrize("wide", ["another metric", "another reading"])
def test_what_one_goal_counts_and_another_does_not_is_not_told_by_both(wide: str) -> None:
    """48 decided of 50 received are told by two goals, and that two are open by neither alone."""
    told, views = open_ones(2, wide)
    attacker = Attacker()
    narrow, broad = ("yes", "no"), ("yes", "no", "open")
    for number, each in enumerate(views):
        for place in each.places:
            shown = told.of(each.name, place).counts
            offices = [label for _, label in place[2]] or list("abc")
            for part, value in shown.items():
                kinds = {"yes": ("yes",), "no": broad[1:] if number else ("no",), "whole": broad if number else narrow}
                parts = broad if len(shown) == 1 else kinds[part]
                attacker.learn([(office, kind) for office in offices for kind in parts], value, value)
    for office in "abc":
        attacker.learn([(office, kind) for kind in broad], 0, np.inf)
    assert attacker.narrows([("a", "open")], 1, 4) is None
    assert "withheld" in [state for each in views for state in states(told, "a", each.name)]
    # and where enough lie between, both are told
    told, views = open_ones(25, wide)
    assert {state for each in views for state in states(told, "abc", each.name)} == {"shown"}


def of_some(counts: Counts, offices: Sequence[str], name: str) -> View:
    """Return the figure of some offices as a goal of its own, which is counted of no others."""
    kept = {office: counts[office] for office in offices}
    found = measured(Told, rows(kept), by=("office",), periods=("2010-01",), where={"office": tuple(offices)})
    return View(name=name, tally=found.tally, reading=found.reading, places=(("", JANUARY, ()),))


@pytest.mark.parametrize("by_office", [True, False])
def test_a_goal_on_some_of_the_records_does_not_tell_of_the_others(by_office: bool) -> None:
    """38 of 41 beside 31 of 47 and 53 of 72: told as goals of their own, they tell the first."""
    counts = {"a": (38, 3), "b": (31, 16), "c": (53, 19)}
    every = view(counts)
    alone = [of_some(counts, office, office) for office in "bc"]
    some = [*alone, of_some(counts, "bc", "b and c")]
    whole = every if by_office else attrs.evolve(every, places=(("", JANUARY, ()),))
    layout = lay_out([whole, *some], Policy(), Ledger())
    pattern = protect(layout.problem)
    assert pattern.proves(layout.problem)
    told = disclose([whole, *some], Policy(), as_of="x")
    shown = {view.name: told.of(view.name, ("", JANUARY, ())).state == "shown" for view in (whole, *some)}
    by = dict(zip("abc", states(told, "abc"), strict=True)) if by_office else {}
    total = shown["share"]
    others = (shown["b"] or by.get("b") == "shown") and (shown["c"] or by.get("c") == "shown")
    assert not (total and (others or shown["b and c"]))
    # and it is no more than that: alone, none of them is small
    for each in some:
        assert disclose([each], Policy(), as_of="x").of(each.name, ("", JANUARY, ())).state == "shown"
