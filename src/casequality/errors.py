"""Every error that casequality raises, in two languages: what, where, what was got, what is allowed, the way out.

All that an error says passes the guard of `casequality.privacy` when it is set, whoever raises it.
"""

from __future__ import annotations

import datetime as dt
import difflib
import errno
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import chain, zip_longest
from typing import Any, TypeAlias

import attrs

from casequality.privacy import masked, personal

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

    en: str = attrs.field(converter=masked)
    da: str = attrs.field(converter=masked)

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


LABELS = {
    "where": Words("where", "sted"),
    "got": Words("got", "givet"),
    "allowed": Words("allowed", "muligt"),
    "remedy": Words("remedy", "udvej"),
}


GUARDED = frozenset(["what", *LABELS])


def _guarded(value: Any) -> Any:
    """Return what an error may hold of a value: numbers and kinds of things as they are, texts masked."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Words):
        return Words(masked(value.en), masked(value.da))
    if isinstance(value, list | tuple):
        return type(value)(map(_guarded, value)) if type(value) in (list, tuple) else masked(str(value))
    # what has a text of its own, such as another's error, would keep it until somebody shows it
    return masked(str(value))


def refuse_personal(text: str, where: Text | None = None) -> None:
    """Raise `InputError` for a text of a project that holds what looks like a citizen's number or address."""
    if (found := personal(text)) is not None:
        raise InputError(
            Words(f"A text holds {found[0]}, and would be published", f"En tekst indeholder {found[1]}"),
            where=where,
            got=Words("it is not repeated here", "det gentages ikke her"),
            remedy=Words(
                "take it out of the text: say which case by a number of the file that nobody else knows, or not at all",
                "tag det ud af teksten, og henvis til sagen på en anden måde",
            ),
        )


PUT_IN = "{}"
NAMES, SHORT = r"(\S+(?:, \S+)*)", 9
GROUPED = re.compile(r"\d{1,3}(,\d{3})+")


@cache
def _table() -> tuple[Mapping[str, str], Mapping[str, str], Sequence[tuple[re.Pattern[str], str]]]:
    """Return the table of Danish errors: the words put in, plain sentences, and those with something put in."""
    file = resources.files("casequality").joinpath("errors.da.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    sentences = table["kinds"] | table["typer"] | table["system"] | table["sentences"]
    # where two fit, the one that says more itself is the one that was said
    loose = sorted((text for text in sentences if PUT_IN in text), key=lambda text: -len(text.replace(PUT_IN, "")))
    patterns = [
        # a sentence of one short word fits many others, which nobody has said in Danish: names alone follow it
        re.compile((NAMES if len(text) < SHORT else "(.*?)").join(map(re.escape, text.split(PUT_IN))), re.DOTALL)
        for text in loose
    ]
    plain = {text: danish for text, danish in sentences.items() if PUT_IN not in text}
    return table["inserted"], plain, [*zip(patterns, (sentences[text] for text in loose), strict=True)]


def in_danish(text: str) -> str:
    """Return the Danish of what an error says in English, from `errors.da.toml`; the English where that has none.

    >>> in_danish("A sheet has no header row")
    'Arket har ingen række med overskrifter'
    >>> in_danish("a part that comes to 1,000 bytes from 20")
    'en del, der bliver til 1.000 bytes ud af 20'
    >>> in_danish("add title"), in_danish("add what a plugin's author asks for")
    ('tilføj title', "add what a plugin's author asks for")
    """
    inserted, plain, loose = _table()
    if text in plain:
        return plain[text]
    for pattern, danish in loose:
        if found := pattern.fullmatch(text):
            given = [inserted.get(each) or in_danish(_grouped(each)) for each in found.groups()]
            return "".join(chain(*zip_longest(danish.split(PUT_IN), given, fillvalue="")))
    return text


def _grouped(text: str) -> str:
    return text.replace(",", ".") if GROUPED.fullmatch(text) else text


class CaseQualityError(Exception):
    """Something that the caller can mend; `str(error)` says how, `told` in either language.

    A message never holds a record's content: a row is named by its number and its column. Its own fields hold the
    English of what is said in both languages; what looks like a citizen's number or address is masked in them.
    """

    exit_code: int = 3

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, _guarded(value) if name in GUARDED else value)

    def __init__(
        self,
        what: Text,
        *,
        where: Text | None = None,
        got: object = None,
        allowed: Iterable[object] | Text | None = None,
        remedy: Text | None = None,
    ) -> None:
        said = {"what": what, "where": where, "got": got, "allowed": allowed, "remedy": remedy}
        self._in_both: dict[str, Words] = {name: text for name, text in said.items() if isinstance(text, Words)}
        self.what: str = text_in(what, "en")
        self.where: str | None = None if where is None else text_in(where, "en")
        self.got: object = got.en if isinstance(got, Words) else got
        self.allowed: str | tuple[object, ...] | None
        if isinstance(allowed, str | Words):
            self.allowed = text_in(allowed, "en")
        else:
            self.allowed = None if allowed is None else tuple(allowed)
        self.remedy: str | None = None if remedy is None else text_in(remedy, "en")
        super().__init__(self.what)

    def __str__(self) -> str:
        return self.told("en")

    def told(self, lang: str) -> str:
        """Return the whole message in a language; what nobody says in Danish is said in English.

        >>> print(UsageError(Words("No target", "Intet måltal"), where="goal g", remedy="ask its owner").told("da"))
        Intet måltal
          sted:    mål g
          udvej:   ask its owner
        """
        told = [self.part("what", lang)]
        for name, label in LABELS.items():
            if text := self.part(name, lang):
                told.append(f"  {label[lang] + ':':<9}{text}")
        return "\n".join(told)

    def part(self, name: str, lang: str) -> str:
        """Return `what`, `where`, `got`, `allowed` or `remedy` in a language, "" where it is not said."""
        said, both = getattr(self, name), self._in_both.get(name)
        if both is not None and both.en == said:  # a caller further out may have said more, such as in which file
            return both[lang]
        if name == "allowed" and isinstance(said, tuple):
            return ", ".join(in_danish(each) if lang == "da" and " " in each else each for each in map(str, said))
        if isinstance(said, str) and lang == "da":
            return in_danish(said)
        return "" if said is None else str(said)

    def said(self) -> dict[str, Any]:
        """Return what was said, by `what`, `where`, `got`, `allowed` and `remedy`, in both languages where it was."""
        given = {name: getattr(self, name) for name in ("what", *LABELS)}
        both = self._in_both
        return {name: both[name] if name in both and both[name].en == said else said for name, said in given.items()}


class UsageError(CaseQualityError, ValueError):
    """A call whose words do not fit: an argument that is missing, unknown or of the wrong kind."""

    exit_code = 2


class NotWritten(UsageError):
    """Something that could not be written: a full disk, a pipe that nobody reads any more."""

    exit_code = 6


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EPIPE, errno.EROFS})
"""What a system says where a file may be named but its content does not get there."""


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
    """A calendar, deadline, metric, reading, goal set or period that nobody offers, with those that it resembles."""

    def __init__(
        self,
        what: Text,
        *,
        where: Text | None = None,
        got: object = None,
        allowed: Iterable[object] | Text | None = None,
        remedy: Text | None = None,
    ) -> None:
        known = allowed if allowed is None or isinstance(allowed, str | Words) else tuple(allowed)
        near = nearest(str(got), known) if isinstance(known, tuple) else []
        if remedy is not None and any(each in text_in(remedy, "en") for each in near):
            near = []  # whoever raises this has named one already
        super().__init__(what, where=where, got=got, allowed=known, remedy=meant(near, remedy))


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
        said = fault.said()
        return cls(
            Words(fault.told("en"), fault.told("da")) if isinstance(fault, SeveralErrors) else said["what"],
            where=f"{where}, {fault.where}" if fault.where else where,
            got=said["got"],
            allowed=said["allowed"],
            remedy=said["remedy"] or "mend the plugin, or install a release in which it is mended",
        )


class EngineError(CaseQualityError, RuntimeError):
    """An engine that broke off: an executor lost time and again, a job that failed outside casequality."""


class VerificationError(CaseQualityError, ValueError):
    """A published figure that the data do not give."""

    exit_code = 5


class SeveralErrors(CaseQualityError, ValueError):
    """All faults of one batch, raised together; `errors` holds them."""

    def __init__(self, what: Text, errors: Sequence[CaseQualityError]) -> None:
        super().__init__(what)
        self.errors: tuple[CaseQualityError, ...] = tuple(errors)
        self.exit_code = max(error.exit_code for error in errors)

    def told(self, lang: str) -> str:
        """Return what all of them say in a language."""
        return "\n\n".join([self.part("what", lang), *(error.told(lang) for error in self.errors)])


def raise_together(what: Text, errors: Sequence[CaseQualityError]) -> None:
    """Raise nothing for no errors, the error itself for one, `SeveralErrors` for more."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SeveralErrors(what, errors)


def unknown(what: Text, name: str, known: Collection[str], where: Text | None = None) -> UnknownName:
    """Return the error for a name that is not known, with those that it resembles."""
    remedy = None if nearest(str(name), known) else Words("use one of these", "brug en af dem")
    return UnknownName(what, where=where, got=name, allowed=sorted(known), remedy=remedy)


def kind_of(value: Any) -> str:
    """Return what a value of a file is called."""
    names = {str: "a text", bool: "true or false", int: "a whole number", float: "a number with decimals"}
    names |= {list: "a list", dict: "a table"}
    return names.get(type(value), "a date" if isinstance(value, dt.date) else type(value).__name__)


def nearest(name: str, known: Iterable[object]) -> list[str]:
    """Return the known names that one resembles, small letters and capitals alike; none for one that is known."""
    names = {text.casefold(): text for text in map(str, known)}
    if name in names.values():
        return []
    return [names[near] for near in difflib.get_close_matches(name.casefold(), names)]


def meant(near: Sequence[str], remedy: Text | None = None) -> Text | None:
    """Return the way out of a mistyped name: those that it resembles, if there are any, and else `remedy`."""
    if not near:
        return remedy
    asked = Words(f"did you mean {' or '.join(near)}?", f"mente du {' eller '.join(near)}?")
    if remedy is None:
        return asked
    danish = in_danish(remedy) if isinstance(remedy, str) else remedy.da
    return Words(f"{asked.en} Otherwise {text_in(remedy, 'en')}", f"{asked.da} Ellers: {danish}")
