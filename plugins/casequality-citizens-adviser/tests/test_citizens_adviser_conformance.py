"""The kit's laws for the adviser's records and metrics."""

from __future__ import annotations

import pytest

import casequality as cq
import casequality.testing as kit
from casequality_citizens_adviser import ComplaintPoint, Enquiry, casequality_metrics
from casequality_citizens_adviser.enquiries import AdviserMetric

BREAK = {"whole-weeks": "the series begins on a day that the source names; without that day the law is tried below"}


class TestEnquiry(kit.RecordsConformance):
    records = Enquiry
    examples = 10


class TestComplaintPoint(kit.RecordsConformance):
    records = ComplaintPoint
    examples = 10


def laws_of(kind: type[cq.Metric]) -> type[kit.MetricConformance]:
    settings = {"metric": kind, "as_of": "2017-08-01", "examples": 10, "skips": BREAK}
    return type(f"Test{kind.__name__}", (kit.MetricConformance,), settings)


globals().update({f"Test{kind.__name__}": laws_of(kind) for kind in casequality_metrics()})


@pytest.mark.parametrize("kind", casequality_metrics(), ids=lambda kind: kind.id)
def test_without_a_break_in_series_whole_weeks_change_nothing(kind: type[AdviserMetric]) -> None:
    [check] = kit.check(kind(series_from=None), only=["whole-weeks"], examples=10).checks
    assert check.state == "passed", check
