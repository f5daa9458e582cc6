"""Single cases reviewed by their managers: which requirements they fulfil."""

from __future__ import annotations

from typing import Final

import attrs

import casequality as cq
from casequality_case_review.requirements import FAILURES, FORMAL, SERVICE

MEMO: Final = "Notat fra Kvalitets- og tilsynskontoret, Socialforvaltningen, 2006"
OPEN_LIST: Final = {
    "en": "the memo's list is open ('blandt andet'), and it does not say how a requirement is judged",
    "da": "notatets liste er åben ('blandt andet'), og notatet siger ikke, hvordan et krav bedømmes",
}
WORDS: Final = {
    "other_list": {"en": "requirement of another list", "da": "krav fra en anden liste"},
    "not_answered": {"en": "not answered", "da": "ikke besvaret"},
    "not_applicable": {"en": "not applicable", "da": "ikke relevant"},
    "fulfilled": {"en": "fulfilled", "da": "opfyldt"},
    "not_fulfilled": {"en": "not fulfilled", "da": "ikke opfyldt"},
    "requirements": {"en": "requirements that count", "da": "krav, der tæller"},
    "failures": {"en": "requirements worded as failures", "da": "krav formuleret som fejl"},
}


class ReviewedRequirement(cq.Records, name="reviewed_requirements"):
    """One requirement looked at in one case.

    row: tells one from another, such as the case number with the requirement. answer: "yes" where the words of the
    requirement hold, also those of a failure.
    """

    row = cq.key()
    reviewed_on = cq.day()
    requirement = cq.code(*FORMAL, *SERVICE)
    answer = cq.code("yes", "no", "not_applicable", unknown="not answered")
    unit = cq.code(unknown="not stated")
    case_type = cq.code(unknown="not stated")


@attrs.frozen
class Requirements(cq.Metric):
    """Share of the requirements looked at that are fulfilled; by requirement with `by=("requirement",)`.

    An administration brings its own list: a subclass of `ReviewedRequirement` that declares its labels, and one of
    this metric with it as `records`.
    requirements: those that count. failures: those worded as failures, of which a "yes" says that they are not
    fulfilled.
    """

    records = ReviewedRequirement
    unit = cq.units.SHARE
    higher_is_better = True
    words = {**FORMAL, **SERVICE, **WORDS}
    outcomes = cq.outcomes(
        other_list=cq.OUT,
        not_answered=cq.UNKNOWN,
        not_applicable=cq.OUT,
        fulfilled=cq.YES,
        not_fulfilled=cq.NO,
    )
    requirements: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()

    def contribute(self, rows: ReviewedRequirement, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each requirement is fulfilled, placed by the day of the review."""
        good = (rows.answer == "yes") ^ rows.requirement.isin(self.failures)
        return cq.Contribution(
            on=rows.reviewed_on,
            outcome=self.outcomes.pick(
                other_list=~rows.requirement.isin(self.requirements),
                not_answered=rows.answer.missing,
                not_applicable=rows.answer == "not_applicable",
                fulfilled=good,
            ),
        )


@attrs.frozen
class FormalRequirements(Requirements):
    """Share of the formal requirements looked at that are fulfilled: how a case is conducted and decided."""

    id = "case-review.formal"
    version = 1
    title = {"en": "Formal requirements fulfilled", "da": "Formelle krav opfyldt"}
    citation = cq.Citation(
        title=MEMO, section="4.1 Basisydelsen", adopted="not in the source", certain=False, question=OPEN_LIST
    )
    limits = {
        "en": "The substance of decisions, and formal requirements of a single area's own law, are outside the memo. "
        "How the cases were chosen is not in the records.",
        "da": "Afgørelsers indhold og særlige formelle krav i faglovene er uden for notatet. Hvordan sagerne er "
        "udvalgt, fremgår ikke af data.",
    }
    requirements: tuple[str, ...] = tuple(FORMAL)


@attrs.frozen
class ServiceRequirements(Requirements):
    """Share of the service requirements looked at that are fulfilled: how the service is delivered."""

    id = "case-review.service"
    version = 1
    title = {"en": "Service requirements fulfilled", "da": "Krav til serviceydelsen opfyldt"}
    citation = cq.Citation(
        title=MEMO, section="4.2 Serviceydelsen", adopted="not in the source", certain=False, question=OPEN_LIST
    )
    readings = cq.readings(
        answers=cq.choose(
            usual="as_worded",
            why={
                "en": "the memo lists requirements and gives no form; where two are worded as failures, a yes can say "
                "that the failure occurred or that all is well",
                "da": "notatet opregner krav og giver intet skema; hvor to er formuleret som fejl, kan et ja betyde, "
                "at fejlen forekom, eller at alt er i orden",
            },
            says={
                "as_worded": {
                    "en": "yes to a requirement worded as a failure says that it occurred, so it is not fulfilled",
                    "da": "ja til et krav formuleret som en fejl betyder, at fejlen forekom, så det ikke er opfyldt",
                },
                "fulfilled": {
                    "en": "yes says of every requirement that it is fulfilled",
                    "da": "ja betyder for alle krav, at de er opfyldt",
                },
            },
            as_worded={"failures": FAILURES},
            fulfilled={"failures": ()},
        ),
    )
    limits = {
        "en": "Levels of service within single areas are outside the memo. How the cases were chosen is not in the "
        "records.",
        "da": "Serviceniveau på de enkelte fagområder er uden for notatet. Hvordan sagerne er udvalgt, fremgår ikke af "
        "data.",
    }
    requirements: tuple[str, ...] = tuple(SERVICE)
    failures: tuple[str, ...] = FAILURES
