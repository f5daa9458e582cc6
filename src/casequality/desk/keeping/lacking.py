"""How a store says what it lacks: what was counted otherwise, whose delivery changed, and for which period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from casequality.days import Part, Period
from casequality.days import period as parse_period
from casequality.desk.keeping.deliveries import Entry
from casequality.errors import Words
from casequality.metrics import Assumed, Tally

NOT_KEPT: Final = Words("no counts of {metric} are kept", "der er ikke gemt optællinger af {metric}")
OTHERWISE: Final = Words(
    "it was counted otherwise than the goal asks: {what}", "den er talt op på en anden måde, end målet siger: {what}"
)
NOT_ALIKE: Final = Words(
    "its deliveries were not counted alike, and do not add up: {what}",
    "leverancerne er ikke talt op på samme måde og kan ikke lægges sammen: {what}",
)
GAPS: Final = Words("not everything is delivered: {what}", "ikke alt er leveret: {what}")
INSTEAD: Final = Words("{what} is {got}, not {wanted}", "{what} er {got}, ikke {wanted}")
OF: Final = Words("{who} for {period}", "{who} for {period}")
FROM: Final = Words(
    "From {many} deliveries of a store ({whose}), as they were known after entry {number} of {day}.",
    "Fra {many} leverancer i et lager ({whose}), som de var kendt efter post {number} fra {day}.",
)
SINCE: Final = Words(
    "Changed since “{note}” of {day}: {what}.",
    "Ændret siden »{note}« fra {day}: {what}.",
)
CHANGED: Final[Mapping[str, Words]] = {
    "put": Words("{who} for {period} delivered", "{who} for {period} leveret"),
    "replaced": Words("{who} for {period} replaced ({note})", "{who} for {period} erstattet ({note})"),
    "withdrawn": Words("{who} for {period} withdrawn ({note})", "{who} for {period} trukket tilbage ({note})"),
}
MORE: Final = Words("{many} more", "{many} andre")
LANGS: Final = ("en", "da")
MOST: Final = 3
"""So many of a kind are named."""
NOTHING: Final = Words("nothing", "ingenting")
EVERY: Final = Words("all records", "alle registreringer")
ASSUMED: Final[Mapping[str, Words]] = {
    "version": Words("the result version", "resultatversionen"),
    "parameters": Words("the settings", "indstillingerne"),
    "outcomes": Words("what may become of a record", "de mulige udfald"),
    "where": Words("which records count", "hvilke registreringer der tæller med"),
    "groups": Words("what it is told apart by", "det, den er delt på"),
    "axis": Words(
        "the zone, or the days kept apart inside a month", "zonen eller de dage, der holdes adskilt i en måned"
    ),
    "as_of": Words("when it was made up", "opgørelsestidspunktet"),
    "calendar": Words("the calendar of working days", "kalenderen for arbejdsdage"),
    "expects": Words("how often records are promised", "hvor ofte der skal leveres"),
}
"""What a goal's counts rest on: as in `Assumed`, and what the source promises."""


def change_of(entry: Entry) -> Words:
    """Return a change of a store in words: whose delivery, for which period, what became of it, and why."""
    period = titled(parse_period(entry.period))
    return said(CHANGED[entry.kind], plain(entry.who), "who", period=period, note=plain(entry.note))


def titled(period: Period) -> Words:
    """Return what a period is called: a year, a month, where it is one."""
    kinds: tuple[Part, ...] = ("year", "half-year", "quarter", "month")
    whole = [part for kind in kinds for part in period.parts(kind) if part.kind == kind and part.end == period.end]
    named = next((each for each in whole if each.first == period.first), period)
    return Words(*(named.title(lang) for lang in LANGS))


def differences(part: Tally, wanted: Assumed, expects: str) -> Iterator[Words]:
    """Yield what counts rest on otherwise than is wanted; what is told apart further is summed where no row is lost."""
    assumed = part.assumed
    pairs: dict[str, tuple[Any, Any, bool]] = {
        name: (getattr(assumed, name), getattr(wanted, name), getattr(assumed, name) == getattr(wanted, name))
        for name in ("version", "parameters", "outcomes", "where", "groups", "axis", "as_of", "calendar")
    }
    kept, asked, _ = pairs["groups"]
    # a row whose label cannot be read was set aside, and would count where nobody asks for its label
    pairs["groups"] = kept, asked, kept == asked or ({*asked} <= {*kept} and not part.accounts.set_aside)
    mine, yours, _ = pairs["axis"]
    pairs["axis"] = mine, yours, mine.zone == yours.zone and {*yours.further} <= {*mine.further}
    pairs["expects"] = part.accounts.expects, expects, expects in ("", part.accounts.expects)
    for name, (got, asked_for, same) in pairs.items():
        if not same:
            shown = [_shown(name, each, assumed.axis.zone) for each in (got, asked_for)]
            yield said(INSTEAD, ASSUMED[name], got=shown[0], wanted=shown[1])


def _shown(name: str, value: Any, zone: str) -> Words:
    if name == "as_of":
        instant = dt.datetime.fromisoformat(f"{value}Z").astimezone(ZoneInfo(zone))
        return plain(instant.isoformat(" ", "minutes"))
    if name == "where":
        return plain(", ".join(f"{field} {' / '.join(labels)}" for field, labels in value)) if value else EVERY
    if name == "parameters":
        return plain(", ".join(f"{key} = {each}" for key, each in value.items())) if value else NOTHING
    if name == "axis":
        return plain(", ".join([value.zone, *map(str, value.further)]))
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return plain(text) if text else NOTHING


def plain(text: str) -> Words:
    """Return a text that reads the same in both languages."""
    return Words(text, text)


def both(told: Iterable[Words]) -> Words:
    """Return some texts in one, of which the first few are said."""
    several = list(told)
    more = len(several) - MOST
    several[MOST:] = [Words(*(MORE[lang].format(many=more) for lang in LANGS))] if more > 0 else []
    return Words(*("; ".join(each[lang] for each in several) for lang in LANGS))


def said(words: Words, what: Words, name: str = "what", **more: Words) -> Words:
    """Return words with their places filled in both languages."""
    filled = {name: what, **more}
    return Words(*(words[lang].format(**{key: each[lang] for key, each in filled.items()}) for lang in LANGS))
