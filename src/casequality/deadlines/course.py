"""The course of one case's clock, day by day: what counted, what stopped it, whether a notice made it longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from casequality.citation import Citation
from casequality.deadlines.clock import Clock
from casequality.deadlines.extensions import Extended, ShownExtension
from casequality.deadlines.in_force import rolled
from casequality.deadlines.ledger import Row
from casequality.deadlines.pauses import Pause, PauseRule, ShownPause, day_in
from casequality.deadlines.term import Term
from casequality.deadlines.walk import walk


@attrs.frozen(kw_only=True)
class Course:
    """The rows after the start of a clock, by which term they count, and what happened in the case."""

    term: Term
    rows: tuple[Row, ...]
    pauses: tuple[ShownPause, ...] = ()
    extension: ShownExtension | None = None
    sources: Mapping[str, Citation] = attrs.field(factory=dict)


def course(
    clock: Clock,
    term: Term,
    received: dt.date,
    start: dt.date,
    lang: str,
    *,
    pauses: Iterable[Pause] = (),
    extended: Extended | None = None,
    as_of: dt.date | None = None,
) -> Course:
    """Return how a clock that starts on a day counts out a term, or the longer one that a valid notice gives.

    Raises `UsageError` where the clock stands still in a pause that has not ended and no `as_of` is given.
    """
    clock.check_extended(extended)
    rules = {rule.reason: rule for rule in clock.rules}
    given = sorted((_ended(pause.on_days(clock.zone), clock, as_of) for pause in pauses), key=_begin)
    stops = [(pause, rules[pause.reason]) for pause in given if pause.reason in rules]
    rows = walk(term, start, clock.on, lang, pauses=stops)
    notice = None
    if extended and clock.extension:
        sent = day_in(extended.sent_on, clock.zone)
        valid = received <= sent <= rows[-1].date
        longer = clock.extension.term if valid else None
        if longer:
            term = rolled(longer, clock.roll)
            rows = walk(term, start, clock.on, lang, pauses=stops)
        notice = ShownExtension(sent_on=sent, valid=valid, term=longer and term, reason=extended.reason)
    return Course(
        term=term,
        rows=tuple(rows),
        pauses=tuple(_shown(pause, rules.get(pause.reason)) for pause in given),
        extension=notice,
        sources={rule.key: rule.source for _, rule in stops if rule.source},
    )


def _begin(pause: Pause) -> dt.date:
    return pause.since


def _ended(pause: Pause, clock: Clock, as_of: dt.date | None) -> Pause:
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
