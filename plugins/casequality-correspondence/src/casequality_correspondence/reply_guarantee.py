"""The reply guarantee: every written enquiry is answered, or acknowledged with what the citizen must know, in time."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

import casequality as cq
from casequality_correspondence.acts import first_due
from casequality_correspondence.records import Enquiry
from casequality_correspondence.sources import GUARANTEE, WORDS
from casequality_correspondence.told import Days, Mask, kept_by, only

WRITTEN = ("letter", "email", "digital_post")
INCOMPLETE = cq.choose(
    literal="missed",
    why={
        "en": "the proposal of 2006 wants a receipt that states the statutory processing time where there is one; "
        "the common foundation of 2009 speaks of ten working days only",
        "da": "forslaget fra 2006 vil have en kvittering, der oplyser den lovmæssige sagsbehandlingstid, hvor den "
        "findes; det fælles fundament fra 2009 taler kun om ti arbejdsdage",
    },
    says={
        "missed": {
            "en": "an acknowledgement that lacks the statutory deadline does not keep the guarantee",
            "da": "en kvittering uden den lovbestemte frist overholder ikke garantien",
        },
        "kept": {
            "en": "any written acknowledgement keeps the guarantee, whatever it says",
            "da": "enhver skriftlig kvittering overholder garantien, uanset hvad den oplyser",
        },
    },
    missed={},
    kept={"acknowledged_incomplete": cq.YES, "acknowledged_incomplete_early": cq.YES},
)
AUTOMATIC = cq.choose(
    usual="left_out",
    why={
        "en": "the source does not say whether a receipt sent by a machine is a reply",
        "da": "kilden siger ikke, om en automatisk kvittering er en tilbagemelding",
    },
    says={
        "left_out": {
            "en": "an automatic receipt is no reply",
            "da": "en automatisk kvittering er ingen tilbagemelding",
        },
        "counted": {
            "en": "an automatic receipt counts like any other acknowledgement",
            "da": "en automatisk kvittering tæller som enhver anden",
        },
    },
    left_out={"automatic_counts": False},
    counted={"automatic_counts": True},
)


@attrs.frozen
class ReplyGuarantee(cq.Metric):
    """Share of written enquiries that were answered, or acknowledged completely, before the guarantee ran out.

    automatic_counts: see the reading `automatic`. statutory: the id of a schedule by case type (or the schedule itself)
    of the caller's statutory deadlines; one that is due sooner takes the guarantee's place, as access to documents
    always does. None is counted where it is left empty.
    """

    id = "correspondence.reply-guarantee"
    version = 1
    title = {"en": "Reply guarantee kept", "da": "Tilbagemeldingsgarantien overholdt"}
    unit = cq.units.SHARE
    higher_is_better = True
    records = Enquiry
    citation = GUARANTEE
    limits = {
        "en": "A letter counts on the day it was sent. An acknowledgement never keeps a deadline for deciding. Whether "
        "it names who handles the case, which the guarantee aims at, is not measured.",
        "da": "Et brev tæller på afsendelsesdagen. En kvittering overholder aldrig en afgørelsesfrist. Det måles ikke, "
        "om den nævner, hvem der behandler sagen, hvilket garantien tilstræber.",
    }
    outcomes = cq.outcomes(
        not_written=cq.OUT,
        replaced=cq.OUT,
        not_in_force=cq.OUT,
        undated=cq.UNKNOWN,
        answered=cq.YES,
        answered_early=cq.YES,
        acknowledged=cq.YES,
        acknowledged_early=cq.YES,
        acknowledged_incomplete=cq.NO,
        acknowledged_incomplete_early=cq.OPEN,
        pending=cq.OPEN,
        missed=cq.NO,
    )
    words = {
        "deadline": {"en": "deadline", "da": "frist"},
        "letter": {"en": "letter", "da": "brev"},
        "email": {"en": "e-mail", "da": "e-mail"},
        "digital_post": {"en": "digital post", "da": "digital post"},
        "telephone": {"en": "telephone", "da": "telefonisk"},
        "in_person": {"en": "in person", "da": "personligt"},
        "not_written": {"en": "not in writing", "da": "ikke skriftlig"},
        "replaced": {"en": "a shorter deadline applies", "da": "en kortere frist gælder"},
        "answered_early": {"en": "answered, not yet due", "da": "besvaret, frist ikke udløbet"},
        "acknowledged": {"en": "acknowledged", "da": "kvitteret"},
        "acknowledged_early": {"en": "acknowledged, not yet due", "da": "kvitteret, frist ikke udløbet"},
        "acknowledged_incomplete": {"en": "acknowledged, but incomplete", "da": "kvitteret, men ufuldstændigt"},
        "acknowledged_incomplete_early": {
            "en": "acknowledged, but incomplete, not yet due",
            "da": "kvitteret, men ufuldstændigt, frist ikke udløbet",
        },
        "automatic_counts": {"en": "automatic receipts count", "da": "automatiske kvitteringer tæller"},
        "statutory": {"en": "statutory deadlines by case type", "da": "lovbestemte frister efter sagstype"},
    } | {name: WORDS[name] for name in ("not_in_force", "pending", "missed")}
    readings = cq.readings(
        incomplete=INCOMPLETE,
        automatic=AUTOMATIC,
        cohort=cq.cohort("received", "matured"),
    )
    deadline: str | cq.deadlines.Deadline = "copenhagen/reply-guarantee"
    automatic_counts: bool = False
    statutory: str | cq.deadlines.Schedule = ""

    def contribute(self, enquiries: Enquiry, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return the best that was sent for each enquiry before the guarantee ran out."""
        due, (answered, complete, counted) = as_of.due(self.deadline, enquiries.received_on), self._sent(enquiries)
        not_owed = {
            "not_written": ~enquiries.channel.isin(WRITTEN),
            "replaced": self._replaced(enquiries, as_of, due.at),
            "not_in_force": due.none & ~np.isnat(enquiries.received_on),
        }
        states = kept_by(as_of, due, answered=answered, acknowledged=complete, acknowledged_incomplete=counted)
        certain = np.logical_or.reduce([*not_owed.values(), states["answered"], states["answered_early"]])
        return cq.Contribution(
            on=enquiries.received_on, outcome=self.outcomes.pick(**not_owed, **states), certain=certain
        )

    def owed(self, enquiries: Enquiry, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when each written enquiry is due, and when it was answered or completely acknowledged."""
        due: Any = as_of.due(self.deadline, enquiries.received_on)
        owed = enquiries.channel.isin(WRITTEN) & ~self._replaced(enquiries, as_of, due.at)
        answered, complete, _ = self._sent(enquiries)
        return cq.Owed(due=attrs.evolve(due, at=only(owed, due.at)), done=np.fmin(answered, complete))

    def _sent(self, enquiries: Enquiry) -> tuple[Days, Days, Days]:
        """Return when each enquiry was answered, first acknowledged completely, and first acknowledged at all."""
        acknowledgements = enquiries.acknowledgements
        rows = acknowledgements.rows
        counted = rows.written != "no"
        if not self.automatic_counts:
            counted &= rows.automatic != "yes"
        nothing_to_state = acknowledgements.of_parent(enquiries.has_deadline == "no")
        complete = counted & ((rows.states_deadline == "yes") | nothing_to_state)
        answered = only(enquiries.answered_in_writing != "no", enquiries.answered_on)
        first_complete, first = (acknowledgements.first(rows.sent_on, each) for each in (complete, counted))
        return answered, first_complete, first

    def _replaced(self, enquiries: Enquiry, as_of: cq.AsOf, due: Days) -> Mask:
        shorter = first_due(enquiries, as_of)
        if self.statutory:
            shorter = np.fmin(shorter, as_of.due(self.statutory, enquiries.received_on, kind=enquiries.kind).at)
        return shorter < due
