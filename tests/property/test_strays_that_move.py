"""A child row of nobody whose day would begin or end a case: each figure is held against every case it may be of."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import attrs
import numpy as np
import pytest

import casequality as cq
from casequality.days import MISSING

Figure: TypeAlias = Literal["inflow", "outflow", "stock", "clearance"]
PERIODS = {"2010-01": (1, 31), "2010-02": (32, 59), "2010-03": (60, 90), "2010-H1": (1, 181)}
START = dt.date(2009, 12, 31)
FIGURES: tuple[Figure, ...] = ("inflow", "outflow", "stock", "clearance")


class Step(cq.Records, name="steps"):
    """A step in a case."""

    case = cq.key()
    taken_on = cq.day()


class Matter(cq.Records, name="matters"):
    """A case that begins or ends with its steps."""

    case = cq.key()
    received_on = cq.day()
    steps = cq.many(Step)


@attrs.frozen
class Ends(cq.Metric):
    """A case ends with its last step."""

    version = 1
    title = {"en": "Cases", "da": "Sager"}
    records = Matter
    outcomes = cq.outcomes(ended=cq.YES, open=cq.OPEN)
    citation = cq.Citation(
        title={"en": "A test", "da": "En test"}, certain=False, question={"en": "none", "da": "ingen"}
    )
    higher_is_better = None

    def contribute(self, matters: Matter, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return when each case began and ended."""
        last = matters.steps.last(matters.steps.rows.taken_on)
        return cq.Contribution(on=matters.received_on, outcome=self.outcomes.pick(ended=last == last), until=last)


class Lasts(Ends):
    """How long a case took; its days are kept whole or as a number to rank, by the cohort that is asked for."""

    unit = cq.units.DAYS
    readings = cq.readings(cohort=cq.cohort("closed", "received"))
    ranked = False

    def contribute(self, matters: Matter, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return when each case began and ended, and how long it took."""
        last = matters.steps.last(matters.steps.rows.taken_on)
        ended = last == last
        days = np.where(ended, (last - matters.received_on).astype(np.int64), MISSING)
        bins, amount = (days, None) if self.ranked else (None, days)
        outcome = self.outcomes.pick(ended=ended)
        return cq.Contribution(on=matters.received_on, outcome=outcome, until=last, bins=bins, amount=amount)


class Ages(Ends):
    """How many days the pending cases have lasted."""

    unit = cq.units.DAYS

    def contribute(self, matters: Matter, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return when each case began and ended, its age kept."""
        return attrs.evolve(super().contribute(matters, as_of), aged=True)


class Waits(Ends):
    """How long it takes to an end; what is open has waited up to the as-of."""

    unit = cq.units.DAYS
    statistic = cq.statistics.TimeToEnd(Fraction(1, 2))

    def contribute(self, matters: Matter, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return when each case began, and how long it has lasted."""
        last = matters.steps.last(matters.steps.rows.taken_on)
        until = np.where(last == last, last, np.datetime64("2011-01-01", "D"))
        days = (until - matters.received_on).astype(np.int64)
        return cq.Contribution(on=matters.received_on, outcome=self.outcomes.pick(ended=last == last), bins=days)


@attrs.frozen
class Weighs(Ends):
    """A case stands for its steps; one that began on an odd day of its month is a yes."""

    outcomes = cq.outcomes(odd=cq.YES, even=cq.NO)
    counts_all: bool = False

    def contribute(self, matters: Matter, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return when each case began and how many steps it has."""
        odd = (matters.received_on.astype(np.int64) % 2 == 1) | self.counts_all
        outcome = self.outcomes.pick(odd=odd, even=~odd)
        return cq.Contribution(on=matters.received_on, outcome=outcome, times=matters.steps.count())


@attrs.frozen
class Begins(Ends):
    """A case begins with its first step."""

    outcomes = cq.outcomes(begun=cq.YES)

    def contribute(self, matters: Matter, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return when each case began."""
        first = matters.steps.first(matters.steps.rows.taken_on)
        return cq.Contribution(on=first, outcome=self.outcomes.pick(begun=matters.received_on == matters.received_on))


def day(number: int) -> str:
    return (START + dt.timedelta(days=number)).isoformat()


def flow(figure: str, cases: dict[str, int], steps: list[tuple[str, int]], period: tuple[int, int]) -> Fraction | None:
    """Return the figure by counting cases one by one, of which every step has a case."""
    first, last = period
    ends = {case: max((on for of, on in steps if of == case), default=None) for case in cases}
    came = sum(first <= on <= last for on in cases.values())
    went = sum(end is not None and first <= end <= last for end in ends.values())
    left = sum(on <= last and ((end := ends[case]) is None or end > last) for case, on in cases.items())
    if figure == "clearance":
        return Fraction(went, came) if came else None
    return Fraction({"inflow": came, "outflow": went, "stock": left}[figure])


def begun(cases: dict[str, int], steps: list[tuple[str, int]], period: tuple[int, int]) -> Fraction:
    firsts = (min((on for of, on in steps if of == case), default=0) for case in cases)
    return Fraction(sum(period[0] <= first <= period[1] for first in firsts))


def completions(
    cases: dict[str, int], steps: list[tuple[str, int]], strays: list[int]
) -> Iterator[list[tuple[str, int]]]:
    """Yield the steps with every stray one given to a case that had begun by then, or to one not among these."""
    if not strays:
        yield steps
        return
    for case in (*(case for case, on in cases.items() if on <= strays[0]), "elsewhere"):
        yield from completions(cases, [*steps, (case, strays[0])], strays[1:])


def drawn(seed: int) -> tuple[dict[str, int], list[tuple[str, int]], list[int]]:
    chance = random.Random(seed)
    cases = {f"c{number}": chance.randint(1, 95) for number in range(chance.randint(1, 4))}
    steps = [(case, on + chance.randint(0, 60)) for case, on in cases.items() if chance.random() < 0.5]
    return cases, steps, [chance.randint(1, 120) for _ in range(chance.randint(1, 2))]


def measured(
    metric: cq.Metric, seed: int, **readings: str
) -> dict[str, tuple[Fraction | None, Fraction | None, dict[str, int]]]:
    cases, steps, strays = drawn(seed)
    rows = [*steps, *(("nobody", on) for on in strays)]
    source = cq.source(
        [{"case": case, "received_on": day(on)} for case, on in cases.items()],
        Matter,
        children={"steps": cq.source([{"case": case, "taken_on": day(on)} for case, on in rows], Step)},
    )
    found = cq.measure(metric, source, period=[*PERIODS], as_of="2011-01-01", readings=readings)
    return {each.period.label: (each.low, each.high, dict(each.doubt or {})) for each in found.measurement.figures}


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("seed", range(25))
def test_an_end_that_may_be_anybodys_is_in_every_flow(figure: Figure, seed: int) -> None:
    unit = cq.units.SHARE if figure == "clearance" else cq.units.CASES
    said = {"id": f"test.{figure}", "unit": unit, "statistic": cq.statistics.Flow(figure)}
    found = measured(type("Tried", (Ends,), said)(), seed)
    for label, period in PERIODS.items():
        low, high, doubt = found[label]
        for steps in completions(*drawn(seed)):
            value = flow(figure, drawn(seed)[0], steps, period)
            assert value is None or (low is not None and high is not None and low <= value <= high)
        assert low == high or doubt["orphans"] > 0


def duration(
    kind: str, cases: dict[str, int], steps: list[tuple[str, int]], period: tuple[int, int], cohort: str
) -> Any:
    """Return the figure of the days that the cases of a cohort took, None where there are none."""
    days = []
    for case, on in cases.items():
        end = max((day for of, day in steps if of == case), default=None)
        if end is not None and period[0] <= (end if cohort == "closed" else on) <= period[1]:
            days.append(end - on)
    if not days:
        return None
    return {"mean": Fraction(sum(days), len(days)), "sum": sum(days), "median": sorted(days)[(len(days) - 1) // 2]}[
        kind
    ]


@pytest.mark.parametrize("cohort", ["closed", "received"])
@pytest.mark.parametrize("kind", ["mean", "sum", "median"])
@pytest.mark.parametrize("seed", range(8))
def test_an_end_that_may_be_anybodys_is_in_every_duration(kind: str, cohort: str, seed: int) -> None:
    statistics = {
        "mean": cq.statistics.Mean(),
        "sum": cq.statistics.Sum(),
        "median": cq.statistics.Quantile(Fraction(1, 2)),
    }
    said = {"id": f"test.{kind}", "statistic": statistics[kind], "ranked": kind == "median"}
    found = measured(type("Tried", (Lasts,), said)(), seed, cohort=cohort)
    for label, period in PERIODS.items():
        low, high, _ = found[label]
        for steps in completions(*drawn(seed)):
            value = duration(kind, drawn(seed)[0], steps, period, cohort)
            assert value is None or ((low is None or low <= value) and (high is None or value <= high))


class Steps(Ends):
    """How many steps a case has."""

    unit = cq.units.CASES
    statistic = cq.statistics.Quantile(Fraction(1, 2))

    def contribute(self, matters: Matter, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return when each case began and how many steps it has."""
        steps = matters.steps.count()
        return cq.Contribution(
            on=matters.received_on, outcome=self.outcomes.pick(ended=steps >= 0), bins=steps.astype(np.int64)
        )


@pytest.mark.parametrize(("cases", "strays"), [(1, 1), (1, 3), (2, 1), (2, 5), (3, 2)])
def test_no_more_records_are_in_doubt_by_stray_rows_than_there_are(cases: int, strays: int) -> None:
    rows = [*((f"c{number}", 40) for number in range(cases)), *[("nobody", 50)] * strays]
    source = cq.source(
        [{"case": f"c{number}", "received_on": day(5)} for number in range(cases)],
        Matter,
        children={"steps": cq.source([{"case": case, "taken_on": day(on)} for case, on in rows], Step)},
    )
    found = cq.measure(type("Tried", (Steps,), {"id": "test.steps"}), source, period=[*PERIODS], as_of="2011-01-01")
    doubt = {figure.period.label: dict(figure.doubt or {}) for figure in found.measurement}
    assert doubt["2010-01"] == doubt["2010-H1"] == {"orphans": min(cases, strays)}
    assert doubt["2010-02"] == {}


def age(kind: str, cases: dict[str, int], steps: list[tuple[str, int]], last: int) -> Fraction | None:
    """Return the mean or the median age of what is pending at the end of a day, None where nothing is."""
    ends = {case: max((on for of, on in steps if of == case), default=None) for case in cases}
    pending = sorted(
        last - on for case, on in cases.items() if on <= last and ((end := ends[case]) is None or end > last)
    )
    if not pending:
        return None
    return Fraction(sum(pending), len(pending)) if kind == "mean" else Fraction(pending[(len(pending) - 1) // 2])


@pytest.mark.parametrize("kind", ["mean", "median"])
@pytest.mark.parametrize("seed", range(12))
def test_an_end_that_may_be_anybodys_is_in_every_age(kind: str, seed: int) -> None:
    statistic = cq.statistics.PendingAge(None if kind == "mean" else Fraction(1, 2))
    found = measured(type("Tried", (Ages,), {"id": "test.age", "statistic": statistic})(), seed)
    for label, period in PERIODS.items():
        low, high, _ = found[label]
        for steps in completions(*drawn(seed)):
            value = age(kind, drawn(seed)[0], steps, period[1])
            assert value is None or ((low is None or low <= value) and (high is None or value <= high))


def waited(cases: dict[str, int], steps: list[tuple[str, int]], period: tuple[int, int]) -> int | None:
    """Return the least time by which half of what began had ended, by Kaplan and Meier's product; None if never."""
    lasted = []
    for case, on in cases.items():
        end = max((day for of, day in steps if of == case), default=None)
        if period[0] <= on <= period[1]:
            lasted.append(((366 if end is None else end) - on, end is not None))
    waiting = Fraction(1)
    for time in sorted({time for time, ended in lasted if ended}):
        waiting *= 1 - Fraction(lasted.count((time, True)), sum(each >= time for each, _ in lasted))
        if waiting <= Fraction(1, 2):
            return time
    return None


@pytest.mark.parametrize("seed", range(25))
def test_an_end_that_may_be_anybodys_is_in_every_time_to_an_end(seed: int) -> None:
    found = measured(type("Tried", (Waits,), {"id": "test.waits"})(), seed)
    for label, period in PERIODS.items():
        low, high, _ = found[label]
        for steps in completions(*drawn(seed)):
            value = waited(drawn(seed)[0], steps, period)
            assert value is None or ((low is None or low <= value) and (high is None or value <= high))
            assert value is not None or high is None


def weighed(kind: str, cases: dict[str, int], steps: list[tuple[str, int]], period: tuple[int, int]) -> Fraction | None:
    """Return how many steps the cases of a period have, or the share of them that is of cases begun on an odd day."""
    inside = [cases[of] for of, _ in steps if of in cases and period[0] <= cases[of] <= period[1]]
    if kind == "count":
        return Fraction(len(inside))
    odd = sum((START - dt.date(1970, 1, 1)).days % 2 != on % 2 for on in inside)
    return Fraction(odd, len(inside)) if inside else None


@pytest.mark.parametrize("heaviest", [None, 4])
@pytest.mark.parametrize("kind", ["count", "share"])
@pytest.mark.parametrize("seed", range(25))
def test_a_row_that_may_weigh_with_anybody_is_in_every_count_of_weights(
    kind: str, heaviest: int | None, seed: int
) -> None:
    statistic = cq.statistics.Count() if kind == "count" else cq.statistics.Share()
    said = {"id": "test.weighs", "statistic": statistic, "heaviest": heaviest}
    unit = {"unit": cq.units.CASES} if kind == "count" else {"unit": cq.units.SHARE}
    found = measured(type("Tried", (Weighs,), {**said, **unit})(counts_all=kind == "count"), seed)
    cases, steps, strays = drawn(seed)
    for label, period in PERIODS.items():
        low, high, doubt = found[label]
        for given in completions(cases, steps, strays):
            value = weighed(kind, cases, given, period)
            assert value is None or ((low is None or low <= value) and (high is None or value <= high))
        assert low == high or doubt["orphans"] > 0


@pytest.mark.parametrize("seed", range(25))
def test_a_beginning_that_may_be_anybodys_is_in_every_count(seed: int) -> None:
    said = {"id": "test.begun", "unit": cq.units.CASES, "statistic": cq.statistics.Count()}
    found = measured(type("Tried", (Begins,), said)(), seed)
    for label, period in PERIODS.items():
        low, high, _ = found[label]
        for steps in completions(*drawn(seed)):
            value = begun(drawn(seed)[0], steps, period)
            assert low is not None
            assert high is not None
            assert low <= value <= high
