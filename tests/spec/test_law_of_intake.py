"""The law of intake: each kind of fault in each reader, with what it becomes; the documentation reprints the table."""

from __future__ import annotations

import datetime as dt
import gzip
import runpy
import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr
from zipfile import ZipFile

import pytest

for needed in ("duckdb", "openpyxl", "pandas", "polars", "pyarrow"):
    pytest.importorskip(needed)

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from casequality.errors import CaseQualityError
from casequality.records import Dialect, Records, amount, code, count, day, instant, key, source, span
from tests.factories.records import Read, read
from tests.fuzz.carriers import CARRIERS, open_document, parser_of
from tests.unit.records.intake.test_excel import MAIN, by_hand, row, zipped

ROOT = Path(__file__).resolve().parents[2]
PAGE = runpy.run_path(str(ROOT / "docs/intake_page.py"))
TABLES = PAGE["tables"]()
READERS = TABLES["readers"]
KINDS = {kind["id"]: kind for kind in TABLES["kind"]}
DIALECTS = {
    "danish": Dialect(decimal=","),
    "12 hours": Dialect(instant="mm/dd/yyyy hh:MM:SS PM"),
    "names": Dialect(day="d. mmmm yyyy"),
    "two digits": Dialect(day="dd-mm-yy", pivot=1950),
    "points": Dialect(percent="points"),
    "share": Dialect(percent="share"),
}


def small_decimal(bits: int) -> pa.Array:
    """Return an eighth in so many bits, and a blank; in 128 bits where this pyarrow knows no smaller one."""
    wide = pa.array([Decimal("0.125"), None], pa.decimal128(9, 3))
    return wide.cast(getattr(pa, f"decimal{bits}")(9, 3)) if hasattr(pa, f"decimal{bits}") else wide


def runs(values: pa.Array) -> pa.Array:
    """Return values by the ends of their runs."""
    return pa.RunEndEncodedArray.from_arrays(pa.array(range(1, len(values) + 1), pa.int32()), values)


def places(values: pa.Array) -> pa.Array:
    """Return values by their places among them."""
    return pa.DictionaryArray.from_arrays(pa.array(range(len(values)), pa.int8()), values)


class Raises(dt.tzinfo):
    """What raises an error of its own where it is read."""

    def __str__(self) -> str:
        raise RuntimeError("Anna")

    def utcoffset(self, when: dt.datetime | None, /) -> dt.timedelta:
        raise RuntimeError("Anna")

    dst = utcoffset

    def tzname(self, when: dt.datetime | None, /) -> str:
        raise RuntimeError("Anna")


NORTH, EIGHTH = pa.array(["north", None]), pa.array([0.125, None])
VALUES: dict[str, Any] = {
    "@none": None,
    "@an eighth": 0.125,
    "@ticks of seconds": pa.scalar(2**45, pa.timestamp("s")),
    "@shown twice": dt.datetime(2010, 10, 31, 2, 30),  # noqa: DTZ001  as the clock shows it
    "@digits": "9" * 5000,
    "@infinite": float("inf"),
    "@signalling": Decimal("sNaN"),
    "@list": ["north"],
    "@bytes": b"\xff\xfe",
    "@surrogate": "\ud800",
    "@torn": pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0\7\0\0\0"), pa.py_buffer(b"A\xe6plain")]
    ),
    "@long": "x" * 200_000,
    "@no number": float("nan"),
    "@blank keys": pa.nulls(2),
    "@blank categories": pa.nulls(2, pa.string()).dictionary_encode(),
    "@decimal of 32 bits": small_decimal(32),
    "@decimal of 64 bits": small_decimal(64),
    "@huge exponent": Decimal("1E+999999999"),
    "@tiny exponent": Decimal("1E-999999999"),
    "@beyond Python": pd.Timestamp(np.datetime64(2**50, "s")),
    "@five seconds": np.timedelta64(5_000_000_000, "ns"),
    "@a year": np.timedelta64(1, "Y"),
    "@five of nothing": np.timedelta64(5, "generic"),  # type: ignore[call-overload]
    "@series": pd.Series(["north"]),
    "@run ends": runs(NORTH),
    "@run ends of places": runs(places(NORTH)),
    "@places of run ends": places(runs(NORTH)),
    "@view": NORTH.cast(pa.string_view()),
    "@runs of an eighth": runs(EIGHTH),
    "@places of an eighth": places(places(EIGHTH)),
    "@month": pa.array(pd.period_range("2010-06", periods=2, freq="M")),
    "@raises": Raises(),
    "@raises its offset": dt.datetime(2010, 6, 1, tzinfo=Raises()),
}


class Row(Records, name="rows"):
    """A field of each type."""

    id = key()
    on = day(missing="none")
    at = instant(missing="none")
    kind = code(missing="none")
    ending = code("decided", "withdrawn", missing="none")
    number = count(missing="none")
    paid = amount(decimals=3, missing="none")
    waited = span(missing="none")


def taken_in(data: Any, field: str, kind: dict[str, Any], reader: str, **options: Any) -> Read | CaseQualityError:
    options["columns"] = {name: None for name in Row.fields if name not in ("id", field)} | options.pop("columns", {})
    if "dialect" in kind:
        options.setdefault("dialect", DIALECTS[kind["dialect"]])
    if "marks" in kind:
        options["marks"] = {field: {kind["marks"]: "none"}}
    try:
        with parser_of(reader):
            given = dict(data) if isinstance(data, dict) else {"data": data}
            options["columns"] |= given.pop("columns", {})
            made = source(given.pop("data"), Row, zone="Europe/Copenhagen", **given, **options)
            return read(made, [*{"id": 0, field: 0}])
    except CaseQualityError as error:
        return error


def becomes(found: Read | CaseQualityError, field: str) -> str:
    """Return what the first of two rows became, in the words of the table."""
    if isinstance(found, CaseQualityError):
        return "refused"
    assert found.read == 2
    told = [fault for (_, fault), rows in found.faults().items() if fault != "looks like a totals row" and rows]
    if told:
        return f"finding: {told[0]}"
    value = found.rows[0][field]
    if isinstance(value, int) and field == "paid":
        value = f"{Decimal(value).scaleb(-3).normalize():f}"
    return "blank" if value is None else f"value: {value}"


def carried(reader: str, field: str, value: Any, folder: Path) -> Any:
    """Return two rows, the first with the value and the second a plain one, as a reader brings them."""
    columns: dict[str, list[Any]] = {"id": ["1", "plain"], "unit": ["a", "b"]}
    columns |= {field: [value, "plain" if field == "id" else None]}
    if reader == "xes":
        return as_log(columns, field, folder)
    if isinstance(value, pa.Array):
        arrays = {name: pa.array(each) for name, each in columns.items() if name != field}
        return CARRIERS[reader]({}, pa.table({**arrays, field: value}), folder)
    if isinstance(value, pa.Scalar):
        arrays = {name: pa.array(each) for name, each in columns.items() if name != field}
        return CARRIERS[reader]({}, pa.table({**arrays, field: pa.array([value.value, None], value.type)}), folder)
    return CARRIERS[reader](
        columns, pa.table(columns) if "objects" not in reader and reader != "mappings" else None, folder
    )


def as_log(columns: dict[str, list[Any]], field: str, folder: Path) -> Any:
    xes = pytest.importorskip("casequality_case_flow.xes")
    said = [(name, value) for name, value in zip(columns["id"], columns[field], strict=True)]
    traces = [
        f'<trace><string key="concept:name" value={quoteattr(name)}/>'
        + ("" if value is None or field == "id" else f'<string key="{field}" value={attribute(value)}/>')
        + "</trace>"
        for name, value in said
    ]
    (folder / "log.xes").write_text(f"<log>{''.join(traces)}</log>", encoding="utf-8")
    log = xes.read_xes(folder / "log.xes", case={} if field == "id" else {field: field})
    return {"data": log.cases, "columns": {"id": "case"}}


def attribute(value: str) -> str:
    return quoteattr(value, {"\t": "&#9;"})


CELLS = [
    pytest.param(kind, reader, cell, id=f"{name}-{reader}-{cell.strip()[:12]}")
    for name, kind in KINDS.items()
    for reader in kind.get("only", READERS)
    for cell in kind.get("cells", ())
]


@pytest.mark.parametrize(("kind", "reader", "cell"), CELLS)
def test_a_cell(kind: dict[str, Any], reader: str, cell: str, tmp_path: Path) -> None:
    field, value = kind["field"], VALUES.get(cell, cell)
    taken = taken_in(carried(reader, field, value, tmp_path), field, kind, reader)
    assert "Anna" not in str(taken)
    found = becomes(taken, field)
    assert found == kind["is"] or (kind["is"] == "finding or refused" and found.partition(":")[0] != "value")


PLAIN = "id,on\n1,2010-06-01\n2,2010-06-02\n"
LOG = (
    '<log><trace><string key="concept:name" value="1"/>{}</trace>'
    '<trace><string key="concept:name" value="2"/></trace></log>'
)
EVENT = '<event><date key="time:timestamp" value="{}"/></event>'
TITLED = "Udtræk af sager,\nNummer,Dag\nid,on\n1,2010-06-01\n2,2010-06-02\nI alt,\n"
LAYOUT = {"header": [2, 3], "totals": {"Nummer id": "I alt"}, "columns": {"id": "Nummer id", "on": "Dag on"}}
Made = tuple[Any, dict[str, Any]]
ENDINGS = {"excel": "xlsx", "ods": "ods", "parquet": "parquet"}


def csv_of(reader: str, folder: Path, content: bytes) -> Path:
    path = folder / ("a.csv.gz" if "gzipped" in reader else "a.csv")
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def book_of(folder: Path, lines: str) -> Path:
    book = openpyxl.Workbook()
    for line in lines.splitlines():
        book.worksheets[0].append([cell or None for cell in line.split(",")])
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def sheet(folder: Path, rows: str, **more: str) -> Made:
    return by_hand(folder / "a.xlsx", rows, **more), {"columns": {"id": "case", "on": "received_on"}}


def log(folder: Path, content: str | bytes) -> Made:
    xes = pytest.importorskip("casequality_case_flow.xes")
    (folder / "a.xes").write_bytes(content if isinstance(content, bytes) else content.encode())
    found = xes.read_xes(folder / "a.xes", case={"on": "on"})
    return found.cases, {"columns": {"id": "case"}}


def another(reader: str, folder: Path) -> Made:
    """Write a file that holds another kind than its ending says."""
    html = b"<html><body><p>1,2</p></body></html>"
    if reader == "xes":
        return log(folder, html)
    if reader == "folders of parquet":
        (folder / "all").mkdir()
        (folder / "all" / "a.parquet").write_bytes(html)
        return folder / "all", {}
    if reader == "sqlite":
        (folder / "a.db").write_bytes(html * 100)
        return {"data": f"sqlite:{folder / 'a.db'}", "query": "select 1 as id"}, {}
    if reader in ENDINGS:
        path = folder / f"a.{ENDINGS[reader]}"
        path.write_bytes(html)
        return path, {}
    return csv_of(reader, folder, html), {}


def other_encoding(reader: str, folder: Path) -> Made:
    """Write bytes of Latin-1 where UTF-8 is said."""
    content = "id,on\n1,2010-06-01\n2,æ\n".encode("iso-8859-1")
    if reader == "xes":
        return log(folder, LOG.format('<string key="on" value="\u00e6"/>').encode("iso-8859-1"))
    if reader == "sqlite":
        with sqlite3.connect(folder / "a.db") as connection:
            connection.execute("create table t as select 1 as id, cast(x'e6' as text) as \"on\"")
        connection.close()
        return {"data": f"sqlite:{folder / 'a.db'}", "query": "select * from t"}, {}
    if reader in ("parquet", "arrow"):
        torn = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xe6")])
        found = pa.table({"id": [1], "on": torn})
        if reader == "parquet":
            pq.write_table(found, folder / "a.parquet")
        return folder / "a.parquet" if reader == "parquet" else found, {}
    return csv_of(reader, folder, content), {}


def misnamed(reader: str, folder: Path) -> Made:
    """Write a file of a kind that is read under the ending of another."""
    if reader in ENDINGS:
        path = folder / f"a.{ENDINGS[reader]}"
        path.write_text(PLAIN, encoding="utf-8")
        return path, {}
    path = folder / "b.csv"
    path.write_bytes(gzip.compress(PLAIN.encode()))
    if "gzipped" in reader:
        path = path.rename(folder / "b.csv.gz")
        path.write_text(PLAIN, encoding="utf-8")
    return path, {}


def prefixed(reader: str, folder: Path) -> Made:
    if reader == "xes":
        return log(folder, LOG.format("").replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace(
            "<x:log", '<x:log xmlns:x="http://www.xes-standard.org/"', 1))  # fmt: skip
    head = '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>id</x:t></x:is></x:c></x:row>'
    rows = "".join(f'<x:row r="{at}"><x:c r="A{at}"><x:v>{at}</x:v></x:c></x:row>' for at in (2, 3))
    text = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{head}{rows}</x:sheetData></x:worksheet>'
    return zipped(folder / "a.xlsx", text), {"columns": {"on": None}}


def laid_out(text: str, **options: Any) -> Callable[[str, Path], Made]:
    def made(reader: str, folder: Path) -> Made:
        given = dict(options)
        if reader == "excel":
            return book_of(folder, text), given
        if reader == "ods":
            return open_document([line.split(",") for line in text.splitlines()], folder / "a.ods"), given
        return csv_of(reader, folder, text.encode()), given

    return made


SPANNING = (
    '<table:table-row><table:table-cell office:value-type="string"><text:p>2</text:p></table:table-cell>'
    '<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>2010-06-02</text:p>'
    "</table:table-cell></table:table-row>"
)
SHOWN = "<table:table-cell>{}</table:table-cell>"
TABBED = '<table:table-cell office:value-type="string"><text:p>2010-06-<text:tab/>02</text:p></table:table-cell>'
IN_DANISH = (
    '<table:table-cell table:formula="of:=NAVN()" office:value-type="date" office:date-value="2010-06-02">'
    "<text:p>#NAVN?</text:p></table:table-cell>"
)
UNCOMPUTED = '<table:table-cell table:formula="of:=TODAY()"/>'
ERROR_CELL = (
    '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
    'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
)


def odd(reader: str, folder: Path, cell: str) -> Made | None:
    """Write a sheet of OpenDocument in which this cell is under one that spans two rows, which says so if need be."""
    if reader != "ods":
        return None
    above = SPANNING if "covered" in cell else SPANNING.replace(' table:number-rows-spanned="2"', "")
    key = '<table:table-cell office:value-type="float" office:value="3"/>'
    more = f"{above}<table:table-row>{key}{cell}</table:table-row>"
    return open_document([["id", "on"]], folder / "a.ods", more), {}


def failing(reader: str, folder: Path) -> Made:
    """Return a query that makes a day of a name."""
    if reader == "polars":
        names = pl.LazyFrame({"id": ["1"], "on": ["Anna"]})
        return names.with_columns(pl.col("on").str.to_date()), {}
    if reader == "duckdb":
        return duckdb.sql("""select '1' as id, cast('Anna' as date) as "on" """), {}
    sqlite3.connect(folder / "a.db").close()
    return {"data": f"sqlite:{folder / 'a.db'}", "query": """select 1 as id, json('Anna') as "on" """}, {}


AUTOMATIC = (
    '<style:style xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" style:name="flat" '
    'style:family="table-{0}"><style:table-{0}-properties style:{1}="0cm"/></style:style>'
)


def of_number(reader: str, folder: Path, number: str, shown: str, code: str, field: str = "paid") -> Made:
    """Write a row with a number that is shown so by the format of this code."""
    columns: dict[str, Any] = {"columns": {"id": "id", field: "paid", "on": None}}
    if reader == "ods":
        kind = "percentage" if code.endswith("%") else "float"
        cell = f'<table:table-cell office:value-type="{kind}" office:value="{number}">'
        cell += f"<text:p>{shown}</text:p></table:table-cell>"
        rows = "".join(
            f"<table:table-row>{_KEY.format(key)}{each}</table:table-row>" for key, each in ((1, cell), (2, ""))
        )
        return open_document([["id", "paid"]], folder / "a.ods", rows), columns
    book = openpyxl.Workbook()
    for line in (["id", "paid"], [1, float(number)], [2, None]):
        book.worksheets[0].append(line)
    book.worksheets[0]["B2"].number_format = code
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx", columns


DRAWN = (
    '<table:table-cell office:value-type="string"><draw:frame xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:'
    'drawing:1.0"><draw:text-box><text:p>a note</text:p></draw:text-box></draw:frame>{}</table:table-cell>'
)
LONG = (
    '<table:table-cell office:value-type="time" office:time-value="PT36H00M00S"><text:p>36:00</text:p>'
    "</table:table-cell>"
)
COPY = (
    '<table:table-row><table:table-cell office:value-type="string"><text:p>other</text:p></table:table-cell>'
    "</table:table-row>"
)


def of_cells(folder: Path, *cells: str, field: str = "kind") -> Made:
    """Write a sheet of OpenDocument with these cells below each other."""
    rows = "".join(f"<table:table-row>{_KEY.format(at)}{cell}</table:table-row>" for at, cell in enumerate(cells))
    return open_document([["id", "v"]], folder / "a.ods", rows), {"columns": {"id": "id", field: "v", "on": None}}


_KEY = '<table:table-cell office:value-type="float" office:value="{}"/>'


def hidden(reader: str, folder: Path, what: str) -> Made:
    """Write a sheet of which a row or a column has no size."""
    if reader == "excel":
        if what == "column":
            return sheet(folder, row(2) + row(3), before='<cols><col min="2" max="2" width="0"/></cols>')
        return sheet(folder, row(2, more='ht="0" customHeight="1"') + row(3))
    path = open_document([["id", "on"], [2, "2010-06-02"], [3, "2010-06-03"]], folder / "a.ods")
    with ZipFile(path) as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    text, size = parts["content.xml"], "row-height" if what == "row" else "column-width"
    styled = f'<table:table-{what} table:style-name="flat"'
    text = text.replace(
        "<office:body>",
        f"<office:automatic-styles>{AUTOMATIC.format(what, size)}</office:automatic-styles><office:body>",
    )
    before, _, after = text.partition("</table:table-row>")
    if what == "row":
        text = f"{before}</table:table-row>{after.replace('<table:table-row', styled, 1)}"
    else:
        text = text.replace("<table:table-row", f"<table:table-column/>{styled}/><table:table-row", 1)
    with ZipFile(path, "w") as file:
        for name, content in (parts | {"content.xml": text}).items():
            file.writestr(name, content)
    return path, {}


def not_here() -> Made:
    raise AssertionError("no kind of this reader")


FILES: dict[str, Callable[[str, Path], Made]] = {
    "declared-range": lambda _, folder: sheet(folder, row(2) + row(3), before='<dimension ref="A1:B1"/>'),
    "formula-without-value": lambda reader, folder: (
        odd(reader, folder, '<table:table-cell table:formula="of:=TODAY()"/>')
        or sheet(folder, f'<row r="2"><c r="A2"><v>2</v></c><c r="B2"><f>TODAY()</f></c></row>{row(3)}')
    ),
    "error-cell": lambda reader, folder: (
        odd(reader, folder, ERROR_CELL)
        or sheet(folder, f'<row r="2"><c r="A2"><v>2</v></c><c r="B2" t="e"><v>#N/A</v></c></row>{row(3)}')
    ),
    "under-a-merge": lambda reader, folder: (
        odd(reader, folder, "<table:covered-table-cell/>")
        or sheet(folder, row(2) + '<row r="3"><c r="A3"><v>3</v></c><c r="B3"/></row>', after=MERGED)
    ),
    "another-xml": another,
    "prefixed-names": prefixed,
    "outside-a-case": lambda _, folder: outside(folder),
    "totals-declared": laid_out(TITLED, **LAYOUT),
    "totals-not-declared": laid_out(PLAIN + "I alt,\n"),
    "other-encoding": other_encoding,
    "utf-8-as-latin-1": lambda reader, folder: (
        csv_of(reader, folder, "id;on;Børn\n1;;æ\n".encode()),
        {"dialect": Dialect.danish()},
    ),
    "byte-order-mark": lambda reader, folder: (
        log(folder, b"\xef\xbb\xbf" + LOG.format("").encode())
        if reader == "xes"
        else (csv_of(reader, folder, b"\xef\xbb\xbf" + PLAIN.encode()), {})
    ),
    "gzip-named-csv": misnamed,
    "failing-query": failing,
    "shown-without-a-value": lambda reader, folder: (
        odd(reader, folder, SHOWN.format("<text:p>2010-06-02</text:p>")) or not_here()
    ),
    "error-in-danish": lambda reader, folder: odd(reader, folder, IN_DANISH) or not_here(),
    "tab-within": lambda reader, folder: odd(reader, folder, TABBED) or not_here(),
    "unknown-encoding": lambda reader, folder: (
        log(folder, '<?xml version="1.0" encoding="none"?>' + LOG.format(""))
        if reader == "xes"
        else (zipped(folder / "a.xlsx", f'<?xml version="1.0" encoding="none"?><worksheet xmlns="{MAIN}"/>'), {})
    ),
    "number-per-cent": lambda reader, folder: of_number(reader, folder, "0.125", "12,5 %", "0.0%"),
    "number-per-cent-of-one": lambda reader, folder: of_number(reader, folder, "0.125", "12,5 %", "0.0%"),
    "number-per-cent-undeclared": lambda reader, folder: of_number(reader, folder, "0.125", "12,5 %", "0%;[Red]-0%"),
    "number-beside-per-cent": lambda reader, folder: of_number(reader, folder, "12.5", "12,5 %", '0.0" %"'),
    "number-of-thousands": lambda reader, folder: of_number(reader, folder, "1250", "1", "#,##0,"),
    "number-as-digits": lambda reader, folder: of_number(reader, folder, "101", "0101", "0000", "kind"),
    "number-as-word": lambda reader, folder: of_number(reader, folder, "1", "Ja", '"Ja";;"Nej"', "kind"),
    "text-of-a-drawing": lambda _, folder: of_cells(
        folder, DRAWN.format("<text:p>north</text:p>"), DRAWN.format("<text:p><![CDATA[north]]></text:p>")
    ),
    "long-time-of-a-cell": lambda reader, folder: (
        of_cells(folder, LONG, "", field="waited")
        if reader == "ods"
        else of_number(reader, folder, "1.5", "36:00", "[h]:mm", "waited")
    ),
    "copied-sheet": lambda _, folder: (
        open_document(
            [["id", "on"], [1, "2010-06-01"], [2, "2010-06-02"]],
            folder / "a.ods",
            f"</table:table><table:table table:name=\"'file:///b.ods'#$Sheet\">{COPY}",
        ),
        {"sheet": "*"},
    ),
    "unread-event": lambda _, folder: (
        log(folder, LOG.format(EVENT.format("soon") + EVENT.format("2010-06-02T12:00:00Z")))[0],
        {"columns": {"id": "case", "on": "received_at"}},
    ),
    "hidden-row": lambda reader, folder: hidden(reader, folder, "row"),
    "hidden-column": lambda reader, folder: hidden(reader, folder, "column"),
    "table-in-a-cell": lambda reader, folder: (
        odd(reader, folder, SHOWN.format('<table:table table:is-sub-table="true"></table:table>')) or not_here()
    ),
    "offset-of-a-cell": lambda _, folder: sheet(
        folder,
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2" t="d"><v>2010-06-01T12:00:00+02:75</v></c></row>' + row(3),
    ),
    "case-within-a-case": lambda _, folder: log(folder, "<log><trace><trace/></trace></log>"),
    "long-attribute": lambda _, folder: log(folder, LOG.format(f'<string key="other" value="{"x" * 2_000_000}"/>')),
}
MERGED = '<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>'


def outside(folder: Path) -> Made:
    xes = pytest.importorskip("casequality_case_flow.xes")
    (folder / "a.xes").write_text('<log><event><date key="time:timestamp" value="2010-06-01"/></event></log>')
    return xes.read_xes(folder / "a.xes").events, {"columns": {"id": "case", "on": "at"}}


def files() -> Iterator[Any]:
    for name, kind in KINDS.items():
        for reader in kind["only"] if "file" in kind else ():
            yield pytest.param(name, reader, id=f"{name}-{reader}")


@pytest.mark.parametrize(("name", "reader"), list(files()))
def test_a_file(name: str, reader: str, tmp_path: Path) -> None:
    kind = KINDS[name]
    found: Read | CaseQualityError
    try:
        data, options = FILES[name](reader, tmp_path)
        dialect = {"dialect": kind["dialect"]} if "dialect" in kind else {}
        found = taken_in(data, kind.get("field", "on"), dialect, reader, **options)
    except CaseQualityError as error:
        found = error
    if isinstance(found, CaseQualityError):
        assert kind["is"] in ("refused", "finding or refused")
        assert "Anna" not in str(found)
    elif "field" in kind:
        assert becomes(found, kind["field"]) == kind["is"]
    elif kind["is"] == "every row is read":
        assert (len(found.rows), found.faults()) == (2, {})
    else:
        told = {f"finding: {fault}" for _, fault in found.faults()}
        assert told
        assert kind["is"] in {*told, "finding or refused"}


def test_each_kind_has_its_cells_and_each_reason_is_told() -> None:
    for kind in KINDS.values():
        assert kind["is"]
        assert ("file" in kind) != ("cells" in kind)
        assert ("why" in kind) == ("only" in kind)
        assert set(kind.get("only", ())) < set(READERS) or "only" not in kind
    assert FILES.keys() == {name for name, kind in KINDS.items() if "file" in kind}
    rows = {fault.strip() for kind in KINDS.values() for fault in kind["faults"].split(",")}
    assert rows == {f"B{number}" for number in range(1, 15)}


def test_the_page_reprints_the_table() -> None:
    path = ROOT / "docs/pages/reference/intake.md"
    assert path.read_text(encoding="utf-8") == PAGE["page"](), (
        "python docs/intake_page.py > docs/pages/reference/intake.md"
    )
