"""The mapping of columns and codes, and what is refused in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from casequality.errors import InputError, MissingColumn, UsageError
from casequality.records import Records, amount, code, count, day, flag, key, source, span
from tests.factories.records import Case, read

ROW = {"case": 1, "received_on": dt.date(2010, 6, 1)}


def one(**values: Any) -> dict[str, Any]:
    return {**ROW, **values}


def test_columns_are_their_own_names_unless_mapped() -> None:
    given = source([{"case": 1, "Modtaget": dt.date(2010, 6, 1)}], Case, columns={"received_on": "Modtaget"})
    assert read(given, ["received_on"]).values("received_on") == [dt.date(2010, 6, 1)]


def test_one_column_feeds_two_fields_and_a_fault_in_it_is_one_finding() -> None:
    class Twice(Records, name="twice"):
        case = key()
        received_on = day()
        again_on = day(missing="no")

    rows = [{"case": 1, "on": "2010-06-01"}, {"case": 2, "on": "soon"}]
    found = read(source(rows, Twice, columns={"received_on": "on", "again_on": "on"}), ["again_on"])
    assert found.values("again_on") == found.values("received_on") == [dt.date(2010, 6, 1)]
    assert found.faults() == {("on", "unreadable value"): [2]}
    assert found.findings.items[0].count == 1


def test_a_field_that_the_source_does_not_have_is_all_blank() -> None:
    columns = {name: None for name in Case.fields if name not in ("case", "received_on", "notices")}
    found = read(source([ROW], Case, columns=columns), list(columns))
    assert set(found.rows[0].values()) == {None, dt.date(2010, 6, 1)}


def test_a_missing_column_is_named_with_those_there_are() -> None:
    given = source([one(Lukket=None)], Case, name="cases of 2010")
    with pytest.raises(MissingColumn) as caught:
        given.reading(["closed_on"])
    message = str(caught.value)
    for word in ("closed_on", "cases of 2010", "columns={'closed_on': <a source column>}", "None"):
        assert word in message
    assert "Lukket" not in message  # in a file without a header a citizen stands there
    assert f"and 1 other, at the place {len(one(Lukket=None))}" in message


def test_only_needed_columns_are_read() -> None:
    assert read(source([one(closed_on="soon")], Case), ["received_on"]).numbers == [1]


def test_a_code_brings_the_date_that_it_is_known_with() -> None:
    found = read(source([one(ending="decided", closed_on="2010-07-01")], Case), ["ending"])
    assert found.values("closed_on") == [dt.date(2010, 7, 1)]


def test_an_unknown_field_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        source([ROW], Case).reading(["closed"])
    assert "closed_on" in str(caught.value)
    with pytest.raises(UsageError, match="columns="):
        source([ROW], Case, columns={"closed": "Lukket"})


def test_codes_are_mapped_and_their_own_labels_stay_known() -> None:
    given = source(
        [
            one(case=n, closed_on=None, ending=e)
            for n, e in enumerate(["AFG", " settled ", 7, 7.0, "x", "-", ""], start=1)
        ],
        Case,
        codes={"ending": {"AFG": "decided", 7: "withdrawn", "-": None}},
    )
    found = read(given, ["ending"])
    assert found.values("ending") == ["decided", "settled", "withdrawn", "withdrawn", None, None]
    assert found.faults() == {("ending", "unknown code"): [5]}


def test_an_open_list_takes_any_label_and_maps_some() -> None:
    rows = [one(case=n, unit=unit) for n, unit in enumerate(["North", "S", None, 12], start=1)]
    found = read(source(rows, Case, codes={"unit": {"S": "South"}}), ["unit"])
    assert found.values("unit") == ["North", "South", None, "12"]


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (True, "yes"),
        (False, "no"),
        ("yes", "yes"),
        ("no", "no"),
        ("True", "yes"),
        ("FALSE", "no"),
        (1, "yes"),
        (0.0, "no"),
    ],
)
def test_a_flag_takes_the_ways_in_which_a_library_says_yes_and_no(value: object, label: str) -> None:
    assert read(source([one(informed=value)], Case), ["informed"]).values("informed") == [label]


def test_other_words_for_yes_are_mapped() -> None:
    given = source([one(informed="ja")], Case)
    assert read(given, ["informed"]).faults() == {("informed", "unknown code"): [1]}
    mapped = source([one(informed="ja")], Case, codes={"informed": {"ja": "yes", "nej": "no"}})
    assert read(mapped, ["informed"]).values("informed") == ["yes"]


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ({"ended": {}}, ["codes=", "ending"]),
        ({"letters": {"a": "b"}}, ["holds none", "count"]),
        ({"ending": {"AFG": "done"}}, ["done", "decided, settled, withdrawn"]),
    ],
)
def test_codes_that_cannot_be(codes: dict[str, dict[object, str]], words: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        source([ROW], Case, codes=codes)
    assert all(word in str(caught.value) for word in words)


class Counted(Records, name="counted"):
    number = count()
    sum = amount(decimals=2)
    wait = span()
    kind = code("a", "b")
    settled = flag()


@pytest.mark.parametrize("field", list(Counted.fields))
@pytest.mark.parametrize("blank", [None, "", "  ", float("nan")])
def test_a_blank_where_a_value_is_required_is_a_fault(field: str, blank: object) -> None:
    good: dict[str, Any] = {"number": 1, "sum": 2, "wait": 3, "kind": "a", "settled": True}
    found = read(source([good, {**good, field: blank}], Counted), list(Counted.fields))
    assert found.faults() == {(field, "missing value"): [2]}
    assert found.numbers == [1]


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("number", -1, "below zero"),
        ("number", 1.5, "unreadable value"),
        ("number", "many", "unreadable value"),
        ("number", True, "unreadable value"),
        ("number", 10**30, "unreadable value"),
        ("sum", 1.234, "unreadable value"),
        ("sum", dt.date(2010, 1, 1), "unreadable value"),
        ("wait", -3, "below zero"),
        ("wait", dt.timedelta(seconds=-1), "below zero"),
        ("wait", "long", "unreadable value"),
        ("kind", "c", "unknown code"),
        ("settled", "perhaps", "unknown code"),
        ("settled", 2, "unknown code"),
    ],
)
def test_a_value_that_is_none_of_its_field(field: str, value: object, fault: str) -> None:
    good: dict[str, Any] = {"number": 1, "sum": -2.5, "wait": 3, "kind": "a", "settled": True}
    found = read(source([good, {**good, field: value}], Counted), list(Counted.fields))
    assert found.faults() == {(field, fault): [2]}
    assert found.values("sum") == [-250]
    assert found.values("wait") == [dt.timedelta(seconds=3)]


@pytest.mark.parametrize("make", [lambda s: source(s, Counted), lambda s: source(s, Case, zone="Europe/Copenhagen")])
def test_a_source_is_not_mapped_again(make: Callable[[Any], object]) -> None:
    given = source([ROW], Case)
    assert source(given, Case) is given
    with pytest.raises(UsageError, match="mapped again"):
        make(given)


@pytest.mark.parametrize("data", [3, b"path.csv", {"case": 1}, None])
def test_data_of_no_known_kind(data: object) -> None:
    with pytest.raises(InputError) as caught:
        source(data, Case)
    assert "__arrow_c_stream__" in str(caught.value)


def test_rows_that_are_no_mappings() -> None:
    with pytest.raises(InputError, match="not a mapping"):
        read(source([(1, 2)], Case), ["case"])
