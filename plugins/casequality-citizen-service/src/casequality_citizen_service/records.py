"""What citizen service registers: answers in surveys, cases checked for errors, and samples."""

from __future__ import annotations

import datetime as dt
from typing import Final

import casequality as cq

MEMO: Final = cq.Citation(
    title="Notat fra Kvalitets- og tilsynskontoret, Socialforvaltningen, 2006",
    section="Temaområde 2, Socialforvaltningens målgrupper",
    adopted="not in the source",
    certain=False,
    question={
        "en": "the memo's own day is not in the source; its list is taken to hold from the first day of its year",
        "da": "notatets egen dato fremgår ikke af kilden; listen regnes for gældende fra den første dag i notatets år",
    },
)
TARGET_GROUPS: Final = cq.days.Dated(
    (
        cq.days.Entry(
            dt.date(2006, 1, 1),
            ("adults_special_needs", "disabled", "families_special_needs", "ordinary_services_only"),
            MEMO,
        ),
    )
)
"""The social administration's target groups, by the day from which each list holds."""
PASSPORT_ERRORS: Final = ("control", "case_information", "case_handling", "register_update")
"""The goal's four classes: procedures for kontrol, sagsoplysning, sagsbehandling and opdatering i register."""


class SurveyAnswer(cq.Records, name="survey_answers"):
    """One person's answer to one question; a person who did not reply is a row without an answer.

    parameter: what the question is about; the source names no list. channel: how the person was served.
    weight: how many persons of the population the row stands for, or any multiple of it.
    """

    row = cq.key()
    asked_on = cq.day()
    answered_on = cq.day(missing="no reply, or its day not recorded")
    answer = cq.code(
        "very_satisfied",
        "satisfied",
        "neither",
        "dissatisfied",
        "very_dissatisfied",
        "dont_know",
        missing="no answer to this question",
        known_with="answered_on",
    )
    weight = cq.amount(decimals=4, missing="not weighted")
    side = cq.code("citizen", "caseworker", missing="citizen")
    centre = cq.code(unknown="not stated")
    target_group = cq.code(*TARGET_GROUPS.entries[0].value or (), unknown="not stated")
    parameter = cq.code(missing="the survey as a whole")
    channel = cq.code("personal", "telephone", "written", unknown="not stated")


class FoundError(cq.Records, name="errors"):
    """One error found in a case; an administration brings its own classes with a subclass."""

    case = cq.key()
    found_on = cq.day()
    error_class = cq.code()


class CheckedCase(cq.Records, name="checked_cases"):
    """One case, and whether a quality measurement checked it."""

    case = cq.key()
    handled_on = cq.day()
    checked_on = cq.day(missing="not checked")
    centre = cq.code(unknown="not stated")
    errors = cq.many(FoundError)


class PassportError(FoundError, name="errors"):
    """One error found in a passport case, in one of the goal's four classes."""

    error_class = cq.code(*PASSPORT_ERRORS)


class PassportCase(CheckedCase, name="passport_cases"):
    """One passport case, and whether the quality measurement checked it."""

    errors = cq.many(PassportError)


class LicenceCase(CheckedCase, name="licence_cases"):
    """One driving licence case; its classes of errors are not in the source, so any label is one."""


class Sample(cq.Records, name="samples"):
    """How many were examined, and out of how many: persons asked, or cases checked."""

    sample = cq.key()
    drawn_on = cq.day()
    subject = cq.code("survey", "passport_cases", "licence_cases")
    centre = cq.code(unknown="not stated")
    population = cq.count()
    examined = cq.count()
