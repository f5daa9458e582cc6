"""Every figure against a plain walk through the cases, one by one, that shares nothing with the library."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

import casequality as cq
from casequality_housing_benefit import BenefitCase, DecidedInTime, Notice, Notified

RULES = cq.deadlines.Schedule(
    id="benefits",
    title={"en": "Benefits", "da": "Ydelser"},
    calendar="dk-statutory",
    by_kind={"housing_benefit": "4 weeks", "child_allowance": "10 working days", "adoption_allowance": "1 month"},
)
KINDS = ("housing_benefit", "child_allowance", "adoption_allowance", "deposit_loan")
CLOSED = {dt.date(2010, *day) for day in ((1, 1), (4, 1), (4, 2), (4, 5), (4, 30), (5, 13), (5, 24))}
AS_OF = dt.date(2010, 4, 20)
MONTHS = (3, 4)
Figures = dict[tuple[int, str], tuple[int, int, Fraction | None, Fraction | None]]


@attrs.frozen
class Letter:
    sent: dt.date
    promised: dt.date | None
    written: bool


@attrs.frozen
class Case:
    kind: str
    received: dt.date
    decided: dt.date | None
    withdrawn: dt.date | None
    letters: tuple[Letter, ...]

    def due(self) -> dt.date | None:
        if self.kind == "housing_benefit":
            return self.received + dt.timedelta(days=28)
        if self.kind == "adoption_allowance":
            return self.received.replace(month=self.received.month + 1, day=min(self.received.day, 30))
        if self.kind == "deposit_loan":
            return None
        day, left = self.received, 10
        while left:
            day += dt.timedelta(days=1)
            left -= day.weekday() < 5 and day not in CLOSED
        return day

    def known(self) -> Case:
        """Return the case as it was known before the as-of."""
        return Case(
            self.kind,
            self.received,
            self.decided if self.decided and self.decided < AS_OF else None,
            self.withdrawn if self.withdrawn and self.withdrawn < AS_OF else None,
            tuple(letter for letter in self.letters if letter.sent < AS_OF),
        )


def written(sent: dt.date, ahead: int | None, in_writing: bool) -> Letter:
    """Return a letter that promises a decision some days ahead, if any: a promise before it was sent is a finding."""
    return Letter(sent, None if ahead is None else sent + dt.timedelta(days=ahead), in_writing)


@st.composite
def case(draw: st.DrawFn) -> Case:
    received = draw(st.dates(dt.date(2010, 2, 1), dt.date(2010, 4, 25)))
    after = st.integers(0, 45).map(lambda days: received + dt.timedelta(days=days))
    letter = st.builds(written, after, st.none() | st.integers(0, 45), st.sampled_from([True, True, False]))
    return Case(
        draw(st.sampled_from(KINDS)),
        received,
        draw(st.none() | after),
        draw(st.none() | st.none() | after),
        tuple(draw(st.lists(letter, max_size=3))),
    )


OF_NO_MONTH = Case("deposit_loan", dt.date(2010, 2, 1), None, None, (Letter(dt.date(2010, 2, 1), None, True),))
"""It is in no figure, and its letter makes the table of letters one that has columns."""


def source(cases: list[Case]) -> Any:
    every = list(enumerate([*cases, OF_NO_MONTH]))
    rows = [
        {
            "case": number,
            "kind": each.kind,
            "received_on": each.received,
            "decided_on": each.decided,
            "withdrawn_on": each.withdrawn,
        }
        for number, each in every
    ]
    letters = [
        {
            "case": number,
            "sent_on": letter.sent,
            "promised_on": letter.promised,
            "written": "yes" if letter.written else "no",
        }
        for number, each in every
        for letter in each.letters
    ]
    return cq.source(rows, BenefitCase, children={"notices": cq.source(letters, Notice)})


def walk(cases: list[Case], says: Callable[[Case], tuple[dt.date | None, str]]) -> Figures:
    """Return the figure of each month and type; `says` gives the day that places a case, and its role."""
    found: dict[tuple[int, str], dict[str, int]] = {}
    for each in cases:
        if each.received >= AS_OF:
            continue
        placed, role = says(each.known())
        if placed is not None and placed.month in MONTHS:
            counts = found.setdefault((placed.month, each.kind), {"yes": 0, "no": 0, "open": 0, "out": 0})
            counts[role] += 1
    figures: Figures = {}
    for cell, counts in found.items():
        yes, no, still = counts["yes"], counts["no"], counts["open"]
        everything = yes + no + still
        bounds = (Fraction(yes, everything), Fraction(yes + still, everything)) if everything else (None, None)
        figures[cell] = (yes, yes + no, *bounds)
    return figures


def figures(metric: type[cq.Metric], cases: list[Case], readings: dict[str, str]) -> Figures:
    measured = cq.measure(
        metric,
        source(cases),
        by=("month", "kind"),
        period=[f"2010-{month:02d}" for month in MONTHS],
        as_of=AS_OF,
        readings=readings,
        parameters={"deadlines": RULES},
    )
    return {
        (each.period.first.month, str(each.groups["kind"])): (
            each.value.numerator or 0,
            each.value.denominator or 0,
            each.value.low,
            each.value.high,
        )
        for each in measured
        if each.rows
    }


def decision(cohort: str, withdrawn: str) -> Callable[[Case], tuple[dt.date | None, str]]:
    def says(case: Case) -> tuple[dt.date | None, str]:
        due = case.due()
        placed = case.decided if cohort == "closed" else case.received
        if due is None:
            return placed, "out"
        if case.decided is not None:
            if cohort == "matured" and case.decided <= due and due >= AS_OF:
                return placed, "open"
            return placed, "yes" if case.decided <= due else "no"
        if case.withdrawn is not None:
            return placed, "no" if withdrawn == "late_counted" and case.withdrawn > due else "out"
        return placed, "no" if due < AS_OF else "open"

    return says


def notice(reading: str, cohort: str) -> Callable[[Case], tuple[dt.date | None, str]]:
    def counts(letter: Letter, due: dt.date) -> bool:
        in_time, dated = letter.sent <= due, letter.promised is not None
        return (
            letter.written
            and {
                "in_time_with_date": in_time and dated,
                "in_time": in_time,
                "with_date": dated,
                "sent": True,
            }[reading]
        )

    def says(case: Case) -> tuple[dt.date | None, str]:
        due, ended = case.due(), case.decided or case.withdrawn
        if due is None:
            return case.received, "out"
        placed = case.received if cohort == "received" else due
        if ended is not None and ended <= due:
            return placed, "out"
        if ended is None and due >= AS_OF:
            return placed, "open" if cohort == "received" else "out"
        return placed, "yes" if any(counts(letter, due) for letter in case.letters) else "no"

    return says


SEVERAL = st.lists(case(), min_size=1, max_size=25)


@settings(deadline=None)
@given(SEVERAL, st.sampled_from(["closed", "received", "matured"]), st.sampled_from(["left_out", "late_counted"]))
def test_decisions_in_time_are_those_of_a_walk(cases: list[Case], cohort: str, withdrawn: str) -> None:
    readings = {"cohort": cohort, "withdrawn": withdrawn}
    assert figures(DecidedInTime, cases, readings) == walk(cases, decision(cohort, withdrawn))


@settings(deadline=None)
@given(
    SEVERAL,
    st.sampled_from(["in_time_with_date", "in_time", "with_date", "sent"]),
    st.sampled_from(["due", "received"]),
)
def test_notified_cases_are_those_of_a_walk(cases: list[Case], reading: str, cohort: str) -> None:
    assert figures(Notified, cases, {"notice": reading, "cohort": cohort}) == walk(cases, notice(reading, cohort))
