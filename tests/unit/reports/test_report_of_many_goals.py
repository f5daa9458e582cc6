"""What a page of many goals that are alike says once, and that nothing of it is lost or grows faster than the goals."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import attrs
import pytest

pytest.importorskip("jinja2")

from casequality.evidence import page_style
from casequality.evidence.charts.drawing import IN_CLASSES
from casequality.goals import Assessment
from casequality.reports import page, read_page
from casequality.reports.formats.html_tables import MANY
from casequality.reports.formats.manifest import MANIFEST
from tests.factories.assessments import assessment
from tests.factories.growth import grows_evenly

GOAL = "kontakt.besvaret"


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


def test_texts_that_many_goals_have_in_common_are_said_once_and_found_from_each() -> None:
    few, many = (page(alike(goals)) for goals in (MANY - 1, MANY))
    assert 'id="common"' not in few
    places = re.findall(r'<tr id="(common-\d+-\d+)"><th scope="row">(.*?)</th>', many)
    assert len(places) == len({place for place, _ in places})
    pointed = set(re.findall(r'href="#(common-[\d-]+)"', many))
    there = set(re.findall(r' id="(common[\d-]*)"', many))
    assert pointed
    assert pointed <= there
    # every row that a goal of few has is, of many, in its own table or in one that it points at
    own = re.search(r'<details id="goal-3-tables">.*?</details>', few, re.DOTALL)
    assert own is not None
    common = many.split('id="common"')[1].split("</details>")[0]
    for cell in re.findall(r"<td>([^<]{40,})</td>", own[0]):
        assert cell in common or cell in many.split('id="goal-3-tables"')[1].split("</details>")[0]
    for text in {text for _, text in places}:
        tables = "".join(re.findall(r'<details id="goal-\d+-tables">.*?</details>', many, re.DOTALL))
        assert f'<th scope="row">{text}</th>' not in tables


def test_a_page_grows_by_the_same_for_every_goal() -> None:
    """Characters are counted, not seconds: four times the goals are four times the page, less what is said once."""
    sizes = {goals: len(page(alike(goals))) for goals in (MANY, 2 * MANY, 4 * MANY)}
    first, second = sizes[2 * MANY] - sizes[MANY], sizes[4 * MANY] - sizes[2 * MANY]
    assert second == pytest.approx(2 * first, rel=0.02)


def test_a_manifest_says_once_what_goals_have_in_common_and_is_read_back_whole() -> None:
    made = alike(MANY)
    given = manifest_of(made)
    written = page(made, manifest=given)
    found = read_page(written.encode(), "")
    assert found.whole
    assert found.manifest["goals"] == given["goals"]
    assert found.manifest["goals"][f"{GOAL}.0"]["definition"]["flags"][0] is True
    held = written.split('id="manifest">')[1]
    assert held.count('"cohort"') == 1


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
