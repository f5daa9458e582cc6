"""Verdicts, and rulings: what one figure says of a target, and why."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final, get_args

import attrs

from casequality.days import Period
from casequality.errors import Words
from casequality.evidence import Interval
from casequality.goals.definition.reasons import Reason
from casequality.goals.definition.target import Bounds, Target
from casequality.metrics import Figure, Sample, said_of
from casequality.showing import Tone

TONES: Final[tuple[Tone, ...]] = get_args(Tone)
"""What a reader is told at a glance; the reports have a shape and a colour for each."""


@attrs.frozen(kw_only=True)
class VerdictRow:
    """What is said of one verdict; none of it has a default that a new verdict could forget.

    meaning: its sentence in the legend. binds: where every part must meet the target, the part whose verdict has the
    lowest number decides. judges: whether figures of such a period count in the mean of parts. compares: whether
    its figure is held against the target, so that a margin can be shown. settles: whether it says yes or no.
    """

    da: str
    meaning: Words
    tone: Tone
    binds: int
    judges: bool
    compares: bool
    settles: bool


class Verdict(enum.Enum):
    """What the records say of a goal, or why they cannot say it; in the order in which reports count them."""

    _value_: str
    words: Words
    meaning: Words
    tone: Tone
    binds: int
    judges: bool
    compares: bool
    settles: bool

    def __new__(cls, name: str, says: VerdictRow) -> Verdict:
        made = object.__new__(cls)
        made._value_, made.words = name, Words(name, says.da)
        made.meaning, made.tone, made.binds = says.meaning, says.tone, says.binds
        made.judges, made.compares, made.settles = says.judges, says.compares, says.settles
        return made

    MET = (
        "met",
        VerdictRow(
            da="opfyldt",
            meaning=Words("The exact figure meets the target.", "Det nøjagtige tal opfylder måltallet."),
            tone="good",
            binds=10,
            judges=True,
            compares=True,
            settles=True,
        ),
    )
    MISSED = (
        "missed",
        VerdictRow(
            da="ikke opfyldt",
            meaning=Words(
                "The exact figure does not meet the target, whatever it is rounded to.",
                "Det nøjagtige tal opfylder ikke måltallet, uanset hvad det kan afrundes til.",
            ),
            tone="bad",
            binds=1,
            judges=True,
            compares=True,
            settles=True,
        ),
    )
    UNDECIDED = (
        "undecided",
        VerdictRow(
            da="kan ikke vurderes",
            meaning=Words(
                "Records in doubt could turn the verdict, so none is given.",
                "Tvivlsomme registreringer kan ændre vurderingen, og derfor gives der ingen.",
            ),
            tone="open",
            binds=6,
            judges=True,
            compares=True,
            settles=False,
        ),
    )
    NOT_SHOWN = (
        "not shown",
        VerdictRow(
            da="ikke påvist",
            meaning=Words(
                "The sample is too small to show whether the target is met.",
                "Stikprøven er for lille til at vise, om måltallet er opfyldt.",
            ),
            tone="open",
            binds=7,
            judges=True,
            compares=True,
            settles=False,
        ),
    )
    NOT_DUE_YET = (
        "not due yet",
        VerdictRow(
            da="bedømmes senere",
            meaning=Words(
                "The period that the goal is judged for was not over when the figures were made up.",
                "Den periode, målet bedømmes for, var ikke slut, da tallene blev opgjort.",
            ),
            tone="open",
            binds=5,
            judges=False,
            compares=True,
            settles=False,
        ),
    )
    NO_DATA = (
        "no data",
        VerdictRow(
            da="ingen data",
            meaning=Words("There is nothing to count.", "Der er intet at opgøre."),
            tone="none",
            binds=3,
            judges=False,
            compares=True,
            settles=False,
        ),
    )
    INCOMPLETE = (
        "incomplete",
        VerdictRow(
            da="ufuldstændig",
            meaning=Words("Data that the source promises are missing.", "Der mangler data, som kilden skal levere."),
            tone="open",
            binds=2,
            judges=False,
            compares=False,
            settles=False,
        ),
    )
    NOT_COMPARABLE = (
        "not comparable",
        VerdictRow(
            da="ikke sammenlignelig",
            meaning=Words(
                "This figure and an earlier or later one cannot be held against each other.",
                "Tallet kan ikke sammenlignes med et tidligere eller senere tal.",
            ),
            tone="none",
            binds=4,
            judges=False,
            compares=False,
            settles=False,
        ),
    )
    BASELINE = (
        "baseline",
        VerdictRow(
            da="første måling",
            meaning=Words(
                "A first measurement without a target; later ones are held against it.",
                "En første måling uden måltal, som senere målinger holdes op imod.",
            ),
            tone="none",
            binds=8,
            judges=True,
            compares=True,
            settles=False,
        ),
    )
    NOT_IN_THE_SOURCE = (
        "not in the source",
        VerdictRow(
            da="vises uden måltal",
            meaning=Words(
                "The source sets no target for the figure, or leaves out what the goal says.",
                "Kilden angiver intet måltal for tallet: det vises uden at blive bedømt.",
            ),
            tone="none",
            binds=9,
            judges=True,
            compares=True,
            settles=False,
        ),
    )

    def __str__(self) -> str:
        return self._value_


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
