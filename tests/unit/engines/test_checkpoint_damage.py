"""Kept counts that are not whole, and files that are not: noticed, counted again or refused, never believed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

from casequality.errors import InputError, PluginError
from tests.factories import kept_letters
from tests.factories.kept_letters import counted, kept_files, letters_counted, rows, write


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


def test_a_file_that_is_written_to_meanwhile_is_one_error(letters: str, keep: Path, tmp_path: Path) -> None:
    from casequality.records import source

    opened = source(letters, kept_letters.Letter)
    write(tmp_path / "letters-2.parquet", rows(120, 61))
    with pytest.raises(InputError, match="A file changed after it was opened"):
        counted(opened, keep)
