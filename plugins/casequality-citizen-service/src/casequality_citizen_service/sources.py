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
    question="the source does not say what counts as satisfied, nor what the survey asks",
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
    question="the source speaks of yearly measurements and does not say how many cases or citizens are examined",
)
LICENCES: Final = cq.Citation(
    title="Mål for god sagsbehandling",
    document="2010-24342",
    section="Borgerservicecentrene, kvalitetskoncept for kørekortsager",
    adopted="not in the source",
    certain=False,
    question="the concept is to be developed, so neither the classes of errors nor a target is in the source",
)
