"""The interface between the core and a plugin: its versions, what goes away, and what is refused of a module."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Mapping, Sequence
from types import ModuleType

import attrs
import pluggy

from casequality.errors import PluginError
from casequality.host import hooks
from casequality.host.hooks import API, PROJECT

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
