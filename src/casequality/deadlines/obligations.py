"""Every obligation of one case at once, the earliest due first, as plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, TypeAlias

import attrs

from casequality.deadlines.case import Case, Plain, read_case
from casequality.deadlines.catalogue import deadline
from casequality.deadlines.deadline import Deadline
from casequality.deadlines.follow_up import FollowUp, Reaction
from casequality.deadlines.moment import Moment, moment_of
from casequality.deadlines.obligation import Obligation, settled
from casequality.deadlines.owed import DECISIONS, first_owed, owed
from casequality.deadlines.states import ENDED, OVERDUE, SENTENCES, say
from casequality.errors import UsageError

Rule: TypeAlias = Deadline | FollowUp | Reaction
COUNTING = ("kept", "kept late", "open", "paused", "overdue", "overdue with notice in time", "missed")


def obligations(
    case: Plain, kinds: Iterable[str | Rule], *, as_of: dt.date | str, zone: str = "Europe/Copenhagen"
) -> list[dict[str, Any]]:
    """Return every obligation of one case with its state, its dates and a sentence, the earliest due first.

    kinds: ids of the catalogue, deadlines, a `FollowUp` that recurs, a `Reaction` to what arrives in a running case.
    as_of: an aware datetime, or a date, which is its start; what happened later is not known.

    case: its events. A day is a date, an aware datetime (its day in `zone`), or the ISO text of either.

    - `received_on`, needed; `channel`: "in writing" unless it is "telephone" or "in person"
    - `decided_on`, `closed_on` (ended, by a decision or otherwise), `notified_on`, `forwarded_on`, `complained_on`
    - `replies`, `notices`: lists of days, or of `{sent_on, new_date, states, written}`; `states` lists what it says
    - `information`: what arrived later, a list of days or of `{received_on, channel}`; `follow_ups`: a list of days
    - `pauses`: a list of `{since, until, reason}`; `extended`: a day, or `{sent_on, reason}`
    - `started_on`: `{id: day}` for deadlines that run from another event; `ceased_on`: `{id: day}` for those that
      fell away, such as when the case moved to another unit

    Nothing is kept between calls, so threads may call it at once. Raises `UnknownName` and `UsageError` for what it
    cannot understand, `NaiveTime` for a time without zone, `OutsideCalendar` beyond a calendar.

    >>> [one] = obligations({"received_on": "2010-04-22"}, ["copenhagen/reply-guarantee"], as_of="2010-05-03")
    >>> one["state"], one["next_date"], one["working_days_left"]
    ('open', '2010-05-07', 4)
    """
    if isinstance(kinds, str):
        raise UsageError("A list of deadlines is needed", got="a text", remedy="write kinds=[...]")
    seen = moment_of(as_of, zone)
    known = read_case(case, seen, zone)
    found = [each for kind in kinds for each in _owed(_rule(kind, zone), known, seen)]
    found = [_unless_replaced(each, found) for each in found]
    return [each.to_dict() for each in sorted(found, key=lambda each: (each.due or dt.date.max, each.id))]


def _rule(kind: str | Rule, zone: str) -> Rule:
    rule = deadline(kind) if isinstance(kind, str) else kind
    if not isinstance(rule, (Deadline, FollowUp, Reaction)):
        raise UsageError(
            "An obligation is named by its id, or given as itself",
            got=type(kind).__name__,
            allowed="an id, Deadline, FollowUp, Reaction",
            remedy="take one deadline of a schedule: schedule.deadline(kind)",
        )
    counted = rule.rule if isinstance(rule, Reaction) else rule
    if isinstance(counted, Deadline) and counted.zone != zone:
        raise UsageError(
            "A deadline counts in another zone than the case",
            where=counted.id,
            got=f"{counted.zone} and {zone}",
            remedy=f"pass zone='{counted.zone}', and ask about deadlines of other zones in a call of their own",
        )
    return rule


def _owed(rule: Rule, case: Case, seen: Moment) -> Iterator[Obligation]:
    if isinstance(rule, Deadline):
        yield from first_owed(rule, case, seen)
    elif isinstance(rule, FollowUp):
        yield from _recurring(rule, case, seen)
    else:
        ends = [day for day in (case.decided, case.ended(rule.rule.id)) if day]
        for enquiry in case.information:
            if all(enquiry.day <= day for day in ends):
                yield owed(rule.rule, enquiry, case, seen)


def _recurring(rule: FollowUp, case: Case, seen: Moment) -> Iterator[Obligation]:
    """Yield the follow-ups up to the first that is still to come, or to the end of the case."""
    start = case.started_on.get(rule.id, case.enquiry.day)
    ended = case.ended(rule.id)
    for number, (before, due) in enumerate(pairwise(_from(start, rule)), 1):
        if ended is not None and due >= ended:
            return
        held = [message.day for message in case.follow_ups if before < message.day <= (ended or message.day)]
        done = min(held, default=None)
        state = settled(due, done, ended, seen)
        text = OVERDUE if state == "overdue" else SENTENCES[state]
        yield Obligation(
            id=rule.id,
            number=number,
            title=rule.title,
            kind="follow up",
            state=state,
            started_on=before,
            seen=seen,
            due=due,
            original_due=due,
            done_on=done,
            calendar=rule.calendar,
            breach=rule.breach,
            source=rule.source,
            sentence=say(text, due=due, done=done or ended, why=ENDED),
        )
        if state == "open":
            return


def _from(start: dt.date, rule: FollowUp) -> Iterator[dt.date]:
    yield start
    yield from rule.dates(start)


def _unless_replaced(one: Obligation, every: list[Obligation]) -> Obligation:
    """Return an obligation, replaced where the law says so and a decision on the same enquiry is due sooner."""
    if not one.gives_way or one.due is None or one.state not in COUNTING:
        return one
    sooner = [
        other
        for other in every
        if other.kind in DECISIONS
        and other.state in COUNTING
        and other.started_on == one.started_on
        and other.due is not None
        and other.due < one.due
    ]
    if not sooner:
        return one
    first = min(sooner, key=lambda other: (other.due, other.id))
    sentence = say(SENTENCES["replaced"], due=one.due, other=first.title)
    return attrs.evolve(one, state="replaced", replaced_by=first.id, sentence=sentence)
