"""Tallies as bytes: a readable head, each different column once; versioned, and nothing in it is executed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import attrs
import numpy as np

from casequality.metrics import cells, doubts
from casequality.metrics.stored_before import is_before, read_before
from casequality.metrics.columns import Blocks, Written
from casequality.metrics.plain_tally import accounts_of, assumed_of, labels_of, plain_assumed, texts_of
from casequality.metrics.tally import Tally
from casequality.sealed import Seal

SEAL: Final = Seal(
    b"casequality tallies 2\n", "tally", "save the tally again with this version, or copy the whole file"
)
VALUES: Final = tuple(cells.COUNTED)
NUMBERS: Final = ("cell", "number", "count")
DOUBTS: Final = tuple(doubts.COLUMNS)
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

    Tallies of the version before are read too: they do not know which of their records were in doubt.
    """
    if is_before(stored):
        try:
            found = read_before(stored)
            if not all(map(fits, found.values())):
                raise ValueError
            return found
        except UNREADABLE as fault:
            SEAL.refuse(where, f"{type(fault).__name__} in a file of the version before")
    opened = SEAL.open(stored, where)
    try:
        blocks = Blocks.of(opened.head["blocks"], opened.body, opened.room)
        return {name: of_plain(plain, blocks) for name, plain in opened.head["tallies"].items()}
    except UNREADABLE as fault:
        SEAL.refuse(where, type(fault).__name__)


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
    if not fits(tally):
        raise ValueError
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
