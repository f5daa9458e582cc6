"""The languages that days and periods are named in."""

from __future__ import annotations

from casequality.errors import UsageError

LANGUAGES = ("en", "da")


def check_language(lang: str) -> str:
    """Return a language that is spoken here."""
    if lang not in LANGUAGES:
        raise UsageError("Unknown language", got=lang, allowed=LANGUAGES)
    return lang
