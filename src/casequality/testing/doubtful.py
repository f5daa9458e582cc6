"""The law of bounds: whatever the records in doubt turn out to be, a figure stays within its bounds."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask, Period, period
from casequality.metrics import (
    OPEN,
    UNKNOWN,
    AsOf,
    Contributed,
    Contribution,
    Figure,
    Reading,
    conclude,
    contributed,
    fields_read,
)
from casequality.records import Records
from casequality.testing.invented import (
    PARTS,
    Inapplicable,
    Spoilt,
    Subject,
    Trial,
    broken,
    each_reading,
    figured,
    shown,
    spoilt_tables,
)

CORE: Final = "casequality."
SOME: Final = 200
GREATEST: Final = np.iinfo(np.int64).max


def bounds(subject: Subject) -> None:
    """Refuse bounds that some completion of records in doubt leaves.

    In small tables records are put in doubt: a faulty cell in each field that the metric reads, a blank that is doubt,
    a beginning that is not there, a faulty row of a child table and one that nobody misses, and what is open at the
    as-of. Each completion is measured with the metric itself; where a blank is doubt, under each reading, which may
    leave out what it turns out to be. An author's own statistic is tried by itself as well, and must reach its bounds.
    """
    _check_least(subject)
    if not type(subject.metric.statistic).__module__.startswith(CORE):
        trial_of(subject).refuse_wrong_bounds()
    for number, reading in enumerate(each_reading(subject.metric)):
        tried = subject if reading.metric == subject.metric else attrs.evolve(subject, metric=reading.metric)
        read = fields_read(reading.metric, subject.moment())
        for spoilt in spoilt_tables(subject.invented):
            if spoilt.field in read and (spoilt.blank or not number):
                _SettledRecords.of(tried, spoilt, read, reading).check()


def exact(subject: Subject) -> None:
    """Refuse a statistic of the author's own that rounds."""
    if type(subject.metric.statistic).__module__.startswith(CORE):
        raise Inapplicable("the statistic is one of casequality's own")
    trial_of(subject).refuse_rounding()


def trial_of(subject: Subject) -> Trial:
    """Return the trial of a metric's own statistic, with the parts that the metric contributes."""
    metric = subject.metric
    one, *_ = _facets(contributed(metric, metric.records.empty(), subject.moment().for_block()))
    parts = tuple(part for part in PARTS if getattr(one, part) is not None)
    return Trial.of(metric.statistic, metric.limits_of_doubt, parts, aged=one.aged)


def _check_least(subject: Subject) -> None:
    """Refuse a metric that contributes less than it says is the least; what nobody can read is taken to be no less."""
    least = subject.metric.limits_of_doubt.least
    seen = subject.seen(subject.corpus(SOME))
    for (_, part), numbers in subject.said(seen).parts.items():
        if part != "amount" or least is None:
            continue
        if len(low := np.flatnonzero((numbers < least) & (numbers != MISSING))):
            broken(
                f"The metric contributes {numbers[low[0]]}, and says that no amount is less than {least}",
                rows=[seen.rows[low[0]]],
                way_out="say what the least is: at_least = ..., None where there is none",
            )


@attrs.frozen(eq=False)
class _SettledRecords:
    """A table with records in doubt, and the records that each of these may be, as positions in `records`."""

    subject: Subject
    reading: Reading
    spoilt: Spoilt
    records: Records
    numbers: npt.NDArray[np.int64]
    sure: npt.NDArray[np.intp]
    may_be: list[npt.NDArray[np.intp]]
    moment: AsOf

    @classmethod
    def of(cls, subject: Subject, spoilt: Spoilt, read: frozenset[str], reading: Reading) -> _SettledRecords:
        """Return what a subject makes of the rows: those that intake or the metric cannot be asked about are left."""
        moment = subject.moment(spoilt.settled_at(subject.as_of))
        block = spoilt.completed.block
        assert block is not None
        faulty = block.records.in_doubt(read)
        kept = np.ones(len(block.records), bool) if faulty is None else ~faulty
        records, numbers = block.records[kept], block.rows[kept]
        place = np.full(len(spoilt.completed), -1)
        place[numbers - 1] = np.arange(len(numbers))
        sure, *others = (place[each] for each in spoilt.positions)
        made = cls(subject, reading, spoilt, records, numbers, sure[sure >= 0], others, moment)
        sound = made._sound(read)
        may_be = [each[(each >= 0) & sound[each]] for each in others]
        lacking = any(len(some) < len(each) for some, each in zip(may_be, others, strict=True))
        if spoilt.all_or_none:  # a row of nobody that ends a case is not seen where cases are placed by their end
            lacking = lacking or reading.cohort == "closed"
        return attrs.evolve(made, may_be=[] if spoilt.all_or_none and lacking else may_be)

    def _sound(self, read: frozenset[str]) -> Mask:
        """Return which records are known, lie within what the metric says of its numbers, and had begun."""
        metric, own = self.subject.metric, self.subject.metric.limits_of_doubt
        begun = self.records.begun(self.moment.instant, self.moment.known_before)
        known = self.records.known_at(self.moment.instant, self.moment.known_before)
        # a code of which the metric itself does not know what it means completes nothing
        roles = [self.reading.roles.get(name) for name in metric.outcomes.names]
        settled = np.array([not self.spoilt.blank or role is not UNKNOWN for role in roles])
        unknown = known.unknown(read)
        sound = np.ones(len(known), bool) if unknown is None else ~unknown
        for each in _facets(contributed(metric, known, self.moment.for_block(len(known)))):
            sound &= _within(each.amount, own.least, own.most) & _within(each.times, None, own.heaviest)
            sound &= (settled[each.outcome] & begun) | self.spoilt.left_out
        return sound

    def check(self) -> None:
        """Refuse bounds that a completion leaves."""
        subject = self.subject
        if not self.may_be or not all(map(len, self.may_be)) or (self.spoilt.later and not self._was_open()):
            return
        reading, periods = self.reading, periods_around(subject)
        chosen = list(itertools.product(*self.may_be))
        positions = [np.concatenate([self.sure, np.array(each, np.intp)]) for each in chosen]
        completion = np.repeat(np.arange(len(chosen)), [len(each) for each in positions])
        found = figured(
            reading,
            self.records[np.concatenate(positions)],
            completion,
            len(chosen),
            moment=self.moment,
            periods=periods,
        ).exact()
        day = subject.moment().day
        measured = conclude(subject.tally(self.spoilt.given), reading, periods=periods, as_of_day=day)
        for figure in measured:
            if not (self.spoilt.later and figure.partial):
                self._compare(figure, found.get((figure.facet, figure.period), {}))

    def _was_open(self) -> bool:
        """Return whether what happened later concerns only records that were open or unknown at the as-of."""
        metric, moment = self.subject.metric, self.subject.moment()
        names = metric.outcomes.names
        open_ = np.array([self.reading.roles.get(name, UNKNOWN) in (OPEN, UNKNOWN) for name in names])
        known = self.records.known_at(moment.instant, moment.known_before)
        those = np.concatenate(self.may_be)
        given = _facets(contributed(metric, known, moment.for_block(len(known))))
        return all(bool(open_[each.outcome[those]].all()) for each in given)

    def _compare(self, figure: Figure, found: dict[tuple[int, int], int]) -> None:
        low, high, statistic = figure.low, figure.high, self.subject.metric.statistic
        for (above, below), number in found.items():
            exact = Fraction(above, below)
            within = (low is None or low <= exact) and (high is None or exact <= high)
            # a number of cases is 0 of records that do not count, and none of no records
            if within if figure.value.possible else statistic.is_count and not exact:
                continue
            least, most = ("no limit" if end is None else str(end) for end in (low, high))
            ends = f"between {least} and {most}" if figure.value.possible else "no figure, however they end"
            facet = f" {figure.facet}" if figure.facet else ""
            told = ", ".join(self._told(each) for each in list(itertools.product(*self.may_be))[number])
            broken(
                f"With {self.spoilt.why} the figure{facet} of {figure.period.label} is said to be {ends},"
                f" and it is {exact} where {told}",
                rows=self.spoilt.given,
                way_out="let what is not known be unknown to the metric, and every number be one of its own; an own"
                " statistic counts every record in doubt as what it may be",
            )

    def _told(self, record: int) -> str:
        return shown(self.spoilt.completed[int(self.numbers[record]) - 1])


def periods_around(subject: Subject) -> Sequence[Period]:
    """Return the year of the as-of, the half-year before it, and two months."""
    day = subject.day
    month = day.year * 12 + day.month - 1
    labels = [f"{day.year}", f"{day.year - 1}-H2", f"{day.year}-H1"]
    labels += [f"{each // 12}-{each % 12 + 1:02}" for each in (month - 1, month - 2)]
    return [period(label) for label in labels]


def _facets(given: Contributed) -> Sequence[Contribution]:
    return [given] if isinstance(given, Contribution) else list(given.values())


def _within(numbers: Integers | None, least: int | None, most: int | None) -> Mask | bool:
    """Return which numbers lie between two ends, None for no end; those that are not there do."""
    if numbers is None:
        return True
    low, high = numbers >= (MISSING if least is None else least), numbers <= (GREATEST if most is None else most)
    within: Mask = (numbers == MISSING) | (low & high)
    return within
