"""Where the goals and the measures of the rent tribunal come from."""

import casequality as cq

GOALS = cq.Citation(
    title="Mål for god sagsbehandling",
    document="2010-24342",
    section="Huslejenævnet",
    adopted="not in the source",
)
CEPEJ = cq.Citation(
    title="Measures of court performance in use in Europe: clearance rate and disposition time",
    section="as the Croatian ministry of justice and the Council of Europe state them",
)
