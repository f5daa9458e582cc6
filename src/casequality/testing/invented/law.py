"""A law of the kit: how it is tried, how a breach is told, and how what a metric says of records is compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NoReturn, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING
from casequality.metrics import AsOf, Contribution, Metric, contributed
from casequality.records import Records
from casequality.testing.invented.row_factory import Row, shown

PARTS = ("outcome", "on", "until", "amount", "bins", "times", "certain")


@attrs.frozen
class Difference:
    """The first record of which two answers say different things; `record` is its position."""

    record: int
    part: str
    here: str
    there: str

    def __str__(self) -> str:
        return f"its {self.part} is {self.here} and {self.there}"


@attrs.frozen(eq=False)
class MetricAnswer:
    """A metric's answer by facet and part; every array has the shape (records,)."""

    parts: Mapping[tuple[str, str], npt.NDArray[Any]]
    names: tuple[str, ...]
    records: int

    def __len__(self) -> int:
        return self.records

    def __getitem__(self, rows: slice | npt.NDArray[Any]) -> MetricAnswer:
        chosen = {place: array[rows] for place, array in self.parts.items()}
        return attrs.evolve(self, parts=chosen, records=len(np.arange(self.records)[rows]))

    @property
    def facets(self) -> tuple[str, ...]:
        """The names of the facets, "" for a metric without."""
        return tuple(facet for facet, part in self.parts if part == "outcome")

    def outcomes(self, facet: str) -> list[str]:
        """Return the name of each record's outcome."""
        return [self.named(code) for code in self.parts[facet, "outcome"].tolist()]

    def named(self, code: int) -> str:
        """Return the name of an outcome by its code."""
        return self.names[code] if code < len(self.names) else f"code {code}, which no outcome has"

    def difference(self, other: MetricAnswer, parts: tuple[str, ...] = PARTS) -> Difference | None:
        """Return the first record of which the other answer says something else; None where they agree."""
        if self.parts.keys() != other.parts.keys() or len(self) != len(other):
            return Difference(0, "shape", self._shape(), other._shape())
        for place, here in self.parts.items():
            there = other.parts[place]
            if place[1] not in parts:
                continue
            if here.dtype != there.dtype:
                return Difference(0, place[1], f"of dtype {here.dtype}", f"of dtype {there.dtype}")
            if len(apart := np.flatnonzero(_bits(here) != _bits(there))):
                record = int(apart[0])
                name = " of facet ".join(filter(None, reversed(place)))
                return Difference(record, name, self._shown(place, record), other._shown(place, record))
        return None

    def _shape(self) -> str:
        return f"{len(self)} records with {', '.join(' '.join(place).strip() for place in self.parts)}"

    def _shown(self, place: tuple[str, str], record: int) -> str:
        value = self.parts[place][record]
        if place[1] == "outcome":
            return self.named(int(value))
        return "none" if value.dtype.kind == "i" and value == MISSING else str(value)


def answer_of(metric: Metric, records: Records, moment: AsOf) -> MetricAnswer:
    """Return what a metric contributes for some records."""
    given = contributed(metric, records, moment.for_block(len(records)))
    facets = given if isinstance(given, Mapping) else {"": given}
    return MetricAnswer(
        {(facet, part): array for facet, each in facets.items() for part, array in _arrays(each)},
        metric.outcomes.names,
        len(records),
    )


def _arrays(given: Contribution) -> list[tuple[str, npt.NDArray[Any]]]:
    arrays = [(part, getattr(given, part)) for part in PARTS]
    return [(part, array) for part, array in arrays if array is not None]


def _bits(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return array.view(np.int64) if array.dtype.kind in "mM" else array


S = TypeVar("S")
SHOWN = 4
"""How many invented records a message shows."""


class Broken(AssertionError):
    """A law does not hold: what differed, on which invented records, and the way out."""


class Inapplicable(Exception):
    """A law has nothing to try on this metric, and why."""


@attrs.frozen
class Law(Generic[S]):
    """One law by its name; `holds` raises `Broken` where it does not.

    conclusive: whether trying it tells for certain that it holds, so that to skip it would be needless.
    """

    name: str
    says: str
    holds: Callable[[S], None]
    conclusive: bool = False


def broken(what: str, *, way_out: str, rows: Sequence[Row] = ()) -> NoReturn:
    """Raise `Broken`; `rows` are the invented records on which the law was seen to be broken."""
    lines = [what, *(f"  record   {shown(row)}" for row in rows[:SHOWN])]
    if len(rows) > SHOWN:
        lines.append(f"  and {len(rows) - SHOWN} more")
    raise Broken("\n".join([*lines, f"  way out  {way_out}"]))
