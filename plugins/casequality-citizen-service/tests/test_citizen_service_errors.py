"""Cases with errors and samples. The sources publish no figure beside the goal of 5 %; the records are invented."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs
import pytest

import casequality as cq
from casequality_citizen_service import (
    CasesWithErrors,
    CheckedCase,
    FoundError,
    LicenceErrors,
    PassportErrors,
    SampleShare,
)

Row = Mapping[str, Any]


def cases(checked: int, unchecked: int = 0) -> list[Row]:
    return [
        {"case": number, "handled_on": "2010-03-01", "checked_on": "2010-11-01" if number <= checked else None}
        for number in range(1, checked + unchecked + 1)
    ]


def errors(*found: tuple[int, str], on: str = "2010-11-01") -> list[Row]:
    return [{"case": case, "found_on": on, "error_class": error_class} for case, error_class in found]


def measured(rows: Sequence[Row], found: Iterable[Row], metric: type[cq.Metric] = PassportErrors, **asked: Any) -> Any:
    given = {"as_of": "2011-01-01", "period": "2010"} | asked
    return cq.measure(metric, rows, children={"errors": list(found)}, **given)


def by_facet(result: Any) -> dict[str, Fraction | None]:
    return {figure.facet: figure.value.exact for figure in result}


TWO_CASES = errors((7, "control"), (7, "case_handling"), (7, "control"), (8, "control"))


def test_a_case_with_several_errors_counts_once_and_once_in_each_class() -> None:
    found = by_facet(measured(cases(60), TWO_CASES))
    assert found == {
        "": Fraction(2, 60),  # 3.3 %: the goal of at most 5 % is met
        "control": Fraction(2, 60),
        "case_information": 0,
        "case_handling": Fraction(1, 60),
        "register_update": 0,
    }
    assert Fraction(len(TWO_CASES), 60) > Fraction(5, 100)  # errors for each case would miss it


def test_cases_that_were_not_checked_are_left_out_of_a_sample_and_unknown_in_a_census() -> None:
    sample, census = (
        measured(cases(60, 40), TWO_CASES, readings={"basis": basis}).measurement.figures[0]
        for basis in ("sample", "census")
    )
    assert (sample.value.exact, sample.value.low, sample.value.high) == (Fraction(2, 60),) * 3
    assert (census.value.exact, census.value.low, census.value.high) == (
        Fraction(2, 60),
        Fraction(2, 100),
        Fraction(42, 100),
    )
    assert sample.outcomes["not_checked"] == census.outcomes["not_checked"] == 40


def test_an_error_of_an_unknown_class_is_an_error_and_leaves_each_class_of_its_case_unknown() -> None:
    result = measured(cases(10), errors((1, "typing"), (2, "typing"), (2, "control")))
    assert [(item.column, item.fault, item.count) for item in result.findings.items] == [
        ("errors.error_class", "unknown code", 2)
    ]
    whole = {figure.facet: figure.outcomes for figure in result}
    assert (whole[""].get("unknown", 0), whole[""]["with_errors"], whole[""]["without_errors"]) == (0, 2, 8)
    assert (whole["case_handling"]["unknown"], whole["control"]["with_errors"]) == (2, 1)


def test_a_check_that_came_later_was_not_known() -> None:
    [figure, *_] = measured(cases(3), TWO_CASES, as_of="2010-11-01")
    assert figure.outcomes["not_checked"] == 3


def test_driving_licences_have_a_first_figure_and_no_classes() -> None:
    found = errors((1, "photo"), (1, "theory test"), (2, "photo"))
    assert by_facet(measured(cases(40), found, LicenceErrors)) == {"": Fraction(2, 40)}


def test_two_measurements_of_licences_stand_beside_each_other() -> None:
    moved = {"handled_on": "2011-03-01", "checked_on": "2011-11-01"}
    later: list[Row] = [{**row, **moved, "case": row["case"] + 50} for row in cases(50)]
    found = errors((1, "photo"), (2, "photo")) + errors((51, "photo"), on="2011-11-01")
    years = measured(cases(50) + later, found, LicenceErrors, as_of="2012-01-01", period=["2010", "2011"])
    assert [figure.value.exact for figure in years] == [Fraction(2, 50), Fraction(1, 50)]


def test_two_samples_of_licences_show_a_drift_and_what_the_next_one_could_show() -> None:
    """Newcombe's example in Statistics in Medicine 17, 1998: 56 of 70 and 48 of 80, here out of thousands."""
    earlier, later = cases(80, 5000), []
    for row in cases(70, 5000):
        checked = row["checked_on"] and "2011-11-01"
        later.append({"case": row["case"] + 10_000, "handled_on": "2011-03-01", "checked_on": checked})
    found = errors(*((number, "photo") for number in range(1, 49)))
    found += errors(*((number, "photo") for number in range(10_001, 10_057)), on="2011-11-01")
    rows = earlier + later
    years = measured(rows, found, LicenceErrors, as_of="2012-01-01", period=["2010", "2011"])
    drift = years.difference("2011", "2010")
    assert drift.value == 20
    assert (float(drift.interval.low), float(drift.interval.high)) == pytest.approx((5.24, 33.39), abs=0.15)
    following = years.detectable_change("2011")
    assert following.fall < 80 < following.rise
    with pytest.raises(cq.errors.UsageError, match="full count"):
        measured(rows, found, LicenceErrors, as_of="2012-01-01", readings={"basis": "census"}).interval("2010")


OWN_CLASSES = ("wrong_party", "wrong_amount")


class BenefitError(FoundError, name="errors"):
    error_class = cq.code(*OWN_CLASSES)


class BenefitCase(CheckedCase, name="checked_benefit_cases"):
    errors = cq.many(BenefitError)


@attrs.frozen
class BenefitErrors(CasesWithErrors):
    id = "my-administration.benefit-errors"
    title = {"en": "Benefit cases with errors", "da": "Ydelsessager med fejl"}
    records = BenefitCase
    error_classes: tuple[str, ...] = OWN_CLASSES


def test_another_administration_brings_its_own_classes() -> None:
    result = measured(cases(20), errors((1, "wrong_party"), (2, "control")), BenefitErrors)
    assert by_facet(result)["wrong_party"] == Fraction(1, 19)
    assert result.findings.items[0].fault == "unknown code"


def sample(population: int, examined: int, number: int = 1) -> Row:
    return {
        "sample": number,
        "drawn_on": "2010-09-01",
        "subject": "passport_cases",
        "centre": "north",
        "population": population,
        "examined": examined,
    }


def sampled(*rows: Row) -> Any:
    [figure] = cq.measure(SampleShare, list(rows), as_of="2011-01-01", period="2010")
    return figure


def test_a_sample_that_is_larger_than_its_population_is_counted_and_in_no_figure() -> None:
    figure = sampled(sample(400, 60), sample(59, 60, 2))
    assert figure.value.exact == Fraction(60, 400)
    assert figure.outcomes["larger_than_population"] == 2  # one row, in each of its two counts


def test_every_case_may_be_examined_and_a_population_of_none_gives_no_figure() -> None:
    assert sampled(sample(60, 60)).value.exact == 1
    assert sampled(sample(0, 0)).value.exact is None


@pytest.mark.parametrize(("field", "wrong"), [("population", -1), ("examined", "?"), ("population", None)])
def test_a_sample_that_cannot_be_read_is_set_aside(field: str, wrong: object) -> None:
    assert sampled(sample(400, 60), {**sample(100, 50, 2), field: wrong}).value.exact == Fraction(60, 400)
