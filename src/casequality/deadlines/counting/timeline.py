"""One case, day by day: what counted, what stopped it, and whether a notice made the term longer.

It counts as one would on paper: slow, plain, and apart from the tables that answer for millions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import attrs

from casequality.citation import Citation
from casequality.days import MONTH_NAMES, Calendar
from casequality.deadlines.counting.counting_rules import CountingRules
from casequality.deadlines.counting.duty import Extended, ShownExtension
from casequality.deadlines.counting.ledger import Phase, Row
from casequality.deadlines.counting.office_hours import Opening
from casequality.deadlines.counting.pauses import Pause, PauseRule, ShownPause, beyond, day_in, standing_still
from casequality.deadlines.counting.terms import Term, calendar_of, rolled
from casequality.deadlines.counting.units import CALENDAR_DAYS, LAST_PLAIN, WORKING_DAYS
from casequality.errors import UsageError, Words

DAY = dt.timedelta(days=1)

RUNS = Words("received: the hours run from this time", "modtaget: timerne løber fra dette tidspunkt")
PASSED = Words("the hours have passed: the term ends", "timerne er gået: fristen udløber")
RECEIVED = Words("received; this day is not counted", "modtaget; dagen medregnes ikke")
SENT = Words("sent; this day is not counted", "afsendt; dagen medregnes ikke")
ARRIVED = Words("counts as received; this day is not counted", "anses for modtaget; dagen medregnes ikke")
MOVES = Words(", but not a working day ({}): the end moves", ", men ikke en arbejdsdag ({}): udløbet flyttes")
MOVED_HERE = Words("working day: the end moves here", "arbejdsdag: udløbet flyttes hertil")
LEFT_OUT = Words("{} is not counted", "{} regnes ikke med")
PAUSED = Words("paused since {}: {}", "sat i bero siden {}: {}")
OFFICE_CLOSED = Words("received while the office is closed", "modtaget uden for åbningstid")
OPENS = Words(
    "the office opens: the count starts, this day is not counted", "åbner: fristen løber fra nu, dagen medregnes ikke"
)
STILL_CLOSED = Words("the office is closed", "lukket")


def receipt(received: dt.date, start: dt.date, office: Opening | None, lang: str) -> list[Row]:
    """Return the rows up to and including the day from which the term runs.

    `received` and `start` are instants where there are opening hours, those of `office`.
    """
    if office is None or received == start:
        return [Row(day_of(start), "receipt", False, 0, RECEIVED[lang], "rule")]
    rows: list[Row] = []
    day, last = day_of(received), day_of(start)
    while day < last:
        why = office.reason(day, lang=lang)
        text = (STILL_CLOSED if rows else OFFICE_CLOSED)[lang]
        rows.append(Row(day, "closed office", False, 0, f"{text} ({why})" if why else text, "opening"))
        day += DAY
    return [*rows, Row(last, "receipt", False, 0, OPENS[lang], "opening")]


class Begun(Protocol):
    """What is asked of a deadline to say from when it counts."""

    @property
    def id(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def opening(self) -> Opening | None: ...
    @property
    def after(self) -> Any: ...


def beginning(
    rule: Begun, received: Any, day: dt.date | None, lang: str
) -> tuple[dt.date, dt.date, list[Row], dict[str, Citation | None]]:
    """Return the receipt, from when it counts, the rows up to then, and by which sources.

    day: the local day of the receipt, None where there is none, or the receipt itself where hours run from an instant.
    """
    if rule.opening:
        clock = rule.opening.clock(received)
        start = rule.opening.start(clock)
        return clock, start, receipt(clock, start, rule.opening, lang), {"opening": rule.opening.source}
    if day is None:
        raise UsageError("There is nothing to explain about a missing day", where=rule.id, got="NaT")
    if isinstance(day, dt.datetime):
        return day, day, [Row(day.date(), "receipt", False, 0, RUNS[lang], "rule")], {}
    if rule.after:
        held, days = rule.after.in_force_on(day), calendar_of(rule.after.calendar)
        rows = arrival(held.term, day, days, lang)
        return day, rows[-1].date, rows, {"arrival": held.citation, "arrival calendar": days.source}
    return day, day, receipt(day, day, None, lang), {}


def by_the_hour(term: Term, start: dt.datetime, due: dt.datetime, lang: str) -> Timeline:
    """Return a row for each day that begins before hours have passed, none where they pass on the day of receipt."""
    rows: list[Row] = []
    while (day := start.date() + len(rows) * DAY) < due.date():
        reason = PASSED if day + DAY == due.date() else CALENDAR_DAYS.one
        rows.append(Row(day + DAY, "term", True, len(rows) + 1, reason[lang], "rule"))
    return Timeline(term=term, rows=tuple(rows))


def arrival(term: Term, sent: dt.date, on: Calendar, lang: str) -> list[Row]:
    """Return the rows from the day a letter was sent to the day it counts as received."""
    rows = count_day_by_day(term, sent, on, lang, phase="arrival", rule="arrival")
    first = Row(sent, "arrival", False, 0, SENT[lang], "arrival")
    return [first, *rows[:-1], attrs.evolve(rows[-1], reason=ARRIVED[lang])]


def day_of(moment: dt.date) -> dt.date:
    """Return the day of an instant, on its own clock, or the day itself."""
    return moment.date() if isinstance(moment, dt.datetime) else moment


def count_day_by_day(
    term: Term,
    start: dt.date,
    on: Calendar,
    lang: str,
    *,
    phase: Phase = "term",
    rule: str = "rule",
    pauses: Sequence[tuple[Pause, PauseRule]] = (),
) -> list[Row]:
    """Return a row for each day after `start` to the end of the term, then for each day that the end moves over.

    `pauses` are those that the deadline allows, in days and in order of their begin.
    """
    closed = "calendar" if rule == "rule" else f"{rule} calendar"
    rows: list[Row] = []
    # weeks and months are gone through as calendar days too: a pause can hold up any of them
    unit, day, count = term.counted_in, start, 0
    end = None if unit.only_worked else term.end_without_stops(start, on)
    lasts = term.amount if end is None else (end - start).days
    step = WORKING_DAYS if end is None else CALENDAR_DAYS
    while count < lasts:
        day += DAY
        why = on.reason(day, lang=lang) if end is None else None
        # a closed day within a pause is told as closed: it would not have counted either way
        pause = None if why else next((held for held in pauses if held[0].covers(day)), None)
        if why is None and day.month in term.excluded_months:
            rows.append(Row(day, phase, False, count, LEFT_OUT[lang].format(MONTH_NAMES[day.month - 1][lang]), rule))
        elif pause:
            rows.append(_paused(day, count, *pause, lang))
        else:
            count += why is None
            rows.append(Row(day, phase, why is None, count, why or step.one[lang], closed if why else rule))
    ended = unit.said_of_end(start, day)
    # pauses moved the end: it is no longer the same weekday, or day of the month
    if end and day > end:
        ended = CALENDAR_DAYS.last
        _check_reach(day)
    rows[-1] = Row(day, phase, True, count, ended[lang], rule)
    if term.roll != "none":
        rows.extend(_moved(rows, term, on, lang, closed))
    return rows


def _paused(day: dt.date, count: int, pause: Pause, rule: PauseRule, lang: str) -> Row:
    if pause.until is None:
        raise standing_still()
    _check_reach(day)
    return Row(day, "pause", False, count, PAUSED[lang].format(pause.since, rule.title[lang]), rule.key)


def _check_reach(day: dt.date) -> None:
    if day > LAST_PLAIN:
        raise beyond(LAST_PLAIN)


def _moved(rows: list[Row], term: Term, on: Calendar, lang: str, closed: str) -> Iterator[Row]:
    end = rows[-1]
    day, why = end.date, on.reason(end.date, lang=lang)
    if why is None:
        return
    rows[-1] = Row(end.date, end.phase, True, end.count, end.reason + MOVES[lang].format(why), end.source)
    while why is not None:
        day += DAY if term.roll == "forward" else -DAY
        why = on.reason(day, lang=lang)
        yield Row(day, "roll", False, end.count, why or MOVED_HERE[lang], closed if why else end.source)


@attrs.frozen(kw_only=True)
class Timeline:
    """The rows after the start of a clock, by which term they count, and what happened in the case."""

    term: Term
    rows: tuple[Row, ...]
    pauses: tuple[ShownPause, ...] = ()
    extension: ShownExtension | None = None
    sources: Mapping[str, Citation] = attrs.field(factory=dict)


def case_timeline(
    clock: CountingRules,
    term: Term,
    received: dt.date,
    start: dt.date,
    lang: str,
    *,
    pauses: Iterable[Pause] = (),
    extended: Extended | None = None,
    as_of: dt.date | None = None,
) -> Timeline:
    """Return how a clock that starts on a day counts out a term, or the longer one that a valid notice gives.

    Raises `UsageError` where the clock stands still in a pause that has not ended and no `as_of` is given.
    """
    stopped = clock.of_one_case(pauses, extended)
    rules = {rule.reason: rule for rule in clock.rules}
    given = sorted((_ended(pause.on_days(clock.zone), clock, as_of) for pause in stopped), key=_begin)
    stops = [(pause, rules[pause.reason]) for pause in given if pause.reason in rules]
    rows = count_day_by_day(term, start, clock.on, lang, pauses=stops)
    notice = None
    if extended and clock.extension:
        sent = day_in(extended.sent_on, clock.zone)
        # in time by the end as it stands without the notice, the pauses counted
        valid = received <= sent <= rows[-1].date
        longer = clock.extension.term if valid else None
        if longer:
            term = rolled(longer, clock.roll)
            rows = count_day_by_day(term, start, clock.on, lang, pauses=stops)
        notice = ShownExtension(sent_on=sent, valid=valid, term=longer and term, reason=extended.reason)
    return Timeline(
        term=term,
        rows=tuple(rows),
        pauses=tuple(_shown(pause, rules.get(pause.reason)) for pause in given),
        extension=notice,
        sources={rule.key: rule.source for _, rule in stops if rule.source},
    )


def _begin(pause: Pause) -> dt.date:
    return pause.since


def _ended(pause: Pause, clock: CountingRules, as_of: dt.date | None) -> Pause:
    if pause.until is not None or as_of is None:
        return pause
    return attrs.evolve(pause, until=max(pause.since, day_in(as_of, clock.zone)))


def _shown(pause: Pause, rule: PauseRule | None) -> ShownPause:
    return ShownPause(
        since=pause.since,
        until=pause.until,
        reason=pause.reason,
        allowed=rule is not None,
        source=rule.key if rule else None,
    )
