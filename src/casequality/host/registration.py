"""Registers one plugin with a manager of its own, or refuses it with the way out."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Sequence

import pluggy

from casequality.errors import PluginError
from casequality.host.hooks import API, PROJECT
from casequality.host.interface import PREFIX, Interface, arguments_taken


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
