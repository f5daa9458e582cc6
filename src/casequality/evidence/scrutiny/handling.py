"""Cases as they were handled: every signal that their days can show over a period, looked for together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Period
from casequality.errors import Words
from casequality.evidence.said import Finding, say
from casequality.evidence.scrutiny.signals import (
    NAMES,
    RARE,
    SIGNALS,
    Dates,
    Kind,
    Signal,
    before_the_deadline,
    closed_undecided,
    late_pauses,
    newest_first,
    registered_anew,
)

NEVER: Final = np.datetime64("NaT", "D")
LACKS: Final[Mapping[str, Words]] = {
    "received": Words("there is no case", "der er ingen sager"),
    "due": Words("no case has a deadline", "ingen sag har en frist"),
    "paused": Words(
        "the project does not say when a case is paused", "projektet siger ikke, hvornår en sag sættes i bero"
    ),
    "party": Words("the project does not say whose a case is", "projektet siger ikke, hvem en sag vedrører"),
    "decided": Words(
        "the project does not say which endings are no decision",
        "projektet siger ikke, hvilke afslutninger der ikke er en afgørelse",
    ),
}
"""Why a signal is not looked for, by the column that it needs."""
NEEDS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "newest first": ("received",),
    "before the deadline": ("received", "due"),
    "late pauses": ("received", "due", "paused"),
    "registered anew": ("received", "party"),
    "closed undecided": ("received", "due", "decided"),
}


@attrs.frozen(eq=False, kw_only=True)
class Handled:
    """The days of cases, each of shape (cases,), NaT for what has not happened; None for what nobody declares.

    received, closed, due: days. paused: when each was first paused. party: a number for each party and kind of case.
    decided: whether it was closed with a decision.
    """

    received: Dates
    closed: Dates
    due: Dates | None = None
    paused: Dates | None = None
    party: npt.NDArray[np.int64] | None = None
    decided: npt.NDArray[np.bool_] | None = None

    def of(self, chosen: npt.NDArray[np.bool_]) -> Handled:
        """Return some of the cases."""
        given = attrs.asdict(self, recurse=False)
        kept: dict[str, Any] = {name: None if column is None else column[chosen] for name, column in given.items()}
        return Handled(**kept)


@attrs.frozen(kw_only=True)
class Signals(Finding):
    """Every signal of a period that could be looked for, and why the others could not; no verdict rests on any."""

    about: ClassVar[str] = "about signals"
    period: Period
    found: tuple[Signal, ...]
    lacking: Mapping[Kind, Words] = attrs.field(factory=dict)

    def __getitem__(self, kind: Kind) -> Signal:
        return next(each for each in self.found if each.kind == kind)

    @property
    def sentences(self) -> tuple[Words, ...]:
        """How many patterns are graded, those with what else looks like them, and what was not looked for."""
        return (self._counted(), *self._graded(), *self._lacking())

    def _counted(self) -> Words:
        graded = sum(each.grade != "none" for each in self.found)
        return say(
            "Patterns looked for in {when}: {looked}, and seen: {graded}; where there is none, chance alone shows each "
            "in about one period of {rare}.",
            "Mønstre, der er søgt efter i {when}: {looked}, og set: {graded}; hvor der intet er, viser tilfældet alene "
            "hvert af dem i omkring én periode af {rare}.",
            graded=graded,
            looked=len(self.found),
            when=Words(self.period.title("en"), self.period.title("da")),
            rare=round(1 / RARE["weak"]),
        )

    def _graded(self) -> Iterator[Words]:
        graded = [each for each in self.found if each.grade != "none"]
        for each in graded:
            yield from each.sentences[:-1]
        yield from graded[0].sentences[-1:] if graded else ()  # what is said of them all is said once

    def _lacking(self) -> Iterator[Words]:
        for kind, why in self.lacking.items():
            yield say("Not looked for: {kind}; {why}.", "Ikke søgt: {kind}; {why}.", kind=NAMES[kind], why=why)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, each signal with its grade."""
        return {
            "period": self.period.label,
            "signals": [each.to_dict() for each in self.found],
            "lacking": {kind: why.to_dict() for kind, why in self.lacking.items()},
            "words": self.words.to_dict(),
        }


def signals_in(cases: Handled, period: Period, known_before: np.datetime64) -> Signals:
    """Return every signal of how cases were handled in a period.

    cases: all that are known, also those from before the period. known_before: the first day of which nothing is known.
    A signal of closings is of those in the period, among all cases that were open in it; one of pauses is of the cases
    received in it; a case registered anew is one soon after a closing in it.
    """
    first, end = np.datetime64(period.first, "D"), np.datetime64(period.end, "D")
    inside = (cases.closed >= first) & (cases.closed < end)
    seen = attrs.evolve(cases, closed=np.where(inside, cases.closed, NEVER))
    there = seen.of((cases.received < end) & (np.isnat(cases.closed) | (cases.closed >= first)))
    came = cases.of((cases.received >= first) & (cases.received < end))
    found, lacking = list[Signal](), dict[Kind, Words]()
    for kind, given in zip(SIGNALS, (there, there, came, seen, there), strict=True):
        if "due" in NEEDS[kind] and given.due is not None:
            given = given.of(~np.isnat(given.due))  # noqa: PLW2901 -- what has no deadline is in no such pattern
        lack = next((name for name in NEEDS[kind] if getattr(given, name) is None), None)
        if lack is None and not len(given.received):
            lack = NEEDS[kind][-1] if NEEDS[kind][-1] == "due" else "received"
        if lack is None:
            found.append(LOOKED[kind](given, known_before))
        else:
            lacking[kind] = LACKS[lack]
    return Signals(period=period, found=tuple(found), lacking=lacking)


def _late_pauses(cases: Any, known_before: np.datetime64) -> Signal:
    ended = np.where(np.isnat(cases.closed), known_before - np.timedelta64(1, "D"), cases.closed)
    return late_pauses(cases.received, cases.due, ended, cases.paused)


LOOKED: Final[Mapping[Kind, Callable[[Any, np.datetime64], Signal]]] = {
    "newest first": lambda cases, _: newest_first(cases.received, cases.closed),
    "before the deadline": lambda cases, _: before_the_deadline(cases.due, cases.closed),
    "late pauses": _late_pauses,
    "registered anew": lambda cases, at: registered_anew(cases.party, cases.received, cases.closed, at),
    "closed undecided": lambda cases, _: closed_undecided(cases.due, cases.closed, cases.decided),
}
