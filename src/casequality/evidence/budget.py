"""What can still be attained: how many of the open cases may still be missed before a target is out of reach."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs

from casequality.errors import UsageError, Words
from casequality.evidence.said import Finding, per_cent, plain_share, say

Compared: TypeAlias = Literal["at least", "above", "at most", "below"]
COMPARED: Final[tuple[Compared, ...]] = get_args(Compared)
State: TypeAlias = Literal["met", "possible", "lost"]


@attrs.frozen(kw_only=True)
class Budget(Finding):
    """Between what a share can end, whatever becomes of the cases that are still open; certain, and no forecast.

    yes, no: settled. open: whose outcome can still be either. doubtful: records in doubt, of which the same is so, and
    that may belong to no case of the figure. target: a share, and `compared` how it is held against it. since: the day
    from which it has been certain, None where nobody looked earlier, or nothing is certain. running: whether more cases
    may come in, nobody knows how many; all is then said as if none did.
    """

    yes: int
    no: int
    open: int
    target: Fraction
    compared: Compared = "at least"
    since: dt.date | None = None
    doubtful: int = 0
    running: bool = False

    def __attrs_post_init__(self) -> None:
        if min(self.yes, self.no, self.open, self.doubtful) < 0 or not self.cases or self.compared not in COMPARED:
            raise UsageError(
                "A budget is made of cases",
                got=f"{self.yes} yes, {self.no} no, {self.open} open; {self.compared}",
                allowed=f"numbers from 0, not all 0; {', '.join(COMPARED)}",
                remedy="give the counts of one period",
            )

    @property
    def unsettled(self) -> int:
        """How many can still turn out either way."""
        return self.open + self.doubtful

    @property
    def cases(self) -> int:
        """How many there are when all are settled."""
        return self.yes + self.no + self.unsettled

    @property
    def least(self) -> Fraction:
        """The least that the share can end at."""
        return Fraction(self.yes, self.cases)

    @property
    def most(self) -> Fraction:
        """The greatest that the share can end at."""
        return Fraction(self.yes + self.unsettled, self.cases)

    @property
    def _slack(self) -> int:
        """How many of the unsettled ones may count against the target; negative where not even none would do."""
        exact = self.target * self.cases
        if self.compared in ("at least", "above"):
            needed = math.ceil(exact) if self.compared == "at least" else math.floor(exact) + 1
            return self.yes + self.unsettled - needed
        allowed = math.floor(exact) if self.compared == "at most" else math.ceil(exact) - 1
        return allowed - self.yes

    @property
    def state(self) -> State:
        """Whether the target is met already, still possible, or lost."""
        return "lost" if self._slack < 0 else "met" if self._slack >= self.unsettled else "possible"

    @property
    def may_miss(self) -> int:
        """How many of the unsettled ones may still count against the target."""
        return max(0, min(self._slack, self.unsettled))

    @property
    def sentences(self) -> tuple[Words, ...]:
        """The state, since when, between what the share ends, and that more may come in."""
        text = STATES[self.state, bool(self.may_miss) if self.state == "possible" else bool(self.unsettled)]
        told = say(text.en, text.da, target=plain_share(self.target), k=self.may_miss, some=self._some)
        if self.running:
            told = say("As if no further case came in: {told}", "Som om der ikke kom flere sager: {told}", told=told)
        since = say("Certain since {day}.", "Sikkert siden {day}.", day=self.since) if self.since else None
        return tuple(filter(None, (told, since, self._between(), NOT_OVER if self.running else None)))

    def _between(self) -> Words:
        low, high = per_cent(self.least, self.target), per_cent(self.most, self.target)
        if low == high:
            low, high = per_cent(self.least, self.most), per_cent(self.most, self.least)
        if not self.unsettled:
            return say("The figure is {low}.", "Tallet er {low}.", low=low)
        return say(
            "The figure ends between {low} and {high}, whatever becomes of them.",
            "Tallet ender mellem {low} og {high}, uanset hvordan det går dem.",
            low=low,
            high=high,
        )

    @property
    def _some(self) -> Words:
        """What can still turn out either way, counted."""
        counted = ((self.open, OPEN), (self.doubtful, DOUBTFUL))
        parts = [one if count == 1 else say(more.en, more.da, count=count) for count, (one, more) in counted if count]
        return Words(" and ".join(each.en for each in parts), " og ".join(each.da for each in parts))

    def to_dict(self) -> dict[str, Any]:
        """Return the budget as plain data."""
        worked = {"least": float(self.least), "most": float(self.most), "may_miss": self.may_miss, "state": self.state}
        return {**Finding.to_dict(self), **worked}


OPEN: Final = Words("the one open case", "den ene åbne sag"), Words("the {count} open cases", "de {count} åbne sager")
DOUBTFUL: Final = (
    Words("one record in doubt", "en tvivlsom registrering"),
    Words("{count} records in doubt", "{count} tvivlsomme registreringer"),
)
NOT_OVER: Final = Words(
    "The period is not over: cases that come in later can change all of it.",
    "Perioden er ikke slut: sager, der kommer senere, kan ændre det hele.",
)
STATES: Final[dict[tuple[State, bool], Words]] = {
    ("possible", True): Words(
        "The target of {target} can still be met: of {some} {k} may still count against it.",
        "Måltallet på {target} kan stadig nås: af {some} må {k} endnu tælle imod.",
    ),
    ("possible", False): Words(
        "The target of {target} can still be met, but only with {some} counting for it.",
        "Måltallet på {target} kan stadig nås, men kun hvis {some} taler for.",
    ),
    ("met", True): Words(
        "The target of {target} is met already, even if {some} should count against it.",
        "Måltallet på {target} er allerede nået, også hvis {some} tæller imod.",
    ),
    ("met", False): Words(
        "The target of {target} is met, and nothing is open any more.",
        "Måltallet på {target} er nået, og intet er længere åbent.",
    ),
    ("lost", True): Words(
        "The target of {target} is lost, even if {some} should count for it.",
        "Måltallet på {target} kan ikke længere nås, heller ikke hvis {some} taler for.",
    ),
    ("lost", False): Words(
        "The target of {target} is not met, and nothing is open any more.",
        "Måltallet på {target} er ikke nået, og intet er længere åbent.",
    ),
}
"""What is said of each state, by whether any may count against the target, or is unsettled at all."""


def budget(
    yes: int,
    no: int,
    open: int,
    target: Fraction,
    *,
    compared: Compared = "at least",
    inflow: int = 0,
    doubtful: int = 0,
    running: bool = False,
    earlier: Sequence[tuple[dt.date, int, int, int]] = (),
    day: dt.date | None = None,
) -> Budget:
    """Return what can still be attained.

    open: cases that can still turn out either way; one that is overdue already is a no. doubtful: records of which the
    same is so. inflow: at most so many further cases may come into the figure; they are open too, so what is certain is
    certain for any number up to that. running: whether more may come in, so that nothing is certain for good.
    earlier: days before, in order, with the yes, no and open of each; day: the day of today's counts. With them the
    budget says since when it has been certain, without a gap up to today.

    >>> found = budget(1080, 420, 200, Fraction(3, 4))
    >>> round(float(found.least), 3), round(float(found.most), 3), found.may_miss
    (0.635, 0.753, 5)
    """
    given: dict[str, Any] = {"target": target, "compared": compared, "doubtful": doubtful, "running": running}
    now = Budget(yes=yes, no=no, open=open + inflow, **given)
    if now.state == "possible" or day is None or running:
        return now
    since = day
    for on, *counts in reversed(earlier):
        before = Budget(yes=counts[0], no=counts[1], open=counts[2] + inflow, **given)
        if before.state != now.state:
            break
        since = on
    return attrs.evolve(now, since=since)
