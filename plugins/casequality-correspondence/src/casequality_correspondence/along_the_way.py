"""Citizens kept informed while a case runs, and reactions to what arrives in it."""

from __future__ import annotations

from fractions import Fraction

import attrs
import numpy as np

import casequality as cq
from casequality_correspondence.records import Incoming, RunningCase
from casequality_correspondence.sources import INFORMED, REACTION
from casequality_correspondence.told import Days


@attrs.frozen
class KeptInformed(cq.Metric):
    """Share of cases in which the citizen never waited longer than an interval for word of how the case stands.

    interval: the longest silence, an id of the project file ([deadlines.keep-informed]) or a deadline; the source
    states none. It runs from receipt and anew from every message, to the end of the case.
    """

    id = "correspondence.kept-informed"
    version = 1
    title = {"en": "Kept informed along the way", "da": "Orienteret undervejs"}
    unit = cq.units.SHARE
    higher_is_better = True
    records = RunningCase
    citation = INFORMED
    limits = {
        "en": "What the messages say is not looked at. A case that ends before the first word is due is left out.",
        "da": "Det ses ikke, hvad beskederne siger. En sag, der slutter, før den første besked skal være sendt, holdes "
        "ude.",
    }
    outcomes = cq.outcomes(
        undated=cq.UNKNOWN,
        ended_before_due=cq.OUT,
        informed_sometimes=cq.NO,
        never_informed=cq.NO,
        running=cq.OPEN,
        informed=cq.YES,
    )
    words = {
        "ended_before_due": {"en": "ended before word was due", "da": "afsluttet før første besked"},
        "informed_sometimes": {"en": "informed, with too long a silence", "da": "orienteret, men for sjældent"},
        "never_informed": {"en": "never informed", "da": "aldrig orienteret"},
        "running": {"en": "running, no silence too long so far", "da": "verserende, endnu ingen for lang tavshed"},
        "informed": {"en": "informed", "da": "orienteret"},
        "interval": {"en": "longest silence", "da": "længste tavshed"},
    }
    readings = cq.readings(
        informed=cq.choose(
            usual="regularly",
            why={
                "en": "the memo asks whether the party was told 'løbende' that the case drags on, and not how often",
                "da": "notatet spørger, om parten løbende er orienteret om, at sagen trækker ud, og ikke hvor tit",
            },
            says={
                "regularly": {
                    "en": "no silence may be longer than the interval",
                    "da": "ingen tavshed må være længere end intervallet",
                },
                "at_all": {
                    "en": "one message at any time is enough",
                    "da": "én besked på et hvilket som helst tidspunkt er nok",
                },
            },
            regularly={},
            at_all={"informed_sometimes": cq.YES},
        ),
        cohort=cq.cohort("closed", "received"),
    )
    interval: str | cq.deadlines.Deadline = "keep-informed"

    def contribute(self, cases: RunningCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether any silence in each case was too long."""
        messages, ended = cases.messages, cases.ended_on
        due = as_of.due(self.interval, cases.received_on)
        whole = as_of.settle(due, ended)
        before = as_of.settle(due, np.fmin(messages.first(messages.rows.sent_on), ended))
        after = as_of.settle(as_of.due(self.interval, messages.rows.sent_on), _until_next(cases))
        silent = before["late"] | before["open_overdue"] | messages.any(after["late"] | after["open_overdue"])
        ended_before_due = whole["in_time"] | whole["in_time_early"]
        outcome = self.outcomes.pick(
            undated=due.none,
            ended_before_due=ended_before_due,
            informed_sometimes=silent & messages.any(),
            never_informed=silent,
            running=np.isnat(ended),
        )
        return cq.Contribution(on=cases.received_on, until=ended, outcome=outcome, certain=ended_before_due)

    def owed(self, cases: RunningCase, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when the next word is due in each case, from its last message or receipt, and when it ended."""
        last = cases.messages.last(cases.messages.rows.sent_on)
        since = np.where(np.isnat(last), cases.received_on, last)
        return cq.Owed(due=as_of.due(self.interval, since), done=cases.ended_on)


def _until_next(cases: RunningCase) -> Days:
    """Return what ended the silence after each message: the case's next message or its end; shape (messages,)."""
    messages = cases.messages
    sent, case = messages.rows.sent_on, messages.parents
    following = np.append(sent[1:], np.datetime64("NaT", "D"))[: len(sent)]
    same_case = np.append(case[1:] == case[:-1], False)[: len(sent)]
    following[~same_case] = np.datetime64("NaT", "D")
    return np.fmin(following, messages.of_parent(cases.ended_on))


@attrs.frozen
class ReactedInTime(cq.Metric):
    """Share of what arrived in a case that was reacted to, or decided on, within a deadline.

    deadline: an id of the project file ([deadlines.reaction]) or a deadline; the source states none.
    """

    id = "correspondence.reacted-in-time"
    version = 1
    title = {"en": "Incoming information: reaction in time", "da": "Indkomne oplysninger: rettidig reaktion"}
    unit = cq.units.SHARE
    higher_is_better = True
    records = Incoming
    citation = REACTION
    limits = {
        "en": "The end of the case counts as a reaction. Whether the reaction was the right one is not measured.",
        "da": "Sagens afslutning tæller som en reaktion. Det måles ikke, om reaktionen var den rette.",
    }
    outcomes = cq.outcomes(after_the_case=cq.OUT, **cq.SETTLED)
    words = {
        "deadline": {"en": "deadline", "da": "frist"},
        "after_the_case": {"en": "arrived after the case had ended", "da": "modtaget efter sagens afslutning"},
    }
    readings = cq.readings(cohort=cq.cohort("received", "matured"))
    deadline: str | cq.deadlines.Deadline = "reaction"

    def contribute(self, items: Incoming, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return the state of each item against the deadline for a reaction."""
        states = as_of.settle(as_of.due(self.deadline, items.received_on), _reacted(items))
        outcome = self.outcomes.pick(after_the_case=items.case_ended_on < items.received_on, **states)
        return cq.Contribution(on=items.received_on, outcome=outcome)

    def owed(self, items: Incoming, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when a reaction to each item is due, and when there was one or the case ended."""
        return cq.Owed(due=as_of.due(self.deadline, items.received_on), done=_reacted(items))


@attrs.frozen
class ReactionTime(cq.Metric):
    """Days by which half of what arrived in a case had been reacted to, what still waits counted as waiting."""

    id = "correspondence.reaction-time"
    version = 1
    title = {"en": "Incoming information: days to a reaction", "da": "Indkomne oplysninger: dage til reaktion"}
    unit = cq.units.DAYS
    statistic = cq.statistics.TimeToEnd(Fraction(1, 2))
    higher_is_better = False
    records = Incoming
    citation = REACTION
    limits = ReactedInTime.limits
    outcomes = cq.outcomes(undated=cq.UNKNOWN, after_the_case=cq.OUT, reacted=cq.YES, waiting=cq.OPEN)
    words = {
        **ReactedInTime.words,
        "reacted": {"en": "reacted to", "da": "reageret på"},
        "waiting": {"en": "waiting for a reaction", "da": "afventer reaktion"},
    }

    def contribute(self, items: Incoming, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how many days each item waited, up to the as-of where it still does."""
        reacted = _reacted(items)
        until = np.where(np.isnat(reacted), as_of.day, reacted)
        outcome = self.outcomes.pick(
            undated=np.isnat(items.received_on),
            after_the_case=items.case_ended_on < items.received_on,
            reacted=~np.isnat(reacted),
        )
        waited = np.maximum(until, items.received_on) - items.received_on
        return cq.Contribution(on=items.received_on, until=reacted, outcome=outcome, bins=waited)


def _reacted(items: Incoming) -> Days:
    return np.fmin(items.reacted_on, items.case_ended_on)
