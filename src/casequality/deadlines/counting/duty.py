"""What a deadline asks for, as data: which events keep it, what they must say, and the notice that makes it longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias, get_args

import attrs

from casequality.citation import Citation
from casequality.days import Days, Mask
from casequality.deadlines.counting.terms import Term
from casequality.errors import UsageError, Words, words

TEXTS = (
    Words("Starts", "Begynder"),
    Words("Kept by", "Overholdes ved"),
    Words("Does not apply to", "Gælder ikke"),
    Words("When it is passed", "Når den overskrides"),
)
"""What the texts of a deadline say: what starts the clock, and so on."""


@attrs.frozen
class Extension:
    """A longer term, counted from the same receipt, and the condition under which it holds.

    `term` is None where the source states no amount.
    """

    condition: Words = attrs.field(converter=words)
    term: Term | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the extension as plain data."""
        return {"condition": self.condition.to_dict(), "term": self.term and self.term.to_dict()}


@attrs.frozen
class Extended:
    """A notice of an extension or a delay that was sent in a case, on a day or at an aware instant, and its reason."""

    sent_on: dt.date
    reason: str = ""


@attrs.frozen(kw_only=True)
class ShownExtension:
    """A notice as a ledger shows it: `valid` says whether it was in time; `term` is then the term that it gives."""

    sent_on: dt.date
    valid: bool
    term: Term | None
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Return the notice as plain data."""
        return {
            "sent_on": self.sent_on.isoformat(),
            "valid": self.valid,
            "term": self.term and self.term.to_dict(),
            "reason": self.reason,
        }


def in_time(sent: Days, received: Days, due: Days) -> Mask:
    """Return which notices were sent from the day of receipt up to the due day as it stood; none where a day is NaT.

    >>> import numpy as np
    >>> days = np.array(["2010-05-06", "2010-05-07", "2010-05-08", "NaT"], "datetime64[D]")
    >>> in_time(days, np.datetime64("2010-04-22"), np.datetime64("2010-05-07")).tolist()
    [True, True, False, False]
    """
    timely: Mask = (received <= sent) & (sent <= due)
    return timely


Event: TypeAlias = Literal["decision", "notice", "reply", "notification", "forwarding", "complaint", "closing"]
Content: TypeAlias = Literal["reason", "expected date", "statutory deadline"]
Channel: TypeAlias = Literal["telephone", "in person"]

EVENTS: tuple[Event, ...] = get_args(Event)
CONTENTS: tuple[Content, ...] = get_args(Content)
CHANNELS: tuple[Channel, ...] = get_args(Channel)


def _several(given: Any) -> tuple[str, ...]:
    several = (given,) if isinstance(given, str) else tuple(given) if isinstance(given, Iterable) else (given,)
    if not all(isinstance(each, str) for each in several):
        raise UsageError("A duty is said in words", got=given, allowed="a word, or a list of words")
    return several


def _only(allowed: tuple[str, ...]) -> Any:
    def check(_: object, field: attrs.Attribute[tuple[str, ...]], given: tuple[str, ...]) -> None:
        for name in given:
            if name not in allowed:
                raise UsageError("Unknown word in a duty", where=field.name, got=name, allowed=allowed)

    return check


@attrs.frozen(kw_only=True)
class DelayNotice:
    """The notice owed where a deadline is not kept, and what it must state.

    `before_expiry`: it must be sent on or before the due day; without it the source does not say when.
    """

    says: tuple[Content, ...] = attrs.field(converter=_several, validator=_only(CONTENTS))
    written: bool = False
    before_expiry: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the notice as plain data."""
        return attrs.asdict(self, value_serializer=_plain)


@attrs.frozen(kw_only=True)
class Duty:
    """What a deadline asks for.

    `kept_by` are the events that keep it: a decision keeps a reply guarantee, a reply never keeps a decision
    deadline. `says` is what a notice or a reply must state to be complete, `written` that nothing else counts.
    Enquiries by the channels of `not_for` carry no such duty. One that is `replaced_by_shorter` falls away where a
    statutory deadline of the same enquiry (to decide, or to notify or decide) is due earlier. `law` is the Act
    behind a term that somebody else sets.

    >>> Duty(kept_by=["decision", "notice"], says=["reason", "expected date"]).kept_by
    ('decision', 'notice')
    """

    kept_by: tuple[Event, ...] = attrs.field(default=(), converter=_several, validator=_only(EVENTS))
    written: bool = False
    says: tuple[Content, ...] = attrs.field(default=(), converter=_several, validator=_only(CONTENTS))
    not_for: tuple[Channel, ...] = attrs.field(default=(), converter=_several, validator=_only(CHANNELS))
    replaced_by_shorter: bool = False
    delay_notice: DelayNotice | None = None
    law: Citation | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the duty as plain data."""
        plain = attrs.asdict(self, recurse=False, value_serializer=_plain)
        return {
            **plain,
            "delay_notice": self.delay_notice and self.delay_notice.to_dict(),
            "law": self.law and self.law.to_dict(),
        }


NOTHING_SAID = Duty()


def _plain(_: object, __: object, value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
