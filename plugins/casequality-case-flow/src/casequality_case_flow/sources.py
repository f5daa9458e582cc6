"""Where the figures of case flow come from."""

from __future__ import annotations

import casequality as cq

MEASURED_TIMES = cq.Citation(
    title="Socialforvaltningens notat om kvalitets- og metodeudvikling, 2006",
    section="Temaområde 1: sagstidsmålingen i maj måned 2005",
    adopted="not in the source",
)
DEAD_PERIODS = cq.Citation(
    title="Socialforvaltningens notat om kvalitets- og metodeudvikling, 2006",
    section="Temaområde 1: de »døde« perioder",
    adopted="not in the source",
    certain=False,
    question={
        "en": "from how long a standstill a period is dead is not in the source",
        "da": "det fremgår ikke af kilden, hvor længe en sag skal stå stille, før perioden er død",
    },
)
CASEWORKERS = cq.Citation(
    title="Socialforvaltningens notat om kvalitets- og metodeudvikling, 2006",
    section="Temaområde 2: kontakten til sagsbehandlerne",
    adopted="not in the source",
)
STOCK = cq.Citation(title="Mål for god sagsbehandling", document="2010-24342", adopted="not in the source")
CEPEJ = cq.Citation(
    title={
        "en": "Measures of court performance in use in Europe: clearance rate and disposition time",
        "da": "Mål for domstoles sagsafvikling i brug i Europa: clearance rate og disposition time",
    },
    section={
        "en": "as the Croatian ministry of justice and the Council of Europe state them",
        "da": "som Kroatiens justitsministerium og Europarådet angiver dem",
    },
)
