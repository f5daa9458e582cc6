"""How long it takes where some still wait: Kaplan and Meier's curve, and Aalen and Johansen's of several ends."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs
import numpy as np
import numpy.typing as npt

from casequality.errors import UsageError, Words
from casequality.evidence.intervals import Interval, Z, interval
from casequality.evidence.said import Finding, per_cent, rounded, say
from casequality.metrics import Sample

Numbers: TypeAlias = npt.NDArray[Any]
Floats: TypeAlias = npt.NDArray[np.float64]
Scale: TypeAlias = Literal["log-log", "log", "plain"]
SCALES: Final[tuple[Scale, ...]] = get_args(Scale)
NEAR: Final = 1e-9
"""A share closer to its mark than floats can tell has reached it."""
TIMES: Final = Words("days", "dage")
ENDED: Final = Words("had ended", "afsluttet")


@attrs.frozen
class Ended(Finding):
    """How many had ended by a time, of all that began; `interval` is of 95 % confidence.

    share: between 0 and 1. cases: all that began; waiting: those that have not ended, each counted as waiting up to
    when it was last looked at. at_risk: how many the curve still rests on at that time. when: how a sentence says the
    time, where not as so many units.
    """

    by: Fraction
    share: Fraction
    interval: Interval
    cases: int
    waiting: int
    at_risk: int
    unit: Words = TIMES
    end: Words = ENDED
    when: Words | None = None

    @property
    def sentences(self) -> tuple[Words, ...]:
        """The share with its interval, and how the open ones were counted."""
        return (
            say(
                "Of {cases} cases an estimated {share} {end} {when}, between {low} and {high} at 95 % confidence "
                "({how}).",
                "Af {cases} sager var anslået {share} {end} {when}, mellem {low} og {high} med 95 % sikkerhed ({how}).",
                cases=self.cases,
                share=per_cent(self.share),
                end=self.end,
                when=self.when
                or say(
                    "within {by} {unit}",
                    "inden {by} {unit}",
                    by=_time(self.by, 0 if self.by.denominator == 1 else 1),
                    unit=self.unit,
                ),
                low=per_cent(self.interval.low),
                high=per_cent(self.interval.high),
                how=self.interval.method,
            ),
            _open(self.waiting),
        )


@attrs.frozen
class Reached(Finding):
    """The time within which a share of all that began had ended; None where that is not reached.

    earliest, latest: its interval, from the curve's own; None where that does not reach so far.
    """

    share: Fraction
    time: Fraction | None
    earliest: Fraction | None
    latest: Fraction | None
    cases: int
    waiting: int
    unit: Words = TIMES

    @property
    def sentences(self) -> tuple[Words, ...]:
        """The time with its interval, or that it is not reached."""
        given = {"cases": self.cases, "share": per_cent(self.share, decimals=0), "unit": self.unit}
        if self.time is None:
            first = say(
                "Of {cases} cases fewer than {share} have ended so far: the time within which {share} end is not "
                "reached.",
                "Af {cases} sager er færre end {share} afsluttet endnu: tiden, inden for hvilken {share} afsluttes, er "
                "ikke nået.",
                **given,
            )
        else:
            times = {"time": self.time, "earliest": self.earliest, "latest": self.latest}
            decimals = 0 if all(each is None or each.denominator == 1 for each in times.values()) else 1
            first = say(
                "Of {cases} cases {share} had ended within {time} {unit}, between {earliest} and {latest} at 95 % "
                "confidence.",
                "Af {cases} sager var {share} afsluttet inden {time} {unit}, mellem {earliest} og {latest} med 95 % "
                "sikkerhed.",
                **given,
                **{name: _time(each, decimals) for name, each in times.items()},
            )
        return first, _open(self.waiting)


def _time(time: Fraction | None, decimals: int) -> Words:
    return Words("not reached", "ikke nået") if time is None else rounded(time, decimals)


def _open(waiting: int) -> Words:
    if not waiting:
        return Words("None of them is still open.", "Ingen af dem er åbne endnu.")
    return say(
        "Still open: {waiting}; each counts as waiting up to the moment it was last looked at, and not after it.",
        "Stadig åbne: {waiting}; hver tæller som ventende, til den sidst blev opgjort, og ikke derefter.",
        waiting=waiting,
    )


@attrs.frozen(eq=False, slots=False)
class Waiting:
    """Who still waits after each time, by Kaplan and Meier; arrays have the shape (times,), times are distinct, rising.

    at_risk: waiting just before that time. ended: ended at it. left: the share that still waits after it.
    scale: on which Greenwood's interval is made: "log-log" never leaves 0 to 1, and is the usual one of this library;
    "log" is R's own default, "plain" adds and takes away the same.
    """

    times: Numbers
    at_risk: npt.NDArray[np.int64]
    ended: npt.NDArray[np.int64]
    scale: Scale
    unit: Words = TIMES

    @property
    def cases(self) -> int:
        """How many began."""
        return int(self.at_risk[0]) if len(self.times) else 0

    @property
    def waiting(self) -> int:
        """How many have not ended."""
        return self.cases - int(self.ended.sum())

    @cached_property
    def left(self) -> Floats:
        """The share that still waits after each time."""
        with np.errstate(divide="ignore"):
            found: Floats = np.exp(np.cumsum(np.log1p(-self.ended / self.at_risk)))
        return found

    @cached_property
    def spread(self) -> Floats:
        """Greenwood's sum after each time: the variance of the logarithm of `left`; infinite where none is left."""
        risk, ended = self.at_risk.astype(float), self.ended.astype(float)
        with np.errstate(divide="ignore"):
            found: Floats = np.cumsum(np.where(ended > 0, ended / (risk * (risk - ended)), 0.0))
        return found

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """The interval of `left` after each time: its low and its high end."""
        return _around(self.left, self.spread, self.scale)

    def ended_by(self, time: Fraction | int | float) -> Ended:
        """Return which share had ended by a time, that time included; raise `UsageError` beyond the last time known."""
        place, at_risk = self._at(time), self.followed(time)
        left = float(self.left[place]) if place >= 0 else 1.0
        low, high = (1 - float(end[place]) if place >= 0 and left < 1 else 0.0 for end in self.bounds[::-1])
        return Ended(
            by=Fraction(time),
            share=_fraction(1 - left),
            interval=Interval(_fraction(low), _fraction(high) or _most_of_none(at_risk), f"Kaplan-Meier, {self.scale}"),
            cases=self.cases,
            waiting=self.waiting,
            at_risk=at_risk,
            unit=self.unit,
        )

    def followed(self, time: Fraction | int | float) -> int:
        """Return how many the curve still rests on at a time: who is last seen waiting at it was followed so long."""
        place, on = self._at(time), int(np.searchsorted(self.times, float(time)))
        at_risk = int(self.at_risk[on]) if on < len(self.times) else 0
        return at_risk - int(self.ended[on]) if on == place else at_risk

    def within(self, share: Fraction = Fraction(1, 2)) -> Reached:
        """Return the least time within which a share of all had ended: the median where it is left out."""
        if not 0 < share <= 1:
            raise UsageError(
                "A quantile is asked of a share above 0 and up to 1", got=share, remedy="give such a share"
            )
        low, high = self.bounds
        time, earliest, latest = (self._passes(curve, share) for curve in (self.left, low, high))
        return Reached(share, time, earliest, latest, self.cases, self.waiting, self.unit)

    def mean_until(self, time: Fraction | int | float) -> tuple[float, float]:
        """Return how long a case waits on average, no longer than until a time, and the variance of that.

        The area under the curve, with Greenwood's variance (Irwin, Journal of Hygiene 47, 1949).
        """
        place = self._at(time) + 1
        steps = np.diff(np.concatenate([[0.0], self.times[:place], [float(time)]]))
        areas = steps * np.append(1.0, self.left[:place])
        risk, ended = self.at_risk[:place].astype(float), self.ended[:place]
        after = np.cumsum(areas[::-1])[::-1][1:]
        stay = risk > ended
        spread = np.where(stay, after**2 * ended / (risk * np.where(stay, risk - ended, 1)), 0.0)
        return float(areas.sum()), float(spread.sum())

    def to_dict(self) -> dict[str, Any]:
        """Return the curve as columns."""
        low, high = self.bounds
        columns = {"time": self.times, "at_risk": self.at_risk, "ended": self.ended, "left": self.left}
        return {name: each.tolist() for name, each in {**columns, "low": low, "high": high}.items()}

    def _at(self, time: Any) -> int:
        _refuse_beyond(self.times, time, self.unit, all_ended=not self.waiting)
        return int(np.searchsorted(self.times, time, side="right")) - 1

    def _passes(self, curve: Floats, share: Fraction) -> Fraction | None:
        passed = curve <= float(1 - share) + NEAR
        return Fraction(self.times[int(np.argmax(passed))].item()) if passed.any() else None


def _around(left: Floats, spread: Floats, scale: Scale) -> tuple[Floats, Floats]:
    """Return the interval of shares; where nobody is left it reaches from 0 to where it reached before."""
    some = (left > 0) & (left < 1)
    share, deviation = left[some], np.sqrt(spread[some])
    if scale == "plain":
        ends = share - Z * share * deviation, share + Z * share * deviation
    elif scale == "log":
        ends = share * np.exp(-Z * deviation), share * np.exp(Z * deviation)
    else:
        arm = Z * deviation / np.abs(np.log(share))
        ends = share ** np.exp(arm), share ** np.exp(-arm)
    low, high = np.where(left > 0, 1.0, 0.0), np.ones(len(left))
    low[some], high[some] = (np.clip(end, 0, 1) for end in ends)
    none = np.flatnonzero(left <= 0)
    if len(none) and none[0]:
        high[none] = high[none[0] - 1]
    return low, high


def kaplan_meier(
    times: Numbers, ended: Numbers, waiting: Numbers | None = None, *, scale: Scale = "log-log", unit: Words = TIMES
) -> Waiting:
    """Return who still waits after each time, from how many ended and how many were last seen waiting at it.

    times: whole or broken numbers, in any order and repeated as they come. ended, waiting: how many; all of shape
    (times,). What waits up to the time at which another ends still waited when it ended. Time in the case's own term
    lets cases with different terms share a curve, which is then read at 1.

    >>> curve = kaplan_meier(np.array([9, 13, 13, 18]), np.array([1, 1, 0, 1]), np.array([0, 0, 1, 0]))
    >>> [round(share, 3) for share in curve.left.tolist()]
    [0.75, 0.5, 0.0]
    """
    _check_scale(scale)
    distinct, (went, stayed) = _by_time(times, [ended, np.zeros_like(ended) if waiting is None else waiting])
    return Waiting(distinct, _at_risk(went + stayed), went, scale, unit)


def _by_time(times: Numbers, counts: list[Numbers]) -> tuple[Numbers, list[npt.NDArray[np.int64]]]:
    """Return the different times in order, and each count summed by them; times of which nothing is counted go."""
    shapes = {np.shape(each) for each in (times, *counts)}
    if len(shapes) > 1 or any((each < 0).any() for each in counts) or np.isnan(np.asarray(times, float)).any():
        raise UsageError(
            "Times and how many ended or waited at them do not fit",
            got=f"shapes {', '.join(map(str, sorted(shapes)))}",
            allowed="arrays of one shape, no time that is not a number, no count below 0",
            remedy="give one count for each time",
        )
    some = np.sum(counts, axis=0) > 0
    times, counts = times[some], [each[some].astype(np.int64) for each in counts]
    if not len(times):
        return times, counts
    order = np.argsort(times, kind="stable")
    times = times[order]
    starts = np.flatnonzero(np.append(True, times[1:] != times[:-1]))
    return times[starts], [np.add.reduceat(each[order], starts) for each in counts]


def _at_risk(gone: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    found: npt.NDArray[np.int64] = np.cumsum(gone[::-1])[::-1].astype(np.int64)
    return found


def _check_scale(scale: str) -> None:
    if scale not in SCALES:
        raise UsageError("An interval is made on no such scale", got=scale, allowed=SCALES, remedy="name one of these")


def _refuse_beyond(times: Numbers, time: Any, unit: Words, *, all_ended: bool) -> None:
    if not len(times) or time < 0 or (time > times[-1] and not all_ended):
        raise UsageError(
            "Nothing is known of that time: no case was followed for so long",
            got=time,
            allowed=f"0 to {times[-1]} {unit.en}" if len(times) else "no time: there is no case",
            remedy="ask for an earlier time, or look at the cases again later",
        )


@attrs.frozen(eq=False, slots=False)
class Ends:
    """How many had come to each of several ends, by Aalen and Johansen, where one end keeps the others from coming.

    all_ends: the curve of any end. ends: by name, how many came to it at each time, shape (times,).
    """

    all_ends: Waiting
    ends: Mapping[str, npt.NDArray[np.int64]]
    called: Mapping[str, Words]

    def ended_by(self, end: str, time: Fraction | int | float) -> Ended:
        """Return which share of all had come to an end by a time; the shares of all ends and of who waits make 1."""
        if end not in self.ends:
            raise UsageError("There is no such end", got=end, allowed=tuple(self.ends), remedy="name one of these")
        curve = self.all_ends
        at_risk, (share, variance) = curve.followed(time), self.estimated(end, time)
        high, low = Fraction(1), Fraction(0)
        if not share:
            high = _most_of_none(at_risk)
        elif share < 1:
            # what has not come to this end is taken as the share left is: with one end alone the two are the same
            rest = np.array([1 - share])
            found = _around(rest, np.array([variance]) / rest**2, curve.scale)
            high, low = (_fraction(1 - float(end[0])) for end in found)
        return Ended(
            by=Fraction(time),
            share=_fraction(share),
            interval=Interval(low, high, f"Aalen-Johansen, {curve.scale}"),
            cases=curve.cases,
            waiting=curve.waiting,
            at_risk=at_risk,
            unit=curve.unit,
            end=self.called.get(end, Words(f"had ended as {end}", f"afsluttet som {end}")),
        )

    def estimated(self, end: str, time: Fraction | int | float) -> tuple[float, float]:
        """Return the share of all that had come to an end by a time, and its variance.

        By the delta method (Marubini and Valsecchi 1995).
        """
        curve = self.all_ends
        place = curve._at(time) + 1
        risk, gone = curve.at_risk[:place].astype(float), curve.ended[:place].astype(float)
        came = self.ends[end][:place].astype(float)
        before = np.append(1.0, curve.left)[:place]
        grown = np.cumsum(before * came / risk)
        share = float(grown[-1]) if place else 0.0
        if not share:
            return 0.0, 0.0
        rest = share - grown
        stay = risk > gone
        spread = np.where(stay, rest**2 * gone / (risk * np.where(stay, risk - gone, 1)), 0.0)
        spread += before**2 * came * (risk - came) / risk**3 - 2 * rest * before * came / risk**2
        return share, max(float(spread.sum()), 0.0)


def aalen_johansen(
    times: Numbers,
    ends: Mapping[str, Numbers],
    waiting: Numbers | None = None,
    *,
    scale: Scale = "log-log",
    unit: Words = TIMES,
    called: Mapping[str, Words] | None = None,
) -> Ends:
    """Return how many had come to each end, such as decided, withdrawn and dismissed, after each time.

    ends: by name, how many came to it at each of the times. called: by name, how a sentence says it, such as
    Words("had been decided", "afgjort"). A case that was withdrawn can no longer be decided: to count it as one
    that waits, as `kaplan_meier` would, answers what had been if nobody ever withdrew.
    """
    _check_scale(scale)
    none = np.zeros(np.shape(times), np.int64)
    distinct, found = _by_time(times, [*ends.values(), none if waiting is None else waiting])
    came = dict(zip(ends, found[:-1], strict=True))
    gone = np.sum(found[:-1], axis=0).astype(np.int64) if came else found[-1] * 0
    return Ends(Waiting(distinct, _at_risk(gone + found[-1]), gone, scale, unit), came, called or {})


def _most_of_none(followed: int) -> Fraction:
    """Return the greatest share that none of so many followed leaves open: Greenwood says 0, as if sure."""
    return interval(Sample(Fraction(0), followed)).high if followed else Fraction(1)


def _fraction(share: float) -> Fraction:
    # a share that floats leave a hair's breadth outside or beside a round one is that one
    near = Fraction(share).limit_denominator(10**6)
    return near if math.isclose(float(near), share, rel_tol=0, abs_tol=1e-14) else Fraction(share)
