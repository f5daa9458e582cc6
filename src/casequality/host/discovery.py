"""Finds the installed plugins and makes one catalogue of what they offer."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError, distribution, distributions
from types import MappingProxyType
from typing import TypeAlias, TypeVar

import attrs

from casequality.errors import LANGUAGES, CaseQualityError, UnknownName, UsageError, Words, raise_together
from casequality.host import hooks
from casequality.host.hooks import Catalogue, Clash, Kind, Offer, Plugin
from casequality.host.loading import Loaded, load, refused

Importer: TypeAlias = Callable[[], object]
T = TypeVar("T")


def discover(*, only: Collection[str] | None = None, strict: bool = False) -> Catalogue:
    """Load the installed plugins one by one and return what they offer.

    A plugin that fails is listed in the catalogue with the reason, and the others work; with `strict` every
    failure and every name that is offered twice is raised. `only` are the names of the distributions to load;
    the others are listed as switched off and not imported. An unknown name in `only` raises `UnknownName`.
    A plugin is loaded after those that its distribution requires, and refused where one of them failed or is not
    installed; one that is merely switched off can be built upon.
    """
    found = sorted(_installed(), key=lambda pair: (pair[0].distribution, pair[0].entry_point))
    wanted = _wanted(only, {plugin.distribution for plugin, _ in found})
    catalogue = catalogue_of(_loaded(found, wanted))
    if strict:
        raise_together("Installed plugins are at fault", catalogue.errors())
    return catalogue


def _loaded(found: Sequence[tuple[Plugin, Importer]], wanted: Collection[str]) -> list[Loaded]:
    """Load each plugin after what it builds upon, and return all in the order in which they were found."""
    order, circle = _order({plugin.distribution: plugin.builds_upon for plugin, _ in found})
    done: dict[int, Loaded] = {}
    for place, (plugin, importer) in sorted(enumerate(found), key=lambda each: order.index(each[1][0].distribution)):
        if plugin.distribution not in wanted:
            done[place] = Loaded(attrs.evolve(plugin, switched_off=True))
        elif plugin.distribution in circle:
            what = "Plugins build upon each other in a circle, so none of them can come first"
            done[place] = refused(plugin, what, ", ".join(circle), "let one of them do without the others")
        else:
            done[place] = _unless_lacking(plugin, done.values()) or load(importer, plugin)
    return [done[place] for place in range(len(found))]


def _order(upon: Mapping[str, Sequence[str]]) -> tuple[list[str], list[str]]:
    """Return the distributions, each after those that it builds upon, and those that build upon each other, sorted."""
    circle: set[str] = set()
    while True:
        graph = {name: () if name in circle else [each for each in upon[name] if each in upon] for name in upon}
        try:
            return list(TopologicalSorter(graph).static_order()), sorted(circle)
        except CycleError as fault:
            circle.update(fault.args[1])


def _unless_lacking(plugin: Plugin, before: Collection[Loaded]) -> Loaded | None:
    """Return the plugin as refused where what it builds upon is not installed or failed, else None."""
    for name in plugin.builds_upon:
        of_name = [each.plugin for each in before if each.plugin.distribution == name]
        if not of_name and not _is_installed(name):
            what = "A plugin builds upon one that is not installed"
            return refused(plugin, what, name, f"python -m pip install {name}, or uninstall {plugin.distribution}")
        for each in of_name:
            if each.failure:
                what = "A plugin builds upon one that cannot be used"
                why = Words(*(each.fault(lang) for lang in LANGUAGES))
                return refused(plugin, what, why, f"mend or upgrade {name} first, or uninstall {plugin.distribution}")
    return None


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def discover_from_environment(environ: Mapping[str, str]) -> Catalogue:
    """Discover as CASEQUALITY_PLUGINS (names, comma between) and CASEQUALITY_STRICT (1 or 0) say.

    A variable that is empty or not there leaves it at every plugin, and not strict.
    """
    strict = _strict(environ)
    return discover(only=_named(environ), strict=strict)


def survey(environ: Mapping[str, str]) -> tuple[Catalogue, tuple[CaseQualityError, ...]]:
    """Return what discovery finds, and all that is wrong with it or with the variables; never raise.

    A name in CASEQUALITY_PLUGINS that is not installed is told, and the others are loaded.
    """
    faults: list[CaseQualityError] = []
    only = _named(environ)
    installed = {plugin.distribution for plugin, _ in _installed()}
    for check in (lambda: _strict(environ), lambda: _wanted(only, installed)):
        try:
            check()
        except CaseQualityError as fault:
            faults.append(fault)
    found = discover(only=None if only is None else installed.intersection(map(_normalised, only)))
    return found, (*faults, *found.errors())


def _named(environ: Mapping[str, str]) -> list[str] | None:
    return [name.strip() for name in environ.get("CASEQUALITY_PLUGINS", "").split(",") if name.strip()] or None


def _strict(environ: Mapping[str, str]) -> bool:
    strict = environ.get("CASEQUALITY_STRICT") or "0"
    if strict not in {"0", "1"}:
        raise UsageError("CASEQUALITY_STRICT is neither 0 nor 1", got=strict, allowed=["0", "1"], remedy="set it to 1")
    return strict == "1"


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _installed() -> Iterator[tuple[Plugin, Importer]]:
    """Yield our plugins, each with what imports it; of a distribution found twice the first counts, as in imports."""
    ours: dict[str, Distribution] = {}
    for each in filter(_is_ours, distributions()):
        ours.setdefault(_normalised(_field(each.metadata, "Name")), each)
    for name, each in ours.items():
        # what is not installed does not say whether it is a plugin; its name does, as `new-plugin` gives it
        upon = tuple(other for other in _required(each) if other in ours or other.startswith(f"{hooks.PROJECT}-"))
        for plugin, importer in _plugins(name, _field(each.metadata, "Version"), each):
            yield attrs.evolve(plugin, builds_upon=upon), importer


def _required(distribution: Distribution) -> list[str]:
    """Return the distributions that one requires; what a marker makes conditional, such as an extra, is left out."""
    required = [each for each in distribution.requires or () if ";" not in each]
    return sorted({_normalised(re.split(r"[^A-Za-z0-9._-]", each.strip(), maxsplit=1)[0]) for each in required})


def _is_ours(distribution: Distribution) -> bool:
    try:
        return f"[{hooks.PROJECT}]" in (distribution.read_text("entry_points.txt") or "")
    except (OSError, UnicodeError):  # unreadable for every reader, so no plugin of anyone
        return False


def _plugins(name: str, version: str, distribution: Distribution) -> Iterator[tuple[Plugin, Importer]]:
    try:
        entry_points = distribution.entry_points.select(group=hooks.PROJECT)
    except Exception:  # noqa: BLE001  the same is tried again where the failure of one plugin is kept
        yield Plugin(name, version, "entry_points.txt"), lambda: distribution.entry_points
        return
    for entry_point in entry_points:
        yield Plugin(name, version, f"{entry_point.name} = {entry_point.value}"), entry_point.load


def _field(metadata: PackageMetadata, field: str) -> str:
    return metadata[field] if field in metadata else "unknown"  # noqa: SIM401  typed without get before Python 3.12


def _wanted(only: Collection[str] | None, installed: Collection[str]) -> Collection[str]:
    if only is None:
        return installed
    wanted = {_normalised(name) for name in only}
    if unknown := sorted(wanted.difference(installed)):
        close = [match for name in unknown for match in difflib.get_close_matches(name, installed, n=1)]
        raise UnknownName(
            "A plugin that should be used is not installed",
            got=", ".join(unknown),
            allowed=sorted(installed),
            remedy=f"use {', '.join(close)}" if close else "install it, or leave its name out",
        )
    return wanted


def catalogue_of(loaded: Sequence[Loaded]) -> Catalogue:
    """Return what some plugins offer, sorted by name, and the names that are offered more than once."""
    metrics, metric_clashes = _unique("metric", [offer for one in loaded for offer in one.metrics])
    goals, goal_clashes = _unique("goal set", [offer for one in loaded for offer in one.goals])
    deadlines, deadline_clashes = _unique("deadline", [offer for one in loaded for offer in one.deadlines])
    return Catalogue(
        plugins=tuple(one.plugin for one in loaded),
        metrics=metrics,
        goals=goals,
        deadlines=deadlines,
        clashes=metric_clashes + goal_clashes + deadline_clashes,
    )


def _unique(kind: Kind, offers: list[Offer[T]]) -> tuple[Mapping[str, Offer[T]], tuple[Clash, ...]]:
    """Sort the offers by name and set apart the names that are offered more than once."""
    by_name: dict[str, list[Offer[T]]] = {}
    for offer in sorted(offers, key=lambda offer: offer.name):
        by_name.setdefault(offer.name, []).append(offer)
    unique = {name: same[0] for name, same in by_name.items() if len(same) == 1}
    clashes = [
        Clash(kind, name, tuple(offer.plugin for offer in same)) for name, same in by_name.items() if len(same) > 1
    ]
    return MappingProxyType(unique), tuple(clashes)
