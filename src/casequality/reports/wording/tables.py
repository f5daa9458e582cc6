"""A table as a plain value, and how it is written: text, Markdown, HTML, CSV, numbers as its reader expects them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, TypeAlias

import attrs
import numpy as np

from casequality.days import local_times
from casequality.errors import Words
from casequality.evidence import decimals_of
from casequality.goals import number, spoken
from casequality.metrics import Unit
from casequality.reports.wording.words import Phrase, say
from casequality.showing import NBSP, STYLE, Showable, StyledCell, TextTable, Tone, counted, one_line

MINUS: Final = "\N{MINUS SIGN}"


@attrs.frozen
class ShownAmount:
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

    low: ShownAmount | None
    high: ShownAmount | None
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

    def short(self, lang: str) -> str:
        """Return the two ends as a line has room for them, without their unit: "92.1 to 96.5" with a dash."""
        low, high = (end and attrs.evolve(end, unit="").text(lang) for end in (self.low, self.high))
        if low and high:
            return f"{low}\N{EN DASH}{high}"
        return f"\u2265{NBSP}{low}" if low else f"\u2264{NBSP}{high}" if high else say("any", lang)

    @property
    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        """The two ends, exact."""
        return self.low.exact if self.low else None, self.high.exact if self.high else None

    @property
    def limits(self) -> tuple[ShownAmount | str | None, ShownAmount | str | None]:
        """Return the two ends as cells, "" for no limit; none where it is settled."""
        return (None, None) if self.settled else (self.low or "", self.high or "")

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


def amount(exact: Fraction, unit: Unit, lang: str, *, apart_from: Iterable[Fraction] = ()) -> ShownAmount:
    """Return a figure with as many decimals as its unit has, and more where rounding would hide a difference.

    A share is never shown as none or all of them unless it is exactly that.

    exact: in the unit. apart_from: numbers that it must not be shown equal to unless it is equal, a target say.
    """
    return ShownAmount(exact, decimals_of(exact, unit, apart_from), unit_word(unit, exact, lang))


def unit_word(unit: Unit, exact: Fraction, lang: str) -> str:
    """Return the word after a number: none for an index, the singular for exactly one."""
    if unit.name == "index":
        return ""
    word = unit.da if lang == "da" else unit.en
    return counted("1", word).removeprefix("1 ") if abs(exact) == 1 and unit.decimals == 0 else word


def moment(instant: str | np.datetime64, zone: str, lang: str) -> str:
    """Return an instant (UTC) as the day it begins in a zone, or as day and clock time."""
    local = local_times(np.array([instant], "datetime64[us]"), zone)[0].item()
    day = spoken(local.date(), lang)
    if local.time() == dt.time():
        return day
    return f"{day} kl. {local:%H.%M}" if lang == "da" else f"{day} at {local:%H:%M}"


@attrs.frozen
class Marked:
    """What is said of a verdict, in the colour that its tone has in a notebook."""

    word: str
    tone: Tone

    def __str__(self) -> str:
        return self.word


Cell: TypeAlias = "str | int | dt.date | ShownAmount | Between | Marked | Phrase | None"

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula; the last four are the wide forms of the first four."""


@attrs.frozen(kw_only=True)
class Table(Showable):
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

    def text_table(self, lang: str = "") -> TextTable:
        """Return the table with every cell written out in the table's own language, whichever is asked for."""
        return TextTable(
            caption=self.caption,
            headers=tuple(map(self._told, self.headers)),
            rows=tuple(tuple(map(self._told, row)) for row in self.rows),
            numeric=tuple(self.numeric),
            notes=self.notes,
            lang=self.lang,
            audience=self.audience,
        )

    def text(self, *, widest: int = 1000, columns: int | None = None) -> str:
        """Return the table for a terminal, see `TextTable.text`."""
        return self.text_table().text(widest=widest, columns=columns)

    def markdown(self) -> str:
        """Return the table in Markdown, nothing in it read as markup."""
        return self.text_table().markdown()

    def html(self, *, style: str = STYLE) -> str:
        """Return the table as a piece of HTML that needs nothing beside it; all text is escaped."""
        return self.text_table().html(style=style)

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
        if any(isinstance(cell, ShownAmount) and cell.unit for cell in cells):
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
    def numeric(self) -> list[bool]:
        """Which columns hold numbers."""
        return [any(isinstance(cell, int | ShownAmount) for cell in column) for column in self._columns]

    def _texts(self, row: Iterable[Cell]) -> tuple[str, ...]:
        return tuple(shown(cell, self.lang) for cell in row)

    def _told(self, cell: Cell) -> str | StyledCell:
        if isinstance(cell, Marked):
            return StyledCell(cell.word, tone=cell.tone)
        if isinstance(cell, Phrase) and cell.lang != self.lang:
            return StyledCell(cell.text, cell.lang)
        return shown(cell, self.lang)

    def _plain(self, cell: Cell) -> str:
        if isinstance(cell, ShownAmount):
            return cell.plain(self.lang)
        if cell is None or isinstance(cell, int | dt.date):
            return "" if cell is None else str(cell)
        return neutral(one_line(shown(cell, self.lang)).replace(NBSP, " "))


def shown(cell: Cell, lang: str) -> str:
    """Return a cell as it is shown to a reader."""
    if isinstance(cell, ShownAmount | Between):
        return cell.text(lang)
    if isinstance(cell, int):
        return number(cell, lang)
    if isinstance(cell, dt.date):
        return f"{cell:%d-%m-%Y}" if lang == "da" else cell.isoformat()
    return "" if cell is None else str(cell)


def capital(text: str) -> str:
    """Return text that begins as a sentence does."""
    return text[:1].upper() + text[1:]


def neutral(text: str) -> str:
    """Return text that a spreadsheet reads as text, even where it begins like a formula.

    >>> neutral("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def _unit(cell: Cell) -> str:
    return neutral(cell.unit) if isinstance(cell, ShownAmount) else ""


SYMBOLS: Final[Mapping[Tone, str]] = {
    "good": "\N{CHECK MARK}",
    "bad": "\N{BALLOT X}",
    "open": "\N{WHITE DIAMOND}",
    "none": "\N{WHITE SQUARE}",
}

SHAPES: Final[Mapping[Tone, Words]] = {
    "good": Words("circle", "cirkel"),
    "bad": Words("cross", "kryds"),
    "open": Words("diamond", "rude"),
    "none": Words("square", "firkant"),
}
"""What the shapes of a page are called where a reader must be told of each drawing."""


def marked(tone: Tone, word: str) -> str:
    """Return a verdict's word behind the shape of its tone.

    >>> marked("good", "opfyldt")
    '✓ opfyldt'
    """
    return f"{SYMBOLS[tone]} {word}"
