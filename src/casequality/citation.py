"""Where a rule or a figure comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs

from casequality.words import Text, Words, text_in, text_or_words

NOT_IN_SOURCE = "not in the source"
UNCERTAIN = Words("uncertain: {}", "usikkert: {}")
SEE_SOURCE = Words("see the source", "se kilden")


def _if_any(text: Text | Mapping[str, str] | None) -> Text | None:
    return None if text is None else text_or_words(text)


@attrs.frozen(kw_only=True)
class Citation:
    """A source that a reader can look up.

    title, document, section, question: a text that is the same in both languages, such as the name of an Act, or
    `{"en": ..., "da": ...}`.
    adopted: the day of the decision, or `NOT_IN_SOURCE` where the source itself leaves it out.
    A rule that rests on an unsettled question has `certain=False` and says the question.

    >>> law = Citation(title={"en": "Limitation Act", "da": "Forældelsesloven"}, section="§ 27", certain=False)
    >>> law.in_language("da")
    'Forældelsesloven, § 27 (usikkert: se kilden)'
    """

    title: Text = attrs.field(converter=text_or_words)
    document: Text | None = attrs.field(converter=_if_any, default=None)
    section: Text | None = attrs.field(converter=_if_any, default=None)
    adopted: dt.date | str | None = None
    checked_on: dt.date | None = None
    certain: bool = True
    question: Text | None = attrs.field(converter=_if_any, default=None)

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, lang: str) -> str:
        """Return the source as a reader of English ("en") or Danish ("da") looks it up, with what is uncertain."""
        text = ", ".join(text_in(part, lang) for part in (self.title, self.document, self.section) if part)
        if self.certain:
            return text
        question = text_in(self.question or SEE_SOURCE, lang)
        return f"{text} ({UNCERTAIN[lang].format(question)})"

    def to_dict(self) -> dict[str, Any]:
        """Return the citation as plain data, absent parts left out; what is said in both languages is a dict."""
        return {
            name: value if isinstance(value, bool | dict) else str(value)
            for name, value in attrs.asdict(self).items()
            if value is not None
        }
