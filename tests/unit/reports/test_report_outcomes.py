"""What became of the rows: under every statistic, the table adds up to the figure above it or says why it does not."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import pytest

import casequality as cq
from casequality.metrics import Contribution, Statistic
from casequality.reports import report_of
from casequality.reports.wording import Table
from tests.factories.metrics import Event, Good, events
from tests.factories.metrics import Row as Given

S = cq.statistics
FLOWS: Any = ["inflow", "outflow", "stock", "clearance", "disposition time", "against year before"]
OTHER = "Resultatet er af andre rækker end disse: "
WEIGH = "Hver række er her talt én gang; i resultatet tæller den med det antal, den står for."
ROWS: list[Given] = [
    *events("2010-01-10", 1, lasted=10, until="2010-02-01"),
    *events("2010-01-11", 1, lasted=30, until="2010-02-01"),
    *events("2010-01-12", 1, "bad", lasted=5, until="2010-02-01"),
    *events("2010-01-13", 2, "withdrawn", until="2010-02-01"),
    *events("2010-01-14", 1, "waiting"),
]


def table_of(statistic: Statistic, rows: list[Given] = ROWS, *, weighed: bool = False) -> Table:
    """Return the outcome table of a goal on a metric with a statistic."""

    class Kind(Good):
        id = "events.kind"

        def contribute(self, events: Event, as_of: cq.AsOf, /) -> Contribution:
            made = super().contribute(events, as_of)
            made = attrs.evolve(made, bins=None) if isinstance(statistic, S.PendingAge) else made
            made = attrs.evolve(made, aged=True) if isinstance(statistic, S.PendingAge) else made
            return attrs.evolve(made, times=events.times) if weighed else made

    Kind.statistic = statistic
    Kind.unit = cq.units.CASES
    goal = (
        'id = "g"\n[[goal]]\nid = "a"\nmetric = "events.kind"\nsource = "s"\ntarget = "not in the source"\n'
        'each = "year"\naggregate = "pooled"\nreadings = { withdrawn = "left_out", cohort = "received" }\n'
    )
    found = cq.assess(goal, {"s": rows}, period="2010", as_of="2011-02-01", metrics=[Kind])
    [table] = [each for each in report_of(found.assessment, "da").goals[0].tables if "Udfald" in each.headers]
    return table


ADDING_UP = {
    "share": (S.Share(), [("good", "tæller og nævner", 2), ("bad", "kun nævner", 1)]),
    "count": (S.Count(), [("good", "indgår", 2), ("bad", "indgår ikke", 1)]),
    "mean": (S.Mean(), [("good", "indgår", 2), ("bad", "indgår ikke", 1)]),
}
REST = [("trukket tilbage", "holdt ude", 2), ("waiting", "endnu ikke afklaret", 1)]


@pytest.mark.parametrize("kind", ADDING_UP)
def test_rows_that_make_the_figure_are_said_to_and_need_no_note(kind: str) -> None:
    """Good: 2; 2 of 3 (two withdrawn are held out); a mean over 2."""
    statistic, rows = ADDING_UP[kind]
    table = table_of(statistic)
    assert table.caption == "Udfald for hver række, 2010"
    assert table.headers == ("Udfald", "I tallet", "Rækker")
    assert {tuple(map(str, row)) for row in table.rows[:-1]} == {tuple(map(str, row)) for row in (*rows, *REST)}
    assert table.rows[-1][-1] == 6
    assert table.notes == ()


@pytest.mark.parametrize("statistic", [S.Share(), S.Count(), S.Mean()])
def test_rows_that_stand_for_several_are_said_to(statistic: Statistic) -> None:
    """Two complaints with three points each are 6 points over a table of 2 rows."""
    rows = [{**row, "times": 3} for row in ROWS]
    assert table_of(statistic, rows, weighed=True).notes == (WEIGH,)
    assert table_of(statistic, rows, weighed=True).caption == "Udfald for hver række, 2010"


def test_rows_without_what_is_measured_are_said_to_be() -> None:
    """The mean of 316 of the 317 cases that were closed: of one nobody knows when it began."""
    table = table_of(S.Mean(), [*ROWS, *events("2010-01-15", 1, lasted=None)])
    told = "Resultatet er af 2 af de rækker, der indgår: Resten mangler det, der måles på, eller står for ingen."
    assert table.notes == (told,)
    assert table.caption == "Udfald for hver række, 2010"


@pytest.mark.parametrize("statistic", [*map(S.Flow, FLOWS), S.PendingAge(), S.PendingAge(Fraction(1, 2))])
def test_a_figure_of_other_rows_says_which(statistic: Statistic) -> None:
    table = table_of(statistic)
    assert table.caption == "Udfald for rækker begyndt i 2010"
    assert [note.startswith(OTHER) for note in table.notes] == [True]
    assert "I tallet" not in table.headers


@pytest.mark.parametrize(
    ("statistic", "told"),
    [
        (S.Sum(), "Resultatet er summen for de rækker, der tæller med."),
        (S.Quantile(Fraction(1, 2)), "Resultatet er det mindste tal, som 50 % af de rækker, der tæller med,"),
        (S.TimeToEnd(Fraction(1, 2)), "Resultatet er den tid, inden for hvilken 50 % af de påbegyndte var afsluttet"),
        (S.Ratio(), "Resultatet er det, der tæller som ja, for hvert nej."),
    ],
)
def test_a_figure_that_is_no_count_of_its_rows_says_what_it_is(statistic: Statistic, told: str) -> None:
    table = table_of(statistic)
    assert table.caption == "Udfald for hver række, 2010"
    assert [note.startswith(told) for note in table.notes] == [True]
    assert not any(note.startswith(OTHER) for note in table.notes)
