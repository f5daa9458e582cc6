"""How long complaints take to any end, how many are stopped after contact, and how many are open: by method."""

from __future__ import annotations

from fractions import Fraction

import attrs

import casequality as cq
from casequality_complaints.registered import Complaints, HandledComplaint


@attrs.frozen
class Handled(HandledComplaint):
    """How many complaints were received, ended and open ones; group by kind and method."""

    id = "complaints.handled"
    version = 1
    title = {"en": "Complaints, ended and open", "da": "Klager, afsluttede og åbne"}
    unit = Complaints.unit
    statistic = cq.statistics.Flow("inflow")


@attrs.frozen
class Pending(HandledComplaint):
    """How many complaints were open at the end of a period; group by kind and method."""

    id = "complaints.pending"
    version = 1
    title = {"en": "Complaints open at the end", "da": "Åbne klager ved periodens slutning"}
    unit = Complaints.unit
    statistic = cq.statistics.Flow("stock")
    higher_is_better = False


@attrs.frozen
class TimeToEnd(HandledComplaint):
    """Days by which half of the complaints had ended in any way, open ones counted as waiting; by kind and method."""

    id = "complaints.time-to-end"
    version = 1
    title = {"en": "Complaints: days to any end", "da": "Klager: dage til afslutning uanset udfald"}
    unit = cq.units.DAYS
    statistic = cq.statistics.TimeToEnd(Fraction(1, 2))
    higher_is_better = False
    limits = {
        "en": f"A withdrawal is an end and may come early. {HandledComplaint.limits['en']}",
        "da": f"En tilbagetrækning er en afslutning og kan komme tidligt. {HandledComplaint.limits['da']}",
    }


@attrs.frozen
class StoppedAfterContact(HandledComplaint):
    """Share of complaints that the citizen did not pursue after contact; open ones can still move it."""

    id = "complaints.stopped-after-contact"
    version = 1
    title = {"en": "Complaints stopped after contact", "da": "Klager standset efter kontakt"}
    unit = cq.units.SHARE
    outcomes = cq.outcomes(
        undated=cq.UNKNOWN,
        stopped_after_contact=cq.YES,
        decided=cq.NO,
        withdrawn=cq.NO,
        forwarded=cq.NO,
        ending_not_stated=cq.UNKNOWN,
        open=cq.OPEN,
    )
    readings = cq.readings(
        withdrawn=cq.choose(
            usual="not_stopped",
            why={
                "en": "the memo says 'klageproceduren blev standset' and not whether a complaint withdrawn without "
                "contact is one",
                "da": "notatet siger, at klageproceduren blev standset, og ikke, om en klage, der er trukket tilbage "
                "uden kontakt, er en sådan",
            },
            says={
                "not_stopped": {
                    "en": "a withdrawal without contact is not a stop",
                    "da": "en tilbagetrækning uden kontakt er ikke en standsning",
                },
                "stopped": {
                    "en": "a withdrawal without contact is a stop too",
                    "da": "en tilbagetrækning uden kontakt er også en standsning",
                },
            },
            not_stopped={},
            stopped={"withdrawn": cq.YES},
        ),
        cohort=cq.cohort("received", "closed"),
    )
