"""What complaints taught: how much, whether it was acted on and spread, and how satisfied citizens were, by method."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

import casequality as cq
from casequality_complaints.code_lists import SUBJECTS
from casequality_complaints.records import Complaint, Lesson
from casequality_complaints.sources import BESIDE, METHOD, NOT_COMPARED

LESSONS: Final = cq.units.Unit("lessons", "læringspunkter", "lessons", decimals=0)
MEMO: Final = cq.Citation(
    title="Kvalitets- og tilsynskontorets notat om temaer for kvalitetsudvikling, 2006",
    section="6.2, Klagesager og best practice",
    adopted="not in the source",
    certain=False,
    question={
        "en": "the memo says that best practice is drawn from complaints and spread at meetings with the centres, and "
        "not how soon or how it is followed up",
        "da": "notatet siger, at best practice uddrages af klagesagerne og udbredes på møder med centrene, men ikke "
        "hvor hurtigt, eller hvordan der følges op",
    },
)
WORDS: Final = {
    **SUBJECTS,
    "enhanced_contact": {"en": "enhanced citizen contact", "da": "Styrket Borgerkontakt"},
    "written": {"en": "in writing", "da": "skriftlig sagsbehandling"},
}


SO_FAR: Final = {
    "en": f"{NOT_COMPARED['en']} It is as it was at the as-of: what was not done then without a day set for it, or not "
    "spread, may be later.",
    "da": f"{NOT_COMPARED['da']} Det er, som det var på opgørelsesdagen: Det, der da ikke var gjort og ikke havde en "
    "frist, eller ikke var udbredt, kan blive det senere.",
}
"""What the share of lessons that were acted on or spread holds of those that may still be."""


@attrs.frozen
class LessonMetric(cq.Metric):
    """A measure of what complaints taught; by subject, unit, office that acts or method of the complaint."""

    records = Lesson
    citation = MEMO
    limits = NOT_COMPARED
    words = WORDS


@attrs.frozen
class Lessons(LessonMetric):
    """How many things complaints taught, in the period in which they were registered."""

    id = "complaints.lessons"
    version = 1
    title = {"en": "Lessons drawn from complaints", "da": "Læring uddraget af klager"}
    unit = LESSONS
    statistic = cq.statistics.Count()
    citation = METHOD
    outcomes = cq.outcomes(learned=cq.YES)
    words = {**WORDS, "learned": {"en": "learned", "da": "læring registreret"}}

    def contribute(self, lessons: Lesson, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return each lesson once."""
        return cq.Contribution(on=lessons.learned_on, outcome=self.outcomes.pick(learned=np.ones(len(lessons), bool)))


@attrs.frozen
class ActedOn(LessonMetric):
    """Share of the lessons that were acted on, counted in the period in which they were registered."""

    id = "complaints.lessons-acted-on"
    limits = SO_FAR
    version = 1
    title = {"en": "Lessons acted on", "da": "Læring, der er fulgt op på"}
    unit = cq.units.SHARE
    higher_is_better = True
    outcomes = cq.outcomes(
        no_day_set=cq.NO,
        done=cq.YES,
        in_time=cq.YES,
        in_time_early=cq.YES,
        late=cq.NO,
        open_overdue=cq.NO,
        pending=cq.OPEN,
    )
    words = {
        **WORDS,
        "no_day_set": {"en": "not done, no day set", "da": "ikke gjort, ingen frist sat"},
        "done": {"en": "done, no day set", "da": "gjort uden frist"},
    }
    readings = cq.readings(
        acted=cq.choose(
            usual="ever",
            why={
                "en": "the source wants what is learned used systematically, and says nothing of a day for it",
                "da": "kilden vil have læringen brugt systematisk og siger intet om en frist for det",
            },
            says={
                "ever": {
                    "en": "what was done counts whenever it was done",
                    "da": "det, der er gjort, tæller, uanset hvornår det er gjort",
                },
                "in_time": {
                    "en": "only what was done by the day that was set counts",
                    "da": "kun det, der er gjort inden den fastsatte frist, tæller",
                },
            },
            ever={"late": cq.YES},
            in_time={"done": cq.UNKNOWN},
        ),
    )

    def contribute(self, lessons: Lesson, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each lesson was acted on by its day."""
        done, no_day = ~np.isnat(lessons.done_on), np.isnat(lessons.due_on)
        states = as_of.settle(lessons.due_on, lessons.done_on)
        outcome = self.outcomes.pick(
            no_day_set=~done & no_day,
            done=done & no_day,
            **{name: states[name] for name in ("in_time", "in_time_early", "late", "open_overdue")},
        )
        return cq.Contribution(on=lessons.learned_on, outcome=outcome)


@attrs.frozen
class Spread(LessonMetric):
    """Share of the lessons that were spread to other units, counted in the period in which they were registered."""

    id = "complaints.lessons-spread"
    limits = SO_FAR
    version = 1
    title = {"en": "Lessons spread", "da": "Læring, der er udbredt"}
    unit = cq.units.SHARE
    higher_is_better = True
    outcomes = cq.outcomes(spread=cq.YES, not_spread=cq.NO)
    words = {
        **WORDS,
        "spread": {"en": "spread", "da": "udbredt"},
        "not_spread": {"en": "not spread", "da": "ikke udbredt"},
    }

    def contribute(self, lessons: Lesson, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each lesson was spread."""
        outcome = self.outcomes.pick(spread=~np.isnat(lessons.spread_on))
        return cq.Contribution(on=lessons.learned_on, outcome=outcome)


@attrs.frozen
class Satisfied(cq.Metric):
    """Share of the ended complaints whose citizen was satisfied with how it was handled, where that was registered."""

    id = "complaints.satisfied"
    version = 1
    title = {"en": "Satisfied with how the complaint was handled", "da": "Tilfredse med klagens behandling"}
    unit = cq.units.SHARE
    records = Complaint
    citation = METHOD
    higher_is_better = True
    limits = {lang: f"{NOT_COMPARED[lang]} {BESIDE[lang]}" for lang in ("en", "da")}
    outcomes = cq.outcomes(open=cq.OUT, not_registered=cq.OUT, satisfied=cq.YES, not_satisfied=cq.NO)
    words = {
        **WORDS,
        "open": {"en": "open", "da": "åben"},
        "not_registered": {"en": "not registered", "da": "ikke registreret"},
        "satisfied": {"en": "satisfied", "da": "tilfreds"},
        "not_satisfied": {"en": "not satisfied", "da": "ikke tilfreds"},
    }
    readings = cq.readings(cohort=cq.cohort("closed", "received"))

    def contribute(self, complaints: Complaint, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether the citizen of each complaint was satisfied."""
        outcome = self.outcomes.pick(
            open=np.isnat(complaints.ended_on),
            not_registered=complaints.satisfied.missing,
            satisfied=complaints.satisfied == "yes",
        )
        return cq.Contribution(on=complaints.received_on, until=complaints.ended_on, outcome=outcome)
