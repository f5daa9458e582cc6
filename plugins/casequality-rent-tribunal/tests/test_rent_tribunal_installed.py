from __future__ import annotations

from casequality_rent_tribunal import casequality_metrics

from casequality.host import discover


def test_the_installed_plugin_offers_its_metrics() -> None:
    offered = discover(only=["casequality-rent-tribunal"], strict=True)
    assert set(offered.metrics) == {metric.id for metric in casequality_metrics()}
    assert {offer.value.records.name for offer in offered.metrics.values()} == {"tribunal_cases"}
