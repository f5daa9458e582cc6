"""The state of every case's deadline, and how many turn with the calendar, as a walk day by day tells."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

import attrs
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from casequality.days import period
from casequality.deadlines import Deadline
from casequality.metrics.asking import Question
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.metric import Metric
from casequality.metrics.declaring.readings import cohort, readings
from casequality.metrics.fold import Fold, from_fold
from casequality.metrics.measurement import conclude
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.outcomes import SETTLED, Contribution, outcomes
from casequality.metrics.tallies.tally import Accounts
from casequality.records.facts.fields import day, instant
from casequality.records.facts.schema import Records
from tests.danish_days import working_days
from tests.factories.records import of_rows, sliced
from tests.factories.tallies import ZONE, assumed, by_outcome, tallied

ONE_DAY = dt.timedelta(days=1)
FIRST, LAST_ON_BOTH = dt.date(1990, 1, 1), dt.date(2060, 12, 20)
TERM = 7
RULE = Deadline(
    id="seven",
    title={"en": "Access", "da": "Aktindsigt"},
    kind="decide",
    terms="7 working days",
    calendar="dk-statutory",
)
CALENDARS = ("dk-statutory", "dk-administrative")
WINTER = st.dates(dt.date(2010, 12, 10), dt.date(2011, 1, 12))
DAYS = st.one_of(
    WINTER, st.dates(dt.date(2010, 5, 20), dt.date(2010, 6, 15)), st.dates(dt.date(2005, 1, 1), dt.date(2030, 1, 1))
)
AROUND = st.integers(-2, 2) | st.integers(0, 40)


class Case(Records, name="cases"):
    """A case."""

    received_on = day()
    closed_on = day(missing="still open")


@attrs.frozen
class InTime(Metric):
    """Cases closed in time."""

    id = "test.in-time"
    title = {"en": "In time", "da": "Rettidig"}
    records = Case
    outcomes = outcomes(**SETTLED)
    readings = readings(cohort=cohort("received", "closed", "matured"))

    def contribute(self, cases: Case, as_of: AsOf) -> Contribution:
        states = as_of.settle(as_of.due("seven", cases.received_on), cases.closed_on)
        return Contribution(on=cases.received_on, until=cases.closed_on, outcome=self.outcomes.pick(**states))


@cache
def worked(calendar: str) -> set[dt.date]:
    return working_days(calendar)


def due(received: dt.date, calendar: str) -> dt.date:
    left = TERM
    while left:
        received += ONE_DAY
        left -= received in worked(calendar)
    return received


def state(limit: dt.date | None, done: dt.date | None, as_of: dt.date) -> str:
    if limit is None:
        return "undated"
    if done is not None and done > limit:
        return "late"
    if limit < as_of:
        return "open_overdue" if done is None else "in_time"
    return "pending" if done is None else "in_time_early"


def case(received: dt.date | None, lasts: int | None, from_due: int | None) -> Mapping[str, dt.date | None]:
    closed = None
    if received and from_due is not None:
        closed = max(received, due(received, "dk-statutory") + from_due * ONE_DAY)
    elif received and lasts is not None:
        closed = received + lasts * ONE_DAY
    return {"received_on": received, "closed_on": closed}


CASES = st.lists(st.builds(case, st.none() | DAYS, st.none() | st.integers(0, 40), st.none() | AROUND), max_size=25)
MOMENTS = WINTER | st.just(dt.date(2011, 6, 1)) | st.just(dt.date(2031, 1, 1))


@given(CASES, MOMENTS, st.sampled_from(CALENDARS), st.lists(st.integers(1, 9), min_size=1, max_size=3))
def test_every_case_has_the_state_that_a_walk_finds(
    cases: list[Mapping[str, dt.date | None]], moment: dt.date, calendar: str, sizes: list[int]
) -> None:
    as_of = AsOf.at(moment, zone=ZONE, rules={"seven": RULE}, calendar=calendar)
    known = [
        {**each, "closed_on": each["closed_on"] if each["closed_on"] and each["closed_on"] < moment else None}
        for each in cases
        if each["received_on"] is None or each["received_on"] < moment
    ]
    records = of_rows(Case, cases)
    records = records[records.begun(as_of.instant, as_of.known_before)].known_at(as_of.instant, as_of.known_before)
    tally = tallied(InTime(), sliced(records, sizes), as_of)
    states: dict[str, list[str]] = {name: [] for name in CALENDARS}
    for each in known:
        for name in CALENDARS:
            limit = due(each["received_on"], name) if each["received_on"] else None
            states[name].append(state(limit, each["closed_on"], moment))
    assert by_outcome(tally) == Counter(states[calendar])
    turned = sum(one != other for one, other in zip(*states.values(), strict=True))
    assert sum(by_outcome(tally, "sensitive").values()) == turned
    whole = period("2005-01-01..2030-12-31")
    year = [each for each in zip(known, states[calendar], strict=True) if each[0]["received_on"]]
    for name, told in (
        ("received", year),
        ("matured", [each for each in year if each[1] not in ("in_time_early", "pending")]),
    ):
        [figure] = conclude(tally, InTime().under({"cohort": name}), periods=[whole], as_of_day=as_of.day)
        yes = sum(one in ("in_time", "in_time_early") for _, one in told)
        settled = sum(one != "pending" for _, one in told)
        assert figure.value.exact == (Fraction(yes, settled) if settled else None)
        assert figure.sensitive == turned


@given(
    st.lists(st.none() | st.dates(dt.date(1985, 1, 1), dt.date(2062, 1, 1)) | WINTER, max_size=25),
    st.sampled_from([dt.date(2011, 6, 1), dt.date(2061, 12, 1)]),
    st.lists(st.integers(1, 9), min_size=1, max_size=3),
)
def test_every_case_is_counted_somewhere(received: list[dt.date | None], moment: dt.date, sizes: list[int]) -> None:
    as_of = AsOf.at(moment, zone="UTC", rules={"seven": RULE})
    records = of_rows(Case, [{"received_on": each, "closed_on": None} for each in received])
    begun = records.begun(np.datetime64(moment, "us"), np.datetime64(moment))
    fold = Fold(Question(InTime(), axis=Axis("UTC")))
    beyond = sum(len(fold.add(block, as_of)) for block in sliced(records[begun], sizes))
    accounts = Accounts(read=len(received), later=int((~begun).sum()), set_aside=beyond)
    reading = InTime().under()
    told = conclude(
        from_fold(fold, assumed(fold, as_of), accounts), reading, periods=[period("2010")], as_of_day=as_of.day
    )
    known = [each for each in received if each is None or each < moment]
    reached = [each for each in known if each is None or FIRST <= each <= LAST_ON_BOTH]
    assert told.accounts == {
        "read": len(received),
        "in the periods": sum(each is not None and each.year == 2010 for each in reached),
        "outside the periods": sum(each is not None and each.year != 2010 for each in reached),
        "undated": reached.count(None),
        "not yet begun": len(received) - len(known),
        "elsewhere": 0,
        "set aside": len(known) - len(reached),
    }


class Call(Records, name="calls"):
    """A call."""

    due_at = instant(planned=True, missing="none")
    done_at = instant(missing="not done")


@attrs.frozen
class ByInstant(Metric):
    """Calls answered by an instant."""

    id = "test.by-instant"
    title = {"en": "By instant", "da": "Til tiden"}
    records = Call
    outcomes = outcomes(**SETTLED)

    def contribute(self, calls: Call, as_of: AsOf) -> Contribution:
        states = as_of.settle(calls.due_at, calls.done_at)
        return Contribution(on=calls.due_at, outcome=self.outcomes.pick(**states))


MOMENT = dt.datetime(2010, 10, 31, 1, 30, tzinfo=dt.UTC)
TIMES = st.none() | st.integers(-2, 2).map(lambda ticks: MOMENT + dt.timedelta(microseconds=ticks))


@given(st.lists(st.tuples(TIMES, TIMES), max_size=20))
def test_deadlines_by_instant_turn_within_a_microsecond(
    calls: list[tuple[dt.datetime | None, dt.datetime | None]],
) -> None:
    as_of = AsOf.at(MOMENT, zone=ZONE)
    records = of_rows(Call, [{"due_at": limit, "done_at": done} for limit, done in calls])
    tally = tallied(ByInstant(), [records.known_at(as_of.instant, as_of.known_before)], as_of)
    expected: Counter[str] = Counter()
    for limit, done in calls:
        known = done if done and done < MOMENT else None
        late = "late" if limit and known and known > limit else None
        passed = limit is not None and limit < MOMENT
        in_time = ("in_time" if passed else "in_time_early") if known else ("open_overdue" if passed else "pending")
        expected["undated" if limit is None else late or in_time] += 1
    assert by_outcome(tally) == expected
