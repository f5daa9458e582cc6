"""Solutions of concrete cases and consultative help to administrations."""

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from casequality_citizens_adviser.assessments import OF
from casequality_citizens_adviser.enquiries import ASSESSMENT, SERIES, SOLUTIONS, AdviserMetric, Enquiry


@attrs.frozen
class Solved(AdviserMetric):
    """Share of the concrete cases that ended with a solution, as registered."""

    id = "citizens-adviser.solved"
    version = 2
    title = {"en": "Concrete cases that end with a solution", "da": "Konkrete sager, der ender med en løsning"}
    unit = cq.units.SHARE
    records = Enquiry
    citation = SOLUTIONS
    higher_is_better = True
    outcomes = cq.outcomes(
        earlier_system=cq.OUT,
        consultative_help=cq.OUT,
        solved=cq.YES,
        unsolved=cq.NO,
        open=cq.OPEN,
        not_registered=cq.UNKNOWN,
    )
    words = {
        **AdviserMetric.words,
        "solved": {"en": "solved", "da": "løst"},
        "unsolved": {"en": "not solved", "da": "ikke løst"},
    }

    def contribute(self, enquiries: Enquiry, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each concrete case ended with a solution."""
        outcome = self.outcomes.pick(
            earlier_system=self.earlier(enquiries),
            consultative_help=enquiries.kind == "consultative_help",
            solved=enquiries.solved == "yes",
            unsolved=enquiries.solved == "no",
            open=np.isnat(enquiries.ended_on),
        )
        return cq.Contribution(on=enquiries.received_on, outcome=outcome)


@attrs.frozen
class UsableHelp(AdviserMetric):
    """Share of the consultative help that the administration can use, as registered."""

    id = "citizens-adviser.usable-help"
    version = 2
    title = {"en": "Consultative help that can be used", "da": "Konsultativ bistand, som forvaltningen kan bruge"}
    unit = cq.units.SHARE
    records = Enquiry
    citation = SOLUTIONS
    higher_is_better = True
    outcomes = cq.outcomes(
        earlier_system=cq.OUT, other_kind=cq.OUT, usable=cq.YES, not_usable=cq.NO, not_registered=cq.UNKNOWN
    )
    words = {
        **AdviserMetric.words,
        "other_kind": {"en": "not consultative help", "da": "ikke konsultativ bistand"},
        "usable": {"en": "can be used", "da": "kan bruges"},
        "not_usable": {"en": "cannot be used", "da": "kan ikke bruges"},
    }

    def contribute(self, enquiries: Enquiry, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether the administration can use each piece of help."""
        outcome = self.outcomes.pick(
            earlier_system=self.earlier(enquiries),
            other_kind=enquiries.kind != "consultative_help",
            usable=enquiries.usable == "yes",
            not_usable=enquiries.usable == "no",
        )
        return cq.Contribution(on=enquiries.received_on, outcome=outcome)


@attrs.frozen
class HelpPotential(AdviserMetric):
    """Share of the consultative help that, as the adviser assesses it, can improve the case, or things generally."""

    id = "citizens-adviser.help-potential"
    version = 2
    title = {
        "en": "Potential of consultative help (assessed)",
        "da": "Potentiale i konsultativ bistand (vurdering)",
    }
    unit = cq.units.SHARE
    records = Enquiry
    citation = SOLUTIONS
    limits = {
        "en": f"{ASSESSMENT['en']} One piece of help can have both potentials.",
        "da": f"{ASSESSMENT['da']} Den samme bistand kan have begge potentialer.",
    }
    outcomes = cq.outcomes(
        earlier_system=cq.OUT, other_kind=cq.OUT, not_assessed=cq.OUT, potential=cq.YES, no_potential=cq.NO
    )
    words = {
        **UsableHelp.words,
        "potential": {"en": "potential", "da": "potentiale"},
        "no_potential": {"en": "no potential", "da": "intet potentiale"},
        "improves_case": {"en": "concrete improvements", "da": "konkrete forbedringer"},
        "improves_generally": {"en": "general improvements", "da": "generelle forbedringer"},
    }
    readings = cq.readings(series=SERIES, of=OF)

    def contribute(self, enquiries: Enquiry, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:
        """Return, a facet each, whether each piece of help has the potential."""
        earlier, other = self.earlier(enquiries), enquiries.kind != "consultative_help"
        return {
            name: cq.Contribution(
                on=enquiries.received_on,
                outcome=self.outcomes.pick(
                    earlier_system=earlier,
                    other_kind=other,
                    not_assessed=codes.missing,
                    potential=codes == "yes",
                ),
            )
            for name, codes in {
                "improves_case": enquiries.improves_case,
                "improves_generally": enquiries.improves_generally,
            }.items()
        }
