"""Child tables at intake: packed by their parents, whatever is wrong with them told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from casequality.errors import InputError, MissingColumn, UsageError
from casequality.records import Records, Source, day, key, many, source
from tests.factories.records import Case, Notice, read

FIELDS = ["notices.sent_on", "notices.kind", "case"]
ABSENT: dict[str, str | None] = {"promised": None}


def notice(case: Any, sent_on: Any, kind: str | None = None) -> dict[str, Any]:
    return {"case": case, "sent_on": sent_on, "kind": kind}


def cases(*keys: Any, received_on: Any = "2010-01-01", notices: Any = ()) -> Source:
    rows = [{"case": case, "received_on": received_on} for case in keys]
    made = notices if isinstance(notices, Source) else source(list(notices), Notice, columns=ABSENT)
    return source(rows, Case, children={"notices": made})


def kinds(given: Source) -> list[list[str | None]]:
    return [[row["kind"] for row in rows] for rows in read(given, FIELDS).values("notices")]


def unknown(given: Source, *fields: str) -> list[bool]:
    (part,) = given.reading(FIELDS).parts
    (block,) = part.blocks()
    found = block.records.unknown(["notices", *fields])
    return [False] * len(block.records) if found is None else list(found.tolist())


def test_each_parent_gets_its_rows_oldest_first() -> None:
    given = cases(
        3,
        1,
        2,
        notices=[
            notice(1, "2010-03-01", "answer"),
            notice(3, "2010-02-02"),
            notice(1, "2010-02-01", "delay"),
            notice(3, "2010-02-01", "delay"),
            notice(1, None),
        ],
    )
    assert kinds(given) == [["delay", None], ["delay", "answer", None], []]


def test_rows_of_one_day_are_in_the_same_order_however_they_were_delivered() -> None:
    rows = [notice(1, "2010-02-01", kind) for kind in ("answer", None, "delay")]
    assert kinds(cases(1, notices=rows)) == kinds(cases(1, notices=rows[::-1])) == [[None, "delay", "answer"]]


@pytest.mark.parametrize(
    ("parents", "children"), [((1, 2), ("1", "2")), (("1", "2"), (1, 2)), (("A-1", 2), ("A-1", "2"))]
)
def test_keys_meet_whether_written_as_numbers_or_texts(parents: tuple[Any, ...], children: tuple[Any, ...]) -> None:
    given = cases(*parents, notices=[notice(child, "2010-02-01", "delay") for child in children])
    assert kinds(given) == [["delay"], ["delay"]]
    assert read(given, FIELDS).findings.items == ()


def test_a_faulty_child_makes_its_parent_unknown_and_no_other() -> None:
    given = cases(1, 2, 3, notices=[notice(1, "2010-02-01", "lost"), notice(2, "2010-02-01"), notice(1, "2010-03-01")])
    assert unknown(given, "notices.kind") == [True, False, False]
    assert unknown(given) == [False, False, False], "it is no fault to a question that does not read the kind"
    found = read(given, FIELDS)
    assert found.faults() == {("notices.kind", "unknown code"): [1]}
    assert found.findings.set_aside == 0
    assert kinds(given) == [[None, None], [None], []]


def test_a_parent_whose_only_child_is_faulty_is_unknown_too() -> None:
    given = cases(1, 2, notices=[notice(2, "soon")])
    assert unknown(given) == [False, True], "nobody knows whether it had begun, whichever field of it is read"


def test_rows_without_a_parent_are_told_and_those_of_a_parent_set_aside_are_not() -> None:
    rows = [notice(9, "2010-02-01"), notice(None, "2010-02-01"), notice(1, "2010-02-01"), notice(9, "2010-01-01")]
    found = read(cases(1, notices=rows), FIELDS)
    assert found.faults() == {
        ("notices.case", "child without a parent"): [1, 4],
        ("notices.case", "missing value"): [2],
    }
    aside = read(cases(1, received_on="1800-01-01", notices=rows[2:3]), FIELDS)
    assert aside.faults() == {("received_on", "before 1900"): [1]}


def test_children_in_several_files_are_told_apart(tmp_path: Path) -> None:
    for name, text in (("a.csv", "1,2010-02-01\n7,2010-02-01\n"), ("b.csv", "7,2010-02-02\n2,2010-02-01\n")):
        (tmp_path / name).write_text("case,sent_on\n" + text, encoding="utf-8")
    notices = source(tmp_path / "*.csv", Notice, columns={"promised": None, "kind": None})
    found = read(cases(1, 2, notices=notices), FIELDS)
    assert [(item.file, item.rows.tolist()) for item in found.findings.items] == [("a.csv", [2]), ("b.csv", [1])]
    assert [len(rows) for rows in found.values("notices")] == [1, 1]


def test_parents_in_many_blocks_find_their_children() -> None:
    given = cases(*range(1, 51), notices=[notice(number % 50 + 1, "2010-02-01", "delay") for number in range(120)])
    whole = read(given, FIELDS)
    assert read(given, FIELDS, block_rows=7).rows == whole.rows
    assert sum(len(rows) for rows in whole.values("notices")) == 120


def test_suspected_marks_of_children_are_named_with_their_field() -> None:
    found = read(cases(1, notices=[notice(1, "2049-12-31")]), FIELDS)
    assert found.findings.suspected == {("notices.sent_on", "2049-12-31"): 1}


def test_only_the_fields_asked_for_are_read_of_a_child() -> None:
    given = cases(1, notices=[notice(1, "2010-02-01", "lost")])
    assert read(given, ["notices"]).values("notices") == [[{"sent_on": dt.date(2010, 2, 1)}]]


def test_children_that_come_once_serve_every_reading() -> None:
    notices = source(iter([notice(1, "2010-02-01", "delay")]), Notice, columns=ABSENT)
    given = cases(1, notices=notices)
    first = read(given, FIELDS)
    assert first.rows == read(given, FIELDS, keys="partitioned").rows
    assert len(first.values("notices")[0]) == 1


def test_no_children_at_all() -> None:
    assert kinds(cases(1, 2)) == [[], []]
    assert kinds(cases(1, 2, notices=[notice(1, "soon")])) == [[None], []]


@pytest.mark.parametrize("library", ["list", "tuple", "iterator", "pandas", "polars", "pyarrow"])
def test_an_empty_child_table_of_any_kind_means_no_children(library: str) -> None:
    if library in ("list", "tuple", "iterator"):
        empty: Any = {"list": [], "tuple": (), "iterator": iter([])}[library]
    else:
        found = pytest.importorskip(library)
        empty = found.table({}) if library == "pyarrow" else found.DataFrame([])
    given = source([{"case": 1, "received_on": "2010-01-01"}], Case, children={"notices": empty})
    assert kinds(given) == [[]]
    assert read(given, FIELDS).findings.items == ()


class Letter(Records, name="letters"):
    sent_on = day()


class Person(Records, name="persons"):
    person = key()
    letters = many(Letter)


def test_children_that_cannot_be() -> None:
    with pytest.raises(MissingColumn) as caught:
        source([{"case": 1, "received_on": "2010-01-01"}], Case).reading(["notices"])
    assert "children={'notices'" in str(caught.value)
    with pytest.raises(UsageError, match="does not name its parent"):
        source([{"person": 1}], Person, children={"letters": [{"sent_on": "2010-01-01"}]}).reading(["letters"])
    with pytest.raises(UsageError) as refused:
        source([{"case": 1}], Case, children={"letters": []})
    assert "notices" in str(refused.value)
    mapped = source([notice(1, "2010-02-01")], Notice, columns={"case": None, **ABSENT})
    with pytest.raises(InputError, match="parent's key"):
        cases(1, notices=mapped).reading(["notices"])
    with pytest.raises(UsageError, match="notices does not have"):
        cases(1).reading(["notices.sent"])
