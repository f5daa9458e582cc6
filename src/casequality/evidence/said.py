"""How a finding is said: numbers as each language writes them, and sentences in English and Danish."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, ClassVar, Final, TypeAlias

import attrs

from casequality.days import MONTH_NAMES
from casequality.errors import Words
from casequality.metrics import Unit
from casequality.showing import session_language

DECIMALS: Final = 12
"""Decimals that nobody reads past."""
_DANISH = str.maketrans(",.", ".,")
Exact: TypeAlias = Fraction | int


def number(exact: Exact, lang: str, decimals: int = 0) -> str:
    """Return a number rounded half away from zero.

    >>> number(Fraction(24691, 20), "da", 1)
    '1.234,6'
    """
    # in whole numbers, which is many times as fast as with fractions, and as exact
    scaled = (2 * abs(exact.numerator) * 10**decimals + exact.denominator) // (2 * exact.denominator)
    whole, rest = divmod(scaled, 10**decimals)
    text = f"{whole:,}" + (f".{rest:0{decimals}}" if decimals else "")
    sign = "-" if exact < 0 and scaled else ""
    return sign + (text.translate(_DANISH) if lang == "da" else text)


def decimals_apart(exact: Exact, other: Exact | None, least: int) -> int:
    """Return how many decimals, at least `least`, show two different numbers as different."""
    if other is None or exact == other:
        return least
    alike = (count for count in range(least, DECIMALS) if number(exact, "en", count) != number(other, "en", count))
    return next(alike, DECIMALS)


def decimals_of_share(exact: Exact, least: int) -> int:
    """Return how many decimals, at least `least`, a share in per cent needs not to look like none or all of them.

    >>> decimals_of_share(Fraction(9996, 100), 1), decimals_of_share(100, 1)
    (2, 1)
    """
    return max(decimals_apart(exact, Fraction(end), least) for end in (0, 100))


def decimals_of(exact: Fraction, unit: Unit, apart_from: Iterable[Fraction | None] = ()) -> int:
    """Return with how many decimals a figure is shown, in its unit: more than the unit's where rounding would hide one.

    It never looks equal to one of `apart_from` that it differs from, nor a share to none or all of them.
    """
    least = decimals_of_share(exact, unit.decimals) if unit.en == "%" else unit.decimals
    return max([least, *(decimals_apart(exact, other, unit.decimals) for other in apart_from)])


def plain_number(exact: Fraction, lang: str) -> str:
    """Return a number with the decimals that it has.

    >>> plain_number(Fraction(199, 2), "en")
    '99.5'
    """
    decimals = next((count for count in range(DECIMALS) if (exact * 10**count).denominator == 1), DECIMALS)
    return number(exact, lang, decimals)


def rounded(exact: Exact | float, decimals: int = 1, apart_from: Exact | None = None) -> Words:
    """Return a number in both languages, with more decimals where it would look like another one.

    >>> rounded(Fraction(2534, 100))["da"]
    '25,3'
    """
    whole = Fraction(exact)
    places = decimals_apart(whole, apart_from, decimals)
    return Words(number(whole, "en", places), number(whole, "da", places))


def per_cent(share: Exact | float, apart_from: Exact | None = None, decimals: int = 1) -> Words:
    """Return a share in per cent, with more decimals where it would look like another share.

    >>> per_cent(Fraction(635, 1000))["da"], per_cent(Fraction(7496, 10_000), Fraction(3, 4))["en"]
    ('63,5 %', '74.96 %')
    """
    whole = Fraction(share) * 100
    found = rounded(whole, decimals_of_share(whole, decimals), None if apart_from is None else apart_from * 100)
    return Words(f"{found.en} %", f"{found.da} %")


def plain_share(share: Fraction) -> Words:
    """Return a share in per cent, with one decimal only where it is not whole."""
    return per_cent(share, decimals=0 if (share * 100).denominator == 1 else 1)


def say(en: str, da: str, **values: object) -> Words:
    """Return a sentence with its values filled in: counts, days, and words in both languages; a text stays as it is.

    >>> say("{rows} cases on {day}", "{rows} sager {day}", rows=1234, day=dt.date(2010, 6, 1)).da
    '1.234 sager 1. juni 2010'
    """
    filled = (
        text.format_map({name: _spoken(value, lang) for name, value in values.items()})
        for lang, text in (("en", en), ("da", da))
    )
    return Words(*filled)


def named(names: Mapping[str, Words], name: str) -> Words:
    """Return what something is called, where nobody says so by its own name."""
    return names.get(name) or Words(name, name)


def _spoken(value: object, lang: str) -> str:
    if isinstance(value, dt.date):
        return f"{value.day}{'.' if lang == 'da' else ''} {MONTH_NAMES[value.month - 1][lang]} {value.year}"
    if not isinstance(value, Words | int):
        return str(value)
    text = value[lang] if isinstance(value, Words) else number(value, lang)
    return f"\N{MINUS SIGN}{text[1:]}" if text.startswith("-") else text


class Finding:
    """Something that the figures show: its sentences in both languages, and itself as plain data.

    about: the message by which a report says what it is about.
    """

    __slots__ = ()
    about: ClassVar[str] = ""

    @property
    def sentences(self) -> tuple[Words, ...]:
        """What it says, sentence by sentence; every number in them is one of its own."""
        raise NotImplementedError

    @property
    def words(self) -> Words:
        """All sentences together."""
        said = self.sentences
        return Words(" ".join(each.en for each in said), " ".join(each.da for each in said))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data: shares and other exact numbers as floats, what is absent as None."""
        given = {field.name: getattr(self, field.name) for field in attrs.fields(type(self)) if field.repr}  # type: ignore[arg-type]
        return {**{name: plain(value) for name, value in given.items()}, "words": self.words.to_dict()}

    def __str__(self) -> str:
        return self.words.en

    def _repr_html_(self) -> str:
        lang = session_language()
        return "".join(f'<p lang="{lang}">{html.escape(each[lang])}</p>' for each in self.sentences)


def plain(value: Any) -> Any:
    """Return a value as plain data: exact numbers as floats, days as text."""
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value.to_dict() if hasattr(value, "to_dict") else value
