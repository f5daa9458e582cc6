"""Where complaint figures come from, and what is claimed of a method elsewhere."""

from __future__ import annotations

import datetime as dt
from typing import Final

import attrs

import casequality as cq

REGISTRATION: Final = cq.Citation(
    title="Klagesager, Styrket Borgerkontakt og læringsperspektivet",
    document="2014-0248315-1",
    section="klagesagsregistrering siden Borgerrepræsentationens beslutning i 2012",
    adopted="not in the source",
)
REDUCTION: Final = cq.Citation(
    title="Mål for sagsbehandling og service til borgerne",
    document="2009-151170",
    section="reduktion af klager",
    adopted=dt.date(2009, 11, 24),
    certain=False,
    question={
        "en": "the source does not say against what complaints are held; per 1,000 decisions is casequality's own",
        "da": "kilden siger ikke, hvad klagerne sættes i forhold til; pr. 1.000 afgørelser er casequalitys eget valg",
    },
)
METHOD: Final = cq.Citation(
    title="Klagesager, Styrket Borgerkontakt og læringsperspektivet",
    document="2014-0248315-1",
    section="Styrket Borgerkontakt som redskab til kvalitetsløft",
    adopted="not in the source",
)
BOARD: Final = cq.Citation(
    title="Ankestyrelsen: begreber fra statistikken, omgørelsesprocent",
    certain=False,
    question={
        "en": "from outside the seed documents; whether changing or remitting goes further is not in the source",
        "da": "uden for grunddokumenterne; om ændring eller hjemvisning går videst, fremgår ikke af kilden",
    },
)


@attrs.frozen
class Claim:
    """A result that a source states of a method elsewhere, in its own numbers: never a goal, and not measured here."""

    en: str
    da: str
    source: cq.Citation = METHOD


CLAIMS: Final = (
    Claim("satisfaction of citizens up 40 %", "borgertilfredsheden steg med 40 %"),
    Claim("job satisfaction up 20 %", "jobtilfredsheden steg med 20 %"),
    Claim("the complaint stopped in 40-60 %", "klageproceduren blev standset i 40-60 %"),
    Claim("time and money saved 20-30 %", "besparelse i tid og penge 20-30 %"),
    Claim("processing time shortened 37 %", "forkortet sagsbehandlingstid 37 %"),
)
"""The five Dutch results of the memo of 26 November 2014; it does not say against what any of them was measured."""
BESIDE: Final = {
    "en": f"Claimed of Dutch cases by {METHOD.document}, not measured here: {'; '.join(each.en for each in CLAIMS)}.",
    "da": f"Oplyst om hollandske sager i {METHOD.document}, ikke målt her: {'; '.join(each.da for each in CLAIMS)}.",
}
NOT_COMPARED: Final = {
    "en": "Complaints were not assigned to a method at random, so figures by method describe the complaints handled by "
    "each and do not compare the methods.",
    "da": "Klager er ikke fordelt tilfældigt på metode, så tal efter metode beskriver de klager, der er behandlet på "
    "hver måde, og sammenligner ikke metoderne.",
}
