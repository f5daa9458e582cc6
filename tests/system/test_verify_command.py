"""A report verified: what was changed since is found, named, and said why; without a project the page alone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

for needed in ("jinja2", "typer"):
    pytest.importorskip(needed)

from casequality.evidence.disclosure import Ledger
from casequality.reports.formats.manifest import read_page
from tests.factories.command_line import Finished, Run
from tests.factories.projects import LETTERS, PROJECT, goal_file

REPORT = ("report", "casequality.toml", "--period", "2010-H1", "--as-of", "2010-08-01", "--lang", "en", "--quiet")
POLICY = '[publish]\nthreshold = 5\nledger = "published.ledger"\n'


@pytest.fixture
def report(run: Run, folder: Path) -> Path:
    done = run(*REPORT, "--out", "report.html")
    assert done.code == 0
    return folder / "report.html"


def manifest(page: Path) -> dict[str, Any]:
    """Return the manifest of a page, where each goal has what it shares with others too."""
    return dict(read_page(page.read_bytes(), str(page)).manifest)


def differing(done: Finished) -> list[dict[str, str]]:
    """Return the places that differ, by the headers of their table."""
    plain = json.loads(done.out)
    return [dict(zip(plain["headers"], row, strict=True)) for row in plain["rows"]]


def verify(run: Run, *words: str) -> Finished:
    return run("verify", "report.html", *words, "--quiet", "--format", "json")


@pytest.mark.usefixtures("report")
def test_a_report_verifies_as_long_as_nothing_has_changed(run: Run) -> None:
    for words in ((), ("casequality.toml",)):
        done = run("verify", "report.html", *words, "--quiet")
        assert (done.code, done.err) == (0, "")
    assert "Alle tekster, tal og tegninger" in run("verify", "report.html", "casequality.toml", "--lang", "da").out


@pytest.mark.usefixtures("report")
def test_one_changed_row_is_found_and_said_to_be_of_the_data(run: Run, folder: Path) -> None:
    """Letter 2 was a day late; answered on its last day it makes 3 of 5, 60 %."""
    folder.joinpath("letters.csv").write_text(LETTERS.replace("2010-03-16", "2010-03-15"), encoding="utf-8")
    done = verify(run, "casequality.toml")
    assert done.code == 5
    [result] = [each for each in differing(done) if (each["Goal"], each["Place"]) == ("g1", "Result")][:1]
    assert (result["The report says"], result["Made anew"]) == ("40.0 %", "60.0 %")
    assert {each["Why"] for each in differing(done)} == {"data"}
    assert verify(run).code == 0  # the page itself is as it was written


@pytest.mark.usefixtures("report")
def test_one_changed_goal_is_found_and_its_definition_named(run: Run, folder: Path) -> None:
    goals = goal_file("at least 30 %", "at least 35 %", "at least 60 %")
    folder.joinpath("goals.toml").write_text(goals, encoding="utf-8")
    done = verify(run, "casequality.toml")
    assert done.code == 5
    by_goal = {each["Goal"] for each in differing(done)}
    assert "g2" in by_goal
    assert not by_goal & {"g1", "g3"}
    assert all("definition: g2, target: at least 45 % -> at least 35 %" in each["Why"] for each in differing(done))


@pytest.mark.usefixtures("report")
def test_a_goal_that_is_gone_is_found(run: Run, folder: Path) -> None:
    folder.joinpath("goals.toml").write_text(goal_file("at least 30 %", "at least 45 %"), encoding="utf-8")
    done = verify(run, "casequality.toml")
    assert done.code == 5
    assert {each["Why"] for each in differing(done) if each["Goal"] == "g3"} == {"definition: g3: -> none"}


def test_a_plugin_that_counts_otherwise_is_code(run: Run, report: Path) -> None:
    code = manifest(report)["goals"]["g1"]["code"]

    page = report.read_text("utf-8")
    report.write_text(page.replace(code, "0" * len(code)), "utf-8")
    done = verify(run, "casequality.toml")
    assert done.code == 5  # the page is not as it was written, though no figure is another
    assert "code: g1" in done.err


@pytest.mark.parametrize(
    ("before", "after"), [("40.0\u00a0%</data>", "41.0\u00a0%</data>"), ('value="40"', 'value="44"')]
)
def test_an_edited_digit_is_found_where_it_stands(before: str, after: str, run: Run, report: Path) -> None:
    page = report.read_text("utf-8")
    start = page.index('data-goal="g2"')
    at = page.index(before, start)
    report.write_text(page[:at] + after + page[at + len(before) :], "utf-8")
    done = verify(run, "casequality.toml")
    assert done.code == 5
    [found] = differing(done)
    assert (found["Goal"], found["Place"]) == ("g2", "Result")
    assert found["Why"] == "the page was changed after it was written"
    alone = verify(run)
    assert alone.code == 5
    assert "the page was changed after it was written" in alone.err


def test_every_edited_digit_of_the_page_breaks_its_digest(run: Run, report: Path) -> None:
    page = report.read_text("utf-8")
    body = page.index("<body>")
    digits = [match.start() for match in re.finditer(r"\d", page[body:])]
    for at in digits[:: max(len(digits) // 12, 1)]:
        place = body + at
        edited = page[:place] + str((int(page[place]) + 1) % 10) + page[place + 1 :]
        report.write_text(edited, "utf-8")
        assert verify(run).code in (3, 5)  # 3 where it is the manifest that can no longer be read


@pytest.mark.parametrize("text", ["", "<html></html>", '<script type="application/json" id="manifest">[1]</script>'])
def test_what_is_no_report_with_a_manifest_is_refused(text: str, run: Run, folder: Path) -> None:
    folder.joinpath("report.html").write_text(text, "utf-8")
    done = verify(run, "casequality.toml")
    assert done.code == 3
    assert "no report that can be verified" in done.err


def test_an_endless_manifest_is_refused(run: Run, folder: Path) -> None:
    nested = "[" * 100_000
    folder.joinpath("report.html").write_text(
        f'<script type="application/json" id="manifest">{nested}</script>', "utf-8"
    )
    assert verify(run).code == 3


def test_a_manifest_names_what_a_figure_rests_on_and_no_digest_of_few_rows(report: Path) -> None:
    plain = manifest(report)
    goal = plain["goals"]["g1"]
    assert goal["definition"]["target"] == "at least 30 %"
    assert goal["readings"] == {"cohort": "received"}
    assert goal["parameters"] == {"deadline": "copenhagen/reply-guarantee"}
    assert (plain["period"], plain["as_of"], plain["policy"]) == ("2010-H1", "2010-08-01T00:00:00+02:00", None)
    assert "copenhagen/reply-guarantee" in plain["deadlines"]
    [name] = goal["calendar"]
    assert "2010-05-13" in plain["calendars"][name]  # Ascension Day
    assert plain["versions"]["letters-plugin"] == "1.0"
    assert plain["sources"] == {"letters": None}


class TestUnderAPolicy:
    """Five letters, of which each count is small."""

    @pytest.fixture
    def public(self, run: Run, folder: Path) -> Path:
        pytest.importorskip("scipy")
        folder.joinpath("casequality.toml").write_text(PROJECT.replace("[sources", f"{POLICY}[sources", 1), "utf-8")
        done = run(*REPORT, "--publish", "--out", "report.html")
        assert done.code == 0, done.err
        return folder / "report.html"

    def test_no_count_of_the_letters_is_in_page_manifest_or_output(self, run: Run, public: Path) -> None:
        page = public.read_text("utf-8")
        plain = manifest(public)
        assert plain["told"] == {name: [None, "withheld"] for name in ("g1", "g2", "g3")}
        assert (plain["sources"], plain["texts"]) == ({}, None)
        assert "<data" not in page
        printed = run(*REPORT, "--publish").out
        for text in (page.partition("<body>")[2].partition("<script")[0], printed):
            assert "40.0" not in text
            assert not re.search(r"\b[25] of 5\b|percentage points", text)

    def test_verification_says_that_they_are_withheld_as_the_policy_asks(self, run: Run, public: Path) -> None:
        assert public.exists()
        for words in ((), ("casequality.toml",)):
            done = verify(run, *words)
            assert done.code == 0, done.out
            assert "are withheld, as the policy asks: counts under 5" in done.err

    def test_the_ledger_has_one_edition_of_all_formats_and_has_it_first(
        self, run: Run, folder: Path, public: Path
    ) -> None:
        assert public.exists()
        assert run(*REPORT, "--publish", "--out", "report.md", "--out", "report.json").code == 0
        assert len(Ledger.load(folder / "published.ledger").editions) == 1
        folder.joinpath("published.ledger").unlink()
        folder.joinpath("blocked.md").mkdir()
        assert run(*REPORT, "--publish", "--out", "blocked.md").code == 2
        assert len(Ledger.load(folder / "published.ledger").editions) == 1

    def test_a_figure_that_was_written_over_a_withheld_one_is_found(self, run: Run, public: Path) -> None:
        page = public.read_text("utf-8")
        at = page.index("withheld", page.index('data-goal="g1"'))
        at = page.index("withheld", at + 8) if page[at - 9 : at] == "verdict" else at
        public.write_text(page[:at] + "40.0 %" + page[at + 8 :], "utf-8")
        done = verify(run, "casequality.toml")
        assert done.code == 5
        assert "withheld" in {each["Made anew"].casefold() for each in differing(done)}

    def test_the_policy_itself_is_part_of_what_is_verified(self, run: Run, folder: Path, public: Path) -> None:
        assert public.exists()
        project = folder / "casequality.toml"
        project.write_text(project.read_text("utf-8").replace("threshold = 5", "threshold = 7"), "utf-8")
        done = verify(run, "casequality.toml")
        assert done.code == 5
        assert any("definition: policy" in each["Why"] for each in differing(done))

    def test_a_project_without_a_policy_publishes_nothing(self, run: Run, folder: Path, public: Path) -> None:
        folder.joinpath("casequality.toml").write_text(PROJECT, "utf-8")
        for words in ((*REPORT, "--publish", "--out", "other.html"), ("verify", str(public), "casequality.toml")):
            done = run(*words)
            assert done.code == 3
            assert "declares no policy of publication" in done.err
        assert not folder.joinpath("other.html").exists()

    def test_an_old_edition_is_verified_with_the_ledger_as_it_was_then(self, run: Run, folder: Path) -> None:
        """50 of 60 letters in time; 2 late ones more are published as withheld, and the old data put back."""
        pytest.importorskip("scipy")
        project, letters = folder / "casequality.toml", folder / "letters.csv"
        project.write_text(PROJECT.replace("[sources", f"{POLICY}[sources", 1), "utf-8")
        head, *_ = LETTERS.splitlines()
        lines = [f"{n},2010-03-01,2010-03-{'02' if n > 10 else '30'},north" for n in range(1, 61)]
        old = "\n".join([head, *lines, ""])
        letters.write_text(old, "utf-8")
        assert run(*REPORT, "--publish", "--out", "report.html").code == 0
        later = [f"{n},2010-03-01,2010-03-30,north" for n in range(61, 63)]
        letters.write_text("\n".join([old.strip(), *later, ""]), "utf-8")
        assert run(*REPORT, "--publish", "--out", "later.html").code == 0
        assert len(Ledger.load(folder / "published.ledger").editions) == 2
        assert "<data" not in (folder / "later.html").read_text("utf-8")
        letters.write_text(old, "utf-8")
        kept = (folder / "published.ledger").read_bytes()
        assert "50 of 60" in (folder / "report.html").read_text("utf-8")
        done = verify(run, "casequality.toml")
        assert done.code == 0, done.out
        assert (folder / "published.ledger").read_bytes() == kept
