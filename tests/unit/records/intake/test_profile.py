"""What is in a table, in counts: kinds, gaps, marks, keys, how a file is written, and where its header is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from casequality.errors import InputError, UsageError
from casequality.records import ColumnProfile, Dialect, ReadOptions, TableProfile, laid_out, profile

openpyxl = pytest.importorskip("openpyxl")

AT_HALF_PAST_EIGHT = dt.datetime(2010, 1, 4, 8, 30, tzinfo=dt.UTC)


def seen(data: Any, **options: Any) -> TableProfile:
    return profile(laid_out(data, ReadOptions(Dialect(), **options), declared=False))


def column(values: list[Any], name: str = "column") -> ColumnProfile:
    return seen([{name: value} for value in values]).columns[0]


def csv_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "export.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["abc", "def", "12"], "text"),
        (["1", "2", "30.000"], "whole number"),
        (["1,5", "2,25", "3"], "number"),
        (["1.5", "2.25", "3"], "number"),
        ([1.5, 2.5], "number"),
        ([1, 2, None], "whole number"),
        (["2010-01-04", "2010-12-31"], "date"),
        (["04-01-2010", "31-12-2010"], "date"),
        (["1/4/2010", "12/31/2010"], "date"),
        (["20100104", "20101231"], "date"),
        ([dt.date(2010, 1, 4), None], "date"),
        (["2010-01-04 08:30", "2010-01-04 09:00:01"], "date and time"),
        (["2010-01-04T08:30:00Z"], "date and time"),
        ([AT_HALF_PAST_EIGHT], "date and time"),
        (["0:01:30", "12:00:00"], "length of time"),
        ([dt.timedelta(seconds=90)], "length of time"),
        (["ja", "nej", "Ja"], "flag"),
        ([True, False], "flag"),
        (["0", "1", "1"], "flag"),
        (["1", "1", "1"], "whole number"),
        (["", None, " "], "blank"),
        (["310299-1234", "300298-4321"], "registration number"),
        (["3102991234", "3002984321"], "registration number"),
        ([3102991234, 3002984321], "registration number"),
        (["2010000001", "2010000002", "2010000003"], "whole number"),
    ],
)
def test_a_column_has_the_kind_of_nine_in_ten_of_its_cells(values: list[Any], kind: str) -> None:
    assert column(values).kind == kind


def test_nine_in_ten_is_enough_and_less_is_not() -> None:
    most = column(["2010-01-04"] * 9 + ["later"])
    assert (most.kind, most.unreadable) == ("date", 1)
    assert column(["2010-01-04"] * 8 + ["later"] * 2).kind == "text"


def test_gaps_distinct_values_and_the_rows_of_each() -> None:
    found = column(["a", "b", "a", "", None, "a", "c"])
    assert (found.rows, found.blank, found.distinct, found.counts) == (7, 2, 3, (3, 1, 1))
    assert column([f"{number} x" for number in range(20_000)]).distinct is None


def test_of_registration_numbers_nothing_is_said() -> None:
    for found in (column(["310299-1234", "", "310299-1234"]), column(["x", "y"], name="CPR-nummer")):
        silent = ColumnProfile(place=1, name=found.name, kind="registration number", rows=found.rows)
        assert found == silent


def test_the_spread_of_dates_leaves_out_what_stands_for_none() -> None:
    found = column(["2010-03-01", "2010-06-30", "9999-12-31", "9999-12-31", "1900-01-01"])
    assert (found.first, found.last) == (dt.date(2010, 3, 1), dt.date(2010, 6, 30))
    assert found.marks == {"1900-01-01": 1, "9999-12-31": 2}


def test_a_day_that_repeats_out_of_proportion_is_named() -> None:
    days = [str(dt.date(2010, 1, 1) + dt.timedelta(days=number)) for number in range(30)]
    found = column([*days, *["2011-05-05"] * 10])
    assert found.marks == {"2011-05-05": 10}
    assert found.last == dt.date(2010, 1, 30)
    assert column([*days, *["2011-05-05"] * 9]).marks == {}


def test_a_value_that_repeats_out_of_proportion_is_counted_and_not_named() -> None:
    found = column([*map(str, range(5, 30)), *["999999"] * 12])
    assert (found.heaviest, found.marks) == (12, {})


def test_words_for_none_are_named_as_the_list_spells_them() -> None:
    assert column(["Ukendt", "NULL", "null", "a", "b", "c"]).marks == {"ukendt": 1, "null": 2}


@pytest.mark.parametrize("name", ["Fødselsdato", "foedt", "date_of_birth", "DOB"])
def test_of_a_column_called_a_date_of_birth_no_spread_is_told(name: str) -> None:
    found = column(["2010-03-01", "2010-06-30"], name)
    assert (found.birth, found.first, found.last, found.marks) == (True, None, None, {})


def test_of_days_of_which_half_lie_fifteen_years_back_no_spread_is_told() -> None:
    far = column(["1951-03-01", "1960-06-30", "1972-01-01", "1999-09-09"])
    assert (far.birth, far.first, far.last) == (True, None, None)
    near = column(["1985-03-01", "1990-06-30", "1998-01-01", "1999-09-09"])
    assert (near.birth, near.first) == (False, dt.date(1985, 3, 1))


def test_a_key_is_told_with_the_rows_that_repeat_one() -> None:
    assert column([*range(20), 3, 4]).repeats == 2
    assert column([f"A-{number}" for number in range(20)]).repeats == 0
    assert column(["A", "B"] * 10).repeats is None
    assert column([*range(20), *[None] * 3]).repeats is None
    # the same key as a number, and as text among texts
    assert column([*(str(number) for number in range(20_000)), "x", *range(5)]).repeats == 5


def test_the_order_of_day_and_month_and_where_it_is_open() -> None:
    first, second = column(["01-02-2010", "13-02-2010"]), column(["01/02/2010", "02/13/2010"])
    assert (first.days, first.orders) == ("dd-mm-yyyy", (1, 0))
    assert (second.days, second.orders) == ("mm/dd/yyyy", (0, 1))
    assert column(["01-02-2010"]).orders == (0, 0)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("iso-8859-1", "iso-8859-1"), ("utf-16", "utf-16")],
)
@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_encoding_and_separator_are_told(mark: str, encoding: str, told: str, tmp_path: Path) -> None:
    rows = ["Sag|Modtaget|Børn", *(f"{number}|2010-01-{number:02}|æble" for number in range(1, 20))]
    found = seen(csv_file(tmp_path, "\n".join(rows).replace("|", mark), encoding))
    layout = found.laid_out.layout
    assert layout is not None
    assert (layout.dialect.delimiter, layout.dialect.encoding) == (mark, told)
    assert [each.name for each in found.columns] == ["Sag", "Modtaget", "Børn"]
    assert (found.rows, found.columns[1].kind) == (19, "date")


def test_a_byte_beyond_ascii_late_in_a_file_tells_its_encoding(tmp_path: Path) -> None:
    text = "Sag,Dag,Note\n" + "1,2010-01-01,note\n" * 70_000 + "2,2010-01-01,smørrebrød\n"
    layout = seen(csv_file(tmp_path, text, "iso-8859-1")).laid_out.layout
    assert layout is not None
    assert layout.dialect.encoding == "iso-8859-1"


TITLED = (
    "Sager i 2010\n\nSag;Modtaget;Beløb\n1;13-01-2010;1.234,50\n2;14-01-2010;12,5\n3;15-01-2010;\nI alt;;1.247,00\n"
)


def test_titles_and_totals_are_no_rows(tmp_path: Path) -> None:
    found = seen(csv_file(tmp_path, TITLED))
    layout = found.laid_out.layout
    assert layout is not None
    assert (layout.head.rows, layout.head.titles, found.totals, found.rows) == ((3, 3), 1, 1, 3)
    amount = found.columns[2]
    assert (amount.kind, amount.blank, amount.decimal, amount.marked) == ("number", 1, ",", (2, 0))


def names(found: TableProfile) -> list[str | None]:
    return [each.name for each in found.columns]


@pytest.mark.parametrize(
    "text",
    [
        "Anna Hansen,2010-01-04,North\nBo Jensen,2010-01-05,South\nBo Olsen,2010-01-05,South\n",
        "North,Anna\nSouth,Bo\nNorth,Carl\n",
        "Anna,ukendt,x\nBo,2010-01-05,y\nCarl,2010-01-05,z\n",
        "Anna,,x\nBo,2010-01-05,y\nCarl,2010-01-05,z\n",
        "South,Late,x\nNorth,2010-01-05,y\nSouth,2010-01-05,z\n",
        "310299-1234,Name\n310298-1234,4\n310297-1234,5\n",
    ],
)
def test_without_a_row_that_passes_the_test_columns_are_known_by_their_places(text: str, tmp_path: Path) -> None:
    found = seen(csv_file(tmp_path, text))
    assert set(names(found)) == {None}
    assert found.rows == 3


def test_a_row_that_the_caller_calls_the_header_is_believed(tmp_path: Path) -> None:
    found = seen(csv_file(tmp_path, "Sag,Sted\nA,North\nB,South\n"), header=1)
    assert (names(found), found.rows) == (["Sag", "Sted"], 2)


def test_a_first_row_of_values_is_counted_as_one(tmp_path: Path) -> None:
    found = seen(csv_file(tmp_path, "1,2010-01-04\n2,2010-01-05\n3,2010-03-06\n"))
    assert (found.rows, found.columns[1].first, found.columns[1].last) == (3, dt.date(2010, 1, 4), dt.date(2010, 3, 6))


def test_a_frame_shows_no_name_that_looks_like_a_value() -> None:
    assert names(seen([{"310299-1234": 1, "case": 2, "2010-01-04": 3}])) == [None, "case", None]


def test_rows_of_another_width_are_counted_and_do_not_hide_the_header(tmp_path: Path) -> None:
    found = seen(csv_file(tmp_path, "case,day\n1,2010-01-01\n2\n3,2010-01-02,5\n4,2010-01-09\n"))
    assert (names(found), found.rows, found.ragged) == (["case", "day"], 4, 2)


def workbook(folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Sager 2010"],
        [],
        ["Sag", "Datoer", None, "Haster"],
        [None, "modtaget", "afsluttet", None],
        [1, dt.date(2010, 1, 4), "01-02-2010", "ja"],
        [2, dt.date(2010, 1, 5), "#N/A", "nej"],
        [3, dt.date(2010, 1, 6), "14-02-2010", "ja"],
        ["I alt", 3, 2, None],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("B3:C3")
    sheet.row_dimensions[6].hidden = True
    book.create_sheet("Noter").append(["x", 1])
    book.save(folder / "export.xlsx")
    return folder / "export.xlsx"


def test_a_sheet_with_title_two_rows_of_header_and_totals(tmp_path: Path) -> None:
    found = seen(workbook(tmp_path))
    layout = found.laid_out.layout
    assert layout is not None
    assert (layout.head.rows, layout.head.titles, found.totals, found.rows) == ((3, 4), 1, 1, 3)
    assert names(found) == ["Sag", "Datoer modtaget", "Datoer afsluttet", "Haster"]
    assert [each.kind for each in found.columns] == ["whole number", "date", "date", "flag"]
    assert (found.columns[2].unreadable, found.columns[2].days) == (1, "dd-mm-yyyy")
    assert found.told == {"hidden row": 1}
    assert layout.sheets == (("no. 1", False), ("no. 2", False))
    assert seen(workbook(tmp_path), sheet="Noter").rows == 1


def test_parquet_and_frames_are_told_by_their_types(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pa.table(
        {
            "case": pa.array([1, 2, 3], "int32"),
            "received_on": pa.array([dt.date(2010, 1, 4), None, dt.date(2010, 1, 6)]),
            "closed_at": pa.array(
                [dt.datetime(2010, 1, 4, 8, 30, tzinfo=dt.UTC), None, None], pa.timestamp("ms", "UTC")
            ),
            "took": pa.array([dt.timedelta(seconds=1), dt.timedelta(seconds=1), None]),
            "urgent": [True, False, None],
            "paid": [1.5, float("nan"), 2.0],
            "list": [[1], [2], None],
            "ending": pa.array(["a", "b", "a"]).dictionary_encode(),
            "nothing": pa.nulls(3),
        }
    )
    parquet.write_table(table, tmp_path / "cases.parquet")
    for found in (seen(table), seen(tmp_path / "cases.parquet")):
        assert [(each.kind, each.blank, each.distinct) for each in found.columns] == [
            ("whole number", 0, 3),
            ("date", 1, 2),
            ("date and time", 2, 1),
            ("length of time", 1, 1),
            ("flag", 1, 2),
            ("number", 1, 2),
            ("other", 1, 0),
            ("text", 0, 2),
            ("blank", 3, 0),
        ]


def test_what_cannot_be_looked_at_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not there"):
        seen(tmp_path / "none.csv")
    with pytest.raises(InputError, match="kind"):
        seen(42)
    with pytest.raises(InputError, match="no such sheet"):
        seen(workbook(tmp_path), sheet="Ark9")
    with pytest.raises(UsageError, match="header"):
        seen([{"a": 1}], header=2)
