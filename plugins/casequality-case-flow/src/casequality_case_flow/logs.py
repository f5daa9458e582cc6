"""Cases with a log of events: who holds the case from each event on, and what makes that take long."""

from __future__ import annotations

from typing import Final

import casequality as cq

CAUSES: Final = (
    "legal_requirements",
    "internal_rules",
    "missing_guidance",
    "citizen",
    "third_party",
    "organisation",
    "planning",
    "other",
)
"""The memo's eight causes of long processing time, in its order; two of them outside the administration."""


class Event(cq.Records, name="events"):
    """One event in a case.

    holder: who holds the case from then on. "active" is for a log that says that the case is being worked on until the
    next event; "internal" for a case that lies with the administration; blank where the log only says that something
    was done. cause: what makes the time from then on take long, where somebody stated it. Of events at the same
    instant the one decides that comes last in this order, in whatever order the rows come: nothing recorded, active,
    citizen, third_party, statutory_step, internal; so that a doubt is held against the administration. Of two with the
    same holder the later cause decides, in the order of `CAUSES`. Steps (`read_steps`) go by the order of the rows.
    """

    case = cq.key()
    at = cq.instant()
    holder = cq.code("active", "citizen", "third_party", "statutory_step", "internal", missing="not recorded")
    cause = cq.code(*CAUSES, missing="not stated")


class LoggedCase(cq.Records, name="logged_cases"):
    """One case with its log; between receipt and the first event nobody is recorded as holding it."""

    case = cq.key()
    kind = cq.code(unknown="not stated")
    received_at = cq.instant()
    decided_at = cq.instant(missing="not decided")
    events = cq.many(Event)
