"""From figures to what an attacker sees of them: atoms of period, group and outcome, and every count as their sum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

import attrs
import numpy as np

from casequality.days import Integers, Mask, Period
from casequality.errors import UsageError
from casequality.metrics import NO, YES, Measurement, Reading, Role, Tally

FigurePlace: TypeAlias = tuple[str, Period, tuple[tuple[str, str | None], ...]]
"""Facet, period and label by field of a figure."""
KINDS: Final = {"share": "share", "count": "count", "mean": "numbers", "sum": "numbers", "quantile": "numbers"}
PARAMETERS: Final = "\n"
PARTS: Final = ("yes", "no", "whole")
"""The counts that a figure says: the yes, the no, and both together."""


@attrs.frozen(kw_only=True, eq=False, slots=False)
class View:
    """Figures of one tally that are to be published. source: views of one source are about the same records."""

    name: str
    tally: Tally
    reading: Reading
    places: tuple[FigurePlace, ...]
    source: str = ""

    @classmethod
    def of(cls, name: str, measured: Measurement, source: str = "") -> View:
        """Return the view of all figures of a measurement."""
        figures = measured.figures
        places = (figures.place_of(number) for number in range(len(figures)))
        listed = tuple((facet, period, tuple(groups.items())) for facet, groups, period in places)
        return cls(name=name, tally=measured.tally, reading=measured.reading, places=listed, source=source)

    @property
    def kind(self) -> str:
        """What it is: "share" of yes and no, "count" of yes, "numbers" that each yes has; "" for all else.

        "points": a mean of records that each have all points or none, which says as much as a share of them.
        """
        if self.points:
            return "points"
        statistic = self.reading.metric.statistic
        if statistic.joins_facets:
            return ""
        if statistic.is_share and statistic.by_case:
            return "share"
        return KINDS.get(statistic.named[0], "")

    @cached_property
    def points(self) -> int:
        """How many points each yes has, all or none; 0 where some have other amounts."""
        statistic = self.reading.metric.statistic
        most = getattr(statistic, "most", None) if statistic.is_mean else None
        outcomes, roles = self.tally.assumed.outcomes, self.reading.roles
        yes = np.isin(self.tally.part("outcome"), [n for n, name in enumerate(outcomes) if roles.get(name) is YES])
        rows, cases, measured, amount = (
            self.tally.counted(name)[yes] for name in ("rows", "cases", "measured", "amount")
        )
        if not most or not ((rows == cases) & (cases == measured) & (amount <= most * cases)).all():
            return 0
        return 0 if (amount % most).any() else most

    @property
    def cases(self) -> str | None:
        """The part that says of how many cases a value is which is no quotient of parts; None for any other."""
        return {"numbers": "yes", "points": "whole"}.get(self.kind)

    @cached_property
    def table(self) -> str:
        """What the same table is called in every edition: what is counted, of what, placed by what."""
        counted, _, parameters = self.counted.partition(PARAMETERS)
        where = [f"{field}={'|'.join(labels)}" for field, labels in self.tally.assumed.where]
        return "; ".join([self.source, counted, *where, *filter(None, [parameters])])

    @cached_property
    def counted(self) -> str:
        """What is counted and how, whichever of the records it is counted of."""
        assumed, roles = self.tally.assumed, self.reading.roles
        told = [[name for name in sorted(roles) if roles[name] is role] for role in (YES, NO)]
        named = [assumed.metric, str(assumed.version), self.placed, *("+".join(each) for each in told)]
        named += ["points"] if self.points else []
        return (
            "; ".join(named) + PARAMETERS + "; ".join(f"{name}={value}" for name, value in assumed.parameters.items())
        )

    @property
    def placed(self) -> str:
        """By which of its days a record is placed in a period."""
        return "exit" if self.reading.cohort == "closed" else "entry"


class Same(NamedTuple):
    """What gives each record its outcome, and its place in time; of which records."""

    metric: str
    version: int
    parameters: tuple[tuple[str, str], ...]
    where: tuple[tuple[str, tuple[str, ...]], ...]
    placed: str


@attrs.frozen(eq=False, kw_only=True, slots=False)
class AtomBlock:
    """The atoms of one table and facet: counts by yes and no (or yes alone), stretch of time and labels.

    counts: (outcomes, times, labels). fields: which codes the labels are of. first: the number of the first atom.
    counted: what is counted, whichever of the records; where: of which of them, the labels by code. outcomes: those
    that each part has; same: whose outcomes they are, so that those of one name are of the same records.
    """

    table: str
    facet: str
    source: str
    names: tuple[str, ...]
    metric: str
    counted: str
    same: Same
    outcomes: Mapping[str, frozenset[str]]
    where: Mapping[str, frozenset[str]]
    counts: Integers
    fields: tuple[str, ...]
    labels: tuple[tuple[str | None, ...], ...]
    first: int

    @cached_property
    def _numbers(self) -> tuple[dict[str | None, int], ...]:
        """The number of each label, by field."""
        columns = list(zip(*self.labels, strict=True))
        return tuple({label: number for number, label in enumerate(dict.fromkeys(column))} for column in columns)

    @cached_property
    def codes(self) -> Integers:
        """The number of each label, (fields, labels)."""
        numbered = [[numbers[label[at]] for label in self.labels] for at, numbers in enumerate(self._numbers)]
        return np.array(numbered, np.int64).reshape(len(self.fields), len(self.labels))

    @cached_property
    def _groups(self) -> dict[tuple[tuple[str, str | None], ...], Integers]:
        return {}

    def within(self, groups: tuple[tuple[str, str | None], ...]) -> Integers:
        """Return the numbers of the labels that belong to a group."""
        found = self._groups.get(groups)
        if found is not None:
            return found
        inside = np.ones(len(self.labels), bool)
        for field, label in groups:
            place = self.fields.index(field)
            inside &= self.codes[place] == self._numbers[place].get(label, -1)
        return self._groups.setdefault(groups, np.flatnonzero(inside))

    @property
    def told(self) -> tuple[str, ...]:
        """The parts that a figure of it has."""
        return PARTS if len(self.counts) > 1 else PARTS[:1]

    def parts(self) -> dict[str, Integers]:
        """Return the counts (times, labels) of what a figure says."""
        named = {"yes": self.counts[0], "whole": self.counts.sum(axis=0)}
        return named if len(self.counts) == 1 else {**named, "no": self.counts[1]}

    @cached_property
    def totals(self) -> dict[str, int]:
        """How many records each part has in all."""
        return {part: int(counts.sum()) for part, counts in self.parts().items()}

    @property
    def shape(self) -> tuple[object, ...]:
        """What it is told apart by: its stretches of time, its codes, and their labels."""
        return self.counts.shape, self.fields, self.labels

    def by_fields(self, fields: Sequence[str]) -> Iterator[tuple[str, object]]:
        """Yield each part that has a case, with its counts by some of the codes: equal for what is equal everywhere."""
        places = [self.fields.index(field) for field in fields]
        short = [tuple((label[place] is None, label[place] or "") for place in places) for label in self.labels]
        groups = {label: number for number, label in enumerate(sorted(set(short)))}
        at = np.array([groups[label] for label in short])
        for part, counts in self.parts().items():
            if counts.any():
                summed = np.zeros((len(groups), len(counts)), np.int64)
                np.add.at(summed, at, counts.T)
                yield part, (summed.shape, tuple(groups), summed.tobytes())

    def atoms(self, times: Integers, labels: Integers) -> dict[str, Integers]:
        """Return the atoms of each count of some times and labels, by part."""
        outcomes, stretches, width = self.counts.shape
        yes: Integers = (self.first + times[:, None] * width + labels).ravel()
        if outcomes == 1:
            return {"yes": yes}
        no = yes + stretches * width
        return {"yes": yes, "no": no, "whole": np.concatenate([yes, no])}

    def atoms_of(self, part: str, times: Integers, labels: Integers) -> Integers:
        """Return the atoms of a count: the yes, the no or the whole of some times and labels."""
        found = self.atoms(times, labels)
        return found.get(part, found["yes"])


@attrs.frozen(eq=False, slots=False)
class TimeStretches:
    """Stretches of time that no published period tells apart further: for each period, which of them it holds."""

    periods: tuple[tuple[dt.date, dt.date], ...]
    holds: Mask

    @classmethod
    def of(cls, tally: Tally, spans: tuple[tuple[dt.date, dt.date], ...]) -> tuple[TimeStretches, Integers]:
        """Return them, and the stretch of each cell of a tally's axis, -1 for a cell that no period holds."""
        axis = tally.assumed.axis
        cells = np.zeros((len(spans), axis.cells), bool)
        for row, (first, end) in enumerate(spans):
            cells[row, axis.cell_of(first) : axis.cell_of(end)] = True
        some = cells.any(axis=0)
        holds, stretch = np.unique(cells[:, some], axis=1, return_inverse=True)
        # in order of time
        order = np.argsort([np.flatnonzero(stretch.ravel() == each)[0] for each in range(holds.shape[1])])
        back = np.argsort(order)
        of_cell = np.full(axis.cells, -1, np.int64)
        of_cell[some] = back[stretch.ravel()]
        return cls(spans, holds[:, order]), of_cell

    def within(self, first: dt.date, end: dt.date) -> Integers:
        """Return the stretches that a period holds."""
        return self._stretches[first, end]

    @cached_property
    def _stretches(self) -> dict[tuple[dt.date, dt.date], Integers]:
        return {span: np.flatnonzero(row) for span, row in zip(self.periods, self.holds, strict=True)}


def tally_of(views: Sequence[View], fields: Iterable[str]) -> Tally:
    """Return the tally that tells apart most, of views of one table; all that is published must be among its codes."""
    best = max((view.tally for view in views), key=lambda tally: len(tally.assumed.groups))
    lacking = set(fields) - set(best.assumed.groups)
    if lacking:
        raise UsageError(
            "Figures of one metric are, or were, told apart by codes that are not counted together",
            where=views[0].name,
            got=", ".join(sorted(lacking)),
            allowed=best.assumed.groups or "none",
            remedy="measure them in one call by all of these codes, so that what they tell together is known",
        )
    return best


def fields_of(places: Iterable[FigurePlace]) -> tuple[str, ...]:
    """Return the codes by which figures are told apart."""
    groups = dict.fromkeys(groups for _, _, groups in places)
    return tuple(dict.fromkeys(field for each in groups for field, _ in each))


def refuse_identifying(views: Iterable[View], identifying: Sequence[str]) -> None:
    """Refuse figures that are told apart by a code whose labels point out persons."""
    for view in views:
        found = [field for field in fields_of(view.places) if field in identifying]
        if found:
            raise UsageError(
                "Figures for publication are told apart by a code that points out persons",
                where=view.name,
                got=", ".join(found),
                remedy="leave the code out of `by`, or out of the policy's `identifying` if it points out nobody",
            )


def block_of(
    views: Sequence[View], facet: str, fields: Sequence[str], stretch: Integers, times: int, first: int
) -> AtomBlock:
    """Return the atoms of one table and facet. fields: the codes by which anything published is told apart."""
    tally, reading = tally_of(views, fields), views[0].reading
    at = [tally.assumed.groups.index(field) for field in fields]
    short = [tuple(label[place] for place in at) for label in tally.labels]
    labels = tuple(dict.fromkeys(short)) or ((),)
    number = {label: index for index, label in enumerate(labels)}
    of_label = np.array([number[label] for label in short] or [0], np.int64)
    points = views[0].points
    played: list[Role] = [YES, NO] if views[0].kind == "share" else [YES, YES] if points else [YES]
    names = tally.assumed.outcomes
    counts = np.zeros((len(played), times, len(labels)), np.int64)
    here = (tally.part("facet") == tally.facets.index(facet)) if facet in tally.facets else np.zeros(0, bool)
    time = stretch[tally.part(views[0].placed)]
    held = [frozenset(name for name in names if reading.roles.get(name) is role) for role in played]
    for row, role in enumerate(played):
        codes = [code for code, name in enumerate(names) if reading.roles.get(name) is role]
        chosen = here & (time >= 0) & np.isin(tally.part("outcome"), codes)
        cases = tally.counted("cases")[chosen]
        if points:  # those with all points, and those with none
            full = tally.counted("amount")[chosen] // points
            cases = full if row == 0 else cases - full
        np.add.at(counts[row], (time[chosen], of_label[tally.part("group")[chosen]]), cases)
    return AtomBlock(
        table=views[0].table,
        facet=facet,
        source=views[0].source,
        names=tuple(view.name for view in views),
        metric=tally.assumed.metric,
        counted=views[0].counted,
        same=Same(
            tally.assumed.metric,
            tally.assumed.version,
            tuple(sorted((name, str(value)) for name, value in tally.assumed.parameters.items())),
            tuple((field, tuple(labels)) for field, labels in tally.assumed.where),
            views[0].placed,
        ),
        outcomes=dict(zip(PARTS, [*held, frozenset.union(*held)], strict=False)),
        where={field: frozenset(labels) for field, labels in tally.assumed.where},
        counts=counts,
        fields=tuple(fields),
        labels=labels,
        first=first,
    )
