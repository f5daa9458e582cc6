"""Requests for access that took longer: were requesters told, how often, and were the promised dates kept?"""

from __future__ import annotations

import attrs
import numpy as np

import casequality as cq
from casequality_correspondence.access import AccessMetric
from casequality_correspondence.acts import DECIDE, due_to_decide, ended
from casequality_correspondence.records import AccessRequest
from casequality_correspondence.sources import DELAY, PROMISES, WORDS
from casequality_correspondence.told import only

NOTICE_OWED = ("public_access", "party_access")
"""The Acts by which a request that is not decided in time calls for a notice of delay."""
NOTICES_THAT_COUNT = {
    "complete_in_time": {
        "en": "a notice with reason and date, sent by the due day",
        "da": "en underretning med begrundelse og dato, sendt senest på fristdagen",
    },
    "complete": {
        "en": "a notice with reason and date, whenever it was sent",
        "da": "en underretning med begrundelse og dato, uanset hvornår den er sendt",
    },
    "in_time": {
        "en": "a notice sent by the due day, whatever it says",
        "da": "en underretning sendt senest på fristdagen, uanset hvad den oplyser",
    },
    "sent": {
        "en": "any notice, whenever it was sent and whatever it says",
        "da": "enhver underretning, uanset hvornår den er sendt, og hvad den oplyser",
    },
}


@attrs.frozen
class AccessDelayNotified(AccessMetric):
    """Share, of the requests not decided by their deadline, whose requester was told why and when to expect it.

    Public and party access by the Acts of 2013; open requests count as well as decided ones.
    """

    id = "correspondence.access-delay-notified"
    version = 2
    title = {"en": "Access: notified of delay", "da": "Aktindsigt: underrettet om forsinkelse"}
    citation = DELAY
    limits = {
        "en": "Each request counts on its due day. Whether the promised date was kept is another figure.",
        "da": "Hver anmodning tæller på sin fristdag. Om den lovede dato blev holdt, er et andet tal.",
    }
    outcomes = cq.outcomes(
        not_owed=cq.OUT,
        undated=cq.UNKNOWN,
        pending=cq.OUT,
        complete_in_time=cq.YES,
        in_time_complete_later=cq.NO,
        incomplete_in_time=cq.NO,
        complete_late=cq.NO,
        incomplete_late=cq.NO,
        none=cq.NO,
    )
    words = {
        **AccessMetric.words,
        "not_owed": {"en": "no notice owed", "da": "ingen pligt til underretning"},
        "complete_in_time": {"en": "in time, with reason and date", "da": "rettidigt, med begrundelse og dato"},
        "in_time_complete_later": {
            "en": "in time, reason and date later",
            "da": "rettidigt, begrundelse og dato senere",
        },
        "incomplete_in_time": {"en": "in time, incomplete", "da": "rettidigt, ufuldstændigt"},
        "complete_late": {"en": "late, with reason and date", "da": "for sent, med begrundelse og dato"},
        "incomplete_late": {"en": "late, incomplete", "da": "for sent, ufuldstændigt"},
        "none": {"en": "no notice", "da": "ingen underretning"},
    }
    readings = cq.readings(
        notice=cq.choose(
            usual="complete_in_time",
            why={
                "en": "the Acts want the reason and the expected date, and do not say by when the notice must be sent",
                "da": "lovene kræver grunden og det forventede tidspunkt og siger ikke, hvornår underretningen skal "
                "være sendt",
            },
            says=NOTICES_THAT_COUNT,
            complete_in_time={},
            complete=dict.fromkeys(("in_time_complete_later", "complete_late"), cq.YES),
            in_time=dict.fromkeys(("in_time_complete_later", "incomplete_in_time"), cq.YES),
            sent={"in_time_complete_later": cq.YES, "incomplete_*": cq.YES, "complete_late": cq.YES},
        ),
    )

    def contribute(self, requests: AccessRequest, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return what was sent in each request that was not decided by its deadline."""
        due, notices = due_to_decide(requests, as_of), requests.notices
        states = as_of.settle(due, ended(requests))
        in_time = states["in_time"] | states["in_time_early"]
        known = ~np.isnat(requests.received_on)
        never_owed = ~requests.act.isin(NOTICE_OWED) | (due.none & known)
        not_owed = never_owed | in_time
        first = notices.first(notices.rows.sent_on)
        complete = (notices.rows.states_reason == "yes") & ~np.isnat(notices.rows.promised_on)
        first_complete = notices.first(notices.rows.sent_on, complete)
        owed = states["late"] | states["open_overdue"]
        sent_in_time = as_of.kept(due, first, owed)
        outcome = self.outcomes.pick(
            not_owed=not_owed,
            undated=states["undated"],
            pending=states["pending"],
            complete_in_time=as_of.kept(due, first_complete, owed),
            in_time_complete_later=sent_in_time & ~np.isnat(first_complete),
            incomplete_in_time=sent_in_time,
            complete_late=~np.isnat(first_complete),
            incomplete_late=~np.isnat(first),
        )
        placed = np.where(due.none, requests.received_on, due.at)
        certain = never_owed | ((in_time | states["pending"]) & requests.known("decided_on", "withdrawn_on"))
        return cq.Contribution(on=placed, outcome=outcome, certain=certain)

    def owed(self, requests: AccessRequest, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when each request is due, and whether its requester was told in time, and of which day at last."""
        due, notices = due_to_decide(requests, as_of), requests.notices
        rows = notices.rows
        mine = attrs.evolve(due, at=only(requests.act.isin(NOTICE_OWED), due.at))
        promised = notices.last(rows.promised_on, ~np.isnat(rows.promised_on))
        notified = notices.first(rows.sent_on) <= due.at
        return cq.Owed(due=mine, done=ended(requests), notified=notified, promised=promised)


@attrs.frozen
class AccessPromisesKept(AccessMetric):
    """Share of the requests in which a date was promised whose promise was kept, by a decision no later than it."""

    id = "correspondence.access-promises-kept"
    version = 2
    title = {"en": "Access: promised dates kept", "da": "Aktindsigt: lovede datoer holdt"}
    citation = PROMISES
    limits = {
        "en": "A later promise never mends one that was broken, and a promise kept mends no deadline.",
        "da": "Et senere løfte retter ikke op på et, der er brudt, og et holdt løfte retter ikke op på en frist.",
    }
    child_rows_bring_in = True
    outcomes = cq.outcomes(
        withdrawn=cq.OUT,
        kept=cq.YES,
        kept_after_moving=cq.NO,
        broken=cq.NO,
        moved=cq.NO,
        waiting=cq.OPEN,
        no_promise=cq.OUT,
    )
    words = {
        **AccessMetric.words,
        "withdrawn": {"en": "withdrawn undecided", "da": "trukket tilbage uden afgørelse"},
        "kept": {"en": "every promise kept", "da": "alle løfter holdt"},
        "kept_after_moving": {
            "en": "the last promise kept, not the first",
            "da": "det sidste løfte holdt, ikke det første",
        },
        "broken": {"en": "the last promise broken", "da": "det sidste løfte brudt"},
        "moved": {"en": "open, a promise broken, a later one made", "da": "åben, et løfte brudt, et nyt givet"},
        "waiting": {"en": "open, the promised date to come", "da": "åben, den lovede dato ikke nået"},
        "no_promise": {"en": "no date promised", "da": "ingen dato lovet"},
    }
    readings = cq.readings(
        promise=cq.choose(
            usual="every",
            why={
                "en": "no source says which of several promised dates must be kept",
                "da": "ingen kilde siger, hvilken af flere lovede datoer der skal holdes",
            },
            says={
                "every": {"en": "every promised date must be kept", "da": "alle lovede datoer skal holdes"},
                "last": {
                    "en": "the last promised date must be kept",
                    "da": "den sidst lovede dato skal holdes",
                },
            },
            every={},
            last={"kept_after_moving": cq.YES, "moved": cq.OPEN},
        ),
    )

    def contribute(self, requests: AccessRequest, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether the dates promised in each request were kept."""
        notices, promised = requests.notices, requests.notices.rows.promised_on
        last = notices.last(promised, ~np.isnat(promised))
        decided = requests.decided_on
        end = np.where(np.isnat(decided), as_of.day, decided)
        given, is_decided = notices.any(~np.isnat(promised)), ~np.isnat(decided)
        one_broken = notices.any(promised < notices.of_parent(end))
        outcome = self.outcomes.pick(
            withdrawn=~is_decided & ~np.isnat(requests.withdrawn_on),
            kept=given & is_decided & ~one_broken,
            kept_after_moving=is_decided & (decided <= last),
            broken=given & (last < end),
            moved=given & one_broken,
            waiting=given,
        )
        return cq.Contribution(on=requests.received_on, until=decided, outcome=outcome)

    def owed(self, requests: AccessRequest, as_of: cq.AsOf, /) -> cq.Owed:
        """Return the day promised last in each request, NaT for none, as the day on which it is due."""
        rows = requests.notices.rows
        promised = requests.notices.last(rows.promised_on, ~np.isnat(rows.promised_on))
        # the days left are counted as in the Act; which of them a request is under is no matter to a promise
        due = attrs.evolve(as_of.due(DECIDE["public_access"], requests.received_on), at=promised)
        return cq.Owed(due=due, done=ended(requests), notified=~np.isnat(promised), promised=promised)


@attrs.frozen
class AccessNotices(cq.Metric):
    """Mean number of notices a request, open and decided ones."""

    id = "correspondence.access-notices"
    version = 1
    title = {"en": "Access: notices a request", "da": "Aktindsigt: underretninger pr. anmodning"}
    unit = cq.units.Unit("notices", "underretninger", "notices", decimals=2)
    statistic = cq.statistics.Mean()
    records = AccessRequest
    citation = PROMISES
    limits = {
        "en": "A request that is still open can get more. Few notices may mean fast decisions or silence.",
        "da": "En åben anmodning kan få flere. Få underretninger kan betyde hurtige afgørelser eller tavshed.",
    }
    outcomes = cq.outcomes(several=cq.YES, one=cq.YES, none=cq.YES)
    words = {
        **WORDS,
        "several": {"en": "several notices", "da": "flere underretninger"},
        "one": {"en": "one notice", "da": "én underretning"},
        "none": {"en": "no notice", "da": "ingen underretning"},
    }

    def contribute(self, requests: AccessRequest, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how many notices were sent in each request."""
        sent = requests.notices.count(~np.isnat(requests.notices.rows.sent_on))
        outcome = self.outcomes.pick(several=sent > 1, one=sent == 1)
        return cq.Contribution(on=requests.received_on, outcome=outcome, amount=sent)
