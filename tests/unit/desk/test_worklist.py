from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import attrs
import pytest

import casequality as cq
from casequality.deadlines import Deadline
from casequality.desk.worklist import Task, Worklist, work_on
from casequality.metrics.declaring.metric import Metric

TITLE = {"en": "Any", "da": "Enhver"}
OWN_DAYS = cq.calendar("dk-statutory").without(["2010-05-05", "2010-05-06"], name="town hall", source="local decision")
TEN_DAYS = Deadline(id="ten", title=TITLE, kind="decide", terms="10 working days", calendar="dk-statutory")


class Permit(cq.Records, name="permits"):
    """One application for a permit."""

    permit = cq.key()
    received_on = cq.day()
    decided_on = cq.day(missing="still open")
    told_on = cq.day(missing="not told")


@attrs.frozen
class Decided(Metric):
    """Share of permits decided in time, each metric by a deadline of its own."""

    id: ClassVar[str] = "permits.decided"
    records = Permit
    outcomes = cq.outcomes(**cq.SETTLED)
    deadline: Deadline = TEN_DAYS

    def owed(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Owed | None:
        due = as_of.due(self.deadline, permits.received_on)
        return cq.Owed(due=due, done=permits.decided_on, notified=permits.told_on <= due.at)


def permit(number: int, received: str, decided: str | None = None, told: str | None = None) -> dict[str, Any]:
    days = {"received_on": received, "decided_on": decided, "told_on": told}
    return {"permit": number, **{name: day and dt.date.fromisoformat(day) for name, day in days.items()}}


PERMITS = [
    permit(1, "2010-04-26"),
    permit(2, "2010-04-22"),  # due on 7 May
    permit(3, "2010-04-06"),  # due on 20 April
    permit(4, "2010-04-06", told="2010-04-20"),
    permit(5, "2010-04-06", told="2010-04-21"),
    permit(6, "2010-04-06", decided="2010-04-27"),
    permit(7, "2010-05-03"),
]


def listed(as_of: str, within: int, *deadlines: Deadline, calendar: str | None = None) -> Worklist:
    seen = cq.AsOf.at(as_of, zone="Europe/Copenhagen", calendar=calendar)
    return work_on([Decided(rule) for rule in deadlines], cq.source(PERMITS, Permit, name="post"), seen, within)


def told(tasks: Worklist) -> list[tuple[object, str, int, str]]:
    return [(task.key, str(task.due), task.working_days_left, task.reason) for task in tasks]


def test_soon_due_and_overdue_without_notice_soonest_first() -> None:
    assert told(listed("2010-05-04", 3, TEN_DAYS)) == [
        (3, "2010-04-20", -9, "overdue without notice"),
        (5, "2010-04-20", -9, "overdue without notice"),
        (2, "2010-05-07", 3, "due soon"),
    ]
    assert [task.key for task in listed("2010-05-04", 5, TEN_DAYS)] == [3, 5, 2, 1]


def test_working_days_are_counted_on_the_calendar_of_each_deadline() -> None:
    own = attrs.evolve(TEN_DAYS, calendar=OWN_DAYS)
    assert told(listed("2010-05-04", 3, own))[2:] == [(2, "2010-05-11", 3, "due soon")]
    both = {(task.key, str(task.due), task.working_days_left) for task in listed("2010-05-04", 3, TEN_DAYS, own)}
    assert both == {(3, "2010-04-20", -9), (5, "2010-04-20", -9), (2, "2010-05-07", 3), (2, "2010-05-11", 3)}


def test_a_calendar_that_is_named_counts_for_every_deadline() -> None:
    own = attrs.evolve(TEN_DAYS, calendar=OWN_DAYS)
    assert told(listed("2010-05-04", 3, own, calendar="dk-statutory")) == told(listed("2010-05-04", 3, TEN_DAYS))


@pytest.mark.parametrize(
    ("reason", "english", "danish"),
    [
        ("due soon", "near", "nærmer sig"),
        ("overdue", "has passed", "er overskredet"),
        ("overdue without notice", "not been told in time", "ikke underrettet i tide"),
    ],
)
def test_a_task_says_why_in_both_languages(reason: str, english: str, danish: str) -> None:
    task = Task(
        source="post",
        metric="any",
        row=1,
        file=None,
        key=1,
        due=dt.date(2010, 5, 7),
        working_days_left=0,
        reason=reason,
    )
    [plain] = Worklist((task,)).to_dict()
    assert english in plain["why_en"]
    assert danish in plain["why_da"]
    assert (task.why(), task.why("da")) == (plain["why_en"], plain["why_da"])
    assert plain["due"] == "2010-05-07"
