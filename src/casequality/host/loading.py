"""Loads one plugin, alone, and turns whatever goes wrong into a failure with a remedy."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from casequality.errors import CaseQualityError, PluginError
from casequality.host.catalogue import Failure, Offer, Plugin, Stage
from casequality.host.interface import CURRENT, Interface
from casequality.host.offers import deadlines, files, metrics, returned_by
from casequality.host.registration import register

if TYPE_CHECKING:
    from casequality.host.catalogue import Rule


@attrs.frozen
class Loaded:
    """A plugin and what it offers; nothing where it failed."""

    plugin: Plugin
    metrics: tuple[Offer[type], ...] = ()
    goals: tuple[Offer[Path], ...] = ()
    deadlines: tuple[Offer[Rule], ...] = ()


def load(importer: Callable[[], object], plugin: Plugin, interface: Interface = CURRENT) -> Loaded:
    """Import the plugin with `importer`, register what that returns, and call its hooks.

    A plugin that uses what is deprecated works as before, and a `DeprecationWarning` names it.
    """
    stage: Stage = "import"
    hook = None
    try:
        module = importer()
        stage = "registration"
        manager = register(module, interface)
        plugin = attrs.evolve(
            plugin,
            hooks=tuple(sorted(caller.name for caller in manager.get_hookcallers(module) or [])),
            deprecated=interface.deprecated_in(module),
        )
        stage = "hook call"
        hook = "casequality_metrics"
        metrics_offered = metrics(returned_by(manager, hook, interface), plugin)
        hook = "casequality_goals"
        goals_offered = files(returned_by(manager, hook, interface), plugin)
        hook = "casequality_deadlines"
        deadlines_offered = deadlines(returned_by(manager, hook, interface), plugin)
    except KeyboardInterrupt:
        raise
    except BaseException as fault:  # noqa: BLE001  a plugin that calls sys.exit() must not end the program either
        failure = Failure(stage, _explain(fault, f"{plugin}, {hook or stage}"), traceback.format_exc(), hook)
        return Loaded(attrs.evolve(plugin, failure=failure))
    for each in plugin.deprecated:
        warnings.warn(f"{plugin}: {each}", DeprecationWarning, stacklevel=2)
    return Loaded(plugin, metrics_offered, goals_offered, deadlines_offered)


def _explain(fault: BaseException, where: str) -> PluginError:
    if isinstance(fault, CaseQualityError):
        return PluginError.of(fault, where)
    reason = traceback.format_exception_only(fault)[-1].strip()
    return PluginError(
        f"A plugin failed: {reason}",
        where=where,
        remedy="mend the plugin or uninstall it; `casequality plugins --traceback` shows where it failed",
    )
