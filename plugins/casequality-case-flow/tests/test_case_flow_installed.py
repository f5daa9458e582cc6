from __future__ import annotations

from casequality.host import discover
from casequality_case_flow import casequality_metrics


def test_the_installed_plugin_offers_its_metrics() -> None:
    offered = discover(only=["casequality-case-flow"], strict=True)
    assert set(offered.metrics) == {metric.id for metric in casequality_metrics()}
