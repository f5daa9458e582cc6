from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest

import casequality as cq
from casequality.desk import SideBySide, Tallies
from casequality.goals import Verdict, parse_goals

NORTH, SOUTH, WEST = "Nordforvaltningen", "Sydforvaltningen", "Vestforvaltningen"


class Case(cq.Records, name="cases"):
    """One case, perhaps checked for errors."""

    case = cq.key()
    handled_on = cq.day()
    checked_on = cq.day(missing="not checked")
    errors = cq.count()
    administration = cq.code(missing="not stated")


@attrs.frozen
class WithErrors(cq.Metric):
    """Share of cases with errors."""

    id = "cases.with-errors"
    title = {"en": "With errors", "da": "Med fejl"}
    records = Case
    outcomes = cq.outcomes(not_checked=cq.OUT, with_errors=cq.YES, without_errors=cq.NO)
    higher_is_better = False
    readings = cq.readings(
        basis=cq.choose(
            usual="sample",
            why="the source does not say which",
            says={
                "sample": {"en": "only checked cases", "da": "kun kontrollerede sager"},
                "census": {"en": "every case should be checked", "da": "alle sager skal kontrolleres"},
            },
            sample={},
            census={"not_checked": cq.UNKNOWN},
        )
    )
    least: int = 1

    def contribute(self, cases: Case, as_of: cq.AsOf, /) -> cq.Contribution:
        return cq.Contribution(
            on=cases.handled_on,
            outcome=self.outcomes.pick(not_checked=np.isnat(cases.checked_on), with_errors=cases.errors >= self.least),
        )


@attrs.frozen
class WithOwnErrors(WithErrors):
    """The same by an administration's own classes of errors."""

    id = "cases.with-own-errors"

    def contribute(self, cases: Case, as_of: cq.AsOf, /) -> cq.Contribution:
        return WithErrors.contribute(self, cases, as_of)


METRICS = (WithErrors, WithOwnErrors)

GOAL = """
[[goal]]
id        = "errors"
title     = {{ en = "Fewer errors", da = "Færre fejl" }}
metric    = "{metric}"
source    = "cases"
target    = "at most 50 %"
readings  = {{ basis = "{basis}" }}
{more}
"""
EACH = 'each = "administration"\naggregate = "each"'


def goals(metric: str = "cases.with-errors", basis: str = "sample", more: str = "") -> Any:
    return parse_goals(GOAL.format(metric=metric, basis=basis, more=more))


def case(number: int, errors: int | None, who: str = NORTH, month: int = 3) -> dict[str, object]:
    day = dt.date(2010, month, 1)
    return {
        "case": number,
        "handled_on": day,
        "checked_on": day if errors is not None else None,
        "errors": errors or 0,
        "administration": who,
    }


NORTHERN = [case(1, 0), case(2, 1), case(3, 0), case(4, 2), case(5, None)]
"""Two of the four checked cases hold an error, one of them two; one case is not checked."""
SOUTHERN = [case(1, 1, SOUTH), case(2, 1, SOUTH), case(3, 1, SOUTH), case(4, 0, SOUTH)]
"""Three of four."""


def tallied(cases: object, metric: str = "cases.with-errors", **more: Any) -> Tallies:
    [chosen] = [each for each in METRICS if each.id == metric]
    return cq.tally([chosen], cases, **{"as_of": "2010-08-01", **more})


def compared(handed_in: Mapping[str, object], common: Any = None, **more: Any) -> SideBySide:
    return cq.side_by_side(handed_in, common or goals(), period="2010-H1", metrics=METRICS, **more)


def shares(found: SideBySide) -> dict[str, tuple[int | None, int | None]]:
    return {who: (judged.numerator, judged.denominator) for who, judged in found["errors"].each.items()}


def test_each_administration_stands_in_the_order_given_and_all_together_below() -> None:
    handed_in = {SOUTH: tallied(SOUTHERN), NORTH: tallied(NORTHERN)}
    for order in ((SOUTH, NORTH), (NORTH, SOUTH)):
        found = compared({who: handed_in[who] for who in order})
        assert tuple(found["errors"].each) == order
        assert [str(row[1]) for row in found.table("da").rows] == [*order, "alle under ét"]
        assert shares(found) == {NORTH: (2, 4), SOUTH: (3, 4)}
        assert found["errors"].each[NORTH].verdict is Verdict.MET
        assert found["errors"].each[SOUTH].verdict is Verdict.MISSED
        together = found["errors"].together
        assert (together.numerator, together.denominator, together.verdict) == (5, 8, Verdict.MISSED)
        assert "ikke rangordnet" in found.table("da").text()
        assert found.to_dict()["goals"][0]["each"][0]["who"] == order[0]


def test_one_that_hands_nothing_in_is_shown_and_leaves_no_figure_for_all() -> None:
    why = {"en": "the system was replaced", "da": "systemet blev skiftet"}
    found = compared({NORTH: tallied(NORTHERN), WEST: {"not_delivered": why}})
    judged, together = found["errors"].each[WEST], found["errors"].together
    assert (judged.verdict, judged.value) == (Verdict.INCOMPLETE, None)
    assert judged.reasons[0].da == "Vestforvaltningen har intet indberettet: systemet blev skiftet"
    assert (together.verdict, together.value) == (Verdict.INCOMPLETE, None)
    assert WEST in together.reasons[0].da
    assert "systemet blev skiftet" in found.table("da").text()


def test_one_page_has_every_contribution_what_each_has_not_delivered_and_the_general_work() -> None:
    pytest.importorskip("jinja2")
    common = parse_goals(
        GOAL.format(metric="cases.with-errors", basis="sample", more="")
        + GOAL.format(metric="cases.with-own-errors", basis="sample", more="").replace('"errors"', '"own"')
        + '[[not_supplied]]\nwho = "Hver forvaltning"\nwhat = "målene i bilag 1"\n'
    )
    text = "Et seminar <for> hele kommunen."
    handed_in = {
        NORTH: {"tallies": tallied(NORTHERN), "general_work": text},
        SOUTH: [tallied(SOUTHERN), tallied(SOUTHERN, "cases.with-own-errors")],
        WEST: {"not_delivered": {"en": "replaced", "da": "systemet blev skiftet"}},
    }
    found = compared(handed_in, common)
    page = found.page()
    assert "<h1>Forvaltningernes indberetninger, 1. halvår 2010</h1>" in page
    table, lacking, general = re.split('<h2 id="(?:lacking|general)">', page)
    assert table.count("<tr>") == 1 + 2 * 4  # the head, and three administrations and all together for each goal
    assert [table.index(who) for who in (NORTH, SOUTH, WEST)] == sorted(
        table.index(who) for who in (NORTH, SOUTH, WEST)
    )
    north, south, west = (lacking[lacking.index(f"<h3>{who}") :].partition("</ul>")[0] for who in (NORTH, SOUTH, WEST))
    assert north.count("<li>") == 1
    assert "Nordforvaltningen har ikke indberettet en optælling af cases.with-own-errors" in north
    assert "Alt er indberettet." in south.partition("<h3>Vest")[0]
    assert west.count("Vestforvaltningen har intet indberettet: systemet blev skiftet") == 2
    assert "målene i bilag 1" in lacking
    assert "Et seminar &lt;for&gt; hele kommunen." in general
    assert general.count("mangler: der er intet skrevet til denne udgave") == 2
    assert found.to_dict()["general_work"] == {NORTH: text}


def test_tallies_of_another_metric_are_no_figure_for_the_goal() -> None:
    found = compared({NORTH: tallied(NORTHERN), WEST: tallied(SOUTHERN, "cases.with-own-errors")})
    assert found["errors"].each[WEST].reasons[0].code == "no tally"
    assert found["errors"].together.value is None


def test_other_readings_are_shown_side_by_side_and_never_added_up() -> None:
    census = {"tallies": tallied(SOUTHERN), "goals": goals(basis="census")}
    found = compared({NORTH: tallied(NORTHERN), SOUTH: census})
    assert shares(found) == {NORTH: (2, 4), SOUTH: (3, 4)}
    together = found["errors"].together
    assert (together.verdict, together.value, together.numerator) == (Verdict.NOT_COMPARABLE, None, None)
    [reason] = together.reasons
    ways = f"only checked cases ({NORTH}), every case should be checked ({SOUTH})"
    assert reason.en == f"No figure for all together, since the methods differ; the reading basis: {ways}"
    assert "kun kontrollerede sager (Nordforvaltningen)" in reason.da


def test_an_administrations_own_classes_of_errors_are_another_metric() -> None:
    own = {"tallies": tallied(SOUTHERN, "cases.with-own-errors"), "goals": goals("cases.with-own-errors")}
    found = compared({NORTH: tallied(NORTHERN), SOUTH: own})
    assert shares(found) == {NORTH: (2, 4), SOUTH: (3, 4)}
    assert found["errors"].together.value is None
    said = found["errors"].together.reasons[0].en
    assert f"the metric: cases.with-errors ({NORTH}), cases.with-own-errors ({SOUTH})" in said


@pytest.mark.parametrize(
    ("more", "said", "da"),
    [
        ({"as_of": "2010-07-15"}, "when it was made up: 2010-08-01 00:00+02:00", "opgørelsestidspunktet:"),
        ({"calendar": "dk-bank"}, "the calendar of working days: none", "kalenderen for arbejdsdage:"),
        ({"zone": "UTC"}, "the time zone: Europe/Copenhagen", "tidszonen:"),
    ],
)
def test_what_a_tally_assumes_must_be_the_same_to_be_added_up(more: dict[str, Any], said: str, da: str) -> None:
    found = compared({NORTH: tallied(NORTHERN), SOUTH: tallied(SOUTHERN, **more)})
    assert shares(found) == {NORTH: (2, 4), SOUTH: (3, 4)}
    assert found["errors"].together.value is None
    assert any(said in reason.en for reason in found["errors"].together.reasons)
    assert any(f" {da}" in reason.da for reason in found["errors"].together.reasons)


def test_a_tally_that_was_not_made_as_its_goal_says_gives_no_figure() -> None:
    several = tallied(SOUTHERN, parameters={"cases.with-errors": {"least": 2}})
    some = tallied(SOUTHERN, where={"administration": SOUTH})
    found = compared({NORTH: tallied(NORTHERN), SOUTH: several})
    judged = found["errors"].each[SOUTH]
    assert (judged.verdict, judged.value) == (Verdict.NOT_COMPARABLE, None)
    assert judged.reasons[0].en.endswith("the setting least: 2, the goal: 1")
    assert found["errors"].together.value is None
    other = compared({NORTH: tallied(NORTHERN), SOUTH: some}, by="office")
    assert "which records count: administration Sydforvaltningen, the goal: all" in str(
        other["errors"].each[SOUTH].reasons[0]
    )
    own = {"tallies": [several, tallied(SOUTHERN)], "goals": goals(more="parameters = { least = 2 }")}
    assert shares(compared({NORTH: tallied(NORTHERN), SOUTH: own})) == {NORTH: (2, 4), SOUTH: (0, 4)}


def test_the_field_that_tells_the_administrations_apart_is_not_a_method() -> None:
    labels = f'where = {{ administration = ["{NORTH}", "{SOUTH}"] }}'
    found = compared(
        {
            NORTH: tallied(NORTHERN, by="administration"),
            SOUTH: tallied([*SOUTHERN, case(9, 1, WEST)], where={"administration": SOUTH}),
        },
        goals(more=f"{EACH}\n{labels}"),
    )
    assert shares(found) == {NORTH: (2, 4), SOUTH: (3, 4)}
    assert found["errors"].together.denominator == 8


def test_a_series_break_of_one_administration_leaves_the_others_comparable() -> None:
    cases = [case(10 * month + number, number, month=month) for month in (2, 5) for number in (0, 1)]
    note = f'on = 2010-04-15, note = "merged", where = {{ administration = ["{SOUTH}"] }}'
    broken = GOAL.format(metric="cases.with-errors", basis="sample", more=f"{EACH}\nseries_breaks = [{{ {note} }}]")
    held = parse_goals(broken.replace("at most 50 %", "at most 100 % of 2010-Q1"))
    found = cq.side_by_side({NORTH: tallied(cases), SOUTH: tallied(cases)}, held, period="2010-Q2", metrics=METRICS)
    assert [each.verdict for each in found["errors"].each.values()] == [Verdict.MET, Verdict.NOT_COMPARABLE]
    assert found["errors"].together.verdict is Verdict.NOT_COMPARABLE


def test_a_day_that_one_lacks_is_not_covered_by_another() -> None:
    days = [dt.date(2010, 1, 1) + dt.timedelta(days=day) for day in range(181)]
    whole = [{**case(number, 0), "handled_on": day, "checked_on": day} for number, day in enumerate(days)]
    found = compared({NORTH: tallied(whole, expects="day"), SOUTH: tallied(whole[1:], expects="day")})
    assert [each.verdict for each in found["errors"].each.values()] == [Verdict.MET, Verdict.INCOMPLETE]
    assert (found["errors"].together.verdict, found["errors"].together.value) == (Verdict.INCOMPLETE, None)
    assert SOUTH in found["errors"].together.reasons[0].en


def test_parts_of_the_goal_are_judged_for_each_administration() -> None:
    monthly = goals(more='each = "month"\naggregate = "each"')
    cases = [case(number, errors, month=number) for number, errors in enumerate((0, 1, 0, 0, 0, 0), start=1)]
    judged = compared({NORTH: tallied(cases)}, monthly)["errors"].each[NORTH]
    assert (judged.verdict, len(judged.parts)) == (Verdict.MISSED, 6)
    by_office = compared({NORTH: tallied(cases)}, goals(more='each = "administration"\naggregate = "each"'), by="x")
    assert by_office["errors"].each[NORTH].reasons[0].code == "not told apart"


def test_all_together_are_held_against_the_common_target() -> None:
    stricter = parse_goals(GOAL.format(metric="cases.with-errors", basis="sample", more="").replace("50 %", "40 %"))
    found = compared({NORTH: {"tallies": tallied(NORTHERN), "goals": stricter}})["errors"]
    assert (found.each[NORTH].verdict, found.together.verdict) == (Verdict.MISSED, Verdict.MET)
    monthly = goals(more='each = "month"\naggregate = "each"')
    both = compared({NORTH: {"tallies": tallied(NORTHERN), "goals": monthly}, SOUTH: tallied(SOUTHERN)})
    assert "what it is judged for: month, each" in both["errors"].together.reasons[0].en


def test_together_is_what_one_read_of_everything_gives(tmp_path: Path) -> None:
    tallied(NORTHERN, by="administration").save(tmp_path / "north.tally")
    found = compared({NORTH: tmp_path / "north.tally", SOUTH: [tallied(SOUTHERN)]})
    both = [*NORTHERN, *({**each, "case": int(str(each["case"])) + 100} for each in SOUTHERN)]
    assessed = cq.assess(goals(), {"cases": both}, period="2010-H1", as_of="2010-08-01", metrics=METRICS)["errors"]
    together = found["errors"].together
    wanted = (assessed.value, assessed.low, assessed.high, assessed.verdict, assessed.margin)
    assert (together.value, together.low, together.high, together.verdict, together.margin) == wanted


def test_what_is_handed_in_must_be_tallies_or_a_reason(tmp_path: Path) -> None:
    with pytest.raises(cq.errors.InputError):
        compared({NORTH: tmp_path / "missing.tally"})
    for given in ({}, {"goals": goals()}, {"tallies": tallied(NORTHERN), "goal": goals()}):
        with pytest.raises(cq.errors.UsageError, match="hands in is tallies") as told:
            compared({NORTH: given})
        assert told.value.where == NORTH
    with pytest.raises(cq.errors.UnknownName):
        compared({NORTH: tallied(NORTHERN)})["nothing"]
