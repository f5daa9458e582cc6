"""Periods in words, in English and Danish."""

from __future__ import annotations

import datetime as dt

from casequality.words import check_language

_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTHS_DA = [
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
]


_WORDS_EN = {
    "month": "{month}",
    "quarter": "{quarter} quarter of {year}",
    "half-year": "{half} half of {year}",
    "year": "{year}",
    "own range": "{first} to {last}",
    "rolling 12 months": "12 months to {last}",
    "year to date": "year to {last}",
}
_WORDS_DA = {
    "month": "{month}",
    "quarter": "{quarter} kvartal {year}",
    "half-year": "{half} halvår {year}",
    "year": "{year}",
    "own range": "{first} til {last}",
    "rolling 12 months": "12 måneder til og med {last}",
    "year to date": "året til og med {last}",
}


_LANGUAGES = {
    "en": (_WORDS_EN, _MONTHS_EN, ("1st", "2nd", "3rd", "4th"), ""),
    "da": (_WORDS_DA, _MONTHS_DA, ("1.", "2.", "3.", "4."), "."),
}


def period_title(kind: str, first: dt.date, last: dt.date, lang: str) -> str:
    """Return the words for a period of that kind from `first` to `last`."""
    words, months, nth, after_day = _LANGUAGES[check_language(lang)]

    def month(day: dt.date) -> str:
        return f"{months[day.month - 1]} {day.year}"

    return words[kind].format(
        year=first.year,
        month=month(first),
        quarter=nth[(first.month - 1) // 3],
        half=nth[(first.month - 1) // 6],
        first=f"{first.day}{after_day} {month(first)}",
        last=f"{last.day}{after_day} {month(last)}",
    )
