"""Units that are moved and merged, with figures by administration, unit and team; all invented but for the merger."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import casequality as cq
from casequality_case_flow import Organisation, casequality_metrics

RECEIVED = next(metric for metric in casequality_metrics() if metric.id == "case-flow.received")
DAY = dt.date
MERGER, MOVE = DAY(2010, 6, 1), DAY(2010, 9, 1)
UNITS: list[dict[str, Any]] = [
    {"name": "ØKF"},
    {"name": "KFF"},
    {"name": "Borgerservice ØKF", "under": "ØKF", "until": DAY(2010, 5, 31)},
    {"name": "Borgerservice KFF", "under": "KFF", "until": DAY(2010, 5, 31)},
    {"name": "Københavns Borgerservice", "under": "ØKF", "since": MERGER},
    {"name": "Pas", "under": "Borgerservice ØKF"},
]
OLD, NEW = ["Borgerservice ØKF", "Borgerservice KFF"], "Københavns Borgerservice"
CHANGES: list[dict[str, Any]] = [
    {"on": MOVE, "kind": "move", "units": [NEW], "to": "KFF"},
    {"on": MERGER, "kind": "merge", "units": OLD, "to": NEW},
    {"on": MERGER, "kind": "move", "units": ["Pas"], "to": NEW},
]
KNOWN = Organisation.of(UNITS, CHANGES)
ROWS = [
    {"case": 1, "received_on": DAY(2010, 5, 31), "unit": "Borgerservice KFF"},
    {"case": 2, "received_on": DAY(2010, 5, 31), "unit": "Pas"},
    {"case": 3, "received_on": DAY(2010, 6, 1), "unit": NEW},
    {"case": 4, "received_on": DAY(2010, 6, 1), "unit": "Pas"},
    {"case": 5, "received_on": DAY(2010, 9, 1), "unit": "Pas"},
    {"case": 6, "received_on": DAY(2010, 9, 1), "unit": "Skat"},  # of no unit
    {"case": 7, "received_on": DAY(2010, 9, 1), "unit": None},
]


@pytest.mark.parametrize(
    ("as_of", "administrations", "units"),
    [
        # each as it stood on its own day: 4 under ØKF still, 5 under KFF
        (None, {"KFF": 2, "ØKF": 3, None: 2}, {OLD[0]: 1, OLD[1]: 1, NEW: 3, None: 2}),
        (DAY(2010, 6, 1), {"ØKF": 5, None: 2}, {NEW: 5, None: 2}),
        (DAY(2010, 12, 31), {"KFF": 5, None: 2}, {NEW: 5, None: 2}),
    ],
)
def test_figures_by_administration_and_unit_follow_moves_and_merges(
    as_of: dt.date | None, administrations: dict[str | None, int], units: dict[str | None, int]
) -> None:
    placed = KNOWN.placed(ROWS, as_of=as_of)
    assert placed.unknown == {"Skat": 1}
    for field, expected in (("administration", administrations), ("unit", units)):
        rows = [{**row, "closed_on": None, "ending": None} for row in placed.rows]
        found = cq.measure(RECEIVED, rows, as_of="2011-01-01", period="2010", by=field)
        assert {each.groups[field]: int(each.value.exact or 0) for each in found} == expected
    assert [row["team"] for row in placed.rows] == [None, "Pas", None, "Pas", "Pas", None, None]


def test_a_unit_stands_under_others_and_its_cases_go_on_after_a_merger() -> None:
    assert KNOWN.above("Pas", DAY(2010, 5, 31)) == ("Pas", "Borgerservice ØKF", "ØKF")
    assert KNOWN.above("Pas", MERGER) == ("Pas", NEW, "ØKF")
    assert KNOWN.above("Pas", MOVE) == ("Pas", NEW, "KFF")
    assert KNOWN.above("Skat", MOVE) == ()
    assert KNOWN.later("Borgerservice KFF", DAY(2010, 5, 31)) == "Borgerservice KFF"
    assert KNOWN.later("Borgerservice KFF", MERGER) == NEW


def change(on: dt.date, kind: str, unit: str, to: str) -> list[dict[str, Any]]:
    return [{"on": on, "kind": kind, "units": [unit], "to": to}]


@pytest.mark.parametrize(
    ("units", "changes", "said"),
    [
        ([], change(MOVE, "move", "Skat", "KFF"), "never existed.*got: *Skat"),
        ([], change(MOVE, "merge", "Pas", "Skat"), "never existed.*got: *Skat"),
        ([], change(MOVE, "move", "Borgerservice KFF", "ØKF"), "not there on the day before"),
        ([], change(MERGER, "move", "Pas", "Borgerservice KFF"), "not there that day"),
        ([], change(MOVE, "rename", "Pas", "KFF"), "kind of a change is not known"),
        ([], change(MOVE, "move", "KFF", "Pas"), "under itself"),
        ([{"name": "Pas"}], [], "named twice"),
        ([{"navn": "Skat"}], [], "got: *navn.*allowed: *name, under"),
        ([], [{"on": MOVE, "kind": "move", "units": ["Pas"]}], "lacks.*got: *to"),
        ([{"name": "Skat", "under": "SKM"}], [], "under one that is none"),
        ([{"name": "Skat", "since": MOVE, "until": MERGER}], [], "ends before it begins"),
    ],
)
def test_what_contradicts_itself_is_refused_with_its_name(
    units: list[dict[str, Any]], changes: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(cq.errors.InputError, match=f"(?s){said}"):
        Organisation.of([*UNITS, *units], [*CHANGES, *changes])
