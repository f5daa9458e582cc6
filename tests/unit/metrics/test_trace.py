"""Which fields a metric reads, and how its own failures are told."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest

from casequality.errors import MissingColumn, PluginError
from casequality.metrics.asking import contributed, fields_read
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.metric import Metric
from casequality.metrics.tallies.outcomes import NO, YES, Contributed, Contribution, outcomes
from casequality.records.facts.fields import code, day, many
from casequality.records.facts.schema import Records
from tests.factories.records import of_rows
from tests.factories.tallies import AS_OF


class Page(Records, name="pages"):
    """A page."""

    printed_on = day()
    colour = code("black", "red")


class Notice(Records, name="notices"):
    """A notice."""

    sent_on = day()
    promised_on = day(missing="no date", planned=True)
    pages = many(Page)


class Case(Records, name="cases"):
    """A case."""

    received_on = day()
    closed_on = day(missing="still open")
    ending = code("decided", "withdrawn", known_with="closed_on")
    office = code()
    notices = many(Notice)


@attrs.frozen
class Simple(Metric):
    """Decided cases."""

    id = "test.simple"
    title = {"en": "Simple", "da": "Enkel"}
    records = Case
    outcomes = outcomes(decided=YES, other=NO)

    def contribute(self, cases: Case, as_of: AsOf) -> Contributed:
        return Contribution(on=cases.received_on, outcome=self.outcomes.pick(decided=cases.ending == "decided"))


class WithNotice(Simple):
    """Cases with a notice of which a page was red."""

    def contribute(self, cases: Case, as_of: AsOf) -> Contributed:
        red = cases.notices.rows.pages.any(cases.notices.rows.pages.rows.colour == "red")
        told = cases.notices.any(red & (cases.notices.rows.sent_on == cases.notices.of_parent(cases.received_on)))
        return Contribution(on=cases.received_on, outcome=self.outcomes.pick(decided=told))


class OfChosenRows(Simple):
    """A metric that looks closer at some rows."""

    def contribute(self, cases: Case, as_of: AsOf) -> Contributed:
        closed = cases[~np.isnat(cases.closed_on)]
        promised = closed[closed.office == "main"].notices.rows.promised_on
        return Contribution(
            on=cases.received_on, outcome=self.outcomes.pick(decided=np.full(len(cases), promised.size > 0))
        )


def test_exactly_the_fields_that_are_read() -> None:
    assert fields_read(Simple(), AS_OF) == {"received_on", "ending"}


def test_fields_of_child_rows_carry_the_name_of_their_table() -> None:
    assert fields_read(WithNotice(), AS_OF) == {
        "received_on",
        "notices",
        "notices.pages",
        "notices.pages.colour",
        "notices.sent_on",
    }


def test_fields_of_chosen_rows_are_read_too() -> None:
    assert fields_read(OfChosenRows(), AS_OF) == {
        "received_on",
        "closed_on",
        "office",
        "notices",
        "notices.promised_on",
    }


def test_reading_no_rows_leaves_the_record_type_as_it_is() -> None:
    fields_read(WithNotice(), AS_OF)
    assert set(Case.fields) == {"received_on", "closed_on", "ending", "office", "notices"}
    assert Case.empty().closed_on.size == 0


def failing(result: Any) -> Metric:
    class Failing(Simple):
        version = 3

        def contribute(self, cases: Case, as_of: AsOf) -> Any:
            return 1 // 0 if result is ZeroDivisionError else result

    return Failing()


def test_a_metric_that_raises_is_named() -> None:
    with pytest.raises(PluginError) as caught:
        contributed(failing(ZeroDivisionError), of_rows(Case, [{"received_on": "2010-01-01"}]), AS_OF)
    text = str(caught.value)
    assert "test.simple" in text
    assert "Failing, result version 3" in text
    assert "ZeroDivisionError on 1 records" in text
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with pytest.raises(PluginError, match="on 0 records"):
        fields_read(failing(ZeroDivisionError), AS_OF)


@pytest.mark.parametrize("result", [None, 3, {"errors": None}])
def test_a_metric_that_contributes_something_else_is_named(result: Any) -> None:
    with pytest.raises(PluginError, match=r"test\.simple(.|\n)*instead of contributions"):
        contributed(failing(result), Case.empty(), AS_OF)


def test_what_a_caller_can_mend_is_not_laid_to_the_metric() -> None:
    unmapped = of_rows(Case, [{"received_on": "2010-01-01"}])
    with pytest.raises(MissingColumn, match=r"cases\.ending"):
        contributed(Simple(), unmapped, AS_OF)
