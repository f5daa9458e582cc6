"""Signals: patterns in how cases are handled that make a figure look better than the handling, and never why.

Days are datetime64[D] of shape (cases,), NaT for what has not happened. Each pattern is held against what the same
cases would show if the deadline, or the age of a case, played no part.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs
import numpy as np
import numpy.typing as npt

from casequality.errors import UsageError, Words
from casequality.evidence.intervals import binomial_tail, hypergeometric_tail
from casequality.evidence.said import Finding, per_cent, rounded, say

Kind: TypeAlias = Literal["newest first", "before the deadline", "late pauses", "registered anew", "closed undecided"]
SIGNALS: Final[tuple[Kind, ...]] = get_args(Kind)
Grade: TypeAlias = Literal["none", "weak", "clear"]
Dates: TypeAlias = npt.NDArray[np.datetime64]
Counts: TypeAlias = npt.NDArray[np.int64]

WEEK: Final = 7
MONTH: Final = 30
RARE: Final = {"weak": 0.01, "clear": 0.001}
"""How improbable a pattern is where there is none, for each grade."""
TIMES: Final = {"weak": 1.25, "clear": 1.5}
AHEAD: Final = {"weak": 0.7, "clear": 0.85}
"""How large its effect is, for each grade: many cases are never enough, nor is a large effect in few."""
FINEST: Final = 4000
"""So many steps of time are told apart when queues are counted; over longer spans a step is more than a day."""
BLOCKS: Final = 8
GRADES: Final[Mapping[Grade, Words]] = {
    "none": Words("no pattern", "intet mønster"),
    "weak": Words("a weak pattern", "et svagt mønster"),
    "clear": Words("a clear pattern", "et tydeligt mønster"),
}
NAMES: Final[Mapping[Kind, Words]] = {
    "newest first": Words("the newest taken first", "de nyeste tages først"),
    "before the deadline": Words("closed just before the deadline", "afsluttet lige før fristen"),
    "late pauses": Words("paused just before the deadline", "sat i bero lige før fristen"),
    "registered anew": Words("registered anew", "registreret på ny"),
    "closed undecided": Words(
        "closed without a decision just before the deadline", "afsluttet uden afgørelse lige før fristen"
    ),
}
SEEN: Final[Mapping[Kind, Words]] = {
    "newest first": Words(
        "Of the cases that waited when another was closed, {observed} were older than that one; {expected} where age "
        "plays no part (closed cases: {cases})",
        "Af de sager, der ventede, når en anden blev afsluttet, var {observed} ældre end den; {expected}, hvor alderen "
        "ingen rolle spiller (afsluttede sager: {cases})",
    ),
    "before the deadline": Words(
        "Closed in the last days before the deadline: {observed}; {expected} by the days on both sides of them",
        "Afsluttet i de sidste dage før fristen: {observed}; {expected} efter dagene på begge sider af dem",
    ),
    "late pauses": Words(
        "Paused in the last days before the deadline: {observed}; {expected} at the rate of the days before them",
        "Sat i bero i de sidste dage før fristen: {observed}; {expected} efter hyppigheden i dagene før dem",
    ),
    "registered anew": Words(
        "New cases of the same party and kind soon after one was closed: {observed}; {expected} by the time after that",
        "Nye sager af samme part og slags kort efter en afslutning: {observed}; {expected} efter tiden derefter",
    ),
    "closed undecided": Words(
        "Closed without a decision in the last days before the deadline: {observed}; {expected} at the share of the "
        "other days",
        "Afsluttet uden afgørelse i de sidste dage før fristen: {observed}; {expected} efter andelen på de øvrige dage",
    ),
}
OTHERWISE: Final[Mapping[Kind, Words]] = {
    "newest first": Words(
        "Easy cases that are quick look the same, since what waits is what takes long.",
        "Lette sager, der går hurtigt, ser ens ud, for det, der venter, er det, der tager tid.",
    ),
    "before the deadline": Words(
        "Work that is planned by the deadline looks the same.", "Arbejde, der er planlagt efter fristen, ser ens ud."
    ),
    "late pauses": Words(
        "A case that is first read near its deadline, and then found to lack something, looks the same.",
        "En sag, der først læses nær fristen og da viser sig at mangle noget, ser ens ud.",
    ),
    "registered anew": Words(
        "Citizens who ask again because an answer raised new questions look the same.",
        "Borgere, der henvender sig igen, fordi svaret gav nye spørgsmål, ser ens ud.",
    ),
    "closed undecided": Words(
        "Requests that are withdrawn when time is short look the same.",
        "Ansøgninger, der trækkes tilbage, når tiden er knap, ser ens ud.",
    ),
}
NO_WHY: Final = Words(
    "The figures show the pattern and not why it is there; only the cases themselves do.",
    "Tallene viser mønstret og ikke, hvorfor det er der; det gør kun sagerne selv.",
)


@attrs.frozen(kw_only=True)
class Signal(Finding):
    """One pattern: what was seen, what was expected without it, how large it is, and how improbable.

    observed, expected: numbers of cases; for newest first shares of the cases that waited. effect: how many times as
    many as expected; for newest first the share itself. chance: how probable so much or more is without the pattern.
    cases: how many could have shown it.
    """

    kind: Kind
    observed: float
    expected: float
    effect: float
    chance: float
    cases: int

    @property
    def grade(self) -> Grade:
        """Whether there is a pattern: both large enough and too improbable without one."""
        sizes = AHEAD if self.kind == "newest first" else TIMES
        grades: tuple[Grade, ...] = ("clear", "weak")
        reached = (each for each in grades if self.effect >= sizes[each] and self.chance <= RARE[each])
        return next(reached, "none")

    @property
    def sentences(self) -> tuple[Words, ...]:
        """What was seen and how it is graded; what else looks the same, and that the figures do not say why."""
        share = self.kind == "newest first"
        told = per_cent if share else rounded
        seen = say(
            SEEN[self.kind].en,
            SEEN[self.kind].da,
            observed=told(self.observed) if share else int(self.observed),
            expected=told(self.expected),
            cases=self.cases,
        )
        first = say("{seen}: {grade}.", "{seen}: {grade}.", seen=seen, grade=GRADES[self.grade])
        return (first,) if self.grade == "none" else (first, OTHERWISE[self.kind], NO_WHY)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, its grade among them."""
        return {**Finding.to_dict(self), "grade": self.grade}


def newest_first(received: Dates, closed: Dates) -> Signal:
    """Return whether the younger of the cases that wait are taken first.

    Of the cases that wait when one is closed, the share that is older: 1 where the newest is always taken, 1/2 where
    age plays no part, 0 where the oldest is. How probable it is rests on months as they differ from each other.
    """
    _check(received, closed)
    first = received.min()
    done = ~np.isnat(closed)
    span = int((max(received.max(), closed[done].max(initial=first)) - first).astype(np.int64)) + 1
    step = math.ceil(span / FINEST)
    steps = math.ceil(span / step)
    begun, ended = ((each - first).astype(np.int64) // step for each in (received, np.where(done, closed, first)))
    ended[~done] = steps
    grid = np.zeros((steps + 1, steps + 1), np.int32)
    np.add.at(grid, (begun + 1, ended), 1)
    # waiting[r, c]: came before step r and is closed after step c
    waiting = np.cumsum(np.cumsum(grid, axis=0)[:, ::-1], axis=1)[:, ::-1]
    at, on = begun[done], ended[done]
    after = np.concatenate([waiting[:, 1:], np.zeros((steps + 1, 1), waiting.dtype)], axis=1)
    older, same, all_waiting = after[at, on], after[at + 1, on] - after[at, on], after[on + 1, on]
    some = all_waiting > 0
    share = (older[some] + same[some] / 2) / all_waiting[some]
    months = on[some] * step // MONTH
    means = [share[months == month].mean() for month in np.unique(months)]
    effect = float(share.mean()) if len(share) else 0.5
    return Signal(
        kind="newest first",
        observed=effect,
        expected=0.5,
        effect=effect,
        chance=_chance_of_mean(np.array(means), 0.5),
        cases=int(some.sum()),
    )


def _chance_of_mean(means: npt.NDArray[np.float64], expected: float) -> float:
    """Return how probable means as high as these are around what is expected; 1 of too few of them."""
    if len(means) < BLOCKS or means.mean() <= expected:
        return 1.0
    spread = float(means.std(ddof=1)) / math.sqrt(len(means))
    return 0.0 if spread == 0 else math.erfc((float(means.mean()) - expected) / spread / math.sqrt(2)) / 2


def before_the_deadline(due: Dates, closed: Dates, window: int = WEEK) -> Signal:
    """Return whether more cases are closed in the last days before their deadline than beside them.

    Held against the mean of as many days before and after: what any course of closings that bends neither way has.
    """
    _check(due, closed)
    late = (closed - due)[~np.isnat(closed)].astype(np.int64)
    within, before, after = (int(((late > end - window) & (late <= end)).sum()) for end in (0, -window, window))
    return _of_counts("before the deadline", within, before + after, 1 / 3, len(late), 1 / 2)


def late_pauses(received: Dates, due: Dates, ended: Dates, paused: Dates, window: int = WEEK) -> Signal:
    """Return whether cases are paused in the last days before their deadline more often than earlier.

    paused: when each was first paused. ended: when it was closed, or the as-of for one that is open. Held against the
    pauses for each day on which a case could have been paused earlier in its term.
    """
    _check(received, due, ended, paused)
    stop = np.fmin(np.fmin(due, ended), paused)
    begin_late = np.maximum(due - np.timedelta64(window, "D") + np.timedelta64(1, "D"), received)
    day = np.timedelta64(1, "D")
    late_days = int(np.maximum((stop - begin_late) // day + 1, 0).sum())
    early_days = int(np.maximum((np.minimum(stop, begin_late - day) - received) // day + 1, 0).sum())
    counted = ~np.isnat(paused) & (paused <= due)
    late, early = int((counted & (paused >= begin_late)).sum()), int((counted & (paused < begin_late)).sum())
    if not late_days or not early_days:
        return _of_counts("late pauses", 0, 0, 1 / 2, len(due), 1)
    share = late_days / (late_days + early_days)
    return _of_counts("late pauses", late, early, share, len(due), late_days / early_days)


def registered_anew(
    party: npt.NDArray[np.int64], received: Dates, closed: Dates, as_of: np.datetime64, window: int = MONTH
) -> Signal:
    """Return whether the same party has a new case of the same kind soon after one was closed.

    party: a number for each party and kind of case. Held against as many days right after, of the cases that were
    closed so long before the as-of that both are over.
    """
    _check(received, closed, party)
    days, ends = received.astype(np.int64), closed.astype(np.int64)
    followed = ~np.isnat(closed) & (closed + np.timedelta64(2 * window, "D") < as_of)
    low = int(days.min())
    span = int(max(days.max(), ends[followed].max(initial=low)) - low + 2 * window + 2)
    keys = np.sort(party * span + days - low)
    base = party[followed] * span + ends[followed] - low
    upto = [np.searchsorted(keys, base + far, side="right") for far in (0, window, 2 * window)]
    soon, later = (int((upto[place + 1] - upto[place]).sum()) for place in (0, 1))
    return _of_counts("registered anew", soon, later, 1 / 2, int(followed.sum()), 1)


def closed_undecided(due: Dates, closed: Dates, decided: npt.NDArray[np.bool_], window: int = WEEK) -> Signal:
    """Return whether more cases closed in the last days before their deadline lack a decision than of the others."""
    _check(due, closed, decided)
    done = ~np.isnat(closed)
    late = (closed - due)[done].astype(np.int64)
    last, without = (late > -window) & (late <= 0), ~decided[done]
    both, many, none = int((last & without).sum()), int(last.sum()), int(without.sum())
    others = len(late) - many
    expected = many * (none - both) / others if others else 0.0
    above = both * len(late) > many * none
    chance = hypergeometric_tail(both, many, none, len(late)) if above else 1.0
    return _made("closed undecided", both, expected, chance, many)


def _of_counts(kind: Kind, seen: int, beside: int, share: float, cases: int, times: float) -> Signal:
    """Return a signal of a number held against another, of which together a share would be seen by chance alone."""
    both = seen + beside
    chance = binomial_tail(seen, both, share) if both and seen > both * share else 1.0
    return _made(kind, seen, beside * times, chance, cases)


def _made(kind: Kind, seen: int, expected: float, chance: float, cases: int) -> Signal:
    # half a case where none was expected, so that the effect is a number
    effect = seen / max(expected, 0.5)
    return Signal(kind=kind, observed=float(seen), expected=expected, effect=effect, chance=chance, cases=cases)


def _check(*columns: npt.NDArray[Any]) -> None:
    lengths = {len(each) for each in columns}
    if len(lengths) != 1 or lengths == {0}:
        raise UsageError(
            Words("A signal is looked for in cases with a day each", "Et mønster søges i sager med hver sin dag"),
            got=f"columns of {', '.join(map(str, sorted(lengths)))} cases",
            allowed="columns of equal length, of at least one case",
        )
