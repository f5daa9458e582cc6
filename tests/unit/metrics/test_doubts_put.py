"""What is said of records in doubt, put together: kinds that widen each other, and which records are left out."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np
import pytest

import casequality as cq
from casequality.metrics.declaring.due import Due
from casequality.metrics.in_doubt import Kinds, among
from casequality.metrics.tallies import doubts
from casequality.metrics.tallies.cells import Sums
from tests.factories.tallies import Told, entry

KINDS = [*range(len(doubts.KINDS)), -1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bits", range(8))
def test_dates_that_may_stand_for_none_only_widen_a_doubt(kind: int, bits: int) -> None:
    found = doubts.WITH_MARKS[kind, bits]
    assert found.dtype == np.int64
    if not bits or kind in (doubts.SET_ASIDE, doubts.STRAY):
        return
    marked = doubts.KINDS[found]
    known = doubts.KINDS[kind] if kind >= 0 else None
    for what in ("entry", "exit", "lasts"):
        assert getattr(marked, what) or known is None or not getattr(known, what) or kind == doubts.UNLABELLED
    if bits & doubts.ENTRY_BIT:
        assert marked.entry
    if bits & doubts.EXIT_BIT:
        assert marked.lasts


def test_a_date_that_may_stand_for_none_is_put_beside_what_was_said_before() -> None:
    kinds = Kinds(4)
    kinds.put(doubts.ENDED, np.array([True, False, False, False]))
    kinds.put(doubts.EITHER, np.array([False, True, False, False]))
    kinds.put(doubts.MARK_EXIT, np.array([False, False, True, False]))
    kinds.mark(np.array([True, True, True, True]), entry=True, exit_=False)
    assert kinds.found is not None
    assert (kinds.found & (doubts.COUNTED - 1)).tolist() == [
        doubts.ENDED_AND_MARK,
        doubts.EITHER_AND_MARK,
        doubts.MARK_BOTH,
        doubts.MARK_ENTRY,
    ]


def test_outcomes_are_among_those_that_are_asked_for() -> None:
    outcomes = np.array([0, 1, 2, 1], np.uint8)
    assert among(outcomes, [1]).tolist() == [False, True, False, True]
    assert among(outcomes, [0, 2]).tolist() == [True, False, True, False]
    assert among(outcomes, []).tolist() == [False] * 4


def rows(*given: dict[str, object]) -> list[dict[str, object]]:
    return [{**entry(), **each} for each in given]


def test_a_faulty_row_that_is_not_asked_for_is_elsewhere() -> None:
    """Six rows: two counted, one faulty, two of another office, of which one is faulty, and a faulty one without."""
    given = rows({}, {}, {"on": "?"}, {"office": "other"}, {"office": "other", "on": "?"}, {"office": ""})
    [tally] = cq.tally([Told], given, as_of="2012-01-01", where={"office": "main"}).parts.values()
    accounts = tally.accounts
    assert (accounts.read, accounts.elsewhere, accounts.set_aside) == (6, 2, 2)
    assert int(tally.counted("rows").sum()) == 2


def test_a_label_asked_for_is_shown_where_a_record_without_one_may_bear_it() -> None:
    given = rows({}, {"office": ""})
    result = cq.measure(
        Told, given, as_of="2012-01-01", by="office", where={"office": ["main", "other"]}, period="2010"
    )
    found = {figure.groups["office"]: (figure.low, figure.high) for figure in result.measurement}
    # the one without may be a yes or a no in either
    assert found == {"main": (Fraction(1, 2), Fraction(1)), "other": (Fraction(0), Fraction(1))}


def test_the_age_of_a_faulty_row_is_known_where_its_day_is() -> None:
    class Aged(Told):
        id = "test.aged"
        unit = cq.units.DAYS
        statistic = cq.statistics.PendingAge()

    given = rows({"on": "2010-01-02", "what": "open"}, {"on": "2010-01-06", "what": "?"})
    result = cq.measure(Aged(aged=True), given, as_of="2012-01-01", period="2010-01")
    [figure] = result.measurement
    # on 31 January they are 29 and 25 days old; whether the second is pending nobody knows
    assert (figure.low, figure.high) == (Fraction(27), Fraction(29))


def test_limits_of_doubt_of_a_subclass_are_not_another_way_of_counting() -> None:
    limited = type("Limited", (Told,), {"limits_of_doubt": Told.limits_of_doubt})
    assert limited().tallied_as == "test.told"
    assert type("Other", (Told,), {"more": 1})().tallied_as == "test.told, Other"


def test_sums_that_wait_are_added_up_before_they_grow() -> None:
    sums = Sums(1, limit=100)
    for _ in range(1000):
        sums.add(np.arange(10), np.ones((1, 10), np.int64))
        assert sum(map(len, sums.keys)) <= 110
    keys, values = sums.total()
    assert (keys.tolist(), values.tolist()) == (list(range(10)), [[1000] * 10])


def test_a_deadline_with_pauses_and_one_without_are_joined() -> None:
    days = np.array(["2010-06-01", "NaT"], "datetime64[D]")
    paused = Due(days, paused=np.array([3, 0]))
    plain = Due(np.array(["NaT", "2010-07-01"], "datetime64[D]"))
    for joined in (paused.or_else(plain), plain.or_else(paused)):
        assert joined.paused is not None
        assert joined.paused.tolist() == [3, 0]
    assert plain.or_else(paused).at.tolist() == [dt.date(2010, 6, 1), dt.date(2010, 7, 1)]


ALLOWED = {
    "set aside": "set aside: other out",
    "unlabelled": "unlabelled: stays",
    "its beginning is marked": "marks: stays other entry",
    "its end is marked": "marks: stays other lasts",
    "both are marked": "marks: stays other entry lasts ends",
    "another date is marked": "marks: stays other",
    "it ended, nobody knows when": "undated: other exit",
    "it ended or not": "unknown: other exit lasts",
    "it is open, with an amount so far": "open: stays",
    "its end or another date is marked": "marks: stays other lasts ends",
    "it ended, and its beginning is marked": "undated: other entry exit",
    "it ended or not, and its beginning is marked": "unknown: other entry exit lasts",
    "it ended, nobody knows when, as what it was read": "undated: other exit keeps",
    "it ended or not, as what it was read": "unknown: other exit lasts keeps",
    "it may be anything": "unknown: other out entry exit lasts",
    "a child row of nobody": "orphans: other out exit lasts",
}
"""What a record of each kind may be. Stored tallies name a kind by its place, so none may become another."""


def test_what_a_record_of_each_kind_may_be_is_what_it_was() -> None:
    flags = ("stays", "other", "out", "entry", "exit", "lasts", "ends", "keeps")
    said = [f"{kind.why}: {' '.join(flag for flag in flags if getattr(kind, flag))}" for kind in doubts.KINDS]
    assert said == list(ALLOWED.values())
    assert {kind.why for kind in doubts.KINDS} <= set(doubts.REASONS)


@pytest.mark.parametrize("figure", ["stock", "inflow"])
def test_a_stock_of_faulty_rows_alone_is_none_or_0_and_never_no_data(figure: str) -> None:
    """Both were closed before the period ends: they count for nothing in its stock, whatever the fault hides."""
    statistic = {"statistic": cq.statistics.Flow(figure), "unit": cq.units.CASES, "id": "test.flow"}  # type: ignore[arg-type]
    closed: dict[str, object] = {"on": "2010-01-02", "until": "2010-02-01", "what": "?"}
    faulty = rows(closed, closed)
    result = cq.measure(type("Flowing", (Told,), statistic), faulty, as_of="2012-01-01", period="2010-H2")
    [found] = result.measurement
    assert (found.low, found.high, found.value.reason) == (Fraction(0), Fraction(0), "only records in doubt")
    assert dict(found.doubt or {}) == {"set aside": 2}


def test_a_count_of_a_period_in_which_no_row_lies_is_no_data_whatever_other_rows_are() -> None:
    counted = type("Counting", (Told,), {"statistic": cq.statistics.Count(), "unit": cq.units.CASES, "id": "test.n"})
    faulty = rows({"on": "2010-01-02", "what": "?"})
    [found] = cq.measure(counted, faulty, as_of="2012-01-01", period="2011").measurement
    assert (found.low, found.high, found.value.reason) == (None, None, "no data")
