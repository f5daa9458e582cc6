"""What the reference pages ask of the code is there: each place, and each member by which it is shown."""

from __future__ import annotations

import pkgutil
import re
from pathlib import Path
from types import ModuleType

import attrs
import pytest

import casequality

PAGES = Path(__file__).resolve().parents[2] / "docs/pages"
ASKED = re.compile(r"^::: (?P<place>\S+)\n(?P<options>(?: +.*\n)*)", re.MULTILINE)
MEMBERS = re.compile(r"members: \[(.*)\]")
PLACES = [
    (page, found["place"], members[1].split(", ") if (members := MEMBERS.search(found["options"])) else [])
    for page in sorted(PAGES.glob("**/*.md"))
    for found in ASKED.finditer(page.read_text(encoding="utf-8"))
]


def test_there_are_places_to_look_for() -> None:
    assert len(PLACES) > 20
    assert sum(len(members) for _, _, members in PLACES) > 50


@pytest.mark.parametrize(("page", "place", "members"), PLACES, ids=lambda given: getattr(given, "name", None))
def test_what_a_reference_page_shows_is_there(page: Path, place: str, members: list[str]) -> None:
    shown = pkgutil.resolve_name(place)
    assert [name for name in members if not hasattr(shown, name)] == []
    if isinstance(shown, ModuleType):  # the site shows only what a module defines, or offers by its __all__
        offered = getattr(shown, "__all__", None)
        own = [
            name
            for name in members
            if (offered is None or name not in offered)
            and getattr(getattr(shown, name), "__module__", place) not in (place, "builtins", "typing")
        ]
        assert own == [], f"{page.name} shows of {place} what stands elsewhere"


@pytest.mark.parametrize(("page", "place", "members"), PLACES, ids=lambda given: getattr(given, "name", None))
def test_what_a_user_holds_shows_its_content(page: Path, place: str, members: list[str]) -> None:
    """A `repr` takes time to make, so what stays within the library has none."""
    shown = pkgutil.resolve_name(place)
    held = [each for each in (shown, *(getattr(shown, name) for name in members)) if isinstance(each, type)]
    assert [each for each in held if attrs.has(each) and each.__repr__ is object.__repr__] == [], page.name


def test_every_name_of_the_root_is_in_the_reference() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES.glob("reference/*.md"))
    shown = {place.rpartition(".")[2] for _, place, _ in PLACES} | {name for *_, names in PLACES for name in names}
    named = set(re.findall(r"`(?:casequality\.|cq\.)?(\w+)`", text))
    assert [name for name in casequality.__all__ if name not in shown | named] == []


def test_the_first_page_sorts_the_names_of_the_root_and_no_others() -> None:
    rows = re.findall(r"^\| .* \| (`.*`) \| ", (PAGES / "reference/index.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(name for row in rows for name in re.findall(r"`(\w+)`", row)) == sorted(casequality.__all__)
