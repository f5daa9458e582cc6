"""Which records what is in a file could feed, and the table to paste: looked at, pasted, measured."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import casequality as cq
from casequality.desk import Look, records_of
from casequality.desk.projects import load_project
from casequality.errors import UnknownName, UsageError
from casequality.records.intake.readers.csv_files import CsvTable
from tests.factories.command_line import Install
from tests.factories.projects import PLUGIN

openpyxl = pytest.importorskip("openpyxl")

ROOT = Path(__file__).resolve().parents[3]
PROJECT = 'title = "Pasted"\ngoals = []\n\n'


def opened(looked: Look, folder: Path, metric: str, filled_in: str = "") -> Any:
    """Return the source that the pasted table opens, in a project file beside the data."""
    records = records_of(metric).name
    path = folder / "casequality.toml"
    path.write_text(PROJECT + looked.sources_of(records) + filled_in, encoding="utf-8")
    project = load_project(path)
    return project.sources[records].open(records_of(metric), project.zone)


def figure(looked: Look, folder: Path, metric: str, **asked: Any) -> tuple[int | None, int | None]:
    source = opened(looked, folder, metric)
    result = cq.measure(metric, source, as_of="2010-08-01", **asked)
    [found] = list(result)
    assert found.value is not None
    return found.value.numerator, found.value.denominator


LETTERS: Sequence[tuple[Any, Any, Any]] = [
    # received, answered; ten working days from 22 April 2010 end on 7 May, as the tutorial counts on paper
    (1, dt.date(2010, 4, 22), dt.date(2010, 5, 7)),
    (2, dt.date(2010, 4, 22), dt.date(2010, 5, 10)),
    (3, dt.date(2010, 4, 22), dt.date(2010, 4, 23)),
    (4, dt.date(2010, 4, 22), None),
]
IN_TIME = "letters.answered-in-time"


@pytest.fixture
def letters(install: Install) -> None:
    """Install the plugin of letters alone; what is shipped need not be there."""
    install("letters-plugin", PLUGIN)


with_letters = pytest.mark.usefixtures("letters")


@with_letters
def test_danish_csv_is_looked_at_pasted_and_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["Brev;Modtaget;Besvaret;Beløb"]
    lines += [f"{n};{a:%d-%m-%Y};{b:%d-%m-%Y};1.234,5" if b else f"{n};{a:%d-%m-%Y};;2,5" for n, a, b in LETTERS]
    (tmp_path / "breve.csv").write_text("\n".join(lines), encoding="iso-8859-1")
    monkeypatch.chdir(tmp_path)
    looked = cq.look("breve.csv", records="letters")
    assert 'dialect = "danish"' in looked.sources
    assert figure(looked, tmp_path, IN_TIME) == (2, 4)


@with_letters
def test_american_csv_is_looked_at_pasted_and_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["letter id,received date,reply sent"]
    lines += [f"{n},{a:%m/%d/%Y},{b:%m/%d/%Y}" if b else f"{n},{a:%m/%d/%Y}," for n, a, b in LETTERS]
    (tmp_path / "letters.csv").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert figure(cq.look("letters.csv"), tmp_path, IN_TIME) == (2, 4)


@with_letters
def test_an_export_of_excel_is_looked_at_pasted_and_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Forside"
    sheet.append(["Om dette udtræk"])
    sheet = book.create_sheet("Breve 2010")
    sheet.append(["Breve, 1. halvår"])
    sheet.append([])
    sheet.append(["Brev", "Datoer", None])
    sheet.append([None, "modtaget", "besvaret"])
    for number, received, answered in LETTERS:
        sheet.append([number, received, f"{answered:%d-%m-%Y}" if answered else None])
    sheet.append(["I alt", 4, 3])
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("B3:C3")
    book.save(tmp_path / "breve.xlsx")
    monkeypatch.chdir(tmp_path)
    looked = cq.look("breve.xlsx", sheet="Breve 2010")
    for line in ('sheet = "Breve 2010"', 'header = "3-4"', 'totals = "last"'):
        assert line in looked.sources
    assert figure(looked, tmp_path, IN_TIME) == (2, 4)


@with_letters
@pytest.mark.skipif("header" not in CsvTable.options, reason="a header of a CSV file cannot be declared yet")
def test_csv_with_title_and_totals_is_looked_at_pasted_and_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["Udtræk af breve", "", "Brev;Modtaget;Besvaret"]
    lines += [f"{n};{a:%d-%m-%Y};{b:%d-%m-%Y}" if b else f"{n};{a:%d-%m-%Y};" for n, a, b in LETTERS]
    (tmp_path / "breve.csv").write_text("\n".join([*lines, "I alt;4;3"]), encoding="iso-8859-1")
    monkeypatch.chdir(tmp_path)
    assert figure(cq.look("breve.csv"), tmp_path, IN_TIME) == (2, 4)


@with_letters
def test_parquet_is_looked_at_pasted_and_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    numbers, received, answered = (list(column) for column in zip(*LETTERS, strict=True))
    table = pa.table({"id": numbers, "received_on": received, "answered_on": answered})
    parquet.write_table(table, tmp_path / "letters.parquet")
    monkeypatch.chdir(tmp_path)
    assert figure(cq.look("letters.parquet"), tmp_path, IN_TIME) == (2, 4)


def test_the_example_of_the_pages_gives_its_published_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("casequality_rent_tribunal", reason="its plugin is not installed")
    shutil.copy(ROOT / "src/casequality/cli/project_template/huslejesager.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    looked = cq.look("huslejesager.csv")
    assert looked.fits[0].records.name == "tribunal_cases"
    assert looked.fits[0].missing == ()
    assert "# codes: of 5 distinct values for ending, 0 are its labels" in looked.sources
    codes = (
        'codes = { ending = { Afgjort = "decided", Forlig = "settled", "Hævet" = "withdrawn", Afvist = "dismissed" } }'
    )
    metric = "rent-tribunal.closed-in-time"
    accounts = cq.measure(metric, opened(looked, tmp_path, metric, codes), as_of="2010-08-01").accounts
    # as docs/pages/how-to/map-columns.md says of the same file
    assert (accounts["read"], accounts["set aside"]) == (240, 3)


def test_what_tells_nothing_is_a_comment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("casequality_rent_tribunal", reason="its plugin is not installed")
    lines = ["Sag;Modtaget;Udfald", *(f"{n};0{n}-02-2010;{'decided' if n < 3 else 'andet'}" for n in range(1, 8))]
    (tmp_path / "sager.csv").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    looked = cq.look("sager.csv", records="tribunal_cases")
    comments = [line for line in looked.sources.splitlines() if line.startswith("#")]
    assert comments[0] == "# dialect: whether the day or the month comes first, nothing tells in column 2"
    assert comments[1] == "# codes: of 2 distinct values for ending, 1 are its labels; say what"
    assert "andet" not in looked.sources
    assert "closed_on = false" in looked.sources


def test_flags_and_marks_are_proposed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, install: Install) -> None:
    install("visits-plugin", VISITS)
    lines = [
        "Nr,Visited On,Ended On,Urgent",
        *(f"{n},2010-02-1{n},9999-12-31,{'Ja' if n % 2 else 'Nej'}" for n in range(9)),
    ]
    (tmp_path / "visits.csv").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    looked = cq.look("visits.csv")
    assert 'codes = { urgent = { "Nej" = "no", "Ja" = "yes" } }' in looked.sources
    assert 'marks = { ended_on = { "9999-12-31" = "not over" } }' in looked.sources
    assert figure(looked, tmp_path, "visits.urgent") == (4, 9)


VISITS = '''
import attrs
import casequality as cq


class Visit(cq.Records, name="visits"):
    """One visit."""

    visit = cq.key()
    visited_on = cq.day()
    ended_on = cq.day(missing="not over")
    urgent = cq.flag()


@attrs.frozen
class Urgent(cq.Metric):
    """Share of visits that were urgent."""

    id = "visits.urgent"
    version = 1
    title = {"en": "Urgent", "da": "Haster"}
    unit = cq.units.SHARE
    records = Visit
    outcomes = cq.outcomes(urgent=cq.YES, other=cq.NO)
    higher_is_better = False

    def contribute(self, visits, as_of, /):
        """Return whether each visit was urgent."""
        urgent = visits.urgent == "yes"
        return cq.Contribution(on=visits.visited_on, outcome=self.outcomes.pick(urgent=urgent, other=~urgent))


@cq.hookimpl
def casequality_metrics():
    """Return the metric."""
    return [Urgent]
'''


@with_letters
def test_registration_numbers_feed_nothing(tmp_path: Path) -> None:
    lines = ["CPR,Modtaget", *(f"31029{n}-1234,2010-02-01" for n in range(9))]
    (tmp_path / "sager.csv").write_text("\n".join(lines), encoding="utf-8")
    looked = cq.look(tmp_path / "sager.csv")
    assert looked.fits
    assert all(fed.column is None or fed.column.name == "Modtaget" for fit in looked.fits for fed in fit.fields)
    assert looked.to_dict()["columns"][0] == {"place": 1, "name": "CPR", "kind": "registration number"}


def test_without_names_there_is_nothing_to_paste(tmp_path: Path) -> None:
    (tmp_path / "sager.csv").write_text("1,2010-02-01\n2,2010-02-03\n", encoding="utf-8")
    looked = cq.look(tmp_path / "sager.csv")
    assert (looked.fits, looked.sources) == ((), "")
    assert "no row passes the test for a header" in repr(looked)


def test_it_shows_itself_in_both_languages_and_as_plain_data() -> None:
    looked = cq.look(ROOT / "src/casequality/cli/project_template/huslejesager.csv")
    assert "240 rows, 4 columns" in repr(looked)
    assert "240 rækker, 4 kolonner" in looked.text("da")
    assert looked._repr_html_().count("<table>") == len(looked.tables()) + 1
    assert looked.sources in looked.markdown()
    plain = json.loads(json.dumps(looked.to_dict()))
    assert (plain["rows"], plain["columns"][2]["marks"]) == (240, {"9999-12-31": 1})
    assert plain["sources"] == looked.sources


def test_a_source_is_looked_at_as_its_file() -> None:
    path = ROOT / "src/casequality/cli/project_template/huslejesager.csv"
    case = type("Case", (cq.Records,), {"Sagsnr": cq.key()}, name="cases")
    source = cq.source(path, case, dialect=cq.Dialect.danish())
    assert repr(cq.look(source)) == repr(cq.look(path))


@with_letters
def test_words_that_do_not_fit_are_refused() -> None:
    with pytest.raises(UnknownName, match="no columns"):
        cq.look([{"case": 1}]).sources_of("nothing")
    with pytest.raises(UsageError, match="typed already"):
        cq.look(records_of(IN_TIME).empty())
