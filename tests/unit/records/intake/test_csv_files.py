"""CSV files: dialects, ragged lines, encodings, and files that cannot be understood."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from casequality.errors import InputError
from casequality.records import Dialect, source
from casequality.records.intake.cells import ArrowCells, ReadOptions, TextCells
from casequality.records.intake.readers import csv_files
from casequality.records.intake.readers.csv_files import STRETCH, CsvTable
from tests.factories.records import Case, read

FIELDS = ["case", "received_on", "unit", "paid"]
COLUMNS = {name: None for name in Case.fields if name not in FIELDS and name != "notices"}


def cases(path: Path, **options: Any) -> Any:
    return source(path, Case, columns=COLUMNS, **options)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_the_danish_spreadsheet(tmp_path: Path) -> None:
    text = 'case;received_on;unit;paid\r\n1;01-06-2010;"Borgerservice; Ørestad";1.234,50\r\n2;2/6/2010;Å;0,5\r\n'
    found = read(cases(written(tmp_path / "a.csv", text, "iso-8859-1"), dialect=Dialect.danish()), FIELDS)
    assert found.rows == [
        {"received_on": dt.date(2010, 6, 1), "unit": "Borgerservice; Ørestad", "paid": 123_450, "case": 1}
    ]
    assert found.faults() == {("received_on", "unreadable value"): [2]}


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_the_default_dialect_with_and_without_a_byte_order_mark(tmp_path: Path, start: str) -> None:
    path = written(tmp_path / "a.csv", f'{start}case,received_on,unit,paid\n1,2010-06-01,"a ""b"", c",1.5\n')
    found = read(cases(path), FIELDS)
    assert found.rows == [{"received_on": dt.date(2010, 6, 1), "unit": 'a "b", c', "paid": 150, "case": 1}]


def test_a_gzipped_file_reads_like_a_plain_one(tmp_path: Path) -> None:
    text = "case,received_on,unit,paid\n1,2010-06-01,a,\n\n2,2010-06-02,b,3\n"
    plain = written(tmp_path / "a.csv", text)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text.encode()))
    assert read(cases(plain), FIELDS) == read(cases(tmp_path / "a.csv.gz"), FIELDS)
    assert read(cases(plain), FIELDS).numbers == [1, 2]


def test_lines_with_too_few_or_too_many_values_are_findings_and_only_that(tmp_path: Path) -> None:
    text = (
        'case,received_on,unit,paid\n1,2010-06-01\n2,2010-06-02,b,3\n3,2010-06-01,a,1,9\n4,"x"y,a,1\n5,2010-06-05,b,3\n'
    )
    found = read(cases(written(tmp_path / "a.csv", text)), FIELDS)
    assert found.faults() == {("", "wrong number of columns"): [1, 3, 4]}
    assert found.numbers == [2, 5]
    assert (found.read, found.findings.set_aside) == (5, 3)


def test_a_value_that_holds_a_line_break_is_one_value(tmp_path: Path) -> None:
    text = 'case,received_on,unit,paid\n1,2010-06-01,"north\nand south",1\n2,2010-06-01,a,1\n'
    found = read(cases(written(tmp_path / "a.csv", text)), FIELDS)
    assert found.values("unit") == ["north\nand south", "a"]
    assert found.numbers == [1, 2]


def test_many_lines_keep_their_numbers(tmp_path: Path) -> None:
    lines = [f"{number},2010-06-{number % 40 + 1:02},u{number % 3},{number}" for number in range(1, 40_001)]
    path = written(tmp_path / "a.csv", "case,received_on,unit,paid\n" + "\n".join(lines))
    found = read(cases(path), FIELDS)
    wrong = [number for number in range(1, 40_001) if number % 40 + 1 > 30]
    assert found.faults() == {("received_on", "unreadable value"): wrong}
    assert found.values("case") == found.numbers == [number for number in range(1, 40_001) if number % 40 + 1 <= 30]
    assert found.in_order


def test_columns_are_found_by_name_wherever_they_stand(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "extra\tpaid\tcase\tunit \treceived_on\nx\t2\t7\ta\t2010-06-01\n")
    found = read(cases(path, dialect=Dialect(delimiter="\t")), FIELDS)
    assert found.rows == [{"received_on": dt.date(2010, 6, 1), "unit": "a", "paid": 200, "case": 7}]


def test_no_rows(tmp_path: Path) -> None:
    found = read(cases(written(tmp_path / "a.csv", "case,received_on,unit,paid\n")), FIELDS)
    assert (found.rows, found.read, len(found.findings)) == ([], 0, 0)


HEADER = "case,received_on,unit,paid\n"


@pytest.mark.parametrize(
    ("content", "dialect", "words"),
    [
        (b"", Dialect(), ["no header", "first line"]),
        (b"\n\n", Dialect(), ["no header"]),
        (b"case;received_on;unit;paid\n", Dialect(), ["';'", "Dialect.danish()"]),
        (b"case,received_on,unit,paid\n", Dialect.danish(), ["','"]),
        (HEADER.encode() + b"1,2010-06-01,\xd8st,1\n", Dialect(), ["utf-8", "iso-8859-1"]),
        (HEADER.encode() + b'1,2010-06-01,"a,1\n2,2010-06-01,b,1\n', Dialect(), ["quote is not closed", "line"]),
        (HEADER.encode() + b'1,2010-06-01,"' + b"a" * 200_000 + b'",1\n', Dialect(), ["quote is not closed"]),
        (HEADER.encode(), Dialect(encoding="danish"), ["encoding", "danish"]),
    ],
)
def test_a_file_that_cannot_be_understood_is_one_clear_error(
    tmp_path: Path, content: bytes, dialect: Dialect, words: list[str]
) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(cases(tmp_path / "a.csv", dialect=dialect), FIELDS)
    message = str(caught.value)
    assert all(word in message for word in words)
    assert "2010-06-01" not in message
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    "content", [b"no gzip at all", gzip.compress(HEADER.encode() * 9_000, mtime=0)[:-400]], ids=["none", "cut off"]
)
def test_a_damaged_gzip_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv.gz").write_bytes(content)
    with pytest.raises(InputError, match="read to its end"):
        read(cases(tmp_path / "a.csv.gz"), FIELDS)


def test_the_reader_of_the_standard_library_is_left_as_it_was(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    read(cases(written(tmp_path / "a.csv", HEADER + "1,2010-06-01,a,1\n")), FIELDS)
    assert csv.field_size_limit() == before


def refused(path: Path, dialect: Dialect = Dialect()) -> str:  # noqa: B008 - frozen
    with pytest.raises(InputError) as caught:
        read(cases(path, dialect=dialect), FIELDS)
    return str(caught.value)


def test_keys_are_trimmed_as_codes_dates_and_numbers_are(tmp_path: Path) -> None:
    text = (
        HEADER
        + 'A1,2010-06-01,a,1\n"A1  ",2010-06-01,a,1\n\u00a0A1,2010-06-01,a,1\nA2\t,2010-06-01,a,1\n   ,2010-06-01,a,1\n'
    )
    found = read(cases(written(tmp_path / "a.csv", text)), FIELDS, keys="partitioned")
    assert found.values("case") == ["A1", "A2"]
    assert found.faults() == {("case", "repeated row"): [2, 3], ("case", "missing value"): [5]}


def test_a_number_is_the_same_key_with_blanks_about_it(tmp_path: Path) -> None:
    text = HEADER + " 17,2010-06-01,a,1\n17,2010-06-01,b,1\n017,2010-06-01,c,1\n"
    found = read(cases(written(tmp_path / "a.csv", text)), FIELDS, keys="partitioned")
    assert found.faults() == {("case", "conflicting key"): [1, 2]}
    assert found.values("case") == ["017"]


@pytest.mark.parametrize("many", [1, 100], ids=["few rows", "many rows"])
@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_the_first_group_of_grouped_thousands_never_begins_with_0(tmp_path: Path, many: int, suffix: str) -> None:
    refused_ones = ["0,114,149", "-0,114", "00,123", "1,00,000", "1234,567", "0,123.5", ",123", "1,2345"]
    taken = {"1,114,149": 111_414_900, "-1,234.5": -123_450, "012": 1_200, "000": 0, "123,456": 12_345_600}
    lines = [f'{number},2010-06-01,a,"{text}"' for number, text in enumerate([*refused_ones, *taken] * many)]
    content = (HEADER + "\n".join(lines)).encode()
    path = tmp_path / f"a{suffix}"
    path.write_bytes(gzip.compress(content) if suffix == ".csv.gz" else content)
    found = read(cases(path), FIELDS)
    wrong = [row + 1 for row in range(len(lines)) if row % 13 < len(refused_ones)]
    assert found.faults() == {("paid", "unreadable value"): wrong}
    assert found.values("paid") == list(taken.values()) * many


@pytest.mark.parametrize("text", ["0.125", "-0.125", "00.123", "1.00.000", "1234.567"])
def test_a_decimal_point_is_no_decimal_comma(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "a.csv", f"case;received_on;unit;paid\n1;01-06-2010;a;{text}\n2;01-06-2010;a;1.125\n")
    found = read(cases(path, dialect=Dialect.danish()), FIELDS)
    assert found.faults() == {("paid", "unreadable value"): [1]}
    assert found.values("paid") == [112_500]


def test_a_value_longer_than_is_read_and_a_quote_left_open_are_told_apart_as_far_as_they_can_be(tmp_path: Path) -> None:
    long = refused(written(tmp_path / "a.csv", HEADER + f"1,2010-06-01,{'a' * 131_073},1\n"))
    assert "131,072 characters" in long
    assert "before line 2" in long
    unclosed = refused(written(tmp_path / "b.csv", HEADER + '1,2010-06-01,"a,1\n'))
    assert "131,072" not in unclosed
    just = read(cases(written(tmp_path / "c.csv", HEADER + f"1,2010-06-01,{'a' * 131_072},1\n")), FIELDS)
    assert [len(unit) for unit in just.values("unit")] == [131_072]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (gzip.compress(HEADER.encode()), ["gzipped", "calls.csv.gz"]),
        (b"PK\x03\x04 and so on", ["workbook", ".xlsx"]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ["Excel", ".xls"]),
        (b"PAR1 and so on", ["Parquet", ".parquet"]),
        (HEADER.encode("utf-16"), ["UTF-16", "utf-16"]),
        (HEADER.encode("utf-32"), ["UTF-32", "utf-32"]),
    ],
    ids=["gzip", "workbook", "old workbook", "parquet", "utf-16", "utf-32"],
)
@pytest.mark.parametrize("dialect", [Dialect(), Dialect.danish()])
def test_a_file_of_another_kind_than_its_name_says(
    tmp_path: Path, content: bytes, words: list[str], dialect: Dialect
) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    message = refused(tmp_path / "a.csv", dialect)
    assert all(word in message for word in words)


@pytest.mark.parametrize("encoding", ["rot13", "hex", "base64", "zlib", "none"])
def test_an_encoding_of_no_text_is_unknown(tmp_path: Path, encoding: str) -> None:
    assert "encoding is unknown" in refused(written(tmp_path / "a.csv", HEADER), Dialect(encoding=encoding))


def test_a_name_that_no_file_can_have_is_not_there() -> None:
    assert "is not there" in refused(Path("x" * 5_000 + ".csv"))


def test_utf_16_is_read_where_it_is_declared(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", HEADER + "1,2010-06-01,\u00d8st,1\n", "utf-16")
    assert read(cases(path, dialect=Dialect(encoding="utf-16")), FIELDS).values("unit") == ["\u00d8st"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_utf_8_under_the_danish_dialect_is_found_with_the_remedy(tmp_path: Path, encoding: str, suffix: str) -> None:
    content = "case;received_on;unit;paid\n1;01-06-2010;B\u00f8rn;1\n".encode(encoding)
    (tmp_path / f"a{suffix}").write_bytes(gzip.compress(content) if suffix == ".csv.gz" else content)
    message = refused(tmp_path / f"a{suffix}", Dialect.danish())
    assert 'Dialect(encoding="utf-8-sig")' in message
    assert "B\u00c3" not in message


@pytest.mark.parametrize(
    "unit", ["B\u00f8rn", "\u00c5", "N\u00f8rre\u00e6ble", "50 \u00b0", "\u00c6\u00d8\u00c5", "plain"]
)
def test_latin_1_under_the_danish_dialect_is_read(tmp_path: Path, unit: str) -> None:
    path = written(tmp_path / "a.csv", f"case;received_on;unit;paid\n1;01-06-2010;{unit};1\n", "iso-8859-1")
    assert read(cases(path, dialect=Dialect.danish()), FIELDS).values("unit") == [unit]


@pytest.mark.parametrize("installed", [True, False], ids=["with pyarrow", "without"])
@pytest.mark.parametrize("line", [b"a", b"1,", b'"",'], ids=["one value", "many values", "many quoted"])
def test_a_line_without_an_end_is_refused_in_little_memory(
    tmp_path: Path, line: bytes, installed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not installed:
        monkeypatch.setitem(sys.modules, "pyarrow.csv", None)
    path = tmp_path / "a.csv.gz"
    begun, mebibyte = HEADER.encode() + b"1,2010-06-01,a,1\n", line * (2**20 // len(line))
    path.write_bytes(gzip.compress(begun) + 100 * gzip.compress(mebibyte))
    assert path.stat().st_size < 2**20
    tracemalloc.start()
    message = refused(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "16 MiB" in message or "131,072" in message
    assert peak < 90 * 2**20


def test_a_plain_file_is_taken_apart_by_pyarrow_and_as_lines_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyarrow")
    path = written(tmp_path / "a.csv", HEADER + "1,2010-06-01,a,1\n2,2010-06-01,b,1\n")

    def kinds() -> set[type]:
        [piece] = CsvTable.open(path, ReadOptions(Dialect())).pieces(["case", "unit"], (), 100)
        return {type(column) for batch in piece.read() for column in batch.cells.values()}

    assert kinds() == {ArrowCells}
    monkeypatch.setitem(sys.modules, "pyarrow.csv", None)
    assert kinds() == {TextCells}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_rows_keep_their_numbers_through_stretches_that_either_parser_reads(
    tmp_path: Path, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "STRETCH", STRETCH // 10)
    rows = 12_000
    lines = [f'{number},2010-06-01,"north, and{end}south",{number % 7}' for number in range(1, rows + 1)]
    lines[10] = "11,2010-06-01"  # too short, where all else is well
    lines[5_000] = '5001,2010-06-01,a "quote" amid,1'
    lines[7_000] = '7001,2010-06-01,"a"b,1'  # cannot be taken apart
    lines[9_000] = f'9001,soon,"a ""b""",1{end}{end}'
    lines[-1] = f"{rows},2010-06-01,a,1,too long"
    found = read(cases(written(tmp_path / "a.csv", end.join([HEADER.strip(), *lines]))), FIELDS)
    assert (tmp_path / "a.csv").stat().st_size > 2 * csv_files.STRETCH
    assert found.faults() == {
        ("", "wrong number of columns"): [11, 7_001, rows],
        ("received_on", "unreadable value"): [9_001],
    }
    wrong = {11, 7_001, 9_001, rows}
    assert found.values("case") == found.numbers == [row for row in range(1, rows + 1) if row not in wrong]
    assert set(found.values("unit")) == {f"north, and{end}south", 'a "quote" amid'}


def test_a_quote_left_open_far_below_the_header_is_told_with_its_line(tmp_path: Path) -> None:
    lines = [f"{number},2010-06-01,a,1" for number in range(1, 150_001)]
    lines[120_000] = '120001,2010-06-01,"a,1'
    message = refused(written(tmp_path / "a.csv", HEADER + "\n".join(lines[:120_005])))
    assert "quote is not closed" in message
    assert "before line 120006" in message
