"""The message table: complete, in both languages, with the same blanks, and every entry used."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import casequality.reports
from casequality.errors import Words
from casequality.evidence import MARKS
from casequality.goals import TONES, Verdict
from casequality.reports.assessment import COLOURS
from casequality.reports.wording import vocabulary
from casequality.reports.wording import vocabulary as verdicts
from casequality.reports.wording.tables import SYMBOLS
from casequality.reports.wording.words import MESSAGES, said, say

FOLDER = Path(casequality.reports.__file__).parent
TABLES = {
    name: table
    for module in (vocabulary, verdicts)
    for name, table in vars(module).items()
    if isinstance(table, dict) and any(isinstance(word, Words) for word in table.values())
}


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_a_message_is_there_in_both_languages_with_the_same_blanks() -> None:
    assert not {key for key, words in MESSAGES.items() if not (words.en.strip() and words.da.strip())}
    assert not {key for key, words in MESSAGES.items() if blanks(words.en) != blanks(words.da)}


@pytest.mark.parametrize("lang", ["en", "da"])
def test_no_message_leaves_a_blank_open(lang: str) -> None:
    for key, words in MESSAGES.items():
        assert not set(say(key, lang, **dict.fromkeys(blanks(words.en), "X"))) & set("{}")


def test_every_message_that_is_said_is_in_the_table() -> None:
    sources = [path.read_text(encoding="utf-8") for path in FOLDER.rglob("*") if path.suffix in (".py", ".j2")]
    used = {key for text in sources for key in re.findall(r"""\b(?:say|t)\(["']([^"'{]+)["']""", text)}
    assert len(used) > 20
    assert used <= set(MESSAGES)


def test_every_message_of_the_table_is_said_somewhere() -> None:
    sources = [path.read_text(encoding="utf-8") for path in FOLDER.rglob("*") if path.suffix in (".py", ".j2")]
    sources += [(FOLDER.parent / "cli" / name).read_text(encoding="utf-8") for name in ("words.py", "goals.py")]
    sources += [path.read_text(encoding="utf-8") for path in (FOLDER.parent / "evidence" / "scrutiny").glob("*.py")]
    sources += [path.read_text(encoding="utf-8") for path in (FOLDER.parent / "desk" / "judging").glob("*.py")]
    text = "".join(text for text in sources if "MESSAGES: Final" not in text)
    made_up = {"short quarter", "short half-year"}  # f"short {period.kind}"
    made_up |= {f"due with the {grain}" for grain in ("month", "quarter", "half-year", "year")}
    made_up |= {f"tone {tone}" for tone in TONES} | {"no comment", "no action"}
    made_up |= {f"means {term}" for term in ("numerator", "margin", "how sure", "reading", "as of", "set aside")}
    accounts = {"read", "in the periods", "outside the periods", "undated", "not yet begun", "elsewhere", "set aside"}
    unsaid = {key for key in MESSAGES if f'"{key}"' not in text and f"'{key}'" not in text}
    assert unsaid <= made_up | accounts


def test_danish_is_not_english() -> None:
    alike = {key for key, words in MESSAGES.items() if words.en == words.da and re.search(r"[a-z]{3}", words.en)}
    assert alike == set()


@pytest.mark.parametrize("table", TABLES)
def test_every_word_of_the_vocabulary_is_there_in_both_languages(table: str) -> None:
    for words in TABLES[table].values():
        assert words.en.strip()
        assert words.da.strip()


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_meaning_in_both_languages(verdict: Verdict) -> None:
    assert verdict.meaning.en.endswith(".")
    assert verdict.meaning.da.endswith(".")


def test_every_tone_of_a_verdict_has_shapes_and_colours_of_its_own() -> None:
    assert {verdict.tone for verdict in Verdict} == set(TONES)
    for table in (SYMBOLS, COLOURS, {tone: MARKS[tone] for tone in TONES}):
        assert set(table) == set(TONES)
        assert len(set(table.values())) == len(TONES)
    assert set(MARKS) == {*TONES, ""}
    style, macros = ((FOLDER / "templates" / name).read_text("utf-8") for name in ("style.css", "macros.html.j2"))
    assert all(f".{tone}{{" in style for tone in TONES)
    assert all(f'  "{tone}": \'<' in macros for tone in TONES)


def test_a_text_that_is_only_there_in_english_says_so() -> None:
    assert said({"en": "calls", "da": "opkald"}, "da").lang == "da"
    assert said({"en": "calls"}, "da").lang == "en"
    assert said("calls", "da").lang == "en"
    assert said(Words("calls", "opkald"), "da").text == "opkald"
