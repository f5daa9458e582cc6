"""Findings: counted, joined, written."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from casequality.records import Finding, Findings
from casequality.records.facts.findings import LISTED


def test_findings_of_two_blocks_are_those_of_both() -> None:
    first = Findings.of([Finding.of("a", "missing value", [3, 1])], 2, {("a", "1900-01-01"): 1})
    second = Findings.of(
        [Finding.of("a", "missing value", [7]), Finding.of("a", "unknown code", [7])],
        1,
        {("a", "1900-01-01"): 2, ("b", "9999-12-31"): 1},
    )
    both = first + second
    assert both == second + first
    assert [(item.fault, item.count, item.rows.tolist()) for item in both.items] == [
        ("missing value", 3, [1, 3, 7]),
        ("unknown code", 1, [7]),
    ]
    assert both.set_aside == 3
    assert both.suspected == {("a", "1900-01-01"): 3, ("b", "9999-12-31"): 1}
    assert len(both) == 4
    assert first + Findings() == first == Findings() + first


def test_the_same_row_number_in_two_files_is_two_rows() -> None:
    found = Findings.of(
        [Finding.of("a", "missing value", [1], "one.csv"), Finding.of("a", "missing value", [1], "two.csv")]
    )
    assert [(item.file, item.rows.tolist()) for item in found.items] == [("one.csv", [1]), ("two.csv", [1])]


def test_the_count_is_exact_where_the_list_is_cut() -> None:
    rows = np.arange(1, LISTED + 1)
    late, early = Finding.of("a", "missing value", rows + 10), Finding.of("a", "missing value", [4, 2])
    joined = Findings.of([late]) + Findings.of([early])
    assert joined.items[0].count == LISTED + 2
    assert joined.items[0].rows[:4].tolist() == [2, 4, 11, 12]
    assert len(joined.items[0].rows) == LISTED


def test_written_out_line_by_line(tmp_path: Path) -> None:
    rows = np.arange(1, LISTED + 3)
    Findings.of([Finding.of("ended", "unknown code", rows, "a.csv"), Finding.of("", "repeated row", [5])]).write_csv(
        tmp_path / "findings.csv"
    )
    with (tmp_path / "findings.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["file", "row", "column", "fault", "remedy"]
    assert lines[1][:4] == ["", "5", "", "repeated row"]
    assert lines[2][:4] == ["a.csv", "1", "ended", "unknown code"]
    assert lines[-2][:4] == ["a.csv", str(LISTED), "ended", "unknown code"]
    assert lines[-1][:4] == ["a.csv", "2 more", "ended", "unknown code"]
    assert all(line[4] for line in lines)


def test_as_plain_data() -> None:
    found = Findings.of([Finding.of("a", "missing value", [3], "one.csv")], 1, {("on", "1900-01-01"): 2}).to_dict()
    assert found["set_aside"] == 1
    assert found["findings"][0]["rows"] == [3]
    assert found["findings"][0]["file"] == "one.csv"
    assert found["suspected"] == [{"field": "on", "value": "1900-01-01", "count": 2}]
