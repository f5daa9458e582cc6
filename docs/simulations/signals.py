"""How often each signal is seen where it was planted and where not: `python docs/simulations/signals.py [seeds]`.

Every generator draws cases of an office that handles them in its own time, and plants one pattern in them with a
strength from 0 (not at all) to 1. "Mixed" is a quiet office too: a third of its cases are ten times as quick.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from casequality.evidence.scrutiny import (
    Signal,
    before_the_deadline,
    closed_undecided,
    late_pauses,
    newest_first,
    registered_anew,
)

Days = npt.NDArray[np.datetime64]
START, NEVER, DAY = np.datetime64("2010-01-01", "D"), np.datetime64("NaT", "D"), np.timedelta64(1, "D")
TERM, YEARS = 60, 2


def days(numbers: npt.NDArray[np.floating] | npt.NDArray[np.integer]) -> Days:
    """Return numbers of days since 2010 began as days."""
    return START + np.floor(numbers).astype("timedelta64[D]")


def queue(draw: np.random.Generator, strength: float) -> Signal:
    """A queue with 5 % more coming than leaving: the newest is taken with this probability, else any that waits."""
    came, went, waiting = [], [], list[int]()
    for day in range(365 * YEARS):
        for _ in range(draw.poisson(3.15)):
            waiting.append(len(came))
            came.append(day)
            went.append(-1)
        for _ in range(min(draw.poisson(3), len(waiting))):
            newest = draw.random() < strength
            taken = waiting.pop() if newest else waiting.pop(int(draw.integers(len(waiting))))
            went[taken] = day
    closed = np.array(went)
    return newest_first(days(np.array(came)), np.where(closed < 0, NEVER, days(closed)))


def mixed(draw: np.random.Generator, strength: float, cases: int = 2000) -> Signal:
    """Each case goes its own way at its own speed: there is no queue, and nobody chooses."""
    came = draw.uniform(0, 365 * YEARS, cases)
    quick = draw.random(cases) < (1 - strength) / 3
    took = draw.exponential(np.where(quick, 6, 60))
    return newest_first(days(came), np.where(came + took < 365 * YEARS, days(came + took), NEVER))


def bunched(draw: np.random.Generator, strength: float, cases: int = 2000) -> Signal:
    """Of the cases that would have ended up to two weeks late, this share is closed in the last week instead."""
    took = draw.gamma(4, 14, cases)
    late = (took > TERM) & (took < TERM + 14) & (draw.random(cases) < strength)
    took = np.where(late, TERM - draw.uniform(0, 6, cases), took)
    came = draw.uniform(0, 365, cases)
    received = days(came)
    return before_the_deadline(received + TERM * DAY, received + np.floor(took).astype("timedelta64[D]"))


def paused(draw: np.random.Generator, strength: float, cases: int = 2000) -> Signal:
    """Pauses come evenly; beside them this share of what is open is paused in the last five days of the term."""
    received = days(draw.uniform(0, 365, cases))
    ended = received + np.floor(draw.gamma(4, 14, cases)).astype("timedelta64[D]")
    at = draw.exponential(600, cases)
    planted = draw.random(cases) < strength
    at = np.where(planted, np.minimum(at, TERM - draw.integers(0, 5, cases)), at)
    opened = received + np.floor(at).astype("timedelta64[D]")
    return late_pauses(received, received + TERM * DAY, ended, np.where(opened <= ended, opened, NEVER))


def anew(draw: np.random.Generator, strength: float, cases: int = 2000) -> Signal:
    """500 parties whose cases come evenly; this share of closed cases has a new one within 20 days."""
    party = draw.integers(0, 500, cases)
    came = draw.uniform(0, 365 * YEARS, cases)
    took = draw.gamma(4, 10, cases)
    again = draw.random(cases) < strength
    party = np.concatenate([party, party[again]])
    came = np.concatenate([came, (came + took + draw.uniform(1, 20, cases))[again]])
    took = np.concatenate([took, draw.gamma(4, 10, int(again.sum()))])
    return registered_anew(party, days(came), days(came + took), START + 365 * YEARS * DAY)


def undecided(draw: np.random.Generator, strength: float, cases: int = 2000) -> Signal:
    """A tenth is closed without a decision; beside them this share of what is closed in the last week."""
    received = days(draw.uniform(0, 365, cases))
    closed = received + np.floor(draw.gamma(4, 14, cases)).astype("timedelta64[D]")
    due = received + TERM * DAY
    last = (closed > due - 7 * DAY) & (closed <= due)
    without = (draw.random(cases) < 0.1) | (last & (draw.random(cases) < strength))
    return closed_undecided(due, closed, ~without)


PLANTED: dict[str, tuple[Callable[[np.random.Generator, float], Signal], float]] = {
    "newest first, half of the time": (queue, 0.5),
    "newest first": (queue, 1.0),
    "a quarter moved before the deadline": (bunched, 0.25),
    "half moved before the deadline": (bunched, 0.5),
    "a tenth paused in the last five days": (paused, 0.1),
    "a tenth registered anew": (anew, 0.1),
    "a fifth closed undecided in the last week": (undecided, 0.2),
}
QUIET = {"queue": queue, "mixed": mixed, "deadline": bunched, "pauses": paused, "anew": anew, "undecided": undecided}


def graded(make: Callable[[np.random.Generator, float], Signal], strength: float, seeds: int) -> dict[str, int]:
    """Return how many seeds have a pattern of any grade, and how many a clear one."""
    grades = [make(np.random.default_rng(seed), strength).grade for seed in range(seeds)]
    return {"any": sum(each != "none" for each in grades), "clear": grades.count("clear")}


def main(seeds: int) -> None:
    """Print power and false alarms."""
    for name, (make, strength) in PLANTED.items():
        print(f"{name:45} seen in {graded(make, strength, seeds)} of {seeds}")
    for name, make in QUIET.items():
        print(f"nothing planted, {name:28} seen in {graded(make, 0.0, seeds)} of {seeds}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2] or ("200",)))
