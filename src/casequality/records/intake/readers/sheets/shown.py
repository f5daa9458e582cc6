"""What the cells of a workbook show: numbers by their formats, as days, times and so many per cent; and texts."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Final

from casequality.days import day_or_time
from casequality.records.intake.readers.sheets.cells import Labelled, Mark, Percent


class Memo(dict[str, Any]):
    """What each text of one kind says; forgotten when there are too many."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Any:
        if len(self) >= 2**17:
            self.clear()
        said = self._read(text)
        found = self[text] = Mark.UNREADABLE if said is None else said
        return found


class CellValues(dict[tuple[str, str | None], Mapping[str, Any]]):
    """What the texts of cells say, by the type and the style of the cell.

    formats: the number format of each style; string: gives the text that cells refer to by a number.
    """

    def __init__(self, formats: Sequence[str], since_1904: bool, string: Callable[[int], str]) -> None:
        super().__init__()
        self._formats, self._since_1904, self._text_of = formats, since_1904, string

    def __missing__(self, key: tuple[str, str | None]) -> Memo:
        cell_type, style = key
        number, formats = int(style or 0), self._formats
        shows = shown_by(formats[number]) if 0 <= number < len(formats) else PLAIN
        readers: dict[str, Callable[[str], Any]] = {
            "n": read_plain_number if shows == PLAIN else partial(_number, shows=shows, since_1904=self._since_1904),
            "s": self._string,
            "str": _text,
            "inlineStr": _text,
            "b": {"1": True, "0": False}.get,
            "d": read_iso,
        }
        found = self[key] = Memo(readers.get(cell_type, lambda _: None))
        return found

    def _string(self, text: str) -> str | None:
        try:
            return _text(self._text_of(int(text))) if _INDEX.fullmatch(text) else None
        except IndexError:
            return None


_INDEX = re.compile(r"\s*\d{1,9}\s*", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _text(text: str) -> str:
    return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _number(text: str, shows: Shows, since_1904: bool) -> Any:
    number = read_plain_number(text)
    return None if number is None else read_as(number, shows[(number < 0) + 2 * (number == 0)], since_1904)


def _unescaped(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    # half a character is none, and cannot be written to any file
    return found[0] if 0xD800 <= number < 0xE000 else chr(number)


_WHOLE = re.compile(r"[+-]?\d{1,400}", re.ASCII)
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def read_plain_number(text: str) -> int | float | None:
    """Return a number as a workbook writes it, None for another text and for one beyond a float."""
    text = text.strip()
    if _WHOLE.fullmatch(text):
        return int(text)
    if len(text) > 400 or not _PLAIN.fullmatch(text) or math.isinf(float(text)):
        return None
    return as_shown(float(text))


def as_shown(number: float) -> float:
    """Return a number as Excel shows it."""
    # 15 digits are what Excel shows: a sum that it writes as 0.30000000000000004 is 0.3 to whoever looks at it
    return float(f"{number:.15g}")


def read_iso(text: str) -> dt.date | None:
    """Return a day or a time as a workbook may write it, None for another text."""
    try:
        return day_or_time(text.strip())
    except ValueError:
        return None


def read_as(number: float, shows: str, since_1904: bool) -> Any:
    """Return what a cell with a number shows, by one of the kinds that `shown_by` tells; None where nobody can tell."""
    if not shows:
        return number
    if shows in ("percent", "percent beside"):
        return Percent.of(number, 100 if shows == "percent" else 1)
    if shows.startswith(DIGITS):
        return Labelled.of(number, shows.removeprefix(DIGITS))
    kind, _, text = shows.partition(TEXT)
    return None if kind == "other" else text or read_serial(number, shows, since_1904)


MILLISECONDS = 86_400_000
BEYOND = {False: 2_958_466, True: 2_957_004}
"""The number of 1 January 10000, by whether days are counted from 1904."""


def read_serial(number: float, shows: str, since_1904: bool) -> dt.date | dt.time | dt.timedelta | None:
    """Return the day, time or length of time as which a workbook shows a number; None where it can show none."""
    if not 0 <= number < BEYOND[since_1904]:
        return None
    # times are exact to a millisecond, as Excel shows them: few seconds are an exact part of a day
    days, ticks = divmod(round(number * MILLISECONDS), MILLISECONDS)
    if shows == "elapsed":
        return dt.timedelta(days, milliseconds=ticks)
    minutes, rest = divmod(ticks, 60_000)
    clock = dt.time(minutes // 60, minutes % 60, rest // 1_000, rest % 1_000 * 1_000)
    if shows == "clock" and not days:
        return clock
    # Excel shows days that never were: 0 January 1900, and 29 February 1900
    if days == BEYOND[since_1904] or (not since_1904 and days in (0, 60)):
        return None
    zero = dt.date(1904, 1, 1) if since_1904 else dt.date(1899, 12, 31 if days < 60 else 30)
    day = zero + dt.timedelta(days)
    return day if shows == "day" and not ticks else dt.datetime.combine(day, clock)


BUILT_IN = {
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58), "day"),
    **dict.fromkeys((*range(18, 22), *range(32, 36), 45, 47, 55, 56), "clock"),
    **dict.fromkeys((9, 10), "percent"),
    22: "instant",
    46: "elapsed",
}
Shows = tuple[str, str, str]
"""What a number format makes of a number above zero, below it, and of zero."""
PLAIN: Final[Shows] = ("", "", "")
TEXT: Final = "text: "
DIGITS: Final = "digits: "
_PART = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.?)|[_*].?|\[\$(?P<money>[^\]-]*)[^\]]*\]?|\[(?P<said>[^\]]*)\]?|(?P<bare>.)',
    re.DOTALL,
)


@cache
def shown_by(code: str) -> Shows:
    """Return what a workbook's number format, or the number of a built-in one, shows: "" for a number as it is.

    "percent": a hundred times the number; "percent beside": the number, beside a sign that somebody wrote there;
    "text: ...": only this; "digits: ...": the digits of a whole number in the place of each 0, among what else stands
    there; "other": what nobody can tell by the number alone, such as a number of thousands.

    >>> shown_by("0.0%;[Red]-0.0%"), shown_by('0" %"')[0], shown_by('"Yes";;"No"')
    (('percent', 'percent', 'percent'), 'percent beside', ('text: Yes', 'text: Yes', 'text: No'))
    """
    if code.isascii() and code.isdecimal() and len(code) < 6 and (code == "0" or code[0] != "0"):
        found = BUILT_IN.get(int(code), "")
        return found, found, found
    sections = [list[re.Match[str]]()]
    for part in _PART.finditer(code):
        if part["bare"] == ";":
            sections.append([])
        else:
            sections[-1].append(part)
    numbers = [each for each in sections[:3] if not any(part["bare"] == "@" for part in each)] or sections[:1]
    first, *others = (_shown(section) for section in numbers)
    # a section that shows no number, or a dash in its place, says nothing of what it leaves out
    kinds = [first or "", *(first or "" if kind is None else kind for kind in others)]
    if any(part["said"] and part["said"][0] in "<>=" for section in numbers for part in section):
        plain = ["" if kind.startswith(DIGITS) else kind for kind in kinds]
        return (plain[0],) * 3 if len(set(plain)) == 1 else ("other",) * 3
    return kinds[0], kinds[1] if len(kinds) > 1 else kinds[0], kinds[2] if len(kinds) > 2 else kinds[0]


def _shown(section: list[re.Match[str]]) -> str | None:
    """Return what one section of a format shows, None where it shows no number and no word."""
    bare = "".join(part["bare"] or "" for part in section).lower()
    beside = "".join(part["quoted"] or part["escaped"] or part["money"] or "" for part in section)
    if any(re.fullmatch("h+|m+|s+", (part["said"] or "").lower()) for part in section):
        return "elapsed"
    letters = set(re.sub("general|am/pm|a/p", "", bare))
    if letters & set("hs"):
        return "instant" if letters & set("dy") else "clock"
    if letters & set("dmy"):
        return "day"
    groups = ("quoted", "escaped", "money", "bare")
    text = "".join(part[part.lastgroup] for part in section if part.lastgroup in groups)
    if not re.search("[0#?@]|general", bare):
        return "other" if re.search("[a-z]", bare) else TEXT + text.strip() if re.search(r"\w", text) else None
    digits = [re.sub("[^0#?,]", "", part) for part in (bare, bare.partition(".")[0])]
    if any(each.endswith(",") for each in digits) or bare.count("%") > 1 or "\u2030" in text:
        return "other"
    if "%" in text:
        return "percent" if "%" in bare else "percent beside"
    # as a label, a number is what its digits look like: 0101 and 01-02-03, not 101 and 10203
    only = set(bare) <= set("0-/ ():+") and "0" not in beside and text.strip() not in ("0", "-0", "(0)")
    return DIGITS + text.strip() if only else ""
