"""Tallies: what is counted in each cell of an axis of time, how two are added, and when they may not be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, day_of, read_only
from casequality.errors import MergeError
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.cells import BITS, COUNTS, pack, sum_by_key, unpack
from casequality.metrics.tallies.doubts import COLUMNS, joined, no_doubts, told_apart

SAME: Final = attrs.cmp_using(eq=np.array_equal)


def _kept(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return read_only(np.ascontiguousarray(values))


@attrs.frozen(kw_only=True)
class Assumed:
    """What a tally rests on; only tallies that assume the same merge.

    metric: what `Metric.tallied_as` says. doubts_kept: whether it says which records are in doubt, and of what; only a
    tally that was stored before that was kept does not.
    """

    metric: str
    version: int
    parameters: Mapping[str, str]
    outcomes: tuple[str, ...]
    groups: tuple[str, ...]
    where: tuple[tuple[str, tuple[str, ...]], ...]
    axis: Axis
    as_of: str
    calendar: str
    doubts_kept: bool = True

    @property
    def as_of_day(self) -> np.datetime64:
        """The day of the as-of where the records are counted."""
        return day_of(np.datetime64(self.as_of, "us"), self.axis.zone)


@attrs.frozen(kw_only=True)
class Accounts:
    """Where every record that was read went, apart from the cells.

    read: rows read. set_aside: rows with a fault, see findings. later: records that had not begun at the as-of.
    elsewhere: records that `where` leaves out, or of which nobody can tell. findings: rows by column and fault.
    orphans: rows of child tables that the metric reads, of which nobody knows whose they are.
    marks: dates that may stand for "no date" and were not declared, by field and date.
    expects: the rhythm in which the source promises records ("day", "working day"), "" where it promises none.
    covered: the days on which records began, where it promises any.
    """

    read: int = 0
    set_aside: int = 0
    later: int = 0
    elsewhere: int = 0
    orphans: int = 0
    findings: Mapping[str, int] = attrs.field(factory=dict)
    marks: Mapping[str, int] = attrs.field(factory=dict)
    expects: str = ""
    covered: tuple[str, ...] = ()

    def __add__(self, other: Accounts) -> Accounts:
        return Accounts(
            read=self.read + other.read,
            set_aside=self.set_aside + other.set_aside,
            later=self.later + other.later,
            elsewhere=self.elsewhere + other.elsewhere,
            orphans=self.orphans + other.orphans,
            findings=_added(self.findings, other.findings),
            marks=_added(self.marks, other.marks),
            expects=_same_rhythm(self.expects, other.expects),
            covered=tuple(sorted({*self.covered, *other.covered})),
        )


@attrs.frozen(kw_only=True)
class Tally:
    """Counts by cell, in one canonical order: equal tallies are equal to the byte.

    labels: the groups, each a label for every grouping field. facets: names, "" for a metric without.
    cells, values: packed coordinates (cells,) and what is counted there (len(COUNTS), cells).
    numbers: cell, number and count of each pair of a histogram, shape (3, pairs).
    doubts: the records in doubt and what they may be, shape (len(doubts.COLUMNS), rows); see `metrics.doubts`.
    """

    assumed: Assumed
    accounts: Accounts
    labels: tuple[tuple[str | None, ...], ...]
    facets: tuple[str, ...]
    cells: Integers = attrs.field(eq=SAME, converter=_kept)
    values: npt.NDArray[np.int64] = attrs.field(eq=SAME, converter=_kept)
    numbers: npt.NDArray[np.int64] = attrs.field(eq=SAME, converter=_kept)
    doubts: npt.NDArray[np.int64] = attrs.field(eq=SAME, converter=_kept, factory=no_doubts)

    def __add__(self, other: Tally) -> Tally:
        return merge([self, other])

    def told_apart_by(self, groups: Sequence[str]) -> Tally:
        """Return the same counts told apart by some of the grouping fields only."""
        places = [self.assumed.groups.index(field) for field in groups]
        labels = tuple(tuple(label[place] for place in places) for label in self.labels)
        doubts = told_apart(self.doubts, dict(enumerate(places)))
        return merge(
            [attrs.evolve(self, labels=labels, doubts=doubts, assumed=attrs.evolve(self.assumed, groups=tuple(groups)))]
        )

    def each_once(self) -> Tally:
        """Return the same rows, each as one that stands for one case, also where it stands for none."""
        values, doubts = self.values.copy(), self.doubts.copy()
        values[COUNTS.index("cases")], values[COUNTS.index("weightless")] = self.counted("rows"), 0
        doubts[COLUMNS.index("cases")] = doubts[COLUMNS.index("rows")]
        return attrs.evolve(self, values=values, doubts=doubts)

    def part(self, name: str) -> Integers:
        """Return one coordinate of each cell: facet, entry, exit, group or outcome."""
        return unpack(self.cells, name)

    def counted(self, name: str) -> Integers:
        """Return one of `COUNTS` for each cell."""
        counted: Integers = self.values[COUNTS.index(name)]
        return counted


def merge(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies that assume the same; order and grouping make no difference.

    Raises `MergeError` naming what differs.
    """
    parts = list(tallies)
    if not parts:
        raise MergeError("There is no tally to merge", remedy="give at least one")
    assumed = _shared_by([part.assumed for part in parts])
    # labels that no row bears any more would make two equal tallies differ
    labels = tuple(sorted({part.labels[group] for part in parts for group in _groups(part)}, key=in_order))
    facets = tuple(sorted({facet for part in parts for facet in part.facets}))
    cells, values = sum_by_key(
        np.concatenate([_renumbered(part.cells, part, labels, facets) for part in parts]),
        np.concatenate([part.values for part in parts], axis=1),
    )
    return Tally(
        assumed=assumed,
        accounts=_accounted(parts),
        labels=labels,
        facets=facets,
        cells=cells,
        values=values,
        numbers=_summed(
            np.concatenate([_renumbered(part.numbers[0], part, labels, facets) for part in parts]),
            *np.concatenate([part.numbers[1:] for part in parts], axis=1),
        ),
        doubts=joined([_renumbered_doubts(part, labels, facets) for part in parts]),
    )


def merge_each(several: Iterable[Mapping[str, Tally]]) -> dict[str, Tally]:
    """Return the sum of tallies by metric; all must have the same metrics.

    What metrics share is summed once and stays shared, and what was summed is let go of before the next is.
    """
    given = [dict(each) for each in several]
    del several
    alike: dict[Any, list[str]] = {}
    for name in given[0] if given else ():
        alike.setdefault(tuple(_content(each[name]) for each in given), []).append(name)
    summed: dict[str, Tally] = {}
    for names in alike.values():
        of_each = {name: [each.pop(name) for each in given] for name in names}
        first, *others = names
        whole = summed[first] = merge(of_each[first])
        for name in others:
            assumed, accounts = _shared_by([part.assumed for part in of_each[name]]), _accounted(of_each[name])
            summed[name] = attrs.evolve(whole, assumed=assumed, accounts=accounts)
    return summed


def _content(part: Tally) -> Any:
    """Return by what two tallies are known to count the same: that their columns are the very same memory."""
    columns = (part.cells, part.values, part.numbers, part.doubts)
    return part.labels, part.facets, *((each.__array_interface__["data"][0], each.shape) for each in columns)


def _shared_by(assumed: Sequence[Assumed]) -> Assumed:
    for other in assumed[1:]:
        _refuse_difference(assumed[0], other)
    return assumed[0]


def _accounted(parts: Sequence[Tally]) -> Accounts:
    return sum((part.accounts for part in parts), Accounts())


def in_order(label: tuple[str | None, ...]) -> tuple[tuple[bool, str], ...]:
    """Return the key by which groups stand in order: a missing label first."""
    return tuple((part is not None, part or "") for part in label)


def _groups(part: Tally) -> Iterable[int]:
    """Return the groups in which any row was counted."""
    found: list[int] = np.flatnonzero(
        np.bincount(np.concatenate([part.part("group"), unpack(part.doubts[0], "group")]))
    ).tolist()
    return found


def _renumbered_doubts(part: Tally, labels: Sequence[Any], facets: Sequence[Any]) -> npt.NDArray[np.int64]:
    return np.concatenate([_renumbered(part.doubts[0], part, labels, facets)[None, :], part.doubts[1:]])


def _renumbered(cells: Integers, part: Tally, labels: Sequence[Any], facets: Sequence[Any]) -> Integers:
    """Return packed cells whose groups and facets are numbered as in `labels` and `facets`."""
    places = {name: unpack(cells, name) for name in BITS}
    for name, old, new in (("group", part.labels, labels), ("facet", part.facets, facets)):
        number = {each: index for index, each in enumerate(new)}
        places[name] = np.array([number.get(each, 0) for each in old], np.int64)[places[name]]
    return pack(**places)


def _summed(pairs: Integers, numbers: Integers, counts: Integers) -> npt.NDArray[np.int64]:
    """Return the pairs of cell and number in order, each once with the sum of its counts."""
    order = np.lexsort((numbers, pairs))
    pairs, numbers, counts = pairs[order], numbers[order], counts[order]
    new = np.ones(len(pairs), bool)
    new[1:] = (pairs[1:] != pairs[:-1]) | (numbers[1:] != numbers[:-1])
    starts = np.flatnonzero(new)
    summed = np.add.reduceat(counts, starts) if len(starts) else counts
    return np.stack([pairs[starts], numbers[starts], summed])


def _refuse_difference(first: Assumed, other: Assumed) -> None:
    if first == other:
        return
    names = [name for name in attrs.fields_dict(Assumed) if getattr(first, name) != getattr(other, name)]
    raise MergeError(
        "These tallies do not assume the same and cannot be merged",
        where=first.metric,
        got="; ".join(f"{name}: {getattr(first, name)} and {getattr(other, name)}" for name in names),
        remedy="tally both with the same metric, version, readings, groups, zone, calendar and as-of"
        if first.doubts_kept == other.doubts_kept
        else "tally again what an older version tallied: it did not keep which records were in doubt",
    )


def _same_rhythm(first: str, other: str) -> str:
    if first and other and first != other:
        raise MergeError(
            "These tallies come from sources that promise records in different rhythms",
            got=f"{first}, {other}",
            remedy="conclude each by itself",
        )
    return first or other


def _added(first: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: first.get(name, 0) + other.get(name, 0) for name in sorted({*first, *other})}


def plain_parameters(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return a metric's fields as text, as they are kept with its figures."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else str(value)
        for name, value in sorted(parameters.items())
    }
