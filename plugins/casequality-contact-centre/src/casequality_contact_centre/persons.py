"""Calls answered by a person: the benefits area's own goal for the calls that come in to it."""

from __future__ import annotations

import attrs

import casequality as cq
from casequality_contact_centre.calls import Call
from casequality_contact_centre.waits import CallMetric
from casequality_contact_centre.words import NOT_IN_THE_RECORDS, SHORT_ABANDONS, VOICE_MENU

ALL_CALLS = {
    "en": "the goal says 'alle telefonkald, som indgår'",
    "da": "målet siger »alle telefonkald, som indgår«",
}


@attrs.frozen
class AnsweredByPerson(CallMetric):
    """Share of all calls coming in that a person answered."""

    id = "contact-centre.answered-by-person"
    version = 2
    title = {"en": "Calls answered by a person", "da": "Opkald besvaret af en medarbejder"}
    unit = cq.units.SHARE
    higher_is_better = True
    citation = cq.Citation(
        title="Mål for god sagsbehandling",
        document="2010-24342",
        section="Sikringsområdet",
        adopted="not in the source",
    )
    limits = NOT_IN_THE_RECORDS
    outcomes = cq.outcomes(
        by_person=cq.YES,
        by_recording=cq.NO,
        by_unrecorded=cq.UNKNOWN,
        never_queued=cq.NO,
        abandoned_untimed=cq.NO,
        abandoned_short=cq.NO,
        abandoned=cq.NO,
        waiting=cq.OPEN,
    )
    words = {
        **CallMetric.words,
        "by_person": {"en": "answered by a person", "da": "besvaret af en medarbejder"},
        "by_recording": {"en": "answered by a recording", "da": "besvaret af en indtalt besked"},
        "by_unrecorded": {"en": "answered, not known by whom", "da": "besvaret, uvist af hvem"},
    }
    readings = cq.readings(
        short_abandons=cq.choose(
            literal="counted",
            why=ALL_CALLS,
            says=SHORT_ABANDONS,
            counted={},
            dropped={"abandoned_short": cq.OUT, "abandoned_untimed": cq.UNKNOWN},
        ),
        voice_menu=cq.choose(
            literal="counted",
            why=ALL_CALLS,
            says=VOICE_MENU,
            counted={},
            left_out={"never_queued": cq.OUT},
        ),
    )

    def contribute(self, calls: Call, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return who answered each call, or how it ended."""
        waits = self.waits(calls)
        outcome = self.outcomes.pick(
            **self.before_others(calls),
            by_person=waits.answered & (calls.answered_by == "person"),
            by_recording=waits.answered & (calls.answered_by == "recording"),
            by_unrecorded=waits.answered,
            never_queued=waits.never_queued,
            abandoned_untimed=waits.over & waits.untimed,
            abandoned_short=waits.over & waits.at_most(self.short_seconds),
            abandoned=waits.over,
        )
        return cq.Contribution(on=calls.offered_at, outcome=outcome)
