"""Verdicts, and rulings: what one figure says of a target, and why."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import attrs

from casequality.days import Period
from casequality.errors import Words
from casequality.evidence import Interval
from casequality.goals.definition.reasons import Reason
from casequality.goals.definition.target import Bounds, Target
from casequality.metrics import Figure, Sample, said_of


class Verdict(enum.Enum):
    """What the records say of a goal, or why they cannot say it."""

    MET = "met"
    MISSED = "missed"
    UNDECIDED = "undecided"
    NOT_SHOWN = "not shown"
    NOT_DUE_YET = "not due yet"
    NO_DATA = "no data"
    INCOMPLETE = "incomplete"
    NOT_COMPARABLE = "not comparable"
    BASELINE = "baseline"
    NOT_IN_THE_SOURCE = "not in the source"

    def __str__(self) -> str:
        return self.value

    @property
    def words(self) -> Words:
        """The verdict as a developer and as a committee reads it."""
        return WORDS[self]


WORDS: Final[Mapping[Verdict, Words]] = {
    Verdict.MET: Words("met", "opfyldt"),
    Verdict.MISSED: Words("missed", "ikke opfyldt"),
    Verdict.UNDECIDED: Words("undecided", "uafgjort"),
    Verdict.NOT_SHOWN: Words("not shown", "ikke påvist"),
    Verdict.NOT_DUE_YET: Words("not due yet", "ikke forfalden endnu"),
    Verdict.NO_DATA: Words("no data", "ingen data"),
    Verdict.INCOMPLETE: Words("incomplete", "ufuldstændig"),
    Verdict.NOT_COMPARABLE: Words("not comparable", "ikke sammenlignelig"),
    Verdict.BASELINE: Words("baseline", "udgangspunkt (baseline)"),
    Verdict.NOT_IN_THE_SOURCE: Words("not in the source", "fremgår ikke af kilden"),
}


@attrs.frozen(kw_only=True)
class Ruling:
    """A verdict on one figure; every number is in the metric's unit and exact.

    value: None where there is no figure. low, high: the figure's own bounds, None for no limit; bounded: whether there
    are any. target: what it was held against, worked out where the goal is a share of an earlier figure.
    margin: how much better than the target, negative for worse. ahead: the least and the greatest that it can be
    above the target. could_flip: the records in doubt that keep it undecided.
    Of a sample: interval: between what the population's figure lies; samples: the least and the greatest that it can
    become once the records in doubt are settled; sure: as `ahead`, of the population.
    """

    period: Period
    verdict: Verdict
    groups: Mapping[str, str | None] = attrs.field(factory=dict)
    value: Fraction | None = None
    numerator: int | None = None
    denominator: int | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    bounded: bool = False
    target: Target | None = None
    margin: Fraction | None = None
    ahead: Bounds | None = attrs.field(default=None, repr=False)
    reasons: tuple[Reason, ...] = ()
    could_flip: tuple[Reason, ...] = ()
    figure: Figure | None = attrs.field(default=None, repr=False)
    interval: Interval | None = None
    samples: tuple[Sample, Sample] | None = attrs.field(default=None, repr=False)
    sure: Bounds | None = attrs.field(default=None, repr=False)

    @property
    def doubt(self) -> Mapping[str, int]:
        """By reason, how many records of the figure are in doubt."""
        return self.figure.doubt if self.figure else {}

    @property
    def sensitive(self) -> int:
        """How many cases have another outcome on the other Danish calendar."""
        return self.figure.sensitive if self.figure else 0

    def to_dict(self) -> dict[str, Any]:
        """Return the ruling as plain data; exact numbers as text, such as "1874/25", beside their floats."""
        exact = {name: getattr(self, name) for name in ("value", "low", "high", "margin")}
        return {
            "period": self.period.label,
            "groups": dict(self.groups),
            "verdict": str(self.verdict),
            **{name: None if number is None else float(number) for name, number in exact.items()},
            "exact": {name: None if number is None else str(number) for name, number in exact.items()},
            "bounds": said_of(self.figure.value) if self.figure else "none",
            "doubt": dict(self.doubt),
            "numerator": self.numerator,
            "denominator": self.denominator,
            "target": None if self.target is None else str(self.target),
            "outcomes": dict(self.figure.outcomes) if self.figure else {},
            "convention_sensitive": self.sensitive,
            "sample": self._sample(),
            "reasons": [reason.to_dict() for reason in self.reasons],
            "could_flip": [reason.to_dict() for reason in self.could_flip],
        }

    def _sample(self) -> dict[str, Any] | None:
        if self.interval is None or self.samples is None:
            return None
        sample = self.samples[0]
        return {"size": sample.size, "population": sample.population, **self.interval.to_dict()}
