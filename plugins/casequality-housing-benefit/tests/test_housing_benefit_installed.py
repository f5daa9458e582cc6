from __future__ import annotations

from casequality.host import discover
from casequality_housing_benefit import DecidedInTime, Notified


def test_the_installed_plugin_is_discovered_with_its_metrics() -> None:
    found = discover()
    (plugin,) = (each for each in found.plugins if each.distribution == "casequality-housing-benefit")
    assert plugin.state == "ready", plugin.failure
    assert found.metric("housing-benefit.decided-in-time") is DecidedInTime
    assert found.metric("housing-benefit.notified") is Notified


def test_only_what_exists_has_words() -> None:
    for metric in (DecidedInTime, Notified):
        kinds = metric.records.fields["kind"].labels
        alternatives = [each for choice in metric.readings.values() for each in choice.alternatives.values()]
        settings = {*metric().parameters(), *(value for each in alternatives for value in each.fields.values())}
        assert set(metric.words) <= {*metric.outcomes, *kinds, *settings}
