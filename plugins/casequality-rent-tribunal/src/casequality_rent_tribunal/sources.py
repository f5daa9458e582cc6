"""Where the goals and the measures of the rent tribunal come from."""

import casequality as cq

GOALS = cq.Citation(
    title="Mål for god sagsbehandling",
    document="2010-24342",
    section="Huslejenævnet",
    adopted="not in the source",
)
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
