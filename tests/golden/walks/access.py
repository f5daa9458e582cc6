"""Requests for access to documents by four Acts, of which two were replaced on 1 January 2014."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tests.golden.walks.figures import (
    STATES,
    Figure,
    date,
    early_open,
    month,
    months_later,
    rows,
    shares,
    state,
    working_days_later,
)
from tests.golden.walks.winter_2014 import AS_OF, CLOSED, NEW_ACTS, PERIODS, Days, first_of, known

TIERS = {"simple": 2, "special": 14, "very_special": 40}
TRANSITIONAL = ("in_time", "in_time_early", "late", "open_overdue")
NOTIFIED = {
    **dict.fromkeys(("not_in_force", "passed_on", "withdrawn"), "out"),
    **dict.fromkeys(("decided", "decided_early", "notified", "notified_early"), "yes"),
    "notified_incomplete": "no",
    "notified_incomplete_early": "open",
    "pending": "open",
    "missed": "no",
}
DECIDED = {
    "not_in_force": "out",
    "withdrawn": "out",
    **STATES,
    **{f"transitional_{name}": STATES[name] for name in TRANSITIONAL},
}
DELAYED = {
    "not_owed": "out",
    "pending": "out",
    "complete_in_time": "yes",
    **dict.fromkeys(("in_time_complete_later", "incomplete_in_time", "complete_late", "incomplete_late", "none"), "no"),
}
COUNTING = {
    "complete_in_time": (),
    "complete": ("in_time_complete_later", "complete_late"),
    "in_time": ("in_time_complete_later", "incomplete_in_time"),
    "sent": ("in_time_complete_later", "incomplete_in_time", "incomplete_late", "complete_late"),
}
PROMISED = {
    "withdrawn": "out",
    "kept": "yes",
    "kept_after_moving": "no",
    "broken": "no",
    "moved": "no",
    "waiting": "open",
    "no_promise": "out",
}


class Request(NamedTuple):
    """A request as it was known at the as-of; notices are (sent, states the reason, promised)."""

    act: str
    tier: str
    received: dt.date
    decided: Days
    withdrawn: Days
    notices: list[tuple[dt.date, bool, Days]]

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Request | None:
        """Return a request received before the as-of."""
        received, decided, withdrawn = (known(row[name]) for name in ("received_on", "decided_on", "withdrawn_on"))
        mine = [
            each for each in rows("correspondence/access_requests.notices.csv") if each["request"] == row["request"]
        ]
        sent = [
            (day, each["states_reason"] == "yes", date(each["promised_on"]))
            for each in mine
            if (day := known(each["sent_on"]))
        ]
        return cls(row["act"], row["tier"], received, decided, withdrawn, sorted(sent)) if received else None

    @property
    def transitional(self) -> bool:
        """Whether it came before 2014 under the old Act on public access and was running still at New Year."""
        running = self.ended is None or self.ended >= NEW_ACTS
        return self.act == "public_access" and self.received < NEW_ACTS and running

    @property
    def ended(self) -> Days:
        """When it was decided, or else withdrawn."""
        return self.decided or self.withdrawn

    def sent(self, *, complete: bool) -> Days:
        """Return when the first notice was sent, or the first that has both a reason and a date."""
        return first_of(*(day for day, reason, promised in self.notices if not complete or (reason and promised)))


def access(requests: list[Request]) -> Iterator[Figure]:
    """Yield every figure of requests for access."""
    yield from decided(requests)
    yield from delay_notified(requests)
    yield from notices(requests)
    yield from notified(requests)
    yield from promises(requests)


def decided(requests: list[Request]) -> Iterator[Figure]:
    metric = "correspondence.access-decided"
    by_receipt = [(month(each.received), _decided(each, by_tier=True)) for each in requests]
    by_end = [(month(each.ended), _decided(each, by_tier=True)) for each in requests if each.ended]
    by_act = [(month(each.received), _decided(each, by_tier=False)) for each in requests]
    left_out = {name: "out" if name.startswith("transitional") else role for name, role in DECIDED.items()}
    for reading, placed, roles in (
        ({}, by_receipt, DECIDED),
        ({"tiers": "guides"}, by_receipt, DECIDED),
        ({"tiers": "act"}, by_act, DECIDED),
        ({"transition": "from_receipt"}, by_receipt, DECIDED),
        ({"transition": "left_out"}, by_receipt, left_out),
        ({"cohort": "received"}, by_receipt, DECIDED),
        ({"cohort": "closed"}, by_end, DECIDED),
        ({"cohort": "matured"}, by_receipt, early_open(DECIDED)),
    ):
        yield from shares(metric, reading, PERIODS, placed, roles)


def _due(request: Request, *, by_tier: bool) -> Days:
    """Return when a request must be decided, None where no rule of its day says so."""
    if request.act == "environment":
        due = months_later(request.received, 1)
        told = first_of(*(sent for sent, reason, _ in request.notices if reason))
        return months_later(request.received, 2) if told and told <= due else due
    ordinary = request.act in ("public_access", "party_access") and request.received >= NEW_ACTS
    if not ordinary and not request.transitional:
        return None
    guide = by_tier and ordinary and request.act == "public_access"
    return working_days_later(request.received, TIERS.get(request.tier, 7) if guide else 7, CLOSED)


def _decided(request: Request, *, by_tier: bool) -> str:
    due = _due(request, by_tier=by_tier)
    if due is None:
        return "not_in_force"
    if not request.decided and request.withdrawn and request.withdrawn <= due:
        return "withdrawn"
    found = state(due, request.ended, AS_OF)
    return f"transitional_{found}" if request.transitional and found in TRANSITIONAL else found


def delay_notified(requests: list[Request]) -> Iterator[Figure]:
    metric = "correspondence.access-delay-notified"
    placed = [(month(_due(each, by_tier=True) or each.received), _delayed(each)) for each in requests]
    yield from shares(metric, {}, PERIODS, placed, DELAYED)
    for name, counting in COUNTING.items():
        yield from shares(metric, {"notice": name}, PERIODS, placed, {**DELAYED, **dict.fromkeys(counting, "yes")})


def _delayed(request: Request) -> str:
    due, ended = _due(request, by_tier=True), request.decided or request.withdrawn
    if due is None or request.act == "environment" or (ended and ended <= due):
        return "not_owed"
    if ended is None and due >= AS_OF:
        return "pending"
    first, complete = request.sent(complete=False), request.sent(complete=True)
    if complete and complete <= due:
        return "complete_in_time"
    if first and first <= due:
        return "in_time_complete_later" if complete else "incomplete_in_time"
    return "complete_late" if complete else "incomplete_late" if first else "none"


def notices(requests: list[Request]) -> Iterator[Figure]:
    for period in PERIODS:
        sent = [len(each.notices) for each in requests if month(each.received) == period]
        outcomes = dict(sorted(Counter("none" if not n else "one" if n == 1 else "several" for n in sent).items()))
        reason = None if sent else "no data"
        yield Figure("correspondence.access-notices", {}, period, sum(sent), len(sent), reason, outcomes)


def notified(requests: list[Request]) -> Iterator[Figure]:
    metric = "correspondence.access-notified-or-decided"
    placed = [(month(each.received), _notified(each)) for each in requests]
    kept = {**NOTIFIED, "notified_incomplete": "yes", "notified_incomplete_early": "yes"}
    yield from shares(metric, {}, PERIODS, placed, NOTIFIED)
    yield from shares(metric, {"incomplete": "missed"}, PERIODS, placed, NOTIFIED)
    yield from shares(metric, {"incomplete": "kept"}, PERIODS, placed, kept)
    yield from shares(metric, {"cohort": "received"}, PERIODS, placed, NOTIFIED)
    yield from shares(metric, {"cohort": "matured"}, PERIODS, placed, early_open(NOTIFIED))


def _notified(request: Request) -> str:
    if request.act in ("public_access", "party_access") and request.received >= NEW_ACTS:
        return "not_in_force"
    due = request.received + dt.timedelta(days=28 if request.act == "personal_data" else 10)
    if request.transitional and due >= NEW_ACTS:
        return "passed_on"
    in_time = {
        "decided": request.decided,
        "notified": request.sent(complete=True),
        "withdrawn": request.withdrawn,
        "notified_incomplete": request.sent(complete=False),
    }
    for name, day in in_time.items():
        if day and day <= due:
            return name if due < AS_OF or name == "withdrawn" else f"{name}_early"
    return "missed" if due < AS_OF else "pending"


def promises(requests: list[Request]) -> Iterator[Figure]:
    metric = "correspondence.access-promises-kept"
    placed = [(month(each.received), _promised(each)) for each in requests]
    yield from shares(metric, {}, PERIODS, placed, PROMISED)
    yield from shares(metric, {"promise": "every"}, PERIODS, placed, PROMISED)
    last = {**PROMISED, "kept_after_moving": "yes", "moved": "open"}
    yield from shares(metric, {"promise": "last"}, PERIODS, placed, last)


def _promised(request: Request) -> str:
    dates, end = [promised for _, _, promised in request.notices if promised], request.decided or AS_OF
    if not request.decided and request.withdrawn:
        return "withdrawn"
    if not dates:
        return "no_promise"
    broken = min(dates) < end
    if request.decided:
        return "kept" if not broken else "kept_after_moving" if request.decided <= dates[-1] else "broken"
    return "broken" if dates[-1] < end else "moved" if broken else "waiting"
