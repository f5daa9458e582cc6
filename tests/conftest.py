"""How every test of the core and of the plugins runs: examples that come out the same each time, and no network.

A test may speak with other processes of this machine, as those on Spark do with Java's.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import settings

# whoever runs the tests side by side is told a width of the terminal, by which tables would be drawn
os.environ.pop("COLUMNS", None)

settings.register_profile("modest", max_examples=30, derandomize=True, deadline=None)
settings.register_profile("long", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile("modest")

_LOOK_UPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
_CONNECTIONS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    place = arguments[0] if event in _LOOK_UPS else arguments[1] if event in _CONNECTIONS else None
    host = place[0] if isinstance(place, tuple) else place if event in _LOOK_UPS else None
    if host is not None and host not in _THIS_MACHINE:
        raise RuntimeError(f"A test reached for the network: {event}")


# An audit hook also sees what compiled code does, and no test can forget to ask for it.
sys.addaudithook(_refuse_network)


@pytest.fixture(scope="session", autouse=True)
def plugins_found_once() -> Iterator[None]:
    """Look for the installed plugins once, not at each call by a metric's id: it takes longer than most tests count.

    A test that installs a plugin puts it on the path, and has it looked for as a user has.
    """
    offered = importlib.import_module("casequality.desk.offered")
    look, path, found = offered.discover_from_environment, [*sys.path], {}

    def once(environ: Mapping[str, str]) -> Any:
        if sys.path != path:
            return look(environ)
        told = tuple(environ.get(f"CASEQUALITY_{name}") for name in ("PLUGINS", "STRICT"))
        if told not in found:
            found[told] = look(environ)
        return found[told]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offered, "discover_from_environment", once)
        yield
