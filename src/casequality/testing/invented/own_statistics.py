"""An author's own statistic put to the test on a few invented records, of which some may be anything.

What a record in doubt may be is written anew here, in days, roles and numbers, so that it can tell whether bounds hold.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from random import Random
from typing import Any, Final

import attrs
import numpy as np

from casequality.days import MISSING, Period, period
from casequality.engines import assumed_by
from casequality.metrics import (
    NO,
    OPEN,
    OUT,
    UNKNOWN,
    YES,
    Accounts,
    AsOf,
    Axis,
    Contribution,
    Figures,
    Fold,
    Limits,
    Metric,
    Question,
    Reading,
    Statistic,
    Value,
    conclude,
    from_fold,
    outcomes,
    traced,
)
from casequality.records import Codes, Doubts, Records, Taint, code, count, day, key
from casequality.testing.invented.completions import figured
from casequality.testing.invented.subject import broken

CASES: Final = 40
"""How many small sets of records a statistic is tried on."""
ENOUGH: Final = 20_000
"""How many completions of one set are tried at most; one record in doubt has a few hundred."""
AS_OF: Final = AsOf.at(dt.date(2010, 8, 1), zone="Europe/Copenhagen")
PERIODS: Final = (period("2010-06"), period("2010-H1"))
DAYS: Final = tuple(
    dt.date(*day) for day in ((2008, 12, 10), (2009, 6, 10), (2009, 9, 10), (2010, 2, 5), (2010, 6, 30), (2010, 7, 8))
)
"""Days before, in and after the periods and those of the year before; the last of June is the youngest in it."""
MANY: Final = 200_000
"""Among so many records one more makes so small a difference that a rounded share does not show it."""
FAR: Final = 3_000_000
"""A multiple of the three records whose mean is taken, and of what figures are rounded to."""
EXACTLY: Final = "give numerator and denominator as whole numbers; texts are rounded only where they are shown"
IN_BOTH: Final = DAYS[4]
ROLES: Final = ("yes", "no", "open", "unknown", "out")
DOUBTS: Final = ("open", "unknown", "undated", "set aside", "nothing known")
PARTS: Final = ("until", "amount", "bins", "times")


class Item(Records, name="items"):
    """One invented record, as plain as a statistic sees it."""

    item = key()
    began_on = day()
    ended_on = day(missing="lasting")
    role = code(*ROLES)
    number = count(missing="none")
    weight = count()


@attrs.frozen
class Tried(Metric):
    """A metric that contributes what its records say, with the parts that another one contributes."""

    id = "kit.tried"
    title = {"en": "Tried", "da": "Prøvet"}
    records = Item
    outcomes = outcomes(yes=YES, no=NO, open=OPEN, unknown=UNKNOWN, out=OUT)
    parts: tuple[str, ...] = ()
    aged: bool = False

    def contribute(self, items: Item, as_of: AsOf, /) -> Contribution:
        """Return the columns as they are."""
        said: dict[str, Any] = {
            "until": items.ended_on,
            "amount": items.number,
            "bins": items.number,
            "times": items.weight,
        }
        names = {name: items.role == name for name in ROLES}
        given = {name: said[name] for name in self.parts if not (name == "bins" and self.aged)}
        return Contribution(on=items.began_on, outcome=self.outcomes.pick(**names), aged=self.aged, **given)


@attrs.frozen
class PlainRecord:
    """One record; None for a day or number that is not there."""

    began: dt.date | None
    ended: dt.date | None
    role: str
    number: int | None
    weight: int = 1

    def __str__(self) -> str:
        shown = [f"{name} {value}" for name, value in attrs.asdict(self).items() if value is not None]
        return ", ".join(shown)


@attrs.frozen
class Doubtful:
    """A record in doubt: what it was read as, which of its fields are not to be trusted, and all that it may be.

    It may be none, too; a row that stands for several cases is the same in all of them.
    """

    read: PlainRecord
    why: str
    faulty: frozenset[str]
    may_be: tuple[tuple[PlainRecord, ...], ...]


@attrs.frozen(slots=False)
class Trial:
    """A statistic with what is contributed to it, and between what the numbers of records in doubt lie."""

    statistic: Statistic
    parts: tuple[str, ...]
    aged: bool
    limits: Limits

    @classmethod
    def of(cls, statistic: Statistic, own: Limits, parts: tuple[str, ...], *, aged: bool) -> Trial:
        """Return the trial of a statistic whose metric contributes some parts, within its limits or near to them."""
        least = own.least or 0
        limits = Limits(least, None if aged else least + 3 if own.most is None else own.most, own.heaviest or 4)
        return cls(statistic, parts, aged, limits)

    def metric(self) -> Metric:
        """Return the metric that hands the statistic plain records."""
        made = Tried(self.parts, self.aged)
        kind: Any = type("Tried", (Tried,), {"statistic": self.statistic, "__module__": __name__})
        return attrs.frozen(kind)(made.parts, made.aged)  # type: ignore[no-any-return]

    def refuse_wrong_bounds(self) -> None:
        """Refuse bounds that some completion of invented records leaves, or that none reaches though they are tight."""
        reading = self.metric().under()
        for certain, doubtful in self._sets():
            figures = self._figures(certain, doubtful)
            completed, nothing = self._completed(reading, certain, doubtful)
            for place, shown in enumerate(PERIODS):
                told = _BesideCompletions(completed[shown], nothing[shown], shown, certain, doubtful)
                self._compare(figures.value(place), told)

    def _sets(self) -> Iterator[tuple[list[PlainRecord], list[Doubtful]]]:
        """Yield small sets of records, certain ones and ones in doubt; each doubt also alone, seen by all periods."""
        for random in map(Random, range(CASES)):
            certain = [self._drawn(random) for _ in range(random.randrange(4))]
            doubtful = [self._doubtful(random) for _ in range(random.choice((0, 1, 1, 2, 2)))]
            # two records that may be anything have too many completions together; one of them still tells
            while np.prod([len(each.may_be) for each in doubtful]) > ENOUGH:
                doubtful.pop()
            yield certain, doubtful
        for random, why in zip(map(Random, range(len(DOUBTS))), DOUBTS, strict=True):
            certain = [attrs.evolve(self._drawn(random, "yes"), began=IN_BOTH, ended=None)]
            yield certain, [self._doubtful(random, why, began=IN_BOTH)]

    def _completed(
        self, reading: Reading, certain: Sequence[PlainRecord], doubtful: Sequence[Doubtful]
    ) -> tuple[Mapping[Period, list[Fraction]], Mapping[Period, list[Fraction]]]:
        """Return the figures of all completions by period, rising, and those of completions without data."""
        rows, completion = _completions(certain, doubtful)
        found = figured(
            reading,
            _records(rows),
            completion,
            int(completion.max(initial=0)) + 1,
            moment=AS_OF,
            periods=PERIODS,
            limits=self.limits,
        )
        exact, nothing = (
            {shown: sorted({Fraction(*pair) for pair in each["", shown]}) for shown in PERIODS}
            for each in (found.exact(), found.exact(without_data=True))
        )
        return exact, nothing

    def refuse_rounding(self) -> None:
        """Refuse a figure that stands still where an amount, or the cases, change by one, and moves where by more."""
        for numbers in ((0, 1, 2), (1, 1, 1)):
            for place, extra in itertools.product(range(3), ("amount", "bins")):
                if extra in self.parts:
                    self._refuse_rounded_amounts(numbers, place)
        yes, no = (PlainRecord(IN_BOTH, None, role, 1) for role in ("yes", "no"))
        figures = self._known([(yes, 1), (no, 2)], [(yes, 2), (no, 2)], [(yes, 1), (no, MANY)], [(yes, 2), (no, MANY)])
        if None not in figures and figures[0] != figures[1] and figures[2] == figures[3]:
            broken(
                f"One more yes moves the figure of 3 records from {figures[0]} to {figures[1]}, and leaves that of"
                f" {MANY + 1} where it was, at {figures[2]}",
                way_out=EXACTLY,
            )

    def _refuse_rounded_amounts(self, numbers: Sequence[int], place: int) -> None:
        def moved(by: int) -> list[tuple[PlainRecord, int]]:
            changed = [number + by * (at == place) for at, number in enumerate(numbers)]
            return [(PlainRecord(IN_BOTH, None, "yes", number), 1) for number in changed]

        figures = self._known(moved(0), moved(1), moved(FAR), moved(2 * FAR))
        if None in figures:
            return
        own, next_, far, farther = (each or Fraction(0) for each in figures)
        if far != own and farther - far == far - own and (next_ - own) * FAR != far - own:
            broken(
                f"An amount that is {FAR} more moves the figure by {far - own}, one that is 1 more by {next_ - own}",
                way_out=EXACTLY,
            )

    def _known(self, *sets: Sequence[tuple[PlainRecord, int]]) -> list[Fraction | None]:
        """Return the figures of some sets of records of which all is known, each record so many times."""
        rows = [(row, times, number) for number, chosen in enumerate(sets) for row, times in chosen]
        each = np.repeat(np.arange(len(rows)), [times for _, times, _ in rows])
        completion = np.array([number for *_, number in rows], np.intp)[each]
        records = _records([row for row, *_ in rows])[each]
        found = figured(
            self.metric().under(), records, completion, len(sets), moment=AS_OF, periods=PERIODS, limits=self.limits
        )
        top, under, why = (
            np.asarray(each)[:: len(PERIODS)].tolist()
            for each in (found.values.numerator, found.values.denominator, found.values.why)
        )
        return [
            Fraction(above, below) if below and not none else None
            for above, below, none in zip(top, under, why, strict=True)
        ]

    def _compare(self, value: Value, told: _BesideCompletions) -> None:
        # that there is no record, or one that does not count, makes no difference to a number of cases
        if told.exact and not value.possible and not (self.statistic.is_count and set(told.exact) == {0}):
            told.refuse("no completion gives a figure", f"one gives {told.exact[0]}", "say where one is possible")
        if not value.possible:
            return
        for word, end, place in (("least", value.low, 0), ("most", value.high, -1)):
            outmost = [told.exact[place]] if told.exact else []
            if end is not None and outmost and end != sorted([end, *outmost])[place]:
                told.refuse(
                    f"it is at {word} {end}",
                    f"a completion gives {outmost[0]}",
                    "count every record in doubt as what it may be; Quotient makes both ends from its terms",
                )
            if not self.statistic.tight or value.loose or (end is None and (self.aged or self._looks_at_open)):
                continue
            reached = {*outmost, *sorted(told.exact + told.without_data)[place:][:1]}
            if end not in reached:
                told.refuse(
                    f"it is at {word} {'anything' if end is None else end}",
                    f"the outmost completion gives {outmost[0] if outmost else 'none'}",
                    "draw the bounds in, or say that they are further out than they need be: tight = False",
                )

    @cached_property
    def _looks_at_open(self) -> bool:
        """Whether open records make a difference to the figure itself, so that one may have no end that is met."""
        least, most = self._numbers[0], self._numbers[-1]
        ended = [PlainRecord(IN_BOTH, None, "yes", number) for number in (least, most)]
        lasting = [PlainRecord(IN_BOTH, None, "open", most)] * 9
        rows, completion = [*ended, *ended, *lasting], np.array([0, 0] + [1] * 11, np.intp)
        found = figured(
            self.metric().under(), _records(rows), completion, 2, moment=AS_OF, periods=PERIODS, limits=self.limits
        )
        values = found.values
        without, beside = (
            [int(each[place]) for each in (values.numerator, values.denominator, values.why)]
            for place in (0, len(PERIODS))
        )
        return without != beside

    def _figures(self, certain: Sequence[PlainRecord], doubtful: Sequence[Doubtful]) -> Figures:
        """Return what the statistic says of the records as they were read."""
        metric = self.metric()
        reads, facets = traced(metric, AS_OF.for_block())
        question = Question(metric, axis=Axis(AS_OF.zone), reads=reads, facets=facets)
        read = [*certain, *(each.read for each in doubtful)]
        taints = []
        for place, each in enumerate(doubtful, start=len(certain)):
            if each.faulty:
                taints.append(Taint(None, each.faulty, np.arange(len(read)) == place))
        fold = Fold(question)
        fold.add(_records(read, Doubts(tuple(taints))), AS_OF)
        tally = from_fold(fold, assumed_by(question, AS_OF), Accounts(read=len(read)))
        measured = conclude(tally, metric.under(), periods=PERIODS, as_of_day=AS_OF.day, limits=self.limits)
        return measured.figures

    def _drawn(
        self, random: Random, role: str | None = None, *, dated: bool = True, began: dt.date | None = None
    ) -> PlainRecord:
        """Return a record of which all is known."""
        began = began or random.choice(DAYS)
        role = role or random.choice(("yes", "yes", "no", "no", "out"))
        ended = random.choice([None, *(each for each in DAYS if each >= began)]) if "until" in self.parts else None
        number = random.choice(self._numbers)
        weight = random.randrange(1, 3) if "times" in self.parts else 1
        return PlainRecord(began if dated else None, None if role == "open" else ended, role, number, weight)

    @property
    def _numbers(self) -> tuple[int, ...]:
        """The numbers that are tried: the least and the greatest, and some between."""
        least, most = self.limits.least or 0, self.limits.most or 0
        if not {"amount", "bins"} & set(self.parts):
            return (least,)
        return tuple(sorted({least, least + (most - least) // 3, most}))

    def _doubtful(self, random: Random, why: str | None = None, *, began: dt.date | None = None) -> Doubtful:
        """Return a record of which something is not known."""
        why = why or random.choice(DOUBTS)
        if self.aged and why == "set aside":  # its day is known to the month only, and so is its age
            why = "nothing known"
        least, most = self._numbers[0], self._numbers[-1]
        if why == "undated":
            read = self._drawn(random, dated=False)
            begun = [each for each in DAYS if read.ended is None or each <= read.ended]
            return Doubtful(read, why, frozenset(), _one_each([attrs.evolve(read, began=each) for each in begun]))
        read = self._drawn(random, why if why in ("open", "unknown") else None, began=began)
        if why in ("open", "unknown"):
            so_far = read.number if why == "open" and read.number is not None else least
            # an open case counts, whatever becomes of it; an unknown one may be what a reading leaves out
            roles = ("yes", "no") if why == "open" else ("yes", "no", "out")
            some = itertools.product(roles, {so_far, most})
            may_be = [attrs.evolve(read, role=role, number=number) for role, number in some]
            return Doubtful(read, why, frozenset(), _one_each(may_be))
        faulty = set(Item.fields) - ({"began_on"} if why == "set aside" else set())
        begun = [read.began] if why == "set aside" and read.began else list(DAYS)
        anything = self._anything(begun, sorted({least, most}))
        return Doubtful(read, why, frozenset(faulty), ((), *_one_each(list(anything))))

    def _anything(self, begun: Sequence[dt.date], numbers: Sequence[int]) -> Iterator[PlainRecord]:
        """Yield all that a record set aside may be, apart from left out."""
        weights = (0, 1, self.limits.heaviest or 1) if "times" in self.parts else (1,)
        for began in begun:
            ends = [None, *(each for each in DAYS if each >= began)] if "until" in self.parts else [None]
            for ended, role, number, weight in itertools.product(ends, ("yes", "no"), numbers, weights):
                yield PlainRecord(began, ended, role, number, weight)


def _one_each(may_be: Sequence[PlainRecord]) -> tuple[tuple[PlainRecord, ...], ...]:
    return tuple((each,) for each in may_be)


@attrs.frozen
class _BesideCompletions:
    """One figure beside the completions of the records in doubt."""

    exact: list[Fraction]
    without_data: list[Fraction]
    period: Period
    certain: Sequence[PlainRecord]
    doubtful: Sequence[Doubtful]

    def refuse(self, says: str, but: str, way_out: str) -> None:
        """Raise `Broken` with the records."""
        rows = [{"certain": str(each)} for each in self.certain]
        rows += [{each.why: str(each.read)} for each in self.doubtful]
        broken(f"The statistic says of {self.period.label} that {says}, and {but}", rows=rows, way_out=way_out)


def _completions(certain: Sequence[PlainRecord], doubtful: Sequence[Doubtful]) -> tuple[list[PlainRecord], Any]:
    """Return the records of every completion, and which completion each belongs to."""
    rows: list[PlainRecord] = []
    completion: list[int] = []
    for number, chosen in enumerate(itertools.product(*(each.may_be for each in doubtful))):
        own = [*certain, *(each for some in chosen for each in some)]
        rows += own
        completion += [number] * len(own)
    return rows, np.array(completion, np.intp)


def _records(rows: Sequence[PlainRecord], doubts: Doubts | None = None) -> Item:
    """Return plain records as columns."""

    def days(name: str) -> Any:
        return np.array([getattr(row, name) for row in rows], "M8[D]")

    numbers = [MISSING if row.number is None else row.number for row in rows]
    columns: dict[str, Any] = {
        "item": np.arange(len(rows)),
        "began_on": days("began"),
        "ended_on": days("ended"),
        "role": Codes.encode([row.role for row in rows], ROLES),
        "number": np.array(numbers, np.int64),
        "weight": np.array([row.weight for row in rows], np.int64),
    }
    return Item(columns, len(rows), doubts)
