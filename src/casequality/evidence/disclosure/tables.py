"""From figures to what an attacker sees of them: atoms of period, group and outcome, and every count as their sum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import combinations, product
from typing import Final, NamedTuple, TypeAlias

import attrs
import numpy as np

from casequality.days import Integers, Mask, Period
from casequality.errors import UsageError
from casequality.metrics import NO, YES, Measurement, Reading, Role, Tally

Place: TypeAlias = tuple[str, Period, tuple[tuple[str, str | None], ...]]
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
    places: tuple[Place, ...]
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
class Block:
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
class Times:
    """Stretches of time that no published period tells apart further: for each period, which of them it holds."""

    periods: tuple[tuple[dt.date, dt.date], ...]
    holds: Mask

    @classmethod
    def of(cls, tally: Tally, spans: tuple[tuple[dt.date, dt.date], ...]) -> tuple[Times, Integers]:
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


def fields_of(places: Iterable[Place]) -> tuple[str, ...]:
    """Return the codes by which figures are told apart."""
    groups = dict.fromkeys(groups for _, _, groups in places)
    return tuple(dict.fromkeys(field for each in groups for field, _ in each))


def block_of(
    views: Sequence[View], facet: str, fields: Sequence[str], stretch: Integers, times: int, first: int
) -> Block:
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
    return Block(
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


@attrs.frozen(eq=False)
class Common:
    """Where two tables of one source can be held beside each other: in every stretch of time, for what both tell apart.

    groups: the labels of the codes (fields) that both are told apart by. mine, theirs: the group of each label of the
    one and of the other, -1 for one that is in no group.
    """

    one: Block
    other: Block
    fields: tuple[str, ...]
    groups: tuple[tuple[str | None, ...], ...]
    mine: Integers
    theirs: Integers

    @classmethod
    def of(cls, one: Block, other: Block) -> Common | None:
        """Return it, None for tables of two sources, and where a label of the one is none of the other."""
        found = cls._beside(one, other, {})
        return found if found is not None and {*found.mine.tolist()} == {*found.theirs.tolist()} else None

    @classmethod
    def inside(cls, one: Block, other: Block, *, whole: bool = False) -> Common | None:
        """Return it for a table that is of some records of those that the other is of, None for any other two.

        Beside it are those labels alone of the other that are of the same records, as far as it tells them apart.
        whole: all labels together, of either.
        """
        narrower = all(one.where.get(field, frozenset()) <= labels for field, labels in other.where.items())
        narrower = narrower and all(field in one.where for field in other.where)
        apart = {field: labels for field, labels in one.where.items() if other.where.get(field) != labels}
        alike = (one.counted, one.facet) == (other.counted, other.facet)
        return cls._beside(one, other, apart, whole=whole) if alike and narrower and apart else None

    @classmethod
    def _beside(
        cls, one: Block, other: Block, apart: Mapping[str, frozenset[str]], *, whole: bool = False
    ) -> Common | None:
        if one.source != other.source or one.counts.shape[1] != other.counts.shape[1]:
            return None
        fields = tuple(field for field in one.fields if field in other.fields and not whole)
        mine, theirs = (
            [tuple(label[each.fields.index(field)] for field in fields) for label in each.labels]
            for each in (one, other)
        )
        told = [
            (other.fields.index(field), labels)
            for field, labels in apart.items()
            if field in other.fields and not whole
        ]
        kept = [all(label[place] in labels for place, labels in told) for label in other.labels]
        theirs_kept = [label for label, keep in zip(theirs, kept, strict=True) if keep]
        groups = tuple(dict.fromkeys([*mine, *theirs_kept]))
        number = {label: index for index, label in enumerate(groups)}
        numbers = [number[label] if keep else -1 for label, keep in zip(theirs, kept, strict=True)]
        return cls(one, other, fields, groups, np.array([number[each] for each in mine]), np.array(numbers))

    def sums(self, mine: str, theirs: str) -> tuple[Integers, Integers]:
        """Return a part of the one and a part of the other in every stretch and group, (times, groups) each."""
        found = []
        for block, groups, part in ((self.one, self.mine, mine), (self.other, self.theirs, theirs)):
            summed = np.zeros((block.counts.shape[1], len(self.groups)), np.int64)
            np.add.at(summed.T, groups[groups >= 0], block.parts()[part].T[groups >= 0])
            found.append(summed)
        return found[0], found[1]

    def line(self, mine: str, theirs: str, time: int, group: int) -> dict[int, int]:
        """Return the part of the one less the part of the other, as the coefficient of each atom."""
        at = np.array([time])
        plus = self.one.atoms_of(mine, at, np.flatnonzero(self.mine == group))
        minus = self.other.atoms_of(theirs, at, np.flatnonzero(self.theirs == group))
        return {**dict.fromkeys(plus.tolist(), 1), **dict.fromkeys(minus.tolist(), -1)}


def apart(blocks: Iterable[Block]) -> list[Block]:
    """Return those, one after the other, that are of no record that one before them is of."""
    found: list[Block] = []
    for block in blocks:
        if all(
            any(block.where[field].isdisjoint(each.where[field]) for field in block.where if field in each.where)
            for each in found
        ):
            found.append(block)
    return found


def same_sums(blocks: Sequence[Block]) -> list[dict[int, int]]:
    """Return the sums, 0 for everybody, that goals on the same records share, as the coefficient of each atom.

    What is equal in every stretch of time and group is taken as known to be equal: the same records counted again.
    """
    found: list[dict[int, int]] = []
    for common in filter(None, (Common.of(one, other) for one, other in combinations(blocks, 2))):
        for mine, theirs in product(common.one.parts(), common.other.parts()):
            sums, others = common.sums(mine, theirs)
            if sums.any() and np.array_equal(sums, others):
                found += [common.line(mine, theirs, time, group) for time, group in np.ndindex(sums.shape)]
    return found
