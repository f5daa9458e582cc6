"""Tallies as bytes: a readable head, each different column once; versioned, and nothing in it is executed.

The forms before are read too. In the first each tally was a line of JSON and its integers as they were; a file of
several began with the length of each by metric. The second did not say what becomes of a record whose label is not
known in the groups that it may belong to.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import zone_info
from casequality.files import Seal
from casequality.metrics.tallies import COUNTS, Accounts, Assumed, Axis, Blocks, Tally, Written, cells, doubts


def plain_assumed(assumed: Assumed) -> dict[str, Any]:
    """Return what a tally assumes as plain data."""
    days = [day.isoformat() for day in assumed.axis.further]
    return {**attrs.asdict(assumed, recurse=False), "axis": {"zone": assumed.axis.zone, "further": days}}


def assumed_of(plain: Mapping[str, Any]) -> Assumed:
    """Return what a tally assumes; raise `ValueError`, `TypeError` or `LookupError` for what is no such thing."""
    days = tuple(map(dt.date.fromisoformat, texts_of(plain["axis"]["further"])))
    as_of = dt.datetime.fromisoformat(_text(plain["as_of"])).isoformat(timespec="microseconds")
    # only in the one spelling that is written: equal tallies are equal to the byte
    if as_of != plain["as_of"] or "+" in as_of or type(plain["doubts_kept"]) is not bool:
        raise ValueError
    return Assumed(
        **{
            **plain,
            "metric": _text(plain["metric"]),
            "version": _whole(plain["version"]),
            "parameters": {_text(name): _text(value) for name, value in plain["parameters"].items()},
            "outcomes": texts_of(plain["outcomes"]),
            "groups": texts_of(plain["groups"]),
            "where": tuple((_text(field), texts_of(labels)) for field, labels in _several(plain["where"])),
            "axis": Axis(zone_info(_text(plain["axis"]["zone"])).key, days),
            "calendar": _text(plain["calendar"]),
        }
    )


def accounts_of(plain: Mapping[str, Any]) -> Accounts:
    """Return where records went; raise as `assumed_of`."""
    made = Accounts(**{**plain, "covered": texts_of(plain["covered"])})
    for many in (made.read, made.set_aside, made.later, made.elsewhere, made.orphans):
        _whole(many)
    for counts in (made.findings, made.marks):
        for name, many in counts.items():
            _text(name)
            _whole(many)
    _text(made.expects)
    return made


def labels_of(plain: Any) -> tuple[tuple[str | None, ...], ...]:
    """Return the labels of groups; raise as `assumed_of`."""
    return tuple(tuple(None if part is None else _text(part) for part in _several(label)) for label in _several(plain))


def texts_of(plain: Any) -> tuple[str, ...]:
    """Return texts; raise as `assumed_of`."""
    return tuple(map(_text, _several(plain)))


def _several(plain: Any) -> list[Any]:
    if not isinstance(plain, list):
        raise TypeError
    return plain


def _text(plain: Any) -> str:
    if not isinstance(plain, str):
        raise TypeError
    return plain


def _whole(plain: Any) -> int:
    # not isinstance: JSON's true is an int to Python
    if type(plain) is not int:
        raise TypeError
    return plain


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
    values = np.zeros((len(COUNTS), len(arrays["cells"])), np.int64)
    values[[COUNTS.index(name) for name in COUNTED_THEN]] = arrays["values"]
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


SEAL: Final = Seal(
    b"casequality tallies 3\n", "tally", "save the tally again with this version, or copy the whole file"
)
BEFORE: Final = attrs.evolve(SEAL, line=b"casequality tallies 2\n")
VALUES: Final = tuple(cells.COUNTS)
NUMBERS: Final = ("cell", "number", "count")
DOUBTS: Final = tuple(doubts.COLUMNS)
# all that a damaged head, or one made to mislead, can raise on its way to being a tally
UNREADABLE: Final = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)


def to_bytes(tally: Tally) -> bytes:
    """Return the stored form of one tally; equal tallies give equal bytes."""
    return all_to_bytes({tally.assumed.metric: tally})


def from_bytes(stored: bytes, where: str = "a stored tally") -> Tally:
    """Return the tally of a stored form that holds one; raise `InputError` for anything else."""
    found = all_from_bytes(stored, where)
    if len(found) != 1:
        SEAL.refuse(where, f"{len(found)} tallies where one is expected")
    return next(iter(found.values()))


def all_to_bytes(tallies: Mapping[str, Tally]) -> bytes:
    """Return the stored form of several tallies by name; what they share is in it once."""
    blocks = Written()
    plain = {name: to_plain(tally, blocks) for name, tally in sorted(tallies.items())}
    return SEAL.close({"tallies": plain, "blocks": blocks.lengths}, blocks.body, holds=blocks.holds)


def all_from_bytes(stored: bytes, where: str) -> dict[str, Tally]:
    """Return the tallies of a stored form by name; raise `InputError` for anything else.

    Tallies of the forms before are read too: those of the first, and those of the second in which labels are not known,
    do not know which of their records were in doubt.
    """
    if is_before(stored):
        try:
            found = read_before(stored)
            if not all(map(fits, found.values())):
                raise ValueError
            return found
        except UNREADABLE as fault:
            SEAL.refuse(where, f"{type(fault).__name__} in a file of the version before")
    before = stored.startswith(BEFORE.line)
    opened = (BEFORE if before else SEAL).open(stored, where)
    try:
        blocks = Blocks.of(opened.head["blocks"], opened.body, opened.room)
        found = {name: of_plain(plain, blocks) for name, plain in opened.head["tallies"].items()}
    except UNREADABLE as fault:
        SEAL.refuse(where, type(fault).__name__)
    return {name: _as_kept_then(tally) for name, tally in found.items()} if before else found


def _as_kept_then(tally: Tally) -> Tally:
    """Return a tally of the second form: where a label is not known, it does not say what is in doubt of its records.

    Where each record has a label in every field, and nobody doubts that it is asked for, it says all that there is.
    """
    groups = len(tally.assumed.groups)
    blurred = doubts.ASTRAY | ((1 << groups) - 1) << doubts.LABELS
    sound = not (tally.doubts[1] & blurred).any() and all(None not in label for label in tally.labels)
    return tally if sound else attrs.evolve(tally, assumed=attrs.evolve(tally.assumed, doubts_kept=False))


def to_plain(tally: Tally, blocks: Written) -> dict[str, Any]:
    """Return a tally as plain data, its texts and columns in blocks."""
    columns = {
        "values": zip(VALUES, blocks.table(tally.values), strict=True),
        "numbers": zip(NUMBERS, blocks.table(tally.numbers), strict=True),
        "doubts": zip(DOUBTS, blocks.table(tally.doubts), strict=True),
    }
    return {
        "assumed": plain_assumed(tally.assumed),
        "accounts": blocks.add(_as_json(attrs.asdict(tally.accounts))),
        "labels": blocks.add(_as_json(tally.labels)),
        "facets": tally.facets,
        "cells": blocks.table(tally.cells[None, :])[0],
        **{name: dict(places) for name, places in columns.items()},
    }


def of_plain(plain: Mapping[str, Any], blocks: Blocks) -> Tally:
    """Return the tally of such plain data; raise any of `UNREADABLE` for what is none."""
    tally = Tally(
        assumed=assumed_of(plain["assumed"]),
        accounts=accounts_of(json.loads(blocks.raw(plain["accounts"]))),
        labels=labels_of(json.loads(blocks.raw(plain["labels"]))),
        facets=texts_of(plain["facets"]),
        cells=blocks.table([plain["cells"]], 1)[0],
        values=_table(plain["values"], VALUES, blocks),
        numbers=_table(plain["numbers"], NUMBERS, blocks),
        doubts=_table(plain["doubts"], DOUBTS, blocks),
    )
    assumed, columns = tally.assumed, [(VALUES, "values"), (NUMBERS, "numbers"), (DOUBTS, "doubts")]
    # metrics that share all that is looked at are looked at once
    key = (
        *(plain["cells"], plain["labels"], len(tally.facets)),
        *(assumed.axis.cells, len(assumed.groups), len(assumed.outcomes)),
        *(plain[table][name] for names, table in columns for name in names),
    )
    if key not in blocks.sound and not fits(tally):
        raise ValueError
    blocks.sound.add(key)
    return tally


def fits(tally: Tally) -> bool:
    """Return whether a tally is one: columns of one length, in order, and of what its head speaks of."""
    labels = {len(label) for label in tally.labels} | {len(tally.assumed.groups)}
    if len(labels) > 1 or tally.values.shape[1] != len(tally.cells):
        return False
    kinds = tally.doubts[1]
    counted = tally.doubts[0][(kinds & doubts.COUNTED) > 0]
    return (
        _placed(tally, tally.cells, tally.assumed.axis.cells)
        and _placed(tally, tally.numbers[0], tally.assumed.axis.cells)
        and _placed(tally, tally.doubts[0], 1 << cells.BITS["exit"])
        and _rising(tally.cells[None, :])
        and _rising(tally.numbers[:2])
        and _rising(tally.doubts[: doubts.KEYS])
        and _among(tally.cells, tally.numbers[0])
        and _among(tally.cells, counted)
        and _none_negative(tally)
        and bool((kinds >= 0).all() and ((kinds & doubts.COUNTED - 1) < len(doubts.KINDS)).all())
    )


def _placed(tally: Tally, packed: Any, times: int) -> bool:
    """Return whether all coordinates of cells are known; times: how many cells of time an exit may have."""
    known = {
        "facet": len(tally.facets),
        "entry": tally.assumed.axis.cells,
        "exit": times,
        "group": len(tally.labels),
        "outcome": len(tally.assumed.outcomes),
    }
    if len(packed) and int(packed.min()) < 0:
        return False
    return all(int(cells.unpack(packed, name).max(initial=-1)) < many for name, many in known.items())


def _among(known: Any, wanted: Any) -> bool:
    """Return whether known numbers, in order, hold all that are wanted."""
    if not len(known):
        return not len(wanted)
    places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return bool((known[places] == wanted).all())


def _none_negative(tally: Tally) -> bool:
    """Return whether everything that is counted is, which amounts are not."""
    counted = [row for name, row in zip(VALUES, tally.values, strict=True) if name != "amount"]
    return all(int(row.min(initial=0)) >= 0 for row in (*counted, tally.numbers[2], *tally.doubts[doubts.KEYS : -1]))


def _rising(keys: Any) -> bool:
    """Return whether keys, shape (columns, rows), are in order and each there once."""
    rising, equal = np.zeros(max(keys.shape[1] - 1, 0), bool), np.ones(max(keys.shape[1] - 1, 0), bool)
    for column in keys:
        rising |= equal & (column[1:] > column[:-1])
        equal &= column[1:] == column[:-1]
    return bool(rising.all())


def _table(places: Mapping[str, Any], names: tuple[str, ...], blocks: Blocks) -> Any:
    if len(places) != len(names):
        raise ValueError
    return blocks.table([places[name] for name in names], len(names))


def _as_json(plain: Any) -> bytes:
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()
