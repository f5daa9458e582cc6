"""Deadlines written in TOML: what is said is read, what is not understood is refused at its place."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from casequality.citation import Citation
from casequality.days import OpeningHours, calendar
from casequality.deadlines import (
    Deadline,
    DelayNotice,
    Duty,
    Schedule,
    Term,
    Words,
    deadline,
    load_deadlines,
    parse_deadlines,
)
from casequality.deadlines.counting.pauses import PauseRule
from casequality.errors import CaseQualityError, InputError, SeveralErrors, UnknownName

PROJECT = """
[deadlines.benefits]
title    = { en = "Benefits", da = "Ydelser" }
calendar = "dk-statutory"
source   = "benefits office, list of 2009"
[deadlines.benefits.by_kind]
child_allowance = "4 weeks"
housing_benefit = [
    { since = 2009-01-01, term = "8 weeks" },
    { since = 2010-03-01, until = 2013-02-28, term = "6 weeks", source = { title = "BR", adopted = 2010-02-02 } },
]

[deadlines."desk/answer"]
title     = { en = "Answer", da = "Svar" }
kind      = "acknowledge"
calendar  = "town hall"
terms     = "3 working days"
opening   = { opens = 08:30:00, closes = 17:00:00, zone = "Europe/Copenhagen" }
extension = { term = "10 working days", condition = { en = "illness", da = "sygdom" } }

[deadlines."desk/appeal"]
title    = { en = "Appeal", da = "Klage" }
kind     = "appeal"
calendar = "dk-statutory"
after    = "desk/letter"
terms    = "4 weeks, roll forward"

[deadlines."desk/letter"]
title    = { en = "Letter", da = "Brev" }
kind     = "arrival"
calendar = "dk-statutory"
terms    = "6 working days"
"""


def one(text: str) -> Deadline:
    """Read one deadline that has all it needs, with `text` added."""
    lines = 'title = { en = "A", da = "B" }\nkind = "decide"\ncalendar = "dk-statutory"\n' + text
    (found,) = parse_deadlines(tomllib.loads(f"[deadlines.mine]\n{lines}"), "local.toml")
    assert isinstance(found, Deadline)
    return found


def fault(text: str) -> CaseQualityError:
    with pytest.raises(CaseQualityError) as refused:
        one(text)
    assert (refused.value.where or "").startswith("local.toml, mine")
    return refused.value


def test_a_project_says_its_deadlines_and_schedules() -> None:
    town_hall = calendar("dk-statutory").without(["2010-12-31"], name="town hall", source="local decision")
    found = parse_deadlines(tomllib.loads(PROJECT), "casequality.toml", calendars={"town hall": town_hall})
    assert [rule.id for rule in found] == ["benefits", "desk/answer", "desk/appeal", "desk/letter"]
    benefits, answer, appeal, letter = found
    assert isinstance(benefits, Schedule)
    listed = benefits.by_kind["housing_benefit"].entries
    assert [(entry.since, entry.value) for entry in listed] == [
        (dt.date(2009, 1, 1), Term(8, "weeks")),
        (dt.date(2010, 3, 1), Term(6, "weeks")),
        (dt.date(2013, 3, 1), None),
    ]
    assert listed[0].citation == Citation(title="benefits office, list of 2009")
    assert listed[1].citation == Citation(title="BR", adopted=dt.date(2010, 2, 2))
    assert isinstance(answer, Deadline)
    assert answer.opening is not None
    assert answer.opening.hours == OpeningHours.parse("08:30-17:00", zone="Europe/Copenhagen", calendar=town_hall)
    assert answer.calendar is town_hall
    assert answer.extension is not None
    assert answer.extension.term == Term(10, "working days")
    assert answer.extension.condition == Words("illness", "sygdom")
    assert isinstance(appeal, Deadline)
    assert appeal.after == letter


def test_an_earlier_period_may_be_one_that_the_caller_knows() -> None:
    text = 'after = "appeals/letter-arrival"\nterms = "4 weeks"'
    plain = tomllib.loads(
        f'[deadlines.mine]\ntitle = {{ en = "A", da = "B" }}\nkind = "appeal"\ncalendar = "dk-bank"\n{text}'
    )
    known = {"appeals/letter-arrival": deadline("appeals/letter-arrival")}
    (mine,) = parse_deadlines(plain, "local.toml", known=known)
    assert isinstance(mine, Deadline)
    assert mine.due(dt.date(2018, 7, 2)) == dt.date(2018, 8, 7)
    refused = fault('after = "appeals/leter"\nterms = "4 weeks"')
    assert isinstance(refused, UnknownName)


def test_a_deadline_says_its_duty_its_pauses_and_what_pending_cases_pass_to() -> None:
    text = """
    [deadlines."a/old"]
    title = { en = "A", da = "B" }
    kind = "decide"
    calendar = "dk-statutory"
    terms = "4 weeks"
    duty = { kept_by = ["decision"], delay_notice = { says = ["reason"] } }
    pauses = [
        { reason = "awaiting the citizen", title = { en = "Awaiting", da = "Afventer" }, source = "local list" },
        { reason = "hearing", title = { en = "Hearing", da = "Partshøring" } },
    ]
    passes_to = "b/new"
    undecided_on = 2014-01-01
    [deadlines."b/new"]
    title = { en = "A", da = "B" }
    kind = "decide"
    calendar = "dk-statutory"
    terms = "3 weeks"
    """
    old, new = parse_deadlines(tomllib.loads(text), "local.toml")
    assert isinstance(old, Deadline)
    assert (old.passes_to, old.undecided_on) == (new, dt.date(2014, 1, 1))
    assert old.duty == Duty(kept_by=("decision",), delay_notice=DelayNotice(says=("reason",)))
    assert old.pauses == (
        PauseRule("awaiting the citizen", Words("Awaiting", "Afventer"), Citation(title="local list")),
        PauseRule("hearing", Words("Hearing", "Partshøring")),
    )


def test_terms_that_follow_each_other_leave_no_gap_and_those_that_do_not_leave_one() -> None:
    terms = 'terms = [{ until = 2009-12-31, term = "8 weeks" }, { since = 2010-01-01, term = "4 weeks" }]'
    assert [entry.value for entry in one(terms).terms] == [Term(8, "weeks"), Term(4, "weeks")]
    terms = 'terms = [{ until = 2009-12-30, term = "8 weeks" }, { since = 2010-01-01, term = "4 weeks" }]'
    assert [entry.value for entry in one(terms).terms] == [Term(8, "weeks"), None, Term(4, "weeks")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('terms = "10 days"', "bare days"),
        ('terms = "4 weeks, roll sideways"', "Unknown roll rule"),
        ("terms = 10", "cannot be read"),
        ('terms = "4 weeks"\nbreech = 1', "did you mean breach?"),
        ('terms = "4 weeks"\nbreach = "notice"', "both languages"),
        ('terms = [{ since = "2010-01-01", term = "4 weeks" }]', "write since = 2009-01-01, without quotes"),
        ("terms = [{ since = 2010-01-01 }]", "add `term`"),
        ('terms = [{ since = 2010-01-01, until = 2009-01-01, term = "4 weeks" }]', "end before they begin"),
        (
            'terms = [{ until = 2010-01-01, term = "8 weeks" }, { since = 2010-01-01, term = "4 weeks" }]',
            "let each term end before the next begins",
        ),
        ('terms = [{ term = "8 weeks" }, { term = "4 weeks" }]', "one entry a day"),
        ('terms = "4 weeks"\nsource = { titel = "x" }', "did you mean title?"),
        ('terms = "4 weeks"\nsource = { document = "x" }', "add `title`"),
        ('terms = "4 weeks"\nopening = { opens = "8:30", closes = 17:00:00, zone = "Europe/Copenhagen" }', "08:30:00"),
        ('terms = "4 weeks"\nextension = { term = "8 weeks" }', "add `condition`"),
        ("", "add `terms`"),
        ('terms = "4 weeks"\nexcluded_months = "July"', "a list of numbers"),
        ('terms = "4 weeks"\nexcluded_months = [13]', "numbers from 1 to 12"),
        ('terms = "4 weeks, without Juli"', "Unknown month in a term"),
        ('terms = "24 hours"\nextension = { term = "48 hours", condition = { en = "a", da = "b" } }', "alone"),
        ('terms = "24 hours, roll forward"', "runs on through closed days"),
        (
            'terms = [{ until = 2020-12-31, term = "24 hours" }, { since = 2021-01-01, term = "1 week" }]',
            "all its terms",
        ),
        ('terms = "4 weeks"\npasses_to = "other"\nundecided_on = 2014-01-01', "Unknown deadline"),
        ('terms = "4 weeks"\nundecided_on = "2014-01-01"', "without quotes"),
        ('terms = "4 weeks"\nundecided_on = 2014-01-01', "both `passes_to` and `undecided_on`"),
        ('terms = "4 weeks"\nduty = { kept_by = ["receipt"] }', "Unknown word in a duty"),
        ('terms = "4 weeks"\nduty = { kept = ["decision"] }', "did you mean kept_by?"),
        ('terms = "4 weeks"\nduty = { delay_notice = { written = true } }', "add `says`"),
        ('terms = "4 weeks"\nduty = "decision"', "A table is needed"),
        ('terms = "4 weeks"\npauses = { reason = "x" }', "A list of pauses is needed"),
        ('terms = "4 weeks"\npauses = [{ reason = "x" }]', "add `title`"),
        ('like = "social/decides"\nterms = "4 weeks"', "did you mean social/decide"),
    ],
)
def test_a_fault_is_named_with_its_place_and_the_way_out(text: str, said: str) -> None:
    assert said in str(fault(text))


def test_an_unknown_calendar_lists_the_known_ones() -> None:
    mine = {"title": {"en": "A", "da": "B"}, "kind": "decide", "terms": "1 week", "calendar": "dk"}
    with pytest.raises(UnknownName) as refused:
        parse_deadlines({"deadlines": {"mine": mine}}, "local.toml")
    assert refused.value.where == "local.toml, mine"
    assert "dk-statutory" in str(refused.value)


@pytest.mark.parametrize(
    "plain",
    [
        {"deadlines": []},
        {"deadlines": {"mine": "4 weeks"}},
        {"deadlines": {"mine": {"title": {}, "calendar": "dk-bank", "by_kind": 1}}},
    ],
)
def test_what_is_no_table_is_refused(plain: dict[str, object]) -> None:
    with pytest.raises(CaseQualityError, match="table is needed"):
        parse_deadlines(plain, "local.toml")


def test_all_faults_are_raised_together() -> None:
    with pytest.raises(SeveralErrors) as refused:
        parse_deadlines({"deadlines": {"first": {"title": {}}, "second": 2}}, "local.toml")
    assert [error.where for error in refused.value.errors] == ["local.toml, first", "local.toml, second"]


def test_a_file_is_read_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "local.toml"
    file.write_text(PROJECT.replace("town hall", "dk-bank"), encoding="utf-8")
    assert len(load_deadlines(file)) == 4
    file.write_text("deadlines = [", encoding="utf-8")
    with pytest.raises(InputError, match="not TOML"):
        load_deadlines(file)
    with pytest.raises(InputError, match="cannot be opened"):
        load_deadlines(tmp_path / "absent.toml")
    file.write_text("[deadline.mine]", encoding="utf-8")
    with pytest.raises(UnknownName) as refused:
        load_deadlines(file)
    assert "did you mean deadlines?" in str(refused.value)
