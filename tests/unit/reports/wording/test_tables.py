from __future__ import annotations

import csv
import io
import json
import unicodedata
from fractions import Fraction

import pytest

from casequality.reports.wording.tables import ShownAmount, Table, neutral
from casequality.reports.wording.words import Phrase
from casequality.showing import NBSP
from tests.factories.assessments import HOSTILE
from tests.unit.reports.html_facts import parse

TABLE = Table(
    caption="Ventetid pr. kø",
    headers=("Kø", "Værdi", "Sager"),
    rows=(
        ("Børn", ShownAmount(Fraction(2469, 2), 1, "sekunder"), 12345),
        ("Ældre", ShownAmount(Fraction(-5), 1, "sekunder"), 7),
        (HOSTILE, None, 0),
    ),
    notes=("Opgjort pr. 1. august 2010",),
    lang="da",
)


def test_text_is_aligned_whatever_letters_it_holds() -> None:
    names = (unicodedata.normalize("NFD", "Ærø å"), "Ærø", "窓口")  # five places, three, and two letters of two places
    table = Table(caption="", headers=("Kø", "Sager"), rows=tuple((name, 5) for name in names))
    lines = [unicodedata.normalize("NFC", line) for line in table.text().splitlines()[2:]]
    assert lines == ["Kø     Sager", "─────  ─────", "Ærø å      5", "Ærø        5", "窓口       5"]


def test_text_puts_numbers_to_the_right_under_their_header() -> None:
    lines = TABLE.text().splitlines()
    assert lines[2].endswith("Sager")
    assert lines[4].endswith("12.345")
    assert "  1.234,5 sekunder  " in lines[4]
    assert NBSP not in TABLE.text()


def test_text_holds_nothing_that_steers_a_terminal() -> None:
    table = Table(caption="c", headers=("a",), rows=(("x\x1b[31m\nred\x07",),))
    assert all(letter.isprintable() for letter in table.text().replace("\n", ""))
    assert len(table.text().splitlines()) == 5


def test_a_table_without_rows_still_says_what_it_would_hold() -> None:
    empty = Table(caption="Nothing", headers=("a", "b"), rows=())
    assert empty.text().splitlines()[2] == "a  b"
    assert "<th" in empty.html()
    assert empty.csv() == "a,b\n"


def test_markdown_has_one_line_a_row_and_no_markup_of_a_label() -> None:
    table = Table(caption="c", headers=("a", "b"), rows=(("x|y\n# *z* <b>", 1),))
    lines = table.markdown().splitlines()
    assert lines[2] == "| a | b |"
    assert lines[3] == "| --- | ---: |"
    assert lines[4] == "| x\\|y \\# \\*z\\* &lt;b&gt; | 1 |"


def test_html_names_columns_and_rows_and_escapes_what_it_holds() -> None:
    facts = parse(TABLE.html())
    assert facts.balanced
    assert facts.scripts == 0
    assert [cell.get("scope") for cell in facts.all("th")] == ["col"] * 3 + ["row"] * 3
    assert HOSTILE in facts.text
    assert facts.all("div")[0]["lang"] == "da"


def test_html_says_where_a_cell_is_in_another_language() -> None:
    table = Table(caption="c", headers=("a", "b"), rows=(("x", Phrase("abandoned", "en")),), lang="da")
    assert '<td lang="en">abandoned</td>' in table.html()


def test_csv_is_read_back_by_a_reader_with_numbers_alone() -> None:
    rows = list(csv.reader(io.StringIO(TABLE.csv()), delimiter=";"))
    assert rows[0] == ["Kø", "Værdi", "Værdi, enhed", "Sager"]
    assert rows[1] == ["Børn", "1234,5", "sekunder", "12345"]
    assert rows[2] == ["Ældre", "-5,0", "sekunder", "7"]
    assert rows[3] == ["'" + HOSTILE, "", "", "0"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", " =1", "\r=1", "\n=1", "＝1", "－1", "＠A"])  # noqa: RUF001
def test_no_text_of_a_csv_is_a_formula(text: str) -> None:
    assert neutral(text).startswith("'")
    written = Table(caption="c", headers=(text,), rows=((text,),)).csv()
    for line in csv.reader(io.StringIO(written, newline="")):
        assert line[0].startswith("'")


def test_ordinary_text_is_left_as_it_is() -> None:
    assert neutral("a=b") == "a=b"
    assert neutral("") == ""


def test_the_first_rows_say_how_many_follow() -> None:
    table = TABLE.text_table()
    assert table.first(3) == table
    short = table.first(1)
    assert len(short.rows) == 1
    assert short.notes == ("2 rækker til", *TABLE.notes)


def test_plain_data_is_json() -> None:
    plain = json.loads(json.dumps(TABLE.to_dict()))
    assert plain["rows"][0] == ["Børn", f"1.234,5{NBSP}sekunder", "12.345"]
    assert plain["lang"] == "da"
