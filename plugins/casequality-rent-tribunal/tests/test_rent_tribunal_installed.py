from __future__ import annotations

import casequality as cq
from casequality.host import discover
from casequality_rent_tribunal import casequality_metrics


def test_the_installed_plugin_offers_its_metrics() -> None:
    offered = discover(only=["casequality-rent-tribunal"], strict=True)
    assert set(offered.metrics) == {metric.id for metric in casequality_metrics()}
    kinds = [offered.metric(name) for name in offered.metrics]
    assert {kind.records.name for kind in kinds if issubclass(kind, cq.Metric)} == {"tribunal_cases"}
