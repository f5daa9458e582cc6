"""What is in doubt of an answer: which rows may be something else than they are counted as, and what they may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask, Tags
from casequality.metrics.asking import Question
from casequality.metrics.tallies import (
    ANY_END,
    ANYHOW,
    ASTRAY,
    AWAY,
    BEFORE,
    CERTAIN,
    EITHER,
    EITHER_SURE,
    ENDED,
    ENDED_SURE,
    ENTRY_BIT,
    EXIT_BIT,
    LABELS,
    OTHER_BIT,
    SET_ASIDE,
    SO_FAR,
    STRAY,
    UNDATED,
    UNKNOWN,
    UNLABELLED,
    UNREADABLE,
    WEIGHTLESS,
    WITH_MARKS,
    Axis,
    Contribution,
    Placing,
    Tally,
    joined,
    pack,
)
from casequality.metrics.tallies import COUNTED as COUNTED_TOO
from casequality.records import Records, either


@attrs.define(eq=False, repr=False)
class Kinds:
    """The kind of doubt of each record of a block with its flags, -1 for none; made only where there is any."""

    records: int
    found: npt.NDArray[np.int64] | None = None

    def put(self, kind: int, rows: Mask | npt.NDArray[np.intp] | None) -> None:
        """Say that some records (a mask or positions) are of a kind, whatever was said before."""
        if rows is not None and (rows.any() if rows.dtype == bool else len(rows)):
            self._made()[rows] = kind

    def mark(self, rows: Mask, *, entry: bool, exit_: bool) -> None:
        """Say that a date of some records may stand for none, beside what was said before."""
        kinds = self._made()
        bits = (ENTRY_BIT if entry else 0) | (EXIT_BIT if exit_ else 0) or OTHER_BIT
        known = np.where(kinds < 0, -1, kinds & COUNTED_TOO - 1)
        kinds[rows] = WITH_MARKS[known[rows], bits] | COUNTED_TOO

    def stray(self, rows: Mask) -> None:
        """Say that some records may not be among those asked for, and are not counted."""
        kinds = self._made()
        # nobody can tell whether such a record is asked for: it is not counted, and may belong here
        kinds[rows] = np.where(kinds[rows] < 0, UNLABELLED, kinds[rows] & ~COUNTED_TOO) | ASTRAY

    def unlabelled(self, rows: Mask, place: int) -> None:
        """Say of some records that nobody knows their label in a grouping field, by its place."""
        kinds = self._made()
        kinds[rows] = np.where(kinds[rows] < 0, UNLABELLED | COUNTED_TOO, kinds[rows]) | 1 << (LABELS + place)

    def weightless(self, rows: Mask | None) -> None:
        """Say of which of them nobody knows how many cases they stand for."""
        if self.found is not None and rows is not None:
            self.found[rows & (self.found >= 0)] |= WEIGHTLESS

    def _made(self) -> npt.NDArray[np.int64]:
        if self.found is None:
            self.found = np.full(self.records, -1, np.int64)
        return self.found


def in_doubt_of(
    facet: int,
    given: Contribution,
    groups: Tags | int,
    kinds: npt.NDArray[np.int64],
    axis: Axis,
    trusted: tuple[Integers, Integers] | None,
    alike: Integers | None = None,
) -> npt.NDArray[np.int64]:
    """Return those of the contributions that are in doubt as a table of `doubts.COLUMNS`.

    kinds: as `Kinds.found`, -1 for no doubt. trusted: where those that are set aside began and ended, as far as their
    days can be trusted. alike: how many records each is of.
    """
    chosen = np.flatnonzero(kinds >= 0)
    given, kinds, groups = kept_of(given, chosen), kinds[chosen], groups if isinstance(groups, int) else groups[chosen]
    trusted = None if trusted is None else (trusted[0][chosen], trusted[1][chosen])
    alike = None if alike is None else alike[chosen]
    entry = np.broadcast_to(axis.place(given.on)[0], len(given)).astype(np.int64)
    end = 0 * entry if given.until is None else np.broadcast_to(axis.place(given.until)[0], len(given))
    rows, none = np.ones(len(given), np.int64) if alike is None else alike, np.full(len(given), MISSING)
    amount = none if given.amount is None else given.amount
    bins = axis.days_into(given.on, entry) if given.aged else none if given.bins is None else given.bins
    cases = rows if given.times is None else given.times * rows
    # the bits below the first flag are the kind; - binds tighter than &, and & tighter than ==
    aside = kinds & COUNTED_TOO - 1 == SET_ASIDE
    if trusted is not None:
        entry, end = np.where(aside, trusted[0], entry), np.where(aside, trusted[1], end)
        bins = np.where(aside & (entry == UNDATED), MISSING, bins) if given.aged else bins
    total = np.where(amount == MISSING, 0, amount) * cases
    kinds = kinds if given.certain is None else np.where(given.certain, kinds | CERTAIN, kinds)
    cells = pack(
        facet=facet, entry=entry, exit=end, group=np.asarray(groups, np.int64), outcome=given.outcome.astype(np.int64)
    )
    return np.stack([cells + 0 * rows, kinds, amount, np.maximum(bins, MISSING), rows, cases, total])


@attrs.frozen(eq=False, repr=False, slots=False)
class DoubtedBlock:
    """What is in doubt of the records of a block, as one question sees them.

    undue: those whose deadline cannot be told. beyond: those with a date that no calendar of a deadline reaches.
    groups: the group of each. astray: those of which nobody can tell whether they are asked for. alike: of records
    without any doubt, how many there are of each.
    """

    question: Question
    records: Records
    undue: Mask | None = None
    beyond: Mask | None = None
    groups: Tags | int = 0
    astray: Mask | None = None
    alike: Integers | None = None

    @cached_property
    def unknown(self) -> Mask | None:
        """Which records the source, or the as-of, does not know."""
        question, records = self.question, self.records
        found = [records.unknown(question.reads), self.undue]
        if self.astray is not None:  # what a record would be with the label that it may have, nobody knows either
            found.append(records.unstated(question.reads.intersection(dict(question.where))))
        return either(found)

    @cached_property
    def undated(self) -> Mask | None:
        """Which have a child row without its day, which may decide."""
        return self.question.undated(self.records)

    @cached_property
    def untold(self) -> Mask | None:
        """Which lack a label that groups are told apart by and that the metric reads."""
        return self.records.unstated(self.question.told_by)

    @cached_property
    def not_counted(self) -> Mask | None:
        """Which are in doubt only, and in no cell."""
        return either([self.astray, self.beyond])

    def as_known(self, given: Contribution, facet: str) -> Contribution:
        """Return a contribution that says of no record more than is known of it."""
        undated, outcomes = self.undated, self.question.metric.outcomes
        given = given.weighed(outcomes.names.index(UNREADABLE))
        if undated is not None:
            # a metric may say by an outcome of its own that it does not know them
            own = [code for code, name in enumerate(outcomes.names) if outcomes.roles.get(name) is UNKNOWN]
            undated = undated & ~among(given.outcome, own)
        return self._unknown_in(given, either([self.unknown, undated]), self._placing(facet))

    def _placing(self, facet: str) -> Placing:
        return self.question.facets.get(facet, ANYHOW)

    def _unknown_in(self, given: Contribution, rows: Mask | None, placing: Placing) -> Contribution:
        code = self.question.metric.outcomes.names.index(UNREADABLE)
        return given.with_unknown(rows, code, weighed=placing.weighs)

    def tables(self, facet: str, place: int, given: Contribution) -> Iterator[npt.NDArray[np.int64]]:
        """Yield what is in doubt of a facet as rows of `doubts.COLUMNS`; place: its number. given: as known."""
        beyond, unknown, placing = self.beyond, either([self.unknown, self.undated]), self._placing(facet)
        kinds = self._kinds(placing, given, unknown, self.astray, beyond)
        if kinds.found is not None:
            trusted = None if beyond is None else trusted_times(self.question, self.records, placing)
            yield self._table(place, given, kinds.found, trusted)
        if given.more is not None and given.more.any():
            yield self._more(place, given)
        if self.untold is not None:
            yield self._away(place, placing, given, unknown, self.untold)

    def _table(
        self,
        facet: int,
        given: Contribution,
        kinds: npt.NDArray[np.int64],
        trusted: tuple[Integers, Integers] | None = None,
    ) -> npt.NDArray[np.int64]:
        return in_doubt_of(facet, given, self.groups, kinds, self.question.axis, trusted, self.alike)

    def _kinds(
        self, placing: Placing, given: Contribution, unknown: Mask | None, astray: Mask | None, beyond: Mask | None
    ) -> Kinds:
        """Return the kind of doubt of each record with its flags."""
        records, kinds = self.records, Kinds(len(self.records))
        may_be_open = among(given.outcome, np.flatnonzero(self.question.may_be_open()).tolist())
        if given.amount is not None:
            alone = may_be_open | np.isnat(given.on)
            kinds.put(SO_FAR | COUNTED_TOO, alone & (given.amount != MISSING) if alone.any() else None)
        light = None if given.times is None else (given.times == 0) & may_be_open
        kinds.put(SO_FAR | COUNTED_TOO, light if given.aged else None)
        if given.until is not None:
            plain = placing.until is not None
            ended = records.unknown_in(placing.until) if placing.until is not None else unknown
            ended = None if ended is None else ended & np.isnat(given.until)
            kinds.put((ENDED if plain else EITHER) | COUNTED_TOO, ended)
            if ended is not None and given.certain is not None:
                kinds.put((ENDED_SURE if plain else EITHER_SURE) | COUNTED_TOO, ended & given.certain)
        marked = self._mark(kinds, placing)
        if astray is not None:
            kinds.stray(astray)
        kinds.put(SET_ASIDE, beyond)
        self._unlabel(kinds)
        for rows in (light, marked, beyond) if placing.weighs else (light,):
            kinds.weightless(rows)
        return kinds

    def _unlabel(self, kinds: Kinds) -> None:
        for place, field in enumerate(self.question.groups):
            # of other fields all that are blank are in doubt, which is seen by their having no label
            blank = self.records.unstated({field}) if self.records.fields[field].unknown is None else None
            if blank is not None:
                kinds.unlabelled(blank, place)

    def _mark(self, kinds: Kinds, placing: Placing) -> Mask | None:
        """Note and return the records with a date that may stand for none, by what that would change."""
        found = []
        for field in sorted(self.question.reads):
            suspected = self.records.suspected(field) if field in self.records.loaded else None
            if suspected is not None:
                # a day that the metric worked out from its fields may be wrong with any of them
                entry, exit_ = placing.on in (None, field), placing.ends and placing.until in (None, field)
                kinds.mark(suspected, entry=entry, exit_=exit_)
                found.append(suspected)
        return either(found)

    def _more(self, facet: int, given: Contribution) -> npt.NDArray[np.int64]:
        """Return the cases that a row may stand for beside those that it does, as records that may not be there."""
        assert given.more is not None
        kinds = Kinds(len(self.records))
        kinds.stray(given.more > 0)
        self._unlabel(kinds)
        assert kinds.found is not None
        kinds.found[~(given.more > 0)] = -1
        return self._table(facet, attrs.evolve(given, times=given.more, amount=None, bins=None), kinds.found)

    def _away(
        self, facet: int, placing: Placing, given: Contribution, unknown: Mask | None, untold: Mask
    ) -> npt.NDArray[np.int64]:
        """Return what records whose label nobody knows would be in other groups, where the metric reads that label.

        There nobody knows what becomes of them; in the group of those without a label they are what was read.
        """
        question, beyond = self.question, self.beyond
        given = self._unknown_in(given, untold, placing)
        kinds = self._kinds(placing, given, either([unknown, untold]), untold, None).found
        assert kinds is not None
        for field in question.told_by:
            if (blank := self.records.unstated({field})) is not None:
                kinds[blank] |= 1 << (AWAY + question.groups.index(field))
        kinds[~untold if beyond is None else ~untold | beyond] = -1
        return self._table(facet, given, kinds)


def trusted_times(question: Question, records: Records, placing: Placing) -> tuple[Integers, Integers]:
    """Return where records that are set aside began and ended, as far as that can be trusted."""
    entry = _trusted(question, records, placing.on, UNDATED)
    return entry, _trusted(question, records, placing.until, ANY_END) if placing.ends else 0 * entry


def _trusted(question: Question, records: Records, field: str | None, otherwise: int) -> Integers:
    """Return the cell of time of a date, `otherwise` where it cannot be trusted, 0 where there is none."""
    if field is None or field not in records.loaded:
        return np.full(len(records), otherwise, np.int64)
    dates = records.column(field)
    assert isinstance(dates, np.ndarray)
    cells = np.broadcast_to(question.axis.place(dates)[0], len(records)).astype(np.int64)
    doubted = (records.blurred(field, question.needs), records.suspected(field), records.unknown_in(field))
    for mask in doubted:
        cells = cells if mask is None else np.where(mask, otherwise, cells)
    return cells


def set_aside_of(
    facet: int, placing: Placing, records: Records, question: Question, groups: Tags | int, kinds: Integers
) -> npt.NDArray[np.int64]:
    """Return records with a fault as a table of `doubts.COLUMNS`, each with what can be trusted of it; kinds: flags."""
    entry, end = trusted_times(question, records, placing)
    cells = pack(facet=facet, entry=entry, exit=end, group=np.asarray(groups, np.int64), outcome=0)
    flags = kinds | WEIGHTLESS if placing.weighted else kinds
    ones, bins = np.ones(len(records), np.int64), np.full(len(records), MISSING)
    none = bins
    if placing.on is not None and placing.aged:
        dates = records.column(placing.on)
        assert isinstance(dates, np.ndarray)
        # how many days after the beginning of its cell each began; nobody can tell of a day that cannot be trusted
        bins = np.where(entry == UNDATED, MISSING, question.axis.days_into(dates, entry))
    cases = 0 * ones if placing.weighted else ones
    return np.stack([cells + 0 * ones, flags, none, bins, ones, cases, 0 * ones])


def kept_of(given: Contribution, keep: Mask | npt.NDArray[np.intp]) -> Contribution:
    """Return the entries of some records."""
    parts = attrs.asdict(given, recurse=False).items()
    kept: dict[str, Any] = {name: value[keep] if isinstance(value, np.ndarray) else value for name, value in parts}
    return Contribution(**kept)


def among(outcome: npt.NDArray[np.uint8], codes: Sequence[int]) -> Mask:
    """Return which outcomes are among a few codes; looking each up in a table would take ten times as long."""
    found = np.zeros(len(outcome), bool)
    for code in codes:
        found |= outcome == code
    return found


def moved_by_strays(tally: Tally, facets: Mapping[str, Placing], strays: int) -> Tally:
    """Return a tally that says of which facets a child row of nobody may move the records in time.

    Only where a metric works out from other columns when a record begins or ends: a decision in a child table ends its
    case. Who has it ends there, and whoever that is, it is in doubt in every period. Where it works out for how many
    cases a record stands, whoever has the row stands for more.
    """
    moved = {name: each for name, each in facets.items() if each.on is None or (each.ends and each.until is None)}
    heavier = {name: each for name, each in facets.items() if each.weighted and each.times is None}
    if not strays or not (moved or heavier) or not tally.labels:
        return tally
    labels = ((1 << len(tally.assumed.groups)) - 1) << LABELS
    found = [tally.doubts]

    def add(name: str, kind: int, entry: int, end: int, cases: int) -> None:
        cell = pack(facet=tally.facets.index(name), entry=entry, exit=end, group=0)
        found.append(np.array([[cell], [kind | labels], [MISSING], [MISSING], [strays], [cases], [0]], np.int64))

    for name, each in moved.items():
        # where only the end can be another, that it begins before every period keeps it out of those of their beginning
        end = ANY_END if each.ends and each.until is None else 0
        kind, cases = (STRAY | WEIGHTLESS, 0) if each.weighted else (STRAY, strays)
        add(name, kind, UNDATED if each.on is None else BEFORE, end, cases)
    for name, each in heavier.items():
        add(name, STRAY | ASTRAY | WEIGHTLESS, UNDATED, ANY_END if each.ends else 0, 0)
    return attrs.evolve(tally, doubts=joined(found))
