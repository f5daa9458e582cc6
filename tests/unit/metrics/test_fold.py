"""Folding: what a metric may contribute, facets, groups, unknown rows, and sums that stay exact."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import attrs
import numpy as np
import pytest

import casequality as cq
from casequality.days import period
from casequality.days.arrays import MISSING
from casequality.errors import InputError, PluginError, UsageError
from casequality.metrics.asking import Question
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.metric import Metric
from casequality.metrics.fold import Fold, from_fold
from casequality.metrics.measurement import conclude
from casequality.metrics.tallies.axis import Axis
from casequality.metrics.tallies.cells import BITS, pack, unpack
from casequality.metrics.tallies.outcomes import NO, YES, Contributed, Contribution, outcomes
from casequality.metrics.tallies.tally import Accounts
from casequality.records.facts.fields import code, day, instant
from casequality.records.facts.findings import Doubts
from casequality.records.facts.schema import Records
from tests.factories.records import of_rows
from tests.factories.tallies import AS_OF, ZONE, Entry, Row, Told, assumed, by_outcome, entry, folded, tallied


class Report(Records, name="reports"):
    """A report."""

    sent_on = day()
    sent_at = instant(missing="unknown")
    kind = code("a", "b")


@attrs.frozen
class Given(Metric):
    """A metric that contributes what the test says."""

    id = "test.given"
    title = {"en": "Given", "da": "Givet"}
    records = Report
    outcomes = outcomes(yes=YES, no=NO)
    parts: Any = None

    def contribute(self, reports: Report, as_of: AsOf) -> Contributed:
        made = {name: self._made(reports, **part) for name, part in self.parts(len(reports)).items()}
        return made[""] if list(made) == [""] else made

    def _made(self, reports: Report, **part: Any) -> Contribution:
        part.setdefault("on", reports.sent_on)
        part.setdefault("outcome", self.outcomes.pick(yes=np.ones(len(reports), bool)))
        return Contribution(**part)


def reports(count: int = 3) -> Report:
    return of_rows(Report, [{"sent_on": f"2010-0{1 + at % 3}-03", "kind": "ab"[at % 2]} for at in range(count)])


def given(**part: Any) -> Given:
    return Given(lambda _: {"": part})


def values(metric: Metric, records: Records, name: str) -> list[int]:
    return [int(value) for value in tallied(metric, [records]).counted(name)]


def test_a_contribution_has_one_entry_a_record() -> None:
    with pytest.raises(PluginError, match=r"different lengths(.|\n)*on 3(.|\n)*outcome 2"):
        folded(given(outcome=np.zeros(2, np.uint8)), [reports()])
    short = given(on=np.array(["2010-01-01"] * 2, "M8[D]"), outcome=np.zeros(2, np.uint8))
    with pytest.raises(PluginError, match=r"one entry a record(.|\n)*test\.given(.|\n)*2 entries for 3 records"):
        folded(short, [reports()])


@pytest.mark.parametrize("wrong", [np.array([0, 1, 3], np.uint8), np.array([0, 1, 1]), np.array([True, False, True])])
def test_outcomes_are_the_declared_ones(wrong: Any) -> None:
    with pytest.raises(PluginError, match=r"does not declare(.|\n)*test\.given(.|\n)*pick"):
        folded(given(outcome=wrong), [reports()])


def test_numbers_are_whole() -> None:
    for name in ("amount", "bins", "times"):
        with pytest.raises(PluginError, match=r"not whole(.|\n)*float64"):
            folded(given(**{name: np.array([1.0, 2.5, 3.0])}), [reports()])
    small = given(amount=np.array([1, 2, 3], np.int16), times=np.array([True, False, True]))
    assert sum(values(small, reports(), "amount")) == 1 + 3


def test_spans_are_counted_in_their_own_ticks() -> None:
    spans = np.array([1_500_000, MISSING, 2], np.int64).view("m8[us]")
    tally = tallied(given(amount=spans), [reports()])
    assert (tally.counted("amount").sum(), tally.counted("measured").sum()) == (1_500_002, 2)


def test_a_row_stands_for_no_case_or_more() -> None:
    with pytest.raises(PluginError, match=r"less than no case(.|\n)*0 where a row is known to stand for no case"):
        folded(given(times=np.array([1, -1, 3])), [reports()])
    assert values(given(times=np.array([0, 0, 7])), reports(), "cases") == [0, 0, 7]
    assert values(given(times=np.array([0, 0, 7])), reports(), "rows") == [1, 1, 1]


def test_a_row_of_which_nobody_knows_for_how_many_it_stands_is_unknown_and_without_weight() -> None:
    tally = tallied(given(times=np.array([4, MISSING, 7])), [reports()])
    assert by_outcome(tally) == {"yes": 2, "unknown": 1}
    assert by_outcome(tally, "cases") == {"yes": 4 + 7, "unknown": 0}
    assert by_outcome(tally, "weightless") == {"yes": 0, "unknown": 1}


def test_numbers_of_a_histogram_are_not_negative_and_not_too_large() -> None:
    for wrong in (-1, 2**31):
        with pytest.raises(InputError, match=r"negative or too large(.|\n)*coarser unit"):
            folded(given(bins=np.array([1, wrong, MISSING])), [reports()])
    tally = tallied(given(bins=np.array([0, 2**31 - 1, MISSING])), [reports()])
    assert tally.numbers[1:].tolist() == [[0, 2**31 - 1], [1, 1]]


def test_records_are_placed_by_days_or_by_instants_of_any_unit() -> None:
    texts = ["2010-05-31T21:59", "2010-05-31T22:01", "NaT"]
    for unit in ("m", "s", "ms", "us", "ns"):
        tally = tallied(given(on=np.array(texts, f"M8[{unit}]")), [reports()])
        june = tally.assumed.axis.cell_of(dt.date(2010, 6, 1))
        assert tally.part("entry").tolist() == [0, june - 1, june]
    for wrong in (np.array(["2010-05"] * 3, "M8[M]"), np.array([1, 2, 3])):
        with pytest.raises(PluginError, match="no date"):
            folded(given(on=wrong), [reports()])


def test_a_metric_keeps_numbers_or_ages() -> None:
    with pytest.raises(PluginError, match="either bins or the day"):
        folded(given(bins=np.array([1, 2, 3]), aged=True), [reports()])


def test_each_facet_adds_up_by_itself() -> None:
    metric = Given(
        lambda count: {
            "control": {"outcome": np.arange(count) % 2 == 0},
            "register": {"outcome": np.zeros(count, bool), "amount": np.arange(count)},
        }
    )
    as_codes = Given(
        lambda count: {name: {**p, "outcome": p["outcome"].astype(np.uint8)} for name, p in metric.parts(count).items()}
    )
    tally = tallied(as_codes, [reports(4), reports(3)])
    assert tally.facets == ("control", "register")
    assert by_outcome(tally, facet="control") == {"no": 3, "yes": 4}
    assert by_outcome(tally, facet="register") == {"no": 7}
    assert tally.counted("amount").sum() == 0 + 1 + 2 + 3 + 0 + 1 + 2


def test_facets_are_the_same_for_every_block() -> None:
    metric = Given(lambda count: {name: {} for name in ("control", "register")[: count - 1]})
    with pytest.raises(PluginError, match=r"same facets(.|\n)*got: +control\n(.|\n)*control, register"):
        folded(metric, [reports(3), reports(2)])


def test_a_record_of_which_the_source_does_not_know_is_unknown() -> None:
    cases = of_rows(Report, [{"sent_on": "2010-01-03", "kind": "a"}] * 3)
    marked = Report(
        {name: cases.column(name) for name in cases.loaded}, 3, Doubts(unknown={"kind": np.array([False, True, False])})
    )
    for reads, expected in ((frozenset({"kind"}), {"yes": 2, "unknown": 1}), (frozenset({"sent_on"}), {"yes": 3})):
        tally = tallied(given(), [marked], reads=reads)
        assert by_outcome(tally) == expected


def test_an_outcome_that_stands_whatever_is_unknown_stands() -> None:
    cases = of_rows(Report, [{"sent_on": "2010-01-03", "kind": "a"}] * 3)
    marked = Report(
        {name: cases.column(name) for name in cases.loaded}, 3, Doubts(unknown={"kind": np.array([False, True, True])})
    )
    tally = tallied(given(certain=np.array([False, True, False])), [marked], reads=frozenset({"kind"}))
    assert by_outcome(tally) == {"yes": 2, "unknown": 1}


def test_records_are_grouped_and_chosen_by_codes() -> None:
    for wrong in ({"groups": ("kind", "sent_on")}, {"where": (("sent_on", ("2010",)),)}):
        with pytest.raises(UsageError, match=r"not a code(.|\n)*got: +sent_on(.|\n)*allowed: +kind"):
            folded(given(), [reports()], **wrong)


def test_cells_are_packed_without_touching_each_other() -> None:
    most: dict[str, int] = {name: (1 << bits) - 1 for name, bits in BITS.items()}
    assert sum(BITS.values()) == 63
    for name in BITS:
        packed = pack(**{name: np.array([most[name]])})
        assert {part: unpack(packed, part).tolist() for part in BITS} == {
            part: [most[part] * (part == name)] for part in BITS
        }
        with pytest.raises(InputError, match=name):
            pack(**{name: np.array([most[name] + 1])})
    assert int(pack(**most)) == 2**63 - 1


@pytest.mark.parametrize(
    "amounts",
    [
        [2**53, 1, 1],
        [2**53 + 1, -(2**53), -1],
        [2**61, 2**61 - 1, -(2**60)],
        [-(2**61), -(2**61) + 2**12],
        [None, 2**53 - 1, 2, None],
    ],
)
def test_sums_of_amounts_are_exact(amounts: list[int | None]) -> None:
    tally = tallied(Told(), [of_rows(Entry, [entry(amount=each) for each in amounts])])
    assert tally.counted("amount").tolist() == [sum(each or 0 for each in amounts)]
    by_row = tallied(Told(), [of_rows(Entry, [entry(amount=each)]) for each in amounts])
    assert by_row.counted("amount").tolist() == [sum(each or 0 for each in amounts)]


def test_amounts_are_weighted_exactly() -> None:
    tally = tallied(
        Told(weighted=True),
        [of_rows(Entry, [entry(amount=2**52 + 1, times=3), entry(amount=None, times=5), entry(amount=7, times=0)])],
    )
    assert tally.counted("amount").tolist() == [3 * (2**52 + 1)]
    assert tally.counted("measured").tolist() == [3]
    assert tally.counted("cases").tolist() == [8]


@pytest.mark.parametrize(
    "blocks",
    [
        [[entry(amount=2**62), entry(amount=2**62)]],
        [[entry(amount=2**61)]] * 5,
        [[entry(amount=-(2**62)), entry(amount=-(2**62)), entry(amount=-1)]],
        [[entry(amount=2**60, times=16)]],
        [[entry(amount=2**33, times=2**33)]],
    ],
)
def test_sums_that_cannot_be_counted_exactly_are_refused(blocks: list[list[Row]]) -> None:
    with pytest.raises(InputError, match=r"more than can be counted exactly(.|\n)*coarser unit"):
        tallied(Told(weighted=True), [of_rows(Entry, block) for block in blocks])


def test_no_records_count_nothing() -> None:
    fold = folded(Told(), [Entry.empty()], groups=("office",))
    assert (fold.labels, fold.facets) == ({}, {})
    assert fold.add(Entry.empty(), AS_OF).tolist() == []


def test_a_fold_places_by_the_edges_of_its_own_axis() -> None:
    axis = Axis(ZONE, (dt.date(2010, 1, 2),))
    tally = tallied(given(on=np.array(["2010-01-01", "2010-01-02", "2010-01-31"], "M8[D]")), [reports()], axis=axis)
    assert tally.part("entry").tolist() == [axis.cell_of(dt.date(2010, 1, 1)), axis.cell_of(dt.date(2010, 1, 2))]
    assert tally.counted("rows").tolist() == [1, 2]


TOLD = (
    entry("2010-01-01", "2010-03-05", amount=3, bin=0, office="north"),
    entry("2010-01-31", "2010-03-05", "no", amount=None, bin=70, office="south"),
    entry("2010-02-01", None, "open", amount=2, bin=None, times=3),
    entry("2010-02-01", None, "open", amount=None, bin=1, times=0, office=None),
    entry("2011-07-01", "1985-01-01", "unknown", amount=-4, bin=200, kind="b", times=2),
)
NEAR = tuple({**one, "on": "2010-01-04", "until": None, "bin": place or None} for place, one in enumerate(TOLD))


def test_who_has_no_amount_may_have_a_number_to_sort_by() -> None:
    tally = tallied(Told(bounded=False), [of_rows(Entry, NEAR * 90)])
    assert by_outcome(tally, "measured") == {"yes": 90, "no": 0, "open": 90, "unknown": 90}
    assert by_outcome(tally, "amount") == {"yes": 270, "no": 0, "open": 180, "unknown": -360}


@pytest.mark.parametrize("bounded", [True, False])
@pytest.mark.parametrize(
    "metric", [{}, {"weighted": True}, {"aged": True}, {"aged": True, "weighted": True}, {"numbered": False}], ids=str
)
@pytest.mark.parametrize("question", [{}, {"groups": ("office", "kind")}, {"where": (("office", ("north", "main")),)}])
@pytest.mark.parametrize("rows", [TOLD, NEAR * 90], ids=["few", "many"])
def test_records_alike_count_as_if_each_stood_there(rows: Any, metric: Any, question: Any, bounded: bool) -> None:
    several, once = 1 + np.arange(len(rows)) % 5, of_rows(Entry, rows)
    fold = Fold(Question(Told(bounded=bounded, **metric), axis=Axis(ZONE), **question))
    fold.add(once, AS_OF, alike=several)
    told = from_fold(fold, assumed(fold, AS_OF), Accounts(read=several.sum(), elsewhere=fold.elsewhere))
    each = once[np.repeat(np.arange(len(rows)), several)]
    assert told == tallied(Told(bounded=bounded, **metric), [each], **question)


def test_more_cases_than_floats_hold_are_counted_by_number() -> None:
    heavy = [entry(bin=1, times=2**53 - 1), entry(bin=1, times=2), entry(bin=2, times=0)]
    tally = tallied(Told(weighted=True), [of_rows(Entry, heavy)])
    assert tally.numbers[1:].tolist() == [[1], [2**53 + 1]]


@pytest.mark.parametrize("last", ["1985-01-01", "1990-01-31", "2060-12-31", "2099-01-01"])
def test_what_lasts_and_what_has_ended_lie_in_cells_of_their_own(last: str) -> None:
    ends = [None, "2012-05-01", last, None, "2012-05-31"]
    tally = tallied(Told(), [of_rows(Entry, [entry(until=each) for each in ends])])
    axis = tally.assumed.axis
    cells = axis.place(np.array([each or "NaT" for each in ends], "M8[D]"))[0]
    found = dict(zip(tally.part("exit").tolist(), tally.counted("rows").tolist(), strict=True))
    assert found == Counter(np.asarray(cells).tolist())


def by_fields(many: int, labels: int = 2) -> tuple[type[Metric], list[str]]:
    """Return a metric of records with so many codes."""
    names = [f"field_{place:02}" for place in range(many)]
    codes = {name: code(*(f"label_{each}" for each in range(labels)), unknown="not stated") for name in names}
    kind: Any = type("Wide", (Records,), {"on": day(), **codes, "__module__": __name__}, name="wide")

    def contribute(self: Metric, records: Any, _: AsOf) -> Contribution:
        return Contribution(on=records.on, outcome=self.outcomes.pick(yes=np.ones(len(records), bool)))

    told = {"id": "test.wide", "title": {"en": "Wide", "da": "Bred"}, "records": kind, "contribute": contribute}
    return type("WideMetric", (Metric,), {**told, "outcomes": outcomes(yes=YES, no=NO)}), names


def test_the_last_field_that_there_is_room_for_is_doubted_for_itself() -> None:
    metric, names = by_fields(23)
    row = {"on": "2010-01-04", **dict.fromkeys(names, "label_0")}
    [tally] = cq.tally([metric], [{**row, names[-1]: None}, row], as_of="2012-01-01", by=names).parts.values()
    for name, unlabelled in ((names[-1], {"unlabelled": 1}), (names[0], {})):
        found = conclude(tally, metric().under(), by=[name], periods=[period("2010")], as_of_day=AS_OF.day)
        assert {each.groups[name]: each.doubt for each in found}["label_0"] == unlabelled


def test_more_fields_than_there_is_room_for_are_refused() -> None:
    metric, names = by_fields(24)
    row = {"on": "2010-01-04", **dict.fromkeys(names, "label_0")}
    with pytest.raises(UsageError, match="told apart by more fields") as fault:
        cq.tally([metric], [row], as_of="2012-01-01", by=names)
    text = str(fault.value)
    assert "24 fields" in text
    assert "up to 23" in text
    assert "opdelt" in fault.value.told("da") or "delt op" in fault.value.told("da")


def test_groups_of_more_fields_than_one_number_tells_apart_are_told_apart() -> None:
    """20 fields of nine labels and none: 10 to the power of 20 groups, more than int64 can number."""
    metric, names = by_fields(20, labels=9)
    rows = [
        {"on": "2010-01-04", **{name: f"label_{(row + place) % 9}" for place, name in enumerate(names)}}
        for row in (0, 1, 1, 5)
    ]
    [tally] = cq.tally([metric], rows, as_of="2012-01-01", by=names).parts.values()
    assert sorted(tally.labels) == sorted({tuple(row[name] for name in names) for row in rows})
    assert tally.counted("rows").sum() == 4
