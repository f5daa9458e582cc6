"""CSV files: dialects, ragged lines, encodings, and files that cannot be understood."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from pathlib import Path
from typing import Any

import pytest

from casequality.errors import InputError
from casequality.records import Dialect, source
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
