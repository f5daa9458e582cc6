"""Many completions of the same few records: each is a group of one tally, so that all are concluded at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Period
from casequality.engines.counting import assumed_by
from casequality.metrics import AsOf
from casequality.metrics.axis import Axis
from casequality.metrics.counts import Cells, Counts
from casequality.metrics.fold import Fold, Question, from_fold
from casequality.metrics.grid import Grid, Limits
from casequality.metrics.metric import Reading
from casequality.metrics.tally import Accounts
from casequality.metrics.trace import traced
from casequality.metrics.values import NO_DATA, WHYS, Values
from casequality.records import Codes, Records, code

GROUP: Final = "completion_"
Exact: TypeAlias = "tuple[int, int]"
"""A figure as numerator and denominator."""


@attrs.frozen(eq=False)
class Figured:
    """The figures of completions, by facet, completion and period in this order."""

    facets: tuple[str, ...]
    completions: int
    periods: tuple[Period, ...]
    values: Values

    def exact(self, *, without_data: bool = False) -> Mapping[tuple[str, Period], dict[Exact, int]]:
        """Return by facet and period each different figure, with the number of a completion that gives it.

        without_data: the quotients instead of those that are called no figure, such as the 0 of no records.
        """
        shape = len(self.facets), self.completions, len(self.periods)
        top, under, why = (
            np.asarray(each).reshape(shape)
            for each in (self.values.numerator, self.values.denominator, self.values.why)
        )
        found: dict[tuple[str, Period], dict[Exact, int]] = {}
        for facet, name in enumerate(self.facets):
            for place, period in enumerate(self.periods):
                met = ((why[facet, :, place] != 0) == without_data) & (under[facet, :, place] != 0)
                there = np.flatnonzero(met)[::-1]
                pairs = zip(*(each[facet, there, place].tolist() for each in (top, under)), strict=True)
                found[name, period] = dict(zip(pairs, there.tolist(), strict=True))
        return found


def figured(
    reading: Reading,
    records: Records,
    completion: npt.NDArray[np.intp],
    completions: int,
    *,
    moment: AsOf,
    periods: Sequence[Period],
    limits: Limits | None = None,
) -> Figured:
    """Return the figures of a reading for each of some completions, in periods of whole months.

    completion: by record, the number of the completion that it belongs to, shape (records,).
    """
    metric = reading.metric
    begun = records.begun(moment.instant, moment.known_before)
    known = records[begun].known_at(moment.instant, moment.known_before)
    labels = tuple((f"{number:06}",) for number in range(completions))
    of_block = moment.for_block()
    reads, facets = traced(metric, of_block)
    question = Question(metric, (GROUP,), axis=Axis(moment.zone), reads=reads, facets=facets)
    fold = Fold(question)
    fold.add(_grouped(known, completion[begun], labels), moment)
    tally = from_fold(fold, assumed_by(question, moment), Accounts(read=len(records)))
    grid = Grid(
        tally=tally,
        played=reading.roles,
        closed=reading.cohort == "closed",
        periods=tuple(periods),
        shown=(0,),
        labels=labels,
        part=np.array([int(label or 0) for (label,) in tally.labels], np.int64),
        apart=not metric.statistic.joins_facets,
        doubted=(),
        as_of_day=moment.day,
        limits=limits or metric.limits_of_doubt,
    )
    counts = Counts(Cells.whole(grid))
    values = metric.statistic.value(counts)
    met = np.zeros(grid.strata, bool)
    met[counts.cells.stratum] = True
    none = np.repeat(~met, len(periods))  # no record at all is no figure, whatever a statistic makes of nothing
    values = attrs.evolve(values, why=np.where(none, WHYS.index(NO_DATA), values.why))
    return Figured(tally.facets if grid.apart and tally.facets else ("",), completions, tuple(periods), values)


def _grouped(records: Records, completion: npt.NDArray[np.intp], labels: Sequence[tuple[str]]) -> Records:
    """Return records with a code that says which completion each belongs to."""
    codes = Codes((completion + 1).astype(np.int32), tuple(label for (label,) in labels), closed=False)
    columns: dict[str, Any] = {name: records.column(name) for name in records.loaded}
    kind: Any = type(records)
    return _with_group(kind)({**columns, GROUP: codes}, len(records), records.doubts)


@lru_cache(maxsize=64)
def _with_group(kind: Any) -> type[Records]:
    return type(kind.__name__, (kind,), {GROUP: code(missing="none"), "__module__": kind.__module__}, name=kind.name)
