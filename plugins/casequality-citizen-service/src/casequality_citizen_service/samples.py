"""How much was examined of what there is."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

import casequality as cq
from casequality_citizen_service.records import Sample
from casequality_citizen_service.sources import MEASUREMENTS
from casequality_citizen_service.words import SAMPLES


@attrs.frozen
class SampleShare(cq.Metric):
    """Share of the population that was examined: replies of the citizens asked, or cases checked of those handled.

    A sample that is larger than its population is counted and in no figure.
    """

    id = "citizen-service.sample-share"
    version = 1
    title = {"en": "Examined of the population", "da": "Undersøgt andel af populationen"}
    unit = cq.units.SHARE
    statistic = cq.statistics.Ratio()
    records = Sample
    citation = MEASUREMENTS
    words = SAMPLES
    limits = {
        "en": "How the sample was drawn is not in the records; even a large one shows little unless drawn by chance.",
        "da": "Hvordan stikprøven er udtrukket, fremgår ikke af data; en stor andel, der ikke er tilfældigt udtrukket, "
        "viser kun lidt.",
    }
    outcomes = cq.outcomes(larger_than_population=cq.UNKNOWN, examined=cq.YES, in_population=cq.NO)

    def contribute(self, samples: Sample, as_of: cq.AsOf, /) -> Mapping[str, cq.Contribution]:
        """Return how many were examined and how many there are, placed by the day on which the sample was drawn."""
        larger = samples.examined > samples.population
        counts = {"examined": samples.examined, "population": samples.population}
        return {
            name: cq.Contribution(
                on=samples.drawn_on,
                outcome=self.outcomes.pick(
                    larger_than_population=larger, examined=np.full(len(samples), name == "examined")
                ),
                times=np.where(larger, 0, count),  # of counts that contradict each other nobody knows which is wrong
            )
            for name, count in counts.items()
        }
