"""A goal is undecided exactly where completions of the doubtful rows disagree: each is written as a CSV and judged.

Only a bound that says of itself that it is loose may lie further out.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

import attrs
import pytest

import casequality as cq
from casequality.goals import GoalSet, Verdict, parse_goals
from casequality.metrics import OUT, UNKNOWN, Unit
from casequality.metrics.declaring.statistics import Count, Flow, Mean, Quantile, Ratio, Share, Statistic, Sum
from casequality.metrics.figures import Figure

LIMIT = 10
AS_OF = "2011-02-01"
IN, BEFORE = "2010-03-05", "2009-03-05"
TIMES = Unit("times", "gange", "times")


class Case(cq.Records, name="small cases"):
    """A case whose row says what became of it."""

    case = cq.key()
    on = cq.day(missing="not stated")
    until = cq.day(missing="going on")
    ending = cq.code("good", "bad", "waived", "waiting", unknown="not stated")
    days = cq.count(missing="not measured")
    office = cq.code("A", "B", unknown="not stated")


@attrs.frozen
class Told(cq.Metric):
    """What the rows say."""

    id = "small.told"
    title = {"en": "Told", "da": "Fortalt"}
    unit = TIMES
    statistic: ClassVar[Statistic] = Share()
    records = Case
    at_most = LIMIT
    outcomes = cq.outcomes(good=cq.YES, bad=cq.NO, waived=OUT, waiting=cq.OPEN, not_stated=UNKNOWN)

    def contribute(self, cases: Case, _as_of: cq.AsOf, /) -> cq.Contribution:
        """Return what the rows say."""
        ways = {name: cases.ending == name for name in ("good", "bad", "waived", "waiting")}
        return cq.Contribution(
            on=cases.on, until=cases.until, outcome=self.outcomes.pick(**ways), amount=cases.days, bins=cases.days
        )


Row = tuple[str, ...]
CLEAN: list[Row] = [
    (IN, "2010-06-01", "good", "2", "A"),
    (IN, "2010-06-01", "good", "6", "A"),
    (IN, "2010-07-01", "bad", "9", "A"),
    (BEFORE, "2010-07-01", "good", "7", "A"),
    (IN, "", "waived", "1", "A"),
]
ANY_DAYS = ("0", "4", "10")


@attrs.frozen
class Doubtful:
    """A row in doubt, what each of its five cells may be, and by which reason it is counted."""

    row: Row
    may_be: tuple[Sequence[str], ...]
    why: str
    by: bool = False
    where: bool = False


DOUBTFUL: Mapping[str, Doubtful] = {
    "open": Doubtful(
        (IN, "", "waiting", "", "A"), ((IN,), ("",), ("good", "bad"), ANY_DAYS, ("A",)), "open"
    ),
    "unknown": Doubtful(
        (IN, "2010-06-01", "", "", "A"),
        ((IN,), ("2010-06-01",), ("good", "bad", "waived"), ANY_DAYS, ("A",)),
        "unknown",
    ),
    "unreadable day": Doubtful(
        ("?", "2010-06-01", "good", "5", "A"),
        ((IN, BEFORE), ("2010-06-01",), ("good", "bad", "waived"), ANY_DAYS, ("A",)),
        "set aside",
    ),
    "unreadable days": Doubtful(
        (IN, "2010-06-01", "good", "many", "A"),
        ((IN,), ("2010-06-01",), ("good", "bad", "waived"), ANY_DAYS, ("A",)),
        "set aside",
    ),
    "no day": Doubtful(
        ("", "2010-06-01", "good", "", "A"), ((IN, BEFORE), ("2010-06-01",), ("good",), ANY_DAYS, ("A",)), "undated"
    ),
    "mark": Doubtful(
        ("1970-01-01", "2010-06-01", "good", "5", "A"),
        (("1970-01-01", IN, BEFORE), ("2010-06-01",), ("good", "bad"), ANY_DAYS, ("A",)),
        "marks",
    ),
    "no label, where": Doubtful(
        (IN, "2010-06-01", "good", "10", ""), ((IN,), ("2010-06-01",), ("good",), ("10",), ("A", "B")), "unlabelled",
        where=True,
    ),
    "no label, by": Doubtful(
        (IN, "2010-06-01", "good", "10", ""), ((IN,), ("2010-06-01",), ("good",), ("10",), ("A", "B")), "unlabelled",
        by=True,
    ),
}  # fmt: skip
STATISTICS: Mapping[str, Statistic] = {
    "share": Share(),
    "count": Count(),
    "sum": Sum(),
    "mean": Mean(),
    "median": Quantile(Fraction(1, 2)),
    "ratio": Ratio(),
    "inflow": Flow("inflow"),
    "outflow": Flow("outflow"),
    "stock": Flow("stock"),
    "clearance": Flow("clearance"),
    "disposition time": Flow("disposition time"),
    "against the year before": Flow("against year before"),
}
SEVERAL = ("share", "count", "mean", "clearance", "stock")
"""Those tried where several rows are in doubt at once."""


LOOSE = {("mean", "no label, by")}
"""Amounts of rows that count in a group without a label are not kept one by one."""


Settled = Callable[[tuple[str, ...], tuple[str, ...]], Mapping[str, list[Fraction]]]


def metric(statistic: str) -> Told:
    own = {"statistic": STATISTICS[statistic], "id": f"small.{statistic.replace(' ', '-')}"}
    kind: type[Told] = type("Small", (Told,), own)
    return kind()


def write(path: Path, rows: Sequence[Row]) -> str:
    lines = [",".join((str(number), *row)) for number, row in enumerate(rows)]
    path.write_text("\n".join(["case,on,until,ending,days,office", *lines]) + "\n", encoding="utf-8")
    return str(path)


def completions(doubtful: Sequence[Doubtful]) -> Iterator[list[Row]]:
    """Yield every way to fill in the doubtful rows."""
    ways = [list(itertools.product(*each.may_be)) for each in doubtful]
    for chosen in itertools.product(*ways):
        yield [*CLEAN, *chosen]


def figure(kind: Told, data: str, doubtful: Doubtful) -> Figure:
    """Return the figure of 2010, of office A where the offices are told apart."""
    where = {"office": "A"} if doubtful.where else None
    found = cq.measure(kind, data, as_of=AS_OF, period="2010", by="office" if doubtful.by else (), where=where)
    return found.measurement.figure("2010", **({"office": "A"} if doubtful.by else {}))


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Settled:
    """What gives, by statistic, the figure of each completion that has one; each is written and read once for all."""
    file = tmp_path_factory.mktemp("completions") / "one.csv"

    @functools.cache
    def values(reasons: tuple[str, ...], statistics: tuple[str, ...]) -> Mapping[str, list[Fraction]]:
        doubtful, kinds = [DOUBTFUL[each] for each in reasons], [metric(each) for each in statistics]
        where, by = ({"office": "A"} if doubtful[0].where else None), ("office" if doubtful[0].by else ())
        found: dict[str, list[Fraction]] = {statistic: [] for statistic in statistics}
        for rows in completions(doubtful):
            tallies = cq.tally(kinds, write(file, rows), as_of=AS_OF, period="2010", by=by, where=where)
            results = tallies.conclude(by=by, period="2010", metrics=kinds)
            for kind, exact in zip(kinds, found.values(), strict=True):
                figure = results[kind.id].measurement.figure("2010", **({"office": "A"} if doubtful[0].by else {}))
                exact.extend([] if figure.value.exact is None else [figure.value.exact])
        return found

    return values


def goals(kind: Told, target: str, doubtful: Doubtful) -> GoalSet:
    where = 'where = { office = ["A"] }' if doubtful.where or doubtful.by else ""
    each = '["year", "office"]' if doubtful.by else '["year"]'
    return parse_goals(
        f'[[goal]]\nid = "g"\nmetric = "{kind.id}"\nsource = "s"\ntarget = "{target} times"\n'
        f'each = {each}\naggregate = "each"\n{where}\n'
    )


def verdict(kind: Told, target: str, data: str, doubtful: Doubtful) -> tuple[Verdict, Fraction | None, Fraction | None]:
    assessed = cq.assess(goals(kind, target, doubtful), {"s": data}, period="2010", as_of=AS_OF, metrics=[kind])
    [found] = assessed.assessment
    return found.verdict, found.low, found.high


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("reason", DOUBTFUL)
def test_a_goal_is_undecided_exactly_where_completions_disagree(
    reason: str, statistic: str, settled: Settled, tmp_path: Path
) -> None:
    doubtful, kind = DOUBTFUL[reason], metric(statistic)
    data = write(tmp_path / "doubtful.csv", [*CLEAN, doubtful.row])
    found = figure(kind, data, doubtful)
    low, high, values = found.low, found.high, settled((reason,), tuple(STATISTICS))[statistic]
    assert low is not None
    assert high is not None
    if (statistic, reason) in LOOSE:
        assert found.value.loose
        assert low <= min(values) <= max(values) <= high
        return
    assert (low, high) == (min(values), max(values))
    assert dict(found.doubt) == ({doubtful.why: 1} if low != high else found.doubt)
    for number in {low, high, (low + high) / 2}:
        aim = f"at least {float(number):.4f}".rstrip("0").rstrip(".")
        exact = Fraction(aim.removeprefix("at least "))
        ways = {value >= exact for value in values}
        expected = Verdict.UNDECIDED if len(ways) == 2 else Verdict.MET if ways == {True} else Verdict.MISSED
        assert verdict(kind, aim, data, doubtful) == (expected, low, high)


@pytest.mark.parametrize("statistic", ["share", "mean", "clearance"])
def test_each_completed_file_is_judged_and_the_verdicts_tell(statistic: str, tmp_path: Path) -> None:
    doubtful, kind = DOUBTFUL["unreadable day"], metric(statistic)
    data = write(tmp_path / "doubtful.csv", [*CLEAN, doubtful.row])
    files = [write(tmp_path / f"{number}.csv", rows) for number, rows in enumerate(completions([doubtful]))]
    for percent in (40, 50, 60, 75, 90, 100) if statistic != "mean" else (250, 400, 500, 700):
        aim = f"at least {percent / 100}"
        judged = {verdict(kind, aim, file, doubtful)[0] for file in files}
        assert judged <= {Verdict.MET, Verdict.MISSED}
        expected = Verdict.UNDECIDED if len(judged) == 2 else judged.pop()
        assert verdict(kind, aim, data, doubtful)[0] is expected


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(["open", "unknown", "unreadable day"], 2)))
@pytest.mark.parametrize("statistic", SEVERAL)
def test_several_rows_in_doubt_at_once(one: str, other: str, statistic: str, settled: Settled, tmp_path: Path) -> None:
    both, kind = [DOUBTFUL[one], DOUBTFUL[other]], metric(statistic)
    data = write(tmp_path / "doubtful.csv", [*CLEAN, *(each.row for each in both)])
    found, values = figure(kind, data, both[0]), settled((one, other), SEVERAL)[statistic]
    assert (found.low, found.high) == (min(values), max(values))
    assert set(found.doubt) <= {each.why for each in both}
