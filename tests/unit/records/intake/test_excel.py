"""Workbooks, written by hand and by openpyxl: what a sheet shows is read or is a finding."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

pytest.importorskip("openpyxl")

import openpyxl
from openpyxl.chart import BarChart
from openpyxl.styles import Font

from casequality.desk.projects import load_project
from casequality.errors import CaseQualityError, InputError, UsageError
from casequality.records import Dialect, Records, amount, code, count, day, instant, key, many, source, span
from casequality.records.intake.cells import tables
from casequality.records.intake.readers.sheets import workbook
from casequality.records.intake.readers.sheets.shown import read_serial, shown_by
from tests.factories.records import Case, Read, read

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OF_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OF_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADER = (
    '<row r="1"><c r="A1" t="str"><v>case</v></c><c r="B1" t="str"><v>received_on</v></c>'
    '<c r="C1" t="str"><v>closed_on</v></c><c r="D1" t="str"><v>unit</v></c></row>'
)
FORMATS = ("General", "dd\\-mm\\-yyyy", "dd-mm-yyyy hh:mm", '0.00" d"', "[h]:mm", "h:mm", "[Red]0")
FIELDS = ["case", "received_on", "closed_on", "unit"]


def relations(*targets: tuple[str, str]) -> str:
    each = (
        f'<Relationship Id="r{number}" Type="{OF_DOCUMENT}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{OF_PACKAGE}">{"".join(each)}</Relationships>'


def zipped(path: Path, sheet: str, strings: str = "", properties: str = "") -> Path:
    """Write a workbook of one sheet, given as its whole XML."""
    formats = "".join(
        f'<numFmt numFmtId="{200 + at}" formatCode="{each.replace(chr(34), "&quot;")}"/>'
        for at, each in enumerate(FORMATS)
    )
    styles = "".join(f'<xf numFmtId="{200 + at}"/>' for at in range(len(FORMATS)))
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        file.writestr("_rels/.rels", relations(("officeDocument", "xl/workbook.xml")))
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            relations(("worksheet", "sheet.xml"), ("styles", "/xl/styles.xml"), ("sharedStrings", "strings.xml")),
        )
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OF_DOCUMENT}"><workbookPr {properties}/>'
            '<sheets><sheet name="Sager" sheetId="1" r:id="r0"/></sheets></workbook>',
        )
        file.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
            f"<cellXfs>{styles}</cellXfs></styleSheet>",
        )
        file.writestr("xl/strings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
        file.writestr("xl/sheet.xml", sheet)
    return path


def by_hand(path: Path, rows: str, after: str = "", before: str = "", **more: str) -> Path:
    data = f"<sheetData>{HEADER}{rows}</sheetData>"
    return zipped(path, f'<worksheet xmlns="{MAIN}">{before}{data}{after}</worksheet>', **more)


def row(number: int, *cells: str, more: str = "") -> str:
    """Return a row with a case of its own number, received on 1 June 2010, and further cells."""
    first = f'<c r="A{number}"><v>{number}</v></c><c r="B{number}" s="1"><v>40330</v></c>'
    return f'<row r="{number}" {more}>{first}{"".join(cells)}</row>'


@pytest.mark.parametrize("block_rows", [1, 2, 131_072])
def test_a_range_that_a_sheet_declares_is_not_believed(tmp_path: Path, block_rows: int) -> None:
    rows = "".join(row(number) for number in range(2, 12))
    path = by_hand(tmp_path / "a.xlsx", rows, before='<dimension ref="A1:D4"/>')
    found = read(source(path, Case), FIELDS, block_rows=block_rows)
    assert found.values("case") == found.numbers == list(range(2, 12))


UNREADABLE = {
    "formula without a value": "<c {place}><f>1+1</f></c>",
    "formula with an empty value": "<c {place}><f>1+1</f><v/></c>",
    "shared formula": '<c {place}><f t="shared" si="0"/><v></v></c>',
    "text formula without a value": '<c {place} t="str"><f>A1</f></c>',
    "error": '<c {place} t="e"><v>#N/A</v></c>',
    "error of a formula": '<c {place} t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    "error without a value": '<c {place} t="e"/>',
    "unknown string": '<c {place} t="s"><v>99</v></c>',
    "unknown type": '<c {place} t="zz"><v>1</v></c>',
}
BLANK = {
    "no cell": "",
    "empty cell": '<c {place} s="1"/>',
    "empty text": '<c {place} t="inlineStr"><is><t></t></is></c>',
    "formula of an empty text": '<c {place} t="str"><f>""</f><v></v></c>',
}


@pytest.mark.parametrize("cell", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("block_rows", [1, 131_072])
def test_what_nobody_can_tell_is_a_finding(tmp_path: Path, cell: str, block_rows: int) -> None:
    rows = row(2) + row(4, cell.format(place='r="C4"')) + row(5, cell.format(place='r="D5"'))
    found = read(source(by_hand(tmp_path / "a.xlsx", rows), Case), FIELDS, block_rows=block_rows)
    assert found.faults() == {("closed_on", "unreadable value"): [4], ("unit", "unreadable value"): [5]}
    assert found.values("case") == [2]


@pytest.mark.parametrize("cell", BLANK.values(), ids=BLANK)
def test_a_blank_cell_stays_blank(tmp_path: Path, cell: str) -> None:
    path = by_hand(tmp_path / "a.xlsx", row(2, cell.format(place='r="C2"'), cell.format(place='r="D2"')))
    found = read(source(path, Case), FIELDS)
    assert (found.values("closed_on"), found.values("unit"), found.faults()) == ([None], [None], {})


def test_a_key_that_nobody_can_tell_is_no_key(tmp_path: Path) -> None:
    path = by_hand(
        tmp_path / "a.xlsx", '<row r="2"><c r="A2" t="e"><v>#REF!</v></c><c r="B2" s="1"><v>40330</v></c></row>'
    )
    assert read(source(path, Case), FIELDS).faults() == {("case", "missing value"): [2]}


@pytest.mark.parametrize("block_rows", [1, 2, 131_072])
def test_cells_under_a_merged_area_but_its_first(tmp_path: Path, block_rows: int) -> None:
    unit = '<c r="D2" t="str"><v>north</v></c>'
    rows = row(2, unit) + row(3, '<c r="D3" t="str"><v>hidden text</v></c>') + row(4)
    merged = '<mergeCells count="2"><mergeCell ref="D2:D3"/><mergeCell ref="A6:D7"/></mergeCells>'
    rows += '<row r="6"><c r="A6" t="str"><v>a note</v></c></row><row r="7"><c r="A7" s="1"/></row>'
    found = read(source(by_hand(tmp_path / "a.xlsx", rows, merged), Case), FIELDS, block_rows=block_rows)
    assert found.values("unit") == ["north", None]
    assert found.numbers == [2, 4]
    assert found.faults() == {
        ("unit", "unreadable value"): [3, 6],
        ("received_on", "unreadable value"): [6],
        ("closed_on", "unreadable value"): [6],
    }


class Shown(Records, name="shown"):
    case = key()
    on = day()
    at = instant(missing="never")
    lasted = span(missing="not said")
    letters = count(missing="not counted")
    unit = code(missing="none")


@pytest.mark.parametrize(
    ("shows", "number", "since_1904", "expected"),
    [
        # what Excel shows for these numbers, from its documentation of the two systems; 60 is the day that never was
        ("day", 1, False, dt.date(1900, 1, 1)),
        ("day", 59, False, dt.date(1900, 2, 28)),
        ("day", 60, False, None),
        ("day", 61, False, dt.date(1900, 3, 1)),
        ("day", 0, False, None),
        ("day", 39_448, False, dt.date(2008, 1, 1)),
        ("day", 37_986, True, dt.date(2008, 1, 1)),
        ("day", 0, True, dt.date(1904, 1, 1)),
        ("day", 2_958_465, False, dt.date(9999, 12, 31)),
        ("day", 2_958_466, False, None),
        ("day", -1, False, None),
        ("instant", 39_448.5, False, dt.datetime(2008, 1, 1, 12)),  # noqa: DTZ001 -- times of a sheet have no zone
        ("clock", 0.25, False, dt.time(6)),
        ("elapsed", 1.5, False, dt.timedelta(hours=36)),
        ("instant", 40_339.23525462963, False, dt.datetime(2010, 6, 10, 5, 38, 46)),  # noqa: DTZ001
    ],
)
def test_both_date_systems(shows: str, number: float, since_1904: bool, expected: Any) -> None:
    assert read_serial(number, shows, since_1904) == expected


@pytest.mark.parametrize(
    ("code", "shows"),
    [
        ("General", ""),
        ('0.00" days"', ""),
        ("0\\ \\d\\a\\g\\e", "digits: 0 dage"),
        ("#,##0.00 [$kr.-406]", ""),
        ("[Red]0;[Yellow]-0", ""),
        ("0.00E+00", ""),
        ("@", ""),
        ("[$-406]d. mmmm yyyy", "day"),
        ("mmm", "day"),
        ("yyyy\\-mm\\-dd\\Thh:mm:ss", "instant"),
        ("h:mm AM/PM", "clock"),
        ("mm:ss.0", "clock"),
        ("[mm]:ss", "elapsed"),
        ("14", "day"),
        ("22", "instant"),
        ("46", "elapsed"),
        ("2", ""),
    ],
)
def test_what_a_number_format_shows(code: str, shows: str) -> None:
    assert shown_by(code)[0] == shows


@pytest.mark.parametrize(
    ("code", "above", "below", "zero"),
    [
        # what Excel shows of 0.125, -0.125 and 0, by its documentation of number formats
        ("9", "percent", "percent", "percent"),
        ("0.0%", "percent", "percent", "percent"),
        ('0.0%;[Red]-0.0%;"-"', "percent", "percent", "percent"),
        ("0%;-0.00", "percent", "", "percent"),
        ('0.0" %"', "percent beside", "percent beside", "percent beside"),
        ("0\\%", "percent beside", "percent beside", "percent beside"),
        ("0.0_%", "", "", ""),
        ("0%%", "other", "other", "other"),
        ("#,##0,", "other", "other", "other"),
        ("0.0,,", "other", "other", "other"),
        ("#,##0.00", "", "", ""),
        ("# ?/?", "", "", ""),
        ("[<1]0%;0", "other", "other", "other"),
        ("[<=9999]00-00;000-00", "", "", ""),
        ('"Ja";"Ja";"Nej"', "text: Ja", "text: Ja", "text: Nej"),
        ("0000", "digits: 0000", "digits: 0000", "digits: 0000"),
        ("000000\\-0000", *["digits: 000000-0000"] * 3),
        ('"A-"000', *["digits: A-000"] * 3),
        ("0", "", "", ""),
        ("ggge", "other", "other", "other"),
        ('0"\u2030"', "other", "other", "other"),
        ('_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', "", "", ""),
        ("0;-0;;@", "", "", ""),
        ("dd/mm/yyyy;@", "day", "day", "day"),
    ],
)
def test_what_a_number_format_shows_by_the_sign_of_a_number(code: str, above: str, below: str, zero: str) -> None:
    assert shown_by(code) == (above, below, zero)


@pytest.mark.parametrize(
    ("shows", "number", "label"),
    [
        # what Excel shows of each
        ("0000", 101, "0101"),
        ("000000\\-0000", 1901234, "000190-1234"),
        ("00", 123, "123"),
        ("00-00", 12345, "123-45"),
        ('"A-"000', 7, "A-007"),
        ('0" days"', 5, "5 days"),
        ("000", 0, "000"),
        ("0", 5, "5"),
        ("0000", 1.5, "1.5"),
        ("#,##0", 1234, "1234"),
    ],
)
def test_a_number_is_the_label_that_it_looks_like(tmp_path: Path, shows: str, number: float, label: str) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for line in (["case", "unit", "number"], [number, number, number]):
        sheet.append(line)
    for place in ("A2", "B2", "C2"):
        sheet[place].number_format = shows
    book.save(tmp_path / "a.xlsx")
    found = read(source(tmp_path / "a.xlsx", Labels), ["case", "unit", "number"])
    assert [*map(str, found.values("case")), *found.values("unit")] == [label, label]
    assert found.values("number") == [int(number * 10)]


def test_a_number_with_the_marks_of_a_day_or_a_clock_is_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for line in (["case", "on", "lasted"], [1, 20100601, 13000]):
        sheet.append(line)
    sheet["B2"].number_format, sheet["C2"].number_format = "0000-00-00", "00\\:00\\:00"
    book.save(tmp_path / "a.xlsx")
    found = read(source(tmp_path / "a.xlsx", Labels), ["on", "lasted"])
    assert (found.values("on"), found.values("lasted")) == ([dt.date(2010, 6, 1)], [dt.timedelta(hours=1, minutes=30)])


class Labels(Records, name="labels"):
    case = key()
    unit = code(missing="none")
    number = amount(decimals=1, missing="none")
    on = day(missing="none")
    lasted = span(missing="none")


@pytest.mark.parametrize(("percent", "thousandths"), [("points", 12_500), ("share", 125), (None, None)])
@pytest.mark.parametrize("decimal", [".", ","])
def test_a_number_as_per_cent_is_what_the_text_beside_it_is(
    tmp_path: Path, percent: str | None, thousandths: int | None, decimal: str
) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for line in (["case", "share"], [1, 0.125], [2, f"12{decimal}5 %"], [3, 12.5], [4, 0.07], [5, 0.5]):
        sheet.append(line)
    for place, shows in (("B2", "0.0%"), ("B4", '0.0" %"'), ("B5", "0%")):
        sheet[place].number_format = shows
    book.save(tmp_path / "a.xlsx")
    found = read(source(tmp_path / "a.xlsx", Shares, dialect=Dialect(percent=percent, decimal=decimal)), ["share"])
    if thousandths is None:
        assert found.faults() == {("share", "unreadable value"): [2, 3, 4, 5]}
        return
    seven = 7_000 if percent == "points" else 70
    assert found.values("share") == [thousandths] * 3 + [seven, 500]
    assert not found.faults()


class Shares(Records, name="shares"):
    case = key()
    share = amount(decimals=3)


FLAT = '<sheetFormatPr defaultRowHeight="0" defaultColWidth="0"/><cols><col min="1" max="3" width="9"/></cols>'


@pytest.mark.parametrize(
    ("before", "heights", "rows", "columns"),
    [
        ("", ('ht="0"', 'ht="0.0" customHeight="1"', 'ht="15"'), [2, 3], []),
        # unused rows are hidden: those with cells are shown, as by any writer of such files
        ('<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>', ("", 'hidden="1"', ""), [3], []),
        (FLAT, ("", 'ht="15"', ""), [2, 4], ["unit"]),
        ('<cols><col min="2" max="2" width="0.0" customWidth="1"/></cols>', ("", "", ""), [], ["received_on"]),
    ],
)
def test_what_has_no_size_is_hidden(
    tmp_path: Path, before: str, heights: tuple[str, ...], rows: list[int], columns: list[str]
) -> None:
    cells = "".join(row(at, more=more) for at, more in enumerate(heights, start=2))
    found = read(source(by_hand(tmp_path / "a.xlsx", cells, before=before), Case), FIELDS)
    assert found.values("case") == [2, 3, 4]
    said = {("", "hidden row"): rows} | {(name, "hidden column"): [2] for name in columns}
    assert found.faults() == {place: at for place, at in said.items() if at}


def shown(path: Path, cells: str, **more: str) -> Read:
    names = "".join(f'<c t="str"><v>{name}</v></c>' for name in ("case", "on", "at", "lasted", "letters", "unit"))
    data = f"<sheetData><row>{names}</row><row><c><v>1</v></c>{cells}</row></sheetData>"
    zipped(path, f'<worksheet xmlns="{MAIN}">{data}</worksheet>', **more)
    return read(source(path, Shown, zone="UTC"), list(Shown.fields))


def test_a_number_is_what_its_format_shows(tmp_path: Path) -> None:
    cells = '<c s="1"><v>40330</v></c><c s="2"><v>40330.5</v></c><c s="4"><v>1.5</v></c>'
    cells += '<c><v>3</v></c><c s="3"><v>7</v></c>'
    [found] = shown(tmp_path / "a.xlsx", cells).rows
    assert (found["on"], found["letters"], found["unit"]) == (dt.date(2010, 6, 1), 3, "7")
    assert found["lasted"] == dt.timedelta(hours=36)
    assert str(found["at"]).startswith("2010-06-01 12:00")
    [found] = shown(tmp_path / "b.xlsx", '<c s="1"><v>38868</v></c>', properties='date1904="1"').rows
    assert found["on"] == dt.date(2010, 6, 1)


@pytest.mark.parametrize("style", [0, 3, 6])
def test_a_number_that_only_looks_like_a_date_is_none(tmp_path: Path, style: int) -> None:
    found = shown(tmp_path / "a.xlsx", f'<c s="{style}"><v>40330</v></c>')
    assert found.faults() == {("on", "unreadable value"): [2]}


def test_whole_numbers_of_many_digits_are_the_keys_that_the_file_holds(tmp_path: Path) -> None:
    """Two of 20 digits that differ in the last are two."""
    longest = ["12345678901234567890", "12345678901234567891"]
    rows = "".join(f'<row r="{at}"><c r="A{at}"><v>{text}</v></c></row>' for at, text in enumerate(longest, start=2))
    path = by_hand(tmp_path / "a.xlsx", rows)
    found = read(source(path, Case, columns=dict.fromkeys(Case.fields) | {"case": "case"}), ["case"])
    assert found.values("case") == longest


def test_texts_rich_phonetic_and_escaped(tmp_path: Path) -> None:
    strings = (
        "<si><r><t>no</t></r><r><t>rth</t></r><rPh sb='0' eb='1'><t>NO</t></rPh></si><si><t>a_x0009_b_xD83D_</t></si>"
    )
    cells = '<c r="F2" t="s"><v>{}</v></c>'
    on = '<c r="B2" s="1"><v>40330</v></c>'
    assert shown(tmp_path / "a.xlsx", on + cells.format(0), strings=strings).values("unit") == ["north"]
    assert shown(tmp_path / "b.xlsx", on + cells.format(1), strings=strings).values("unit") == ["a\tb_xD83D_"]


def test_names_with_a_prefix_and_blanks_between(tmp_path: Path) -> None:
    rows = "\n".join(
        f'<x:row> <x:c t="inlineStr">\n<x:is> <x:t>{one}</x:t> </x:is></x:c>'
        f'<x:c t="str">\n<x:v>{other}</x:v></x:c></x:row>'
        for one, other in (("case", "received_on"), ("A-1", "2010-06-01"))
    )
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    found = read(source(zipped(tmp_path / "a.xlsx", sheet), Case), ["case", "received_on"])
    assert found.rows == [{"case": "A-1", "received_on": dt.date(2010, 6, 1)}]


@pytest.mark.parametrize("block_rows", [1, 131_072])
def test_what_is_hidden_is_read_and_said(tmp_path: Path, block_rows: int) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.sheet_state = "hidden"
    book.create_sheet("seen")
    book.active = 1
    for one in (FIELDS, [1, dt.date(2010, 6, 1), None, "a"], [2, dt.date(2010, 6, 2), None, "b"]):
        page.append(one)
    page.row_dimensions[3].hidden = True
    page.column_dimensions["C"].hidden = True
    book.save(tmp_path / "a.xlsx")
    found = read(source(tmp_path / "a.xlsx", Case), FIELDS, block_rows=block_rows)
    assert found.values("case") == [1, 2]
    assert found.faults() == {("", "hidden row"): [3], ("", "hidden sheet"): [2], ("closed_on", "hidden column"): [2]}
    assert found.findings.set_aside == 0


def report(path: Path, *sheets: str) -> Path:
    """Write an export with a title, two rows of header, a row of units, three cases and their total, in each sheet."""
    book = openpyxl.Workbook()
    for name in sheets:
        page = book.create_sheet(name)
        for one in (
            ["Sager 2010"],
            [],
            ["Sag", "Datoer", None, "Enhed"],
            [None, "modtaget", "afsluttet", None],
            ["nr", "dato", "dato", "navn"],
            *([number, dt.date(2010, 6, number), None, "Nord"] for number in (1, 2, 3)),
            ["I alt", 3, 0, None],
        ):
            page.append(one)
        page["A1"].font = Font(bold=True)
        page.merge_cells("B3:C3")
        page.merge_cells("A3:A4")
        page.merge_cells("D3:D4")
    del book["Sheet"]
    book.save(path)
    return path


COLUMNS = {"case": "Sag", "received_on": "Datoer modtaget", "closed_on": "Datoer afsluttet", "unit": "Enhed"}


@pytest.mark.parametrize("totals", ["last", {"Sag": "i alt*"}])
@pytest.mark.parametrize("block_rows", [1, 2, 3, 131_072])
def test_an_export_with_title_two_headers_and_totals(tmp_path: Path, totals: Any, block_rows: int) -> None:
    path = report(tmp_path / "a.xlsx", "2010")
    given = source(path, Case, columns=COLUMNS, header="3-4", skip_rows=1, totals=totals)
    assert list(given.table.columns) == list(COLUMNS.values())
    found = read(given, FIELDS, block_rows=block_rows)
    assert (found.values("case"), found.numbers, found.faults()) == ([1, 2, 3], [6, 7, 8], {})
    assert found.values("received_on") == [dt.date(2010, 6, number) for number in (1, 2, 3)]


@pytest.mark.parametrize("block_rows", [1, 2, 3, 131_072])
def test_totals_that_nobody_declared_are_named(tmp_path: Path, block_rows: int) -> None:
    given = source(report(tmp_path / "a.xlsx", "2010"), Case, columns=COLUMNS, header="3-4", skip_rows=1)
    faults = read(given, FIELDS, block_rows=block_rows).faults()
    assert faults["", "looks like a totals row"] == [9]
    assert faults["Datoer modtaget", "unreadable value"] == [9]


@pytest.mark.parametrize("block_rows", [1, 2, 131_072])
def test_only_the_last_row_can_look_like_totals(tmp_path: Path, block_rows: int) -> None:
    rows = "".join(
        f'<row><c t="str"><v>{name}</v></c><c s="1"><v>40330</v></c></row>'
        for name in ("Total A/S", "1", "Sum", "totally")
    )
    path = by_hand(tmp_path / "a.xlsx", rows)
    assert read(source(path, Case), FIELDS, block_rows=block_rows).faults() == {}
    path = by_hand(tmp_path / "b.xlsx", rows + '<row><c t="str"><v>TOTAL:</v></c><c s="1"><v>40330</v></c></row>')
    found = read(source(path, Case), FIELDS, block_rows=block_rows)
    assert (found.faults(), found.read) == ({("", "looks like a totals row"): [6]}, 5)


def test_sheets_by_a_pattern_are_one_source(tmp_path: Path) -> None:
    path = report(tmp_path / "a.xlsx", "2010", "notes", "2011")
    given = source(path, Case, columns=COLUMNS, sheet="20*", header="3-4", skip_rows=1, totals="last")
    found = read(given, FIELDS)
    assert found.numbers == [6, 7, 8, 6, 7, 8]
    assert found.files == ["2010"] * 3 + ["2011"] * 3
    with pytest.raises(InputError, match="no such sheet"):
        source(path, Case, sheet="19*")


@pytest.mark.parametrize(
    "options",
    [
        {"header": 0},
        {"header": "4-3"},
        {"header": True},
        {"skip_rows": -1},
        {"totals": "first"},
        {"totals": {"Sag": 1}},
    ],
)
def test_a_layout_that_cannot_be_understood(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        source(report(tmp_path / "a.xlsx", "2010"), Case, **options)
    with pytest.raises(UsageError, match=r"says nothing|no file"):
        source([{"case": 1}], Case, **options)


def test_a_project_file_says_the_same(tmp_path: Path) -> None:
    report(tmp_path / "a.xlsx", "2010", "notes")
    (tmp_path / "casequality.toml").write_text(
        'title = "t"\ngoals = []\n[sources.cases]\nrecords = "cases"\npath = "a.xlsx"\nsheet = "20*"\nheader = "3-4"\n'
        'skip_rows = 1\ntotals = { Sag = "I alt*" }\n[sources.cases.columns]\n'
        + "".join(f'{field} = "{column}"\n' for field, column in COLUMNS.items()),
        encoding="utf-8",
    )
    given = load_project(tmp_path / "casequality.toml").sources["cases"].open(Case, None)
    assert read(given, FIELDS).numbers == [6, 7, 8]


def test_a_chart_sheet_first(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for one in (FIELDS, [1, dt.date(2010, 6, 1), None, "a"]):
        book.worksheets[0].append(one)
    book.create_chartsheet("chart", 0).add_chart(BarChart())
    book.save(tmp_path / "a.xlsx")
    assert read(source(tmp_path / "a.xlsx", Case), FIELDS).values("case") == [1]
    with pytest.raises(InputError, match="no such sheet"):
        source(tmp_path / "a.xlsx", Case, sheet="chart")


BOMB = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 9 if at else "ha"}">' for at in range(9))
HOSTILE = {
    "entities": f'<!DOCTYPE worksheet [{BOMB}]><worksheet xmlns="{MAIN}"><sheetData>{HEADER}<row r="2">'
    '<c r="A2" t="str"><v>&e8;</v></c></row></sheetData></worksheet>',
    "one entity": f'<!DOCTYPE a [<!ENTITY e "1">]><worksheet xmlns="{MAIN}"><sheetData>{HEADER}<row r="2"><c r="A2">'
    '<v>&e;</v></c><c r="B2" s="1"><v>40330</v></c></row></sheetData></worksheet>',
    "outer entity": f'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><worksheet xmlns="{MAIN}"/>',
    "cut": f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}<row r="2"><c r="A2"><v>',
    "no sheet": "<html/>",
    "nothing": "",
    "no place": f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}<row><c r="2"/></row></sheetData></worksheet>',
    "cell far out": f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}<row><c r="XFE2"/></row></sheetData></worksheet>',
    "row far down": f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}<row r="1048577"/></sheetData></worksheet>',
    "row twice": f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}{row(2)}{row(2)}</sheetData></worksheet>',
    "style": f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}<row><c s="x"><v>1</v></c></row></sheetData></worksheet>',
    "merged nowhere": f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}{row(2)}</sheetData><mergeCells>'
    '<mergeCell ref="A"/></mergeCells></worksheet>',
    "bomb": f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}{" " * 2**25}</sheetData></worksheet>',
}


@pytest.mark.parametrize("sheet", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_sheet_is_refused(tmp_path: Path, sheet: str) -> None:
    path = zipped(tmp_path / "a.xlsx", sheet)
    with pytest.raises(InputError, match=r"a\.xlsx"):
        read(source(path, Case), ["case", "received_on"])


def test_a_workbook_cut_or_bent_anywhere_is_read_or_refused(tmp_path: Path) -> None:
    whole = by_hand(tmp_path / "a.xlsx", "".join(row(number) for number in range(2, 9))).read_bytes()
    path = tmp_path / "b.xlsx"
    for place in range(0, len(whole), 41):
        for content in (whole[:place], whole[:place] + b"\xff\x00\xff" + whole[place + 3 :]):
            path.write_bytes(content)
            with contextlib.suppress(CaseQualityError):
                read(source(path, Case), ["case", "received_on"])


class Keyed(Records, name="keyed"):
    case = key()


class Parent(Keyed, name="parents"):
    case = key()
    below = many(Keyed)


def of_several_sheets(path: Path, cases: int = 30) -> Path:
    book = openpyxl.Workbook()
    for place, name in enumerate(("cases", "letters")):
        sheet: Any = book.active if place == 0 else book.create_sheet()
        sheet.title = name
        sheet.append(["case", "started_on"])
        for number in range(cases):
            sheet.append([f"key {number}", dt.date(2010, 1, 1) + dt.timedelta(days=number)])
    book.save(path)
    return path


def test_a_workbook_that_several_sources_name_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts: list[str] = []

    class Counting(ZipFile):
        def open(self, name: Any, *rest: Any, **more: Any) -> Any:
            parts.append(str(name))
            return super().open(name, *rest, **more)

    monkeypatch.setattr("casequality.records.intake.readers.sheets.workbook.ZipFile", Counting)
    strings = "".join(f"<si><t>key {number}</t></si>" for number in range(30))
    cells = "".join(f'<row r="{at + 2}"><c r="A{at + 2}" t="s"><v>{at}</v></c></row>' for at in range(30))
    path = by_hand(tmp_path / "book.xlsx", cells, strings=strings)
    made = source(path, Parent, children={"below": source(path, Keyed, sheet="Sager")})
    for _ in range(2):
        assert read(made, ["case", "below.case"]).values("case") == [f"key {number}" for number in range(30)]
    assert [parts.count(f"xl/{name}.xml") for name in ("workbook", "styles", "strings")] == [1, 1, 1]
    assert parts.count("xl/sheet.xml") > 3


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_what_is_known_of_a_workbook_is_gone_with_its_sources_or_when_it_changes(tmp_path: Path, ending: str) -> None:
    if ending == "ods":
        pytest.importorskip("python_calamine")
        path = tmp_path / "book.ods"
        spreadsheet(path, ["a", "b"])
    else:
        path = of_several_sheets(tmp_path / "book.xlsx", 2)
    gc.collect()  # sources of other tests that are held by nothing but each other
    before = len(tables._KEPT)
    first, second = (source(path, Keyed) for _ in range(2))
    assert len(tables._KEPT) == before + 1
    if ending == "ods":
        spreadsheet(path, ["a", "b", "c"])
    else:
        of_several_sheets(path, 3)
    third = source(path, Keyed)
    assert len(tables._KEPT) == before + 2
    assert read(third, ["case"]).read == 3
    del first, second, third
    assert len(tables._KEPT) == before


def spreadsheet(path: Path, keys: list[str]) -> None:
    rows = "".join(
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>{each}</text:p></table:table-cell>'
        "</table:table-row>"
        for each in ("case", *keys)
    )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="one">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", "<manifest/>")
        file.writestr("content.xml", content)


def test_two_sheets_of_one_workbook_read_side_by_side_by_threads(tmp_path: Path) -> None:
    path = of_several_sheets(tmp_path / "book.xlsx", 3_000)
    both = source(path, Keyed, sheet="*")
    alone = source(path, Keyed, sheet="letters")
    with ThreadPoolExecutor(4) as pool:
        for one, found in pool.map(lambda each: (each, read(each, ["case"])), [both, alone] * 4):
            assert found.read == (6_000 if one is both else 3_000)
            assert set(found.values("case")) == {f"key {number}" for number in range(3_000)}


def test_a_small_sheet_is_parsed_once_for_all_that_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A header that is read alone reads no sheet to its end; a greater sheet is parsed by every pass."""
    book = openpyxl.Workbook()
    book.active.append(FIELDS)  # type: ignore[union-attr]
    for number in range(30):
        book.active.append([f"A{number}", dt.date(2010, 6, 1), dt.date(2010, 6, 2), "north"])  # type: ignore[union-attr]
    book.save(tmp_path / "a.xlsx")
    parsed: list[str] = []
    whole = workbook.SheetRows._parsed

    def counted(rows: workbook.SheetRows) -> Any:
        for place, row in enumerate(whole(rows)):
            if place == 30:
                parsed.append(rows.part)
            yield row

    monkeypatch.setattr(workbook.SheetRows, "_parsed", counted)
    made = source(tmp_path / "a.xlsx", Case)
    assert [len(read(made, FIELDS).values("case")) for _ in range(2)] == [30, 30]
    assert len(parsed) == 1
    monkeypatch.setattr(workbook, "SMALL", 10)
    parsed.clear()
    made = source(shutil.copy(tmp_path / "a.xlsx", tmp_path / "b.xlsx"), Case)
    assert [len(read(made, FIELDS).values("case")) for _ in range(2)] == [30, 30]
    assert len(parsed) > 1
