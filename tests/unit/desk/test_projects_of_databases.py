"""A project file whose sources are queries of a database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

from casequality.desk.projects import load_project
from casequality.errors import CaseQualityError, SeveralErrors
from tests.factories.records import Case, read

PROJECT = """
title = "Sager"
goals = ["goals.toml"]

[sources.cases]
records = "cases"
{lines}
"""
SECRET = "hemmeligt5"


def _written(folder: Path, lines: str) -> Path:
    path = folder / "casequality.toml"
    path.write_text(PROJECT.format(lines=lines), encoding="utf-8")
    return path


def test_a_source_and_its_child_table_are_queries_of_one_file_beside_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(tmp_path / "sager.db")) as made:
        made.execute("create table sag(nr, modtaget)")
        made.execute("insert into sag values (1, '01-06-2010'), (2, '02-06-2010')")
        made.execute("create table brev(sag, sendt)")
        made.execute("insert into brev values (2, '2010-06-03'), (2, '2010-06-04')")
        made.commit()
    lines = '''
database = "sqlite:sager.db"
query = """
    select nr, modtaget from sag  -- all of them
"""
dialect = "danish"
columns = { case = "nr", received_on = "modtaget" }

[sources.cases.children.notices]
query = "select * from brev"
columns = { case = "sag", sent_on = "sendt" }
'''
    project = load_project(_written(tmp_path, lines))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")  # a file lies beside the project, wherever that is read from
    cases = project.sources["cases"].open(Case, project.zone)
    found = read(cases, ["case", "received_on", "notices.sent_on"])
    assert [(row["case"], str(row["received_on"]), len(row["notices"])) for row in found.rows] == [
        (1, "2010-06-01", 0),
        (2, "2010-06-02", 2),
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('database = "sqlite:a.db"', 'add query = "select ..."'),
        ('query = "select 1"', "A query has no database"),
        ('path = "a.csv"\nquery = "select 1"', "A source lies in two places"),
        ('path = "a.csv"\ndatabase = "sqlite:a.db"\nquery = "select 1"', "A source lies in two places"),
        ('database = "a.db"\nquery = "select 1"', "of no known kind"),
        ('database = 5\nquery = "select 1"', "database is of another kind"),
        ('database = "sqlite:a.db"\nquery = "drop table a"', "A query is one statement that reads"),
        ('database = "sqlite:a.db"\nquery = "select 1; select 2"', "several statements"),
        (f'database = "postgresql://a:{SECRET}@b/c"\nquery = "select 1"', "A password is written"),
        (f'database = "odbc:Driver=x;PWD={SECRET}"\nquery = "select 1"', "A password is written"),
        (f'databse = "postgresql://a:{SECRET}@b/c"', "A key is not known here"),
        ('not_delivered = "later"\nquery = "select 1"', "A key is not known here"),
        (
            'path = "a.csv"\n[sources.cases.children.notices]\nquery = "select 1"',
            "A query has no database",
        ),
    ],
)
def test_a_fault_is_told_at_its_place_before_anything_is_opened(tmp_path: Path, lines: str, told: str) -> None:
    with pytest.raises(CaseQualityError) as caught:
        load_project(_written(tmp_path, lines))
    assert told in str(caught.value)
    assert "sources.cases" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    lines = 'database = "a.db"\nquery = "drop table a"\nzone = "Mars"\nunknown = 1\n[sources.other]\nrecords = "cases"'
    with pytest.raises(SeveralErrors) as caught:
        load_project(_written(tmp_path, lines))
    assert len(caught.value.errors) == 3


def test_a_variable_that_is_not_set_stops_only_who_opens_the_source(tmp_path: Path) -> None:
    project = load_project(_written(tmp_path, 'database = "env:NOT_SET_ANYWHERE"\nquery = "select 1"'))
    with pytest.raises(CaseQualityError, match="NOT_SET_ANYWHERE"):
        project.sources["cases"].open(Case, project.zone)
