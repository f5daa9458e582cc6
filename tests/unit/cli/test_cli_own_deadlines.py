"""`casequality deadlines`: the public page, the list as data, and what a change touches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.factories.command_line import Run

TABLE = """\
Område;Sagstype;Lov;Paragraf;Svarfrist;Gælder fra
Børn;Merudgiftsydelse;Barnets lov;§ 86;8 uger;01-01-2024
"""
SAID = ("--municipality", "Opdigtet Kommune", "--decision", "sag 1", "--decided", "2023-12-01", "--on", "2026-11-29")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "frister.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_page_and_data_are_written_and_a_change_is_told(run: Run, table: Path) -> None:
    page, kept, sheet = (table.with_name(name) for name in ("frister.html", "frister.json", "liste.csv"))
    done = run(
        "deadlines", "publish", str(table), *SAID, "--page", str(page), "--data", str(kept), "--data", str(sheet)
    )
    assert (done.code, done.out) == (0, "")
    assert "<h1>Frister for afgørelser i Opdigtet Kommune</h1>" in page.read_text(encoding="utf-8")
    assert json.loads(kept.read_text(encoding="utf-8"))["municipality"] == "Opdigtet Kommune"
    assert (
        sheet.read_text(encoding="utf-8-sig").splitlines()[1]
        == "Børn;Merudgiftsydelse;Barnets lov;§ 86;8 uger;01-01-2024;"
    )
    changed = table.with_name("ny.csv")
    changed.write_text(TABLE.replace("8 uger", "6 uger"), encoding="utf-8")
    cases = table.with_name("sager.csv")
    cases.write_text("Sagsnr;subject;received_on;decided_on\nA1;Merudgiftsydelse;02-11-2026;\n", encoding="utf-8")
    asked = ("deadlines", "compare", str(kept), str(changed), str(cases), "--as-of", "2026-11-29")
    told = run(*asked, "--case-column", "case=Sagsnr", "--format", "json")
    assert json.loads(told.out) == [
        {"case": "A1", "subject": "Merudgiftsydelse", "due_before": "2026-12-28", "due_after": "2026-12-14"}
    ]


def test_a_faulty_table_writes_nothing(run: Run, table: Path) -> None:
    table.write_text(TABLE.replace("8 uger", "8 dage"), encoding="utf-8")
    page = table.with_name("frister.html")
    done = run("deadlines", "publish", str(table), *SAID, "--page", str(page))
    assert done.code == 3
    assert "row 1, frist: A term in bare days" in done.err
    assert not page.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--data", "x.xml"), ".json eller .csv"),
        (("--column", "Svarfrist"), "navn og en værdi"),
        (("--decided", "juni"), "Dagen kan ikke læses"),
    ],
)
def test_words_that_do_not_fit_are_refused(run: Run, table: Path, words: tuple[str, str], said: str) -> None:
    done = run("deadlines", "publish", str(table), *SAID, "--page", str(table.with_suffix(".html")), *words)
    assert (done.code, said in done.err) == (2, True)
