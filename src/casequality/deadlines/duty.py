"""What a deadline asks for, as data: which events keep it, what they must say, what is owed where it is not kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias, get_args

import attrs

from casequality.citation import Citation
from casequality.errors import UsageError

Event: TypeAlias = Literal["decision", "notice", "reply", "notification", "forwarding", "complaint", "closing"]
Content: TypeAlias = Literal["reason", "expected date", "statutory deadline"]
Channel: TypeAlias = Literal["telephone", "in person"]

EVENTS: tuple[Event, ...] = get_args(Event)
CONTENTS: tuple[Content, ...] = get_args(Content)
CHANNELS: tuple[Channel, ...] = get_args(Channel)


def _several(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


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
