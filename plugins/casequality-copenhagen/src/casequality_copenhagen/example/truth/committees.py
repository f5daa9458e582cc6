"""The truth about the two small projects: complaints by kind and signal, and the citizens' adviser's statistics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TypeVar

from casequality_copenhagen.example.material import Complaint, Enquiry
from casequality_copenhagen.example.truth.figures import Figure, Truth, number, share

NO_TARGET = "not in the source"
Days = tuple[dt.date, dt.date]
T = TypeVar("T", Complaint, Enquiry)
SIGNALS = {
    "long-processing-time": "tid",
    "service": "betjening",
    "legal-guarantees": "retssikkerhed",
    "contact": "kontakt",
    "file-keeping": "journal",
}
KINDS = {
    "sagsbehandling": "conduct",
    "sagsbehandlingstid": "processing_time",
    "lovkrav": "legal_requirements",
    "realitet": "substance_of_decision",
}
CASE_KINDS = {
    "ekspedition": "forwarded",
    "intervention": "intervention",
    "tilsyn": "supervision",
    "bistand": "consultative_help",
}
LEVELS = {"dialog": "trust_and_dialogue", "bistand": "consultative_help", "tilsyn": "supervision"}
RISKS = {
    "risk-lawful-decision": "Lovlig",
    "risk-position": "Stilling",
    "risk-trust": "Tillid",
    "risk-lawful-administration": "Jura",
    "risk-efficient-administration": "Ressourcer",
    "risk-service-level": "Service",
    "risk-economy": "Oekonomi",
}


def complaint_truths(given: list[Complaint], quarter: Days, year_before: Days) -> dict[str, Truth]:
    """Return what is true of the goals of the Social Committee in a quarter; fewer than the year before is the target.

    Parts by kind; a goal that is judged by quarters alone has none here.
    """
    now, then = _received(given, quarter), _received(given, year_before)
    by_kind = {KINDS[kind]: number(sum(each.kind == kind for each in now)) for kind in KINDS}
    parts = {kind: Truth(verdict=NO_TARGET, figure=figure) for kind, figure in by_kind.items()}
    found = {"sof.complaints": Truth(verdict=NO_TARGET, figure=number(len(now)), parts=parts)}
    every = number(sum(len(each.signals) for each in now))
    found["sof.complaints.points"] = Truth(verdict=NO_TARGET, figure=every)
    for name, signal in SIGNALS.items():
        raised, before = (sum(each.signals.count(signal) for each in some) for some in (now, then))
        fewer = "met" if raised < before else "missed"
        verdict = fewer if name == "legal-guarantees" else NO_TARGET
        found[f"sof.complaints.{name}"] = Truth(verdict=verdict, figure=number(raised))
    return found


def adviser_truths(given: list[Enquiry], quarters: dict[str, Days], as_of: dt.date) -> dict[str, Truth]:
    """Return what is true of the adviser's figures; parts by quarter ("2017-Q2"), or by quarter and label."""
    figures: dict[str, Callable[[list[Enquiry]], Figure]] = {
        "upheld": lambda some: _of([each.upheld for each in some if each.upheld], ("ja", "delvist")),
        "solved": _solved,
        "learning": lambda some: _marked(some, "Laering"),
        "usable-help": _usable,
        "improves-case": lambda some: _marked(some, "Konkret"),
        "improves-generally": lambda some: _marked(some, "Generelt"),
        "forwarded": lambda some: _of([each.kind for each in some if each.kind != "bistand"], ("ekspedition",)),
        **{name: lambda some, mark=mark: _marked(some, mark) for name, mark in RISKS.items()},  # type: ignore[misc]
    }
    labels: dict[str, Callable[[Enquiry], Iterable[str | None]]] = {
        "points": lambda each: each.subjects,
        "problems": lambda each: [each.problem],
        "administrations": lambda each: [each.administration],
        "kinds": lambda each: [CASE_KINDS[each.kind]],
        "levels": lambda each: [LEVELS.get(each.level or "")],
    }
    known = [each for each in given if each.received < as_of]
    whole = _received(known, (min(first for first, _ in quarters.values()), max(end for _, end in quarters.values())))
    split = {name: _received(known, days) for name, days in quarters.items()}
    found = {}
    for name, figure in figures.items():
        parts = {quarter: Truth(verdict=NO_TARGET, figure=figure(some)) for quarter, some in split.items()}
        found[f"adviser.{name}"] = Truth(verdict=NO_TARGET, figure=figure(whole), parts=parts)
    for name, labelled in labels.items():
        total = number(sum(len(list(labelled(each))) for each in whole))
        parts = {
            f"{quarter} {label}": Truth(verdict=NO_TARGET, figure=figure)
            for quarter, some in split.items()
            for label, figure in _counted(some, labelled).items()
        }
        found[f"adviser.{name}"] = Truth(verdict=NO_TARGET, figure=total, parts=parts)
    return found


def _received(given: list[T], days: Days) -> list[T]:
    return [each for each in given if days[0] <= each.received < days[1]]


def _of(said: list[str], yes: tuple[str, ...], doubtful: int = 0) -> Figure:
    """Return the share of those of which one of some things is said."""
    count = sum(each in yes for each in said)
    return share(count, len(said) - count, doubtful=doubtful)


def _marked(given: list[Enquiry], mark: str) -> Figure:
    return _of([each.marks[mark] for each in given if mark in each.marks], ("ja",))


def _solved(given: list[Enquiry]) -> Figure:
    cases = [each for each in given if each.kind != "bistand"]
    return _of([each.solved for each in cases if each.solved], ("ja",), sum(each.solved is None for each in cases))


def _usable(given: list[Enquiry]) -> Figure:
    said = [each.marks.get("Brugbar", "") for each in given if each.kind == "bistand"]
    return _of([each for each in said if each], ("ja",), said.count(""))


def _counted(given: list[Enquiry], labelled: Callable[[Enquiry], Iterable[str | None]]) -> dict[str, Figure]:
    """Return how many have each label; one that has none may have any."""
    labels = [label for each in given for label in labelled(each)]
    return {label: number(labels.count(label), doubtful=labels.count(None)) for label in set(labels) if label}
