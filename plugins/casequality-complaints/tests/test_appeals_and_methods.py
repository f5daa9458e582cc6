"""Reversals on appeal by the board's own definition; how complaints end, by method, and what is claimed of one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import casequality as cq
from casequality_complaints import (
    CLAIMS,
    ComplaintPoint,
    Handled,
    Pending,
    ReversalRate,
    StoppedAfterContact,
    TimeToEnd,
    casequality_metrics,
)

Parts = Iterable[tuple[str | None, str | None]]


def shared(name: str) -> Path:
    """Return a file that may be read and not shipped; where the repository is not around, the test skips itself."""
    return Path(pytest.importorskip("tests.shared", reason="the repository of casequality is not here").shared(name))


def reversal(appeals: Iterable[Parts], **asked: Any) -> Any:
    """Return the rate of appeals, each given as its parts: the day of the board's decision and its outcome."""
    several = [list(parts) for parts in appeals]
    rows = [{"appeal": number, "case_type": None, "received_on": "2017-01-02"} for number in range(len(several))]
    parts = [
        {"appeal": number, "received_on": "2017-01-02", "decided_on": day, "outcome": outcome}
        for number, each in enumerate(several)
        for day, outcome in each
    ]
    (figure,) = cq.measure(ReversalRate, rows, children={"parts": parts}, **{"as_of": "2018-01-01", **asked})
    return figure


def test_24_of_129_decisions_were_reversed_by_the_boards_definition() -> None:
    """The board's own worked example, from outside the seeds; the 21 rejected appeals are invented."""
    day = "2017-06-01"
    made = {"remitted": 19, "changed": 5, "upheld": 105, "rejected": 21}
    appeals = [[(day, outcome)] for outcome, times in made.items() for _ in range(times)]
    figure = reversal(appeals)
    assert (figure.value.numerator, figure.value.denominator) == (24, 129)
    counted = reversal(appeals, readings={"rejected": "counted"})
    assert (counted.value.numerator, counted.value.denominator) == (24, 150)  # 16 %, where the board prints 19 %


def test_14_2_per_cent_changed_and_18_3_remitted_are_32_5_per_cent_reversed() -> None:
    """The board's figures of 2019, from outside the seeds: of 26,400 appeals about 24,000 were decided on their merits.

    Here a twenty-fourth of them: 1,000 on their merits and 100 rejected.
    """
    made = {"changed": 142, "remitted": 183, "upheld": 1000 - 142 - 183, "rejected": 100}
    appeals = [[("2017-06-01", outcome)] for outcome, times in made.items() for _ in range(times)]
    figure = reversal(appeals)
    assert figure.value.exact == Fraction(325, 1000)
    assert {name: figure.outcomes[name] for name in made} == made
    assert figure.rows == 1100
    assert reversal(appeals, readings={"rejected": "counted"}).value.exact == Fraction(325, 1100)


def test_4_per_cent_partly_and_35_wholly_in_favour_are_39_per_cent_reversed() -> None:
    """The board's example, from outside the seeds: an appeal of several decisions counts by what went furthest."""
    day = "2017-06-01"
    wholly, partly, upheld = [(day, "changed")], [(day, "upheld"), (day, "changed")], [(day, "upheld")]
    figure = reversal([*[wholly] * 35, *[partly] * 4, *[upheld] * 61])
    assert figure.value.exact == Fraction(39, 100)


def test_a_decision_of_nobody_may_close_the_appeal_that_is_pending() -> None:
    """The appeal's own part is delivered under no appeal: it may have been decided in June, either way, or be open."""
    appeals = [{"appeal": 1, "case_type": "a", "received_on": "2017-05-01"}]
    part = {"appeal": 9, "received_on": "2017-05-01", "decided_on": "2017-06-01", "outcome": "changed"}
    asked: dict[str, Any] = {"as_of": "2018-01-01", "period": "2017-06", "readings": {"cohort": "closed"}}
    (figure,) = cq.measure(ReversalRate, appeals, children={"parts": [part]}, **asked)
    value = figure.value
    assert value.exact is None
    assert (value.low, value.high) == (Fraction(0), Fraction(1))
    assert dict(figure.doubt) == {"orphans": 1}


def test_the_example_is_the_one_that_the_board_publishes() -> None:
    with Path(shared("data/peer_deadlines/ankestyrelsen_omgoerelsesprocent_official_example.csv")).open() as lines:
        row = next(line for line in csv.reader(lines) if "hjemvist" in line)
    stated = {
        name: int(row[row.index(name) + 1]) for name in ("hjemvist", "aendret", "stadfaestet", "realitetsbehandlet")
    }
    assert stated == {"hjemvist": 19, "aendret": 5, "stadfaestet": 105, "realitetsbehandlet": 129}


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["upheld", "changed", "rejected"], "changed"),
        (["remitted", "changed"], "changed"),
        (["upheld", "remitted"], "remitted"),
        (["rejected", "upheld"], "upheld"),
        (["rejected"], "rejected"),
        (["changed", None], "pending"),
        ([], "pending"),
    ],
)
def test_a_mixed_appeal_counts_once_by_what_went_furthest(outcomes: list[str | None], expected: str) -> None:
    parts = [("2017-06-01" if outcome else None, outcome) for outcome in outcomes]
    figure = reversal([parts, [("2017-06-01", "upheld")]], readings={"cohort": "received"})
    assert figure.outcomes[expected] == 1 + (expected == "upheld")
    assert figure.rows == 2


def test_an_appeal_is_decided_with_its_last_decision() -> None:
    parts = [("2017-03-01", "upheld"), ("2017-09-01", "changed")]
    assert (
        reversal([parts], as_of="2017-06-01", period="2017", readings={"cohort": "received"}).outcomes["pending"] == 1
    )
    in_autumn = reversal([parts], period="2017-Q3")
    assert (in_autumn.value.numerator, in_autumn.value.denominator) == (1, 1)


# Invented: nine complaints received on 1 March 2014, seen on 1 April; (kind, method, days to the end, ending).
HANDLED = (
    ("formal", "enhanced_contact", 2, "stopped_after_contact"),
    ("formal", "enhanced_contact", 4, "decided"),
    ("formal", "enhanced_contact", None, None),
    ("substantive", "enhanced_contact", 6, "stopped_after_contact"),
    ("formal", "written", 20, "decided"),
    ("formal", "written", 25, "withdrawn"),
    ("formal", "written", None, None),
    ("formal", None, 10, "decided"),
    ("formal", "enhanced_contact", 40, "decided"),  # after the as-of: open
)


def by_method(metric: type[cq.Metric], **asked: Any) -> dict[tuple[str | None, str | None], Any]:
    rows = [
        {
            "complaint": number,
            "administration": None,
            "kind": kind,
            "method": method,
            "received_on": "2014-03-01",
            "ended_on": days and f"2014-{3 + (days > 30):02}-{(days % 31) + 1:02}",
            "ending": ending,
        }
        for number, (kind, method, days, ending) in enumerate(HANDLED)
    ]
    given = {"as_of": "2014-04-01", "period": "2014-03", "by": ["kind", "method"], **asked}
    result = cq.measure(metric, rows, children={"points": ComplaintPoint.empty()}, **given)
    return {(figure.groups["kind"], figure.groups["method"]): figure for figure in result}


def test_open_complaints_are_counted_with_the_ended_ones() -> None:
    received = {place: figure.value.numerator for place, figure in by_method(Handled).items()}
    pending = {place: figure.value.numerator for place, figure in by_method(Pending).items()}
    assert received == {
        ("formal", "enhanced_contact"): 4,
        ("substantive", "enhanced_contact"): 1,
        ("formal", "written"): 3,
        ("formal", None): 1,
    }
    assert pending == {
        ("formal", "enhanced_contact"): 2,
        ("substantive", "enhanced_contact"): 0,
        ("formal", "written"): 1,
        ("formal", None): 0,
    }


def test_the_time_to_any_end_counts_what_is_open_as_waiting() -> None:
    """By hand: of 4, one ended after 2 days and one after 4, so half had ended by then; of 3, two after 20 and 25."""
    times = {place: figure.value.exact for place, figure in by_method(TimeToEnd).items()}
    assert times == {
        ("formal", "enhanced_contact"): 4,
        ("substantive", "enhanced_contact"): 6,
        ("formal", "written"): 25,
        ("formal", None): 10,
    }


def test_the_share_stopped_after_contact_has_bounds_while_complaints_are_open() -> None:
    shares = by_method(StoppedAfterContact)
    formal = shares["formal", "enhanced_contact"].value
    # at the least both open ones are not stopped, and the decided one of which the method is not stated is one of these
    assert (formal.numerator, formal.denominator, formal.low, formal.high) == (1, 2, pytest.approx(0.2), 0.75)
    written = [
        by_method(StoppedAfterContact, readings={"withdrawn": each})["formal", "written"].value.numerator
        for each in ("not_stopped", "stopped")
    ]
    assert written == [0, 1]


def test_the_five_dutch_results_stand_beside_the_figures_as_claims_with_their_source() -> None:
    assert [claim.source.document for claim in CLAIMS] == ["2014-0248315-1"] * 5
    for metric in (Handled, Pending, TimeToEnd, StoppedAfterContact):
        for claim in CLAIMS:
            assert claim.en in metric.limits["en"]
            assert claim.da in metric.limits["da"]
        assert "2014-0248315-1" in metric.limits["en"]
        assert "ikke målt her" in metric.limits["da"]


def test_the_claims_are_the_numbers_of_the_seed() -> None:
    seed = shared("seeds/002_8821766585a5541a.txt").read_text(encoding="utf-8").casefold()
    assert len({claim.da for claim in CLAIMS}) == 5
    for claim in CLAIMS:
        assert claim.da.casefold() in seed
        assert re.findall(r"\d+", claim.en) == re.findall(r"\d+", claim.da)


CAUSES = ("because", "caused", "thanks to", "effect", "leads to", "led to", "due to", "reduces", "faster with")
ARSAGER = ("fordi", "skyldes", "forårsage", "takket være", "effekt", "medfør", "fører til", "gør sagsbehandlingen")


def test_no_sentence_says_that_a_method_made_a_difference() -> None:
    for metric in casequality_metrics():
        texts = [metric.title, metric.limits, *(choice.why for choice in metric.readings.values())]
        texts += [each.says for choice in metric.readings.values() for each in choice.alternatives.values()]
        for text in texts:
            if isinstance(text, str):  # what the library itself says of cohorts
                continue
            assert not [word for word in CAUSES if word in text["en"].casefold()]
            assert not [word for word in ARSAGER if word in text["da"].casefold()]
        assert not [word for word in CAUSES if word in str(metric.__doc__).casefold()]
