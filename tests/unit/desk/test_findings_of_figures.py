"""From measured figures to findings: control charts, parts, and the budget of a goal."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar

import attrs
import numpy as np
import pytest

import casequality as cq
from casequality.errors import UnknownName, UsageError
from casequality.evidence import parts_of, take_apart, together


class Letter(cq.Records, name="letters"):
    """A letter, and whether it was answered in time; blank while that is not settled."""

    letter = cq.key()
    came_on = cq.day()
    office = cq.code()
    kept = cq.flag(missing="not yet")
    stands_for = cq.count(missing="one")


@attrs.frozen
class Kept(cq.Metric):
    """Share of letters answered in time."""

    id = "letters.kept"
    title = {"en": "Kept", "da": "Holdt"}
    unit = cq.units.SHARE
    records = Letter
    higher_is_better = True
    outcomes = cq.outcomes(kept=cq.YES, late=cq.NO, open=cq.OPEN)
    readings: ClassVar = cq.readings(
        basis=cq.choose(
            usual="everyone",
            why={"en": "silent", "da": "tavs"},
            samples={"sample": ()},
            everyone={},
            sample={},
        )
    )
    weighted: bool = False

    def contribute(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Contribution:
        outcome = self.outcomes.pick(kept=letters.kept == "yes", late=letters.kept == "no")
        times = np.full(len(letters), 2) if self.weighted else None
        return cq.Contribution(on=letters.came_on, outcome=outcome, times=times)


def letters(*months: tuple[str, str, int, int, int]) -> list[dict[str, Any]]:
    """Return the letters of months: when, office, and how many were kept, late and open."""
    rows = []
    for month, office, *counts in months:
        for kept, count in zip(("yes", "no", None), counts, strict=True):
            rows += [{"came_on": f"{month}-02", "office": office, "kept": kept} for _ in range(count)]
    return [{"letter": number, "stands_for": None, **row} for number, row in enumerate(rows)]


def goal(target: str, basis: str = "everyone", weighted: bool = False) -> str:
    parameters = "parameters = { weighted = true }" if weighted else ""
    return f"""
id = "g"
title = {{ en = "Goals", da = "Mål" }}
[[goal]]
id = "kept"
metric = "letters.kept"
source = "letters"
target = "{target}"
readings = {{ basis = "{basis}" }}
{parameters}
"""


def budget_of(target: str, rows: list[dict[str, Any]], **given: Any) -> Any:
    found = cq.assess(goal(target, **given), {"letters": rows}, period="2010-H1", as_of="2010-06-01", metrics=[Kept])
    return found["kept"].budget


def test_a_goal_that_is_not_over_says_how_many_may_still_be_missed() -> None:
    rows = letters(("2010-03", "north", 108, 42, 20))
    found = budget_of("at least 75 %", rows)
    assert (found.yes, found.no, found.open) == (108, 42, 20)
    assert (found.least, found.most) == (Fraction(108, 170), Fraction(128, 170))
    assert (found.state, found.may_miss) == ("possible", 0)  # 127.5 of 170 are needed
    assert budget_of("at least 76 %", rows).state == "lost"
    assert budget_of("above 50 %", rows).state == "met"
    assert "As if no further case came in" in str(found)  # it is June


def assessed(text: str, rows: list[dict[str, Any]]) -> Any:
    return cq.assess(text, {"letters": rows}, period="2010-H1", as_of="2010-08-01", metrics=[Kept])["kept"]


def test_a_budget_ends_where_the_figure_may_end_and_tells_what_is_in_doubt() -> None:
    """Of four letters nobody can read whether they were kept; one without a day can be nothing but kept."""
    rows = letters(("2010-03", "north", 70, 20, 6))
    unread = [{**rows[0], "letter": 1000 + place, "kept": "perhaps"} for place in range(4)]
    judged = assessed(goal("at least 75 %"), [*rows, *unread])
    found = judged.budget
    assert (found.yes, found.no, found.open, found.doubtful) == (70, 20, 6, 4)
    assert (100 * found.least, 100 * found.most) == (judged.low, judged.high) == (70, 80)
    assert (found.state, found.running) == ("possible", False)
    assert "af de 6 åbne sager og 4 tvivlsomme registreringer må 5 endnu tælle imod" in found.words.da
    undated = assessed(goal("at least 75 %"), [*rows, {**rows[0], "letter": 1000, "came_on": None}])
    assert (undated.low, undated.budget) == (Fraction(7000, 96), None)


def test_figures_that_are_no_share_of_all_cases_have_no_budget() -> None:
    rows = letters(("2010-03", "north", 10, 5, 1))
    assert budget_of("exactly 75 %", rows) is None
    assert budget_of("baseline", rows) is None
    assert budget_of("at least 75 %", rows, basis="sample") is None
    assert budget_of("at least 75 %", rows, weighted=True) is None
    assert budget_of("at least 75 %", letters(("2010-03", "north", 0, 0, 3))) is None  # nothing is settled yet


YEAR = [(f"2010-{month:02}", "north", 80 + month % 3, 20 - month % 3, 0) for month in range(1, 12)]


def test_figures_by_month_make_a_chart_in_their_unit() -> None:
    rows = letters(*YEAR, ("2010-12", "north", 40, 60, 0))
    measured = cq.measure(Kept, rows, by="month", as_of="2011-02-01", period="2010")
    found = measured.variation(targets=75)
    assert [point.label for point in found.points] == [f"2010-{month:02}" for month in range(1, 13)]
    assert (found.change, found.latest.rule, found.latest.value) == ("concern", "outside", Fraction(40, 100))
    assert "40.0 %" in str(found)
    assert found.latest.target == Fraction(3, 4)
    by_chance = measured.variation(targets=75, kind="p")
    assert by_chance.latest.low == pytest.approx(
        by_chance.latest.centre - 3 * (by_chance.latest.centre * (1 - by_chance.latest.centre) / 100) ** 0.5
    )
    broken = measured.variation(breaks=["2010-07"])
    assert broken.rests_on == 6
    stepped = measured.variation(targets=[*[90] * 11, 35])
    assert [stepped.points[0].target, stepped.latest.target] == [Fraction(9, 10), Fraction(35, 100)]


def test_a_month_without_a_figure_has_no_point_and_several_offices_must_be_told_apart() -> None:
    rows = letters(("2010-01", "north", 8, 2, 0), ("2010-03", "north", 7, 3, 0), ("2010-03", "south", 1, 1, 0))
    measured = cq.measure(Kept, rows, by=["month", "office"], as_of="2011-02-01", period="2010")
    assert [point.label for point in measured.variation(office="north").points] == ["2010-01", "2010-03"]
    with pytest.raises(UsageError, match="Several figures"):
        measured.variation()


def test_groups_of_a_measurement_are_parts() -> None:
    rows = letters(
        ("2009-03", "north", 90, 10, 0), ("2009-03", "south", 30, 70, 0),
        ("2010-03", "north", 46, 4, 0), ("2010-03", "south", 64, 136, 0),
    )  # fmt: skip
    measured = cq.measure(Kept, rows, by=["year", "office"], as_of="2011-02-01").measurement
    before, after = parts_of(measured, "2009"), parts_of(measured, "2010")
    assert after == {"north": (46, 50), "south": (64, 200)}
    assert take_apart(before, after).reversed
    assert together(after, Fraction(40, 100)).hides == ("south",)
    with pytest.raises(UnknownName, match="No figure of that period"):
        parts_of(measured, "2011")
