"""What a page of many goals that are alike says once, and that nothing of it is lost or grows faster than the goals."""

from __future__ import annotations

import re
import zlib
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from typing import Any

import attrs
import pytest

pytest.importorskip("jinja2")

from casequality.errors import InputError
from casequality.evidence import page_style
from casequality.evidence.charts.drawing import IN_CLASSES
from casequality.goals import Assessment
from casequality.reports import page, read_page, report_page
from casequality.reports.formats.embedding import MANIFEST, MOST
from casequality.reports.formats.html_page import any_report
from casequality.reports.formats.html_tables import BRIEF, MANY, RARE
from casequality.reports.formats.manifest import Statement
from casequality.reports.wording import Table
from tests.factories.assessments import assessment, unlike
from tests.factories.growth import grows_evenly
from tests.unit.reports.html_facts import parse

GOAL = "kontakt.besvaret"
LINE = ("Resultat", "Måltal", "Afstand", "Sikkerhed")
"""What the line of the answer says in its own words, where a goal has no part of its own."""
ONCE = ("Intet i data kan ændre vurderingen.", "Tabeller i bilaget", "Læst sådan")
"""What is then said once; which reading was used is said of each goal, and what it means once."""
LARGE = b64encode(zlib.compress(b" " * (MOST + 1))).decode()


def alike(goals: int) -> Assessment:
    """Return an assessment of so many goals that differ by id and owner alone."""
    made = assessment()
    judged, measured = made[GOAL], made.measurements[GOAL]
    several = {
        f"{GOAL}.{number}": attrs.evolve(
            judged, goal=attrs.evolve(judged.goal, id=f"{GOAL}.{number}", owner=f"Enhed {number}")
        )
        for number in range(goals)
    }
    return attrs.evolve(made, judgements=tuple(several.values()), measurements=dict.fromkeys(several, measured))


def manifest_of(made: Assessment) -> dict[str, Any]:
    goals = {
        each.goal.id: {
            "source": "calls",
            "definition": {
                "metric": "m",
                "owner": each.goal.owner,
                "where": {},
                "flags": [1, 0] if place else [True, 0],
            },
            "readings": {"cohort": "closed"},
            "parameters": {} if place % 2 else {"early": "10"},
            "calendar": [],
            "result_version": 1,
            "code": "00",
        }
        for place, each in enumerate(made)
    }
    told: dict[str, Any] = {
        "$schema": MANIFEST,
        "period": "2010-H1",
        "as_of": "2010-08-01",
        "policy": None,
        "versions": {},
    }
    return {**told, "goals": goals, "calendars": {}, "deadlines": {}, "sources": {}}


@cache
def page_alike(goals: int) -> str:
    """Return the page of so many goals that are alike, with their manifest."""
    made = alike(goals)
    return page(made, manifest=manifest_of(made))


@cache
def page_unlike(goals: int) -> str:
    return page(unlike(goals))


def said_of(html: str) -> dict[str, list[Statement]]:
    """Return what a page says of each goal beside drawings; under "" what it says of no goal alone."""
    found: dict[str, list[Statement]] = {}
    for each in read_page(re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL).encode(), "").said:
        found.setdefault(each.goal, []).append(each)
    return found


@pytest.mark.parametrize("goals", [MANY, BRIEF])
def test_what_stands_side_by_side_is_all_that_each_goal_has_where_it_stands_alone(goals: int) -> None:
    """What a page of few goals says of a goal is said of it, or of all that are alike, on a page of many."""
    few, many = (unlike(each) for each in (5, goals))
    alone, together = (said_of(page(each, manifest=manifest_of(each))) for each in (few, many))
    assert len(together) == goals + 1
    headers = " ".join(re.findall(r'<th scope="col">(.*?)</th>', page_unlike(goals)))
    for number, judged in enumerate(many):
        first = few.judgements[number % 5].goal.id
        said = (*together[judged.goal.id], *together[""])
        there = " ".join(each.text for each in said) + headers
        numbers = {exact for each in said for exact in each.numbers}
        for each in alone[first]:
            target = each.place == f"Overblik, Mål {number % 5}, Måltal"  # which is short where the goal has its part
            if goals == BRIEF and (target or each.place in LINE or each.text.startswith(ONCE)):
                continue
            assert numbers >= set(each.numbers)
            told = each.text.replace(f"Mål {number % 5}", f"Mål {number}")
            assert told in there, (each, there)


@pytest.mark.parametrize("goals", [MANY, BRIEF])
def test_a_page_of_many_goals_is_whole_and_every_link_in_it_leads_somewhere(goals: int) -> None:
    html = page_unlike(goals)
    facts = parse(html)
    assert facts.balanced
    ids = [attributes["id"] for _, attributes in facts.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {attributes["href"][1:] for _, attributes in facts.elements if "href" in attributes} <= set(ids)
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        columns = len(re.findall("<th[ >]", table.split("</thead>")[0]))
        for row in re.findall(r"<tr(?: id[^>]*)?>(.*?)</tr>", table.split("</thead>")[1], re.DOTALL):
            assert len(re.findall(r"<t[hd][ >]", row)) + 4 * row.count("rowgroup") == columns


def test_few_goals_stand_one_by_one_and_a_goal_that_has_more_to_say_has_a_part_among_many() -> None:
    few, many = page_unlike(MANY - 1), page_unlike(BRIEF)
    assert 'id="side-' not in few
    assert few.count("<article") == MANY - 1
    told = set(re.findall(r'<article [^>]*data-goal="([^"]*)"', many))
    turning = {each.goal.id for each in unlike(BRIEF) if each.could_flip or each.reasons or not each.verdict.settles}
    assert told == turning
    assert "Denne rapport har 100 mål" in many
    assert "Denne rapport har" not in page(unlike(BRIEF - 1))


def test_a_goal_with_a_row_that_few_others_have_keeps_its_table() -> None:
    """A column that hardly any goal has something for is none: a table grows with its rows, not with its square."""
    odd = Table(caption="Ting", headers=("Navn", "Antal"), rows=(("sjælden", 7),))
    html = page_of([attrs.evolve(odd, rows=(("fælles", number), ("ting", 1))) for number in range(3 * RARE)], odd)
    side = html.split('<details id="side-1">')[1].split("</details>")[0]
    assert "sjælden" not in side
    assert "sjælden" in html.split('-tables">\n')[1].split("</details>")[0]
    assert '<th scope="col">fælles</th></tr>' in side  # what all have alike is said once


def page_of(tables: list[Table], odd: Table) -> str:
    """Return a page of goals by one measure that have a table each, the last an odd one."""
    report = any_report(alike(len(tables) + 1), "da")
    goals = [attrs.evolve(goal, tables=(table,)) for goal, table in zip(report.goals, (*tables, odd), strict=True)]
    return report_page(attrs.evolve(report, goals=tuple(goals)))


@pytest.mark.parametrize("least", [MANY, BRIEF])
def test_a_page_grows_by_the_same_for_every_goal(least: int) -> None:
    """Characters are counted, not seconds: with three times the goals more comes three times as much."""
    most = {MANY: BRIEF - 1, BRIEF: 4 * BRIEF}[least]
    step = (most - least) // 4
    sizes = [len(page(alike(goals))) for goals in (least, least + step, least + 4 * step)]
    assert sizes[2] - sizes[1] == pytest.approx(3 * (sizes[1] - sizes[0]), rel=0.02)


def test_a_goal_among_many_takes_three_thousand_bytes_with_its_part_of_the_manifest() -> None:
    def size(goals: int) -> int:
        made = unlike(goals)
        return len(page(made, manifest=manifest_of(made)).encode())

    assert size(2 * BRIEF) - size(BRIEF) < BRIEF * 3_000


@pytest.mark.parametrize("goals", [MANY, BRIEF])
def test_a_manifest_says_once_what_goals_have_in_common_and_is_read_back_whole(goals: int) -> None:
    given, written = manifest_of(alike(goals)), page_alike(goals)
    found = read_page(written.encode(), "")
    assert found.whole
    assert found.manifest["goals"] == given["goals"]
    assert found.manifest["goals"][f"{GOAL}.0"]["definition"]["flags"][0] is True
    held = written.split('id="manifest">')[1]
    assert held.count('"cohort"') == (1 if goals < BRIEF else 0)  # of many it is packed


@pytest.mark.parametrize("spoilt", ["", "%%%", "AAAA", b64encode(zlib.compress(b"[1]")).decode(), LARGE])
def test_a_packed_manifest_that_is_broken_or_too_large_is_one_clear_error(spoilt: str) -> None:
    html = re.sub(r'"packed": "[^"]*"', f'"packed": "{spoilt}"', page_alike(BRIEF))
    with pytest.raises(InputError, match="can be verified"):
        read_page(html.encode(), "report.html")


def test_a_result_that_is_changed_in_the_line_of_a_goal_among_many_is_found() -> None:
    made = unlike(BRIEF)
    html = page(made, manifest={**manifest_of(made), "told": {}})
    [goal] = [each.goal.id for each in made if each.goal.id.endswith(".15")]
    line = html.split(f'data-goal="{goal}"')[1].split("</tr>")[0]
    found = read_page(html.replace(line, line.replace('value="289/12"', 'value="24"')).encode(), "")
    assert not found.whole
    [other] = found.otherwise()
    assert (other.goal, other.found) == (goal, "289/12")


def test_a_manifest_from_before_is_read_as_it_was() -> None:
    made = alike(2)
    given = {**manifest_of(made), "$schema": "urn:casequality:manifest:1"}
    text = page(made, manifest=given)
    assert read_page(text.encode(), "").manifest["goals"] == given["goals"]


def test_every_class_of_a_drawing_is_in_the_style_of_the_page() -> None:
    html = page(alike(2))
    drawn = set(re.findall(r'<(?:path|text)[^>]* class="([^"]+)"', html))
    assert drawn
    assert drawn <= set(IN_CLASSES)
    styled = set(re.findall(r"svg \.([\w-]+)\{", page_style()))
    assert drawn <= styled
    assert page_style() in html


def test_a_page_is_as_much_work_for_every_goal() -> None:
    def written(goals: int) -> Callable[[], object]:
        made = alike(goals)
        return lambda: page(made)

    assert grows_evenly(written, 5)
