"""What may be wrong with a record, and for whom: a row is in doubt only for those who read the faulty field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pytest

from casequality.days.arrays import Mask
from casequality.errors import UsageError
from casequality.records import (
    Block,
    Records,
    amount,
    code,
    count,
    day,
    flag,
    instant,
    key,
    many,
    ordered,
    source,
    span,
)

Row = Mapping[str, Any]
AS_OF = np.datetime64("2010-12-01T00:00", "us"), np.datetime64("2010-12-01", "D")


class Letter(Records, name="letters"):
    case = key()
    sent_on = day()
    read_on = day(missing="not read")
    kind = code("delay", "answer")


class Matter(Records, name="matters"):
    case = key()
    received_on = day()
    looked_at = instant(missing="never")
    closed_on = day(missing="still open")
    ending = code("granted", "refused", unknown="not stated", known_with="closed_on")
    office = code("north", "south", unknown="not stated")
    pilot = code(missing="in no pilot")
    heard_on = day(unknown="not registered")
    pages = count(unknown="not counted")
    paid = amount(unknown="not known")
    talked = span(unknown="not timed")
    letters = many(Letter)
    rules = ordered("looked_at", "closed_on")


FIELDS = [name for name in Matter.fields if name != "letters"]
CLEAN: Row = {
    "received_on": "2010-01-04",
    "looked_at": "2010-02-01T10:00Z",
    "closed_on": "2010-03-01",
    "ending": "granted",
    "office": "north",
    "pilot": None,
    "heard_on": "2010-02-02",
    "pages": 3,
    "paid": 100,
    "talked": 20,
}


def block_of(
    *changes: Row, fields: Collection[str] = FIELDS, letters: Collection[Row] = (), keys: Any = "off"
) -> Block:
    rows = [{**CLEAN, "case": number, **change} for number, change in enumerate(changes, start=1)]
    given = source(rows, Matter, zone="Europe/Copenhagen", children={"letters": list(letters)})
    [block] = [block for part in given.reading(fields, keys=keys).parts for block in part.blocks()]
    return block


def rows(mask: Mask | None) -> list[int]:
    return [] if mask is None else (np.flatnonzero(mask) + 1).tolist()


def test_clean_records_have_no_doubt_at_all() -> None:
    records = block_of({}, {"pilot": "A"}, {"closed_on": None, "ending": None}).records
    assert not records.doubts
    every = frozenset(FIELDS)
    for found in (records.in_doubt(every), records.unknown(every), records.unstated(every)):
        assert found is None
    assert all(records.blurred(name, every) is None and records.suspected(name) is None for name in FIELDS)


@pytest.mark.parametrize(
    ("wrong", "readers", "others", "blurred"),
    [
        ({"received_on": "soon"}, ["received_on"], ["closed_on", "office"], ["received_on"]),
        ({"looked_at": "1800-01-01T00:00Z"}, ["looked_at"], ["closed_on"], ["looked_at"]),
        ({"closed_on": "soon"}, ["closed_on", "ending"], ["received_on"], ["closed_on"]),
        ({"ending": "lost"}, ["ending"], ["closed_on"], ["ending"]),
        ({"office": "east"}, ["office"], ["pilot"], ["office"]),
        ({"pages": -1}, ["pages"], ["paid"], ["pages"]),
        ({"paid": "many"}, ["paid"], ["pages"], ["paid"]),
        ({"talked": -1}, ["talked"], ["pages"], ["talked"]),
        (
            {"looked_at": None, "closed_on": "2009-12-31"},
            ["closed_on", "ending"],
            ["received_on", "office"],
            ["closed_on", "received_on"],
        ),
        (
            {"looked_at": "2010-03-02T10:00Z"},
            ["looked_at", "closed_on", "ending"],
            ["received_on"],
            ["looked_at", "closed_on"],
        ),
        ({"case": None}, FIELDS, [], FIELDS),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, dict) else "",
)
def test_a_fault_concerns_those_who_read_its_field_and_nobody_else(
    wrong: Row, readers: list[str], others: list[str], blurred: list[str]
) -> None:
    block = block_of({}, wrong)
    assert (len(block.records), block.dropped) == (2, 0)
    for name in readers:
        assert rows(block.records.in_doubt({name})) == [2], name
        assert [field for field in FIELDS if rows(block.records.blurred(field, {name}))] == [
            field for field in FIELDS if field in blurred
        ]
    for name in others:
        assert block.records.in_doubt({name}) is None, name
        assert block.records.blurred(blurred[0], {name}) is None, name
    concerned = [item for item in block.findings.items if item.concerns({readers[0]})]
    assert len(concerned) == 1
    assert not [item for item in block.findings.items for name in others if item.concerns({name})]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("closed_on", "soon"), ("looked_at", "?"), ("ending", "lost"), ("pages", -1), ("paid", "?"), ("talked", "-1")],
)
def test_a_faulty_cell_holds_what_a_blank_one_holds(field: str, wrong: object) -> None:
    faulty, blank = (block_of({field: value}).records.column(field) for value in (wrong, None))
    assert (faulty.indices if field == "ending" else faulty).tobytes() == (  # type: ignore[union-attr]
        blank.indices if field == "ending" else blank  # type: ignore[union-attr]
    ).tobytes()


def test_what_is_in_doubt_follows_the_rows() -> None:
    block = block_of({}, {"office": "east"}, {"pages": None}, {"closed_on": "2049-12-31"}, {"office": None})
    for chosen, places in ((slice(1, 4), [2, 3, 4]), (np.array([False, True, False, True, True]), [2, 4, 5])):
        records = block.records[chosen]
        marked = (records.in_doubt({"office"}), records.unknown({"pages"}), records.suspected("closed_on"))
        assert [[places[row - 1] for row in rows(mask)] for mask in marked] == [
            [2],
            [3] if 3 in places else [],
            [4],
        ]
    known = block.records.known_at(*AS_OF)
    assert rows(known.in_doubt({"office"})) == [2]
    assert rows(known.unstated({"office"})) == [5]
    assert known.suspected("closed_on") is None, "hidden, or a mark for none: there is no date either way"
    assert block.records[np.array([0])].doubts.taints == ()


def test_blanks_that_are_facts_and_blanks_that_are_doubt() -> None:
    blank = dict.fromkeys(("office", "pilot", "heard_on", "pages", "paid", "talked", "ending"))
    records = block_of({}, blank, {"ending": None, "closed_on": None}).records
    for name in ("heard_on", "pages", "paid", "talked"):
        assert rows(records.unknown({name})) == rows(records.unknown_in(name)) == [2]
    assert records.unknown({"office", "pilot", "ending", "closed_on"}) is None
    assert rows(records.unstated({"office"})) == [2]
    assert records.unstated({"pilot", "heard_on"}) is None
    assert rows(records.unstated({"ending"})) == [2], "an ending that has not come about is no blank"
    assert records.in_doubt(frozenset(FIELDS)) is None


def test_an_unreadable_cell_is_no_blank() -> None:
    records = block_of({"office": "east", "pages": "?", "heard_on": "?"}).records
    assert records.unstated({"office"}) is None
    assert records.unknown({"pages", "heard_on"}) is None
    assert rows(records.in_doubt({"pages"})) == [1]


def test_a_mark_may_say_that_a_date_is_unknown_in_the_fields_own_word() -> None:
    row = {**CLEAN, "case": 1, "heard_on": "9999-12-31"}
    for word, expected in (("not registered", [1]), ("unknown", [1]), ("none", [])):
        given = source([row], Matter, zone="UTC", marks={"heard_on": {"9999-12-31": word}})
        [block] = given.reading(["heard_on"]).parts[0].blocks()
        assert rows(block.records.unknown({"heard_on"})) == expected


def test_a_source_without_the_column_does_not_know_it_of_any_record() -> None:
    absent = dict.fromkeys(("pages", "office", "pilot", "closed_on"))
    given = source([{**CLEAN, "case": 1}], Matter, zone="UTC", columns=absent)
    [block] = given.reading(list(absent)).parts[0].blocks()
    assert rows(block.records.unknown({"pages"})) == [1]
    assert rows(block.records.unstated({"office"})) == [1]
    assert block.records.unstated({"pilot"}) is block.records.unknown({"closed_on"}) is None


def test_a_blank_is_a_fact_or_doubt_and_not_both() -> None:
    for declare in (day, instant, code, flag, count, amount, span):
        with pytest.raises(UsageError, match="fact"):
            declare(missing="none", unknown="not stated")
        assert declare().required is (declare is not None)
        assert not declare(unknown="not stated").required
        assert declare(unknown="not stated").unknown == "not stated"


LETTERS: list[Row] = [
    {"case": 1, "sent_on": "2010-02-01", "read_on": None, "kind": "delay"},
    {"case": 2, "sent_on": "2010-02-01", "read_on": None, "kind": "lost"},
    {"case": 3, "sent_on": "soon", "read_on": None, "kind": "delay"},
    {"case": 4, "sent_on": "2009-02-01", "read_on": None, "kind": "delay"},
    {"case": 5, "sent_on": "2010-02-01", "read_on": "2010-01-31", "kind": "delay"},
    {"case": 6, "sent_on": "2010-02-01", "read_on": "?", "kind": "delay"},
]


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ((), [3, 4, 5]),
        (("sent_on",), [3, 4, 5]),
        (("kind",), [2, 3, 4, 5]),
        (("read_on",), [3, 4, 5, 6]),
        (("kind", "read_on"), [2, 3, 4, 5, 6]),
    ],
)
@pytest.mark.parametrize("known", [False, True])
def test_a_faulty_child_row_makes_its_parent_unknown_for_those_who_read_its_field(
    read: tuple[str, ...], expected: list[int], known: bool
) -> None:
    asked = {"letters", *(f"letters.{name}" for name in read)}
    every = ["letters.sent_on", "letters.read_on", "letters.kind"]
    records = block_of(*[{}] * 6, fields=every, letters=LETTERS).records
    records = records.known_at(*AS_OF) if known else records
    assert rows(records.unknown(asked)) == expected
    assert records.unknown({"office"}) is None
    assert rows(records[np.arange(6) % 2 == 1].unknown(asked)) == [(row + 1) // 2 for row in expected if row % 2 == 0]
    if known:
        found: Any = records.column("letters")
        assert found.count().tolist() == [1, 1, 0, 0, 0, 1], "nobody knows of three that they were sent"


def test_child_rows_that_can_be_anybodys_are_counted(tmp_path: Any) -> None:
    path = tmp_path / "letters.csv"
    path.write_text("case,sent_on,read_on,kind\n1,2010-02-01,,delay\n9,2010-02-01,,delay\n,2010-02-01,,delay\n1,2\n")
    rows = [{**CLEAN, "case": number} for number in (1, 2)]
    given = source(rows, Matter, zone="UTC", children={"letters": source(path, Letter)})
    for keys in ("in passing", "partitioned"):
        reading = given.reading(["letters.sent_on"], keys=keys)
        for part in reading.parts:
            list(part.blocks())
        assert reading.adrift() == {"letters": 3}
        assert reading.orphans().for_fields({"letters"}).adrift == {"letters": 3}
        assert not reading.orphans().for_fields({"office"})


def test_several_rows_of_one_key_are_one_record_in_doubt_where_they_differ() -> None:
    repeated: list[Row] = [
        {"case": 1},
        {"case": 2},
        {"case": 1, "office": "south"},
        {"case": 1, "pages": 4},
        {"case": 2},
    ]
    block = block_of(*repeated, keys="partitioned")
    assert (block.rows.tolist(), block.dropped, block.read) == ([1, 2], 3, 5)
    assert {(item.fault, *item.rows.tolist()) for item in block.findings.items} == {
        ("conflicting key", 1, 3, 4),
        ("repeated row", 5),
    }
    for name in FIELDS:
        expected = [1] if name in ("office", "pages") else []
        assert rows(block.records.in_doubt({name})) == rows(block.records.blurred(name, {name})) == expected
    assert len(block.findings.for_fields({"paid"}).items) == 2, "rows that are left out are told to all"


def test_a_record_is_not_later_to_a_question_that_cannot_trust_its_beginning() -> None:
    records = block_of({"received_on": "2011-05-01"}, {"received_on": "2011-05-01", "closed_on": None}).records
    assert rows(records.later(*AS_OF)) == [1, 2]
    assert rows(records.later(*AS_OF, {"office"})) == [1, 2]
    assert rows(records.later(*AS_OF, {"closed_on"})) == [2]


def test_records_that_are_read_again_keep_their_doubts() -> None:
    first = block_of({}, {"office": "east"}, {"pages": None}).records
    [again] = source(first, Matter, zone="Europe/Copenhagen").reading(FIELDS, block_rows=131_072).parts[0].blocks()
    assert rows(again.records.in_doubt({"office"})) == [2]
    assert rows(again.records.unknown({"pages"})) == [3]
