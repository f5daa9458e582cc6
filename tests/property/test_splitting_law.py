"""Any spread of rows over files and blocks gives the same tally bytes, findings and verdict, also with faulty rows."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import attrs
import pytest

import casequality as cq
from casequality.metrics.tallies import stored
from casequality.records.intake.source import Source

pytest.importorskip("casequality_rent_tribunal")
pytest.importorskip("pyarrow")
pytest.importorskip("typer")

HEADER = "case,received_on,closed_on,ending"
AS_OF = "2011-01-01"
RECORDS = cq.records_of("rent-tribunal.closed-in-time")
METRICS = ("closed-in-time", "decided-against-received", "backlog", "processing-time", "pending-age-median")
GOAL = """
[[goal]]
id = "a"
metric = "rent-tribunal.closed-in-time"
source = "cases"
target = "at least 60 %"
readings = { withdrawn = "closed", settled = "closed", dismissed = "closed", cohort = "received" }
basis = { title = "Invented" }
"""


def rows(seed: int) -> list[str]:
    """Return rows of which some are faulty in one field or another, each with a key of its own."""
    drawn = random.Random(seed)

    def date(spoilt: float) -> str:
        if drawn.random() < spoilt:
            return drawn.choice(["", "31.02.2010", "soon", "1970-01-01", "2009-13-01"])
        return f"{drawn.choice([2009, 2010])}-{drawn.randint(1, 12):02}-{drawn.randint(1, 28):02}"

    made = []
    for case in range(40):
        closed = date(0.2) if drawn.random() < 0.7 else ""
        ending = drawn.choice(["decided", "settled", "withdrawn", "", "lost"]) if closed else ""
        made.append(f"{case},{date(0.15)},{closed},{ending}" + (",more" if drawn.random() < 0.05 else ""))
    return made


def written(folder: Path, parts: list[list[str]]) -> str:
    folder.mkdir()
    for number, part in enumerate(parts):
        (folder / f"part-{number}.csv").write_text("\n".join([HEADER, *part]) + "\n", encoding="utf-8")
    return str(folder / "part-*.csv")


def counted(path: str) -> Any:
    return cq.tally([f"rent-tribunal.{name}" for name in METRICS], path, as_of=AS_OF)


def content(tallies: Any) -> dict[str, bytes]:
    return {name: stored.to_bytes(part) for name, part in tallies.parts.items()}


def told(tallies: Any) -> dict[tuple[str, str], int]:
    """Return how many rows have each fault of each column, in whichever file."""
    found: dict[tuple[str, str], int] = {}
    for item in tallies.findings.items:
        found[item.column, item.fault] = found.get((item.column, item.fault), 0) + item.count
    return found


@pytest.mark.parametrize("seed", range(6))
def test_the_same_bytes_findings_and_verdict(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines, drawn = rows(seed), random.Random(-seed)
    whole = written(tmp_path / "whole", [lines])
    cuts = sorted(drawn.sample(range(1, len(lines)), drawn.randint(1, 3)))
    parts = [lines[start:stop] for start, stop in zip([0, *cuts], [*cuts, None], strict=True)]
    spread = written(tmp_path / "spread", parts)
    expected = counted(whole)
    assert sum(told(expected).values()) > 3
    alone = [counted(written(tmp_path / f"alone-{number}", [part])) for number, part in enumerate(parts)]
    merged, together = cq.merge(alone), counted(spread)
    assert content(together) == content(merged) == content(expected)
    assert told(together) == told(merged) == told(expected)
    goals = cq.load_goals(GOAL)
    judged = [
        attrs.evolve(judgement, figure=None)
        for path in (whole, spread)
        for judgement in cq.assess(goals, {"cases": path}, period="2010-H1", as_of=AS_OF)
    ]
    assert judged[0].to_dict() == judged[1].to_dict()
    defaults = Source.reading.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "block_rows", 3)
    assert len(list(cq.source(whole, RECORDS).reading(RECORDS.fields).parts[0].blocks())) > 10
    assert content(counted(whole)) == content(expected)
