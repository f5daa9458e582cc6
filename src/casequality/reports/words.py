"""Every fixed text of a report, in English and in Danish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from casequality.deadlines.words import Words


@attrs.frozen
class Said:
    """A text with the language that it is written in, where that is not the reader's own."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text


def said(text: str | Words | Mapping[str, str], lang: str) -> Said:
    """Return a text in a language if it is given in it, else in English; a plain text is English.

    >>> said("all calls", "da").lang
    'en'
    """
    if isinstance(text, str):
        return Said(text, "en")
    if isinstance(text, Words):
        return Said(text[lang], lang)
    spoken = lang if lang in text else "en"
    return Said(text[spoken], spoken)


def say(key: str, lang: str, **values: object) -> str:
    """Return one of `MESSAGES` with its values filled in.

    >>> say("more rows", "da", rows="12")
    '12 rækker til'
    """
    return MESSAGES[key][lang].format(**values)


MESSAGES: Final[Mapping[str, Words]] = {
    # a table of figures
    "period": Words("Period", "Periode"),
    "facet": Words("Part", "Del"),
    "all": Words("all", "alle"),
    "no group": Words("not stated", "ikke oplyst"),
    "value": Words("Value", "Værdi"),
    "value read as": Words("Value, {reading}", "Værdi, {reading}"),
    "numerator": Words("Numerator", "Tæller"),
    "denominator": Words("Denominator", "Nævner"),
    "sensitive": Words("Calendar-sensitive", "Kalenderfølsomme"),
    "partial": Words("not ended", "ikke afsluttet"),
    "unit of": Words("{column}, unit", "{column}, enhed"),
    "more rows": Words("{rows} more rows", "{rows} rækker til"),
    # what figures rest on
    "reading": Words("Reading", "Læsning"),
    "literal": Words("the literal reading", "den ordrette læsning"),
    "not literal": Words("not the literal reading, which is {other}", "ikke den ordrette læsning, som er {other}"),
    "silent": Words("the source does not say", "kilden siger det ikke"),
    "assumed": Words("nobody chose", "ikke valgt af nogen"),
    "calendar": Words("Working days", "Arbejdsdage"),
    "own calendar": Words("on each deadline's own calendar", "efter hver frists egen kalender"),
    "as of": Words("As of", "Opgjort pr."),
    "rows went": Words("Where every row went", "Hvor hver række blev af"),
    "read": Words("read", "læst"),
    "in the periods": Words("in the periods", "i perioderne"),
    "outside the periods": Words("outside the periods", "uden for perioderne"),
    "undated": Words("undated", "uden dato"),
    "not yet begun": Words("not yet begun", "endnu ikke begyndt"),
    "elsewhere": Words("elsewhere", "andetsteds"),
    "set aside": Words("set aside", "lagt til side"),
    "finding": Words("Finding", "Fund"),
    "suspected mark": Words("May stand for no date", "Kan betyde ingen dato"),
    # a chart
    "chart of": Words("{title} over {periods} periods", "{title} over {periods} perioder"),
    "short quarter": Words("Q{part}", "{part}. kvt."),
    "short half-year": Words("H{part}", "{part}. halvår"),
}
