"""Values that no field is made for: each is a finding, blank, or refused in words, and nothing else comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import casequality as cq
from casequality.errors import CaseQualityError

ODD: tuple[Any, ...] = (
    *(float("inf"), float("-inf"), float("nan"), 1e300, complex(1, 2), True),
    *(Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1e400")),
    *(10**5000, "1" * 5000, "\ud800", b"x", [1], {"a": 1}, np.array([1, 2]), object()),
    *(np.datetime64("NaT", "us"), np.datetime64("294247-01-10"), np.datetime64("5138-11-16T09:46:39", "s")),
    *(dt.date(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.UTC), dt.time(1), dt.timedelta(days=999)),
)
ROW = {
    "id": "a",
    "on": "2010-01-01",
    "at": "2010-01-01T00:00:00Z",
    "kind": "x",
    "number": 1,
    "paid": "1.5",
    "took": "0:00:05",
}


class Odd(cq.Records, name="odd"):
    """One field of each type."""

    id = cq.key()
    on = cq.day(missing="none")
    at = cq.instant(missing="none")
    kind = cq.code(missing="none")
    number = cq.count(missing="none")
    paid = cq.amount(decimals=2, missing="none")
    took = cq.span(missing="none")


def mappings(rows: list[dict[str, Any]]) -> Iterator[object]:
    yield rows


def pandas(rows: list[dict[str, Any]]) -> Iterator[object]:
    found = pytest.importorskip("pandas")
    yield found.DataFrame(rows, dtype=object)


def arrow(rows: list[dict[str, Any]]) -> Iterator[object]:
    found = pytest.importorskip("pyarrow")
    try:
        yield found.table({name: [row[name] for row in rows[-1:]] for name in ROW})
    except (found.ArrowException, OverflowError, UnicodeError, TypeError, ValueError):
        return  # pyarrow has no array of such values


@pytest.mark.parametrize("field", ROW)
@pytest.mark.parametrize("made", [mappings, pandas, arrow])
def test_an_odd_value_is_a_finding_a_blank_or_refused(made: Callable[..., Iterator[object]], field: str) -> None:
    for odd in ODD:
        for data in made([ROW | {"id": "b"}, ROW | {field: odd}]):
            try:
                reading = cq.source(data, Odd, zone="Europe/Copenhagen").reading(frozenset(Odd.fields))
                assert sum(block.read for part in reading.parts for block in part.blocks()) == (
                    1 if made is arrow else 2
                )
            except CaseQualityError:
                continue
