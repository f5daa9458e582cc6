"""A deadline: what is owed, within which term, counted from which event on which calendar."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any, Literal, TypeAlias, get_args, overload

import attrs
import numpy as np

from casequality.arrays import Days, Instants, Mask
from casequality.citation import Citation
from casequality.dated import Dated
from casequality.days import Calendar, DayTable, Roll, local_day, local_days
from casequality.days.tables import one_day
from casequality.deadlines.in_force import InForce, check_terms, due_table, in_force, rolled
from casequality.deadlines.ledger import Ledger, Row
from casequality.deadlines.opening import Opening, is_clock
from casequality.deadlines.reach import within
from casequality.deadlines.sentences import answer
from casequality.deadlines.term import Term, calendar_of
from casequality.deadlines.walk import arrival, day_of, receipt, walk
from casequality.deadlines.words import NOT_SAID, Words, words
from casequality.errors import OutsideCalendar, UsageError

Kind: TypeAlias = Literal["decide", "notify or decide", "acknowledge", "goal", "step", "reply", "appeal", "arrival"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@attrs.frozen
class Extension:
    """A longer term, counted from the same receipt, and the condition under which it holds.

    `term` is None where the source states no amount.
    """

    condition: Words = attrs.field(converter=words)
    term: Term | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the extension as plain data."""
        return {"condition": self.condition.to_dict(), "term": self.term and attrs.asdict(self.term)}


@attrs.frozen(slots=False, kw_only=True)
class Deadline:
    """What is owed within a term that starts with an event; the term in force is that of the day of receipt.

    The texts say what starts the clock, what keeps the deadline (`satisfied_by`), what it does not apply to
    (`excluded`) and what a `breach` requires. `after` is an earlier period whose last day counts as the receipt,
    such as the arrival of a letter. With `opening`, receipt is an instant and so is the due date.

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
    after: Deadline | None = None
    opening: Opening | None = None
    zone: str = attrs.field()

    @zone.default
    def _zone_of_the_office(self) -> str:
        return self.opening.zone if self.opening else "Europe/Copenhagen"

    def __attrs_post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageError("Unknown kind of deadline", where=self.id, got=self.kind, allowed=KINDS)
        if self.opening and self.zone != self.opening.zone:
            raise UsageError(
                "A deadline has one zone, that of its office",
                where=self.id,
                got=f"{self.zone} and {self.opening.zone}",
                remedy="state the zone with the opening hours only",
            )
        if self.after and (self.opening or self.after.opening or self.after.after):
            raise UsageError(
                "A deadline that runs from the end of another counts whole days, and follows only one",
                where=self.id,
                remedy="leave out the opening hours, or join the earlier terms in one deadline",
            )

    @overload
    def due(
        self, received: dt.date, *, calendar: Calendar | str | None = None, roll: Roll | None = None
    ) -> dt.date: ...
    @overload
    def due(
        self, received: np.datetime64, *, calendar: Calendar | str | None = None, roll: Roll | None = None
    ) -> np.datetime64: ...
    @overload
    def due(
        self,
        received: Days,
        *,
        calendar: Calendar | str | None = None,
        roll: Roll | None = None,
        out: Days | None = None,
    ) -> Days: ...
    def due(
        self,
        received: Any,
        *,
        calendar: Calendar | str | None = None,
        roll: Roll | None = None,
        out: Days | None = None,
    ) -> Any:
        """Return the last day on which the deadline is kept; the day of receipt is not counted.

        A date gives a date, an array of days an array of datetime64[D]. An instant counts from its local day in
        `zone`; numpy instants are read as UTC. With opening hours an instant gives an instant: an aware datetime
        in the office's zone, or datetime64[us] in UTC. `calendar` and `roll` count by another convention.

        NaT stays NaT, and an array has NaT for a day on which no term was in force; for one such day, and for
        days beyond the calendar, `OutsideCalendar` is raised; `NaiveTime` for a datetime without zone.
        """
        table = self.table(calendar, roll=roll)
        found = self.opening.due(received, table, out) if self.opening else table.look_up(self._day(received), out)
        if found is None or (isinstance(found, np.datetime64) and np.isnat(found) and not np.isnat(received)):
            raise self._not_in_force(one_day(self._day(received)))
        return found

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
            table = calendar_of(self.opening.calendar).add_table(1).then(table)
        return within(table, received, self.zone)

    def explain(
        self,
        received: dt.date | np.datetime64,
        *,
        lang: str = "en",
        calendar: Calendar | str | None = None,
        roll: Roll | None = None,
    ) -> Ledger:
        """Return the ledger of a due date: every day from receipt on, counted or not, why, and by which source.

        It is counted day by day, not with the tables behind `due`. `lang` is "en" or "da".
        """
        on = calendar_of(self.calendar if calendar is None else calendar)
        moment, start, rows, sources = self._start(received, lang)
        day = day_of(start)
        held = self.in_force_on(day)
        term = rolled(held.term, roll)
        rows = [*rows, *walk(term, day, on, lang)]
        due = (
            self.opening.at(rows[-1].date, start.time())
            if self.opening and isinstance(start, dt.datetime)
            else rows[-1].date
        )
        sources = {"rule": held.citation, **sources, "calendar": on.source if term.asks_calendar else None}
        return Ledger(
            rule=self.to_dict(),
            title=self.title,
            received=moment,
            due=due,
            term=term,
            calendar=on.name,
            rows=tuple(rows),
            sources={key: citation for key, citation in sources.items() if citation},
            answer=answer(moment, start, due, term.words, by_letter=self.after is not None),
            lang=lang,
        )

    def in_force_on(self, day: dt.date) -> InForce:
        """Return the term in force for what is received on a day, its limits and its source."""
        for held in in_force(self.terms):
            if held.covers(day):
                return held
        raise self._not_in_force(day)

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
            "after": self.after and self.after.to_dict(),
            "opening": self.opening and self.opening.to_dict(),
            "zone": self.zone,
        }

    @cached_property
    def _tables(self) -> dict[tuple[Calendar | str | None, Roll | None], DayTable]:
        return {}

    def _day(self, received: Any) -> Any:
        if isinstance(received, dt.datetime):
            return local_day(received, self.zone)
        if isinstance(received, (np.ndarray, np.datetime64)) and is_clock(received.dtype):
            return local_days(np.asarray(received), self.zone)[()]
        return received

    def _start(self, received: Any, lang: str) -> tuple[dt.date, dt.date, list[Row], dict[str, Citation | None]]:
        if self.opening:
            clock = self.opening.clock(received)
            start = self.opening.start(clock)
            days = calendar_of(self.opening.calendar)
            return clock, start, receipt(clock, start, days, lang), {"opening": days.source}
        day = one_day(self._day(received))
        if day is None:
            raise UsageError("There is nothing to explain about a missing day", where=self.id, got="NaT")
        if self.after:
            held, days = self.after.in_force_on(day), calendar_of(self.after.calendar)
            rows = arrival(held.term, day, days, lang)
            return day, rows[-1].date, rows, {"arrival": held.citation, "arrival calendar": days.source}
        return day, day, receipt(day, day, None, lang), {}

    def _not_in_force(self, day: dt.date | None) -> OutsideCalendar:
        return OutsideCalendar(
            "The deadline was not in force on that day",
            where=self.id,
            got=day,
            allowed=[str(held) for held in in_force(self.terms)],
            remedy="use the deadline that was in force; casequality.deadlines() lists them all",
        )
