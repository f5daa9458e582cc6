"""How hooks may change: an argument more, an argument or a whole hook less, with plugins written before and after."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

import pluggy
import pytest

from casequality.host import Plugin, hookimpl, hooks
from casequality.host.interface import Deprecated, Interface
from casequality.host.loading import CURRENT, load

hookspec = pluggy.HookspecMarker("casequality")
PLUGIN = Plugin("casequality-calls", "2.3", "main = casequality_calls")


class Wait:
    id = "calls.wait"


def later_specs() -> ModuleType:
    """Return what a later casequality may ask: two arguments of a hook that has none now."""

    @hookspec
    def casequality_metrics(language: str, unit: str) -> Sequence[type]:  # type: ignore[empty-body]
        """Return metric classes."""

    specs = ModuleType("later_specs")
    vars(specs).update(vars(hooks), casequality_metrics=casequality_metrics)
    return specs


LATER = Interface(
    later_specs(),
    given={"language": "da", "unit": "share"},
    deprecated=(
        Deprecated("casequality_metrics", "unit", since="0.7", remedy="leave it out"),
        Deprecated("casequality_goals", since="0.8", remedy="ship goals as files of the project"),
    ),
)


def test_a_plugin_that_takes_no_argument_works_where_there_are_some() -> None:
    @hookimpl
    def casequality_metrics() -> list[type]:
        return [Wait]

    loaded = load(lambda: SimpleNamespace(casequality_metrics=casequality_metrics), PLUGIN, LATER)
    assert [offer.value for offer in loaded.metrics] == [Wait]
    assert (loaded.plugin.failure, loaded.plugin.deprecated) == (None, ())


def test_a_plugin_is_given_the_arguments_it_takes() -> None:
    given = []

    @hookimpl
    def casequality_metrics(language: str) -> list[type]:
        given.append(language)
        return [Wait]

    loaded = load(lambda: SimpleNamespace(casequality_metrics=casequality_metrics), PLUGIN, LATER)
    assert loaded.plugin.failure is None
    assert given == ["da"]


def test_what_is_deprecated_works_and_a_warning_names_the_plugin_and_the_way_out() -> None:
    @hookimpl
    def casequality_metrics(unit: str) -> list[type]:
        return [Wait] if unit == "share" else []

    @hookimpl
    def casequality_goals() -> list[Any]:
        return []

    module = SimpleNamespace(casequality_metrics=casequality_metrics, casequality_goals=casequality_goals)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        loaded = load(lambda: module, PLUGIN, LATER)
    assert [offer.value for offer in loaded.metrics] == [Wait]
    assert loaded.plugin.deprecated == (
        "the argument unit of casequality_metrics is deprecated since casequality 0.7: leave it out",
        "casequality_goals is deprecated since casequality 0.8: ship goals as files of the project",
    )
    assert [(each.category, str(each.message)) for each in caught] == [
        (DeprecationWarning, f"casequality-calls 2.3 (main = casequality_calls): {text}")
        for text in loaded.plugin.deprecated
    ]


def test_nothing_is_deprecated_now_and_every_hook_takes_no_argument() -> None:
    assert CURRENT.deprecated == ()
    assert CURRENT.hooks == ("casequality_deadlines", "casequality_goals", "casequality_metrics")
    assert [CURRENT.arguments(hook) for hook in CURRENT.hooks] == [{}, {}, {}]


def test_a_deprecated_hook_that_a_plugin_does_not_use_is_no_business_of_its() -> None:
    @hookimpl
    def casequality_deadlines() -> list[Any]:
        return []

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load(lambda: SimpleNamespace(casequality_deadlines=casequality_deadlines), PLUGIN, LATER)
    assert loaded.plugin.failure is None


@pytest.mark.parametrize("hook", CURRENT.hooks)
def test_every_hook_says_what_it_is_for(hook: str) -> None:
    assert getattr(CURRENT.specs, hook).__doc__
