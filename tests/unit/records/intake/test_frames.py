"""Frames, queries and streams: what each library's types become, and what can be read only once."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pandas")
pytest.importorskip("polars")
pytest.importorskip("pyarrow")

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from casequality.errors import InputError, UsageError
from casequality.records import Dialect, Records, amount, code, count, day, flag, instant, key, source, span
from tests.factories.records import Case, Notice, plain_rows, read

BASE = {"case": [1, 2, 3], "received_on": [dt.date(2010, 6, 1)] * 3}
COLUMNS = {name: None for name in Case.fields if name not in ("case", "received_on", "notices")}


def one_column(field: str, column: Any) -> Any:
    table = pa.table({**BASE, field: column})
    return source(table, Case, columns={name: None for name in COLUMNS if name != field}, zone="Europe/Copenhagen")


MOMENT = dt.datetime(2010, 6, 1, 12, 0, 1, tzinfo=dt.UTC)
LOCAL = dt.datetime(2010, 6, 1, 14, 0, 1)  # noqa: DTZ001 - the same on a Danish clock


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize(("zone", "moment"), [("UTC", MOMENT), ("America/New_York", MOMENT), (None, LOCAL)])
def test_timestamps_of_every_unit_and_zone(unit: str, zone: str | None, moment: dt.datetime) -> None:
    column = pa.array([moment, None, moment], pa.timestamp(unit, zone))
    assert read(one_column("seen_at", column), ["seen_at"]).values("seen_at") == [
        MOMENT.replace(tzinfo=None),
        None,
        MOMENT.replace(tzinfo=None),
    ]


def test_the_point_of_a_decimal_is_no_dialects() -> None:
    """1.125 is no thousand, whatever the texts beside it have between thousands."""
    sums = [Decimal("1.12"), None, Decimal("1125.00")]
    table = pa.table({**BASE, "paid": pa.array(sums, pa.decimal128(9, 2))})
    found = source(table, Case, columns={name: None for name in COLUMNS if name != "paid"}, dialect=Dialect.danish())
    assert read(found, ["paid"]).values("paid") == [112, None, 112500]
    table = pa.table({**BASE, "waited": pa.array([Decimal("1.125"), None, Decimal("60.000")], pa.decimal128(9, 3))})
    found = source(table, Case, columns={name: None for name in COLUMNS if name != "waited"}, dialect=Dialect.danish())
    assert read(found, ["waited"]).values("waited") == [dt.timedelta(seconds=1.125), None, dt.timedelta(seconds=60)]


def test_uuids_are_texts_and_intervals_lengths_of_time() -> None:
    numbers = [UUID(int=15), None, UUID("0a0b0c0d-0000-4000-8000-00000000000f")]
    stored = pa.array([None if one is None else one.bytes for one in numbers], pa.binary(16))
    table = pa.table({**BASE, "unit": pa.ExtensionArray.from_storage(pa.uuid(), stored)})
    for part in (table, table.slice(1)):
        found = source(part, Case, columns={name: None for name in COLUMNS if name != "unit"})
        known = [None if one is None else str(one) for one in numbers]
        assert read(found, ["unit"]).values("unit") == known[3 - part.num_rows :]
    day, hour = dt.timedelta(days=1), 3_600 * 10**9
    lengths = pa.array([(0, 1, 2 * hour), None, (0, 0, 500_000)], pa.month_day_nano_interval())
    assert read(one_column("waited", lengths), ["waited"]).values("waited") == [
        day + dt.timedelta(hours=2),
        None,
        dt.timedelta(microseconds=500),
    ]
    months = pa.array([(1, 0, 0), (0, 1, 0), (0, 0, 5 * hour + 7_000)], pa.month_day_nano_interval())
    told = read(one_column("waited", months), ["waited"])
    assert told.faults() == {("waited", "unreadable value"): [1]}
    assert told.values("waited") == [day, dt.timedelta(hours=5, microseconds=7)]


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64(), pa.timestamp("s"), pa.string()])
def test_days_of_every_type(kind: pa.DataType) -> None:
    days = [dt.date(2010, 6, 1), None, dt.date(2011, 1, 1)]
    column = pa.array([None if one is None else str(one) for one in days], pa.string()).cast(kind)
    assert read(one_column("promised", column), ["promised"]).values("promised") == days


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int8(), pa.string()),
        pa.dictionary(pa.uint32(), pa.large_string()),
    ],
)
def test_labels_of_every_text_type(kind: pa.DataType) -> None:
    column = (
        pa.array(["b", None, "a"]).cast(kind) if not pa.types.is_string_view(kind) else pa.array(["b", None, "a"], kind)
    )
    assert read(one_column("unit", column), ["unit"]).values("unit") == ["b", None, "a"]


def test_a_dictionary_may_hold_more_than_its_rows_and_a_blank() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([2, 0, None], pa.int32()), pa.array([None, "z", "decided", "q"]))
    found = read(
        source(
            pa.table({**BASE, "ending": column, "closed_on": [dt.date(2010, 7, 1)] * 3}),
            Case,
            columns={name: None for name in COLUMNS if name not in ("ending", "closed_on")},
        ),
        ["ending"],
    )
    assert found.values("ending") == ["decided", None, None]
    assert len(found.findings) == 0


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (pa.array([3, None, 0], pa.int8()), [3, None, 0]),
        (pa.array([3, None, 0], pa.uint64()), [3, None, 0]),
        (pa.array([3.0, None, float("nan")]), [3, None, None]),
        (pa.array([3.0, None, 0.0], pa.float32()), [3, None, 0]),
        (pa.array([Decimal("3.00"), None, Decimal(0)], pa.decimal128(9, 2)), [3, None, 0]),
        (pa.array(["3", None, " 0 "]), [3, None, 0]),
    ],
)
def test_counts_of_every_type(column: pa.Array, values: list[int | None]) -> None:
    assert read(one_column("letters", column), ["letters"]).values("letters") == values


@pytest.mark.parametrize(
    ("column", "bad"),
    [
        (pa.array([1.5, 2.0, 3.0]), [1]),
        (pa.array([Decimal("1.50"), Decimal(2), None], pa.decimal128(9, 2)), [1]),
        (pa.array([2**63 + 5, 1, 1], pa.uint64()), [1]),
        (pa.array([1e300, 1, float("-inf")]), [1, 3]),
    ],
)
def test_counts_that_are_none(column: pa.Array, bad: list[int]) -> None:
    found = read(one_column("letters", column), ["letters"])
    assert found.faults() == {("letters", "unreadable value"): bad}


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (pa.array([1.1, -0.07, None]), [110, -7, None]),
        (pa.array([1.1, -0.07, None], pa.float32()), [110, -7, None]),
        (pa.array([11, -7, None]), [1100, -700, None]),
        (pa.array([Decimal("1.1"), Decimal("-0.07"), None], pa.decimal128(20, 5)), [110, -7, None]),
    ],
)
def test_amounts_are_whole_numbers_of_the_smallest_unit(column: pa.Array, values: list[int | None]) -> None:
    assert read(one_column("paid", column), ["paid"]).values("paid") == values


@pytest.mark.parametrize("column", [pa.array([1.005, 2, 3]), pa.array([2**62, 2, 3])])
def test_amounts_that_are_none(column: pa.Array) -> None:
    assert read(one_column("paid", column), ["paid"]).faults() == {("paid", "unreadable value"): [1]}


@pytest.mark.parametrize(
    "column",
    [
        pa.array([90, None, 0]),
        pa.array([90.0, None, 0.0]),
        pa.array([dt.timedelta(seconds=90), None, dt.timedelta()], pa.duration("ms")),
        pa.array([dt.timedelta(seconds=90), None, dt.timedelta()], pa.duration("ns")),
        pa.array([dt.time(0, 1, 30), None, dt.time()], pa.time32("s")),
        pa.array([dt.time(0, 1, 30), None, dt.time()], pa.time64("ns")),
        pa.array(["0:01:30", None, "0"]),
    ],
)
def test_spans_of_every_type(column: pa.Array) -> None:
    found = read(one_column("waited", column), ["waited"])
    assert found.values("waited") == [dt.timedelta(seconds=90), None, dt.timedelta()]


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("received_on", pa.array([1, 2, 3])),
        ("seen_at", pa.array([True, False, True])),
        ("letters", pa.array([dt.date(2010, 6, 1)] * 3)),
        ("waited", pa.array([dt.date(2010, 6, 1)] * 3)),
        ("unit", pa.array([dt.date(2010, 6, 1)] * 3)),
        ("case", pa.array([dt.date(2010, 6, 1)] * 3)),
    ],
)
def test_a_column_of_another_kind_is_refused_as_a_whole(field: str, column: pa.Array) -> None:
    with pytest.raises(InputError) as caught:
        read(one_column(field, column), [field])
    message = str(caught.value)
    assert f"column {field}" in message
    assert str(column.type) in message


def test_slices_and_chunks_keep_their_rows() -> None:
    numbers = list(range(1, 1_001))
    table = pa.table(
        {
            "case": numbers,
            "received_on": [
                None if number % 7 == 0 else dt.date(2010, 1, 1) + dt.timedelta(number) for number in numbers
            ],
            "informed": [None if number % 5 == 0 else number % 2 == 0 for number in numbers],
            "unit": [None if number % 3 == 0 else f"u{number % 4}" for number in numbers],
        }
    )
    pieces = pa.concat_tables([table.slice(start, 37) for start in range(0, 1_000, 37)])
    columns = {name: None for name in COLUMNS if name not in ("informed", "unit")}
    whole = read(source(table, Case, columns=columns), ["case", "informed", "unit"])
    for block_rows in (1, 64, 131_072):
        found = read(
            source(pieces.slice(3, 990), Case, columns=columns), ["case", "informed", "unit"], block_rows=block_rows
        )
        assert found.rows == whole.rows[3:993]
        assert found.numbers == list(range(1, 991))


def test_pandas_columns_of_python_objects_are_read_value_by_value() -> None:
    frame = pd.DataFrame({**BASE, "unit": pd.Series(["a", 1, None], dtype=object)}).set_axis([7, 7, 7])
    found = read(source(frame, Case, columns={name: None for name in COLUMNS if name != "unit"}), ["unit"])
    assert found.values("unit") == ["a", "1", None]


def test_pandas_columns_of_a_kind_that_is_not_read() -> None:
    frame = pd.DataFrame({"case": [1], "received_on": [1 + 2j]})
    with pytest.raises(InputError, match="kind of value"):
        read(source(frame, Case, columns=COLUMNS), ["received_on"])


def test_a_polars_enum_and_a_categorical() -> None:
    frame = pl.DataFrame(
        {
            **BASE,
            "unit": pl.Series(["b", "a", None], dtype=pl.Categorical),
            "informed": pl.Series(["yes", "no", None], dtype=pl.Enum(["yes", "no"])),
        }
    )
    columns = {name: None for name in COLUMNS if name not in ("unit", "informed")}
    found = read(source(frame, Case, columns=columns), ["unit", "informed"])
    assert (found.values("unit"), found.values("informed")) == (["b", "a", None], ["yes", "no", None])


def table() -> pa.Table:
    return pa.table({**BASE, "unit": ["a", "b", None], "extra": [{"a": 1}] * 3})


def once(columns: dict[str, None]) -> list[Callable[[], Any]]:
    return [
        lambda: source(table().to_reader(), Case, columns=columns),
        lambda: source((row for row in table().to_pylist()), Case, columns=columns),
        lambda: source(Stream(table()), Case, columns=columns),
    ]


class Stream:
    """An object that can say no more than the protocol of Arrow streams."""

    def __init__(self, data: pa.Table) -> None:
        self.data = data

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.data.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize("make", once({name: None for name in COLUMNS if name != "unit"}))
def test_a_stream_with_keys_is_remembered_for_the_second_reading(make: Callable[[], Any]) -> None:
    given = make()
    assert not given.rereadable
    first = read(given, ["unit"])
    assert first.values("unit") == ["a", "b", None]
    again = read(given, ["unit", "case"], keys="partitioned")
    assert again.values("case") == [1, 2, 3]


class Call(Records, name="calls"):
    received_on = day()


def test_a_stream_without_keys_is_read_once() -> None:
    given = source(table().to_reader(), Call)
    assert read(given, ["received_on"]).read == 3
    with pytest.raises(InputError, match="only once"):
        given.reading(["received_on"])


def test_a_stream_that_was_not_read_to_its_end_is_not_half_remembered() -> None:
    given = source(table().to_reader(), Case)
    next(iter(given.reading(["received_on"]).parts[0].blocks()))
    with pytest.raises(InputError, match="only once"):
        given.reading(["received_on"], keys="partitioned")


def test_a_stream_that_breaks_off() -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield from table().to_batches()
        raise OSError("the line to NN, 010203-1234, is gone")

    reader = pa.RecordBatchReader.from_batches(table().schema, batches())
    with pytest.raises(InputError) as caught:
        read(source(reader, Case, columns=COLUMNS), ["received_on"])
    assert "010203" not in str(caught.value)


def test_what_can_be_read_again() -> None:
    frames = [
        table(),
        table().to_pandas(),
        pl.from_arrow(table()),
        pl.DataFrame(table()).lazy(),
        duckdb.connect().from_arrow(table()),
        table().to_pylist(),
        table().to_batches()[0],
    ]
    for frame in frames:
        given = source(frame, Case)
        assert given.rereadable
        assert read(given, ["received_on"]).rows == read(given, ["received_on"]).rows != []


def test_only_the_columns_needed_leave_a_query() -> None:
    connection = duckdb.connect()
    relation = connection.sql(
        """select 1 as "case", date '2010-06-01' as "received_on", error('read') as "the ""rest" """
    )
    assert read(source(relation, Case), ["received_on"]).read == 1
    query = pl.LazyFrame(BASE).with_columns(rest=pl.col("case").map_elements(lambda _: 1 / 0, return_dtype=pl.Float64))
    assert read(source(query, Case), ["received_on"]).read == 3


def test_columns_are_read_only_and_arrow_buffers_are_not_copied() -> None:
    moments = pa.array(np.arange(1, 4) * 4 * 10**14, pa.timestamp("us", "UTC"))
    data = pa.table({"case": [1, 2, 3], "seen_at": moments, "received_on": BASE["received_on"]})
    (part,) = (
        source(data, Case, zone="UTC", checks_off=["seen_at-before-received_on"]).reading(["seen_at", "case"]).parts
    )
    (block,) = part.blocks()
    columns: dict[str, Any] = {name: block.records.column(name) for name in ("seen_at", "case", "received_on")}
    assert columns["seen_at"].__array_interface__["data"][0] == moments.buffers()[1].address
    for column in columns.values():
        with pytest.raises(ValueError, match="read-only"):
            column[0] = column[1]


def test_records_are_a_source_themselves() -> None:
    notices = [{"case": 2, "sent_on": dt.date(2010, 6, 2), "promised": None, "kind": "delay"}]
    rows = [
        {
            **dict.fromkeys(COLUMNS),
            "case": n,
            "received_on": dt.date(2010, 6, n),
            "born_on": "1900-01-01",
            "unit": f"u{n}",
        }
        for n in range(1, 5)
    ]
    first = source(
        rows, Case, children={"notices": source(notices, Notice)}, marks={"born_on": {"1900-01-01": "unknown"}}
    )
    fields = [*Case.fields, "notices.sent_on", "notices.promised", "notices.kind"]
    (part,) = first.reading([name for name in fields if name != "notices"]).parts
    (block,) = part.blocks()
    second = source(block.records, Case)
    found = read(second, list(block.records.loaded), block_rows=3)
    assert found.rows == plain_rows(block.records)
    assert [len(notices) for notices in found.values("notices")] == [0, 1, 0, 0]
    (part,) = second.reading(["born_on"]).parts
    assert [block.records.unknown(["born_on"]).tolist() for block in part.blocks()] == [[True] * 4]  # type: ignore[union-attr]


class Every(Records, name="every"):
    id = key()
    on = day()
    at = instant()
    kind = code()
    told = flag()
    number = count()
    sum = amount()
    wait = span()


@pytest.mark.parametrize("make", [lambda t: t.to_pylist(), lambda t: t.to_pandas(), pl.from_arrow, lambda t: t, iter])
def test_no_record_is_shown_where_a_source_is_printed(make: Callable[[Any], Any]) -> None:
    data = pa.table({"case": ["010203-1234", "020304-4321"], "received_on": ["2010-06-01", "Mette Hansen"]})
    given = source(make(data.to_pylist() if make is iter else data), Case)
    reading = given.reading(["received_on", "case"])
    batches = [batch for part in reading.parts for batch in part.piece.read()]
    shown = [given, reading, batches, [reading.parts[0].reader.block(batch) for batch in batches]]
    assert not any(word in repr(shown) for word in ("010203", "4321", "Hansen"))


@pytest.mark.parametrize(
    "make",
    [
        lambda: duckdb.sql("select '1' as call, cast('Anna' as int) as length"),
        lambda: pl.LazyFrame({"call": ["1"], "length": ["Anna"]}).with_columns(pl.col("length").str.to_integer()),
        lambda: pl.LazyFrame({"call": ["1"]}).select("call", "Anna"),
        lambda: pa.RecordBatchReader.from_batches(pa.schema({"call": pa.string(), "length": pa.string()}), broken()),
    ],
    ids=["DuckDB", "polars", "polars, before there are columns", "Arrow"],
)
def test_a_query_that_fails_is_an_error_that_quotes_no_value(make: Callable[[], Any]) -> None:
    with pytest.raises(InputError) as raised:
        read(source(make(), Measured), ["length"])
    assert "Anna" not in str(raised.value)
    assert raised.value.got


def broken() -> Iterator[pa.RecordBatch]:
    yield pa.record_batch({"call": ["1"], "length": ["5"]})
    raise ValueError("Anna")


class Measured(Records, name="measured"):
    call = key()
    length = count(missing="none")
    unit = code(missing="none")


@pytest.mark.parametrize("lazy", [False, True])
def test_whole_numbers_of_128_bits_are_read(lazy: bool) -> None:
    frame = pl.DataFrame({"call": [2**100, 7], "length": [5, 2**100]}, schema={"call": pl.Int128, "length": pl.Int128})
    found = read(source(frame.lazy() if lazy else frame, Measured, columns={"unit": None}), ["call", "length"])
    assert [(row["call"], row["length"]) for row in found.rows] == [(str(2**100), 5)]
    assert found.faults() == {("length", "unreadable value"): [2]}


@pytest.mark.parametrize("make", [pd.Series, pl.Series, pa.array, lambda texts: pa.chunked_array([texts])])
def test_one_column_alone_is_no_table(make: Callable[[list[str]], Any]) -> None:
    with pytest.raises(InputError, match="not a mapping"):
        source(make(["Anna"]), Measured)


def test_a_column_is_named_by_a_text() -> None:
    with pytest.raises(UsageError, match="no text"):
        source(pd.DataFrame({0: ["1"]}), Measured, columns={"call": 0, "length": None, "unit": None})  # type: ignore[dict-item]


@pytest.mark.parametrize("bits", [16, 32, 64])
def test_a_float_as_a_label_is_the_shortest_text_in_its_own_width(bits: int) -> None:
    labels = np.array([0.1, 2.0, np.nan], f"float{bits}")
    rows = [{"call": number, "unit": label} for number, label in enumerate(labels)]
    for data in (pa.table({"call": ["1", "2", "3"], "unit": labels}), rows):
        assert read(source(data, Measured, columns={"length": None}), ["unit"]).values("unit") == ["0.1", "2", None]


def test_a_clock_of_24_hours_is_not_midnight_of_the_day_before() -> None:
    rows = duckdb.sql("select '1' as call, date '2010-06-01' as d, time '24:00:00' as c")
    found = read(source(rows, Began, columns={"at": ["d", "c"]}, zone="Europe/Copenhagen"), ["at"])
    assert list(found.faults()) == [("d", "unreadable value")]


class Began(Records, name="began"):
    call = key()
    at = instant(missing="none")


class OwnError(Exception):
    """What the caller's own code raises; its text quotes a citizen."""


def raises(*_: Any, **__: Any) -> Any:
    raise OwnError("Anna Andersen")


class Odd:
    """Raises when its text, or its rows, are asked for."""

    __str__ = __arrow_c_stream__ = raises


def broken_rows() -> Iterator[dict[str, Any]]:
    yield plain_row()
    raises()


class Pages(Sequence[Any]):
    """Rows by the page, which a server sends."""

    def __init__(self, length: Callable[[], int], row: Callable[[], Any]) -> None:
        self.length, self.row = length, row

    def __len__(self) -> int:
        return self.length()

    def __getitem__(self, place: Any) -> Any:
        if place > 1:
            raise IndexError(place)
        return self.row()


class Asked(dict[str, Any]):
    """A row that asks a server for its values."""

    get = raises


def plain_row() -> dict[str, Any]:
    return {"case": 1, "received_on": "2010-06-01", "unit": None}


def broken_batches() -> Any:
    batch = pa.record_batch({name: [value and str(value)] for name, value in plain_row().items()})
    return pa.RecordBatchReader.from_batches(batch.schema, (batch if at == 0 else raises() for at in range(2)))


OWN: dict[str, Callable[[], Any]] = {
    "iterator": broken_rows,
    "iterable": type("Own", (), {"__iter__": raises}),
    "length": lambda: Pages(raises, plain_row),
    "row": lambda: Pages(lambda: 2, raises),
    "cell": lambda: [Asked(plain_row())],
    "text": lambda: [plain_row() | {"unit": Odd()}],
    "key": lambda: [plain_row() | {"case": Odd()}],
    "objects of pandas": lambda: pd.DataFrame({**plain_row(), "unit": [Odd()]}, index=[0]),
    "stream": Odd,
    "batches": broken_batches,
    "path": type("Own", (), {"__fspath__": raises}),
    "paths": lambda: [Path("a.csv"), type("Own", (os.PathLike,), {"__fspath__": raises})()],
    "attribute": type("Own", (), {"__getattr__": raises}),
    "class": type("Own", (), {"__class__": property(raises)}),
}


@pytest.mark.parametrize("made", OWN.values(), ids=OWN)
def test_what_the_callers_own_code_raises_is_one_error_that_quotes_nothing(made: Callable[[], Any]) -> None:
    with pytest.raises(InputError) as error:
        read(source(made(), Case, columns={name: None for name in COLUMNS if name != "unit"}), ["received_on", "unit"])
    assert "Anna" not in str(error.value) + error.value.told("da")
    # pyarrow makes an error of its own of what a stream's rows raise
    assert isinstance(error.value.__cause__, OwnError | pa.ArrowInvalid)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_passes(kind: type[BaseException]) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield plain_row()
        raise kind

    with pytest.raises(kind):
        read(source(rows(), Case), ["received_on"])


def wrapped(values: pa.Array, how: str) -> pa.Array:
    for way in reversed(how.split()):
        if way == "runs":
            values = pa.RunEndEncodedArray.from_arrays(pa.array(range(1, len(values) + 1), pa.int16()), values)
        else:
            values = pa.DictionaryArray.from_arrays(pa.array(range(len(values)), pa.uint16()), values)
    return values


PLAIN = {
    "closed_on": ([dt.date(2010, 6, 2), None, dt.date(2010, 6, 3)], pa.date32()),
    "seen_at": ([dt.datetime(2010, 6, 1, 12), None, dt.datetime(2010, 6, 1, 13)], pa.timestamp("ns", "UTC")),  # noqa: DTZ001
    "unit": (["north", None, "south"], pa.string()),
    "paid": ([Decimal("0.25"), None, Decimal("1.00")], pa.decimal256(9, 2)),
    "waited": ([dt.timedelta(seconds=5), None, dt.timedelta(days=1)], pa.duration("ms")),
}


@pytest.mark.parametrize("how", ["runs", "places", "runs places", "places runs", "places places"])
@pytest.mark.parametrize("field", PLAIN)
def test_what_lies_in_wrappings_is_read_as_without_them(field: str, how: str) -> None:
    values, kind = PLAIN[field]
    plain = pa.array(values, kind)
    table = pa.table({**BASE, field: wrapped(plain, how)})
    columns = {name: None for name in COLUMNS if name != field}
    expected = read(source(pa.table({**BASE, field: plain}), Case, columns=columns, zone="Europe/Copenhagen"), [field])
    found = read(source(table, Case, columns=columns, zone="Europe/Copenhagen"), [field])
    assert found.values(field) == expected.values(field)
    assert found.faults() == expected.faults() == {}
    cut = read(source(table.slice(1, 2), Case, columns=columns, zone="Europe/Copenhagen"), [field])
    assert cut.values(field) == expected.values(field)[1:]


def test_a_number_within_an_unknown_type_is_no_value() -> None:
    """Months of pandas are counted since 1970; nobody is shown that number."""
    months = pd.DataFrame({**BASE, "unit": pd.period_range("2010-06", periods=3, freq="M")})
    with pytest.raises(InputError, match="A column holds another kind of value than its field"):
        read(source(months, Case, columns={name: None for name in COLUMNS if name != "unit"}), ["unit"])
    sparse = pd.DataFrame({**BASE, "unit": pd.arrays.SparseArray(["a", "b", "b"])})
    found = read(source(sparse, Case, columns={name: None for name in COLUMNS if name != "unit"}), ["unit"])
    assert found.values("unit") == ["a", "b", "b"]


class Unkept:
    """A value that cannot be written down to be read again."""

    def __reduce__(self) -> Any:
        return raises()

    def __str__(self) -> str:
        return "north"


ODD_VALUES: dict[str, Any] = {
    "a view of bytes": memoryview(b"ab"),
    "a text of a kind of its own": type("Own", (str,), {})("north"),
    "a number of a kind of its own": type("Own", (int,), {})(5),
    "a float of a kind of its own": type("Own", (float,), {})(0.5),
    "a day of a kind of its own": type("Own", (dt.date,), {})(2010, 6, 2),
    "a function": lambda: None,
    "an object": Unkept(),
    "a month": np.datetime64("2010-06"),
}


@pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES)
@pytest.mark.parametrize("field", ["closed_on", "unit", "paid", "waited"])
def test_an_iterator_is_read_as_a_list_whatever_its_values_are(value: Any, field: str) -> None:
    """What is read once is kept for the rows that repeat a key, and not every object of Python can be."""
    rows = [{"case": case, "received_on": "2010-06-01", field: value} for case in (1, 2, 1)]
    columns = {name: None for name in COLUMNS if name != field}
    whole, once = (source(data, Case, columns=columns) for data in (rows, iter(rows)))
    expected = read(whole, ["received_on", field], keys="partitioned")
    found = read(once, ["received_on", field], keys="partitioned")
    assert found.faults() == expected.faults()
    assert found.values(field) == expected.values(field)


@pytest.mark.parametrize("field", ["closed_on", "seen_at", "unit", "paid", "waited"])
@pytest.mark.parametrize("kind", [pa.int64(), pa.date32(), pa.bool_(), pa.list_(pa.int64()), pa.binary()])
def test_a_column_without_a_value_is_blank_whatever_its_kind(field: str, kind: pa.DataType) -> None:
    found = read(one_column(field, pa.nulls(3, kind)), [field])
    assert (found.values(field), found.faults()) == ([None, None, None], {})


def test_a_clock_with_an_offset_is_no_clock_without() -> None:
    """DuckDB gives Arrow the clock alone."""
    query = "select 1 as \"case\", date '2010-06-01' as received_on, '12:30:00+02'::timetz as waited"
    found = source(duckdb.connect().sql(query), Case, columns={name: None for name in COLUMNS if name != "waited"})
    with pytest.raises(InputError, match="A column holds a kind of value that is not read"):
        read(found, ["waited"])
    assert read(found, ["received_on"]).values("received_on") == [dt.date(2010, 6, 1)]


def test_categories_of_several_kinds_are_what_each_is() -> None:
    frame = pd.DataFrame({**BASE, "unit": pd.Categorical([1, "a", None])})
    found = read(source(frame, Case, columns={name: None for name in COLUMNS if name != "unit"}), ["unit"])
    assert found.values("unit") == ["1", "a", None]
