"""Folding blocks of records into a tally."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask, Tags
from casequality.errors import UsageError
from casequality.metrics import asking, in_doubt, tallies
from casequality.metrics.asking import Question
from casequality.metrics.declaring import AsOf
from casequality.metrics.exact_sums import (
    SCATTERED,
    cases_of,
    closed_up,
    counted,
    distinct_codes,
    joint_tags,
    lack_both,
    sums_by_tag,
)
from casequality.metrics.tallies import (
    COUNTS,
    UNDATED,
    UNREADABLE,
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
from casequality.records import Codes, Records, either

NOWHERE = np.zeros(0, np.intp)


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
        groups, count = self._groups(records)
        unknown, beyond = either([records.unknown(question.reads), as_of.remarks.unknown]), as_of.remarks.beyond
        if astray is not None:  # what a record would be with the label that it may have, nobody knows either
            unknown = either([unknown, records.unstated(question.reads.intersection(dict(question.where)))])
        undated, outcomes = question.undated(records), question.metric.outcomes
        for name, each in facets.items():
            contribution = asking.checked(question.metric, each, len(records)).weighed(outcomes.names.index(UNREADABLE))
            placing = question.facets.get(name, in_doubt.ANYHOW)
            contribution = in_doubt.as_known(contribution, outcomes, unknown, undated, weighed=placing.weighs)
            facet = self.facets.setdefault(name, len(self.facets))
            some_undated = placed.on(question.axis, contribution.on)[1] == UNDATED
            masks = (either([unknown, undated]), astray, beyond)
            doubts = self._doubts(placing, contribution, records, some_undated, masks)
            out = beyond if astray is None else astray if beyond is None else astray | beyond
            trusted = None if beyond is None else self._trusted_times(records, placing)
            self._count_away(facet, placing, contribution, records, groups, some_undated, (masks[0], beyond), alike)
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

    def _count_away(
        self,
        facet: int,
        placing: in_doubt.Placing,
        given: Contribution,
        records: Records,
        groups: Tags | int,
        undated: bool,
        masks: tuple[Mask | None, Mask | None],
        alike: Integers | None,
    ) -> None:
        """Keep what records whose label nobody knows would be in other groups, where the metric reads that label.

        There nobody knows what becomes of them; in the group of those without a label they are what was read.
        """
        question, (unknown, beyond) = self.question, masks
        untold = records.unstated(question.told_by)
        if untold is None:
            return
        given = in_doubt.as_known(given, question.metric.outcomes, untold, None, weighed=placing.weighs)
        kinds = self._doubts(placing, given, records, undated, (either([unknown, untold]), untold, None))
        assert kinds is not None
        for field in question.told_by:
            if (blank := records.unstated({field})) is not None:
                kinds[blank] |= 1 << (tallies.AWAY + question.groups.index(field))
        kinds[~untold if beyond is None else ~untold | beyond] = -1
        self._keep_doubts(in_doubt.in_doubt_of(facet, given, groups, kinds, question.axis, None, alike))

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
        columns = [codes_of(records, field, untold) for field in self.question.groups]
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
            self._keep_doubts(in_doubt.in_doubt_of(facet, given, groups, doubts, axis, trusted, alike))
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


def asked_for(
    records: Records, where: tuple[tuple[str, tuple[str, ...]], ...], needs: frozenset[str] = frozenset()
) -> tuple[Mask | None, Mask | None]:
    """Return which records are asked for or may be, and which of them nobody can tell; None for all and for none.

    needs: the fields of a question for which the records are set aside.
    """
    chosen: Mask | None = None
    astray = np.zeros(len(records), bool)
    for field, wanted in where:
        told = codes_of(records, field).isin(wanted)
        for mask in (records.unstated({field}), records.blurred(field, needs) if needs else None):
            if mask is not None:
                told, astray = told | mask, astray | mask
        chosen = told if chosen is None else chosen & told
    return chosen, astray if astray.any() else None


def codes_of(records: Records, field: str, untold: Mapping[str, Mask] | None = None) -> Codes:
    """Return a column of codes; raise `UsageError` for a field of another kind.

    untold: by field, the records whose label cannot be trusted. They get none: of rows that contradict each other, the
    label would be that of whichever came first.
    """
    column = records.column(field)
    if not isinstance(column, Codes):
        raise UsageError(
            "Records are grouped or chosen by a field that is not a code",
            got=field,
            allowed=[name for name, declared in records.fields.items() if declared.column_type.is_code],
            remedy="use a code, or group by month, quarter, half-year or year",
        )
    return column.hidden(untold[field]) if untold and field in untold else column


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
