"""Pauses of a child table in a metric, against a walk day by day that shares nothing with the library."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

import attrs
import numpy as np
import pytest

import casequality as cq
from casequality.days import OpeningHours
from casequality.deadlines import Extension, Pauses, Schedule, Term, parse_deadlines
from casequality.errors import CaseQualityError, PluginError, UnknownName, UsageError
from casequality.metrics.card import card_of
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.due import Settled
from casequality.records import source
from casequality.records.facts.columns import Children, Codes
from tests.factories.deadlines import TITLE
from tests.unit.metrics.declaring.paused import (
    ALLOWED,
    ALLOWED_BY_KIND,
    BUSY,
    BY_KIND,
    DANISH,
    ONE,
    REASONS,
    WAITS,
    Case,
    Decided,
    Pause,
    Plain,
    Wait,
    made,
    paused_due,
)

PLAIN_ROW = {"case": 1, "received_on": "2010-06-01", "decided_on": "2010-06-09", "kind": "a"}


def invented(random: Random, day: dt.date, cases: int) -> list[Plain]:
    """Cases of the year before a day, with none, one or several waits that lie apart, overlap, adjoin or are open."""

    def one() -> Plain:
        received = day - random.randrange(-3, 200) * ONE
        waits: list[Wait] = []
        for _ in range(random.choice((0, 1, 1, 2, 3, 5))):
            since: dt.date | None = received + random.randrange(-12, 60) * ONE
            if waits and random.random() < 0.3:
                since = waits[-1][1] or since  # adjoins the one before
            until = None if since is None or random.random() < 0.2 else since + random.randrange(0, 25) * ONE
            waits.append((since, until, random.choice((*REASONS, None))))
        if random.random() < 0.1:
            waits.append((None, random.choice((None, received)), random.choice(REASONS)))
        decided = None if random.random() < 0.3 else received + random.randrange(0, 120) * ONE
        return Plain(
            None if random.random() < 0.05 else received,
            decided,
            random.choice(("a", "b", "c", "d", None)),
            tuple(waits),
        )

    return [one() for _ in range(cases)]


def array(values: Iterable[dt.date | None]) -> Any:
    return np.array(list(values), "datetime64[D]")


def records(cases: Sequence[Plain]) -> Case:
    rows = [wait for case in cases for wait in case.waits]
    columns: dict[str, Any] = {
        "asked_on": array(a for a, _, _ in rows),
        "answered_on": array(b for _, b, _ in rows),
        "reason": Codes.encode([why for _, _, why in rows], REASONS),
    }
    starts = np.concatenate([[0], np.cumsum([len(case.waits) for case in cases])]).astype(np.intp)
    children = Children(Pause(columns, len(rows)), starts, np.zeros(len(cases), bool))
    own: dict[str, Any] = {
        "received_on": array(case.received for case in cases),
        "decided_on": array(case.decided for case in cases),
        "kind": Codes.encode([case.kind for case in cases], ("a", "b", "c", "d")),
        "pauses": children,
    }
    return Case(own, len(cases))


def at(day: dt.date | str) -> AsOf:
    return AsOf.at(day, zone="Europe/Copenhagen", rules={"by-kind": BY_KIND})


def dates(column: Any) -> list[Any]:
    return list(column.tolist())


TERMS = (
    *("10 working days", "1 working day", "14 calendar days", "10 calendar days, roll forward"),
    *("3 calendar days, roll backward", "4 weeks", "3 weeks, roll forward", "1 month", "2 months, roll backward"),
)


@pytest.mark.parametrize("on", DANISH)
@pytest.mark.parametrize("terms", TERMS)
@pytest.mark.parametrize("day", [dt.date(2010, 6, 28), dt.date(2011, 1, 5)])
def test_due_days_and_states_are_those_of_a_walk_on_both_calendars(terms: str, on: str, day: dt.date) -> None:
    term, other = Term.parse(terms), DANISH[1 - DANISH.index(on)]
    cases = [case.known(day) for case in invented(Random(f"{terms} {on}"), day, 250)]
    as_of = at(day).for_block(len(cases))
    due = paused_due(made(term, calendar=on), records(cases), as_of)
    expected = [case.counted(term, ALLOWED, on, day) for case in cases]
    assert dates(due.at) == [each if isinstance(each, dt.date) else None for each, _, _ in expected]
    assert due.earliest is not None
    assert due.paused is not None
    assert due.unknown is not None
    assert dates(due.earliest) == [earliest for _, earliest, _ in expected]
    assert due.paused.tolist() == [paused for _, _, paused in expected]
    assert due.unknown.tolist() == [each == "unknown" for each, _, _ in expected]
    assert due.none.tolist() == [case.received is None for case in cases]
    assert due.calendar == on

    found = states(as_of.settle(due, array(case.decided for case in cases)), len(cases))
    assert found == [case.state(term, ALLOWED, on, day) for case in cases]
    if term.asks_calendar:
        elsewhere = [case.counted(term, ALLOWED, other, day) for case in cases]
        assert due.otherwise is not None
        assert dates(due.otherwise) == [each if isinstance(each, dt.date) else None for each, _, _ in elsewhere]
        turned = [case.state(term, ALLOWED, other, day) != state for case, state in zip(cases, found, strict=True)]
        sensitive = as_of.remarks.sensitive
        assert turned == (sensitive.tolist() if sensitive is not None else [False] * len(cases))
        assert as_of.remarks.calendars == {on}
    else:
        assert due.otherwise is None


def states(settled: Settled, cases: int) -> list[str]:
    told = [[name for name, mask in settled.items() if mask[place]] for place in range(cases)]
    assert all(len(names) == 1 for names in told)
    return [name for (name,) in told]


def test_the_invented_cases_meet_every_state_and_the_other_calendar_matters() -> None:
    day = dt.date(2011, 1, 5)
    term = Term.parse("10 working days")
    cases = [case.known(day) for case in invented(Random(1), day, 600)]
    found = Counter(case.state(term, ALLOWED, "dk-statutory", day) for case in cases)
    assert set(found) == set(cq.SETTLED)
    assert any(case.counted(term, ALLOWED, "dk-statutory", day)[0] == "still" and case.decided for case in cases)
    assert sum(case.state(term, ALLOWED, "dk-administrative", day) != case.state(term, ALLOWED, "dk-statutory", day)
               for case in cases) > 3  # fmt: skip


@pytest.mark.parametrize("day", [dt.date(2010, 6, 28), dt.date(2011, 1, 5)])
def test_a_schedule_counts_each_type_with_the_pauses_that_it_allows(day: dt.date) -> None:
    cases = [case.known(day) for case in invented(Random(5), day, 500)]
    due = paused_due("by-kind", records(cases), at(day).for_block(len(cases)))
    for on, column in zip(DANISH, (due.at, due.otherwise), strict=True):
        expected = []
        for case in cases:
            terms, rules = ALLOWED_BY_KIND.get(case.kind or "", (None, ()))
            found = case.counted(Term.parse(terms), rules, on, day)[0] if terms else None
            expected.append(found if isinstance(found, dt.date) else None)
        assert column is not None
        assert dates(column) == expected
    no_rule = [case.received is None or case.kind not in ALLOWED_BY_KIND for case in cases]
    assert due.none.tolist() == no_rule


def test_a_figure_counts_what_a_walk_counts_from_rows_and_their_child_rows() -> None:
    day = dt.date(2010, 6, 28)
    cases = [case for case in invented(Random(9), day, 300) if case.received is None or case.received < day]
    cases = [
        attrs.evolve(case, waits=tuple(w for w in case.waits if w[0] and w[0] >= (case.received or w[0])))
        for case in cases
    ]
    rows = [
        {"case": key, "received_on": case.received, "decided_on": case.decided, "kind": case.kind}
        for key, case in enumerate(cases)
    ]
    waits = [
        {"case": key, "asked_on": a, "answered_on": b, "reason": why}
        for key, case in enumerate(cases)
        for a, b, why in case.waits
    ]
    given = source(rows, Case, children={"pauses": waits})
    rule = made("10 working days")
    result = cq.measure(Decided(deadline="mine"), given, as_of=day.isoformat(), deadlines=[rule])
    expected = Counter(
        case.known(day).state(Term.parse("10 working days"), ALLOWED, "dk-statutory", day)
        for case in cases
        if case.received is not None
    )
    counted: Counter[str] = Counter()
    for figure in result:
        counted.update(figure.outcomes)
    assert {name: counted[name] for name in cq.SETTLED if name != "undated"} == {
        name: expected[name] for name in cq.SETTLED if name != "undated"
    }


def test_a_faulty_pause_makes_its_case_unknown_and_no_other() -> None:
    rows = [{**PLAIN_ROW, "case": key} for key in (1, 2, 3)]
    waits = [
        {"case": 1, "asked_on": "2010-06-03", "answered_on": "2010-06-02", "reason": WAITS},
        {"case": 2, "asked_on": "2010-06-03", "answered_on": "2010-06-07", "reason": WAITS},
        {"case": 3, "asked_on": "soon", "answered_on": "2010-06-07", "reason": WAITS},
    ]
    given = source(rows, Case, children={"pauses": waits})
    [figure] = cq.measure(
        Decided(deadline="mine"), given, as_of="2010-08-01", period="2010", deadlines=[made("10 working days")]
    )
    assert (figure.outcomes["in_time"], figure.outcomes["unknown"]) == (1, 2)


def test_the_fields_of_the_pauses_are_fields_that_the_metric_reads() -> None:
    read = {"pauses", "pauses.asked_on", "pauses.answered_on", "pauses.reason"}
    assert read < set(card_of(Decided).reads)


def test_no_records_and_records_without_a_pause_are_counted_as_without() -> None:
    as_of = at("2010-08-01")
    for rule in (made("10 working days"), BY_KIND):
        none = paused_due(rule, Case.empty(), as_of)
        assert len(none.at) == 0
        assert none.none.tolist() == []
        cases = records([Plain(dt.date(2010, 6, 1), None, "a", ()), Plain(None, None, "a", ())])
        with_pauses, without = paused_due(rule, cases, as_of), as_of.due(rule, cases.received_on, cases.kind)
        assert dates(with_pauses.at) == dates(without.at) == [dt.date(2010, 6, 15), None]


def test_instants_pause_from_local_day_to_local_day_of_the_as_of() -> None:
    late = np.array(["2010-06-01T22:30", "2010-06-08T21:30"], "datetime64[us]")  # 2 June 0.30 to 8 June 23.30
    children = Children(Pause.empty(), np.array([0, 1], np.intp), np.zeros(1, bool))
    as_of = at("2010-08-01")
    pauses = as_of.pauses(children, since=late[:1], until=late[1:], reason=WAITS)
    assert (dates(pauses.since), dates(pauses.until)) == ([dt.date(2010, 6, 2)], [dt.date(2010, 6, 8)])
    due = as_of.due(made("10 working days"), array([dt.date(2010, 6, 1)]), pauses=pauses)
    assert due.paused is not None
    assert (dates(due.at), due.paused.tolist()) == ([dt.date(2010, 6, 18)], [3])  # 3, 4 and 7 June


def test_a_notice_before_the_end_of_the_paused_term_gives_the_longer_one() -> None:
    rule = made("10 working days", extension=Extension(TITLE, Term.parse("20 working days")))
    received = array([dt.date(2010, 6, 1)] * 3)
    pauses = Pauses(np.arange(3), array([dt.date(2010, 6, 2)] * 3), array([dt.date(2010, 6, 8)] * 2 + [None]), WAITS)
    sent = array([dt.date(2010, 6, 18), dt.date(2010, 6, 21), dt.date(2010, 6, 18)])
    due = at("2010-06-25").due(rule, received, extended=sent, pauses=pauses)
    assert dates(due.at) == [dt.date(2010, 7, 2), dt.date(2010, 6, 18), None]
    assert due.earliest is not None
    assert dates(due.earliest)[2] == dt.date(2010, 7, 21)  # 19 working days from 25 June on


def test_a_longer_term_in_working_days_asks_the_other_calendar_where_it_is_used() -> None:
    rule = made("2 weeks", extension=Extension(TITLE, Term.parse("20 working days")))
    received, sent = array([dt.date(2010, 12, 1)]), array([dt.date(2010, 12, 2)])
    assert at("2011-06-01").due(rule, received).otherwise is None
    due = at("2011-06-01").due(rule, received, extended=sent)
    assert due.otherwise is not None
    assert (dates(due.at), dates(due.otherwise)) == ([dt.date(2010, 12, 29)], [dt.date(2010, 12, 30)])


def test_a_pause_that_outlasts_the_calendar_sets_its_record_aside_and_no_other() -> None:
    cases = [
        Plain(dt.date(2010, 6, 1), None, "a", ((dt.date(2010, 6, 2), end, WAITS),))
        for end in (dt.date(2010, 6, 8), dt.date(9000, 1, 1), dt.date(2060, 12, 27))
    ] + [Plain(dt.date(1950, 6, 1), None, "a", ())]
    for rule in (made("10 working days"), BY_KIND):
        as_of = at("2010-08-01").for_block(len(cases))
        due = paused_due(rule, records(cases), as_of)
        assert as_of.remarks.beyond is not None
        assert as_of.remarks.beyond.tolist() == [False, True, True, True]
        assert dates(due.at) == [dt.date(2010, 6, 18), None, None, None]


def test_a_clock_that_stands_still_is_no_case_without_a_deadline() -> None:
    open_wait = Plain(dt.date(2010, 6, 1), None, "a", ((dt.date(2010, 6, 2), None, WAITS),))
    plain = attrs.evolve(open_wait, waits=())
    faulty = attrs.evolve(open_wait, waits=((None, dt.date(2010, 6, 2), WAITS),))
    cases = records([open_wait, plain, faulty, attrs.evolve(plain, kind="d")])
    as_of = at("2010-08-01")
    due = paused_due(BY_KIND, cases, as_of)
    assert due.none.tolist() == [False, False, False, True]
    other = as_of.due(made("1 month"), cases.received_on)
    joined = due.or_else(other)
    assert dates(joined.at) == [None, dt.date(2010, 6, 15), None, dt.date(2010, 7, 1)]
    assert joined.none.tolist() == [False] * 4
    assert states(as_of.settle(joined, cases.decided_on), 4) == ["pending", "open_overdue", "undated", "open_overdue"]
    swapped = other.or_else(due)
    assert dates(swapped.at) == [dt.date(2010, 7, 1)] * 4
    assert states(as_of.settle(swapped, cases.decided_on), 4) == ["open_overdue"] * 4


def test_what_was_done_while_the_clock_stands_still_was_kept() -> None:
    as_of = at("2010-08-01").for_block(2)
    wait = ((dt.date(2010, 6, 2), None, WAITS),)
    due = paused_due("by-kind", records([Plain(dt.date(2010, 6, 1), None, "a", wait)] * 2), as_of)
    assert as_of.kept(due, array([dt.date(2010, 7, 30), None]), np.ones(2, bool)).tolist() == [True, False]


def test_what_a_deadline_does_not_allow_changes_nothing_and_what_cannot_be_counted_is_refused() -> None:
    cases = records([Plain(dt.date(2010, 6, 1), None, "a", ((dt.date(2010, 6, 2), None, BUSY),))])
    as_of = at("2010-08-01")
    for rule in (made("10 working days"), made("10 working days", pauses=()), BY_KIND):
        assert dates(paused_due(rule, cases, as_of).at) == [dt.date(2010, 6, 15)]
    office = OpeningHours.parse("09:00-16:00", zone="Europe/Copenhagen", calendar="dk-statutory")
    with pytest.raises(UsageError, match="counted in whole days"):
        paused_due(made("10 working days", opening=office), cases, as_of)
    with pytest.raises(UsageError, match=r"no extension(.|\n)*by-kind"):
        as_of.due("by-kind", cases.received_on, cases.kind, extended=cases.decided_on)
    with pytest.raises(PluginError, match="counted in whole days"):
        cq.measure(
            Decided(deadline="mine"),
            source([PLAIN_ROW], Case, children={"pauses": []}),
            as_of="2010-08-01",
            deadlines=[made("10 working days", opening=office)],
        )


TOML = """
[deadlines.mine]
title = {{ en = "A", da = "B" }}
calendar = "dk-statutory"
kind = "decide"
source = "invented"
{pauses}
[deadlines.mine.by_kind]
{entries}
"""
ASKED = 'pauses = [{ reason = "information", title = { en = "Asked", da = "Spurgt" }, source = "law" }]'


def parsed(pauses: str, entries: str) -> Schedule:
    import tomllib

    [rule] = parse_deadlines(tomllib.loads(TOML.format(pauses=pauses, entries=entries)), "mine.toml")
    assert isinstance(rule, Schedule)
    return rule


def test_a_schedule_in_toml_says_which_pauses_its_types_allow() -> None:
    own = '{ terms = [{ since = 2010-01-01, term = "4 weeks" }], pauses = [] }'
    rule = parsed(ASKED, f'a = "10 working days"\nb = {own}\nc = {{ terms = "4 weeks" }}')
    assert [len(rule.deadline(kind).pauses) for kind in "abc"] == [1, 0, 1]
    assert rule.deadline("a").pauses[0].source == cq.Citation(title="law")
    wait = ((dt.date(2010, 6, 2), dt.date(2010, 6, 8), WAITS),)
    cases = records([Plain(dt.date(2010, 6, 1), None, kind, wait) for kind in "abc"])
    due = paused_due(rule, cases, at("2010-08-01"))
    assert dates(due.at) == [dt.date(2010, 6, 18), dt.date(2010, 6, 29), dt.date(2010, 7, 4)]
    alone = parsed("", f'a = {{ terms = "4 weeks", {ASKED} }}\nb = "4 weeks"')
    assert [len(alone.deadline(kind).pauses) for kind in "ab"] == [1, 0]


@pytest.mark.parametrize(
    ("pauses", "entries", "said"),
    [
        ("pauses = 1", 'a = "4 weeks"', "list of pauses"),
        ('pauses = [{ reason = "x" }]', 'a = "4 weeks"', "add `title`"),
        ("", 'a = { term = "4 weeks" }', "did you mean terms?"),
        ("", "a = { pauses = [] }", "add `terms`"),
        ("", 'a = { terms = "4 weeks", pauses = [{ title = "x" }] }', "by_kind.a.pauses"),
    ],
)
def test_a_fault_in_the_pauses_of_a_schedule_is_told_at_its_place(pauses: str, entries: str, said: str) -> None:
    with pytest.raises(CaseQualityError) as refused:
        parsed(pauses, entries)
    assert said in str(refused.value)


def test_pauses_of_a_type_without_a_term_are_refused() -> None:
    with pytest.raises(UnknownName, match=r"does not have(.|\n)*e"):
        attrs.evolve(BY_KIND, pauses_by_kind={"e": ALLOWED})


def test_pauses_of_no_record_are_refused() -> None:
    pauses = Pauses(np.array([1]), array([dt.date(2010, 6, 2)]), array([None]), WAITS)
    codes = Codes.encode(["a"], ("a",))
    with pytest.raises(UsageError, match="belongs to no case"):
        at("2010-08-01").due(BY_KIND, array([dt.date(2010, 6, 1)]), codes, pauses=pauses)


def test_a_schedule_fills_an_output_and_stops_at_what_it_cannot_count() -> None:
    received = array([dt.date(2010, 6, 1)])
    wait = Pauses(np.array([0]), array([dt.date(2010, 6, 2)]), array([dt.date(2010, 6, 8)]), WAITS)
    out = np.empty(1, "datetime64[D]")
    assert BY_KIND.due(received, ["a"], np.array([1]), pauses=wait, out=out) is out
    assert dates(out) == [dt.date(2010, 6, 18)]
    forgotten = attrs.evolve(wait, until=array([dt.date(9000, 1, 1)]))
    with pytest.raises(cq.errors.OutsideCalendar, match="stands still until after 2060"):
        BY_KIND.due(received, ["a"], np.array([1]), pauses=forgotten)
