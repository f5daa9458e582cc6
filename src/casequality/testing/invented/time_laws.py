"""Laws of time: what is known when, and on whose days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from random import Random
from typing import Any, Final

import attrs
import numpy as np

from casequality.days import Calendar, Dated
from casequality.deadlines import Deadline, Schedule
from casequality.errors import NaiveTime
from casequality.metrics import NO, YES, AsOf, Rule
from casequality.records import Records
from casequality.testing.invented.row_factory import Maker, Row, instants, known_at, replanned, shifted
from casequality.testing.invented.subject import Inapplicable, InventedTable, MetricAnswer, Subject, broken, source_of

YEARS: Final = 28
"""After so many years, 1461 whole weeks, every day of the year is the same weekday again, leap days too."""
EVEN: Final = Calendar.make(
    "monday-to-friday", first=dt.date(1990, 1, 1), last=dt.date(2060, 12, 31), source="invented, without holidays"
)
SETTLED: Final = {YES.value, NO.value}


def whole_weeks(subject: Subject) -> None:
    """Refuse an answer that changes where all dates and the as-of lie 1461 weeks later.

    The deadlines are counted Monday to Friday without holidays, by the terms in force at the as-of, so that nothing
    but the metric's own dates can make a difference.
    """
    rules = {name: _steady(rule, subject.day) for name, rule in subject.rules.items()}

    def later_date(date: dt.date) -> dt.date:
        return date.replace(year=date.year + YEARS)

    def answer(rows: InventedTable, as_of: str) -> MetricAnswer:
        moment = attrs.evolve(subject.moment(as_of), rules=rules)
        return subject.said(subject.seen(rows, moment))

    def check(rows: InventedTable) -> None:
        here = answer(rows, subject.as_of)
        later = rows.changed("years later", lambda: [shifted(row, later_date) for row in rows])
        there = answer(later, f"{subject.day.year + YEARS}{subject.as_of[4:]}")
        parts = ("outcome", "amount", "bins", "times")
        if found := here.difference(there, parts):
            broken(
                f"Now and with every date {YEARS} years later, {found}",
                rows=subject.seen(rows).rows[found.record :][:1] or rows,
                way_out="take years and days from the deadlines, the goal or a field of the metric, not from its code",
            )

    subject.try_tables(check)


def _steady(rule: Rule, day: dt.date) -> Rule:
    """Return a deadline or schedule whose terms on a day have always been in force, without holidays."""

    def always(terms: Dated[Any]) -> Dated[Any]:
        held = [entry for entry in terms.entries if entry.value is not None]  # also a term that had ended by then
        return Dated.always(next((entry.value for entry in reversed(held) if entry.since <= day), held[0].value))

    if isinstance(rule, Schedule):
        return attrs.evolve(rule, calendar=EVEN, by_kind={kind: always(terms) for kind, terms in rule.by_kind.items()})
    after = None if rule.after is None else _steady(rule.after, day)
    assert after is None or isinstance(after, Deadline)
    return attrs.evolve(rule, calendar=EVEN, terms=always(rule.terms), after=after, passes_to=None, undecided_on=None)


def later_as_of(subject: Subject) -> None:
    """Refuse a record that was a yes or a no and is not the same at a later as-of, though nothing happened to it."""
    roles = _every_reading(subject)

    def check(rows: InventedTable) -> None:
        first = subject.moment()
        over = _known(subject, rows, first)
        seen = subject.seen(over)
        said = subject.said(seen)
        for days in (1, 14, 90, 400):
            later = f"{subject.day + dt.timedelta(days=days)}{subject.as_of[10:]}"
            again = subject.said(subject.seen(over, subject.moment(later)))
            for facet in said.facets:
                pairs = zip(said.outcomes(facet), again.outcomes(facet), strict=True)
                for record, (before, after) in enumerate(pairs):
                    if any(each.get(before) in SETTLED and each[after] != each[before] for each in roles):
                        broken(
                            f"A record is {before} at {subject.as_of} and {after} at {later}; nothing happened to it",
                            rows=[seen.rows[record]],
                            way_out="count as open what time alone can still change; see as_of.settle",
                        )

    subject.try_tables(check)


def _every_reading(subject: Subject) -> list[Mapping[str, str]]:
    """Return the roles of the outcomes under each alternative of each reading, the others as usual."""
    chosen = [{}, *({name: each} for name, choice in subject.metric.readings.items() for each in choice.alternatives)]
    readings = [subject.metric.under(each) for each in chosen]
    return [
        {name: role.value for name, role in each.roles.items()} for each in readings if each.metric == subject.metric
    ]


def _known(subject: Subject, rows: InventedTable, moment: AsOf) -> InventedTable:
    """Return the rows that had begun at an as-of, as they were known then."""
    known = (known_at(row, subject.metric.records, moment) for row in rows)
    return rows.changed(f"known at {moment.instant}", lambda: (row for row in known if row is not None))


def hidden_future(subject: Subject) -> None:
    """Refuse an answer that rests on what happened after the as-of.

    Later events are taken away; later planned days are moved, which may change no yes or no; and nothing ends later.
    """
    kind = subject.metric.records

    def check(rows: InventedTable) -> None:
        seen = subject.seen(rows)
        said = subject.said(seen)
        again = subject.said(subject.seen(_known(subject, rows, seen.moment)))
        if found := said.difference(again):
            broken(
                f"With later events in the data and without, {found}",
                rows=[seen.rows[found.record]],
                way_out="read dates as columns of the records, where the core has hidden them",
            )
        _check_ends(subject, seen.rows, said, seen.moment)
        day = seen.moment.known_before.astype(dt.date)
        later = rows.changed(f"planned after {day}", lambda: [replanned(row, kind, day) for row in rows])
        _check_roles(subject, seen.rows, said, subject.said(subject.seen(later)))

    subject.try_tables(check)


def _check_ends(subject: Subject, rows: Any, said: MetricAnswer, moment: AsOf) -> None:
    for facet in said.facets:
        until = said.parts.get((facet, "until"))
        if until is None:
            continue
        cut = moment.known_before if until.dtype == np.dtype("M8[D]") else moment.instant
        if len(late := np.flatnonzero(until >= cut)):
            broken(
                f"A record ends on {until[late[0]]}, after the as-of {subject.as_of}",
                rows=[rows[int(late[0])]],
                way_out="end a record with what has happened; planned=True is for due dates and the like",
            )


def _check_roles(subject: Subject, rows: Any, said: MetricAnswer, delayed: MetricAnswer) -> None:
    roles = {name: role.value for name, role in subject.metric.under().roles.items()}
    for facet in said.facets:
        for record, (one, other) in enumerate(zip(said.outcomes(facet), delayed.outcomes(facet), strict=True)):
            if roles.get(one) != roles.get(other) and {roles.get(one), roles.get(other)} & SETTLED:
                broken(
                    f"Whether a planned day lies soon or long after the as-of makes a record {one} or {other}",
                    rows=[rows[record]],
                    way_out="declare what happens on that day without planned=True, so that it is hidden until then",
                )


def naive_times(subject: Subject) -> None:
    """Refuse days that are not those of the zone: the same clock times in two zones must give the same answer.

    Times without a zone must be refused by intake.
    """
    kind = subject.metric.records
    below = {name: field.records for name, field in kind.fields.items() if field.records is not None}
    own = instants(kind)
    theirs = [(name, each) for name, records in below.items() for each in instants(records)]
    if not own and not theirs:
        raise Inapplicable("the records have days only")

    def check(rows: InventedTable) -> None:
        first, second = (_in_zone(subject, rows, hours) for hours in (1, -9))
        if found := first.difference(second, ("outcome", "amount", "bins", "times")) or _day_difference(first, second):
            broken(
                f"With the same clock times, in a zone east and one west, {found}",
                rows=rows,
                way_out="take days with as_of.local_days(instants); astype(...) gives those of UTC",
            )

    subject.try_tables(check)
    naive = dt.datetime(2010, 6, 1, 12)  # noqa: DTZ001  that is the point
    for name in own[:1]:
        _refuse_read_naive([{**row, name: naive} for row in subject.corpus(3)], kind, [name])
    for table, name in theirs[:1]:
        child = {**Maker(below[table], subject.day, subject.zone, Random(1)).row(1), name: naive}  # noqa: S311  no secret
        parent = {**subject.corpus(1)[0], table: [{**child, str(kind.key_field()): 1}]}
        _refuse_read_naive([parent], kind, [table, f"{table}.{name}"])


def _refuse_read_naive(rows: list[Row], kind: type[Records], fields: list[str]) -> None:
    """Refuse an intake that reads a time without a zone, of a source that declares none."""
    try:
        list(source_of(rows, kind, None).reading(fields).parts[0].blocks())
    except NaiveTime:
        return
    broken(f"A naive time in {fields[-1]} is read without a declared zone", way_out="report it: intake must refuse it")


def _in_zone(subject: Subject, rows: InventedTable, hours: int) -> MetricAnswer:
    """Return the answer for the same clock times in a zone so many hours east of UTC."""
    # these names count as POSIX does: Etc/GMT-1 lies an hour east of Greenwich
    zone = f"Etc/GMT{-hours:+d}"

    def moved(date: dt.date) -> dt.date:
        return date - dt.timedelta(hours=hours) if isinstance(date, dt.datetime) else date

    moment = AsOf.at(subject.day, zone=zone, rules=subject.rules)
    there = rows.changed(f"{hours} hours east", lambda: [shifted(row, moved) for row in rows], zone=zone)
    return subject.said(subject.seen(there, moment))


def _day_difference(one: MetricAnswer, other: MetricAnswer) -> object:
    days = [place for place, array in one.parts.items() if array.dtype == np.dtype("M8[D]")]
    return one.difference(other, tuple({part for _, part in days})) if days else None
