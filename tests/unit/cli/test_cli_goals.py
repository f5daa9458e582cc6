from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import casequality as cq
from tests.factories.command_line import Run
from tests.factories.projects import goal_file


def test_goals_that_say_enough_are_counted(run: Run) -> None:
    done = run("goals", "check", "goals.toml")
    assert (done.code, done.out, done.err) == (0, "goals.toml: 3 goals can be judged\n", "")
    assert run("goals", "check", "goals.toml", "--lang", "da").out == "goals.toml: 3 mål kan bedømmes\n"


def test_one_goal_is_one_goal(run: Run, folder: Path) -> None:
    folder.joinpath("one.toml").write_text(goal_file("at least 30 %"), encoding="utf-8")
    assert run("goals", "check", "one.toml").out == "one.toml: 1 goal can be judged\n"
    assert run("goals", "check", "one.toml", "--lang", "da").out == "one.toml: 1 mål kan bedømmes\n"


def test_everything_that_is_missing_is_listed_together(run: Run, folder: Path) -> None:
    text = goal_file("at least 30 %", "at most 25 s").replace('readings = { cohort = "received" }', "", 1)
    folder.joinpath("goals.toml").write_text(text, encoding="utf-8")
    done = run("goals", "check", "goals.toml")
    assert (done.code, done.out) == (3, "")
    assert "goal g1" in done.err
    assert "does not choose the reading cohort" in done.err
    assert "goal g2" in done.err
    assert "not in the metric's unit" in done.err


def test_what_is_missing_is_said_in_danish_for_the_asking(run: Run, folder: Path) -> None:
    text = goal_file("at least 30 %", "at most 25 s").replace('readings = { cohort = "received" }', "", 1)
    folder.joinpath("goals.toml").write_text(text, encoding="utf-8")
    done = run("goals", "check", "goals.toml", "--lang", "da")
    assert (done.code, done.out) == (3, "")
    assert "Målet vælger ikke læsningen cohort\n  sted:    mål g1, readings" in done.err
    assert "Måltallet er ikke i målingens enhed\n  sted:    mål g2, target" in done.err
    assert "goal" not in done.err.removeprefix("goals.toml: mål, der ikke siger nok")


def test_a_file_that_is_no_goal_file_is_exit_code_3(run: Run, folder: Path) -> None:
    folder.joinpath("broken.toml").write_text("[[goal]", encoding="utf-8")
    for name in ("broken.toml", "nowhere.toml", "no-such-set"):
        done = run("goals", "check", name)
        assert (done.code, done.out) == (3, "")
        assert name in done.err


def test_goals_are_listed_with_those_that_cannot_be_judged(run: Run, folder: Path) -> None:
    with folder.joinpath("goals.toml").open("a", encoding="utf-8") as file:
        file.write('[[not_supplied]]\nwho = "Socialudvalget"\nwhat = "bilag 4"\n')
        file.write('[[not_supplied]]\nwho = "Pas"\nwhat = "5 %"\nstated = true\n')
    done = run("goals", "list", "goals.toml")
    assert "mindst 45 %" in done.out
    assert "Socialudvalget: bilag 4 (gengives ikke i kilden)" in done.out
    assert "Pas: 5 % (ingen data)" in done.out
    rows = json.loads(run("goals", "list", "goals.toml", "--lang", "en", "--format", "json").out)["rows"]
    assert [row[2] for row in rows] == ["at least 30 %", "at least 45 %", "at least 60 %"]


def test_what_became_of_each_goal_is_listed_and_those_that_were_not_kept(run: Run, folder: Path) -> None:
    text = goal_file("baseline") + 'standing = "kept"\n[[dropped]]\nwho = "Kultur"\nwhat = "svar inden 14 dage"\n'
    folder.joinpath("goals.toml").write_text(text, encoding="utf-8")
    listed = {
        lang: json.loads(run("goals", "list", "goals.toml", "--lang", lang, "--format", "json").out)
        for lang in ("da", "en")
    }
    assert [listed[lang]["rows"][0][-1] for lang in ("da", "en")] == ["fandtes før, videreført", "existed before, kept"]
    assert [listed[lang]["notes"][-1] for lang in ("da", "en")] == [
        "Kultur: svar inden 14 dage (fandtes før, ikke videreført)",
        "Kultur: svar inden 14 dage (existed before, not kept)",
    ]


def test_the_aim_and_a_first_measurement_are_listed_in_the_language_asked_for(run: Run, folder: Path) -> None:
    text = goal_file("baseline") + 'aim = "time"\n'
    folder.joinpath("goals.toml").write_text(text, encoding="utf-8")
    listed = {
        lang: json.loads(run("goals", "list", "goals.toml", "--lang", lang, "--format", "json").out)["rows"][0][2:4]
        for lang in ("da", "en")
    }
    assert listed == {
        "da": ["intet endnu: første måling", "Reduktion af sagsbehandlingstiden"],
        "en": ["none yet: first measurement", "Shorter case handling"],
    }


def test_goals_alone_explains_itself(run: Run) -> None:
    done = run("goals")
    assert done.code == 2
    assert "check" in done.out + done.err


READINGS = ("goals", "readings", "casequality.toml", "g3", "--period", "2010-H1", "--as-of", "2010-08-01")


def test_a_goal_is_read_each_way_in_danish_unless_another_language_is_named(run: Run) -> None:
    """Two of three closed letters were in time, and two of five received: the two open ones are overdue."""
    done = run(*READINGS)
    assert done.code == 0
    assert "Skrøbelig: ikke opfyldt (40,0 %), som målet læses" in done.out
    assert "hver sag tælles i den periode, hvor den sluttede" in done.out
    plain = json.loads(run(*READINGS, "--format", "json", "--lang", "en").out)
    assert [(each["exact"], each["verdict"], each["moves"]) for each in plain["readings"]] == [
        ("40", "missed", 0),
        ("200/3", "met", 2),
    ]
    assert "met (66.7 %); records that move: 2" in run(*READINGS, "--lang", "en", "--format", "md").out


def test_a_goal_that_the_project_does_not_have_is_told_with_those_it_has(run: Run) -> None:
    done = run("goals", "readings", "casequality.toml", "g9", "--period", "2010-H1", "--as-of", "2010-08-01")
    assert (done.code, done.out) == (3, "")
    assert "g1, g2, g3" in done.err


def test_contributions_stand_side_by_side_on_one_page(run: Run, folder: Path) -> None:
    folder.joinpath("common.toml").write_text(goal_file("at least 30 %"), encoding="utf-8")
    asked: dict[str, Any] = {"as_of": "2010-08-01", "by": "office"}
    for who, letters in (("Nord", "letters.csv"), ("Syd", "letters.csv")):
        cq.tally("letters.answered-in-time", folder / letters, **asked).save(folder / f"{who}.tally")
    words = ["goals", "side-by-side", "common.toml", "--period", "2010-H1", "--by", "office"]
    words += ["--tally", "Nord=Nord.tally", "--not-delivered", "Vest=the system was down"]
    done = run(*words, "--tally", "Syd=Syd.tally", "--general-work", "Syd=We met each month", "--out", "page.html")
    assert done.code == 0, done.err
    assert done.err == "page.html skrevet\n"
    assert done.out.index(" Nord ") < done.out.index(" Syd ") < done.out.index(" Vest ")
    page = folder.joinpath("page.html").read_text(encoding="utf-8")
    assert "Vest har intet indberettet: the system was down" in page
    assert "We met each month" in page
    each = json.loads(run(*words, "--format", "json").out)["goals"][0]["each"]
    assert [one["who"] for one in each] == ["Nord", "Vest"]
    refused = run("goals", "side-by-side", "common.toml", "--period", "2010-H1", "--general-work", "Syd=No figures")
    assert refused.code == 2
    assert "Syd" in refused.err
