"""Disclosure control: what may be told of small counts, and what else must be withheld so that none is found out."""

from typing import TYPE_CHECKING, Final

from casequality.doors import door
from casequality.evidence.disclosure.policy import INTERNAL, Policy, Publish, policy_of

if TYPE_CHECKING:
    from casequality.evidence.disclosure.disclosing import (
        STATES,
        WITHHELD,
        Disclosure,
        Shown,
        State,
        disclose,
        place_of,
    )
    from casequality.evidence.disclosure.ledger import Edition, Ledger, PublishedCount
    from casequality.evidence.disclosure.tables import FigurePlace, View

HOMES: Final = {
    "casequality.evidence.disclosure.disclosing": (
        "STATES",
        "WITHHELD",
        "Disclosure",
        "Shown",
        "State",
        "disclose",
        "place_of",
    ),
    "casequality.evidence.disclosure.ledger": (
        "Edition",
        "Ledger",
        "PublishedCount",
    ),
    "casequality.evidence.disclosure.tables": (
        "FigurePlace",
        "View",
    ),
}
"""Names that are loaded when they are first used, by the module that has them."""

__getattr__ = door(__name__, HOMES)

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
