"""The limits of what is no table of records, each as `docs/pages/reference/limits.md` states it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

import casequality as cq
from casequality.deadlines.checker import check
from casequality.desk import kept_deadlines
from casequality.errors import CaseQualityError, InputError
from casequality.files import MOST_STORED, check_digest, read_bytes, with_digest
from casequality.goals import parse_goals
from casequality.reports import MANIFEST, read_report
from casequality.reports.formats.seals import sealed
from casequality.toml import MOST_BYTES
from tests.factories.pdfs import drawn

PAGE = (Path(__file__).resolve().parents[2] / "docs/pages/reference/limits.md").read_text("utf-8")
DEEP = 100_000


def test_the_page_says_what_the_code_does() -> None:
    assert MOST_BYTES == 16 * 2**20
    assert "deadlines | 16 MiB |" in PAGE
    assert MOST_STORED == 4 * 2**30
    assert "sums of a store | 4 GiB |" in PAGE


@pytest.mark.parametrize("name", [name.split("`")[0] for name in PAGE.split("`") if name.startswith("test_")])
def test_the_page_names_tests_that_there_are(name: str) -> None:
    assert list(Path(__file__).resolve().parents[1].rglob(name))


def sized(path: Path, size: int) -> Path:
    """Return a file of that size that takes no room."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


READERS: dict[str, tuple[Callable[[Path], Any], int]] = {
    "goals": (parse_goals, MOST_BYTES),
    "tally": (cq.load_tally, MOST_STORED),
    "list of deadlines": (kept_deadlines, MOST_STORED),
}


@pytest.mark.parametrize("name", READERS)
def test_a_larger_file_is_refused_unread(name: str, tmp_path: Path) -> None:
    read, most = READERS[name]
    with pytest.raises(CaseQualityError, match=r"too large|larger than any") as caught:
        read(sized(tmp_path / "a.toml", most + 1))
    assert f"{most:,} bytes" in str(caught.value)


@pytest.mark.parametrize("content", [f"a = {'[' * DEEP}", f"a = {'{b=' * DEEP}", ".".join("a" * 5_000) + " = 1"])
def test_toml_as_deep_as_one_likes_is_one_error(content: str, tmp_path: Path) -> None:
    path = tmp_path / "goals.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(CaseQualityError):
        parse_goals(path)


@pytest.mark.parametrize("content", ["[" * DEEP, '{"schema":' * DEEP, "{" + '"a":[' * DEEP])
def test_json_as_deep_as_one_likes_is_one_error(content: str, tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError):
        kept_deadlines(path)
    store = cq.store(tmp_path / "store")
    (tmp_path / "store" / "log" / "0000000001.json").write_text(content + "\n", "utf-8")
    with pytest.raises(InputError, match="a line that is no entry"):
        store.log()


def test_a_ledger_as_deep_as_one_likes_is_rejected() -> None:
    made: dict[str, Any] = json.loads(cq.deadline("copenhagen/reply-guarantee").explain("2010-04-22").to_json())
    assert check(made) == []
    inner: Any = []
    for _ in range(DEEP):
        inner = [inner]
    assert check({**made, "rows": inner}) != []


def test_a_digest_is_of_all_the_rest() -> None:
    plain = with_digest({"a": 1, "b": ["x"]})
    check_digest(plain)
    check_digest({"a": 1})  # of an older version
    for spoilt in ({**plain, "a": 2}, {**plain, "c": 1}, {**plain, "digest": ""}, {**plain, "digest": None}):
        with pytest.raises(ValueError):  # noqa: PT011  no text: its caller says which file
            check_digest(spoilt)


def test_a_file_that_is_not_there_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        read_bytes(tmp_path / "none", "tally")


def manifest() -> dict[str, Any]:
    empty: dict[str, Any] = {name: {} for name in ("goals", "told", "versions", "calendars", "deadlines", "sources")}
    return {"$schema": MANIFEST, **empty, "period": "2010", "as_of": "2010-07-01", "lang": "en", "form": "full"}


def packed_too_tightly() -> bytes:
    """Return a workbook, in form, whose one part is 257 MiB of nothing."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as book, book.open("xl/workbook.xml", "w") as part:
        for _ in range(257):
            part.write(bytes(1 << 20))
    return out.getvalue()


def of_many_pages() -> bytes:
    """Return a PDF with a manifest whose 2,001 pages are all the same blank one."""
    page = b"3 0 R " * 2_001
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 2001 /Kids [ %s] >>" % page,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    content, starts = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        starts.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    end = b"xref\n0 4\n0000000000 65535 f \n%strailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    whole, _ = sealed(content + end % (table, len(content)), ".pdf", manifest())
    return whole


@pytest.mark.parametrize(
    ("name", "made", "library", "got", "allowed"),
    [
        (
            "page.xlsx",
            packed_too_tightly,
            "openpyxl",
            ("269,484,032 bytes unpacked", "269.484.032 bytes pakket ud"),
            ("at most 268,435,456 bytes unpacked", "højst 268.435.456 bytes pakket ud"),
        ),
        (
            "page.pdf",
            of_many_pages,
            "pypdf",
            ("2,001 pages", "2.001 sider"),
            ("at most 2,000 pages", "højst 2.000 sider"),
        ),
    ],
)
def test_a_report_to_verify_that_unpacks_to_more_is_refused(
    name: str, made: Callable[[], bytes], library: str, got: tuple[str, str], allowed: tuple[str, str]
) -> None:
    pytest.importorskip(library)
    content = made()
    assert len(content) < 2**21
    with pytest.raises(InputError, match="A report to verify is too large") as caught:
        read_report(content, name)
    for lang, place in (("en", 0), ("da", 1)):
        told = caught.value.told(lang)
        assert all(each in told for each in (name, got[place], allowed[place])), told
    assert "a workbook 256 MiB unpacked, a PDF 2,000 pages" in PAGE


@pytest.mark.parametrize("spoilt", [b"period,value\r2010-01,40\n", b'period,value\n"' + b"4" * 200_000 + b'"\n'])
def test_csv_that_cannot_be_taken_apart_is_one_error(spoilt: bytes) -> None:
    """A line's end within a line, and a value longer than Python's own reader takes."""
    content, beside = sealed(b"period,value\n2010-01,40\n", ".csv", manifest())
    assert read_report(content, "page.csv", beside).whole
    with pytest.raises(InputError, match="no report that can be verified"):
        read_report(spoilt, "page.csv", beside)


def test_what_a_library_logs_of_a_damaged_pdf_is_told_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    """pypdf reads over many a fault and logs it; whoever verifies in process has one answer, or one error."""
    pytest.importorskip("pypdf")
    whole, _ = sealed(drawn("40 of 52"), ".pdf", manifest())
    at = whole.rindex(b"startxref") + len(b"startxref\n")
    before = logging.getLogger("pypdf").level
    assert not read_report(whole[:at] + b"7" + whole[at:], "page.pdf").whole
    assert not caplog.records
    assert logging.getLogger("pypdf").level == before
