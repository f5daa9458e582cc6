from __future__ import annotations

import csv
import io
import json
import re
from fractions import Fraction
from typing import Any

import attrs
import pytest

from casequality.days import period
from casequality.goals import Assessment, Ruling, Verdict
from casequality.metrics.declaring.units import SECONDS, SHARE
from casequality.reports import assessment_json, assessment_table, assessment_text, measurement_json
from casequality.reports.judgements import certainty, margin, verdict_word
from casequality.reports.wording.tables import marked
from casequality.showing import NBSP, width
from tests.factories.assessments import HOSTILE, assessment


@pytest.fixture(scope="module")
def made() -> Assessment:
    return assessment()


def test_a_row_says_goal_target_value_verdict_margin_how_sure_and_what_could_flip_it(made: Assessment) -> None:
    rows = assessment_table(made, "da").to_dict()["rows"]
    # 9 calls a month and queue wait 20 to 28 s, half a second longer in June: 24 + 0.5 / 6 seconds
    assert rows[0] == [
        "Gennemsnitlig ventetid i Kontaktcentret",
        "højst 25 sekunder",
        f"24,1{NBSP}sekunder",
        "opfyldt",
        f"+0,9{NBSP}sekunder",
        "ingen tvivlsomme sager",
        "",
    ]
    undecided = rows[2]
    assert undecided[:4] == [
        "Sager afsluttet inden for fire måneder",
        f"mindst 75{NBSP}%",
        f"68,4{NBSP}%",
        "kan ikke vurderes",
    ]
    assert "41" in undecided[6]
    assert undecided[4] == f"−6,6{NBSP}procentpoint"  # noqa: RUF001


def test_how_sure_is_the_least_and_the_greatest_that_the_figure_can_become(made: Assessment) -> None:
    judged = made["naevn.fire-maaneder"]
    assert judged.low is not None
    assert judged.high is not None
    low, high = (f"{float(bound):.1f}".replace(".", ",") for bound in (judged.low, judged.high))
    sure = assessment_table(made, "da").to_dict()["rows"][2][5]
    assert sure == f"mellem {low} og {high}{NBSP}%"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (20, 20, "ingen tvivlsomme sager"),
        (19, 22, f"mellem 19,0 og 22,0{NBSP}sekunder"),
        (Fraction(1999, 100), 20, f"mellem 19,99 og 20,00{NBSP}sekunder"),
        (19, None, f"19,0{NBSP}sekunder eller mere, ingen øvre grænse"),
        (None, 22, f"22,0{NBSP}sekunder eller mindre, ingen nedre grænse"),
        (None, None, "ingen grænser"),
    ],
)
def test_how_sure_names_the_limits_that_there_are(low: Any, high: Any, text: str) -> None:
    bounds = [None if bound is None else Fraction(bound) for bound in (low, high)]
    given: Any = {"value": Fraction(20), "low": bounds[0], "high": bounds[1], "bounded": True}
    ruling = Ruling(period=period("2010-06"), verdict=Verdict.MET, **given)
    assert certainty(ruling, SECONDS, "da") == text
    assert certainty(attrs.evolve(ruling, bounded=False), SECONDS, "da") == ""


def test_a_small_margin_is_not_rounded_to_none() -> None:
    ruling = Ruling(period=period("2010-06"), verdict=Verdict.MISSED, margin=Fraction(-4, 100))
    shown = margin(ruling, SHARE, "da")
    assert shown is not None
    assert shown.text("da") == f"−0,04{NBSP}procentpoint"  # noqa: RUF001


@pytest.mark.parametrize("verdict", [Verdict.NOT_COMPARABLE, Verdict.INCOMPLETE])
def test_a_figure_that_is_not_held_against_the_target_has_no_margin(verdict: Verdict, made: Assessment) -> None:
    first, *others = made
    unjudged = attrs.evolve(made, judgements=(attrs.evolve(first, verdict=verdict), *others))
    assert assessment_table(made, "da").to_dict()["rows"][0][4] == f"+0,9{NBSP}sekunder"
    assert assessment_table(unjudged, "da").to_dict()["rows"][0][4] == ""


def test_a_goal_that_the_source_leaves_out_comes_last_and_empty(made: Assessment) -> None:
    last = assessment_table(made, "da").to_dict()["rows"][-1]
    assert last == ["Socialforvaltningen: målene i bilag 4", "", "", "gengives ikke i kilden", "", "", ""]


def test_a_goal_without_a_title_is_called_what_its_metric_is(made: Assessment) -> None:
    assert assessment_table(made, "da").to_dict()["rows"][1][0] == "Besvarede opkald"
    assert assessment_table(made, "en").to_dict()["rows"][1][0] == "Answered calls"


def test_csv_has_numbers_alone_and_no_formula(made: Assessment) -> None:
    rows = list(csv.reader(io.StringIO(assessment_table(made, "da").csv()), delimiter=";"))
    assert rows[0][2:4] == ["Værdi", "Værdi, enhed"]
    assert rows[1][2:4] == ["24,1", "sekunder"]
    assert rows[3][5:7] == ["-6,6", "procentpoint"]
    assert rows[5][0] == "'" + HOSTILE


def test_text_for_a_terminal_is_aligned_and_says_why(made: Assessment) -> None:
    text = assessment_text(made, "da")
    lines = text.splitlines()
    rule = next(line for line in lines if line.startswith("─"))
    table = lines[lines.index(rule) + 1 : lines.index("", lines.index(rule))]
    ends = [width(line) for line in table if "procentpoint" in line or "sekunder" in line]
    assert set(ends) == {width(rule)}
    assert not {"\x1b", NBSP} & set(text)
    assert "\n  Hvad kan ændre vurderingen:\n  - " in text
    assert (
        "Mål: 2 opfyldt, 1 kan ikke vurderes, 1 ikke sammenlignelig, 1 første måling, 1 gengives ikke i kilden" in text
    )
    assert max(map(width, lines)) <= 130


def test_colour_is_only_put_on_top_of_the_words(made: Assessment) -> None:
    plain, coloured = (assessment_text(made, "en", color=color) for color in (False, True))
    assert coloured != plain
    assert re.sub(r"\x1b\[\d*m", "", coloured) == plain
    assert f"\x1b[32m{marked('good', 'met')}\x1b[0m" in coloured


@pytest.mark.parametrize("lang", ["en", "da"])
@pytest.mark.parametrize("as_of", ["2010-03-10", "2010-08-01", "2011-02-01"])
def test_every_state_of_the_year_can_be_shown(lang: str, as_of: str) -> None:
    made = assessment(as_of)
    text = assessment_text(made, lang)
    for judgement in made:
        assert marked(judgement.verdict.tone, verdict_word(judgement, lang, judgement.goal.grain)) in text


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2010-08-01", "Opgjort pr.: 1. august 2010 (Europe/Copenhagen)"),
        ("2010-07-31T22:00:00.000000", "Opgjort pr.: 1. august 2010 (Europe/Copenhagen)"),
        ("2010-08-01T09:30:00+02:00", "Opgjort pr.: 1. august 2010 kl. 09.30 (Europe/Copenhagen)"),
    ],
)
def test_the_as_of_is_said_as_it_was_given(made: Assessment, as_of: str, said: str) -> None:
    assert assessment_table(attrs.evolve(made, as_of=as_of), "da").notes[0] == said


def test_plain_data_names_its_form_and_keeps_exact_numbers(made: Assessment) -> None:
    plain = json.loads(json.dumps(assessment_json(made)))
    assert plain["$schema"] == "urn:casequality:assessment:1"
    answered = plain["goals"][1]
    assert (answered["numerator"], answered["denominator"]) == (18, 22)
    assert answered["exact"]["value"] == "900/11"
    assert plain["sources"]["cases"]["set_aside"] == 2
    assert json.loads(json.dumps(measurement_json(made.measurements["kontakt.besvaret"])))["$schema"].endswith(":1")
