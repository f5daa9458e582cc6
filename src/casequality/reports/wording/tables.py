"""A table as a plain value, and how it is written: text, Markdown, HTML, CSV, numbers as its reader expects them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from html import escape
from itertools import zip_longest
from typing import Any, Final, TypeAlias

import attrs
import numpy as np

from casequality.days import MONTH_NAMES, Period, local_times
from casequality.goals import Tone, Verdict, decimals_apart, number, spoken
from casequality.metrics import Unit
from casequality.reports.wording.words import Phrase, say

NARROWEST: Final = 8
"""How many places a cell is given in the narrowest terminal."""
NBSP: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"
ONE: Final = {
    "seconds": "second",
    "sekunder": "sekund",
    "days": "day",
    "dage": "dag",
    "cases": "case",
    "sager": "sag",
    "calls": "call",
}


@attrs.frozen
class Amount:
    """A number with the decimals and the unit that it is shown with; `signed` also shows a plus."""

    exact: Fraction
    decimals: int = 0
    unit: str = ""
    signed: bool = False

    def text(self, lang: str) -> str:
        """Return the number with its unit, on one line: "1.234,5 sekunder" or "75.0 %"."""
        text = number(self.exact, lang, self.decimals).replace("-", MINUS)
        text = f"+{text}" if self.signed and self.exact > 0 else text
        return f"{text}{NBSP}{self.unit}" if self.unit else text

    def plain(self, lang: str) -> str:
        """Return the number for another program: no unit and no separator of thousands."""
        return number(self.exact, lang, self.decimals).replace("." if lang == "da" else ",", "")


@attrs.frozen
class Between:
    """Between what a figure lies, None for no limit; nothing is shown of one that is `settled`."""

    low: Amount | None
    high: Amount | None
    settled: bool = False

    def text(self, lang: str) -> str:
        """Return the two ends with their unit, on one line."""
        if self.settled:
            return ""
        if self.low is None or self.high is None:
            known = self.low or self.high
            if known is None:
                return say("any", lang)
            return (
                say("at most", lang, bound=known.text(lang))
                if self.high
                else say("at least", lang, bound=known.text(lang))
            )
        return say("between", lang, low=attrs.evolve(self.low, unit="").text(lang), high=self.high.text(lang))

    @property
    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        """The two ends, exact."""
        return self.low.exact if self.low else None, self.high.exact if self.high else None

    def plain(self, lang: str) -> tuple[str, str]:
        """Return the two ends for another program."""
        low, high = (say("no limit", lang) if end is None else end.plain(lang) for end in (self.low, self.high))
        return low, high


def between(low: Fraction | None, high: Fraction | None, unit: Unit, lang: str, *, settled: bool = False) -> Between:
    """Return between what a figure lies, in its unit; ends that differ never look equal."""
    least, most = (
        None if end is None else amount(end, unit, lang, apart_from=[] if other is None else [other])
        for end, other in ((low, high), (high, low))
    )
    return Between(least, most, settled)


def amount(exact: Fraction, unit: Unit, lang: str, *, apart_from: Iterable[Fraction] = ()) -> Amount:
    """Return a figure with as many decimals as its unit has, and more where rounding would hide a difference.

    exact: in the unit. apart_from: numbers that it must not be shown equal to unless it is equal, a target say.
    """
    decimals = max([unit.decimals, *(decimals_apart(exact, other, unit.decimals) for other in apart_from)])
    return Amount(exact, decimals, unit_word(unit, exact, lang))


def unit_word(unit: Unit, exact: Fraction, lang: str) -> str:
    """Return the word after a number: none for an index, the singular for exactly one."""
    if unit.name == "index":
        return ""
    word = unit.da if lang == "da" else unit.en
    return ONE.get(word, word) if exact == 1 and unit.decimals == 0 else word


def moment(instant: str | np.datetime64, zone: str, lang: str) -> str:
    """Return an instant (UTC) as the day it begins in a zone, or as day and clock time."""
    local = local_times(np.array([instant], "datetime64[us]"), zone)[0].item()
    day = spoken(local.date(), lang)
    if local.time() == dt.time():
        return day
    return f"{day} kl. {local:%H.%M}" if lang == "da" else f"{day} at {local:%H:%M}"


Cell: TypeAlias = "str | int | Amount | Between | Phrase | None"

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula; the last four are the wide forms of the first four."""

STYLE: Final = """<style>
.casequality{overflow-x:auto;font:14px/1.45 system-ui,sans-serif}
.casequality table{border-collapse:collapse}
.casequality caption{text-align:left;font-weight:600;padding:4px 0}
.casequality th,.casequality td{padding:3px 10px;text-align:left;vertical-align:top;border-bottom:1px solid #8886}
.casequality thead th{border-bottom:2px solid currentColor;vertical-align:bottom}
.casequality .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.casequality ul{margin:6px 0;padding-left:18px}
</style>"""


@attrs.frozen(kw_only=True)
class Table:
    """Headers and rows with a caption above and notes below; the first column names the row.

    Cells are text, whole numbers, amounts, what a figure lies between, or None where there is nothing; `lang` is the
    language of all text but a `Phrase`, which has its own. audience: for whom it is, where that is not everybody: it
    stands behind the caption in HTML and Markdown, and in CSV, which has none, at the head of an empty last column.
    """

    caption: str
    headers: tuple[str | Phrase, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    lang: str = "en"
    audience: str = ""

    @property
    def heading(self) -> str:
        """The caption, and for whom the table is."""
        return f"{self.caption} ({self.audience})" if self.audience else self.caption

    def first(self, count: int) -> Table:
        """Return the table with its first rows, and a note that says how many there are beside."""
        if len(self.rows) <= count:
            return self
        left = say("more rows", self.lang, rows=number(len(self.rows) - count, self.lang))
        return attrs.evolve(self, rows=self.rows[:count], notes=(left, *self.notes))

    def text(self, *, widest: int = 1000, columns: int | None = None) -> str:
        """Return the table for a terminal, columns aligned whatever letters they hold, with ordinary spaces only.

        widest: a cell that takes more places goes on in the next line. columns: how many places the terminal has; the
        widest cells go on in the next line until all fit beside each other, if their words are short enough.
        """
        widest = widest if columns is None else min(widest, self._widest(columns))
        rows = [_wrapped(row, widest) for row in map(self._texts, (self.headers, *self.rows))]
        widths = [max(map(width, column)) for column in zip(*(line for row in rows for line in row), strict=True)]
        rule = "  ".join("\N{BOX DRAWINGS LIGHT HORIZONTAL}" * each for each in widths)
        head, *body = ["\n".join(self._line(line, widths) for line in row) for row in rows]
        notes = [one_line(note) for note in self.notes]
        text = "\n".join([one_line(self.caption), "", head, rule, *body, *(["", *notes] if notes else [])])
        return text.replace(NBSP, " ")

    def _widest(self, columns: int) -> int:
        """Return how many places a cell may take for the table to fit into so many columns."""
        rows = map(self._texts, (self.headers, *self.rows))
        texts = [list(map(one_line, column)) for column in zip(*rows, strict=True)]
        widths = [max(map(width, column)) for column in texts]
        words = [max(width(word) for text in column for word in text.split() or [""]) for column in texts]
        room = columns - 2 * (len(widths) - 1)
        for most in range(max(widths), NARROWEST, -1):
            # a word longer than a cell stays whole
            if sum(max(min(each, most), word) for each, word in zip(widths, words, strict=True)) <= room:
                return most
        return NARROWEST

    def markdown(self) -> str:
        """Return the table in Markdown, nothing in it read as markup."""
        lines = list(map(self._texts, (self.headers, *self.rows)))
        written = ["| " + " | ".join(map(_markdown, line)) + " |" for line in lines]
        rule = "| " + " | ".join("---:" if numeric else "---" for numeric in self._numeric) + " |"
        notes = [f"- {_markdown(note)}" for note in self.notes]
        return "\n".join([f"**{_markdown(self.heading)}**", "", written[0], rule, *written[1:], "", *notes]).rstrip()

    def html(self, *, style: str = STYLE) -> str:
        """Return the table as a piece of HTML that needs nothing beside it; all text is escaped."""
        head = "".join(
            f'<th scope="col"{_class(numeric)}{self._foreign(header)}>{escape(str(header))}</th>'
            for header, numeric in zip(self.headers, self._numeric, strict=True)
        )
        body = "".join(f"<tr>{''.join(self._html_cells(row))}</tr>" for row in self.rows)
        notes = f"<ul>{''.join(f'<li>{escape(note)}</li>' for note in self.notes)}</ul>" if self.notes else ""
        return (
            f'<div class="casequality" lang="{escape(self.lang)}">{style}<table>'
            f"<caption>{escape(self.heading)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}</div>"
        )

    def csv(self) -> str:
        """Return the rows as CSV: semicolons and a decimal comma in Danish, and no text that a sheet would run.

        Numbers stand alone: a column of amounts is followed by one with their units, and one of what figures lie
        between is two.
        """
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";" if self.lang == "da" else ",", lineterminator="\n")
        columns = [self._csv_column(*each) for each in zip(self.headers, self._columns, strict=True)]
        if self.audience:
            columns.append([(self.audience,), *[("",)] * len(self.rows)])
        writer.writerows([part for parts in line for part in parts] for line in zip(*columns, strict=True))
        return out.getvalue()

    def _csv_column(self, header: str | Phrase, cells: tuple[Cell, ...]) -> list[tuple[str, ...]]:
        """Return one column as CSV has it, its header first: each cell alone, or with its unit, or as two ends."""
        if any(isinstance(cell, Between) for cell in cells):
            named = tuple(self._plain(say(end, self.lang, column=header)) for end in ("lowest", "highest"))
            return [named, *(cell.plain(self.lang) if isinstance(cell, Between) else ("", "") for cell in cells)]
        if any(isinstance(cell, Amount) and cell.unit for cell in cells):
            unit = self._plain(say("unit of", self.lang, column=header))
            return [(self._plain(header), unit), *((self._plain(cell), _unit(cell)) for cell in cells)]
        return [(self._plain(header),), *((self._plain(cell),) for cell in cells)]

    def to_dict(self) -> dict[str, Any]:
        """Return the table as plain data, each cell as it is shown."""
        return {
            "caption": self.caption,
            "headers": list(self._texts(self.headers)),
            "rows": [list(self._texts(row)) for row in self.rows],
            "notes": list(self.notes),
            "lang": self.lang,
        }

    @property
    def _columns(self) -> Sequence[tuple[Cell, ...]]:
        return list(zip(*self.rows, strict=True)) if self.rows else [()] * len(self.headers)

    @property
    def _numeric(self) -> list[bool]:
        return [any(isinstance(cell, int | Amount) for cell in column) for column in self._columns]

    def _line(self, line: Iterable[str], widths: Iterable[int]) -> str:
        return "  ".join(map(_aligned, line, widths, self._numeric)).rstrip()

    def _texts(self, row: Iterable[Cell]) -> tuple[str, ...]:
        return tuple(shown(cell, self.lang) for cell in row)

    def _html_cells(self, row: Sequence[Cell]) -> Iterable[str]:
        for index, (cell, numeric) in enumerate(zip(row, self._numeric, strict=True)):
            name, scope = ("td", "") if index else ("th", ' scope="row"')
            attributes = f"{scope}{_class(numeric)}{self._foreign(cell)}"
            yield f"<{name}{attributes}>{escape(shown(cell, self.lang))}</{name}>"

    def _foreign(self, cell: Cell) -> str:
        return f' lang="{cell.lang}"' if isinstance(cell, Phrase) and cell.lang != self.lang else ""

    def _plain(self, cell: Cell) -> str:
        if isinstance(cell, Amount):
            return cell.plain(self.lang)
        if cell is None or isinstance(cell, int):
            return "" if cell is None else str(cell)
        return neutral(one_line(str(cell)).replace(NBSP, " "))


def shown(cell: Cell, lang: str) -> str:
    """Return a cell as it is shown to a reader."""
    if isinstance(cell, Amount | Between):
        return cell.text(lang)
    if isinstance(cell, int):
        return number(cell, lang)
    return "" if cell is None else str(cell)


def neutral(text: str) -> str:
    """Return text that a spreadsheet reads as text, even where it begins like a formula.

    >>> neutral("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def width(text: str) -> int:
    """Return how many places text takes on a terminal: none for a combining mark, two for a wide letter."""
    places = (0 if unicodedata.combining(letter) else 1 for letter in text)
    return sum(places) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def one_line(text: str) -> str:
    """Return text without line breaks or anything else that would steer a terminal."""
    return "".join(letter if letter.isprintable() or letter == NBSP else " " for letter in text)


def _wrapped(row: Iterable[str], widest: int) -> list[tuple[str, ...]]:
    """Return the lines that a row of texts takes."""
    cells = [
        textwrap.wrap(one_line(text), widest, break_long_words=False, break_on_hyphens=False) or [""] for text in row
    ]
    return list(zip_longest(*cells, fillvalue=""))


def _aligned(text: str, places: int, numeric: bool) -> str:
    space = " " * (places - width(text))
    return space + text if numeric else text + space


def _markdown(text: str) -> str:
    escaped = "".join(f"\\{letter}" if letter in "\\`*_[]#|~" else letter for letter in one_line(text))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _class(numeric: bool) -> str:
    return ' class="number"' if numeric else ""


def _unit(cell: Cell) -> str:
    return neutral(cell.unit) if isinstance(cell, Amount) else ""


SYMBOLS: Final[Mapping[Tone, str]] = {
    "good": "\N{CHECK MARK}",
    "bad": "\N{BALLOT X}",
    "open": "\N{WHITE DIAMOND}",
    "none": "\N{WHITE SQUARE}",
}


def marked(verdict: Verdict, lang: str) -> str:
    """Return a verdict's word behind its shape.

    >>> marked(Verdict.MET, "da")
    '✓ opfyldt'
    """
    return f"{SYMBOLS[verdict.tone]} {verdict.words[lang]}"


def short(period: Period, lang: str) -> str:
    """Return a period as an axis has room for: its part of the year, and the year where one begins."""
    year, month = period.first.year, period.first.month
    match period.kind:
        case "month":
            name = MONTH_NAMES[month - 1][lang][:3]
            return f"{name} {year}" if month == 1 else name
        case "quarter" | "half-year":
            part = (month + 2) // 3 if period.kind == "quarter" else (month + 5) // 6
            return say(f"short {period.kind}", lang, part=part) + f" {year}"
        case "year":
            return str(year)
    return period.label
