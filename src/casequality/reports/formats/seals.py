"""The manifest of a report in the other formats, and what each of them says, place by place.

A workbook has it on a sheet of its own, JSON under a key, a PDF in comments at its end, and CSV in a file beside it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import PurePath
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from casequality.errors import InputError, Words
from casequality.files import logged_nowhere
from casequality.reports.formats.embedding import NO_DIGEST
from casequality.reports.formats.manifest import ReadPage, Statement, checked, not_verifiable, read_page

BESIDE: Final = ".manifest.json"
"""What is added to the name of a CSV file for that of its manifest."""
SHEET: Final = "Manifest"
CHUNK: Final = 30_000
"""A cell of a sheet has room for 32,767 characters."""
LINE: Final = 200
MOST: Final = 256 << 20
"""So large may the parts of a workbook be, unpacked."""
PAGES: Final = 2_000
COMMENT: Final = b"%casequality "
SEALED: Final = b"%casequality-sha256 "
END: Final = b"startxref"
BROKEN: Final = (
    *(ValueError, LookupError, TypeError, AttributeError, EOFError, OSError, SyntaxError),
    *(csv.Error, zlib.error, struct.error, BadZipFile, RuntimeError, ArithmeticError, AssertionError),
)
"""What libraries raise of files that are none of theirs."""


def sealed(content: bytes, ending: str, manifest: Mapping[str, Any]) -> tuple[bytes, bytes | None]:
    """Return a report with its manifest, and the file that stands beside it where the format has no room for one."""
    if ending == ".csv":
        plain = json.dumps(manifest, ensure_ascii=False, indent=2)
        whole = {**manifest, "digest": sha256(content + plain.encode()).hexdigest()}
        return content, (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()
    seal: Mapping[str, Any] = {".xlsx": _with_sheet, ".json": _with_key, ".pdf": _with_comments}
    return (seal[ending](content, manifest) if ending in seal else content), None


def read_report(content: bytes, where: str, beside: bytes | None = None) -> ReadPage:
    """Return a report in any format that has a manifest; raise `InputError` for a file that is none.

    where: its name, of which the ending says the format. beside: the manifest of a CSV file.
    """
    readers: Mapping[str, Callable[[bytes], ReadPage]] = {
        ".xlsx": lambda content: _read_workbook(content, where),
        ".json": _read_json,
        ".pdf": logged_nowhere("pypdf")(lambda content: _read_pdf(content, where)),
        ".csv": lambda content: _read_csv(content, beside),
    }
    read = readers.get(PurePath(where).suffix.lower())
    if read is None:
        return read_page(content, where)
    try:
        return read(content)
    except InputError:
        raise
    except BROKEN:
        raise not_verifiable(where) from None


def _check_size(size: int, most: int, unit: Words, where: str) -> None:
    if size > most:
        raise InputError(
            Words("A report to verify is too large", "En rapport, der skal efterprøves, er for stor"),
            where=where,
            got=Words(f"{size:,} {unit.en}", f"{size:,} {unit.da}".replace(",", ".")),
            allowed=Words(f"at most {most:,} {unit.en}", f"højst {most:,} {unit.da}".replace(",", ".")),
            remedy=Words(
                "check that it is the file as it was published, or verify the HTML report of the same edition",
                "se efter, at det er filen, som den blev offentliggjort, eller efterprøv samme udgaves HTML-rapport",
            ),
        )


def _with_sheet(content: bytes, manifest: Mapping[str, Any]) -> bytes:
    import openpyxl
    from openpyxl.styles import Alignment

    book = openpyxl.load_workbook(io.BytesIO(content))
    plain = json.dumps(manifest, ensure_ascii=False)
    text = json.dumps({**manifest, "digest": _digest_of_cells(book, plain)}, ensure_ascii=False)
    sheet = book.create_sheet(SHEET)
    sheet.column_dimensions["A"].width = 80
    for row, start in enumerate(range(0, len(text), CHUNK), 1):
        place = sheet.cell(row, 1, text[start : start + CHUNK])
        place.data_type, place.alignment = "s", Alignment(vertical="top")
    book.save(out := io.BytesIO())
    return out.getvalue()


def _read_workbook(content: bytes, where: str) -> ReadPage:
    import openpyxl

    with ZipFile(io.BytesIO(content)) as file:
        size = sum(part.file_size for part in file.infolist())
    _check_size(size, MOST, Words("bytes unpacked", "bytes pakket ud"), where)
    book = openpyxl.load_workbook(io.BytesIO(content))
    text = "".join(str(row[0]) for row in book[SHEET].iter_rows(values_only=True))
    manifest = checked(json.loads(text))
    plain = json.dumps({name: each for name, each in manifest.items() if name != "digest"}, ensure_ascii=False)
    goals = list(manifest["goals"])
    said = []
    for sheet, place, value, form in _cells(book):
        number, _, _ = sheet.partition(" ")
        goal = goals[int(number) - 1] if number.isdigit() and int(number) <= len(goals) else ""
        numbers = (repr(value), form) if isinstance(value, int | float) else ()
        said.append(Statement(goal, f"{sheet}!{place}", str(value), numbers))
    return ReadPage(manifest=manifest, whole=_digest_of_cells(book, plain) == manifest["digest"], said=tuple(said))


def _cells(book: Any) -> Iterator[tuple[str, str, Any, str]]:
    """Yield each cell of a workbook but those of the manifest: sheet, place, value and how it is shown."""
    for sheet in book.worksheets:
        if sheet.title != SHEET:
            yield sheet.title, "header", sheet.oddHeader.center.text or "", ""
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        yield sheet.title, cell.coordinate, cell.value, cell.number_format


def _digest_of_cells(book: Any, manifest: str) -> str:
    """Return the digest of all that a workbook says: another program may save it again without changing that."""
    said = [[sheet, place, str(value), form] for sheet, place, value, form in _cells(book)]
    return sha256(json.dumps([said, manifest]).encode()).hexdigest()


def _with_key(content: bytes, manifest: Mapping[str, Any]) -> bytes:
    plain = {**json.loads(content), "manifest": {**manifest, "digest": NO_DIGEST}}
    text = json.dumps(plain, ensure_ascii=False, indent=2) + "\n"
    return text.replace(NO_DIGEST, sha256(text.encode()).hexdigest(), 1).encode()


def _read_json(content: bytes) -> ReadPage:
    plain = json.loads(content)
    manifest = checked(plain.pop("manifest"))
    digest = manifest["digest"]
    before, _, after = content.decode().rpartition(digest)
    whole = sha256((before + NO_DIGEST + after).encode()).hexdigest() == digest
    return ReadPage(manifest=manifest, whole=whole, said=tuple(_leaves(plain, "", "")))


def _leaves(plain: Any, place: str, goal: str) -> Iterator[Statement]:
    if isinstance(plain, Mapping):
        goal = plain["goal"] if isinstance(plain.get("goal"), str) else goal
        for name, each in plain.items():
            yield from _leaves(each, f"{place}.{name}" if place else name, goal)
    elif isinstance(plain, list):
        for number, each in enumerate(plain):
            yield from _leaves(each, f"{place}[{number}]", goal)
    else:
        yield Statement(goal, place, json.dumps(plain, ensure_ascii=False))


def _with_comments(content: bytes, manifest: Mapping[str, Any]) -> bytes:
    """Return a PDF with comments before its last line but one, which no reader of it looks at."""
    at = content.rindex(END)
    text = json.dumps(manifest).encode()
    lines = [COMMENT + text[start : start + LINE] for start in range(0, len(text), LINE)]
    parts = b"\n".join([*lines, SEALED]), b"\n" + content[at:]
    digest = sha256(content[:at] + parts[0] + NO_DIGEST.encode() + parts[1]).hexdigest().encode()
    return content[:at] + parts[0] + digest + parts[1]


def _read_pdf(content: bytes, where: str) -> ReadPage:
    text = b"".join(re.findall(rb"^" + COMMENT + rb"(.*)$", content, re.MULTILINE))
    [digest] = re.findall(rb"^" + SEALED + rb"([0-9a-f]{64})$", content, re.MULTILINE)
    manifest = checked({**json.loads(text), "digest": digest.decode()})
    blank = content.replace(SEALED + digest, SEALED + NO_DIGEST.encode(), 1)
    whole = sha256(blank).hexdigest().encode() == digest
    return ReadPage(manifest=manifest, whole=whole, said=tuple(_lines(content, manifest["lang"], where)))


def _lines(content: bytes, lang: str, where: str) -> Iterator[Statement]:
    """Yield the lines of each page of a PDF."""
    try:
        from pypdf import PdfReader
    except ImportError:
        raise InputError(
            "What a PDF says cannot be read without pypdf",
            got="no module pypdf",
            remedy="pip install 'casequality[pdf]', or verify the HTML report of the same edition",
        ) from None
    page, line = ("side", "linje") if lang == "da" else ("page", "line")
    try:
        pages = PdfReader(io.BytesIO(content)).pages
        _check_size(len(pages), PAGES, Words("pages", "sider"), where)
        for number, each in enumerate(pages, 1):
            for place, text in enumerate(each.extract_text().splitlines(), 1):
                yield Statement("", f"{page} {number}, {line} {place}", text.strip())
    except InputError:
        raise
    except Exception:  # noqa: BLE001  of a damaged file pypdf raises whatever it stumbles over
        raise ValueError from None


def _read_csv(content: bytes, beside: bytes | None) -> ReadPage:
    if beside is None:
        raise ValueError
    manifest = checked(json.loads(beside))
    plain = json.dumps({n: each for n, each in manifest.items() if n != "digest"}, ensure_ascii=False, indent=2)
    whole = sha256(content + plain.encode()).hexdigest() == manifest["digest"]
    mark = ";" if manifest["lang"] == "da" else ","
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=mark)
    said = [Statement("", name, name) for name in head]
    for number, row in enumerate(rows, 1):
        said += [
            Statement("", f"{number}. {row[0]}, {name}", text) for name, text in zip(head, row, strict=True) if text
        ]
    return ReadPage(manifest=manifest, whole=whole, said=tuple(said))
