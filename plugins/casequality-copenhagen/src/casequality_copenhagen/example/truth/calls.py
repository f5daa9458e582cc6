"""The truth about telephone calls."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction

import attrs

from casequality_copenhagen.example import Example
from casequality_copenhagen.example.days import days, office_closed
from casequality_copenhagen.example.material import Call
from casequality_copenhagen.example.truth.figures import Figure, Truth, at_least, at_most, mean, months, number, share

MICROSECONDS = 1_000_000
LONGEST, ANSWERED, RESOLVED, BY_PERSON, WITHIN = 25, 90, 40, 90, 20


@attrs.frozen
class Calls:
    """The calls of some days as they were known, and the rows beside them that may belong to any day."""

    calls: list[Call]
    outside: int

    def ends(self) -> Counter[str]:
        """Count the calls by what became of the caller."""
        return Counter(map(_end, self.calls))


def call_truths(
    example: Example, faulty: Mapping[str, int], first: dt.date, end: dt.date, as_of: dt.date
) -> dict[str, Truth]:
    """Return what is true of the goals for calls."""
    centre = [_known(call, as_of) for call in example.contact_centre if call.offered.date() < as_of]
    line = [_known(call, as_of) for call in example.benefit_calls if call.offered.date() < as_of]

    def truth(
        calls: list[Call], source: str, count: Callable[[Calls], Figure], judge: Callable[[Figure], str]
    ) -> Truth:
        def within(start: dt.date, after: dt.date) -> Truth:
            chosen = [call for call in calls if start <= call.offered.date() < after]
            figure = count(Calls(chosen, faulty[source]))
            return Truth(verdict="incomplete" if _missing(chosen, start, after) else judge(figure), figure=figure)

        parts = {label: within(*bounds) for label, bounds in months(first, end).items()}
        return attrs.evolve(within(first, end), parts=parts)

    calls = truth(centre, "calls_contact_centre", _number, lambda _: "not comparable")
    return {
        "okf.contact-centre.wait": truth(
            centre, "calls_contact_centre", _wait, lambda f: at_most(f, Fraction(LONGEST), Fraction(LONGEST))
        ),
        "okf.contact-centre.answered": truth(
            centre, "calls_contact_centre", _answered, lambda f: at_least(f, ANSWERED)
        ),
        "okf.contact-centre.resolved": truth(
            centre, "calls_contact_centre", _resolved, lambda f: at_least(f, RESOLVED)
        ),
        "okf.benefits.answered-by-person": truth(line, "calls_benefits", _by_person, lambda f: at_least(f, BY_PERSON)),
        "local.contact-centre.service-level": truth(
            centre, "calls_contact_centre", _service_level, lambda _: "baseline"
        ),
        "local.contact-centre.calls": attrs.evolve(calls, parts={}),
    }


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


def _wait(calls: Calls) -> Figure:
    waits = [_seconds(call) for call in calls.calls if _end(call) == "answered"]
    added = calls.ends()["waiting"] + calls.outside
    return mean(waits, MICROSECONDS, Fraction(100 * LONGEST), added=added)


def _answered(calls: Calls) -> Figure:
    ends = calls.ends()
    return share(ends["answered"], ends["given up"], unsettled=ends["waiting"], outside=calls.outside)


def _resolved(calls: Calls) -> Figure:
    answered = Counter(call.resolved for call in calls.calls if _end(call) == "answered")
    ends = calls.ends()
    return share(
        answered["by the contact centre"],
        answered["passed on"] + ends["given up"] + ends["never queued"],
        unsettled=answered[None] + ends["waiting"],
        outside=calls.outside,
    )


def _by_person(calls: Calls) -> Figure:
    answered = Counter(call.answered_by for call in calls.calls if _end(call) == "answered")
    ends = calls.ends()
    return share(
        answered["person"],
        answered["recording"] + ends["given up"] + ends["never queued"],
        unsettled=ends["waiting"],
        outside=calls.outside,
    )


def _service_level(calls: Calls) -> Figure:
    within = sum(_end(call) == "answered" and _seconds(call) <= WITHIN for call in calls.calls)
    ends = calls.ends()
    return share(
        within,
        ends["answered"] - within + ends["given up"],
        unsettled=ends["waiting"],
        outside=calls.outside,
    )


def _number(calls: Calls) -> Figure:
    return number(len(calls.calls), outside=calls.outside)
