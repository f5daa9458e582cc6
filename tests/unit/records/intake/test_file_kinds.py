"""Every kind of file says all that there is to say of it, and the documentation names each."""

from __future__ import annotations

import gzip
import inspect
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import attrs
import pytest

pytest.importorskip("openpyxl")
pytest.importorskip("pyarrow")

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from casequality.errors import InputError, UsageError
from casequality.records import FileTable, source
from casequality.records.intake import readers
from casequality.records.intake.cells import ReadOptions
from casequality.records.intake.readers.opening import FILE_TABLES
from tests.factories.records import Case, read

PAGES = Path(__file__).parents[4] / "docs/pages"
ROWS = [{"case": 1, "received_on": "2010-06-01"}, {"case": 2, "received_on": "2010-06-02"}]


def _lines(path: Path) -> None:
    text = "\n".join([",".join(ROWS[0]), *(",".join(map(str, row.values())) for row in ROWS)]) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


def _workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (ROWS[0], *(row.values() for row in ROWS)):
        book.worksheets[0].append(list(row))
    book.save(path)


def _columns(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(ROWS), path, row_group_size=1)


WRITERS: dict[str, Callable[[Path], None]] = {"CSV": _lines, "Excel": _workbook, "Parquet": _columns}
ENDINGS = [(kind, ending) for kind in FILE_TABLES for ending in kind.endings]


def test_there_is_a_file_of_every_kind() -> None:
    assert set(WRITERS) == {kind.kind for kind in FILE_TABLES}
    assert len({ending for _, ending in ENDINGS}) == len(ENDINGS)


def test_every_reader_is_in_the_table() -> None:
    modules = [each for _, each in inspect.getmembers(readers, inspect.ismodule)]
    classes = {each for module in modules for _, each in inspect.getmembers(module, inspect.isclass)}
    found = {each for each in classes if issubclass(each, FileTable) and not inspect.isabstract(each)}
    assert found == set(FILE_TABLES)


@pytest.mark.parametrize(("kind", "ending"), ENDINGS)
def test_a_file_is_known_by_its_ending(kind: type[FileTable], ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"CASES{ending}"
    WRITERS[kind.kind](path)
    table = source(path, Case).table
    assert type(table) is kind
    assert list(table.columns) == ["case", "received_on"]
    assert [row["case"] for row in read(source(path, Case), ["case"]).rows] == [1, 2]
    assert len(table.pieces(["case"], [], 100)) == (2 if kind.in_parts else 1)


@pytest.mark.parametrize("kind", FILE_TABLES)
def test_what_a_kind_says_is_there(kind: type[FileTable]) -> None:
    assert kind.options <= {each.name for each in attrs.fields(ReadOptions)}
    assert kind.options <= set(inspect.signature(source).parameters)
    assert kind.extra is None or kind.extra in (metadata.metadata("casequality").get_all("Provides-Extra") or ())


@pytest.mark.parametrize("kind", FILE_TABLES)
def test_the_documentation_names_it(kind: type[FileTable]) -> None:
    assert kind.kind in (PAGES / "how-to/map-columns.md").read_text("utf-8")
    assert kind.kind in (inspect.getdoc(source) or "")
    spark = (PAGES / "how-to/larger-than-one-machine.md").read_text("utf-8")
    [line] = [line for line in spark.splitlines() if kind.kind in line and line.startswith("| ") and "files |" in line]
    assert ("row groups" in line) is kind.in_parts
    assert ("a task a file" in line) is not kind.in_parts


def test_errors_name_every_ending_and_kind(tmp_path: Path) -> None:
    (tmp_path / "cases.ods").touch()
    with pytest.raises(InputError) as caught:
        source(tmp_path / "cases.ods", Case)
    assert all(ending in str(caught.value) for _, ending in ENDINGS)
    with pytest.raises(InputError, match=r"\(CSV, Excel, Parquet\)"):
        source(12, Case)


@pytest.mark.parametrize("kind", FILE_TABLES)
def test_a_sheet_is_named_only_where_there_are_sheets(kind: type[FileTable], tmp_path: Path) -> None:
    path = tmp_path / f"cases{kind.endings[0]}"
    WRITERS[kind.kind](path)
    if "sheet" in kind.options:
        assert source(path, Case, sheet="Sheet").row_count is None
    else:
        with pytest.raises(UsageError, match="A sheet is named for a file that has none"):
            source(path, Case, sheet="Sheet")


SAID: dict[str, Any] = {
    "kind": "OpenDocument",
    "endings": (".ods",),
    "options": frozenset({"sheet"}),
    "in_parts": False,
    "extra": None,
}
METHODS = ("open", "columns", "pieces")


@pytest.mark.parametrize("forgotten", SAID)
def test_a_kind_that_does_not_say_all_is_told_when_it_is_written(forgotten: str) -> None:
    said = {part: value for part, value in SAID.items() if part != forgotten}
    with pytest.raises(TypeError, match=rf"the reader OdsTable does not say its {forgotten}"):
        type("OdsTable", (FileTable,), said)


@pytest.mark.parametrize("forgotten", METHODS)
def test_a_kind_that_cannot_read_cannot_be_made(forgotten: str) -> None:
    methods = {name: getattr(FILE_TABLES[0], name) for name in METHODS if name != forgotten}
    whole = type("OdsTable", (FileTable,), {**SAID, **methods})
    with pytest.raises(TypeError, match=rf"OdsTable.*{forgotten}"):
        whole(Path(), None, None)
