"""How long callers wait: the mean and the quantiles."""

from __future__ import annotations

from fractions import Fraction

import attrs

import casequality as cq
from casequality_contact_centre.answering import Answering

SECOND = 1_000_000
"""Ticks of a stored wait in one second."""


@attrs.frozen
class Waiting(Answering):
    """What the mean and the quantiles have in common: whose waits count, and from when."""

    unit = cq.units.SECONDS
    higher_is_better = False
    limits = {
        "en": "A wait whose times contradict each other or were not recorded has no length and is in no figure.",
        "da": "En ventetid, hvis tidspunkter modsiger hinanden eller ikke er registreret, kan ikke måles og indgår "
        "ikke.",
    }
    outcomes = cq.outcomes(
        answered=cq.YES,
        answered_at_once=cq.YES,
        never_queued=cq.OUT,
        abandoned_untimed=cq.OUT,
        abandoned_short=cq.OUT,
        abandoned=cq.OUT,
        waiting=cq.OPEN,
    )
    readings = cq.readings(
        callers=cq.choose(
            usual="answered",
            why={
                "en": "the goal says 'gennemsnitlig ventetid' and not whose; its footnote A is missing",
                "da": "målet siger »gennemsnitlig ventetid« og ikke hvis; fodnote A mangler",
            },
            says={
                "answered": {
                    "en": "the waits of callers who were answered, 0 for those who never had to queue",
                    "da": "ventetiden for besvarede opkald, 0 for dem, der ikke kom i kø",
                },
                "answered_from_queue": {
                    "en": "the waits of callers who were answered after queueing",
                    "da": "ventetiden for de opkald, der blev besvaret efter at have været i kø",
                },
                "answered_and_abandoned": {
                    "en": "also the waits of callers who gave up in the queue",
                    "da": "også ventetiden for de opkald, der blev opgivet i køen",
                },
            },
            answered={},
            answered_from_queue={"answered_at_once": cq.OUT},
            answered_and_abandoned=dict.fromkeys(("abandoned_untimed", "abandoned_short", "abandoned"), cq.YES),
        ),
        wait=cq.choose(
            usual="from_queue",
            why={
                "en": "the goal says 'ventetid' and not from when; its footnote A is missing",
                "da": "målet siger »ventetid« og ikke fra hvornår; fodnote A mangler",
            },
            says={
                "from_queue": {"en": "the wait begins in the queue", "da": "ventetiden begynder i køen"},
                "from_arrival": {
                    "en": "the wait begins when the call reaches the number, so that it holds the voice menu too",
                    "da": "ventetiden begynder, når opkaldet når frem til nummeret, og omfatter da også telefonmenuen",
                },
            },
            from_queue={"wait_from": "queue"},
            from_arrival={"wait_from": "arrival"},
        ),
    )


@attrs.frozen
class MeanWait(Waiting):
    """The mean wait of all calls of a period together, not the mean of its days."""

    id = "contact-centre.mean-wait"
    version = 2
    title = {"en": "Mean wait", "da": "Gennemsnitlig ventetid"}
    statistic = cq.statistics.Mean()
    citation = cq.Citation(
        title="Mål for god sagsbehandling",
        document="2010-24342",
        section="Kontaktcentret, tilgængelighed",
        adopted="not in the source",
        certain=False,
        question={
            "en": "footnote A, which may define the wait, is missing from the source",
            "da": "fodnote A, som kan fastlægge ventetiden, mangler i kilden",
        },
    )


@attrs.frozen
class MedianWait(Waiting):
    """The wait in whole seconds that half of the callers did not exceed."""

    id = "contact-centre.median-wait"
    version = 2
    title = {"en": "Median wait", "da": "Ventetid, median"}
    statistic = cq.statistics.Quantile(Fraction(1, 2), SECOND)


@attrs.frozen
class P90Wait(Waiting):
    """The wait in whole seconds that nine in ten callers did not exceed."""

    id = "contact-centre.p90-wait"
    version = 2
    title = {"en": "Wait, 90th percentile", "da": "Ventetid, 90 %-fraktil"}
    statistic = cq.statistics.Quantile(Fraction(9, 10), SECOND)


@attrs.frozen
class P95Wait(Waiting):
    """The wait in whole seconds that nineteen in twenty callers did not exceed."""

    id = "contact-centre.p95-wait"
    version = 2
    title = {"en": "Wait, 95th percentile", "da": "Ventetid, 95 %-fraktil"}
    statistic = cq.statistics.Quantile(Fraction(19, 20), SECOND)
