"""The instants of the cases behind a figure are those of the declared zone, with their offset."""

from __future__ import annotations

from typing import Any, ClassVar

import attrs

import casequality as cq


class Call(cq.Records, name="calls_at"):
    """One call."""

    call = cq.key()
    queued_at = cq.instant()
    answered_at = cq.instant(missing="not answered")


@attrs.frozen
class Queued(cq.Metric):
    """Share of calls that were queued and answered."""

    id: ClassVar[str] = "calls.queued"
    title: ClassVar[dict[str, str]] = {"en": "Answered", "da": "Besvaret"}
    records = Call
    higher_is_better = True
    outcomes = cq.outcomes(answered=cq.YES, not_answered=cq.NO)

    def contribute(self, calls: Call, as_of: cq.AsOf, /) -> cq.Contribution:
        answered = calls.answered_at >= calls.queued_at
        return cq.Contribution(
            on=calls.queued_at, outcome=self.outcomes.pick(answered=answered, not_answered=~answered)
        )


def test_summer_and_winter_and_none() -> None:
    rows: list[dict[str, Any]] = [
        {"call": 1, "queued_at": "2010-01-15 09:00:00", "answered_at": None},
        {"call": 2, "queued_at": "2010-06-15 09:00:00", "answered_at": None},
    ]
    zoned = cq.measure(Queued(), rows, as_of="2010-08-01", by="year", zone="Europe/Copenhagen")
    facts = zoned["2010"].cases("not_answered").to_dict()
    assert [each.isoformat() for each in facts["queued_at"]] == [
        "2010-01-15T09:00:00+01:00",
        "2010-06-15T09:00:00+02:00",
    ]
    assert facts["answered_at"] == [None, None]
