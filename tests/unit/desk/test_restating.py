"""A published figure and the same one today, from two extracts and two sets of rules."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any, ClassVar

import attrs
import numpy as np
import pytest

import casequality as cq
from casequality.desk import restate
from casequality.errors import UsageError


class Letter(cq.Records, name="letters"):
    """One letter from a citizen."""

    letter = cq.key()
    received_on = cq.day()
    answered_on = cq.day(missing="not answered")


@attrs.frozen
class InTime(cq.Metric):
    """Share of letters answered within ten working days."""

    id = "letters.in-time"
    title: ClassVar = {"en": "In time", "da": "Til tiden"}
    records = Letter
    outcomes = cq.outcomes(**cq.SETTLED)
    readings: ClassVar = cq.readings(cohort=cq.cohort("received", "closed"))
    deadline: str = "copenhagen/reply-guarantee"

    def contribute(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Contribution:
        states = as_of.settle(as_of.due(self.deadline, letters.received_on), letters.answered_on)
        return cq.Contribution(on=letters.received_on, until=letters.answered_on, outcome=self.outcomes.pick(**states))


@attrs.frozen
class Mended(InTime):
    """The same, by code that does not place a letter that was answered on the day it came."""

    def contribute(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Contribution:
        given = super().contribute(letters, as_of)
        none = letters.answered_on == letters.received_on
        return attrs.evolve(given, on=_without(given.on, none), until=_without(given.until, none))


def _without(days: Any, chosen: Any) -> Any:
    return np.where(chosen, np.datetime64("NaT", "D"), days)


def letter(number: int, received: str, answered: str | None) -> dict[str, Any]:
    given = None if answered is None else dt.date.fromisoformat(answered)
    return {"letter": number, "received_on": dt.date.fromisoformat(received), "answered_on": given}


THEN = [
    *(letter(number, "2010-11-01", "2010-11-08") for number in range(1, 7)),  # in time
    *(letter(number, "2010-11-01", "2010-12-20") for number in range(7, 10)),  # late
    letter(10, "2010-12-17", "2011-01-03"),  # in time where 24 and 31 December are no working days, late where they are
    letter(11, "2010-11-02", "2010-11-02"),  # answered on the day
    letter(12, "2010-12-20", None),  # open
]
NOW = [
    *(letter(number, "2010-11-01", "2010-11-08") for number in range(1, 6)),  # 6 is deleted
    letter(7, "2010-11-01", "2010-11-09"),  # corrected: in time
    letter(8, "2010-09-01", "2010-12-20"),  # corrected: of another quarter
    *(letter(9, "2010-11-01", "2010-12-20") for _ in range(1)),
    letter(10, "2010-12-17", "2011-01-03"),
    letter(11, "2010-11-02", "2010-11-02"),
    letter(12, "2010-12-20", "2010-12-22"),  # went on
    letter(13, "2010-12-01", "2010-12-30"),  # registered late, and answered late
]
PUBLISHED = {"metric": InTime, "data": THEN, "as_of": "2010-12-30", "calendar": "dk-administrative"}


def test_two_extracts_by_late_registrations_corrections_deletions_and_what_went_on() -> None:
    """Then 7 of 10 that were settled on 30 December; on 1 February letters 10 and 12 are too."""
    found = restate(PUBLISHED, {"data": NOW, "as_of": "2011-02-01"}, period="2010-Q4")
    measured = [
        cq.measure(InTime, data, as_of=as_of, period="2010-Q4", calendar="dk-administrative")["2010-Q4"].figure.value
        for data, as_of in ((THEN, "2010-12-30"), (NOW, "2011-02-01"))
    ]
    assert [found.before, found.after] == [each.exact for each in measured] == [Fraction(7, 10), Fraction(9, 11)]
    moved = {each.cause: (each.above, each.below, set(each.cases)) for each in found.parts if each.cases}
    assert moved == {
        "late": (0, 1, {13}),
        "corrected": (1, -1, {7, 8}),
        "deleted": (-1, -1, {6}),
        "developed": (2, 2, {10, 12}),
    }
    assert sum((each.effect for each in found.parts), Fraction(0)) == Fraction(9, 11) - Fraction(7, 10)


def test_definition_calendar_and_code_come_one_after_another() -> None:
    then = {**PUBLISHED, "as_of": "2011-02-01", "data": NOW}
    now: dict[str, Any] = {"readings": {"cohort": "closed"}, "calendar": "dk-statutory", "metric": Mended}
    found = restate(then, now, period="2010-Q4")
    moved = {each.cause: (each.above, each.below, set(each.cases)) for each in found.parts if each.cases}
    # by closing, letter 10 is of 2011 and letter 8 of this quarter; 10 would be late on the other calendar
    assert moved == {"definition": (-1, 0, {8, 10}), "code": (-1, -1, {11})}
    calendar = restate(then, {"calendar": "dk-statutory"}, period="2010-Q4")
    assert [(each.cause, each.above, each.cases) for each in calendar.parts if each.cases] == [("calendar", -1, (10,))]


def test_what_is_no_share_of_cases_with_keys_is_refused() -> None:
    with pytest.raises(UsageError, match="is another now"):
        restate(PUBLISHED, {"colour": "red"}, period="2010-Q4")
    with pytest.raises(UsageError, match="is another now"):
        restate({"metric": InTime}, {}, period="2010-Q4")

    class Nameless(cq.Records, name="nameless"):
        """A letter without a key."""

        received_on = cq.day()
        answered_on = cq.day(missing="not answered")

    @attrs.frozen
    class Keyless(InTime):
        id = "letters.keyless"
        records = Nameless  # type: ignore[assignment]

    rows = [{name: row[name] for name in ("received_on", "answered_on")} for row in THEN]
    with pytest.raises(UsageError, match="without a key"):
        restate({**PUBLISHED, "metric": Keyless, "data": rows}, {}, period="2010-Q4")
