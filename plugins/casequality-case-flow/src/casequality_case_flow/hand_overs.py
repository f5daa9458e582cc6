"""Cases that pass through several hands: how often, and how long they lie between two of them."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import attrs
import numpy as np
import numpy.typing as npt

import casequality as cq
from casequality_case_flow.cases import FlowCase

HAND_OVERS: Final = cq.units.Unit("hand-overs", "overleveringer", "hand-overs", decimals=2)
SIGNALS: Final = cq.Citation(
    title="Socialforvaltningens notat om kvalitets- og metodeudvikling, 2006",
    section="5.5: det tværfaglige samarbejde mellem forskellige involverede parter i sagerne",
    adopted="not in the source",
    certain=False,
    question={
        "en": "the memo says that work between the parties of a case needs a closer look, and not what is measured",
        "da": "notatet siger, at samarbejdet mellem sagens parter kræver fokus, og ikke hvad der måles",
    },
)


def between(cases: FlowCase) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Return which stays another holder begins, and how many days the case lay before each; shape (stays,)."""
    stays, holders = cases.stays, cases.stays.rows.holder.indices
    first = np.zeros(len(holders), bool)
    first[stays.starts[:-1][stays.any()]] = True
    handed = ~first & (np.append(-1, holders[:-1]) != holders if len(holders) else first)
    begin = stays.rows.from_on
    # a stay of which only the arrival is known lasts until the next: nothing is lost between the two
    following = np.append(begin[1:], np.datetime64("NaT", "D"))
    until = np.where(np.isnat(stays.rows.until), following, stays.rows.until)
    far = (stays.parents.astype(np.int64) + 1) << 32
    ends = far + np.where(np.isnat(until), -(1 << 31), until.view(np.int64))
    latest = np.maximum.accumulate(np.append(np.int64(0), ends))[:-1]
    lost = np.maximum(far + begin.view(np.int64) - latest, 0)
    return handed, np.where(first | np.isnat(begin), 0, lost)


def not_known(cases: FlowCase) -> npt.NDArray[np.bool_]:
    """Return of which cases no stay is recorded, or one without its day; shape (cases,)."""
    return ~cases.stays.any() | cases.stays.any(np.isnat(cases.stays.rows.from_on))


@attrs.frozen
class HandOverMetric(cq.Metric):
    """A measure of the stays of cases with their holders; a case counts when it is closed."""

    records = FlowCase
    citation = SIGNALS
    higher_is_better: ClassVar[bool | None] = False
    outcomes = cq.outcomes(no_stay=cq.UNKNOWN, closed=cq.YES, open=cq.OUT)
    words = {
        "no_stay": {"en": "holders not known", "da": "sagsholdere ikke kendt"},
        "closed": {"en": "closed", "da": "afsluttet"},
        "open": {"en": "still open", "da": "stadig åben"},
    }
    readings = cq.readings(cohort=cq.cohort("closed", "received"))

    def held(self, cases: FlowCase, **more: Any) -> cq.Contribution:
        """Return the contribution of cases that are closed and of which it is known who held them."""
        outcome = self.outcomes.pick(no_stay=not_known(cases), closed=~np.isnat(cases.closed_on))
        return cq.Contribution(on=cases.received_on, until=cases.closed_on, outcome=outcome, **more)


@attrs.frozen
class HandOvers(HandOverMetric):
    """Mean number of times that a case passed from one holder to another."""

    id = "case-flow.hand-overs"
    version = 1
    title = {"en": "Hand-overs a case", "da": "Overleveringer pr. sag"}
    unit = HAND_OVERS
    statistic = cq.statistics.Mean()

    def contribute(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how many times each case was handed over."""
        handed, _ = between(cases)
        return self.held(cases, amount=cases.stays.count(handed))


@attrs.frozen
class TimeBetweenHands(HandOverMetric):
    """Mean days that a case lay between one holder, who had sent it on, and the next, who had not got it yet."""

    id = "case-flow.time-between-hands"
    version = 1
    title = {"en": "Days lost between hands", "da": "Dage tabt mellem sagsholdere"}
    unit = cq.units.DAYS
    statistic = cq.statistics.Mean()
    limits = {
        "en": "Where only the arrival at a holder is known, the case counts as sent straight on and nothing as lost.",
        "da": "Hvor kun modtagelsen hos en sagsholder er kendt, regnes sagen som sendt direkte videre uden tab.",
    }

    def contribute(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how many days each case lay between two holders."""
        _, lost = between(cases)
        return self.held(cases, amount=cases.stays.sum(lost).view("m8[D]"))


@attrs.frozen
class SeveralHolders(HandOverMetric):
    """Share of the cases that more than one unit or party held."""

    id = "case-flow.several-holders"
    version = 1
    title = {"en": "Cases with several holders", "da": "Sager med flere sagsholdere"}
    unit = cq.units.SHARE
    higher_is_better: ClassVar[bool | None] = None
    outcomes = cq.outcomes(no_stay=cq.UNKNOWN, open=cq.OUT, several=cq.YES, one=cq.NO)
    words = {
        **HandOverMetric.words,
        "several": {"en": "several holders", "da": "flere sagsholdere"},
        "one": {"en": "one holder", "da": "én sagsholder"},
    }

    def contribute(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each case had several holders."""
        handed, _ = between(cases)
        outcome = self.outcomes.pick(
            no_stay=not_known(cases), open=np.isnat(cases.closed_on), several=cases.stays.any(handed)
        )
        return cq.Contribution(on=cases.received_on, until=cases.closed_on, outcome=outcome)
