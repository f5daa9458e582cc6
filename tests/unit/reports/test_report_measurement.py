from __future__ import annotations

import csv
import io

import attrs

from casequality.reports import measurement_table
from casequality.reports.wording.words import Phrase
from casequality.showing import NBSP
from tests.factories.assessments import HOSTILE, AnsweredShare, ClosedInTime, MeanWait, calls, cases, half_year
from tests.unit.reports.html_facts import parse


def test_a_row_says_period_value_numerator_denominator_and_every_outcome() -> None:
    table = measurement_table(half_year(AnsweredShare, calls(), by=("month",)), "en")
    assert tuple(map(str, table.headers)) == (
        "Period", "Value", "Numerator", "Denominator", "answered", "abandoned early", "abandoned",
    )  # fmt: skip
    assert list(table.to_dict()["rows"][5]) == ["June 2010", f"75.0{NBSP}%", "9", "12", "9", "1", "2"]


def test_a_mean_is_shown_as_a_sum_in_its_unit_over_a_count() -> None:
    table = measurement_table(half_year(MeanWait, calls(), by=("month",)), "da")
    june = table.to_dict()["rows"][5]
    waits = [20 + number + 0.5 for number in range(9)]
    assert june[:4] == [
        "juni 2010",
        f"24,5{NBSP}sekunder",
        f"{sum(waits):.1f}".replace(".", ",") + f"{NBSP}sekunder",
        "9",
    ]


def test_the_notes_say_reading_calendar_as_of_and_where_every_row_went() -> None:
    notes = measurement_table(half_year(ClosedInTime, cases(), by=("quarter",)), "da").notes
    assert "Opgjort pr.: 1. august 2010 (Europe/Copenhagen)" in notes
    assert any(note.startswith("Arbejdsdage: ") for note in notes)
    assert any("læst 122 = i perioderne 120 + " in note and note.endswith("lagt til side 2") for note in notes)
    assert "Fund: closed_on, afsluttet før den begyndte: 1" in notes
    read = measurement_table(half_year(AnsweredShare, calls(), chosen={"short_abandons": "left_out"}), "en").notes
    assert read[0] == (
        "Reading: short_abandons = left_out (not the literal reading, which is counted): "
        "a caller who hangs up at once is not counted"
    )


def test_a_reading_that_nobody_chose_says_so() -> None:
    assert "nobody chose" in measurement_table(half_year(AnsweredShare, calls()), "en").notes[0]


def test_other_readings_stand_beside_with_their_values() -> None:
    beside = half_year(AnsweredShare, calls(), by=("month",), chosen={"short_abandons": "left_out"})
    table = measurement_table(half_year(AnsweredShare, calls(), by=("month",)), "en", beside=[beside])
    assert str(table.headers[2]) == "Value, short_abandons = left_out"
    assert [row[1:3] for row in table.to_dict()["rows"]] == [[f"75.0{NBSP}%", f"81.8{NBSP}%"]] * 6


def test_a_period_that_has_not_ended_is_marked() -> None:
    table = measurement_table(half_year(ClosedInTime, cases(), as_of="2010-05-20"), "da")
    assert table.to_dict()["rows"][0][0] == "1. halvår 2010 (ikke afsluttet)"


def test_no_figure_is_a_reason_and_not_a_number() -> None:
    table = measurement_table(half_year(AnsweredShare, calls(), periods=("2011",)), "da")
    assert table.to_dict()["rows"][0][1] == "ingen data"


def test_a_hostile_label_is_text_everywhere() -> None:
    table = measurement_table(half_year(AnsweredShare, calls(HOSTILE), by=("queue",)), "da")
    facts = parse(table.html())
    assert facts.scripts == 0
    assert HOSTILE in facts.text
    row = list(csv.reader(io.StringIO(table.csv()), delimiter=";"))[1]
    assert row[1] == "'" + HOSTILE


def test_an_outcome_that_only_its_metric_knows_is_marked_as_english() -> None:
    html = measurement_table(half_year(AnsweredShare, calls()), "da").html()
    assert '<th scope="col" class="number" lang="en">abandoned early</th>' in html
    assert '<th scope="col" class="number">besvaret</th>' in html


def test_a_metric_can_bring_its_own_words() -> None:
    @attrs.frozen
    class Worded(AnsweredShare):
        words = {"abandoned_early": {"en": "hung up at once", "da": "lagt på med det samme"}}

    headers = measurement_table(half_year(Worded, calls()), "da").headers
    assert Phrase("lagt på med det samme", "da") in headers
