"""Folding blocks of records into a tally."""

from __future__ import annotations

import math
from collections.abc import Mapping

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask, Tags
from casequality.metrics import asking, in_doubt, tallies
from casequality.metrics.asking import Question
from casequality.metrics.declaring import AsOf
from casequality.metrics.exact_sums import (
    SCATTERED,
    cases_of,
    closed_up,
    counted,
    joint_tags,
    lack_both,
    sums_by_tag,
)
from casequality.metrics.labels import asked_for, grouped, refuse_too_many
from casequality.metrics.tallies import (
    ANYHOW,
    COUNTS,
    UNDATED,
    Accounts,
    Assumed,
    Contribution,
    Histogram,
    Placed,
    Sums,
    Tally,
    joined,
    merge,
    pack,
)
from casequality.records import Records

NOWHERE = np.zeros(0, np.intp)


@attrs.define(eq=False, repr=False)
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

    def __attrs_post_init__(self) -> None:
        refuse_too_many(self.question)

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
        chosen, astray = asked_for(records, question.where)
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
        groups, count = grouped(records, question, self.labels)
        remarks = as_of.remarks
        block = in_doubt.DoubtedBlock(question, records, remarks.unknown, remarks.beyond, groups, astray, alike)
        for name, each in facets.items():
            contribution = block.as_known(asking.checked(question.metric, each, len(records)), name)
            facet = self.facets.setdefault(name, len(self.facets))
            for table in block.tables(name, facet, contribution):
                self._keep_doubts(table)
            masked = remarks.sensitive, block.not_counted
            self._count(facet, contribution, groups, count, masked, placed, alike)
        beyond = remarks.beyond
        return NOWHERE if beyond is None else np.flatnonzero(beyond) if positions is None else positions[beyond]

    def _put_aside(self, records: Records) -> None:
        """Count records with a fault, each with what can be trusted of it: its day, its end, its labels."""
        question, needs = self.question, self.question.needs
        kinds = np.full(len(records), tallies.SET_ASIDE, np.int64)
        chosen, astray = asked_for(records, question.where, needs)
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
        groups, _ = grouped(records, question, self.labels, untold)
        for name in self.facets or question.facets or {"": ANYHOW}:
            placing = question.facets.get(name, ANYHOW)
            facet = self.facets.setdefault(name, len(self.facets))
            self._keep_doubts(in_doubt.set_aside_of(facet, placing, records, question, groups, kinds))

    def _keep_doubts(self, table: npt.NDArray[np.int64]) -> None:
        self.doubts.append(joined([table]))
        if len(self.doubts) > 64:
            self.doubts = [joined(self.doubts)]

    def _count(
        self,
        facet: int,
        given: Contribution,
        groups: Tags | int,
        group_count: int,
        masks: tuple[Mask | None, Mask | None],
        placed: Placed,
        alike: Integers | None,
    ) -> None:
        sensitive, out = masks
        axis, outcomes = self.question.axis, len(self.question.metric.outcomes.names)
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
            exit_, opens = closed_up(np.asarray(exit_))
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
        lacking = None if table is None or not lack_both(bins, given.amount) else table[:, 0]
        self.counts.add(cells, sums_by_tag(tags, rows, met, given, sensitive, alike, lacking))
        if table is not None:
            self.bins.add_table(cells, table[met])
        elif bins is not None:
            self.bins.add(cells, met, tags, bins, cases_of(given, alike))


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
