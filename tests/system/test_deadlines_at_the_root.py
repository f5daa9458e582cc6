"""`casequality.deadlines` is the list of deadlines for a caller and a module for an import, whichever comes first."""

from __future__ import annotations

import subprocess
import sys

import pytest

ORDERS = [
    "import casequality as cq",
    "import casequality as cq; cq.deadline('copenhagen/reply-guarantee')",
    "import casequality as cq, casequality.deadlines",
]


@pytest.mark.parametrize("before", ORDERS)
def test_the_deadlines_are_listed_and_imported_whatever_came_before(before: str) -> None:
    asked = "assert any(rule.id == 'access/decide' for rule in cq.deadlines()); from casequality.deadlines import Row"
    subprocess.run([sys.executable, "-W", "error", "-c", f"{before}; {asked}; cq.deadlines.Row"], check=True)
