"""The page of the architecture is walked: the page's own examples run, and enter the rooms that its pictures show."""

from __future__ import annotations

import re
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

import pytest
from sybil import Example

import casequality
from tests.docs.pages import examples

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/pages/explanation/architecture.md"
TEXT = PAGE.read_text(encoding="utf-8")
SOURCE = Path(casequality.__file__).parent
STOP = re.compile(r"^ *\d+ +(?P<path>\S+\.py) +(?P<function>\S+)$", re.MULTILINE)
PATH = re.compile(r"`([\w/]+\.(?:py|toml))`")
WAYS = {"From a cell": 9, "From the TOML": 6}

Room = tuple[str, str]


def chapter(title: str) -> str:
    """Return the chapter whose heading begins so."""
    [found] = [part for part in TEXT.split("\n## ") if part.startswith(title)]
    return found


def picture(title: str) -> list[Room]:
    """Return the files and functions of a picture, from top to bottom."""
    drawn = chapter(title).split("```text\n")[1].split("```")[0]
    return [(found["path"], found["function"]) for found in STOP.finditer(drawn)]


@contextmanager
def walking(entered: dict[CodeType, None]) -> Iterator[None]:
    """Note all code that is entered, in the order of first entry, on any thread."""

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            entered.setdefault(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    threading.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


def first_entries(rooms: Sequence[Room], run: Callable[[], object]) -> list[Room]:
    """Return those of the rooms that are entered, in the order of their first entry."""
    entered: dict[CodeType, None] = {}
    with walking(entered):
        run()
    within = {code: Path(code.co_filename) for code in entered if Path(code.co_filename).is_relative_to(SOURCE)}
    met = [(path.relative_to(SOURCE).as_posix(), code.co_qualname) for code, path in within.items()]
    return [room for room in dict.fromkeys(met) if room in rooms]


@pytest.fixture
def blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Example]:
    monkeypatch.chdir(tmp_path)
    return examples(PAGE)


@pytest.mark.parametrize(("title", "first"), [("From a cell", 0), ("From the TOML", 2)])
def test_the_examples_enter_the_rooms_of_the_picture_in_its_order(
    title: str, first: int, blocks: list[Example]
) -> None:
    written, code = blocks[first : first + 2]
    written.evaluate()
    assert first_entries(picture(title), code.evaluate) == picture(title)


@pytest.mark.parametrize("title", WAYS)
def test_the_list_below_a_picture_has_its_files_in_its_order(title: str) -> None:
    files = [path for path, _ in picture(title)]
    assert re.findall(r"^\d+\. `(\S+)`", chapter(title), re.MULTILINE) == files
    assert len(set(files)) == len(files) <= WAYS[title]


def test_every_file_that_the_page_names_exists() -> None:
    named = [*PATH.findall(TEXT), *(path for title in WAYS for path, _ in picture(title))]
    assert len(named) > 30
    assert [path for path in named if not (SOURCE / path).exists() and not (ROOT / path).exists()] == []


def test_the_floors_are_those_of_the_import_contract() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layers = [re.findall(r"\w+", layer) for layer in tools["importlinter"]["contracts"][0]["layers"]]
    rows = re.findall(r"^\| (`.*?) \|", chapter("The floors"), re.MULTILINE)
    assert [re.findall(r"\w+", row) for row in rows] == layers


def test_every_errand_names_a_file_to_open() -> None:
    rows = [line for line in chapter("Where to look for").splitlines() if line.startswith("| ")][2:]
    assert len(rows) == 12
    assert all(PATH.search(row.split("|")[2]) for row in rows)


def test_a_room_that_is_not_entered_is_missed() -> None:
    rooms = [("days/working_calendar.py", "Calendar.reason"), ("days/periods.py", "period")]
    on = casequality.days.calendar("dk-statutory")
    assert first_entries(rooms, lambda: on.reason(on.first)) == rooms[:1]
