"""Complaints, their points and rates: published figures, and invented records that have them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import casequality as cq
from casequality_complaints import Complaint, ComplaintPoint, Complaints, PerThousandDecisions, Points
from casequality_complaints.code_lists import LISTS, SIGNALS, SUBJECTS

AS_OF = "2014-03-01"


def complaint(number: int, received: str | None, kind: str | None = None, **more: str | None) -> dict[str, Any]:
    row = {"complaint": number, "administration": "ØKF", "kind": kind, "method": None, "received_on": received}
    return row | {"ended_on": None, "ending": None} | more


def counted(rows: list[dict[str, Any]], **asked: Any) -> Any:
    return cq.measure(Complaints, rows, children={"points": ComplaintPoint.empty()}, **{"as_of": AS_OF, **asked})


def test_eight_complaints_of_2013_are_three_formal_four_substantive_and_one_both() -> None:
    """The administration's own figures for 2013, published outside the seed documents; the days are invented."""
    kinds = ["formal"] * 3 + ["substantive"] * 4 + ["both"]
    rows = [complaint(number, f"2013-{number:02}-10", kind) for number, kind in enumerate(kinds, 1)]
    by_kind = {figure.groups["kind"]: figure.value.numerator for figure in counted(rows, by="kind", period="2013")}
    (together,) = counted(rows, period="2013")
    assert (by_kind, together.value.numerator) == ({"formal": 3, "substantive": 4, "both": 1}, 8)
    (neighbour,) = counted(rows, period="2013", where={"kind": ["formal", "both"]})
    assert neighbour.value.numerator == 4  # every complaint with a formal side: the one that is both counts there too


@pytest.mark.parametrize(
    ("received", "kind", "on_list"),
    [
        ("2005-01-01", "conduct", True),
        ("2006-12-31", "substance_of_decision", True),
        ("2007-01-01", "processing_time", True),  # no source ends the list before the one of 2013 replaces it
        ("2012-12-31", "processing_time", True),
        ("2013-01-01", "processing_time", False),
        ("2004-12-31", "legal_requirements", False),
        ("2013-01-01", "procurement", True),
        ("2012-12-31", "formal", False),
        ("2006-03-31", "formal", False),
        ("2010-06-01", None, True),
    ],
)
def test_a_kind_is_one_of_the_list_in_force_on_the_day_of_receipt(
    received: str, kind: str | None, on_list: bool
) -> None:
    row = complaint(1, received, kind)
    (sure,) = counted([row], readings={"off_list": "unknown"})
    (all_the_same,) = counted([row])
    assert (sure.value.numerator, all_the_same.value.numerator) == (int(on_list), 1)
    assert sure.outcomes["off_list"] == 1 - on_list


def test_pilots_and_what_was_learned_are_told_apart_and_nothing_is_guessed() -> None:
    registered = [("BIF", "learned"), ("BIF", None), ("KBS", "nothing_learned"), (None, "learned")]
    rows = [
        complaint(number, "2013-05-01", pilot=pilot, learning=learning)
        for number, (pilot, learning) in enumerate(registered, 1)
    ]
    by_pilot = {figure.groups["pilot"]: figure.value.numerator for figure in counted(rows, by="pilot")}
    assert by_pilot == {None: 1, "BIF": 2, "KBS": 1}
    by_both = {
        tuple(figure.groups.values()): figure.value.numerator for figure in counted(rows, by=("pilot", "learning"))
    }
    assert by_both == {("BIF", "learned"): 1, ("BIF", None): 1, ("KBS", "nothing_learned"): 1, (None, "learned"): 1}


def test_what_was_learned_is_one_of_a_closed_list_and_never_free_text() -> None:
    rows = [complaint(1, "2013-05-01", learning="learned"), complaint(2, "2013-05-01", learning="Brevet var uklart")]
    result = counted(rows, by="learning")
    assert {figure.groups["learning"] for figure in result} == {"learned"}
    assert result.accounts["set aside"] == 1
    assert "Brevet" not in str(result.to_dict())

    class OurComplaint(Complaint, name="complaints"):
        """One complaint, with the kinds of learning of an administration."""

        learning = cq.code("letter_changed", "staff_trained", missing="not registered")

    own = [complaint(1, "2013-05-01", learning="letter_changed"), complaint(2, "2013-05-01", learning="learned")]
    source = cq.source(own, OurComplaint, children={"points": ComplaintPoint.empty()})
    result = cq.measure(Complaints, source, as_of=AS_OF, by="learning")
    assert [(figure.groups["learning"], figure.value.numerator) for figure in result] == [("letter_changed", 1)]
    assert result.accounts["set aside"] == 1


def test_unequal_treatment_is_a_subject_of_its_own_and_each_office_stands_beside_the_others() -> None:
    rows = [complaint(number, "2013-05-01", administration=office) for number, office in enumerate("ABBA", 1)]
    raised = [(1, "uneven_treatment"), (2, "uneven_treatment"), (3, "uneven_treatment"), (4, "other")]
    points = [{"complaint": number, "raised_on": "2013-05-01", "subject": subject} for number, subject in raised]
    source = cq.source(
        rows, Complaint, children={"points": cq.source(points, ComplaintPoint, columns={"signal": None})}
    )
    found = {
        figure.groups["administration"]: figure.value.numerator
        for figure in cq.measure(Points, source, as_of=AS_OF, by="administration")
        if figure.facet == "uneven_treatment"
    }
    assert found == {"A": 1, "B": 2}


def test_the_two_lists_hold_for_different_days_and_share_no_kind() -> None:
    memo, registration = LISTS
    assert memo.since < registration.since
    assert not memo.kinds.keys() & registration.kinds.keys()
    assert (len(memo.kinds), len(registration.kinds)) == (4, 4)


# Invented: four complaints with 3, 2, 1 and no points.
POINTS = {
    1: ["processing_time_and_notice", "legal_guarantees", "legal_guarantees"],
    2: ["file_keeping", "processing_time_and_notice"],
    3: ["other"],
    4: [],
}


def points_of(**asked: Any) -> dict[str, int | None]:
    rows = [complaint(number, "2005-05-02", "conduct") for number in POINTS]
    points = [
        {"complaint": number, "raised_on": "2005-05-02", "subject": subject, "signal": "legal_guarantees"}
        for number, subjects in POINTS.items()
        for subject in subjects
    ]
    result = cq.measure(Points, rows, children={"points": points}, as_of=AS_OF, **asked)
    return {figure.facet: figure.value.numerator for figure in result}


def test_complaints_and_their_points_are_different_counts() -> None:
    found = points_of()
    assert found == dict.fromkeys(SUBJECTS, 0) | {
        "all": 6,
        "processing_time_and_notice": 2,
        "legal_guarantees": 2,
        "file_keeping": 1,
        "other": 1,
    }
    (complaints,) = counted([complaint(number, "2005-05-02", "conduct") for number in POINTS])
    assert complaints.value.numerator == len(POINTS) != found["all"]


def test_no_points_at_all_are_0_points_and_fewer_than_before() -> None:
    """Two complaints with a point each in the first quarter; two without any in the second: a known nought."""
    rows = [complaint(number, f"2005-0{month}-02", "conduct") for number, month in enumerate((2, 2, 5, 5), 1)]
    points = [{"complaint": number, "raised_on": "2005-02-02", "subject": "other"} for number in (1, 2)]
    source = cq.source(
        rows, Complaint, children={"points": cq.source(points, ComplaintPoint, columns={"signal": None})}
    )
    found = cq.measure(Points, source, as_of=AS_OF, by="quarter", period="2005-H1")
    of_all = [figure.value for figure in found if figure.facet == "all"]
    assert [value.exact for value in of_all] == [2, 0]
    assert [value.reason for value in of_all] == [None, None]
    goal = """
    id = "fewer"
    [[goal]]
    id = "points"
    metric = "complaints.points"
    source = "complaints"
    facet = "all"
    target = "below 100 % of the period before"
    readings = { subjects = "problem_areas" }
    """
    [judged] = cq.assess(goal, {"complaints": source}, period="2005-Q2", as_of=AS_OF)
    assert judged.value == 0
    assert str(judged.verdict) == "met"


def test_points_told_apart_by_the_five_signals_give_other_figures() -> None:
    assert points_of(readings={"subjects": "signals"}) == {"all": 6, **dict.fromkeys(SIGNALS, 0), "legal_guarantees": 6}


def counts(*rows: tuple[str, str, int, int | None]) -> list[dict[str, Any]]:
    return [
        {
            "row": number,
            "administration": unit,
            "case_type": None,
            "month": month,
            "complaints": complaints,
            "decisions": decisions,
        }
        for number, (unit, month, complaints, decisions) in enumerate(rows, 1)
    ]


# Invented: one unit knows its decisions, one does not, one knows them for a month.
KNOWN_AND_NOT = counts(
    ("KFF", "2013-01-01", 6, 2000),
    ("KFF", "2013-02-01", 4, 500),
    ("BIF", "2013-01-01", 40, None),
    ("TMF", "2013-01-01", 3, None),
    ("TMF", "2013-02-01", 3, 1000),
)


def test_there_is_a_rate_only_where_the_number_of_decisions_is_known() -> None:
    result = cq.measure(PerThousandDecisions, KNOWN_AND_NOT, as_of=AS_OF, by="administration", period="2013")
    rates = {figure.groups["administration"]: figure.value.exact for figure in result}
    assert rates == {"KFF": Fraction(10, 2500), "TMF": Fraction(3, 1000), "BIF": None}
    (together,) = cq.measure(PerThousandDecisions, KNOWN_AND_NOT, as_of=AS_OF, period="2013")
    assert together.value.exact == Fraction(13, 3500)
    assert together.outcomes["decisions_not_known"] == 4  # two rows, in each of the two counts
    assert str(cq.units.RATE.scale * Fraction(10, 2500)) == "4"  # KFF: 4 per 1,000


def test_no_decision_at_all_is_no_rate_either() -> None:
    (figure,) = cq.measure(PerThousandDecisions, counts(("KFF", "2013-01-01", 2, 0)), as_of=AS_OF)
    assert figure.value.exact is None


def test_a_rate_is_no_mean_of_monthly_rates() -> None:
    result = cq.measure(
        PerThousandDecisions, KNOWN_AND_NOT[:2], as_of=AS_OF, by="month", period="2013-01-01..2013-02-28"
    )
    assert [figure.value.exact for figure in result] == [Fraction(3, 1000), Fraction(8, 1000)]
    (both,) = cq.measure(PerThousandDecisions, KNOWN_AND_NOT[:2], as_of=AS_OF)
    assert both.value.exact == Fraction(4, 1000)  # the mean of the months is 5.5 per 1,000


def test_an_unknown_kind_and_a_complaint_that_ended_before_it_came_are_findings() -> None:
    rows = [
        complaint(1, "2013-02-01", "formal"),
        complaint(2, "2013-02-01", "rudeness"),
        complaint(3, "2013-02-01", "formal", ended_on="2013-01-01", ending="decided"),
    ]
    source = cq.source(rows, Complaint, children={"points": ComplaintPoint.empty()})
    metrics = ["complaints.received", "complaints.handled"]
    part = cq.tally(metrics, source, as_of=AS_OF)
    concluded = part.conclude(period="2013")
    assert concluded["complaints.received"].measurement.figures[0].value.numerator == 2, "its end is not asked for"
    assert concluded["complaints.handled"].measurement.figures[0].rows == 2, "the kind is not"
