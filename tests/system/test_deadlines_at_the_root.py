"""`casequality.deadlines` is one module, whichever way it is first asked for, and can be called."""

from __future__ import annotations

import subprocess
import sys

import pytest

ORDERS = [
    "import casequality as cq",
    "import casequality as cq; cq.deadline('copenhagen/reply-guarantee')",
    "import casequality as cq, casequality.deadlines",
]
LISTED = "assert any(rule.id == 'access/decide' for rule in cq.deadlines{}())"


@pytest.mark.parametrize("before", ORDERS)
def test_the_deadlines_are_listed_and_imported_whatever_came_before(before: str) -> None:
    for called in ("", ".shipped"):
        asked = f"{LISTED.format(called)}; from casequality.deadlines import Row; cq.deadlines.Row"
        subprocess.run([sys.executable, "-W", "error", "-c", f"{before}; {asked}"], check=True)
