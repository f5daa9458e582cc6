"""Every decision says when it was taken, why, and instead of what."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs/pages/decisions.md"
FIRST = dt.date(2026, 11, 22)
"""The day of the repository's first commit; git knows of nothing before."""
MONTHS = [f"{dt.date(2026, month, 1):%B}" for month in range(1, 13)]
DATED = re.compile(r"^(\d{1,2}) ([A-Z][a-z]+) (\d{4})(?:, reworded \d{1,2} [A-Z][a-z]+ \d{4})?: \S")
ROWS = [
    line.removeprefix("| ").removesuffix(" |").split(" | ")
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| decision ", "| --- "))
]


def test_every_decision_has_its_day_a_reason_and_what_was_left() -> None:
    assert len(ROWS) >= 80
    for decision, *rest in ROWS:
        found = DATED.match(decision)
        assert found, decision
        assert dt.date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1])) >= FIRST
        assert len(rest) == 2, decision
        assert all(rest), decision
