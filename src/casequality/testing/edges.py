"""Where a metric's answer may turn: due days of the deadlines that it names, and lengths that its fields name."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping

import attrs

from casequality.deadlines import Deadline, Schedule
from casequality.errors import CaseQualityError
from casequality.metrics import AsOf, Metric
from casequality.metrics.due import Rule
from casequality.metrics.trace import fields_read

ONE_DAY = dt.timedelta(days=1)


@attrs.frozen
class Edges:
    """Dates and lengths at which something changes; invented events often lie on one of them, or just beside it."""

    deadlines: tuple[Deadline, ...] = ()
    numbers: tuple[int, ...] = ()

    @classmethod
    def of(cls, metric: Metric, moment: AsOf) -> Edges:
        """Return the edges of a metric: the deadlines that it asks for, and its fields that are whole numbers."""
        rules = _Asked(moment.rules)
        with contextlib.suppress(CaseQualityError):  # a metric that fails on no records is told so by a law
            fields_read(metric, attrs.evolve(moment, rules=rules))
        values = metric.parameters().values()
        named = [*rules.asked.values(), *(value for value in values if isinstance(value, Deadline | Schedule))]
        numbers = {value for value in values if isinstance(value, int) and not isinstance(value, bool)}
        return cls(tuple(each for rule in named for each in _deadlines(rule)), tuple(sorted(numbers)))

    def days_after(self, began: dt.date) -> list[dt.date]:
        """Return the due days of what began on a day, those before and after them, and days so many days later."""
        dues = []
        for deadline in self.deadlines:
            try:
                dues.append(deadline.due(began))
            except CaseQualityError:  # out of force, or out of reach of its calendar
                continue
        near = [due + beside * ONE_DAY for due in dues for beside in (-1, 0, 1)]
        lengths = [began + number * ONE_DAY for number in self.numbers if 0 <= number < 1000]
        return [day for day in near + lengths if day >= began]

    def lengths(self) -> list[dt.timedelta]:
        """Return so many seconds, minutes and hours, each also a microsecond less and more."""
        exact = [number * dt.timedelta(seconds=unit) for number in self.numbers for unit in (1, 60, 3600)]
        near = [length + beside * dt.timedelta.resolution for length in exact for beside in (-1, 0, 1)]
        return [length for length in near if dt.timedelta() <= length < dt.timedelta(days=1000)]


NO_EDGES = Edges()


class _Asked(dict[str, Rule]):
    """Rules that note which of them were asked for."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        super().__init__(rules)
        self.asked: dict[str, Rule] = {}

    def __getitem__(self, name: str) -> Rule:
        self.asked[name] = super().__getitem__(name)
        return self.asked[name]


def _deadlines(rule: Rule) -> Iterator[Deadline]:
    if isinstance(rule, Schedule):
        yield from (rule.deadline(kind) for kind in rule.by_kind)
    elif rule.opening is None:
        yield rule
