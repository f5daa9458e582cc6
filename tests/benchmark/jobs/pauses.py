"""Due days of cases whose clock stood still, three pauses each, in any order."""

from __future__ import annotations

import time
from typing import Any

from tests.benchmark.contest import OWN, Answer, Comparison, Given, Job, Work, fingerprint
from tests.benchmark.peers import danish_holidays

N = 30
SAMPLE = 10_000
SORT, WALK = "numpy.argsort of the pauses", f"plain walk ({SAMPLE:,} cases, scaled)"
REASON = "awaiting the citizen"


def casequality(given: Given) -> Work:
    """Count from the columns as they come, checks included."""
    import numpy as np

    import casequality as cq
    from casequality.deadlines import PauseRule, Pauses, Words

    rule = cq.deadlines.Deadline(
        id="answer",
        title={"en": "Answer", "da": "Svar"},
        kind="decide",
        terms=f"{N} working days",
        calendar="dk-statutory",
        pauses=(PauseRule(REASON, Words("awaiting the citizen", "afventer borgeren")),),
    )
    with np.load(given.path) as file:
        received, of, since, until = (file[name] for name in ("received", "of", "since", "until"))

    def answer(due: Any) -> Answer:
        return {"pauses": len(of), "sample": fingerprint(due[:SAMPLE])}

    return Work(lambda: rule.due(received, pauses=Pauses(of, since, until, REASON)), answer)


def sort_alone(given: Given) -> Work:
    """Bring the pauses in order of case and begin and do nothing with them; the one key is made beforehand."""
    import numpy as np

    with np.load(given.path) as file:
        key = file["of"] * (1 << 32) + file["since"].view(np.int64)
    return Work(lambda: np.argsort(key), lambda order: {"pauses": len(order)})


def plain_walk(given: Given) -> Work:
    """Count the first cases day by day in Python, on day numbers, and take as long for each of the others."""
    import numpy as np

    with np.load(given.path) as file:
        received, of, since, until = (file[name] for name in ("received", "of", "since", "until"))
    closed = {int(np.datetime64(day).astype(int)) for day in danish_holidays()}
    mine = of < SAMPLE
    pauses: list[list[tuple[int, int]]] = [[] for _ in received[:SAMPLE]]
    columns = (column[mine].astype(int).tolist() for column in (of, since, until))
    for case, asked, answered in zip(*columns, strict=True):
        pauses[case].append((asked, answered))
    cases = list(zip(received[:SAMPLE].astype(int).tolist(), pauses, strict=True))

    def run() -> tuple[float, list[int]]:
        begun = time.perf_counter()
        found = [_walked(day, stops, closed) for day, stops in cases]
        return time.perf_counter() - begun, found

    return Work(run, lambda done: {"sample": fingerprint(done[1])}, lambda done: done[0] * len(received) / len(cases))


def _walked(day: int, pauses: list[tuple[int, int]], closed: set[int]) -> int:
    left = N
    while left:
        day += 1
        if (day + 3) % 7 >= 5 or day in closed:  # day 0 was a Thursday
            continue
        if not any(since < day < until for since, until in pauses):
            left -= 1
    return day


JOB = Job(
    name="pauses",
    title=f"{N} working days with three pauses a case, in any order",
    data="pauses",
    contenders={OWN: casequality, SORT: sort_alone, WALK: plain_walk},
    comparisons=(
        Comparison("speed against", (WALK,), 50, from_rows=1_000_000),
        Comparison("time against", (SORT,), 3, from_rows=1_000_000),
    ),
    repeats=3,
)
