from __future__ import annotations

import json
from fractions import Fraction

import pytest

from casequality.citation import Citation
from casequality.days import period
from casequality.errors import UnknownName
from casequality.goals import Assessment, Judgement, NotSupplied, SourceNote, Verdict
from tests.factories.goals import judged
from tests.factories.measurements import measured
from tests.factories.metrics import Good, events

ROWS = [*events("2010-06-15", 3), *events("2010-06-15", 1, "bad"), *events("not a day", 1)]
"""3 of 4 events were good; with the row that nobody can read it is 3 or 4 of 5."""


def judgements() -> tuple[Judgement, ...]:
    over = measured(Good, ROWS, chosen={"withdrawn": "bad"})
    return judged("at least 50 %", over, id="low"), judged("at least 90 %", over, id="high", each=("month",))


def assessment() -> Assessment:
    over = measured(Good, ROWS)
    return Assessment(
        title="Mål for god sagsbehandling",
        period=period("2010"),
        as_of="2011-01-01",
        zone="Europe/Copenhagen",
        judgements=judgements(),
        not_supplied=(NotSupplied(who="Socialudvalget", what="bilag 4", basis=Citation(title="2010-24342")),),
        measurements={"low": over},
        sources={"events": SourceNote.of("events", "events", over.tally.accounts)},
        plugins={"casequality-example": "1.0"},
        notes=("a note",),
    )


def test_an_assessment_is_its_judgements_by_goal() -> None:
    found = assessment()
    assert (len(found), [each.goal.id for each in found]) == (2, ["low", "high"])
    assert found["low"].verdict is Verdict.MET
    with pytest.raises(UnknownName, match="No goal of the assessment has this id") as caught:
        found["middle"]
    assert (caught.value.got, caught.value.allowed) == ("middle", ("low", "high"))


def test_verdicts_are_counted_with_the_goals_that_the_source_leaves_out() -> None:
    assert assessment().counts == {Verdict.MET: 1, Verdict.MISSED: 1, Verdict.NOT_IN_THE_SOURCE: 1}


def test_a_source_keeps_its_accounts() -> None:
    note = assessment().sources["events"]
    assert (note.name, note.records, note.read, note.set_aside) == ("events", "events", 5, 1)
    assert note.findings == {"on: unreadable value": 1}


def test_an_assessment_is_plain_data() -> None:
    plain = json.loads(json.dumps(assessment().to_dict()))
    assert (plain["title"], plain["period"], plain["as_of"]) == ("Mål for god sagsbehandling", "2010", "2011-01-01")
    low, high = plain["goals"]
    assert (low["goal"], low["metric"], low["source"], low["verdict"]) == ("low", "events.good", "events", "met")
    assert (low["value"], low["exact"]["value"], low["numerator"], low["denominator"]) == (75.0, "75", 3, 4)
    assert (low["low"], low["exact"]["low"], low["target"], low["unit"]) == (60.0, "60", "at least 50 %", "share")
    assert low["readings"] == {"withdrawn": "bad", "cohort": "received"}
    assert low["assumed_readings"] == ["cohort"]
    assert low["reasons"][0]["code"] == "stands"
    assert (low["bounds"], low["doubt"]) == ("exact", {"set aside": 1})
    assert low["outcomes"] == {"good": 3, "withdrawn": 0, "waiting": 0, "bad": 1}
    assert [part["period"] for part in high["parts"]] == [f"2010-{month:02}" for month in range(1, 13)]
    january = high["parts"][0]
    assert (january["verdict"], january["value"], january["bounds"]) == ("undecided", None, "exact")
    assert january["reasons"][0]["en"] == ("No record is known to belong to January 2010; records in doubt that may: 1")
    [missing] = plain["not_supplied"]
    assert (missing["who"], missing["what"], missing["verdict"]) == ("Socialudvalget", "bilag 4", "not in the source")
    assert missing["reasons"][0]["en"] == "The source names bilag 4 and leaves out what it says"
    assert missing["reasons"][0]["da"] == "Kilden nævner bilag 4, men gengiver dem ikke"
    assert missing["basis"] == {"title": "2010-24342", "certain": True}
    assert plain["sources"]["events"]["set_aside"] == 1
    assert plain["measurements"]["low"]["metric"] == "events.good"
    assert (plain["plugins"], plain["notes"]) == ({"casequality-example": "1.0"}, ["a note"])


def test_an_exact_figure_survives_as_text() -> None:
    over = measured(Good, [*events("2010-06-15", 1), *events("2010-06-15", 2, "bad")])
    plain = judged("at least 50 %", over).to_dict()
    assert Fraction(plain["exact"]["value"]) == Fraction(100, 3)
    assert Fraction(plain["exact"]["margin"]) == Fraction(100, 3) - 50


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        ("between 60 and 80 %", Verdict.MET),  # the row in doubt makes it 60 to 80 %: both ends meet it
        ("between 61 and 80 %", Verdict.UNDECIDED),
        ("between 60 and 79 %", Verdict.UNDECIDED),
        ("between 81 and 90 %", Verdict.MISSED),
        ("between 10 and 59 %", Verdict.MISSED),
    ],
)
def test_a_figure_is_judged_between_two_numbers_with_its_doubt(target: str, verdict: Verdict) -> None:
    found = judged(target, measured(Good, ROWS), id="middle")
    assert found.verdict is verdict
