"""Invented records of any declared type, as plain rows that keep to what is declared, near where answers turn."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from casequality.deadlines import Deadline, Schedule
from casequality.errors import CaseQualityError, UsageError
from casequality.metrics import AsOf, Metric, Rule, fields_read
from casequality.records import Amount, ColumnType, Count, Field, Instant, NumberType, Ordered, Records, Span

ONE_DAY = dt.timedelta(days=1)


@attrs.frozen
class Edges:
    """Dates and lengths at which something changes; invented events often lie on one of them, or just beside it."""

    deadlines: tuple[Deadline, ...] = ()
    numbers: tuple[int, ...] = ()

    @classmethod
    def of(cls, metric: Metric, moment: AsOf) -> Edges:
        """Return the edges of a metric: the deadlines that it asks for, and its fields that are whole numbers."""
        rules = _Asked(moment.rules)
        with contextlib.suppress(CaseQualityError):  # a metric that fails on no records is told so by a law
            fields_read(metric, attrs.evolve(moment, rules=rules))
        values = metric.parameters().values()
        named = [*rules.asked.values(), *(value for value in values if isinstance(value, Deadline | Schedule))]
        numbers = {value for value in values if isinstance(value, int) and not isinstance(value, bool)}
        return cls(tuple(each for rule in named for each in _deadlines(rule)), tuple(sorted(numbers)))

    def days_after(self, began: dt.date) -> list[dt.date]:
        """Return the due days of what began on a day, those before and after them, and days so many days later."""
        dues = []
        for deadline in self.deadlines:
            try:
                dues.append(deadline.due(began))
            except CaseQualityError:  # out of force, or out of reach of its calendar
                continue
        near = [due + beside * ONE_DAY for due in dues for beside in (-1, 0, 1)]
        lengths = [began + number * ONE_DAY for number in self.numbers if 0 <= number < 1000]
        return [day for day in near + lengths if day >= began]

    def lengths(self) -> list[dt.timedelta]:
        """Return so many seconds, minutes and hours, each also a microsecond less and more."""
        exact = [number * dt.timedelta(seconds=unit) for number in self.numbers for unit in (1, 60, 3600)]
        near = [length + beside * dt.timedelta.resolution for length in exact for beside in (-1, 0, 1)]
        return [length for length in near if dt.timedelta() <= length < dt.timedelta(days=1000)]


NO_EDGES = Edges()


class _Asked(dict[str, Rule]):
    """Rules that note which of them were asked for."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        super().__init__(rules)
        self.asked: dict[str, Rule] = {}

    def __getitem__(self, name: str) -> Rule:
        self.asked[name] = super().__getitem__(name)
        return self.asked[name]


def _deadlines(rule: Rule) -> Iterator[Deadline]:
    if isinstance(rule, Schedule):
        yield from (rule.deadline(kind) for kind in rule.by_kind)
    elif rule.opening is None:
        yield rule


Row: TypeAlias = dict[str, Any]
"""One invented record by field: dates, times in UTC, spans, numbers, labels, None; child rows as lists of rows."""

OPEN_LIST: Final = ("north", "south", "west")
"""Labels for a code that declares none."""
DAY_GAPS: Final = (0, 3, 12, 45, 200)
SECOND_GAPS: Final = (1, 10, 40, 600, 86_400, 40 * 86_400)
GREATEST: Final[Mapping[type[ColumnType], tuple[int, ...]]] = {
    Count: (2, 20, 10_000),
    Amount: (2, 20, 10_000),
    Span: tuple(gap * 1_000_000 + 1 for gap in SECOND_GAPS),
}
"""Below which numbers those of a column are drawn, by its type."""
AROUND: Final = dt.date(2010, 8, 1)
ZONE: Final = "Europe/Copenhagen"
BEGAN: Final = (3, 30, 120, 500)


@attrs.frozen
class Maker:
    """Draws rows of one record type that began in the months before a day, some of them just after it.

    Events lie no earlier than the record's beginning, codes are there only with the date that they are known with, keys
    rise. A date that may be blank is so in every third record, the date of the beginning in a few.
    """

    kind: type[Records]
    around: dt.date
    zone: str
    random: Random
    edges: Edges = NO_EDGES

    def table(self, rows: int) -> list[Row]:
        """Return that many rows with the keys 1, 2, 3 and so on; every sixth is the one before it under a new key."""
        made: list[Row] = []
        for key in range(1, rows + 1):
            # alike but for their key, so that counting, comparing or sorting within a block is found out
            twin = made and self._one_in(6)
            made.append(with_key(self.kind, made[-1], key) if twin else self.row(key))
        return made

    def row(self, key: int, after: dt.date | None = None, *, began: dt.date | None = None) -> Row:
        """Return one row with this key, which began no earlier than `after`, or when it is said that it began."""
        made: Row = {}
        begins = self.kind.begins()
        if begins is not None:
            made[begins] = began = began or self._beginning(self.kind.fields[begins], after)
        for name, field in self.kind.fields.items():
            if name != begins and not field.column_type.is_code:
                made[name] = key if field.column_type.is_key else self._value(field, began)
        self._keep_rules(made)
        for name, field in self.kind.fields.items():
            if field.column_type.is_code:
                known = field.known_with is None or made[field.known_with] is not None
                made[name] = self._label(field) if known else None
        key_name = self.kind.key_field()
        for name, field in self.kind.fields.items():
            if field.column_type.is_table and key_name is not None:
                made[name] = self._children(field, key, began)
        return {name: made[name] for name in self.kind.fields if name in made}

    def drawn(self, field: Field[Any], began: dt.date | None, *, begins: bool = False) -> Any:
        """Return a value of one field, of a record that began then."""
        return self._beginning(field, None) if begins else self._value(field, began)

    def date_on(self, field: Field[Any], day: dt.date) -> dt.date:
        """Return a day, or a time on it, whichever a field holds."""
        return day if field.column_type.whole_days else self._time_on(day) + dt.timedelta(minutes=30)

    def _value(self, field: Field[Any], began: dt.date | None) -> Any:
        held = field.column_type
        if held.is_table:
            return []
        if not field.required and self._one_in(3):
            return None
        if held.is_date:
            return self._date(field, began)
        if isinstance(held, NumberType) and type(held) in GREATEST:
            return held.value(self.random.randrange(self.random.choice(GREATEST[type(held)])), field)
        raise UsageError(
            "The kit has nothing to invent for a type of column",
            got=type(held).__name__,
            remedy="say in testing/invented/row_factory.py what values it has: a number in GREATEST, another type in "
            "Maker",
        )

    def _keep_rules(self, made: Row) -> None:
        """Mend what was drawn where it breaks a rule of the record type: dates are put off, totals set right."""
        # mending one rule may break another: as often as there are rules, a chain of them comes to its end
        for rule in [*self.kind.rules] * len(self.kind.rules):
            if any(made.get(name) is None for name in rule.fields):
                continue
            if isinstance(rule, Ordered):
                first, then = rule.dates
                if self._lies_before(made[then], made[first]):
                    made[then] = self._after(self.kind.fields[then], made[first])
                continue
            for name in rule.minus if not rule.at_least else ():
                made[name] *= 0
            least = sum(made[name] for name in rule.plus)
            made[rule.total] = max(made[rule.total], least) if rule.at_least else least

    def _lies_before(self, date: dt.date, other: dt.date) -> bool:
        """Return whether a date lies before another: days and times are compared as days in the zone."""
        if isinstance(date, dt.datetime) and isinstance(other, dt.datetime):
            return date < other
        days = (
            each.astimezone(ZoneInfo(self.zone)).date() if isinstance(each, dt.datetime) else each
            for each in (date, other)
        )
        return next(days) < next(days)

    def _beginning(self, field: Field[Any], after: dt.date | None) -> dt.date | None:
        if self._one_in(12):
            return None
        if after is not None:
            return self._after(field, after)
        day = self.around - dt.timedelta(days=self.random.randrange(-2, self.random.choice(BEGAN)))
        return day if field.column_type.whole_days else self._time_on(day)

    def _date(self, field: Field[Any], began: dt.date | None) -> dt.date | None:
        if field.required and self._one_in(12):
            return None
        date = self._after(field, self.around - dt.timedelta(days=90) if began is None else began)
        if field.may_precede:
            date -= dt.timedelta(days=self.random.randrange(400))
        return date

    def _after(self, field: Field[Any], began: dt.date) -> dt.date:
        """Return a date no earlier than another, of the kind that the field holds."""
        day = began.astimezone(ZoneInfo(self.zone)).date() if isinstance(began, dt.datetime) else began
        if field.column_type.whole_days:
            if self._one_in(4) and (edges := self.edges.days_after(day)):
                return self.random.choice(edges)
            if self._one_in(8) and day <= self.around:
                return self.around
            return day + dt.timedelta(days=self.random.randrange(self.random.choice(DAY_GAPS) + 1))
        start = began if isinstance(began, dt.datetime) else self._time_on(began)
        if self._one_in(4) and (lengths := self.edges.lengths()):
            return start + self.random.choice(lengths)
        seconds = self.random.choice(SECOND_GAPS)
        part = self.random.choice((0, 0, 1, 999_999))
        return start + dt.timedelta(seconds=self.random.randrange(seconds + 1), microseconds=part)

    def _time_on(self, day: dt.date) -> dt.datetime:
        midnight = dt.datetime.combine(day, dt.time(), ZoneInfo(self.zone)).astimezone(dt.UTC)
        # 23 hours: the day on which the clocks go forward has no more
        return midnight + dt.timedelta(seconds=self.random.randrange(23 * 3600))

    def _label(self, field: Field[Any]) -> str | None:
        if not field.required and self._one_in(6):
            return None
        return self.random.choice(field.labels or OPEN_LIST)

    def _children(self, field: Field[Any], key: int, began: dt.date | None) -> list[Row]:
        assert field.records is not None
        key_name = self.kind.key_field()
        after = self.around - dt.timedelta(days=90) if began is None else began
        below = attrs.evolve(self, kind=field.records)
        made = [below.row(key, after) for _ in range(self.random.choice((0, 0, 1, 1, 2, 3)))]
        apart = Random(repr(made))  # noqa: S311  of its own, so that other rows are drawn as they would be without
        if made and not apart.randrange(3):
            twin = apart.randrange(2)
            made += [dict(made[0]) if twin else attrs.evolve(below, random=apart)._beside(made[0])]
            apart.shuffle(made)
        return [{**row, str(key_name): key} for row in made]

    def _beside(self, row: Row) -> Row:
        """Return another row that began when a row did."""
        began = row.get(self.kind.begins() or "")
        return dict(row) if began is None else self.row(0, began=began)

    def _one_in(self, number: int) -> bool:
        return self.random.randrange(number) == number - 1


def faults(kind: type[Records]) -> dict[tuple[str, str], object]:
    """Return what can be wrong with one value, by the field and the name of the fault, and a value that is so."""
    return {
        (name, fault): value
        for name, field in kind.fields.items()
        for fault, value in field.column_type.faults(field).items()
    }


def fresh_key(kind: type[Records], rows: Sequence[Row]) -> int:
    """Return a key that none of the rows has, nor any greater one."""
    name = kind.key_field()
    return 1 + max((row[name] for row in rows if name is not None), default=0)


def with_key(kind: type[Records], row: Row, key: int) -> Row:
    """Return a row under another key, which its child rows name too."""
    name = kind.key_field()
    if name is None:
        return row
    children = {
        field: [{**child, name: key} for child in below] for field, below in row.items() if isinstance(below, list)
    }
    return {**row, name: key, **children}


def shown(row: Mapping[str, Any]) -> str:
    """Return an invented row as a short line, what is blank left out."""
    parts = []
    for name, value in row.items():
        if isinstance(value, list):
            parts.append(f"{name}=[{'; '.join(map(shown, value))}]" if value else "")
        elif value is not None:
            parts.append(f"{name}={value}")
    return ", ".join(part for part in parts if part)


def known_at(row: Row, kind: type[Records], moment: AsOf) -> Row | None:
    """Return a row as it was known at an as-of: no later event, no code known with one; None where it had not begun.

    Written anew in plain Python, so that it can tell whether the core hides the same.
    """
    end = moment.instant.astype(dt.datetime).replace(tzinfo=dt.UTC)
    day = moment.known_before.astype(dt.date)

    def later(value: dt.date | None) -> bool:
        return value is not None and (value >= end if isinstance(value, dt.datetime) else value >= day)

    begins = kind.begins()
    if begins is not None and later(row[begins]):
        return None
    known = dict(row)
    for name, field in kind.fields.items():
        if field.is_event and later(row[name]):
            known[name] = None
        if field.records is not None:
            children = [known_at(child, field.records, moment) for child in row[name]]
            known[name] = [child for child in children if child is not None]
    for name, field in kind.fields.items():
        if field.known_with is not None and known[field.known_with] is None:
            known[name] = None
    return known


def shifted(row: Row, move: Any) -> Row:
    """Return a row with every date moved, also in its child rows."""
    moved: Row = {}
    for name, value in row.items():
        if isinstance(value, list):
            moved[name] = [shifted(child, move) for child in value]
        else:
            moved[name] = move(value) if isinstance(value, dt.date) else value
    return moved


def replanned(row: Row, kind: type[Records], day: dt.date) -> Row:
    """Return a row whose planned days from a day on lie 300 days later, also in its child rows."""
    moved = dict(row)
    for name, field in kind.fields.items():
        value = row.get(name)
        if field.planned and value is not None and (value.date() if isinstance(value, dt.datetime) else value) > day:
            moved[name] = value + dt.timedelta(days=300)
        if field.records is not None:
            moved[name] = [replanned(child, field.records, day) for child in row[name]]
    return moved


def instants(kind: type[Records]) -> list[str]:
    """Return the fields of a record type that hold times."""
    return [name for name, field in kind.fields.items() if isinstance(field.column_type, Instant)]
