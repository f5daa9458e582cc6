"""Exports that are no plain tables: title, header, rows to skip and totals, the same in CSV files and in sheets."""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

pytest.importorskip("openpyxl")

import openpyxl

from casequality.desk.projects import load_project
from casequality.errors import CaseQualityError, InputError, UsageError
from casequality.records import Dialect, source
from casequality.records.intake.readers import csv_files
from tests.factories.records import Case, Read, read

FIELDS = ["case", "received_on", "closed_on", "unit"]
COLUMNS = {"case": "Sag", "received_on": "Datoer modtaget", "closed_on": "afsluttet", "unit": "Enhed"}
Cell = str | int | None
EXPORT: list[list[Cell]] = [
    ["Sager 2010", None, None, None],
    [],
    ["Sag", "Datoer", None, "Enhed"],
    [None, "modtaget", "afsluttet", None],
    ["nr", "dato", "dato", "navn"],
    [1, "2010-06-01", None, "Nord"],
    [2, "2010-06-02", None, "Syd, og\nvest"],
    ["I alt Nord", None, None, None],
    [3, "2010-06-03", "2010-07-01", "Nord"],
    ["I ALT", 3, 1, None],
]
READERS = ["csv by pyarrow", "csv in short stretches", "csv line by line", "csv with old ends", "excel"]


def export(folder: Path, rows: Sequence[Sequence[Cell]], reader: str) -> Path:
    """Write the same rows for a reader; a blank row is a blank line."""
    if reader == "excel":
        book = openpyxl.Workbook()
        for at, row in enumerate(rows, start=1):
            for place, cell in enumerate(row, start=1):
                book.worksheets[0].cell(at, place, cell)
        book.save(folder / "a.xlsx")
        return folder / "a.xlsx"
    end = "\r" if reader == "csv with old ends" else "\n"
    text = io.StringIO()
    out = csv.writer(text, lineterminator=end)
    for row in rows:
        if row:
            out.writerow(row)
        else:
            text.write(end)
    (folder / "a.csv").write_bytes(text.getvalue().encode())
    return folder / "a.csv"


def taken_in(path: Path, reader: str, block_rows: int = 131_072, **options: Any) -> Read:
    line_by_line = {"pyarrow.csv": None} if reader == "csv line by line" else {}
    stretch = 30 if reader == "csv in short stretches" else csv_files.STRETCH
    with mock.patch.dict(sys.modules, line_by_line), mock.patch.object(csv_files, "STRETCH", stretch):
        return read(source(path, Case, **{"columns": COLUMNS, **options}), FIELDS, block_rows=block_rows)


def shown(reader: str, *rows: int, below: int = 5) -> list[int]:
    """Return the numbers of rows of the sheet, in CSV counted from the first below the header and what is skipped."""
    return list(rows) if reader == "excel" else [row - below for row in rows]


@pytest.mark.parametrize("block_rows", [1, 2, 3, 131_072])
@pytest.mark.parametrize("reader", READERS)
def test_title_two_headers_units_and_totals(tmp_path: Path, reader: str, block_rows: int) -> None:
    path = export(tmp_path, EXPORT, reader)
    header = "3-4" if block_rows == 1 else [3, 4]
    found = taken_in(path, reader, block_rows, header=header, skip_rows=1, totals={"Sag": "i alt*"})
    assert (found.values("case"), found.faults()) == ([1, 2, 3], {})
    assert found.values("received_on") == [dt.date(2010, 6, number) for number in (1, 2, 3)]
    assert found.values("closed_on") == [None, None, dt.date(2010, 7, 1)]
    assert found.numbers == shown(reader, 6, 7, 9)


@pytest.mark.parametrize("block_rows", [1, 2, 131_072])
@pytest.mark.parametrize("reader", READERS)
def test_the_last_row_alone_is_totals(tmp_path: Path, reader: str, block_rows: int) -> None:
    rows = [row for row in EXPORT if row[:1] != ["I alt Nord"]]
    found = taken_in(export(tmp_path, rows, reader), reader, block_rows, header="3-4", skip_rows=1, totals="last")
    assert (found.values("case"), found.faults(), found.read) == ([1, 2, 3], {}, 3)


LAST_ROWS: list[tuple[list[Cell], bool]] = [
    (["I alt", 3, 1, None], True),
    (["TOTAL:", "2010-06-03", None, "Nord"], True),
    ([None, None, None, "Sum"], True),
    ([None, 3, 1, None], True),
    (["Totally", "2010-06-03", None, "Nord"], False),
    ([None, "2010-06-03", None, "Nord"], False),
    ([4, None, None, "Sum"], False),
]


@pytest.mark.parametrize("block_rows", [1, 131_072])
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("last", "totals"), LAST_ROWS, ids=str)
def test_totals_that_nobody_declared_are_named(
    tmp_path: Path, reader: str, last: list[Cell], totals: bool, block_rows: int
) -> None:
    rows = [row for row in EXPORT[:-1] if row[:1] != ["I alt Nord"]]
    found = taken_in(export(tmp_path, [*rows, last], reader), reader, block_rows, header="3-4", skip_rows=1)
    named = found.faults().get(("", "looks like a totals row"), [])
    assert named == (shown(reader, 9) if totals else [])
    assert found.read == 4


@pytest.mark.parametrize("reader", READERS[:4])
def test_totals_of_another_width_are_left_out_or_named(tmp_path: Path, reader: str) -> None:
    rows: list[list[Cell]] = [*EXPORT[2:7], ["I alt", "3"]]
    path = export(tmp_path, rows, reader)
    declared = taken_in(path, reader, header="1-2", skip_rows=1, totals={"Sag": "I alt"})
    assert (declared.values("case"), declared.faults()) == ([1, 2], {})
    undeclared = taken_in(path, reader, header="1-2", skip_rows=1)
    assert undeclared.faults() == {("", "looks like a totals row"): [3], ("", "wrong number of columns"): [3]}


@pytest.mark.parametrize("reader", READERS)
def test_a_title_that_nobody_declared_is_an_error_that_names_the_row(tmp_path: Path, reader: str) -> None:
    path = export(tmp_path, EXPORT, reader)
    with pytest.raises(InputError) as caught:
        taken_in(path, reader)
    assert "header=3" in str(caught.value)
    assert "Sager 2010" not in str(caught.value)


@pytest.mark.parametrize("reader", READERS)
def test_a_title_of_several_cells_is_a_missing_column_with_the_way_out(tmp_path: Path, reader: str) -> None:
    path = export(tmp_path, [["Sager 2010", "trukket", "2010-08-01"], *EXPORT[1:]], reader)
    with pytest.raises(InputError, match=r"header=3"):
        taken_in(path, reader)


@pytest.mark.parametrize("reader", READERS)
def test_one_column_under_its_name_is_no_title(tmp_path: Path, reader: str) -> None:
    path = export(tmp_path, [["case"], [1], [2]], reader)
    kept = {name: None for name in Case.fields if name not in ("case", "notices")}
    found = read(source(path, Case, columns=kept), ["case"])
    assert found.values("case") == [1, 2]
    ragged = export(tmp_path, [["case"], [1], [2, 5]], reader)
    assert read(source(ragged, Case, columns=kept, header=1), ["case"]).read == 2


def test_a_title_is_told_from_another_dialect(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Sager, 2010\n\nSag;Modtaget\n1;01-06-2010\n", encoding="ascii")
    with pytest.raises(InputError, match="header=3"):
        source(path, Case, dialect=Dialect.danish())
    path.write_text("case;paid\n1;3,5\n", encoding="ascii")
    with pytest.raises(InputError, match=r"Dialect.danish"):
        source(path, Case)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"header": 0}, "header="),
        ({"header": [4, 3]}, "header="),
        ({"header": []}, "header="),
        ({"header": ["3"]}, "header="),
        ({"header": "1-400"}, "at most"),
        ({"skip_rows": -1}, "0 or more"),
        ({"totals": "first"}, "last"),
        ({"header": 3, "totals": {"Enhedd": "x"}}, "Enhed"),
        ({"header": 90}, "header"),
    ],
    ids=str,
)
def test_a_layout_that_cannot_be(tmp_path: Path, reader: str, options: dict[str, Any], word: str) -> None:
    path = export(tmp_path, EXPORT, reader)
    with pytest.raises(CaseQualityError, match=word):
        taken_in(path, reader, **options)
    with pytest.raises(UsageError, match=r"no file|says nothing"):
        source([{"case": 1}], Case, **options)


def test_a_project_file_says_the_same_of_a_csv_file(tmp_path: Path) -> None:
    export(tmp_path, EXPORT, "csv")
    (tmp_path / "casequality.toml").write_text(
        'title = "t"\ngoals = []\n[sources.cases]\nrecords = "cases"\npath = "a.csv"\nheader = [3, 4]\n'
        'skip_rows = 1\ntotals = { Sag = "I alt*" }\n[sources.cases.columns]\n'
        + "".join(f'{field} = "{column}"\n' for field, column in COLUMNS.items()),
        encoding="utf-8",
    )
    given = load_project(tmp_path / "casequality.toml").sources["cases"].open(Case, None)
    assert read(given, FIELDS).values("case") == [1, 2, 3]
