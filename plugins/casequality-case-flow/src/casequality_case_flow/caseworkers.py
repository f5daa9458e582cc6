"""How often a case changes caseworker, and whether the citizen is told."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

import casequality as cq
from casequality_case_flow.cases import FlowCase
from casequality_case_flow.sources import CASEWORKERS

CHANGES = cq.units.Unit("changes", "skift", "changes", decimals=2)


def changes(cases: FlowCase) -> npt.NDArray[np.bool_]:
    """Return which rows of the cases' caseworkers are another one than the row before; shape (caseworkers,)."""
    taken_over, workers = cases.caseworkers, cases.caseworkers.rows.worker.indices
    changed = np.append(False, workers[1:] != workers[:-1])[: len(workers)]
    first = taken_over.starts[:-1][taken_over.any()]
    changed[first] = False
    return changed


@attrs.frozen
class CaseworkerChanges(cq.Metric):
    """Mean number of times that a case changed caseworker."""

    id = "case-flow.caseworker-changes"
    version = 1
    title = {"en": "Changes of caseworker a case", "da": "Skift af sagsbehandler pr. sag"}
    unit = CHANGES
    statistic = cq.statistics.Mean()
    records = FlowCase
    citation = CASEWORKERS
    higher_is_better = False
    outcomes = cq.outcomes(no_caseworker=cq.UNKNOWN, closed=cq.YES, open=cq.OUT)
    words = {
        "no_caseworker": {"en": "no caseworker recorded", "da": "ingen sagsbehandler registreret"},
        "closed": {"en": "closed", "da": "afsluttet"},
        "open": {"en": "still open", "da": "stadig åben"},
    }
    readings = cq.readings(
        cohort=cq.cohort("closed", "received"),
        open_cases=cq.choose(
            usual="left_out",
            why={
                "en": "the memo speaks of changes on the way and not of which cases",
                "da": "notatet taler om skift undervejs i forløbet, men ikke om hvilke sager",
            },
            says={
                "left_out": {
                    "en": "a case counts when it is closed and its changes are all known",
                    "da": "en sag tæller med, når den er afsluttet og alle skift er kendt",
                },
                "so_far": {
                    "en": "an open case counts with its changes so far",
                    "da": "en åben sag indgår med sine skift indtil nu",
                },
            },
            left_out={},
            so_far={"open": cq.YES},
        ),
    )

    def contribute(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how many times each case changed caseworker."""
        outcome = self.outcomes.pick(no_caseworker=~cases.caseworkers.any(), closed=~np.isnat(cases.closed_on))
        return cq.Contribution(
            on=cases.received_on,
            until=cases.closed_on,
            outcome=outcome,
            amount=cases.caseworkers.count(changes(cases)),
        )


@attrs.frozen
class ToldOfChanges(cq.Metric):
    """Share, of the cases that changed caseworker, in which the citizen was told of every change."""

    id = "case-flow.told-of-caseworker-changes"
    version = 1
    title = {"en": "Told of every change of caseworker", "da": "Orienteret om hvert skift af sagsbehandler"}
    unit = cq.units.SHARE
    records = FlowCase
    citation = CASEWORKERS
    higher_is_better = True
    child_rows_bring_in = True
    outcomes = cq.outcomes(unchanged=cq.OUT, not_told=cq.NO, not_recorded=cq.UNKNOWN, told=cq.YES)
    words = {
        "unchanged": {"en": "no change of caseworker", "da": "intet skift af sagsbehandler"},
        "not_told": {"en": "a change without being told", "da": "et skift uden orientering"},
        "not_recorded": {"en": "not recorded for every change", "da": "ikke registreret for hvert skift"},
        "told": {"en": "told of every change", "da": "orienteret om hvert skift"},
    }

    def contribute(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether the citizen was told of each case's changes."""
        taken_over, changed = cases.caseworkers, changes(cases)
        told = taken_over.rows.told
        outcome = self.outcomes.pick(
            unchanged=~taken_over.any(changed),
            not_told=taken_over.any(changed & (told == "no")),
            not_recorded=taken_over.any(changed & told.missing),
        )
        return cq.Contribution(on=cases.received_on, outcome=outcome)
