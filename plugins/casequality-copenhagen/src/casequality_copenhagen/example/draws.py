"""Draws by a seed: the same seed gives the same example on every machine."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A stream of draws; only `random.Random.random` is used, which Python promises to keep."""

    def __init__(self, seed: str) -> None:
        self._stream = random.Random(seed)  # noqa: S311  invented records need no secret

    def chance(self, share: float) -> bool:
        """Return True in so great a share of the draws."""
        return self._stream.random() < share

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both possible."""
        return low + int(self._stream.random() * (high - low + 1))

    def one_of(self, weights: Mapping[T, float]) -> T:
        """Return one of the keys, each as often as its weight says."""
        left = self._stream.random() * sum(weights.values())
        for each, weight in weights.items():
            left -= weight
            if left < 0:
                return each
        return each

    def some(self, given: Sequence[T], count: int) -> list[T]:
        """Return so many of the given, in their order."""
        chosen: set[int] = set()
        while len(chosen) < count:
            chosen.add(self.whole(0, len(given) - 1))
        return [given[at] for at in sorted(chosen)]

    def wait(self, mean: float) -> int:
        """Return a number of seconds or days with an exponential distribution."""
        return int(-mean * math.log(1 - self._stream.random()))
