"""How many enquiries and points there are, and what became of the complaints."""

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from casequality_citizens_adviser.enquiries import (
    COMPLAINTS,
    OPERATIONS,
    QUALITY,
    SERIES,
    AdviserMetric,
    ComplaintPoint,
    Enquiry,
)

ENQUIRIES = cq.units.Unit("enquiries", "henvendelser", "enquiries", decimals=0)
POINTS = cq.units.Unit("points", "klagepunkter", "points", decimals=0)


@attrs.frozen
class Enquiries(AdviserMetric):
    """Number of enquiries received; told apart by kind, level, administration or problem."""

    id = "citizens-adviser.enquiries"
    version = 2
    title = {"en": "Enquiries", "da": "Henvendelser"}
    unit = ENQUIRIES
    statistic = cq.statistics.Count()
    records = Enquiry
    citation = OPERATIONS
    outcomes = cq.outcomes(earlier_system=cq.OUT, undated=cq.UNKNOWN, counted=cq.YES)

    def contribute(self, enquiries: Enquiry, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return each enquiry once."""
        outcome = self.outcomes.pick(earlier_system=self.earlier(enquiries), undated=np.isnat(enquiries.received_on))
        return cq.Contribution(on=enquiries.received_on, outcome=outcome)


@attrs.frozen
class Points(AdviserMetric):
    """Number of subjects that enquiries are about, an enquiry about several counted for each; told apart by subject."""

    id = "citizens-adviser.points"
    version = 2
    title = {"en": "Points of complaint by subject", "da": "Klagepunkter efter emne"}
    unit = POINTS
    statistic = cq.statistics.Count()
    records = ComplaintPoint
    citation = COMPLAINTS
    limits = {
        "en": "The list of subjects is not in the source.",
        "da": "Emnelisten fremgår ikke af kilden.",
    }
    outcomes = Enquiries.outcomes

    def contribute(self, points: ComplaintPoint, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return each point once."""
        outcome = self.outcomes.pick(earlier_system=self.earlier(points), undated=np.isnat(points.received_on))
        return cq.Contribution(on=points.received_on, outcome=outcome)


@attrs.frozen
class Forwarded(AdviserMetric):
    """Share of citizens' enquiries that the adviser sent on to the administration that they belong to."""

    id = "citizens-adviser.forwarded"
    version = 2
    title = {"en": "Enquiries sent on to the right place", "da": "Henvendelser ekspederet videre til rette sted"}
    unit = cq.units.SHARE
    records = Enquiry
    citation = OPERATIONS
    limits = {
        "en": "Complaints that the form sent straight to the administration never reach the adviser.",
        "da": "Klager, som klageblanketten har sendt direkte til forvaltningen, når ikke frem til Borgerrådgiveren.",
    }
    outcomes = cq.outcomes(earlier_system=cq.OUT, consultative_help=cq.OUT, forwarded=cq.YES, dealt_with=cq.NO)
    words = {**AdviserMetric.words, "dealt_with": {"en": "dealt with himself", "da": "behandlet af Borgerrådgiveren"}}

    def contribute(self, enquiries: Enquiry, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each enquiry was sent on."""
        outcome = self.outcomes.pick(
            earlier_system=self.earlier(enquiries),
            consultative_help=enquiries.kind == "consultative_help",
            forwarded=enquiries.kind == "forwarded",
        )
        return cq.Contribution(on=enquiries.received_on, outcome=outcome)


@attrs.frozen
class Upheld(AdviserMetric):
    """Share of complaints that the administration upheld, of those whose answer the adviser learnt."""

    id = "citizens-adviser.upheld"
    version = 3
    title = {"en": "Complaints upheld by the administration", "da": "Medhold i klager til forvaltningen"}
    unit = cq.units.SHARE
    records = Enquiry
    citation = QUALITY
    limits = {
        "en": "The figures published for 2017 are not in the source.",
        "da": "De offentliggjorte tal for 2017 fremgår ikke af kilden.",
    }
    outcomes = cq.outcomes(
        earlier_system=cq.OUT,
        consultative_help=cq.OUT,
        wholly=cq.YES,
        partly=cq.YES,
        not_upheld=cq.NO,
        answer_not_stated=cq.UNKNOWN,
        answer_not_known=cq.OUT,
    )
    words = {
        **AdviserMetric.words,
        "wholly": {"en": "upheld", "da": "medhold"},
        "partly": {"en": "upheld in part", "da": "delvist medhold"},
        "not_upheld": {"en": "not upheld", "da": "ikke medhold"},
        "answer_not_known": {"en": "answer not known", "da": "svaret kendes ikke"},
    }
    readings = cq.readings(
        series=SERIES,
        of=cq.choose(
            literal="known",
            why={
                "en": "the source registers the cases in which the adviser becomes aware of the answer",
                "da": "kilden registrerer de sager, hvor Borgerrådgiveren bliver bekendt med tilbagemeldingen",
            },
            says={
                "known": {
                    "en": "of the complaints whose answer is known to the adviser",
                    "da": "af de klager, hvor Borgerrådgiveren kender svaret",
                },
                "all": {
                    "en": "of all complaints: one whose answer is not known counts as not upheld",
                    "da": "af alle klager: En klage, hvor svaret ikke kendes, tæller som ikke medhold",
                },
            },
            known={},
            all={"answer_not_known": cq.NO},
        ),
        partly=cq.choose(
            usual="counted",
            why={
                "en": "the source says 'medhold' and not what of one in part",
                "da": "kilden siger »medhold« og ikke, hvad der gælder delvist medhold",
            },
            says={
                "counted": {"en": "upheld in part counts as upheld", "da": "delvist medhold tæller som medhold"},
                "not_counted": {
                    "en": "only complaints upheld wholly count as upheld",
                    "da": "kun fuldt medhold tæller som medhold",
                },
            },
            counted={},
            not_counted={"partly": cq.NO},
        ),
    )

    def contribute(self, enquiries: Enquiry, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return the administration's answer to each complaint, as far as it is known."""
        outcome = self.outcomes.pick(
            earlier_system=self.earlier(enquiries),
            consultative_help=enquiries.kind == "consultative_help",
            wholly=enquiries.upheld == "wholly",
            partly=enquiries.upheld == "partly",
            not_upheld=enquiries.upheld == "no",
            answer_not_stated=~np.isnat(enquiries.answered_on),
        )
        return cq.Contribution(on=enquiries.received_on, outcome=outcome)
