"""What the core asks of plugins at this version: hooks, what it hands to them, and what it will stop asking."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import ModuleType

import attrs

from casequality.host import hooks

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
