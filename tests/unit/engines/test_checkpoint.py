"""Kept counts: a job goes on from where it stopped, notices what has changed and never believes what is not whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

import pandas as pd

from casequality.errors import UsageError
from tests.factories.kept_letters import counted, kept_files, letters_counted, rows, write


def test_what_is_kept_is_not_counted_again(letters: str, keep: Path) -> None:
    alone = counted(letters)
    well = letters_counted()
    assert counted(letters, keep) == alone
    assert letters_counted() == well
    assert counted(letters, keep) == alone
    assert letters_counted() == 0


def test_only_the_files_that_changed_are_counted_again(letters: str, keep: Path, tmp_path: Path) -> None:
    counted(letters, keep)
    write(tmp_path / "letters-1.parquet", rows(60, 45, faulty=False))
    again = counted(letters, keep)
    assert letters_counted() == 45
    assert again == counted(letters)


def test_a_new_file_is_counted_and_no_other(letters: str, keep: Path, tmp_path: Path) -> None:
    counted(letters, keep)
    write(tmp_path / "letters-3.parquet", rows(180, 30, faulty=False))
    again = counted(letters, keep)
    assert letters_counted() == 30
    assert again == counted(letters)


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_change_is_noticed_though_size_and_time_are_put_back(tmp_path: Path, keep: Path, ending: str) -> None:
    path = tmp_path / f"letters.{ending}"

    def put(late: int) -> None:
        made = rows(0, 30, faulty=False)
        made[late]["answered_on"] = made[late]["received_on"].replace(year=2011)
        pd.DataFrame(made).to_csv(path, index=False) if ending == "csv" else write(path, made)

    put(11)
    first, before = counted(path, keep), path.stat()
    put(12)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert counted(path, keep) == counted(path) != first


def test_a_file_that_gets_company_is_named_in_the_findings(tmp_path: Path, keep: Path) -> None:
    """A single file goes without a name."""
    write(tmp_path / "letters-0.parquet", rows(0, 60))
    pattern = str(tmp_path / "letters-*.parquet")
    assert counted(pattern, keep) == counted(pattern)
    write(tmp_path / "letters-1.parquet", rows(60, 30))
    again = counted(pattern, keep)
    assert letters_counted() <= 30
    assert again == counted(pattern)
    assert {item.file for item in again[1].items} == {"letters-0.parquet", "letters-1.parquet"}


def test_no_key_is_written_down(tmp_path: Path, keep: Path) -> None:
    made = [{**row, "letter": f"010203-{4000 + place}"} for place, row in enumerate(rows(0, 60))]
    write(tmp_path / "letters.parquet", made)
    counted(tmp_path / "letters.parquet", keep)
    assert kept_files(keep)
    assert not [path for path in keep.glob("*/*") if b"010203-4" in path.read_bytes()]


def test_keys_that_do_not_rise_are_settled_over_all_files(letters: str, keep: Path, tmp_path: Path) -> None:
    """Files of which some rows repeat those of another, and one says otherwise of the same letter."""
    write(tmp_path / "letters-0.parquet", [*rows(30, 30), *rows(0, 30)])
    write(tmp_path / "letters-1.parquet", [*rows(60, 60), *rows(10, 5)])
    alone = counted(letters)
    assert counted(letters, keep, threads=2) == alone
    assert counted(letters, keep) == alone
    assert letters_counted() == 0
    kept_files(keep)[0].unlink()
    assert counted(letters, keep) == alone
    other = [{**row, "pages": 77} for row in rows(130, 2)]
    write(tmp_path / "letters-3.parquet", [*rows(180, 10), *other])
    again = counted(letters, keep)
    assert letters_counted() < 60, "the new file, and of the others only where a row is now left out"
    assert again == counted(letters)
    (tmp_path / "letters-3.parquet").unlink()
    assert counted(letters, keep) == alone


@pytest.mark.parametrize("data", [pd.DataFrame(rows(0, 20)), rows(0, 20)])
def test_only_of_files_can_counts_be_kept(data: object, keep: Path) -> None:
    with pytest.raises(UsageError, match="Counts are kept only of files"):
        counted(data, keep)


def test_a_folder_that_cannot_be_made_is_one_error(letters: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="The folder to keep counts in cannot be made"):
        counted(letters, tmp_path / "letters-0.parquet")
