from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from casequality.errors import PluginError, SeveralErrors, UnknownName, UsageError
from casequality.host import Catalogue, discover, discover_from_environment, survey
from tests.unit.host.conftest import deadline_toml

if TYPE_CHECKING:
    from tests.unit.host.conftest import Install

WAIT = """
class Wait:
    id = "calls.wait"

@hookimpl
def casequality_metrics():
    return [Wait]
"""
BROKEN = 'raise ImportError("no phone")'


@pytest.mark.usefixtures("install")
def test_with_nothing_installed_the_catalogue_is_empty() -> None:
    assert discover() == Catalogue()


def test_everything_that_is_offered_is_found_with_who_offers_it(install: Install, tmp_path: Path) -> None:
    (tmp_path / "calls-2010.toml").touch()
    (tmp_path / "rent.toml").write_text(deadline_toml("rent/close"), encoding="utf-8")
    install(
        "Casequality_Calls",
        WAIT
        + """
@hookimpl
def casequality_goals():
    return [Path(__file__).with_name("calls-2010.toml")]

@hookimpl
def casequality_deadlines():
    return (Path(__file__).with_name(name) for name in ["rent.toml"])
""",
        version="2.3",
    )
    catalogue = discover(strict=True)

    (plugin,) = catalogue.plugins
    assert (plugin.distribution, plugin.version, plugin.entry_point) == (
        "casequality-calls",
        "2.3",
        "main = Casequality_Calls",
    )
    assert plugin.hooks == ("casequality_deadlines", "casequality_goals", "casequality_metrics")
    assert plugin.state == "ready"
    assert catalogue.metric("calls.wait").__name__ == "Wait"
    assert catalogue.metrics["calls.wait"].plugin == plugin
    assert catalogue.goal_set("calls-2010") == tmp_path / "calls-2010.toml"
    assert {name: offer.value.id for name, offer in catalogue.deadlines.items()} == {"rent/close": "rent/close"}
    assert catalogue.deadlines["rent/close"].plugin == plugin
    assert catalogue.errors() == []


def test_an_instance_with_hooks_is_a_plugin_too(install: Install) -> None:
    code = """
    class Wait:
        id = "calls.wait"

    class Calls:
        @hookimpl
        def casequality_metrics(self):
            return [Wait]

    plugin = Calls()
    """
    install("casequality-calls", code, target="casequality_calls:plugin")
    assert list(discover(strict=True).metrics) == ["calls.wait"]


def test_results_are_sorted_whatever_the_order_of_installation(install: Install, tmp_path: Path) -> None:
    for letter in "bca":
        (tmp_path / f"goals-{letter}.toml").touch()
        for number in (1, 2):
            text = deadline_toml(f"{number}/{letter}")
            (tmp_path / f"deadlines-{number}-{letter}.toml").write_text(text, encoding="utf-8")
        install(
            f"casequality-{letter}",
            f"""
            class Late:
                id = "z.{letter}"

            class Early:
                id = "a.{letter}"

            @hookimpl
            def casequality_metrics():
                return [Late, Early]

            @hookimpl
            def casequality_goals():
                return [Path(__file__).with_name("goals-{letter}.toml")]

            @hookimpl
            def casequality_deadlines():
                return [Path(__file__).with_name(f"deadlines-{{number}}-{letter}.toml") for number in (2, 1)]
            """,
        )
    catalogue = discover()
    assert [plugin.distribution for plugin in catalogue.plugins] == ["casequality-a", "casequality-b", "casequality-c"]
    assert list(catalogue.metrics) == ["a.a", "a.b", "a.c", "z.a", "z.b", "z.c"]
    assert list(catalogue.goals) == ["goals-a", "goals-b", "goals-c"]
    assert list(catalogue.deadlines) == [f"{number}/{letter}" for number in (1, 2) for letter in "abc"]
    assert {offer.plugin.distribution for offer in catalogue.goals.values()} == {f"casequality-{c}" for c in "abc"}


def test_a_catalogue_cannot_be_changed_and_knows_nothing_of_what_is_installed_later(install: Install) -> None:
    install("casequality-calls", WAIT)
    catalogue = discover()
    install("casequality-other", WAIT.replace("calls.wait", "other.wait"))
    assert list(catalogue.metrics) == ["calls.wait"]
    with pytest.raises(TypeError):
        catalogue.metrics["other.wait"] = catalogue.metrics["calls.wait"]  # type: ignore[index]
    assert list(discover().metrics) == ["calls.wait", "other.wait"]


def test_a_distribution_that_is_found_twice_counts_once(install: Install, tmp_path: Path) -> None:
    install("casequality-calls", WAIT)
    older = tmp_path / "older" / "casequality_calls-0.1.dist-info"
    older.mkdir(parents=True)
    older.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: Casequality.Calls\nVersion: 0.1\n")
    older.joinpath("entry_points.txt").write_text("[casequality]\nmain = casequality_calls\n")
    sys.path.append(str(older.parent))
    (plugin,) = discover(strict=True).plugins
    assert plugin.version == "1.0"


def test_other_entry_points_are_none_of_our_business(install: Install, tmp_path: Path) -> None:
    install("something-else", BROKEN)
    entry_points = tmp_path / "something_else-1.0.dist-info" / "entry_points.txt"
    entry_points.write_text("[console_scripts]\nmain = something_else:casequality\n")
    assert discover() == Catalogue()
    (tmp_path / "elsewhere").mkdir()
    entry_points.parent.rename(tmp_path / "elsewhere" / entry_points.parent.name)
    sys.path.insert(0, str(tmp_path / "elsewhere"))
    install("casequality-calls", WAIT)
    assert list(discover(strict=True).metrics) == ["calls.wait"]


def test_only_the_named_plugins_are_imported(install: Install) -> None:
    install("casequality-calls", WAIT)
    install("casequality-broken", BROKEN)
    catalogue = discover(only=["Casequality_Calls"], strict=True)
    assert [plugin.state for plugin in catalogue.plugins] == ["switched off", "ready"]
    assert "casequality_broken" not in sys.modules
    with pytest.raises(UnknownName) as caught:
        catalogue.metric("rent.backlog")
    assert str(caught.value).splitlines() == [
        "No plugin offers the metric 'rent.backlog'",
        "  got:     rent.backlog",
        "  allowed: calls.wait",
        "  remedy:  install the plugin that offers it, or switch its plugin on (off: casequality-broken)",
    ]


def test_naming_a_plugin_that_is_not_installed_says_which_one_was_meant(install: Install) -> None:
    install("casequality-calls", WAIT)
    with pytest.raises(UnknownName) as caught:
        discover(only=["casequality-cals"])
    assert caught.value.got == "casequality-cals"
    assert caught.value.allowed == ("casequality-calls",)
    assert caught.value.remedy == "use casequality-calls"


def test_the_environment_is_read_only_where_it_is_handed_in(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install("casequality-calls", WAIT)
    install("casequality-broken", BROKEN)
    monkeypatch.setenv("CASEQUALITY_PLUGINS", "casequality-calls")
    monkeypatch.setenv("CASEQUALITY_STRICT", "1")
    assert [plugin.state for plugin in discover().plugins] == ["broken", "ready"]

    chosen = discover_from_environment({"CASEQUALITY_PLUGINS": " casequality-calls, "})
    assert [plugin.state for plugin in chosen.plugins] == ["switched off", "ready"]
    for nothing in ({}, {"CASEQUALITY_PLUGINS": "", "CASEQUALITY_STRICT": ""}, {"CASEQUALITY_STRICT": "0"}):
        assert [plugin.state for plugin in discover_from_environment(nothing).plugins] == ["broken", "ready"]
    with pytest.raises(PluginError, match="no phone"):
        discover_from_environment({"CASEQUALITY_STRICT": "1"})
    with pytest.raises(UsageError, match="neither 0 nor 1"):
        discover_from_environment({"CASEQUALITY_STRICT": "yes"})


def test_strict_raises_every_fault_at_once(install: Install) -> None:
    install("casequality-one", BROKEN)
    install("casequality-two", "")
    install("casequality-three", WAIT)
    install("casequality-four", WAIT)
    with pytest.raises(SeveralErrors) as caught:
        discover(strict=True)
    message = str(caught.value)
    assert "casequality-one" in message
    assert "casequality-two" in message
    assert "'calls.wait' is offered more than once" in message
    assert len(caught.value.errors) == 3
    assert caught.value.exit_code == 4


def test_an_unknown_metric_is_answered_with_the_ones_that_sound_like_it(install: Install) -> None:
    install("casequality-calls", WAIT)
    install("casequality-more", WAIT.replace("calls.wait", "calls.waits"))
    with pytest.raises(UnknownName) as caught:
        discover().metric("calls.wiat")
    assert caught.value.remedy == "use calls.wait or calls.waits"
    assert caught.value.exit_code == 3


def test_a_metric_that_a_broken_plugin_might_offer_says_which_plugin_and_why(install: Install) -> None:
    install("casequality-calls", WAIT)
    install("casequality-rent", BROKEN, version="0.9")
    with pytest.raises(PluginError) as caught:
        discover().metric("rent.backlog")
    assert caught.value.exit_code == 4
    assert str(caught.value).splitlines() == [
        "No working plugin offers the metric 'rent.backlog', and one that might is broken",
        "  where:   casequality-rent 0.9 (main = casequality_rent): A plugin failed: ImportError: no phone",
        "  remedy:  install the plugin that offers it, or mend the broken one (see `casequality plugins`)",
    ]
    with pytest.raises(PluginError, match="the goal set 'copenhagen-2010'"):
        discover().goal_set("copenhagen-2010")
    assert discover().metric("calls.wait").__name__ == "Wait"


def test_a_metric_offered_twice_names_both_and_neither_is_used(install: Install) -> None:
    install("casequality-calls", WAIT)
    install("casequality-phones", WAIT, version="7")
    install("casequality-other", WAIT.replace("calls.wait", "other.wait"))
    catalogue = discover()
    assert list(catalogue.metrics) == ["other.wait"]
    with pytest.raises(PluginError) as caught:
        catalogue.metric("calls.wait")
    assert str(caught.value).splitlines() == [
        "The metric 'calls.wait' is offered more than once, so none of the offers is used",
        "  where:   casequality-calls 1.0 (main = casequality_calls), casequality-phones 7 (main = casequality_phones)",
        "  remedy:  uninstall all but one of these plugins, or name those to use in CASEQUALITY_PLUGINS",
    ]
    assert discover(only=["casequality-phones"]).metrics["calls.wait"].plugin.version == "7"


def test_a_goal_set_offered_twice_is_no_metric_offered_twice(install: Install, tmp_path: Path) -> None:
    (tmp_path / "same.toml").touch()
    code = """
    class Same:
        id = "same"

    @hookimpl
    def casequality_goals():
        return [Path(__file__).with_name("same.toml")]
    """
    install("casequality-one", code)
    install("casequality-two", code + "\n    @hookimpl\n    def casequality_metrics():\n        return [Same]\n")
    catalogue = discover()
    assert catalogue.metric("same").__name__ == "Same"
    with pytest.raises(PluginError, match="The goal set 'same' is offered more than once"):
        catalogue.goal_set("same")


def test_a_deadline_offered_twice_is_used_by_nobody(install: Install, tmp_path: Path) -> None:
    (tmp_path / "reply.toml").write_text(deadline_toml("parking/reply"), encoding="utf-8")
    code = """
    @hookimpl
    def casequality_deadlines():
        return [Path(__file__).with_name("reply.toml")]
    """
    install("casequality-one", code)
    install("casequality-two", code)
    catalogue = discover()
    assert not catalogue.deadlines
    (clash,) = catalogue.clashes
    assert (clash.kind, clash.name) == ("deadline", "parking/reply")
    assert [plugin.distribution for plugin in clash.plugins] == ["casequality-one", "casequality-two"]


def test_entry_points_that_nobody_can_read_are_no_plugin(install: Install, tmp_path: Path) -> None:
    install("casequality-calls", WAIT)
    install("something-else", BROKEN)
    (tmp_path / "something_else-1.0.dist-info" / "entry_points.txt").write_bytes(b"[casequality]\nmain = \xff\n")
    assert list(discover(strict=True).metrics) == ["calls.wait"]


def test_a_survey_raises_nothing_and_tells_everything(install: Install) -> None:
    install("casequality-calls", WAIT)
    install("casequality-broken", BROKEN)
    install("casequality-off", BROKEN)
    environ = {"CASEQUALITY_STRICT": "yes", "CASEQUALITY_PLUGINS": "casequality-calls,casequality_broken,gone"}
    catalogue, faults = survey(environ)
    states = {plugin.distribution: plugin.state for plugin in catalogue.plugins}
    assert states == {
        "casequality-broken": "broken",
        "casequality-calls": "ready",
        "casequality-off": "switched off",
    }
    assert [(fault.what, fault.got) for fault in faults] == [
        ("CASEQUALITY_STRICT is neither 0 nor 1", "yes"),
        ("A plugin that should be used is not installed", "gone"),
        ("A plugin failed: ImportError: no phone", None),
    ]
    assert survey({"CASEQUALITY_STRICT": "1", "CASEQUALITY_PLUGINS": "casequality-calls"})[1] == ()


def test_discovery_tells_a_metric_who_offers_it(install: Install) -> None:
    install("casequality-calls", WAIT, version="2.3")
    assert vars(discover().metric("calls.wait"))["offered_by"] == "casequality-calls 2.3 (main = casequality_calls)"
