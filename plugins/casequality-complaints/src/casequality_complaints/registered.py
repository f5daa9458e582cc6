"""Complaints and their points, counted: two different numbers of one registration."""

from __future__ import annotations

from itertools import zip_longest
from typing import Literal

import attrs
import numpy as np
import numpy.typing as npt

import casequality as cq
from casequality_complaints.code_lists import LISTS, SIGNALS, SUBJECTS
from casequality_complaints.records import Complaint
from casequality_complaints.sources import BESIDE, METHOD, NOT_COMPARED, REGISTRATION

WORDS = {kind: words for each in LISTS for kind, words in each.kinds.items()} | {
    "enhanced_contact": {"en": "enhanced citizen contact", "da": "Styrket Borgerkontakt"},
    "written": {"en": "in writing", "da": "skriftlig sagsbehandling"},
    "learned": {"en": "something learned", "da": "læring registreret"},
    "nothing_learned": {"en": "nothing learned", "da": "ingen læring"},
    "off_list": {"en": "of no list in force that day", "da": "ikke på en liste, der gjaldt den dag"},
}


def _off_list(complaints: Complaint) -> npt.NDArray[np.bool_]:
    """Return which complaints are registered as a kind that no list had on the day of receipt."""
    on_list = complaints.kind.missing | np.isnat(complaints.received_on)
    for each, following in zip_longest(LISTS, LISTS[1:]):
        held = complaints.received_on >= np.datetime64(each.since)
        if following is not None:
            held &= complaints.received_on < np.datetime64(following.since)
        on_list |= held & complaints.kind.isin(tuple(each.kinds))
    return ~on_list


@attrs.frozen
class Complaints(cq.Metric):
    """How many complaints were received; by kind, only those registered by the code list of their day are sure."""

    id = "complaints.received"
    version = 2
    title = {"en": "Complaints", "da": "Klager"}
    unit = cq.units.Unit("complaints", "klager", "complaints", decimals=0)
    statistic = cq.statistics.Count()
    records = Complaint
    citation = REGISTRATION
    higher_is_better = False
    limits = {
        "en": "Kinds of 2005 and from 2013 are different lists: a series by kind does not run across them. "
        "Few complaints may mean few faults, few decisions or few who know how to complain.",
        "da": "Klagetyperne fra 2005 og fra 2013 er forskellige lister: en tidsserie efter type går ikke på tværs. "
        "Få klager kan betyde få fejl, få afgørelser, eller at få ved, hvordan man klager.",
    }
    outcomes = cq.outcomes(off_list=cq.UNKNOWN, complaint=cq.YES)
    words = {**WORDS, "complaint": {"en": "complaint", "da": "klage"}}
    readings = cq.readings(
        off_list=cq.choose(
            usual="counted",
            why={
                "en": "no source says what to do with a complaint registered by a list of another period",
                "da": "ingen kilde siger, hvad der skal ske med en klage, der er registreret efter en anden tids liste",
            },
            says={
                "counted": {
                    "en": "it is a complaint all the same",
                    "da": "den er alligevel en klage",
                },
                "unknown": {
                    "en": "it is unknown, which figures by kind need",
                    "da": "den regnes som ukendt; det kræves ved opdeling på type",
                },
            },
            counted={"off_list": cq.YES},
            unknown={},
        ),
    )

    def contribute(self, complaints: Complaint, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return each complaint, and whether its kind stood on a list that day."""
        outcome = self.outcomes.pick(off_list=_off_list(complaints))
        return cq.Contribution(on=complaints.received_on, outcome=outcome)


@attrs.frozen
class Points(cq.Metric):
    """How many points the complaints of a period raised, all and by subject; a complaint with three counts three.

    told_by: see the reading `subjects`.
    """

    id = "complaints.points"
    version = 3
    title = {"en": "Points of complaint", "da": "Klagepunkter"}
    unit = cq.units.Unit("points", "klagepunkter", "points", decimals=0)
    statistic = cq.statistics.Count()
    records = Complaint
    citation = REGISTRATION
    higher_is_better = False
    limits = {
        "en": "Points and complaints are different counts. A point counts on the day of its complaint.",
        "da": "Klagepunkter og klager er forskellige tal. Et punkt tæller på klagens dag.",
    }
    outcomes = cq.outcomes(raised=cq.YES, no_point=cq.YES)
    words = {
        **WORDS,
        **SUBJECTS,
        **SIGNALS,
        "all": {"en": "all subjects", "da": "alle emner"},
        "raised": {"en": "complaint that raises it", "da": "klage, der rejser det"},
        "no_point": {"en": "complaint that does not", "da": "klage, der ikke gør"},
        "told_by": {"en": "told apart by", "da": "opdelt efter"},
        "subject": {"en": "the eight problem areas", "da": "de otte problemområder"},
        "signal": {"en": "the five signals", "da": "de fem signaler"},
    }
    readings = cq.readings(
        subjects=cq.choose(
            usual="problem_areas",
            why={
                "en": "the memo of 2006 has two lists: five signals, and eight problem areas of the Citizens' Adviser",
                "da": "notatet fra 2006 har to lister: fem signaler og Borgerrådgiverens otte problemområder",
            },
            says={
                "problem_areas": {
                    "en": "points are told apart by the eight problem areas",
                    "da": "klagepunkter opdeles efter de otte problemområder",
                },
                "signals": {
                    "en": "points are told apart by the five signals",
                    "da": "klagepunkter opdeles efter de fem signaler",
                },
            },
            problem_areas={"told_by": "subject"},
            signals={"told_by": "signal"},
        ),
    )
    told_by: Literal["subject", "signal"] = "subject"

    def contribute(self, complaints: Complaint, as_of: cq.AsOf, /) -> dict[str, cq.Contribution]:
        """Return how many points each complaint raises, all together and on each subject."""
        points = complaints.points
        subjects, names = (points.rows.signal, SIGNALS) if self.told_by == "signal" else (points.rows.subject, SUBJECTS)
        counts = {"all": points.count()} | {name: points.count(subjects == name) for name in names}
        # a point whose subject is not registered may be one on any; that it is none of the five signals is a fact
        untold = None if self.told_by == "signal" else points.count(subjects.missing)
        return {
            name: cq.Contribution(
                on=complaints.received_on,
                outcome=self.outcomes.pick(raised=count > 0),
                times=count,
                more=None if name == "all" else untold,
            )
            for name, count in counts.items()
        }


@attrs.frozen
class HandledComplaint(cq.Metric):
    """How complaints end, open ones included; group by method and by kind."""

    records = Complaint
    citation = METHOD
    limits = {lang: f"{NOT_COMPARED[lang]} {BESIDE[lang]}" for lang in ("en", "da")}
    outcomes = cq.outcomes(
        undated=cq.UNKNOWN,
        stopped_after_contact=cq.YES,
        decided=cq.YES,
        withdrawn=cq.YES,
        forwarded=cq.YES,
        ending_not_stated=cq.YES,
        open=cq.OPEN,
    )
    words = {
        **WORDS,
        "stopped_after_contact": {"en": "stopped after contact", "da": "standset efter kontakt"},
        "decided": {"en": "decided", "da": "afgjort"},
        "withdrawn": {"en": "withdrawn", "da": "trukket tilbage"},
        "forwarded": {"en": "forwarded", "da": "videresendt"},
        "ending_not_stated": {"en": "ended, how is not stated", "da": "afsluttet, hvordan er ikke oplyst"},
        "open": {"en": "open", "da": "åben"},
    }

    def contribute(self, complaints: Complaint, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how each complaint ended and after how many days, or how long it has been open."""
        ended, received = complaints.ended_on, complaints.received_on
        endings = ("stopped_after_contact", "decided", "withdrawn", "forwarded")
        outcome = self.outcomes.pick(
            undated=np.isnat(received),
            **{name: complaints.ending == name for name in endings},
            ending_not_stated=~np.isnat(ended),
        )
        until = np.where(np.isnat(ended), as_of.day, ended)
        return cq.Contribution(on=received, until=ended, outcome=outcome, bins=np.maximum(until, received) - received)
