"""Where the goals of citizen service come from."""

from __future__ import annotations

from typing import Final

import casequality as cq

SATISFACTION: Final = cq.Citation(
    title="Mål for god sagsbehandling",
    document="2010-24342",
    section="Borgerservicecentrene, reduktion af klager",
    adopted="not in the source",
    certain=False,
    question={
        "en": "the source does not say what counts as satisfied, nor what the survey asks",
        "da": "kilden siger hverken, hvad der regnes for tilfreds, eller hvad undersøgelsen spørger om",
    },
)
ERRORS: Final = cq.Citation(
    title="Mål for god sagsbehandling",
    document="2010-24342",
    section="Borgerservicecentrene, reduktion af fejl i sagsbehandlingen",
    adopted="not in the source",
)
MEASUREMENTS: Final = cq.Citation(
    title="Mål for god sagsbehandling",
    document="2010-24342",
    section="Borgerservicecentrene",
    adopted="not in the source",
    certain=False,
    question={
        "en": "the source speaks of yearly measurements and does not say how many cases or citizens are examined",
        "da": "kilden taler om årlige målinger og siger ikke, hvor mange sager eller borgere der undersøges",
    },
)
LICENCES: Final = cq.Citation(
    title="Mål for god sagsbehandling",
    document="2010-24342",
    section="Borgerservicecentrene, kvalitetskoncept for kørekortsager",
    adopted="not in the source",
    certain=False,
    question={
        "en": "the concept is to be developed, so neither the classes of errors nor a target is in the source",
        "da": "konceptet skal først udvikles, så hverken fejlkategorier eller måltal fremgår af kilden",
    },
)
