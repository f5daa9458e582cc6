"""Cases supervised step by step: whether the work procedure that was introduced for them is followed."""

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq


class Step(cq.Records, name="steps"):
    """One step of a work procedure, as the supervision of a case found it; steps are the administration's own list."""

    case = cq.key()
    looked_at_on = cq.day()
    step = cq.code()
    done = cq.code("yes", "no", "not_applicable", unknown="not answered")


class SupervisedCase(cq.Records, name="supervised_cases"):
    """One case that was supervised, with the steps looked at."""

    case = cq.key()
    supervised_on = cq.day()
    case_type = cq.code(unknown="not stated")
    unit = cq.code(unknown="not stated")
    steps = cq.many(Step)


@attrs.frozen
class ProcedureFollowed(cq.Metric):
    """Share of the supervised cases in which the work procedure was followed, every step of it.

    steps: those of the procedure, by the names of the records; without any, each case is held to the steps that were
    looked at in it.
    """

    id = "case-review.procedure-followed"
    version = 1
    title = {"en": "Work procedure followed", "da": "Arbejdsgangen fulgt"}
    unit = cq.units.SHARE
    records = SupervisedCase
    higher_is_better = True
    citation = cq.Citation(
        title="Mål for god sagsbehandling",
        document="2010-24342",
        section="Borgerservicecentrene: indførelse af arbejdsgange og opfølgning på, om disse følges",
        adopted="not in the source",
        certain=False,
        question={
            "en": "neither the procedures nor how it is followed up whether they are followed is in the source",
            "da": "kilden gengiver hverken arbejdsgangene, eller hvordan der følges op på, om de følges",
        },
    )
    limits = {
        "en": "How the cases were chosen is not in the records. A step that is not done may have had its reason.",
        "da": "Hvordan sagerne er udvalgt, fremgår ikke af data. Et trin, der ikke er udført, kan have haft sin grund.",
    }
    outcomes = cq.outcomes(not_followed=cq.NO, not_answered=cq.UNKNOWN, followed=cq.YES)
    words = {
        "not_followed": {"en": "a step not done", "da": "et trin ikke udført"},
        "not_answered": {"en": "a step not looked at", "da": "et trin ikke undersøgt"},
        "followed": {"en": "every step done", "da": "alle trin udført"},
        "steps": {"en": "steps of the procedure", "da": "arbejdsgangens trin"},
    }
    steps: tuple[str, ...] = ()

    def contribute(self, cases: SupervisedCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each case follows the procedure, placed by the day of the supervision."""
        steps, rows = cases.steps, cases.steps.rows
        held_to = rows.step.isin(self.steps) if self.steps else np.ones(len(rows), bool)
        answered = held_to & ~rows.done.missing
        lacking = ~steps.any(held_to) | steps.any(held_to & rows.done.missing)
        for name in self.steps:
            lacking |= ~steps.any(answered & (rows.step == name))
        outcome = self.outcomes.pick(not_followed=steps.any(held_to & (rows.done == "no")), not_answered=lacking)
        return cq.Contribution(on=cases.supervised_on, outcome=outcome)
