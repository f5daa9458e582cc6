"""Whatever a file holds, no cell of it is ever shown: not in text, not in plain data or a page, not in an error."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import casequality as cq
from casequality.errors import CaseQualityError

openpyxl = pytest.importorskip("openpyxl")

CITIZENS = st.from_regex(r"[QXZ][qxz]{4,7}", fullmatch=True)
"""What no header, no message and no name of the library holds."""
AROUND = st.sampled_from(["", " ", '"', "<b>", "'", ";", ",", "\t", "\n", "=", "ø", "1 ", "@", "-", "|", "\\", "# "])
NUMBERS = st.integers(10**11, 10**12 - 1).map(str)
NAMES = ["Sag", "Modtaget", "Afsluttet", "Udfald", "Enhed", "CPR", "Fødselsdato", "received_on"]

texts = st.builds(lambda before, token, after: f"{before}{token}{after}", AROUND, CITIZENS, AROUND)
cells: dict[str, st.SearchStrategy[str]] = {
    "text": texts,
    "code": st.sampled_from(["Qqqqqq", "Xxxxxx", "Zzzzzz"]),
    "number": NUMBERS,
    "decimal": NUMBERS.map(lambda number: f"{number},25"),
    "date": st.dates().map(lambda day: f"{day:%d-%m-}{day.year:04}"),
    "registration": st.integers(100_000, 999_999).map(lambda number: f"31029{number % 10}-{number % 9000 + 1000}"),
    "mixed": st.one_of(texts, NUMBERS, st.just("")),
}


@attrs.frozen
class Drawn:
    """Rows of texts, the names above them, and what may not be shown of them."""

    names: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def secrets(self) -> set[str]:
        core = "".join(
            text if text.isalnum() and text.isascii() else " " for row in self.rows for text in " ".join(row)
        )
        return {word for word in core.split() if len(word) >= 6}


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    kinds = draw(st.lists(st.sampled_from(sorted(cells)), min_size=2, max_size=5))
    columns = [cells[kind] if draw(st.booleans()) else st.one_of(st.just(""), cells[kind]) for kind in kinds]
    rows = draw(st.lists(st.tuples(*columns), min_size=1, max_size=12))
    if draw(st.booleans()):
        # a first row that has no number and no day looks most like a header
        rows[0] = tuple(text if kind in ("text", "code") else "" for kind, text in zip(kinds, rows[0], strict=True))
    return Drawn(draw(st.permutations(NAMES))[: len(kinds)], rows)


def as_csv(mark: str, header: bool, title: bool) -> Callable[[Drawn, Path], Any]:
    def write(made: Drawn, folder: Path) -> Any:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=mark, lineterminator="\n")
        lines: Iterable[Sequence[str]] = [made.names, *made.rows] if header else made.rows
        writer.writerows([["Udtræk"], *lines] if title else lines)
        (folder / "file.csv").write_text(out.getvalue(), encoding="utf-8")
        return folder / "file.csv"

    return write


def as_raw(made: Drawn, folder: Path) -> Any:
    """Write values as they are, whatever they do to the file."""
    text = "\n".join(",".join(row) for row in made.rows)
    (folder / "file.csv").write_bytes(text.encode("iso-8859-1", "replace"))
    return folder / "file.csv"


def as_workbook(header: bool) -> Callable[[Drawn, Path], Any]:
    def write(made: Drawn, folder: Path) -> Any:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for number, row in enumerate([made.names, *made.rows] if header else made.rows, start=1):
            for place, text in enumerate(row, start=1):
                if text:
                    cell = sheet.cell(number, place, int(text) if text.isdecimal() else text)
                    cell.data_type = "n" if text.isdecimal() else "s"
        book.save(folder / "file.xlsx")
        return folder / "file.xlsx"

    return write


def as_rows(made: Drawn, _: Path) -> Any:
    return [dict(zip(made.names, row, strict=True)) for row in made.rows]


def as_arrow(made: Drawn, folder: Path) -> Any:
    return pytest.importorskip("pyarrow").Table.from_pylist(as_rows(made, folder))


WRITERS = [
    *(as_csv(mark, header, title) for mark in ";," for header in (True, False) for title in (True, False)),
    *(as_workbook(header) for header in (True, False)),
    *(as_raw, as_rows, as_arrow),
]


def everything_said(data: Any) -> str:
    try:
        looked = cq.look(data)
    except CaseQualityError as fault:
        return f"{fault}{fault!r}"
    shown = (looked.text("en"), looked.text("da"), looked.markdown(), looked.html(), repr(looked), repr(looked.profile))
    tables = [looked.sources_of(fit.records.name) for fit in looked.fits]
    return "\n".join([*shown, *tables, json.dumps(looked.to_dict(), ensure_ascii=False)])


@settings(max_examples=100, deadline=None, phases=(Phase.explicit, Phase.generate))  # shrunk, it takes minutes
@given(made=drawn(), write=st.sampled_from(WRITERS))
def test_no_cell_is_shown(made: Drawn, write: Callable[[Drawn, Path], Any]) -> None:
    with tempfile.TemporaryDirectory(prefix="look") as folder:
        said = everything_said(write(made, Path(folder)))
    assert [secret for secret in made.secrets if secret in said] == []


def test_what_may_not_be_shown_is_looked_for() -> None:
    made = Drawn(["Sag"], [["Qqqqqq;x", "310299-1234", "123456789012,25"]])
    assert made.secrets == {"Qqqqqq", "310299", "123456789012"}
