"""Every type of column says all that there is to say of it, and one that leaves something out is told."""

from __future__ import annotations

import datetime as dt
import inspect
import pickle
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pytest

import casequality as cq
from casequality.errors import UsageError
from casequality.records import Amount, Children, ColumnType, Field, Findings, Records, source
from casequality.records.facts import COLUMN_TYPES, DateType, NumberType, column_types
from casequality.testing.invented import faults
from casequality.testing.invented.row_factory import Maker


class Part(Records, name="parts"):
    case = cq.key()
    begun_on = cq.day()


class Whole(Records, name="wholes"):
    case = cq.key()
    begun_on = cq.day()
    begun_at = cq.instant(missing="not said")
    ending = cq.code("won", "lost")
    letters = cq.count()
    paid = cq.amount(decimals=2)
    waited = cq.span()
    parts = cq.many(Part)


FIELDS = {field.kind: name for name, field in reversed([*Whole.fields.items()])}
PART = {"case": 1, "begun_on": "2010-06-02"}
EXAMPLES: dict[str, tuple[Any, Any, Any]] = {
    # what a source holds, what the column then holds as plain Python, what a blank is there
    "key": ("A-1", "A-1", -(2**63)),
    "day": ("2010-06-01", dt.date(2010, 6, 1), None),
    "instant": ("2010-06-01T12:00:00+02:00", dt.datetime(2010, 6, 1, 10), None),  # noqa: DTZ001  columns are in UTC
    "code": ("won", "won", None),
    "count": ("12", 12, -(2**63)),
    "amount": ("-12.5", -1250, -(2**63)),
    "span": (dt.timedelta(seconds=3), dt.timedelta(seconds=3), None),
    "many": ([PART | {"case": "A-1"}], 1, 0),
}
ROW = {FIELDS[kind]: given for kind, (given, _, _) in EXAMPLES.items()}


def read(rows: list[dict[str, Any]]) -> tuple[Records, Findings]:
    parts = source([part for row in rows for part in row["parts"]], Part)
    below = [f"parts.{name}" for name in Part.fields]
    whole = source(
        [{name: row[name] for name in row if name != "parts"} for row in rows],
        Whole,
        zone="UTC",
        children={"parts": parts},
    )
    reading = whole.reading([*Whole.fields, *below], keys="in passing")
    [block] = reading.parts[0].blocks()
    return block.records, block.findings


def test_there_is_an_example_of_every_type() -> None:
    assert set(EXAMPLES) == set(FIELDS) == set(COLUMN_TYPES)


def test_every_class_is_in_the_table() -> None:
    declared = {each for each in vars(column_types).values() if inspect.isclass(each) and issubclass(each, ColumnType)}
    assert {each for each in declared if not inspect.isabstract(each)} == set(map(type, COLUMN_TYPES.values()))


@pytest.mark.parametrize("kind", COLUMN_TYPES)
class TestEachType:
    def test_it_is_declared_by_a_function_of_its_name(self, kind: str) -> None:
        declare = getattr(cq, kind)
        field = declare(Part) if kind == "many" else declare()
        assert isinstance(field, Field)
        assert field.kind == kind
        assert field.column_type == COLUMN_TYPES[kind] == pickle.loads(pickle.dumps(field.column_type))

    def test_a_file_of_its_values_could_feed_it(self, kind: str) -> None:
        given, _, _ = EXAMPLES[kind]
        if COLUMN_TYPES[kind].is_table:
            assert not COLUMN_TYPES[kind].looks_like
        else:
            [column] = cq.look([{"column": given}]).profile.columns
            assert column.kind in COLUMN_TYPES[kind].looks_like

    def test_its_cells_become_its_column(self, kind: str) -> None:
        records, findings = read([ROW])
        assert not findings.items
        column = records.column(FIELDS[kind])
        assert COLUMN_TYPES[kind].plain(column) == [EXAMPLES[kind][1]]

    def test_its_blank_column(self, kind: str) -> None:
        field = Whole.fields[FIELDS[kind]]
        blank = field.column_type.blank(2, field)
        assert len(blank) == 2
        assert field.column_type.plain(blank) == [EXAMPLES[kind][2]] * 2
        assert type(field.column_type.blank(0, field)) is type(Whole.empty().column(FIELDS[kind]))

    def test_its_faults_are_those_that_intake_finds(self, kind: str) -> None:
        name = FIELDS[kind]
        found = {fault for (field, fault) in faults(Whole) if field == name}
        assert (
            found
            == {
                "key": {"missing value"},
                "day": {"unreadable value"},
                "instant": {"unreadable value"},
                "code": {"unknown code", "missing value"},
                "count": {"unreadable value", "below zero", "missing value"},
                "amount": {"unreadable value", "missing value"},
                "span": {"unreadable value", "below zero", "missing value"},
                "many": set(),
            }[kind]
        )
        for fault in found:
            _, findings = read([ROW | {name: faults(Whole)[name, fault]}])
            assert [(item.column, item.fault) for item in findings.items if item.column == name] == [(name, fault)]

    def test_it_is_called_something_in_both_languages(self, kind: str) -> None:
        words = [each.column_type.words for each in Whole.fields.values() if each.kind == kind]
        assert all(word.en and word.da for word in words)
        others = {each.words for name, each in COLUMN_TYPES.items() if name != kind}
        assert not others & set(words)

    def test_it_is_one_thing(self, kind: str) -> None:
        held = COLUMN_TYPES[kind]
        assert [held.is_key, held.is_date, held.is_code, held.is_number, held.is_table].count(True) == 1

    def test_the_kit_invents_values_that_intake_reads(self, kind: str) -> None:
        maker = Maker(Whole, dt.date(2010, 8, 1), "UTC", Random(5))
        rows = maker.table(40)
        values = [row[FIELDS[kind]] for row in rows]
        assert len({str(value) for value in values}) > 1
        assert not read(rows)[1].items


def test_numbers_are_whole_in_the_smallest_unit() -> None:
    values = {each.name: each.value(1250, Whole.paid) for each in COLUMN_TYPES.values() if isinstance(each, NumberType)}
    assert values == {"count": 1250, "amount": Decimal("12.50"), "span": dt.timedelta(microseconds=1250)}


def test_lengths_of_time_add_up_with_such_alone() -> None:
    count, amount, span = (COLUMN_TYPES[name] for name in ("count", "amount", "span"))
    assert isinstance(count, NumberType)
    assert isinstance(amount, NumberType)
    assert isinstance(span, NumberType)
    assert count.adds_up_with(amount)
    assert span.adds_up_with(span)
    assert not amount.adds_up_with(span)


def test_days_and_instants_hide_what_is_not_yet() -> None:
    as_of = np.datetime64("2010-06-01T22:00:00", "us"), np.datetime64("2010-06-02", "D")
    columns = {
        "day": np.array(["2010-06-01", "2010-06-02", "NaT"], "datetime64[D]"),
        "instant": np.array(["2010-06-01T21:59", "2010-06-01T22:00", "NaT"], "datetime64[us]"),
    }
    for name, column in columns.items():
        date = COLUMN_TYPES[name]
        assert isinstance(date, DateType)
        hidden = date.from_limit(column, *as_of)
        assert hidden is not None
        assert hidden.tolist() == [False, True, False]
        assert date.from_limit(column[:1], *as_of) is None


PARTS = ("name", "words", "looks_like", "read", "blank", "plain", "faults")


@pytest.mark.parametrize("forgotten", PARTS)
def test_a_type_that_forgets_a_part_cannot_be_made(forgotten: str) -> None:
    whole = {part: getattr(column_types.Code, part) for part in PARTS}
    assert isinstance(type("Postcode", (ColumnType,), whole)(), ColumnType)
    without = {part: said for part, said in whole.items() if part != forgotten}
    with pytest.raises(TypeError, match=rf"Postcode.*{forgotten}"):
        type("Postcode", (ColumnType,), without)()


@pytest.mark.parametrize(("base", "forgotten"), [(DateType, "dtype"), (DateType, "days"), (NumberType, "value")])
def test_so_does_a_date_or_a_number(base: type[ColumnType], forgotten: str) -> None:
    with pytest.raises(TypeError, match=rf"Other.*{forgotten}"):
        type("Other", (base,), {"name": "other", "words": COLUMN_TYPES["day"].words})()


def test_the_kit_names_a_type_that_it_cannot_invent() -> None:
    class Percent(Amount):
        name = "percent"

    class Survey(Records, name="surveys"):
        case = cq.key()
        answered_on = cq.day()
        score: Field[Any] = Field(Percent())

    with pytest.raises(UsageError, match="Percent"):
        Maker(Survey, dt.date(2010, 8, 1), "UTC", Random(5)).table(1)


def test_a_child_table_is_never_read_from_cells() -> None:
    with pytest.raises(TypeError, match="joined"):
        COLUMN_TYPES["many"].read(None, None)  # type: ignore[arg-type]
    assert isinstance(Whole.empty().column("parts"), Children)
