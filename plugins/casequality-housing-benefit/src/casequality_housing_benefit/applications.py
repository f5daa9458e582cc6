"""What both goals of the benefits area need of an application: when it is due, and until when it waits."""

from __future__ import annotations

import numpy as np

import casequality as cq
from casequality_housing_benefit.records import BenefitCase

GOALS = cq.Citation(
    title="Mål for god sagsbehandling", document="2010-24342", section="Sikringsområdet", adopted="not in the source"
)
WORDS = {
    "child_allowance": {"en": "child allowance", "da": "børnetilskud"},
    "adoption_allowance": {"en": "adoption allowance", "da": "adoptionstilskud"},
    "advance_child_support": {
        "en": "advance payment of child support",
        "da": "forskudsvis udbetaling af børnebidrag",
    },
    "housing_benefit": {"en": "housing benefit", "da": "boligsikring og boligydelse"},
    "deposit_loan": {"en": "deposit loan", "da": "lån til beboerindskud"},
    "deadlines": {"en": "deadlines by type", "da": "frister efter sagstype"},
}
"""What the types of application, and what all metrics of them can be set to, are called."""


def waiting(deadlines: str | cq.deadlines.Schedule, cases: BenefitCase, as_of: cq.AsOf) -> cq.Owed:
    """Return when each application is due by the schedule of its type, and when it was decided or else withdrawn."""
    ended = cases.decided_on
    if not np.isnat(cases.withdrawn_on).all():
        ended = np.where(np.isnat(ended), cases.withdrawn_on, ended)
    return cq.Owed(due=as_of.due(deadlines, cases.received_on, kind=cases.kind), done=ended)
