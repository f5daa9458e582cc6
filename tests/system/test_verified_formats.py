"""A report in each format that has a manifest: it verifies, and one row, goal or digit that is another is found."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

for needed in ("jinja2", "typer", "openpyxl", "scipy"):
    pytest.importorskip(needed)

import openpyxl

from casequality.evidence.disclosure import Ledger
from tests.factories.command_line import Finished, Run
from tests.factories.pdfs import draws_pdf
from tests.factories.projects import PROJECT, goal_file

REPORT = ("report", "casequality.toml", "--period", "2010-H1", "--as-of", "2010-08-01", "--lang", "en", "--quiet")
POLICY = '[publish]\nthreshold = 5\nledger = "published.ledger"\n'
LETTERS = "\n".join(
    [
        "letter,received_on,answered_on,office",
        *(f"{n},2010-03-01,2010-03-{'02' if n > 20 else '30'},north" for n in range(1, 61)),
        "",
    ]
)
"""40 of 60 in time, which is 66.7 %; none of the counts is small."""


NEEDS_PDF = pytest.mark.skipif(not draws_pdf(), reason="no WeasyPrint with Pango, or no pypdf")
PDF = pytest.param(".pdf", marks=NEEDS_PDF)
FORMATS = [(ending, True) for ending in (".html", ".xlsx", ".json", ".csv", ".pdf")]
FORMATS += [(ending, False) for ending in (".html", ".xlsx", ".pdf")]
EACH = [
    pytest.param(ending, public, marks=NEEDS_PDF if ending == ".pdf" else (), id=ending + " public" * public)
    for ending, public in FORMATS
]
Write = Callable[[str, bool], Path]


@pytest.fixture(scope="module")
def kept() -> dict[tuple[str, bool], dict[str, bytes]]:
    """What each report was written as, with its ledger and manifest: a PDF takes seconds, and each test has a copy."""
    return {}


@pytest.fixture
def report(run: Run, folder: Path, kept: dict[tuple[str, bool], dict[str, bytes]]) -> Write:
    """Return what writes a report in a format, published for the first time or not."""
    folder.joinpath("letters.csv").write_text(LETTERS, "utf-8")
    folder.joinpath("casequality.toml").write_text(PROJECT.replace("[sources", f"{POLICY}[sources", 1), "utf-8")

    def written(ending: str, public: bool) -> Path:
        if (ending, public) not in kept:
            folder.joinpath("published.ledger").unlink(missing_ok=True)
            before = {*folder.iterdir()}
            done = run(*REPORT, *["--publish"] * public, "--out", f"report{ending}")
            assert done.code == 0, done.err
            kept[ending, public] = {each.name: each.read_bytes() for each in {*folder.iterdir()} - before}
        for name, content in kept[ending, public].items():
            folder.joinpath(name).write_bytes(content)
        return folder / f"report{ending}"

    return written


def verify(run: Run, page: Path, *words: str) -> Finished:
    return run("verify", str(page), *words, "--quiet", "--format", "json")


def rows(done: Finished) -> list[list[str]]:
    """Return the places that differ: goal, place, what the report says, what was found, and why."""
    found: list[list[str]] = json.loads(done.out)["rows"]
    return found


@pytest.mark.parametrize(("ending", "public"), EACH)
def test_it_verifies_with_its_project_and_alone(ending: str, public: bool, run: Run, report: Write) -> None:
    page = report(ending, public)
    assert page.with_name(f"{page.name}.manifest.json").exists() == (ending == ".csv")
    for words in (("casequality.toml",), ()):
        done = verify(run, page, *words)
        assert (done.code, done.out.count("rows")) == (0, 0), (done.out, done.err)


@pytest.mark.parametrize(("ending", "public"), EACH)
def test_one_changed_row_is_found_and_is_of_the_data(
    ending: str, public: bool, run: Run, report: Write, folder: Path
) -> None:
    """41 of 60 are 68.3 %."""
    page = report(ending, public)
    folder.joinpath("letters.csv").write_text(LETTERS.replace("2010-03-30", "2010-03-02", 1), "utf-8")
    folder.joinpath("casequality.toml").write_text(
        folder.joinpath("casequality.toml")
        .read_text("utf-8")
        .replace("threshold = 5", 'threshold = 5\nrevisions = "public"')
        if public
        else folder.joinpath("casequality.toml").read_text("utf-8"),
        "utf-8",
    )
    done = verify(run, page, "casequality.toml")
    assert done.code == 5
    told = rows(done)
    assert any("66.6" in row[2] or "66.7" in row[2] for row in told)
    assert any("68.3" in row[3] for row in told)
    assert all("data" in row[4] or "policy" in row[4] for row in told)
    assert verify(run, page).code == 0  # the file itself is as it was written


@pytest.mark.parametrize(("ending", "public"), EACH)
def test_one_changed_goal_is_found_and_named(ending: str, public: bool, run: Run, report: Write, folder: Path) -> None:
    page = report(ending, public)
    goals = goal_file("at least 30 %", "at least 35 %", "at least 60 %")
    folder.joinpath("goals.toml").write_text(goals, encoding="utf-8")
    done = verify(run, page, "casequality.toml")
    assert done.code == 5
    assert rows(done)
    assert all("definition: g2, target: at least 45 % -> at least 35 %" in row[4] for row in rows(done))


def in_workbook(page: Path) -> None:
    book = openpyxl.load_workbook(page)
    place = next(cell for row in book.worksheets[0] for cell in row if cell.value == 66.7)
    place.value = 67.7
    book.save(page)


SAME_TWICE = re.compile(rb"<(\w{4})>([-\d.]*)<\1>([-\d.]*)<(\w{4})>([-\d.]*)<(\w{4})>")
"""How a PDF draws 66.7, glyph by glyph, and 00.0, or two letters that are the same."""


def in_pdf(page: Path) -> None:
    """Write another digit as somebody would who keeps the comments: 67.7 in place of 66.7."""
    import pypdf
    from pypdf.generic import ContentStream, NameObject

    def read(pdf: bytes) -> list[str]:
        return [each.extract_text() for each in pypdf.PdfReader(io.BytesIO(pdf)).pages]

    content = page.read_bytes()
    place, before = next((number, text) for number, text in enumerate(read(content)) if "66.7" in text)
    drawn = pypdf.PdfReader(io.BytesIO(content)).pages[place].get_contents()
    assert drawn is not None
    data, edited = drawn.get_data(), b""
    for found in SAME_TWICE.finditer(data):
        writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(content)))
        stream = ContentStream(None, writer)
        stream.set_data(data[: found.start()] + found.expand(rb"<\1>\2<\6>\3<\4>\5<\6>") + data[found.end() :])
        writer.pages[place][NameObject("/Contents")] = writer._add_object(stream)
        out = io.BytesIO()
        writer.write(out)
        if read(out.getvalue())[place] == before.replace("66.7", "67.7", 1):
            edited = out.getvalue()
            break
    comments = b"\n".join(line for line in content.split(b"\n") if line.startswith(b"%casequality"))
    at = edited.rindex(b"startxref")
    page.write_bytes(edited[:at] + comments + b"\n" + edited[at:])


def in_text(page: Path) -> None:
    text = page.read_text("utf-8")
    # JSON has the figure as it is, other formats as it is shown
    before, after = ("66.66666666666667", "67.66666666666667") if page.suffix == ".json" else ("66.7", "67.7")
    page.write_text(text.replace(before, after, 1), "utf-8")


EDITED = {".xlsx": in_workbook, ".pdf": in_pdf}


@pytest.mark.parametrize(("ending", "public"), EACH)
def test_one_edited_digit_is_found_where_it_stands(ending: str, public: bool, run: Run, report: Write) -> None:
    page = report(ending, public)
    EDITED.get(ending, in_text)(page)
    done = verify(run, page, "casequality.toml")
    assert done.code == 5
    [found] = rows(done)
    assert "67.7" in found[2] or "67.66" in found[2]
    assert "66.7" in found[3] or "66.66" in found[3]
    assert (found[1] != "", found[4]) == (True, "the page was changed after it was written")
    assert verify(run, page).code == 5


@pytest.mark.parametrize("ending", [".xlsx", ".json", ".csv", PDF])
def test_what_has_no_manifest_is_refused(ending: str, run: Run, report: Write, folder: Path) -> None:
    page = report(ending, True)
    whole = page.read_bytes()
    if ending == ".csv":
        folder.joinpath(f"report{ending}.manifest.json").unlink()
    for content in (
        whole if ending == ".csv" else b"",
        b"%PDF-1.7 startxref",
        b'{"a": [',
        b"[" * 100_000,
        whole[: len(whole) // 2],
    ):
        page.write_bytes(content)
        done = verify(run, page)
        assert done.code == 3, content[:20]
        assert "no report that can be verified" in done.err
    if ending == ".xlsx":
        book = openpyxl.Workbook()
        out = io.BytesIO()
        book.save(out)
        page.write_bytes(out.getvalue())
        assert verify(run, page).code == 3


def test_the_manifest_of_each_format_says_the_same(run: Run, report: Write) -> None:
    held = json.loads(report(".json", True).read_text("utf-8"))["manifest"]
    beside = json.loads(report(".csv", True).with_name("report.csv.manifest.json").read_text("utf-8"))
    book = openpyxl.load_workbook(report(".xlsx", True))
    sheet = json.loads("".join(str(row[0]) for row in book["Manifest"].iter_rows(values_only=True)))
    for each in (held, beside, sheet):
        each.pop("digest")
        each.pop("editions")
    assert held == beside == sheet
    assert held["told"]["g1"][0] == "200/3"
    assert run("verify", "report.json", "--quiet").code == 0


def test_a_ledger_is_read_as_it_was_when_the_edition_was_published(run: Run, report: Write, folder: Path) -> None:
    """40 of 60 in time were told first; then 46 of 66, then 41 of 66.

    With the later editions, the first would be told as one more than was told last, and withheld.
    """
    page = report(".json", True)
    letters, head = folder / "letters.csv", LETTERS.splitlines()[0]
    for early, every in ((46, 66), (41, 66)):
        days = [f"{n},2010-03-01,2010-03-{'02' if n <= early else '30'},north" for n in range(1, every + 1)]
        letters.write_text("\n".join([head, *days, ""]), "utf-8")
        assert run(*REPORT, "--publish", "--out", "later.json").code == 0
    told = [
        {each.value for each in edition.told if each.part == "yes"}
        for edition in Ledger.load(folder / "published.ledger").editions
    ]
    assert [{46} <= told[1], {41} <= told[2]] == [True, True]
    letters.write_text(LETTERS, "utf-8")
    done = verify(run, page, "casequality.toml")
    assert (done.code, done.out.count("rows")) == (0, 0), done.out
    # and the same edition published now is another one
    assert run(*REPORT, "--publish", "--out", "now.json").code == 0
    plain = json.loads(folder.joinpath("now.json").read_text("utf-8"))
    assert {goal["state"] for goal in plain["goals"]} == {"withheld"}
