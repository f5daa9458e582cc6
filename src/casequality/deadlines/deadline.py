"""A deadline: what is owed, within which term, counted from which event on which calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Literal, TypeAlias, get_args, overload

import attrs
import numpy as np

from casequality.citation import Citation, Dated
from casequality.days import Calendar, Days, DayTable, Instants, Mask, Roll, arrays, as_received, local_day, local_days
from casequality.deadlines.counting import (
    NOTHING_SAID,
    CountedOn,
    CountingRules,
    Duty,
    Extended,
    Extension,
    InForce,
    Ledger,
    Opening,
    Pause,
    PausedCounts,
    PauseRule,
    Pauses,
    Row,
    Term,
    Timeline,
    answer,
    arrives_at_an_instant,
    beginning,
    by_the_hour,
    calendar_of,
    case_timeline,
    check_days,
    check_hours,
    check_terms,
    day_of,
    due_table,
    in_force,
    not_in_force,
    opening_of,
    rolled,
    run_out,
    several,
    shown_at,
    terms_table,
    within,
)
from casequality.errors import NOT_SAID, UsageError, Words, words
from casequality.showing import Showable, TextTable

Kind: TypeAlias = Literal["decide", "notify or decide", "acknowledge", "goal", "step", "reply", "appeal", "arrival"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@attrs.frozen(slots=False, kw_only=True)
class Deadline(Showable):
    """What is owed within a term that starts with an event; the term in force is that of the day of receipt.

    The texts say what starts the clock, what keeps the deadline (`satisfied_by`), what it does not apply to
    (`excluded`) and what a `breach` requires. `after` is an earlier period whose last day counts as the receipt,
    such as the arrival of a letter. What is still undecided on the day `undecided_on` `passes_to` another deadline;
    see `rule_for`. `duty` says as data what the texts say. With `opening`, receipt and the due date are instants; with
    terms in hours an instant is due at one, and a day on the last day on which they can run out.

    >>> import datetime as dt
    >>> Deadline(id="local/parking", title={"en": "Parking", "da": "Parkering"}, kind="decide",
    ...          terms="3 working days", calendar="dk-statutory").due(dt.date(2010, 4, 29))
    datetime.date(2010, 5, 5)
    """

    id: str
    title: Words = attrs.field(converter=words)
    kind: Kind
    terms: Dated[Term] = attrs.field(converter=check_terms)
    calendar: Calendar | str
    starts: Words = attrs.field(converter=words, default=NOT_SAID)
    satisfied_by: Words = attrs.field(converter=words, default=NOT_SAID)
    excluded: Words = attrs.field(converter=words, default=NOT_SAID)
    breach: Words = attrs.field(converter=words, default=NOT_SAID)
    extension: Extension | None = None
    pauses: tuple[PauseRule, ...] = attrs.field(converter=several, default=())
    after: Deadline | None = None
    duty: Duty = NOTHING_SAID
    passes_to: Deadline | None = None
    undecided_on: dt.date | None = None
    opening: Opening | None = attrs.field(default=None, converter=opening_of)
    zone: str = attrs.field()

    @zone.default
    def _zone_of_the_office(self) -> str:
        return self.opening.zone if self.opening else "Europe/Copenhagen"

    def __attrs_post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageError("Unknown kind of deadline", where=self.id, got=self.kind, allowed=KINDS)
        check_hours(self.id, self.terms, others=bool(self.opening or self.after or self.pauses or self.extension))
        check_days(self.id, self.extension.term if self.extension else None, self.after)
        if self.opening and self.zone != self.opening.zone:
            raise UsageError(
                "A deadline has one zone, that of its office",
                where=self.id,
                got=f"{self.zone}, {self.opening.zone}",
                remedy="state the zone with the opening hours only",
            )
        if (self.passes_to is None) != (self.undecided_on is None):
            raise UsageError(
                "What passes to another deadline passes on a day",
                where=self.id,
                remedy="state both `passes_to` and `undecided_on`, or neither",
            )
        if self.after and (self.opening or self.after.opening or self.after.after):
            raise UsageError(
                "A deadline that runs from the end of another counts whole days, and follows only one",
                where=self.id,
                remedy="leave out the opening hours, or join the earlier terms in one deadline",
            )

    @cached_property
    def by_the_hour(self) -> bool:
        """Whether the terms are in hours."""
        return check_hours(self.id, self.terms, others=False)

    @overload
    def due(
        self,
        received: dt.date | str,
        *,
        pauses: Iterable[Pause] | None = None,
        extended: Extended | None = None,
        as_of: dt.date | None = None,
        calendar: Calendar | str | None = None,
        roll: Roll | None = None,
    ) -> dt.date: ...
    @overload
    def due(
        self,
        received: np.datetime64,
        *,
        pauses: Iterable[Pause] | None = None,
        extended: Extended | None = None,
        as_of: dt.date | None = None,
        calendar: Calendar | str | None = None,
        roll: Roll | None = None,
    ) -> np.datetime64: ...
    @overload
    def due(
        self,
        received: Days,
        *,
        pauses: Pauses | None = None,
        extended: Days | Instants | None = None,
        as_of: dt.date | np.datetime64 | Days | None = None,
        calendar: Calendar | str | None = None,
        roll: Roll | None = None,
        out: Days | None = None,
    ) -> Days: ...
    def due(
        self,
        received: Any,
        *,
        pauses: Any = None,
        extended: Any = None,
        as_of: Any = None,
        calendar: Calendar | str | None = None,
        roll: Roll | None = None,
        out: Days | None = None,
    ) -> Any:
        """Return the last day on which the deadline is kept; the day of receipt is not counted.

        A date, or the text of one, gives a date, an array of days an array of datetime64[D]. An instant counts from its
        local day in `zone`; numpy instants are read as UTC. With opening hours an instant gives an instant: an aware
        datetime in the office's zone, or datetime64[us] in UTC; so it does where terms are in hours.
        `calendar` and `roll` count by another convention.

        pauses: `Pause`s of one case, or `Pauses` of an array of cases. A day that one covers is not counted, if the
        deadline allows its reason. One that has not ended is taken to have ended on the day `as_of` (of all cases, or
        one each); without it there is no due day yet: an error for one case, NaT in an array. NaT too where a
        pause is faulty.
        extended: the `Extended` notice of one case, or the day or instant on which each was sent, NaT for none. It
        is valid up to the due day as it stood; a later one is an error for one case and changes nothing in an array.

        NaT stays NaT, and an array has NaT for a day on which no term was in force; for one such day, and for
        days beyond the calendar, `OutsideCalendar` is raised; `NaiveTime` for a datetime without zone.
        """
        received = as_received(received)
        if pauses is not None or extended is not None:
            self._check_whole_days(True)
            return self._due_in_case(received, pauses, extended, as_of, self._clock(calendar, roll), out)
        table = self.table(calendar, roll=roll)
        if self.by_the_hour and arrives_at_an_instant(received):
            found = run_out(self.terms, received, self.zone, out)
        else:
            found = self.opening.due(received, table, out) if self.opening else table.look_up(self._day(received), out)
        if found is None or (isinstance(found, np.datetime64) and np.isnat(found) and not np.isnat(received)):
            raise not_in_force(self.id, self.terms, arrays.one_day(self._day(received)))
        return found

    def counted(
        self,
        received: Days | Instants,
        *,
        pauses: Pauses,
        extended: Days | Instants | None = None,
        resumes: dt.date | np.datetime64 | None = None,
        calendar: Calendar | str | None = None,
    ) -> PausedCounts:
        """Return the due day of each case, shape (cases,), with what `due` keeps to itself or raises.

        That is: how many days were paused, whose clock stands still, and when such a clock runs out at the earliest if
        its pause can end on the day `resumes`. Days beyond the calendar raise `OutsideCalendar` as in `due`.
        """
        self._check_whole_days(True)
        days = arrays.day_numbers(self._day(received)).view(arrays.DAY_UNIT)
        return self._clock(calendar, None).count_each(days, pauses, extended, resumes=resumes)

    def table(self, calendar: Calendar | str | None = None, *, roll: Roll | None = None) -> DayTable:
        """Return the table behind `due`: the due day of each day from which the deadline can count.

        Days on which no term was in force have NaT. The table is kept, so asking again costs nothing.
        """
        table = self._tables.get((calendar, roll))
        if table is None:
            table = due_table(self.terms, self.calendar if calendar is None else calendar, roll, self.id)
            table = self.after.table().then(table) if self.after else table
            self._tables[calendar, roll] = table
        return table

    def reaches(self, received: Days | Instants, *, calendar: Calendar | str | None = None) -> Mask:
        """Return which receipts of an array `due` can answer: those within the calendar's horizon, and NaT."""
        table = self.table(calendar)
        if self.opening:
            table = self.opening.hours.days.next_day.then(table)
        return within(table, received, self.zone)

    def explain(
        self,
        received: dt.date | np.datetime64 | str,
        *,
        lang: str = "en",
        pauses: Iterable[Pause] = (),
        extended: Extended | None = None,
        as_of: dt.date | None = None,
        calendar: Calendar | str | None = None,
        roll: Roll | None = None,
    ) -> Ledger:
        """Return the ledger of a due date: every day from receipt on, counted or not, why, and by which source.

        It is counted day by day, not with the tables behind `due`. `lang` is "en" or "da". Pauses that the deadline
        does not allow, and a notice that was not sent in time, change nothing and are shown; else see `due`.
        """
        received, clock = as_received(received), self._clock(calendar, roll)
        on, pauses = clock.on, clock.of_one_case(pauses, None)
        self._check_whole_days(pauses or extended)
        begun = arrives_at_an_instant(received) and self.by_the_hour and shown_at(received, self.zone)
        first = begun or arrays.one_day(self._day(received))
        moment, start, rows, sources = beginning(self, received, first, lang)
        day = day_of(start)
        held = self.in_force_on(day)
        term = rolled(held.term, roll)
        if self.by_the_hour and isinstance(start, dt.datetime):
            run = by_the_hour(term, start, run_out(self.terms, start, self.zone), lang)
        else:
            run = case_timeline(clock, term, moment, day, lang, pauses=pauses, extended=extended, as_of=as_of)
        sources = {"rule": held.citation, **sources, **run.sources}
        return self._ledger(moment, start, rows, run, sources, on, lang)

    def in_force_on(self, day: dt.date) -> InForce:
        """Return the term in force for what is received on a day, its limits and its source."""
        for held in in_force(self.terms):
            if held.covers(day):
                return held
        raise not_in_force(self.id, self.terms, day)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole deadline as plain data, with every term, its receipt days and its source."""
        texts = {name: getattr(self, name).to_dict() for name in ("starts", "satisfied_by", "excluded", "breach")}
        return {
            "id": self.id,
            "title": self.title.to_dict(),
            "kind": self.kind,
            "terms": [held.to_dict() for held in in_force(self.terms)],
            "calendar": calendar_of(self.calendar).name,
            **texts,
            "extension": self.extension and self.extension.to_dict(),
            "pauses": [rule.to_dict() for rule in self.pauses],
            "after": self.after and self.after.to_dict(),
            "duty": self.duty.to_dict(),
            "transition": self.passes_to
            and {"deadline": self.passes_to.id, "undecided_on": self.undecided_on and self.undecided_on.isoformat()},
            "opening": self.opening and self.opening.to_dict(),
            "zone": self.zone,
        }

    def text_table(self, lang: str) -> TextTable:
        """Return each term with the days of receipt that it holds for and its source, and what the deadline says."""
        texts = (self.starts, self.satisfied_by, self.excluded, self.breach)
        return terms_table(f"{self.title[lang]} ({self.id})", self.terms, texts, lang)

    @cached_property
    def _tables(self) -> dict[tuple[Calendar | str | None, Roll | None], DayTable]:
        return {}

    def _day(self, received: Any) -> Any:
        if isinstance(received, dt.datetime):
            return local_day(received, self.zone)
        if isinstance(received, (np.ndarray, np.datetime64)) and arrays.is_clock(received.dtype):
            return local_days(np.asarray(received), self.zone)[()]
        return received

    def _clock(self, calendar: Calendar | str | None, roll: Roll | None) -> CountingRules:
        return CountingRules(
            name=self.id,
            terms=self.terms,
            extension=self.extension,
            rules=self.pauses,
            after=self.after.table() if self.after else None,
            on=calendar_of(self.calendar if calendar is None else calendar),
            roll=roll,
            zone=self.zone,
        )

    def _check_whole_days(self, events: object) -> None:
        if (self.opening or self.by_the_hour) and events:
            raise UsageError(
                "Pauses and extensions are counted in whole days, and this deadline counts to the hour",
                where=self.id,
                remedy="ask a deadline without these, or leave `pauses` and `extended` out",
            )

    def _due_in_case(self, received: Any, pauses: Any, extended: Any, as_of: Any, by: CountingRules, out: Any) -> Any:
        days = self._day(received)
        if isinstance(days, arrays.SCALAR):
            day = arrays.one_day(days)
            if day is None:
                return arrays.NO_DAY
            # for its error: an array has NaT where no term was in force, one case an exception
            self.in_force_on(day if self.after is None else self.after.due(day))
            due = by.due_one(day, pauses or (), extended, as_of)
            return np.datetime64(due) if isinstance(days, np.datetime64) else due
        numbers = arrays.day_numbers(days)
        found = arrays.ready(out, numbers.shape, arrays.DAY_UNIT)
        each = by.due_each(numbers.reshape(-1).view(arrays.DAY_UNIT), pauses, extended, as_of)
        found[...] = each.reshape(found.shape)
        return found

    def _ledger(
        self,
        moment: dt.date,
        start: dt.date,
        before: list[Row],
        run: Timeline,
        sources: dict[str, Citation | None],
        on: Calendar,
        lang: str,
    ) -> Ledger:
        term = run.term
        hours = self.opening and self.opening.hours.days.hours_on
        office = tuple((row.date, str(hours(row.date))) for row in before) if hours else ()
        rows = [*before, *run.rows]
        due = rows[-1].date
        if isinstance(start, dt.datetime):
            due = self.opening.at(due, start.time()) if self.opening else self.due(start)
        sources = {**sources, "calendar": on.source if term.asks_calendar else None}
        return Ledger(
            rule=self.to_dict(),
            title=self.title,
            received=moment,
            due=due,
            term=term,
            calendars=self._counted_on(on, rows, "calendar" if term.asks_calendar else None, lang),
            office=office,
            rows=tuple(rows),
            sources={key: citation for key, citation in sources.items() if citation},
            answer=answer(
                moment,
                start,
                due,
                term.words,
                by_letter=self.after is not None,
                on=on.name if on.name != calendar_of(self.calendar).name else None,
                pauses=run.pauses,
                paused=sum(row.phase == "pause" for row in run.rows),
                notice=run.extension,
                by_the_hour=self.by_the_hour and isinstance(start, dt.datetime),
            ),
            lang=lang,
            pauses=run.pauses,
            extension=run.extension,
        )

    def _counted_on(self, on: Calendar, rows: list[Row], source: str | None, lang: str) -> tuple[CountedOn, ...]:
        counted = CountedOn.within(on, rows, source, lang)
        if self.after is None:
            return (counted,)
        return counted, CountedOn.within(calendar_of(self.after.calendar), rows, "arrival calendar", lang)
