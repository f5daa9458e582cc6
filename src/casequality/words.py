"""A text in English and in Danish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import attrs

from casequality.errors import UsageError

LANGUAGES = ("en", "da")


def check_language(lang: str) -> str:
    """Return a language that is spoken here."""
    if lang not in LANGUAGES:
        raise UsageError("Unknown language", got=lang, allowed=LANGUAGES)
    return lang


@attrs.frozen
class Words:
    """The same text for a developer (`en`) and for a citizen or a committee (`da`).

    >>> Words("reply guarantee", "tilbagemeldingsgaranti")["da"]
    'tilbagemeldingsgaranti'
    """

    en: str
    da: str

    def __getitem__(self, lang: str) -> str:
        return self.en if check_language(lang) == "en" else self.da

    def __str__(self) -> str:
        return self.en

    def to_dict(self) -> dict[str, str]:
        """Return the words as plain data."""
        return {"en": self.en, "da": self.da}


Text: TypeAlias = str | Words
"""A text that reads the same in both languages, such as the name of an Act, or one for each."""

NOT_SAID = Words("not in the source", "fremgår ikke af kilden")


def words(text: Any, where: str | None = None) -> Words:
    """Return words as they are, or those of a mapping that has an `en` and a `da` text and nothing else."""
    if isinstance(text, Words):
        return text
    if not isinstance(text, Mapping) or set(text) != set(LANGUAGES) or not all(map(_is_text, text.values())):
        raise UsageError(
            "A text is needed in both languages",
            where=where,
            got=", ".join(map(str, text)) if isinstance(text, Mapping) else type(text).__name__,
            allowed=LANGUAGES,
            remedy='write { en = "...", da = "..." }',
        )
    return Words(text["en"], text["da"])


def text_or_words(text: Text | Mapping[str, str], where: str | None = None) -> Text:
    """Return a plain text as it is, anything else as `words` does."""
    return text if isinstance(text, str) else words(text, where)


def text_in(text: Text, lang: str) -> str:
    """Return a text in a language; a plain one is the same in both."""
    return text if isinstance(text, str) else text[lang]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""
