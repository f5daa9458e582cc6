"""Every way of settling records in doubt, one by one: what a figure can become, by enumeration and nothing else."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Final, TypeAlias

import attrs

from casequality.days import Period

HUGE: Final = 10**30
"""A number that stands for one without limit."""
HEAVY: Final = 10**12
"""A weight that stands for one without limit."""
MANY: Final = 50
TOP: Final = 4
"""The greatest number that a record is read with."""
DATES: Final = ("on", "until", "seen")
FLOWS: Final = ("inflow", "outflow", "stock", "clearance", "disposition time", "against year before")
Fields: TypeAlias = "frozenset[str] | None"
Point: TypeAlias = "tuple[int, int] | None"


@attrs.frozen(kw_only=True)
class Line:
    """What is read of one record, and what is wrong with it.

    faults: pairs of the fields whose readers set it aside, and of those that these cannot trust; None for all fields.
    unknown: the fields that the source says it does not know. suspected: the dates that may stand for none.
    certain: whether what is unknown about it leaves its outcome as it is.
    """

    on: dt.date | None
    until: dt.date | None = None
    seen: dt.date | None = None
    what: str = "yes"
    number: int | None = 0
    times: int | None = 1
    office: str | None = "a"
    kind: str | None = "x"
    certain: bool = False
    faults: tuple[tuple[Fields, Fields], ...] = ()
    unknown: frozenset[str] = frozenset()
    suspected: frozenset[str] = frozenset()

    def __attrs_post_init__(self) -> None:
        """Only a date that is there can be a mark, and only what is blank can be unknown."""
        object.__setattr__(self, "suspected", frozenset(name for name in self.suspected if getattr(self, name)))
        blank = frozenset(name for name in self.unknown if getattr(self, name) is None)
        object.__setattr__(self, "unknown", blank)


@attrs.frozen(kw_only=True)
class Asked:
    """What is asked of the records.

    reads: the fields that the metric reads. where: what is asked for, by field. orphans: how many child rows belong to
    nobody knows whom. computed: whether the metric works out its dates. least, most, heaviest: None for no limit.
    """

    statistic: str
    period: Period
    p: Fraction = Fraction(1, 2)
    ticks: int = 1
    closed: bool = False
    reads: frozenset[str]
    where: Mapping[str, tuple[str, ...]]
    group: Mapping[str, str | None]
    fields: frozenset[str] = frozenset()
    weighted: bool = False
    bounded: bool = True
    computed: bool = False
    orphans: int = 0
    least: int | None = 0
    most: int | None = None
    heaviest: int | None = None

    @property
    def ranks(self) -> bool:
        """Whether it asks for a quantile."""
        return self.statistic in ("quantile", "pending age quantile", "time to end")

    @property
    def days(self) -> list[dt.date]:
        """Days that stand for all: one for each stretch of time that the period can tell from the others."""
        before, one = self.period.year_before(), dt.timedelta(1)
        edges = sorted({before.first, before.end, self.period.first, self.period.end})
        return sorted({edges[0] - one, *edges, self.period.last})

    def numbers(self, own: int | None = None, *, lasting: bool = False) -> Sequence[int]:
        """Return the numbers that a record may have, from its own on where it has one that can only grow."""
        ranked, ticks = self.ranks or self.statistic == "pending age", self.ticks if self.ranks else 1
        endless = self.most is None or lasting
        if self.statistic.startswith("pending age"):
            return [0, 1, 30, HUGE if self.most is None else self.most]
        most = TOP if self.most is None else -(-self.most // ticks)
        lowest = -(-max(self.least or 0, 0) // ticks) if ranked else self.least or 0
        first, last = lowest if own is None else own, max(most, TOP) if lasting else most
        # between great numbers not each is tried: what a figure can become is least and greatest at their ends
        found = [*(range(first, last + 1) if last - first < MANY else (first, (first + last) // 2, last))]
        found = sorted({*found, *([] if own is None else [own]), *([HUGE] if endless else [])})
        return [-HUGE, *found] if self.least is None and own is None and not ranked else found


@attrs.frozen
class Life:
    """One thing that a record may be; waiting: that it is open, turned: by a child row of nobody knows whom."""

    entry: dt.date
    end: dt.date | None
    role: str
    number: int
    cases: int
    waiting: bool = False
    turned: bool = False


@attrs.frozen(kw_only=True)
class Lives:
    """Things that a record may be: each of these days, roles, numbers and weights with each of the others."""

    entries: Sequence[dt.date]
    ends: Sequence[dt.date | None]
    roles: Sequence[str]
    numbers: Sequence[int]
    weights: Sequence[int]
    dated: bool
    waiting: bool = False
    turned: bool = False


def lives(line: Line, asked: Asked) -> Iterator[Life]:
    """Yield all that a record may be; the number of one whose age is asked for is its age at the period's end."""
    faults, ages = _concerning(line, asked), asked.statistic.startswith("pending age")
    for some in [_aside(line, asked, faults)] if faults else _read(line, asked):
        numbers = asked.numbers() if ages else some.numbers
        for entry, end, role, weight in product(some.entries, some.ends, some.roles, some.weights):
            if end is None or entry <= end:
                age = [(asked.period.last - entry).days] if ages and some.dated else numbers
                for number in age:
                    yield Life(entry, end, role, number, weight, some.waiting, some.turned)


def _concerning(line: Line, asked: Asked) -> list[Fields]:
    needs = asked.reads | asked.fields | set(asked.where)
    return [blurred for concerned, blurred in line.faults if concerned is None or concerned & needs]


def _blurs(faults: Iterable[Fields], name: str) -> bool:
    return any(blurred is None or name in blurred for blurred in faults)


def _weights(line: Line, asked: Asked, *, free: bool) -> Sequence[int]:
    if not asked.weighted:
        return [1]
    if free:
        return [0, 1, HEAVY] if asked.heaviest is None else range(asked.heaviest + 1)
    return [line.times or 0]


def _aside(line: Line, asked: Asked, faults: list[Fields]) -> Lives:
    """Return what a record set aside may be: a yes, a no or out, on the days that can be trusted."""
    doubted = line.suspected | line.unknown

    def trusted(name: str) -> bool:
        return not (_blurs(faults, name) or name in doubted or asked.computed)

    ends: Sequence[dt.date | None] = [line.until] if trusted("until") else [None, *asked.days]
    dated = line.on is not None and trusted("on")
    return Lives(
        entries=[line.on] if dated and line.on else asked.days,
        ends=ends if asked.bounded else [None],
        roles=("yes", "no", "out"),
        numbers=asked.numbers(lasting=asked.statistic == "time to end"),
        weights=_weights(line, asked, free=True),
        dated=dated,
    )


def _read(line: Line, asked: Asked) -> Iterator[Lives]:
    """Yield what a record without a fault may be: as it was read, with dates that are marks, or turned."""
    lacking, weightless = line.unknown & asked.reads, asked.weighted and line.times is None
    # what it would be with a label that it may have and that the metric reads, nobody knows
    labelled = "office" in asked.where or asked.group.get("office") is not None
    lacking |= {"office"} & asked.reads if line.office is None and labelled else set()
    role = "unknown" if (lacking and not line.certain) or weightless else line.what
    anything = asked.numbers(lasting=asked.statistic == "time to end")
    # what is left out is not in a flow, nor in a stock, where both a yes and a no are
    left_out = role == "unknown" and (asked.statistic in FLOWS or asked.statistic.startswith("pending age"))
    either = ("yes", "no", "out") if left_out else ("yes", "no")
    ends: Sequence[dt.date | None] = [line.until if asked.bounded else None]
    if asked.bounded and line.until is None and lacking and (asked.computed or "until" in lacking):
        ends = [None, *asked.days] if asked.computed else asked.days
    read = Lives(
        entries=[line.on] if line.on else asked.days,
        ends=ends,
        roles=either if role in ("open", "unknown") else (role,),
        numbers=_own_numbers(line, asked, role, anything),
        weights=_weights(line, asked, free=weightless or (role in ("open", "unknown") and not line.times)),
        dated=line.on is not None,
        waiting=role == "open",
    )
    yield read
    other = attrs.evolve(read, roles=either, numbers=anything, waiting=False)
    marks = sorted(line.suspected & asked.reads)
    moves = {name for mark in marks for name in (DATES if asked.computed else (mark,))}
    for entry, end in product((False, True), repeat=2) if marks else ():
        # of days that a metric works out nobody can tell which of them rests on the mark
        if (not entry or "on" in moves) and (not end or "until" in moves) and (entry or end or "seen" in moves):
            yield attrs.evolve(
                other,
                entries=asked.days if entry else read.entries,
                ends=[None] if end else ends,
                dated=read.dated and not entry,
            )
    if asked.orphans and not line.certain and role != "out":
        yield attrs.evolve(other, roles=("yes", "no"), turned=True)


def _own_numbers(line: Line, asked: Asked, role: str, anything: Sequence[int]) -> Sequence[int]:
    if line.number is None or role == "unknown":
        return anything
    return asked.numbers(line.number, lasting=asked.statistic == "time to end") if role == "open" else [line.number]


def belongs(line: Line, asked: Asked) -> Sequence[bool]:
    """Return whether a record may be among those that the figure is of, and whether it may not."""
    faults, sure = _concerning(line, asked), True
    for name, wanted in asked.where.items():
        label = getattr(line, name)
        if _blurs(faults, name) or (label is None and name == "office"):
            sure = False
        elif label not in wanted:
            return (False,)
    for name, shown in asked.group.items():
        label = getattr(line, name)
        if _blurs(faults, name) or (label is None and name == "office" and shown is not None):
            sure = False
        elif label != shown:
            return (False,)
    return (True,) if sure else (True, False)


def point(life: Life, asked: Asked) -> Point:
    """Return what a life adds above and below, or its number and weight where these are ranked; None for nothing."""
    w, kept, period = life.cases, life.role != "out", asked.period
    placed = life.end if asked.closed else life.entry
    here = kept and placed is not None and placed in period
    yes, no = here and life.role == "yes", here and life.role == "no"
    pending = kept and life.entry < period.end and (life.end is None or life.end >= period.end)
    statistic, number = asked.statistic, life.number
    if statistic in ("share", "ratio"):
        return (w * yes, w * (yes or no) if statistic == "share" else w * no)
    if statistic in ("count", "sum"):
        return (w * yes * (1 if statistic == "count" else number), 0)
    if statistic == "mean":
        return (w * number * yes, w * yes)
    if statistic in ("pending age", "pending age quantile"):
        if not pending or not w:
            return None if asked.ranks else (0, 0)
        return (number, w) if asked.ranks else (number * w, w)
    if asked.ranks:
        there = here and (yes or (life.waiting and statistic == "time to end"))
        return (number, w) if there and w else None
    before = period.year_before()
    told = {
        "in": w * (kept and life.entry in period),
        "out": w * (life.role == "yes" and life.end is not None and life.end in period),
        "stock": w * pending,
        "before": w * (kept and life.entry in before),
        "": 0,
    }
    upper, lower = {
        "inflow": ("in", ""),
        "outflow": ("out", ""),
        "stock": ("stock", ""),
        "clearance": ("out", "in"),
        "disposition time": ("stock", "out"),
        "against year before": ("in", "before"),
    }[statistic]
    return (told[upper], told[lower])


def points(line: Line, asked: Asked) -> set[tuple[Point, int]]:
    """Return all that a record may add, each with whether a child row of nobody knows whom has turned it."""
    nothing: Point = None if asked.ranks else (0, 0)
    found: set[tuple[Point, int]] = set()
    where = belongs(line, asked)
    if False in where:
        found.add((nothing, 0))
    if True not in where:
        return found
    for life in lives(line, asked):
        found.add((point(life, asked), int(life.turned)))
    return {(each, turned) for each, turned in found if not turned or (each, 0) not in found}


@attrs.frozen
class Truth:
    """What a figure can become: all its values in order, None among them as `undefined`."""

    values: tuple[Fraction, ...]
    undefined: bool

    @property
    def possible(self) -> bool:
        """Whether some way of settling the records gives a figure."""
        return bool(self.values)


def settle(lines: Iterable[Line], asked: Asked, limit: int = 60_000) -> Truth | None:
    """Return what a figure can become over every way of settling the records; None where these are too many."""
    sums: set[tuple[object, int]] = {((), 0) if asked.ranks else ((0, 0), 0)}
    for line in lines:
        options = points(line, asked)
        if len(sums) * len(options) > limit:
            return None
        sums = {
            (_plus(state, option, ranks=asked.ranks), turned + more)
            for state, turned in sums
            for option, more in options
            if turned + more <= asked.orphans
        }
    values = {_figure(state, asked) for state, _ in sums}
    return Truth(tuple(sorted(value for value in values if value is not None)), None in values)


def _plus(state: object, option: Point, *, ranks: bool) -> object:
    assert isinstance(state, tuple)
    if option is None:
        return state
    if not ranks:
        return (state[0] + option[0], state[1] + option[1])
    held = dict(state)
    held[option[0]] = held.get(option[0], 0) + option[1]
    return tuple(sorted(held.items()))


def _figure(state: object, asked: Asked) -> Fraction | None:
    assert isinstance(state, tuple)
    if asked.ranks:
        return _quantile(state, asked.p, asked.ticks)
    upper, lower = state
    if asked.statistic in ("count", "sum", "inflow", "outflow", "stock"):
        lower = 1
    if asked.statistic == "disposition time":
        upper *= (asked.period.end - asked.period.first).days
    return Fraction(upper, lower) if lower else None


def _quantile(held: Sequence[tuple[int, int]], p: Fraction, ticks: int) -> Fraction | None:
    """Return the least number that a share `p` of all does not exceed."""
    wanted, passed = max(1, math.ceil(p * sum(weight for _, weight in held))), 0
    for number, weight in sorted(held):
        passed += weight
        if passed >= wanted:
            return Fraction(number * (1 if number == HUGE else ticks))
    return None
