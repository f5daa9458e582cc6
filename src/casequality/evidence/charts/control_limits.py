"""Control limits: what a stable process stays within by chance, and which points signal that it is not stable."""

from __future__ import annotations

import math
from typing import Final, Literal, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

Kind: TypeAlias = Literal["xmr", "p", "u", "p'", "u'"]
Floats: TypeAlias = npt.NDArray[np.float64]
ARM: Final = 2.66
"""Moving ranges between the mean and a limit of three standard deviations, as printed; 3 / 1.128 has more digits."""
WIDE: Final = 3.267
"""A moving range so many times their mean is beyond three standard deviations of a range."""
RANGE: Final = 1.128  # the mean range of two draws in standard deviations
LENGTH: Final = 7
"""Points on one side of the centre, or each above the one before, that are a signal."""
EVEN: Final = 1e-12
"""A value nearer to the centre or a limit than floats can tell lies on it."""


@attrs.frozen(eq=False)
class ControlLimits:
    """The centre and the limits of each point, shape (points,); sigma: what is a third of the way between them."""

    centre: Floats
    low: Floats
    high: Floats
    sigma: Floats
    dispersion: float


def limits_of(kind: Kind, values: Floats, sizes: Floats | None) -> ControlLimits:
    """Return the limits of one stretch of points; for xmr of several, each along the last axis.

    xmr: the mean, and 2.66 mean moving ranges. p: shares of `sizes` cases; u: counts for each unit of `sizes`. p', u':
    Laney's (Quality Engineering 14, 2002), which widen those by as much as the points vary more than chance alone.
    dispersion: how many times as much they vary; 1 for what chance alone explains, NaN for xmr.
    """
    if kind == "xmr" or sizes is None:
        middle, arm = values.mean(axis=-1, keepdims=True), ARM * _mean_range(values)
        ends = [np.broadcast_to(end, values.shape) for end in (middle, middle - arm, middle + arm, arm / 3)]
        return ControlLimits(ends[0], ends[1], ends[2], ends[3], math.nan)
    centre = float((values * sizes).sum() / sizes.sum())
    spread = centre * (1 - centre) if kind[0] == "p" else centre
    sigma = np.sqrt(max(spread, 0.0) / sizes)
    standing = (values - centre) / np.where(sigma > 0, sigma, 1)
    dispersion = float(np.abs(np.diff(standing)).mean()) / RANGE if len(values) > 1 else 1.0
    sigma = sigma * dispersion if kind.endswith("'") else sigma
    most = 1.0 if kind[0] == "p" else math.inf
    low, high = np.maximum(centre - 3 * sigma, 0), np.minimum(centre + 3 * sigma, most)
    return ControlLimits(np.full(len(values), centre), low, high, sigma, dispersion)


def _mean_range(values: Floats) -> Floats:
    """Return the mean moving range, those beyond its own limit left out, shape (..., 1).

    One point that stands apart makes two wide ranges, and would widen the limits that it is to be held against.
    """
    ranges = np.abs(np.diff(values, axis=-1))
    if not ranges.shape[-1]:
        return np.zeros((*values.shape[:-1], 1))
    mean = ranges.mean(axis=-1, keepdims=True)
    kept = ranges <= WIDE * mean
    found: Floats = np.where(kept, ranges, 0).sum(axis=-1, keepdims=True) / kept.sum(axis=-1, keepdims=True)
    return found


def signals_of(values: Floats, limits: ControlLimits, length: int = LENGTH) -> npt.NDArray[np.int64]:
    """Return by point the place in `RULES` of the first rule that it breaks, negative below the centre, 0 for none.

    Any leading axes are those of several charts. outside: beyond a limit. trend: one of `length` points each above
    (below) the one before. two of three: one of two, among three in a row on one side, further than two thirds of the
    way to a limit and not beyond it. run: one of `length` in a row on one side of the centre.
    """
    even = EVEN * np.maximum(1, np.abs(limits.centre))
    away = values - limits.centre
    side = np.where(np.abs(away) <= even, 0, np.sign(away)).astype(np.int64)
    outside = (values > limits.high + even) | (values < limits.low - even)
    close = (np.abs(away) > 2 * limits.sigma + even) & ~outside
    steps = np.diff(values, axis=-1)
    climbs = np.where(np.abs(steps) <= even[..., 1:], 0, np.sign(steps)).astype(np.int64)
    trend = _in_row(climbs, length - 1, length)
    run = _in_row(side, length, length)
    pairs = np.zeros(values.shape, bool)
    threes = values.shape[-1] - 2
    if threes > 0:
        found = (np.abs(_sums(side, 3)) == 3) & (_sums(close, 3) >= 2)
        for place in range(3):
            pairs[..., place : place + threes] |= found
        pairs &= close
    rules = [(outside, side), (trend != 0, trend), (pairs, side), (run != 0, run)]
    return np.select([met for met, _ in rules], [way * place for place, (_, way) in enumerate(rules, 1)], 0)


def _in_row(signs: npt.NDArray[np.int64], length: int, points: int) -> npt.NDArray[np.int64]:
    """Return by point the sign of the latest stretch of `length` equal signs, spanning `points`, that it is part of."""
    wide, many = signs.shape[-1] + points - length, signs.shape[-1] - length + 1
    found = np.zeros((*signs.shape[:-1], wide), np.int64)
    if many > 0:
        whole = _sums(signs, length)
        way = np.where(np.abs(whole) == length, np.sign(whole), 0)
        for place in reversed(range(points)):  # of the stretches that a point is part of, the latest comes last
            stretch = slice(place, place + many)
            found[..., stretch] = np.where(way != 0, way, found[..., stretch])
    return found


def _sums(values: npt.NDArray[np.int64] | npt.NDArray[np.bool_], length: int) -> npt.NDArray[np.int64]:
    """Return the sum of each `length` in a row, at the place of the first of them."""
    upto = np.cumsum(values, axis=-1, dtype=np.int64)
    found: npt.NDArray[np.int64] = upto[..., length - 1 :].copy()
    found[..., 1:] -= upto[..., :-length]
    return found
