"""Every error that casequality raises, in two languages: what, where, what was got, what is allowed, the way out."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import attrs

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


class CaseQualityError(Exception):
    """Something that the caller can mend; `str(error)` says how.

    A message never holds a record's content: a row is named by its number and its column.
    """

    exit_code: int = 3

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        got: object = None,
        allowed: Iterable[object] | str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.what = what
        self.where = where
        self.got = got
        self.allowed: str | tuple[object, ...] | None
        self.allowed = allowed if allowed is None or isinstance(allowed, str) else tuple(allowed)
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        allowed = self.allowed if isinstance(self.allowed, str) else ", ".join(map(str, self.allowed or ()))
        lines = {
            "where": self.where,
            "got": None if self.got is None else str(self.got),
            "allowed": allowed or None,
            "remedy": self.remedy,
        }
        return "\n".join([self.what, *(f"  {name + ':':<9}{text}" for name, text in lines.items() if text)])


class UsageError(CaseQualityError, ValueError):
    """A call whose words do not fit: an argument that is missing, unknown or of the wrong kind."""

    exit_code = 2


class InputError(CaseQualityError, ValueError):
    """Data that cannot be understood as a whole: a file, a column, a mapping."""


class MissingColumn(InputError, KeyError):
    """A column that a metric reads and that the source does not have."""

    __str__ = CaseQualityError.__str__


class NaiveTime(InputError, TypeError):
    """Times without a zone where none was declared."""


class OutsideCalendar(CaseQualityError, ValueError):
    """A day before the first or after the last day that a calendar knows."""


class UnknownName(CaseQualityError, LookupError):
    """A calendar, deadline, metric, reading, goal set or period that nobody offers."""


class GoalError(CaseQualityError, ValueError):
    """A goal that does not say enough to be judged, or says something impossible."""


class MergeError(CaseQualityError, ValueError):
    """Tallies that do not assume the same things."""


class PluginError(CaseQualityError, RuntimeError):
    """A plugin that failed to load, to register or to calculate."""

    exit_code = 4

    @classmethod
    def of(cls, fault: CaseQualityError, where: str) -> PluginError:
        """Return a fault as that of a plugin; `where` names the plugin."""
        return cls(
            str(fault) if isinstance(fault, SeveralErrors) else fault.what,
            where=f"{where}, {fault.where}" if fault.where else where,
            got=fault.got,
            allowed=fault.allowed,
            remedy=fault.remedy or "mend the plugin, or install a release in which it is mended",
        )


class EngineError(CaseQualityError, RuntimeError):
    """An engine that broke off: an executor lost time and again, a job that failed outside casequality."""


class VerificationError(CaseQualityError, ValueError):
    """A published figure that the data do not give."""

    exit_code = 5


class SeveralErrors(CaseQualityError, ValueError):
    """All faults of one batch, raised together; `errors` holds them."""

    def __init__(self, what: str, errors: Sequence[CaseQualityError]) -> None:
        super().__init__(what)
        self.errors: tuple[CaseQualityError, ...] = tuple(errors)
        self.exit_code = max(error.exit_code for error in errors)

    def __str__(self) -> str:
        return "\n\n".join([self.what, *map(str, self.errors)])


def raise_together(what: str, errors: Sequence[CaseQualityError]) -> None:
    """Raise nothing for no errors, the error itself for one, `SeveralErrors` for more."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SeveralErrors(what, errors)


def unknown(what: str, name: str, known: Collection[str], where: str | None = None) -> UnknownName:
    """Return the error for a name that is not known, with those that it resembles."""
    near = difflib.get_close_matches(name, known)
    remedy = f"did you mean {' or '.join(near)}?" if near else "use one of these"
    return UnknownName(what, where=where, got=name, allowed=sorted(known), remedy=remedy)
