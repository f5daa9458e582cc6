"""What a hook returned, made into offers or refused with the way out."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pluggy

from casequality.errors import PluginError
from casequality.host.catalogue import Offer, Plugin
from casequality.host.interface import Interface

if TYPE_CHECKING:
    from casequality.host.catalogue import Rule


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
    return list(results[0])


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
    thing.offered_by = str(plugin)  # type: ignore[attr-defined]
    return Offer(name, thing, plugin)


def _file(thing: object) -> Path:
    if not isinstance(thing, Path) or thing.suffix != ".toml" or not thing.is_file():
        raise PluginError(
            "What is offered is not the path of a TOML file that exists",
            got=repr(thing),
            remedy='return [Path(__file__).with_name("name.toml")] and see that the wheel includes the file',
        )
    return thing
