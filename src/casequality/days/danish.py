"""The named Danish calendars, and those of other countries by their public holidays."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from importlib.metadata import version

from casequality.citation import Citation
from casequality.days.calendars import Calendar
from casequality.days.closing_days import FIRST, LAST, ClosingDay, closing_days
from casequality.errors import UnknownName

_TITLES = {
    "dk-statutory": {
        "en": "Monday to Friday less the public holidays",
        "da": "Mandag til fredag undtagen helligdage",
    },
    "dk-administrative": {
        "en": "Monday to Friday less the public holidays, 5 June, 24 and 31 December",
        "da": "Mandag til fredag undtagen helligdage, 5. juni, 24. og 31. december",
    },
    "dk-bank": {
        "en": "Danish banking days",
        "da": "Bankdage",
    },
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
