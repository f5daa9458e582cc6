from __future__ import annotations

import importlib.metadata

import pytest

import casequality as cq
from casequality.host import discover

SINGLE = {
    "contact-centre.answered-by-person",
    "contact-centre.answered-share",
    "contact-centre.calls",
    "contact-centre.immediately-resolved",
    "contact-centre.mean-wait",
    "contact-centre.median-wait",
    "contact-centre.p90-wait",
    "contact-centre.p95-wait",
    "contact-centre.service-level",
}
IDS = SINGLE | {name.replace(".", ".counted-") for name in SINGLE}


def test_the_installed_plugin_offers_its_metrics() -> None:
    offered = discover(only=["casequality-contact-centre"], strict=True)
    assert set(offered.metrics) == IDS


def test_the_plugin_is_found_by_its_entry_point() -> None:
    (entry_point,) = importlib.metadata.entry_points(group="casequality", name="contact-centre")
    assert entry_point.value == "casequality_contact_centre"


@pytest.mark.parametrize("name", sorted(IDS))
def test_every_metric_says_what_it_is_in_both_languages(name: str) -> None:
    metric = discover(only=["casequality-contact-centre"]).metric(name)
    assert issubclass(metric, cq.Metric)
    assert set(metric.title) == {"en", "da"}
    assert metric.readings
    assert all(choice.why for choice in metric.readings.values())
    assert metric.limits
