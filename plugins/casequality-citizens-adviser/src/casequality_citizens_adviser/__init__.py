"""The citizens' adviser (Borgerrådgiveren): his statistics of enquiries, quality, solutions and consultative help."""

from __future__ import annotations

import casequality as cq
from casequality_citizens_adviser.assessments import CitizenRisks, Learning, MunicipalityRisks
from casequality_citizens_adviser.counts import Enquiries, Forwarded, Points, Upheld
from casequality_citizens_adviser.enquiries import ComplaintPoint, Enquiry
from casequality_citizens_adviser.solutions import HelpPotential, Solved, UsableHelp

__all__ = ["ComplaintPoint", "Enquiry", "casequality_metrics"]


@cq.hookimpl
def casequality_metrics() -> list[type[cq.Metric]]:
    """Return the metrics of the citizens' adviser."""
    return [
        CitizenRisks,
        Enquiries,
        Forwarded,
        HelpPotential,
        Learning,
        MunicipalityRisks,
        Points,
        Solved,
        Upheld,
        UsableHelp,
    ]
