"""Child rows that begin before their parent: a finding each, and a parent of whom something is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from casequality.errors import UsageError
from casequality.records import Records, Source, day, instant, key, many, source
from tests.factories.records import Case, Notice, read

RECEIVED = {1: "2010-03-01", 2: "2010-03-10", 3: None, 4: "2010-03-20"}
FIELDS = ("received_on", "notices", "notices.sent_on")


class Call(Records, name="calls_made"):
    case = key()
    made_at = instant()


class Letter(Records, name="letters"):
    case = key()
    written_on = day(may_precede=True)


class Told(Records, name="told"):
    case = key()
    received_on = day()
    calls = many(Call)
    letters = many(Letter)


def cases(order: Sequence[int] = (1, 2, 3, 4)) -> list[dict[str, object]]:
    return [{"case": number, "received_on": RECEIVED[number]} for number in order]


def notices(*rows: tuple[int, str | None]) -> list[dict[str, object]]:
    return [{"case": case, "sent_on": sent} for case, sent in rows]


def doubtful(from_: Source, fields: Sequence[str] = FIELDS) -> list[bool]:
    (part,) = from_.reading(fields).parts
    (block,) = part.blocks()
    unknown = block.records.unknown(fields)
    return [] if unknown is None else unknown.tolist()


def test_a_child_row_before_its_parent_is_found_with_its_row_and_makes_the_parent_unknown() -> None:
    rows = notices((2, "2010-03-09"), (1, "2010-03-01"), (3, "2010-01-01"), (2, "2010-04-01"), (4, None))
    made = source(cases(), Case, children={"notices": rows})
    assert read(made, FIELDS).faults() == {("notices.sent_on", "began before its parent"): [1]}
    assert doubtful(made) == [False, True, False, False]


def test_each_row_is_found_once_however_often_keys_are_looked_at() -> None:
    rows = notices((4, "2010-03-19"), (1, "2010-02-28"), (1, "2010-02-27"))
    made = source(cases((4, 1, 3, 2)), Case, children={"notices": rows})
    for keys in ("in passing", "partitioned"):
        assert read(made, FIELDS, keys, block_rows=1).faults() == {
            ("notices.sent_on", "began before its parent"): [1, 2, 3]
        }


def test_rows_are_numbered_in_their_own_file_and_named_by_its_column(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("case,sendt\n1,2010-03-02\n1,2010-02-01\n")
    (tmp_path / "b.csv").write_text("case,sendt\n2,2010-03-01\n")
    child = source(tmp_path / "*.csv", Notice, columns={"sent_on": "sendt"})
    found = read(source(cases(), Case, children={"notices": child}), FIELDS).findings.items
    assert [(item.column, Path(item.file or "").name, item.rows.tolist()) for item in found] == [
        ("notices.sendt", "a.csv", [2]),
        ("notices.sendt", "b.csv", [1]),
    ]


def test_an_instant_is_compared_with_its_parents_day_in_the_zone() -> None:
    calls = [
        {"case": 1, "made_at": "2010-02-28T23:30:00+00:00"},  # half past midnight on 1 March in Copenhagen
        {"case": 2, "made_at": "2010-03-09T22:30:00+00:00"},
    ]
    made = source(cases(), Told, children={"calls": calls}, zone="Europe/Copenhagen")
    assert read(made, ("calls", "calls.made_at")).faults() == {("calls.made_at", "began before its parent"): [2]}


def test_a_child_row_that_may_precede_its_parent_is_no_fault() -> None:
    letters = [{"case": 1, "written_on": "2010-02-01"}]
    made = source(cases(), Told, children={"letters": letters})
    assert not read(made, ("letters", "letters.written_on")).faults()
    assert not any(doubtful(made, ("letters", "letters.written_on")))


def test_the_check_is_switched_off_by_its_name() -> None:
    rows = notices((1, "2010-02-01"))
    made = source(cases(), Case, children={"notices": rows}, checks_off=["notices.sent_on-before-received_on"])
    assert not read(made, FIELDS).faults()
    assert not any(doubtful(made))
    with pytest.raises(UsageError, match=r"notices\.sent_on-before-received_on"):
        source(cases(), Case, children={"notices": rows}, checks_off=["notices-before-received_on"])


def test_records_that_are_typed_already_are_checked_too() -> None:
    made = source(cases(), Case, children={"notices": notices((2, "2010-03-09"), (4, "2010-03-20"))})
    (block,) = (block for part in made.reading(FIELDS).parts for block in part.blocks())
    again = source(
        block.records, Case, columns={name: None for name in Case.fields if name not in block.records.loaded}
    )
    assert doubtful(again) == [False, True, False, False]


def test_a_day_marked_as_unknown_in_a_child_row_makes_its_parent_unknown_where_it_is_read() -> None:
    rows = [{"case": 2, "sent_on": "2010-03-12", "promised": "1900-01-01"}]
    child = source(rows, Notice, marks={"promised": {"1900-01-01": "unknown"}})
    made = source(cases(), Case, children={"notices": child})
    assert doubtful(made, (*FIELDS, "notices.promised")) == [False, True, False, False]
    assert not any(doubtful(made))
