"""Opening hours: what comes in while the office is closed counts from the next opening, to the microsecond."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from casequality.days import OpeningHours
from casequality.deadlines import Deadline, parse_deadlines
from casequality.errors import CaseQualityError, NaiveTime, OutsideCalendar, UsageError
from tests.factories.deadlines import any_deadline

ZONE = "Europe/Copenhagen"
OFFICE = OpeningHours.parse("08:30-17:00", zone=ZONE, calendar="dk-statutory")
NIGHT_DESK = OpeningHours.parse("01:00-04:00", zone=ZONE, calendar="dk-statutory")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


made = partial(any_deadline, id="office/answer", title={"en": "Answer", "da": "Svar"}, opening=OFFICE)


@pytest.mark.parametrize(
    ("received", "start"),
    [
        ("2010-04-29 08:29:59.999999", "2010-04-29 08:30"),
        ("2010-04-29 08:30", "2010-04-29 08:30"),
        ("2010-04-29 12:00", "2010-04-29 12:00"),
        ("2010-04-29 16:59:59.999999", "2010-04-29 16:59:59.999999"),
        ("2010-04-29 17:00", "2010-05-03 08:30"),  # Friday is Great Prayer Day
        ("2010-04-30 12:00", "2010-05-03 08:30"),
        ("2010-05-02 06:00", "2010-05-03 08:30"),
    ],
)
def test_the_count_starts_while_the_office_is_open(received: str, start: str) -> None:
    assert OFFICE.next_opening(at(received)) == at(start)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2010-04-29 12:34:56.789", "2010-05-05 12:34:56.789"),
        ("2010-04-29 06:00", "2010-05-05 08:30"),
        ("2010-04-29 17:00", "2010-05-06 08:30"),
        ("2010-04-24 23:00", "2010-04-29 08:30"),
    ],
)
def test_working_days_keep_the_clock_time(received: str, due: str) -> None:
    answer = made("3 working days").due(at(received))
    assert answer == at(due)
    assert isinstance(answer, dt.datetime)
    assert answer.utcoffset() == at(due).utcoffset()


def test_a_due_time_that_the_clocks_jump_over_is_the_same_moment_after_the_jump() -> None:
    due = made("1 week", opening=NIGHT_DESK).due(at("2010-03-22 02:30"))  # then 02:00 becomes 03:00
    assert due == at("2010-03-29 02:30")
    due = made("6 calendar days", opening=NIGHT_DESK).due(at("2010-03-22 02:30"))
    assert str(due) == "2010-03-28 03:30:00+02:00"


def test_arrays_hold_instants_in_utc_and_say_the_same() -> None:
    texts = [
        "2010-03-26 12:00",
        "2010-03-29 12:00",
        "2010-10-29 16:59:59.999999",
        "2010-10-29 17:00",
        "2010-04-24 23:00",
    ]
    instants = np.array([at(text).astimezone(dt.UTC).replace(tzinfo=None) for text in texts], "datetime64[us]")
    deadline = made("3 working days")
    expected = [deadline.due(at(text)).astimezone(dt.UTC).replace(tzinfo=None) for text in texts]  # type: ignore[attr-defined]
    out = np.empty_like(instants)
    assert deadline.due(instants, out=out) is out
    assert out.tolist() == expected
    assert deadline.due(instants[1]) == np.datetime64(expected[1])
    assert np.isnat(deadline.due(np.array(["NaT"], "datetime64[us]"))).all()


def test_a_day_without_a_time_is_refused() -> None:
    for received in (dt.date(2010, 4, 29), np.datetime64("2010-04-29"), np.array(["2010-04-29"], "datetime64[D]")):
        with pytest.raises(UsageError) as refused:
            made("3 working days").due(received)
        assert refused.value.what == "This deadline counts from an instant, because its office has opening hours"
        assert "deadline without opening hours" in str(refused.value)
    with pytest.raises(NaiveTime):
        made("3 working days").due(dt.datetime(2010, 4, 29, 12))  # noqa: DTZ001


def test_reach_is_what_can_be_answered() -> None:
    deadline = made("3 working days")
    instants = np.array(["1989-12-30T12", "2010-04-29T12", "2060-12-27T12", "2060-12-29T12", "NaT"], "datetime64[us]")
    reached = deadline.reaches(instants)
    assert reached.tolist() == [False, True, True, False, True]
    deadline.due(instants[reached])
    for beyond in instants[~reached]:
        with pytest.raises(OutsideCalendar):
            deadline.due(np.array([beyond]))


def test_hours_and_zone_must_make_sense() -> None:
    with pytest.raises(UsageError, match="one zone"):
        Deadline(
            id="office/answer",
            title={"en": "Answer", "da": "Svar"},
            kind="decide",
            terms="3 working days",
            calendar="dk-statutory",
            opening=OFFICE,
            zone="America/New_York",
        )
    assert made("3 working days").zone == ZONE


def read(opening: str) -> Deadline:
    """Read one deadline whose TOML says its opening hours."""
    text = f"""
        [deadlines.answer]
        title = {{ en = "Answer", da = "Svar" }}
        kind = "decide"
        calendar = "dk-statutory"
        terms = "1 working day"
        {opening}
    """
    (rule,) = parse_deadlines(tomllib.loads(text), "local.toml")
    assert isinstance(rule, Deadline)
    return rule


SPLIT = """
        [deadlines.answer.opening]
        zone = "Europe/Copenhagen"
        hours = [
            { hours = "09:00-15:00", source = "council" },
            { since = 2010-05-03, hours = { "mon-thu" = "08:30-12:00, 12:30-17:00", fri = "08:30-14:00" } },
        ]
        special = { 2010-05-06 = { hours = "10:00-11:00", en = "staff", da = "møde" }, 2010-05-07 = "closed" }
"""


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2010-04-29 08:45", "2010-05-03 09:00"),
        ("2010-05-04 12:10", "2010-05-05 12:30"),
        ("2010-05-04 12:29:59.999999", "2010-05-05 12:30"),
        ("2010-05-04 12:30", "2010-05-05 12:30"),
        ("2010-05-05 17:00", "2010-05-07 10:00"),  # counts from Thursday's special opening
        ("2010-05-06 11:00", "2010-05-11 08:30"),
    ],
)
def test_a_receipt_in_the_lunch_break_counts_from_the_afternoon(received: str, due: str) -> None:
    rule = read(SPLIT)
    assert rule.due(at(received)) == at(due)
    instant = np.array([at(received).astimezone(dt.UTC).replace(tzinfo=None)], "datetime64[us]")
    assert rule.due(instant).tolist() == [at(due).astimezone(dt.UTC).replace(tzinfo=None)]
    assert rule.reaches(instant).tolist() == [True]


def test_opening_hours_are_read_as_they_are_declared() -> None:
    rule = read('opening = { hours = "8:30-17:00", zone = "Europe/Copenhagen" }')
    assert rule.opening == read('opening = { opens = 08:30:00, closes = 17:00:00, zone = "Europe/Copenhagen" }').opening
    assert rule.opening == made("1 working day").opening
    plain = rule.to_dict()["opening"]
    assert plain["hours"][0]["week"] == dict.fromkeys(["mon", "tue", "wed", "thu", "fri"], "08:30-17:00")
    assert (plain["zone"], plain["calendar"]) == (ZONE, "dk-statutory")
    split = read(SPLIT).to_dict()["opening"]
    assert split["hours"][0]["source"] == {"title": "council", "certain": True}
    assert [special["day"] for special in split["special"]] == ["2010-05-06", "2010-05-07"]


@pytest.mark.parametrize(
    ("opening", "fault", "where"),
    [
        ('hours = "9-15"', "cannot be read", "local.toml, answer, opening"),
        ('hours = { mon = "17:00-09:00" }', "ends after it begins", "local.toml, answer, opening"),
        ("hours = 9", "are a text", "local.toml, answer, opening"),
        ("hours = [9]", "a list of tables", "local.toml, answer, opening"),
        ('hours = ["09:00-15:00"]', "a list of tables", "local.toml, answer, opening"),
        ('hours = "09:00-15:00", special = "closed"', "A table is needed", "local.toml, answer, opening, special"),
        (
            'hours = "09:00-15:00", special = { 2010-12-24 = { hours = "closed" } }',
            "both languages",
            "local.toml, answer, opening, special day 2010-12-24",
        ),
        ('hours = "09:00-15:00", opens = 09:00:00', "Unknown key", "local.toml, answer, opening"),
        ('calendar = "dk-bank"', "A key is missing", "local.toml, answer, opening"),
    ],
)
def test_faulty_opening_hours_are_refused_at_their_place(opening: str, fault: str, where: str) -> None:
    with pytest.raises(CaseQualityError, match=fault) as refused:
        read(f'opening = {{ zone = "Europe/Copenhagen", {opening} }}')
    assert refused.value.where == where
