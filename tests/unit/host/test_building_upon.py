"""A plugin that builds upon another: loaded after it, refused without it, and never at the cost of a third."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from casequality.host import discover

if TYPE_CHECKING:
    from pathlib import Path

    from casequality.host import Catalogue
    from tests.unit.host.conftest import Install

WAIT = """
class Wait:
    id = "calls.wait"

@hookimpl
def casequality_metrics():
    return [Wait]
"""
LONGER = """
from casequality_calls import Wait

class Longer(Wait):
    id = "phones.longer"

@hookimpl
def casequality_metrics():
    return [Longer]
"""
OTHER = WAIT.replace("calls.wait", "other.wait")
UPON_CALLS = ["attrs>=24.1", "casequality>=0.1,<0.2", "Casequality_Calls >=1,<2"]


def states(found: Catalogue) -> dict[str, str]:
    return {plugin.distribution: plugin.state for plugin in found.plugins}


def told(found: Catalogue, distribution: str) -> list[str]:
    """Return what is said of a plugin that was refused for what it builds upon."""
    (plugin,) = (each for each in found.plugins if each.distribution == distribution)
    assert plugin.failure is not None
    assert plugin.failure.stage == "dependency"
    return str(plugin.failure.error).splitlines()


def test_a_plugin_is_loaded_after_what_it_builds_upon_and_listed_by_its_name(install: Install, tmp_path: Path) -> None:
    """The dependency sorts last by name; each notes where it is imported."""
    note = "\nwith Path(__file__).with_name('order').open('a') as file:\n    file.write(f'{__name__[-1]}')\n"
    install("casequality-a", note + OTHER.replace("other", "a"), requires=["casequality-m (>=1)"])
    install("casequality-m", note + OTHER.replace("other", "m"), requires=["casequality.z[all]~=1.0"])
    install("casequality-z", note + OTHER.replace("other", "z"))
    found = discover(strict=True)
    assert (tmp_path / "order").read_text() == "zma"
    assert [plugin.distribution for plugin in found.plugins] == ["casequality-a", "casequality-m", "casequality-z"]
    assert [plugin.builds_upon for plugin in found.plugins] == [("casequality-m",), ("casequality-z",), ()]


def test_classes_of_another_plugin_are_built_upon_and_each_metric_is_its_own_plugins(install: Install) -> None:
    install("casequality-alarms", LONGER.replace("phones", "alarms"), requires=UPON_CALLS)
    install("casequality-calls", WAIT)
    found = discover(strict=True)
    assert list(found.metrics) == ["alarms.longer", "calls.wait"]
    assert issubclass(found.metric("alarms.longer"), found.metric("calls.wait"))
    offered = {name: vars(offer.value)["offered_by"] for name, offer in found.metrics.items()}
    assert offered == {
        "alarms.longer": "casequality-alarms 1.0 (main = casequality_alarms)",
        "calls.wait": "casequality-calls 1.0 (main = casequality_calls)",
    }


def test_without_what_it_builds_upon_a_plugin_is_refused_and_the_others_work(install: Install) -> None:
    install("casequality-phones", LONGER, version="2.0", requires=UPON_CALLS)
    install("casequality-other", OTHER)
    found = discover()
    assert states(found) == {"casequality-other": "ready", "casequality-phones": "broken"}
    assert list(found.metrics) == ["other.wait"]
    assert told(found, "casequality-phones") == [
        "A plugin builds upon one that is not installed",
        "  where:   casequality-phones 2.0 (main = casequality_phones), dependency",
        "  got:     casequality-calls",
        "  remedy:  python -m pip install casequality-calls, or uninstall casequality-phones",
    ]
    assert "casequality_phones" not in sys.modules


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise ImportError('no phone')", "A plugin failed: ImportError: no phone"),
        (WAIT + "casequality_api = 2", "The plugin was written for another version of the plugin interface"),
        (WAIT.replace("[Wait]", "[1 / 0]"), "A plugin failed: ZeroDivisionError: division by zero"),
    ],
    ids=["broken", "of another interface", "failing in a hook"],
)
def test_upon_a_plugin_that_cannot_be_used_none_is_built(install: Install, code: str, reason: str) -> None:
    """Nor upon the one that is refused for it; the message of each names the one below."""
    install("casequality-calls", code)
    install("casequality-phones", LONGER, requires=UPON_CALLS)
    install("casequality-bills", OTHER.replace("other", "bills"), requires=["casequality-phones"])
    install("casequality-other", OTHER)
    found = discover()
    assert [name for name, state in states(found).items() if state == "ready"] == ["casequality-other"]
    assert told(found, "casequality-phones") == [
        "A plugin builds upon one that cannot be used",
        "  where:   casequality-phones 1.0 (main = casequality_phones), dependency",
        f"  got:     casequality-calls 1.0 (main = casequality_calls): {reason}",
        "  remedy:  mend or upgrade casequality-calls first, or uninstall casequality-phones",
    ]
    assert "casequality-phones 1.0" in told(found, "casequality-bills")[2]
    assert len(found.errors()) == 3


def test_plugins_that_build_upon_each_other_are_refused_and_the_others_work(install: Install) -> None:
    for name, upon in {"a": "b", "b": "c", "c": "a", "on-a": "a", "other": "other"}.items():
        install(f"casequality-{name}", OTHER.replace("other", name), requires=[f"casequality-{upon}; extra == 'x'"])
    assert set(states(discover()).values()) == {"ready"}
    for name, upon in {"d": "e", "e": "f", "f": "e", "z": "other"}.items():
        install(f"casequality-{name}", OTHER.replace("other", name), requires=[f"casequality-{upon}"])
    found = discover()
    assert [name for name, state in states(found).items() if state == "broken"] == [
        "casequality-d",
        "casequality-e",
        "casequality-f",
    ]
    assert told(found, "casequality-e") == [
        "Plugins build upon each other in a circle, so none of them can come first",
        "  where:   casequality-e 1.0 (main = casequality_e), dependency",
        "  got:     casequality-e, casequality-f",
        "  remedy:  let one of them do without the others",
    ]
    assert told(found, "casequality-d")[0] == "A plugin builds upon one that cannot be used"


def test_a_plugin_that_is_switched_off_can_be_built_upon(install: Install) -> None:
    install("casequality-calls", WAIT)
    install("casequality-phones", LONGER, requires=UPON_CALLS)
    found = discover(only=["casequality-phones"], strict=True)
    assert states(found) == {"casequality-calls": "switched off", "casequality-phones": "ready"}
    assert list(found.metrics) == ["phones.longer"]


def test_what_is_required_and_is_no_plugin_is_the_installers_business(install: Install, tmp_path: Path) -> None:
    """A library that lacks, an extra, and one of ours that offers no plugin."""
    install("casequality-tables", "")
    (tmp_path / "casequality_tables-1.0.dist-info" / "entry_points.txt").unlink()
    requires = ["no-such-library>=3", "casequality-tables", "casequality-charts; extra == 'charts'"]
    install("casequality-calls", WAIT, requires=requires)
    found = discover(strict=True)
    assert list(found.metrics) == ["calls.wait"]
