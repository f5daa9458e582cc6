"""The reply guarantee: days counted by hand, and the core's scalar account of each case's obligations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import casequality as cq
from casequality_correspondence import Acknowledgement, Enquiry, ReplyGuarantee

AS_OF = "2010-05-20"
SHORTER = cq.deadlines.Schedule(
    id="shorter",
    title={"en": "Shorter", "da": "Kortere"},
    calendar="dk-statutory",
    by_kind={"parking": "3 working days", "building": "8 weeks"},
)
COMPLETE, BARE = ("yes", None, None), ("no", None, None)
MACHINE, BARE_MACHINE, ORAL = ("yes", "yes", None), ("no", "yes", None), ("yes", None, "no")


@attrs.frozen
class Case:
    """One enquiry of 2010 with the outcome expected; an acknowledgement is its day and what it is like."""

    outcome: str
    received: str | None = "04-22"
    answered: str | None = None
    acknowledged: tuple[tuple[str, tuple[str | None, ...]], ...] = ()
    channel: str = "letter"
    act: str | None = None
    kind: str | None = None
    has_deadline: str = "yes"
    in_writing: str | None = None


# Ten working days from Thursday 22 April 2010 end on 7 May: 30 April is Great Prayer Day (E04 of the worked examples).
# From 5 May they end on 20 May, for Ascension is on the 13th: the as-of's own day, which has not passed.
CASES = (
    Case("answered", answered="05-07"),
    Case("missed", answered="05-10"),
    Case("answered", answered="05-07", acknowledged=(("04-23", BARE),)),
    Case("acknowledged", answered="05-10", acknowledged=(("05-07", COMPLETE),)),
    Case("acknowledged", acknowledged=(("04-23", BARE), ("05-07", COMPLETE))),
    Case("acknowledged", acknowledged=(("04-23", BARE),), has_deadline="no"),
    Case("acknowledged_incomplete", acknowledged=(("04-23", BARE),)),
    Case("acknowledged_incomplete", acknowledged=(("04-23", BARE), ("05-10", COMPLETE))),
    Case("missed", acknowledged=(("05-10", COMPLETE),)),
    Case("missed", acknowledged=(("04-22", MACHINE),)),
    Case("missed", acknowledged=(("04-22", ORAL),)),
    Case("missed", answered="04-23", in_writing="no"),
    Case("missed"),
    Case("pending", received="05-05"),
    Case("missed", received="05-04"),
    Case("answered_early", received="05-05", answered="05-19"),
    Case("pending", received="05-05", answered="05-20"),
    Case("acknowledged_early", received="05-05", acknowledged=(("05-06", COMPLETE),)),
    Case("acknowledged_incomplete_early", received="05-05", acknowledged=(("05-06", BARE),)),
    Case("not_written", channel="telephone"),
    Case("not_written", channel="in_person", answered="04-23"),
    Case("replaced", act="public_access", answered="04-23"),  # ten calendar days: 2 May
    Case("replaced", act="environment"),
    Case("missed", act="personal_data"),  # four weeks are longer
    Case("replaced", kind="parking"),
    Case("missed", kind="building"),
    Case("undated", received=None),
)


def day(short: str | None) -> str | None:
    return short and f"2010-{short}"


def rows_of(cases: tuple[Case, ...]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    enquiries = [
        {
            "enquiry": number,
            "administration": None,
            "channel": each.channel,
            "kind": each.kind,
            "act": each.act,
            "has_deadline": each.has_deadline,
            "received_on": day(each.received),
            "answered_on": day(each.answered),
            "answered_in_writing": each.in_writing,
        }
        for number, each in enumerate(cases, 1)
    ]
    acknowledgements = [
        dict(zip(("states_deadline", "automatic", "written"), how, strict=True), enquiry=number, sent_on=day(sent))
        for number, each in enumerate(cases, 1)
        for sent, how in each.acknowledged
    ]
    return enquiries, acknowledgements


def measured(cases: tuple[Case, ...] = CASES, *, statutory: Any = SHORTER, **asked: Any) -> Any:
    enquiries, acknowledgements = rows_of(cases)
    children = {"acknowledgements": acknowledgements or Acknowledgement.empty()}
    given = {"as_of": AS_OF, "period": "2010", "parameters": {"statutory": statutory}, **asked}
    return cq.measure(ReplyGuarantee, enquiries, children=children, **given)


def outcomes_of(result: Any) -> dict[int, str]:
    (figure,) = result
    return {key: outcome for outcome in figure.outcomes for key in result["2010"].cases(outcome).keys}


def test_every_case_has_the_outcome_written_beside_it() -> None:
    dated = tuple(case for case in CASES if case.received)
    assert outcomes_of(measured(dated)) == {number: each.outcome for number, each in enumerate(dated, 1)}
    assert measured().accounts["undated"] == 1
    assert {case.outcome for case in CASES} == set(ReplyGuarantee.outcomes) - {"not_in_force"}


@pytest.mark.parametrize(
    ("readings", "kept"),
    [
        ({}, 7),
        ({"incomplete": "kept"}, 10),
        ({"automatic": "counted"}, 8),
        ({"incomplete": "kept", "automatic": "counted"}, 11),
        ({"cohort": "matured"}, 5),
    ],
)
def test_each_reading_counts_other_enquiries(readings: dict[str, str], kept: int) -> None:
    (figure,) = measured(tuple(case for case in CASES if case.received), readings=readings)
    assert figure.value.numerator == kept


def test_without_statutory_deadlines_of_ones_own_only_access_replaces_the_guarantee() -> None:
    (figure,) = measured(statutory="")
    assert figure.outcomes["replaced"] == 2


def test_before_the_decision_of_2006_there_was_no_guarantee() -> None:
    rows, _ = rows_of((Case("not_in_force"),))
    rows[0]["received_on"] = "2006-05-31"
    result = cq.measure(
        ReplyGuarantee, rows, children={"acknowledgements": Acknowledgement.empty()}, as_of=AS_OF, period="2006"
    )
    assert result["2006"].figure.outcomes["not_in_force"] == 1


def test_a_deadline_that_moves_with_the_calendar_is_told_of() -> None:
    # E06 of the worked examples: received 17 December 2010, due 31 December or, by the other calendar, 4 January.
    rows, _ = rows_of((Case("missed"),))
    rows[0] |= {"received_on": "2010-12-17", "answered_on": "2011-01-03"}
    asked: dict[str, Any] = {"as_of": "2011-02-01", "period": "2010"}
    children = {"acknowledgements": Acknowledgement.empty()}
    (figure,) = cq.measure(ReplyGuarantee, rows, children=children, **asked)
    (other,) = cq.measure(ReplyGuarantee, rows, children=children, calendar="dk-administrative", **asked)
    assert (figure.outcomes["missed"], figure.sensitive, other.outcomes["answered"]) == (1, 1, 1)


def test_a_faulty_acknowledgement_makes_an_enquiry_unknown_unless_it_was_answered_in_time() -> None:
    cases = (Case("missed"), Case("answered", answered="05-07"), Case("acknowledged", has_deadline="no"))
    enquiries, _ = rows_of(cases)
    broken = {"enquiry": 1, "sent_on": "2010-04-23", "states_deadline": None, "automatic": None, "written": None}
    too_soon = {**broken, "enquiry": 2, "sent_on": "2010-04-01", "states_deadline": "no"}
    misspelt = {**broken, "enquiry": 3, "states_deadline": "perhaps"}
    source = cq.source(enquiries, Enquiry, children={"acknowledgements": [broken, too_soon, misspelt]})
    result = cq.measure(ReplyGuarantee, source, as_of=AS_OF, period="2010")
    assert outcomes_of(result) == {1: "unknown", 2: "answered", 3: "unknown"}
    assert sum(result.accounts[name] for name in result.accounts if name != "read") == 3


def test_a_worklist_holds_written_enquiries_that_no_shorter_deadline_replaces() -> None:
    cases = (Case("missed"), Case("replaced", act="party_access"), Case("not_written", channel="telephone"))
    enquiries, _ = rows_of(cases)
    source = cq.source(enquiries, Enquiry, children={"acknowledgements": Acknowledgement.empty()})
    [block] = [block for part in source.reading({*Enquiry.fields}).parts for block in part.blocks()]
    rules = {rule.id: rule for rule in cq.deadlines.shipped()}
    assert isinstance(block.records, Enquiry)
    owed = ReplyGuarantee().owed(block.records, cq.AsOf.at(AS_OF, zone="Europe/Copenhagen", rules=rules))
    assert [str(due) for due in owed.due.at] == ["2010-05-07", "NaT", "NaT"]


DAYS = st.integers(0, 40).map(lambda days: dt.date(2010, 4, 6) + dt.timedelta(days=days))
STATE = {
    "kept": ("answered", "acknowledged", "answered_early", "acknowledged_early"),
    "kept late": ("missed", "acknowledged_incomplete"),
    "overdue": ("missed",),
    "open": ("pending",),
    "replaced": ("replaced",),
    "does not apply": ("not_written",),
}


@settings(deadline=None)
@given(
    DAYS,
    st.none() | DAYS,
    st.lists(DAYS, max_size=2),
    st.sampled_from(["letter", "letter", "telephone"]),
    st.sampled_from([None, None, "public_access", "personal_data"]),
)
def test_the_cores_account_of_each_obligation_is_the_same(
    received: dt.date, answered: dt.date | None, replies: list[dt.date], channel: str, act: str | None
) -> None:
    """`obligations` counts one case in plain Python; complete replies only, for it does not know what one lacks."""
    later = [reply for reply in replies if reply >= received]
    answered = answered if answered and answered >= received else None
    case: dict[str, Any] = {"received_on": received, "decided_on": answered, "replies": later}
    if channel == "telephone":
        case["channel"] = channel
    kinds = ["copenhagen/reply-guarantee"]
    kinds += {"public_access": ["access/notify-or-decide"], "personal_data": ["personal-data/notify-or-answer"]}.get(
        str(act), []
    )
    [state] = [
        each["state"]
        for each in cq.obligations({name: value for name, value in case.items() if value}, kinds, as_of=AS_OF)
        if each["id"] == "copenhagen/reply-guarantee"
    ]
    made = Case("", channel=channel, act=act, has_deadline="no")
    enquiries, _ = rows_of((made,))
    enquiries[0] |= {"received_on": received, "answered_on": answered}
    rows = [
        {"enquiry": 1, "sent_on": reply, "states_deadline": "no", "automatic": None, "written": None} for reply in later
    ]
    children = {"acknowledgements": rows or Acknowledgement.empty()}
    result = cq.measure(ReplyGuarantee, enquiries, children=children, as_of=AS_OF, period="2010")
    assert outcomes_of(result)[1] in STATE[state]
