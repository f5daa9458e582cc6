"""A day of receipt as people write it and as frames hold it: taken, or refused with the way out."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from casequality.deadlines import Deadline, deadline
from casequality.errors import CaseQualityError, NaiveTime, UsageError

GUARANTEE = deadline("copenhagen/reply-guarantee")
DUE = dt.date(2010, 5, 7)
"""Ten working days after 22 April 2010: the 30th was Store bededag."""


@pytest.mark.parametrize("given", ["2010-04-22", "2010-04-22T16:30:00+02:00", "2010-04-21T23:30:00+00:00"])
def test_a_text_is_the_day_or_time_that_it_says(given: str) -> None:
    assert GUARANTEE.due(given) == DUE
    assert GUARANTEE.explain(given).due == DUE


@pytest.mark.parametrize("given", ["22-04-2010", "2010-04-31", "", "yesterday", "2010-04-22 at noon"])
def test_a_text_that_is_no_day_is_refused_with_the_way_out(given: str) -> None:
    for ask in (GUARANTEE.due, GUARANTEE.explain):
        with pytest.raises(UsageError) as raised:
            ask(given)
        assert raised.value.remedy == "write it as year-month-day"
        assert "udvej:   skriv den som år-måned-dag" in raised.value.told("da")


def test_a_timestamp_of_pandas_is_a_day_an_instant_or_missing() -> None:
    pd = pytest.importorskip("pandas")
    assert GUARANTEE.due(pd.Timestamp("2010-04-22")) == DUE
    assert type(GUARANTEE.due(pd.Timestamp("2010-04-22"))) is dt.date
    assert GUARANTEE.due(pd.Timestamp("2010-04-21 23:30", tz="UTC")) == DUE
    assert GUARANTEE.explain(pd.Timestamp("2010-04-22")).due == DUE
    assert np.isnat(GUARANTEE.due(pd.NaT))
    with pytest.raises(UsageError, match="nothing to explain"):
        GUARANTEE.explain(pd.NaT)
    with pytest.raises(NaiveTime) as raised:
        GUARANTEE.due(pd.Timestamp("2010-04-22 10:00"))
    assert "tzinfo" in str(raised.value)


def test_what_is_counted_in_hours_takes_a_text_or_a_timestamp_too() -> None:
    pd = pytest.importorskip("pandas")
    title = {"en": "a day and a night", "da": "et døgn"}
    by_the_hour = Deadline(id="local/day", title=title, kind="step", terms="24 hours", calendar="dk-statutory")
    at = dt.datetime(2010, 4, 22, 16, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))
    wanted = by_the_hour.due(at)
    assert wanted == at + dt.timedelta(hours=24)
    assert by_the_hour.due(at.isoformat()) == wanted
    found = by_the_hour.due(pd.Timestamp(at))
    assert (found, type(found)) == (wanted, dt.datetime)


def test_a_column_of_texts_is_taken_and_one_of_zoned_instants_refused_with_the_way_out_which_works() -> None:
    pd = pytest.importorskip("pandas")
    texts = pd.Series(["2010-04-22", "2010-04-23"])
    assert GUARANTEE.due(texts)[0] == np.datetime64(DUE)
    assert GUARANTEE.due(np.array(texts, "datetime64[D]"))[0] == np.datetime64(DUE)
    aware = pd.Series(pd.to_datetime(["2010-04-21 23:30"], utc=True))
    with pytest.raises(CaseQualityError, match="array of days") as raised:
        GUARANTEE.due(aware)
    assert "tz_convert('UTC').dt.tz_localize(None)" in str(raised.value)
    assert list(GUARANTEE.due(aware.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy())) == [np.datetime64(DUE)]
