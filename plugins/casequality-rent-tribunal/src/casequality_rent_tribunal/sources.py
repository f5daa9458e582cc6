"""Where the goals of the rent tribunal come from."""

import casequality as cq

GOALS = cq.Citation(
    title="Mål for god sagsbehandling",
    document="2010-24342",
    section="Huslejenævnet",
    adopted="not in the source",
)
