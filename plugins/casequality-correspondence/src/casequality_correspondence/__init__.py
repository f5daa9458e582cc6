"""Correspondence with citizens: replies, access to documents, word along the way, reactions to what arrives."""

from __future__ import annotations

import casequality as cq
from casequality_correspondence.access import AccessDecided, AccessNotifiedOrDecided
from casequality_correspondence.along_the_way import KeptInformed, ReactedInTime, ReactionTime
from casequality_correspondence.delays import AccessDelayNotified, AccessNotices, AccessPromisesKept
from casequality_correspondence.records import (
    AccessNotice,
    AccessRequest,
    Acknowledgement,
    Enquiry,
    Incoming,
    Message,
    RunningCase,
)
from casequality_correspondence.reply_guarantee import ReplyGuarantee

__all__ = [
    "AccessDecided",
    "AccessDelayNotified",
    "AccessNotice",
    "AccessNotices",
    "AccessNotifiedOrDecided",
    "AccessPromisesKept",
    "AccessRequest",
    "Acknowledgement",
    "Enquiry",
    "Incoming",
    "KeptInformed",
    "Message",
    "ReactedInTime",
    "ReactionTime",
    "ReplyGuarantee",
    "RunningCase",
    "casequality_metrics",
]


@cq.hookimpl
def casequality_metrics() -> list[type[cq.Metric]]:
    """Return the metrics of correspondence."""
    return [
        AccessDecided,
        AccessDelayNotified,
        AccessNotices,
        AccessNotifiedOrDecided,
        AccessPromisesKept,
        KeptInformed,
        ReactedInTime,
        ReactionTime,
        ReplyGuarantee,
    ]
