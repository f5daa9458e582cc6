"""Which deadline of the catalogue each request for access to documents is under, by Act, tier and day of receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

import casequality as cq
from casequality_correspondence.records import AccessRequest, Enquiry
from casequality_correspondence.told import Days, Mask, only

NOTIFY: Final[Mapping[str, str]] = {
    "public_access": "access/notify-or-decide",
    "party_access": "party-access/notify-or-decide",
    "personal_data": "personal-data/notify-or-answer",
    "environment": "environment/notify-or-decide",
}
"""By Act, the deadline that a notice keeps as well as a decision."""
DECIDE: Final[Mapping[str, str]] = {
    "public_access": "access/decide",
    "party_access": "party-access/decide",
    "personal_data": "personal-data/answer",
    "environment": "environment/decide",
}
"""By Act, the deadline that only a decision keeps."""
TIERS: Final[Mapping[str, str]] = {
    "simple": "access/decide-simple",
    "special": "access/decide-special",
    "very_special": "access/decide-very-special",
}
"""The guides to the Act of 2013 for requests that are not ordinary."""
TRANSITIONAL: Final = "access/decide-transitional"
EXTENDABLE: Final = ("personal_data", "environment")


def ended(requests: AccessRequest) -> Days:
    """Return the day on which each request was decided, or else withdrawn: from then on nothing is owed any more."""
    return np.where(np.isnat(requests.decided_on), requests.withdrawn_on, requests.decided_on)


def transitional(requests: AccessRequest, as_of: cq.AsOf) -> Mask:
    """Return which requests came before 2014 and were neither decided nor withdrawn then, seen from a later day."""
    public = only(requests.act == "public_access", requests.received_on)
    both = (NOTIFY["public_access"], DECIDE["public_access"])
    decided_by = as_of.decided_by(both, public, ended(requests))
    return decided_by.get(TRANSITIONAL, np.zeros(len(public), bool))


def passed_on(requests: AccessRequest, as_of: cq.AsOf, due: Days) -> Mask:
    """Return which requests passed to the Act of 2013 before the notice of the old Act was due."""
    old = as_of.rule(NOTIFY["public_access"])
    since = old.undecided_on if isinstance(old, cq.deadlines.Deadline) else None
    return transitional(requests, as_of) & (due >= np.datetime64(since, "D"))


def due_to_notify(requests: AccessRequest, as_of: cq.AsOf) -> Any:
    """Return when each request must be decided or its requester notified, as `as_of.due` gives it."""
    due: Any = None
    for act, deadline in NOTIFY.items():
        found = as_of.due(deadline, only(requests.act == act, requests.received_on))
        due = found if due is None else due.or_else(found)
    return due


def due_to_decide(requests: AccessRequest, as_of: cq.AsOf, *, by_tier: bool = True) -> Any:
    """Return when each request must be decided, as `as_of.due` gives it; by_tier: by the guide for its tier."""
    received, notices = requests.received_on, requests.notices
    longer = notices.first(notices.rows.sent_on, notices.rows.states_reason == "yes")
    due: Any = as_of.due(TRANSITIONAL, only(transitional(requests, as_of), received))
    for tier, deadline in TIERS.items() if by_tier else ():
        mine = (requests.act == "public_access") & (requests.tier == tier)
        due = due.or_else(as_of.due(deadline, only(mine, received)))
    for act, deadline in DECIDE.items():
        told = longer if act in EXTENDABLE else None
        due = due.or_else(as_of.due(deadline, only(requests.act == act, received), extended=told))
    return due


def first_due(enquiries: Enquiry, as_of: cq.AsOf) -> Days:
    """Return the first due day by the Act under which each enquiry asks for access, NaT for none."""
    due = np.full(len(enquiries.received_on), np.datetime64("NaT", "D"))
    for by_act in (NOTIFY, DECIDE):
        for act, deadline in by_act.items():
            due = np.fmin(due, as_of.due(deadline, only(enquiries.act == act, enquiries.received_on)).at)
    return due
