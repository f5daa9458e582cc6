"""Access to documents: decided or notified by the old Acts, decided by the newer ones."""

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from casequality_correspondence.acts import EXTENDABLE, due_to_decide, due_to_notify, ended, passed_on, transitional
from casequality_correspondence.records import AccessRequest
from casequality_correspondence.sources import ACCESS, WORDS
from casequality_correspondence.told import kept_by, only

OLD_ENDED = {"en": "passed to the Act of 2013 before it was due", "da": "overgået til loven fra 2013 før fristen"}
COHORT = {
    "en": "the source does not say whether a period holds the requests received in it or those decided in it",
    "da": "kilden siger ikke, om en periode omfatter de anmodninger, der er modtaget i den, eller dem, der er afgjort "
    "i den",
}

TOLD_APART = ("in_time", "in_time_early", "late", "open_overdue")
"""The states in which a request from before 2014 is told apart."""


@attrs.frozen
class AccessMetric(cq.Metric):
    """A measure of requests for access to documents."""

    records = AccessRequest
    unit = cq.units.SHARE
    higher_is_better = True
    citation = ACCESS
    words = WORDS


@attrs.frozen
class AccessNotifiedOrDecided(AccessMetric):
    """Share of requests that were decided, or their requester notified with reason and date, before the deadline.

    It applies to public and party access received before 2014, personal data received before 25 May 2018, and
    environmental information to this day.
    """

    id = "correspondence.access-notified-or-decided"
    version = 2
    title = {"en": "Access: decided or notified in time", "da": "Aktindsigt: afgjort eller underrettet rettidigt"}
    limits = {
        "en": "These deadlines ask for a decision or a notice, so that they say nothing of when requests were decided. "
        "A letter counts on the day it was sent.",
        "da": "Disse frister kræver en afgørelse eller en underretning og siger derfor intet om, hvornår anmodninger "
        "blev afgjort. Et brev tæller på afsendelsesdagen.",
    }
    outcomes = cq.outcomes(
        not_in_force=cq.OUT,
        undated=cq.UNKNOWN,
        passed_on=cq.OUT,
        decided=cq.YES,
        decided_early=cq.YES,
        notified=cq.YES,
        notified_early=cq.YES,
        withdrawn=cq.OUT,
        notified_incomplete=cq.NO,
        notified_incomplete_early=cq.OPEN,
        pending=cq.OPEN,
        missed=cq.NO,
    )
    words = {
        **AccessMetric.words,
        "passed_on": OLD_ENDED,
        "decided": {"en": "decided", "da": "afgjort"},
        "decided_early": {"en": "decided, not yet due", "da": "afgjort, frist ikke udløbet"},
        "notified": {"en": "notified", "da": "underrettet"},
        "notified_early": {"en": "notified, not yet due", "da": "underrettet, frist ikke udløbet"},
        "notified_incomplete": {"en": "notified, but incompletely", "da": "underrettet, men ufuldstændigt"},
        "notified_incomplete_early": {
            "en": "notified, but incompletely, not yet due",
            "da": "underrettet, men ufuldstændigt, frist ikke udløbet",
        },
    }
    readings = cq.readings(
        incomplete=cq.choose(
            literal="missed",
            why={
                "en": "the Acts want the requester told both the reason and when a decision can be expected",
                "da": "lovene kræver, at ansøgeren får besked både om grunden og om, hvornår afgørelsen kan ventes",
            },
            says={
                "missed": {
                    "en": "a notice without the reason or without a date does not keep the deadline",
                    "da": "en underretning uden begrundelse eller uden dato overholder ikke fristen",
                },
                "kept": {
                    "en": "any notice keeps the deadline, whatever it says",
                    "da": "enhver underretning overholder fristen, uanset hvad den oplyser",
                },
            },
            missed={},
            kept={"notified_incomplete": cq.YES, "notified_incomplete_early": cq.YES},
        ),
        cohort=cq.cohort("received", "matured"),
    )

    def contribute(self, requests: AccessRequest, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return what each requester got before the deadline of the Act in force at receipt."""
        due, notices = due_to_notify(requests, as_of), requests.notices
        withdrawn = as_of.settle(due, requests.withdrawn_on)
        complete = (notices.rows.states_reason == "yes") & ~np.isnat(notices.rows.promised_on)
        states = kept_by(
            as_of,
            due,
            decided=requests.decided_on,
            notified=notices.first(notices.rows.sent_on, complete),
            notified_incomplete=notices.first(notices.rows.sent_on),
        )
        not_owed = {
            "not_in_force": due.none & ~np.isnat(requests.received_on),
            "passed_on": passed_on(requests, as_of, due.at),
        }
        outcome = self.outcomes.pick(**not_owed, withdrawn=withdrawn["in_time"] | withdrawn["in_time_early"], **states)
        passed_on_for_sure = not_owed["passed_on"] & requests.known("decided_on", "withdrawn_on")
        certain = not_owed["not_in_force"] | passed_on_for_sure | states["decided"] | states["decided_early"]
        return cq.Contribution(on=requests.received_on, until=requests.decided_on, outcome=outcome, certain=certain)

    def owed(self, requests: AccessRequest, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when each request is due for a decision or a complete notice, and when it got one or was withdrawn.

        A notice that came too late ends nothing: the requester still waits for the decision.
        """
        due, notices = due_to_notify(requests, as_of), requests.notices
        complete = (notices.rows.states_reason == "yes") & ~np.isnat(notices.rows.promised_on)
        told = notices.first(notices.rows.sent_on, complete)
        done = np.fmin(ended(requests), only(told <= due.at, told))
        return cq.Owed(due=attrs.evolve(due, at=only(~passed_on(requests, as_of, due.at), due.at)), done=done)


@attrs.frozen
class AccessDecided(AccessMetric):
    """Share of requests decided within the deadline for deciding them.

    It applies to public and party access received from 2014 on, to requests of before that were still undecided then,
    to personal data received from 25 May 2018 on and to environmental information.
    by_tier: see the reading `tiers`.
    """

    id = "correspondence.access-decided"
    version = 2
    title = {"en": "Access: decided in time", "da": "Aktindsigt: færdigbehandlet rettidigt"}
    limits = {
        "en": "Which requests are special is as registered, not judged here. A longer term for personal data and "
        "environmental information is counted from the first notice with a reason that was sent in time.",
        "da": "Hvilke anmodninger der er særlige, er som registreret og ikke vurderet her. En længere frist for "
        "personoplysninger og miljøoplysninger regnes efter den første rettidige underretning med begrundelse.",
    }
    outcomes = cq.outcomes(
        not_in_force=cq.OUT,
        withdrawn=cq.OUT,
        transitional_in_time=cq.YES,
        transitional_in_time_early=cq.YES,
        transitional_late=cq.NO,
        transitional_open_overdue=cq.NO,
        **cq.SETTLED,
    )
    words = {
        **AccessMetric.words,
        "transitional_in_time": {"en": "in time, from before 2014", "da": "rettidigt, fra før 2014"},
        "transitional_in_time_early": {
            "en": "in time, from before 2014, not yet due",
            "da": "rettidigt, fra før 2014, frist ikke udløbet",
        },
        "transitional_late": {"en": "late, from before 2014", "da": "for sent, fra før 2014"},
        "transitional_open_overdue": {
            "en": "open and overdue, from before 2014",
            "da": "åben over frist, fra før 2014",
        },
        "by_tier": {"en": "the guide for each tier counts", "da": "de vejledende frister efter sagens art tæller"},
    }
    readings = cq.readings(
        tiers=cq.choose(
            usual="guides",
            why={
                "en": "the Act says seven working days unless a request is exceptional; how long then, its travaux say",
                "da": "loven siger syv arbejdsdage, medmindre sagen er særlig; hvor længe da, siger forarbejderne",
            },
            says={
                "guides": {
                    "en": "each request counts against the guide for its tier: 2, 7, 14 or 40 working days",
                    "da": "hver anmodning måles mod den vejledende frist efter dens art: 2, 7, 14 eller 40 arbejdsdage",
                },
                "act": {
                    "en": "every request counts against the seven working days of the Act",
                    "da": "alle anmodninger måles mod lovens syv arbejdsdage",
                },
            },
            guides={"by_tier": True},
            act={"by_tier": False},
        ),
        transition=cq.choose(
            usual="from_receipt",
            why={
                "en": "the Act decides requests from before 2014 that were undecided then (§ 42, stk. 2), and does not "
                "say from when their seven days run",
                "da": "loven afgør anmodninger fra før 2014, som da ikke var afgjort (§ 42, stk. 2), og siger ikke, "
                "hvornår deres syv dage løber fra",
            },
            says={
                "from_receipt": {
                    "en": "their seven working days run from receipt",
                    "da": "deres syv arbejdsdage løber fra modtagelsen",
                },
                "left_out": {"en": "they are left out", "da": "de holdes ude"},
            },
            from_receipt={},
            left_out={"transitional_*": cq.OUT},
        ),
        cohort=cq.cohort("received", "closed", "matured", why=COHORT),
    )
    by_tier: bool = True

    def contribute(self, requests: AccessRequest, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return each request's state against the deadline for deciding it; it ends with its decision or withdrawal."""
        due = due_to_decide(requests, as_of, by_tier=self.by_tier)
        states, passed = as_of.settle(due, ended(requests)), transitional(requests, as_of)
        not_in_force = due.none & ~np.isnat(requests.received_on)
        outcome = self.outcomes.pick(
            not_in_force=not_in_force,
            withdrawn=np.isnat(requests.decided_on) & (states["in_time"] | states["in_time_early"]),
            **{f"transitional_{state}": passed & states[state] for state in TOLD_APART},
            **states,
        )
        certain = not_in_force | (~requests.act.isin(EXTENDABLE) & requests.known("decided_on", "withdrawn_on"))
        return cq.Contribution(on=requests.received_on, until=ended(requests), outcome=outcome, certain=certain)

    def owed(self, requests: AccessRequest, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when each request is due for a decision, and when it was decided or else withdrawn."""
        return cq.Owed(due=due_to_decide(requests, as_of, by_tier=self.by_tier), done=ended(requests))
