from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.factories.command_line import Run


def test_what_is_in_a_file_and_the_table_to_paste(run: Run) -> None:
    done = run("look", "letters.csv")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("letters.csv: 6 rows, ")
    assert '[sources.letters]\nrecords = "letters"\npath = "letters.csv"\n' in done.out
    assert "letters.csv: 6 rækker, " in run("look", "letters.csv", "--lang", "da").out


def test_as_plain_data_and_as_a_page(run: Run) -> None:
    plain = json.loads(run("look", "letters.csv", "--format", "json").out)
    assert (plain["rows"], plain["records"][0]["records"]) == (6, "letters")
    assert run("look", "letters.csv", "--format", "html").out.startswith("<div")
    assert "```toml\n[sources.letters]" in run("look", "letters.csv", "--format", "md").out


def test_a_form_that_it_does_not_have_is_refused(run: Run) -> None:
    done = run("look", "letters.csv", "--format", "csv")
    assert (done.code, done.out) == (2, "")
    assert "allowed:" in done.err


@pytest.mark.parametrize(
    ("words", "code"),
    [(("none.csv",), 3), (("letters.csv", "--records", "nothing"), 3), (("letters.csv", "--header", "zero"), 2)],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], code: int, run: Run) -> None:
    assert run("look", *words).code == code


def test_the_header_that_is_named_is_believed(run: Run, folder: Path) -> None:
    folder.joinpath("places.csv").write_text("Sag,Sted\nA,North\nB,South\n", encoding="utf-8")
    assert "Sted" not in run("look", "places.csv").out
    assert "Sted" in run("look", "places.csv", "--header", "1").out
