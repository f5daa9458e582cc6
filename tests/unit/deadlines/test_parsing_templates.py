"""Deadlines that the law leaves to the municipality: what the law says is shipped, the term is local."""

from __future__ import annotations

import datetime as dt
import tomllib

import numpy as np
import pytest

from casequality.citation import Citation, Dated
from casequality.deadlines import (
    Deadline,
    DelayNotice,
    Schedule,
    Template,
    Term,
    deadline,
    parse_deadlines,
    shipped,
    template,
    templates,
)
from casequality.errors import CaseQualityError, UnknownName, UsageError

LOCAL = """
[deadlines.help]
like   = "social/decide"
source = "invented list"
[deadlines.help.by_kind]
housing = "8 weeks"
aids    = [{ until = 2009-12-31, term = "6 weeks" }, { since = 2010-01-01, term = "20 working days" }]

[deadlines."local/remitted"]
like   = "social/decide-remitted"
title  = { en = "Sent back", da = "Hjemvist" }
terms  = "4 weeks"
"""


def local(text: str) -> tuple[Deadline | Schedule, ...]:
    return parse_deadlines(tomllib.loads(text), "local.toml")


def test_a_project_sets_its_terms_and_keeps_what_the_law_says() -> None:
    given, sent_back = local(LOCAL)
    assert isinstance(given, Schedule)
    assert isinstance(sent_back, Deadline)
    aids = given.deadline("aids")
    assert aids.due(dt.date(2009, 12, 31)) == dt.date(2010, 2, 11)
    assert aids.due(dt.date(2010, 1, 4)) == dt.date(2010, 2, 1)
    assert aids.in_force_on(dt.date(2010, 1, 4)).citation == Citation(title="invented list")
    assert aids.starts["en"] == "the application is received, not the day on which the case is fully informed"
    assert aids.excluded["en"] == "cases that the municipality raises itself"
    assert aids.duty.kept_by == ("decision",)
    assert aids.duty.delay_notice == DelayNotice(says=("expected date",), written=True, before_expiry=True)
    assert aids.duty.law == template("social/decide").source
    assert aids.to_dict()["duty"]["law"]["section"] == "§ 3, stk. 2"
    assert sent_back.title["en"] == "Sent back"
    assert sent_back.starts["en"] == "the appeals board's decision is received by the municipality"
    assert sent_back.duty.delay_notice is None
    assert sent_back.due(dt.date(2019, 3, 1)) == dt.date(2019, 3, 29)
    codes = given.due(np.array(["2010-01-04"], "datetime64[D]"), ["aids"], np.array([1]))
    assert codes.tolist() == [dt.date(2010, 2, 1)]


def test_python_sets_a_term_too() -> None:
    cited = Dated.always(Term.parse("8 weeks"), Citation(title="invented list"))
    mine = template("social/decide").deadline("local/housing", cited, calendar="dk-administrative")
    assert (mine.id, mine.kind, mine.calendar) == ("local/housing", "decide", "dk-administrative")
    assert mine.terms == cited
    by_kind = template("social/decide").schedule("local/help", {"housing": "8 weeks"})
    assert by_kind.deadline("housing").breach == mine.breach


def test_a_template_is_no_deadline_and_says_how_to_make_one() -> None:
    assert not {each.id for each in templates()} & {rule.id for rule in shipped()}
    with pytest.raises(UsageError) as refused:
        deadline("social/decide")
    assert str(refused.value) == (
        "The municipality sets the term of this deadline\n"
        "  got:     social/decide\n"
        "  remedy:  say the local term: casequality.deadlines.template('social/decide')"
        ".deadline('local/...', '8 weeks'), or like = \"social/decide\" in a project file"
    )
    mine = deadline("copenhagen/reply-guarantee")
    assert deadline("social/decide", {"social/decide": mine}) is mine


def test_an_unknown_template_names_those_it_resembles() -> None:
    with pytest.raises(UnknownName) as refused:
        template("social/decides")
    assert refused.value.remedy == "did you mean social/decide or social/decide-remitted?"
    with pytest.raises(UnknownName) as refused:
        local('[deadlines.mine]\nlike = "copenhagen/reply-guarantee"\nterms = "4 weeks"')
    assert (refused.value.what, refused.value.where) == ("Unknown template", "local.toml, mine")


def test_a_local_deadline_still_needs_its_term() -> None:
    with pytest.raises(CaseQualityError, match="add `terms`"):
        local('[deadlines.mine]\nlike = "social/decide"')


@pytest.mark.parametrize("shape", templates(), ids=[shape.id for shape in templates()])
def test_each_template_says_who_sets_the_term_and_by_which_law(shape: Template) -> None:
    plain = shape.to_dict()
    assert plain["set_by"]["da"].startswith("kommunen")
    assert plain["source"]["title"] == "Retssikkerhedsloven"
    assert plain["source"]["checked_on"] == "2026-11-21"
    assert not shape.source.certain
    assert shape.source.question


def test_the_two_rules_of_the_social_area_and_from_when() -> None:
    since = {shape.id: (shape.source.section, str(shape.since)) for shape in templates()}
    assert since == {
        "social/decide": ("§ 3, stk. 2", "1998-07-01"),
        "social/decide-remitted": ("§ 3 a", "2018-07-01"),
    }
