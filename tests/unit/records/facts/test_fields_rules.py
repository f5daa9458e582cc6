"""Rules across fields: declared with the record type, checked whichever metric reads one of their fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pytest

from casequality.errors import UsageError
from casequality.records import Block, Records, amount, code, count, day, instant, key, ordered, source, span, sums

Row = Mapping[str, Any]


class Court(Records, name="courts"):
    court = key()
    ended_on = day()
    opened_at = instant(missing="never", may_precede=True)
    heard_on = day(missing="not heard", may_precede=True)
    told_on = day(missing="not told", may_precede=True)
    filings = count()
    resolutions = count()
    clearance = amount()
    granted = count(missing="not counted")
    fee = amount(decimals=2, missing="none")
    paid = amount(decimals=1, missing="none")
    waited = span(missing="none")
    served = span(missing="none")
    whole = span(missing="none")
    rules = (
        ordered("opened_at", "heard_on", "told_on")
        + sums(
            "clearance",
            plus=["resolutions"],
            minus=["filings"],
            says={"en": "cleared is not resolved less filed", "da": "afviklet er ikke afsluttet minus indkommet"},
        )
        + sums("resolutions", plus=["granted"], at_least=True)
        + sums("fee", plus=["paid"])
        + sums("whole", plus=["waited", "served"])
    )


CLEAN: Row = {"court": 1, "ended_on": "2010-12-31", "filings": 10, "resolutions": 8, "clearance": -2}


def block_of(row: Row, fields: Collection[str], **how: Any) -> Block:
    [block] = source([{**CLEAN, **row}], Court, zone="Europe/Copenhagen", **how).reading(fields).parts[0].blocks()
    return block


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        ({}, []),
        ({"clearance": 2}, [("clearance", "cleared is not resolved less filed")]),
        ({"filings": 9}, [("clearance", "cleared is not resolved less filed")]),
        ({"granted": 8}, []),
        ({"granted": 9}, [("resolutions", "resolutions is less than granted")]),
        ({"fee": "12.50", "paid": "12.5"}, []),
        ({"fee": "12.50", "paid": "12.4"}, [("fee", "fee is not paid")]),
        ({"fee": "12.50"}, []),
        ({"whole": 30, "waited": 10, "served": 20}, []),
        ({"whole": 31, "waited": 10, "served": 20}, [("whole", "whole is not waited + served")]),
        ({"heard_on": "2010-05-02", "told_on": "2010-05-02"}, []),
        ({"heard_on": "2010-05-02", "told_on": "2010-05-01"}, [("told_on", "told_on before heard_on")]),
        # 22:30 UTC is half past midnight of the next day in Copenhagen
        ({"opened_at": "2010-05-01T22:30Z", "heard_on": "2010-05-02"}, []),
        ({"opened_at": "2010-05-02T22:30Z", "heard_on": "2010-05-02"}, [("heard_on", "heard_on before opened_at")]),
        ({"opened_at": "2010-05-02T22:30Z", "told_on": "2010-05-01"}, []),
    ],
)
def test_a_breach_is_a_finding_with_the_rules_own_sentence(row: Row, faults: list[tuple[str, str]]) -> None:
    optional = ("granted", "fee", "paid", "waited", "served", "whole", "opened_at", "heard_on", "told_on")
    block = block_of({**dict.fromkeys(optional), **row}, [name for name in Court.fields if name != "court"])
    assert [(item.column, item.fault) for item in block.findings.items] == faults
    assert all("checks_off" in item.remedy for item in block.findings.items)


BROKEN: Row = {"clearance": 3, "granted": 1, "heard_on": "2010-05-02", "told_on": "2010-05-01", "opened_at": None}


@pytest.mark.parametrize("field", ["clearance", "resolutions", "filings", "heard_on", "told_on"])
def test_it_is_checked_for_a_metric_that_reads_any_of_its_fields(field: str) -> None:
    block = block_of(BROKEN, [field])
    assert len(block.findings.items) == 1
    assert block.records.in_doubt({field}) is not None
    assert block.records.in_doubt({"ended_on"}) is None


def test_a_metric_that_reads_none_of_its_fields_pays_nothing() -> None:
    block = block_of(BROKEN, ["ended_on"])
    assert set(block.records.loaded) == {"ended_on"}
    assert not block.findings


def test_only_neighbours_are_read() -> None:
    whole = {name: None for name in Court.fields if name not in CLEAN}
    assert set(block_of(whole, ["told_on"]).records.loaded) == {"ended_on", "heard_on", "told_on"}


def test_a_rule_whose_fields_the_source_lacks_is_not_checked() -> None:
    for how in ({"columns": {"filings": None}}, {"checks_off": ["clearance-is-resolutions-filings"]}):
        block = block_of({**BROKEN, "granted": None}, ["clearance"], **how)
        assert not block.findings
    with pytest.raises(UsageError, match="checks_off="):
        block_of(CLEAN, ["clearance"], checks_off=["clearance"])


def test_dates_from_one_column_are_in_their_order() -> None:
    block = block_of({"heard_on": "2010-05-02"}, ["told_on"], columns={"told_on": "heard_on"})
    assert set(block.records.loaded) == {"ended_on", "told_on"}


def test_numbers_near_the_largest_are_added_exactly() -> None:
    large = 2**53 - 1
    for off, found in ((0, 0), (1, 1)):
        row = {"filings": large, "resolutions": large, "clearance": off, "granted": None}
        assert len(block_of(row, ["clearance"]).findings.items) == found
    high = {"fee": "90071992547409.91", "paid": "90071992547409.9", "granted": None}
    assert len(block_of(high, ["fee"]).findings.items) == 1


def test_a_record_type_inherits_rules_and_a_check_says_a_thing_once() -> None:
    class Late(Court):
        closed_on = day(missing="open")
        rules = ordered("ended_on", "closed_on", says={"en": "closed too early", "da": "lukket for tidligt"})

    assert [rule.name for rule in Late.rules] == [*(rule.name for rule in Court.rules), "closed_on-before-ended_on"]
    given = source([{**CLEAN, "closed_on": "2010-12-30"}], Late)
    [block] = given.reading(["closed_on"]).parts[0].blocks()
    assert [item.fault for item in block.findings.items] == ["closed too early"]
    assert np.asarray(block.records.in_doubt({"ended_on"})).tolist() == [True]


@pytest.mark.parametrize(
    "declare",
    [
        lambda: ordered("sent_on"),
        lambda: ordered("sent_on", "sent_on"),
        lambda: sums("whole", plus=[]),
        lambda: sums("whole", plus="parts"),
        lambda: sums("whole", plus=["whole"]),
        lambda: sums("whole", plus=["part"], says={"en": "whole: not the parts", "da": "helt: ikke delene"}),
        lambda: sums("whole", plus=["part"], says={"en": "only English"}),
        lambda: type(
            "Wrong", (Records,), {"kind": code(), "sent_on": day(), "rules": ordered("kind", "sent_on")}, name="w"
        ),
        lambda: type("Wrong", (Records,), {"sent_on": day(), "rules": ordered("sent_on", "read_on")}, name="w"),
        lambda: type("Wrong", (Records,), {"a": span(), "b": count(), "rules": sums("a", plus=["b"])}, name="w"),
        lambda: type("Wrong", (Records,), {"sent_on": day(), "rules": "sent_on <= read_on"}, name="w"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(declare: Any) -> None:
    with pytest.raises(UsageError):
        declare()
