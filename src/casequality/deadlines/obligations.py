"""Every obligation of one case at once: when each runs out, what kept it, and what the citizen was told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, TypeAlias

import attrs

from casequality.citation import Citation
from casequality.days import AsOfDay, as_of_day
from casequality.deadlines.case import Case, Enquiry, Message, Plain, read_case
from casequality.deadlines.counting import Event, day_in, in_force, run_out
from casequality.deadlines.deadline import Deadline
from casequality.deadlines.follow_up import FollowUp, Reaction
from casequality.deadlines.listing import deadline
from casequality.deadlines.obligation import (
    CHANNELS,
    CONTENT,
    ENDED,
    INCOMPLETE,
    LONGER,
    OVERDUE,
    PASSED,
    PROMISED,
    SENTENCES,
    Obligation,
    State,
    joined,
    say,
    settled,
    settled_by_the_hour,
)
from casequality.errors import UsageError, Words

DECISIONS = ("decide", "notify or decide")
KEPT_BY: Mapping[str, tuple[Event, ...]] = {
    "decide": ("decision",),
    "notify or decide": ("decision", "notice"),
    "acknowledge": ("reply", "decision"),
    "reply": ("reply", "decision"),
    "goal": ("closing",),
    "appeal": ("complaint",),
}
"""What keeps a deadline whose duty does not say so itself."""


def first_owed(rule: Deadline, case: Case, seen: AsOfDay) -> Iterator[Obligation]:
    """Yield what a deadline asks from the start of a case, and what the deadline asks to which it then passed."""
    start = case.started_on.get(rule.id)
    enquiry = case.enquiry if start is None else Enquiry(received=start, day=start)
    found = owed(rule, enquiry, case, seen)
    passes_to, passage = rule.passes_to, rule.undecided_on
    ends = [day for day in (case.decided, case.ended(rule.id)) if day]
    if passes_to and passage and enquiry.day < passage <= seen.day and not any(day < passage for day in ends):
        yield owed(passes_to, enquiry, case, seen)
        # due on the day of the passage or later it was never missed: from that day on the old rule asks for nothing.
        # Due before, it stays kept or missed, whatever came after
        if found.due and found.due >= passage:
            why = say(PASSED, other=passes_to.title, start=passage)
            found = attrs.evolve(found, state="does not apply", sentence=say(SENTENCES["does not apply"], why=why))
    yield found


def owed(rule: Deadline, enquiry: Enquiry, case: Case, seen: AsOfDay) -> Obligation:
    """Return what a deadline asks of a case from one enquiry on."""
    found = Obligation(
        id=rule.id,
        title=rule.title,
        kind=rule.kind,
        state="not in force",
        started_on=enquiry.day,
        seen=seen,
        calendar=rule.calendar,
        breach=rule.breach,
        source=_source(rule, enquiry.day),
        gives_way=rule.duty.replaced_by_shorter,
        sentence=say(SENTENCES["not in force"], start=enquiry.day),
    )
    for channel in rule.duty.not_for:
        if channel == enquiry.channel:
            why = say(SENTENCES["does not apply"], why=CHANNELS[channel])
            return attrs.evolve(found, state="does not apply", sentence=why)
    if rule.table().at(enquiry.day) is None:
        return found
    return _counted(found, rule, enquiry, case)


def _counted(found: Obligation, rule: Deadline, enquiry: Enquiry, case: Case) -> Obligation:
    ended = case.ended(rule.id)
    original, due = _due(rule, enquiry, case, found.seen)
    done = _done(rule, case, enquiry.day, ended)
    told = _notices(rule, case, enquiry.day)
    promised = [message.new_date for message in told if message.new_date]
    found = attrs.evolve(
        found,
        due=due,
        original_due=original,
        communicated_due=promised[-1] if promised else None,
        done_on=done.day if done else None,
        decided_on=case.decided,
        notice_sent_on=told[0].day if told else None,
        lacks=_lacks(rule, done, told),
    )
    if rule.by_the_hour:
        found = _by_the_hour(found, rule, enquiry, done, ended)
    else:
        found = attrs.evolve(found, state=_state(found, ended, _paused(rule, case, found.seen)))
    return attrs.evolve(found, sentence=_sentence(found, ended))


def _by_the_hour(
    found: Obligation, rule: Deadline, enquiry: Enquiry, done: Message | None, ended: dt.date | None
) -> Obligation:
    assert found.due is not None
    at = run_out(rule.terms, enquiry.received, rule.zone) if isinstance(enquiry.received, dt.datetime) else None
    earliest = enquiry.day + rule.in_force_on(enquiry.day).term.amount // 24 * dt.timedelta(days=1)
    state = settled_by_the_hour(found.due, at, earliest, done, ended, found.seen)
    in_time = None if state in ("open", "does not apply") else state == "kept"
    return attrs.evolve(found, state=state, due_at=at, in_time=in_time)


def _due(rule: Deadline, enquiry: Enquiry, case: Case, seen: AsOfDay) -> tuple[dt.date, dt.date]:
    """Return the due day as the clock stood still, and with a valid extension; an open pause ends with the case."""
    now = min(day for day in (seen.day, case.decided, case.ended(rule.id)) if day)
    paused: dict[str, Any] = {"pauses": case.pauses, "as_of": now} if case.pauses and rule.pauses else {}
    stood = day_in(rule.due(enquiry.received, **paused), rule.zone)
    longer, notice = rule.extension and rule.extension.term, case.extended
    if not longer or not notice or not enquiry.day <= notice.sent_on <= stood:
        return stood, stood
    return stood, day_in(rule.due(enquiry.received, **paused, extended=notice), rule.zone)


def _done(rule: Deadline, case: Case, start: dt.date, ended: dt.date | None) -> Message | None:
    """Return the first event that keeps a deadline, from the day it started to the day it is owed no longer."""
    kept_by = rule.duty.kept_by or KEPT_BY.get(rule.kind)
    if not kept_by:
        raise UsageError(
            "Nothing is known that keeps this deadline, so a case cannot be asked about it",
            where=rule.id,
            got=f"kind {rule.kind}",
            remedy="leave it out, or say what keeps it: attrs.evolve(rule, duty=Duty(kept_by=['forwarding']))",
        )
    events = [message for event in kept_by for message in case.events(event, written=rule.duty.written)]
    return min(
        (message for message in events if start <= message.day <= (ended or message.day)),
        key=lambda message: message.day,
        default=None,
    )


def _notices(rule: Deadline, case: Case, start: dt.date) -> list[Message]:
    """Return the notices of delay since a day; only a decision is waited for with notices."""
    if rule.kind not in DECISIONS:
        return []
    written = rule.duty.delay_notice is not None and rule.duty.delay_notice.written
    return [message for message in case.events("notice", written=written) if message.day >= start]


def _lacks(rule: Deadline, done: Message | None, told: list[Message]) -> tuple[str, ...]:
    if done is not None:
        return done.lacks(rule.duty.says)
    notice = rule.duty.delay_notice
    return told[0].lacks(notice.says) if told and notice else ()


def _paused(rule: Deadline, case: Case, seen: AsOfDay) -> bool:
    allowed = {pause.reason for pause in rule.pauses}
    return any(pause.until is None and pause.since <= seen.day and pause.reason in allowed for pause in case.pauses)


def _state(found: Obligation, ended: dt.date | None, paused: bool) -> State:
    assert found.due is not None
    state = settled(found.due, found.done_on, ended, found.seen)
    if state == "open" and paused:
        return "paused"
    told, promised = found.notice_sent_on, found.communicated_due
    # a notice in time excuses as long as the day that it gave has not passed, too
    if state == "overdue" and told and told <= found.due and (promised is None or promised >= found.seen.day):
        return "overdue with notice in time"
    return state


def _sentence(found: Obligation, ended: dt.date | None) -> Words:
    text = OVERDUE if found.state == "overdue" and found.kind not in DECISIONS else SENTENCES[found.state]
    parts = [say(text, due=found.due_at or found.due, done=found.done_on or ended, why=ENDED)]
    if found.original_due != found.due:
        parts.append(say(LONGER, first=found.original_due))
    if found.communicated_due:
        parts.append(say(PROMISED, new=found.communicated_due))
    parts.extend(say(INCOMPLETE, lacks=CONTENT[content]) for content in found.lacks)
    return joined(*parts)


def _source(rule: Deadline, day: dt.date) -> Citation | None:
    return next((held.citation for held in in_force(rule.terms) if held.covers(day)), None)


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
    seen = as_of_day(as_of, zone)
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
            got=f"{counted.zone}, {zone}",
            remedy=f"pass zone='{counted.zone}', and ask about deadlines of other zones in a call of their own",
        )
    return rule


def _owed(rule: Rule, case: Case, seen: AsOfDay) -> Iterator[Obligation]:
    if isinstance(rule, Deadline):
        yield from first_owed(rule, case, seen)
    elif isinstance(rule, FollowUp):
        yield from _recurring(rule, case, seen)
    else:
        ends = [day for day in (case.decided, case.ended(rule.rule.id)) if day]
        for enquiry in case.information:
            if all(enquiry.day <= day for day in ends):
                yield owed(rule.rule, enquiry, case, seen)


def _recurring(rule: FollowUp, case: Case, seen: AsOfDay) -> Iterator[Obligation]:
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
