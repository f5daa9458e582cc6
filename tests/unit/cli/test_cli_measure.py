from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest

from tests.factories.command_line import Run

METRIC = "letters.answered-in-time"
MEASURE = ("measure", METRIC, "letters.csv", "--as-of", "2010-08-01")


def figures(done_out: str) -> dict[str, tuple[int, int]]:
    return {each["period"]: (each["numerator"], each["denominator"]) for each in json.loads(done_out)["figures"]}


def spaced(text: str) -> str:
    """Return a text with plain spaces where it has some that no line may be broken at."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_figure_is_shown_with_what_it_rests_on(run: Run) -> None:
    done = run(*MEASURE)
    assert done.code == 0
    assert done.err == (
        "letters.csv: 1 of 6 rows were set aside. received_on, unreadable value: 1. --findings FILE writes which rows\n"
    )
    assert run(*MEASURE, "--findings", "findings.csv").err.endswith("received_on, unreadable value: 1\n")
    assert "40.0 %" in spaced(done.out)
    assert "set aside 1" in done.out
    assert "40,0 %" in spaced(run(*MEASURE, "--lang", "da").out)


def test_json_holds_exact_figures_by_month_and_the_findings(run: Run) -> None:
    done = run(*MEASURE, "--by", "month", "--period", "2010-H1", "--format", "json")
    plain = json.loads(done.out)
    expected = {"2010-01": (0, 0), "2010-02": (0, 0), "2010-03": (2, 3), "2010-04": (0, 0)}
    assert figures(done.out) == {**expected, "2010-05": (0, 1), "2010-06": (0, 1)}
    assert plain["findings"][0]["rows"] == [6]


@pytest.mark.parametrize("form", ["csv", "md", "html", "text"])
def test_every_form_shows_the_same_figure(form: str, run: Run) -> None:
    done = run(*MEASURE, "--format", form)
    assert done.code == 0
    assert "40" in done.out


def test_readings_parameters_and_codes_are_chosen_by_name(run: Run) -> None:
    out = run(*MEASURE, "--reading", "cohort=closed", "--format", "json").out
    assert list(figures(out).values()) == [(2, 3)]
    out = run(*MEASURE, "--where", "office=north,west", "--format", "json").out
    assert list(figures(out).values()) == [(2, 3)]
    out = run(*MEASURE, "--parameter", "deadline=copenhagen/rent-tribunal-goal", "--format", "json").out
    assert list(figures(out).values()) == [(3, 3)]
    out = run(*MEASURE, "--by", "office", "--undeclared", "shown", "--format", "json").out
    assert [(each["office"], each["numerator"]) for each in json.loads(out)["figures"]] == [("north", 2), ("south", 0)]


def test_danish_files_are_read_by_their_own_columns(run: Run, folder: Path) -> None:
    text = "Brev;Modtaget;Besvaret\n1;01-03-2010;15-03-2010\n2;01-03-2010;16-03-2010\n"
    folder.joinpath("breve.csv").write_text(text, encoding="iso-8859-1")
    named = ("letter=Brev", "received_on=Modtaget", "answered_on=Besvaret")
    columns = [word for each in named for word in ("--column", each)]
    done = run("measure", METRIC, "breve.csv", "--danish", *columns, "--as-of", "2010-08-01", "--format", "json")
    assert list(figures(done.out).values()) == [(1, 2)]
    done = run(
        "measure", METRIC, "breve.csv", "--danish", *columns, "--column", "answered_on=", "--as-of", "2010-08-01"
    )
    assert "0.0 %" in spaced(done.out)


def test_findings_are_written_on_request(run: Run, folder: Path) -> None:
    assert run(*MEASURE, "--findings", "findings.csv").code == 0
    with folder.joinpath("findings.csv").open(encoding="utf-8", newline="") as file:
        assert [line[1:4] for line in csv.reader(file)][1:] == [["6", "received_on", "unreadable value"]]
    done = run(*MEASURE, "--findings", "no-such-folder/findings.csv")
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("measure", "letters.answered", "letters.csv", "--as-of", "2010-08-01"), 3, METRIC),
        (("measure", METRIC, "nowhere.csv", "--as-of", "2010-08-01"), 3, "nowhere.csv"),
        (("measure", METRIC, "letters.csv"), 2, "--as-of"),
        ((*MEASURE, "--column", "letter=Brev"), 3, "Brev"),
        ((*MEASURE, "--column", "letter"), 2, "name=value"),
        ((*MEASURE, "--reading", "cohort=ripe"), 3, "received: "),
        ((*MEASURE, "--parameter", "limit=3"), 3, "deadline"),
        ((*MEASURE, "--parameter", "deadline=nobody/knows"), 3, "copenhagen/reply-guarantee"),
        ((*MEASURE, "--by", "queue"), 2, "queue"),
        ((*MEASURE, "--where", "queue=main"), 2, "queue"),
        ((*MEASURE, "--period", "2010-13"), 2, "2010-H1"),
        ((*MEASURE, "--calendar", "dk-school"), 3, "dk-statutory"),
        ((*MEASURE, "--format", "pdf"), 2, "json"),
        (("measure", "letters.failing", "letters.csv", "--as-of", "2010-08-01"), 4, "ZeroDivisionError"),
    ],
)
def test_what_cannot_be_measured_is_said_on_standard_error(
    words: tuple[str, ...], code: int, said: str, run: Run, folder: Path
) -> None:
    done = run(*words, "--findings", "findings.csv")
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert not folder.joinpath("findings.csv").exists()


def test_a_sheet_with_a_title_and_totals(run: Run, folder: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    lines = [line.split(",") for line in (folder / "letters.csv").read_text("utf-8").splitlines()[:6]]
    book = openpyxl.Workbook()
    for line in (["Breve"], *lines, ["I alt", "5"]):
        book.worksheets[0].append(line)
    book.save(folder / "letters.xlsx")
    said = ("measure", METRIC, "letters.xlsx", "--as-of", "2010-08-01", "--format", "json", "--header", "2")
    for totals in ("last", "letter=I alt*"):
        done = run(*said, "--totals", totals)
        assert list(figures(done.out).values()) == [(2, 5)]
        assert json.loads(done.out)["findings"] == []
    assert list(figures(run(*said, "--skip-rows", "1", "--totals", "last").out).values()) == [(1, 4)]
    assert [each["fault"] for each in json.loads(run(*said).out)["findings"]] == [
        "looks like a totals row",
        "unreadable value",
    ]


def options(*each: str) -> tuple[str, ...]:
    return tuple(word for one in each for word in ("--source-option", one))


def test_an_export_that_is_no_plain_table(run: Run, folder: Path) -> None:
    lines = [line.split(",") for line in (folder / "letters.csv").read_text("utf-8").splitlines()[:6]]
    assert lines[0][1:3] == ["received_on", "answered_on"]
    for line in lines[1:]:
        for at in (1, 2):
            line[at] = dt.date.fromisoformat(line[at]).strftime("%d/%m/%y") if line[at] else ""
    text = "\n".join(";".join(line) for line in (["Breve"], [], *lines, ["I alt", "5"]))
    (folder / "export.csv").write_text(text, encoding="iso-8859-1")
    said = ("measure", METRIC, "export.csv", "--as-of", "2010-08-01", "--format", "json", "--danish", "--header", "3")
    told = options("dialect.day=dd/mm/yy", "dialect.pivot=1950")
    done = run(*said, "--totals", "last", *told)
    assert list(figures(done.out).values()) == [(2, 5)]
    assert json.loads(done.out)["findings"] == []
    assert list(figures(run(*said, *told, *options("totals.letter=I alt*", "checks_off=[]")).out).values()) == [(2, 5)]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("constants", "key and value"),
        ("constant.office=Nord", "constants"),
        ("repeated_hour=third", "first, second, unreadable"),
        ("dialect=norwegian", "danish"),
        ("dialect.day=dd-mm-yy", "pivot=1950"),
        ("columns=letter", "table"),
    ],
)
def test_an_option_of_a_source_that_cannot_be(option: str, said: str, run: Run) -> None:
    done = run(*MEASURE, *options(option))
    assert (done.code in (2, 3), done.out) == (True, "")
    assert said in done.err
