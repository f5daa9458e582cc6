from __future__ import annotations

import importlib.metadata

import pytest

import casequality as cq
from casequality.host import discover

IDS = {"case-review.formal", "case-review.procedure-followed", "case-review.service"}


def test_the_installed_plugin_offers_its_metrics() -> None:
    assert set(discover(only=["casequality-case-review"], strict=True).metrics) == IDS


def test_the_plugin_is_found_by_its_entry_point() -> None:
    (entry_point,) = importlib.metadata.entry_points(group="casequality", name="case-review")
    assert entry_point.value == "casequality_case_review"


@pytest.mark.parametrize("name", sorted(IDS))
def test_every_metric_says_what_it_cannot_say(name: str) -> None:
    metric = discover(only=["casequality-case-review"]).metric(name)
    assert issubclass(metric, cq.Metric)
    assert set(metric.limits) == {"en", "da"}
    assert metric.citation is not None
