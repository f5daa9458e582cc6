"""A Danish ledger reads Danish: no English text of the catalogue or of a calendar stands in it."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import pytest

from casequality.citation import Citation
from casequality.days import calendar
from casequality.deadlines import Deadline, Words, parse_deadlines, shipped, templates
from casequality.errors import CaseQualityError

CALENDARS = ("dk-statutory", "dk-administrative", "dk-bank")
RECEIVED = [dt.date(2010, 4, 21), dt.date(2015, 4, 21), dt.date(2024, 4, 24)]


def english(plain: Any) -> Iterator[str]:
    """Yield the English of everything under `source` that is said in two languages."""
    if isinstance(plain, dict):
        for value in plain.values():
            yield from english(value)
        if isinstance(plain.get("source"), dict):
            yield from (text["en"] for text in plain["source"].values() if isinstance(text, dict))
    elif isinstance(plain, list):
        for value in plain:
            yield from english(value)


def tables(folder: Traversable) -> Iterator[Any]:
    for file in folder.iterdir():
        if file.is_dir():
            yield from tables(file)
        else:
            yield tomllib.loads(file.read_text(encoding="utf-8"))


SENTENCES = {text for table in tables(files("casequality.deadlines").joinpath("catalogue")) for text in english(table)}
OF_CALENDARS = {
    text.en
    for name in CALENDARS
    for text in (calendar(name).source.title, calendar(name).source.question)
    if isinstance(text, Words)
}


def test_there_is_english_to_look_for() -> None:
    assert len(SENTENCES) > 25
    assert len(OF_CALENDARS) == 5


@pytest.mark.parametrize("on", CALENDARS)
@pytest.mark.parametrize("rule", shipped(), ids=lambda rule: rule.id)
def test_a_danish_ledger_holds_no_english_of_its_sources(rule: Deadline, on: str) -> None:
    table = rule.table()
    for received in RECEIVED:
        if table.at(received) is None:
            continue
        ledger = rule.explain(received, calendar=on, lang="da")
        html = ledger.to_html().replace("&#x27;", "'")
        for text in SENTENCES | OF_CALENDARS:
            assert text not in str(ledger)
            assert text not in html
        questions = [cited.question for cited in ledger.sources.values() if cited.question]
        assert all(isinstance(question, Words) and question.da in str(ledger) for question in questions)


def cited() -> Iterator[Citation]:
    yield from (held.citation for rule in shipped() for held in rule.terms if held.citation)
    yield from (shape.source for shape in templates())
    yield from (calendar(name).source for name in CALENDARS)


def test_every_question_is_asked_in_both_languages() -> None:
    for source in cited():
        texts = (source.title, source.document, source.section, source.question)
        assert source.question is None or isinstance(source.question, Words)
        for text in texts:
            assert not isinstance(text, Words) or text.en != text.da


def test_what_is_said_once_is_a_name() -> None:
    """English gives itself away by its small words, which no name of a Danish Act has."""
    for source in cited():
        for text in (source.title, source.document, source.section):
            if isinstance(text, str):
                assert not {"the", "of", "and", "by", "as", "on", "section", "article"} & set(text.lower().split())


TABLE = """
[deadlines.parking]
title    = { en = "Parking", da = "Parkering" }
calendar = "dk-statutory"
kind     = "reply"
terms    = "10 working days"
source   = { title = %s, certain = false, question = { en = "which days?", da = "hvilke dage?" } }
"""


def test_a_file_of_deadlines_may_say_its_source_in_both_languages() -> None:
    table = TABLE % '{ en = "Local decision", da = "Lokal beslutning" }'
    [rule] = parse_deadlines(tomllib.loads(table), "project.toml")
    assert isinstance(rule, Deadline)
    ledger = rule.explain(RECEIVED[0], lang="da")
    assert "Regel: Lokal beslutning (usikkert: hvilke dage?)" in str(ledger)
    assert "Rule: Local decision (uncertain: which days?)" in str(rule.explain(RECEIVED[0]))
    assert ledger.to_dict()["sources"]["rule"]["title"] == {"en": "Local decision", "da": "Lokal beslutning"}


def test_a_source_with_one_language_missing_is_named_with_the_way_out() -> None:
    with pytest.raises(CaseQualityError, match="A text is needed in both languages") as caught:
        parse_deadlines(tomllib.loads(TABLE % '{ en = "Local decision" }'), "project.toml")
    assert caught.value.where == "project.toml, parking, source, title"
    assert (caught.value.got, caught.value.remedy) == ("en", 'write { en = "...", da = "..." }')
