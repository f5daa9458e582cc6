"""Calls resolved at once, by the contact centre itself."""

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from casequality_contact_centre.calls import Call
from casequality_contact_centre.waits import NONE, OfCalls
from casequality_contact_centre.words import ENDINGS, SETTINGS


@attrs.frozen
class ImmediatelyResolved(OfCalls):
    """Share of the calls that the contact centre resolved at once and itself."""

    id = "contact-centre.immediately-resolved"
    version = 2
    title = {"en": "Calls resolved at once", "da": "Straksafklarede kald"}
    unit = cq.units.SHARE
    higher_is_better = True
    citation = cq.Citation(
        title="Mål for god sagsbehandling",
        document="2010-24342",
        section="Kontaktcentret, effektivitet",
        adopted="not in the source",
        certain=False,
        question={
            "en": "footnote C, which may define when a call is resolved at once, is missing from the source",
            "da": "fodnote C, som kan fastlægge, hvornår et kald er straksafklaret, mangler i kilden",
        },
    )
    limits = {
        "en": "Who judges that a call was resolved, and whether the caller rings again, is not in the records.",
        "da": "Hvem der vurderer, at et opkald er afklaret, og om borgeren ringer igen, fremgår ikke af data.",
    }
    outcomes = cq.outcomes(
        resolved=cq.YES,
        passed_on=cq.NO,
        not_recorded=cq.UNKNOWN,
        not_answered=cq.NO,
        waiting=cq.OPEN,
    )
    words = {
        "resolved": {"en": "resolved at once", "da": "straksafklaret"},
        "passed_on": {"en": "passed on to others", "da": "viderestillet"},
        "not_recorded": {"en": "answered, result not recorded", "da": "besvaret, resultat ikke registreret"},
        "not_answered": {"en": "not answered", "da": "ikke besvaret"},
        "waiting": ENDINGS["waiting"],
        "ends_recorded": SETTINGS["ends_recorded"],
    }
    readings = cq.readings(
        of=cq.choose(
            literal="all_calls",
            why={"en": "the goal says 'af alle kald'", "da": "målet siger »af alle kald«"},
            says={
                "all_calls": {
                    "en": "of all calls that reached the number, also those that nobody answered",
                    "da": "af alle opkald, der nåede frem til nummeret, også dem, som ingen besvarede",
                },
                "answered": {"en": "of the calls that were answered", "da": "af de opkald, der blev besvaret"},
            },
            all_calls={},
            answered={"not_answered": cq.OUT},
        ),
    )
    ends_recorded: bool = True

    def contribute(self, calls: Call, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each call was resolved; nobody knows before it is answered."""
        answered = calls.answered_at.view(np.int64) != NONE
        over = ~np.isnat(calls.ended_at) if self.ends_recorded else np.ones_like(answered)
        outcome = self.outcomes.pick(
            **self.before_others(calls),
            resolved=answered & (calls.resolved == "by the contact centre"),
            passed_on=answered & (calls.resolved == "passed on"),
            not_recorded=answered,
            not_answered=over,
        )
        return cq.Contribution(on=calls.offered_at, outcome=outcome)
