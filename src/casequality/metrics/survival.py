"""The time by which a share of what began had ended, by Kaplan and Meier, for many figures at once and exactly."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from casequality.arrays import Integers, Mask

Numbered: TypeAlias = tuple[npt.NDArray[np.intp], Integers, Integers]
NEAR: Final = 1e-9
"""How close to its mark a product of floats may come before whole numbers decide."""


def time_to_end(figures: int, ended: Numbered, waited: Numbered, p: Fraction) -> tuple[Integers, Mask, Mask]:
    """Return the least time at which at most 1 - p still wait, where that is reached, and where there is any record.

    ended, waited: figure, time and how many, in no order. The product over all times is taken once, as running sums of
    logarithms; only where it passes the mark closely are its factors multiplied as whole numbers.
    """
    figure, time = (np.concatenate([ended[place], waited[place]]) for place in (0, 1))
    ends = np.concatenate([ended[2], 0 * waited[2]])
    out = np.concatenate([ended[2], waited[2]])
    found, met, some = np.zeros(figures, np.int64), np.zeros(figures, bool), np.zeros(figures, bool)
    if not len(figure):
        return found, met, some
    order = np.lexsort((time, figure))
    figure, time, ends, out = figure[order], time[order], ends[order], out[order]
    new = np.append(True, (figure[1:] != figure[:-1]) | (time[1:] != time[:-1]))
    starts = np.flatnonzero(new)
    figure, time = figure[starts], time[starts]
    ends, out = np.add.reduceat(ends, starts), np.add.reduceat(out, starts)
    first = np.flatnonzero(np.append(True, figure[1:] != figure[:-1]))
    lengths = np.diff(np.append(first, len(figure)))
    gone = np.cumsum(out)
    total = np.add.reduceat(out, first)
    left = np.repeat(total + gone[first] - out[first], lengths) - gone + out
    some[figure[first]] = total > 0
    with np.errstate(divide="ignore"):
        steps = np.log1p(-ends / np.maximum(left, 1))
    for begin, length in zip(first.tolist(), lengths.tolist(), strict=True):
        stretch = slice(begin, begin + length)
        place = _first_passed(np.exp(np.cumsum(steps[stretch])), left[stretch], ends[stretch], 1 - p)
        if place is not None and total[np.searchsorted(first, begin)]:
            found[figure[begin]], met[figure[begin]] = time[begin + place], True
    return found, met, some


def _first_passed(waiting: npt.NDArray[np.float64], left: Integers, ends: Integers, mark: Fraction) -> int | None:
    """Return the first place at which no more than `mark` still wait, None where that is not reached."""
    if mark == 1:  # all may wait still: the first end is asked for
        return int(np.argmax(ends > 0)) if (ends > 0).any() else None
    place = int(np.searchsorted(-waiting, -(float(mark) + NEAR)))
    while place < len(waiting):
        if waiting[place] < float(mark) - NEAR or _waiting(left[: place + 1], ends[: place + 1]) <= mark:
            return place
        place += 1 + int(np.argmax(ends[place + 1 :] > 0)) if (ends[place + 1 :] > 0).any() else len(waiting)
    return None


def _waiting(left: Integers, ends: Integers) -> Fraction:
    """Return the exact product of (left - ends) / left, most of whose factors cancel against their neighbours."""
    some = ends > 0
    above, below = (left - ends)[some], left[some]
    cancels = np.append(above[:-1] == below[1:], False)
    after: Any = np.append(False, cancels[:-1])
    return Fraction(math.prod(above[~cancels].tolist()), math.prod(below[~after].tolist()))
