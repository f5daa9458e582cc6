"""Many texts or Python values read together say what each says when it is read by itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casequality.days import MISSING
from casequality.records import Dialect
from casequality.records.intake.cells import ArrowCells, ObjectCells, TextCells, Times
from casequality.records.intake.cells.cells import key_value
from casequality.records.intake.cells.dialect import NumberStyle, read_number, read_span, time_texts

MANY = 64
"""From so many on they are read together."""
DIALECTS = (
    Dialect(),
    Dialect.danish(),
    Dialect(day="m/d/yyyy"),
    Dialect(day="d.m.yyyy", instant="d.m.yyyy H.MM"),
    Dialect(instant="yyyymmdd HH:MM:SS"),
    Dialect(day="1yyyy-mm-dd"),
    Dialect(day="d. mmmm yyyy"),
    Dialect(day="dd-mmm-yy", pivot=1950),
    Dialect(day="yyyy-mm-dd", instant="d mmm yyyy h:MM PM"),
    Dialect(day="mm/dd/yyyy", instant="mm/dd/yyyy hh:MM:SS PM"),
)
AROUND = ("", "", "", " ", "\t", "\u00a0", "\u2003", "\x1c")
ODD = ("", "  ", "soon", "-", "\u0661\u0662-01-2010", "2010-01-0\u0661", "x" * 50, "\ud800", "\u00e6")
PARTS = {
    "yy": ("00", "10", "49", "50", "99"),
    "mmmm": ("januar", "March", "MAJ", "oktober", "July", "mat", "sep"),
    "mmm": ("jan", "Feb.", "maj", "OKT", "sept", "Oct.", "may", "june"),
    "hh": ("00", "01", "11", "12", "13"),
    "h": ("0", "1", "11", "12", "13"),
    "PM": ("AM", "PM", "p.m.", "a", "xm"),
    "yyyy": ("2010", "2012", "1900", "0000", "9999"),
    "mm": ("00", "01", "02", "06", "12", "13"),
    "m": ("0", "1", "2", "12", "13"),
    "dd": ("00", "01", "28", "29", "30", "31", "32"),
    "d": ("1", "2", "29", "30", "31"),
    "HH": ("00", "09", "23", "24"),
    "H": ("0", "9", "12", "24"),
    "MM": ("00", "59", "60"),
    "SS": ("00", "59", "60"),
}
AFTER = (
    "",
    "",
    "",
    ".5",
    ",25",
    ".123456",
    ".1234567",
    ".1234567890",
    "Z",
    " Z",
    "+01:00",
    "+02",
    "-0230",
    " +9999",
    ".5Z",
)
FORMS = (
    *("{}", "-{}", "+{}", "{}.{}", "{},{}", "{}.{:03}", "{},{:03}", "-{}.{:03},{}", "{},{:03}.{}", "0.{:03}", "00{}"),
    *("0,{:03},{:03}", "{}:{:02}:{:02}", "-{}:{:02}:{:02}", "{} days {}:{:02}:{:02}", "1 day {}:00:{:02},{}", "{}e5"),
    *("{}:{:02}:{:02}.{}", "{}.000,{}", "1.00.{:03}", "{} {:03} {:03},{}", "{}'{:03}", "{}\u00a0{:03}"),
    *("{}%", "{},{} %", "-{}.{:03},{}\u00a0%", "{} %%", "{}:{:02}:{:02} %", "0,00{} %"),
)


@st.composite
def times(draw: st.DrawFn) -> tuple[Dialect, list[str]]:
    dialect = draw(st.sampled_from(DIALECTS))

    def one() -> str:
        if draw(st.integers(0, 9)) == 0:
            return draw(st.sampled_from(ODD))
        pattern = draw(
            st.sampled_from([dialect.day, dialect.instant, dialect.instant.rpartition(":")[0] or dialect.day])
        )
        drawn = re.sub(
            "yyyy|yy|mmmm|mmm|mm|m|dd|d|HH|H|hh|h|PM|MM|SS",
            lambda found: draw(st.sampled_from(PARTS[found[0]])),
            pattern,
        )
        if " " in drawn:
            drawn = drawn.replace(" ", draw(st.sampled_from("  T")), 1) + draw(st.sampled_from(AFTER))
        return draw(st.sampled_from(AROUND)) + drawn + draw(st.sampled_from(AROUND))

    return dialect, [one() for _ in range(draw(st.integers(1, 12)))]


STYLES = (
    NumberStyle("."),
    NumberStyle(","),
    NumberStyle(",", " ", "points"),
    NumberStyle(",", None, "share"),
    NumberStyle(".", "'", "share"),
    NumberStyle(".", ""),
)
numbers_drawn = st.one_of(st.integers(0, 999), st.integers(0, 10**20))
numbers = st.builds(
    lambda before, form, parts, after: before + form.format(*parts) + after,
    st.sampled_from(AROUND),
    st.sampled_from(FORMS),
    st.tuples(*[numbers_drawn] * 4),
    st.sampled_from(AROUND),
) | st.sampled_from(ODD)


def repeated(drawn: Sequence[Any], seed: int) -> list[Any]:
    """Return many of the values drawn, in any order."""
    return [drawn[place] for place in np.random.default_rng(seed).integers(0, len(drawn), MANY + 40)]


def said(text: str, reader: Callable[[str], Any], blank: Any) -> Any:
    stripped = text.strip()
    return reader(stripped) if stripped else blank


def told(found: Times) -> list[Any]:
    """Return what is told of each row: None where it is no time."""
    rows = len(found.ticks)
    marks = [np.broadcast_to(mark, rows).tolist() for mark in (found.aware, found.only_day)]
    each: list[Any] = list(zip(found.ticks.tolist(), *marks, strict=True))
    each = [(MISSING, False, False) if one[0] == MISSING else one for one in each]  # whatever the marks of none
    for row in found.bad.tolist():
        assert each[row] == (MISSING, False, False)
        each[row] = None
    return each


def counted(found: Any) -> list[Any]:
    each: list[Any] = found.values.tolist()
    for row in found.bad.tolist():
        assert each[row] == MISSING
        each[row] = None
    return each


@given(times(), st.integers(0, 2**32))
@settings(max_examples=150)
def test_times(drawn: tuple[Dialect, list[str]], seed: int) -> None:
    dialect, texts = drawn[0], repeated(drawn[1], seed)
    expected = [said(text, time_texts(dialect).read, (MISSING, False, False)) for text in texts]
    cells = TextCells(texts, np.arange(len(texts)), None, dialect)
    assert told(cells.times()) == expected
    assert told(ObjectCells(list(texts), dialect).times()) == expected


@given(
    st.lists(numbers, min_size=1, max_size=12), st.integers(0, 2**32), st.sampled_from([0, 2]), st.sampled_from(STYLES)
)
@settings(max_examples=150)
def test_numbers_and_spans(drawn: list[str], seed: int, decimals: int, style: NumberStyle) -> None:
    texts, dialect = repeated(drawn, seed), Dialect(**attrs.asdict(style))
    cells = TextCells(texts, np.arange(len(texts)), None, dialect)
    assert counted(cells.numbers(decimals)) == [
        said(text, lambda one: read_number(one, decimals, style), MISSING) for text in texts
    ]
    assert counted(cells.spans()) == [said(text, lambda one: read_span(one, style), MISSING) for text in texts]


@given(
    st.lists(
        st.sampled_from(["1", "7", " 7", "12 ", "007", "0", "-3", "-0", "+4", "A1", "A1\u00a0", "", "9" * 20]),
        min_size=1,
    )
)
def test_keys_of_texts(drawn: list[str]) -> None:
    texts = repeated(drawn, 1)
    expected = [key_value(text.strip()) if text.strip() else None for text in texts]
    for cells in (TextCells(texts, np.arange(len(texts)), None, Dialect()), ObjectCells(list(texts), Dialect())):
        assert known(cells) == expected


COPENHAGEN = ZoneInfo("Europe/Copenhagen")
moments = st.datetimes(dt.datetime(2010, 3, 28), dt.datetime(2010, 11, 1))  # noqa: DTZ001 - naive times are drawn
KINDS: tuple[st.SearchStrategy[Any], ...] = (
    st.dates(),
    st.datetimes(),
    moments.map(lambda at: at.replace(tzinfo=COPENHAGEN)),
    moments.map(lambda at: at.replace(tzinfo=dt.UTC)),
    st.integers(-(10**3), 10**3),
    st.integers(-(10**20), 10**20),
    st.sampled_from([2**53, 2**53 - 1, -(2**53), -(2**63), 2**63, 2**53 // 100, 2**53 // 100 + 1, 0]),
    st.integers(-(10**6), 10**6).map(lambda cents: cents / 100),
    st.floats(allow_infinity=False),
    st.decimals(-(10**20), 10**20, places=2),
    st.sampled_from([Decimal("1E+2"), Decimal("-0.00"), Decimal("1E+400"), Decimal("NaN"), Decimal("0.1250")]),
    st.booleans(),
    st.sampled_from(["a", " b", "", "1", "1.5", "2010-06-01", "2010-06-01T12:30Z"]),
    st.timedeltas(),
    st.times(),
)
kinds = st.sampled_from(KINDS)


@given(kinds, kinds, st.booleans(), st.booleans(), st.integers(0, 2**32), st.data())
@settings(max_examples=150)
def test_python_values(
    first: st.SearchStrategy[Any],
    other: st.SearchStrategy[Any],
    mixed: bool,
    gaps: bool,
    seed: int,
    data: st.DataObject,
) -> None:
    drawn = data.draw(st.lists(first, min_size=1, max_size=12))
    drawn += data.draw(st.lists(other, max_size=3)) if mixed else []
    values = repeated([*drawn, None] if gaps else drawn, seed)
    cells = ObjectCells(values, Dialect())
    alone = [ObjectCells([value], Dialect()) for value in values]
    assert told(cells.times()) == [row for one in alone for row in told(one.times())]
    for decimals in (0, 2):
        assert counted(cells.numbers(decimals)) == [row for one in alone for row in counted(one.numbers(decimals))]
    assert counted(cells.spans()) == [row for one in alone for row in counted(one.spans())]
    assert labels(cells) == [row for one in alone for row in labels(one)]
    assert known(cells) == [row for one in alone for row in known(one)]


def known(cells: ObjectCells | TextCells) -> list[Any]:
    keys = cells.keys()
    missing = set(keys.missing.tolist())
    return [None if row in missing else key for row, key in enumerate(keys.values().tolist())]


def labels(cells: ObjectCells) -> list[str]:
    texts = cells.texts()
    assert texts.blank is None
    return [texts.distinct[place] for place in texts.positions.tolist()]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("rows", [1, MANY])
def test_the_largest_whole_number_that_is_kept(rows: int, sign: int) -> None:
    pa = pytest.importorskip("pyarrow")
    most = 90_071_992_547_409  # hundredths of it are just below 2**53
    for value, units in ((most, 9_007_199_254_740_900), (most + 1, None)):
        values, expected = [sign * value] * rows, [None if units is None else sign * units] * rows
        assert counted(ObjectCells(values, Dialect()).numbers(2)) == expected
        assert counted(ArrowCells(pa.array(values), Dialect(), "").numbers(2)) == expected
