"""What a report says it was made of; of an HTML page the digest of both, and what it says, beside another."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any, Final

import attrs

from casequality.errors import InputError, Words
from casequality.reports.formats.embedding import NO_DIGEST, PACKED, made_whole
from casequality.reports.wording import STATES

MANIFEST: Final = "urn:casequality:manifest:2"
KNOWN: Final = ("urn:casequality:manifest:1", MANIFEST, PACKED)
"""The first had no part that goals have in common."""
HELD: Final = re.compile(r'<script type="application/json" id="manifest">(.*?)</script>', re.DOTALL)
DIGEST: Final = re.compile(r'("digest": ")([0-9a-f]{64})(")')
CELLS: Final = frozenset({"td", "dd", "li", "p", "span", "caption", "desc", "h1", "h3"})
VOID: Final = frozenset({"meta", "br", "hr", "img", "link", "input"})
"""Elements without an end, of HTML; those of a drawing close themselves."""
WRITTEN: Final = frozenset({"introduction", "remarks"})
"""The classes of what people wrote, which no data give."""


def with_page_digest(text: str) -> str:
    """Return a page with its digest in the place that `embedded` left for it."""
    return text.replace(f'"digest": "{NO_DIGEST}"', f'"digest": "{_digest(text)}"', 1)


def _digest(text: str) -> str:
    return sha256(text.rstrip("\n").encode()).hexdigest()


@attrs.frozen
class Statement:
    """What stands at one place of a page. numbers: exact ones, as the page has them for programs."""

    goal: str
    place: str
    text: str
    numbers: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class ReadPage:
    """A report as it was found: its manifest, whether page and manifest are as they were written, and what it says."""

    manifest: Mapping[str, Any]
    whole: bool
    said: tuple[Statement, ...]

    @property
    def withheld(self) -> int:
        """How many places say that something is withheld."""
        return sum(each.text.casefold() in (STATES["withheld"].en, STATES["withheld"].da) for each in self.said)

    def otherwise(self) -> Iterator[PageDifference]:
        """Yield where the page says another result or verdict of a goal than its manifest."""
        told = self.manifest["told"]
        told_of = [
            each for each in reversed(self.said) if each.place.startswith(LINES) and each.place.endswith(RESULTS)
        ]
        told_of += [each for each in reversed(self.said) if each.place in RESULTS]
        shown = {each.goal: each for each in told_of}
        for goal, (value, _) in told.items():
            found = shown.get(goal)
            if found is not None and (found.numbers or ("",))[0] != (value or ""):
                yield PageDifference(goal, found.place, " ".join([found.text, *found.numbers]), value or "")


RESULTS: Final = ("Resultat", "Result")
LINES: Final = ("Overblik, ", "Overview, ")
"""How a place in the answer begins, which is the only one for the result of a goal that has no part of its own."""


@attrs.frozen
class PageDifference:
    """A place at which two pages differ: what the one says, and the other; "" for nothing.

    why: what can be seen of the reasons, by kind: data, definition, calendar, code, or the page itself.
    """

    goal: str
    place: str
    told: str
    found: str
    why: tuple[tuple[str, str], ...] = ()


def checked(manifest: Any) -> dict[str, Any]:
    """Return a manifest that has all that a report is made again from; raise `ValueError` or its like for another."""
    if manifest["$schema"] not in KNOWN or not re.fullmatch("[0-9a-f]{64}", manifest["digest"]):
        raise ValueError
    whole = made_whole(manifest)
    for name in ("goals", "told", "versions", "calendars", "deadlines", "sources"):
        if not isinstance(whole[name], dict):
            raise TypeError
    if not all(isinstance(whole[name], str) for name in ("period", "as_of", "lang", "form")):
        raise TypeError
    return whole


def not_verifiable(where: str) -> InputError:
    """Return the error for a file that is no report with a manifest."""
    return InputError(
        Words("This is no report that can be verified", "Dette er ingen rapport, der kan efterprøves"),
        where=where,
        allowed=Words(
            "a report with a manifest, as `casequality report --out` writes it: .html, .pdf, .xlsx, and under a policy "
            ".json and .csv, the last with its .manifest.json beside it",
            "en rapport med manifest, som `casequality report --out` skriver den: .html, .pdf, .xlsx og efter regler "
            "for offentliggørelse .json og .csv, den sidste med sin .manifest.json ved siden af",
        ),
        remedy=Words(
            "check that it is the file as it was published; reports from before version 0.2 have no manifest",
            "se efter, at det er filen, som den blev offentliggjort; rapporter fra før version 0.2 har intet manifest",
        ),
    )


def read_page(content: bytes, where: str) -> ReadPage:
    """Return a report in HTML; raise `InputError` for a file that is none, or one without a manifest."""
    try:
        text = content.decode().replace("\r\n", "\n")
        [held] = HELD.findall(text)
        manifest = checked(json.loads(held))
        [*_, (_, digest, _)] = DIGEST.findall(held)
        said = tuple(_Reader.of(text))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, zlib.error):
        raise not_verifiable(where) from None
    blank = text.replace(f'"digest": "{digest}"', f'"digest": "{NO_DIGEST}"', 1)
    return ReadPage(manifest=manifest, whole=_digest(blank) == digest, said=said)


def differences(told: ReadPage, found: ReadPage) -> Iterator[PageDifference]:
    """Yield where a page says something else than another that was made anew: every text, number and drawing."""
    first, second = (_by_place(page.said) for page in (told, found))
    for goal, place in dict.fromkeys([*first, *second]):
        here, there = first.get((goal, place), []), second.get((goal, place), [])
        for number in range(max(len(here), len(there))):
            one, other = (each[number] if number < len(each) else None for each in (here, there))
            if one is None or other is None or (one.text, one.numbers) != (other.text, other.numbers):
                same = one is not None and other is not None and one.text == other.text
                yield PageDifference(goal, place, _shown(one, same), _shown(other, same))


def reasons(told: Mapping[str, Any], found: Mapping[str, Any], goal: str) -> Iterator[tuple[str, str]]:
    """Yield in what a manifest differs from one made anew, as far as a goal rests on it: the kind, and what it is.

    goal: "" for what is said of the whole, which rests on all of them.
    """
    goals = [goal] if goal else sorted({*told["goals"], *found["goals"]})
    first, second = ({name: each["goals"].get(name) for name in goals} for each in (told, found))
    for name in goals:
        yield from _of_goal(name, first[name], second[name])
    if told.get("policy") != found.get("policy"):
        yield "definition", f"policy: {_brief(told.get('policy'))} -> {_brief(found.get('policy'))}"
    both = [each for each in (*first.values(), *second.values()) if each]
    for name in sorted({name for each in both for name in each["calendar"] if name}):
        yield from _of_calendar(told["calendars"].get(name), found["calendars"].get(name), name)
    named = " ".join(value for each in both for value in each["parameters"].values())
    for name, _, _ in _changed(told["deadlines"], found["deadlines"]):
        if name == "others" or name in named:
            yield "definition", f"deadline: {name}"
    for name, was, now in _changed(told["versions"], found["versions"]):
        yield "code", f"{name} {_brief(was)} -> {_brief(now)}"
    for name in dict.fromkeys(each["source"] for each in both):
        if told["sources"].get(name) != found["sources"].get(name):
            yield "data", name
    if told.get("texts") != found.get("texts") and not goal:
        yield "data", "texts"


def _changed(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield each name under which two tables hold something else."""
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            yield name, was.get(name), now.get(name)


def _of_goal(name: str, was: Any, now: Any) -> Iterator[tuple[str, str]]:
    if was is None or now is None:
        yield "definition", f"{name}: {'-> none' if now is None else 'none ->'}"
        return
    for key in ("definition", "readings", "parameters"):
        for field, old, new in _changed(was[key], now[key]):
            yield "definition", f"{name}, {field}: {_brief(old)} -> {_brief(new)}"
    if was["calendar"] != now["calendar"]:
        yield "calendar", f"{name}: {', '.join(was['calendar'])} -> {', '.join(now['calendar'])}"
    if was["result_version"] != now["result_version"]:
        yield "code", f"{name}, result version: {was['result_version']} -> {now['result_version']}"
    elif was["code"] != now["code"]:
        yield "code", name


def _of_calendar(was: Any, now: Any, name: str) -> Iterator[tuple[str, str]]:
    if was is not None and now is not None:
        yield from (("calendar", f"{name}: {day} open -> closed") for day in sorted({*now} - {*was}))
        yield from (("calendar", f"{name}: {day} closed -> open") for day in sorted({*was} - {*now}))


def _brief(value: object) -> str:
    return "none" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _shown(said: Statement | None, exact: bool) -> str:
    """Return what stands at a place, with its exact numbers where the text alone is the same."""
    return "" if said is None else " ".join([said.text, *said.numbers]) if exact else said.text


def _by_place(said: tuple[Statement, ...]) -> dict[tuple[str, str], list[Statement]]:
    found: dict[tuple[str, str], list[Statement]] = {}
    for each in said:
        found.setdefault((each.goal, each.place), []).append(each)
    return found


@attrs.define
class _Cell:
    """An element whose text is gathered, with how deep it lies."""

    depth: int
    place: str
    parts: list[str] = attrs.field(factory=list)
    numbers: list[str] = attrs.field(factory=list)


class _Reader(HTMLParser):
    """Reads a page to what it says at each place: its goal, table, row and column, or the term before a fact."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str]]] = []
        self.cells: list[_Cell] = []
        self.found: list[tuple[str, Statement]] = []
        self.goals: dict[str, str] = {}
        self.anchor = self.caption = self.row = self.term = self.chapter = ""
        self.headers: list[str] = []
        self.column = 0

    @classmethod
    def of(cls, text: str) -> Iterator[Statement]:
        """Yield what a page says."""
        reader = cls()
        reader.feed(text)
        reader.close()
        for anchor, said in reader.found:
            yield attrs.evolve(said, goal=reader.goals.get(anchor, ""))

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in given}
        if tag in VOID:
            return
        self.open.append((tag, known))
        self._place(tag, known)
        if tag == "data" and self.cells:
            self.cells[-1].numbers.append(known.get("value", ""))
        if tag == "svg" and known.get("aria-label"):
            self._say("drawing", known["aria-label"])
        if self._inside("svg") and tag not in ("svg", "title", "desc"):
            # the drawing itself, every point of which is a number
            drawn = [f"{name}={value}" for name, value in known.items() if any(map(str.isdigit, value))]
            self._say("drawing", " ".join([tag, *drawn]))
        if tag in CELLS or (tag in ("th", "dt", "text") and not self._inside("footer")):
            self.cells.append(_Cell(len(self.open), tag))

    def _place(self, tag: str, known: Mapping[str, str]) -> None:
        """Follow where in the page an element that begins lies."""
        if tag == "article":
            self.anchor = known.get("id", "")
            self.goals[self.anchor] = known.get("data-goal", "")
        elif tag == "details":
            self.anchor = known.get("id", "").removesuffix("-tables")
        elif tag in ("section", "table"):
            self.caption, self.headers = "", []
        elif tag == "tr":
            self.column = 0
            if "data-goal" in known:  # of a goal that has no part of its own
                self.anchor = known.get("id", "")
                self.goals[self.anchor] = known["data-goal"]
        elif tag == "a" and (self._inside("table", "answer") or self._inside("table", "goals")):
            self.anchor = known.get("href", "").removeprefix("#")

    def handle_startendtag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, given)
        self.handle_endtag(tag)

    def handle_data(self, text: str) -> None:
        if self.cells and not (self.open and self.open[-1][0] in ("style", "script")):
            self.cells[-1].parts.append(text)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not any(each == tag for each, _ in self.open):
            return
        while self.open:
            if self.cells and self.cells[-1].depth == len(self.open):
                self._end_of(self.cells.pop())
            name, _ = self.open.pop()
            if name in ("article", "details", "tbody"):
                self.anchor = ""
            if name == tag:
                return

    def _end_of(self, cell: _Cell) -> None:
        text = " ".join("".join(cell.parts).split())
        name, known = self.open[-1]
        if name == "span" and self.cells:
            self.cells[-1].parts.append(f" {text} ")
            self.cells[-1].numbers.extend(cell.numbers)
            return
        if name == "caption":
            self.caption = text
        if name == "th" and known.get("scope") == "col":
            self.headers.append(text)
        elif name == "th":
            self.row, self.column = text, 1
        elif name == "dt":
            self.term = text
        elif name == "td":
            header = self.headers[self.column] if self.column < len(self.headers) else ""
            self.column += 1
            self._say(", ".join(filter(None, [self.caption, self.row, header])), text, cell.numbers)
            return
        self._say({"dd": self.term, "th": self.caption, "desc": "drawing"}.get(name, self.caption), text, cell.numbers)

    def _say(self, place: str, text: str, numbers: list[str] | None = None) -> None:
        written = any(WRITTEN & set(known.get("class", "").split()) for _, known in self.open)
        if (text or numbers) and not written and not self._inside("footer"):
            self.found.append((self.anchor, Statement("", place, text, tuple(numbers or ()))))

    def _inside(self, tag: str, kind: str = "") -> bool:
        return any(name == tag and kind in known.get("class", "") for name, known in self.open)
