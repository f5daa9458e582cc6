"""Gaps: what a goal leaves open or says wrongly, told in English and Danish."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from casequality.errors import CaseQualityError, GoalError, Text, Words, kind_of, text_in
from casequality.goals.definition import Goal
from casequality.toml import Table


class Gap(GoalError):
    """What a goal leaves open or says wrongly, told in either language."""


class GoalTable(Table):
    """A table of a goal file, of which what is missing or unknown is a gap that a committee can read of."""

    def lacks(self, key: str, remedy: Text | None) -> Gap:
        return Gap(Words(f"{key} is missing", f"{key} mangler"), where=self.where, remedy=remedy)

    def unknown(self, key: str, known: Collection[str], remedy: str) -> Gap:
        return Gap("The key is not known", where=self.where, got=key, allowed=known, remedy=remedy)

    def wrong(self, key: str, fault: CaseQualityError) -> GoalError:
        where = f"{self.where}, {key}" + (f", {fault.where}" if fault.where else "")
        return GoalError(**{**fault.said(), "where": where})

    def no_table(self, where: str, given: object) -> GoalError:
        remedy = "write it as [name] or { key = value }"
        return GoalError("A table is needed", where=where, got=kind_of(given), remedy=remedy)

    def fault(self, what: Text, **rest: Any) -> None:
        """Note a fault of this table."""
        self.faults.append(Gap(what, where=self.where, **rest))


def gap(code: str, goal: Goal, key: str, *, got: object = None, allowed: Any = None, **values: object) -> Gap:
    """Return the gap of that code in a goal's key, with its values filled in."""
    what, remedy = (_filled(words, values) for words in TEXTS[code])
    return Gap(what, where=place(goal, key), got=got, allowed=allowed, remedy=remedy)


def place(goal: Goal, key: str) -> Words:
    """Return where in a goal file something is wrong."""
    at = f"{goal.id}, {key}" if key else goal.id
    return Words(f"goal {at}", f"mål {at}")


def _in(value: Any, lang: str) -> Any:
    return value[lang] if isinstance(value, Words) else value


def _filled(words: Words, values: Mapping[str, object]) -> Words:
    english, danish = ({name: _in(value, lang) for name, value in values.items()} for lang in ("en", "da"))
    return Words(words.en.format(**english), words.da.format(**danish))


NO_CHOICE: Final = Words("no choice", "intet valg")

TEXTS: Final[Mapping[str, tuple[Words, Words]]] = {
    "same id": (
        Words("Two goals have the same id", "To mål har samme id"),
        Words("name each once, or leave one of the sets out", "nævn hvert én gang, eller udelad et af målsættene"),
    ),
    "reading open": (
        Words("The goal does not choose the reading {name}", "Målet vælger ikke læsningen {name}"),
        Words(
            'add {name} = "..." with one of these; it is open because {why}',
            'tilføj {name} = "..." med en af dem; den står åben, fordi {why}',
        ),
    ),
    "parameter kind": (
        Words("The parameter {name} is of another kind", "Indstillingen {name} er af en anden slags"),
        Words("write it like {like}", "skriv den som {like}"),
    ),
    "set twice": (
        Words(
            "The reading {name} and a parameter both set {field}",
            "Læsningen {name} og en indstilling sætter {field}",
        ),
        Words(
            "leave the parameter out: the reading makes it {value}",
            "udelad indstillingen: læsningen sætter {value}",
        ),
    ),
    "target unit": (
        Words("The target is not in the metric's unit", "Måltallet er ikke i målingens enhed"),
        Words("write the number in {unit}", "skriv tallet i {unit}"),
    ),
    "impossible share": (
        Words("A share lies between nothing and the whole", "En andel ligger mellem intet og det hele"),
        Words("correct the number", "ret tallet"),
    ),
    "wrong way": (
        Words("The target points the wrong way", "Måltallet vender den forkerte vej"),
        Words("turn the comparison: {better} is better here", "vend sammenligningen: {better} er bedre her"),
    ),
    "window open": (
        Words(
            "The goal sets a number of records and does not say over how long",
            "Målet sætter et antal registreringer og siger ikke for hvor lang tid",
        ),
        Words(
            'add each = "..." with one of these, and how the parts make a verdict: aggregate = "each" or "mean"{open}',
            'tilføj each = "..." med en af dem, og hvordan delene bedømmes: aggregate = "each" eller "mean"{open}',
        ),
    ),
    "amount limit": (
        Words("The limit at_most is no amount of this metric", "Grænsen at_most er ikke et tal for denne måling"),
        Words(
            'write a whole number in the ticks of the metric, or for a length of time a text such as "730 days"; leave '
            "it out where there is no limit",
            'skriv et helt tal i målingens egne trin, eller for en varighed en tekst som "730 days"; udelad den, hvor '
            "der ingen grænse er",
        ),
    ),
    "weight limit": (
        Words("The limit heaviest is no number of cases", "Grænsen heaviest er ikke et antal sager"),
        Words(
            "write how many cases one row stands for at most, 1 or more; leave it out where there is no limit",
            "skriv, hvor mange sager én række højst står for, 1 eller flere; udelad den, hvor der ingen grænse er",
        ),
    ),
    "facet open": (
        Words(
            "The metric gives several figures, and the goal does not name one of them",
            "Målingen giver flere tal, og målet nævner ikke et af dem",
        ),
        Words(
            'add facet = "..." with one of these: each is a figure by itself, and none is that of all{open}',
            'tilføj facet = "..." med en af dem: hvert er et tal for sig, og intet er det for alle{open}',
        ),
    ),
}


def open_because(goal_question: Text | None) -> Words:
    """Return the words of a source that leave something open, as they end a remedy; nothing where it has none."""
    if not goal_question:
        return Words("", "")
    return Words(
        f"; its source is open: {text_in(goal_question, 'en')}", f"; kilden er åben: {text_in(goal_question, 'da')}"
    )
