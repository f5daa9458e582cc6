"""What is unknown about a record, and what stands in spite of it; what hangs on the choice of a Danish calendar."""

from __future__ import annotations

import numpy as np
import pytest

from casequality.deadlines import Deadline
from casequality.errors import UsageError
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.due import Due
from casequality.metrics.tallies.outcomes import Contribution

TEN = Deadline(
    id="ten", title={"en": "Ten", "da": "Ti"}, kind="decide", terms="10 working days", calendar="dk-statutory"
)
DAYS = np.array(["2010-03-01", "2010-03-02", "2010-03-03"], "datetime64[D]")
OUTCOME = np.array([1, 2, 1], np.uint8)


def given(certain: list[bool] | None = None) -> Contribution:
    return Contribution(on=DAYS, outcome=OUTCOME, certain=None if certain is None else np.array(certain))


@pytest.mark.parametrize(
    ("unknown", "certain", "outcome"),
    [
        (None, None, [1, 2, 1]),
        ([True, True, False], None, [9, 9, 1]),
        ([True, True, False], [True, False, False], [1, 9, 1]),
        ([False, False, False], [True, False, False], [1, 2, 1]),
    ],
)
def test_an_unknown_record_is_unknown_but_where_its_outcome_stands(
    unknown: list[bool] | None, certain: list[bool] | None, outcome: list[int]
) -> None:
    rows = None if unknown is None else np.array(unknown)
    assert given(certain).with_unknown(rows, 9).outcome.tolist() == outcome
    assert OUTCOME.tolist() == [1, 2, 1]


def test_certain_has_an_entry_a_record() -> None:
    with pytest.raises(UsageError, match="different lengths"):
        given([True, False])


def test_something_is_kept_up_to_the_due_date_and_told_of_where_the_calendar_decides() -> None:
    # ten working days from 17 December 2010 end on 31 December, or on 4 January where 24 and 31 December are not worked
    due = AsOf.at("2011-03-01", zone="Europe/Copenhagen").due(TEN, np.full(6, np.datetime64("2010-12-17", "D")))
    done = np.array(["2010-12-31", "2011-01-01", "2011-01-04", "2011-01-05", "NaT", "2011-01-03"], "datetime64[D]")
    where = np.array([True, True, True, True, True, False])
    as_of = AsOf.at("2011-03-01", zone="Europe/Copenhagen").for_block(6)
    assert as_of.kept(due, done, where).tolist() == [True, False, False, False, False, False]
    assert as_of.remarks.sensitive is not None
    assert as_of.remarks.sensitive.tolist() == [False, True, True, False, False, False]


def test_nothing_is_told_of_where_no_calendar_is_asked() -> None:
    as_of = AsOf.at("2011-03-01", zone="Europe/Copenhagen").for_block(3)
    assert as_of.kept(Due(DAYS[[0, 0, 0]]), DAYS, np.ones(3, bool)).tolist() == [True, False, False]
    assert as_of.remarks.sensitive is None
