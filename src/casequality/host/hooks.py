"""What plugins can offer: the hooks by which they do, and the catalogue of everything that discovery found."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypeVar

import attrs
import pluggy

from casequality.errors import LANGUAGES, PluginError, UnknownName, Words

if TYPE_CHECKING:
    from casequality.deadlines import Deadline, Schedule

    Rule: TypeAlias = Deadline | Schedule

PROJECT = "casequality"
"""The name of the entry-point group, and of the pluggy project."""

API = 1
"""The plugin interface that this core speaks; a plugin may say the one it was written for as `casequality_api`."""

hookimpl: pluggy.HookimplMarker = pluggy.HookimplMarker(PROJECT)
"""Marks a plugin's function as the implementation of the hook of the same name."""

_hookspec = pluggy.HookspecMarker(PROJECT)


@_hookspec
def casequality_metrics() -> Sequence[type]:  # type: ignore[empty-body]
    """Return metric classes (not instances), each with an `id` of its own.

    Called once at discovery. The ids must not be offered by any other installed plugin.
    """


@_hookspec
def casequality_goals() -> Sequence[Path]:  # type: ignore[empty-body]
    """Return the paths of goal sets in TOML; the file's name without `.toml` is the name they are loaded by.

    Called once at discovery; a file is read when a user asks for its goals.
    """


@_hookspec
def casequality_deadlines() -> Sequence[Path]:  # type: ignore[empty-body]
    """Return the paths of deadline files in TOML; their deadlines join the catalogue.

    Called once at discovery, where the files are read too. The ids must be neither those of shipped deadlines nor
    offered by any other installed plugin.
    """


T = TypeVar("T")

Stage: TypeAlias = Literal["dependency", "import", "registration", "hook call"]
State: TypeAlias = Literal["ready", "broken", "switched off"]
Kind: TypeAlias = Literal["metric", "goal set", "deadline"]
KINDS: Mapping[Kind, Words] = {
    "metric": Words("metric", "målingen"),
    "goal set": Words("goal set", "målsættet"),
    "deadline": Words("deadline", "fristen"),
}


@attrs.frozen
class Failure:
    """Why a plugin cannot be used: at which stage it failed (and in which hook), with what error, where in its code."""

    stage: Stage
    error: PluginError
    traceback: str
    hook: str | None = None


@attrs.frozen
class Plugin:
    """One entry point of one installed distribution.

    `hooks` are the names it implements and `deprecated` what of it a later interface will not have, in a sentence each;
    both are known only of a plugin that was loaded and registered. `builds_upon` are the distributions of the
    plugins that its own requires.
    A plugin with a failure offers nothing, also where only one of its hooks failed.
    """

    distribution: str
    version: str
    entry_point: str
    hooks: tuple[str, ...] = ()
    deprecated: tuple[str, ...] = ()
    failure: Failure | None = None
    switched_off: bool = False
    builds_upon: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """Whether it was loaded, and if not, why not."""
        if self.switched_off:
            return "switched off"
        return "broken" if self.failure else "ready"

    def fault(self, lang: str) -> str:
        """Return what the plugin failed of in a language, after its name."""
        return f"{self}: {self.failure.error.part('what', lang)}" if self.failure else str(self)

    def __str__(self) -> str:
        return f"{self.distribution} {self.version} ({self.entry_point})"


@attrs.frozen
class Offer(Generic[T]):
    """One thing that a plugin offers, and the name it is asked for by."""

    name: str
    value: T
    plugin: Plugin


@attrs.frozen
class Clash:
    """A name that is offered more than once; none of the offers is used."""

    kind: Kind
    name: str
    plugins: tuple[Plugin, ...]

    def error(self) -> PluginError:
        """Return the error that a user gets who asks for the name."""
        return PluginError(
            Words(
                f"The {self.kind} {self.name!r} is offered more than once, so none of the offers is used",
                f"Flere plugins har {KINDS[self.kind].da} {self.name!r}, så ingen af dem bruges",
            ),
            where=", ".join(map(str, self.plugins)),
            remedy="uninstall all but one of these plugins, or name those to use in CASEQUALITY_PLUGINS",
        )


@attrs.frozen
class Catalogue:
    """What the installed plugins offer; a value that does not change when more are installed.

    `plugins` are sorted by distribution; metrics, goals and deadlines by name.
    """

    plugins: tuple[Plugin, ...] = ()
    metrics: Mapping[str, Offer[type]] = attrs.field(factory=dict)
    goals: Mapping[str, Offer[Path]] = attrs.field(factory=dict)
    deadlines: Mapping[str, Offer[Rule]] = attrs.field(factory=dict)
    clashes: tuple[Clash, ...] = ()

    @property
    def broken(self) -> tuple[Plugin, ...]:
        """The plugins that failed, each with its `failure`."""
        return tuple(plugin for plugin in self.plugins if plugin.failure)

    def errors(self) -> list[PluginError]:
        """Return everything that is wrong with the installed plugins; empty where all is well."""
        failures = [plugin.failure.error for plugin in self.plugins if plugin.failure]
        return failures + [clash.error() for clash in self.clashes]

    def metric(self, name: str) -> type:
        """Return the metric class with this id.

        Raises `UnknownName` where no plugin offers it, and `PluginError` where more than one does
        or where a plugin that might offer it is broken.
        """
        return self._find("metric", name, self.metrics)

    def goal_set(self, name: str) -> Path:
        """Return the path of the goal set with this name; raises as `metric` does."""
        return self._find("goal set", name, self.goals)

    def _find(self, kind: Kind, name: str, offers: Mapping[str, Offer[T]]) -> T:
        if offer := offers.get(name):
            return offer.value
        for clash in self.clashes:
            if (clash.kind, clash.name) == (kind, name):
                raise clash.error()
        raise self._not_found(kind, name, offers)

    def _not_found(self, kind: Kind, name: str, offers: Iterable[str]) -> PluginError | UnknownName:
        found = KINDS[kind]
        if close := difflib.get_close_matches(name, offers):
            ways = [Words(f"use {' or '.join(close)}", f"brug {' eller '.join(close)}")]
        else:
            ways = [Words("install the plugin that offers it", "installér det plugin, der har det")]
        if off := ", ".join(plugin.distribution for plugin in self.plugins if plugin.switched_off):
            ways += [Words(f"or switch its plugin on (off: {off})", f"eller slå dets plugin til (slået fra: {off})")]
        if self.broken:
            mended = "(see `casequality plugins`)", "(se `casequality plugins`)"
            ways += [Words(f"or mend the broken one {mended[0]}", f"eller ret det, der er i stykker {mended[1]}")]
        remedy = Words(*(", ".join(way[lang] for way in ways) for lang in LANGUAGES))
        if self.broken:
            what = Words(
                f"No working plugin offers the {found.en} {name!r}, and one that might is broken",
                f"Intet plugin, der virker, har {found.da} {name!r}, og et, der måske har, er i stykker",
            )
            where = Words(*("; ".join(plugin.fault(lang) for plugin in self.broken) for lang in LANGUAGES))
            return PluginError(what, where=where, remedy=remedy)
        what = Words(f"No plugin offers the {found.en} {name!r}", f"Intet plugin har {found.da} {name!r}")
        return UnknownName(what, got=name, allowed=sorted(offers), remedy=remedy)
