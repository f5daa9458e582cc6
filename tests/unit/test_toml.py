"""TOML files and tables: every fault is told at its place, in the words of its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casequality.desk.projects import ProjectTable
from casequality.errors import CaseQualityError, InputError, UnknownName, UsageError
from casequality.goals.gaps import GoalTable
from casequality.toml import Table, check_keys, parse_toml, read_toml, text

KINDS: list[type[Table]] = [GoalTable, ProjectTable]


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('name = "ø"\n[table]\nkey = 1\n', encoding="utf-8")
    assert read_toml(path, "A file") == {"name": "ø", "table": {"key": 1}}


@pytest.mark.parametrize("content", [b"name = ", b'name = "\xe6"'])
def test_what_is_no_toml_is_told_with_its_file(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match="A file is not TOML") as told:
        read_toml(path, "A file")
    assert (told.value.where, told.value.remedy) == (str(path), "correct the place named")
    with pytest.raises(InputError) as curt:
        read_toml(path, "A file", way_out=False)
    assert curt.value.remedy is None


def test_a_file_of_windows_may_begin_with_a_mark(tmp_path: Path) -> None:
    (tmp_path / "goals.toml").write_bytes(b'\xef\xbb\xbftitle = "B\xc3\xb8rn"\r\n')
    assert read_toml(tmp_path / "goals.toml", "A goal file") == {"title": "B\u00f8rn"}


def test_a_text_that_is_no_toml_is_told_with_its_name() -> None:
    with pytest.raises(InputError, match="A file is not TOML") as told:
        parse_toml("[", "A file", "goals")
    assert told.value.where == "goals"


def test_a_file_that_is_not_there_is_told_as_its_reader_wants(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="A file cannot be opened"):
        read_toml(tmp_path / "a.toml", "A file")
    with pytest.raises(InputError, match="begin one"):
        read_toml(tmp_path / "a.toml", "A file", absent=InputError("begin one"))
    with pytest.raises(InputError, match="A file cannot be opened"):
        read_toml(tmp_path, "A file", absent=InputError("begin one"))


@pytest.mark.parametrize("kind", KINDS)
def test_all_faults_of_a_table_and_of_those_inside_it_are_gathered(kind: type[Table]) -> None:
    faults: list[CaseQualityError] = []
    table = kind({"titel": 1, "inner": {"x": 1}, "flat": 2}, "f.toml", faults)
    table.refuse_others(("title", "inner", "flat"))
    assert table.needed("title", text) is None
    assert table.attempt(lambda inside: inside.optional("x", text), table.given["inner"], "inner") is None
    assert table.inside(table.given["flat"], "flat") is None
    assert [fault.where for fault in faults[:2]] == ["f.toml", "f.toml"]
    assert "did you mean title?" in str(faults[0])
    assert "title" in str(faults[1])
    assert str(faults[2].where).startswith("f.toml, inner")
    assert (faults[3].what, faults[3].where) == ("A table is needed", "f.toml, flat")
    assert len(faults) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_made_of_a_table_inside_fails_at_its_place(kind: type[Table]) -> None:
    faults: list[CaseQualityError] = []

    def make(inside: Table, extra: int) -> Any:
        raise UsageError("no", got=extra, allowed=inside.given)

    assert kind({}, "f.toml", faults).attempt(make, {}, "inner", 3) is None
    assert [(fault.what, fault.where) for fault in faults] == [("no", "f.toml, inner")]


HOOKS = ("lacks", "unknown", "wrong", "no_table")


@pytest.mark.parametrize("forgotten", HOOKS)
def test_a_kind_of_table_without_words_for_a_fault_cannot_be_made(forgotten: str) -> None:
    words = {name: getattr(ProjectTable, name) for name in HOOKS if name != forgotten}
    with pytest.raises(TypeError, match=forgotten):
        type("OtherTable", (Table,), words)({}, "f.toml", [])


def test_keys_are_checked_at_once_where_nothing_gathers_faults() -> None:
    check_keys({"a": 1}, ("a", "b"), needed=("a",))
    with pytest.raises(UnknownName, match="did you mean after"):
        check_keys({"aftr": 1}, ("after",), needed=())
    with pytest.raises(UsageError, match="add `a`"):
        check_keys({}, ("a",), needed=("a",))
    with pytest.raises(UsageError, match="A table is needed"):
        check_keys(1, ("a",), needed=())
