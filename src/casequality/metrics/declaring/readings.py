"""Readings: the choices that a goal's words leave open, each with what it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

import attrs

from casequality.errors import LANGUAGES, UnknownName, UsageError, Words, meant, nearest
from casequality.metrics.tallies import Role

Cohort: TypeAlias = Literal["received", "closed"]
Text: TypeAlias = str | Mapping[str, str]
"""A sentence in English, or in English and Danish: `{"en": ..., "da": ...}`."""

COHORTS: Final[Mapping[str, Text]] = {
    "received": {
        "en": "each case counts in the period in which it began, open cases too",
        "da": "hver sag tælles i den periode, hvor den begyndte, også åbne sager",
    },
    "closed": {
        "en": "each case counts in the period in which it ended; open cases do not count",
        "da": "hver sag tælles i den periode, hvor den sluttede; åbne sager tæller ikke med",
    },
    "matured": {
        "en": "each case counts in the period in which it began, once its deadline has passed",
        "da": "hver sag tælles i den periode, hvor den begyndte, når dens frist er udløbet",
    },
}
EARLY: Final = "*early"
"""Every outcome whose name ends so."""


NO_COHORT: Final[Text] = {
    "en": "the source does not say which cases a period holds",
    "da": "kilden siger ikke, hvilke sager en periode omfatter",
}


def in_english(text: Text) -> str:
    """Return a sentence in English."""
    return text if isinstance(text, str) else text["en"]


def in_both(text: Text) -> Words:
    """Return a sentence in both languages; the English stands in for a Danish one that nobody gave."""
    return Words(in_english(text), in_english(text) if isinstance(text, str) else text.get("da", text["en"]))


@attrs.frozen
class Alternative:
    """One way to read a goal: outcomes that play another role, another cohort, or fields of the metric.

    undrawn: None for a full count; for a sample, the outcomes of the cases that were not drawn.
    """

    says: Text
    roles: Mapping[str, Role] = attrs.field(factory=dict)
    fields: Mapping[str, Any] = attrs.field(factory=dict)
    cohort: Cohort | None = None
    undrawn: tuple[str, ...] | None = None


@attrs.frozen
class Choice:
    """A choice with its alternatives; `default` is the literal reading, or the usual one where words are silent."""

    alternatives: Mapping[str, Alternative]
    default: str
    literal: bool
    why: Text

    @property
    def listed(self) -> Words:
        """The alternatives with what each changes."""
        says = {name: in_both(each.says) for name, each in self.alternatives.items()}
        return Words(*("; ".join(f"{name}: {told[lang]}" for name, told in says.items()) for lang in LANGUAGES))

    def alternative(self, name: str, reading: str) -> Alternative:
        """Return one alternative, or raise `UnknownName` with all of them and what each changes."""
        if name not in self.alternatives:
            raise UnknownName(
                "A reading has no such alternative",
                where=reading,
                got=name,
                allowed=self.listed,
                remedy=meant(nearest(name, self.alternatives), "choose one of these"),
            )
        return self.alternatives[name]


def choose(
    *,
    literal: str | None = None,
    usual: str | None = None,
    why: Text,
    says: Mapping[str, Text] | None = None,
    samples: Mapping[str, Sequence[str]] | None = None,
    **alternatives: Mapping[str, Any],
) -> Choice:
    """Declare a choice: by name, the outcomes whose role it changes or the metric's fields that it sets.

    Name the alternative that is the `literal` reading of the source, or, where the source is silent, the `usual`
    one; `why` gives the source's words. `says` is the consequence of each in a sentence; where it is left out, the
    sentence is made from what the alternative changes. Both may be given in English and Danish.
    samples: by name, the alternatives under which the records are a sample drawn by chance, each with the outcomes
    (left out) of the cases that were not drawn, which are the rest of the population; none where its size is not known.
    """
    default, samples = literal or usual, samples or {}
    _refuse_unknown_samples(samples, alternatives)
    if default not in alternatives or (literal and usual):
        raise UsageError(
            "A choice needs one default among its alternatives",
            got=default,
            allowed=alternatives,
            remedy="name it as literal= where the source says it, else as usual=",
        )
    made = {}
    for name, changes in alternatives.items():
        roles = {key: value for key, value in changes.items() if isinstance(value, Role)}
        fields = {key: value for key, value in changes.items() if key not in roles}
        undrawn = tuple(samples[name]) if name in samples else None
        sentence = (says or {}).get(name) or _consequence(roles, fields)
        made[name] = Alternative(sentence, roles, fields, undrawn=undrawn)
    assert default is not None
    return Choice(made, default, literal is not None, why)


def _refuse_unknown_samples(samples: Mapping[str, Sequence[str]], alternatives: Mapping[str, Any]) -> None:
    unknown = [name for name in samples if name not in alternatives]
    if unknown:
        raise UnknownName(
            "A choice has no such alternative for a sample",
            got=", ".join(unknown),
            allowed=tuple(alternatives),
            remedy="name one of its alternatives",
        )


def cohort(*names: str, literal: str | None = None, why: Text = NO_COHORT) -> Choice:
    """Declare which cases a period holds: "received", "closed" or "matured".

    Matured takes every outcome whose name ends with "early" as not yet knowable: it was done before it was due, and
    those beside it that are not done cannot be counted yet.

    The default is the one that is the `literal` reading of the source, else the first.
    """
    unknown = [name for name in names if name not in COHORTS]
    if unknown or not names:
        raise UnknownName("There is no such cohort", got=", ".join(unknown) or "none", allowed=COHORTS)
    if literal is not None and literal not in names:
        raise UsageError("The literal cohort is not among the alternatives", got=literal, allowed=names)
    made = {}
    for name in names:
        roles = {EARLY: Role.OPEN} if name == "matured" else {}
        made[name] = Alternative(COHORTS[name], roles, cohort="closed" if name == "closed" else "received")
    return Choice(made, literal or names[0], literal is not None, why)


def readings(**choices: Choice) -> Mapping[str, Choice]:
    """Declare a metric's readings by name."""
    return choices


def _consequence(roles: Mapping[str, Role], fields: Mapping[str, Any]) -> str:
    words = {
        Role.YES: "count as yes",
        Role.NO: "count as no",
        Role.OPEN: "are not yet counted",
        Role.OUT: "are left out",
        Role.UNKNOWN: "are unknown",
    }
    parts = [
        f"{', '.join(name.replace('_', ' ') for name, given in roles.items() if given is role)} {text}"
        for role, text in words.items()
        if role in roles.values()
    ]
    parts += [f"{name.replace('_', ' ')} is {value}" for name, value in fields.items()]
    return "; ".join(parts) or "counted as the outcomes are declared"
