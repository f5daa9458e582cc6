"""Every fault that intake can find in a row: what it is called, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from casequality.errors import Words


@attrs.frozen
class KnownFault:
    """What a fault is called in Danish, and what to do about it; its name is its English."""

    da: str
    remedy: Words


KNOWN_FAULTS: Final[Mapping[str, KnownFault]] = {
    "wrong number of columns": KnownFault(
        "forkert antal kolonner",
        Words(
            "quote values that hold the delimiter, and give every row as many columns as the header",
            "sæt anførselstegn om værdier med skilletegn i, og giv hver række lige så mange kolonner som overskriften",
        ),
    ),
    "unreadable value": KnownFault(
        "ulæselig værdi",
        Words(
            "correct the value, or declare how the source writes it: dialect=Dialect(...)",
            "ret værdien, eller angiv hvordan kilden skriver den: dialect=Dialect(...)",
        ),
    ),
    "missing value": KnownFault(
        "manglende værdi",
        Words(
            "give the value, or declare the field with missing=... or unknown=... where a blank has a meaning",
            "udfyld værdien, eller erklær feltet med missing=... eller unknown=..., hvis en tom celle betyder noget",
        ),
    ),
    "unknown code": KnownFault(
        "ukendt kode",
        Words(
            "correct the code, or map it: codes={field: {source value: label}}",
            "ret koden, eller oversæt den: codes={felt: {kildens værdi: kode}}",
        ),
    ),
    "below zero": KnownFault(
        "under nul",
        Words(
            "correct the value; this field is 0 or more",
            "ret værdien; feltet er 0 eller mere",
        ),
    ),
    "before 1900": KnownFault(
        "før 1900",
        Words(
            "correct the date, or declare the mark: marks={field: {day: meaning}}",
            "ret datoen, eller erklær mærket: marks={felt: {dag: betydning}}",
        ),
    ),
    "after the horizon": KnownFault(
        "efter kalenderens slutning",
        Words(
            "correct the date, or declare the mark: marks={field: {day: meaning}}",
            "ret datoen, eller erklær mærket: marks={felt: {dag: betydning}}",
        ),
    ),
    "skipped by the clock": KnownFault(
        "sprunget over ved sommertid",
        Words(
            "correct the time: the clock was put forward past it when summer time began",
            "ret klokkeslættet: uret blev stillet frem forbi det, da sommertiden begyndte",
        ),
    ),
    "shown twice by the clock": KnownFault(
        "vist to gange af uret",
        Words(
            'say which is meant: repeated_hour="first" or "second"; or deliver times with offsets',
            'angiv hvilket der menes: repeated_hour="first" eller "second"; eller lever tider med forskel til UTC',
        ),
    ),
    "read as the first of two": KnownFault(
        "læst som det første af to",
        Words(
            "nothing need be done: the clock showed the time twice, and repeated_hour says which",
            "intet behøver at blive gjort: uret viste tiden to gange, og repeated_hour siger hvilken",
        ),
    ),
    "read as the second of two": KnownFault(
        "læst som det andet af to",
        Words(
            "nothing need be done: the clock showed the time twice, and repeated_hour says which",
            "intet behøver at blive gjort: uret viste tiden to gange, og repeated_hour siger hvilken",
        ),
    ),
    "blank read by default": KnownFault(
        "tom celle læst som erklæret",
        Words(
            "nothing need be done: defaults says what a blank means; give the value if it should not",
            "intet behøver at blive gjort: defaults siger, hvad en tom celle betyder; udfyld værdien, hvis den "
            "ikke skal",
        ),
    ),
    "ended before it began": KnownFault(
        "afsluttet før den begyndte",
        Words(
            "correct the dates, or switch the check off by its name: checks_off=[...]",
            "ret datoerne, eller slå kontrollen fra ved dens navn: checks_off=[...]",
        ),
    ),
    "began before its parent": KnownFault(
        "begyndt før sin sag",
        Words(
            "correct the dates, or switch the check off by its name: checks_off=[...]",
            "ret datoerne, eller slå kontrollen fra ved dens navn: checks_off=[...]",
        ),
    ),
    "conflicting key": KnownFault(
        "modstridende nøgle",
        Words(
            "keep one row a key: rows with one key say different things and are at most one record",
            "behold én række pr. nøgle: rækker med samme nøgle siger noget forskelligt og er højst én sag",
        ),
    ),
    "repeated row": KnownFault(
        "gentaget række",
        Words(
            "nothing need be done: the row was counted once; mend the delivery if it should not repeat",
            "intet behøver at blive gjort: rækken er talt én gang; ret udtrækket, hvis den ikke skal gentages",
        ),
    ),
    "hidden row": KnownFault(
        "skjult række",
        Words(
            "nothing need be done: the row was counted; leave it out of the delivery if it should not be",
            "intet behøver at blive gjort: rækken er talt med; udelad den af udtrækket, hvis den ikke skal det",
        ),
    ),
    "hidden column": KnownFault(
        "skjult kolonne",
        Words(
            "nothing need be done: the column was read; see that it is the one you mean",
            "intet behøver at blive gjort: kolonnen er læst; se efter, at det er den, der menes",
        ),
    ),
    "hidden sheet": KnownFault(
        "skjult ark",
        Words(
            "nothing need be done: the sheet was read; name another with sheet=... if you mean that",
            "intet behøver at blive gjort: arket er læst; nævn et andet med sheet=..., hvis det er det, der menes",
        ),
    ),
    "looks like a totals row": KnownFault(
        "ligner en sumrække",
        Words(
            'say so, and it is left out: totals="last", or totals={column: text}',
            'angiv det, så udelades den: totals="last" eller totals={kolonne: tekst}',
        ),
    ),
    "errors look blank": KnownFault(
        "fejlværdier ligner tomme celler",
        Words(
            "save the workbook as .xlsx, in which a cell with an error is told from a blank one",
            "gem projektmappen som .xlsx, hvor en celle med en fejl kan kendes fra en tom",
        ),
    ),
    "hidden rows and formats look plain": KnownFault(
        "skjulte rækker og talformater kan ikke kendes",
        Words(
            "save the workbook as .xlsx, in which what is hidden, and numbers shown as per cent or as 0101, are told",
            "gem projektmappen som .xlsx, hvor det skjulte og tal vist som procent eller som 0101 kan kendes",
        ),
    ),
    "outside the calendar": KnownFault(
        "uden for kalenderen",
        Words(
            "correct the date, or use a calendar that knows it",
            "ret datoen, eller brug en kalender, der kender den",
        ),
    ),
    "child without a parent": KnownFault(
        "underordnet række uden sag",
        Words(
            "deliver the parent row too, or correct the key",
            "lever også sagens række, eller ret nøglen",
        ),
    ),
}

RULE_REMEDY = Words(
    "correct the values, or switch the rule off by its name: checks_off=[...]",
    "ret værdierne, eller slå reglen fra ved dens navn: checks_off=[...]",
)
"""What to do where a rule of the record type is broken; its sentence is the fault."""
