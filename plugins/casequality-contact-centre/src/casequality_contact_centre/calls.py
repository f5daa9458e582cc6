"""Calls as a telephone system records them."""

from __future__ import annotations

import casequality as cq


class Call(cq.Records, name="calls"):
    """One call to a telephone number, from the moment it reached the number.

    queued_at: when the caller joined the queue for an answer. ended_at: when the line was closed, whoever closed it.
    resolved: whether the contact centre resolved the call itself or passed it on to others.
    """

    call = cq.key()
    offered_at = cq.instant()
    queued_at = cq.instant(missing="never queued")
    answered_at = cq.instant(missing="not answered")
    ended_at = cq.instant(missing="still going on")
    answered_by = cq.code("person", "recording", known_with="answered_at")
    resolved = cq.code("by the contact centre", "passed on", known_with="answered_at")
    queue = cq.code(missing="no queue")
    rules = (
        cq.rules.ordered(
            "offered_at", "queued_at", says={"en": "queued before it was offered", "da": "sat i kø, før opkaldet kom"}
        )
        + cq.rules.ordered(
            "queued_at",
            "answered_at",
            says={"en": "answered before it was queued", "da": "besvaret, før opkaldet kom i kø"},
        )
        + cq.rules.ordered(
            "answered_at",
            "ended_at",
            says={"en": "ended before it was answered", "da": "afsluttet, før opkaldet blev besvaret"},
        )
    )


class CountedCall(Call, name="counted_calls"):
    """Several calls with the same times and the same outcome, as one row; `call` is the row's key.

    times: how many calls the row stands for; a row that stands for 0 calls adds to no figure.
    """

    times = cq.count()
