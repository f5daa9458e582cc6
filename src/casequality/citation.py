"""Where a rule or a figure comes from, and values that change from a day on, each with its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from casequality.errors import OutsideCalendar, Text, UsageError, Words, text_in, text_or_words

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


T = TypeVar("T")


@attrs.frozen
class Entry(Generic[T]):
    """One value, in force from a day until the next entry begins; `value=None` ends the rule."""

    since: dt.date
    value: T | None
    citation: Citation | None = None


def _in_order(entries: Iterable[Entry[T]]) -> tuple[Entry[T], ...]:
    return tuple(sorted(entries, key=lambda entry: entry.since))


@attrs.frozen
class Dated(Generic[T]):
    """A value that law or a council changes over time.

    Entries are kept in order of their first day; each is in force to the day before the next.
    """

    entries: tuple[Entry[T], ...] = attrs.field(converter=_in_order)

    def __attrs_post_init__(self) -> None:
        days = [entry.since for entry in self.entries]
        if not days or len(set(days)) != len(days):
            raise UsageError(
                "A dated value needs at least one entry and one entry a day",
                got=", ".join(map(str, days)) or "no entry",
                remedy="give each change its own first day",
            )

    @classmethod
    def always(cls, value: T, citation: Citation | None = None) -> Dated[T]:
        """Return a value that has been in force since before any record."""
        return cls((Entry(dt.date.min, value, citation),))

    def __iter__(self) -> Iterator[Entry[T]]:
        return iter(self.entries)

    def entry_on(self, day: dt.date) -> Entry[T]:
        """Return the entry in force on `day`; raise `OutsideCalendar` where there is none."""
        for entry in reversed(self.entries):
            if entry.since <= day and entry.value is not None:
                return entry
            if entry.since <= day:
                break
        raise OutsideCalendar(
            "No value is in force on that day",
            got=day,
            allowed=f"from {self.entries[0].since} where a value is given",
            remedy="check the date, or add the value that was in force with its source",
        )

    def on(self, day: dt.date) -> T:
        """Return the value in force on `day`."""
        value = self.entry_on(day).value
        assert value is not None
        return value

    def index(self, days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.intp]:
        """Return, for each day, the position of the entry in force; -1 before the first and for no day."""
        starts = np.array([entry.since for entry in self.entries], "datetime64[D]")
        found = np.searchsorted(starts, days, side="right") - 1
        return np.where(np.isnat(days), -1, found)
