"""Citizen service in the example: a survey of spring 2010, passport cases of which some were checked, and licences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from casequality_copenhagen.example.days import ONE_DAY, days, office_closed
from casequality_copenhagen.example.draws import Draws
from casequality_copenhagen.example.material import Answer, CheckedCase, File, Row
from casequality_copenhagen.example.phones import EXTRACTED

SURVEY = ("Nr", "Spurgt", "Svaret", "Svar", "Vaegt", "Side", "Center", "Maalgruppe", "Emne", "Kanal")
CASES = ("Sagsnr", "Behandlet", "Kontrolleret", "Center")
ERRORS = ("Sagsnr", "Fundet", "Slags")
CENTRES = {"Nord": 0.45, "Syd": 0.35, "Vest": 0.20}
ASKED = dt.date(2010, 4, 12)
ANSWERS = {
    "meget tilfreds": 0.52,
    "tilfreds": 0.23,
    "hverken eller": 0.02,
    "utilfreds": 0.015,
    "meget utilfreds": 0.005,
    "ved ikke": 0.03,
    None: 0.18,
}
PASSPORT_ERRORS = {"kontrol": 0.4, "sagsoplysning": 0.2, "sagsbehandling": 0.2, "registrering": 0.2}
LICENCE_ERRORS = {"opdigtet fejltype A": 0.6, "opdigtet fejltype B": 0.4}
LICENCES_FROM = dt.date(2010, 7, 5)
"""The concept for licences is tried out from here on: the first half of 2010 holds no licence case."""


def answers() -> list[Answer]:
    """Return a row for each citizen asked; one who did not reply has no answer."""
    draws = Draws("survey")
    found = []
    for number in range(1, 601):
        said = draws.one_of(ANSWERS)
        on = ASKED + draws.whole(1, 20) * ONE_DAY if said else None
        found.append(Answer(f"DEMO-TM-{number:04}", ASKED, on, said, draws.one_of(CENTRES)))
    return found


def passport_cases() -> list[CheckedCase]:
    """Return the passport cases since New Year; one in six is checked, and few of those hold an error."""
    return list(_cases("DEMO-PAS", dt.date(2010, 1, 4), (3, 9), PASSPORT_ERRORS, 0.06))


def licence_cases() -> list[CheckedCase]:
    """Return the driving licence cases of the trial."""
    return list(_cases("DEMO-KK", LICENCES_FROM, (2, 6), LICENCE_ERRORS, 0.1))


def _cases(
    name: str, first: dt.date, a_day: tuple[int, int], classes: dict[str, float], share: float
) -> Iterator[CheckedCase]:
    draws, count = Draws(name), 0
    for day in days(first, EXTRACTED):
        for _ in range(0 if office_closed(day) else draws.whole(*a_day)):
            count += 1
            checked = day + draws.whole(1, 10) * ONE_DAY if draws.chance(1 / 6) else None
            errors: tuple[tuple[dt.date, str], ...] = ()
            if checked and draws.chance(share):
                errors = tuple((checked, draws.one_of(classes)) for _ in range(draws.whole(1, 2)))
            yield CheckedCase(f"{name}-{count:05}", day, checked, draws.one_of(CENTRES), errors)


def survey_file(given: list[Answer]) -> File:
    """Return the survey as text in the Danish dialect; it is not weighted, and asks citizens one question."""
    rows = [Row((a.key, a.asked, a.answered, a.said, None, None, a.centre, None, None, None)) for a in given]
    return File("tilfredshed-2010.csv", "satisfaction_survey", SURVEY, tuple(rows))


def case_files(name: str, source: str, cases: list[CheckedCase]) -> tuple[File, File]:
    """Return checked cases, and the errors found in them."""
    rows = [Row((case.key, case.handled, case.checked, case.centre)) for case in cases]
    errors = [Row((case.key, *error)) for case in cases for error in case.errors]
    return (
        File(f"{name}.csv", source, CASES, tuple(rows)),
        File(f"{name}-fejl.csv", source, ERRORS, tuple(errors), child="errors"),
    )
