"""Two ways to handle cases side by side: at the same mix of case types, with open cases, and without a claim of why."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, Literal, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.errors import UsageError, Words
from casequality.evidence.said import Finding, named, per_cent, rounded, say
from casequality.evidence.survival import aalen_johansen

Allocation: TypeAlias = Literal["chosen", "random"]
FiguresByGroup: TypeAlias = Mapping[str, tuple[float, float]]
"""Figures by name, each with its variance."""
FEWEST: Final = 5
"""Of fewer cases by either way a case type says nothing of the difference."""
Z: Final = 1.959964
CHOSEN: Final = Words(
    "Who got which was chosen and not drawn by lot: what follows describes, and does not explain.",
    "Hvem der fik hvad, er valgt og ikke trukket ved lod: det følgende beskriver og forklarer ikke.",
)
DRAWN: Final = Words(
    "Who got which was drawn by lot, so that a difference beyond chance is an effect of the way of handling.",
    "Hvem der fik hvad, er trukket ved lod, så en forskel ud over tilfældet er en virkning af måden.",
)
AT_THE_SAME_MIX: Final = Words("At the same mix of case types", "Ved samme sammensætning af sagstyper")
WHATEVER_TYPE: Final = Words("Of whatever type the cases are", "Uanset sagernes type")
WITHOUT: Final = Words("; without regard to types {crude}", "; uden hensyn til typer {crude}")
NOTHING: Final = Words("", "")
UNTYPED: Final = Words(
    "Nobody says of which type a case is: another mix of types could be all of each difference.",
    "Det er ikke oplyst, hvilken type en sag er: en anden sammensætning af typer kan være hele forskellen.",
)
LASTED: Final = Words("days until any end, counted up to {within}", "dage til sagen sluttede, talt til {within}")
ENDS: Final[Mapping[str, Words]] = {
    "decided": Words("decided within {within} days", "afgjort inden {within} dage"),
    "withdrawn": Words("withdrawn within {within} days", "trukket tilbage inden {within} dage"),
    "closed": Words("closed within {within} days", "afsluttet inden {within} dage"),
}
"""The ends that a case can come to; "closed" is one of which nobody says whether it was decided."""


@attrs.frozen(kw_only=True)
class Stratum:
    """The cases of one type: how many each way, and whether they tell of the difference."""

    name: str
    first: int
    second: int
    kept: bool


@attrs.frozen(kw_only=True)
class Apart:
    """A figure each way at the same mix of types, their difference with its interval at 95 %, and the crude one."""

    first: float
    second: float
    low: float
    high: float
    crude: float

    @property
    def difference(self) -> float:
        """The first less the second."""
        return self.first - self.second


@attrs.frozen(kw_only=True)
class Comparison(Finding):
    """Two ways of handling side by side.

    strata: the balance, a row a case type. days: how long cases lasted to any end, up to `within`. ends: of all cases
    the share that came to each end by then. hidden: how many times as frequent something unmeasured would have to be
    among one way's cases, and to make their end within the time as many times as frequent, to be all of the
    difference; None where the interval holds no difference at all. names: what a way or a type is called, where it is
    called otherwise.
    """

    about: ClassVar[str] = "about ways"
    called: tuple[str, str]
    within: int
    allocation: Allocation
    strata: tuple[Stratum, ...]
    days: Apart
    ends: Mapping[str, Apart]
    hidden: float | None
    names: Mapping[str, Words] = attrs.field(factory=dict)

    @property
    def by_type(self) -> bool:
        """Whether anybody says of which type a case is: else nothing is at the same mix."""
        return any(each.name for each in self.strata)

    @property
    def left_out(self) -> int:
        """How many cases are of types that say nothing of the difference."""
        return sum(each.first + each.second for each in self.strata if not each.kept)

    @property
    def sentences(self) -> tuple[Words, ...]:
        """How cases were allotted, each figure both ways, what is left out, and what could hide behind it."""
        one, other = (named(self.names, each) for each in self.called)
        cases = (sum(each.first for each in self.strata), sum(each.second for each in self.strata))
        begin = say(
            "{one}: {first} cases; {other}: {second}.",
            "{one}: {first} sager; {other}: {second}.",
            one=one,
            other=other,
            first=cases[0],
            second=cases[1],
        )
        how = DRAWN if self.allocation == "random" else CHOSEN
        return (begin, how, *self._figures(), *self._doubts())

    def _figures(self) -> Iterator[Words]:
        told = [(LASTED, self.days, False), *((ENDS[name], each, True) for name, each in self.ends.items())]
        for what, each, share in told:
            first, second = (per_cent(value) if share else rounded(value) for value in (each.first, each.second))
            unit = Words("percentage points", "procentpoint") if share else Words("days", "dage")
            numbers = {name: getattr(each, field) * (100 if share else 1) for name, field in NUMBERS.items()}
            at, without = AT_THE_SAME_MIX if self.by_type else WHATEVER_TYPE, WITHOUT if self.by_type else NOTHING
            yield say(
                "{at}, {what}: {first} and {second}, {apart} {unit} apart (between {low} and {high}){without}.",
                "{at}, {what}: {first} og {second}, en forskel på {apart} {unit} (mellem {low} og {high}){without}.",
                at=at,
                without=say(without.en, without.da, crude=rounded(numbers["crude"])),
                what=say(what.en, what.da, within=self.within),
                first=first,
                second=second,
                unit=unit,
                **{name: rounded(number) for name, number in numbers.items() if name != "crude"},
            )

    def _doubts(self) -> Iterator[Words]:
        if not self.by_type and self.allocation == "chosen":
            yield UNTYPED
        if self.left_out:
            yield say(
                "Nothing is said of {cases} cases: of their types either way has fewer than {few}, or was not followed "
                "for {within} days.",
                "Om {cases} sager siges intet: af deres typer har en af måderne færre end {few}, eller er ikke fulgt i "
                "{within} dage.",
                cases=self.left_out,
                few=FEWEST,
                within=self.within,
            )
        if self.hidden is not None and self.allocation == "chosen":
            yield say(
                "Something unmeasured could be all of the difference in how many ended in time, if it went {times} "
                "times as often with one way, and an end in time {times} times as often with it.",
                "Noget, der ikke er målt, kunne være hele forskellen i, hvor mange der sluttede i tide, hvis det "
                "fulgte {times} gange så ofte med den ene måde, og en afslutning i tide {times} gange så ofte med det.",
                times=rounded(self.hidden),
            )

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, the balance among it."""
        return {
            "called": list(self.called),
            "within": self.within,
            "allocation": self.allocation,
            "balance": [attrs.asdict(each) for each in self.strata],
            "days": {**attrs.asdict(self.days), "difference": self.days.difference},
            "ends": {name: {**attrs.asdict(each), "difference": each.difference} for name, each in self.ends.items()},
            "hidden": self.hidden,
            "left_out": self.left_out,
            "words": self.words.to_dict(),
        }


NUMBERS: Final = {"apart": "difference", "low": "low", "high": "high", "crude": "crude"}


@attrs.frozen(eq=False)
class _Cases:
    """Cases of one way: how long each lasted or has lasted, and what end it came to ("" for none)."""

    days: npt.NDArray[np.float64]
    end: npt.NDArray[np.object_]

    def of(self, chosen: npt.NDArray[np.bool_]) -> _Cases:
        return _Cases(self.days[chosen], self.end[chosen])

    def enough(self, within: int) -> bool:
        """Say whether there are some, and one was followed for long enough or the one followed longest has ended."""
        if len(self.days) < FEWEST:
            return False
        longest = self.days.max()
        return bool(longest >= within or (self.end[self.days == longest] != "").all())

    def figures(self, within: int) -> FiguresByGroup:
        """Return the mean time up to a day, the share of each end by it and of any, each with its variance."""
        within = min(within, int(self.days.max()))  # where none waits any longer, nothing is added after that
        ends = {name: (self.end == name).astype(int) for name in ENDS}
        found = aalen_johansen(self.days, ends, (self.end == "").astype(int))
        both = aalen_johansen(self.days, {"any": (self.end != "").astype(int)}, (self.end == "").astype(int))
        shares = {name: found.estimated(name, within) for name in ENDS}
        return {"days": found.all_ends.mean_until(within), **shares, "any": both.estimated("any", within)}


def compare_groups(
    by_first: npt.NDArray[np.bool_],
    case_type: Sequence[str] | None,
    days: npt.NDArray[Any],
    end: Sequence[str],
    *,
    within: int,
    called: tuple[str, str],
    allocation: Allocation = "chosen",
    names: Mapping[str, Words] | None = None,
) -> Comparison:
    """Return two ways of handling side by side, at the same mix of case types.

    by_first: which cases were handled the first way. case_type: None where nobody says. days: how long each lasted, an
    open one how long so far. end: "decided", "withdrawn", or "" for open; "closed" in place of the first two where
    nobody tells them apart. Each case in one place of all four, shape (cases,). within: figures are of the first so
    many days. called: the names of the ways. allocation: "random" only where a lot was drawn. names: what ways and
    types are called that are called otherwise.

    Figures are standardised to the types of all cases that are kept (direct standardisation); times and ends are by
    Kaplan and Meier and by Aalen and Johansen, so that open cases count for as long as they were seen. A withdrawn
    case is no decided one.
    """
    types, ends = np.asarray([""] * len(days) if case_type is None else case_type, object), np.asarray(end, object)
    _check(by_first, types, days, ends, within, allocation)
    ways = [(chosen, _Cases(np.asarray(days, float)[chosen], ends[chosen])) for chosen in (by_first, ~by_first)]
    strata, kept = [], []
    for name in sorted(set(types.tolist())):
        parts = [cases.of(types[chosen] == name) for chosen, cases in ways]
        whole = all(each.enough(within) for each in parts)
        strata.append(Stratum(name=name, first=len(parts[0].days), second=len(parts[1].days), kept=whole))
        if whole:
            kept.append((len(parts[0].days) + len(parts[1].days), [each.figures(within) for each in parts]))
    if not kept:
        raise UsageError(
            Words(
                "No case type has enough cases of both ways to compare",
                "Ingen sagstype har nok sager af begge måder til at sammenligne",
            ),
            got="; ".join(f"{each.name or 'all'}: {each.first} and {each.second}" for each in strata),
            allowed=f"at least {FEWEST} each way, followed for {within} days",
            remedy="compare a shorter time, or coarser types",
        )
    of_kept = np.isin(types, [each.name for each in strata if each.kept])
    crude = [cases.of(of_kept[chosen]).figures(within) for chosen, cases in ways]
    told = ("closed",) if "closed" in ends else ("decided", "withdrawn")
    apart = {name: _apart(name, kept, crude) for name in ("days", *told, "any")}
    return Comparison(
        called=called,
        within=within,
        allocation=allocation,
        strata=tuple(strata),
        days=apart["days"],
        ends={name: apart[name] for name in told},
        hidden=_hidden(apart["any"]),
        names=names or {},
    )


def _apart(name: str, kept: Sequence[tuple[int, list[FiguresByGroup]]], crude: list[FiguresByGroup]) -> Apart:
    total = sum(cases for cases, _ in kept)
    values, spread = [0.0, 0.0], 0.0
    for cases, figures in kept:
        for way, figure in enumerate(figures):
            value, variance = figure[name]
            values[way] += value * cases / total
            spread += variance * (cases / total) ** 2
    difference, arm = values[0] - values[1], Z * math.sqrt(spread)
    return Apart(
        first=values[0],
        second=values[1],
        low=difference - arm,
        high=difference + arm,
        crude=crude[0][name][0] - crude[1][name][0],
    )


def _hidden(ended: Apart) -> float | None:
    """Return how strong something unmeasured must be to be all of a difference (VanderWeele and Ding 2017).

    Annals of Internal Medicine 167: r + sqrt(r (r - 1)) of the ratio r of the shares that ended in time.
    """
    if ended.low <= 0 <= ended.high or not min(ended.first, ended.second) > 0:
        return None
    ratio = max(ended.first, ended.second) / min(ended.first, ended.second)
    return ratio + math.sqrt(ratio * (ratio - 1))


def _check(
    by_first: npt.NDArray[np.bool_], types: Any, days: npt.NDArray[Any], ends: Any, within: int, allocation: str
) -> None:
    lengths = {len(by_first), len(types), len(days), len(ends)}
    unknown = sorted(set(ends.tolist()) - {"", *ENDS})
    mixed = "closed" in ends and bool({"decided", "withdrawn"} & set(ends.tolist()))
    if len(lengths) != 1 or unknown or mixed or within <= 0 or allocation not in ("chosen", "random"):
        raise UsageError(
            "Two ways are not compared by these cases",
            got=f"columns of {', '.join(map(str, sorted(lengths)))}; ends {', '.join(unknown) or 'as known'}; "
            f"within {within}; allocation {allocation}",
            allowed='columns of equal length; ends "decided", "withdrawn" or "", else "closed" or ""; within above 0; '
            "chosen or random",
        )
