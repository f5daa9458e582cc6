"""How a value shows itself to a person: a small table, on a terminal, in Markdown and in a notebook.

A notebook speaks English unless the environment variable CASEQUALITY_LANG says "da".
"""

from __future__ import annotations

import os
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import zip_longest
from typing import Final, Literal, TypeAlias

import attrs

from casequality.errors import LANGUAGES

Tone: TypeAlias = Literal["good", "bad", "open", "none"]
"""How a reader may take it: all is well, it is not, or that is still open; `none` says nothing of the kind."""

NARROWEST: Final = 8
"""How many places a cell is given in the narrowest terminal."""
NBSP: Final = "\N{NO-BREAK SPACE}"
ROWS_SHOWN: Final = 50
"""So many rows of a long table are shown where nobody asked for all."""
ROWS: Final = {"en": "more rows", "da": "rækker"}
MORE: Final = {"en": "{rows}", "da": "{rows} til"}

STYLE: Final = """<style>
.casequality{overflow-x:auto;font:14px/1.45 system-ui,sans-serif}
.casequality table{border-collapse:collapse}
.casequality caption{text-align:left;font-weight:600;padding:4px 0}
.casequality th,.casequality td{padding:3px 10px;text-align:left;vertical-align:top;border-bottom:1px solid #8886}
.casequality thead th{border-bottom:2px solid currentColor;vertical-align:bottom}
.casequality .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.casequality .good,.casequality .bad,.casequality .open,.casequality .none{font-weight:600;white-space:nowrap}
.casequality .good{color:light-dark(#176b2c,#7fd896)}.casequality .bad{color:light-dark(#a4161a,#ff9d9d)}
.casequality .open{color:light-dark(#7a4f00,#f0c060)}
.casequality{color-scheme:light dark}
.casequality ul{margin:6px 0;padding-left:18px}
</style>"""


def session_language() -> str:
    """Return the language in which values show themselves where nobody names one."""
    asked = os.environ.get("CASEQUALITY_LANG", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


@attrs.frozen
class StyledCell:
    """A cell with more to it than its text: another language than its table's, or a tone."""

    text: str
    lang: str = ""
    tone: Tone | None = None

    def __str__(self) -> str:
        return self.text


@attrs.frozen(kw_only=True)
class TextTable:
    """A table of texts with a caption above and notes below; the first column names the row.

    numeric: which columns are set to the right. The numbers in them are texts already, in the language of the table.
    audience: for whom it is, which what is copied onto a page says behind the caption; a terminal's reader is known.
    """

    caption: str
    headers: tuple[str | StyledCell, ...]
    rows: tuple[tuple[str | StyledCell, ...], ...]
    numeric: tuple[bool, ...] = ()
    notes: tuple[str, ...] = ()
    lang: str = "en"
    audience: str = ""

    @property
    def heading(self) -> str:
        """The caption, and for whom the table is."""
        return f"{self.caption} ({self.audience})" if self.audience else self.caption

    @classmethod
    def of_facts(cls, caption: str, facts: Mapping[str, object], lang: str, notes: Iterable[str] = ()) -> TextTable:
        """Return a table of two columns, what a fact is called and the fact; one that is None or empty is left out."""
        rows = tuple(
            (name, fact if isinstance(fact, StyledCell) else str(fact))
            for name, fact in facts.items()
            if fact not in (None, "")
        )
        return cls(caption=caption, headers=("", ""), rows=rows, notes=tuple(notes), lang=lang)

    def first(self, count: int = ROWS_SHOWN) -> TextTable:
        """Return the table with its first rows, and a note that says how many there are beside."""
        if len(self.rows) <= count:
            return self
        left = MORE[self.lang].format(rows=counted(grouped(len(self.rows) - count, self.lang), ROWS[self.lang]))
        return attrs.evolve(self, rows=self.rows[:count], notes=(left, *self.notes))

    def text(self, *, widest: int = 1000, columns: int | None = None) -> str:
        """Return the table for a terminal, columns aligned whatever letters they hold, with ordinary spaces only.

        widest: a cell that takes more places goes on in the next line. columns: how many places the terminal has; the
        widest cells go on in the next line until all fit beside each other, if their words are short enough.
        """
        widest = widest if columns is None else min(widest, self._widest(columns))
        rows = [_wrapped(row, widest) for row in self._lines]
        widths = [max(map(width, column)) for column in zip(*(line for row in rows for line in row), strict=True)]
        rule = "  ".join("\N{BOX DRAWINGS LIGHT HORIZONTAL}" * each for each in widths)
        headed, *body = ["\n".join(self._line(line, widths) for line in row) for row in rows]
        head = [headed, rule] if any(map(str, self.headers)) else []
        notes = [one_line(note) for note in self.notes]
        text = "\n".join([one_line(self.caption), "", *head, *body, *(["", *notes] if notes else [])])
        return text.replace(NBSP, " ")

    def _widest(self, columns: int) -> int:
        """Return how many places a cell may take for the table to fit into so many columns."""
        texts = [list(map(one_line, column)) for column in zip(*self._lines, strict=True)]
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
        written = ["| " + " | ".join(map(_markdown, line)) + " |" for line in self._lines]
        rule = "| " + " | ".join("---:" if numeric else "---" for numeric in self._numeric) + " |"
        notes = [f"- {_markdown(note)}" for note in self.notes]
        return "\n".join([f"**{_markdown(self.heading)}**", "", written[0], rule, *written[1:], "", *notes]).rstrip()

    def html(self, *, style: str = STYLE) -> str:
        """Return the table as a piece of HTML that needs nothing beside it; all text is escaped."""
        head = "".join(
            f'<th scope="col"{_attributes(header, numeric)}>{escape(str(header))}</th>'
            for header, numeric in zip(self.headers, self._numeric, strict=True)
        )
        head = f"<thead><tr>{head}</tr></thead>" if any(map(str, self.headers)) else ""
        body = "".join(f"<tr>{''.join(self._html_cells(row))}</tr>" for row in self.rows)
        notes = f"<ul>{''.join(f'<li>{escape(note)}</li>' for note in self.notes)}</ul>" if self.notes else ""
        return (
            f'<div class="casequality" lang="{escape(self.lang)}">{style}<table>'
            f"<caption>{escape(self.heading)}</caption>{head}<tbody>{body}</tbody></table>{notes}</div>"
        )

    @property
    def _numeric(self) -> Sequence[bool]:
        return self.numeric or (False,) * len(self.headers)

    @property
    def _lines(self) -> list[tuple[str, ...]]:
        return [tuple(map(str, row)) for row in (self.headers, *self.rows)]

    def _line(self, line: Iterable[str], widths: Iterable[int]) -> str:
        return "  ".join(map(_aligned, line, widths, self._numeric)).rstrip()

    def _html_cells(self, row: Sequence[str | StyledCell]) -> Iterable[str]:
        for index, (cell, numeric) in enumerate(zip(row, self._numeric, strict=True)):
            name, scope = ("td", "") if index else ("th", ' scope="row"')
            yield f"<{name}{scope}{_attributes(cell, numeric)}>{escape(str(cell))}</{name}>"


class Showable:
    """A value that says itself in a table: in a notebook as such, on a terminal where `print` is given its text."""

    __slots__ = ()

    def text_table(self, lang: str) -> TextTable:
        """Return the value as a table in a language."""
        raise NotImplementedError

    def __repr__(self) -> str:
        shown = self.text_table(LANGUAGES[0])
        return f"<{type(self).__name__}: {shown.caption}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        shown = self.text_table(session_language()).first()
        return {"text/plain": shown.text(), "text/markdown": shown.markdown(), "text/html": shown.html()}


def grouped(count: int, lang: str) -> str:
    """Return a whole number with its thousands apart."""
    return f"{count:,}".replace(",", "." if lang == "da" else ",")


ONE: Final = {
    "seconds": "second",
    "minutes": "minute",
    "hours": "hour",
    "days": "day",
    "cases": "case",
    "calls": "call",
    "sekunder": "sekund",
    "minutter": "minut",
    "timer": "time",
    "dage": "dag",
    "sager": "sag",
    "points": "point",
    "enquiries": "enquiry",
    "henvendelser": "henvendelse",
    "rows": "row",
    "more rows": "more row",
    "rækker": "række",
    "records": "record",
    "registreringer": "registrering",
}
"""What one of them is called, where that is another word."""


def counted(shown: str, of: str) -> str:
    """Return a number as it is shown with what it counts, which is in the singular for exactly 1.

    >>> counted("1", "sager"), counted("0", "sager"), counted("1,0", "dage")
    ('1 sag', '0 sager', '1,0 dage')
    """
    return f"{shown} {ONE.get(of, of) if shown.lstrip('+-') == '1' else of}"


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


def _attributes(cell: str | StyledCell, numeric: bool) -> str:
    told = cell if isinstance(cell, StyledCell) else StyledCell(cell)
    classes = " ".join(filter(None, ["number" if numeric else "", told.tone or ""]))
    return (f' class="{classes}"' if classes else "") + (f' lang="{told.lang}"' if told.lang else "")
