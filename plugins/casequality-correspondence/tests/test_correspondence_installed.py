from __future__ import annotations

import casequality_correspondence as correspondence
from casequality.host import discover


def test_the_installed_plugin_is_discovered_with_its_metrics() -> None:
    found = discover()
    (plugin,) = (each for each in found.plugins if each.distribution == "casequality-correspondence")
    assert plugin.state == "ready", plugin.failure
    for metric in correspondence.casequality_metrics():
        assert found.metric(metric.id) is metric
