"""The kit's laws for the adviser's records and metrics."""

from __future__ import annotations

import pytest

import casequality.testing as kit
import casequality_citizens_adviser as plugin
from casequality_citizens_adviser.enquiries import AdviserMetric

BREAK = "the series begins on a day that the source names; without that day the law is tried below"

TestPlugin = kit.every_law(plugin, as_of="2017-08-01", examples=10, skips={"whole-weeks": BREAK})


@pytest.mark.parametrize("kind", plugin.casequality_metrics(), ids=lambda kind: kind.id)
def test_without_a_break_in_series_whole_weeks_change_nothing(kind: type[AdviserMetric]) -> None:
    [check] = kit.check(kind(series_from=None), only=["whole-weeks"], examples=10).checks
    assert check.state == "passed", check
