"""The truth about telephone calls."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection
from fractions import Fraction

import attrs

from casequality_copenhagen.example import Example
from casequality_copenhagen.example.days import days, office_closed
from casequality_copenhagen.example.material import Call
from casequality_copenhagen.example.truth.faults import Doubted, doubted
from casequality_copenhagen.example.truth.figures import Figure, Truth, at_least, at_most, mean, months, number, share

MICROSECONDS = 1_000_000
TIMES = ("KaldStart", "KoeStart", "BesvaretTid", "KaldSlut")
RESULT = ("KaldStart", "BesvaretTid", "KaldSlut", "Afklaring")
"""The columns that goals rest on: those on waits and answers, and the one on calls that were resolved at once."""
IN_QUEUE = 30 * 60
"""The seconds after which the telephone system of the local goal ends a call."""
LONGEST, ANSWERED, RESOLVED, BY_PERSON, WITHIN = 25, 90, 40, 90, 20


@attrs.frozen
class Calls:
    """The calls of some days as they were known, and how many with a fault may be of these days."""

    calls: list[Call]
    outside: int

    def ends(self) -> Counter[str]:
        """Count the calls by what became of the caller."""
        return Counter(map(_end, self.calls))


def call_truths(example: Example, first: dt.date, end: dt.date, as_of: dt.date) -> dict[str, Truth]:
    """Return what is true of the goals for calls."""
    centre = [_known(call, as_of) for call in example.contact_centre if call.offered.date() < as_of]
    line = [_known(call, as_of) for call in example.benefit_calls if call.offered.date() < as_of]

    def truth(
        calls: list[Call],
        source: str,
        reads: Collection[str],
        count: Callable[[Calls], Figure],
        judge: Callable[[Figure], str],
    ) -> Truth:
        doubts = [each for each in doubted(example, source) if each.concerns(reads)]

        def within(start: dt.date, after: dt.date) -> Truth:
            chosen = [call for call in calls if start <= call.offered.date() < after]
            figure = count(Calls(chosen, sum(_may_be_of(each, start, after) for each in doubts)))
            return Truth(verdict="incomplete" if _missing(chosen, start, after) else judge(figure), figure=figure)

        parts = {label: within(*bounds) for label, bounds in months(first, end).items()}
        return attrs.evolve(within(first, end), parts=parts)

    def of_centre(
        count: Callable[[Calls], Figure], judge: Callable[[Figure], str], reads: Collection[str] = TIMES
    ) -> Truth:
        return truth(centre, "calls_contact_centre", reads, count, judge)

    by_person = truth(line, "calls_benefits", (*TIMES, "BesvaretAf"), _by_person, lambda f: at_least(f, BY_PERSON))
    return {
        "okf.contact-centre.wait": of_centre(_wait, lambda f: at_most(f, Fraction(LONGEST), Fraction(LONGEST))),
        "okf.contact-centre.answered": of_centre(_answered, lambda f: at_least(f, ANSWERED)),
        "okf.contact-centre.resolved": of_centre(_resolved, lambda f: at_least(f, RESOLVED), RESULT),
        "okf.benefits.answered-by-person": by_person,
        "local.contact-centre.wait": of_centre(
            lambda calls: _wait(calls, IN_QUEUE), lambda f: at_most(f, Fraction(LONGEST), Fraction(LONGEST))
        ),
        "local.contact-centre.service-level": of_centre(_service_level, lambda _: "baseline"),
        "local.contact-centre.calls": attrs.evolve(of_centre(_number, lambda _: "not comparable"), parts={}),
    }


def _may_be_of(call: Doubted, first: dt.date, end: dt.date) -> bool:
    """Return whether a call with a fault may have come on one of some days."""
    offered = call.day("KaldStart")
    return offered is None or first <= offered < end


def _known(call: Call, as_of: dt.date) -> Call:
    """Return a call as it was known at the start of a day."""
    start = dt.datetime.combine(as_of, dt.time())
    queued, answered, ended = (
        time if time is not None and time < start else None for time in (call.queued, call.answered, call.ended)
    )
    by, resolved = (None, None) if answered is None else (call.answered_by, call.resolved)
    return attrs.evolve(call, queued=queued, answered=answered, ended=ended, answered_by=by, resolved=resolved)


def _missing(calls: list[Call], first: dt.date, end: dt.date) -> bool:
    """Return whether there is a working day without a call."""
    called = {call.offered.date() for call in calls}
    return any(day not in called and not office_closed(day) for day in days(first, end))


def _end(call: Call) -> str:
    if call.answered is not None:
        return "answered"
    if call.ended is None:
        return "waiting"
    return "given up" if call.queued is not None else "never queued"


def _seconds(call: Call) -> int:
    """Return how long a caller waited who was answered."""
    assert call.answered is not None
    waited = call.answered - (call.queued or call.answered)
    return waited // dt.timedelta(seconds=1)


def _wait(calls: Calls, longest: int | None = None) -> Figure:
    waits = [_seconds(call) for call in calls.calls if _end(call) == "answered"]
    return mean(waits, MICROSECONDS, doubtful=calls.ends()["waiting"] + calls.outside, longest=longest)


def _answered(calls: Calls) -> Figure:
    ends = calls.ends()
    return share(ends["answered"], ends["given up"], doubtful=ends["waiting"] + calls.outside)


def _resolved(calls: Calls) -> Figure:
    answered = Counter(call.resolved for call in calls.calls if _end(call) == "answered")
    ends = calls.ends()
    return share(
        answered["by the contact centre"],
        answered["passed on"] + ends["given up"] + ends["never queued"],
        doubtful=answered[None] + ends["waiting"] + calls.outside,
    )


def _by_person(calls: Calls) -> Figure:
    answered = Counter(call.answered_by for call in calls.calls if _end(call) == "answered")
    ends = calls.ends()
    return share(
        answered["person"],
        answered["recording"] + ends["given up"] + ends["never queued"],
        doubtful=ends["waiting"] + calls.outside,
    )


def _service_level(calls: Calls) -> Figure:
    within = sum(_end(call) == "answered" and _seconds(call) <= WITHIN for call in calls.calls)
    ends = calls.ends()
    return share(
        within,
        ends["answered"] - within + ends["given up"],
        doubtful=ends["waiting"] + calls.outside,
    )


def _number(calls: Calls) -> Figure:
    return number(len(calls.calls), doubtful=calls.outside)
