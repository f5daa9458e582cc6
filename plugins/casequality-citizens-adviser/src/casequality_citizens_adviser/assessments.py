"""Risks and learning, as the adviser assesses them; several risks may be seen in one case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs
import numpy as np

import casequality as cq
from casequality_citizens_adviser.enquiries import ASSESSMENT, QUALITY, SERIES, SOLUTIONS, AdviserMetric, Enquiry

CITIZEN: Final = {
    "risk_lawful_decision": {"en": "lawfulness of the decision", "da": "Retssikkerhed: Afgørelsens lovlighed"},
    "risk_position": {"en": "the citizen's position", "da": "Retssikkerhed: Borgerens stilling"},
    "risk_trust": {"en": "trust and security", "da": "Brugertilfredshed: Tillid & tryghed"},
}
MUNICIPALITY: Final = {
    "risk_lawful_administration": {"en": "lawful administration", "da": "Jura: Lovlig forvaltning"},
    "risk_efficient_administration": {"en": "efficient administration", "da": "Ressourcer: Effektiv administration"},
    "risk_service_level": {"en": "service level", "da": "Troværdighed: Serviceniveau"},
    "risk_economy": {"en": "economic propriety", "da": "Økonomi: Økonomisk forsvarlighed"},
}
OF: Final = cq.choose(
    usual="assessed",
    why={
        "en": "the source says 'andel sager' and not what of a case that nobody assessed",
        "da": "kilden siger »andel sager« og ikke, hvad der gælder en sag, som ingen har vurderet",
    },
    says={
        "assessed": {
            "en": "of the cases in which it was assessed",
            "da": "af de sager, hvor det er vurderet",
        },
        "all": {
            "en": "of all cases: one that was not assessed counts as one without",
            "da": "af alle sager: En sag, der ikke er vurderet, tæller som en sag uden",
        },
    },
    assessed={},
    all={"not_assessed": cq.NO},
)


@attrs.frozen
class Risks(AdviserMetric):
    """Share of cases that carry each of some risks; the shares do not add up to 100."""

    unit = cq.units.SHARE
    records = Enquiry
    citation = QUALITY
    limits = {
        "en": f"{ASSESSMENT['en']} Nobody knows whether a risk came true in the case. A case can carry several.",
        "da": f"{ASSESSMENT['da']} Det vides ikke, om risikoen blev realiseret i sagen. En sag kan have flere risici.",
    }
    outcomes = cq.outcomes(
        earlier_system=cq.OUT,
        consultative_help=cq.OUT,
        not_assessed=cq.OUT,
        at_risk=cq.YES,
        only_other_risks=cq.NO,
        without_risk=cq.NO,
    )
    readings = cq.readings(
        series=SERIES,
        of=OF,
        without=cq.choose(
            usual="counted",
            why={
                "en": "the source says 'andel sager' and not whether cases without any risk are among them",
                "da": "kilden siger »andel sager« og ikke, om sager helt uden risici er med",
            },
            says={
                "counted": {
                    "en": "a case without any of the risks is among the cases",
                    "da": "en sag uden nogen af risiciene er blandt sagerne",
                },
                "left_out": {
                    "en": "only cases with at least one of the risks are counted",
                    "da": "kun sager med mindst én af risiciene tæller med",
                },
            },
            counted={},
            left_out={"without_risk": cq.OUT},
        ),
    )

    def shares(self, enquiries: Enquiry, risks: Iterable[str]) -> dict[str, cq.Contribution]:
        """Return, a facet each, whether each case carries the risk."""
        marked = {name: getattr(enquiries, name) for name in risks}
        any_risk = np.logical_or.reduce([codes == "yes" for codes in marked.values()])
        earlier, help_ = self.earlier(enquiries), enquiries.kind == "consultative_help"
        return {
            name: cq.Contribution(
                on=enquiries.received_on,
                outcome=self.outcomes.pick(
                    earlier_system=earlier,
                    consultative_help=help_,
                    not_assessed=codes.missing,
                    at_risk=codes == "yes",
                    only_other_risks=any_risk,
                ),
            )
            for name, codes in marked.items()
        }


RISK_WORDS: Final = {
    **AdviserMetric.words,
    "at_risk": {"en": "risk", "da": "risiko"},
    "only_other_risks": {"en": "other risks only", "da": "kun andre risici"},
    "without_risk": {"en": "none of the risks", "da": "ingen af risiciene"},
}


@attrs.frozen
class CitizenRisks(Risks):
    """Share of cases with a risk for the citizen: three risks of which a case can carry several."""

    id = "citizens-adviser.risks-for-citizen"
    version = 2
    title = {"en": "Cases with risks for the citizen (assessed)", "da": "Sager med risici for borger (vurdering)"}
    words = {**RISK_WORDS, **CITIZEN}

    def contribute(self, enquiries: Enquiry, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:
        """Return, a facet each, whether each case carries the risk."""
        return self.shares(enquiries, CITIZEN)


@attrs.frozen
class MunicipalityRisks(Risks):
    """Share of cases with a risk for the municipality: four risks of which a case can carry several."""

    id = "citizens-adviser.risks-for-municipality"
    version = 2
    title = {
        "en": "Cases with risks for the municipality (assessed)",
        "da": "Sager med risici for kommunen (vurdering)",
    }
    words = {**RISK_WORDS, **MUNICIPALITY}

    def contribute(self, enquiries: Enquiry, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:
        """Return, a facet each, whether each case carries the risk."""
        return self.shares(enquiries, MUNICIPALITY)


@attrs.frozen
class Learning(AdviserMetric):
    """Share of the concrete cases that, as the adviser assesses it, lead to learning in the municipality."""

    id = "citizens-adviser.learning"
    version = 2
    title = {"en": "Cases that lead to learning (assessed)", "da": "Sager, der fører til læring (vurdering)"}
    unit = cq.units.SHARE
    records = Enquiry
    citation = SOLUTIONS
    higher_is_better = True
    limits = ASSESSMENT
    outcomes = cq.outcomes(
        earlier_system=cq.OUT, consultative_help=cq.OUT, not_assessed=cq.OUT, learning=cq.YES, none=cq.NO
    )
    words = {
        **AdviserMetric.words,
        "learning": {"en": "learning", "da": "læring"},
        "none": {"en": "no learning", "da": "ingen læring"},
    }
    readings = cq.readings(series=SERIES, of=OF)

    def contribute(self, enquiries: Enquiry, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each concrete case leads to learning."""
        outcome = self.outcomes.pick(
            earlier_system=self.earlier(enquiries),
            consultative_help=enquiries.kind == "consultative_help",
            not_assessed=enquiries.learning.missing,
            learning=enquiries.learning == "yes",
        )
        return cq.Contribution(on=enquiries.received_on, outcome=outcome)
