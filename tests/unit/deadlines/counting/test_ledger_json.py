"""The forms of a ledger for keeping and for reading: plain data by its published schema, and a page."""

from __future__ import annotations

import hashlib
import json
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest

from casequality.deadlines import Deadline, Words, deadline
from casequality.deadlines.counting.ledger import SCHEMA
from tests.factories.ledgers import KINDS, Plain, day

PUBLISHED: Plain = json.loads(files("casequality.deadlines").joinpath("ledger.schema.json").read_text("utf-8"))
TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", type(None): "null"}


def parts(schema: Plain) -> list[Plain]:
    """Return the schema, or those of which one must fit, with what they refer to."""
    if "$ref" in schema:
        return parts(PUBLISHED["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    return [part for one in schema["anyOf"] for part in parts(one)] if "anyOf" in schema else [schema]


def differs(value: Any, schema: Plain, where: str = "") -> list[str]:
    """Return where the keys and types of plain data are not just those that the schema names."""
    kind = TYPES[type(value)]
    fitting = [part for part in parts(schema) if "type" not in part or kind in part["type"]]
    if not fitting:
        return [f"{where}: {kind}"]
    part, found = fitting[0], []
    if isinstance(value, list) and "items" in part:
        found = [fault for item in value for fault in differs(item, part["items"], f"{where}[]")]
    if isinstance(value, dict):
        known, rest = part.get("properties", {}), part.get("additionalProperties", True)
        found = [f"{where}.{key} is missing" for key in part.get("required", ()) if key not in value]
        found += [f"{where}.{key} is not in the schema" for key in value if key not in known and rest is False]
        held = {key: known.get(key, rest) for key in value}
        for key, one in held.items():
            found += differs(value[key], one, f"{where}.{key}") if isinstance(one, dict) else []
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_names_all_that_a_ledger_says(kind: str) -> None:
    plain = KINDS[kind]().to_dict()
    assert differs(plain, PUBLISHED) == []
    assert list(plain) == list(PUBLISHED["properties"])
    assert plain["schema"] == SCHEMA == PUBLISHED["properties"]["schema"]["const"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_ledger_is_valid_by_its_schema(kind: str) -> None:
    validator = pytest.importorskip("jsonschema", reason="jsonschema is not installed").Draft202012Validator
    validator.check_schema(PUBLISHED)
    plain = KINDS[kind]().to_dict()
    assert [fault.message for fault in validator(PUBLISHED).iter_errors(plain)] == []
    for key, wrong in (("due", "7 May"), ("rows", []), ("lang", "sv"), ("more", 1), ("digest", "0")):
        assert not validator(PUBLISHED).is_valid({**plain, key: wrong})


def test_the_plain_data_is_what_the_day_by_day_count_says() -> None:
    plain = deadline("copenhagen/reply-guarantee").explain(day("2010-04-22")).to_dict()
    assert (plain["received"], plain["due"]) == ("2010-04-22", "2010-05-07")
    assert plain["calendar"] == {
        "name": "dk-statutory",
        "week": "1111100",
        "closed": [{"date": "2010-04-30", "reason": "Great Prayer Day"}],
        "source": "calendar",
    }
    assert plain["rows"][8] == {
        "date": "2010-04-30",
        "weekday": "Friday",
        "phase": "term",
        "counted": False,
        "count": 5,
        "reason": "Great Prayer Day",
        "source": "calendar",
    }
    assert (plain["arrival_calendar"], plain["office"], plain["pauses"], plain["extension"]) == (None, [], [], None)


def test_the_digest_is_that_of_the_canonical_rest() -> None:
    plain = KINDS["in Danish"]().to_dict()
    digest = plain.pop("digest")
    canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    assert digest == hashlib.sha256(canonical).hexdigest()
    assert "måned" not in plain["rows"][1]["reason"]
    assert plain["answer"]["da"].encode("utf-8") in canonical


def test_json_is_the_plain_data_with_danish_letters_as_they_are() -> None:
    ledger = KINDS["letter"]()
    assert json.loads(ledger.to_json()) == ledger.to_dict()
    assert "påskedag" in deadline("personal-data/answer").explain(day("2024-02-29"), lang="da").to_json()


def test_pauses_and_the_notice_are_written_out() -> None:
    plain = KINDS["extended"]().to_dict()
    assert plain["pauses"] == [
        {"since": "2010-04-26", "until": "2010-05-04", "reason": "citizen", "allowed": True, "source": "rule"},
        {"since": "2010-05-04", "until": None, "reason": "illness", "allowed": False, "source": None},
    ]
    longer = {"amount": 20, "unit": "working days", "roll": "none"}
    assert plain["extension"] == {"sent_on": "2010-05-12", "valid": True, "term": longer, "reason": "a large case"}
    assert plain["term"] == longer
    assert plain["answer"]["en"].endswith(
        "20 working days, the day of receipt not counted,"
        " paused for 4 days between Monday 26 April 2010 and Tuesday 4 May 2010,"
        " not paused since Tuesday 4 May 2010, extended by the notice sent Wednesday 12 May 2010."
    )
    assert plain["answer"]["da"].endswith(
        "20 arbejdsdage, modtagelsesdagen ikke medregnet,"
        " sat i bero i 4 dage mellem mandag den 26. april 2010 og tirsdag den 4. maj 2010,"
        " ikke sat i bero siden tirsdag den 4. maj 2010, forlænget ved underretning afsendt onsdag den 12. maj 2010."
    )


@pytest.mark.parametrize(
    ("kind", "english", "danish"),
    [
        ("too late", "not extended by the notice sent", "ikke forlænget ved underretning afsendt"),
        ("no longer term", "the source states no longer term for", "kilden angiver ingen længere frist for"),
        ("another calendar", "by the calendar dk-bank.", "efter kalenderen dk-bank."),
    ],
)
def test_the_answer_says_what_is_out_of_the_ordinary(kind: str, english: str, danish: str) -> None:
    answer = KINDS[kind]().answer
    assert english in answer.en
    assert danish in answer.da


def test_the_hours_of_the_office_are_listed_until_it_opens() -> None:
    assert KINDS["evening"]().to_dict()["office"] == [
        {"date": "2010-04-29", "hours": "08:30-12:00, 12:30-17:00"},
        {"date": "2010-04-30", "hours": "closed"},
        {"date": "2010-05-01", "hours": "closed"},
        {"date": "2010-05-02", "hours": "closed"},
        {"date": "2010-05-03", "hours": "10:00-12:00"},
    ]


class Page(HTMLParser):
    """Collects the tags, attributes and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_shows_every_row_and_needs_nothing_from_elsewhere(kind: str) -> None:
    ledger = KINDS[kind]()
    page = Page(ledger.to_html())
    assert page.tags.count("tr") == len(ledger.rows) + 1
    assert set(page.texts) >= {str(row.date) for row in ledger.rows} | {row.reason for row in ledger.rows}
    assert ledger.answer[ledger.lang] in page.texts
    assert ("lang", ledger.lang) in page.attributes
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not {"src", "href", "style"} & {name for name, _ in page.attributes}
    assert "http" not in ledger.to_html()


def test_a_page_escapes_what_it_is_given() -> None:
    title = {"en": "<b>&", "da": "<b>&"}
    rule = Deadline(id="<script>", title=title, kind="decide", terms="1 week", calendar="dk-statutory")
    html = rule.explain(day("2010-04-22")).to_html()
    assert "<h1>&lt;b&gt;&amp; (&lt;script&gt;)</h1>" in html
    assert "<script>" not in html


@pytest.mark.parametrize(("lang", "mark"), [("en", "(uncertain: "), ("da", "(usikkert: ")])
def test_what_is_uncertain_is_marked_in_text_and_page(lang: str, mark: str) -> None:
    ledger = deadline("copenhagen/reply-guarantee").explain(day("2010-04-22"), lang=lang)
    question = ledger.sources["rule"].question
    assert isinstance(question, Words)
    assert f"{mark}{question[lang]})" in str(ledger)
    assert any(f"{mark}{question[lang]})" in text for text in Page(ledger.to_html()).texts)
