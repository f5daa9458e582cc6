"""Service level: the share answered within some seconds, by each of the formulas in use."""

from __future__ import annotations

import attrs

import casequality as cq
from casequality_contact_centre.calls import Call
from casequality_contact_centre.waits import CallMetric
from casequality_contact_centre.words import NOT_IN_THE_RECORDS


@attrs.frozen
class ServiceLevel(CallMetric):
    """Share of the calls that were answered within `within_seconds`; the limit itself is within."""

    id = "contact-centre.service-level"
    version = 2
    title = {"en": "Answered within the set seconds", "da": "Besvaret inden for det fastsatte antal sekunder"}
    unit = cq.units.SHARE
    higher_is_better = True
    limits = {
        "en": f"Calls that ended in the voice menu are in no formula. {NOT_IN_THE_RECORDS['en']}",
        "da": f"Opkald, der sluttede i telefonmenuen, indgår ikke i nogen formel. {NOT_IN_THE_RECORDS['da']}",
    }
    outcomes = cq.outcomes(
        never_queued=cq.OUT,
        untimed=cq.UNKNOWN,
        answered_within=cq.YES,
        answered_later=cq.NO,
        abandoned_short=cq.NO,
        abandoned_within=cq.NO,
        abandoned_later=cq.NO,
        waiting=cq.OPEN,
    )
    words = {
        **CallMetric.words,
        "within_seconds": {"en": "the limit in seconds", "da": "grænsen i sekunder"},
        "untimed": {"en": "wait not known", "da": "ventetid ukendt"},
        "answered_within": {"en": "answered within the limit", "da": "besvaret inden for grænsen"},
        "answered_later": {"en": "answered later", "da": "besvaret senere"},
        "abandoned_within": {"en": "abandoned within the limit", "da": "opgivet inden for grænsen"},
        "abandoned_later": {"en": "abandoned later", "da": "opgivet senere"},
    }
    readings = cq.readings(
        formula=cq.choose(
            usual="of_offered",
            why={
                "en": "no seed sets this goal; five formulas are in use, and this one excuses no call",
                "da": "ingen kilde fastsætter dette mål; der bruges fem formler, og denne holder intet opkald ude",
            },
            says={
                "of_offered": {
                    "en": "answered within the limit, of all answered and abandoned",
                    "da": "besvarede inden for grænsen ud af alle besvarede og opgivne opkald",
                },
                "of_answered": {
                    "en": "answered within the limit, of the answered",
                    "da": "besvarede inden for grænsen ud af de besvarede opkald",
                },
                "abandoned_within_met": {
                    "en": "who gave up within the limit counts as answered within it",
                    "da": "et opkald, der blev opgivet inden for grænsen, tæller som besvaret inden for den",
                },
                "abandoned_within_dropped": {
                    "en": "who gave up within the limit is left out",
                    "da": "et opkald, der blev opgivet inden for grænsen, holdes ude",
                },
                "short_abandons_met": {
                    "en": "who gave up within short_seconds counts as answered within the limit",
                    "da": "et opkald, der blev opgivet straks, tæller som besvaret inden for grænsen",
                },
            },
            of_offered={},
            of_answered=dict.fromkeys(("abandoned_short", "abandoned_within", "abandoned_later"), cq.OUT),
            abandoned_within_met=dict.fromkeys(("abandoned_short", "abandoned_within"), cq.YES),
            abandoned_within_dropped=dict.fromkeys(("abandoned_short", "abandoned_within"), cq.OUT),
            short_abandons_met={"abandoned_short": cq.YES},
        ),
    )
    within_seconds: int = 20

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.short_seconds > self.within_seconds:
            raise cq.errors.UsageError(
                cq.errors.Words(
                    "A short abandon would be longer than the service level itself",
                    "Et kort opgivet opkald ville vare længere end selve serviceniveauet",
                ),
                where=self.id,
                got=f"short_seconds {self.short_seconds}, within_seconds {self.within_seconds}",
                remedy=cq.errors.Words(
                    "give short_seconds that are at most within_seconds",
                    "angiv short_seconds, der højst er within_seconds",
                ),
            )

    def contribute(self, calls: Call, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how each call ended and whether that was within the limit."""
        waits = self.waits(calls)
        within = waits.at_most(self.within_seconds)
        outcome = self.outcomes.pick(
            **self.before_others(calls),
            never_queued=waits.never_queued,
            untimed=waits.over & waits.untimed,
            answered_within=waits.answered & within,
            answered_later=waits.answered,
            abandoned_short=waits.over & waits.at_most(self.short_seconds),
            abandoned_within=waits.over & within,
            abandoned_later=waits.over,
        )
        return cq.Contribution(on=calls.offered_at, outcome=outcome)
