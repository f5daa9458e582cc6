"""A text in English and in Danish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from casequality.days.languages import LANGUAGES, check_language
from casequality.errors import UsageError


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


NOT_SAID = Words("not in the source", "fremgår ikke af kilden")


def words(text: Any) -> Words:
    """Return words as they are, or those of a mapping that has an `en` and a `da` text and nothing else."""
    if isinstance(text, Words):
        return text
    if not isinstance(text, Mapping) or set(text) != set(LANGUAGES) or not all(map(_is_text, text.values())):
        raise UsageError(
            "A text is needed in both languages",
            got=", ".join(text) if isinstance(text, Mapping) else type(text).__name__,
            allowed=LANGUAGES,
            remedy='write { en = "...", da = "..." }',
        )
    return Words(text["en"], text["da"])


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""
