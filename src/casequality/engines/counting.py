"""Counting: what every engine does before, at and after the parts of a source, and what one stretch of it came to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
import numpy as np

from casequality.days import Mask
from casequality.files import Seal
from casequality.metrics import (
    Accounts,
    AsOf,
    Assumed,
    Blocks,
    Fold,
    Placed,
    Question,
    Tally,
    Written,
    from_fold,
    merge,
    moved_by_strays,
    plain_parameters,
    stored,
    traced,
    without_open,
)
from casequality.records import Block, Finding, Findings, KeyOrder, Records, SourceReading

SEAL: Final = Seal(
    b"casequality counted 4\n", "count", "count again; the same version is needed wherever it is counted"
)
QUICK: Final = 1
"""How hard zlib tries: a count is written once and read once."""
FEW_CELLS: Final = 1 << 20
"""How many cells and numbers may wait before they are summed."""
MANY: Final = 1 << 12
"""From how many records on those that are alike are counted once: of fewer it takes longer to find them."""
SPREAD: Final = 3
"""And up to how many times as many as there are could differ."""

Marks = tuple[Mask, ...]


@attrs.frozen(kw_only=True)
class PartialResult:
    """What some parts of a source came to: of a file, a row group, a thread's or an executor's share.

    tallies: one a question; of their accounts only `elsewhere` is told, the rest once the whole source is known.
    beyond: by question, the records that a deadline's calendar does not reach.
    orders: by the number of the part, how its keys are ordered: the first and last of them, which may name a citizen.
    covered: the days on which records began, where the source promises any. later: records not begun at the as-of.
    met: by the field of a child table, the marks of what its parents told of its rows (`Reading.met`).
    """

    tallies: tuple[Tally, ...]
    beyond: tuple[Findings, ...]
    findings: Findings
    orders: Mapping[int, KeyOrder] = attrs.field(factory=dict, repr=False)
    covered: frozenset[str] = frozenset()
    read: int = 0
    later: int = 0
    met: Mapping[str, Marks] = attrs.field(factory=dict, repr=False, eq=False)

    @property
    def size(self) -> int:
        """How many cells and numbers it holds."""
        return sum(len(each.cells) + each.numbers.shape[1] for each in self.tallies)

    @property
    def keys_increase(self) -> bool:
        """Whether keys rise through all parts."""
        return KeyOrder.joined(self.orders[number] for number in sorted(self.orders))

    def to_bytes(self) -> bytes:
        """Return the stored form."""
        blocks = Written()
        head = {
            "tallies": [stored.to_plain(each, blocks) for each in self.tallies],
            "beyond": [_plain(each) for each in self.beyond],
            "findings": _plain(self.findings),
            "orders": [[number, *attrs.astuple(order)] for number, order in sorted(self.orders.items())],
            "covered": sorted(self.covered),
            "read": self.read,
            "later": self.later,
            "met": {field: [_packed(mask, blocks) for mask in several] for field, several in self.met.items()},
        }
        return SEAL.close({**head, "blocks": blocks.lengths}, blocks.body, holds=blocks.holds, level=QUICK)

    @classmethod
    def from_bytes(cls, content: bytes, where: str = "a stored count") -> PartialResult:
        """Return what was stored; raise `InputError` for anything else."""
        opened = SEAL.open(content, where)
        try:
            return cls._read(opened.head, Blocks.of(opened.head["blocks"], opened.body, opened.room))
        except stored.UNREADABLE as fault:
            SEAL.refuse(where, type(fault).__name__)

    @classmethod
    def _read(cls, head: Mapping[str, Any], blocks: Blocks) -> PartialResult:
        return cls(
            tallies=tuple(stored.of_plain(each, blocks) for each in head["tallies"]),
            beyond=tuple(map(_findings, head["beyond"])),
            findings=_findings(head["findings"]),
            orders={number: KeyOrder(*order) for number, *order in head["orders"]},
            covered=frozenset(head["covered"]),
            read=head["read"],
            later=head["later"],
            met={field: tuple(_mask(each, blocks) for each in several) for field, several in head["met"].items()},
        )


def summed(several: Iterable[PartialResult]) -> PartialResult:
    """Return the sum of one count or more, the order makes no difference; few of them are held at once."""
    waiting: list[PartialResult] = []
    size, limit = 0, FEW_CELLS
    for each in several:
        waiting.append(each)
        size += each.size
        if size > limit:
            waiting = [_sum(waiting)]
            size = waiting[0].size
            # the limit rises with the sum, so that joining costs in all no more than a few times what it joins
            limit = max(FEW_CELLS, 2 * size)
    return _sum(waiting)


def _sum(several: Sequence[PartialResult]) -> PartialResult:
    first, *others = several
    if not others:
        return first
    return PartialResult(
        tallies=tuple(merge(parts) for parts in zip(*(each.tallies for each in several), strict=True)),
        beyond=tuple(sum(found, Findings()) for found in zip(*(each.beyond for each in several), strict=True)),
        findings=sum((each.findings for each in several), Findings()),
        orders={number: order for each in several for number, order in each.orders.items()},
        covered=frozenset().union(*(each.covered for each in several)),
        read=sum(each.read for each in several),
        later=sum(each.later for each in several),
        met={field: tuple(_any([each.met[field] for each in several])) for field in first.met},
    )


def _any(marks: Sequence[Marks]) -> Iterator[Mask]:
    for masks in zip(*marks, strict=True):
        yield np.logical_or.reduce(masks)


def _packed(mask: Mask, blocks: Written) -> list[int]:
    return [len(mask), blocks.add(np.packbits(mask).tobytes())]


def _mask(packed: Sequence[int], blocks: Blocks) -> Mask:
    length, place = packed
    bits = np.frombuffer(blocks.raw(place), np.uint8)
    if len(bits) != -(-length // 8):
        raise ValueError
    return np.unpackbits(bits, count=length).astype(bool)


def _plain(findings: Findings) -> dict[str, Any]:
    return {
        "items": [
            [item.column, item.fault, item.count, item.rows.tolist(), item.file, _sorted(item.fields)]
            for item in findings.items
        ],
        "set_aside": findings.set_aside,
        "suspected": [[*place, count] for place, count in findings.suspected.items()],
        "adrift": dict(findings.adrift),
    }


def _findings(plain: Mapping[str, Any]) -> Findings:
    items = [
        Finding(
            column=column,
            fault=fault,
            count=count,
            rows=rows,
            file=file,
            fields=None if fields is None else frozenset(fields),
        )
        for column, fault, count, rows, file, fields in plain["items"]
    ]
    suspected = {(field, day): count for field, day, count in plain["suspected"]}
    return Findings(tuple(items), plain["set_aside"], suspected, plain["adrift"])


def _sorted(fields: frozenset[str] | None) -> list[str] | None:
    return None if fields is None else sorted(fields)


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
        # a metric's name alone does not make a count another one: several may inherit how they count
        counts = [(each.metric.counted_alike, attrs.evolve(assumed_by(each, as_of), metric="")) for each in traced]
        first = [counts.index(each) for each in counts]
        distinct, placed = sorted(set(first)), tuple(zip(first, traced, strict=True))
        alike = [[each for place, each in placed if place == one] for one in distinct]
        questions = tuple(attrs.evolve(several[0], open_too=_not_settled(several)) for several in alike)
        return cls(questions, tuple((distinct.index(place), each) for place, each in placed), as_of, expects)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that any question reads."""
        return frozenset(field for question in self.questions for field in question.needs)

    def answer(
        self, parts: Iterable[PartialResult], reading: SourceReading | None = None
    ) -> list[tuple[Tally, Findings]]:
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

    def _told(self, place: int, counted: PartialResult, found: Findings) -> tuple[Tally, Findings]:
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
    reading: SourceReading
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

    def counted(self) -> PartialResult:
        """Return what the parts came to."""
        as_of = self.request.as_of
        return PartialResult(
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
        placed = Placed()
        once = records.distinct(SPREAD * len(records)) if later is None and len(records) >= MANY else None
        folded, alike = (records, None) if once is None else (once.records, once.alike)
        for fold, beyond in zip(self.folds, self.beyond, strict=True):
            positions = fold.add(folded, as_of, later, placed, alike)
            if len(positions):
                positions = positions if once is None else once.rows(positions)
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


def asked_as(question: Question, as_of: AsOf) -> Assumed:
    """Return what the tally of a question would assume that nobody has traced yet."""
    as_of = as_of.for_block()
    return assumed_by(_traced(question, as_of), as_of)


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
