"""What a caller sees of a sample: its interval in table, data and frame, and changes; a full count has none."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import casequality as cq
from casequality.desk.results import Result
from casequality.errors import UnknownName, UsageError
from casequality.evidence import Change
from casequality.reports.assessment import assessment_text
from casequality.reports.wording import shown

citizen_service = pytest.importorskip("casequality_citizen_service")

GOALS = """
id    = "invented"
title = { en = "Invented goals", da = "Opdigtede mål" }
basis = { title = "invented" }

[[goal]]
id       = "passports"
title    = { en = "Passports", da = "Pas" }
metric   = "citizen-service.passport-errors"
source   = "passport_cases"
target   = "at most 5 %"
readings = { basis = "sample" }

[[goal]]
id       = "licences"
title    = { en = "Licences", da = "Kørekort" }
metric   = "citizen-service.licence-errors"
source   = "licence_cases"
target   = "baseline"
readings = { basis = "sample" }
"""


def cases(year: int, checked: int, rest: int) -> list[dict[str, Any]]:
    return [
        {
            "case": 10_000 * year + number,
            "handled_on": f"{year}-03-01",
            "checked_on": f"{year}-11-01" if number < checked else None,
            "centre": None,
        }
        for number in range(checked + rest)
    ]


def errors(year: int, count: int) -> list[dict[str, Any]]:
    faulty = range(10_000 * year, 10_000 * year + count)
    return [{"case": case, "found_on": f"{year}-11-01", "error_class": "control"} for case in faulty]


def measured(metric: str = "passport", **asked: Any) -> Result:
    kind = citizen_service.PassportErrors if metric == "passport" else citizen_service.LicenceErrors
    return cq.measure(
        kind,
        cases(2010, 100, 540) + cases(2011, 100, 540),
        children={"errors": errors(2010, 12) + errors(2011, 3)},
        as_of="2012-01-01",
        by="year",
        **asked,
    )


def test_a_figure_of_a_sample_has_an_interval_wherever_it_is_shown() -> None:
    result = measured("licence")
    found = result.interval("2011")
    assert found.low <= 3 <= found.high
    assert (found.low * 640 / 100).denominator == (found.high * 640 / 100).denominator == 1  # whole cases of 640
    plain = result.to_dict()["figures"][1]
    assert (plain["interval_low"], plain["interval_high"]) == (float(found.low), float(found.high))
    assert result.to_frame("pyarrow").column("interval_low").to_pylist()[1] == float(found.low)
    for lang, word in (("en", "between"), ("da", "mellem")):
        table = result.table(lang)
        assert table.to_dict()["rows"][1][2].startswith(word)
        assert "Clopper" in " ".join(table.notes)


def test_two_samples_show_a_change_and_what_a_next_one_could_show() -> None:
    result = measured("licence")
    change = result.difference("2011", "2010")
    assert isinstance(change, Change)
    assert change.value == -9
    assert change.shown
    assert change.interval.high < 0
    next_time = result.detectable_change("2011", size=400)
    as_large = result.detectable_change("2011")
    assert (next_time.size, as_large.size) == (400, 100)
    assert next_time.rise is not None
    assert as_large.rise is not None
    assert 3 < next_time.rise < as_large.rise
    assert as_large.fall is None


def test_each_facet_has_its_own_interval_and_the_one_without_a_name_is_asked_for_without_one() -> None:
    result = measured()
    assert result.interval("2011") == result.interval("2011", facet="control")
    assert result.interval("2011", facet="register_update").low == 0
    with pytest.raises(UnknownName):
        result.interval("2011", facet="spelling")


def test_a_full_count_has_no_interval() -> None:
    result = measured("licence", readings={"basis": "census"})
    with pytest.raises(UsageError, match="full count"):
        result.interval("2011")
    assert "95 % interval" not in map(str, result.table().headers)
    assert "interval_low" not in result.to_dict()["figures"][0]


def test_a_year_without_a_checked_case_has_no_interval_to_show() -> None:
    result = cq.measure(
        citizen_service.LicenceErrors, cases(2010, 0, 5), children={"errors": []}, as_of="2011-01-01", period="2010"
    )
    with pytest.raises(UsageError, match="not computed"):
        result.interval("2010")
    assert result.table().to_dict()["rows"][0][2] == ""
    assert result.to_dict()["figures"][0]["interval_low"] is None


@pytest.fixture(scope="module")
def assessed() -> Any:
    def source(records: type[cq.Records], early: int, late: int) -> Any:
        found = {"errors": errors(2010, early) + errors(2011, late)}
        return cq.source(cases(2010, 100, 540) + cases(2011, 100, 540), records, children=found)

    sources = {
        "passport_cases": source(citizen_service.PassportCase, 0, 3),
        "licence_cases": source(citizen_service.LicenceCase, 12, 5),
    }
    metrics = [citizen_service.PassportErrors, citizen_service.LicenceErrors]
    return cq.assess(GOALS, sources, period="2011", as_of="2012-01-01", metrics=metrics)


def test_an_assessment_says_how_sure_in_every_form(assessed: Any) -> None:
    passports, licences = assessed["passports"], assessed["licences"]
    assert (str(passports.verdict), str(licences.verdict)) == ("not shown", "baseline")
    assert passports.to_dict()["sample"]["population"] == 640
    size = next(reason for reason in passports.reasons if reason.code == "would show")
    drift = next(reason for reason in licences.reasons if reason.code == "change not shown")
    row = dict(zip(map(str, assessed.table("da").headers), assessed.table("da").rows[0], strict=True))
    assert str(shown(row["Vurdering"], "da")) == "ikke påvist"
    assert str(row["Sikkerhed"]).startswith("stikprøve på 100: mellem")
    assert row["Hvad kan ændre vurderingen"] == size.da
    text = " ".join(assessment_text(assessed.assessment, "en").split())
    assert size.en in text
    assert drift.en in text


def test_the_page_says_it_too(assessed: Any) -> None:
    pytest.importorskip("jinja2")
    page = assessed.page("da")
    for judgement in assessed:
        for reason in judgement.reasons:
            assert reason.da.replace("'", "&#39;") in page
    assert "95 %-interval" in page
    assert Fraction(assessed["passports"].value) == 3
