"""Disclosure control: what may be told of small counts, and what else must be withheld so that none is found out."""

from casequality.evidence.disclosure.disclosing import STATES, WITHHELD, Disclosure, Shown, State, disclose, place_of
from casequality.evidence.disclosure.ledger import Edition, Ledger, PublishedCount
from casequality.evidence.disclosure.policy import INTERNAL, Policy, Publish, policy_of
from casequality.evidence.disclosure.tables import FigurePlace, View

__all__ = [
    "INTERNAL",
    "STATES",
    "WITHHELD",
    "Disclosure",
    "Edition",
    "FigurePlace",
    "Ledger",
    "Policy",
    "Publish",
    "PublishedCount",
    "Shown",
    "State",
    "View",
    "disclose",
    "place_of",
    "policy_of",
]
