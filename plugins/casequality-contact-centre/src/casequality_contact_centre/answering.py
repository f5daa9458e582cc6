"""What becomes of callers: the shared count behind answered calls, waits and the volume of calls."""

from __future__ import annotations

import attrs

import casequality as cq
from casequality_contact_centre.calls import Call
from casequality_contact_centre.waits import CallMetric
from casequality_contact_centre.words import MENU_LEFT_OUT, NOT_IN_THE_RECORDS, SHORT_ABANDONS, VOICE_MENU


@attrs.frozen
class Answering(CallMetric):
    """One count for several figures: how each call ended, and how long the caller waited."""

    words = {
        **CallMetric.words,
        "answered": {"en": "answered from the queue", "da": "besvaret fra køen"},
        "answered_at_once": {"en": "answered without a queue", "da": "besvaret uden kø"},
    }

    def contribute(self, calls: Call, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return the end of each call with its wait, placed by when it reached the number."""
        waits = self.waits(calls)
        outcome = self.outcomes.pick(
            **self.before_others(calls),
            answered=waits.answered & waits.queued,
            answered_at_once=waits.answered,
            never_queued=waits.never_queued,
            abandoned_untimed=waits.over & waits.untimed,
            abandoned_short=waits.over & waits.at_most(self.short_seconds),
            abandoned=waits.over,
        )
        seconds = cq.statistics.whole_seconds(waits.length)
        return cq.Contribution(on=calls.offered_at, outcome=outcome, amount=waits.length, bins=seconds)


@attrs.frozen
class AnsweredShare(Answering):
    """Share of the calls that were answered."""

    id = "contact-centre.answered-share"
    version = 2
    title = {"en": "Answered calls", "da": "Besvarede opkald"}
    unit = cq.units.SHARE
    higher_is_better = True
    citation = cq.Citation(
        title="Mål for god sagsbehandling",
        document="2010-24342",
        section="Kontaktcentret, tilgængelighed",
        adopted="not in the source",
        certain=False,
        question={
            "en": "footnote B, which may define what counts as a call, is missing from the source",
            "da": "fodnote B, som kan fastlægge, hvad der er et opkald, mangler i kilden",
        },
    )
    limits = {
        "en": f"{NOT_IN_THE_RECORDS['en']} Without times in the queue, the voice menu must be counted.",
        "da": f"{NOT_IN_THE_RECORDS['da']} Uden tidspunkter for køen må telefonmenuen tælles med.",
    }
    outcomes = cq.outcomes(
        answered=cq.YES,
        answered_at_once=cq.YES,
        never_queued=cq.OUT,
        abandoned_untimed=cq.NO,
        abandoned_short=cq.NO,
        abandoned=cq.NO,
        waiting=cq.OPEN,
    )
    readings = cq.readings(
        short_abandons=cq.choose(
            usual="counted",
            why={
                "en": "the goal says 'opkaldene'; its footnote B is missing, so nothing says that any call is left out",
                "da": "målet siger »opkaldene«; fodnote B mangler, så intet siger, at noget opkald holdes ude",
            },
            says=SHORT_ABANDONS,
            counted={},
            dropped={"abandoned_short": cq.OUT, "abandoned_untimed": cq.UNKNOWN},
        ),
        voice_menu=cq.choose(
            usual="left_out",
            why={
                "en": "the goal says 'opkaldene'; its footnote B is missing, and only a call in the queue awaits an "
                "answer",
                "da": "målet siger »opkaldene«; fodnote B mangler, og kun et opkald i kø venter på at blive besvaret",
            },
            says=VOICE_MENU,
            left_out={},
            counted={"never_queued": cq.NO},
        ),
    )


@attrs.frozen
class Calls(Answering):
    """How many calls reached the number."""

    id = "contact-centre.calls"
    version = 2
    title = {"en": "Calls", "da": "Antal opkald"}
    unit = cq.units.CALLS
    statistic = cq.statistics.Count()
    citation = cq.Citation(
        title="Mål for god sagsbehandling",
        document="2010-24342",
        section="Kontaktcentret",
        adopted="not in the source",
    )
    limits = NOT_IN_THE_RECORDS
    outcomes = cq.outcomes(**dict.fromkeys(AnsweredShare.outcomes, cq.YES))
    readings = cq.readings(
        voice_menu=cq.choose(
            usual="counted",
            why={
                "en": "the source speaks of a rise in 'antallet af henvendelser' and does not say where a call begins",
                "da": "kilden taler om en stigning i »antallet af henvendelser« og siger ikke, hvor et opkald begynder",
            },
            says={
                "counted": {
                    "en": "every call that reached the number counts",
                    "da": "alle opkald, der nåede frem til nummeret, tæller",
                },
                "left_out": MENU_LEFT_OUT,
            },
            counted={},
            left_out={"never_queued": cq.OUT},
        ),
    )
