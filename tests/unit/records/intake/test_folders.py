"""Folders of files: which are read, in which order, and what the folders say of the rows."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow")

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

import casequality as cq
from casequality.errors import InputError
from casequality.records import Records, code, count, day, key, source
from tests.factories.metrics import Good
from tests.factories.records import read

MONTHS = ((2009, "12"), (2010, "01"), (2010, "06"))


class Letter(Records, name="letters"):
    case = key()
    received_on = day(missing="not said")
    year = count(missing="not said")
    month = code(missing="not said")


FIELDS = ["case", "received_on", "year", "month"]


def rows(year: int, month: str) -> list[dict[str, Any]]:
    first = dt.date(year, int(month), 1)
    return [{"case": 100 * year + int(month) * 10 + at, "received_on": first} for at in range(3)]


def lines(path: Path, found: list[dict[str, Any]]) -> None:
    text = "".join(f"{row['case']},{row['received_on']}\n" for row in found)
    path.write_text(f"case,received_on\n{text}", encoding="utf-8")


def partitioned(folder: Path, ending: str) -> Path:
    for year, month in MONTHS:
        below = folder / f"year={year}" / f"month={month}"
        below.mkdir(parents=True)
        if ending == "csv":
            lines(below / "part-0.csv", rows(year, month))
        else:
            pq.write_table(pa.Table.from_pylist(rows(year, month)), below / "part-0.parquet")
    return folder


EXPECTED = [{**row, "year": year, "month": month} for year, month in MONTHS for row in rows(year, month)]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("pattern", ["", "year=*", "year=*/month=*/*", "*/*/*"])
def test_folders_give_columns(ending: str, pattern: str, tmp_path: Path) -> None:
    folder = partitioned(tmp_path / "letters", ending)
    assert read(source(folder / pattern, Letter), FIELDS).rows == EXPECTED
    assert read(source(folder / pattern, Letter), ["month"], block_rows=2).values("month") == [
        row["month"] for row in EXPECTED
    ]


def test_the_folders_that_pyarrow_writes_are_read_as_pyarrow_reads_them(tmp_path: Path) -> None:
    table = pa.Table.from_pylist(
        [
            {"case": number, "received_on": dt.date(2010, 1, 1), "year": 2010 + number % 2, "month": name}
            for number, name in enumerate(["a", "b c", "d/e", "æ=ø", None, "a"])
        ]
    )
    ds.write_dataset(
        table,
        tmp_path,
        format="parquet",
        partitioning=ds.partitioning(table.select(["year", "month"]).schema, flavor="hive"),
    )
    found = read(source(tmp_path, Letter), FIELDS).rows
    assert sorted(found, key=lambda row: row["case"]) == table.to_pylist()


def test_who_names_one_folder_has_what_it_says_too(tmp_path: Path) -> None:
    folder = partitioned(tmp_path / "letters", "csv")
    expected = [row for row in EXPECTED if (row["year"], row["month"]) == (2010, "06")]
    assert read(source(folder / "year=2010" / "month=06", Letter), FIELDS).rows == expected
    assert read(source(folder / "year=2010" / "month=06" / "*.csv", Letter), FIELDS).rows == expected


def test_what_holds_no_rows_is_left_out_and_said(tmp_path: Path) -> None:
    folder = partitioned(tmp_path / "letters", "parquet")
    for name in ("_SUCCESS", ".part-0.parquet.crc", "year=2010/_temporary/part-9.parquet", "x.crc"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")
    letters = source(folder, Letter)
    assert read(letters, FIELDS).rows == EXPECTED
    assert letters.delivery().left_out == (
        ".part-0.parquet.crc",
        "_SUCCESS",
        "x.crc",
        "year=2010/_temporary/part-9.parquet",
    )
    assert letters.delivery().files == {
        f"year={year}/month={month}/part-0.parquet": (
            path.stat().st_size,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for year, month in MONTHS
        for path in [folder / f"year={year}" / f"month={month}" / "part-0.parquet"]
    }


def test_what_is_of_no_known_kind_is_not_left_out(tmp_path: Path) -> None:
    partitioned(tmp_path, "csv")
    (tmp_path / "letters.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"(?s)no known kind.*letters\.json"):
        source(tmp_path, Letter)


def test_files_are_read_by_name_folder_by_folder(tmp_path: Path) -> None:
    for place, name in enumerate(["b/a.csv", "a.csv", "a/b.csv", "a/a-1.csv", "a-b/x.csv", "B.csv"]):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        lines(tmp_path / name, [{"case": place, "received_on": "2010-01-01"}])
    found = read(source(tmp_path, Letter, columns={"year": None, "month": None}), FIELDS)
    assert found.files == ["B.csv", "a/a-1.csv", "a/b.csv", "a-b/x.csv", "a.csv", "b/a.csv"]
    assert found.values("case") == [5, 3, 2, 4, 1, 0]


def test_tallies_are_those_of_one_file(tmp_path: Path) -> None:
    table = pa.table(
        {
            "on": [dt.date(2010, 1 + number % 9, 1) for number in range(300)],
            "became": [("good", "bad")[number % 5 == 0] for number in range(300)],
        }
    )
    pq.write_table(table, tmp_path / "one.parquet")
    ds.write_dataset(table, tmp_path / "many", format="parquet", partitioning=["became"], partitioning_flavor="hive")
    kept = []
    for name in ("one.parquet", "many"):
        counted = cq.tally([Good()], tmp_path / name, as_of="2011-01-01", columns={"until": None, "lasted": None})
        counted.save(tmp_path / "tallies")
        kept.append((tmp_path / "tallies").read_bytes())
    assert kept[0] == kept[1]


@pytest.mark.parametrize("place", ["month=07/x.csv", "year=2010/x.csv", "x.csv"])
def test_a_file_with_other_columns_or_folders_is_named(place: str, tmp_path: Path) -> None:
    folder = partitioned(tmp_path / "letters", "csv")
    (folder / place).parent.mkdir(exist_ok=True)
    lines(folder / place, rows(2010, "07"))
    with pytest.raises(InputError, match="different columns") as caught:
        source(folder, Letter)
    assert place in str(caught.value)


def test_a_column_that_is_in_the_file_and_in_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "case=7").mkdir()
    lines(tmp_path / "case=7" / "x.csv", rows(2010, "07"))
    with pytest.raises(InputError, match=r"(?s)in a file and in the name.*x\.csv.*case"):
        source(tmp_path, Letter)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("_delta_log/0.json", "Delta"), (".hoodie/x", "Hudi"), ("metadata/v1.metadata.json", "Iceberg")],
)
@pytest.mark.parametrize("pattern", ["", "letters", "*/year=2010", "*/*/*/*.parquet", "letters/year=2010/*/*"])
def test_the_files_of_a_table_are_not_read_one_by_one(name: str, kind: str, pattern: str, tmp_path: Path) -> None:
    folder = partitioned(tmp_path / "letters", "parquet")
    (folder / name).parent.mkdir()
    (folder / name).write_text("{}", encoding="utf-8")
    if (pattern, kind) == ("letters", "Delta"):
        return  # that is the way to name it
    with pytest.raises(InputError, match=kind) as caught:
        source(tmp_path / pattern, Letter)
    assert str(folder) in str(caught.value)


def test_links_are_followed_and_not_for_ever(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "letters", partitioned(tmp_path / "elsewhere", "csv")
    folder.mkdir()
    for year in (2009, 2010):
        (folder / f"year={year}").symlink_to(elsewhere / f"year={year}")
    assert read(source(folder, Letter), FIELDS).rows == EXPECTED
    (elsewhere / "year=2010" / "again").symlink_to(folder)
    with pytest.raises(InputError, match="lies in itself"):
        source(folder, Letter)


@pytest.mark.parametrize("name", ["", "_SUCCESS"])
def test_a_folder_without_rows(name: str, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    if name:
        (tmp_path / "letters" / name).touch()
    with pytest.raises(InputError, match="holds no file with rows"):
        source(tmp_path / "letters", Letter)


def test_a_file_that_changed_is_not_digested_as_what_was_read(tmp_path: Path) -> None:
    folder = partitioned(tmp_path / "letters", "csv")
    letters = source(folder, Letter)
    lines(folder / "year=2010" / "month=06" / "part-0.csv", rows(2010, "07"))
    with pytest.raises(InputError, match="changed"):
        letters.delivery()
