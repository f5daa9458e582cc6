from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from typing import Any, ClassVar

import attrs
import pytest

import casequality as cq
from casequality.deadlines import Deadline
from casequality.desk.jobs import ReadyGoal
from casequality.desk.worklist import Worklist, work_on
from casequality.metrics.declaring.metric import Metric
from tests.factories.goals import goal

TITLE = {"en": "Any", "da": "Enhver"}
OWN_DAYS = cq.calendar("dk-statutory").without(["2010-05-05", "2010-05-06"], name="town hall", source="local decision")
TEN_DAYS = Deadline(id="ten", title=TITLE, kind="decide", terms="10 working days", calendar="dk-statutory")


class Permit(cq.Records, name="permits"):
    """One application for a permit."""

    permit = cq.key()
    received_on = cq.day()
    decided_on = cq.day(missing="still open")
    told_on = cq.day(missing="not told")
    promised_on = cq.day(missing="no date", planned=True)
    office = cq.code(missing="no office")


@attrs.frozen
class Decided(Metric):
    """Share of permits decided in time, each metric by a deadline of its own."""

    id: ClassVar[str] = "permits.decided"
    records = Permit
    outcomes = cq.outcomes(**cq.SETTLED)
    deadline: Deadline = TEN_DAYS

    def owed(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Owed | None:
        due = as_of.due(self.deadline, permits.received_on)
        told = permits.told_on <= due.at
        return cq.Owed(due=due, done=permits.decided_on, notified=told, promised=permits.promised_on)

    def contribute(self, permits: Permit, as_of: cq.AsOf, /) -> cq.Contribution:
        states = as_of.settle(as_of.due(self.deadline, permits.received_on), permits.decided_on)
        return cq.Contribution(on=permits.received_on, outcome=self.outcomes.pick(**states))


def permit(
    number: int,
    received: str,
    decided: str | None = None,
    told: str | None = None,
    promised: str | None = None,
    office: str | None = None,
) -> dict[str, Any]:
    days = {"received_on": received, "decided_on": decided, "told_on": told, "promised_on": promised}
    dated = {name: day and dt.date.fromisoformat(day) for name, day in days.items()}
    return {"permit": number, "office": office, **dated}


PERMITS = [
    permit(1, "2010-04-26"),
    permit(2, "2010-04-22"),  # due on 7 May
    permit(3, "2010-04-06"),  # due on 20 April
    permit(4, "2010-04-06", told="2010-04-20", promised="2010-09-01"),
    permit(5, "2010-04-06", told="2010-04-21"),
    permit(6, "2010-04-06", decided="2010-04-27"),
    permit(7, "2010-05-03"),
]


def asked(*deadlines: Deadline, **given: Any) -> list[ReadyGoal]:
    """Return a goal for each deadline, called g1, g2 and so on."""
    named = enumerate(deadlines, 1)
    return [
        ReadyGoal(goal("at least 90 %", id=f"g{at}", source="post", **given), Decided(rule).under(), "post")
        for at, rule in named
    ]


def listed(
    as_of: str,
    within: int,
    *deadlines: Deadline,
    calendar: str | None = None,
    permits: list[dict[str, Any]] = PERMITS,
    codes: dict[str, str] | None = None,
    **given: Any,
) -> Worklist:
    seen = cq.AsOf.at(as_of, zone="Europe/Copenhagen", calendar=calendar)
    return work_on(asked(*deadlines, **given), cq.source(permits, Permit, name="post"), seen, within, codes)


def told(tasks: Worklist) -> list[tuple[object, str, int | None, str]]:
    return [(task.key, str(task.due), task.working_days_left, task.reason) for task in tasks]


def test_soon_due_and_overdue_soonest_first_whatever_the_citizen_was_told() -> None:
    assert told(listed("2010-05-04", 3, TEN_DAYS)) == [
        (3, "2010-04-20", -9, "overdue without notice"),
        (4, "2010-04-20", -9, "overdue, told in time"),
        (5, "2010-04-20", -9, "overdue without notice"),
        (2, "2010-05-07", 3, "due soon"),
    ]
    assert [task.key for task in listed("2010-05-04", 5, TEN_DAYS)] == [3, 4, 5, 2, 1]


def test_working_days_are_counted_on_the_calendar_of_each_deadline() -> None:
    own = attrs.evolve(TEN_DAYS, calendar=OWN_DAYS)
    assert told(listed("2010-05-04", 3, own))[3:] == [(2, "2010-05-11", 3, "due soon")]
    both = {(task.key, str(task.due), task.working_days_left) for task in listed("2010-05-04", 3, TEN_DAYS, own)}
    assert both == {
        (3, "2010-04-20", -9),
        (4, "2010-04-20", -9),
        (5, "2010-04-20", -9),
        (2, "2010-05-07", 3),
        (2, "2010-05-11", 3),
    }


def test_a_calendar_that_is_named_counts_for_every_deadline() -> None:
    own = attrs.evolve(TEN_DAYS, calendar=OWN_DAYS)
    assert told(listed("2010-05-04", 3, own, calendar="dk-statutory")) == told(listed("2010-05-04", 3, TEN_DAYS))


# Ten working days from 6 April end on 20 April, from the 16th on 3 May and from the 19th on 4 May (30 April was Great
# Prayer Day), from 22 April on 7 May, from 3 May on 18 May: 13 May was Ascension Day.
@pytest.mark.parametrize(
    ("case", "reason", "step", "act_by", "overdue"),
    [
        (permit(1, "2010-04-06"), "overdue without notice", "notify at once", "2010-05-04", True),
        (
            permit(1, "2010-04-06", told="2010-04-21", promised="2010-06-01"),
            "overdue without notice",
            "keep the promise",
            "2010-06-01",
            True,
        ),
        (permit(1, "2010-04-06", told="2010-04-20"), "told without a date", "notify at once", "2010-05-04", True),
        (
            permit(1, "2010-04-06", told="2010-04-20", promised="2010-06-01"),
            "overdue, told in time",
            "keep the promise",
            "2010-06-01",
            True,
        ),
        (
            permit(1, "2010-04-06", told="2010-04-20", promised="2010-05-07"),
            "promise near",
            "keep the promise",
            "2010-05-07",
            True,
        ),
        (
            permit(1, "2010-04-06", told="2010-04-20", promised="2010-05-04"),
            "promise near",
            "keep the promise",
            "2010-05-04",
            True,
        ),
        (
            permit(1, "2010-04-06", told="2010-04-20", promised="2010-05-03"),
            "promise broken",
            "new date at once",
            "2010-05-04",
            True,
        ),
        (permit(1, "2010-04-22"), "due soon", "notify", "2010-05-07", False),
        (permit(1, "2010-04-16"), "overdue without notice", "notify at once", "2010-05-04", True),
        (permit(1, "2010-04-19"), "due soon", "notify", "2010-05-04", False),
        (
            permit(1, "2010-04-22", told="2010-05-03", promised="2010-07-01"),
            "due soon",
            "decide",
            "2010-05-07",
            False,
        ),
        (permit(1, "2010-05-03", told="2010-05-03"), "told without a date", "give a date", "2010-05-18", False),
        (
            permit(1, "2010-05-03", told="2010-05-03", promised="2010-05-06"),
            "promise near",
            "keep the promise",
            "2010-05-06",
            False,
        ),
    ],
)
def test_each_line_says_why_and_what_next_by_when(
    case: dict[str, Any], reason: str, step: str, act_by: str, overdue: bool
) -> None:
    [task] = listed("2010-05-04", 3, TEN_DAYS, permits=[case])
    assert (task.reason, task.step, str(task.act_by), task.overdue) == (reason, step, act_by, overdue)
    day = {"2010-05-07": ("Friday 7 May 2010", "fredag den 7. maj 2010")}.get(act_by, ("", ""))
    assert day[0] in task.next_step()
    assert day[1] in task.next_step("da")
    assert task.why() != task.why("da")


@pytest.mark.parametrize(
    "case",
    [
        permit(1, "2010-05-03"),
        permit(1, "2010-05-03", told="2010-05-03", promised="2010-05-18"),
        permit(1, "2010-04-06", decided="2010-05-03"),
        permit(1, "2010-05-04"),
    ],
    ids=["due later", "promised for later", "decided", "not received yet"],
)
def test_nothing_else_is_listed(case: dict[str, Any]) -> None:
    assert told(listed("2010-05-04", 3, TEN_DAYS, permits=[case])) == []


def test_a_breach_is_listed_by_the_goals_that_count_it_and_only_in_cases_that_they_ask_for() -> None:
    permits = [
        permit(1, "2010-04-06", office="north"),
        permit(2, "2010-04-06", office="south"),
        permit(3, "2010-04-22"),
    ]
    own = attrs.evolve(TEN_DAYS, id="own")
    tasks = listed("2010-05-04", 3, TEN_DAYS, own, permits=permits)
    assert [(task.key, task.goals, task.breaches) for task in tasks] == [
        (1, ("g1", "g2"), ("g1", "g2")),
        (2, ("g1", "g2"), ("g1", "g2")),
        (3, ("g1", "g2"), ()),
    ]
    tasks = listed("2010-05-04", 3, TEN_DAYS, permits=permits, where={"office": ("north",)})
    assert [(task.key, task.breaches) for task in tasks] == [(1, ("g1",))]


def test_two_goals_on_one_metric_count_only_the_cases_that_each_asks_for() -> None:
    [every], [north] = asked(TEN_DAYS), asked(TEN_DAYS, where={"office": ("north",)})
    north = attrs.evolve(north, goal=attrs.evolve(north.goal, id="north"))
    cases = [permit(1, "2010-04-06", office="north"), permit(2, "2010-04-06", office="south")]
    seen = cq.AsOf.at("2010-05-04", zone="Europe/Copenhagen")
    tasks = work_on([every, north], cq.source(cases, Permit, name="post"), seen, 3)
    assert [(task.key, task.goals, task.breaches) for task in tasks] == [
        (1, ("g1", "north"), ("g1", "north")),
        (2, ("g1",), ("g1",)),
    ]


def test_what_a_goal_counts_as_a_breach_is_listed_however_far_its_day_is() -> None:
    """As where a promise was broken once and a later one made; a reading may count whatever it likes."""
    [ready] = asked(TEN_DAYS)
    strict = attrs.evolve(ready, reading=attrs.evolve(ready.reading, roles={"pending": cq.NO}))
    seen = cq.AsOf.at("2010-05-04", zone="Europe/Copenhagen")
    [task] = work_on([strict], cq.source([permit(7, "2010-05-03")], Permit, name="post"), seen, 3)
    assert (task.reason, task.breaches, task.overdue) == ("breach", ("g1",), False)


OFFICES = [
    permit(1, "2010-04-06", office="north"),
    permit(2, "2010-04-06", office="south"),
    permit(3, "2010-04-06"),
    permit(4, "2010-04-06", decided="2010-04-07", office="west"),
]


def test_a_list_is_told_apart_by_the_codes_that_are_named() -> None:
    every = listed("2010-05-04", 3, TEN_DAYS, permits=OFFICES, codes={"unit": "office"})
    assert [(task.key, task.unit, task.team) for task in every] == [
        (1, "north", None),
        (2, "south", None),
        (3, None, None),
    ]
    assert [task.key for task in every.of(unit=["north"])] == [1]
    assert [task.key for task in every.of(unit=["north", "south"])] == [1, 2]
    assert list(every.of(unit=["west"])) == []
    assert every.nowhere("unit") == 1
    with pytest.raises(cq.errors.UnknownName, match="No source has such a label") as told:
        every.of(unit=["nort"])
    assert told.value.allowed == ("north", "south", "west")
    with pytest.raises(cq.errors.UsageError, match="not told apart by this") as lacking:
        every.of(team=["north"])
    assert 'worklist = { team = "..." }' in str(lacking.value)
    with pytest.raises(cq.errors.UnknownName, match="a code that the records do not have") as wrong:
        listed("2010-05-04", 3, TEN_DAYS, codes={"unit": "received_on"})
    assert wrong.value.allowed == ("office",)


def test_a_row_that_may_be_an_open_case_and_cannot_be_read_is_counted() -> None:
    odd = [permit(8, "1850-04-06"), {**permit(9, "2010-04-06"), "decided_on": "soon"}]
    tasks = listed("2010-05-04", 3, TEN_DAYS, permits=[*PERMITS, *odd])
    assert tasks.doubtful == {"post": 2}
    assert {8, 9} & {task.key for task in tasks} == set()


def test_a_case_older_than_the_calendar_stops_no_list() -> None:
    """A month from 2 May 1989 needs no calendar, its working days do; ten working days from then cannot be counted."""
    month = attrs.evolve(TEN_DAYS, id="month", terms="1 month")
    cases = [permit(8, "1989-05-02"), permit(3, "2010-04-06")]
    tasks = listed("2010-05-04", 3, month, permits=cases)
    assert told(tasks) == [(8, "1989-06-02", None, "overdue without notice"), (3, "2010-05-06", 2, "due soon")]
    assert b"1989-06-02" in tasks.to_csv()
    tasks = listed("2010-05-04", 3, TEN_DAYS, permits=cases)
    assert ([task.key for task in tasks], tasks.doubtful) == ([3], {"post": 1})


def unfolded(calendar: bytes) -> list[tuple[str, str]]:
    """Return the properties of a calendar, as RFC 5545 reads them: names and values, folds undone, texts unescaped."""
    assert calendar.endswith(b"\r\n")
    lines = calendar.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    whole: list[bytes] = []
    for line in lines:
        if line.startswith(b" "):
            whole[-1] += line[1:]
        else:
            whole.append(line)
    found = []
    for line in whole:
        name, _, value = line.decode().partition(":")
        text = re.sub(r"\\(.)", lambda escaped: {"n": "\n", "N": "\n"}.get(escaped[1], escaped[1]), value)
        found.append((name, text))
    return found


def events(calendar: bytes) -> list[dict[str, str]]:
    """Return the events of a calendar by their properties."""
    found: list[dict[str, str]] = []
    for name, value in unfolded(calendar):
        if (name, value) == ("BEGIN", "VEVENT"):
            found.append({})
        elif found and name not in ("BEGIN", "END"):
            found[-1][name] = value
    return found


def test_a_calendar_has_a_day_for_each_next_step() -> None:
    tasks = listed("2010-05-04", 3, TEN_DAYS)
    head = unfolded(tasks.to_ical())[:4]
    assert [name for name, _ in head] == ["BEGIN", "VERSION", "PRODID", "METHOD"]
    assert head[1] == ("VERSION", "2.0")
    shown = [(each["DTSTART;VALUE=DATE"], each["SUMMARY"], each["DESCRIPTION"]) for each in events(tasks.to_ical())]
    assert shown[1] == (
        "20100901",
        "4: fristen er overskredet; borgeren er underrettet i tide",
        "afgør senest onsdag den 1. september 2010, som lovet, eller giv inden da borgeren en ny dato",
    )
    assert [day for day, *_ in shown] == ["20100504", "20100901", "20100504", "20100507"]
    assert {each["DTSTAMP"] for each in events(tasks.to_ical())} == {"20100503T220000Z"}
    assert "told in time" in events(tasks.to_ical("en"))[1]["SUMMARY"]


def test_an_event_keeps_its_name_from_one_list_to_the_next() -> None:
    now, later = (events(listed(day, 30, TEN_DAYS).to_ical()) for day in ("2010-05-04", "2010-05-10"))
    names = [each["UID"] for each in now]
    assert len(set(names)) == len(names) == 6
    assert {each["UID"] for each in later} == set(names)
    assert [each["SUMMARY"] for each in now] != [each["UID"] for each in now]


def test_letters_of_a_key_are_neither_cut_nor_read_as_signs_of_the_calendar() -> None:
    tasks = listed("2010-05-04", 3, TEN_DAYS)
    key = "sag, nr. 7; «æøå»\\" + "ø" * 90
    odd = attrs.evolve(tasks, tasks=(attrs.evolve(tasks.tasks[0], key=key),))
    [event] = events(odd.to_ical())
    assert event["SUMMARY"].startswith(f"{key}: ")
    [several] = events(attrs.evolve(tasks, tasks=(attrs.evolve(tasks.tasks[0], key="a\r\nEND:VEVENT\x07"),)).to_ical())
    assert several["SUMMARY"].startswith("a\nEND:VEVENT\ufffd: ")
    [nameless] = events(attrs.evolve(tasks, tasks=(attrs.evolve(tasks.tasks[0], key=None),)).to_ical())
    assert nameless["SUMMARY"].startswith("post, række 3: ")


def test_a_sheet_holds_days_as_days_and_no_key_as_a_formula() -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="a workbook needs casequality[excel]")
    tasks = listed("2010-05-04", 3, TEN_DAYS, codes={"unit": "office"})
    odd = attrs.evolve(tasks, tasks=(attrs.evolve(tasks.tasks[1], key="=1+1\x00", unit="@nord"), *tasks.tasks[2:]))
    sheet = openpyxl.load_workbook(io.BytesIO(odd.to_xlsx())).worksheets[0]
    head, first, *rest = sheet.iter_rows()
    assert [cell.value for cell in head][:7] == [
        "Kilde",
        "Sag",
        "Række",
        "Enhed",
        "Frist",
        "Lovet",
        "Arbejdsdage tilbage",
    ]
    source, key, row, unit, due, promised, left = [cell.value for cell in first][:7]
    assert (source, key, row, unit, left) == ("post", "=1+1\ufffd", 4, "@nord", -9)
    assert (str(due), str(promised)) == ("2010-04-20 00:00:00", "2010-09-01 00:00:00")
    assert [cell.data_type for cell in first][1] == "s"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert len(rest) == len(odd) - 1


def test_a_danish_table_opens_in_excel() -> None:
    text = listed("2010-05-04", 3, TEN_DAYS).to_csv()
    assert text.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))
    assert [line[1] for line in lines] == ["Sag", "3", "4", "5", "2"]
    assert lines[2][3:6] == ["2010-04-20", "2010-09-01", "-9"]


def test_plain_data_has_every_field() -> None:
    [plain] = listed("2010-05-04", 3, TEN_DAYS, permits=[PERMITS[3]]).to_dict()
    assert (plain["due"], plain["promised"], plain["act_by"]) == ("2010-04-20", "2010-09-01", "2010-09-01")
    assert plain["goals"] == plain["breaches"] == ["g1"]
    assert plain["why_da"] == "fristen er overskredet; borgeren er underrettet i tide"
    assert "Wednesday 1 September 2010" in plain["next_en"]
    assert json.loads(json.dumps(plain)) == plain
