"""Surveys: what each answer counts, in the yearly satisfaction survey and in those of the memo of 2006."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

import casequality as cq
from casequality_citizen_service.records import MEMO, TARGET_GROUPS, SurveyAnswer
from casequality_citizen_service.sources import SATISFACTION
from casequality_citizen_service.words import ASKED, DONT_KNOW, MEASURES, NON_RESPONSE, SATISFIED, SURVEY, WEIGHTS

POINTS: Final[Mapping[str, int]] = {
    "very_satisfied": 100,
    "satisfied": 75,
    "neither": 50,
    "dissatisfied": 25,
    "very_dissatisfied": 0,
}
PERCENT: Final = cq.units.Unit("percent of the scale", "%", "%")
ONE: Final = 10_000
"""The weight 1 as the records hold it, in ten-thousandths."""
NO_ANSWER: Final = ("no_reply", "left_blank")
FITS_BOTH: Final = {
    "en": "the goal says 'borgertilfredshed på minimum 95 %', which fits a share of satisfied citizens and a score",
    "da": "målet siger »borgertilfredshed på minimum 95 %«, som både kan være en andel tilfredse og en score",
}
SILENT: Final = {
    "en": "the source speaks of a yearly survey and says nothing of this",
    "da": "kilden taler om en årlig tilfredshedsmåling og siger intet om dette",
}

Mask = npt.NDArray[np.bool_]


@attrs.frozen
class Survey(cq.Metric):
    """What each answer of a survey counts: 100 points for satisfied and 0 for not, or the points of its scale.

    scored: the points of the five answers instead of satisfied or not. satisfied_from: the points from which an
    answer is satisfied. weighted: each answer counts with its weight, in ten-thousandths.
    """

    records = SurveyAnswer
    unit = PERCENT
    statistic = cq.statistics.Mean(most=100)
    higher_is_better = True
    words = SURVEY
    readings = cq.readings(
        measure=cq.choose(usual="share", why=FITS_BOTH, says=MEASURES, share={"scored": False}, index={"scored": True}),
        satisfied=cq.choose(
            usual="top_two",
            why=SILENT,
            says=SATISFIED,
            top_two={"satisfied_from": 75},
            top_box={"satisfied_from": 100},
            not_dissatisfied={"satisfied_from": 50},
        ),
        dont_know=cq.choose(
            usual="left_out", why=SILENT, says=DONT_KNOW, left_out={}, not_satisfied={"dont_know": cq.YES}
        ),
        non_response=cq.choose(
            usual="left_out",
            why=SILENT,
            says=NON_RESPONSE,
            left_out={},
            unknown=dict.fromkeys(NO_ANSWER, cq.UNKNOWN),
            not_satisfied=dict.fromkeys(NO_ANSWER, cq.YES),
        ),
        basis=cq.choose(usual="sample", why=SILENT, says=ASKED, samples={"sample": ()}, sample={}, everyone={}),
        weights=cq.choose(
            usual="unweighted",
            why=SILENT,
            says=WEIGHTS,
            unweighted={"weighted": False},
            weighted={"weighted": True},
        ),
    )
    scored: bool = False
    satisfied_from: int = 75
    weighted: bool = False

    def counted(self, answers: SurveyAnswer, **apart: Mask) -> cq.Contribution:
        """Return what each answer counts but those set `apart`, by outcome; arrays of shape (records,)."""
        answer = answers.answer
        points = np.array([-1, *(POINTS.get(label, -1) for label in answer.labels)])[answer.indices]
        weights = answers.weight if self.weighted else np.full(len(answers), ONE)
        without_weight = (weights < 0) & ~answer.missing
        times = np.where(without_weight, 0, np.where(weights < 0, ONE, weights)) if self.weighted else None
        outcome = self.outcomes.pick(
            **apart,
            without_weight=without_weight,
            **{label: answer == label for label in (*POINTS, "dont_know")},
            left_blank=~np.isnat(answers.answered_on),
        )
        return cq.Contribution(
            on=answers.asked_on,
            outcome=outcome,
            amount=np.maximum(points, 0) if self.scored else np.where(points >= self.satisfied_from, 100, 0),
            times=times,
        )


ANSWERS: Final = {
    "without_weight": cq.UNKNOWN,
    **dict.fromkeys(POINTS, cq.YES),
    "dont_know": cq.OUT,
    "left_blank": cq.OUT,
    "no_reply": cq.OUT,
}


@attrs.frozen
class Satisfaction(Survey):
    """How satisfied the citizens are who answered the yearly survey."""

    id = "citizen-service.satisfaction"
    version = 1
    title = {"en": "Citizens' satisfaction", "da": "Borgertilfredshed"}
    citation = SATISFACTION
    limits = {
        "en": "Of those who answered; an interval says nothing of those who did not, and is not computed for weighted "
        "answers. Several centres count together, unless told apart by centre.",
        "da": "For dem, der har svaret; et interval siger intet om dem, der ikke har, og beregnes ikke for vægtede "
        "svar. Flere centre tæller under ét, medmindre de vises hver for sig.",
    }
    outcomes = cq.outcomes(other_side=cq.OUT, **ANSWERS)

    def contribute(self, answers: SurveyAnswer, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return what each citizen's answer counts, placed by the day on which the citizen was asked."""
        return self.counted(answers, other_side=answers.side == "caseworker")


@attrs.frozen
class Experience(Survey):
    """How citizens experience being involved and served, beside how caseworkers judge it: a facet for each side.

    Meant for `by=("target_group", "parameter", "channel")`.
    """

    id = "citizen-service.experience"
    version = 1
    title = {
        "en": "Involvement and service as experienced",
        "da": "Oplevet medinddragelse og borgerservice",
    }
    citation = MEMO
    limits = {
        "en": "The memo names no parameters and no questions; answers to several count together unless told apart by "
        "parameter. The two sides stand beside each other; that they differ does not say why.",
        "da": "Notatet nævner ingen parametre eller spørgsmål; svar på flere tæller under ét, medmindre de vises efter "
        "parameter. De to sider står ved siden af hinanden; en forskel siger ikke hvorfor.",
    }
    outcomes = cq.outcomes(other_side=cq.OUT, group_not_in_force=cq.OUT, **ANSWERS)

    def contribute(self, answers: SurveyAnswer, as_of: cq.AsOf, /) -> Mapping[str, cq.Contribution]:
        """Return what each answer counts, by the side that gave it."""
        caseworker = answers.side == "caseworker"
        too_early = ~answers.target_group.missing & (answers.asked_on < np.datetime64(TARGET_GROUPS.entries[0].since))
        return {
            name: self.counted(answers, other_side=other, group_not_in_force=too_early)
            for name, other in (("citizens", caseworker), ("caseworkers", ~caseworker))
        }
