"""Correspondence: the reply guarantee and access to documents around New Year 2014, and what comes along the way."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tests.golden.walks.access import Request, access
from tests.golden.walks.figures import (
    STATES,
    Figure,
    Row,
    days_to_half,
    early_open,
    month,
    rows,
    shares,
    state,
    working_days_later,
)
from tests.golden.walks.winter_2014 import AS_OF, CLOSED, NEW_ACTS, PERIODS, Days, first_of, known

DELIVERED = ("letter", "email", "digital_post")
GUARANTEE = {
    **dict.fromkeys(("not_written", "replaced"), "out"),
    **dict.fromkeys(("answered", "answered_early", "acknowledged", "acknowledged_early"), "yes"),
    "acknowledged_incomplete": "no",
    "acknowledged_incomplete_early": "open",
    "pending": "open",
    "missed": "no",
}
INFORMED = {
    "ended_before_due": "out",
    "informed_sometimes": "no",
    "never_informed": "no",
    "running": "open",
    "informed": "yes",
}
FOUR_WEEKS = dt.timedelta(weeks=4)


class Item(NamedTuple):
    """Something that arrived in a case, as it was known at the as-of."""

    received: dt.date
    reacted: Days
    after_the_case: bool


def figures() -> Iterator[Figure]:
    """Yield every figure of the set."""
    yield from access([request for row in rows("correspondence/access_requests.csv") if (request := Request.of(row))])
    yield from kept_informed()
    items = list(arrived())
    yield from reacted_in_time(items)
    yield from reaction_time(items)
    yield from reply_guarantee()


def kept_informed() -> Iterator[Figure]:
    metric, by_end, by_receipt = "correspondence.kept-informed", [], []
    messages = rows("correspondence/running_cases.messages.csv")
    for row in rows("correspondence/running_cases.csv"):
        received, ended = known(row["received_on"]), known(row["ended_on"])
        if received:
            told = [day for each in messages if each["case"] == row["case"] and (day := known(each["sent_on"]))]
            outcome = _informed(received, ended, sorted(told))
            by_receipt.append((month(received), outcome))
            by_end += [(month(ended), outcome)] if ended else []
    at_all = {**INFORMED, "informed_sometimes": "yes"}
    for reading, placed, roles in (
        ({}, by_end, INFORMED),
        ({"informed": "regularly"}, by_end, INFORMED),
        ({"informed": "at_all"}, by_end, at_all),
        ({"cohort": "closed"}, by_end, INFORMED),
        ({"cohort": "received"}, by_receipt, INFORMED),
    ):
        yield from shares(metric, reading, PERIODS, placed, roles)


def _informed(received: dt.date, ended: Days, told: list[dt.date]) -> str:
    if ended and ended <= received + FOUR_WEEKS:
        return "ended_before_due"
    words = [received, *told, ended or AS_OF]
    if any(later - earlier > FOUR_WEEKS for earlier, later in itertools.pairwise(words)):
        return "informed_sometimes" if told else "never_informed"
    return "informed" if ended else "running"


def arrived() -> Iterator[Item]:
    for row in rows("correspondence/incoming_information.csv"):
        received, reacted, ended = (known(row[name]) for name in ("received_on", "reacted_on", "case_ended_on"))
        if received:
            yield Item(received, first_of(reacted, ended), bool(ended and ended < received))


def reacted_in_time(items: list[Item]) -> Iterator[Figure]:
    metric, roles = "correspondence.reacted-in-time", {**STATES, "after_the_case": "out"}
    placed = [
        (
            month(item.received),
            "after_the_case"
            if item.after_the_case
            else state(working_days_later(item.received, 5, CLOSED), item.reacted, AS_OF),
        )
        for item in items
    ]
    yield from shares(metric, {}, PERIODS, placed, roles)
    yield from shares(metric, {"cohort": "received"}, PERIODS, placed, roles)
    yield from shares(metric, {"cohort": "matured"}, PERIODS, placed, early_open(roles))


def reaction_time(items: list[Item]) -> Iterator[Figure]:
    for period in PERIODS:
        mine = [item for item in items if month(item.received) == period]
        counted = [item for item in mine if not item.after_the_case]
        ended = [(item.reacted - item.received).days for item in counted if item.reacted]
        waiting = [(AS_OF - item.received).days for item in counted if not item.reacted]
        outcomes = {"after_the_case": len(mine) - len(counted), "reacted": len(ended), "waiting": len(waiting)}
        there = {name: count for name, count in outcomes.items() if count}
        yield Figure("correspondence.reaction-time", {}, period, *days_to_half(ended, waiting), there)


def reply_guarantee() -> Iterator[Figure]:
    metric, cohort = "correspondence.reply-guarantee", {"cohort": "matured"}
    placed = list(_guaranteed(automatic=False))
    kept = {**GUARANTEE, "acknowledged_incomplete": "yes", "acknowledged_incomplete_early": "yes"}
    yield from shares(metric, {}, PERIODS, placed, GUARANTEE)
    yield from shares(metric, {"incomplete": "missed"}, PERIODS, placed, GUARANTEE)
    yield from shares(metric, {"incomplete": "kept"}, PERIODS, placed, kept)
    yield from shares(metric, {"automatic": "left_out"}, PERIODS, placed, GUARANTEE)
    yield from shares(metric, {"automatic": "counted"}, PERIODS, _guaranteed(automatic=True), GUARANTEE)
    yield from shares(metric, {"cohort": "received"}, PERIODS, placed, GUARANTEE)
    yield from shares(metric, cohort, PERIODS, placed, early_open(GUARANTEE))


def _guaranteed(*, automatic: bool) -> Iterator[tuple[str, str]]:
    receipts = rows("correspondence/enquiries.acknowledgements.csv")
    for row in rows("correspondence/enquiries.csv"):
        if received := known(row["received_on"]):
            mine = [each for each in receipts if each["enquiry"] == row["enquiry"] and each["written"] != "no"]
            yield (
                month(received),
                _kept(row, received, [each for each in mine if automatic or each["automatic"] != "yes"]),
            )


def _kept(row: Mapping[str, str], received: dt.date, receipts: list[Row]) -> str:
    due = working_days_later(received, 10, CLOSED)
    if row["channel"] not in DELIVERED:
        return "not_written"
    if (shorter := _by_act(row["act"], received)) and shorter < due:
        return "replaced"
    answered = known(row["answered_on"]) if row["answered_in_writing"] != "no" else None
    complete = [each for each in receipts if each["states_deadline"] == "yes" or row["has_deadline"] == "no"]
    best = {"answered": [answered]} | {
        name: [known(each["sent_on"]) for each in some]
        for name, some in (("acknowledged", complete), ("acknowledged_incomplete", receipts))
    }
    for name, days in best.items():
        if any(day and day <= due for day in days):
            return name if due < AS_OF else f"{name}_early"
    return "missed" if due < AS_OF else "pending"


def _by_act(act: str, received: dt.date) -> Days:
    """Return the first day by which the Act wants a decision or a notice, None for no request for access."""
    if act in ("public_access", "party_access") and received >= NEW_ACTS:
        return working_days_later(received, 7, CLOSED)
    days = {"public_access": 10, "party_access": 10, "personal_data": 28, "environment": 10}.get(act)
    return received + dt.timedelta(days=days) if days else None
