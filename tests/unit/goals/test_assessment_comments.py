from __future__ import annotations

import tomllib
from pathlib import Path

import attrs
import pytest

from casequality.days import period
from casequality.errors import CaseQualityError, InputError
from casequality.goals import Assessment, Comments, Goal, Judgement, Verdict, parse_comments
from casequality.metrics.declaring.units import SHARE
from casequality.reports import assessment_text, page

HALF = period("2010-H1")
ENTRY = """
[[comment]]
goal       = "a"
period     = "2010-H1"
comment    = "for få"
measure    = "flere"
by         = "controller"
written_on = 2010-08-05
"""


def judged(goal: str, verdict: Verdict) -> Judgement:
    return Judgement(period=HALF, verdict=verdict, goal=Goal(id=goal, metric="m", source="s", target=None), unit=SHARE)


def written(tmp_path: Path, text: str) -> Comments:
    file = tmp_path / "kommentarer.toml"
    file.write_text(text, encoding="utf-8")
    return parse_comments(file)


def assessed(comments: Comments, *judgements: Judgement) -> Assessment:
    return Assessment(
        title="", period=HALF, as_of="2010-08-01", zone="Europe/Copenhagen", judgements=judgements, comments=comments
    )


def test_a_comment_stands_beside_its_goal_and_period_only(tmp_path: Path) -> None:
    comments = written(tmp_path, ENTRY)
    [entry] = comments.entries
    assert comments.on("a", HALF) is entry
    assert comments.on("b", HALF) is None
    assert comments.on("a", HALF.previous()) is None
    assert entry.to_dict() == {
        "goal": "a",
        "period": "2010-H1",
        "comment": "for få",
        "measure": "flere",
        "by": "controller",
        "written_on": "2010-08-05",
    }


def test_a_goal_has_its_comment_and_that_of_the_period_before_whatever_became_of_it(tmp_path: Path) -> None:
    comments = written(tmp_path, ENTRY + ENTRY.replace("2010-H1", "2009-H2").replace("for få", "før"))
    for verdict in Verdict:
        goal = judged("a", verdict)
        now, before = assessed(comments, goal).said_of(goal)
        assert now is not None
        assert before is not None
        assert (now.comment, before.comment) == ("for få", "før")
        text = assessment_text(assessed(comments, goal), "da")
        assert "Kommentar: for få" in text
        assert "Skrevet af: controller, 5. august 2010" in text


@pytest.mark.parametrize("verdict", Verdict)
def test_a_comment_is_said_to_be_missing_only_where_the_goal_is_missed(verdict: Verdict) -> None:
    goal = judged("a", verdict)
    assert ("mangler" in assessment_text(assessed(Comments("k"), goal), "da")) is (verdict is Verdict.MISSED)


def test_an_empty_entry_is_none_to_a_reader_and_is_not_added_again(tmp_path: Path) -> None:
    missed = judged("a", Verdict.MISSED)
    stubs = Comments("k").stubs([missed, judged("b", Verdict.MET), judged('c"\\', Verdict.MISSED)])
    kept = written(tmp_path, stubs)
    assert [(each.goal, each.period, each.written) for each in kept.entries] == [
        ("a", HALF, False),
        ('c"\\', HALF, False),
    ]
    assert assessed(kept, missed).said_of(missed) == (None, None)
    assert kept.lacking([missed]) == []
    assert kept.stubs([missed]) == ""


def test_what_does_not_fit_is_said_with_the_way_out(tmp_path: Path) -> None:
    comments = written(tmp_path, ENTRY + ENTRY.replace('"a"', '"wiat"'))
    assert [each.da.split("; ")[-1] for each in comments.faults(["a", "wait"])] == ["skriv wait, eller slet posten"]
    assert list(written(tmp_path, ENTRY).faults(["a"])) == []


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (('period     = "2010-H1"', 'period = "2010-H3"'), "2010-H3"),
        (('by         = "controller"', "by = 3"), "Text is needed"),
        (('measure    = "flere"', 'mesure = "flere"'), "did you mean measure"),
        (("written_on = 2010-08-05", 'written_on = "i går"'), "written_on"),
        (('goal       = "a"\n', ""), "goal is missing"),
        (("[[comment]]", "[comment]"), "A list of tables is needed"),
        (("[[comment]]", "[[coment]]"), "did you mean comment"),
        (("[[comment]]", "[[comment"), "not TOML"),
    ],
)
def test_a_faulty_file_is_refused_with_what_is_allowed(tmp_path: Path, change: tuple[str, str], part: str) -> None:
    with pytest.raises(CaseQualityError) as fault:
        written(tmp_path, ENTRY.replace(*change))
    assert part in str(fault.value)


def test_two_comments_on_one_goal_and_period_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseQualityError, match="two comments"):
        written(tmp_path, ENTRY + ENTRY)


def test_a_file_that_is_not_there_names_the_command_that_begins_it(tmp_path: Path) -> None:
    with pytest.raises(InputError) as fault:
        parse_comments(tmp_path / "none.toml")
    assert "casequality comments" in str(fault.value)


def test_a_stub_is_toml_with_every_key(tmp_path: Path) -> None:
    [stub] = tomllib.loads(Comments("k").stubs([judged("a", Verdict.MISSED)]))["comment"]
    names = {field.name for field in attrs.fields(type(written(tmp_path, ENTRY).entries[0]))}
    assert set(stub) == names - {"written_on"}


GENERAL = """
[[general]]
period = "2010-H1"
text   = "Et retssikkerhedsseminar for hele kommunen."
by     = "juridisk koordinationsgruppe"
"""


def test_each_edition_carries_its_text_on_the_general_work_or_says_that_there_is_none(tmp_path: Path) -> None:
    pytest.importorskip("jinja2")
    comments = written(tmp_path, ENTRY + GENERAL)
    edition = assessed(comments)
    later = attrs.evolve(edition, period=period("2010-H2"))
    said = "Et retssikkerhedsseminar for hele kommunen. (juridisk koordinationsgruppe)"
    for text in (assessment_text(edition, "da"), page(edition, "da")):
        assert "Det generelle arbejde med den juridiske kvalitet" in text
        assert said in " ".join(text.split())
    assert edition.to_dict()["general_work"] == {
        "period": "2010-H1",
        "text": "Et retssikkerhedsseminar for hele kommunen.",
        "by": "juridisk koordinationsgruppe",
        "written_on": None,
    }
    assert "seminar" not in assessment_text(later, "da")
    before = page(later, "da").split('id="edition-before"')[1]
    assert "Det generelle arbejde med den juridiske kvalitet, 1. halvår 2010" in before
    assert said in before
    for text in (assessment_text(later, "da"), page(later, "da")):
        assert "mangler: der er intet skrevet til denne udgave" in " ".join(text.split())
    for text in (assessment_text(assessed(Comments("")), "da"), page(assessed(Comments("")), "da")):
        assert "Det generelle arbejde" not in text


def test_an_edition_begins_with_its_introduction_and_who_wrote_it_when(tmp_path: Path) -> None:
    pytest.importorskip("jinja2")
    begin = GENERAL.replace("[[general]]", "[[introduction]]") + "written_on = 2010-08-09\n"
    edition = assessed(written(tmp_path, begin))
    said = "Et retssikkerhedsseminar for hele kommunen. (juridisk koordinationsgruppe, 9. august 2010)"
    html = page(edition, "da")
    assert f'<p class="introduction">{said}</p>' in html
    assert "Det generelle arbejde" not in html
    assert edition.to_dict()["introduction"]["written_on"] == "2010-08-09"
    assert said not in page(attrs.evolve(edition, period=period("2009-H2")), "da")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (GENERAL.replace("general", "introduction") * 2, "two introductions"),
        (GENERAL * 2, "two texts on the general work"),
        (GENERAL.replace("text   =", "said ="), "text is missing"),
        (GENERAL.replace("2010-H1", "spring"), "spring"),
        (GENERAL.replace("[[general]]", "[general]"), "A list of tables is needed"),
    ],
)
def test_a_faulty_text_on_the_general_work_is_refused(tmp_path: Path, text: str, part: str) -> None:
    with pytest.raises(CaseQualityError) as fault:
        written(tmp_path, text)
    assert part in str(fault.value)
