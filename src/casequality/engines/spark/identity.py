"""Which code counts: what driver and executors must have alike, so that it makes no difference where a row is counted.

That is casequality, the plugins and modules of what is asked, and the clocks of the zones in use, told by what they
show and not by the version of a database, of which each system has its own.
"""

from __future__ import annotations

import pickletools
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from importlib import resources
from importlib.metadata import Distribution, PackageNotFoundError, entry_points, version
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from typing import Final

import attrs
from pyspark import cloudpickle

from casequality.days import clock
from casequality.engines.counting import Request
from casequality.records import Records, Source

LIBRARY: Final = "casequality"
READ: Final = (".py", ".csv", ".toml", ".json")
"""What counting rests on in a package: its code and the data that lie beside it."""


@attrs.frozen
class CodeDifference:
    """What is not alike here and there."""

    name: str
    here: str
    there: str


@attrs.frozen
class Code:
    """The identity of all code that counts, as it is on the driver.

    packages: of each package or module its distribution, "" for none, and what tells it from another. clocks: a digest
    by zone. libraries: versions of what else a count rests on.
    """

    packages: Mapping[str, tuple[str, str]]
    clocks: Mapping[str, str] = attrs.field(factory=dict)
    libraries: Mapping[str, str] = attrs.field(factory=dict)

    @classmethod
    def of(cls, request: Request, tables: Sequence[Source]) -> Code:
        """Return the identity of the code that answers a request over a source and its child tables."""
        zones = [request.as_of.zone, *(each.zone for each in tables), *(each.axis.zone for each in request.questions)]
        calendars = [request.as_of.calendar, *(name for each in request.questions for name in each.calendars)]
        packages = {LIBRARY: LIBRARY, **_asked(request, tables)}
        return cls(
            {name: (owner, identity(name, owner)) for name, owner in sorted(packages.items())},
            {zone: _clock(zone) for zone in sorted({zone for zone in zones if zone})},
            {"holidays": _version("holidays")} if any(calendars) else {},
        )

    def difference(self) -> CodeDifference | None:
        """Return the first thing that is another one in this process, None where all are alike."""
        for name, (owner, there) in self.packages.items():
            if (here := identity(name, owner)) != there:
                return CodeDifference(name, here, there)
        for zone, there in self.clocks.items():
            if (here := _clock(zone)) != there:
                return CodeDifference(f"tzdata, the clock of {zone}", here, there)
        for name, there in self.libraries.items():
            if (here := _version(name)) != there:
                return CodeDifference(name, here, there)
        return None


@cache
def identity(name: str, owner: str = "") -> str:
    """Return what tells a package or module from another of its name: its distribution's version, and its content."""
    try:
        digest = blake2b(digest_size=6)
        for place, content in _contents(name):
            digest.update(f"{place} {len(content)} ".encode() + content)
    except Exception as fault:  # noqa: BLE001  it is imported, and its code may raise anything
        return f"not to be imported ({type(fault).__name__})"
    told = _version(owner) if owner else ""
    return f"{told} (code {digest.hexdigest()})".strip()


def _contents(name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a package by their places in it, also where it lies in a zip file; or the file of a module."""
    spec = find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(name=name)
    if spec.submodule_search_locations is not None:
        # a package that none distributes is told by what lies beside its modules: below it may be anything
        yield from _below(resources.files(name), "", deep="." not in name)
    elif spec.origin is not None and (read := getattr(spec.loader, "get_data", None)) is not None:
        yield "", read(spec.origin)


def _below(folder: Traversable, place: str, *, deep: bool) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir(), key=lambda one: one.name):
        if each.is_dir() and deep and not each.name.startswith((".", "__pycache__")):
            yield from _below(each, f"{place}{each.name}/", deep=deep)
        elif each.name.endswith(READ) and each.is_file():
            yield f"{place}{each.name}", each.read_bytes()


@cache
def _clock(zone: str) -> str:
    found = clock(zone)
    return blake2b(found.changes.tobytes() + found.offsets.tobytes(), digest_size=6).hexdigest()


@cache
def _version(owner: str) -> str:
    try:
        return version(owner)
    except PackageNotFoundError:
        return "not installed"


def _asked(request: Request, tables: Sequence[Source]) -> dict[str, str]:
    """Return the packages and modules that are asked, each with its distribution.

    What a cell of a notebook defines, or a module registered to be pickled by value, goes along and is alike there.
    """
    plugins = _plugins()
    kinds = [
        *(kind for each in request.questions for kind in type(each.metric).__mro__),
        *(kind for each in tables for kind in each.records.__mro__ if issubclass(kind, Records)),
    ]
    modules = {kind.__module__ for kind in kinds}
    # what else goes by name, such as a function that says when a deadline ends
    modules |= {each for each in _strings((request, [each.mapping for each in tables])) if _top(each) in plugins}
    carried = set(cloudpickle.list_registry_pickle_by_value())  # type: ignore[no-untyped-call]
    found: dict[str, str] = {}
    for module in sorted(modules & sys.modules.keys()):
        if {module, _top(module)} & carried:
            continue
        if (top := _top(module)) in plugins:
            found |= _with_what_it_builds_upon(top, plugins)
        elif top not in sys.stdlib_module_names and top not in (LIBRARY, "__main__"):
            package = sys.modules[module].__package__
            found[package or module] = ""
    return found


def _strings(asked: object) -> Iterator[str]:
    """Yield all texts in what is sent, among them the module of everything that is sent by its name."""
    packed: bytes = cloudpickle.dumps(asked)  # type: ignore[no-untyped-call]
    for _, given, _ in pickletools.genops(packed):
        if isinstance(given, str):
            yield given


def _plugins() -> dict[str, Distribution]:
    """Return the distribution of each package that offers anything to casequality."""
    return {_top(each.value): each.dist for each in entry_points(group=LIBRARY) if each.dist is not None}


def _with_what_it_builds_upon(package: str, plugins: Mapping[str, Distribution]) -> dict[str, str]:
    """Return a plugin and all plugins that it requires, directly or not."""
    named = {_normalised(each.name): top for top, each in plugins.items()}
    found: dict[str, str] = {}
    waiting = [package]
    while waiting:
        top = waiting.pop()
        if top not in found:
            found[top] = plugins[top].name
            waiting += [named[each] for each in _required(plugins[top].requires or ()) if each in named]
    return found


def _required(requirements: Iterable[str]) -> list[str]:
    return [_normalised(re.split(r"[^A-Za-z0-9._-]", each.strip(), maxsplit=1)[0]) for each in requirements]


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _top(module: str) -> str:
    return module.partition(".")[0].partition(":")[0]
