from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from tests.factories.command_line import Install, Run
from tests.factories.projects import BROKEN, PROJECT, goal_file

REPORT = ("report", "casequality.toml", "--period", "2010-H1", "--as-of", "2010-08-01")

ASIDE = (
    "letters: 1 af 6 rækker er lagt til side. received_on, ulæselig værdi: 1. --findings FIL skriver, hvilke rækker\n"
)
"""What is said of the row of the folder's letters that nobody can read, on standard error."""


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


@pytest.fixture
def page_needs() -> None:
    """Skip a test of the page where what draws it is not installed."""
    for name in ("jinja2",):
        pytest.importorskip(name, reason="the report needs casequality[report]")


def test_the_verdicts_are_on_standard_output_and_nothing_else_is_said(run: Run) -> None:
    done = run(*REPORT)
    assert (done.code, done.err) == (0, ASIDE)
    lines = [line.split() for line in done.out.splitlines() if line.startswith("Breve til tiden")]
    assert [" ".join(line[3:]).replace("\N{MINUS SIGN}", "-") for line in lines[:3]] == [
        "mindst 30 % 40,0 % ✓ opfyldt +10,0 procentpoint",
        "mindst 45 % 40,0 % ◇ kan ikke vurderes -5,0 procentpoint",
        "mindst 60 % 40,0 % ✗ ikke opfyldt -20,0 procentpoint",
    ]


def test_english_is_there_for_the_asking(run: Run) -> None:
    done = run(*REPORT, "--lang", "en")
    assert "at least 45 %" in done.out
    assert "undecided" in done.out
    assert "kan ikke vurderes" not in done.out


def test_json_holds_the_exact_figures(run: Run) -> None:
    done = run(*REPORT, "--format", "json")
    plain = json.loads(done.out)
    assert (plain["period"], plain["as_of"]) == ("2010-H1", "2010-08-01T00:00:00+02:00")
    assert [goal["verdict"] for goal in plain["goals"]] == ["met", "undecided", "missed"]
    assert {(goal["numerator"], goal["denominator"], goal["exact"]["low"]) for goal in plain["goals"]} == {
        (2, 5, "100/3")
    }


def test_csv_and_markdown_hold_the_same_table(run: Run) -> None:
    lines = list(csv.reader(run(*REPORT, "--format", "csv").out.splitlines(), delimiter=";"))
    assert [line[0] for line in lines] == ["Mål", *["Breve til tiden"] * 3]
    markdown = run(*REPORT, "--format", "md").out
    assert markdown.count("| Breve til tiden |") == 3


def test_a_missed_goal_is_exit_code_1_only_where_that_is_asked_for(run: Run, folder: Path) -> None:
    assert run(*REPORT, "--fail-on", "missed").code == 1
    folder.joinpath("goals.toml").write_text(goal_file("at least 30 %", "at least 45 %"), encoding="utf-8")
    assert run(*REPORT, "--fail-on", "missed").code == 0


@pytest.mark.usefixtures("page_needs")
def test_the_page_is_written_also_where_a_goal_was_missed(run: Run, folder: Path) -> None:
    done = run(*REPORT, "--out", "report.html", "--fail-on", "missed")
    assert (done.code, done.err) == (1, ASIDE + "report.html skrevet\n")
    page = folder.joinpath("report.html").read_text(encoding="utf-8")
    assert "Ikke opfyldt" in page or "ikke opfyldt" in page
    assert re.findall("<script[^>]*>", page) == ['<script type="application/json" id="manifest">']  # data, no code
    assert run(*REPORT, "--out", "english.html", "--lang", "en").code == 0
    assert '<html lang="en">' in folder.joinpath("english.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("page_needs")
def test_html_on_standard_output_is_the_page_that_a_file_gets(run: Run, folder: Path) -> None:
    done = run(*REPORT, "--format", "html", "--out", "report.html")
    assert (done.code, done.err) == (0, ASIDE + "report.html skrevet\n")
    assert done.out.rstrip("\n") == folder.joinpath("report.html").read_text(encoding="utf-8").rstrip("\n")
    assert run(*REPORT, "--format", "html").out == done.out


def test_findings_name_row_and_column_and_never_the_content(run: Run, folder: Path) -> None:
    done = run(*REPORT, "--findings", "findings.csv", "--lang", "en")
    text = folder.joinpath("findings.csv").read_text(encoding="utf-8")
    header, *lines = csv.reader(text.splitlines())
    assert header == ["source", "file", "row", "column", "fault", "remedy"]
    assert [line[:5] for line in lines] == [["letters", "", "6", "received_on", "unreadable value"]]
    assert "2010-03-40" not in text + done.out + done.err


def test_findings_in_danish_are_as_excel_reads_them_there(run: Run, folder: Path) -> None:
    run(*REPORT, "--findings", "findings.csv", "--lang", "da")
    written = folder.joinpath("findings.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    header, *lines = csv.reader(written.decode("utf-8-sig").splitlines(), delimiter=";")
    assert header == ["kilde", "fil", "række", "kolonne", "fejl", "afhjælpning"]
    assert [line[:5] for line in lines] == [["letters", "", "6", "received_on", "ulæselig værdi"]]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("report", "nowhere.toml", "--period", "2010-H1", "--as-of", "2010-08-01"), 3, "Kan ikke åbnes: projektfilen"),
        (("report", "letters.csv", "--period", "2010-H1", "--as-of", "2010-08-01"), 3, "Projektfilen er ikke TOML"),
        (("report", "casequality.toml", "--period", "2010-H3", "--as-of", "2010-08-01"), 2, "2010-Q2"),
        (
            ("report", "casequality.toml", "--period", "2010-H1", "--as-of", "august"),
            2,
            "Opgørelsesdagen kan ikke læses",
        ),
        (("report", "casequality.toml", "--as-of", "2010-08-01"), 2, "--period"),
        (("report", "casequality.toml", "--period", "2010-H1"), 2, "--as-of"),
        ((*REPORT, "--fail-on", "undecided"), 2, "missed"),
        ((*REPORT, "--format", "xml"), 2, "json"),
        ((*REPORT, "--lang", "sv"), 2, "da"),
    ],
)
def test_what_cannot_be_done_is_said_on_standard_error(
    words: tuple[str, ...], code: int, said: str, run: Run, folder: Path
) -> None:
    before = names(folder)
    done = run(*words, "--out", "report.html", "--findings", "findings.csv")
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert names(folder) == before


def test_nothing_is_written_where_one_file_cannot_be(run: Run, folder: Path) -> None:
    pytest.importorskip("jinja2", reason="the report needs casequality[report]")
    folder.joinpath("report.html").write_text("the one before", encoding="utf-8")
    before = names(folder)
    done = run(*REPORT, "--out", "report.html", "--findings", "no-such-folder/findings.csv")
    assert (done.code, done.out) == (2, "")
    assert "no-such-folder" in done.err
    assert names(folder) == before
    assert folder.joinpath("report.html").read_text(encoding="utf-8") == "the one before"


def test_a_broken_plugin_that_a_goal_needs_is_exit_code_4(run: Run, folder: Path, install: Install) -> None:
    install("broken-plugin", BROKEN)
    assert run(*REPORT).code == 0
    folder.joinpath("goals.toml").write_text(goal_file("at least 30 %", metric="broken.figure"), encoding="utf-8")
    done = run(*REPORT)
    assert (done.code, done.out) == (4, "")
    assert "broken-plugin" in done.err


def test_a_metric_that_fails_is_exit_code_4_and_named(run: Run, folder: Path) -> None:
    folder.joinpath("goals.toml").write_text(goal_file("at least 30 %", metric="letters.failing"), encoding="utf-8")
    done = run(*REPORT)
    assert (done.code, done.out) == (4, "")
    assert "letters.failing" in done.err


def test_a_goal_without_a_reading_or_a_source_is_exit_code_3(run: Run, folder: Path) -> None:
    lacking = goal_file("at least 30 %").replace('readings = { cohort = "received" }', "")
    folder.joinpath("goals.toml").write_text(lacking, encoding="utf-8")
    done = run(*REPORT)
    assert done.code == 3
    assert "Målet vælger ikke læsningen cohort" in done.err
    folder.joinpath("goals.toml").write_text(goal_file("at least 30 %"), encoding="utf-8")
    folder.joinpath("casequality.toml").write_text(PROJECT.replace("letters]", "post]"), encoding="utf-8")
    done = run(*REPORT)
    assert done.code == 3
    assert "Målets kilde mangler" in done.err


def test_a_source_that_is_not_delivered_makes_its_goals_incomplete(run: Run, folder: Path) -> None:
    without = PROJECT.replace('path    = "letters.csv"', 'not_delivered = "systemet blev skiftet"\nzone = "UTC"')
    folder.joinpath("casequality.toml").write_text(without, encoding="utf-8")
    done = run(*REPORT)
    assert (done.code, done.err) == (0, "")
    assert "Mål: 3 ufuldstændig" in done.out
    assert done.out.count("Datakilden letters er ikke leveret: systemet blev skiftet") == 3
    assert run("worklist", "casequality.toml", "--as-of", "2010-06-15").code == 0


def test_a_period_that_lacks_a_unit_is_incomplete_and_names_it(run: Run, folder: Path) -> None:
    for units, lacking in (('["north", "south"]', False), ('["north", "south", "east"]', True)):
        promised = PROJECT + f"expect = {{ units = {{ office = {units} }} }}\n"
        folder.joinpath("casequality.toml").write_text(promised, encoding="utf-8")
        plain = json.loads(run(*REPORT, "--format", "json").out)
        verdicts = [goal["verdict"] for goal in plain["goals"]]
        assert verdicts == (["incomplete"] * 3 if lacking else ["met", "undecided", "missed"])
        said = [reason["da"] for goal in plain["goals"] for reason in goal["reasons"]]
        assert ("Enheder uden de registreringer, som kilden skal levere i 1. halvår 2010: east" in said) is lacking


def test_a_day_without_rows_makes_a_period_incomplete_and_never_one_of_fewer_cases(run: Run, folder: Path) -> None:
    folder.joinpath("casequality.toml").write_text(f'{PROJECT}expect = {{ every = "day" }}\n', encoding="utf-8")
    plain = json.loads(run(*REPORT, "--format", "json").out)
    assert [goal["verdict"] for goal in plain["goals"]] == ["incomplete"] * 3
    assert plain["goals"][0]["reasons"][0]["code"] == "missing days"


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ('{ units = { town = ["north"] } }', "kode, som dens posttype ikke har"),
        ("{ units = { office = 7 } }", "Der skal være tekst"),
        ("{ units = 7 }", "Der skal bruges en tabel"),
        ("{}", "Der er ingen sådan hyppighed"),
    ],
)
def test_a_promise_that_makes_no_sense_is_refused(run: Run, folder: Path, expect: str, said: str) -> None:
    folder.joinpath("casequality.toml").write_text(f"{PROJECT}expect = {expect}\n", encoding="utf-8")
    done = run(*REPORT)
    assert (done.code, done.out) == (3, "")
    assert said in done.err


def test_a_source_is_delivered_or_not(run: Run, folder: Path) -> None:
    for both in (
        PROJECT + 'not_delivered = "systemet blev skiftet"',
        PROJECT.replace('path    = "letters.csv"', "not_delivered = true"),
    ):
        folder.joinpath("casequality.toml").write_text(both, encoding="utf-8")
        done = run(*REPORT)
        assert (done.code, done.out) == (3, "")
        assert "sources.letters" in done.err


def test_all_that_is_wrong_with_a_project_is_said_at_once(run: Run, folder: Path) -> None:
    folder.joinpath("casequality.toml").write_text(
        """
        goals    = "goals.toml"
        calender = "dk-statutory"

        [sources.letters]
        records = "letters"
        column  = { letter = "Brev" }
        expect  = { every = "week" }
        dialect = "dansk"

        [sources.notices]
        records = "notices"
        path    = "notices.csv"
        children.calls = "calls.csv"

        [deadlines.benefits]
        title = "Benefits"
        """,
        encoding="utf-8",
    )
    done = run(*REPORT)
    assert (done.code, done.out) == (3, "")
    for said in (
        "tilføj title",
        "goals er af en anden slags",
        "mente du calendar?",
        "mente du columns?",
        "Der er ingen sådan hyppighed",
        "tilføj path",
        "Der er ingen sådan dialekt",
        "Der skal bruges en tabel",
        "casequality.toml, benefits",
    ):
        assert said in done.err, said


def test_a_source_of_another_record_type_is_refused(run: Run, folder: Path) -> None:
    folder.joinpath("casequality.toml").write_text(PROJECT.replace('"letters"', '"calls"', 1), encoding="utf-8")
    done = run(*REPORT)
    assert done.code == 3
    assert "en anden posttype" in done.err


def test_readings_and_open_cases_come_with_a_report_that_asks_for_them(run: Run, tmp_path: Path) -> None:
    done = run(*REPORT, "--with", "readings", "--with", "open-cases", "--out", str(tmp_path / "r.md"), "--lang", "en")
    assert done.code == 0
    asked = (tmp_path / "r.md").read_text(encoding="utf-8")
    run(*REPORT, "--out", str(tmp_path / "plain.md"), "--lang", "en")
    plain = (tmp_path / "plain.md").read_text(encoding="utf-8")
    for said in ("How the words are read | ", "Records that move"):
        assert said in asked
        assert said not in plain
