"""The contenders of the benchmark agree, so that its ratios compare like with like; here on few rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmark import data
from tests.benchmark.contest import Given
from tests.benchmark.rounds import Answers
from tests.benchmark.suite import JOBS

ROWS = 20_000
ALONE = {"report"}
"""Nobody else answers it, and it has no figure to compare."""


@pytest.mark.parametrize("name", JOBS)
def test_contenders_agree(name: str, tmp_path: Path) -> None:
    job, answers = JOBS[name], Answers()
    if not job.can_run:
        pytest.skip(f"{job.needs} is not installed")
    path = data.MADE_BY[job.data](data.Wanted(tmp_path, ROWS)) if job.data else tmp_path
    for contender, prepare in job.contenders.items():
        work = prepare(Given(path, job.threads[-1]))
        answers.add(contender, work.answer(work.run()))
    assert not answers.faults
    assert answers.known or name in ALONE


def test_contenders_that_disagree_are_named_with_the_first_difference() -> None:
    answers = Answers()
    answers.add("one", {"rows": 3, "figures": {"2010-01": [1, 2], "2010-02": [3, 4]}})
    answers.add("other", {"rows": 3, "figures": {"2010-01": [1, 2], "2010-02": [3, 5], "2010-03": [0, 0]}})
    answers.add("third", {"rows": 3})
    assert answers.faults == ["figures: one and other disagree, first at 2010-02: [3, 4] and [3, 5] (2 differ)"]
