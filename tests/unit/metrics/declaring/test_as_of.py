"""As-of: what is known when, what a deadline means from there, and which records a calendar does not reach."""

from __future__ import annotations

import datetime as dt

import attrs
import numpy as np
import pytest

from casequality.days import OpeningHours, calendar
from casequality.deadlines import Deadline, Schedule
from casequality.deadlines import deadline as shipped
from casequality.errors import NaiveTime, UnknownName, UsageError
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.metric import Metric
from casequality.metrics.tallies.outcomes import SETTLED, Contribution, outcomes
from casequality.records.facts.columns import Codes
from casequality.records.facts.fields import code, day
from casequality.records.facts.schema import Records
from tests.factories.records import of_rows
from tests.factories.tallies import ZONE, Row, by_outcome, folded, tallied

NOBODY = {"en": "Answered", "da": "Besvaret"}
TEN = Deadline(id="ten", title=NOBODY, kind="decide", terms="10 working days", calendar="dk-statutory")
MONTH = Deadline(id="month", title=NOBODY, kind="decide", terms="1 month", calendar="dk-statutory")
ROLLED = Deadline(id="rolled", title=NOBODY, kind="decide", terms="1 month, roll forward", calendar="dk-statutory")
BY_KIND = Schedule(
    id="by-kind", title=NOBODY, calendar="dk-statutory", by_kind={"a": "10 working days", "b": "4 weeks"}
)
RULES = {rule.id: rule for rule in (TEN, MONTH, ROLLED, BY_KIND)}


class Case(Records, name="cases"):
    """A case."""

    received_on = day()
    closed_on = day(missing="still open")
    kind = code("a", "b", "c", missing="unknown")


@attrs.frozen
class InTime(Metric):
    """Cases closed in time."""

    id = "test.in-time"
    title = {"en": "In time", "da": "Rettidig"}
    records = Case
    outcomes = outcomes(**SETTLED)
    deadline: str = "ten"

    def contribute(self, cases: Case, as_of: AsOf) -> Contribution:
        kind = cases.kind if self.deadline == "by-kind" else None
        states = as_of.settle(as_of.due(self.deadline, cases.received_on, kind), cases.closed_on)
        return Contribution(on=cases.received_on, outcome=self.outcomes.pick(**states))


def at(moment: dt.date | str, calendar: str | None = None) -> AsOf:
    return AsOf.at(moment, zone=ZONE, rules=RULES, calendar=calendar)


def days(*texts: str | None) -> np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]:
    return np.array(texts, "datetime64[D]")


def row(received: str | None, closed: str | None = None, kind: str | None = "a") -> Row:
    return {"received_on": received, "closed_on": closed, "kind": kind}


@pytest.mark.parametrize(
    ("moment", "instant", "local", "known_before"),
    [
        ("2010-08-01", "2010-07-31T22:00", "2010-08-01", "2010-08-01"),
        (dt.date(2010, 2, 1), "2010-01-31T23:00", "2010-02-01", "2010-02-01"),
        ("2010-03-28", "2010-03-27T23:00", "2010-03-28", "2010-03-28"),
        ("2010-03-29", "2010-03-28T22:00", "2010-03-29", "2010-03-29"),
        ("2010-11-01", "2010-10-31T23:00", "2010-11-01", "2010-11-01"),
        ("2010-08-01T00:00:00+02:00", "2010-07-31T22:00", "2010-08-01", "2010-08-01"),
        ("2010-08-01T00:00:00.000001+02:00", "2010-07-31T22:00:00.000001", "2010-08-01", "2010-08-02"),
        ("2010-07-31T22:30:00Z", "2010-07-31T22:30", "2010-08-01", "2010-08-02"),
        ("2010-07-31T12:00:00-05:00", "2010-07-31T17:00", "2010-07-31", "2010-08-01"),
        (dt.datetime(2010, 7, 31, 12, tzinfo=dt.UTC), "2010-07-31T12:00", "2010-07-31", "2010-08-01"),
    ],
)
def test_a_bare_date_is_its_start_and_a_time_carries_its_offset(
    moment: dt.date | str, instant: str, local: str, known_before: str
) -> None:
    found = at(moment)
    assert found.instant == np.datetime64(instant, "us")
    assert found.day == np.datetime64(local)
    assert found.known_before == np.datetime64(known_before)


@pytest.mark.parametrize("moment", ["2010-08-01T12:00:00", dt.datetime(2010, 8, 1, 12)])  # noqa: DTZ001
def test_a_time_without_an_offset_is_refused(moment: dt.date | str) -> None:
    with pytest.raises(NaiveTime, match="has no offset"):
        at(moment)


@pytest.mark.parametrize("moment", ["yesterday", "01-08-2010", "2010-08-01T25:00:00+02:00", ""])
def test_a_moment_that_cannot_be_read_says_how_to_write_it(moment: str) -> None:
    with pytest.raises(UsageError, match="2010-08-01T12:00:00"):
        at(moment)


def test_every_state_of_a_deadline() -> None:
    due = days("2010-06-10", "2010-06-10", "2010-06-15", "2010-06-15", "2010-06-10", "2010-06-15", "2010-06-14", "NaT")
    done = days("2010-06-10", "2010-06-11", "2010-06-01", "2010-06-15", "NaT", "NaT", "NaT", "2010-06-01")
    states = at("2010-06-15").settle(due, done)
    told = [[name for name in states if states[name][at]] for at in range(len(due))]
    assert told == [
        ["in_time"],
        ["late"],
        ["in_time_early"],
        ["in_time_early"],
        ["open_overdue"],
        ["pending"],
        ["open_overdue"],
        ["undated"],
    ]
    assert list(states) == list(SETTLED)
    assert len(states) == 6


def test_a_deadline_by_instant_passes_at_the_instant() -> None:
    due = np.array(["2010-06-15T10:00:00", "2010-06-15T09:59:59.999999", "NaT"], "datetime64[us]")
    never = np.full(3, "NaT", "datetime64[us]")
    states = at("2010-06-15T12:00:00+02:00").settle(due, never)
    assert states["pending"].tolist() == [True, False, False]
    assert states["open_overdue"].tolist() == [False, True, False]
    assert states["undated"].tolist() == [False, False, True]
    after = np.array(["2010-06-15T10:00:00.000001", "2010-06-15T10:00", "2010-06-15"], "datetime64[us]")
    assert at("2010-06-15T12:00:00+02:00").settle(due, after)["late"].tolist() == [True, True, False]


def test_days_are_not_compared_with_instants() -> None:
    instants = np.array(["2010-06-15T22:30"], "datetime64[us]")
    with pytest.raises(UsageError, match=r"as_of\.local_days"):
        at("2010-07-01").settle(days("2010-06-15"), instants)
    assert at("2010-07-01").local_days(instants) == days("2010-06-16")
    states = at("2010-07-01").settle(days("2010-06-15"), at("2010-07-01").local_days(instants))
    assert states["late"].all()


def test_a_deadline_is_named_by_its_id_or_given_itself() -> None:
    received = days("2010-04-22", "NaT")
    for deadline in ("ten", TEN):
        due = at("2010-06-15").due(deadline, received)
        assert due.at.tolist() == [dt.date(2010, 5, 7), None]
        assert due.none.tolist() == [False, True]
    with pytest.raises(UnknownName, match=r"nobody offers(.|\n)*by-kind, month, rolled, ten(.|\n)*project file"):
        at("2010-06-15").due("eleven", received)


def test_a_schedule_asks_for_the_type_of_each_case() -> None:
    received, kinds = days("2010-04-22", "2010-04-22", "2010-04-22", "2010-04-22"), ["a", "b", "c", None]
    codes = Codes.encode(kinds, ("a", "b", "c"))
    due = at("2010-06-15").due("by-kind", received, codes)
    assert due.at.tolist() == [dt.date(2010, 5, 7), dt.date(2010, 5, 20), None, None]
    with pytest.raises(UsageError, match=r"needs the case type(.|\n)*by-kind"):
        at("2010-06-15").due("by-kind", received)


def test_the_calendar_of_an_as_of_goes_before_that_of_the_deadline() -> None:
    received = days("2010-12-17")
    assert at("2011-06-01").due("ten", received).at.tolist() == [dt.date(2010, 12, 31)]
    assert at("2011-06-01", "dk-administrative").due("ten", received).at.tolist() == [dt.date(2011, 1, 4)]
    assert at("2011-06-01", "dk-bank").due("ten", received).otherwise is None


def test_only_rules_that_count_or_roll_to_working_days_can_be_sensitive() -> None:
    received, kinds = days("2010-12-17", "2010-11-24"), Codes.encode(["a", "b"], ("a", "b", "c"))
    assert at("2011-06-01").due("month", received).otherwise is None
    assert at("2011-06-01").due("rolled", received).otherwise is not None
    by_kind = at("2011-06-01").due("by-kind", received, kinds)
    assert by_kind.otherwise is not None
    assert by_kind.otherwise.tolist() == [dt.date(2011, 1, 4), dt.date(2010, 12, 22)]
    own = attrs.evolve(TEN, calendar=calendar("dk-statutory").without(["2010-12-29"], name="town hall", source="local"))
    assert at("2011-06-01").due(own, received).otherwise is None


def test_the_other_calendar_of_the_administrative_one_is_the_statutory() -> None:
    due = at("2011-06-01", "dk-administrative").due("ten", days("2010-12-17"))
    assert due.otherwise is not None
    assert due.otherwise.tolist() == [dt.date(2010, 12, 31)]


def test_cases_around_christmas_that_turn_with_the_calendar_are_counted() -> None:
    cases = [
        row("2010-12-17", "2010-12-30"),  # due 31 December, or 4 January: in time on both
        row("2010-12-17", "2010-12-31"),  # in time on both, on the last day of the one
        row("2010-12-17", "2011-01-03"),  # late, or in time
        row("2010-12-17", "2011-01-04"),  # late, or in time
        row("2010-12-17", "2011-01-05"),  # late on both
        row("2010-04-22", "2010-05-10"),  # late, and no day in doubt
        row("2010-12-17"),  # open since
        row(None, "2011-01-04"),
    ]
    tally = tallied(InTime(), [of_rows(Case, cases)], at("2011-06-01"))
    assert by_outcome(tally, "sensitive") == {"in_time": 0, "late": 2, "open_overdue": 0, "undated": 0}
    on_new_years_eve = tallied(InTime(), [of_rows(Case, cases[-2:-1])], at("2011-01-01"))
    assert on_new_years_eve.counted("sensitive").tolist() == [1]  # overdue, or still pending


def test_a_record_that_the_calendar_does_not_reach_is_set_aside_and_no_other() -> None:
    reached = ["1990-01-01", None, "2010-06-01", "2060-12-10", None]
    beyond = ["1989-12-29", "1950-05-05", "2060-12-20", "2061-02-01"]
    cases = [row(received) for pair in zip(reached, [*beyond, None], strict=True) for received in pair]
    fold = folded(InTime(), [])
    positions = fold.add(of_rows(Case, cases), at("2011-06-01"))
    assert [cases[position]["received_on"] for position in positions.tolist()] == beyond
    assert int(fold.counts.total()[1][0].sum()) == len(cases) - len(beyond)


def test_a_record_that_only_the_other_calendar_does_not_reach_is_set_aside_too() -> None:
    cases = [row("2060-12-17"), row("2060-12-16"), row("2060-12-15"), row("2060-12-20")]
    assert TEN.due(days("2060-12-17")) == days("2060-12-31")
    positions = folded(InTime(), []).add(of_rows(Case, cases), at("2011-06-01"))
    assert positions.tolist() == [0, 1, 3]


def test_a_case_type_without_a_deadline_is_never_set_aside() -> None:
    cases = [row("1980-06-01", kind="c"), row("1980-06-01", kind="a"), row("1980-06-01", kind=None), row("2010-06-01")]
    positions = folded(InTime(deadline="by-kind"), []).add(of_rows(Case, cases), at("2011-06-01"))
    assert positions.tolist() == [1]


def test_positions_of_what_is_set_aside_count_all_records_of_the_block() -> None:
    cases = [row("1980-06-01", kind="c"), row("1980-06-01", kind="a"), row("2010-06-01"), row("1980-06-01")]
    fold = folded(InTime(), [], where=(("kind", ("a",)),))
    assert fold.add(of_rows(Case, cases), at("2011-06-01")).tolist() == [1, 3]
    assert fold.elsewhere == 1
    twice = folded(InTime(), [], where=(("kind", ("a", "b", "c")), ("kind", ("a",))))
    assert twice.add(of_rows(Case, cases), at("2011-06-01")).tolist() == [1, 3]


def test_a_block_of_nothing_but_set_aside_records_counts_nothing() -> None:
    fold = folded(InTime(), [], groups=("kind",))
    assert fold.add(of_rows(Case, [row("1980-06-01"), row("1981-06-01")]), at("2011-06-01")).tolist() == [0, 1]
    assert fold.counts.total()[0].size == 0


def test_instants_beyond_an_office_calendar_are_set_aside() -> None:
    office = OpeningHours.parse("09:00-16:00", zone=ZONE, calendar="dk-statutory")
    deadline = attrs.evolve(TEN, opening=office)
    received = np.array(["1989-12-31T12:00", "2010-04-22T08:00", "NaT", "2061-01-01T00:00"], "datetime64[us]")
    as_of = at("2011-06-01").for_block(4)
    due = as_of.due(deadline, received)
    assert as_of.remarks.beyond is not None
    assert as_of.remarks.beyond.tolist() == [True, False, False, True]
    np.testing.assert_array_equal(due.at, np.array(["NaT", "2010-05-07T08:00", "NaT", "NaT"], "datetime64[us]"))


def test_what_is_remarked_on_child_rows_is_not_laid_to_their_parents() -> None:
    as_of = at("2011-06-01").for_block(1)
    children = days("2010-12-17", "1980-01-01")
    states = as_of.settle(as_of.due("ten", children), days("2011-01-03", "NaT"))
    assert states["late"].tolist() == [True, False]
    assert as_of.remarks.beyond is None
    assert as_of.remarks.sensitive is None


def test_each_block_is_remarked_on_by_itself() -> None:
    fold = folded(InTime(), [])
    as_of = at("2011-06-01")
    fold.add(of_rows(Case, [row("2010-12-17", "2011-01-03"), row("1980-01-01")]), as_of)
    assert fold.add(of_rows(Case, [row("2010-06-01"), row("2010-06-02")]), as_of).tolist() == []
    assert int(fold.counts.total()[1][4].sum()) == 1
    assert as_of.remarks.beyond is None


CALENDAR_DAYS = Deadline(
    id="calendar-days", title=NOBODY, kind="decide", terms="10 calendar days", calendar="dk-statutory"
)


def test_due_dates_of_several_deadlines_are_joined_with_what_the_other_calendar_says() -> None:
    ten = at("2011-06-01").due("ten", days("2010-12-17", None, None))
    plain = at("2011-06-01").due(CALENDAR_DAYS, days("2010-04-22", "2010-04-22", None))
    assert plain.otherwise is None
    joined = ten.or_else(plain)
    assert joined.at.tolist() == [dt.date(2010, 12, 31), dt.date(2010, 5, 2), None]
    assert joined.otherwise is not None
    assert joined.otherwise.tolist() == [dt.date(2011, 1, 4), dt.date(2010, 5, 2), None]
    swapped = plain.or_else(ten)
    assert swapped.otherwise is not None
    assert swapped.otherwise.tolist() == [dt.date(2010, 5, 2), dt.date(2010, 5, 2), None]
    assert plain.or_else(plain).otherwise is None


def test_a_notice_that_was_sent_in_time_gives_the_longer_term() -> None:
    answer = shipped("personal-data/answer")
    received = days("2019-01-31", "2019-01-31", "2019-01-31")
    due = at("2020-01-01").due(answer, received, extended=days("2019-02-28", "2019-03-01", None))
    assert due.at.tolist() == [dt.date(2019, 4, 30), dt.date(2019, 2, 28), dt.date(2019, 2, 28)]


@pytest.mark.parametrize(
    ("as_of", "decided", "by"),
    [
        ("2013-12-31", None, "access/notify-or-decide"),
        ("2014-01-01", None, "access/decide-transitional"),
        ("2014-02-01", "2013-12-31", "access/notify-or-decide"),
        ("2014-02-01", "2014-01-01", "access/decide-transitional"),
    ],
)
def test_a_request_belongs_to_the_act_that_decides_it(as_of: str, decided: str | None, by: str) -> None:
    acts = [shipped("access/notify-or-decide"), shipped("access/decide")]
    received = days("2013-12-20", "2014-01-02", None)
    found = at(as_of).decided_by(acts, received, days(decided, None, None))
    assert {name: mask.tolist() for name, mask in found.items() if mask.any()} == {
        by: [True, False, False],
        "access/decide": [False, True, False],
    }


def test_an_as_of_is_given_by_names() -> None:
    known = AsOf.at("2010-06-15", zone=ZONE)
    with pytest.raises(TypeError, match="positional"):
        AsOf(known.instant, known.zone)  # type: ignore[call-arg]
