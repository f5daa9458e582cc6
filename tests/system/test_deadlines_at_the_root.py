"""`casequality.deadlines` is one module, whichever way it is first asked for; until 0.3 it can be called."""

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
    asked = f"{LISTED.format('.shipped')}; from casequality.deadlines import Row; cq.deadlines.Row"
    subprocess.run([sys.executable, "-W", "error", "-c", f"{before}; {asked}"], check=True)


@pytest.mark.parametrize("before", ORDERS)
def test_they_are_listed_as_they_were_with_a_warning(before: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", f"{before}; {LISTED.format('')}"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "DeprecationWarning: casequality.deadlines() is casequality.deadlines.shipped() from 0.2 on" in done.stderr
