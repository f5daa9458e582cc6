"""Readings: choices that a goal must make, what each changes, and what a metric refuses."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import attrs
import numpy as np
import pytest

from casequality.errors import MergeError, UnknownName, UsageError
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.metric import Metric, as_metric
from casequality.metrics.declaring.readings import choose, cohort, readings
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.outcomes import NO, OPEN, OUT, SETTLED, UNKNOWN, YES, Contribution, outcomes
from casequality.metrics.tallies.tally import merge, plain_parameters
from tests.factories.records import of_rows
from tests.factories.tallies import Entry, Told, by_outcome, entry, tallied


@attrs.frozen
class Closed(Metric):
    """Cases closed in time."""

    id = "test.closed"
    title = {"en": "Closed", "da": "Afsluttet"}
    records = Entry
    outcomes = outcomes(withdrawn_early=NO, withdrawn=NO, **SETTLED)
    readings = readings(
        withdrawn=choose(literal="closed", closed={}, left_out={"withdrawn*": OUT}, why="the goal says all cases"),
        grace=choose(usual="none", none={"days": 0}, week={"days": 7}, why="the goal is silent"),
        cohort=cohort("received", "closed", "matured"),
    )
    days: int = 0
    since: dt.date = dt.date(2010, 1, 1)


def test_a_reading_that_nobody_chose_has_its_default_and_is_named() -> None:
    reading = Closed().under({"grace": "week"})
    assert reading.chosen == {"withdrawn": "closed", "grace": "week", "cohort": "received"}
    assert reading.assumed == ("withdrawn", "cohort")
    assert reading.roles == dict(Closed.outcomes.roles)
    assert reading.cohort == "received"
    assert reading.metric == Closed(days=7)


def test_a_role_map_changes_roles_and_a_field_map_the_metric() -> None:
    reading = Closed().under({"withdrawn": "left_out", "cohort": "closed"})
    changed = {name: role for name, role in reading.roles.items() if role is not Closed.outcomes.roles[name]}
    assert changed == {"withdrawn": OUT, "withdrawn_early": OUT}
    assert reading.metric == Closed()
    assert reading.cohort == "closed"


def test_the_matured_cohort_waits_for_every_deadline() -> None:
    reading = Closed().under({"cohort": "matured"})
    changed = {name: role for name, role in reading.roles.items() if role is not Closed.outcomes.roles[name]}
    assert changed == {"in_time_early": OPEN, "withdrawn_early": OPEN}
    left_out = Closed().under({"cohort": "matured", "withdrawn": "left_out"}).roles
    assert (left_out["in_time_early"], left_out["withdrawn_early"]) == (OPEN, OUT)
    assert reading.cohort == "received"


def test_an_unknown_choice_is_refused_with_what_there_is() -> None:
    with pytest.raises(UnknownName) as caught:
        Closed().under({"withdrawn": "dropped"})
    text = str(caught.value)
    assert "test.closed, reading withdrawn" in text
    assert "left_out: withdrawn* are left out" in text
    assert "closed: counted as the outcomes are declared" in text
    with pytest.raises(UnknownName, match=r"no such reading(.|\n)*allowed: +withdrawn, grace, cohort"):
        Closed().under({"withdrawals": "closed"})
    with pytest.raises(UnknownName, match=r"no such parameter(.|\n)*allowed: +days, since"):
        Closed().under(parameters={"weeks": 1})


def test_a_parameter_is_a_field_of_the_metric_and_part_of_its_figures() -> None:
    reading = Closed().under(parameters={"since": dt.date(2011, 2, 3)})
    assert plain_parameters(reading.metric.parameters()) == {"days": "0", "since": "2011-02-03"}
    with pytest.raises(UsageError, match=r"both by a reading and as a parameter(.|\n)*reading grace(.|\n)*days"):
        Closed().under(parameters={"days": 3})


def test_a_choice_has_one_default_among_its_alternatives() -> None:
    for literal, usual in (("c", None), (None, "c"), (None, None), ("a", "b")):
        with pytest.raises(UsageError, match="one default"):
            choose(why="", a={}, b={}, literal=literal, usual=usual)
    assert choose(literal="a", why="", a={}, b={}).literal
    assert not choose(usual="b", why="", a={}, b={}).literal


def test_a_cohort_is_one_of_three() -> None:
    assert cohort("closed", "received").default == "closed"
    assert cohort("closed", "received", literal="received").default == "received"
    with pytest.raises(UnknownName, match="decided"):
        cohort("received", "decided")
    with pytest.raises(UnknownName, match="none"):
        cohort()
    with pytest.raises(UsageError, match="matured"):
        cohort("received", literal="matured")


def test_an_alternative_says_what_it_changes() -> None:
    choice = choose(
        usual="a",
        why="",
        says={"b": "as the council said"},
        a={"one": YES, "two": NO, "three": OPEN, "four": UNKNOWN, "limit_seconds": 20},
        b={"one": NO},
    )
    assert choice.alternatives["a"].says == (
        "one count as yes; two count as no; three are not yet counted; four are unknown; limit seconds is 20"
    )
    assert choice.alternatives["b"].says == "as the council said"


@pytest.mark.parametrize("change", [{"withdrwan": OUT}, {"dayz": 3}])
def test_a_reading_that_changes_nothing_of_its_metric_is_refused(change: dict[str, object]) -> None:
    class Idle(Closed):
        readings = readings(withdrawn=choose(literal="closed", closed={}, other=change, why=""))

    with pytest.raises(UsageError) as caught:
        as_metric(Idle)
    assert "test.closed, reading withdrawn, other" in str(caught.value)
    assert next(iter(change)) in str(caught.value)


def test_a_matured_reading_needs_outcomes_that_can_be_early() -> None:
    class Never(Told):
        readings = readings(cohort=cohort("received", "matured"))

    with pytest.raises(UsageError, match=r"cohort, matured(.|\n)*early"):
        as_metric(Never)


def test_a_metric_says_what_a_figure_cannot_do_without() -> None:
    assert as_metric(Told) == as_metric(Told()) == Told()

    class Nameless(Metric):
        records = Entry

    with pytest.raises(UsageError, match=r"without id, title"):
        as_metric(Nameless)

    class Recordless(Metric):
        id, title, outcomes = "a.b", {"en": "", "da": ""}, outcomes(yes=YES)

    with pytest.raises(UsageError, match=r"outcomes or records"):
        as_metric(Recordless)


def test_metrics_that_inherit_one_contribution_are_counted_once() -> None:
    class Other(Told):
        id = "test.other"

    class Own(Told):
        id = "test.own"

        def contribute(self, entries: Entry, as_of: AsOf) -> Contribution:
            return Contribution(on=entries.on, outcome=np.zeros(len(entries), np.uint8))

    assert Other().origin is Told().origin is Told
    assert Own().origin is Own
    assert [each().tallied_as for each in (Told, Other, Own)] == ["test.told", "test.other", "test.own"]


def test_a_tally_is_named_by_its_metric_wherever_the_class_is() -> None:
    """Two classes that contribute in their own way never have one name, not even where one forgot its id."""

    class Nameless(Told):
        def contribute(self, entries: Entry, as_of: AsOf) -> Contribution:
            return Contribution(on=entries.on, outcome=np.ones(len(entries), np.uint8))

    class Mixed:
        def contribute(self, entries: Entry, as_of: AsOf) -> Contribution:
            return Contribution(on=entries.on, outcome=np.zeros(len(entries), np.uint8))

    class Forgetful(Mixed, Told):
        pass

    class Titled(Told):
        title = {"en": "Titled", "da": "Omdøbt"}

    named = {each: each().tallied_as for each in (Told, Nameless, Forgetful, Titled)}
    assert named[Titled] == named[Told] == "test.told"
    assert Titled().origin is Told
    assert len({named[Told], named[Nameless], named[Forgetful]}) == 3
    assert all(name.startswith("test.told") and "material" not in name for name in named.values())
    moved = type("Moved", (Told,), {"__module__": "somewhere.else", "id": "test.told", "version": 1})
    assert moved().tallied_as == "test.told"


def test_a_metric_with_another_setting_that_its_contribution_may_read_has_a_tally_of_its_own() -> None:
    class OfLimit(Told):
        id = "test.of-limit"
        limit: ClassVar[int] = 10

        def contribute(self, entries: Entry, as_of: AsOf) -> Contribution:
            yes, no = map(self.outcomes.names.index, ("yes", "no"))
            below = entries.amount < self.limit
            return Contribution(on=entries.on, outcome=np.where(below, yes, no).astype(np.uint8))

    class OfTwenty(OfLimit):
        id = "test.of-twenty"
        limit = 20

    class Renamed(OfLimit):
        id = "test.renamed"
        title = {"en": "Renamed", "da": "Omdøbt"}

    assert Renamed().origin is OfLimit().origin is OfLimit
    assert OfTwenty().origin is OfTwenty
    rows = [entry("2010-01-05", amount=15, bin=0)]
    axis = Axis("Europe/Copenhagen")
    entries = of_rows(Entry, rows)
    ten, twenty, renamed = (tallied(each, [entries], axis=axis) for each in (OfLimit(), OfTwenty(), Renamed()))
    assert attrs.evolve(renamed, assumed=ten.assumed) == ten
    assert (by_outcome(ten), by_outcome(twenty)) == ({"no": 1}, {"yes": 1})
    with pytest.raises(MergeError):
        merge([ten, twenty])
