"""Twelve cases of each kind of trouble: what becomes of them by paper, and that every unit has all that it can have.

`PAPER` was worked out with a calendar of 2010 and a pencil, from the stories of `troubles.py`. Every other metric and
reading on the same stories is compared with the plain walks in `test_golden_corpus.py`.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from typing import Any

import pytest

import casequality as cq
from casequality_case_flow import Organisation, reopened
from tests.golden.corpus import TROUBLED, GoldenSet
from tests.golden.stories import EACH, IN_TROUBLE, TROUBLES, Scene
from tests.golden.troubles import SCENES

PERIOD = "2009-01-01..2011-12-31"
IDS = [scene.folder for scene in SCENES]
COURSE = {
    "open",
    "received before the period",
    "closed after the period",
    "Great Prayer Day",
    "24 December",
}
"""What each record type with a course has: a beginning and an end."""
NO_NOTICE = {*COURSE, "withdrawn", "on the due day"}
BENEFITS = {*NO_NOTICE, "late notice", "notice without a date"}
HAS: dict[str, set[str]] = {
    **{name: set(TROUBLES) for name in ("flow_cases", "logged_cases", "steps")},
    **dict.fromkeys(("benefit_cases", "access_requests", "running_cases", "incoming_information"), BENEFITS),
    "enquiries": BENEFITS - {"withdrawn"},
    **dict.fromkeys(("tribunal_cases", "complaints"), NO_NOTICE),
    **dict.fromkeys(("letters", "appeals", "lessons"), NO_NOTICE - {"withdrawn"}),
    **dict.fromkeys(
        (
            *("adviser_enquiries", "adviser_points", "reviewed_requirements", "supervised_cases", "survey_answers"),
            *("passport_cases", "licence_cases", "samples", "calls"),
        ),
        COURSE,
    ),
}
"""Which troubles each record type can tell of: withdrawal, a deadline, notices, further openings, units."""

Paper = dict[str, dict[str, int]]
NONE, LATE = {"no_deadline": 3}, {"late": 6, "undecided_late": 3, "no_deadline": 3}
MOVED = {"in_time": 4, "late": 2, "undecided": 3, **NONE}
PAPER: dict[str, Paper] = {
    # aid (4 weeks) is settled or withdrawn, pension (a month) and transport (10 working days) are decided
    "case-flow.decided-in-time": {
        "open": {"open_overdue": 9, **NONE},
        "withdrawn": {"undecided": 5, "undecided_late": 4, **NONE},
        "late notice": LATE,
        "notice without a date": LATE,
        "reopened": {"in_time": 4, "late": 2, "undecided": 3, **NONE},
        "received before the period": {"in_time": 3, "late": 3, "undecided": 2, "undecided_late": 1, **NONE},
        "closed after the period": {"in_time": 2, "late": 4, "undecided": 3, **NONE},
        "on the due day": {"in_time": 4, "late": 2, "undecided": 2, "undecided_late": 1, **NONE},
        "Great Prayer Day": {"in_time": 5, "late": 1, "undecided": 3, **NONE},
        "24 December": {"in_time": 5, "late": 1, "undecided": 3, **NONE},
        "moved": MOVED,
        "merged": MOVED,
    },
    # four weeks, ten working days and a month; a loan for a deposit has no deadline
    "housing-benefit.decided-in-time": {
        "open": {"open_overdue": 9, **NONE},
        "withdrawn": {"withdrawn": 5, "withdrawn_late": 4, **NONE},
        "late notice": {"late": 9, **NONE},
        "notice without a date": {"late": 9, **NONE},
        "received before the period": {"in_time": 4, "late": 5, **NONE},
        "closed after the period": {"in_time": 5, "in_time_early": 1, "late": 3, **NONE},
        "on the due day": {"in_time": 6, "late": 3, **NONE},
        "Great Prayer Day": {"in_time": 6, "late": 3, **NONE},
        "24 December": {"in_time": 6, "late": 3, **NONE},
    },
    # four months; every other case that is not withdrawn ends in a settlement
    "rent-tribunal.closed-in-time": {
        "open": {"open_overdue": 12},
        "withdrawn": {"withdrawn_in_time": 6, "withdrawn_late": 6},
        "received before the period": {"in_time": 6, "settled_in_time": 6},
        "closed after the period": {"in_time_early": 6, "settled_early": 6},
        "on the due day": {"in_time": 4, "late": 2, "settled_in_time": 4, "settled_late": 2},
        "Great Prayer Day": {"in_time": 5, "late": 1, "settled_in_time": 3, "settled_late": 3},
        "24 December": {"in_time": 2, "late": 1, "in_time_early": 3, "settled_in_time": 3, "settled_late": 3},
    },
    # ten working days: Great Prayer Day is none of them, and 24 December is one
    "example.answered-in-time": {
        "open": {"open_overdue": 12},
        "received before the period": {"in_time": 4, "late": 8},
        "closed after the period": {"in_time": 2, "late": 10},
        "on the due day": {"in_time": 8, "late": 4},
        "Great Prayer Day": {"in_time": 6, "late": 6},
        "24 December": {"in_time": 5, "late": 7},
    },
}


@pytest.mark.parametrize("metric", PAPER)
def test_what_becomes_of_twelve_cases_of_each_trouble_is_what_the_paper_says(metric: str) -> None:
    [golden] = [each for each in TROUBLED if metric.startswith(f"{each.folder}.")]
    result = measured(golden, metric)
    figure = result[PERIOD]
    found: dict[str, Counter[str]] = {}
    for outcome, number in figure.figure.outcomes.items():
        keys = figure.cases(outcome).keys if number else ()
        for key in keys:
            found.setdefault(TROUBLES[int(str(key)[:2]) - 1], Counter())[outcome] += 1
    assert found == PAPER[metric]


def measured(golden: GoldenSet, metric: str, **asked: Any) -> Any:
    records = cq.records_of(metric)
    path = golden.path / f"{records.name}.csv"
    tables = {name: field.records for name, field in records.fields.items() if field.records}
    children = {name: cq.source(path.with_suffix(f".{name}.csv"), kind) for name, kind in tables.items()}
    readings = {"cohort": "received"} if metric != "example.answered-in-time" else {}
    return cq.measure(
        metric,
        cq.source(path, records, children=children),
        as_of=golden.as_of,
        period=PERIOD,
        readings=readings,
        deadlines=golden.deadlines,
        **asked,
    )


@pytest.mark.parametrize("scene", SCENES, ids=IDS)
def test_every_record_type_has_twelve_of_each_trouble_that_it_can_have(scene: Scene) -> None:
    for name, content in scene.tables().items():
        assert (IN_TROUBLE / scene.folder / name).read_text(encoding="utf-8") == content, "python -m tests.golden.write"
        kind = name.removesuffix(".csv")
        if "." in kind or kind in ("complaint_counts", "counted_calls"):
            continue
        [first, *_] = next(csv.reader([content.splitlines()[0]]))
        keys = [row[first] for row in csv.DictReader(content.splitlines())]
        assert Counter(TROUBLES[int(key[:2]) - 1] for key in keys) == dict.fromkeys(HAS[kind], EACH)


def test_units_that_move_and_merge_keep_their_cases() -> None:
    """Syd goes under another administration in the summer; Gammel becomes Ny there and then."""
    [scene] = [each for each in SCENES if each.folder == "case-flow"]
    summer = dt.date(2010, 5, 1)
    units = [{"name": name} for name in ("A", "B")] + [
        {"name": name, "under": "A"} for name in ("Nord", "Syd", "Gammel", "Ny")
    ]
    changes = [
        {"on": summer, "kind": "move", "units": ["Syd"], "to": "B"},
        {"on": summer, "kind": "merge", "units": ["Gammel"], "to": "Ny"},
    ]
    text = scene.tables()["flow_cases.csv"]
    rows = list(csv.DictReader(text.splitlines()))
    merged = [row for row in rows if row["case"][:2] == f"{TROUBLES.index('merged') + 1:02d}"]
    assert [row["unit"] for row in merged] == ["Gammel"] * EACH
    # on paper: of the other eleven troubles even numbers lie in Nord, odd ones in Syd; all that moved lie in Syd
    expected = {"Nord": 10 * 6, "Syd": 10 * 6 + 12, "Ny": 12}
    known = Organisation.of(units, changes)
    plain = [{**row, "received_on": dt.date.fromisoformat(row["received_on"])} for row in rows]
    placed = known.placed(plain, as_of=dt.date(2010, 12, 31)).rows
    assert Counter(row["unit"] for row in placed) == expected
    assert Counter(row["administration"] for row in placed) == {"A": 72, "B": 72}
    found = cq.measure(
        "case-flow.received",
        IN_TROUBLE / "case-flow/flow_cases.csv",
        prepare={"organisation": {"units": units, "changes": changes}, "placed": "2010-12-31"},
        as_of="2011-04-20",
        period="2010-01-01..2011-12-31",
        by="unit",
    )
    assert {each.groups["unit"]: each.value.exact for each in found} == expected


def test_spells_of_the_reopened_make_the_cases_and_their_waits() -> None:
    [scene] = [each for each in SCENES if each.folder == "case-flow"]
    stories = [story for story in scene.stories() if story.again]
    spells = []
    for story in stories:
        assert story.again
        closed, opened = story.again
        for begun, ended in ((story.received, closed), (opened, story.ended)):
            spells.append({"case": story.name, "opened_on": begun, "closed_on": ended, "ending": "decided"})
    made = reopened(reversed(spells), "continue")
    assert not made.faulty
    assert {case["case"]: (case["received_on"], case["closed_on"]) for case in made.cases} == {
        story.name: (story.received, story.ended) for story in stories
    }
    assert {wait["case"]: (wait["since"], wait["until"]) for wait in made.waits} == {
        story.name: story.again for story in stories
    }
    assert len(stories) == EACH
