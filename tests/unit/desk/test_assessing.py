from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import attrs
import numpy as np
import pytest

import casequality as cq
from casequality.goals import Verdict, parse_goals
from casequality.metrics import measurement

HALF = {"period": "2010-H1", "as_of": "2010-08-01"}


class Reminder(cq.Records, name="reminders"):
    """One letter of delay."""

    letter = cq.key()
    sent_on = cq.day()


class Letter(cq.Records, name="letters"):
    """One letter from a citizen."""

    letter = cq.key()
    received_on = cq.day()
    answered_on = cq.day(missing="not answered")
    reminders = cq.many(Reminder)


@attrs.frozen
class InTime(cq.Metric):
    """Share of letters answered in time."""

    id: ClassVar[str] = "letters.in-time"
    title = {"en": "In time", "da": "Til tiden"}
    records = Letter
    outcomes = cq.outcomes(**cq.SETTLED)
    deadline: str = "copenhagen/reply-guarantee"

    def contribute(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Contribution:
        states = as_of.settle(as_of.due(self.deadline, letters.received_on), letters.answered_on)
        return cq.Contribution(on=letters.received_on, outcome=self.outcomes.pick(**states))

    def owed(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Owed | None:
        return cq.Owed(due=as_of.due(self.deadline, letters.received_on), done=letters.answered_on)


@attrs.frozen
class Reminded(InTime):
    """The same, where a reminder in time is what an overdue letter owes."""

    id: ClassVar[str] = "letters.reminded"

    def contribute(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Contribution:
        return InTime.contribute(self, letters, as_of)

    def owed(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Owed | None:
        due = as_of.due(self.deadline, letters.received_on)
        told = letters.reminders.first(letters.reminders.rows.sent_on) <= due.at
        return cq.Owed(due=due, done=letters.answered_on, notified=told)


@attrs.frozen
class Received(cq.Metric):
    """How many letters were received; it counts no deadline and looks at no answer."""

    id: ClassVar[str] = "letters.received"
    title = {"en": "Received", "da": "Modtaget"}
    unit = cq.units.CASES
    statistic = cq.statistics.Count()
    records = Letter
    outcomes = cq.outcomes(received=cq.YES)

    def contribute(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Contribution:
        there = np.ones(len(letters), bool)
        return cq.Contribution(on=letters.received_on, outcome=self.outcomes.pick(received=there))


def goal(name: str = "g", metric: str = "letters.in-time", target: str = "at least 50 %") -> str:
    return f'[[goal]]\nid = "{name}"\nmetric = "{metric}"\nsource = "post"\ntarget = "{target}"\n'


def letter(number: int, received: str, answered: str | None = None) -> dict[str, object]:
    day = dt.date.fromisoformat
    return {"letter": number, "received_on": day(received), "answered_on": answered and day(answered)}


LETTERS = [
    letter(1, "2010-03-01", "2010-03-15"),
    letter(2, "2010-03-01", "2010-03-16"),
    letter(3, "2010-05-03"),
    letter(4, "2010-05-03"),
]
"""Due on 15 March and on 18 May: one in time, one late, two overdue; a reminder went out for the last."""

REMINDERS = [{"letter": 4, "sent_on": dt.date(2010, 5, 12)}]


def source(letters: object = LETTERS) -> cq.Source:
    return cq.source(letters, Letter, children={"reminders": REMINDERS}, name="post")


def assess(goals: str, sources: dict[str, object], **more: Any) -> Any:
    return cq.assess(parse_goals(goals), sources, metrics=[InTime, Received, Reminded], **{**HALF, **more})


def test_a_goal_is_judged_on_the_source_that_it_names_or_on_the_one_of_its_record_type() -> None:
    for name in ("post", "letters"):
        assessed = assess(goal(), {name: LETTERS})
        judged = assessed["g"]
        assert (judged.verdict, judged.numerator, judged.denominator) == (Verdict.MISSED, 1, 4)
        assert assessed.assessment.as_of == "2010-08-01T00:00:00+02:00"


def test_a_stream_that_can_be_read_once_is_enough_for_several_goals() -> None:
    def stream() -> Iterator[dict[str, object]]:
        yield from LETTERS

    assessed = assess(goal("a", target="at least 25 %") + goal("b", target="at least 26 %"), {"post": stream()})
    assert [judged.verdict for judged in assessed] == [Verdict.MET, Verdict.MISSED]


def test_everything_that_keeps_goals_from_being_judged_is_said_at_once() -> None:
    with pytest.raises(cq.errors.SeveralErrors) as told:
        assess(goal("a", metric="letters.nobody") + goal("b", target="at most 25 s"), {"post": LETTERS})
    assert {"goal a", "goal b"} == {str(error.where).partition(",")[0] for error in told.value.errors}
    with pytest.raises(cq.errors.InputError, match="source is not there"):
        assess(goal(), {"calls": LETTERS})


def test_the_goals_of_a_source_that_is_not_delivered_are_incomplete_and_say_why() -> None:
    two = goal("a", target="at least 25 %") + goal("b").replace("post", "calls")
    for why in ("the system was replaced", {"en": "the system was replaced", "da": "systemet blev skiftet"}):
        assessed = assess(two, {"post": LETTERS, "calls": {"not_delivered": why}})
        assert [judged.verdict for judged in assessed] == [Verdict.MET, Verdict.INCOMPLETE]
        judged, note = assessed["b"], assessed.to_dict()["sources"]["calls"]
        assert (judged.value, judged.numerator) == (None, None)
        assert [str(reason) for reason in judged.reasons] == [
            "The source calls is not delivered: the system was replaced"
        ]
        assert (note["records"], note["read"], note["not_delivered"]["en"]) == ("letters", 0, "the system was replaced")
        assert "b" not in assessed.assessment.measurements
        assert "calls" not in {task.source for task in assessed.worklist(within=400)}


def test_why_a_source_is_not_delivered_is_said_in_danish_in_the_report() -> None:
    two = goal("a", target="at least 25 %") + goal("b").replace("post", "calls")
    why = {"en": "the system was replaced", "da": "systemet blev skiftet"}
    assessed = assess(two, {"post": LETTERS, "calls": {"not_delivered": why}})
    reasons = assessed.to_dict()["goals"][1]["reasons"]
    assert reasons[0]["da"] == "Datakilden calls er ikke leveret: systemet blev skiftet"
    for name in ("jinja2",):
        pytest.importorskip(name, reason="the report needs casequality[report]")
    page = assessed.page()
    assert "Datakilden calls er ikke leveret: systemet blev skiftet" in page
    assert "<td>ikke leveret: systemet blev skiftet</td>" in page


def test_a_source_that_is_not_delivered_for_a_period_that_lasts_is_not_due_yet() -> None:
    judged = assess(goal(), {"letters": {"not_delivered": "the system was replaced"}}, as_of="2010-06-01")["g"]
    assert judged.verdict is Verdict.NOT_DUE_YET
    assert [reason.code for reason in judged.reasons] == ["not over", "not delivered"]


@pytest.mark.parametrize("why", ["", " ", None, 7, {"en": "only English"}])
def test_a_source_that_is_not_delivered_needs_a_reason(why: object) -> None:
    with pytest.raises(cq.errors.GoalError) as told:
        assess(goal(), {"post": {"not_delivered": why}})
    assert told.value.where == "sources.post, not_delivered"


def test_the_error_for_a_source_that_is_not_there_names_the_way_out() -> None:
    with pytest.raises(cq.errors.InputError, match="source is not there") as told:
        assess(goal(), {"calls": {"not_delivered": "the system was replaced"}})
    assert told.value.allowed == ("calls",)
    assert '{"not_delivered": "the reason"}' in str(told.value.remedy)


def test_deadlines_of_the_caller_are_counted() -> None:
    [rule] = [each for each in cq.deadlines.shipped() if each.id == "copenhagen/rent-tribunal-goal"]
    own = attrs.evolve(rule, id="own/four-months")
    named = goal() + 'parameters = { deadline = "own/four-months" }\n'
    with pytest.raises(cq.errors.UnknownName, match="deadline that nobody offers"):
        assess(named, {"post": LETTERS})
    assert assess(named, {"post": LETTERS}, deadlines=[own])["g"].numerator == 2


def test_it_shows_itself_in_a_notebook() -> None:
    assessed = assess(goal(), {"post": LETTERS}, title="Breve")
    assert len(assessed) == 1
    assert "missed" in repr(assessed)
    bundle = assessed._repr_mimebundle_()
    assert "Breve" in bundle["text/plain"]
    assert "<table>" in bundle["text/html"]
    assert assessed.table("da").headers[0] == "Mål"
    assert assessed.to_dict()["goals"][0]["verdict"] == "missed"


def test_findings_and_marks_of_every_goal_of_a_source_are_kept(tmp_path: Path) -> None:
    odd = [letter(5, "1985-03-04"), letter(6, "2010-03-01", "2059-12-31"), letter(7, "1850-03-01")]
    two = goal() + goal("received", metric="letters.received", target="baseline")
    assessed = assess(two, {"post": [*LETTERS, *odd]})
    note = assessed.assessment.sources["post"]
    assert (note.read, note.set_aside) == (7, 2)
    assert note.findings == {"received_on: before 1900": 1, "received_on: outside the calendar": 1}
    assert note.marks == {"answered_on: 2059-12-31": 1}
    assessed.write_findings(tmp_path / "findings.csv")
    with (tmp_path / "findings.csv").open(encoding="utf-8", newline="") as file:
        assert [line[:5] for line in list(csv.reader(file))[1:]] == [
            ["post", "", "7", "received_on", "before 1900"],
            ["post", "", "5", "received_on", "outside the calendar"],
        ]


def test_a_finding_of_the_calendar_names_the_column_and_file_of_the_source(tmp_path: Path) -> None:
    for number in (1, 2):
        text = f"letter,Modtaget,answered_on\n{number},2010-03-01,\n{number + 2},1985-03-04,\n"
        tmp_path.joinpath(f"post-{number}.csv").write_text(text, encoding="utf-8")
    files = cq.source(str(tmp_path / "post-*.csv"), Letter, columns={"received_on": "Modtaget"})
    found = assess(goal(), {"post": files}).findings["post"]
    assert [(item.file, item.column, item.rows.tolist()) for item in found.items] == [
        ("post-1.csv", "Modtaget", [2]),
        ("post-2.csv", "Modtaget", [2]),
    ]


def test_the_page_is_saved(tmp_path: Path) -> None:
    for name in ("jinja2",):
        pytest.importorskip(name, reason="the report needs casequality[report]")
    assess(goal(), {"post": LETTERS}, title="Breve").save(tmp_path / "report.html")
    assert "Breve" in tmp_path.joinpath("report.html").read_text(encoding="utf-8")


def listed(assessed: Any) -> list[tuple[object, str, str]]:
    return [(task.key, task.metric, task.reason) for task in assessed.worklist(within=0)]


def test_the_worklist_lists_a_case_once_by_what_says_most_of_it() -> None:
    alone = assess(goal(), {"post": source()})
    assert listed(alone) == [(3, "letters.in-time", "overdue"), (4, "letters.in-time", "overdue")]
    both = assess(goal("a") + goal("b", metric="letters.reminded"), {"post": source()})
    assert listed(both) == [
        (3, "letters.reminded", "overdue without notice"),
        (4, "letters.reminded", "overdue, told in time"),
    ]
    assert all(task.overdue and task.goals == ("a", "b") for task in both.worklist(within=0))


def test_of_a_case_that_is_due_soon_the_list_says_what_the_notice_asks() -> None:
    letters = {"post": source([letter(9, "2010-07-20")])}  # due on 3 August
    [task] = assess(goal("a") + goal("b", metric="letters.reminded"), letters).worklist(within=5)
    assert (task.reason, task.step, task.goals, task.breaches) == ("due soon", "notify", ("a", "b"), ())


def test_the_worklist_asks_one_metric_for_each_deadline_that_goals_set() -> None:
    letters = {"post": source([letter(9, "2010-07-19")])}  # due on 28 July after 7 working days, on 2 August after 10
    shorter = goal("a") + '[goal.parameters]\ndeadline = "access/decide-transitional"\n'
    assert listed(assess(goal("b"), letters)) == []
    assert listed(assess(shorter + goal("b"), letters)) == [(9, "letters.in-time", "overdue")]


@attrs.frozen
class Unowed(InTime):
    """The same figure, and nothing that a worklist could show."""

    id: ClassVar[str] = "letters.unowed"

    def owed(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Owed | None:
        return None


def test_a_metric_that_only_says_otherwise_what_is_owed_is_asked_too() -> None:
    goals = parse_goals(goal("a") + goal("b", metric="letters.unowed"))
    both = cq.assess(goals, {"post": source()}, metrics=[InTime, Unowed], period="2010-H1", as_of="2010-08-01")
    assert listed(both) == [(3, "letters.in-time", "overdue"), (4, "letters.in-time", "overdue")]


def test_the_worklist_leaves_out_rows_that_are_no_cases_of_their_own() -> None:
    conflicting = [letter(5, "2010-05-03"), letter(5, "2010-05-04")]
    assessed = assess(goal(), {"post": source([*LETTERS, LETTERS[2], *conflicting])})
    assert [key for key, _, _ in listed(assessed)] == [3, 4]


def test_the_cases_behind_a_figure_are_as_many_as_it_counts() -> None:
    result = cq.measure(InTime, [*LETTERS, LETTERS[0], LETTERS[2]], as_of="2010-08-01", period="2010-H1")
    for outcome, count in result["2010-H1"].figure.outcomes.items():
        assert len(result["2010-H1"].cases(outcome)) == count
    assert result["2010-H1"].cases("open_overdue").keys == (3, 4)


def test_a_report_concludes_a_goal_once_and_once_for_each_other_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its parts, the period before, the chart over two years and all that judges it are worked out together."""
    pytest.importorskip("jinja2")
    concluded: list[str] = []
    worked_out = measurement._figures

    def counting(grid: Any, reading: Any) -> Any:
        concluded.append(reading.metric.id)
        return worked_out(grid, reading)

    monkeypatch.setattr(measurement, "_figures", counting)
    by_month = 'each = ["month"]\naggregate = "pooled"\n'
    text = goal("a") + by_month + goal("b", metric="letters.received", target="baseline").replace("at least 50 %", "")
    assessed = assess(text, {"post": LETTERS}, to=None)
    otherwise = sum(map(len, assessed.beside.values()))
    assert len(concluded) == 2 + otherwise
    assert "<svg" in assessed.page()
    assert len(concluded) == 2 + otherwise
