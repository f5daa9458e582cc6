"""The logs of cases: who holds each second of a case, how long it stands still, and what that costs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.golden.walks.case_types import due_on
from tests.golden.walks.figures import Figure, Quotient, Row, rows, shares

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
AS_OF = dt.datetime(2006, 8, 1, tzinfo=COPENHAGEN).astimezone(dt.UTC)
PERIODS = ("2006-Q1", "2006-Q2", "2006-Q3")
THRESHOLD = dt.timedelta(days=14)
TICK = dt.timedelta(microseconds=1)
CLASSES = ("active", "citizen", "internal_idle", "statutory_step", "third_party", "unexplained")
HOLDERS = ("", "active", "citizen", "third_party", "statutory_step", "internal")
OUTSIDE = ("citizen", "third_party")
CAUSES = (
    *("legal_requirements", "internal_rules", "missing_guidance", "citizen", "third_party", "organisation", "planning"),
    *("other", "contradicted", "not_stated"),
)
WITH_PERIOD = {"internal_idle": "yes", "unexplained": "unknown", "without": "no", "open_without": "open"}
KEPT = {
    **dict.fromkeys(("no_deadline", "open", "in_time"), "out"),
    "kind_not_stated": "unknown",
    "kept_without_idle": "yes",
    "kept_without_unexplained": "unknown",
    "late_anyway": "no",
}
SO_FAR = {"open_cases": "so_far"}
COHORTS: tuple[Mapping[str, str], ...] = ({}, {"cohort": "closed"}, {"cohort": "received"})


class Stretch(NamedTuple):
    """The time from one event to the next: how long, in which class, and by which cause."""

    lasts: dt.timedelta
    held: str
    cause: str


class Log(NamedTuple):
    """A case as it was known at the as-of."""

    kind: str
    received: dt.datetime
    decided: dt.datetime | None
    stretches: list[Stretch]

    def time_in(self, held: str) -> dt.timedelta:
        return sum((each.lasts for each in self.stretches if each.held == held), dt.timedelta())

    def standstills(self, held: str) -> int:
        return sum(each.held == held for each in self.stretches)


def figures() -> Iterator[Figure]:
    """Yield every figure of the logs."""
    known = list(logs())
    for name, facets, picked in (
        ("time-by-holder", CLASSES, _of_class),
        ("time-by-cause", CAUSES, _of_cause),
        ("idle-time-by-cause", tuple(cause for cause in CAUSES if cause not in OUTSIDE), _of_idle_cause),
    ):
        for reading in (*COHORTS, {"open_cases": "left_out"}, SO_FAR):
            yield from mean_times(f"case-flow.{name}", known, reading, facets, picked)
    for name in ("idle-hours", "idle-minutes"):
        for reading in (*COHORTS, {"open_cases": "left_out"}, SO_FAR):
            yield from mean_times(f"case-flow.{name}", known, reading, ("internal_idle", "unexplained"), _of_class)
    for reading in (*COHORTS, {"open_cases": "left_out"}, SO_FAR):
        yield from log_times(known, reading)
    yield from steps()
    for reading in (*COHORTS, {"unexplained": "not_dead"}, {"unexplained": "dead"}):
        yield from dead_share(known, reading)
    for reading in ({}, {"cohort": "received"}, {"cohort": "closed"}):
        yield from dead_periods(known, reading)
    for name, outcome, roles, unsettled in (
        ("with-dead-period", _stood_still, WITH_PERIOD, "unexplained"),
        ("kept-without-dead-time", _kept, KEPT, "kept_without_unexplained"),
    ):
        for reading in (*COHORTS, *({"unexplained": way} for way in ("unsettled", "dead", "not_dead"))):
            role = {"dead": "yes", "not_dead": "no"}.get(reading.get("unexplained", ""), "unknown")
            placed = [(_placed(log, reading), outcome(log)) for log in known]
            yield from shares(f"case-flow.{name}", reading, PERIODS, placed, {**roles, unsettled: role})


def logs() -> Iterator[Log]:
    """Yield the cases received before the as-of, their time cut at the events of which was known."""
    events = rows("case-flow/logged_cases.events.csv")
    for row in rows("case-flow/logged_cases.csv"):
        received, decided = _known(row["received_at"]), _known(row["decided_at"])
        if received:
            mine = [each for each in events if each["case"] == row["case"] and _known(each["at"])]
            end = decided or AS_OF
            yield Log(row["kind"], received, decided, list(_stretches(received, end, mine)))


def mean_times(
    metric: str,
    known: list[Log],
    reading: Mapping[str, str],
    facets: Iterable[str],
    picked: Callable[[Stretch, str], bool],
) -> Iterator[Figure]:
    """Yield the mean time of cases in each facet, in microseconds."""
    for period in PERIODS:
        mine = [log for log in known if _placed(log, reading) == period]
        outcomes = _counted("decided" if log.decided else "open" for log in mine)
        counted = [log for log in mine if log.decided or reading == SO_FAR]
        for facet in sorted(facets):
            ticks = sum(_ticks(each.lasts) for log in counted for each in log.stretches if picked(each, facet))
            value: Quotient = (ticks, len(counted), None if counted else "no data")
            yield Figure(metric, reading, period, *value, outcomes, facet)


def log_times(known: list[Log], reading: Mapping[str, str]) -> Iterator[Figure]:
    """Yield the medians of gross and net times and the longest gaps, in microseconds; the ranked in whole hours."""
    for period in PERIODS:
        mine = [log for log in known if _placed(log, reading) == period]
        outcomes = _counted("decided" if log.decided else "open" for log in mine)
        counted = [log for log in mine if log.decided or reading == SO_FAR]
        gross = [sum((each.lasts for each in log.stretches), dt.timedelta()) for log in counted]
        outside = [
            sum((log.time_in(held) for held in ("citizen", "third_party", "statutory_step")), dt.timedelta())
            for log in counted
        ]
        gaps = [max(each.lasts for each in log.stretches) for log in counted]
        net = [whole - part for whole, part in zip(gross, outside, strict=True)]
        for name, value in (
            ("gross-time-median", _ranked(gross, half=True)),
            ("net-time-median", _ranked(net, half=True)),
            ("longest-gap-of-all", _ranked(gaps, half=False)),
            ("longest-gap", (sum(map(_ticks, gaps)), len(gaps), None if gaps else "no data")),
        ):
            yield Figure(f"case-flow.{name}", reading, period, *value, outcomes)


def _ranked(spans: list[dt.timedelta], *, half: bool) -> Quotient:
    """Return the middle one, the lower of two, or the longest, without what is less than an hour."""
    if not spans:
        return 0, 0, "no data"
    hours = sorted(span // dt.timedelta(hours=1) for span in spans)
    return hours[(len(hours) - 1) // 2 if half else -1] * 3_600_000_000, 1, None


def steps() -> Iterator[Figure]:
    """Yield how many steps ended, and how long they took."""
    found = [
        (begun, _known(row["ended_at"])) for row in rows("case-flow/steps.csv") if (begun := _known(row["began_at"]))
    ]
    for reading in COHORTS:
        for period in PERIODS:
            mine = [
                (begun, ended)
                for begun, ended in found
                if _quarter(begun if reading.get("cohort") == "received" else ended) == period
            ]
            outcomes = _counted("ended" if ended else "under_way" for _, ended in mine)
            took = [ended - begun for begun, ended in mine if ended]
            none = None if took else "no data"
            number: Quotient = (len(took), 1, None) if mine else (0, 0, "no data")
            yield Figure("case-flow.steps", reading, period, *number, outcomes)
            yield Figure("case-flow.step-time", reading, period, sum(map(_ticks, took)), len(took), none, outcomes)
            yield Figure("case-flow.step-time-median", reading, period, *_ranked(took, half=True), outcomes)


def _quarter(at: dt.datetime | None) -> str:
    return f"{_day(at).year}-Q{(_day(at).month + 2) // 3}" if at else ""


def dead_share(known: list[Log], reading: Mapping[str, str]) -> Iterator[Figure]:
    """Yield the standstill of decided cases among all their time; each case counts in all three parts."""
    dead = ("internal_idle", "unexplained") if reading == {"unexplained": "dead"} else ("internal_idle",)
    for period in PERIODS:
        mine = [log for log in known if _placed(log, reading) == period]
        decided = [log for log in mine if log.decided]
        idle = sum(_ticks(log.time_in(held)) for log in decided for held in dead)
        elapsed = sum(_ticks(each.lasts) for log in decided for each in log.stretches)
        parts = ("elapsed", "internal_idle", "unexplained")
        outcomes = _counted(part if log.decided else "open" for log in mine for part in parts)
        reason = None if elapsed else "no data"
        yield Figure("case-flow.dead-time-share", reading, period, idle, elapsed, reason, outcomes)


def dead_periods(known: list[Log], reading: Mapping[str, str]) -> Iterator[Figure]:
    """Yield how many standstills there are, with the administration and unexplained."""
    cohort = reading or {"cohort": "received"}
    for period in PERIODS:
        mine = [log for log in known if _placed(log, cohort) == period]
        for facet in ("internal_idle", "unexplained"):
            numbers = [(log.standstills(facet), log) for log in mine]
            outcomes = _counted(
                "standstill" if number else "without" if log.decided else "open_without" for number, log in numbers
            )
            value: Quotient = (sum(number for number, _ in numbers), 1, None) if mine else (0, 0, "no data")
            yield Figure("case-flow.dead-periods", reading, period, *value, outcomes, facet)


def _stretches(received: dt.datetime, end: dt.datetime, events: list[Row]) -> Iterator[Stretch]:
    # of events at one instant the last decides, in the order that the record type states
    ranked = sorted(
        (dt.datetime.fromisoformat(each["at"]), HOLDERS.index(each["holder"]), each["cause"]) for each in events
    )
    points = [(at, HOLDERS[rank], cause) for at, rank, cause in ranked]
    begins = [(received, "", ""), *points]
    for (at, holder, cause), until in zip(begins, [*(point[0] for point in points), end], strict=True):
        lasts = max(min(until, end) - min(at, end), dt.timedelta())
        held = _class(holder, long=lasts > THRESHOLD)
        outside = held == "internal_idle" and cause in OUTSIDE
        yield Stretch(lasts, held, "contradicted" if outside else cause or "not_stated")


def _class(holder: str, *, long: bool) -> str:
    if holder in ("citizen", "third_party", "statutory_step"):
        return holder
    if holder == "active" or not long:
        return "active"
    return "internal_idle" if holder == "internal" else "unexplained"


def _of_class(stretch: Stretch, facet: str) -> bool:
    return stretch.held == facet


def _of_cause(stretch: Stretch, facet: str) -> bool:
    return stretch.cause == facet


def _of_idle_cause(stretch: Stretch, facet: str) -> bool:
    return stretch.held == "internal_idle" and stretch.cause == facet


def _stood_still(log: Log) -> str:
    for held in ("internal_idle", "unexplained"):
        if log.standstills(held):
            return held
    return "without" if log.decided else "open_without"


def _kept(log: Log) -> str:
    if not log.kind:
        return "kind_not_stated" if log.decided else "open"
    due = due_on(log.kind, _day(log.received))
    if due is None:
        return "no_deadline"
    if not log.decided:
        return "open"
    if _day(log.decided) <= due:
        return "in_time"
    without_idle = log.decided - log.time_in("internal_idle")
    if _day(without_idle) <= due:
        return "kept_without_idle"
    return "kept_without_unexplained" if _day(without_idle - log.time_in("unexplained")) <= due else "late_anyway"


def _placed(log: Log, reading: Mapping[str, str]) -> str:
    """Return the quarter in which a case counts: that of its decision, unless the reading says its receipt."""
    at = log.received if reading.get("cohort") == "received" else log.decided
    return _quarter(at)


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(COPENHAGEN).date()


def _ticks(span: dt.timedelta) -> int:
    return span // TICK


def _counted(outcomes: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(outcomes).items()))


def _known(text: str) -> dt.datetime | None:
    at = dt.datetime.fromisoformat(text) if text else None
    return at if at and at < AS_OF else None
