"""Tallies on disk: a line of JSON and the integers as they are; versioned, and nothing in it is executed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np

from casequality.errors import InputError
from casequality.metrics.axis import Axis
from casequality.metrics.cells import COUNTED, unpack
from casequality.metrics.tally import Accounts, Assumed, Tally

MAGIC: Final = b"casequality tally 2\n"
ARRAYS: Final = ("cells", "values", "numbers", "doubts")


def to_bytes(tally: Tally) -> bytes:
    """Return the stored form; equal tallies give equal bytes."""
    arrays = {name: np.ascontiguousarray(getattr(tally, name), "<i8") for name in ARRAYS}
    head = {
        "assumed": attrs.asdict(tally.assumed),
        "accounts": attrs.asdict(tally.accounts),
        "labels": tally.labels,
        "facets": tally.facets,
        "shapes": {name: array.shape for name, array in arrays.items()},
    }
    line = json.dumps(head, default=str, sort_keys=True, ensure_ascii=False).encode()
    return b"".join([MAGIC, line, b"\n", *(array.tobytes() for array in arrays.values())])


def from_bytes(stored: bytes, where: str = "a stored tally") -> Tally:
    """Return the tally of a stored form; raise `InputError` for anything else."""
    try:
        return _read(stored)
    except (ValueError, LookupError, TypeError, AttributeError) as fault:
        got = type(fault).__name__ if stored.startswith(MAGIC) else "another kind or version of file"
        raise _not_a_tally(where, got, MAGIC) from None


def read_whole(path: Path | str, magic: bytes) -> bytes:
    """Return what follows the first line of a file; raise `InputError` where it is missing or begins otherwise."""
    try:
        content = Path(path).read_bytes()
    except OSError as fault:
        raise InputError(
            "A tally cannot be opened", where=str(path), got=fault.strerror, remedy="check the path"
        ) from None
    if not content.startswith(magic) or b"\n" not in content[len(magic) :]:
        raise _not_a_tally(str(path), "another kind or version of file", magic)
    return content[len(magic) :]


def _read(stored: bytes) -> Tally:
    if not stored.startswith(MAGIC):
        raise ValueError
    end = stored.index(b"\n", len(MAGIC))
    head: dict[str, Any] = json.loads(stored[len(MAGIC) : end])
    body, arrays = stored[end + 1 :], {}
    for name in ARRAYS:
        shape = head["shapes"][name]
        size = 8 * int(np.prod(shape))
        arrays[name] = np.frombuffer(body[:size], "<i8").reshape(shape).astype(np.int64)
        body = body[size:]
    tally = Tally(
        assumed=_assumed(head["assumed"]),
        accounts=Accounts(**{**head["accounts"], "covered": tuple(head["accounts"]["covered"])}),
        labels=tuple(map(tuple, head["labels"])),
        facets=tuple(head["facets"]),
        **arrays,
    )
    if body or not _fits(tally):
        raise ValueError
    return tally


def _fits(tally: Tally) -> bool:
    """Return whether the arrays have the shapes and the coordinates that the head speaks of."""
    (cells,), pairs = tally.cells.shape, tally.numbers.shape[-1]
    known = {"facet": tally.facets, "group": tally.labels, "outcome": tally.assumed.outcomes}
    return (tally.values.shape, tally.numbers.shape) == ((len(COUNTED), cells), (3, pairs)) and all(
        int(unpack(packed, name).max(initial=-1)) < len(names)
        for packed in (tally.cells, tally.numbers[0])
        for name, names in known.items()
    )


def _assumed(plain: dict[str, Any]) -> Assumed:
    axis = Axis(plain["axis"]["zone"], tuple(dt.date.fromisoformat(day) for day in plain["axis"]["further"]))
    where = tuple((field, tuple(labels)) for field, labels in plain["where"])
    return Assumed(
        **{
            **plain,
            "axis": axis,
            "where": where,
            "outcomes": tuple(plain["outcomes"]),
            "groups": tuple(plain["groups"]),
        }
    )


def _not_a_tally(where: str, got: str, magic: bytes) -> InputError:
    return InputError(
        "This is not a tally that can be read",
        where=where,
        got=got,
        allowed=magic.decode().strip(),
        remedy="save the tally again with this version, or copy the whole file",
    )
