"""Kept counts: a job goes on from where it stopped, notices what has changed and never believes what is not whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow")

import pandas as pd

from casequality.engines import checkpoint as kept
from casequality.errors import InputError, PluginError, UsageError
from tests.factories import kept_letters
from tests.factories.kept_letters import counted, deadline, kept_files, letters_counted, rows, write


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Three files of 60 letters, six row groups each, two of which are kept together."""
    monkeypatch.setattr(kept, "STRETCH", 20)
    for number in range(3):
        write(tmp_path / f"letters-{number}.parquet", rows(number * 60, 60))
    return str(tmp_path / "letters-*.parquet")


@pytest.fixture
def keep(tmp_path: Path) -> Path:
    return tmp_path / "keep"


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


QUESTIONS: dict[str, dict[str, Any]] = {
    "a parameter": {"days": 6},
    "the as-of": {"as_of": "2010-02-01"},
    "the as-of's hour": {"as_of": "2010-02-01T12:00:00+01:00"},
    "the zone": {"zone": "America/New_York"},
    "the calendar": {"calendar": "dk-administrative"},
    "the groups": {"by": "office"},
    "what is chosen": {"where": {"office": "north"}},
    "the edges": {"period": "2010-01-04..2010-03-16"},
    "a column": {"columns": {"answered_on": "received_on"}},
    "no column": {"columns": {"answered_on": None}},
    "a mark": {"marks": {"answered_on": {"2010-01-05": "open"}}},
    "a code": {"codes": {"office": {"north": "south", "south": "north"}}, "by": "office"},
    "a check": {"checks_off": ["answered_on-before-received_on"]},
    "the rhythm": {"expects": "day"},
    "a deadline": {"deadline": "own", "deadlines": deadline(2)},
    "a deadline's term": {"deadline": "own", "deadlines": deadline(3)},
}


def test_another_question_is_never_answered_from_what_was_kept_of_this_one(letters: str, keep: Path) -> None:
    counted(letters, keep)
    for asked, given in QUESTIONS.items():
        answer = counted(letters, keep, **given)
        assert letters_counted() > 0, asked
        assert answer == counted(letters, **given), asked
    for asked, given in QUESTIONS.items():
        assert counted(letters, keep, **given) is not None
        assert letters_counted() == 0, asked


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def turned(content: bytes) -> bytes:
    return content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]


@pytest.mark.parametrize("damage", [cut, turned, lambda _: b"", lambda _: b"\n\n\n\n"])
def test_what_is_damaged_is_noticed_and_counted_again(
    letters: str, keep: Path, damage: Callable[[bytes], bytes]
) -> None:
    alone = counted(letters, keep)
    for path in keep.glob("*/*"):
        path.write_bytes(damage(path.read_bytes()))
    assert counted(letters, keep) == alone
    assert letters_counted() > 0


def test_the_count_of_another_stretch_is_not_taken_for_it(letters: str, keep: Path) -> None:
    alone = counted(letters, keep)
    contents = [path.read_bytes() for path in kept_files(keep)]
    for path, other in zip(kept_files(keep), [*contents[1:], contents[0]], strict=True):
        path.write_bytes(other)
    assert counted(letters, keep) == alone


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


def test_a_part_that_fails_stops_the_job_with_one_error_and_the_rest_goes_on_from_there(
    letters: str, keep: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "letters-1.parquet", rows(60, 47, faulty=False))
    alone = counted(letters)
    well = letters_counted()
    monkeypatch.setattr(kept_letters, "BROKEN", [7])
    with pytest.raises(PluginError, match="A metric failed while it was calculated"):
        counted(letters, keep, threads=2)
    done = len(kept_files(keep))
    assert 0 < done < 9
    monkeypatch.setattr(kept_letters, "BROKEN", [])
    assert counted(letters, keep, threads=2) == alone
    assert 0 < letters_counted() < well
    assert len(kept_files(keep)) == 9


def test_a_file_that_is_cut_short_is_one_error_and_the_others_stay_counted(
    letters: str, keep: Path, tmp_path: Path
) -> None:
    alone, path = counted(letters, keep), tmp_path / "letters-1.parquet"
    whole = path.read_bytes()
    path.write_bytes(cut(whole))
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        counted(letters, keep)
    path.write_bytes(whole)
    assert counted(letters, keep) == alone
    assert 0 < letters_counted() <= 60


def test_a_row_group_that_is_damaged_is_one_error(letters: str, keep: Path, tmp_path: Path) -> None:
    path = tmp_path / "letters-2.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:2000] + b"\xff" * 800 + whole[2800:])
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        counted(letters, keep, threads=2)


@pytest.mark.parametrize("data", [pd.DataFrame(rows(0, 20)), rows(0, 20)])
def test_only_of_files_can_counts_be_kept(data: object, keep: Path) -> None:
    with pytest.raises(UsageError, match="Counts are kept only of files"):
        counted(data, keep)


def test_a_folder_that_cannot_be_made_is_one_error(letters: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="The folder to keep counts in cannot be made"):
        counted(letters, tmp_path / "letters-0.parquet")


def test_a_file_that_is_written_to_meanwhile_is_one_error(letters: str, keep: Path, tmp_path: Path) -> None:
    from casequality.records import source

    opened = source(letters, kept_letters.Letter)
    write(tmp_path / "letters-2.parquet", rows(120, 61))
    with pytest.raises(InputError, match="A file changed after it was opened"):
        counted(opened, keep)
