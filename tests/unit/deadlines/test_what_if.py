from __future__ import annotations

import datetime as dt
import json

import attrs
import numpy as np
import pytest

from casequality.days import Calendar, OpeningHours, calendar
from casequality.days.calendars import FIRST, LAST, closing_days
from casequality.deadlines import Deadline, compare, deadline
from casequality.deadlines.counting.pauses import PauseRule, Pauses
from casequality.errors import UsageError

LONGER = "environment/decide"
GUARANTEE = deadline("copenhagen/reply-guarantee")
ADMINISTRATIVE = calendar("dk-administrative")


def days(*texts: str) -> np.ndarray:
    return np.array(texts, "M8[D]")


def test_two_calendars_change_the_cases_around_christmas_only() -> None:
    received = days("2010-12-01", "2010-12-17", "2010-12-20", "NaT")
    found = compare(GUARANTEE, ADMINISTRATIVE, received, as_of="2011-01-04")
    assert [(each.position, str(each.due_before), str(each.due_after)) for each in found] == [
        (1, "2010-12-31", "2011-01-04"),  # the 24th and the 31st are closed there
        (2, "2011-01-03", "2011-01-05"),
    ]
    assert [(each.verdict_before, each.verdict_after) for each in found] == [("overdue", "open"), ("overdue", "open")]
    assert found.positions.tolist() == [1, 2]
    assert found.counts == {
        "compared": 4,
        "closed, left as they were": 0,
        "due day changed": 2,
        "verdict changed": 2,
        "overdue -> open": 2,
    }


def test_a_case_that_is_closed_keeps_its_due_day_unless_all_are_recomputed() -> None:
    received, done = days("2010-12-17", "2010-12-17", "2010-12-17"), days("2011-01-03", "2010-12-30", "NaT")
    kept = compare(GUARANTEE, ADMINISTRATIVE, received, done, as_of="2011-01-10")
    assert (kept.positions.tolist(), kept.left) == ([2], 2)
    every = compare(GUARANTEE, ADMINISTRATIVE, received, done, as_of="2011-01-10", recompute="all")
    assert [(each.verdict_before, each.verdict_after) for each in every] == [
        ("kept late", "kept"),
        ("kept", "kept"),
        ("overdue", "overdue"),
    ]
    assert every.left == 0


def test_what_was_done_after_the_as_of_is_not_known() -> None:
    received, done = days("2010-12-17"), days("2011-01-03")
    assert compare(GUARANTEE, ADMINISTRATIVE, received, done, as_of="2011-01-03").left == 0
    assert compare(GUARANTEE, ADMINISTRATIVE, received, done, as_of="2011-01-03T12:00:00+01:00").left == 1


def test_two_versions_of_a_rule() -> None:
    shorter = attrs.evolve(GUARANTEE, terms=deadline("access/decide").terms)
    found = compare(GUARANTEE, shorter, days("2013-12-20", "2014-03-03"), as_of="2014-03-13")
    assert [(str(each.due_after), each.verdict_before, each.verdict_after) for each in found] == [
        ("None", "overdue", "no deadline"),  # the second version is in force from 2014 only
        ("2014-03-12", "open", "overdue"),
    ]


def test_two_releases_of_the_closing_days() -> None:
    """A release that still closed on Great Prayer Day in 2024, as one package does."""
    prayer = next(each for each in closing_days() if each.da == "Store bededag")
    stale = [
        *(each for each in closing_days() if "dk-statutory" in each.calendars),
        attrs.evolve(prayer, day=dt.date(2024, 4, 26)),
    ]
    other = Calendar.make("dk-statutory", closed=stale, first=FIRST, last=LAST, source="a stale release")
    found = compare(GUARANTEE, other, days("2024-04-11", "2024-04-12", "2024-04-26", "2023-04-26"), as_of="2024-05-01")
    assert [(each.position, str(each.due_before), str(each.due_after)) for each in found] == [
        (1, "2024-04-26", "2024-04-29"),
    ]


def test_the_diff_can_be_read_and_kept() -> None:
    found = compare(GUARANTEE, ADMINISTRATIVE, np.repeat(days("2010-12-17"), 23), as_of="2011-01-02")
    lines = str(found).splitlines()
    assert lines[0].startswith("- copenhagen/reply-guarantee: 10 working days, on dk-statutory")
    assert lines[1].startswith("+ copenhagen/reply-guarantee: 10 working days, on dk-administrative")
    assert lines[2].startswith("as of 2011-01-02; compared: 23, closed, left as they were: 0, due day changed: 23")
    assert lines[3] == "  case 0: due 2010-12-31 -> 2011-01-04, overdue -> open"
    assert (len(lines), lines[-1]) == (24, "  and 3 more")
    plain = json.loads(json.dumps(found.to_dict()))
    assert plain["changes"][22] == {
        "position": 22,
        "due_before": "2010-12-31",
        "due_after": "2011-01-04",
        "verdict_before": "overdue",
        "verdict_after": "open",
    }
    assert plain["counts"]["overdue -> open"] == 23


def test_pauses_and_extensions_are_counted_on_both_sides() -> None:
    rule = attrs.evolve(
        GUARANTEE,
        pauses=(PauseRule("waiting", {"en": "waiting", "da": "venter"}),),
        extension=deadline(LONGER).extension,
    )
    received = days("2010-12-17", "2010-12-17", "2010-12-17")
    pauses = Pauses(np.array([0, 1]), days("2010-12-19", "2010-12-19"), days("2010-12-23", "NaT"), "waiting")
    sent = days("NaT", "NaT", "2010-12-30")
    found = compare(rule, ADMINISTRATIVE, received, as_of="2010-12-23", pauses=pauses, extended=sent)
    assert [(each.position, str(each.due_before), str(each.due_after)) for each in found] == [
        (0, "2011-01-05", "2011-01-07"),  # 20 to 22 December stand still: three working days later
        (1, "2011-01-05", "2011-01-07"),  # an open pause is taken to end at the as-of
    ]  # the third is due two months after receipt on either calendar


def test_nothing_changes_against_itself() -> None:
    found = compare(GUARANTEE, GUARANTEE, days("2010-12-17", "2011-02-01"), as_of="2011-01-02")
    assert (len(found), found.counts["due day changed"], found.counts["verdict changed"]) == (0, 0, 0)


def test_the_columns_cannot_be_written() -> None:
    found = compare(GUARANTEE, ADMINISTRATIVE, days("2010-12-17"), as_of="2011-01-02")
    with pytest.raises(ValueError, match="read-only"):
        found.due_after[0] = "2011-01-01"


def test_what_cannot_be_compared_is_refused() -> None:
    office = OpeningHours.parse("09:00-15:00", zone="Europe/Copenhagen", calendar="dk-statutory")
    hours: Deadline = attrs.evolve(GUARANTEE, opening=office)
    with pytest.raises(UsageError, match="opening=None"):
        compare(GUARANTEE, hours, days("2010-12-17"), as_of="2011-01-02")
    with pytest.raises(UsageError, match="open, all"):
        compare(GUARANTEE, ADMINISTRATIVE, days("2010-12-17"), as_of="2011-01-02", recompute="some")  # type: ignore[arg-type]
