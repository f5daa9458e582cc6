"""Counting: what every engine does before, at and after the parts of a source, however it spreads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs
import numpy as np

from casequality.engines.counted import Counted, summed
from casequality.metrics.as_of import AsOf
from casequality.metrics.doubtful import moved_by_strays
from casequality.metrics.doubts import without_open
from casequality.metrics.fold import Fold, Question, from_fold
from casequality.metrics.tally import Accounts, Assumed, Tally, plain_parameters
from casequality.metrics.trace import traced
from casequality.records import Block, Finding, Findings, KeyOrder, Reading, Records


@attrs.frozen
class Request:
    """Questions made ready for one read: each different one once, and the fields that all of them read.

    asked: each question that was asked, with the place of the one of `questions` whose count answers it.
    """

    questions: tuple[Question, ...]
    asked: tuple[tuple[int, Question], ...]
    as_of: AsOf
    expects: str = ""

    @classmethod
    def of(cls, asked: Sequence[Question], as_of: AsOf, expects: str = "") -> Request:
        """Return the request of these questions."""
        traced = [_traced(question, as_of.for_block()) for question in asked]
        counts = [(each.metric.origin, attrs.evolve(assumed_by(each, as_of), metric="")) for each in traced]
        first = [counts.index(each) for each in counts]
        distinct, placed = sorted(set(first)), tuple(zip(first, traced, strict=True))
        alike = [[each for place, each in placed if place == one] for one in distinct]
        questions = tuple(attrs.evolve(several[0], open_too=_not_settled(several)) for several in alike)
        return cls(questions, tuple((distinct.index(place), each) for place, each in placed), as_of, expects)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that any question reads."""
        return frozenset(field for question in self.questions for field in question.needs)

    def answer(self, parts: Iterable[Counted], reading: Reading | None = None) -> list[tuple[Tally, Findings]]:
        """Return what all parts of the source came to, for each question that was asked.

        The reading is one of the whole source, which need not have read any part itself; none is needed where the
        parts say all of their child tables.
        """
        counted = summed(parts)
        findings = counted.findings
        if reading is not None:
            reading.note(counted.met)
            findings = findings + reading.orphans()
        told = [self._told(place, counted, findings) for place in range(len(self.questions))]
        return [(_answering(question, told[place][0]), told[place][1]) for place, question in self.asked]

    def _told(self, place: int, counted: Counted, found: Findings) -> tuple[Tally, Findings]:
        needed = self.questions[place].needs
        tally, findings = counted.tallies[place], found.for_fields(needed) + counted.beyond[place]
        own, orphans = tally.accounts, sum(rows for field, rows in findings.adrift.items() if field in needed)
        tally = moved_by_strays(tally, self.questions[place].facets, orphans)
        findings = attrs.evolve(findings, set_aside=own.set_aside + findings.set_aside)
        accounts = Accounts() + attrs.evolve(
            own,
            read=counted.read,
            set_aside=findings.set_aside,
            later=own.later + counted.later,
            orphans=orphans,
            findings=_by_fault(findings),
            marks={f"{field}: {day}": count for (field, day), count in findings.suspected.items()},
            expects=self.expects,
            covered=tuple(counted.covered),
        )
        return attrs.evolve(tally, accounts=accounts), findings


@attrs.define(eq=False)
class Worker:
    """Counts some parts of a reading, for every question of a request, one block at a time."""

    request: Request
    reading: Reading
    folds: list[Fold] = attrs.field(init=False)
    beyond: list[list[Finding]] = attrs.field(init=False)
    findings: Findings = attrs.field(init=False, factory=Findings)
    orders: dict[int, KeyOrder] = attrs.field(init=False, factory=dict)
    covered: set[str] = attrs.field(init=False, factory=set)
    read: int = attrs.field(init=False, default=0)
    later: int = attrs.field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        self.reading = self.reading.apart()
        self.folds = [Fold(question) for question in self.request.questions]
        self.beyond = [[] for _ in self.folds]

    def count(self, part: int) -> Iterable[int]:
        """Count one part, by its number; yield the rows of each of its blocks once it is counted."""
        for block in self.reading.parts[part].blocks():
            self._add(block)
            self.orders[part] = self.orders.get(part, KeyOrder()) + block.order
            yield block.read

    def counted(self) -> Counted:
        """Return what the parts came to."""
        as_of = self.request.as_of
        return Counted(
            tallies=tuple(from_fold(fold, assumed_by(fold.question, as_of), fold.accounts) for fold in self.folds),
            beyond=tuple(Findings.of(found, sum(item.count for item in found)) for found in self.beyond),
            findings=self.findings,
            orders=self.orders,
            covered=frozenset(self.covered),
            read=self.read,
            later=self.later,
            met=self.reading.met(),
        )

    def _add(self, block: Block) -> None:
        as_of = self.request.as_of
        self.read += block.read
        self.findings = self.findings + block.findings
        records, rows = block.records, None
        later = records.later(as_of.instant, as_of.known_before)
        if later is not None:
            # a beginning that some question cannot trust may be wrong: that question sets the record aside
            doubted = records.blurred(records.begins() or "", frozenset(records.loaded))
            gone = later if doubted is None else later & ~doubted
            self.later += int(gone.sum())
            records, rows, later = records[~gone], block.rows[~gone], later[~gone]
        records = records.known_at(as_of.instant, as_of.known_before)
        if self.request.expects:
            self.covered |= _days_begun(records, as_of)
        for fold, beyond in zip(self.folds, self.beyond, strict=True):
            positions = fold.add(records, as_of, later)
            if len(positions):
                rows = block.rows if rows is None else rows
                column = self.reading.named(records.begins() or "")
                beyond.append(Finding.of(column, "outside the calendar", rows[positions], block.file))


def _not_settled(questions: Sequence[Question]) -> frozenset[str]:
    return frozenset().union(*(each.not_settled for each in questions))


def _answering(question: Question, tally: Tally) -> Tally:
    """Return a tally as it would be had this question been asked alone, and not with others of the same count."""
    assumed = attrs.evolve(tally.assumed, metric=question.metric.tallied_as)
    return attrs.evolve(tally, assumed=assumed, doubts=without_open(tally.doubts, ~question.may_be_open()))


def assumed_by(question: Question, as_of: AsOf) -> Assumed:
    """Return what the tally of a question assumes."""
    metric = question.metric
    return Assumed(
        metric=metric.tallied_as,
        version=metric.version,
        parameters=plain_parameters(metric.parameters()),
        outcomes=metric.outcomes.names,
        groups=question.groups,
        where=question.where,
        axis=question.axis,
        as_of=str(as_of.instant),
        calendar=", ".join(question.calendars) or as_of.calendar or "",
    )


def _traced(question: Question, as_of: AsOf) -> Question:
    """Return the question with the fields that its metric reads and the calendars that it counts working days on."""
    reads, facets = traced(question.metric, as_of)
    return attrs.evolve(question, reads=reads, facets=facets, calendars=tuple(sorted(as_of.remarks.calendars)))


def _days_begun(records: Records, as_of: AsOf) -> set[str]:
    start = records.begins()
    if start is None or not len(records):
        return set()
    begun = records.column(start)
    assert isinstance(begun, np.ndarray)
    days = begun if begun.dtype == np.dtype("M8[D]") else as_of.local_days(begun)
    return {str(day) for day in np.unique(days[~np.isnat(days)])}


def _by_fault(findings: Findings) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in findings.items:
        place = f"{item.column}: {item.fault}"
        found[place] = found.get(place, 0) + item.count
    return found
