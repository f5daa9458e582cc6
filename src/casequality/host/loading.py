"""Loads one plugin, alone, and turns whatever goes wrong into a failure with a remedy.

It is registered with a manager of its own; what its hooks return is made into offers.
"""

from __future__ import annotations

import inspect
import traceback
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pluggy

from casequality.errors import CaseQualityError, PluginError
from casequality.host import hooks
from casequality.host.hooks import Failure, Offer, Plugin, Stage

if TYPE_CHECKING:
    from casequality.host.hooks import Rule
from casequality.host.interface import PREFIX, Interface, register

CURRENT = Interface(hooks)
"""What this core asks; nothing is deprecated yet."""


def returned_by(manager: pluggy.PluginManager, hook: str, interface: Interface) -> list[object]:
    """Return what the one plugin that the manager knows returns from a hook; nothing where it has no such hook."""
    caller = getattr(manager.hook, hook)
    if not caller.get_hookimpls():
        return []
    results = caller(**interface.arguments(hook))  # pluggy leaves out None
    if not results or not isinstance(results[0], Iterable) or isinstance(results[0], str):
        raise PluginError(
            "A hook must return a list",
            got=type(results[0]).__name__ if results else "None",
            remedy="return a list, also of one or none",
        )
    # the manager knows one plugin, so there is one result at most
    return list(results[0])


def returned(offered: object, interface: Interface = CURRENT) -> Mapping[str, list[object]]:
    """Return by hook what a plugin returns, looked at as discovery does; raise `PluginError` for what it would refuse.

    Nothing is noted in what is returned, so that an installed plugin can be looked at once more.
    """
    manager = register(offered, interface)
    found = {hook: returned_by(manager, hook, interface) for hook in interface.hooks}
    for hook, things in found.items():
        for thing in things:
            _metric_class(thing) if hook == f"{PREFIX}metrics" else _file(thing)
    return found


def metrics(things: list[object], plugin: Plugin) -> tuple[Offer[type], ...]:
    """Return the metric classes by id; each is told which plugin offers it, so that its failures name the plugin."""
    return tuple(_metric(thing, plugin) for thing in things)


def files(things: list[object], plugin: Plugin) -> tuple[Offer[Path], ...]:
    """Return the TOML files by their names without `.toml`."""
    return tuple(Offer(path.stem, path, plugin) for path in map(_file, things))


def deadlines(things: list[object], plugin: Plugin) -> tuple[Offer[Rule], ...]:
    """Return the deadlines of the files by id."""
    if not things:
        return ()
    from casequality.deadlines import (
        load_deadlines,
        shipped,  # discovery stays light where no plugin offers deadlines
    )

    taken = {rule.id for rule in shipped()}
    found = tuple(Offer(rule.id, rule, plugin) for thing in things for rule in load_deadlines(_file(thing)))
    if ours := [offer.name for offer in found if offer.name in taken]:
        raise PluginError(
            "A plugin offers a deadline that casequality ships",
            got=", ".join(ours),
            remedy="give it an id of its own, such as unit/name; a project file may replace a shipped deadline",
        )
    return found


def _metric(thing: object, plugin: Plugin) -> Offer[type]:
    kind, name = _metric_class(thing)
    kind.offered_by = str(plugin)  # type: ignore[attr-defined]
    return Offer(name, kind, plugin)


def _metric_class(thing: object) -> tuple[type, str]:
    """Return a metric class and its id; raise `PluginError` for anything else."""
    if not inspect.isclass(thing):
        raise PluginError(
            "A metric is offered as an instance where its class is expected",
            got=f"an instance of {type(thing).__qualname__}",
            remedy="return the class itself, without calling it",
        )
    name = getattr(thing, "id", None)
    if not isinstance(name, str) or not name:
        raise PluginError(
            "A metric class has no id",
            got=thing.__qualname__,
            remedy='give it one, without annotation: id = "unit.figure"',
        )
    return thing, name


def _file(thing: object) -> Path:
    if not isinstance(thing, Path) or thing.suffix != ".toml" or not thing.is_file():
        raise PluginError(
            "What is offered is not the path of a TOML file that exists",
            got=repr(thing),
            remedy='return [Path(__file__).with_name("name.toml")] and see that the wheel includes the file',
        )
    return thing


@attrs.frozen
class Loaded:
    """A plugin and what it offers; nothing where it failed."""

    plugin: Plugin
    metrics: tuple[Offer[type], ...] = ()
    goals: tuple[Offer[Path], ...] = ()
    deadlines: tuple[Offer[Rule], ...] = ()


def refused(plugin: Plugin, what: str, got: object, remedy: str) -> Loaded:
    """Return a plugin that is not imported, because of what it builds upon."""
    error = PluginError(what, where=f"{plugin}, dependency", got=got, remedy=remedy)
    return Loaded(attrs.evolve(plugin, failure=Failure("dependency", error, "")))


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
