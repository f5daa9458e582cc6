from __future__ import annotations

import json

import pytest

from casequality.deadlines.checker import check
from tests.factories.command_line import Run

GUARANTEE = ("deadline", "copenhagen/reply-guarantee", "2010-04-22")


def test_the_due_day_is_all_that_is_printed(run: Run) -> None:
    done = run(*GUARANTEE)
    assert (done.code, done.out, done.err) == (0, "2010-05-07\n", "")


def test_every_day_is_explained_in_both_languages(run: Run) -> None:
    assert "Store bededag" in run(*GUARANTEE, "--explain", "--lang", "da").out
    english = run(*GUARANTEE, "--explain").out
    assert "2010-04-30" in english or "30 April 2010" in english
    assert "BR 337/06" in english


def test_json_holds_a_row_a_day(run: Run) -> None:
    plain = json.loads(run(*GUARANTEE, "--format", "json").out)
    assert plain["due"] == "2010-05-07"
    counted = [row for row in plain["rows"] if row["counted"]]
    assert len(counted) == 10


def test_the_json_is_a_proof_that_the_plain_checker_accepts(run: Run) -> None:
    printed = run(*GUARANTEE, "--explain", "--format", "json", "--lang", "da").out
    assert check(json.loads(printed)) == []
    assert check(json.loads(printed.replace("2010-05-07", "2010-05-08")))


def test_html_is_a_page_in_the_language_asked_for(run: Run) -> None:
    page = run(*GUARANTEE, "--explain", "--format", "html", "--lang", "da").out
    assert page.startswith('<!doctype html>\n<html lang="da">')
    assert page.endswith("</html>\n")
    assert "<td>fredag</td><td>-</td><td>Store bededag</td>" in page


def test_another_calendar_is_named(run: Run) -> None:
    words = ("deadline", "copenhagen/reply-guarantee", "2010-12-17")
    assert run(*words).out == "2010-12-31\n"
    assert run(*words, "--calendar", "dk-administrative").out == "2011-01-04\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("deadline", "copenhagen/reply", "2010-04-22"), 3, "copenhagen/reply-guarantee"),
        (("deadline", "copenhagen/reply-guarantee", "22-04-2010"), 2, "year-month-day"),
        (("deadline", "copenhagen/reply-guarantee", "1850-04-22"), 3, "2006-06-01"),
        (("deadline", "copenhagen/reply-guarantee", "2060-12-30"), 3, "2060"),
        (("deadline", "copenhagen/reply-guarantee"), 2, "RECEIVED"),
        ((*GUARANTEE, "--calendar", "dk-school"), 3, "dk-bank"),
        ((*GUARANTEE, "--explain", "--format", "csv"), 2, "json or html"),
    ],
)
def test_what_is_not_known_is_said_on_standard_error(words: tuple[str, ...], code: int, said: str, run: Run) -> None:
    done = run(*words)
    assert (done.code, done.out) == (code, "")
    assert said.casefold() in done.err.casefold()
