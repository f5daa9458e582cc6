"""The events of one case, read from plain data and seen from a moment: what happened later is not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

import attrs

from casequality.days import AsOfDay, local_day, read_as_of
from casequality.deadlines.counting import CHANNELS, CONTENTS, Content, Event, Extended, Pause
from casequality.errors import UsageError
from casequality.toml import check_keys

DAY = dt.timedelta(days=1)


Plain: TypeAlias = Mapping[str, Any]
T = TypeVar("T")

WHERE = "the case"
IN_WRITING = "in writing"
DAY_OF: Mapping[Event, str] = {
    "decision": "decided_on",
    "closing": "closed_on",
    "notification": "notified_on",
    "forwarding": "forwarded_on",
    "complaint": "complained_on",
}
ENQUIRY_KEYS = ("received_on", "channel")
MESSAGE_KEYS = ("sent_on", "new_date", "states", "written")
PAUSE_KEYS = ("since", "until", "reason")
EXTENDED_KEYS = ("sent_on", "reason")
CASE_KEYS = (
    *(*ENQUIRY_KEYS, *DAY_OF.values(), "replies", "notices", "information", "follow_ups"),
    *("pauses", "extended", "started_on", "ceased_on"),
)


@attrs.frozen(kw_only=True)
class Message:
    """A reply or a notice to the citizen; `at` is its time where that is known, `states` None where nobody noted it."""

    day: dt.date
    at: dt.datetime | None = None
    new_date: dt.date | None = None
    states: tuple[Content, ...] | None = None
    written: bool = True

    def lacks(self, asked: tuple[Content, ...]) -> tuple[Content, ...]:
        """Return what the message should state and does not, as far as that was noted."""
        if self.states is None:
            return ()
        told = (*self.states, "expected date") if self.new_date else self.states
        return tuple(content for content in asked if content not in told)


@attrs.frozen(kw_only=True)
class Enquiry:
    """What the citizen sent: when it was received, an instant where that is known, its local day, and how it came."""

    received: dt.date
    day: dt.date
    channel: str = IN_WRITING


@attrs.frozen(kw_only=True)
class Case:
    """One case as it is known at a moment; days are local days, and every list is in order of day."""

    enquiry: Enquiry
    single: Mapping[str, Message]
    replies: tuple[Message, ...]
    notices: tuple[Message, ...]
    information: tuple[Enquiry, ...]
    follow_ups: tuple[Message, ...]
    pauses: tuple[Pause, ...]
    extended: Extended | None
    started_on: Mapping[str, dt.date]
    ceased_on: Mapping[str, dt.date]

    @property
    def decided(self) -> dt.date | None:
        """The day of the decision."""
        return self.day_of("decided_on")

    def day_of(self, key: str) -> dt.date | None:
        """Return the day of what happens once, None where it has not."""
        found = self.single.get(key)
        return found.day if found else None

    def events(self, event: Event, *, written: bool = False) -> tuple[Message, ...]:
        """Return every event of a kind; with `written`, only the replies and notices in writing.

        A case that was decided and has no other closing was closed by its decision.
        """
        if event in ("reply", "notice"):
            sent = self.replies if event == "reply" else self.notices
            return tuple(message for message in sent if message.written or not written)
        found = self.single.get(DAY_OF[event]) or (self.single.get("decided_on") if event == "closing" else None)
        return (found,) if found else ()

    def ended(self, obligation: str) -> dt.date | None:
        """Return the day from which an obligation is owed no longer, done or not; None while it is."""
        ends = [day for day in (self.day_of("closed_on"), self.ceased_on.get(obligation)) if day]
        return min(ends, default=None)


def read_case(plain: Plain, seen: AsOfDay, zone: str) -> Case:
    """Return the case that a mapping describes, as it is known at a moment; see `obligations` for its keys."""
    check_keys(plain, CASE_KEYS, needed=("received_on",), where=WHERE)
    enquiry = _enquiry({key: plain[key] for key in ENQUIRY_KEYS if key in plain}, WHERE, zone)
    if enquiry.day > seen.day:
        raise UsageError("The case was received after the as-of", where=WHERE, remedy="ask from a later moment")

    def known(key: str, read: Callable[[Any, str, str], T], day: Callable[[T], dt.date]) -> tuple[T, ...]:
        found = [read(given, f"{WHERE}, {key}", zone) for given in _listed(plain.get(key), key)]
        if key != "pauses" and any(day(each) < enquiry.day for each in found):
            raise UsageError(
                "Something happened before the case was received",
                where=f"{WHERE}, {key}",
                remedy="leave it out, or give the day on which the case was first received",
            )
        return tuple(sorted((each for each in found if seen.knows(day(each))), key=day))

    single = {key: known(key, _event, _day_of) for key in DAY_OF.values()}
    extended = known("extended", _extended, lambda notice: notice.sent_on)
    return Case(
        enquiry=enquiry,
        single={key: events[0] for key, events in single.items() if events},
        replies=known("replies", _message, _day_of),
        notices=known("notices", _message, _day_of),
        information=known("information", _enquiry, _day_of),
        follow_ups=known("follow_ups", _event, _day_of),
        pauses=tuple(_as_known(pause, seen) for pause in known("pauses", _pause, lambda pause: pause.since)),
        extended=extended[0] if extended else None,
        started_on=_by_id(plain, "started_on", zone),
        ceased_on={name: day for name, day in _by_id(plain, "ceased_on", zone).items() if seen.knows(day)},
    )


def _day_of(each: Message | Enquiry) -> dt.date:
    return each.day


def _listed(given: Any, key: str) -> list[Any]:
    if key in (*DAY_OF.values(), "extended"):
        return [] if given is None else [given]
    if given is None or isinstance(given, (list, tuple)):
        return list(given or ())
    raise UsageError("A list is needed", where=f"{WHERE}, {key}", got=type(given).__name__, remedy="write [...]")


def _moment(given: Any, where: str) -> dt.date:
    moment = read_as_of(given)
    if moment is None:
        raise UsageError(
            "A day cannot be read",
            where=where,
            got=type(given).__name__,
            allowed="a date, an aware datetime, or the ISO text of one",
            remedy="write it as 2010-04-22 or 2010-04-22T09:30:00+02:00; leave the key out where there is no day",
        )
    return moment


def _day(given: Any, where: str, zone: str) -> dt.date:
    moment = _moment(given, where)
    return local_day(moment, zone) if isinstance(moment, dt.datetime) else moment


def _at(given: Any, where: str) -> dt.datetime | None:
    moment = _moment(given, where)
    return moment if isinstance(moment, dt.datetime) else None


def _event(given: Any, where: str, zone: str) -> Message:
    return Message(day=_day(given, where, zone), at=_at(given, where))


def _enquiry(given: Any, where: str, zone: str) -> Enquiry:
    given = given if isinstance(given, Mapping) else {"received_on": given}
    check_keys(given, ENQUIRY_KEYS, needed=("received_on",), where=where)
    received, channel = given["received_on"], given.get("channel", IN_WRITING)
    _check_words([channel], (IN_WRITING, *CHANNELS), f"{where}, channel")
    where = f"{where}, received_on"
    return Enquiry(received=_moment(received, where), day=_day(received, where, zone), channel=channel)


def _message(given: Any, where: str, zone: str) -> Message:
    given = given if isinstance(given, Mapping) else {"sent_on": given}
    check_keys(given, MESSAGE_KEYS, needed=("sent_on",), where=where)
    states, new_date = given.get("states"), given.get("new_date")
    _check_words(states or (), CONTENTS, f"{where}, states")
    return Message(
        day=_day(given["sent_on"], f"{where}, sent_on", zone),
        at=_at(given["sent_on"], f"{where}, sent_on"),
        new_date=None if new_date is None else _day(new_date, f"{where}, new_date", zone),
        states=None if states is None else tuple(states),
        written=given.get("written", True),
    )


def _pause(given: Any, where: str, zone: str) -> Pause:
    check_keys(given, PAUSE_KEYS, needed=("since", "reason"), where=where)
    until = given.get("until")
    since = _day(given["since"], f"{where}, since", zone)
    return Pause(since, None if until is None else _day(until, f"{where}, until", zone), given["reason"])


def _as_known(pause: Pause, seen: AsOfDay) -> Pause:
    return pause if seen.knows(pause.until) else attrs.evolve(pause, until=None)


def _extended(given: Any, where: str, zone: str) -> Extended:
    given = given if isinstance(given, Mapping) else {"sent_on": given}
    check_keys(given, EXTENDED_KEYS, needed=("sent_on",), where=where)
    return Extended(_day(given["sent_on"], f"{where}, sent_on", zone), given.get("reason", ""))


def _by_id(plain: Plain, key: str, zone: str) -> dict[str, dt.date]:
    given = plain.get(key) or {}
    if not isinstance(given, Mapping):
        raise UsageError("A day for each obligation is needed", where=f"{WHERE}, {key}", allowed="{id: day}")
    return {name: _day(day, f"{WHERE}, {key}", zone) for name, day in given.items()}


def _check_words(given: Any, allowed: tuple[str, ...], where: str) -> None:
    for word in given:
        if word not in allowed:
            raise UsageError("Unknown word in a case", where=where, allowed=allowed, remedy="use one of these")
