"""Loads one plugin, alone, and turns whatever goes wrong into a failure with a remedy."""

from __future__ import annotations

import difflib
import inspect
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import attrs
import pluggy

from casequality.errors import CaseQualityError, PluginError
from casequality.host import hooks
from casequality.host.catalogue import Failure, Offer, Plugin, Stage

T = TypeVar("T")

_PREFIX = f"{hooks.PROJECT}_"


@attrs.frozen
class Loaded:
    """A plugin and what it offers; nothing where it failed."""

    plugin: Plugin
    metrics: tuple[Offer[type], ...] = ()
    goals: tuple[Offer[Path], ...] = ()
    deadlines: tuple[Offer[Path], ...] = ()


def load(importer: Callable[[], object], plugin: Plugin) -> Loaded:
    """Import the plugin with `importer`, register what that returns, and call its hooks.

    Every plugin is registered with a manager of its own, so that none can disturb another.
    """
    stage: Stage = "import"
    hook = None
    try:
        offered = importer()
        stage = "registration"
        manager = _register(offered)
        callers = manager.get_hookcallers(offered) or []
        plugin = attrs.evolve(plugin, hooks=tuple(sorted(caller.name for caller in callers)))
        stage = "hook call"
        hook = "casequality_metrics"
        metrics = _call(manager, hook, plugin, _metric)
        hook = "casequality_goals"
        goals = _call(manager, hook, plugin, _file)
        hook = "casequality_deadlines"
        deadlines = _call(manager, hook, plugin, _file)
    except KeyboardInterrupt:
        raise
    except BaseException as fault:  # noqa: BLE001  a plugin that calls sys.exit() must not end the program either
        failure = Failure(stage, _explain(fault, plugin, hook or stage), traceback.format_exc(), hook)
        return Loaded(attrs.evolve(plugin, failure=failure))
    return Loaded(plugin, metrics, goals, deadlines)


def _explain(fault: BaseException, plugin: Plugin, place: str) -> PluginError:
    where = f"{plugin}, {place}"
    if isinstance(fault, CaseQualityError):
        where = f"{where}, {fault.where}" if fault.where else where
        return PluginError(fault.what, where=where, got=fault.got, allowed=fault.allowed, remedy=fault.remedy)
    reason = traceback.format_exception_only(fault)[-1].strip()
    return PluginError(
        f"A plugin failed: {reason}",
        where=where,
        remedy="mend the plugin or uninstall it; `casequality plugins` shows where in its code it failed",
    )


def _register(offered: object) -> pluggy.PluginManager:
    _check_kind(offered)
    api = getattr(offered, "casequality_api", hooks.API)
    if api != hooks.API:
        raise PluginError(
            "The plugin was written for another version of the plugin interface",
            got=f"casequality_api = {api!r}",
            allowed=[hooks.API],
            remedy="install a release of the plugin, or of casequality, that fits the other",
        )
    _check_marks(offered)
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(offered)
    callers = manager.get_hookcallers(offered)
    if not callers:
        raise PluginError(
            "The plugin implements no hook",
            allowed=hooks.NAMES,
            remedy="write one with @casequality.hookimpl above it, in what the entry point names",
        )
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as fault:
        raise _unknown_hooks([caller.name for caller in callers if not caller.has_spec()]) from fault
    return manager


def _check_kind(offered: object) -> None:
    if inspect.isclass(offered):
        raise PluginError(
            "The entry point names a class where a module or an instance is expected",
            got=offered.__qualname__,
            remedy="let it name the module, or an instance made in the module: plugin = YourClass()",
        )


def _check_marks(offered: object) -> None:
    """Refuse functions that look like hooks and would never be called."""
    hooklike = [name for name in dir(offered) if name.startswith(_PREFIX) and callable(getattr(offered, name))]
    unmarked = [name for name in hooklike if not hasattr(getattr(offered, name), "casequality_impl")]
    if unmarked:
        raise PluginError(
            "A function is named like a hook and not marked as one, so it would never be called",
            got=", ".join(unmarked),
            remedy="write @casequality.hookimpl above it, or rename it",
        )


def _unknown_hooks(names: list[str]) -> PluginError:
    known = {name.removeprefix(_PREFIX): name for name in hooks.NAMES}
    close = [
        known[word] for name in names for word in difflib.get_close_matches(name.removeprefix(_PREFIX), known, n=1)
    ]
    return PluginError(
        "The plugin implements a hook that this casequality does not have",
        got=", ".join(names),
        allowed=hooks.NAMES,
        remedy=f"rename it to {', '.join(close)}" if close else "remove it, or install the casequality that has it",
    )


def _call(
    manager: pluggy.PluginManager, hook: str, plugin: Plugin, offer: Callable[[object, Plugin], Offer[T]]
) -> tuple[Offer[T], ...]:
    if hook not in plugin.hooks:
        return ()
    results = getattr(manager.hook, hook)()  # pluggy leaves out None
    if not results or not isinstance(results[0], Iterable) or isinstance(results[0], str):
        raise PluginError(
            "A hook must return a list",
            got=type(results[0]).__name__ if results else "None",
            remedy="return a list, also of one or none",
        )
    return tuple(offer(thing, plugin) for thing in results[0])


def _metric(thing: object, plugin: Plugin) -> Offer[type]:
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
    return Offer(name, thing, plugin)


def _file(thing: object, plugin: Plugin) -> Offer[Path]:
    if not isinstance(thing, Path) or thing.suffix != ".toml" or not thing.is_file():
        raise PluginError(
            "What is offered is not the path of a TOML file that exists",
            got=repr(thing),
            remedy='return [Path(__file__).with_name("name.toml")] and see that the wheel includes the file',
        )
    return Offer(thing.stem, thing, plugin)
