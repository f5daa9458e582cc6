"""Complaints around the new code list of 2013: how many, of what, how they ended, and what appeals changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from tests.golden.walks.figures import STATES, Figure, Quotient, Row, date, days_to_half, month, rows, shares, state

AS_OF = dt.date(2013, 2, 20)
PERIODS = ("2012-12", "2013-01", "2013-02")
NEXT = {"2012-12": dt.date(2013, 1, 1), "2013-01": dt.date(2013, 2, 1), "2013-02": dt.date(2013, 3, 1)}
LISTS = (
    (dt.date(2005, 1, 1), dt.date(2012, 12, 31), "conduct processing_time legal_requirements substance_of_decision"),
    (dt.date(2013, 1, 1), dt.date.max, "formal substantive both procurement"),
)
SUBJECTS = (
    *("processing_time_and_notice", "statutory_follow_up", "legal_guarantees", "contact_with_caseworkers"),
    *("uneven_treatment", "file_keeping", "access_to_documents", "restructuring", "other"),
)
SIGNALS = (
    *("long_processing_time", "how_service_is_given", "legal_guarantees", "contact_with_caseworkers"),
    "file_keeping",
)
STOPPED = {
    **dict.fromkeys(("decided", "withdrawn", "forwarded"), "no"),
    "stopped_after_contact": "yes",
    "ending_not_stated": "unknown",
    "open": "open",
}
REVERSED = {
    **dict.fromkeys(("changed", "remitted"), "yes"),
    "upheld": "no",
    "rejected": "out",
    "pending": "open",
    "outcome_not_stated": "unknown",
}


class Complaint(NamedTuple):
    """A complaint as it was known at the as-of."""

    kind: str
    received: dt.date
    ended: dt.date | None
    ending: str
    points: list[Row]
    satisfied: str


def figures() -> Iterator[Figure]:
    """Yield every figure of the set."""
    known = list(complaints())
    for period in PERIODS:
        yield from handled(known, period)
    for reading, counted in (({}, True), ({"off_list": "counted"}, True), ({"off_list": "unknown"}, False)):
        for period in PERIODS:
            yield received(known, period, reading, off_list_counts=counted)
    for reading, told_by, names in (
        ({}, "subject", SUBJECTS),
        ({"subjects": "problem_areas"}, "subject", SUBJECTS),
        ({"subjects": "signals"}, "signal", SIGNALS),
    ):
        for period in PERIODS:
            yield from points(known, period, reading, told_by, names)
    yield from per_thousand_decisions()
    yield from stopped(known)
    yield from reversal_rate()
    yield from satisfied(known)
    yield from lessons()


def complaints() -> Iterator[Complaint]:
    """Yield the complaints received before the as-of, without what happened later."""
    raised = rows("complaints/complaints.points.csv")
    for row in rows("complaints/complaints.csv"):
        if day := _known(row["received_on"]):
            ended = _known(row["ended_on"])
            ending = (row["ending"] or "ending_not_stated") if ended else "open"
            mine = [each for each in raised if each["complaint"] == row["complaint"] and _known(each["raised_on"])]
            yield Complaint(row["kind"], day, ended, ending, mine, row["satisfied"])


def handled(known: list[Complaint], period: str) -> Iterator[Figure]:
    mine, end = [each for each in known if month(each.received) == period], NEXT[period]
    outcomes = _counted(each.ending for each in mine)
    left = sum(each.received < end and (each.ended is None or each.ended >= end) for each in known)
    stock: Quotient = (left, 1, None) if end <= AS_OF else (None, None, "not due yet")
    took = [(each.ended - each.received).days for each in mine if each.ended]
    waiting = [(AS_OF - each.received).days for each in mine if not each.ended]
    yield Figure("complaints.handled", {}, period, len(mine), 1, None, outcomes)
    yield Figure("complaints.pending", {}, period, *stock, outcomes)
    yield Figure("complaints.time-to-end", {}, period, *days_to_half(took, waiting), outcomes)


def received(known: list[Complaint], period: str, reading: dict[str, str], *, off_list_counts: bool) -> Figure:
    mine = [each for each in known if month(each.received) == period]
    outcomes = _counted("complaint" if _on_list(each) else "off_list" for each in mine)
    count = len(mine) if off_list_counts else outcomes.get("complaint", 0)
    return Figure("complaints.received", reading, period, count, 1, None, outcomes)


def points(
    known: list[Complaint], period: str, reading: dict[str, str], told_by: str, names: tuple[str, ...]
) -> Iterator[Figure]:
    mine = [each for each in known if month(each.received) == period]
    for facet in sorted(("all", *names)):
        counts = [sum(facet in ("all", point[told_by]) for point in each.points) for each in mine]
        count: Quotient = (sum(counts), 1, None) if counts else (0, 0, "no data")
        outcomes = _counted("raised" if each else "no_point" for each in counts)
        yield Figure("complaints.points", reading, period, *count, outcomes, facet)


def per_thousand_decisions() -> Iterator[Figure]:
    for period in PERIODS:
        mine = [row for row in rows("complaints/complaint_counts.csv") if row["month"][:7] == period]
        known = [row for row in mine if row["decisions"]]
        made, of = (sum(int(row[name]) for row in known) for name in ("complaints", "decisions"))
        reason = None if of else "not defined: divided by none" if made else "no data"
        facets = ((row, facet) for row in mine for facet in ("complaints", "decisions"))
        outcomes = _counted(facet if row["decisions"] else "decisions_not_known" for row, facet in facets)
        yield Figure("complaints.per-1000-decisions", {}, period, made, of, reason, outcomes)


def stopped(known: list[Complaint]) -> Iterator[Figure]:
    metric = "complaints.stopped-after-contact"
    by_receipt = [(month(each.received), each.ending) for each in known]
    by_end = [(month(each.ended), each.ending) for each in known if each.ended]
    yield from shares(metric, {}, PERIODS, by_receipt, STOPPED)
    yield from shares(metric, {"withdrawn": "not_stopped"}, PERIODS, by_receipt, STOPPED)
    yield from shares(metric, {"withdrawn": "stopped"}, PERIODS, by_receipt, {**STOPPED, "withdrawn": "yes"})
    yield from shares(metric, {"cohort": "received"}, PERIODS, by_receipt, STOPPED)
    yield from shares(metric, {"cohort": "closed"}, PERIODS, by_end, STOPPED)


def reversal_rate() -> Iterator[Figure]:
    metric, by_receipt, by_decision = "complaints.reversal-rate", [], []
    parts = rows("complaints/appeals.parts.csv")
    for row in rows("complaints/appeals.csv"):
        if day := _known(row["received_on"]):
            mine = [each for each in parts if each["appeal"] == row["appeal"] and _known(each["received_on"])]
            outcome, decided = _furthest(mine)
            by_receipt.append((month(day), outcome))
            by_decision += [(month(decided), outcome)] if decided else []
    counted = {**REVERSED, "rejected": "no"}
    yield from shares(metric, {}, PERIODS, by_decision, REVERSED)
    yield from shares(metric, {"rejected": "left_out"}, PERIODS, by_decision, REVERSED)
    yield from shares(metric, {"rejected": "counted"}, PERIODS, by_decision, counted)
    yield from shares(metric, {"cohort": "closed"}, PERIODS, by_decision, REVERSED)
    yield from shares(metric, {"cohort": "received"}, PERIODS, by_receipt, REVERSED)


def satisfied(known: list[Complaint]) -> Iterator[Figure]:
    metric, roles = "complaints.satisfied", {"open": "out", "not_registered": "out", "satisfied": "yes"}
    roles["not_satisfied"] = "no"
    said = {"yes": "satisfied", "no": "not_satisfied", "": "not_registered"}
    placed = [(each, said[each.satisfied] if each.ended else "open") for each in known]
    by_end = [(month(each.ended), outcome) for each, outcome in placed if each.ended]
    by_receipt = [(month(each.received), outcome) for each, outcome in placed]
    yield from shares(metric, {}, PERIODS, by_end, roles)
    yield from shares(metric, {"cohort": "closed"}, PERIODS, by_end, roles)
    yield from shares(metric, {"cohort": "received"}, PERIODS, by_receipt, roles)


def lessons() -> Iterator[Figure]:
    """Yield what complaints taught: how much, what was acted on, and what was spread."""
    acted_roles = {**STATES, "late": "yes", "no_day_set": "no", "done": "yes"}
    learned, acted, spread = [], [], []
    for row in rows("complaints/lessons.csv"):
        if day := _known(row["learned_on"]):
            due, done = date(row["due_on"]), _known(row["done_on"])
            learned.append((month(day), "learned"))
            no_day = "done" if done else "no_day_set"
            acted.append((month(day), state(due, done, AS_OF) if due else no_day))
            spread.append((month(day), "spread" if _known(row["spread_on"]) else "not_spread"))
    for period in PERIODS:
        outcomes = _counted(outcome for label, outcome in learned if label == period)
        yield Figure("complaints.lessons", {}, period, outcomes["learned"], 1, None, outcomes)
    in_time = {**acted_roles, "late": "no", "done": "unknown"}
    for reading, roles in (({}, acted_roles), ({"acted": "ever"}, acted_roles), ({"acted": "in_time"}, in_time)):
        yield from shares("complaints.lessons-acted-on", reading, PERIODS, acted, roles)
    yield from shares("complaints.lessons-spread", {}, PERIODS, spread, {"spread": "yes", "not_spread": "no"})


def _furthest(parts: list[Row]) -> tuple[str, dt.date | None]:
    """Return what went furthest in an appeal, and when the last of its decisions was settled."""
    days = [_known(part["decided_on"]) for part in parts]
    settled = [day for day in days if day]
    if not parts or len(settled) < len(parts):
        return "pending", None
    found = {part["outcome"] for part in parts}
    order = ("changed", "remitted", "upheld", "rejected")
    return next((name for name in order if name in found), "outcome_not_stated"), max(settled)


def _on_list(complaint: Complaint) -> bool:
    held = (kinds.split() for since, until, kinds in LISTS if since <= complaint.received <= until)
    return not complaint.kind or any(complaint.kind in kinds for kinds in held)


def _counted(outcomes: Iterator[str]) -> dict[str, int]:
    return dict(sorted(Counter(outcomes).items()))


def _known(text: str) -> dt.date | None:
    day = date(text)
    return day if day and day < AS_OF else None
