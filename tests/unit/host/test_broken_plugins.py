"""Every way in which a plugin can be wrong: core starts, says which and why, and the next plugin works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casequality.host import Plugin, discover

if TYPE_CHECKING:
    from tests.unit.host.conftest import Install

HEALTHY = """
class Wait:
    id = "calls.wait"

@hookimpl
def casequality_metrics():
    return [Wait]
"""


def broken(install: Install, code: str, target: str | None = None) -> tuple[str, Plugin]:
    """Install the code beside a healthy plugin and return the stage and what there is to say of it."""
    install("casequality-faulty", code, version="3.1", target=target)
    install("casequality-healthy", HEALTHY)
    catalogue = discover()
    assert list(catalogue.metrics) == ["calls.wait"]
    (plugin,) = catalogue.broken
    assert (plugin.distribution, plugin.version, plugin.state) == ("casequality-faulty", "3.1", "broken")
    assert plugin.failure is not None
    assert "casequality-faulty 3.1" in str(plugin.failure.error)
    assert plugin.failure.error.remedy
    return str(plugin.failure.error), plugin


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import telephone_that_is_not_there", "No module named 'telephone_that_is_not_there'"),
        ("def (", "SyntaxError"),
        ("raise SystemExit(0)", "SystemExit"),
        (
            "from casequality.errors import UsageError\nraise UsageError('No unit', where='Wait', remedy='add it')",
            "Wait",
        ),
    ],
)
def test_broken_at_import(install: Install, code: str, reason: str) -> None:
    message, plugin = broken(install, code)
    assert reason in message
    assert plugin.failure is not None
    assert (plugin.failure.stage, plugin.failure.hook) == ("import", None)
    assert "casequality_faulty.py" in plugin.failure.traceback


def test_an_entry_point_that_names_what_is_not_there(install: Install) -> None:
    message, _ = broken(install, "", target="casequality_faulty:plugin")
    assert "has no attribute 'plugin'" in message


@pytest.mark.parametrize(
    ("code", "target", "reason"),
    [
        ("", None, "implements no hook"),
        ("plugin = None", "casequality_faulty:plugin", "implements no hook"),
        ("@hookimpl\ndef casequality_metrcs():\n    return []", None, "rename it to casequality_metrics"),
        (
            "@hookimpl\ndef casequality_weather():\n    return []",
            None,
            "remove it, or install the casequality that has it",
        ),
        (HEALTHY + "\ndef casequality_goals():\n    return []", None, "write @casequality.hookimpl above it"),
        ("@hookimpl\ndef casequality_metrics(config):\n    return []", None, "can not be found in the hookspec"),
        (
            "class Calls:\n    @hookimpl\n    def casequality_metrics(self): ...",
            "casequality_faulty:Calls",
            "plugin = YourClass()",
        ),
        (HEALTHY + "\ncasequality_api = 2", None, "casequality_api = 2"),
        (HEALTHY + "\ncasequality_api = 0", None, "written for another version of the plugin interface"),
    ],
)
def test_broken_at_registration(install: Install, code: str, target: str | None, reason: str) -> None:
    message, plugin = broken(install, code, target)
    assert reason in message
    assert plugin.failure is not None
    assert plugin.failure.stage == "registration"


@pytest.mark.parametrize(
    ("returned", "reason"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("None", "must return a list"),
        ("Wait", "must return a list"),
        ("'Wait'", "must return a list"),
        ("[Wait()]", "return the class itself, without calling it"),
        ("[object]", "A metric class has no id"),
        ("(1 / 0 for _ in 'x')", "ZeroDivisionError"),
    ],
)
def test_broken_in_the_metrics_hook(install: Install, returned: str, reason: str) -> None:
    code = HEALTHY.replace("[Wait]", returned).replace("calls.wait", "faulty.wait")
    message, plugin = broken(install, code)
    assert reason in message
    assert plugin.failure is not None
    assert (plugin.failure.stage, plugin.failure.hook) == ("hook call", "casequality_metrics")
    assert plugin.hooks == ("casequality_metrics",)


@pytest.mark.parametrize("hook", ["casequality_goals", "casequality_deadlines"])
@pytest.mark.parametrize(
    "returned", ["[__file__]", "[Path('/no/such/goals.toml')]", "[Path(__file__)]", "Path(__file__)"]
)
def test_broken_in_a_hook_for_files(install: Install, hook: str, returned: str) -> None:
    faulty = HEALTHY.replace("calls.wait", "faulty.wait")
    _, plugin = broken(install, f"{faulty}\n@hookimpl\ndef {hook}():\n    return {returned}")
    assert plugin.failure is not None
    assert (plugin.failure.stage, plugin.failure.hook) == ("hook call", hook)


def test_a_hook_that_a_later_casequality_has_may_be_marked_optional(install: Install) -> None:
    later = "\n@hookimpl(optionalhook=True)\ndef casequality_weather():\n    return []"
    install("casequality-calls", HEALTHY + later)
    assert list(discover(strict=True).metrics) == ["calls.wait"]


def test_a_plugin_may_say_the_interface_it_was_written_for(install: Install) -> None:
    install("casequality-calls", "casequality_api = 1\n" + HEALTHY)
    assert list(discover(strict=True).metrics) == ["calls.wait"]
