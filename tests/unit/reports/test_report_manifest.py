"""Manifests and pages read back: what differs between two, place by place, and in what their manifests differ."""

from __future__ import annotations

import copy
import json
import re
from hashlib import sha256
from typing import Any

import pytest

pytest.importorskip("jinja2")

from casequality.errors import InputError
from casequality.reports import MANIFEST, differences, page, read_page, reasons
from tests.factories.assessments import HOSTILE, assessment

PLAIN: dict[str, Any] = {
    "$schema": MANIFEST,
    "period": "2010-H1",
    "as_of": "2010-08-01",
    "policy": None,
    "versions": {"casequality": "0.2.0"},
    "goals": {
        "a": {
            "source": "calls",
            "definition": {"target": "at least 80 %", "note": f"</script>{HOSTILE}"},
            "readings": {},
            "parameters": {"deadline": "rules/ten-days"},
            "calendar": ["dk-statutory"],
            "result_version": 1,
            "code": "00",
        },
        "b": {
            "source": "cases",
            "definition": {"target": "at most 5"},
            "readings": {},
            "parameters": {},
            "calendar": [],
            "result_version": 1,
            "code": "11",
        },
    },
    "calendars": {"dk-statutory": ["2010-04-01"]},
    "deadlines": {"rules/ten-days": "22", "others": "33"},
    "sources": {"calls": "44", "cases": None},
}


@pytest.fixture(scope="module")
def made() -> str:
    return page(assessment(), "da", manifest=PLAIN)


def edited(made: str, before: str, after: str) -> list[tuple[str, str, str, str]]:
    assert before in made
    other = read_page(made.replace(before, after, 1).encode(), "other")
    assert not other.whole
    return [(each.goal, each.place, each.told, each.found) for each in differences(read_page(made.encode(), ""), other)]


def test_the_digest_is_that_of_the_page_with_noughts_in_its_place(made: str) -> None:
    [digest] = re.findall(r'"digest": "([0-9a-f]{64})"', made)
    assert digest == sha256(made.replace(digest, "0" * 64).rstrip("\n").encode()).hexdigest()
    found = read_page(made.encode(), "")
    assert found.whole
    assert read_page(made.replace("\n", "\r\n").encode(), "").whole
    assert read_page(f"{made}\n".encode(), "").whole  # as on standard output


def test_no_text_of_a_goal_ends_the_element_of_the_manifest(made: str) -> None:
    [held] = re.findall(r'id="manifest">(.*?)</script>', made, re.DOTALL)
    assert not {"<", ">", "&"} & set(held)
    assert read_page(made.encode(), "").manifest["goals"] == json.loads(json.dumps(PLAIN["goals"]))


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("81,8\N{NO-BREAK SPACE}%", "82,8\N{NO-BREAK SPACE}%", "81,8 %"),
        ("108 af 144", "108 af 145", "108 af 144"),
        ("<td>22</td>", "<td>2</td>", "22"),
        ("<span>Opfyldt</span>", "<span>Ikke opfyldt</span>", "Opfyldt"),
        ('aria-label="fra ', 'aria-label="til ', "fra "),
        ('cy="', 'cy="1', "cy="),
    ],
)
def test_what_is_changed_anywhere_in_a_page_is_found(before: str, after: str, what: str, made: str) -> None:
    found = edited(made, before, after)
    assert found
    assert any(what in told for _, _, told, _ in found)


def test_a_place_is_named_by_goal_table_row_and_column(made: str) -> None:
    annex = made.index('<details id="goal-2-tables">')
    at = made.index("<td>18</td>", annex)
    whole = made[:at] + "<td>17</td>" + made[at + len("<td>18</td>") :]
    [found] = differences(read_page(made.encode(), ""), read_page(whole.encode(), ""))
    assert (found.goal, found.place) == ("kontakt.besvaret", "Udvikling, januar 2010, Tæller")
    assert (found.told, found.found) == ("18", "17")


def changed(*path: str, to: object) -> dict[str, Any]:
    other = copy.deepcopy(PLAIN)
    within = other
    for name in path[:-1]:
        within = within[name]
    within[path[-1]] = to
    return other


@pytest.mark.parametrize(
    ("other", "why", "touches_b"),
    [
        (changed("goals", "a", "definition", "target", to="at least 90 %"), "definition", False),
        (changed("goals", "a", "readings", to={"cohort": "closed"}), "definition", False),
        (changed("deadlines", "rules/ten-days", to="99"), "definition", False),
        (changed("deadlines", "others", to="99"), "definition", True),
        (changed("policy", to={"threshold": 5}), "definition", True),
        (changed("calendars", "dk-statutory", to=["2010-04-01", "2010-05-14"]), "calendar", False),
        (changed("goals", "a", "calendar", to=["dk-bank"]), "calendar", False),
        (changed("versions", "casequality", to="0.3.0"), "code", True),
        (changed("goals", "a", "result_version", to=2), "code", False),
        (changed("goals", "a", "code", to="01"), "code", False),
        (changed("sources", "calls", to="45"), "data", False),
    ],
)
def test_a_reason_is_given_to_the_goals_that_rest_on_it(other: dict[str, Any], why: str, touches_b: bool) -> None:
    assert [kind for kind, _ in reasons(PLAIN, other, "a")] == [why]
    assert [kind for kind, _ in reasons(PLAIN, other, "b")] == [why] * touches_b
    assert why in {kind for kind, _ in reasons(PLAIN, other, "")}
    assert list(reasons(PLAIN, PLAIN, "a")) == []


def test_a_closed_day_is_named() -> None:
    other = changed("calendars", "dk-statutory", to=["2010-05-14"])
    assert list(reasons(PLAIN, other, "a")) == [
        ("calendar", "dk-statutory: 2010-05-14 open -> closed"),
        ("calendar", "dk-statutory: 2010-04-01 closed -> open"),
    ]


@pytest.mark.parametrize("manifest", ["{}", "[]", "1", "{", '{"$schema": "urn:casequality:manifest:1"}', "\ud800"])
def test_a_manifest_that_is_none_is_one_clear_error(manifest: str) -> None:
    text = f'<script type="application/json" id="manifest">{manifest}</script>'
    with pytest.raises(InputError, match="no report that can be verified"):
        read_page(text.encode("utf-8", "surrogatepass"), "r.html")
