"""The truth about citizen service: satisfaction and passports for half a year of a yearly goal, and no licence yet."""

from __future__ import annotations

import datetime as dt

import attrs

from casequality_copenhagen.example.material import Answer, CheckedCase
from casequality_copenhagen.example.truth.figures import Figure, Truth, share

SATISFIED = ("meget tilfreds", "tilfreds")
NO_OPINION = ("ved ikke", None)
NOTHING = Figure(value=None, numerator=0, denominator=0, low=None, high=None)


def service_truths(
    answers: list[Answer],
    passports: list[CheckedCase],
    licences: list[CheckedCase],
    first: dt.date,
    end: dt.date,
    as_of: dt.date,
) -> dict[str, Truth]:
    """Return what is true of the goals for citizen service; none of the licence cases is from the period."""
    assert not [case for case in licences if first <= case.handled < end]
    return {
        "okf.citizen-service.satisfaction": _half_of_a_year(_satisfied(answers, first, end, as_of)),
        "okf.citizen-service.passport-errors": _half_of_a_year(_with_errors(passports, first, end, as_of)),
        "okf.citizen-service.licence-errors": Truth(verdict="no data", figure=NOTHING),
    }


def _half_of_a_year(figure: Figure) -> Truth:
    """Return what is true of a goal that is judged by whole years; the half is its only part."""
    part = Truth(verdict="not due yet", figure=figure)
    return Truth(verdict="not due yet", figure=figure, parts={"2010-01-01..2010-06-30": part})


def _satisfied(answers: list[Answer], first: dt.date, end: dt.date, as_of: dt.date) -> Figure:
    """Return the share of satisfied citizens; its numerator is 100 points for each of them."""
    asked = [answer for answer in answers if first <= answer.asked < end]
    opinions = [a.said for a in asked if a.answered and a.answered < as_of and a.said not in NO_OPINION]
    satisfied = sum(said in SATISFIED for said in opinions)
    return attrs.evolve(share(satisfied, len(opinions) - satisfied), numerator=100 * satisfied)


def _with_errors(cases: list[CheckedCase], first: dt.date, end: dt.date, as_of: dt.date) -> Figure:
    """Return the share of the checked cases in which an error was found; several errors are one case."""
    checked = [c for c in cases if first <= c.handled < end and c.checked and c.checked < as_of]
    faulty = sum(any(found < as_of for found, _ in case.errors) for case in checked)
    return share(faulty, len(checked) - faulty)
