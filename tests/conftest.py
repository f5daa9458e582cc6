"""How every test of the core and of the plugins runs: examples that come out the same each time, and no network."""

from __future__ import annotations

import sys

from hypothesis import settings

settings.register_profile("modest", max_examples=50, derandomize=True, deadline=None)
settings.register_profile("long", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile("modest")

_LOOK_UPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
_CONNECTIONS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    if event in _LOOK_UPS or (event in _CONNECTIONS and isinstance(arguments[1], tuple)):
        raise RuntimeError(f"A test reached for the network: {event}")


# An audit hook also sees what compiled code does, and no test can forget to ask for it.
sys.addaudithook(_refuse_network)
