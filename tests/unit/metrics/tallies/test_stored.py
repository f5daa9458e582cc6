"""Stored tallies: what is in the bytes, and that nothing else is ever read from them."""

from __future__ import annotations

import datetime as dt
import json
import struct
import tracemalloc
import zlib
from hashlib import sha256
from typing import Any

import attrs
import numpy as np
import pytest

from casequality import files as sealed
from casequality.errors import InputError
from casequality.metrics.tallies import stored
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.tally import Accounts, Tally, merge
from tests.factories.records import of_rows
from tests.factories.tallies import ZONE, Entry, Told, entry, tallied
from tests.unit.metrics.tallies.test_columns import read_plainly

ROWS = [
    entry(on, until, what, amount=5, bin=7, times=2, office=office)
    for on, until, what, office in [
        ("2010-01-04", "2010-03-01", "yes", "øst"),
        ("2010-02-05", None, "open", None),
        ("1989-02-05", "2010-02-01", "no", "vest"),
        (None, None, "unknown", "vest"),
    ]
]
ACCOUNTS = Accounts(
    read=9,
    set_aside=2,
    later=2,
    elsewhere=1,
    findings={"received_on: unreadable value": 2},
    marks={"closed_on: 2050-12-31": 4},
    expects="day",
    covered=("2010-01-04", "2010-02-05"),
)
AXIS = Axis(ZONE, (dt.date(2010, 6, 15),))
TALLY = attrs.evolve(
    tallied(Told(), [of_rows(Entry, ROWS)], groups=("office", "kind"), where=(("kind", ("a", "b")),), axis=AXIS),
    accounts=ACCOUNTS,
)
OTHER = attrs.evolve(TALLY, assumed=attrs.evolve(TALLY.assumed, metric="test.other"))
EMPTY = tallied(Told(), [], groups=("office",))
MAGIC = b"casequality tallies 3\n"


def parts_of(content: bytes) -> tuple[dict[str, Any], bytes]:
    """Return head and body of a stored form, read by the page on the format."""
    magic, digest, rest = content.split(b"\n", 2)
    assert magic + b"\n" == MAGIC
    assert digest == sha256(MAGIC + rest).hexdigest().encode()
    line, packed = rest.split(b"\n", 1)
    return json.loads(line), zlib.decompress(packed)


def forged(head: Any, body: bytes) -> bytes:
    """Return any head and body under a digest that is theirs."""
    line = head if isinstance(head, bytes) else json.dumps(head).encode()
    rest = line + b"\n" + zlib.compress(body)
    return MAGIC + sha256(MAGIC + rest).hexdigest().encode() + b"\n" + rest


def refused(content: bytes, where: str = "june.tally") -> str:
    """Return the message of the only error that may be raised."""
    with pytest.raises(InputError) as caught:
        stored.all_from_bytes(content, where)
    text = str(caught.value)
    assert text.startswith("This is no tally that can be read")
    assert where in text
    assert "copy the whole file" in text
    return text


@pytest.mark.parametrize("tally", [TALLY, EMPTY, merge([TALLY, TALLY])], ids=["some", "none", "two"])
def test_a_tally_is_stored_and_read_back(tally: Tally) -> None:
    content = stored.to_bytes(tally)
    assert stored.from_bytes(content) == tally
    assert stored.to_bytes(stored.from_bytes(content)) == content


def test_the_order_of_names_and_findings_makes_no_difference() -> None:
    assert stored.all_to_bytes({"a": TALLY, "b": OTHER}) == stored.all_to_bytes({"b": OTHER, "a": TALLY})
    forward, backward = {"a: x": 1, "b: y": 2}, {"b: y": 2, "a: x": 1}
    assert stored.to_bytes(attrs.evolve(TALLY, accounts=Accounts(findings=forward))) == stored.to_bytes(
        attrs.evolve(TALLY, accounts=Accounts(findings=backward))
    )


def test_what_is_stored_is_what_the_page_says() -> None:
    """Every column is found again by a reader that knows the page only."""
    head, body = parts_of(stored.all_to_bytes({"test.told": TALLY}))
    assert sorted(head) == ["blocks", "size", "tallies"]
    assert (head["size"], sum(head["blocks"])) == (len(body), len(body))
    plain = head["tallies"]["test.told"]
    ends = np.cumsum(head["blocks"]).tolist()
    blocks = [body[end - length : end] for end, length in zip(ends, head["blocks"], strict=True)]
    assert plain["assumed"] == {
        "as_of": "2011-12-31T23:00:00.000000",
        "axis": {"zone": "Europe/Copenhagen", "further": ["2010-06-15"]},
        "calendar": "",
        "doubts_kept": True,
        "groups": ["office", "kind"],
        "metric": "test.told",
        "outcomes": ["unknown", "out", "open", "no", "yes"],
        "parameters": {"aged": "False", "bounded": "True", "numbered": "True", "weighted": "False"},
        "version": 1,
        "where": [["kind", ["a", "b"]]],
    }
    assert json.loads(blocks[plain["labels"]]) == [[None, "a"], ["vest", "a"], ["øst", "a"]]
    assert json.loads(blocks[plain["accounts"]])["marks"] == {"closed_on: 2050-12-31": 4}
    assert read_plainly(blocks[plain["cells"]]) == TALLY.cells.tolist()
    for table, names, array in (
        ("values", ("rows", "cases", "measured", "amount", "sensitive", "weightless", "settled"), TALLY.values),
        ("numbers", ("cell", "number", "count"), TALLY.numbers),
        ("doubts", ("cell", "kind", "amount", "bin", "rows", "cases", "total"), TALLY.doubts),
    ):
        assert sorted(plain[table]) == sorted(names)
        assert [read_plainly(blocks[plain[table][name]]) for name in names] == array.tolist()
    assert read_plainly(blocks[plain["values"]["rows"]]) == [1, 1, 1, 1]


def test_metrics_that_share_a_count_take_its_place_once() -> None:
    names = [f"test.number-{number}" for number in range(11)]
    eleven = {name: attrs.evolve(TALLY, assumed=attrs.evolve(TALLY.assumed, metric=name)) for name in names}
    head, body = parts_of(stored.all_to_bytes(eleven))
    alone, own = parts_of(stored.to_bytes(TALLY))
    assert body == own
    assert head["blocks"] == alone["blocks"]
    read = stored.all_from_bytes(stored.all_to_bytes(eleven), "")
    assert read == eleven
    assert all(np.shares_memory(each.values, read[names[0]].values) for each in read.values())


def test_one_that_fits_does_not_speak_for_another_of_the_same_blocks() -> None:
    """A tally is looked at once for all metrics that share its columns, each in its place, and what speaks of them."""
    head, body = parts_of(stored.all_to_bytes({"a": TALLY, "b": TALLY}))
    plain = head["tallies"]["b"]
    # the same places in the same order under other names
    turned = dict(zip(("count", "cell", "number"), plain["numbers"].values(), strict=True))
    for other in (
        {**plain, "numbers": turned},
        {**plain, "labels": plain["accounts"]},
        {**plain, "assumed": {**plain["assumed"], "outcomes": plain["assumed"]["outcomes"][:1]}},
        {**plain, "assumed": {**plain["assumed"], "groups": ["office"]}},
        {**plain, "facets": []},
    ):
        refused(forged({**head, "tallies": {**head["tallies"], "b": other}}, body))


def test_every_turned_bit_and_every_missing_byte_is_refused() -> None:
    content = stored.all_to_bytes({"test.other": OTHER, "test.told": TALLY})
    turned = bytearray(content)
    for bit in range(8 * len(content)):
        turned[bit // 8] ^= 1 << bit % 8
        refused(bytes(turned))
        turned[bit // 8] ^= 1 << bit % 8
    for length in range(len(content)):
        refused(content[:length])
    for more in (b"\0", b"\n", content):
        refused(content + more)


def test_what_was_damaged_and_what_is_another_file_are_told_apart() -> None:
    content = stored.to_bytes(TALLY)
    assert "bytes that were changed, or of which some are missing" in refused(content[:-1])
    for other in (b"", b"PAR1", b"casequality tally 3\n{}\n", b"casequality counted 3\n"):
        text = refused(other)
        assert "another kind or version of file" in text
        assert "casequality tallies 3" in text


def test_one_tally_is_asked_for_where_there_are_two() -> None:
    with pytest.raises(InputError, match="2 tallies where one is expected"):
        stored.from_bytes(stored.all_to_bytes({"a": TALLY, "b": OTHER}))


DEEP = b"[" * 100_000 + b"]" * 100_000
HEADS: tuple[Any, ...] = (
    *(b"", b"[]", b"null", b'"text"', b"{}", b"\xff", b"{", b"3", b'{"size": 0}', b'{"size": NaN}', DEEP),
    *(b'{"size": -1}', b'{"size": "0"}', b'{"size": true}', b'{"size": 1e3}', b'{"size": 99999999999999999999999}'),
    *(b'{"size": 1}', b'{"size": 0, "tallies": {}}', b'{"size": 0, "tallies": [], "blocks": []}'),
    *(b'{"size": 0, "tallies": {"a": {}}, "blocks": []}', b'{"size": 0, "tallies": {}, "blocks": [0, -1, 1]}'),
    b'{"size": ' + b"9" * 5000 + b"}",
)


@pytest.mark.parametrize("head", HEADS, ids=lambda head: repr(head[:40]))
def test_another_head_is_refused(head: bytes) -> None:
    refused(forged(head, b""))


WRONG: tuple[Any, ...] = (None, 3, -1, 10**30, 2.5, True, "text", [], {}, [None], [[3]], {"a": 1}, "2010-01-01")
PLACES = [
    *(("tallies",), ("blocks",), ("size",)),
    *(("tallies", "test.told", name) for name in ("assumed", "accounts", "labels", "facets", "cells", "values")),
    *(("tallies", "test.told", name) for name in ("numbers", "doubts")),
    *(("tallies", "test.told", "assumed", name) for name in attrs.asdict(TALLY.assumed)),
    *(("tallies", "test.told", "assumed", "axis", name) for name in ("zone", "further")),
    *(("tallies", "test.told", "assumed", "more"), ("tallies", "test.told", "values", "rows")),
    *(("tallies", "test.told", "numbers", "cell"), ("tallies", "test.told", "doubts", "more")),
]


def last_is_new(place: tuple[str, ...]) -> bool:
    return place[-1] == "more"


@pytest.mark.parametrize("place", PLACES, ids=".".join)
def test_a_part_of_the_head_that_says_something_else_is_refused_or_is_a_tally(place: tuple[str, ...]) -> None:
    """With a digest that is right: whoever forges a file gets a tally of his own, or this error, and no other."""
    content = stored.to_bytes(TALLY)
    accepted = []
    for wrong in WRONG if last_is_new(place) else (*WRONG, "left out"):
        head, body = parts_of(content)
        *above, last = place
        within = head
        for name in above:
            within = within[name]
        within[last] = wrong
        if wrong == "left out":
            del within[last]
        try:
            [tally] = stored.all_from_bytes(forged(head, body), "forged").values() or [TALLY]
        except InputError:
            continue
        accepted.append(wrong)
        assert stored.from_bytes(stored.to_bytes(tally)) == tally
        merge([tally, tally])
    may_be_any_text = place[-1] in ("metric", "calendar", "as_of")
    harmless: dict[str, list[Any]] = {
        "where": [[]],
        "further": [[], ["2010-01-01"]],
        "parameters": [{}],
        "tallies": [{}],
        "facets": [],
        "version": [3, -1, 10**30],
        "doubts_kept": [True],
    }
    known = harmless.get(place[-1])
    if may_be_any_text:
        assert set(map(str, accepted)) <= {"text", "2010-01-01"}
    elif known is not None:
        assert all(each in known for each in accepted), accepted
    else:
        assert all(type(each) is int and each >= 0 for each in accepted), accepted


def changed(**columns: Any) -> bytes:
    """Return the bytes of a tally that is none: its columns do not fit each other."""
    return stored.to_bytes(attrs.evolve(TALLY, **columns))


def one(array: Any, row: Any, value: int) -> Any:
    made = array.copy()
    made[row] = value
    return made


FACET, OFFICE = 1 << 52, 1 << 8
UNFIT = {
    "cells in no order": {"cells": TALLY.cells[::-1]},
    "its last two cells in no order": {
        "cells": TALLY.cells[[*range(len(TALLY.cells) - 2), -1, -2]],
        "numbers": TALLY.numbers[:, :0],
        "doubts": TALLY.doubts[:, :0],
    },
    "one cell twice": {"cells": one(TALLY.cells, 0, int(TALLY.cells[1]))},
    "fewer cells": {"cells": TALLY.cells[:-1]},
    "a cell below 0": {"cells": one(TALLY.cells, 0, -1)},
    "an outcome that is not declared": {"cells": one(TALLY.cells, 3, int(TALLY.cells[3]) | 255)},
    "a group without a label": {"cells": one(TALLY.cells, 3, int(TALLY.cells[3]) + 3 * OFFICE)},
    "a facet without a name": {"cells": one(TALLY.cells, 3, int(TALLY.cells[3]) + FACET)},
    "no labels": {"labels": ()},
    "labels of one field": {"labels": (("a",), ("b",), ("c",))},
    "no facets": {"facets": ()},
    "a row less than none": {"values": one(TALLY.values, (0, 0), -1)},
    "a count less than none": {"numbers": one(TALLY.numbers, (2, 0), -1)},
    "numbers of no cell": {"numbers": one(TALLY.numbers, (0, 0), int(TALLY.cells[0]) + OFFICE)},
    "numbers in no order": {"numbers": TALLY.numbers[:, ::-1]},
    "a doubt counted in no cell": {"doubts": np.array([[int(TALLY.cells[0]) + OFFICE], [24], [0], [0], [1], [1], [0]])},
    "a doubt below 0": {"doubts": np.array([[int(TALLY.cells[0])], [8], [0], [0], [-1], [1], [0]])},
}


@pytest.mark.parametrize("columns", UNFIT.values(), ids=UNFIT)
def test_columns_that_do_not_fit_each_other_are_refused(columns: dict[str, Any]) -> None:
    refused(changed(**columns))


def test_no_file_asks_for_more_memory_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body of zeros, a column said to be long, and columns named again and again."""
    monkeypatch.setattr(sealed, "SMALL", 1 << 16)
    monkeypatch.setattr(sealed, "GROWTH", 64)
    head, body = parts_of(stored.to_bytes(TALLY))
    bomb = forged({**head, "size": 1 << 27}, bytes(1 << 27))
    lies = struct.pack("<BBqQ", 0, 0, 1, 1 << 40)
    long = struct.pack("<BBqQ", 1, 1, 1, 1 << 15) + bytes(1 << 15)
    said = []
    for block in (lies, long):
        plain = json.loads(json.dumps(head))
        plain["blocks"].append(len(block))
        plain["size"] += len(block)
        place = len(plain["blocks"]) - 1
        told = plain["tallies"]["test.told"]
        told["cells"], told["values"] = place, dict.fromkeys(told["values"], place)
        said.append(forged(plain, body + block))
    tracemalloc.start()
    try:
        for content in (bomb, *said):
            refused(content)
        assert tracemalloc.get_traced_memory()[1] < 1 << 24
    finally:
        tracemalloc.stop()


def test_what_is_more_regular_than_zlib_may_unpack_is_written_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    regular = attrs.evolve(
        EMPTY,
        labels=(("a",),),
        facets=("",),
        cells=np.concatenate([(np.arange(5) << 40) + each for each in range(5)]).reshape(5, 5).T.ravel(),
        values=np.ones((7, 25), np.int64),
    )
    small = stored.to_bytes(regular)
    monkeypatch.setattr(sealed, "SMALL", 1 << 10)
    monkeypatch.setattr(sealed, "GROWTH", 2)
    large = stored.to_bytes(regular)
    assert len(large) > len(small)
    assert parts_of(large) == parts_of(small)
    monkeypatch.setattr(sealed, "GROWTH", 6)
    assert stored.from_bytes(stored.to_bytes(regular)) == regular
