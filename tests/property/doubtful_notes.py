"""Small sets of records in doubt for some reason, drawn by chance, and metrics that are asked of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, ClassVar, Final

import attrs
import numpy as np

from casequality.days import Period, period
from casequality.metrics.asking import traced
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.metric import Metric
from casequality.metrics.declaring.readings import cohort, readings
from casequality.metrics.declaring.statistics import (
    Count,
    Flow,
    Mean,
    PendingAge,
    Quantile,
    Ratio,
    Share,
    Statistic,
    Sum,
    TimeToEnd,
)
from casequality.metrics.measurement import Measurement, conclude
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.grid import Limits
from casequality.metrics.tallies.outcomes import Contribution, outcomes
from casequality.metrics.tallies.tally import Tally
from casequality.records.facts.fields import code, count, day
from casequality.records.facts.findings import Doubts, Taint
from casequality.records.facts.schema import Records
from tests.factories.records import of_rows
from tests.factories.tallies import AS_OF, ROLES, ZONE, tallied
from tests.property.enumerated import DATES, FLOWS, TOP, Asked, Line

FIELDS: Final = ("on", "until", "seen", "what", "number", "times", "office", "kind", "sure")
STATISTICS: Final = (
    *("share", "count", "sum", "mean", "points", "ratio", *FLOWS),
    *("quantile", "pending age", "pending age quantile", "time to end"),
)
REASONS: Final = (
    *("open", "unknown", "no number", "set aside", "set aside, nothing known", "set aside, end known", "undated"),
    *("ended", "not known", "blank", "marks", "orphans", "weight", "mixed"),
)
PERIODS: Final = tuple(
    map(period, ("2010-03-02..2010-03-03", "2010-03", "2010-03-02..2010-03-02", "2009-01-01..2010-06-30", "2010"))
)
EDGES: Final = tuple({day for each in PERIODS for one in (each, each.year_before()) for day in (one.first, one.end)})
SHARES: Final = tuple(map(Fraction, ("1/2", "1/2", "9/10", "0", "1", "1/3")))


class Note(Records, name="notes"):
    """What one row says of itself; of its office a blank is doubt, of its kind a fact."""

    on = day(missing="not dated")
    until = day(missing="lasting")
    seen = day(missing="not seen")
    what = code(*ROLES)
    number = count(missing="none")
    times = count(missing="not counted")
    office = code(unknown="not stated")
    kind = code(missing="neither")
    sure = code("yes", "no")


@attrs.frozen
class Noted(Metric):
    """A metric that says what its rows say, in the way its fields choose."""

    id = "test.noted"
    title = {"en": "Noted", "da": "Noteret"}
    records = Note
    statistic: ClassVar[Statistic] = Share()
    outcomes = outcomes(**ROLES)
    readings = readings(cohort=cohort("received", "closed"))
    bounded: bool = True
    weighted: bool = False
    amounts: bool = False
    numbered: bool = False
    aged: bool = False
    computed: bool = False
    placed: bool = False
    certain: bool = False

    def contribute(self, notes: Note, as_of: AsOf) -> Contribution:
        """Return what the rows say."""
        seen, shift = notes.seen, np.timedelta64(0, "D")
        until = (notes.until + shift if self.computed else notes.until) if self.bounded else None
        if self.placed:
            assert notes.office is not None
        return Contribution(
            on=notes.on + shift if self.computed else notes.on,
            until=until,
            outcome=self.outcomes.pick(**{name: notes.what == name for name in ROLES}),
            amount=notes.number if self.amounts and len(seen) == len(notes) else None,
            bins=notes.number if self.numbered else None,
            times=notes.times if self.weighted else None,
            certain=notes.sure == "yes" if self.certain else None,
            aged=self.aged,
        )


@attrs.frozen
class Case:
    """Records, the metric that is asked, and what is asked of it."""

    lines: tuple[Line, ...]
    metric: Noted
    asked: Asked
    groups: tuple[str, ...]
    shown: tuple[str, ...]

    def tally(self, lines: Sequence[Line] | None = None) -> Tally:
        """Return the tally of its records, or of some of them."""
        chosen = self.lines if lines is None else lines
        reads, facets = traced(self.metric, AS_OF)
        assert reads == self.asked.reads, reads
        question: dict[str, Any] = {"groups": self.groups, "where": tuple(self.asked.where.items())}
        blocks = [] if not chosen else [doubtful(chosen)]
        tally = tallied(self.metric, blocks, axis=Axis(ZONE, EDGES), reads=reads, facets=facets, **question)
        orphans = self.asked.orphans if lines is None else 0
        return attrs.evolve(tally, accounts=attrs.evolve(tally.accounts, orphans=orphans))

    def measured(self, tally: Tally | None = None, periods: Sequence[Period] = ()) -> Measurement:
        """Return its figures."""
        asked = self.asked
        return conclude(
            tally or self.tally(),
            self.metric.under({"cohort": "closed" if asked.closed else "received"}),
            by=self.shown,
            periods=periods or [asked.period],
            as_of_day=np.datetime64("2012-01-01"),
            limits=Limits(asked.least, asked.most, asked.heaviest),
        )


def doubtful(lines: Sequence[Line]) -> Note:
    """Return lines as a block of records with what is wrong with them."""
    rows = [{**attrs.asdict(line, recurse=False), "sure": "yes" if line.certain else "no"} for line in lines]
    records = of_rows(Note, [{name: row[name] for name in FIELDS} for row in rows])
    kinds = dict.fromkeys(fault for line in lines for fault in line.faults)
    taints = tuple(Taint(*kind, np.array([kind in line.faults for line in lines])) for kind in kinds)
    masks = [
        {name: np.array([name in getattr(line, which) for line in lines]) for name in FIELDS}
        for which in ("unknown", "suspected")
    ]
    plain = [{name: mask for name, mask in each.items() if mask.any()} for each in masks]
    return records.with_doubts(Doubts(taints, *plain))


def made(statistic: str, asked: Asked) -> Statistic:
    """Return a statistic by its name."""
    if statistic in FLOWS:
        return Flow(statistic)  # type: ignore[arg-type]
    plain = {"share": Share(), "count": Count(), "sum": Sum(), "mean": Mean(), "points": Mean(most=TOP)}
    if statistic in plain:
        return plain[statistic]
    if statistic.startswith("pending age"):
        return PendingAge(None if statistic == "pending age" else asked.p)
    return (
        Ratio() if statistic == "ratio" else (Quantile if statistic == "quantile" else TimeToEnd)(asked.p, asked.ticks)
    )


def drawn(rnd: random.Random, statistic: str, reason: str) -> Case:
    """Return a few records, some of them in doubt for a reason, and a question."""
    asked, flags = _question(rnd, statistic, reason)
    lines = [sound(rnd, asked) for _ in range(rnd.randrange(4))]
    reasons = [each for each in REASONS if each != "mixed"]
    for _ in range(rnd.choice((1, 1, 2, 3) if reason != "mixed" else (2, 2, 3))):
        line = sound(rnd, asked, near=rnd.random() < 0.7)
        line = _dimmed(rnd, line, rnd.choice(reasons) if reason == "mixed" else reason)
        if reason == "mixed" and rnd.random() < 0.4:
            line = _dimmed(rnd, line, rnd.choice(reasons))
        if line.suspected:  # what stands whatever is unknown does not stand where a date means nothing
            line = attrs.evolve(line, certain=False)
        lines.append(line)
    rnd.shuffle(lines)
    kind: type[Noted] = type("Asked", (Noted,), {"statistic": made(statistic, asked)})
    groups, shown = flags.pop("groups"), flags.pop("shown")
    return Case(tuple(lines), kind(**flags), asked, groups, shown)


def _question(rnd: random.Random, statistic: str, reason: str) -> tuple[Asked, dict[str, Any]]:
    flow, age = statistic in FLOWS, statistic.startswith("pending age")
    weighted = reason == "weight" or rnd.random() < 0.25
    closed = rnd.random() < 0.35 and not flow and not age
    bounded = flow or age or closed or rnd.random() < 0.8
    where = {"office": ("a", "b")} if rnd.random() < 0.25 else {"kind": ("x",)} if rnd.random() < 0.1 else {}
    groups = rnd.choice([(), (), ("office",), ("office", "kind"), ("kind",)])
    shown = groups if rnd.random() < 0.8 else groups[1:]
    if reason == "blank":
        where, groups = rnd.choice([(where, ("office",)), ({"office": ("a",)}, ()), ({"office": ("a",)}, ("office",))])
        shown = groups
    amounts = statistic in ("sum", "mean", "points") or rnd.random() < 0.5
    numbered = not age and (statistic in ("quantile", "time to end") or rnd.random() < 0.3)
    flags: dict[str, Any] = {
        "bounded": bounded,
        "weighted": weighted,
        "amounts": amounts,
        "numbered": numbered,
        "aged": age,
        "computed": rnd.random() < 0.15,
        "placed": rnd.random() < (0.5 if reason == "blank" else 0.1),
        "certain": rnd.random() < 0.3,
        "groups": groups,
        "shown": shown,
    }
    reads = {"on", "seen", "what", *(["until"] if bounded else []), *(["times"] if weighted else [])}
    reads |= {"number"} if amounts or numbered else set()
    reads |= {name for flag, name in (("placed", "office"), ("certain", "sure")) if flags[flag]}
    ticks = rnd.choice([1, 1, 1, 2]) if statistic in ("quantile", "time to end") else 1
    most = rnd.choice([None, TOP, TOP, TOP + 1])
    least = rnd.choice([0, 0, 0, 0, 1, None])
    if age:
        least, most = rnd.choice([0, None]), rnd.choice([None, 2_000])
    asked = Asked(
        statistic="mean" if statistic == "points" else statistic,
        period=rnd.choice(PERIODS),
        p=rnd.choice(SHARES),
        ticks=ticks,
        closed=closed,
        reads=frozenset(reads),
        where=where,
        group={},
        fields=frozenset(groups),
        weighted=weighted,
        bounded=bounded,
        computed=flags["computed"],
        orphans=rnd.choice([1, 1, 2]) if reason == "orphans" or (reason == "mixed" and rnd.random() < 0.2) else 0,
        least=0 if statistic == "points" else least,
        most=TOP if statistic == "points" else None if most is None else most * ticks,
        heaviest=rnd.choice([None, 2, 2, 3]),
    )
    return asked, flags


def sound(rnd: random.Random, asked: Asked, *, near: bool = True) -> Line:
    """Return a record without doubt; near: more likely one of the period that is asked for."""
    days = [each for each in asked.days if each in asked.period] if near else asked.days
    on = rnd.choice(days if rnd.random() < 0.7 else asked.days)
    until = rnd.choice([None, *[each for each in asked.days if each >= on]])
    return Line(
        on=on,
        until=until,
        seen=rnd.choice([None, on]),
        what=rnd.choice(["yes", "yes", "no", "out"]),
        number=rnd.randrange(asked.least or 0, TOP + 1),
        times=rnd.choice([1, 1, 2, 3]) if asked.weighted else 1,
        office=rnd.choice("aab"),
        kind=rnd.choice(["x", "x", "y", None]),
        certain=rnd.random() < 0.2 and "sure" in asked.reads,
    )


def _dimmed(rnd: random.Random, line: Line, reason: str) -> Line:
    """Return a line that is in doubt for a reason, beside what was said before."""
    own = rnd.choice(["what", "seen", "number", "until", "on", "office"])
    faults = {
        "set aside": (frozenset({own}), frozenset({own})),
        "set aside, nothing known": (None, None),
        "set aside, end known": (frozenset({"on"}), frozenset({"on", *rnd.sample(["office", "what"], 1)})),
    }
    changes: dict[str, dict[str, Any]] = {
        "open": {"what": "open", "until": line.until if rnd.random() < 0.1 else None},
        "unknown": {"what": "unknown"},
        "no number": {"number": None},
        "undated": {"on": None},
        "ended": {"until": None, "unknown": line.unknown | {"until"}, "suspected": line.suspected - {"until"}},
        "not known": rnd.choice(
            [
                {"number": None, "unknown": line.unknown | {"number"}},
                {"on": None, "unknown": line.unknown | {"on"}},
                {"seen": None, "unknown": line.unknown | {"seen"}},
            ]
        ),
        "blank": {"office": None},
        "marks": {
            "suspected": frozenset(name for name in rnd.sample(DATES, rnd.choice([1, 1, 2])) if getattr(line, name))
        },
        "weight": rnd.choice([{"times": None}, {"times": 0, "what": "unknown"}]),
    }
    if reason in faults:
        return attrs.evolve(line, faults=(*line.faults, faults[reason]))
    return attrs.evolve(line, **changes.get(reason, {}))
