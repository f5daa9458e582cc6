"""What a deadline asks of a case: when it runs out, what kept it, and what the citizen was told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from casequality.citation import Citation
from casequality.deadlines.case import Case, Enquiry, Message
from casequality.deadlines.deadline import Deadline
from casequality.deadlines.duty import Event
from casequality.deadlines.in_force import in_force
from casequality.deadlines.moment import Moment
from casequality.deadlines.obligation import Obligation, settled
from casequality.deadlines.pauses import day_in
from casequality.deadlines.states import (
    CHANNELS,
    CONTENT,
    ENDED,
    INCOMPLETE,
    LONGER,
    OVERDUE,
    PASSED,
    PROMISED,
    SENTENCES,
    State,
    joined,
    say,
)
from casequality.errors import UsageError
from casequality.words import Words

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


def first_owed(rule: Deadline, case: Case, seen: Moment) -> Iterator[Obligation]:
    """Yield what a deadline asks from the start of a case, and what the deadline asks to which it then passed."""
    start = case.started_on.get(rule.id)
    enquiry = case.enquiry if start is None else Enquiry(received=start, day=start)
    found = owed(rule, enquiry, case, seen)
    passes_to, passage = rule.passes_to, rule.undecided_on
    decided = case.decided and passage and case.decided < passage
    if passes_to and passage and enquiry.day < passage <= seen.day and not decided:
        yield owed(passes_to, enquiry, case, seen)
        if found.due and found.due >= passage:
            why = say(PASSED, other=passes_to.title, start=passage)
            found = attrs.evolve(found, state="does not apply", sentence=say(SENTENCES["does not apply"], why=why))
    yield found


def owed(rule: Deadline, enquiry: Enquiry, case: Case, seen: Moment) -> Obligation:
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
    found = attrs.evolve(found, state=_state(found, ended, _paused(rule, case, found.seen)))
    return attrs.evolve(found, sentence=_sentence(found, ended))


def _due(rule: Deadline, enquiry: Enquiry, case: Case, seen: Moment) -> tuple[dt.date, dt.date]:
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


def _paused(rule: Deadline, case: Case, seen: Moment) -> bool:
    allowed = {pause.reason for pause in rule.pauses}
    return any(pause.until is None and pause.since <= seen.day and pause.reason in allowed for pause in case.pauses)


def _state(found: Obligation, ended: dt.date | None, paused: bool) -> State:
    assert found.due is not None
    state = settled(found.due, found.done_on, ended, found.seen)
    if state == "open" and paused:
        return "paused"
    told, promised = found.notice_sent_on, found.communicated_due
    if state == "overdue" and told and told <= found.due and (promised is None or promised >= found.seen.day):
        return "overdue with notice in time"
    return state


def _sentence(found: Obligation, ended: dt.date | None) -> Words:
    text = OVERDUE if found.state == "overdue" and found.kind not in DECISIONS else SENTENCES[found.state]
    parts = [say(text, due=found.due, done=found.done_on or ended, why=ENDED)]
    if found.original_due != found.due:
        parts.append(say(LONGER, first=found.original_due))
    if found.communicated_due:
        parts.append(say(PROMISED, new=found.communicated_due))
    parts.extend(say(INCOMPLETE, lacks=CONTENT[content]) for content in found.lacks)
    return joined(*parts)


def _source(rule: Deadline, day: dt.date) -> Citation | None:
    return next((held.citation for held in in_force(rule.terms) if held.covers(day)), None)
