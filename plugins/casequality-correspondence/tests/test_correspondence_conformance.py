"""Every metric and record type of the plugin against every law of the kit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs

import casequality as cq
import casequality.testing as kit
import casequality_correspondence as plugin

SILENCE = cq.deadlines.Deadline(
    id="keep-informed",
    title={"en": "Word along the way", "da": "Besked undervejs"},
    kind="step",
    terms="4 weeks",
    calendar="dk-statutory",
)
REACTION = attrs.evolve(SILENCE, id="reaction", title={"en": "Reaction", "da": "Reaktion"}, terms="5 working days")
OTHER = attrs.evolve(SILENCE, id="another", terms="1 week")
SHORTER = cq.deadlines.Schedule(
    id="shorter",
    title={"en": "Shorter", "da": "Kortere"},
    calendar="dk-statutory",
    by_kind={"north": "3 working days"},
)


class ReplyGuarantee(kit.MetricConformance):
    metric = plugin.ReplyGuarantee
    as_of = "2006-09-01"
    deadlines = (SHORTER,)
    others = {"statutory": "shorter", "deadline": "access/decide-transitional"}


class AccessNotifiedOrDecided(kit.MetricConformance):
    metric = plugin.AccessNotifiedOrDecided
    as_of = "2014-02-01"


class AccessDecided(kit.MetricConformance):
    metric = plugin.AccessDecided
    as_of = "2014-01-10"


class AccessDelayNotified(kit.MetricConformance):
    metric = plugin.AccessDelayNotified
    as_of = "2014-05-01"


class AccessPromisesKept(kit.MetricConformance):
    metric = plugin.AccessPromisesKept

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        decided = case["decided_on"]
        sent = sorted(case["notices"], key=lambda each: each["sent_on"] or dt.date.min)
        promised = [each["promised_on"] for each in sent if each["promised_on"]]
        if decided is None and case["withdrawn_on"] is not None:
            return "withdrawn"
        if not promised:
            return "no_promise"
        if decided is not None:
            if decided <= min(promised):
                return "kept"
            return "kept_after_moving" if decided <= promised[-1] else "broken"
        if promised[-1] < as_of:
            return "broken"
        return "moved" if min(promised) < as_of else "waiting"


class KeptInformed(kit.MetricConformance):
    metric = plugin.KeptInformed
    deadlines = (SILENCE, OTHER)

    def oracle(self, case: dict[str, Any], as_of: dt.date) -> Any:
        received, ended = case["received_on"], case["ended_on"]
        if received is None:
            return "undated"
        longest = dt.timedelta(weeks=4)
        if ended is not None and ended - received <= longest:
            return "ended_before_due"
        told = sorted(each["sent_on"] for each in case["messages"] if each["sent_on"])
        starts = [day for day in (received, *told) if ended is None or day <= ended]
        ends = [*starts[1:], ended or as_of]
        silences = [end - start for start, end in zip(starts, ends, strict=True)]
        if max(silences) > longest:
            return "informed_sometimes" if case["messages"] else "never_informed"
        return "informed" if ended is not None else "running"

    others = {"interval": "another"}


class ReactedInTime(kit.MetricConformance):
    metric = plugin.ReactedInTime
    deadlines = (REACTION, OTHER)
    others = {"deadline": "another"}


TestPlugin = kit.every_law(
    plugin,
    ReplyGuarantee,
    AccessNotifiedOrDecided,
    AccessDecided,
    AccessDelayNotified,
    AccessPromisesKept,
    KeptInformed,
    ReactedInTime,
    examples=6,
)
