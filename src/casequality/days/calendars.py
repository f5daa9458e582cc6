"""The Danish calendars by name, from the shipped closing days, and calendars from a table of holidays."""

from __future__ import annotations

import csv
import datetime as dt
from functools import lru_cache
from importlib.resources import files

from casequality.citation import Citation
from casequality.days.working_calendar import Calendar, ClosingDay
from casequality.errors import UnknownName

FIRST = dt.date(1990, 1, 1)
LAST = dt.date(2060, 12, 31)
BANK = ("dk-bank",)
ADMINISTRATIVE = ("dk-administrative", *BANK)
STATUTORY = ("dk-statutory", *ADMINISTRATIVE)
HALF_OFFICIAL = {(6, 5), (12, 24), (12, 31)}


@lru_cache(maxsize=1)
def closing_days() -> tuple[ClosingDay, ...]:
    """Return the reviewed table, in order of day."""
    lines = files("casequality.days").joinpath("closing_days.csv").read_text("utf-8").splitlines()
    _, *rows = csv.reader(lines)
    return tuple(ClosingDay(dt.date.fromisoformat(day), en, da, tuple(on.split())) for day, da, en, on in rows)


def from_holidays(first_year: int = FIRST.year, last_year: int = LAST.year) -> tuple[ClosingDay, ...]:
    """Return the closing days as the installed `holidays` package knows them, in order of day."""
    import holidays

    years = range(first_year, last_year + 1)
    found: list[ClosingDay] = []
    for category, calendars in (("public", STATUTORY), ("optional", ADMINISTRATIVE)):
        english, danish = (
            holidays.country_holidays("DK", years=years, categories=(category,), language=language)
            for language in ("en_US", "da")
        )
        closed = [day for day in english if category == "public" or (day.month, day.day) in HALF_OFFICIAL]
        found.extend(ClosingDay(day, english[day], danish[day], calendars) for day in closed)
    ascensions = [closing.day for closing in found if closing.da == "Kristi himmelfartsdag"]
    friday = ("Friday after Ascension Day", "Fredag efter Kristi himmelfartsdag", BANK)
    found.extend(ClosingDay(day + dt.timedelta(days=1), *friday) for day in ascensions)
    return tuple(sorted(found))


_TITLES = {
    "dk-statutory": {"en": "Monday to Friday less the public holidays", "da": "Mandag til fredag undtagen helligdage"},
    "dk-administrative": {
        "en": "Monday to Friday less the public holidays, 5 June, 24 and 31 December",
        "da": "Mandag til fredag undtagen helligdage, 5. juni, 24. og 31. december",
    },
    "dk-bank": {"en": "Danish banking days", "da": "Bankdage"},
}

_SOURCES = {
    "dk-statutory": Citation(
        title={
            "en": "The Danish church's public holidays; Great Prayer Day to 2023",
            "da": "Folkekirkens helligdage; store bededag til og med 2023",
        },
        document={
            "en": "Folketinget 2022-23 (2nd session), KIU, reply to question 19; bill L 13, in force 1 January 2024",
            "da": "Folketinget 2022-23 (2. samling), KIU, svar på spørgsmål 19; lovforslag L 13, i kraft 1. jan. 2024",
        },
        adopted=dt.date(2023, 2, 28),
    ),
    "dk-administrative": Citation(
        title={"en": "Limitation Act (forældelsesloven)", "da": "Forældelsesloven"},
        section={"en": "section 27(2)", "da": "§ 27, stk. 2"},
        certain=False,
        question={
            "en": "the section is about limitation periods; no source says whether an authority's own working days "
            "leave out 5 June, 24 and 31 December",
            "da": "paragraffen handler om forældelsesfrister; ingen kilde siger, om 5. juni, 24. og 31. december "
            "holdes ude af en myndigheds egne arbejdsdage",
        },
    ),
    "dk-bank": Citation(
        title={
            "en": "Danmarks Nationalbank, bank closing days 2026 and 2027",
            "da": "Danmarks Nationalbank, banklukkedage 2026 og 2027",
        },
        certain=False,
        question={
            "en": "closed on the Friday after Ascension in every year here, but a list for 2006 does not have that "
            "day and one for 2016 does",
            "da": "lukket fredag efter Kristi himmelfartsdag i alle år her, men en liste for 2006 har ikke den dag, og "
            "en for 2016 har den",
        },
    ),
}


@lru_cache
def calendar(name: str) -> Calendar:
    """Return a named Danish calendar, 1990-01-01 to 2060-12-31.

    "dk-statutory" is Monday to Friday less the public holidays in force (Great Prayer Day to 2023),
    "dk-administrative" also leaves out 5 June, 24 and 31 December, "dk-bank" also the Friday after Ascension.
    Each says its source and what is uncertain about it. Raises `UnknownName`.

    >>> import datetime as dt
    >>> calendar("dk-statutory").add(dt.date(2010, 4, 22), 10)
    datetime.date(2010, 5, 7)
    """
    if name not in _TITLES:
        raise UnknownName(
            "Unknown calendar",
            got=name,
            allowed=_TITLES,
            remedy="use one of these, or pass a calendar made with casequality.Calendar.make",
        )
    closed = (closing for closing in closing_days() if name in closing.calendars)
    return Calendar.make(name, closed=closed, first=FIRST, last=LAST, source=_SOURCES[name], title=_TITLES[name])


def calendar_from_holidays(
    country: str,
    *,
    subdivision: str | None = None,
    name: str | None = None,
    first: dt.date = FIRST,
    last: dt.date = LAST,
) -> Calendar:
    """Return Monday to Friday less a country's public holidays as the installed `holidays` package knows them.

    `country` and `subdivision` are ISO 3166 codes. Unlike the named calendars this one can change with a
    release of `holidays`; the source names the release.
    """
    # needed for other countries only: the named calendars are a table in the package, which no release of it changes
    from importlib.metadata import version

    import holidays

    name = name or "-".join(filter(None, [country, subdivision]))
    try:
        years = range(first.year, last.year + 1)
        found = holidays.country_holidays(country, subdiv=subdivision, years=years, categories=("public",))
    except NotImplementedError as error:
        raise UnknownName("Unknown country or subdivision", got=name, remedy="use ISO 3166 codes") from error
    closed = (ClosingDay(day, title, title) for day, title in found.items() if first <= day <= last)
    source = Citation(title=f"holidays {version('holidays')}", section=name)
    return Calendar.make(name, closed=closed, first=first, last=last, source=source)
