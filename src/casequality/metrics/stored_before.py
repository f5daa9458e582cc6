"""Reading the stored form that was written before tallies kept their records in doubt.

Each tally was a line of JSON and its integers as they were; a file of several began with the length of each by metric.
"""

from __future__ import annotations

import json
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.metrics.cells import COUNTED
from casequality.metrics.plain_tally import accounts_of, assumed_of, labels_of, texts_of
from casequality.metrics.tally import Tally

ONE: Final = b"casequality tally 1\n"
SEVERAL: Final = b"casequality tallies 1\n"
SHAPES: Final = {"cells": 1, "values": 2, "numbers": 2}
COUNTED_THEN: Final = ("rows", "cases", "measured", "amount", "sensitive")


def is_before(stored: bytes) -> bool:
    """Return whether bytes begin as that form does."""
    return stored.startswith((ONE, SEVERAL))


def read_before(stored: bytes) -> dict[str, Tally]:
    """Return the tallies by metric; raise `stored.UNREADABLE` for no such form.

    Each is called by the metric's id instead of the place of its class. What was not counted then is 0.
    """
    if stored.startswith(ONE):
        tally = _one(stored)
        return {tally.assumed.metric: tally}
    end = stored.index(b"\n", len(SEVERAL))
    found, start = {}, end + 1
    for name, length in json.loads(stored[len(SEVERAL) : end]).items():
        if type(length) is not int or length <= 0:
            raise ValueError
        tally = _one(stored[start : start + length])
        found[name] = attrs.evolve(tally, assumed=attrs.evolve(tally.assumed, metric=name))
        start += length
    if start != len(stored):
        raise ValueError
    return found


def _one(stored: bytes) -> Tally:
    if not stored.startswith(ONE):
        raise ValueError
    end = stored.index(b"\n", len(ONE))
    head: dict[str, Any] = json.loads(stored[len(ONE) : end])
    arrays = _arrays(head["shapes"], stored[end + 1 :])
    if arrays["values"].shape != (len(COUNTED_THEN), len(arrays["cells"])) or len(arrays["numbers"]) != 3:
        raise ValueError
    values = np.zeros((len(COUNTED), len(arrays["cells"])), np.int64)
    values[[COUNTED.index(name) for name in COUNTED_THEN]] = arrays["values"]
    return Tally(
        assumed=assumed_of({**head["assumed"], "doubts_kept": False}),
        accounts=accounts_of(head["accounts"]),
        labels=labels_of(head["labels"]),
        facets=texts_of(head["facets"]),
        cells=arrays["cells"],
        values=values,
        numbers=arrays["numbers"],
    )


def _arrays(shapes: Any, body: bytes) -> dict[str, npt.NDArray[np.int64]]:
    """Return the arrays of a body; what they hold is in it, so that no head can ask for more memory than that."""
    found, start = {}, 0
    for name, dimensions in SHAPES.items():
        shape = shapes[name]
        if len(shape) != dimensions or any(type(size) is not int or size < 0 for size in shape):
            raise ValueError
        size = 8
        for each in shape:
            size *= each
        if size > len(body) - start:
            raise ValueError
        found[name] = np.frombuffer(body[start : start + size], "<i8").reshape(shape).astype(np.int64)
        start += size
    if start != len(body):
        raise ValueError
    return found
