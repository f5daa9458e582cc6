"""Every way in which a plugin can be wrong: core starts, says which and why, and the next plugin works."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from casequality.host import Plugin, discover
from tests.unit.host.conftest import deadline_toml

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
    ],
)
def test_broken_at_import(install: Install, code: str, reason: str) -> None:
    message, plugin = broken(install, code)
    assert reason in message
    assert plugin.failure is not None
    assert (plugin.failure.stage, plugin.failure.hook) == ("import", None)
    assert "casequality_faulty.py" in plugin.failure.traceback


def test_an_error_of_ours_in_a_plugin_keeps_its_way_out(install: Install) -> None:
    fault = "UsageError('A metric has no unit', where='Wait', got='x', allowed=['share'], remedy='add it')"
    message, _ = broken(install, f"from casequality.errors import UsageError\nraise {fault}")
    assert message.splitlines() == [
        "A metric has no unit",
        "  where:   casequality-faulty 3.1 (main = casequality_faulty), import, Wait",
        "  got:     x",
        "  allowed: share",
        "  remedy:  add it",
    ]


def test_metadata_that_was_only_half_written(install: Install, tmp_path: Path) -> None:
    install("casequality-faulty", "")
    install("casequality-healthy", HEALTHY)
    metadata = tmp_path / "casequality_faulty-1.0.dist-info"
    metadata.joinpath("METADATA").unlink()
    metadata.joinpath("entry_points.txt").write_text("[casequality]\nma")
    catalogue = discover()
    assert list(catalogue.metrics) == ["calls.wait"]
    (plugin,) = catalogue.broken
    assert str(plugin) == "unknown unknown (entry_points.txt)"
    assert plugin.failure is not None
    assert plugin.failure.stage == "import"


def test_an_entry_point_that_names_what_is_not_there(install: Install) -> None:
    message, _ = broken(install, "", target="casequality_faulty:plugin")
    assert "has no attribute 'plugin'" in message


HOOKS = "casequality_deadlines, casequality_goals, casequality_metrics"
ALLOWED = f"  allowed: {HOOKS}"


@pytest.mark.parametrize(
    ("code", "target", "what", "details"),
    [
        (
            "",
            None,
            "The plugin implements no hook",
            [
                ALLOWED,
                "  remedy:  write one with @casequality.hookimpl above it, in what the entry point names",
            ],
        ),
        (
            "@hookimpl\ndef casequality_metrcs():\n    return []",
            None,
            "The plugin implements a hook that this casequality does not have",
            ["  got:     casequality_metrcs", ALLOWED, "  remedy:  rename it to casequality_metrics"],
        ),
        (
            "@hookimpl\ndef casequality_weather():\n    return []",
            None,
            "The plugin implements a hook that this casequality does not have",
            ["  got:     casequality_weather", ALLOWED, "  remedy:  remove it, or install the casequality that has it"],
        ),
        (
            HEALTHY + "\ndef casequality_goals():\n    return []",
            None,
            "A function is named like a hook and not marked as one, so it would never be called",
            ["  got:     casequality_goals", "  remedy:  write @casequality.hookimpl above it, or rename it"],
        ),
        (
            "class Calls:\n    @hookimpl\n    def casequality_metrics(self): ...",
            "casequality_faulty:Calls",
            "The entry point names a class where a module or an instance is expected",
            [
                "  got:     Calls",
                "  remedy:  let it name the module, or an instance made in the module: plugin = YourClass()",
            ],
        ),
        (
            HEALTHY + "\ncasequality_api = 2",
            None,
            "The plugin was written for another version of the plugin interface",
            [
                "  got:     casequality_api = 2",
                "  allowed: 1",
                "  remedy:  upgrade casequality, or install an older release of the plugin",
            ],
        ),
        (
            HEALTHY + "\ncasequality_api = 0",
            None,
            "The plugin was written for another version of the plugin interface",
            [
                "  got:     casequality_api = 0",
                "  allowed: 1",
                "  remedy:  install a newer release of the plugin, or an older casequality",
            ],
        ),
    ],
)
def test_broken_at_registration(install: Install, code: str, target: str | None, what: str, details: list[str]) -> None:
    message, plugin = broken(install, code, target)
    entry_point = f"main = {target or 'casequality_faulty'}"
    place = f"  where:   casequality-faulty 3.1 ({entry_point}), registration"
    assert message.splitlines() == [what, place, *details]
    assert plugin.failure is not None
    assert plugin.failure.stage == "registration"


def test_a_hook_of_a_later_casequality_that_takes_more_than_this_one_gives(install: Install) -> None:
    message, plugin = broken(install, "@hookimpl\ndef casequality_metrics(config, spare=1):\n    return []")
    assert message.splitlines() == [
        "A hook takes an argument that this casequality does not give",
        "  where:   casequality-faulty 3.1 (main = casequality_faulty), registration, casequality_metrics",
        "  got:     config",
        "  allowed: none",
        "  remedy:  leave it out, or upgrade to the casequality that gives it",
    ]
    assert plugin.failure is not None
    assert plugin.failure.stage == "registration"


@pytest.mark.parametrize(
    ("code", "target", "reason"),
    [
        ("plugin = None", "casequality_faulty:plugin", "implements no hook"),
        (HEALTHY + "\ncasequality_api = '1.0'", None, "install a newer release of the plugin"),
    ],
)
def test_broken_at_registration_in_rarer_ways(install: Install, code: str, target: str | None, reason: str) -> None:
    message, plugin = broken(install, code, target)
    assert reason in message
    assert plugin.failure is not None
    assert plugin.failure.stage == "registration"


@pytest.mark.parametrize(
    ("returned", "what", "got", "remedy"),
    [
        ("None", "A hook must return a list", "None", "return a list, also of one or none"),
        ("Wait", "A hook must return a list", "type", "return a list, also of one or none"),
        ("'Wait'", "A hook must return a list", "str", "return a list, also of one or none"),
        (
            "[Wait()]",
            "A metric is offered as an instance where its class is expected",
            "an instance of Wait",
            "return the class itself, without calling it",
        ),
        ("[object]", "A metric class has no id", "object", 'give it one, without annotation: id = "unit.figure"'),
        ("[Nameless]", "A metric class has no id", "Nameless", 'give it one, without annotation: id = "unit.figure"'),
    ],
)
def test_broken_in_the_metrics_hook(install: Install, returned: str, what: str, got: str, remedy: str) -> None:
    code = "class Nameless:\n    id = ''\n" + HEALTHY.replace("[Wait]", returned).replace("calls.wait", "faulty.wait")
    message, plugin = broken(install, code)
    place = "  where:   casequality-faulty 3.1 (main = casequality_faulty), casequality_metrics"
    assert message.splitlines() == [what, place, f"  got:     {got}", f"  remedy:  {remedy}"]
    assert plugin.failure is not None
    assert (plugin.failure.stage, plugin.failure.hook) == ("hook call", "casequality_metrics")
    assert plugin.hooks == ("casequality_metrics",)


@pytest.mark.parametrize("returned", ["[1 / 0]", "(1 / 0 for _ in 'x')"])
def test_crashing_in_the_metrics_hook(install: Install, returned: str) -> None:
    code = HEALTHY.replace("[Wait]", returned)
    message, plugin = broken(install, code)
    assert message.splitlines() == [
        "A plugin failed: ZeroDivisionError: division by zero",
        "  where:   casequality-faulty 3.1 (main = casequality_faulty), casequality_metrics",
        "  remedy:  mend the plugin or uninstall it; `casequality plugins --traceback` shows where it failed",
    ]
    assert plugin.failure is not None
    assert "casequality_faulty.py" in plugin.failure.traceback


@pytest.mark.parametrize("hook", ["casequality_goals", "casequality_deadlines"])
@pytest.mark.parametrize(
    "returned", ["[__file__]", "[Path('/no/such/goals.toml')]", "[Path(__file__)]", "Path(__file__)"]
)
def test_broken_in_a_hook_for_files(install: Install, hook: str, returned: str) -> None:
    faulty = HEALTHY.replace("calls.wait", "faulty.wait")
    message, plugin = broken(install, f"{faulty}\n@hookimpl\ndef {hook}():\n    return {returned}")
    assert plugin.failure is not None
    assert (plugin.failure.stage, plugin.failure.hook) == ("hook call", hook)
    if returned == "[Path('/no/such/goals.toml')]":
        assert message.splitlines() == [
            "What is offered is not the path of a TOML file that exists",
            f"  where:   casequality-faulty 3.1 (main = casequality_faulty), {hook}",
            f"  got:     {Path('/no/such/goals.toml')!r}",
            '  remedy:  return [Path(__file__).with_name("name.toml")] and see that the wheel includes the file',
        ]


OFFERS = """
@hookimpl
def casequality_deadlines():
    return [Path(__file__).with_name("deadlines.toml")]
"""


@pytest.mark.parametrize(
    ("toml", "what"),
    [
        ("[deadlines", "deadlines.toml"),
        (deadline_toml("parking/reply", terms="10 days"), "parking/reply"),
        (deadline_toml("copenhagen/reply-guarantee"), "offers a deadline that casequality ships"),
    ],
)
def test_a_deadline_file_that_cannot_be_used_breaks_its_own_plugin_only(
    install: Install, tmp_path: Path, toml: str, what: str
) -> None:
    (tmp_path / "deadlines.toml").write_text(toml, encoding="utf-8")
    message, plugin = broken(install, OFFERS)
    assert what in message
    assert plugin.failure is not None
    assert (plugin.failure.stage, plugin.failure.hook) == ("hook call", "casequality_deadlines")


def test_a_hook_that_a_later_casequality_has_may_be_marked_optional(install: Install) -> None:
    later = "\n@hookimpl(optionalhook=True)\ndef casequality_weather():\n    return []"
    install("casequality-calls", HEALTHY + later)
    assert list(discover(strict=True).metrics) == ["calls.wait"]


def test_a_plugin_may_say_the_interface_it_was_written_for(install: Install) -> None:
    install("casequality-calls", "casequality_api = 1\n" + HEALTHY)
    assert list(discover(strict=True).metrics) == ["calls.wait"]
