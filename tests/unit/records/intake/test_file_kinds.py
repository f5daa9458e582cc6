"""Every kind of file says all that there is to say of it, and the documentation names each."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import inspect
import struct
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import attrs
import pytest

pytest.importorskip("openpyxl")
pytest.importorskip("python_calamine")
pytest.importorskip("xlwt")
pytest.importorskip("pyarrow")

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlwt  # type: ignore[import-untyped]

from casequality.errors import CaseQualityError, InputError, UsageError
from casequality.records import TOLD, FileTable, Records, amount, key, source
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


def _other_sheets(path: Path) -> None:
    {".xls": _old_workbook, ".xlsb": _binary_workbook, ".ods": _open_document}[path.suffix](path)


def _old_workbook(path: Path) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("Sheet")
    for place, row in enumerate((ROWS[0], *(row.values() for row in ROWS))):
        for column, value in enumerate(row):
            page.write(place, column, value)
    book.save(str(path))


def _binary_workbook(path: Path) -> None:
    """Write the records of Microsoft's specification [MS-XLSB] that name a sheet and hold its rows and cells."""

    def record(number: int, content: bytes = b"") -> bytes:
        start = bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])
        assert len(content) < 128
        return start + bytes([len(content)]) + content

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    cells = b""
    for place, row in enumerate((ROWS[0], *(row.values() for row in ROWS))):
        cells += record(0, struct.pack("<IIHHBI", place, 0, 300, 0, 0, 0))
        for column, value in enumerate(row):
            at = struct.pack("<II", column, 0)
            cells += (
                record(5, at + struct.pack("<d", value)) if isinstance(value, int) else record(6, at + wide(str(value)))
            )
    begin = record(129) + record(148, struct.pack("<IIII", 0, 2, 0, 1)) + record(145)
    sheet = begin + cells + record(146) + record(130)
    bundle = record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Sheet")) + record(144)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    with ZipFile(path, "w") as file:
        file.writestr("xl/workbook.bin", record(131) + bundle + record(132))
        file.writestr("xl/worksheets/sheet1.bin", sheet)
        file.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet1.bin"/></Relationships>',
        )


def _open_document(path: Path, more: str = "") -> None:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{value}"/>'
            if isinstance(value, int)
            else f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
            for value in row
        )
        + "</table:table-row>"
        for row in (ROWS[0], *(row.values() for row in ROWS))
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Sheet">{rows}{more}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        file.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )


def test_cells_of_which_calamine_does_not_tell_the_errors(tmp_path: Path) -> None:
    for ending in (".xls", ".xlsb"):
        path = tmp_path / f"a{ending}"
        _other_sheets(path)
        untold = {("", "errors look blank"): [2], ("", "hidden rows and formats look plain"): [2]}
        assert read(source(path, Case), ["case"]).faults() == untold


CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
FORMULA = '<table:table-cell table:formula="of:=[.A1]"'
LOST, BLANK = "unreadable value", None


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (f"{FORMULA}/>", LOST),
        (f'{FORMULA} office:value-type="date"/>', LOST),
        (f'{FORMULA} office:value-type="string"><office:annotation><text:p>x</text:p></office:annotation>', LOST),
        (f'{FORMULA} office:value-type="float" office:value="0" {CALC} calcext:value-type="error"/>', LOST),
        (f'{FORMULA} office:value-type="float" office:value="0"><text:p>Err:502</text:p>', LOST),
        (f'{FORMULA} office:value-type="string" office:string-value=""><text:p>#DIV/0!</text:p>', LOST),
        (f'{FORMULA} office:value-type="string" office:string-value=""/>', BLANK),
        (f'{FORMULA} office:value-type="string"><text:p>2010-06-03</text:p>', dt.date(2010, 6, 3)),
        (f'{FORMULA} office:value-type="date" office:date-value="2010-06-03"/>', dt.date(2010, 6, 3)),
        ("<table:table-cell/>", BLANK),
    ],
)
@pytest.mark.parametrize("times", [1, 3])
def test_what_a_cell_of_open_document_shows_or_that_nobody_can_tell(
    cell: str, shown: Any, times: int, tmp_path: Path
) -> None:
    """In a row that stands for several, behind blank rows that do; a note at a cell is no text of it."""
    whole = cell if cell.endswith("/>") else f"{cell}</table:table-cell>"
    line = '<table:table-row{}><table:table-cell office:value-type="float" office:value="{}"/>{}</table:table-row>'
    blank = '<table:table-row table:number-rows-repeated="5"><table:table-cell/></table:table-row>'
    repeated = f' table:number-rows-repeated="{times}"'
    plain = '<table:table-cell office:value-type="string"><text:p>2010-06-09</text:p></table:table-cell>'
    _open_document(tmp_path / "a.ods", blank + line.format(repeated, 3, whole) + line.format("", 4, plain))
    found = read(source(tmp_path / "a.ods", Case, zone="UTC"), ["received_on", "closed_on"][:1])
    if shown == LOST:
        assert found.faults() == {("received_on", LOST): [*range(9, 9 + times)]}
    else:
        assert [row["received_on"] for row in found.rows][2:] == [shown] * times + [dt.date(2010, 6, 9)]
        assert ("received_on", LOST) not in found.faults()


@pytest.mark.parametrize("ending", [".xls", ".xlsb", ".ods"])
def test_another_workbook_that_is_cut_is_read_or_refused(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{ending}"
    _other_sheets(path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 1 + len(whole) // 40):
        path.write_bytes(whole[:length])
        with contextlib.suppress(CaseQualityError):
            read(source(path, Case), ["case"])


def _columns(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(ROWS), path, row_group_size=1)


WRITERS: dict[str, Callable[[Path], None]] = {
    "CSV": _lines,
    "Excel": _workbook,
    "xls, xlsb, ods": _other_sheets,
    "Parquet": _columns,
}
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
    assert kind.options <= {*inspect.signature(source).parameters, *TOLD}
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
    (tmp_path / "cases.odt").touch()
    with pytest.raises(InputError) as caught:
        source(tmp_path / "cases.odt", Case)
    assert all(ending in str(caught.value) for _, ending in ENDINGS)
    with pytest.raises(InputError, match=r"\(CSV, Excel, xls, xlsb, ods, Parquet\)"):
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
    "endings": (".fods",),
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


class Paid(Records, name="paid"):
    id = key()
    paid = amount(decimals=2, missing="none")


def test_a_number_of_an_old_workbook_has_the_15_digits_that_excel_shows(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("Sheet")
    for row, (name, value) in enumerate((("id", "paid"), ("a", 0.1 + 0.2), ("b", 1.005 * 1000), ("c", 0.125))):
        page.write(row, 0, name)
        page.write(row, 1, value)
    book.save(str(tmp_path / "a.xls"))
    found = read(source(tmp_path / "a.xls", Paid), ["paid"])
    assert found.values("paid") == [30, 100_500]
    assert found.faults()["paid", "unreadable value"] == [4]


@pytest.mark.parametrize(
    ("cell", "lost"),
    [
        ("<table:table-cell><text:p>5</text:p></table:table-cell>", True),
        ('<table:table-cell office:value-type="float"><text:p>5</text:p></table:table-cell>', True),
        ("<table:table-cell><office:annotation><text:p>5</text:p></office:annotation></table:table-cell>", False),
        ("<table:table-cell><office:shape><text:p>5</text:p></office:shape></table:table-cell>", False),
        ("<table:table-cell><text:p/></table:table-cell>", False),
        ('<table:table-cell office:value-type="void"/>', False),
    ],
)
def test_a_cell_that_shows_a_text_is_not_taken_for_blank(tmp_path: Path, cell: str, lost: bool) -> None:
    key_cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    row = "<table:table-row>{}</table:table-row>".format
    carriers = pytest.importorskip("tests.fuzz.carriers", exc_type=ImportError)
    more = row(key_cell.format("a") + cell) + row(key_cell.format("b"))
    path = carriers.open_document([["id", "paid"]], tmp_path / "a.ods", more)
    found = read(source(path, Paid), ["paid"])
    assert found.faults() == ({("paid", "unreadable value"): [2]} if lost else {})
    assert found.read == 2


STYLES = (
    '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">'
    '<style:style style:name="ro0" style:family="table-row"><style:table-row-properties style:row-height="0cm"/>'
    '</style:style><style:style style:name="co0" style:family="table-column">'
    '<style:table-column-properties style:column-width="0.000in"/></style:style>'
    '<style:style style:name="ta0" style:family="table"><style:table-properties table:display="false"/></style:style>'
    "</office:automatic-styles>"
)


def test_what_is_hidden_in_open_document_is_said(tmp_path: Path) -> None:
    columns = (
        '<table:table-column/><table:table-column-group table:display="false"><table:table-column/>'
        '</table:table-column-group><table:table-column table:style-name="co0"/>'
        '<table:table-column table:visibility="collapse"/><table:table-column table:number-columns-repeated="9"/>'
    )
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    how = ('table:visibility="collapse"', 'table:visibility="filter"', 'table:style-name="ro0"', "")
    rows = [
        f"<table:table-row {each}>{cell.format(at)}{cell.format('2010-06-01')}</table:table-row>"
        for at, each in enumerate((*how, ""))
    ]
    rows[3] = f'<table:table-row-group table:display="false">{rows[3]}</table:table-row-group>'
    names = "".join(map(cell.format, ("case", "received_on", "closed_on", "unit", "note")))
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with ZipFile(tmp_path / "a.ods", "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", "<manifest/>")
        file.writestr(
            "content.xml",
            f"<office:document-content {spaces}>{STYLES}<office:body><office:spreadsheet>"
            f'<table:table table:name="Sheet" table:style-name="ta0">{columns}'
            f"<table:table-row>{names}</table:table-row>{''.join(rows)}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    found = read(source(tmp_path / "a.ods", Case), ["case", "received_on", "closed_on", "unit"])
    assert found.values("case") == [0, 1, 2, 3, 4]
    assert found.faults() == {
        ("", "hidden row"): [2, 3, 4, 5],
        ("", "hidden sheet"): [2],
        **{(name, "hidden column"): [2] for name in ("received_on", "closed_on", "unit")},
    }
