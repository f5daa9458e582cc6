"""Every shipped metric: the same tallies, to the byte, however the engine of this process is told to count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow")

from casequality.desk import assess_project
from casequality.engines import InProcess
from casequality.engines import checkpoint as kept
from casequality.metrics.tallies import stored
from casequality.records import Records
from tests.factories.stored_tallies import KINDS, stored_tallies, write_files


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_threads_a_kept_job_and_a_resumed_one_count_the_same(
    kind: type[Records], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "STRETCH", 16)
    source = write_files(tmp_path, kind)
    alone = stored_tallies(kind, source, InProcess(threads=1))
    keep = tmp_path / "keep"
    assert stored_tallies(kind, source, InProcess(threads=2)) == alone
    assert stored_tallies(kind, source, InProcess(threads=2, keep=keep)) == alone
    counts = sorted(path for path in keep.glob("*/*") if "." not in path.name and path.name != "keys")
    assert len(counts) == 6, "two stretches a file"
    for path in counts[::2]:
        path.unlink()
    assert stored_tallies(kind, source, InProcess(threads=1, keep=keep)) == alone


def test_the_example_project_is_judged_the_same(example: Path, tmp_path: Path) -> None:
    def assessed(**engine: Any) -> tuple[Any, ...]:
        made = assess_project(example / "casequality.toml", period="2010-H1", as_of="2010-08-15", **engine)
        tallies = {name: stored.to_bytes(each.tally) for name, each in made.assessment.measurements.items()}
        return made.to_dict(), tallies, made.findings

    alone = assessed(threads=1)
    assert assessed(threads=2) == alone
    assert assessed(threads=2, keep=tmp_path / "keep") == alone
