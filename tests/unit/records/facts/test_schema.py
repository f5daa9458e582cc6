"""Record types: what they declare, and what was known at an as-of."""

# ruff: noqa: DTZ001 - naive times are among what is tried

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from casequality.errors import MissingColumn, UsageError
from casequality.records import Children, Codes, Doubts, Records, code, day, flag, instant, key, source
from tests.factories.records import Case, Notice, plain_rows, read


def test_fields_are_read_on_the_type_and_columns_on_records() -> None:
    assert Case.received_on is Case.fields["received_on"]
    assert (Case.key_field(), Case.begins(), Case.name) == ("case", "received_on", "cases")
    assert Case.ending.missing == "not known before closed_on"
    assert Case.informed.labels == ("yes", "no")
    cases = Case({"letters": np.array([3])}, 1)
    assert cases.letters.tolist() == [3]
    with pytest.raises(MissingColumn) as caught:
        cases.paid  # noqa: B018 - reading it is what is tried
    assert "cases.paid" in str(caught.value)
    assert "columns={'paid'" in str(caught.value)


def test_a_record_type_inherits_fields() -> None:
    class Urgent(Case):
        asked_on = day(missing="no")

    assert list(Urgent.fields) == [*Case.fields, "asked_on"]
    assert Urgent.name == "cases"


def test_a_record_type_without_a_name_or_with_a_loose_end_is_refused() -> None:
    with pytest.raises(UsageError, match="no name"):
        type("Nameless", (Records,), {"case": key()})
    with pytest.raises(UsageError, match="does not declare"):

        class Loose(Records, name="loose"):
            ending = code("done", known_with="closed_on")

    with pytest.raises(UsageError, match="twice"):
        code("a", "a")


def test_no_records_have_every_column() -> None:
    none = Case.empty()
    assert len(none) == 0
    assert list(none.loaded) == list(Case.fields)
    assert plain_rows(none) == []


@pytest.mark.parametrize("rows", [slice(1, 3), [True, False, True, False], [3, 0, 0]])
def test_chosen_rows(rows: slice | list[int]) -> None:
    doubts = Doubts(unknown={"born_on": np.arange(4) > 1})
    cases = Case({"letters": np.arange(4), "unit": Codes.encode(list("abca"))}, 4, doubts)
    wanted = rows if isinstance(rows, slice) else np.array(rows)
    found = cases[wanted]
    assert len(found) == len(np.arange(4)[wanted])
    assert plain_rows(found) == [plain_rows(cases)[row] for row in np.arange(4)[wanted]]
    unknown = found.unknown(["born_on"])
    assert unknown is not None
    assert unknown.tolist() == (np.arange(4) > 1)[wanted].tolist()


class Call(Records, name="calls"):
    queued_at = instant()
    answered_at = instant(missing="never")
    back_on = day(missing="never")
    promised = day(missing="no", planned=True)
    resolved = flag(known_with="answered_at")


AS_OF = dt.datetime(2010, 6, 10, 12)


def test_what_happened_later_is_hidden_row_by_row() -> None:
    times = [None, *(dt.datetime(2010, 6, 10, 12) + dt.timedelta(microseconds=shift) for shift in (-1, 0, 1))]
    days = [None, dt.date(2010, 6, 9), dt.date(2010, 6, 10), dt.date(2010, 6, 11)]
    rows: list[dict[str, Any]] = [
        {"queued_at": dt.datetime(2010, 6, 1), "answered_at": t, "back_on": d, "promised": d, "resolved": "yes"}
        for t in times
        for d in days
    ]
    columns = {
        name: np.array([row[name] for row in rows], "M8[us]" if name.endswith("at") else "M8[D]")
        for name in ("queued_at", "answered_at", "back_on", "promised")
    }
    calls = Call({**columns, "resolved": Codes.encode(["yes"] * len(rows), ("yes", "no"))}, len(rows))
    found = plain_rows(calls.known_at(np.datetime64(AS_OF, "us"), np.datetime64(AS_OF.date(), "D")))
    for row, seen in zip(rows, found, strict=True):
        answered = row["answered_at"] if row["answered_at"] and row["answered_at"] < AS_OF else None
        returned = row["back_on"] if row["back_on"] and row["back_on"] < AS_OF.date() else None
        hidden = row["answered_at"] is not None and answered is None
        assert seen == {**row, "answered_at": answered, "back_on": returned, "resolved": None if hidden else "yes"}
    assert plain_rows(calls)[0]["resolved"] == "yes"


def test_child_rows_that_began_later_are_not_there_yet() -> None:
    notices = [
        {"case": 1, "sent_on": dt.date(2010, 6, 9), "promised": dt.date(2010, 7, 1)},
        {"case": 1, "sent_on": dt.date(2010, 6, 10), "promised": None},
        {"case": 2, "sent_on": dt.date(2010, 6, 11), "promised": None},
    ]
    cases = [{"case": number, "received_on": dt.date(2010, 6, 1)} for number in (1, 2)]
    given = source(cases, Case, children={"notices": source(notices, Notice, columns={"kind": None})})
    (part,) = given.reading(["notices.promised"]).parts
    (block,) = part.blocks()
    known = block.records.known_at(np.datetime64("2010-06-10", "us"), np.datetime64("2010-06-10", "D"))
    assert [row["notices"] for row in plain_rows(known)] == [
        [{"sent_on": dt.date(2010, 6, 9), "promised": dt.date(2010, 7, 1)}],
        [],
    ]
    assert [len(rows) for rows in read(given, ["notices"]).values("notices")] == [2, 1]


@pytest.mark.parametrize("rows", [slice(0, 1), np.array([True]), np.array([0])], ids=["slice", "mask", "positions"])
def test_no_column_of_chosen_rows_can_be_written(rows: Any) -> None:
    [block] = (
        source([{"case": 1, "received_on": "2010-01-05"}], Case, children={"notices": Notice.empty()})
        .reading({"case", "received_on", "notices", "notices.sent_on"})
        .parts[0]
        .blocks()
    )
    notices = block.records[rows].column("notices")
    assert isinstance(notices, Children)
    for chosen in (block.records[rows], notices.rows, block.records[rows][rows]):
        for name in chosen.loaded:
            column = chosen.column(name)
            array: Any = column.indices if isinstance(column, Codes) else getattr(column, "starts", column)
            assert not array.flags.writeable, name
