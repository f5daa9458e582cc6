"""Calls: answered, how long they waited, by whom, and resolved at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.golden.walks.figures import Figure, Quotient, month, rows, shares

AS_OF = dt.datetime(2010, 6, 15, 10, tzinfo=dt.UTC)
PERIODS = ("2010-04", "2010-05", "2010-06")
ZONE = ZoneInfo("Europe/Copenhagen")
TIMES = ("offered_at", "queued_at", "answered_at", "ended_at")
SHORT, WITHIN = 5_000_000, 20_000_000
GIVEN_UP = {
    "no_call": "out",
    "never_queued": "out",
    "abandoned_untimed": "no",
    "abandoned_short": "no",
    "abandoned": "no",
}
ANSWERED = {"answered": "yes", "answered_at_once": "yes", **GIVEN_UP, "waiting": "open"}
BY_PERSON = {"by_person": "yes", "by_recording": "no", "by_unrecorded": "unknown", **GIVEN_UP, "waiting": "open"}
BY_PERSON["never_queued"] = "no"
RESOLVED = {
    "no_call": "out",
    "resolved": "yes",
    "passed_on": "no",
    "not_recorded": "unknown",
    "not_answered": "no",
    "waiting": "open",
}
GAVE_UP = ("abandoned_short", "abandoned_within", "abandoned_later")
LEVEL = {
    "no_call": "out",
    "never_queued": "out",
    "untimed": "unknown",
    "answered_within": "yes",
    "answered_later": "no",
}
LEVEL.update({**dict.fromkeys(GAVE_UP, "no"), "waiting": "open"})
FORMULAS: Mapping[str, Mapping[str, str]] = {
    "of_offered": {},
    "of_answered": dict.fromkeys(GAVE_UP, "out"),
    "abandoned_within_met": dict.fromkeys(GAVE_UP[:2], "yes"),
    "abandoned_within_dropped": dict.fromkeys(GAVE_UP[:2], "out"),
    "short_abandons_met": {"abandoned_short": "yes"},
}
CALLERS = {
    "answered": ("answered", "answered_at_once"),
    "answered_from_queue": ("answered",),
    "answered_and_abandoned": ("answered", "answered_at_once", "abandoned_untimed", "abandoned_short", "abandoned"),
}
QUANTILES = {"median-wait": Fraction(1, 2), "p90-wait": Fraction(9, 10), "p95-wait": Fraction(19, 20)}
MENU_OUT = {("voice_menu", "left_out"): {}, ("voice_menu", "counted"): {"never_queued": "no"}}
MENU_LEFT_OUT = {("voice_menu", "counted"): {}, ("voice_menu", "left_out"): {"never_queued": "out"}}
DROPPED = {
    ("short_abandons", "counted"): {},
    ("short_abandons", "dropped"): {"abandoned_short": "out", "abandoned_untimed": "unknown"},
}
OF = {("of", "all_calls"): {}, ("of", "answered"): {"not_answered": "out"}}
FORMULA = {("formula", name): roles for name, roles in FORMULAS.items()}
Reading = dict[str, str]


class Call(NamedTuple):
    """A call as it was known at the as-of."""

    month: str
    offered: dt.datetime
    queued: dt.datetime | None
    answered: dt.datetime | None
    ended: dt.datetime | None
    by: str
    resolved: str
    times: int = 1

    def wait(self, since: str = "from_queue") -> int | None:
        """Return the microseconds waited; none while it lasts and where the times contradict each other."""
        until = self.answered or self.ended
        if until is None:
            return None
        begun = self.offered if since == "from_arrival" else self.queued or until
        waited = (until - begun) // dt.timedelta(microseconds=1)
        return waited if waited >= 0 else None

    def given_up(self, since: str = "from_queue") -> str:
        """Return what became of a caller who was not answered."""
        if self.ended is None:
            return "waiting"
        if self.queued is None:
            return "never_queued"
        waited = self.wait(since)
        return "abandoned_untimed" if waited is None else "abandoned_short" if waited <= SHORT else "abandoned"


def figures() -> Iterator[Figure]:
    """Yield every figure of the set: of single calls, and of counted rows as if each were so many single calls."""
    yield from _figures("", list(calls()))
    known = list(calls("contact-centre/counted_calls.csv"))
    single = [call for call in known for _ in range(call.times)]
    for figure, of_rows in zip(_figures("counted-", single), _figures("counted-", known), strict=True):
        yield figure._replace(outcomes=of_rows.outcomes)  # outcomes are told in rows


def _figures(kind: str, known: list[Call]) -> Iterator[Figure]:
    yield from _counted(known, f"{kind}answered-share", _end, ANSWERED, MENU_OUT | DROPPED)
    yield from _counted(known, f"{kind}answered-by-person", _by_whom, BY_PERSON, MENU_LEFT_OUT | DROPPED)
    yield from _counted(known, f"{kind}immediately-resolved", _resolved, RESOLVED, OF)
    yield from _counted(known, f"{kind}service-level", _level, LEVEL, FORMULA)
    for reading in ({}, {"voice_menu": "counted"}, {"voice_menu": "left_out"}):
        yield from _volume(known, f"contact-centre.{kind}calls", reading)
    callers, waits = (
        [{"callers": each} for each in CALLERS],
        [{"wait": each} for each in ("from_queue", "from_arrival")],
    )
    for reading in ({}, *callers, *waits):
        yield from _waiting(known, kind, reading)


def calls(path: str = "contact-centre/calls.csv") -> Iterator[Call]:
    """Yield the calls that had begun at the as-of, without what happened later and those that contradict themselves."""
    for row in rows(path):
        times = [row[name] and dt.datetime.fromisoformat(row[name]) for name in TIMES]
        if any(one and other and other < one for one, other in pairwise(times)) or row.get("times") == "":
            continue
        offered = dt.datetime.fromisoformat(row["offered_at"])
        if offered < AS_OF:
            queued, answered, ended = (_before(row[name]) for name in ("queued_at", "answered_at", "ended_at"))
            by, resolved = (row["answered_by"], row["resolved"]) if answered else ("", "")
            placed, count = month(offered.astimezone(ZONE).date()), int(row.get("times", 1))
            yield Call(placed, offered, queued, answered, ended, by, resolved, count)


def _counted(
    known: list[Call],
    name: str,
    outcome: Callable[[Call], str],
    roles: Mapping[str, str],
    readings: Mapping[tuple[str, str], Mapping[str, str]],
) -> Iterator[Figure]:
    placed = [(call.month, outcome(call)) for call in known]
    yield from shares(f"contact-centre.{name}", {}, PERIODS, placed, roles)
    for (reading, option), changed in readings.items():
        yield from shares(f"contact-centre.{name}", {reading: option}, PERIODS, placed, {**roles, **changed})


def _volume(known: list[Call], name: str, reading: Reading) -> Iterator[Figure]:
    for period in PERIODS:
        ends = Counter(_end(call) for call in known if call.month == period)
        count = ends.total() - (ends["never_queued"] if reading.get("voice_menu") == "left_out" else 0)
        figure: Quotient = (count, 1, None) if ends else (0, 0, "no data")
        yield Figure(name, reading, period, *figure, dict(sorted(ends.items())))


def _waiting(known: list[Call], kind: str, reading: Reading) -> Iterator[Figure]:
    since, chosen = reading.get("wait", "from_queue"), CALLERS[reading.get("callers", "answered")]
    for period in PERIODS:
        of = [call for call in known if call.month == period]
        waits = [wait for call in of if _end(call, since) in chosen and (wait := call.wait(since)) is not None]
        outcomes = dict(sorted(Counter(_end(call, since) for call in of).items()))
        mean: Quotient = (sum(waits), len(waits), None if waits else "no data")
        yield Figure(f"contact-centre.{kind}mean-wait", reading, period, *mean, outcomes)
        for name, p in QUANTILES.items():
            least = (second for second in range(10_000) if sum(w <= second * 10**6 for w in waits) >= p * len(waits))
            quantile: Quotient = (next(least) * 10**6, 1, None) if waits else (0, 0, "no data")
            yield Figure(f"contact-centre.{kind}{name}", reading, period, *quantile, outcomes)


def _end(call: Call, since: str = "from_queue") -> str:
    if not call.times:
        return "no_call"
    if call.answered:
        return "answered" if call.queued else "answered_at_once"
    return call.given_up(since)


def _by_whom(call: Call) -> str:
    if not call.times:
        return "no_call"
    return f"by_{call.by or 'unrecorded'}" if call.answered else call.given_up()


def _resolved(call: Call) -> str:
    if not call.times:
        return "no_call"
    if call.answered:
        return {"by the contact centre": "resolved", "passed on": "passed_on", "": "not_recorded"}[call.resolved]
    return "not_answered" if call.ended else "waiting"


def _level(call: Call) -> str:
    if not call.times:
        return "no_call"
    if not call.answered and not call.ended:
        return "waiting"
    if not call.answered and not call.queued:
        return "never_queued"
    waited = call.wait()
    if waited is None:
        return "untimed"
    if call.answered:
        return "answered_within" if waited <= WITHIN else "answered_later"
    return GAVE_UP[(waited > SHORT) + (waited > WITHIN)]


def _before(text: str) -> dt.datetime | None:
    time = dt.datetime.fromisoformat(text) if text else None
    return time if time and time < AS_OF else None
