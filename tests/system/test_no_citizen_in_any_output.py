"""The example project with citizens planted wherever one can stand: a scan of all bytes that are produced finds none.

What is left out are the worklist and `cases()`: they name cases to whoever manages them, and say so in the
documentation. A planted number has an impossible date.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

for needed in ("typer", "jinja2", "openpyxl", "pandas", "pyarrow", "python_calamine", "casequality_copenhagen.example"):
    pytest.importorskip(needed)

import openpyxl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

import casequality as cq
import casequality_copenhagen.example as example
from casequality.cli import main
from casequality.engines import InProcess, checkpoint
from casequality.engines.counting import SEAL as COUNT
from casequality.errors import CaseQualityError
from casequality.evidence.disclosure.ledger import SEAL as LEDGER
from casequality.metrics.tallies.stored import SEAL as TALLY
from tests.factories.command_line import Install
from tests.factories.pdfs import drawn, draws_pdf
from tests.factories.projects import PLUGIN

NUMBER, NAME, MAIL, CALL = "320199-0000", "Zebedeus", "zebedeus@qvistgaard.dk", "+45 12 34 56 78"
CITIZENS = ("320199", NAME, "Qvistgaard", "qvistgaard", "12 34 56 78")
CITIZEN = f"{NAME} Qvistgaard {NUMBER} {MAIL} {CALL}"
PERIOD = ("--period", "2010-H1", "--as-of", "2010-08-01")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, its keys, open codes, faulty cells, unused columns, sheets and one file's name full of citizens."""
    folder = tmp_path_factory.mktemp("planted")
    example.write(folder)
    for path in (folder / "data").glob("*.csv"):
        encoding = "utf-8" if _is_utf_8(path) else "iso-8859-1"
        header, *lines = path.read_text(encoding).splitlines()
        for center, citizen in (("Vest", CITIZEN), ("Syd", f"{NAME} Qvistgaard"), ("Nord", MAIL)):
            lines = [line.replace(f";{center}", f";{citizen}") for line in lines]
        # the keys too, alike in the tables of children; a column that nobody asks for, and a row that cannot be read
        lines = [line.replace("DEMO-", f"{NUMBER} {NAME} ") + f";{CITIZEN}" for line in lines]
        lines.append(";".join([CITIZEN] * (lines[0].count(";") + 1)))
        path.write_text("\n".join([f"{header};{CITIZEN}", *lines, ""]), encoding)
    for path in (folder / "data").glob("*.parquet"):
        table = pq.read_table(path)
        pq.write_table(table.append_column(CITIZEN, pa.array([CITIZEN] * len(table))), path)
    book = openpyxl.load_workbook(folder / "data" / "huslejenaevnet.xlsx")
    for row in book["Sager"].iter_rows(min_row=2, max_col=1):
        row[0].value = f"{CITIZEN} {row[0].value}"
    book.create_sheet(f"{NAME} {NUMBER}", 0)["A1"] = CITIZEN
    book.save(folder / "data" / "huslejenaevnet.xlsx")
    (folder / "data" / "tilfredshed-2010.csv").rename(folder / "data" / f"{NUMBER}.csv")
    project = folder / "casequality.toml"
    project.write_text(project.read_text("utf-8").replace("data/tilfredshed-2010.csv", f"data/{NUMBER}.csv"), "utf-8")
    return folder


def _is_utf_8(path: Path) -> bool:
    with contextlib.suppress(UnicodeDecodeError):
        return bool(path.read_bytes().decode("utf-8"))
    return False


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file's bytes as they are, and what is packed in them."""
    yield name, content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield f"{name}, names", "\n".join(archive.namelist()).encode()
            for each in archive.namelist():
                yield from unpacked(f"{name}/{each}", archive.read(each))
    if content.startswith(b"%PDF"):
        yield from of_pdf(name, content)
    for seal in (TALLY, COUNT, checkpoint.SEAL, LEDGER):
        if content.startswith(seal.line):
            opened = seal.open(content, name)
            yield f"{name}, head", json.dumps(opened.head, ensure_ascii=False).encode()
            yield from unpacked(f"{name}, body", opened.body)


def of_pdf(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what a PDF shows, is called and has attached, its parts unpacked, and the manifest in its comments."""
    import pypdf
    from pypdf.generic import StreamObject

    reader = pypdf.PdfReader(io.BytesIO(content))
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        yield f"{name}, page {number}", text.encode("utf-8", "replace")
        # a word or a number may be broken at the end of a line
        yield f"{name}, page {number}, lines joined", re.sub(r"[-\u00ad]?\n", "", text).encode("utf-8", "replace")
    yield f"{name}, metadata", f"{reader.metadata}".encode()
    for attached, contents in reader.attachments.items():
        yield f"{name}, name of an attachment", attached.encode()
        for each in contents:
            yield from unpacked(f"{name}, {attached}", each)
    for number in reader.xref[0] | reader.xref_objStm:
        part = reader.get_object(number)
        yield f"{name}, object {number}", repr(part).encode("utf-8", "replace")
        if isinstance(part, StreamObject) and part.get("/Subtype") != "/Image":
            # parts that are packed together follow a list of where each begins, numbers as long as a citizen's
            yield f"{name}, stream {number}", part.get_data()[int(part.get("/First", 0)) :]
    yield f"{name}, comments", b"".join(re.findall(rb"^%casequality (.*)$", content, re.MULTILINE))


def found_in(name: str, content: bytes | str) -> list[str]:
    """Return where a citizen stands in what was produced."""
    whole = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    return [
        f"{where}: {citizen}, {bytes(held[max(0, at - 60) : at + 60])!r}"
        for where, held in unpacked(name, whole)
        for citizen in CITIZENS
        for spelling in {citizen.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "iso-8859-1")}
        if (at := held.find(spelling)) >= 0
    ]


class Terminal(io.TextIOWrapper):
    """An output that a command takes for a terminal, to which it shows how far it has come."""

    def isatty(self) -> bool:
        return True


def command(*words: str, output: type[io.TextIOWrapper] = io.TextIOWrapper) -> str:
    """Return all that a command prints, on either output."""
    out = output(io.BytesIO(), "utf-8")
    before = sys.argv
    sys.argv = ["casequality", *words]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out), pytest.raises(SystemExit):
            main()
    finally:
        sys.argv = before
    out.flush()
    buffer: Any = out.buffer
    return str(buffer.getvalue().decode("utf-8"))


BENEFITS, CENTRE = "data/ydelsessager.csv", f"data/{NUMBER}.csv"
COLUMNS = {
    "row": "Nr",
    "asked_on": "Spurgt",
    "answered_on": "Svaret",
    "answer": "Svar",
    "weight": "Vaegt",
    "side": "Side",
    "centre": "Center",
    "target_group": "Maalgruppe",
    "parameter": "Emne",
    "channel": "Kanal",
}
ANSWERS = {"tilfreds": "satisfied", "utilfreds": "dissatisfied"}
SURVEY = (
    *("--danish", *(word for field, column in COLUMNS.items() for word in ("--column", f"{field}={column}"))),
    *(word for answer, label in ANSWERS.items() for word in ("--source-option", f"codes.answer.{answer}={label}")),
)
FORMS = ("text", "json", "csv", "md", "html")
PDF = (".pdf",) if draws_pdf() else ()
COMMANDS = {
    **{f"report {form}": ("report", "casequality.toml", *PERIOD, "--format", form) for form in FORMS},
    "report, files": (
        "report",
        "casequality.toml",
        *PERIOD,
        "--out",
        "r.html",
        "--findings",
        "f.csv",
        "--keep",
        "keep",
    ),
    "report, published": (
        *("report", "publishing.toml", *PERIOD, "--publish"),
        *(word for form in (".html", ".xlsx", ".csv", ".json", ".md") for word in ("--out", f"p{form}")),
    ),
    "report, .xlsx": ("report", "casequality.toml", *PERIOD, "--out", "r.xlsx"),
    **{
        f"report, {form}": ("report", "casequality.toml", *PERIOD, "--form", "summary", "--out", f"r{form}")
        for form in PDF
    },
    **{
        f"report, published {form}": ("report", "small.toml", *PERIOD, "--publish", "--out", f"p{form}") for form in PDF
    },
    "measure, published": (
        *("measure", "citizen-service.experience", CENTRE, "--as-of", "2010-08-01", *SURVEY),
        *("--by", "centre", "--publish", "publishing.toml", "--out", "m.xlsx"),
    ),
    "verify, no such file": ("verify", f"{NUMBER}.html", "publishing.toml"),
    "due": ("due", "casequality.toml", "--on", "2010-08-01"),
    "goals readings": ("goals", "readings", "casequality.toml", "okf.citizen-service.satisfaction", *PERIOD),
    "goals signals": ("goals", "signals", "casequality.toml", "okf.benefits.decided-in-time", *PERIOD),
    "goals funnel": (
        "goals",
        "funnel",
        "casequality.toml",
        "okf.citizen-service.satisfaction",
        *PERIOD,
        "--by",
        "centre",
    ),
    "goals list": ("goals", "list", "local-goals.toml"),
    **{
        f"measure {form}": (
            *("measure", "citizen-service.experience", CENTRE, "--as-of", "2010-08-01", *SURVEY),
            *("--by", "centre", "--format", form, "--findings", "m.csv"),
        )
        for form in FORMS
    },
    **{f"look {form}": ("look", CENTRE, "--format", form) for form in ("text", "json", "md", "html")},
    "look, a sheet": ("look", "data/huslejenaevnet.xlsx"),
    "look, no header": ("look", "without.csv"),
    "measure, no header": ("measure", "citizen-service.experience", "without.csv", "--as-of", "2010-08-01"),
    "measure, a header of citizens": ("measure", "citizen-service.experience", CENTRE, "--as-of", "2010-08-01"),
    "measure, an unknown sheet": (
        *("measure", "rent-tribunal.closed-in-time", "data/huslejenaevnet.xlsx"),
        *("--as-of", "2010-08-01", "--sheet", "x"),
    ),
    "measure, other columns": (
        "measure",
        "citizen-service.experience",
        "data/*er.csv",
        "--as-of",
        "2010-08-01",
        "--danish",
    ),
    "measure, no such file": ("measure", "citizen-service.experience", f"{NUMBER}.csv", "--as-of", "2010-08-01"),
    "a comment with a citizen": ("report", "talkative.toml", *PERIOD),
    "a name with a citizen": ("goals", "check", "named.toml"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_no_citizen_is_in_what_a_command_prints_or_writes(
    name: str, planted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(planted)
    if "--publish" in COMMANDS[name]:
        pytest.importorskip("scipy")
    (planted / "without.csv").write_text(f"{NAME};{NUMBER};{MAIL}\nQvistgaard;{NUMBER};{CALL}\n", "utf-8")
    project = (planted / "casequality.toml").read_text("utf-8")
    (planted / "talkative.toml").write_text(project.replace("kommentarer.toml", "snak.toml"), "utf-8")
    policy = '[publish]\nthreshold = 5\nledger = "published.ledger"\n'
    (planted / "publishing.toml").write_text(f"{project}\n{policy}", "utf-8")
    few = project.replace('["copenhagen-2010", "local-goals.toml"]', '["local-goals.toml"]')
    (planted / "small.toml").write_text(f"{few}\n{policy}", "utf-8")
    comments = (planted / "kommentarer.toml").read_text("utf-8")
    (planted / "snak.toml").write_text(
        comments + f'\n[[comment]]\ngoal = "x"\nperiod = "2010-H1"\ncauses = "{NUMBER}"\n', "utf-8"
    )
    goals = (planted / "local-goals.toml").read_text("utf-8")
    (planted / "named.toml").write_text(goals.replace('da = "', f'da = "{CALL} ', 1), "utf-8")
    before = {path for path in planted.rglob("*") if path.is_file()}
    printed = command(*COMMANDS[name])
    assert printed
    if name.startswith(("a comment", "a name")):
        assert "would be published" in printed or "En tekst indeholder" in printed
        assert "remedy" in printed or "udvej" in printed
    assert found_in("printed", printed) == []
    written = [path for path in planted.rglob("*") if path.is_file() and path not in before]
    for path in written:
        assert found_in("name", str(path.relative_to(planted))) == []
        assert found_in(str(path.relative_to(planted)), path.read_bytes()) == []
        path.unlink()
    assert bool(written) == any(word in ("--findings", "--out") for word in COMMANDS[name])


def test_no_citizen_is_in_what_a_store_keeps_and_tells(planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(planted)
    before = {path for path in planted.rglob("*") if path.is_file()}
    told = ("--who", "101", "--period", "2010-H1", "--extract", "2010-08-01", "--as-of", "2010-08-01")
    for words in (
        ("deliver", "kept", "casequality.toml", *told),
        ("release", "kept", "--note", "Half-yearly report"),
        ("release", "kept", "--note", f"for {NAME} {NUMBER}"),
        ("list", "kept"),
        ("log", "kept"),
        ("check", "kept"),
        (
            "history",
            "kept",
            "casequality.toml",
            "okf.rent-tribunal.closed-in-time",
            "--period",
            "2010-H1",
            "--by",
            "month",
        ),
    ):
        printed = command("store", *words)
        assert printed
        assert found_in(" ".join(words), printed) == [], words
    written = [path for path in planted.rglob("*") if path.is_file() and path not in before]
    assert len(written) > 6
    for path in written:
        assert found_in("name", str(path.relative_to(planted))) == []
        assert found_in(str(path.relative_to(planted)), path.read_bytes()) == []
        path.unlink()


def test_no_citizen_is_in_how_far_a_command_has_come(planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(planted)
    printed = command(*COMMANDS["measure text"], output=Terminal)
    assert "rows" in printed
    assert found_in("printed", printed) == []


@pytest.mark.skipif(not PDF, reason="commands that write PDF are not among those here")
def test_the_page_says_how_many_commands_are_scanned() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/pages/explanation/personal-data.md").read_text("utf-8")
    assert f"scans every byte of what {len(COMMANDS)} commands print and write" in page


@pytest.mark.parametrize(
    "planted_in",
    [{"text": f"for {NAME}"}, {"text": "x", "title": f"for {NAME}"}, {"text": "x", "attached": f"{NAME}.csv"}],
)
def test_the_plant_would_be_found_in_a_pdf(planted_in: dict[str, str]) -> None:
    pytest.importorskip("pypdf")
    content = drawn(**planted_in)
    assert found_in("page.pdf", content)
    manifest = json.dumps({"filled": "x" * 190, "who": NAME})
    parts = "\n".join(f"%casequality {manifest[start : start + 200]}" for start in range(0, len(manifest), 200))
    assert found_in("page.pdf", drawn("x") + parts.encode())


def test_the_plant_would_be_found(planted: Path) -> None:
    """In the data it is everywhere, in a workbook and in a sealed file too."""
    for path in (planted / "data").iterdir():
        assert found_in(path.name, path.read_bytes()) or path.suffix == ".parquet", path
    head = TALLY.close({"labels": [NAME]}, NUMBER.encode())
    assert len(found_in("tally", head)) == 3  # in the head as it lies there, in the head and in the body
    assert found_in("ledger", LEDGER.close({}, NUMBER.encode()))
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NAME}.xml", "x")
        archive.writestr("docProps/core.xml", f"<creator>{NAME}</creator>")
    assert [each.partition(":")[0] for each in found_in("book", book.getvalue())][-2:] == [
        "book, names",
        "book/docProps/core.xml",
    ]


def test_no_citizen_is_in_what_python_shows_or_stores(planted: Path, tmp_path: Path) -> None:
    given: dict[str, Any] = {"as_of": "2010-08-01", "dialect": cq.Dialect.danish(), "columns": COLUMNS}
    given["codes"] = {"answer": ANSWERS}
    path, metric = planted / CENTRE, "citizen-service.experience"
    result = cq.measure(
        metric, path, by="centre", undeclared="hashed", engine=InProcess(keep=tmp_path / "keep"), **given
    )
    table = result.to_frame("pandas")
    for shown in (repr(result), str(result.table()), result.to_dict(), result.table().html(), table, table.to_csv()):
        assert found_in("shown", str(shown)) == []
    result.findings.write_csv(tmp_path / "findings.csv")
    # without a declared list, names stand in a tally as they are in memory: numbers and addresses never do
    raw = cq.tally(metric, path, by="centre", **given)
    assert not [each for each in found_in("labels", repr(raw.parts)) if "320199" in each or "qvistgaard" in each]
    made = cq.tally(metric, path, by="centre", undeclared="hashed", **given)
    made.save(tmp_path / "one.tally")
    store = cq.store(tmp_path / "store")
    store.put(made, who="101", period="2010-06", extract="2010-08-01", source=path)
    with pytest.raises(CaseQualityError, match="would be published"):
        store.put(made, who=NUMBER, period="2010-07", extract="2010-08-01")
    assert store.tallies(apart=True).parts
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert len(files) > 6
    for each in files:
        assert found_in("name", str(each.relative_to(tmp_path))) == []
        assert found_in(str(each.relative_to(tmp_path)), each.read_bytes()) == []


FAULTS: dict[str, str] = {
    "raises": f"raise ValueError({CITIZEN!r})",
    "raises one of ours": f"from casequality.errors import InputError; raise InputError('no', got={NUMBER + MAIL!r})",
    "raises a fault of a fault": f"raise KeyError({CITIZEN!r}) from ValueError({CITIZEN!r})",
    "fails on a row": "raise ValueError(str(letters.letter[0]))",
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("traceback", ["0", "1"])
def test_no_citizen_is_in_what_is_told_of_a_plugin_that_fails(
    name: str, traceback: str, install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = "        return cq.Contribution("
    install("failing-plugin", PLUGIN.replace(place, f"        if len(letters): {FAULTS[name]}\n{place}", 1))
    path = tmp_path / "letters.csv"
    path.write_text(f"letter,received_on,answered_on,office\n{CITIZEN},2010-03-01,,{NAME}\n", "utf-8")
    monkeypatch.setenv("CASEQUALITY_TRACEBACK", traceback)
    printed = command("measure", "letters.answered-in-time", str(path), "--as-of", "2010-08-01")
    assert "letters" in printed or "no\n" in printed
    # the line of the plugin's own code is shown on request: what its author wrote there is no citizen's
    shown = "\n".join(line for line in printed.splitlines() if "if len(letters): " not in line)
    assert found_in("told", shown) == []


def test_what_is_internal_says_so(tmp_path: Path) -> None:
    """`cases()` names the cases of a figure, and a worklist its cases, to whoever has the records."""
    path = tmp_path / "letters.csv"
    path.write_text(f"letter,received_on,answered_on\n{CITIZEN},2010-03-01,2010-03-02\n", "utf-8")
    result = cq.measure("example.answered-in-time", path, as_of="2010-08-01", period="2010")
    outcome = next(name for name, rows in result["2010"].figure.outcomes.items() if rows)
    assert found_in("cases", str(result["2010"].cases(outcome).keys))
    page = Path(__file__).resolve().parents[2] / "docs/pages/explanation/personal-data.md"
    text = page.read_text("utf-8")
    for internal in ("worklist", "`cases()`", "`--undeclared shown`"):
        assert internal in text
