"""Access to documents under every regime of the catalogue: by hand, by the core's scalar account, and on real data."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import attrs
import holidays
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import casequality as cq
from casequality_correspondence import (
    AccessDecided,
    AccessDelayNotified,
    AccessNotice,
    AccessNotices,
    AccessNotifiedOrDecided,
    AccessPromisesKept,
)
from casequality_correspondence.acts import DECIDE, NOTIFY, TIERS

Notices = list[tuple[str, str, str | None]]
"""When a notice was sent, whether it states the reason, the day that it promises."""


def shared(name: str) -> Path:
    """Return a file that may be read and not shipped; where the repository is not around, the test skips itself."""
    return Path(pytest.importorskip("tests.shared", reason="the repository of casequality is not here").shared(name))


def request(
    number: int,
    received: str,
    decided: str | None = None,
    *,
    act: str = "public_access",
    tier: str | None = None,
    withdrawn: str | None = None,
) -> dict[str, Any]:
    return {
        "request": number,
        "administration": None,
        "act": act,
        "tier": tier,
        "received_on": received,
        "decided_on": decided,
        "withdrawn_on": withdrawn,
    }


def figure_of(
    metric: type[cq.Metric], rows: list[dict[str, Any]], notices: dict[int, Notices] | None = None, **asked: Any
) -> Any:
    children = [
        {"request": number, "sent_on": sent, "states_reason": reason, "promised_on": promised}
        for number, several in (notices or {}).items()
        for sent, reason, promised in several
    ]
    given = {"as_of": "2030-01-01", **asked}
    return cq.measure(metric, rows, children={"notices": children or AccessNotice.empty()}, **given)


def outcome(metric: type[cq.Metric], row: dict[str, Any], notices: Notices | None = None, **asked: Any) -> str:
    (figure,) = figure_of(metric, [row], {row["request"]: notices or []}, **asked)
    [(name, _)] = [(name, rows) for name, rows in figure.outcomes.items() if rows]
    return str(name)


# The worked examples of the domain sheet; `due` is the last day in time, the day after is late.
NOTIFY_BY = (
    ("public_access", "2010-03-25", "2010-04-04"),  # E28: the tenth day is Easter Sunday
    ("party_access", "2010-12-22", "2011-01-01"),  # E29: and New Year's Day
    ("personal_data", "2010-03-09", "2010-04-06"),  # E32: four weeks
    ("environment", "2020-03-25", "2020-04-04"),  # still, long after 2014
)
DECIDE_BY = (
    ("public_access", None, "2014-04-11", "2014-04-25"),  # E16: across Easter
    ("party_access", None, "2015-12-15", "2015-12-24"),  # E18: Hoersholm, decided 26 January 2016
    ("public_access", "ordinary", "2023-04-28", "2023-05-10"),  # E20: the last Great Prayer Day
    ("public_access", "simple", "2024-02-23", "2024-02-27"),
    ("public_access", "special", "2024-03-18", "2024-04-10"),  # E25 counts fourteen working days too
    ("personal_data", None, "2019-01-31", "2019-02-28"),  # E42: a month, the last day of February
    ("personal_data", None, "2024-02-29", "2024-04-02"),  # E44: Good Friday moves it past Easter
    ("environment", None, "2019-01-31", "2019-02-28"),
)


def next_day(day: str) -> str:
    return str(np.datetime64(day) + np.timedelta64(1, "D"))


@pytest.mark.parametrize(("act", "received", "due"), NOTIFY_BY)
def test_the_old_acts_are_kept_by_a_decision_or_a_complete_notice(act: str, received: str, due: str) -> None:
    metric = AccessNotifiedOrDecided
    assert outcome(metric, request(1, received, due, act=act)) == "decided"
    assert outcome(metric, request(1, received, next_day(due), act=act)) == "missed"
    assert outcome(metric, request(1, received, act=act), [(due, "yes", "2026-01-01")]) == "notified"
    assert outcome(metric, request(1, received, act=act), [(due, "yes", None)]) == "notified_incomplete"
    assert outcome(metric, request(1, received, act=act), [(due, "no", "2026-01-01")]) == "notified_incomplete"
    assert outcome(metric, request(1, received, act=act), [(next_day(due), "yes", "2026-01-01")]) == "missed"
    assert outcome(metric, request(1, received, act=act, withdrawn=due)) == "withdrawn"
    assert outcome(metric, request(1, received, act=act, withdrawn=next_day(due))) == "missed"
    assert outcome(metric, request(1, received, act=act), as_of=due) == "pending"
    assert outcome(metric, request(1, received, act=act), [(received, "no", None)], as_of=due).endswith("early")


@pytest.mark.parametrize(("act", "tier", "received", "due"), DECIDE_BY)
def test_the_newer_acts_are_kept_by_a_decision_alone(act: str, tier: str | None, received: str, due: str) -> None:
    assert outcome(AccessDecided, request(1, received, due, act=act, tier=tier)) == "in_time"
    assert outcome(AccessDecided, request(1, received, next_day(due), act=act, tier=tier)) == "late"
    assert outcome(AccessDecided, request(1, received, act=act, tier=tier)) == "open_overdue"
    assert outcome(AccessDecided, request(1, received, act=act, tier=tier, withdrawn=due)) == "withdrawn"


def test_a_very_special_request_has_forty_working_days_by_its_guide_and_seven_by_the_act() -> None:
    rows = [request(1, "2024-06-03", "2024-07-29", tier="very_special")]  # forty: 5 June is a working day there
    assert outcome(AccessDecided, rows[0]) == "in_time"
    assert outcome(AccessDecided, rows[0], readings={"tiers": "act"}) == "late"


@pytest.mark.parametrize(
    ("sent", "expected"), [("2019-02-28", "in_time"), ("2019-03-01", "late")], ids=["in the first month", "too late"]
)
def test_personal_data_have_three_months_after_a_notice_in_the_first(sent: str, expected: str) -> None:
    row = request(1, "2019-01-31", "2019-04-30", act="personal_data")
    assert outcome(AccessDecided, row, [(sent, "yes", None)]) == expected
    assert outcome(AccessDecided, row, [(sent, "no", None)]) == "late"
    assert outcome(AccessDecided, request(1, "2019-01-31", "2019-05-01", act="personal_data")) == "late"


# Section 42(2): received before 2014, undecided then.
@pytest.mark.parametrize(
    ("received", "decided", "old", "new"),
    [
        ("2013-12-20", "2013-12-30", "decided", "not_in_force"),
        (
            "2013-12-20",
            "2014-01-03",
            "missed",
            "transitional_in_time",
        ),  # E31: day 10 was 30 December
        ("2013-12-20", "2014-01-06", "missed", "transitional_late"),
        ("2013-12-20", None, "missed", "transitional_open_overdue"),
        ("2013-12-27", "2014-01-08", "passed_on", "transitional_in_time"),  # day 10 would be 6 January
        ("2013-12-27", "2014-01-09", "passed_on", "transitional_late"),
        ("2013-11-01", "2014-02-01", "missed", "transitional_late"),
        ("2014-01-01", "2014-01-10", "not_in_force", "in_time"),
    ],
)
def test_requests_of_before_2014_that_were_undecided_then(
    received: str, decided: str | None, old: str, new: str
) -> None:
    row = request(1, received, decided)
    assert (outcome(AccessNotifiedOrDecided, row), outcome(AccessDecided, row)) == (old, new)


def test_before_the_new_act_no_request_has_passed_to_it() -> None:
    row = request(1, "2013-12-27", "2014-01-08")
    assert outcome(AccessNotifiedOrDecided, row, as_of="2013-12-31") == "pending"
    assert outcome(AccessDecided, row, as_of="2013-12-31") == "not_in_force"
    assert outcome(AccessNotifiedOrDecided, row, as_of="2014-01-01") == "passed_on"
    assert outcome(AccessDecided, row, as_of="2014-01-01") == "pending"


def test_the_reading_of_the_transition_leaves_its_requests_out() -> None:
    rows = [request(1, "2013-12-27", "2014-01-08"), request(2, "2014-01-02", "2014-02-01")]
    shares = [
        figure_of(AccessDecided, rows, readings={"transition": each}).measurement.figures[0].value
        for each in ("from_receipt", "left_out")
    ]
    assert [(share.numerator, share.denominator) for share in shares] == [(1, 2), (0, 1)]


STATES = {
    "kept": {"decided", "notified", "in_time", "transitional_in_time"},
    "kept late": {"missed", "late", "transitional_late"},
    "overdue": {"missed", "open_overdue", "transitional_open_overdue"},
    "overdue with notice in time": {"open_overdue", "transitional_open_overdue"},
    "does not apply": {"passed_on"},
    "not in force": {"not_in_force"},
}
DAYS = st.dates(dt.date(2013, 11, 15), dt.date(2014, 2, 15))


@settings(deadline=None)
@given(st.sampled_from(sorted(NOTIFY)), DAYS, st.none() | st.integers(0, 60), st.lists(st.integers(0, 60), max_size=2))
def test_the_cores_account_of_each_obligation_is_the_same(
    act: str, received: dt.date, decided: int | None, notices: list[int]
) -> None:
    """`cq.obligations` follows one case in plain Python, with the same catalogue and the same transition."""
    decided_on = None if decided is None else received + dt.timedelta(days=decided)
    sent = [received + dt.timedelta(days=days) for days in sorted(notices)]
    promised = dt.date(2014, 12, 1)
    case: dict[str, Any] = {
        "received_on": received,
        "notices": [{"sent_on": day, "new_date": promised, "states": ["reason"]} for day in sent],
    }
    if decided_on:
        case["decided_on"] = decided_on
    told: Notices = [(str(day), "yes", str(promised)) for day in sent]
    row = request(1, str(received), str(decided_on) if decided_on else None, act=act)
    states = {
        each["id"]: each["state"] for each in cq.obligations(case, [NOTIFY[act], DECIDE[act]], as_of="2014-06-01")
    }
    assert outcome(AccessNotifiedOrDecided, row, told, as_of="2014-06-01") in STATES[states[NOTIFY[act]]]
    if act != "environment":  # its longer term asks for a notice of extension, which a case states apart
        governed = states.get("access/decide-transitional", states[DECIDE[act]])
        assert outcome(AccessDecided, row, told, as_of="2014-06-01") in STATES[governed]


def test_every_regime_of_the_catalogue_is_used() -> None:
    """But the steps of an appeal, which are owed by others or to others."""
    areas = ("access/", "party-access/", "personal-data/", "environment/")
    found = {rule.id for rule in cq.deadlines.shipped() if rule.id.startswith(areas)}
    used = {*NOTIFY.values(), *DECIDE.values(), *TIERS.values(), "access/decide-transitional"}
    assert found - used == {name for name in found if "appeal" in name or "complaint" in name}


def test_delay_is_told_of_in_time_and_completely_or_not() -> None:
    """Invented: seven requests of Friday 11 April 2014, due on the 25th; the readings give 1, 3, 3 and 6 of them."""
    notices: dict[int, Notices] = {
        1: [("2014-04-25", "yes", "2014-06-01")],
        2: [("2014-04-25", "yes", None), ("2014-04-28", "yes", "2014-06-01")],
        3: [("2014-04-25", "no", None)],
        4: [("2014-04-28", "yes", "2014-06-01")],
        5: [("2014-04-28", "no", "2014-06-01")],
        6: [("2014-05-28", "no", None)],
    }
    rows = [request(number, "2014-04-11") for number in range(1, 8)]
    rows += [request(8, "2014-04-11", "2014-04-25"), request(9, "2014-04-11", act="environment")]
    found = {}
    for reading in AccessDelayNotified.readings["notice"].alternatives:
        (figure,) = figure_of(AccessDelayNotified, rows, notices, readings={"notice": reading})
        found[reading] = (figure.value.numerator, figure.value.denominator)
    assert found == {"complete_in_time": (1, 7), "complete": (3, 7), "in_time": (3, 7), "sent": (6, 7)}


# Two promises, of 10 and 20 June 2014, and what became of them.
@pytest.mark.parametrize(
    ("decided", "as_of", "every", "last"),
    [
        ("2014-06-10", "2014-07-01", "kept", "kept"),
        ("2014-06-11", "2014-07-01", "kept_after_moving", "kept_after_moving"),
        ("2014-06-21", "2014-07-01", "broken", "broken"),
        (None, "2014-07-01", "broken", "broken"),
        (None, "2014-06-10", "waiting", "waiting"),
        (None, "2014-06-11", "moved", "moved"),
        (None, "2014-06-20", "moved", "moved"),
        (None, "2014-06-21", "broken", "broken"),
    ],
)
def test_a_promised_date_is_kept_by_a_decision_no_later(decided: str | None, as_of: str, every: str, last: str) -> None:
    notices: Notices = [("2014-05-01", "yes", "2014-06-10"), ("2014-06-01", "yes", "2014-06-20")]
    row = request(1, "2014-04-11", decided)
    assert outcome(AccessPromisesKept, row, notices, as_of=as_of) == every
    assert outcome(AccessPromisesKept, row, notices, as_of=as_of, readings={"promise": "last"}) == last


@pytest.mark.parametrize(
    "metric", [AccessNotifiedOrDecided, AccessDelayNotified, AccessPromisesKept], ids=lambda metric: metric.id
)
def test_a_promise_for_a_day_before_its_notice_is_a_finding_and_the_request_unknown(metric: type[cq.Metric]) -> None:
    received = "2010-04-12" if metric is AccessNotifiedOrDecided else "2014-04-11"
    sent = f"{received[:4]}-04-22"
    rows = [request(number, received) for number in (1, 2)]
    notices: dict[int, Notices] = {
        1: [(sent, "yes", f"{received[:4]}-04-21")],
        2: [(sent, "yes", sent)],
    }
    result = figure_of(metric, rows, notices)
    [found] = result.findings.items
    assert (found.column, found.fault, found.rows.tolist()) == (
        "notices.promised_on",
        "a decision is promised for a day before the notice was sent",
        [1],
    )
    [figure] = result
    assert dict(figure.doubt) == {"unknown": 1}
    assert figure.value.denominator == 1


def test_the_last_promise_alone_gives_another_share() -> None:
    rows = [request(1, "2014-04-11", "2014-06-11"), request(2, "2014-04-11", "2014-06-01"), request(3, "2014-04-11")]
    notices: dict[int, Notices] = {
        number: [("2014-05-01", "yes", "2014-06-10"), ("2014-05-20", "yes", "2014-06-20")] for number in (1, 2)
    }
    shares = [
        figure_of(AccessPromisesKept, rows, notices, readings={"promise": each}).measurement.figures[0].value
        for each in ("every", "last")
    ]
    assert [(share.numerator, share.denominator) for share in shares] == [(1, 2), (2, 2)]


def test_nine_notices_in_one_request_are_nine() -> None:
    """As many as in FOB 2021-31; the days are invented."""
    nine: Notices = [(f"2020-0{month}-15", "yes", f"2020-0{month}-28") for month in range(1, 10)]
    (figure,) = figure_of(AccessNotices, [request(1, "2020-01-02"), request(2, "2020-01-02")], {1: nine})
    assert (figure.value.numerator, figure.value.denominator, figure.outcomes["several"]) == (9, 2, 1)


def test_what_the_source_lacks_is_found_and_not_guessed() -> None:
    rows = [
        request(1, "2014-04-11"),
        request(2, "2014-04-11", act="parliament"),
        request(3, "2014-04-11", "2014-04-01"),
    ]
    (figure,) = result = figure_of(AccessDecided, rows)
    assert figure.rows == 1
    assert sorted(each.fault for each in result.findings.items) == ["ended before it began", "unknown code"]


def dated(american: str) -> str:
    return dt.datetime.strptime(american, "%m/%d/%Y").date().isoformat()  # noqa: DTZ007  a day, without a time


def test_86_of_244_american_requests_were_closed_within_twenty_working_days() -> None:
    """Their deadline takes the id of the Danish one, as a project file may, and no Act of 2013 takes over from it."""
    with Path(shared("data/foia_log_doj_2017/requests.csv")).open(encoding="utf-8") as lines:
        log = list(csv.DictReader(lines))
    first, last = dt.date(2010, 1, 1), dt.date(2019, 12, 31)
    closed = [day for day in holidays.country_holidays("US", years=range(2010, 2020)) if first <= day <= last]
    federal = cq.days.Calendar.make("us-federal", first=first, last=last, closed=closed, source="the package holidays")
    twenty = cq.deadlines.Deadline(
        id="access/decide",
        title={"en": "Request answered", "da": "Anmodning besvaret"},
        kind="decide",
        terms="20 working days",
        calendar=federal,
    )
    old = attrs.evolve(cq.deadline("access/notify-or-decide"), passes_to=None, undecided_on=None)
    rows = [
        request(number, dated(row["Submitted Date"]), dated(row["Closed Date"])) for number, row in enumerate(log, 1)
    ]
    asked: dict[str, Any] = {"as_of": "2019-01-01", "period": "2012-01-01..2017-12-31"}
    (figure,) = figure_of(AccessDecided, rows, deadlines=[twenty, old], **asked)
    assert (figure.value.numerator, figure.value.denominator) == (86, 244)
    (seven,) = figure_of(AccessDecided, rows, deadlines=[old, attrs.evolve(twenty, terms="7 working days")], **asked)
    assert seven.value.numerator < 86


# Received on Friday 1 November 2013 under the Act of 1985; seven working days would have ended on the 12th.
@pytest.mark.parametrize(
    ("withdrawn", "as_of", "expected"),
    [
        ("2013-12-20", "2013-12-31", "not_in_force"),
        ("2013-12-20", "2014-06-01", "not_in_force"),
        ("2014-01-01", "2014-06-01", "transitional_late"),
        (None, "2014-06-01", "transitional_open_overdue"),
    ],
)
def test_a_request_withdrawn_before_2014_is_not_overdue_under_an_act_that_it_never_met(
    withdrawn: str | None, as_of: str, expected: str
) -> None:
    row = {**request(1, "2013-11-01"), "withdrawn_on": withdrawn}
    assert outcome(AccessDecided, row, as_of=as_of) == expected


def test_a_request_withdrawn_after_its_due_day_is_late_and_ends_there() -> None:
    rows = [{**request(1, "2014-04-11"), "withdrawn_on": "2014-05-02"}]  # due on 25 April
    assert outcome(AccessDecided, rows[0]) == "late"
    (figure,) = figure_of(AccessDecided, rows, period="2014-05", readings={"cohort": "closed"})
    assert (figure.value.numerator, figure.value.denominator) == (0, 1)
