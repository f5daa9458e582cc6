from __future__ import annotations

import json
from pathlib import Path

from tests.factories.command_line import Install, Run
from tests.factories.projects import BROKEN, PLUGIN

METRIC = PLUGIN[: PLUGIN.index("@attrs.frozen\nclass Failing")].replace('"letters.', '"cited.')
CITED = METRIC.replace("    unit =", '    citation = cq.Citation(title="Invented for this test")\n    unit =')
OFFERED = """
@cq.hookimpl
def casequality_metrics():
    return [AnsweredInTime]
"""
FILE = """
from pathlib import Path

@cq.hookimpl
def casequality_{hook}():
    return [Path({path!r})]
"""
GOAL = """
[basis]
title = "Invented for this test"

[[goal]]
id       = "letters"
title    = { en = "Letters", da = "Breve" }
metric   = "cited.answered-in-time"
source   = "letters"
target   = "at least 80 %"
readings = { cohort = "received" }
"""
DEADLINE = """
[deadlines."letters/reply"]
title    = { en = "Reply", da = "Svar" }
calendar = "dk-statutory"
kind     = "reply"
terms    = "5 working days"
source   = "invented for this test"
"""
FEW = ("--examples", "2")


def test_every_metric_goal_set_and_deadline_is_checked_and_counted(
    run: Run, install: Install, tmp_path: Path, folder: Path
) -> None:
    before = sorted(folder.iterdir())
    files = {"goals": tmp_path / "cited.toml", "deadlines": tmp_path / "rules.toml"}
    files["goals"].write_text(GOAL, encoding="utf-8")
    files["deadlines"].write_text(DEADLINE, encoding="utf-8")
    hooks = "".join(FILE.format(hook=hook, path=str(path)) for hook, path in files.items())
    install("cited-letters", CITED + OFFERED + hooks)
    done = run("check-plugin", "cited-letters", "--format", "json", *FEW)
    plain = json.loads(done.out)
    assert (done.code, done.err, plain["failed"]) == (0, "", 0)
    checked = {each["name"]: [check["law"] for check in each["checks"]] for each in plain["checked"]}
    assert list(checked) == ["cited.answered-in-time", "cited", "letters/reply"]
    assert "row-order" in checked["cited.answered-in-time"]
    assert checked["cited"] == ["judgeable", "citation"]
    assert checked["letters/reply"] == ["counted-again", "citation"]
    assert plain["passed"] + plain["skipped"] == sum(map(len, checked.values()))
    assert sorted(folder.iterdir()) == before


def test_a_law_that_fails_is_told_and_is_the_fault_of_the_plugin(run: Run, install: Install) -> None:
    install("uncited-letters", METRIC + OFFERED)
    done = run("check-plugin", "uncited-letters", *FEW)
    assert done.code == 4
    assert "citation: failed" in done.out
    *_, last = done.out.splitlines()
    assert last.startswith("uncited-letters: ")
    assert ", 1 failed, " in last
    because = "cited.answered-in-time:citation=no council decided it"
    excused = run("check-plugin", "uncited-letters", "--skip", because, *FEW)
    assert excused.code == 0
    assert "citation: skipped, no council decided it" in excused.out


def test_deadlines_that_a_municipality_sets_are_handed_in(run: Run, install: Install, tmp_path: Path) -> None:
    (tmp_path / "local.toml").write_text(DEADLINE, encoding="utf-8")
    install("local-letters", CITED.replace("copenhagen/reply-guarantee", "letters/reply") + OFFERED)
    without = run("check-plugin", "local-letters", *FEW)
    assert without.code == 4
    assert "A metric counts a deadline that nobody offers" in without.out
    assert "--deadlines FILE" in without.out
    assert run("check-plugin", "local-letters", "--deadlines", str(tmp_path / "local.toml"), *FEW).code == 0


def test_a_goal_whose_metric_nobody_offers_fails(run: Run, install: Install, tmp_path: Path) -> None:
    path = tmp_path / "cited.toml"
    path.write_text(GOAL, encoding="utf-8")
    install("goals-only", "import casequality as cq\n" + FILE.format(hook="goals", path=str(path)))
    done = run("check-plugin", "goals-only")
    assert done.code == 4
    assert "judgeable: failed" in done.out
    assert "cited.answered-in-time" in done.out


def test_a_plugin_that_is_broken_claims_a_name_twice_or_is_not_there(run: Run, install: Install) -> None:
    install("broken-plugin", BROKEN)
    install("other-letters", PLUGIN)
    done = run("check-plugin", "broken-plugin")
    assert (done.code, done.out) == (4, "")
    assert "this plugin is broken" in done.err
    done = run("check-plugin", "other-letters")
    assert (done.code, done.out) == (4, "")
    assert "offered more than once" in done.err
    done = run("check-plugin", "gone-plugin")
    assert (done.code, done.out) == (3, "")
    assert "broken-plugin" in done.err
