"""Loads one plugin, alone, and turns whatever goes wrong into a failure with a remedy.

It is registered with a manager of its own; what its hooks return is made into offers. What the core asks of plugins at
this version, and what it will stop asking, stands here too.
"""

from __future__ import annotations

import difflib
import inspect
import traceback
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import attrs
import pluggy

from casequality.errors import CaseQualityError, PluginError
from casequality.host import hooks
from casequality.host.hooks import API, PROJECT, Failure, Offer, Plugin, Stage

if TYPE_CHECKING:
    from casequality.host.hooks import Rule

PREFIX = f"{hooks.PROJECT}_"


@attrs.frozen
class Deprecated:
    """A hook, or one argument of it, that works as before and goes away with a later interface."""

    hook: str
    argument: str | None = None
    since: str = attrs.field(kw_only=True)
    remedy: str = attrs.field(kw_only=True)

    def __str__(self) -> str:
        what = f"the argument {self.argument} of {self.hook}" if self.argument else self.hook
        return f"{what} is deprecated since casequality {self.since}: {self.remedy}"


@attrs.frozen
class Interface:
    """The hooks that `specs` specifies, the arguments `given` to those that take them, and what is deprecated.

    A plugin takes as many of the arguments as it likes, so a new one leaves the plugins written before it as they are.
    """

    specs: ModuleType
    given: Mapping[str, object] = attrs.field(factory=dict)
    deprecated: tuple[Deprecated, ...] = ()

    @property
    def hooks(self) -> tuple[str, ...]:
        """The names of the hooks, sorted."""
        return tuple(name for name in sorted(dir(self.specs)) if name.startswith(PREFIX))

    def arguments(self, hook: str) -> dict[str, object]:
        """Return what a hook is called with."""
        return {name: self.given[name] for name in inspect.signature(getattr(self.specs, hook)).parameters}

    def deprecated_in(self, offered: object) -> tuple[str, ...]:
        """Return a sentence on each hook and argument that a plugin uses and that a later interface will not have."""
        return tuple(str(each) for each in self.deprecated if _uses(offered, each))


CURRENT = Interface(hooks)
"""What this core asks; nothing is deprecated yet."""


def arguments_taken(offered: object, hook: str) -> tuple[str, ...]:
    """Return the arguments that a plugin's implementation of a hook must be given."""
    parameters = inspect.signature(getattr(offered, hook)).parameters.values()
    return tuple(each.name for each in parameters if each.default is each.empty)


def _uses(offered: object, deprecated: Deprecated) -> bool:
    if not hasattr(offered, deprecated.hook):
        return False
    return deprecated.argument is None or deprecated.argument in arguments_taken(offered, deprecated.hook)


def register(offered: object, interface: Interface) -> pluggy.PluginManager:
    """Return a manager that knows the plugin alone, so that none can disturb another; raise `PluginError`."""
    _refuse_class(offered)
    _refuse_other_interface(getattr(offered, f"{PREFIX}api", API))
    _refuse_unmarked(offered)
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(interface.specs)
    _refuse_unknown_arguments(offered, interface)
    manager.register(offered)
    callers = manager.get_hookcallers(offered)
    if not callers:
        raise PluginError(
            "The plugin implements no hook",
            allowed=interface.hooks,
            remedy="write one with @casequality.hookimpl above it, in what the entry point names",
        )
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as fault:
        raise _unknown_hooks([caller.name for caller in callers if not caller.has_spec()], interface.hooks) from fault
    return manager


def _refuse_class(offered: object) -> None:
    if inspect.isclass(offered):
        raise PluginError(
            "The entry point names a class where a module or an instance is expected",
            got=offered.__qualname__,
            remedy="let it name the module, or an instance made in the module: plugin = YourClass()",
        )


def _refuse_other_interface(api: object) -> None:
    if api == API:
        return
    newer = isinstance(api, int) and api > API
    raise PluginError(
        "The plugin was written for another version of the plugin interface",
        got=f"{PREFIX}api = {api!r}",
        allowed=[API],
        remedy="upgrade casequality, or install an older release of the plugin"
        if newer
        else "install a newer release of the plugin, or an older casequality",
    )


def _refuse_unmarked(offered: object) -> None:
    """Refuse functions that look like hooks and would never be called."""
    hooklike = [name for name in dir(offered) if name.startswith(PREFIX) and callable(getattr(offered, name))]
    unmarked = [name for name in hooklike if not hasattr(getattr(offered, name), f"{PROJECT}_impl")]
    if unmarked:
        raise PluginError(
            "A function is named like a hook and not marked as one, so it would never be called",
            got=", ".join(unmarked),
            remedy="write @casequality.hookimpl above it, or rename it",
        )


def _refuse_unknown_arguments(offered: object, interface: Interface) -> None:
    for hook in interface.hooks:
        known = interface.arguments(hook)
        unknown = (
            [name for name in arguments_taken(offered, hook) if name not in known] if hasattr(offered, hook) else []
        )
        if unknown:
            raise PluginError(
                "A hook takes an argument that this casequality does not give",
                where=hook,
                got=", ".join(unknown),
                allowed=tuple(known) or "none",
                remedy="leave it out, or upgrade to the casequality that gives it",
            )


def _unknown_hooks(names: Sequence[str], allowed: Sequence[str]) -> PluginError:
    known = {name.removeprefix(PREFIX): name for name in allowed}
    close = [known[word] for name in names for word in difflib.get_close_matches(name.removeprefix(PREFIX), known, n=1)]
    return PluginError(
        "The plugin implements a hook that this casequality does not have",
        got=", ".join(names),
        allowed=allowed,
        remedy=f"rename it to {', '.join(close)}" if close else "remove it, or install the casequality that has it",
    )


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
    from casequality.deadlines import deadlines as shipped  # discovery stays light where no plugin offers deadlines
    from casequality.deadlines import load_deadlines

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
