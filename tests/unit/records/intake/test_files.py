"""Files by their kind: Excel, Parquet, several files, files that are not there."""

from __future__ import annotations

import datetime as dt
import gzip
import os
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openpyxl")
pytest.importorskip("pyarrow")

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from casequality.errors import InputError, UsageError
from casequality.records import Dialect, KeyOrder, source
from tests.factories.records import Case, read

FIELDS = ["case", "received_on", "unit"]


def row(number: int) -> dict[str, Any]:
    return {
        "case": number,
        "received_on": dt.date(2010, 6, 1) + dt.timedelta(days=number % 28),
        "unit": f"u{number % 3}",
    }


def parquet(path: Path, numbers: range, **options: Any) -> Path:
    pq.write_table(pa.Table.from_pylist([row(number) for number in numbers]), path, **options)
    return path


def workbook(path: Path, *rows: list[object], sheet: str = "Sheet") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for one in rows:
        page.append(one)
    book.create_sheet("notes").append(["nothing"])
    book.save(path)
    return path


def test_a_workbook(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        ["case", "extra", "received_on", "unit"],
        [1, None, dt.date(2010, 6, 1), "a"],
        [None, None, None, None],
        [2.0, "x", "02-06-2010", 7],
        ["A-3", "x", 12, "b"],
    )
    found = read(source(path, Case, dialect=Dialect.danish()), FIELDS)
    assert found.rows == [
        {"received_on": dt.date(2010, 6, 1), "unit": "a", "case": 1},
        {"received_on": dt.date(2010, 6, 2), "unit": "7", "case": 2},
    ]
    assert found.faults() == {("received_on", "unreadable value"): [5]}


def test_a_sheet_by_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["case", "received_on"], [1, dt.date(2010, 6, 1)], sheet="Sager")
    assert read(source(path, Case, sheet="Sager"), ["received_on"]).read == 1
    with pytest.raises(InputError) as caught:
        source(path, Case, sheet="sager")
    assert "one of its 2 sheets" in str(caught.value)
    with pytest.raises(UsageError, match="sheet"):
        source([row(1)], Case, sheet="Sager")


def test_a_workbook_that_is_none_or_has_no_header(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"no workbook")
    with pytest.raises(InputError, match="Excel workbook"):
        source(tmp_path / "a.xlsx", Case)
    with pytest.raises(InputError, match="no header"):
        source(workbook(tmp_path / "b.xlsx"), Case)


@pytest.mark.parametrize("options", [{}, {"row_group_size": 30}, {"row_group_size": 7}, {"use_dictionary": False}])
@pytest.mark.parametrize("block_rows", [131_072, 10])
def test_a_parquet_file_in_any_row_groups(tmp_path: Path, options: dict[str, Any], block_rows: int) -> None:
    given = source(parquet(tmp_path / "a.parquet", range(1, 101), **options), Case)
    found = read(given, FIELDS, block_rows=block_rows)
    assert found.rows == [
        {name: row(number)[name] for name in ("received_on", "unit", "case")} for number in range(1, 101)
    ]
    assert found.numbers == list(range(1, 101))
    assert found.in_order
    assert given.row_count == 100
    parts = given.reading(FIELDS).parts
    assert len(parts) == -(-100 // options.get("row_group_size", 100))
    assert sum(part.rows or 0 for part in parts) == 100


@pytest.mark.parametrize("damage", [b"PAR1 no", b""])
def test_a_parquet_file_that_is_none(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "a.parquet").write_bytes(damage)
    with pytest.raises(InputError, match="Parquet"):
        source(tmp_path / "a.parquet", Case)


def test_a_parquet_file_damaged_in_the_middle(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", range(1, 5_000), compression="snappy")
    content = bytearray(path.read_bytes())
    content[20:2_000] = b"\xff" * 1_980
    path.write_bytes(bytes(content))
    with pytest.raises(InputError) as caught:
        read(source(path, Case), FIELDS)
    assert "a.parquet" in str(caught.value)


def test_several_files_are_one_source_and_findings_name_the_file(tmp_path: Path) -> None:
    for month, numbers in ((1, range(1, 4)), (2, range(4, 6))):
        (tmp_path / f"{month}").mkdir()
        parquet(tmp_path / f"{month}" / "cases.parquet", numbers)
    (tmp_path / "3").mkdir()
    (tmp_path / "3" / "cases.csv").write_text("unit,case,received_on\na,6,2010-06-01\nb,7,soon\n", encoding="utf-8")
    found = read(source(tmp_path / "*" / "cases.*", Case, name="all cases"), FIELDS)
    assert found.values("case") == [1, 2, 3, 4, 5, 6]
    assert found.numbers == [1, 2, 3, 1, 2, 1]
    assert found.files == ["1/cases.parquet"] * 3 + ["2/cases.parquet"] * 2 + ["3/cases.csv"]
    assert [(item.file, item.rows.tolist()) for item in found.findings.items] == [("3/cases.csv", [2])]
    assert found.in_order
    listed = source([tmp_path / "1" / "cases.parquet", tmp_path / "3" / "cases.csv"], Case)
    assert read(listed, FIELDS).values("case") == [1, 2, 3, 6]
    assert (listed.row_count, source(tmp_path / "[12]" / "*.parquet", Case).row_count) == (None, 5)


def test_keys_that_rise_in_each_file_but_not_over_them(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", range(5, 8))
    parquet(tmp_path / "b.parquet", range(1, 4))
    reading = source(tmp_path / "*.parquet", Case).reading(FIELDS)
    orders = [block.order for part in reading.parts for block in part.blocks()]
    assert [order.increasing for order in orders] == [True, True]
    assert not KeyOrder.joined(orders)
    assert KeyOrder.joined(reversed(orders))


def test_files_with_different_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("case,unit\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("case,office\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        source(tmp_path / "*.csv", Case)
    assert "only in the first: at the place 2; only in the other: at the place 2" in str(caught.value)
    assert "a.csv and b.csv" in str(caught.value)


def test_a_name_that_looks_like_a_pattern_is_the_file_of_that_name(tmp_path: Path) -> None:
    parquet(tmp_path / "cases[1].parquet", range(1, 3))
    parquet(tmp_path / "cases1.parquet", range(1, 9))
    assert source(tmp_path / "cases[1].parquet", Case).row_count == 2


@pytest.mark.parametrize(
    ("name", "what"),
    [("nothing.csv", "not there"), ("*.csv", "No file matches"), (".", "no known kind"), ("a.doc", "no known kind")],
)
def test_a_path_that_leads_nowhere(tmp_path: Path, name: str, what: str) -> None:
    (tmp_path / "a.doc").write_text("case", encoding="utf-8")
    with pytest.raises(InputError, match=what) as caught:
        source(tmp_path / name, Case)
    assert str(tmp_path) in str(caught.value)


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("case,received_on,received_on\n1,2010-06-01,2010-06-02\n", encoding="utf-8")
    with pytest.raises(InputError, match="two columns of one name"):
        source(tmp_path / "a.csv", Case).reading(["received_on"])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no such names")
@pytest.mark.parametrize("ending", ["parquet", "csv", "xlsx"])
def test_a_name_of_other_bytes_than_text_is_refused(tmp_path: Path, ending: str) -> None:
    (tmp_path / os.fsdecode(b"\xe6." + ending.encode())).write_bytes(b"case\n1\n")
    with pytest.raises(InputError, match="The name of a file is no text"):
        source(tmp_path, Case)


def test_a_gzip_is_known_whatever_the_case_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "A.CSV.GZ").write_bytes(gzip.compress(b"case,received_on,unit\n1,2010-06-01,a\n"))
    assert read(source(tmp_path / "A.CSV.GZ", Case), FIELDS).values("case") == [1]


def test_a_page_that_is_not_what_its_sum_says_is_damaged(tmp_path: Path) -> None:
    table = pa.table({"case": ["xyz", "xyw"], "received_on": ["2010-06-01"] * 2, "unit": ["a", "b"]})
    options: dict[str, Any] = {"compression": "none", "use_dictionary": False, "write_statistics": False}
    for checked in (True, False):
        pq.write_table(table, tmp_path / "a.parquet", write_page_checksum=checked, **options)
        content = (tmp_path / "a.parquet").read_bytes()
        assert content.count(b"xyz") == 1
        (tmp_path / "a.parquet").write_bytes(content.replace(b"xyz", b"xyq"))
        if checked:
            with pytest.raises(InputError, match="cannot be read as Parquet"):
                read(source(tmp_path / "a.parquet", Case), FIELDS)
    # where there are no sums nobody can tell
    assert read(source(tmp_path / "a.parquet", Case), FIELDS).values("case") == ["xyq", "xyw"]
