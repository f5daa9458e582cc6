"""A report in every format: the same figures, native numbers, a tagged PDF, and no format under another's name."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from casequality.errors import UsageError
from casequality.reports import ENDINGS, report_of, written
from tests.factories.assessments import assessment

openpyxl = pytest.importorskip("openpyxl")
pypdf = pytest.importorskip("pypdf")

LANGUAGES = ("da", "en")


def draws_pdf() -> bool:
    """Return whether WeasyPrint is here, and the libraries that it draws with."""
    try:
        import weasyprint  # noqa: F401  the import itself looks for Pango
    except (ImportError, OSError):
        return False
    return True


PDF = pytest.mark.skipif(not draws_pdf(), reason="WeasyPrint, or the Pango that it draws with, is not here")
OF = assessment()


@cache
def made(ending: str, lang: str = "da", form: str = "full") -> bytes:
    """Return the report in a format; a PDF takes a second."""
    return written(OF, f"report{ending}", lang, form=form)


def read_pdf(content: bytes) -> str:
    """Return the words of a PDF in order."""
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def read_workbook(content: bytes) -> str:
    """Return every cell of a workbook as its reader sees it: numbers with the decimals and unit of their format."""
    return "\n".join(
        as_shown(cell) for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet for cell in row
    )


def as_shown(cell: Any) -> str:
    """Return a cell as Excel shows it where the decimal mark is a comma."""
    if cell.data_type != "n" or cell.value is None:
        return str(cell.value or "")
    form = re.fullmatch(r'(?:#,##)?0(?:\.(0+))?(?:" (.*)")?|General', cell.number_format)
    assert form is not None, cell.number_format
    decimals, unit = form.groups()
    shown = f"{cell.value:,.{len(decimals or '')}f}".translate(str.maketrans(",.", ".,"))
    return f"{shown} {unit}" if unit else shown


READ: dict[str, Callable[[bytes], str]] = {
    ".html": lambda content: re.sub(r"<[^>]+>", " ", content.decode()),
    ".pdf": read_pdf,
    ".xlsx": read_workbook,
    ".md": lambda content: content.decode().replace("\\", ""),
    ".csv": lambda content: content.decode("utf-8-sig").replace(";%", " %"),
}


def plain(text: str) -> str:
    """Return a text with ordinary spaces and hyphens, in which two readers' words can be compared."""
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-"))


@pytest.mark.parametrize("ending", [pytest.param(each, marks=PDF if each == ".pdf" else ()) for each in READ])
def test_every_format_has_the_result_of_every_goal(ending: str) -> None:
    text = plain(READ[ending](made(ending)))
    results = [goal.value for goal in report_of(OF, "da").goals if goal.value is not None]
    assert results
    for value in results:
        assert plain(value.text("da")) in text or plain(value.plain("da")) in text


NUMBER = re.compile(r"(?<![\w.,])-?\d+(?:\.\d{3})*(?:,\d+)?")


def numbers(text: str) -> set[str]:
    """Return every number of a Danish text as it is written."""
    return set(NUMBER.findall(plain(text)))


def page_text(content: bytes, *, drawn: bool = False) -> str:
    """Return what a reader sees of a page, with the texts of its drawings or without."""
    hidden = "style|script|title" if drawn else "style|script|title|svg"
    seen = re.sub(rf"<({hidden})\b.*?</\1>", " ", content.decode(), flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", seen))


def test_every_format_has_the_same_numbers() -> None:
    """Those of the page are a measurement's, which a test of the example's reports holds against other counts."""
    of_the_page = numbers(page_text(made(".html")))
    assert len(of_the_page) > 50
    for ending in (".md", ".xlsx"):
        assert numbers(READ[ending](made(ending))) == of_the_page
    assert numbers(READ[".csv"](made(".csv"))) <= of_the_page


@PDF
def test_a_pdf_has_the_numbers_of_the_page() -> None:
    """And its drawings' axes, and the numbers of its own pages."""
    content = made(".pdf")
    pages = {str(number) for number in range(1, len(pypdf.PdfReader(io.BytesIO(content)).pages) + 1)}
    assert numbers(page_text(made(".html"))) <= numbers(read_pdf(content))
    assert numbers(read_pdf(content)) <= numbers(page_text(made(".html"), drawn=True)) | pages


def test_data_have_exactly_the_results_of_the_page() -> None:
    page = made(".html").decode()
    for goal in json.loads(made(".json"))["goals"]:
        [article] = re.findall(rf'<article [^>]*data-goal="{goal["goal"]}".*?</article>', page, re.DOTALL)
        shown = re.search(r'<data value="([^"]+)">', article)
        assert (shown and shown[1]) == goal["exact"]["value"]


def test_data_are_those_of_the_assessment() -> None:
    told = json.loads(made(".json"))
    assert [goal["goal"] for goal in told["goals"]] == [judged.goal.id for judged in OF]


@pytest.mark.parametrize("ending", [pytest.param(each, marks=PDF if each == ".pdf" else ()) for each in ENDINGS])
def test_the_same_report_has_the_same_bytes(ending: str) -> None:
    if ending == ".xlsx":
        pytest.skip("a workbook says when it was written")
    assert written(assessment(), f"report{ending}") == made(ending)


def test_numbers_are_numbers_in_a_workbook() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(made(".xlsx"))).worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    assert headers[:3] == ["Mål", "Måltal", "Resultat"]
    values = [row[2] for row in sheet.iter_rows(min_row=2) if row[2].value is not None]
    assert values
    assert {cell.data_type for cell in values} == {"n"}
    assert sheet.auto_filter.ref == sheet.dimensions


def test_csv_in_danish_is_as_excel_reads_it_there() -> None:
    content = made(".csv")
    assert content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    assert header[0] == "Mål"
    assert len(rows) == len(OF)
    assert made(".csv", "en").startswith(b"Goal,")


@PDF
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_pdf_is_tagged_titled_and_says_its_language_and_its_drawings(lang: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(made(".pdf", lang)))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == (lang, True)
    assert reader.metadata.title == report_of(OF, lang).name
    told = [alternative for kind, alternative in tagged(root["/StructTreeRoot"]) if kind == "/Figure"]
    assert told
    assert all(told)


INK = {"good": "#14561c", "open": "#5c3d00", "series": "#0b3d66", "target": "#8a3a00", "grid": "#cccccc"}
"""Colours of print, as the stylesheet names them."""


def rgb(colour: str) -> tuple[float, ...]:
    return tuple(round(int(colour[place : place + 2], 16) / 255, 2) for place in (1, 3, 5))


@PDF
def test_drawings_of_a_pdf_have_the_colours_of_print_and_open_points_are_open() -> None:
    """A name of a colour that nobody looks up is black: lines of the grid, and points that are open for a reason."""
    drawn = set()
    for sheet in pypdf.PdfReader(io.BytesIO(made(".pdf"))).pages:
        forms = sheet["/Resources"].get("/XObject", {}).values()
        for stream in (sheet["/Contents"], *forms):
            told = stream.get_object().get_data().decode("latin-1")
            drawn |= {tuple(round(float(each), 2) for each in found) for found in COLOURED.findall(told)}
    assert {rgb(colour) for colour in INK.values()} <= drawn


COLOURED = re.compile(r"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b")


@PDF
def test_the_shape_beside_a_verdict_stands_on_its_line_of_a_pdf() -> None:
    """Not over the sentence below: a reader lost its first letter."""
    front = pypdf.PdfReader(io.BytesIO(made(".pdf"))).pages[0]
    shapes, words, colour = [], [], [""]

    def seen(operator: bytes, given: Any, cm: Any, _tm: Any) -> None:
        if operator in (b"rg", b"RG"):
            colour[0] = (rgb("#14561c") == tuple(round(float(each), 2) for each in given) and "good") or ""
        if operator == b"c" and colour[0]:
            shapes.append(float(given[-2]) * cm[1] + float(given[-1]) * cm[3] + cm[5])

    def read(text: str, cm: Any, tm: Any, _font: Any, _size: Any) -> None:
        if text.strip() == "Opfyldt":
            words.append(tm[4] * cm[1] + tm[5] * cm[3] + cm[5])

    front.extract_text(visitor_operand_before=seen, visitor_text=read)
    assert len(words) == 2
    assert shapes
    for baseline in words:
        assert any(baseline - 2 <= shape <= baseline + 9 for shape in shapes)
    for shape in shapes:
        assert any(baseline - 2 <= shape <= baseline + 9 for baseline in words)


def tagged(node: Any) -> list[tuple[str, str]]:
    """Return the kind and the alternative text of every element below one of a PDF's structure."""
    found = []
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        below = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(below, dict) and "/S" in below:
            found += [(str(below["/S"]), str(below.get("/Alt", ""))), *tagged(below)]
    return found


@pytest.mark.parametrize("name", ["report.docx", "report", "report.htm", ".pdf"])
def test_an_unknown_format_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="not written in that format") as refused:
        written(assessment(), name)
    assert ".xlsx" in str(refused.value)


def test_the_short_form_is_short_in_every_format() -> None:
    for ending in (".html", ".xlsx", ".md"):
        short, whole = (READ[ending](made(ending, form=form)) for form in ("summary", "full"))
        assert len(short) < len(whole) / 2
