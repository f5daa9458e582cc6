"""What the citizens' adviser (Borgerrådgiveren) registers of an enquiry, and what all figures of them share."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

import casequality as cq

STATISTICS: Final = "Borgerrådgiverens statistik for 2., 3. og 4. kvartal 2017"
COMPLAINTS = cq.Citation(title=STATISTICS, section="1. Borgernes klager", adopted=dt.date(2016, 2, 5))
QUALITY = cq.Citation(title=STATISTICS, section="2. Kvaliteten", adopted=dt.date(2016, 2, 5))
SOLUTIONS = cq.Citation(title=STATISTICS, section="3. Løsninger og forbedringer", adopted=dt.date(2016, 2, 5))
OPERATIONS = cq.Citation(title=STATISTICS, section="4. Borgerrådgiverens drift", adopted=dt.date(2016, 2, 5))
"""The committee decided on 5 February 2016 that it be given the statistics; the report is of January 2018."""

NEW_SYSTEM: Final = dt.date(2017, 4, 1)
"""The day on which the present statistics system replaced the earlier one: the series breaks."""

WORDS: Final = {
    "forwarded": {"en": "forwarded", "da": "ekspeditionssag"},
    "intervention": {"en": "intervention", "da": "interventionssag"},
    "supervision": {"en": "supervision", "da": "tilsynssag"},
    "consultative_help": {"en": "consultative help", "da": "konsultativ bistand"},
    "trust_and_dialogue": {"en": "trust and dialogue", "da": "tillid og dialog"},
    "earlier_system": {"en": "in the earlier system", "da": "i det tidligere system"},
    "counted": {"en": "counted", "da": "talt med"},
    "not_registered": {"en": "not registered", "da": "ikke registreret"},
    "answer_not_stated": {"en": "answered, how is not stated", "da": "besvaret, hvordan er ikke oplyst"},
    "not_assessed": {"en": "not assessed", "da": "ikke vurderet"},
    "open": {"en": "not ended", "da": "ikke afsluttet"},
}
ASSESSMENT: Final = {
    "en": "An assessment by the citizens' adviser, not an observed fact.",
    "da": "Borgerrådgiverens vurdering, ikke et konstateret forhold.",
}
SERIES: Final = cq.choose(
    literal="new_system",
    why={
        "en": "a new statistics system replaced the earlier one on 1 April 2017, and the report covers the quarters "
        "after that",
        "da": "et nyt statistiksystem afløste det tidligere den 1. april 2017, og rapporten dækker tiden derefter",
    },
    says={
        "new_system": {
            "en": "an enquiry received before 1 April 2017 is left out: it was registered in another way",
            "da": "en henvendelse modtaget før 1. april 2017 holdes ude: Den er registreret på en anden måde",
        },
        "joined": {
            "en": "enquiries of both systems count together, although the series breaks on 1 April 2017",
            "da": "henvendelser fra begge systemer tælles sammen, selv om der er databrud den 1. april 2017",
        },
    },
    new_system={},
    joined={"series_from": None},
)


class Enquiry(cq.Records, name="adviser_enquiries"):
    """One enquiry to the citizens' adviser, or one piece of consultative help to an administration.

    answered_on and upheld: the administration's answer, where the adviser learns of it. risk_*, learning, improves_*:
    his assessments, blank where he made none. usable: whether the administration can use his help, as it says.
    """

    enquiry = cq.key()
    received_on = cq.day()
    kind = cq.code("forwarded", "intervention", "supervision", "consultative_help")
    level = cq.code("trust_and_dialogue", "consultative_help", "supervision", unknown="not registered")
    administration = cq.code(unknown="not registered")
    problem = cq.code(unknown="not registered")
    answered_on = cq.day(missing="answer not known")
    upheld = cq.code("wholly", "partly", "no", known_with="answered_on")
    ended_on = cq.day(missing="not ended")
    solved = cq.flag(known_with="ended_on")
    learning = cq.flag(missing="not assessed")
    risk_lawful_decision = cq.flag(missing="not assessed")
    risk_position = cq.flag(missing="not assessed")
    risk_trust = cq.flag(missing="not assessed")
    risk_lawful_administration = cq.flag(missing="not assessed")
    risk_efficient_administration = cq.flag(missing="not assessed")
    risk_service_level = cq.flag(missing="not assessed")
    risk_economy = cq.flag(missing="not assessed")
    usable = cq.flag(unknown="not registered")
    improves_case = cq.flag(missing="not assessed")
    improves_generally = cq.flag(missing="not assessed")


class ComplaintPoint(cq.Records, name="adviser_points"):
    """One subject of an enquiry: an enquiry about three subjects has three points."""

    point = cq.key()
    received_on = cq.day()
    subject = cq.code()
    administration = cq.code(unknown="not registered")


@attrs.frozen
class AdviserMetric(cq.Metric):
    """A figure of the adviser's statistics.

    series_from: the day from which enquiries are registered as they are now; what is older is left out.
    """

    words = {**WORDS, "series_from": {"en": "new statistics from", "da": "ny statistik fra"}}
    readings = cq.readings(series=SERIES)
    series_from: dt.date | None = NEW_SYSTEM

    @property
    def begins(self) -> dt.date | None:
        """The first day of the series: the quarters before it are not comparable, and never 0."""
        return self.series_from

    def earlier(self, records: Any) -> npt.NDArray[np.bool_]:
        """Return which records are older than the series; shape (records,)."""
        received: npt.NDArray[np.datetime64] = records.received_on
        first = np.datetime64("NaT", "D") if self.series_from is None else np.datetime64(self.series_from, "D")
        return received < first
