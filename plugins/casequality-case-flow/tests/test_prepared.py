"""Spells joined and units placed on the way in: the same figures from Python, a project file and the command."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

import casequality as cq
from casequality.cli import main
from casequality.desk import assess_project
from casequality_case_flow import FlowCase, casequality_metrics

METRICS = {metric.id.removeprefix("case-flow."): metric for metric in casequality_metrics()}
ORGANISATION = """
units = [
  { name = "ØKF" }, { name = "KFF" }, { name = "Pas", under = "ØKF" }, { name = "Skat", under = "KFF" },
  { name = "B7", under = "Pas" },
]
changes = [
  { on = 2010-06-01, kind = "move", units = ["Pas"], to = "KFF" },
  { on = 2010-07-01, kind = "merge", units = ["Skat"], to = "Pas" },
  { on = 2010-05-20, kind = "move", units = ["B7"], to = "Skat" },
]
"""
SPELLS = """sag;sagstype;modtaget;lukket;udfald;enhed
17;permit;03-05-2010;10-05-2010;decided;Pas
18;permit;04-05-2010;06-05-2010;withdrawn;Skat
17;permit;20-05-2010;25-05-2010;decided;Pas
19;permit;10-06-2010;12-06-2010;decided;Pas
20;permit;11-06-2010;13-06-2010;decided;Nowhere
"""
COLUMNS = {
    "case": "sag",
    "kind": "sagstype",
    "received_on": "modtaget",
    "closed_on": "lukket",
    "ending": "udfald",
    "unit": "enhed",
}
DAYS = {"continue": 12, "restart": 5, "new case": 7 + 5}
"""Case 17 net of the days in which it was closed."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "sager.csv").write_text(SPELLS, encoding="utf-8")
    (tmp_path / "enheder.toml").write_text(ORGANISATION, encoding="utf-8")
    return tmp_path


def measured(place: Path, name: str, prepare: dict[str, Any], **asked: Any) -> Any:
    return cq.measure(
        METRICS[name],
        place / "sager.csv",
        columns=COLUMNS,
        dialect=cq.Dialect.danish(),
        prepare=prepare,
        as_of="2010-08-01",
        period="2010-Q2",
        **asked,
    )


@pytest.mark.parametrize("policy", DAYS)
def test_a_policy_joins_the_spells_of_a_file(place: Path, policy: str) -> None:
    [found] = measured(place, "net-processing-time", {"reopened": policy})
    cases = 5 if policy == "new case" else 4
    assert (found.value.numerator, found.value.denominator) == (DAYS[policy] + 2 + 2 + 2, cases)


@pytest.mark.parametrize(
    ("placed", "expected"),
    [
        ({}, {"ØKF": 2, "KFF": 2}),
        ({"placed": "own day"}, {"ØKF": 2, "KFF": 2}),
        ({"placed": "2010-06-01"}, {"KFF": 4}),
        ({"placed": dt.date(2010, 5, 31)}, {"ØKF": 3, "KFF": 1}),
    ],
)
def test_units_stand_as_they_did_and_one_that_is_none_is_found(
    place: Path, placed: dict[str, Any], expected: dict[str, int]
) -> None:
    asked = {"organisation": place / "enheder.toml", "reopened": "new case", **placed}
    result = measured(place, "received", asked, by="administration")
    assert {each.groups["administration"]: each.value.exact for each in result if each.value.exact} == expected
    assert [(each.column, each.fault, each.count) for each in result.findings.items] == [
        ("administration", "unreadable value", 1)
    ]
    assert measured(place, "received", asked).findings.items == ()


def test_a_caseworker_stands_where_she_stood_on_the_day() -> None:
    days = ("2010-05-19", "2010-05-20", "2010-07-01")
    rows = [{"case": day, "received_on": day, "closed_on": None, "caseworker": "B7"} for day in days]
    units = (
        {"name": "ØKF"},
        {"name": "Pas", "under": "ØKF"},
        {"name": "Skat", "under": "ØKF"},
        {"name": "B7", "under": "Pas"},
    )
    changes = [
        {"on": dt.date(2010, 5, 20), "kind": "move", "units": ["B7"], "to": "Skat"},
        {"on": dt.date(2010, 7, 1), "kind": "merge", "units": ["Skat"], "to": "Pas"},
    ]
    said = {"organisation": {"units": units, "changes": changes}}
    for by, expected in (("unit", {"Pas": 2, "Skat": 1}), ("caseworker", {"B7": 3})):
        found = cq.measure(METRICS["received"], rows, prepare=said, as_of="2010-08-01", period="2010", by=by)
        assert {each.groups[by]: each.value.exact for each in found} == expected


def test_a_project_file_and_the_command_say_the_same(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "goals.toml").write_text(
        'id = "g"\n[[goal]]\nid = "g.net"\nmetric = "case-flow.net-processing-time"\nsource = "sager"\n'
        'title = { en = "Net", da = "Netto" }\ntarget = "not in the source"\naggregate = "pooled"\n'
        'method = { en = "m", da = "m" }\nbasis = { title = "invented" }\n'
        'readings = { cohort = "closed", dealt_with = "closed" }\n',
        encoding="utf-8",
    )
    columns = ", ".join(f'{field} = "{column}"' for field, column in COLUMNS.items())
    project = place / "casequality.toml"
    project.write_text(
        'title = "t"\ngoals = ["goals.toml"]\n[sources.sager]\nrecords = "flow_cases"\npath = "sager.csv"\n'
        f'dialect = "danish"\ncolumns = {{ {columns} }}\n'
        'prepare = { reopened = "continue", organisation = "enheder.toml" }\n',
        encoding="utf-8",
    )
    [judged] = assess_project(project, period="2010-Q2", as_of="2010-08-01").assessment.judgements
    arguments = ["measure", "case-flow.net-processing-time", str(place / "sager.csv"), "--as-of", "2010-08-01"]
    arguments += ["--period", "2010-Q2", "--danish", "--format", "json", "--quiet"]
    for field, column in COLUMNS.items():
        arguments += ["--column", f"{field}={column}"]
    for option in ("reopened=continue", f"organisation={place / 'enheder.toml'}"):
        arguments += ["--source-option", f"prepare.{option}"]
    monkeypatch.setattr("sys.argv", ["casequality", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    [figure] = json.loads(capsys.readouterr().out)["figures"]
    assert judged.figure is not None
    for value in (judged.figure.value.exact, figure["numerator"] / figure["denominator"]):
        assert value == (12 + 2 + 2 + 2) / 4


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        ({"reopen": "continue"}, "(?s)not known.*got: *reopen.*reopened, organisation, placed"),
        ({"reopened": "merge"}, "Unknown policy"),
        ({"placed": "2010-06-01"}, "needs an organisation"),
        ({"organisation": {"units": [{"name": "Pas"}]}, "placed": "yesterday"}, "as of which cases are placed"),
        ({"organisation": {"units": [{"name": "Pas", "under": "none"}]}}, "under one that is none"),
        ({"organisation": {"unit": []}}, "(?s)not known.*units, changes"),
        ({"organisation": "absent.toml"}, "cannot be read"),
    ],
)
def test_what_is_asked_wrongly_is_said(place: Path, prepare: dict[str, Any], said: str) -> None:
    with pytest.raises(cq.errors.CaseQualityError, match=said):
        measured(place, "received", prepare)


@pytest.mark.parametrize("day", ["03-05-2010", "25-05-2010"])
def test_a_day_that_nobody_can_read_stays_a_finding(place: Path, day: str) -> None:
    """A case whose day of closing cannot be read would else be one that is still open."""
    (place / "sager.csv").write_text(SPELLS.replace(day, "33-05-2010"), encoding="utf-8")
    for prepare in ({"reopened": "continue"}, {"organisation": place / "enheder.toml"}):
        result = measured(place, "processing-time", prepare)
        assert result.findings.items
        if "reopened" in prepare:
            assert ("received_on", 1) in [(each.column, each.count) for each in result.findings.items]
            assert result["2010-Q2"].figure.value.denominator == 3


def test_records_that_need_no_preparation_say_so() -> None:
    class Plain(cq.Records, name="plain"):
        case = cq.key()

    with pytest.raises(cq.errors.UsageError, match="taken as they come"):
        cq.source([{"case": 1}], Plain, prepare={"reopened": "continue"})
    assert FlowCase.name == "flow_cases"
