"""Folding blocks of records into a tally."""

from __future__ import annotations

import fnmatch
import math
from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask, Tags
from casequality.metrics import asking, in_doubt, tallies
from casequality.metrics.declaring import AsOf, Metric
from casequality.metrics.exact_sums import SCATTERED, cases_of, counted, distinct_codes, joint_tags, sums_by_tag
from casequality.metrics.tallies import (
    COUNTS,
    OPEN,
    UNDATED,
    UNKNOWN,
    UNREADABLE,
    Accounts,
    Assumed,
    Axis,
    Contribution,
    Histogram,
    Placed,
    Sums,
    Tally,
    joined,
    merge,
    pack,
)
from casequality.privacy import hashed, masked
from casequality.records import Codes, Records, either

NOWHERE = np.zeros(0, np.intp)


@attrs.frozen
class Question:
    """What is tallied: a metric with its fields set, by which codes, of which records, on which axis.

    reads, facets: the fields that the metric reads, and by which of them each facet places records (`trace`).
    open_too: the outcomes that another metric which is counted with it takes as not settled.
    named: by field, the labels that somebody declared; of an open list any other is counted under a digest of it. None
    for a caller who has the records and sees labels as they are. One that looks like a CPR number is never kept.
    """

    metric: Metric
    groups: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    axis: Axis = attrs.field(kw_only=True)
    reads: frozenset[str] = attrs.field(kw_only=True, default=frozenset())
    facets: Mapping[str, in_doubt.Placing] = attrs.field(kw_only=True, factory=dict, eq=False)
    open_too: frozenset[str] = attrs.field(kw_only=True, default=frozenset())
    calendars: tuple[str, ...] = attrs.field(kw_only=True, default=())
    named: Mapping[str, frozenset[str]] | None = attrs.field(kw_only=True, default=None)

    @property
    def needs(self) -> frozenset[str]:
        """The fields that it cannot be answered without."""
        return self.reads.union(self.groups, (field for field, _ in self.where))

    def label(self, field: str, label: str) -> str:
        """Return what a label of an open list is counted under."""
        return masked(label) if self.named is None or label in self.named.get(field, ()) else hashed(label)

    def labels(self, field: str, column: Codes) -> Sequence[str]:
        """Return what each label of a column is counted under."""
        return column.labels if column.closed else [self.label(field, label) for label in column.labels]

    def may_be_open(self) -> Mask:
        """Return by outcome's code whether it is kept which records have it: some reading takes it as not settled."""
        open_, outcomes = self.not_settled | self.open_too, self.metric.outcomes
        return np.array([name in open_ or name not in outcomes for name in outcomes.names])

    @property
    def not_settled(self) -> frozenset[str]:
        """The outcomes that some reading takes as not settled."""
        metric = self.metric
        changed = [option.roles for choice in metric.readings.values() for option in choice.alternatives.values()]
        open_ = [name for name in metric.outcomes if metric.outcomes.roles[name] in (OPEN, UNKNOWN)]
        for roles in changed:
            for pattern, role in roles.items():
                open_ += fnmatch.filter(metric.outcomes, pattern) if role in (OPEN, UNKNOWN) else []
        return frozenset(open_)


@attrs.define(eq=False)
class Fold:
    """One question's counts so far; blocks may come in any order, and folds of one question add up.

    elsewhere, set_aside, later: records that `where` leaves out, that have a fault which concerns the question, and
    that had not begun.
    """

    question: Question
    labels: dict[tuple[str | None, ...], int] = attrs.field(factory=dict)
    facets: dict[str, int] = attrs.field(factory=dict)
    counts: Sums = attrs.field(factory=lambda: Sums(len(COUNTS)))
    bins: Histogram = attrs.field(factory=Histogram)
    doubts: list[npt.NDArray[np.int64]] = attrs.field(factory=list)
    elsewhere: int = 0
    set_aside: int = 0
    later: int = 0
    _may_be_open: tuple[int, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._may_be_open = tuple(np.flatnonzero(self.question.may_be_open()).tolist())

    @property
    def accounts(self) -> Accounts:
        """Where records went that are in no cell."""
        return Accounts(set_aside=self.set_aside, later=self.later, elsewhere=self.elsewhere)

    def add(
        self,
        records: Records,
        as_of: AsOf,
        later: Mask | None = None,
        placed: Placed | None = None,
        alike: Integers | None = None,
    ) -> npt.NDArray[np.intp]:
        """Fold one block as it was known at `as_of`; return the positions that a deadline's calendar does not reach.

        later: the records that begin after `as_of` by a date that a question may have reason to doubt.
        placed: what other questions have looked up of the block's columns.
        alike: of records without any doubt, how many there are of each, shape (records,); one of each unless given.
        """
        placed = Placed() if placed is None else placed
        question, doubtful = self.question, records.in_doubt(self.question.needs)
        kept = None if doubtful is None and later is None else np.ones(len(records), bool)
        if doubtful is not None and kept is not None:
            self._put_aside(records[doubtful])
            kept &= ~doubtful
        if later is not None and kept is not None:
            self.later += int((later & kept).sum())
            kept &= ~later
        positions = None if kept is None else np.flatnonzero(kept)
        records = records if kept is None else records[kept]
        chosen, astray = asking.asked_for(records, question.where)
        if chosen is not None:
            left_out = ~chosen if astray is None else ~chosen | astray
            self.elsewhere += int(left_out.sum() if alike is None else alike[left_out].sum())
            positions = np.flatnonzero(chosen) if positions is None else positions[chosen]
            records, astray = records[chosen], None if astray is None else astray[chosen]
            alike = None if alike is None else alike[chosen]
        if not len(records):
            return NOWHERE
        as_of = as_of.for_block(len(records))
        given = asking.contributed(question.metric, records, as_of)
        facets = given if isinstance(given, Mapping) else {"": given}
        if self.facets and self.facets.keys() != facets.keys():
            raise asking.other_facets(question.metric, self.facets, facets)
        groups, count = self._groups(records)
        unknown, beyond = either([records.unknown(question.reads), as_of.remarks.unknown]), as_of.remarks.beyond
        if astray is not None:  # what a record would be with the label that it may have, nobody knows either
            told_by = question.reads.intersection(field for field, _ in question.where)
            unknown = either([unknown, records.unstated(told_by)])
        settled = question.metric.settles_undated_rows
        undated = None if settled else records.with_undated_rows(question.reads)
        outcomes = question.metric.outcomes
        unreadable = outcomes.names.index(UNREADABLE)
        for name, each in facets.items():
            contribution = asking.checked(question.metric, each, len(records)).weighed(unreadable)
            placing = question.facets.get(name, in_doubt.ANYHOW)
            contribution = in_doubt.as_known(contribution, outcomes, unknown, undated, weighed=placing.weighs)
            facet = self.facets.setdefault(name, len(self.facets))
            some_undated = placed.on(question.axis, contribution.on)[1] == UNDATED
            masks = (either([unknown, undated]), astray, beyond)
            doubts = self._doubts(placing, contribution, records, some_undated, masks)
            out = beyond if astray is None else astray if beyond is None else astray | beyond
            trusted = None if beyond is None else self._trusted_times(records, placing)
            masked = as_of.remarks.sensitive, out
            self._count(facet, contribution, groups, count, masked, doubts, trusted, placed, alike)
        return NOWHERE if beyond is None else np.flatnonzero(beyond) if positions is None else positions[beyond]

    def _doubts(
        self,
        placing: in_doubt.Placing,
        given: Contribution,
        records: Records,
        undated: bool,
        masks: tuple[Mask | None, Mask | None, Mask | None],
    ) -> npt.NDArray[np.int64] | None:
        """Return the kind of doubt of each record with its flags, shape (records,), -1 for none; None for no record.

        undated: whether some record has no day.
        """
        unknown, astray, beyond = masks
        kinds = in_doubt.Kinds(len(records))
        if given.amount is not None:
            alone = in_doubt.among(given.outcome, self._may_be_open)
            alone |= np.isnat(given.on) if undated else False
            kinds.put(tallies.SO_FAR | tallies.COUNTED, alone & (given.amount != MISSING) if alone.any() else None)
        light = None if given.times is None else (given.times == 0) & in_doubt.among(given.outcome, self._may_be_open)
        kinds.put(tallies.SO_FAR | tallies.COUNTED, light if given.aged else None)
        if given.until is not None:
            plain = placing.until is not None
            ended = records.unknown_in(placing.until) if placing.until is not None else unknown
            ended = None if ended is None else ended & np.isnat(given.until)
            kinds.put((tallies.ENDED if plain else tallies.EITHER) | tallies.COUNTED, ended)
            if ended is not None and given.certain is not None:
                kinds.put(
                    (tallies.ENDED_SURE if plain else tallies.EITHER_SURE) | tallies.COUNTED, ended & given.certain
                )
        marked = self._mark(kinds, placing, records)
        if astray is not None:
            kinds.stray(astray)
        kinds.put(tallies.SET_ASIDE, beyond)
        for place, field in enumerate(self.question.groups):
            # of other fields all that are blank are in doubt, which is seen by their having no label
            blank = records.unstated({field}) if records.fields[field].unknown is None else None
            if blank is not None:
                kinds.unlabelled(blank, place)
        for rows in (light, marked, beyond) if placing.weighs else (light,):
            kinds.weightless(rows)
        return kinds.found

    def _mark(self, kinds: in_doubt.Kinds, placing: in_doubt.Placing, records: Records) -> Mask | None:
        """Note and return the records with a date that may stand for none, by what that would change."""
        for field in sorted(self.question.reads):
            suspected = records.suspected(field) if field in records.loaded else None
            if suspected is None:
                continue
            # a day that the metric worked out from its fields may be wrong with any of them
            entry, exit_ = placing.on in (None, field), placing.ends and placing.until in (None, field)
            kinds.mark(suspected, entry=entry, exit_=exit_)
        return either([records.suspected(field) for field in self.question.reads if field in records.loaded])

    def _put_aside(self, records: Records) -> None:
        """Count records with a fault, each with what can be trusted of it: its day, its end, its labels."""
        question, needs = self.question, self.question.needs
        kinds = np.full(len(records), tallies.SET_ASIDE, np.int64)
        chosen, astray = asking.asked_for(records, question.where, needs)
        if chosen is not None:
            self.elsewhere += len(records) - int(chosen.sum())
            kinds[np.zeros(len(records), bool) if astray is None else astray] |= tallies.ASTRAY
            records, kinds = records[chosen], kinds[chosen]
        self.set_aside += len(records)
        if not len(records):
            return
        untold = {field: blurred for field in question.groups if (blurred := records.blurred(field, needs)) is not None}
        for field, blurred in untold.items():
            kinds[blurred] |= 1 << (tallies.LABELS + question.groups.index(field))
        groups, _ = self._groups(records, untold)
        ones = np.ones(len(records), np.int64)
        for name in self.facets or question.facets or {"": in_doubt.ANYHOW}:
            placing = question.facets.get(name, in_doubt.ANYHOW)
            facet = self.facets.setdefault(name, len(self.facets))
            entry, end = self._trusted_times(records, placing)
            cells = pack(facet=facet, entry=entry, exit=end, group=np.asarray(groups, np.int64), outcome=0)
            flags = kinds | tallies.WEIGHTLESS if placing.weighted else kinds
            none = np.full(len(records), MISSING)
            bins = none if placing.on is None or not placing.aged else self._days_into(records, placing.on, entry)
            cases = 0 * ones if placing.weighted else ones
            self._keep_doubts(np.stack([cells + 0 * ones, flags, none, bins, ones, cases, 0 * ones]))

    def _trusted_times(self, records: Records, placing: in_doubt.Placing) -> tuple[Integers, Integers]:
        """Return where records that are set aside began and ended, as far as that can be trusted."""
        entry = self._trusted(records, placing.on, UNDATED)
        return entry, self._trusted(records, placing.until, tallies.ANY_END) if placing.ends else 0 * entry

    def _trusted(self, records: Records, field: str | None, otherwise: int) -> Integers:
        """Return the cell of time of a date, `otherwise` where it cannot be trusted, 0 where there is none."""
        if field is None or field not in records.loaded:
            return np.full(len(records), otherwise, np.int64)
        dates = records.column(field)
        assert isinstance(dates, np.ndarray)
        cells = np.broadcast_to(self.question.axis.place(dates)[0], len(records)).astype(np.int64)
        doubted = (records.blurred(field, self.question.needs), records.suspected(field), records.unknown_in(field))
        for mask in doubted:
            cells = cells if mask is None else np.where(mask, otherwise, cells)
        return cells

    def _days_into(self, records: Records, field: str, entry: Integers) -> Integers:
        """Return how many days after the beginning of its cell each record began, MISSING where nobody can tell."""
        dates = records.column(field)
        assert isinstance(dates, np.ndarray)
        return np.where(entry == UNDATED, MISSING, self.question.axis.days_into(dates, entry))

    def _keep_doubts(self, table: npt.NDArray[np.int64]) -> None:
        self.doubts.append(joined([table]))
        if len(self.doubts) > 64:
            self.doubts = [joined(self.doubts)]

    def _groups(self, records: Records, untold: Mapping[str, Mask] | None = None) -> tuple[Tags | int, int]:
        """Return each record's group among those met so far (or the one group of all), and how many there are."""
        if not self.question.groups:
            return self.labels.setdefault((), 0), 1
        columns = [asking.codes_of(records, field, untold) for field in self.question.groups]
        named = [self.question.labels(*each) for each in zip(self.question.groups, columns, strict=True)]
        if len(columns) == 1:
            numbers = [self.labels.setdefault((label,), len(self.labels)) for label in (None, *named[0])]
            # where a block brings its labels in the order in which groups were numbered, codes are groups as they are
            identical = numbers == list(range(len(numbers)))
            return columns[0].indices if identical else np.array(numbers)[columns[0].indices], len(self.labels)
        joint: Integers = columns[0].indices.astype(np.int64)
        for column in columns[1:]:
            joint = joint * (len(column.labels) + 1) + column.indices
        met, position = distinct_codes(joint, math.prod(len(column.labels) + 1 for column in columns))
        return np.array([self._number(named, code) for code in met.tolist()])[position], len(self.labels)

    def _number(self, named: Sequence[Sequence[str]], code: int) -> int:
        labels: list[str | None] = []
        for each in reversed(named):
            code, index = divmod(code, len(each) + 1)
            labels.append(each[index - 1] if index else None)
        return self.labels.setdefault(tuple(reversed(labels)), len(self.labels))

    def _count(
        self,
        facet: int,
        given: Contribution,
        groups: Tags | int,
        group_count: int,
        masks: tuple[Mask | None, Mask | None],
        doubts: npt.NDArray[np.int64] | None,
        trusted: tuple[Integers, Integers] | None,
        placed: Placed,
        alike: Integers | None,
    ) -> None:
        sensitive, out = masks
        axis, outcomes = self.question.axis, len(self.question.metric.outcomes.names)
        if doubts is not None:
            rows = np.flatnonzero(doubts >= 0)
            own = groups if isinstance(groups, int) else groups[rows]
            times = None if trusted is None else (trusted[0][rows], trusted[1][rows])
            kept, several = in_doubt.kept_of(given, rows), None if alike is None else alike[rows]
            self._keep_doubts(in_doubt.in_doubt_of(facet, kept, own, doubts[rows], axis, times, several))
        if out is not None:
            keep = ~out
            given = in_doubt.kept_of(given, keep)
            groups = groups if isinstance(groups, int) else groups[keep]
            sensitive = None if sensitive is None else sensitive[keep]
            alike = None if alike is None else alike[keep]
        if not len(given):
            return
        entry, first, last = placed.on(axis, given.on)
        exit_, opens, closes = (0, 0, 0) if given.until is None else placed.on(axis, given.until)
        lasting = opens == UNDATED < closes
        if lasting:
            exit_, opens = _closed_up(np.asarray(exit_))
        space = (last - first + 1, closes - opens + 1, group_count, outcomes)
        tags = joint_tags(((entry, first), (exit_, opens), (groups, 0)), given.outcome, space)
        size, bins = math.prod(space), axis.days_into(given.on, entry) if given.aged else given.bins
        joint: Integers | None = None
        table: Integers | None = None
        if size > SCATTERED:
            joint, tags = np.unique(tags, return_inverse=True)
        elif bins is not None and given.times is None:
            table = self.bins.table(tags, bins, size, alike)
        kinds = size if joint is None else len(joint)
        rows = counted(tags, alike, kinds) if table is None else table.sum(axis=1)
        met = np.flatnonzero(rows != 0)  # of a mask positions are found several times as fast as of numbers
        rest, outcome = np.divmod(met if joint is None else joint, outcomes)
        rest, group = np.divmod(rest, group_count)
        entry_, exits = np.divmod(rest, space[1])
        exits = np.where(exits == 0, UNDATED, exits + opens) if lasting else exits + opens
        cells = pack(facet=facet, entry=entry_ + first, exit=exits, group=group, outcome=outcome)
        lacking = None if table is None or not _lack_both(bins, given.amount) else table[:, 0]
        self.counts.add(cells, sums_by_tag(tags, rows, met, given, sensitive, alike, lacking))
        if table is not None:
            self.bins.add_table(cells, table[met])
        elif bins is not None:
            self.bins.add(cells, met, tags, bins, cases_of(given, alike))


def _lack_both(bins: Integers | None, amount: Integers | None) -> bool:
    """Return whether the very records without a number to sort by are those without an amount."""
    return bins is not None and amount is not None and np.array_equal(bins == MISSING, amount == MISSING)


def _closed_up(cells: Tags) -> tuple[Tags, int]:
    """Return cells of which the undated lie right before the first of the others, and where that is.

    Some are undated and some not. Else all cells from the undated to that one would be counted, and nobody is in them.
    """
    # without a sign the cell before the undated is the greatest of all
    before = int((cells - 1).view(np.uint16).min())
    return np.maximum(cells, np.int16(before)), before


def from_fold(fold: Fold, assumed: Assumed, accounts: Accounts) -> Tally:
    """Return a fold's counts as a tally."""
    cells, values = fold.counts.total()
    as_met = Tally(
        assumed=assumed,
        accounts=accounts,
        labels=tuple(fold.labels),
        facets=tuple(fold.facets),
        cells=cells,
        values=values,
        numbers=np.stack(fold.bins.total()),
        doubts=joined(fold.doubts),
    )
    return merge([as_met])
